# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of exceptions, and their constructors with .NET's default messages."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.collections import ListDictionaryInternal
from hvsim.runtime import types
from hvsim.runtime.errors import ErrorRecord, NetException, net_error
from hvsim.runtime.interpreter.errors import own_record
from hvsim.runtime.members import constructor, getter, method, setter
from hvsim.runtime.objects import property_order
from hvsim.runtime.types import NetType

_EXCEPTION = "System.Exception"
_RUNTIME = "System.Management.Automation.RuntimeException"

property_order(
    _EXCEPTION, "TargetSite", "Message", "Data", "InnerException", "HelpLink", "Source", "HResult", "StackTrace"
)

# HRESULTs that scripts look at; the rest is COR_E_EXCEPTION.
_HRESULTS = {
    "System.Exception": 0x80131500,
    "System.SystemException": 0x80131501,
    "System.ArgumentException": 0x80070057,
    "System.ArgumentNullException": 0x80004003,
    "System.ArgumentOutOfRangeException": 0x80131502,
    "System.ArithmeticException": 0x80070216,
    "System.ArrayTypeMismatchException": 0x80131503,
    "System.DivideByZeroException": 0x80020012,
    "System.FormatException": 0x80131537,
    "System.IndexOutOfRangeException": 0x80131508,
    "System.InvalidCastException": 0x80004002,
    "System.InvalidOperationException": 0x80131509,
    "System.NotImplementedException": 0x80004001,
    "System.NotSupportedException": 0x80131515,
    "System.NullReferenceException": 0x80004003,
    "System.OutOfMemoryException": 0x8007000E,
    "System.OverflowException": 0x80131516,
    "System.TimeoutException": 0x80131505,
    "System.UnauthorizedAccessException": 0x80070005,
    "System.IO.IOException": 0x80131620,
    "System.IO.FileNotFoundException": 0x80070002,
    "System.IO.DirectoryNotFoundException": 0x80070003,
    "System.Management.Automation.RuntimeException": 0x80131501,
}

_DEFAULT_MESSAGES = {
    "System.SystemException": "System error.",
    "System.ApplicationException": "Error in the application.",
    "System.ArgumentException": "Value does not fall within the expected range.",
    "System.ArgumentNullException": "Value cannot be null.",
    "System.ArgumentOutOfRangeException": "Specified argument was out of the range of valid values.",
    "System.ArithmeticException": "Overflow or underflow in the arithmetic operation.",
    "System.DivideByZeroException": "Attempted to divide by zero.",
    "System.FormatException": "One of the identified items was in an invalid format.",
    "System.IndexOutOfRangeException": "Index was outside the bounds of the array.",
    "System.InvalidCastException": "Specified cast is not valid.",
    "System.InvalidOperationException": "Operation is not valid due to the current state of the object.",
    "System.NotImplementedException": "The method or operation is not implemented.",
    "System.NotSupportedException": "Specified method is not supported.",
    "System.NullReferenceException": "Object reference not set to an instance of an object.",
    "System.OverflowException": "Arithmetic operation resulted in an overflow.",
    "System.OutOfMemoryException": "Insufficient memory to continue the execution of the program.",
    "System.TimeoutException": "The operation has timed out.",
    "System.UnauthorizedAccessException": "Attempted to perform an unauthorized operation.",
    "System.OperationCanceledException": "The operation was canceled.",
    "System.IO.IOException": "I/O error occurred.",
    "System.IO.FileNotFoundException": "Unable to find the specified file.",
    "System.IO.DirectoryNotFoundException": "Attempted to access a path that is not on the disk.",
    "System.IO.EndOfStreamException": "Attempted to read past the end of the stream.",
    "System.Collections.Generic.KeyNotFoundException": "The given key was not present in the dictionary.",
    "System.Security.SecurityException": "Security error.",
    "System.AggregateException": "One or more errors occurred.",
}

_CONSTRUCTORS = ["()", "(string)", "(string, System.Exception)"]


def default_message(full_name: str) -> str:
    """What ``new T().Message`` says."""
    known = _DEFAULT_MESSAGES.get(full_name)
    return known if known is not None else f"Exception of type '{full_name}' was thrown."


def _with_parameter(message: str, parameter: str | None) -> str:
    return f"{message} (Parameter '{parameter}')" if parameter else message


@constructor(_EXCEPTION, overloads=_CONSTRUCTORS)
def _new_exception(net_type: NetType, message: str | None = None, inner: NetException | None = None) -> NetException:
    name = net_type.full_name
    return NetException(name, default_message(name) if message is None else message, inner)


@constructor("System.IO.IOException", overloads=[*_CONSTRUCTORS, "(string, int)"])
def _new_io_exception(net_type: NetType, message: str | None = None, second: Any = None) -> NetException:
    if not isinstance(second, int):
        return _new_exception(net_type, message, second)
    made = _new_exception(net_type, message)
    made.fields["HResult"] = second
    return made


