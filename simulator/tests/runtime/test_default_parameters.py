# SPDX-License-Identifier: GPL-3.0-or-later
"""``$PSDefaultParameterValues`` checks its keys, ``$PSSessionOption`` is there."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.conformance import run_script

_BAD = (
    "The key 'bad' does not have a valid format. For information about the correct format, see about_Parameters_Default_Values at "
    "https://go.microsoft.com/fwlink/?LinkId=228266."
)


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        ("$PSDefaultParameterValues['bad'] = 1", "InvalidOperation", _BAD),
        ("$PSDefaultParameterValues.Add('bad', 1)", "PSInvalidOperationException", f'Exception calling "Add" with "2" argument(s): "{_BAD}"'),
        (
            "$PSDefaultParameterValues[5] = 1",
            "Argument",
            "The key '5' of type 'System.Int32' is not a string value. DefaultParameterDictionary only accepts string value keys. "
            "(Parameter 'key')",
        ),
        (
            "$d = [System.Management.Automation.DefaultParameterDictionary]::new(@{ bad = 1 })",
            "PSInvalidOperationException",
            f'Exception calling ".ctor" with "1" argument(s): "{_BAD}"',
        ),
    ],
)
def test_bad_keys_are_refused(script: str, error_id: str, message: str) -> None:
    (error,) = run_script(script)["errors"]
    assert (error["fqid"], error["message"]) == (error_id, message)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$PSDefaultParameterValues[' Get-Date:Format '] = 'yyyy'; Get-Date 2020-01-01; $PSDefaultParameterValues.Keys", ["2020", "Get-Date:Format"]),
        ("$PSDefaultParameterValues['\"Get-Date\" : Format'] = 'yyyy'; Get-Date 2020-01-01", ["2020"]),
        ("$PSDefaultParameterValues.Add('a:b:c', 1); $PSDefaultParameterValues.Count", [1]),
        ("$PSDefaultParameterValues['Disabled'] = $true; $PSDefaultParameterValues['x:y'] = 1; $PSDefaultParameterValues.Count", [2]),
        ("$PSSessionOption.OpenTimeout.ToString(); $PSSessionOption.MaximumReceivedObjectSize", ["00:03:00", 209715200]),
        ("$PSSessionOption.GetType().FullName", ["System.Management.Automation.Remoting.PSSessionOption"]),
        ("$PSSessionOption.NoEncryption = 1; $PSSessionOption.NoEncryption", [True]),
        ("$PSSessionOption.ProxyAuthentication.ToString()", ["Negotiate"]),
    ],
)
def test_values(script: str, expected: list[Any]) -> None:
    result = run_script(script)
    assert not result.get("errors"), result
    assert [row["v"] for row in result["output"]] == expected


def test_bad_keys_of_a_hashtable_are_warned_about() -> None:
    result = run_script("$PSDefaultParameterValues = @{ 'Get-Date:Format' = 'yyyy'; bad = 1 }; Get-Date 2020-01-01")
    assert [row["v"] for row in result["output"]] == ["2020"]
    assert result["warning"] == [_BAD]


@pytest.mark.parametrize(
    ("name", "exists"),
    [("int,string", False), ("nosuch,System", False), ("int,mscorlib", False), ("string,mscorlib", True), ("System.Int32,mscorlib", True)],
)
def test_assembly_names(name: str, exists: bool) -> None:
    """Behind a comma stands an assembly; accelerators have none."""
    result = run_script(f"[{name}].Name")
    assert bool(result.get("output")) is exists
    if not exists:
        assert result["errors"][0]["message"] == f"Unable to find type [{name}]."
