# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell utilities of ansible-core that are not interpreted: what stands in their place, by name.

They compile C# or call Windows; here the disk has no links, every privilege is enabled and a C# class is one that hvsim knows.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.library.ansible.converters import from_json
from hvsim.runtime import types
from hvsim.runtime.members import constructor, getter, method, setter, static_method
from hvsim.runtime.types import net_class
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

_CSHARP = "Hvsim.CSharp"
_NAMESPACE = re.compile(r"^\s*namespace\s+([\w.]+)", re.M)
_CLASS = re.compile(r"\bpublic\s+(?:static\s+|sealed\s+)*class\s+(\w+)")

_ADD_TYPE = """
Function Add-CSharpType {
    param(
        [Parameter(Mandatory = $true)][AllowEmptyCollection()][String[]]$References,
        [Switch]$IgnoreWarnings, [Switch]$PassThru, [Object]$AnsibleModule, [String]$TempPath,
        [Switch]$IncludeDebugInfo, [String[]]$CompileSymbols
    )
    foreach ($reference in $References) { [Hvsim.CSharp]::Require($reference) }
}
Export-ModuleMember -Function Add-CSharpType
"""
_FILE_UTIL = """
Function Test-AnsiblePath {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    if ($Path -notmatch '^([A-Za-z]:|\\\\\\\\|[^:]*$)') { return Test-Path -Path $Path }
    try { $attributes = [System.IO.File]::GetAttributes($Path) }
    catch [System.IO.FileNotFoundException], [System.IO.DirectoryNotFoundException] { return $false }
    return [int]$attributes -ne -1
}
Function Get-AnsibleItem {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Path)
    try { $null = [System.IO.File]::GetAttributes($Path) }
    catch {
        if ($ErrorActionPreference -ne 'SilentlyContinue') { throw $_ }
        return $null
    }
    Get-Item -LiteralPath $Path -Force
}
Export-ModuleMember -Function Test-AnsiblePath, Get-AnsibleItem
"""
_LINK_UTIL = """
Function Load-LinkUtils { }
Function Get-Link($link_path) { }
Function Remove-Link($link_path) { [Hvsim.CSharp]::Refuse('Remove-Link (the simulated disk has no links)') }
Function New-Link($link_path, $link_target, $link_type) { [Hvsim.CSharp]::Refuse('New-Link (the simulated disk has no links)') }
Export-ModuleMember -Alias * -Function * -Cmdlet *
"""
_PRIVILEGE_UTIL = """
Function Get-AnsiblePrivilege {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][String]$Name)
    $true
}
Function Set-AnsiblePrivilege {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory = $true)][String]$Name, [Parameter(Mandatory = $true)][bool]$Value)
}
Export-ModuleMember -Function Get-AnsiblePrivilege, Set-AnsiblePrivilege
"""

#: name of the utility -> PowerShell that is imported instead of it.
UTILITIES: dict[str, str] = {
    "Ansible.ModuleUtils.AddType": _ADD_TYPE,
    "Ansible.ModuleUtils.FileUtil": _FILE_UTIL,
    "Ansible.ModuleUtils.LinkUtil": _LINK_UTIL,
    "Ansible.ModuleUtils.PrivilegeUtil": _PRIVILEGE_UTIL,
}


@net_class(_CSHARP)
class CSharp(NetObject):
    """What the texts above call."""

    __slots__ = ()
    NET: ClassVar[str] = _CSHARP


@static_method(_CSHARP, "Require", overloads=["(string) -> void"])
def _require(source: str) -> Any:
    """Compiles nothing: the classes of *source* must be among those that hvsim has.

    Raises:
        Unsupported: one is not.
    """
    text = from_utf16(source or "")
    namespace = _NAMESPACE.search(text)
    prefix = f"{namespace[1]}." if namespace else ""
    for name in _CLASS.findall(text):
        if types.find(prefix + name) is None:
            raise Unsupported(f"C# class {prefix}{name}")
    return AUTOMATION_NULL


@static_method(_CSHARP, "Refuse", overloads=["(string) -> void"])
def _refuse(what: str) -> Any:
    raise Unsupported(from_utf16(what))


# ---- C# classes of modules ---------------------------------------------------------------------------------------------

_SYMLINK_HELPER = "Ansible.Command.SymLinkHelper"


@net_class(_SYMLINK_HELPER)
class SymLinkHelper(NetObject):
    """``win_file`` deletes links with it, of which there are none here."""

    __slots__ = ()
    NET: ClassVar[str] = _SYMLINK_HELPER


@static_method(_SYMLINK_HELPER, "DeleteDirectory", overloads=["(string) -> void"])
@static_method(_SYMLINK_HELPER, "DeleteFile", overloads=["(string) -> void"])
def _delete_link(_path: str) -> Any:
    raise Unsupported("links on the simulated disk")


# ---- .NET Framework, as old versions of async_status use it ------------------------------------------------------------

_SERIALIZER = "System.Web.Script.Serialization.JavaScriptSerializer"


@net_class(_SERIALIZER)
class JavaScriptSerializer(NetObject):
    """Reads JSON; the length that it accepts is not limited."""

    __slots__ = ("length",)
    NET: ClassVar[str] = _SERIALIZER

    def __init__(self) -> None:
        self.length = 2_097_152


@constructor(_SERIALIZER, overloads=["()"])
def _new_serializer(_type: Any) -> JavaScriptSerializer:
    return JavaScriptSerializer()


@getter(_SERIALIZER, "MaxJsonLength", type="int")
def _max_length(self: JavaScriptSerializer) -> int:
    return self.length


@setter(_SERIALIZER, "MaxJsonLength")
def _set_max_length(self: JavaScriptSerializer, value: int) -> None:
    self.length = value


@method(_SERIALIZER, "DeserializeObject", overloads=["(string) -> System.Object"], context=True)
def _deserialize(ctx: Any, self: JavaScriptSerializer, text: str) -> Any:
    return from_json(ctx, text)