@constructor(
    "System.ArgumentException", overloads=[*_CONSTRUCTORS, "(string, string)", "(string, string, System.Exception)"]
)
def _new_argument_exception(net_type: NetType, *args: Any) -> NetException:
    name = net_type.full_name
    texts = [a for a in args if isinstance(a, str)]
    inner = next((a for a in args if isinstance(a, NetException)), None)
    parameter = texts[1] if len(texts) > 1 else None
    message = _with_parameter(texts[0] if texts else default_message(name), parameter)
    return NetException(name, message, inner, {"ParamName": parameter})


@constructor(
    "System.ArgumentNullException", overloads=["()", "(string)", "(string, System.Exception)", "(string, string)"]
)
def _new_argument_null(net_type: NetType, *args: Any) -> NetException:
    name = net_type.full_name
    if len(args) == 2 and isinstance(args[1], NetException):
        return NetException(name, args[0], args[1], {"ParamName": None})
    parameter = args[0] if args else None
    message = args[1] if len(args) > 1 and args[1] is not None else default_message(name)
    return NetException(name, _with_parameter(message, parameter), None, {"ParamName": parameter})


@constructor(
    "System.ArgumentOutOfRangeException",
    overloads=["()", "(string)", "(string, System.Exception)", "(string, string)", "(string, System.Object, string)"],
    context=True,
)
def _new_out_of_range(ctx: Any, net_type: NetType, *args: Any) -> NetException:
    if len(args) == 3:
        from hvsim.runtime import convert

        parameter, value, message = args
        text = f"{_with_parameter(message or default_message(net_type.full_name), parameter)}"
        if value is not None:
            text += f"\nActual value was {convert.net_string(ctx, value)}."
        return NetException(net_type.full_name, text, None, {"ParamName": parameter, "ActualValue": value})
    made = _new_argument_null(net_type, *args)
    made.fields.setdefault("ActualValue", None)
    return made


@constructor(
    "System.AggregateException",
    overloads=["()", "(string)", "(string, System.Exception)", "(params System.Exception[])", "(string, params System.Exception[])"],
)
def _new_aggregate(net_type: NetType, *args: Any) -> NetException:
    message = next((a for a in args if isinstance(a, str)), default_message(net_type.full_name))
    inners: list[NetException] = []
    if any(None in a for a in args if isinstance(a, list)):
        raise net_error("System.ArgumentException", "An element of innerExceptions was null.")
    for argument in args:
        if isinstance(argument, NetException):
            inners.append(argument)
        elif isinstance(argument, list):
            inners.extend(argument)
    text = message + "".join(f" ({i.message})" for i in inners)
    from hvsim.runtime.collections import ReadOnlyCollection

    inner_list = ReadOnlyCollection(inners, types.get(_EXCEPTION))
    return NetException(net_type.full_name, text, inners[0] if inners else None, {"InnerExceptions": inner_list})


@constructor(
    "System.IO.FileNotFoundException",
    overloads=[*_CONSTRUCTORS, "(string, string)", "(string, string, System.Exception)"],
)
def _new_file_not_found(net_type: NetType, *args: Any) -> NetException:
    texts = [a for a in args if isinstance(a, str)]
    inner = next((a for a in args if isinstance(a, NetException)), None)
    fields = {"FileName": texts[1] if len(texts) > 1 else None, "FusionLog": None}
    return NetException(net_type.full_name, texts[0] if texts else default_message(net_type.full_name), inner, fields)


@constructor("System.ObjectDisposedException", overloads=["(string)", "(string, System.Exception)", "(string, string)"])
def _new_disposed(net_type: NetType, name: str, message: Any = None) -> NetException:
    if isinstance(message, NetException):
        return NetException(net_type.full_name, name, message, {"ObjectName": ""})
    text = message or "Cannot access a disposed object."
    return NetException(net_type.full_name, f"{text}\nObject name: '{name}'.", None, {"ObjectName": name})


@constructor("System.ComponentModel.Win32Exception", overloads=["()", "(int)", "(int, string)", "(string)"])
def _new_win32(net_type: NetType, *args: Any) -> NetException:
    code = next((a for a in args if isinstance(a, int)), 0)
    text = next((a for a in args if isinstance(a, str)), None)
    return NetException(net_type.full_name, text or f"Unknown error {code}", None, {"NativeErrorCode": code})


@constructor(
    _RUNTIME,
    overloads=[*_CONSTRUCTORS, "(string, System.Exception, System.Management.Automation.ErrorRecord)"],
)
def _new_runtime(
    net_type: NetType, message: str | None = None, inner: NetException | None = None, record: Any = None
) -> NetException:
    made = _new_exception(net_type, message, inner)
    made.error_record = record
    return made


