# SPDX-License-Identifier: GPL-3.0-or-later
"""Calculated properties: what each cmdlet allows in the table, and the errors of PowerShell's ParameterProcessor."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

LEGAL = "{System.String, System.Management.Automation.ScriptBlock}"


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "1 | Select-Object @{ n = 'b' }",
            "DictionaryKeyMandatoryEntry",
            "A mandatory entry for expression is missing.",
        ),
        (
            "1 | Select-Object @{ n = 5; e = { 1 } }",
            "DictionaryKeyIllegalValue2",
            'The "n" key has a type, System.Int32, that is not valid; expected type is System.String.',
        ),
        (
            "1 | Select-Object @{ e = 5 }",
            "DictionaryKeyIllegalValue1",
            f'The "e" key has a type, System.Int32, that is not valid; expected types are {LEGAL}.',
        ),
        ("1 | Select-Object @{ e = $null }", "DictionaryKeyMissingValue", "The e key has no value."),
        (
            "1 | Select-Object ([ordered]@{ n = 'x'; label = 'y'; e = { 1 } })",
            "DictionaryKeyDuplicate",
            'The duplicated key "label" conflicts with "name".',
        ),
        (
            "1 | Select-Object @{ 1 = 'x' }",
            "DictionaryKeyNonString",
            "The Int32 key type is not valid. The key must be a string.",
        ),
        (
            "1 | Select-Object 5",
            "DictionaryKeyUnknownType",
            f"Cannot convert System.Int32 to one of the following types {LEGAL}.",
        ),
        (
            "1 | Select-Object a, $null",
            "DictionaryKeyUnknownType",
            f"The value of a parameter was null; one of the following types was expected: {LEGAL}.",
        ),
        ("1 | Select-Object ''", "ExpressionEmptyString2", "An empty string value is not allowed."),
        (
            "1 | Select-Object @{ e = '' }",
            "ExpressionEmptyString1",
            'The "expression" key cannot have an empty string value.',
        ),
        (
            "1 | Select-Object {}",
            "EmptyScriptBlockAndNoName",
            "A property is an empty script block and does not provide a name.",
        ),
        (
            "[pscustomobject]@{ a = 1; b = 2 } | Select-Object @{ n = 'x'; e = '*' }",
            "RenamingMultipleResults",
            "Cannot rename multiple results.",
        ),
        ("1 | Group-Object @{ n = 'x'; e = { 1 } }", "DictionaryKeyIllegal", "The n key is not valid."),
        ("1 | Group-Object 'a*'", "ExpressionGlobbing2", 'Wildcard characters are not allowed in "a*".'),
        ("1 | Sort-Object @{ n = 'x'; e = { 1 } }", "DictionaryKeyIllegal", "The n key is not valid."),
        ("Compare-Object 1 2 -Property @{ n = 'x'; e = { 1 } }", "DictionaryKeyIllegal", "The n key is not valid."),
        ("1 | Format-List @{ e = 'a'; width = 5 }", "DictionaryKeyIllegal", "The width key is not valid."),
    ],
)
def test_what_is_wrong_with_a_property(shell: Any, script: str, error_id: str, message: str) -> None:
    fqid, text = shell.error(script)
    assert (fqid.partition(",")[0], text) == (error_id, message)


def test_names_of_calculated_properties(shell: Any) -> None:
    script = "([pscustomobject]@{{ a = 1; b = 2 }} | Select-Object {}).PSObject.Properties.Name"
    assert shell.out(script.format("@{ n = ''; e = { 7 } }")) == [" 7 "]
    assert shell.out(script.format("@{ n = 'x'; e = 'a*' }")) == ["x"]


def test_exclusion_goes_by_the_expression(shell: Any) -> None:
    assert shell.out(
        "([pscustomobject]@{ a = 1; b = 2 } | Select-Object @{ n = 'a'; e = 'b' } -ExcludeProperty a).a"
    ) == [2]


@pytest.mark.parametrize("script", ["1 | Measure-Object @{ e = { 1 } }", "1 | Join-String -Property @{ e = { 1 } }"])
def test_tables_where_powershell_takes_none_are_refused(shell: Any, script: str) -> None:
    with pytest.raises(Unsupported, match="hashtable as -Property of"):
        shell.run(script)


@pytest.mark.parametrize("script", ["Sort-Object", "Group-Object", "Compare-Object 1 2"])
def test_orders_of_other_cultures_are_refused(shell: Any, script: str) -> None:
    with pytest.raises(Unsupported, match="the order of texts of culture sv-SE"):
        shell.run(f"{script} -Culture sv-SE")
    assert shell.out("'z', 'ä' | Sort-Object -Culture de-DE") == ["ä", "z"]


def test_the_exception_says_nothing_the_details_do(shell: Any) -> None:
    script = 'try { 1 | Select-Object @{ x = 1 } } catch { $_.Exception.Message; "$_" }'
    assert shell.out(script) == ["Specified method is not supported.", "The x key is not valid."]
