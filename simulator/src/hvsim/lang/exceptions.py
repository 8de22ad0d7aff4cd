# SPDX-License-Identifier: GPL-3.0-or-later
"""Which exception types derive from which, as far as the parser must know to find catch clauses that cannot run."""

from __future__ import annotations

_TREE = """
System.Exception
 System.SystemException
  System.ArgumentException
   System.ArgumentNullException
   System.ArgumentOutOfRangeException
   System.DuplicateWaitObjectException
   System.Text.DecoderFallbackException
   System.Text.EncoderFallbackException
   System.Globalization.CultureNotFoundException
  System.ArithmeticException
   System.DivideByZeroException
   System.NotFiniteNumberException
   System.OverflowException
  System.ArrayTypeMismatchException
  System.FormatException
   System.IO.FileFormatException
   System.UriFormatException
   System.Net.CookieException
  System.IndexOutOfRangeException
  System.InvalidCastException
  System.InvalidOperationException
   System.ObjectDisposedException
   System.Net.WebException
   System.Net.ProtocolViolationException
   System.Management.Automation.PSInvalidOperationException
  System.InvalidProgramException
  System.IO.IOException
   System.IO.DirectoryNotFoundException
   System.IO.DriveNotFoundException
   System.IO.EndOfStreamException
   System.IO.FileLoadException
   System.IO.FileNotFoundException
   System.IO.PathTooLongException
  System.Collections.Generic.KeyNotFoundException
  System.NotImplementedException
   System.Management.Automation.PSNotImplementedException
  System.NotSupportedException
   System.PlatformNotSupportedException
   System.Management.Automation.PSNotSupportedException
  System.NullReferenceException
  System.OutOfMemoryException
  System.OperationCanceledException
   System.Threading.Tasks.TaskCanceledException
  System.RankException
  System.StackOverflowException
  System.TimeoutException
  System.UnauthorizedAccessException
  System.Runtime.InteropServices.ExternalException
   System.Runtime.InteropServices.COMException
   System.ComponentModel.Win32Exception
    System.Net.Sockets.SocketException
  System.Security.SecurityException
  System.Security.Authentication.AuthenticationException
  System.Xml.XmlException
  System.Management.Automation.RuntimeException
   System.Management.Automation.ActionPreferenceStopException
   System.Management.Automation.CmdletInvocationException
   System.Management.Automation.CmdletProviderInvocationException
   System.Management.Automation.CommandNotFoundException
   System.Management.Automation.ExtendedTypeSystemException
    System.Management.Automation.GetValueException
    System.Management.Automation.MethodException
     System.Management.Automation.MethodInvocationException
    System.Management.Automation.SetValueException
     System.Management.Automation.SetValueInvocationException
   System.Management.Automation.MetadataException
    System.Management.Automation.ArgumentTransformationMetadataException
    System.Management.Automation.ValidationMetadataException
   System.Management.Automation.ParameterBindingException
   System.Management.Automation.ParseException
    System.Management.Automation.IncompleteParseException
   System.Management.Automation.PipelineStoppedException
   System.Management.Automation.ProviderInvocationException
   System.Management.Automation.RemoteException
   System.Management.Automation.ScriptCallDepthException
   System.Management.Automation.SessionStateException
    System.Management.Automation.DriveNotFoundException
    System.Management.Automation.ItemNotFoundException
    System.Management.Automation.ProviderNotFoundException
   System.Management.Automation.WildcardPatternException
 System.AggregateException
 System.ApplicationException
 System.Net.Http.HttpRequestException
 System.Management.Automation.HostException
"""


def _bases() -> dict[str, str]:
    path: list[str] = []
    bases: dict[str, str] = {}
    for line in _TREE.strip().splitlines():
        depth = len(line) - len(line.lstrip())
        del path[depth:]
        bases[line.strip()] = path[-1] if path else ""
        path.append(line.strip())
    return bases


_BASES = _bases()
_NAMES = {name.lower(): name for name in _BASES}


def exception_type(name: str) -> str | None:
    """The full name of an exception type; None if it is not known here."""
    return _NAMES.get(name.lower()) or _NAMES.get("system." + name.lower())


def is_subclass(derived: str, base: str) -> bool:
    """Whether one known type is, or derives from, the other."""
    while derived and derived != base:
        derived = _BASES[derived]
    return derived == base