def _register_plain_constructors() -> None:
    """The usual three constructors for every exception type that has none of its own above."""
    for full_name in (*_DEFAULT_MESSAGES, *_PLAIN):
        if full_name not in _OWN_CONSTRUCTORS:
            constructor(full_name, overloads=_CONSTRUCTORS)(_new_exception)


_OWN_CONSTRUCTORS = frozenset(
    (
        _EXCEPTION,
        "System.ArgumentException",
        "System.ArgumentNullException",
        "System.ArgumentOutOfRangeException",
        "System.AggregateException",
        "System.IO.FileNotFoundException",
        "System.IO.IOException",
        "System.ObjectDisposedException",
        "System.ComponentModel.Win32Exception",
        _RUNTIME,
    )
)
_PLAIN = (
    "System.SystemException",
    "System.ApplicationException",
    "System.FormatException",
    "System.RankException",
    "System.StackOverflowException",
    "System.TypeLoadException",
    "System.UriFormatException",
    "System.IO.InvalidDataException",
    "System.IO.PathTooLongException",
    "System.IO.DriveNotFoundException",
    "System.Net.WebException",
    "System.Threading.ThreadAbortException",
    "System.Threading.Tasks.TaskCanceledException",
    "System.Xml.XmlException",
    "System.Runtime.InteropServices.COMException",
    "System.Runtime.InteropServices.ExternalException",
    "System.Security.Authentication.AuthenticationException",
    "System.Security.Cryptography.CryptographicException",
    "System.Management.Automation.ItemNotFoundException",
    "System.Management.Automation.PSInvalidOperationException",
    "System.Management.Automation.PSNotSupportedException",
    "System.Management.Automation.PSArgumentException",
    "System.Management.Automation.ValidationMetadataException",
    "System.Management.Automation.MethodInvocationException",
    "System.Management.Automation.CommandNotFoundException",
)
_register_plain_constructors()


# --- members ------------------------------------------------------------------------------------------------------


@getter(_EXCEPTION, "Message")
def _message(self: NetException) -> str:
    return self.message


@getter(_EXCEPTION, "InnerException")
def _inner(self: NetException) -> NetException | None:
    return self.inner


@getter(_EXCEPTION, "Data")
def _data(self: NetException) -> Any:
    if self.data is None:
        self.data = ListDictionaryInternal(ignore_case=False)
    return self.data


@getter(_EXCEPTION, "HResult")
def _hresult(self: NetException) -> int:
    own = self.fields.get("HResult")
    if own is not None:
        return int(own)
    for level in types.exception_type(self.kind).hierarchy():
        code = _HRESULTS.get(level.full_name)
        if code is not None:
            return code - (1 << 32)
    return _HRESULTS[_EXCEPTION] - (1 << 32)


@setter(_EXCEPTION, "HResult")
def _set_hresult(self: NetException, value: int) -> None:
    self.fields["HResult"] = value


@getter(_EXCEPTION, "HelpLink")
def _help_link(self: NetException) -> str | None:
    return self.fields.get("HelpLink")


@setter(_EXCEPTION, "HelpLink")
def _set_help_link(self: NetException, value: str) -> None:
    self.fields["HelpLink"] = value


@getter(_EXCEPTION, "Source")
def _source(self: NetException) -> str | None:
    return self.fields.get("Source")


@setter(_EXCEPTION, "Source")
def _set_source(self: NetException, value: str) -> None:
    self.fields["Source"] = value


@getter(_EXCEPTION, "StackTrace")
def _stack_trace(self: NetException) -> str | None:
    return self.fields.get("StackTrace")


@getter(_EXCEPTION, "TargetSite")
def _target_site(self: NetException) -> Any:
    return None


@method(_EXCEPTION, "GetBaseException")
def _base_exception(self: NetException) -> NetException:
    found = self
    while found.inner is not None:
        found = found.inner
    return found


@method(_EXCEPTION, "ToString")
def _exception_text(self: NetException) -> str:
    text = f"{self.kind}: {self.message}" if self.message else self.kind
    if self.inner is not None:
        text += f"\n ---> {_exception_text(self.inner)}\n   --- End of inner exception stack trace ---"
    trace = self.fields.get("StackTrace")
    return f"{text}\n{trace}" if trace else text


_CATEGORY = "System.Management.Automation.SessionStateCategory"
_CATEGORY_NAMES = ("Variable", "Alias", "Function", "Filter", "Drive", "CmdletProvider", "Scope", "Command", "Resource", "Cmdlet")
types.register(NetType(_CATEGORY, "System.Enum", kind="e", enum_members={name: i for i, name in enumerate(_CATEGORY_NAMES)}))


