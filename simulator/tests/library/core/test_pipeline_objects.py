# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gc
from typing import Any

import pytest

from hvsim.lang.errors import Unsupported
from hvsim.runtime.command import Cmdlet


def test_where_and_foreach_keep_the_callers_item(shell: Any) -> None:
    script = "$_ = 'mine'; $r = 1..3 | Where-Object { $_ -ne 2 } | ForEach-Object { $_ * 10 }; $r -join ','; $_"
    assert shell.out(script) == ["10,30", "mine"]


def test_foreach_blocks_write_variables_of_the_caller(shell: Any) -> None:
    assert shell.out("$sum = 0; 1..4 | ForEach-Object { $sum += $_ }; $sum") == [10]


def test_nested_foreach_sees_its_own_item(shell: Any) -> None:
    script = "1, 2 | ForEach-Object { $outer = $_; 'a', 'b' | ForEach-Object { \"$outer$_\" }; \"back $_\" }"
    assert shell.out(script) == ["1a", "1b", "back 1", "2a", "2b", "back 2"]


def test_foreach_in_function_keeps_args_of_the_function(shell: Any) -> None:
    assert shell.out('function F { 1 | ForEach-Object { "[$($args.Count)]" }; $args.Count } F x y') == ["[0]", 2]


def test_null_between_objects(shell: Any) -> None:
    assert shell.out('1, $null, 3 | ForEach-Object { "<$_>" }') == ["<1>", "<>", "<3>"]


def test_block_with_parameters_goes_the_long_way(shell: Any) -> None:
    assert shell.out('1, 2 | ForEach-Object { param($x) "$_/$($null -eq $x)" }') == ["1/True", "2/True"]


def test_where_result_that_is_a_collection_counts_as_true(shell: Any) -> None:
    assert shell.out("1, 2 | Where-Object { 0; 0 } | Measure-Object | ForEach-Object Count") == [2]


def test_foreach_on_module_block_runs_in_the_module(shell: Any) -> None:
    script = "$m = New-Module { $k = 'in'; function B { { \"$k$_\" } } }; $k = 'out'; $b = B; 1, 2 | ForEach-Object $b"
    assert shell.out(script) == ["in1", "in2"]


WHERE = ",Microsoft.PowerShell.Commands.WhereObjectCommand"
FOREACH = ",Microsoft.PowerShell.Commands.ForEachObjectCommand"


@pytest.mark.parametrize("operator", ["-eq", "-ge", "-like"])
def test_where_with_an_operator_needs_a_value(shell: Any, operator: str) -> None:
    assert shell.error(f"1 | Where-Object a {operator}") == (
        "ValueNotSpecifiedForWhereObject" + WHERE,
        "The specified operator requires both the -Property and -Value parameters. Provide values for both parameters, and then "
        "try the command again.",
    )
    assert shell.out(f"@() | Where-Object a {operator}") == []


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        ("'a' | ForEach-Object Length x", "MethodNotFound", 'Input name "Length" cannot be resolved to a method.'),
        (
            "'a' | ForEach-Object S* x",
            "AmbiguousMethodName",
            'Input name "S*" is ambiguous. It can be resolved to multiple matched methods. Possible matches include: Split '
            "StartsWith Substring.",
        ),
        (
            "1 | ForEach-Object { 2 } -WhatIf",
            "NoShouldProcessForScriptBlockSet",
            "The -WhatIf and -Confirm parameters are not supported for script blocks.",
        ),
    ],
)
def test_foreach_says_what_a_member_is_not(shell: Any, script: str, error_id: str, message: str) -> None:
    assert shell.error(script) == (error_id + FOREACH, message)


def test_foreach_member_with_whatif_does_nothing(shell: Any) -> None:
    assert shell.out("$l = [Collections.ArrayList](1, 2); , $l | ForEach-Object Clear -WhatIf; $l.Count") == [2]
    assert shell.out("'abc' | ForEach-Object Length -WhatIf; 'abc' | ForEach-Object Nope -WhatIf") == []


