# SPDX-License-Identifier: GPL-3.0-or-later
"""RegistryKey, Registry and the ItemProperty cmdlets, as .NET and the registry and file system providers have them."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Runspace
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.objects import unwrap

_T = r"HKLM:\SOFTWARE\T"
_NAME = r"HKEY_LOCAL_MACHINE\SOFTWARE\T"


@pytest.fixture
def shell() -> Runspace:
    made = new_runspace(Session(Host("HV01"), "Administrator"))
    made.run(rf"$null = New-Item {_T}, {_T}2; $lm = [Microsoft.Win32.Registry]::LocalMachine; $t = $lm.OpenSubKey('SOFTWARE\T', $true)")
    return made


def error(shell: Runspace, script: str) -> tuple[str, str, Any, str]:
    """(id without the namespace, category, target, message) of the one error; a terminating one's id ends with ``!``."""
    result = shell.run(f"try {{ {script} }} catch {{ $_ }}")
    caught = [r for r in result.output if isinstance(r, ErrorRecord)]
    (record,) = [*result.errors, *caught]
    target = record.target if isinstance(record.target, str) else None
    name = record.fully_qualified_error_id.replace("Microsoft.PowerShell.Commands.", "")
    return name + ("!" if caught else ""), record.category, target, record.message


def thrown(shell: Runspace, script: str) -> str:
    """``type: message`` of what a method throws."""
    (text,) = out(shell, f"try {{ {script} }} catch {{ $e = $_.Exception.InnerException; \"$($e.GetType().Name): $($e.Message)\" }}")
    return text


def out(shell: Runspace, script: str) -> list[str]:
    result = shell.run(script)
    assert not result.errors and result.terminating is None, result.errors
    return [str(unwrap(v)) for v in result.output]


def test_registry_get_and_set_value(shell: Runspace) -> None:
    script = r"""
    $r = [Microsoft.Win32.Registry]
    $r::SetValue('hkey_local_machine\SOFTWARE\New\Deep', 'n', 7); $r::SetValue('HKEY_LOCAL_MACHINE\SOFTWARE\New\Deep', '', '%windir%', 'ExpandString')
    $r::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\New\Deep', 'n', 0); $r::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\New\Deep', '', 0)
    $r::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\New\Deep', 'none', 'default')
    $null -eq $r::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\Never', 'none', 'default')
    """
    assert out(shell, script) == ["7", r"C:\Windows", "default", "True"]
    assert thrown(shell, r"[Microsoft.Win32.Registry]::GetValue('HKLM\SOFTWARE', 'x', 0)") == (
        "ArgumentException: Registry key name must start with a valid base key name.\r\nParameter name: keyName"
    )
    with pytest.raises(Unsupported, match="HKEY_USERS"):
        shell.run(r"[Microsoft.Win32.Registry]::GetValue('HKEY_USERS\x', 'x', 0)")


@pytest.mark.parametrize(
    "change",
    ["SetValue('x', 1)", "DeleteValue('x')", "CreateSubKey('x')", "DeleteSubKey('x')", "DeleteSubKeyTree('x')"],
)
@pytest.mark.parametrize("key", [r"$lm.OpenSubKey('SOFTWARE\T')", f"(Get-Item {_T})", r"$lm.CreateSubKey('SOFTWARE\T', $false)"])
def test_a_key_that_was_opened_for_reading(shell: Runspace, key: str, change: str) -> None:
    assert thrown(shell, f"{key}.{change}") == "UnauthorizedAccessException: Cannot write to the registry key."


def test_keys_that_can_be_written(shell: Runspace) -> None:
    script = rf"""
    (New-Item {_T}\a).SetValue('x', 1); $lm.CreateSubKey('SOFTWARE\T\b').SetValue('x', 2)
    $lm.OpenSubKey('SOFTWARE\T\b', 'ReadWriteSubTree').SetValue('y', 3)
    [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Default').OpenSubKey('SOFTWARE\T\b').GetValueNames() -join ' '
    $t.GetSubKeyNames() -join ' '; $t.DeleteSubKeyTree('b'); $t.DeleteSubKey('none', $false); $t.SubKeyCount
    """
    assert out(shell, script) == ["x y", "a b", "1"]


def test_a_value_without_a_kind_becomes_text_unless_it_is_an_int32(shell: Runspace) -> None:
    script = """
    $t.SetValue('i', 5); $t.SetValue('l', [long]5); $t.SetValue('m', [string[]]('a', 'b')); $t.SetValue('b', [byte[]](1, 2))
    foreach ($n in $t.GetValueNames()) { "$n $($t.GetValueKind($n)) $($t.GetValue($n))" }
    """
    assert out(shell, script) == ["i DWord 5", "l String 5", "m MultiString a b", "b Binary 1 2"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$t.SetValue('x', @(1, 2))",
         "ArgumentException: RegistryKey.SetValue does not support arrays of type 'Object[]'. Only Byte[] and String[] are supported."),
        ("$t.SetValue('x', 'text', 'DWord')",
         "ArgumentException: The type of the value object did not match the specified RegistryValueKind or the object could not be "
         "properly converted."),
        ("$t.SetValue('x', $null)", "ArgumentNullException: Value cannot be null.\r\nParameter name: value"),
        ("$t.DeleteValue('none')", "ArgumentException: No value exists with that name."),
        ("$t.GetValueKind('none')", "IOException: The specified registry key does not exist."),
        ("$t.DeleteSubKey('none')", "ArgumentException: Cannot delete a subkey because the subkey does not exist."),
        ("$t.Close(); $t.GetValue('x')",
         rf"ObjectDisposedException: Cannot access a closed registry key.{chr(13)}{chr(10)}Object name: '{_NAME}'."),
    ],
)  # fmt: skip
def test_what_a_key_refuses(shell: Runspace, script: str, expected: str) -> None:
    assert thrown(shell, script) == expected