def _field(type_name: str, name: str, type_text: str, default: Any = None) -> None:
    getter(type_name, name, type=type_text)(lambda self: self.fields.get(name, default))


for _owner, _name, _kind, *_default in (
    ("System.ArgumentException", "ParamName", "string"),
    ("System.ArgumentOutOfRangeException", "ActualValue", "System.Object"),
    ("System.AggregateException", "InnerExceptions", "System.Object"),
    ("System.IO.FileNotFoundException", "FileName", "string"),
    ("System.IO.FileNotFoundException", "FusionLog", "string"),
    ("System.ObjectDisposedException", "ObjectName", "string"),
    ("System.ComponentModel.Win32Exception", "NativeErrorCode", "int"),
    ("System.Management.Automation.ParameterBindingException", "ParameterName", "string"),
    ("System.Management.Automation.ParameterBindingException", "ParameterType", "type"),
    ("System.Management.Automation.ParameterBindingException", "TypeSpecified", "type"),
    ("System.Management.Automation.ParameterBindingException", "ErrorId", "string"),
    ("System.Management.Automation.ParameterBindingException", "Line", "long"),
    ("System.Management.Automation.ParameterBindingException", "Offset", "long"),
    ("System.Management.Automation.ParameterBindingException", "CommandInvocation", "System.Object"),
    ("System.Management.Automation.CommandNotFoundException", "CommandName", "string", ""),
    ("System.Management.Automation.ParseException", "Errors", "System.Object"),
    ("System.Management.Automation.RemoteException", "SerializedRemoteException", "psobject"),
    ("System.Management.Automation.RemoteException", "SerializedRemoteInvocationInfo", "psobject"),
    ("System.Text.RegularExpressions.RegexParseException", "Offset", "int"),
    ("System.Text.RegularExpressions.RegexParseException", "Error", "System.Object"),
    ("System.TypeInitializationException", "TypeName", "string"),
    ("System.Xml.XmlException", "LineNumber", "int"),
    ("System.Xml.XmlException", "LinePosition", "int"),
):
    _field(_owner, _name, _kind, *_default)

_CATEGORIES = {"ItemNotFoundException": "Drive", "DriveNotFoundException": "Drive", "ProviderNotFoundException": "CmdletProvider"}


@getter("System.Management.Automation.SessionStateException", "ItemName", type="string")
def _item_name(self: NetException) -> Any:
    """What its own record has for target (``SessionStateException.ErrorRecord``)."""
    record = self.error_record
    return self.fields.get("ItemName", None if record is None else record.target)


@getter("System.Management.Automation.SessionStateException", "SessionStateCategory", type=_CATEGORY)
def _session_state_category(self: NetException) -> Any:
    category = _CATEGORIES.get(self.kind.rpartition(".")[2])
    if category is None:
        raise Unsupported(f"{self.kind}.SessionStateCategory")
    return types.enum(_CATEGORY, category)


_HOLDER = "System.Management.Automation.IContainsErrorRecord"
#: How the engine's kinds of .NET exceptions name themselves, with the category.
_OWN_IDS = {
    "PSInvalidOperationException": ("InvalidOperation", "InvalidOperation"),
    "PSArgumentException": ("Argument", "InvalidArgument"),
    "PSArgumentNullException": ("ArgumentNull", "InvalidArgument"),
    "PSArgumentOutOfRangeException": ("ArgumentOutOfRange", "InvalidArgument"),
    "PSNotImplementedException": ("NotImplemented", "NotImplemented"),
    "PSNotSupportedException": ("NotSupported", "NotImplemented"),
    "PSObjectDisposedException": ("ObjectDisposed", "InvalidOperation"),
}


@getter(_HOLDER, "ErrorRecord", type="System.Management.Automation.ErrorRecord")
def _error_record(self: NetException) -> ErrorRecord:
    if self.error_record is None:
        parent = NetException("System.Management.Automation.ParentContainsErrorRecordException", self.message)
        name = self.kind.rpartition(".")[2]
        if self.fields.get("ErrorId"):
            self.error_record = ErrorRecord(parent, self.fields["ErrorId"])
        elif name in _OWN_IDS:
            self.error_record = ErrorRecord(parent, *_OWN_IDS[name])
        else:
            self.error_record = ErrorRecord(parent, *own_record(self))
    return self.error_record


@getter(_RUNTIME, "WasThrownFromThrowStatement", type="bool")
def _from_throw(self: NetException) -> bool:
    return bool(self.fields.get("WasThrownFromThrowStatement", False))


@setter(_RUNTIME, "WasThrownFromThrowStatement")
def _set_from_throw(self: NetException, value: bool) -> None:
    self.fields["WasThrownFromThrowStatement"] = value


