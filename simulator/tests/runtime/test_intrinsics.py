# SPDX-License-Identifier: GPL-3.0-or-later
"""``.Where()`` and ``.ForEach()`` beyond the recorded cases; rules and texts of PowerShell's ``EnumerableOps``."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported


def out(script: str, edition: str = "7") -> list[Any]:
    result = Runspace(edition=edition).run(script)
    assert result.terminating is None, result.terminating
    assert [record.message for record in result.errors] == []
    return result.output


def error_of(script: str) -> tuple[str, str]:
    (record,) = Runspace().run(script).errors
    return record.fully_qualified_error_id, record.message


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("$x = 0; $null = (1..3).ForEach({ $x += $_ }); $x", [6]),
        ("$x = 0; $null = (1..3).Where({ $x += $_; $true }); $x", [6]),
        ("function F($A) { $n = 0; $null = $A.ForEach({ $n += $_ }); $n }; F (1, 2)", [3]),
        ("$x = 0; $null = 'aab' -replace 'a', { $x++; 'q' }; $x", [2]),
    ],
)
def test_blocks_run_in_the_caller_s_scope(script: str, values: list[Any]) -> None:
    assert out(script) == values


def test_begin_and_end_blocks_run_once() -> None:
    assert out("(1, 2).ForEach{ begin { 'b' } process { $_ * 2 } end { 'e' } }") == ["b", 2, 4, "e"]
    assert out("@().ForEach{ process { 'never' } }") == []


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("(1, 2).ForEach([string[]]).GetType().Name", "String[]"),
        ("(1, 2).ForEach([string]).GetType().Name", "Collection`1"),
        ("$l = (1, 2).ForEach([Collections.Generic.List[string]]); $l.GetType().Name + $l[1].GetType().Name", "List`1String"),
        ("(@{ a = 1 }, @{ a = 2 }).ForEach('a') -join ','", "1,2"),
        ("$h = @{ a = 1 }; $null = @($h, @{}).ForEach('a', 5, 6); $h.a -join ','", "5,6"),
        ("@((1, $null).ForEach('ToString')).Count", 2),
        ("(1, 2, 3).Where($null, 'Last', 2) -join ','", "2,3"),
        ("(1, 2, 3).Where($null, 'SkipUntil', 1) -join ','", "2,3"),
        ("(1, 2, 3).Where($null, 'First') -join ','", "1"),
        ("(1, 2, 3).Where($null, 'Split', 1)[1] -join ','", "2,3"),
    ],
)
def test_results(script: str, value: Any) -> None:
    assert out(script) == [value]


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "(1, 2).ForEach([hashtable])",
            "ForEachTypeConversionFailed",
            "Unable to convert input to the target type [hashtable] passed to the ForEach() operator. Please check the specified type and "
            "try running your script again.",
        ),
        (
            "(1, 2).ForEach([Collections.Generic.Dictionary[string, int]])",
            "ForEachBadGenericConversionTypeSpecified",
            "The generic collection type [System.Collections.Generic.Dictionary[string,int]] passed to ForEach() has too many type "
            "arguments. Please change the specified type to be a generic collection with only one type argument then try running your "
            "script again.",
        ),
        (
            "(1, 2).ForEach('nosuch', 5)",
            "ForEachNonexistentMemberReference",
            "The ForEach() operator could not find a member 'nosuch' on the target object. Please verify that the named member exists and "
            "then try running your script again.",
        ),
        (
            "(1, $null).ForEach('ToString', 'x')",
            "NullReferenceException",
            'Exception calling "ToString" with "1" argument(s): "Object reference not set to an instance of an object."',
        ),
        ("(1, 2).ForEach($null)", "System.ArgumentNullException", "Value cannot be null. (Parameter 'expression')"),
        (
            "(1, 2).Where($null)",
            "System.InvalidOperationException",
            "If the expression passed to the Where() operator is null then you must specify a non-Default value for the selection mode "
            "argument. Please change the value of the mode argument to a value other than Default and try running your script again.",
        ),
        (
            "(1, 2).Where({ $_ }, 'First', -1)",
            "System.ArgumentOutOfRangeException",
            "The 'numberToReturn' value provided to the third argument of the Where() operator must be greater than zero. Please correct "
            "the argument's value and try running your script again. (Parameter 'numberToReturn')\nActual value was -1.",
        ),
        (
            "(1, 2).Where('x')",
            "ConvertToFinalInvalidCastException",
            'Cannot convert the "x" value of type "System.String" to type "System.Management.Automation.ScriptBlock".',
        ),
    ],
)
def test_errors(script: str, error_id: str, message: str) -> None:
    assert error_of(script) == (error_id, message)


def test_more_elements_than_there_are_is_refused() -> None:
    with pytest.raises(Unsupported, match="'First', 5"):
        Runspace().run("(1, 2).Where($null, 'First', 5)")


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "'a' -split ',', 0, 'SimpleMatch, Multiline'",
            "InvalidSplitOptionCombination",
            "The combination of options with the -split operator is not valid.",
        ),
        (
            "'a' -split { $true }, 0, 'IgnoreCase'",
            "InvalidSplitOptionWithPredicate",
            "Options are not allowed on the -split operator with a predicate.",
        ),
        ("'a' -split @()", "BadOperatorArgument", "The argument to operator '-split' is not valid: System.Object[]."),
        ("[int[,]]::new(2, 2)[0]", "NeedMultidimensionalIndex", "You cannot index into a 2 dimensional array with index [0]."),
        (
            "[int[,]]::new(2, 2)[1000000, 2000000, 3000000]",
            "NeedMultidimensionalIndex",
            "You cannot index into a 2 dimensional array with index [1000000,2000000,3000 ...].",
        ),
    ],
)
def test_texts_of_operators(script: str, error_id: str, message: str) -> None:
    assert error_of(script) == (error_id, message)


def test_windows_powershell_replaces_with_the_text_of_a_block() -> None:
    assert out("'abc' -replace 'b', { 1 }", "5.1") == ["a 1 c"]


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("([object] 'abc').ToString()", "System.String"),
        ("([object] @(1, 2)).ToString()", "System.Object[]"),
        ("([object] 5).Equals(5)", False),
        ("$o = [object]::new(); ([object] $o).Equals($o)", True),
        ("([string] 5).ToString()", "5"),
    ],
)
def test_a_cast_to_object_chooses_object_s_methods(script: str, value: Any) -> None:
    """PowerShell's own test: "calls virtual method non-virtually" (Conversions.Tests.ps1)."""
    assert out(script) == [value]