def test_foreach_writes_a_method_that_wants_arguments(shell: Any) -> None:
    assert shell.out("('abc' | ForEach-Object CompareTo).GetType().Name") == ["PSMethod"]


def test_the_text_of_what_is_asked_for_is_made_for_those_who_read_it(shell: Any) -> None:
    """The definition of ``Clone`` is not recorded, and win_powershell asks each method of a result for its name."""
    methods = ",@(1) | ForEach-Object { $_.PSObject } | ForEach-Object Methods"
    assert "Clone" in shell.out(f"{methods} | ForEach-Object Name")
    with pytest.raises(Unsupported, match=r"the definition of method System\.Object\[\]\.Clone"):
        shell.run(f"{methods} | ForEach-Object Name -WhatIf")


@pytest.mark.parametrize(
    "command",
    [
        "Where-Object { $_ }",
        "Where-Object -Property Length -gt 1",
        "ForEach-Object { $_ }",
        "ForEach-Object -MemberName Length",
        "Select-Object -First 1",
        "Sort-Object",
        "Group-Object",
        "Measure-Object",
        "Write-Output",
        "Tee-Object -Variable seen",
    ],
)
def test_a_command_leaves_no_circle(shell: Any, command: str) -> None:
    """A circle keeps what the caller's frame holds, such as parts of a file, until the collector of circles looks for it."""
    script = f"function Use {{ param($Data) 'aa', 'bb' | {command} }}; $null = Use 'data'"
    shell.out(script)
    # Twice: what the first pass finalizes, such as generators of other tests, lets go of more.
    gc.collect()
    gc.collect()
    gc.disable()
    try:
        gc.set_debug(gc.DEBUG_SAVEALL)
        shell.out("$null = Use 'data'")
        gc.collect()
        left = [type(thing).__name__ for thing in gc.garbage if isinstance(thing, Cmdlet)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert left == []


@pytest.mark.parametrize(
    ("script", "error_id", "message"),
    [
        (
            "'abc' | Where-Object Length -Match '('",
            "BadOperatorArgument,Microsoft.PowerShell.Commands.WhereObjectCommand",
            "The argument to operator 'Imatch' is not valid: Invalid pattern '(' at offset 1. Not enough )'s..",
        ),
        (
            "[pscustomobject]@{ a = 1 } | Where-Object a -gt x",
            "OperatorFailed,Microsoft.PowerShell.Commands.WhereObjectCommand",
            "The 'Igt' operator failed: Cannot convert value \"x\" to type \"System.Int32\". Error: \"The input string 'x' was not in a correct "
            'format.".',
        ),
        (
            "[pscustomobject]@{ a1 = 1; a2 = 1 } | Where-Object a? -eq 1",
            "AmbiguousPropertyName,Microsoft.PowerShell.Commands.WhereObjectCommand",
            'Input name "a?" is ambiguous. It can be resolved to multiple matched members. Possible matches include: a1 a2.',
        ),
    ],
)
def test_where_object_goes_on_after_what_it_cannot_compare(shell: Any, script: str, error_id: str, message: str) -> None:
    """InternalCommands.cs: each is an error of one object."""
    result = shell.run(f"{script} -ErrorVariable e -ErrorAction SilentlyContinue; $e[0].FullyQualifiedErrorId; $e[0].Exception.Message; 'on'")
    assert result.terminating is None
    assert result.output == [error_id, message, "on"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("'abc' | Where-Object ToUpper", ["abc"]),
        ("'abc' | Where-Object Length -Is '[int]'", ["abc"]),
        ("[pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 'x' } | Where-Object a -gt 0 -ErrorAction SilentlyContinue | ForEach-Object a", [1, "x"]),
    ],
)  # fmt: skip
def test_where_object_members(shell: Any, script: str, expected: list[Any]) -> None:
    """A method is a member as well; its value is true."""
    assert shell.out(script) == expected