def test_base_keys_stay_open(shell: Runspace) -> None:
    assert out(shell, "$lm.Close(); $lm.OpenSubKey('SOFTWARE').Name") == [r"HKEY_LOCAL_MACHINE\SOFTWARE"]


def test_big_numbers_are_unsigned_to_the_provider_alone(shell: Runspace) -> None:
    script = rf"""
    (New-ItemProperty {_T} d -Value 4294967295 -PropertyType DWord).d; (Get-ItemProperty {_T}).d.GetType().Name
    Set-ItemProperty {_T} q ([uint64]18446744073709551615) -Type QWord; Get-ItemPropertyValue {_T} q; $t.GetValue('d'); $t.GetValue('q')
    """
    assert out(shell, f"& {{ {script} }} | ForEach-Object {{ \"$_\" }}") == ["4294967295", "UInt32", "18446744073709551615", "-1", "-1"]


def test_a_value_that_does_not_fit_its_kind_changes_the_kind(shell: Runspace) -> None:
    script = f"Set-ItemProperty {_T} v 5; Set-ItemProperty {_T} v '6'; \"$($t.GetValueKind('v'))\"; Set-ItemProperty {_T} v six; "
    assert out(shell, script + "\"$($t.GetValueKind('v'))\"") == ["DWord", "String"]


_DYNAMIC = "Cannot use interface. The IDynamicPropertyCmdletProvider interface is not implemented by this provider."
_CAST = 'Cannot convert value "x" to type "System.UInt32". Error: "Input string was not in a correct format."'


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"Get-ItemPropertyValue {_T} none",
         ("Argument,GetItemPropertyValueCommand!", "InvalidArgument", None, f"Property none does not exist at path {_NAME}.")),
        (f"Get-ItemProperty {_T} none", ("System.Management.Automation.PSArgumentException,GetItemPropertyCommand", "InvalidArgument", "none",
                                         f"Property none does not exist at path {_NAME}.")),
        (f"Set-ItemProperty {_T} d x -Type DWord",
         ("System.Management.Automation.PSInvalidCastException,SetItemPropertyCommand", "WriteError", _NAME, _CAST)),
        (f"New-ItemProperty {_T} a -Value 1, 2",
         ("System.ArgumentException,NewItemPropertyCommand", "WriteError", _NAME,
          "RegistryKey.SetValue does not support arrays of type 'Object[]'. Only Byte[] and String[] are supported.")),
        (f"Rename-Item {_T} T2", ("System.Management.Automation.PSArgumentException,RenameItemCommand", "InvalidArgument", "T2",
                                  "The item cannot be renamed because an item with that name already exists in the same container.")),
        (rf"Copy-Item {_T} {_T}\x -Recurse",
         ("System.ArgumentException,CopyItemCommand", "InvalidArgument", rf"{_NAME}\x",
          "The operation cannot be performed because the destination path is subordinate to the source path.")),
        ("Get-ItemProperty env:PATH x", ("NotSupported,GetItemPropertyCommand", "NotImplemented", None,
                                         "Cannot use interface. The IPropertyCmdletProvider interface is not supported by this provider.")),
        (r"Get-ItemProperty C:\Windows none", ("GetValueError,GetItemPropertyCommand", "ReadError", "none",
                                               "The property none does not exist or was not found.")),
        (r"Get-ItemPropertyValue C:\Windows none", ("System.IO.IOException,GetItemPropertyValueCommand!", "NotSpecified", None,
                                                    "The property none does not exist or was not found.")),
        (r"Set-ItemProperty C:\Windows none 1", ("SetPropertyError,SetItemPropertyCommand", "ReadError", None,
                                                 "The property int none=1 does not exist or was not found.")),
        (r"Set-ItemProperty C:\Windows Attributes Compressed",
         ("SetPropertyError,SetItemPropertyCommand", "ReadError", None,
          "The attribute cannot be set because attributes are not supported. Only the following attributes can be set: Archive, Hidden, "
          "Normal, ReadOnly, or System.")),
        (r"Clear-ItemProperty C:\Windows Name", ("Argument,ClearItemPropertyCommand!", "InvalidArgument", None,
                                                 "The property cannot be cleared because the property is not supported. Only the "
                                                 "Attributes property can be cleared.")),
        (r"New-ItemProperty C:\Windows x", ("NotSupported,NewItemPropertyCommand", "NotImplemented", None, _DYNAMIC)),
        (r"Remove-ItemProperty C:\Windows x", ("NotSupported,RemoveItemPropertyCommand", "NotImplemented", None, _DYNAMIC)),
        (r"Rename-ItemProperty C:\Windows x y", ("NotSupported,RenameItemPropertyCommand", "NotImplemented", None, _DYNAMIC)),
    ],
)  # fmt: skip
def test_errors_of_properties(shell: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert error(shell, script) == expected


def test_attributes_are_cleared(shell: Runspace) -> None:
    script = r"""
    $null = New-Item C:\f; Set-ItemProperty C:\f Attributes 'ReadOnly, Hidden'; Clear-ItemProperty C:\f Attributes
    "$((Get-Item C:\f).Attributes)"
    """
    assert out(shell, script) == ["Normal"]