def test_methods_are_no_delegates_here() -> None:
    with pytest.raises(Unsupported, match="a method as"):
        Runspace().run("[Func[int, int]] [math]::Abs")


@pytest.mark.parametrize("value", ["[DBNull]::Value", "[NullString]::Value"])
def test_other_nulls_are_not_null(value: str) -> None:
    """PowerShell 7.0 took back that they are (#11648)."""
    assert out(f"$v = {value}; $v -eq $null; $null -ne $v; $v -eq {value}; ($v ?? 2).GetType().Name") == [False, True, True, value[1:-8]]


def test_automation_null_is_null() -> None:
    assert out("$v = [Management.Automation.Internal.AutomationNull]::Value; $v -eq $null; @($v).Count") == [True, 0]


_FOO = (
    "function Foo { [CmdletBinding()] param([Parameter(ValueFromPipeline)] [string] $A) process { $A; Write-Error $A } }; "
    "function Bar { [CmdletBinding()] param() 'b'; Write-Error 'bar'; Foo 'x' -ErrorVariable script:inner } "
)


def test_variables_collect_what_their_command_says_not_what_follows_in_the_pipeline() -> None:
    """PowerShell's own tests: OutErrorVariable.Tests.ps1."""
    script = _FOO + "(Foo m -ErrorVariable e1 -OutVariable o1 | Foo -ErrorVariable e2 -OutVariable o2 | Foo -ErrorVariable e3) 2>&1 > $null; "
    assert out(script + '"$o1|$o2|$e1|$e2|$e3"') == ["m|m|m|m|m"]
    assert out(_FOO + 'Bar -ErrorVariable e -OutVariable o 2>&1 > $null; "$($e -join \',\')|$($o -join \',\')|$script:inner"') == ["bar,x|b,x|x"]


def test_redirections_end_with_their_command() -> None:
    script = "function A { 1; 2 }; function B { process { Write-Warning $_ } }; @((A 3>&1 | B) 3>&1).Count"
    assert out(script) == [2]


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("$a = 'a', 'b'; $null = Write-Output c -OutVariable +a; $a -join ','", "a,b,c"),
        ("$a = 'ab'; $null = Write-Output c -OutVariable +a; $a -join ','", "ab,c"),
        ("$l = [Collections.Generic.List[int]] 1; $null = Write-Output 2 -OutVariable +l; $l.GetType().Name + $l.Count", "List`12"),
    ],
)
def test_variables_with_a_plus_get_more_elements(script: str, value: str) -> None:
    assert out(script) == [value]


def test_suspend_is_refused() -> None:
    with pytest.raises(Unsupported, match="-ErrorAction Suspend"):
        Runspace().run("Write-Output 1 -ErrorAction Suspend")
