# SPDX-License-Identifier: GPL-3.0-or-later
"""The interpreter: statements, scopes, functions, errors. The recorded cases say what is right; these tests say what broke."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.runtime.values import Array, Int64


def run(script: str, **options: Any) -> Result:
    return Runspace(**options).run(script)


def output(script: str) -> list[Any]:
    result = run(script)
    assert not result.errors, [e.message for e in result.errors]
    assert result.terminating is None, result.terminating.message if result.terminating else ""
    return result.output


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$a = 1; $a + 1", [2]),
        ("$a, $b = 1, 2, 3; $a; $b -join ','", [1, "2,3"]),
        ("$a = $b = 4; $a + $b", [8]),
        ("$x = 5; $x++; $x; ($x--); $x", [6, 6, 5]),
        ("$h = @{ n = 1 }; $h.n += 2; $h['n']", [3]),
        ("$l = 1, 2; $l[1] *= 5; $l[1]", [10]),
        ("[int] $n = '7'; $n + 1", [8]),
        ("$null ?? 'x'; $u ??= 3; $u", ["x", 3]),
        ("$true ? 'y' : 'n'", ["y"]),
        ('$n = 3; "v=$n $($n + 1) ${n}"', ["v=3 4 3"]),
        ("@(1, 2) + 3 | ForEach-Object { $_ * 2 }", [2, 4, 6]),
        ("2147483647 + 1", [2147483648.0]),
    ],
)
def test_expressions_and_assignments(script: str, expected: list[Any]) -> None:
    assert output(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("if (0) { 'a' } elseif ('x') { 'b' } else { 'c' }", ["b"]),
        ("foreach ($i in 1..4) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }", [1, 3]),
        ("for ($i = 0; $i -lt 3; $i++) { $i }", [0, 1, 2]),
        ("$i = 0; while ($true) { if (++$i -gt 2) { break } }; $i", [3]),
        ("do { $k++ } until ($k -ge 3); $k", [3]),
        (':o foreach ($a in 1, 2) { foreach ($b in 1, 2) { if ($b -eq 2) { continue o }; "$a$b" } }', ["11", "21"]),
        ("switch (1, 'b') { 1 { 'one' } 'B' { 'bee' } default { 'other' } }", ["one", "bee"]),
        ("switch -Wildcard ('abc') { 'a*' { 'a' } '*c' { 'c' } }", ["a", "c"]),
        ("$r = if ($true) { 1; 2 }; $r.Count", [2]),
    ],
)
def test_flow(script: str, expected: list[Any]) -> None:
    assert output(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("function F($a, $b = 'd') { \"$a/$b/$args\" }; F 1; F 1 2 3", ["1/d/", "1/2/3"]),
        ("function F { $args.Count; return 'r'; 'never' }; F -x 1 y", [3, "r"]),
        ("filter Twice { $_ * 2 }; 1, 2 | Twice", [2, 4]),
        ("function P { begin { 'b' } process { \"p$_\" } end { 'e' } }; 1, 2 | P", ["b", "p1", "p2", "e"]),
        ("function A([int] $n) { $n.GetType().Name }; A '5'", ["Int32"]),
        (
            'function A { [CmdletBinding()] param([Parameter(Mandatory)] $X, [switch] $On) "$X $On" }; A 1 -On',
            ["1 True"],
        ),
        ("$x = 'outer'; function S { $x }; function T { $x = 'inner'; S }; T; S", ["inner", "outer"]),
        ("$n = 10; function C { $n += 5; $n }; C; $n", [5, 10]),
        ("$c = { param($a) $a + 1 }; & $c 2; . { $d = 4 }; $d", [3, 4]),
        ("function M { $MyInvocation.MyCommand.Name; $PSBoundParameters.Count }; M", ["M", 0]),
        ('function O { I @args }; function I($Name, [switch] $On) { "$Name $On" }; O -Name n -On', ["n True"]),
        ("function F([ref] $r) { $r.Value = 'new' }; $v = 'old'; F ([ref] $v); $v", ["new"]),
        ("$b = { $k }; $k = 1; $c = $b.GetNewClosure(); $k = 2; & $c; & $b", [1, 2]),
    ],
)
def test_functions_and_script_blocks(script: str, expected: list[Any]) -> None:
    assert output(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("try { throw 'x' } catch { \"c $_\" } finally { 'f' }", ["c x", "f"]),
        ("try { 1 / 0 } catch [DivideByZeroException] { $_.Exception.GetType().Name }", ["DivideByZeroException"]),
        ("try { [int]::Parse('q') } catch [FormatException] { 'format' }", ["format"]),
        ("try { try { throw 'in' } finally { 'f' } } catch { \"out $_\" }", ["f", "out in"]),
        ("try { try { throw 'a' } catch { throw } } catch { $_.FullyQualifiedErrorId }", ["a"]),
        (
            "function F { throw 'deep' }\ntry { F } catch { $_.ScriptStackTrace }",
            ["at F, <No file>: line 1\nat <ScriptBlock>, <No file>: line 2"],
        ),
        ("& { trap { \"t $_\"; continue }; throw 'x'; 'resumed' }", ["t x", "resumed"]),
        ("function Deep { Deep }; try { Deep } catch { $_.FullyQualifiedErrorId }", ["CallDepthOverflow"]),
    ],
)
def test_errors_that_are_caught(script: str, expected: list[Any]) -> None:
    assert output(script) == expected


def test_a_statement_error_goes_to_the_stream_and_the_next_statement_runs() -> None:
    result = run("'a'\n1 / 0\n'b'")
    assert result.output == ["a", "b"]
    assert [(e.message, e.fully_qualified_error_id) for e in result.errors] == [
        ("Attempted to divide by zero.", "RuntimeException")
    ]
    assert result.errors[0].invocation.line_number == 2


def test_a_throw_ends_the_script() -> None:
    result = run("'a'; throw 'stop'; 'b'")
    assert result.output == ["a"]
    assert result.terminating is not None
    assert result.terminating.message == "stop"
    assert result.terminating.category == "OperationStopped"


def test_erroractionpreference_stop_ends_the_script_at_the_first_error() -> None:
    result = run("$ErrorActionPreference = 'Stop'; 1 / 0; 'never'")
    assert result.output == []
    assert result.terminating is not None
    assert result.errors == []


def test_streams_can_be_merged_and_dropped() -> None:
    result = run("$r = & { Write-Warning 'w'; 'o' } 3>&1; $r.Count; Write-Error 'e' 2>$null; $Error.Count")
    assert result.output == [2, 1]
    assert result.errors == []
    assert result.warning == []


def test_exit_code() -> None:
    assert run("'a'; exit 3; 'b'").exit_code == 3


def test_break_outside_of_a_loop_ends_the_script() -> None:
    assert output("'a'; break; 'b'") == ["a"]


def test_a_pipeline_of_arrays_keeps_nested_ones() -> None:
    (only,) = output(", (1, 2)")
    assert isinstance(only, Array)
    assert list(only) == [1, 2]


def test_state_lives_from_run_to_run() -> None:
    runspace = Runspace()
    runspace.run("$x = 1; function F { 'f' }; Write-Error 'e' -ErrorAction SilentlyContinue")
    assert runspace.run("$x; F; $Error.Count").output == [1, "f", 1]


def test_parse_errors_are_not_powershell_errors() -> None:
    with pytest.raises(ParseError) as caught:
        run("if (")
    assert caught.value.errors[0].error_id == "IfStatementMissingCondition"


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("Start-Job { 1 }", "cmdlet Start-Job"),
        ("Get-Date &", "background pipelines (&)"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(script: str, what: str) -> None:
    with pytest.raises(Unsupported) as caught:
        run(script)
    assert caught.value.what == what


def test_refusals_cannot_be_caught_by_scripts() -> None:
    with pytest.raises(Unsupported):
        run("try { Start-Job { 1 } } catch { 'caught' }")


def test_strict_mode() -> None:
    result = run("Set-StrictMode -Version Latest; $nope; \"[$nope]\"; 'after'")
    assert result.output == ["after"]
    assert [e.error_id for e in result.errors] == ["VariableIsUndefined", "VariableIsUndefined"]


def test_modules_have_a_scope_of_their_own() -> None:
    script = """
    $null = New-Module -Name M { $n = 1; function Get-N { $script:n++; $n }; Export-ModuleMember -Function Get-N }
    $n = 100
    Get-N; Get-N; $n
    """
    assert output(script) == [2, 3, 100]


def test_integers_wider_than_int32() -> None:
    assert output("[long] $n = 2147483647; $n + 1") == [Int64(2147483648)]


def test_edition_5_1_has_its_own_words() -> None:
    result = run("No-SuchThing", edition="5.1")
    assert "as the name of a cmdlet, function, script file, or operable program" in result.errors[0].message
    assert run("$PSVersionTable.PSEdition", edition="5.1").output == ["Desktop"]
    assert run("$null -eq $IsWindows", edition="5.1").output == [True]


DYNAMIC = """
function Get-Dyn {
    [CmdletBinding()] param([Parameter(Mandatory)] [string] $Kind)
    dynamicparam {
        $d = [System.Management.Automation.RuntimeDefinedParameterDictionary]::new()
        if ($Kind -eq 'file') {
            $a = [System.Collections.ObjectModel.Collection[System.Attribute]]::new()
            $a.Add([System.Management.Automation.ParameterAttribute] @{ Mandatory = $true })
            $a.Add([System.Management.Automation.ValidateSetAttribute]::new('a', 'b'))
            $d.Add('Path', [System.Management.Automation.RuntimeDefinedParameter]::new('Path', [string], $a))
        }
        $d
    }
    process { "$Kind=$($PSBoundParameters['Path'])" }
}
"""


def test_dynamic_parameters_exist_only_where_the_block_made_them() -> None:
    result = run(
        DYNAMIC + "Get-Dyn file -Path a; Get-Dyn file -Path z; Get-Dyn file; Get-Dyn other -Path a; Get-Dyn other"
    )
    assert result.output == ["file=a", "other="]
    assert [e.error_id for e in result.errors] == [
        "ParameterArgumentValidationError",
        "MissingMandatoryParameter",
        "NamedParameterNotFound",
    ]


def test_enums_are_types_of_the_script() -> None:
    assert output("enum E { A; B = 5; C }; [int] [E]::C; [E] 'b' -eq [E]::B; [E].GetEnumNames() -join ','") == [
        6,
        True,
        "A,B,C",
    ]


def test_deep_recursion_works() -> None:
    assert output("function Rec($n) { if ($n -le 0) { return 0 }; 1 + (Rec ($n - 1)) }; Rec 2000") == [2000]


def test_ranges_are_not_built_to_be_run_over() -> None:
    assert output("foreach ($i in 1..2000000000) { if ($i -gt 2) { break }; $i }") == [1, 2]
    assert output("1..2000000000 | Select-Object -First 2") == [1, 2]


def test_a_budget_ends_the_run_whatever_the_script_catches() -> None:
    runspace = Runspace()
    runspace.ctx.instruction_limit = 1000
    result = runspace.run("try { while ($true) { } } catch { 'caught' } finally { }; 'after'")
    assert result.output == []
    assert result.terminating is not None
    assert result.terminating.error_id == "InstructionLimit"


def test_errors_that_leave_an_advanced_function_carry_its_name() -> None:
    script = "function F { [CmdletBinding()] param() 1 / 0 }; try { F } catch { $_.FullyQualifiedErrorId }"
    assert output(script) == ["RuntimeException,F"]
    script = "function F { [CmdletBinding()] param() throw 'x' }; try { F } catch { $_.FullyQualifiedErrorId }"
    assert output(script) == ["x"]


def test_commands_of_a_pipeline_run_in_the_scope_of_their_caller() -> None:
    script = "function F { $inner = 1; 'a', 'b' }; F | ForEach-Object { $seen = $_; $null -eq $inner }; $seen"
    assert output(script) == [True, True, "b"]


@pytest.mark.parametrize(
    ("argument", "text", "number"),
    [("007", "007", 7), ("1kb", "1kb", 1024), ("0x1F", "0x1F", 31), ("1.50", "1.50", 1.5)],
)
def test_a_number_as_an_argument_keeps_its_text_for_a_cast(argument: str, text: str, number: Any) -> None:
    assert output(
        f"function F($x) {{ [string]$x; $x + 0; $x.GetType().IsPrimitive }}; F {argument}; F -x:{argument}"
    ) == [
        *(text, number, True),
        *(text, number, True),
    ]
    plain = str(number)
    assert output(f'function F($x) {{ "$x"; $x.ToString(); $y = $x; $y++; [string]$y }}; F {argument}') == [
        plain,
        plain,
        str(number + 1),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'a' | ForEach-Object { $_ -is [psobject] }", True),
        ("$r = 'a', 'b' | Where-Object { $_ }; $r[1] -is [pscustomobject]", True),
        ("$r = Write-Output 'a'; $r -is [pscustomobject]", True),
        ("$r = 2, 1 | Sort-Object; $r[0] -is [psobject]", True),
        ("$r = 'a' | ForEach-Object { 'b' }; $r -is [psobject]", False),
        ("$r = & { 'a' }; $r -is [pscustomobject]", False),
        ("$r = Write-Output 'a'; ($r + '') -is [pscustomobject]", False),
        (
            "$r = Write-Output 'a'; $r -is [System.Management.Automation.PSCustomObject]; $null = $r -is [psobject]",
            False,
        ),
        ("'a' -isnot [pscustomobject]", True),
        # So does a conversion to [psobject], wherever it is (about_PSCustomObject).
        ("([psobject] 1) -is [psobject]", True),
        ("([pscustomobject] 1) -is [psobject]", True),
        ("([psobject] $null) -is [psobject]", False),
        ("function F([psobject] $x) { $x -is [psobject] }; F 1", True),
        ("function F([object] $x) { $x -is [psobject] }; F 1", False),
        ("[psobject] $x = 'a'; ($x -is [psobject]) -and ($x -is [string]) -and ($x.Length -eq 1)", True),
    ],
)
def test_a_cmdlet_wraps_what_it_hands_on(value: str, expected: bool) -> None:
    assert output(value) == [expected]


def test_wrappers_are_made_only_for_scripts_that_look_for_them() -> None:
    assert type(output("Write-Output 'a'")[0]) is str
    runspace = Runspace()
    runspace.run("Write-Output 'a'")
    assert not runspace.ctx.shows_wrappers
    runspace.run("$x = 'a'; $x -is [PSCustomObject]")
    assert runspace.ctx.shows_wrappers


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("'U'", 'The argument cannot be validated because its type "String" is not the same type (Int32)'),
        ("(1, $null)", "The argument is null. Provide a valid value for the argument"),
    ],
)
def test_what_cannot_lie_in_a_range(value: str, message: str) -> None:
    (record,) = run(f"function Set-U {{ param([ValidateRange(1, 10)] $U) $U }}\nSet-U {value}").errors
    assert record.fully_qualified_error_id == "ParameterArgumentValidationError,Set-U"
    assert record.message.startswith(f"Cannot validate argument on parameter 'U'. {message}")


def test_variables_of_drives_that_do_not_exist_are_null_but_cannot_be_set() -> None:
    assert output('$n = 1; "a$n:b|"; $null -eq $foo:bar') == ["a|", True]
    (record,) = run("$foo:bar = 1").errors
    assert record.message == "Cannot find drive. A drive with the name 'foo' does not exist."


def test_variable_notation_of_other_drives_is_refused() -> None:
    with pytest.raises(Unsupported, match="variable notation for drive temp:"):
        run("$temp:x", machine=sample_machine())


_CAUGHT = (
    "catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category.ToString(); $_.Exception.WasThrownFromThrowStatement }"
)


@pytest.mark.parametrize(
    ("thrown", "expected"),
    [
        ("throw 'x'", ["x", "OperationStopped", True]),
        ("1 / 0", ["RuntimeException", "NotSpecified", False]),
        ("throw [System.Management.Automation.RuntimeException]::new('m')", ["RuntimeException", "NotSpecified", True]),
        (
            "throw [System.Management.Automation.ItemNotFoundException]::new('m')",
            ["SessionStateException", "InvalidArgument", True],
        ),
        (
            "throw [System.Management.Automation.CommandNotFoundException]::new('m')",
            ["CommandNotFoundException", "ObjectNotFound", True],
        ),
        # A kind of .NET exception, not of RuntimeException: named by its message like those.
        ("throw [System.Management.Automation.PSInvalidOperationException]::new('m')", ["m", "OperationStopped", None]),
    ],
)
def test_records_of_thrown_exceptions_of_the_engine(thrown: str, expected: list[Any]) -> None:
    assert output(f"try {{ {thrown} }} {_CAUGHT}") == expected


def test_own_record_of_engine_exceptions() -> None:
    script = "$e = [System.Management.Automation.PSArgumentException]::new('m'); $e.ErrorRecord.FullyQualifiedErrorId"
    assert output(script) == ["Argument"]


def test_record_without_exception() -> None:
    (record,) = run("[System.Management.Automation.ErrorRecord]::new($null, 'i', 'NotSpecified', $null)").errors
    assert "Value cannot be null. (Parameter 'exception')" in record.message


def test_output_encoding_and_native_arguments() -> None:
    script = "$OutputEncoding.WebName; $OutputEncoding = [System.Text.Encoding]::ASCII; $OutputEncoding.WebName; & { 1 }.GetNewClosure()"
    assert output(script) == ["utf-8", "us-ascii", 1]
    assert output('"$PSNativeCommandArgumentPassing"') == ["Standard"]
    assert run("$OutputEncoding.WebName", edition="5.1").output == ["us-ascii"]


def test_style_of_the_console_is_refused() -> None:
    with pytest.raises(Unsupported, match=r"\$PSStyle"):
        run("$PSStyle.OutputRendering")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("(Get-Command Get-Date).HelpUri", "CmdletInfo.HelpUri"),
        ("(Get-Command Get-Date).Visibility", "CmdletInfo.Visibility"),
        ("$ExecutionContext.SessionState.Applications", "SessionState.Applications"),
        ("@(Get-Command Get-Date, Get-Item).Visibility", "CmdletInfo.Visibility"),
        ("(New-Module { }).Guid", "psmoduleinfo.Guid"),
        ("[cultureinfo]::InvariantCulture.TextInfo.MacCodePage", "TextInfo.MacCodePage"),
    ],
)
def test_members_known_from_documentation_are_refused_not_null(script: str, name: str) -> None:
    with pytest.raises(Unsupported, match=name):
        run(script)


def test_members_that_do_not_exist_are_null_all_the_same() -> None:
    assert output("(Get-Variable HOME).Nope; @(Get-Variable HOME, PID).Nope; (Get-Command Get-Date).Nope") == [
        None,
        None,
        None,
    ]


_NEW_LIST = "$list = New-Object -TypeName 'System.Collections.Generic.List[object]'; $list.Add(1)\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("function f { param ([System.Collections.Generic.List[object]] $It) @($It).Count }; f $list", [1]),
        ("[System.Collections.Generic.List[object]] $typed = $list; @($typed).Count", [1]),
        ("@([System.Collections.Generic.List[object]] $list).Count", [1]),
        ("@($list | Where-Object { $_ }).Count; $list.ToArray().Count; foreach ($it in $list) { $it }", [1, 1, 1]),
        ("$made = [System.Collections.Generic.List[object]]::new(); @($made).Count", [0]),
        ("$texts = New-Object -TypeName 'System.Collections.Generic.List[string]'; @($texts).Count", [0]),
    ],
)
def test_lists_of_new_object_are_arrays_where_nothing_wraps_them(script: str, expected: list[Any]) -> None:
    assert output(_NEW_LIST + script) == expected


def test_a_wrapped_list_of_objects_is_no_array() -> None:
    """PowerShell issue 27558, open; 5.1 does the same."""
    result = run(_NEW_LIST + "@($list).Count; 'next'")
    assert result.output == ["next"]
    assert [(e.message, e.fully_qualified_error_id, e.category) for e in result.errors] == [
        ("Argument types do not match", "System.ArgumentException", "OperationStopped")
    ]


def test_whether_a_list_in_a_member_is_wrapped_is_refused() -> None:
    with pytest.raises(Unsupported, match=r"@\(\) of a List\[object\] that New-Object made"):
        run(_NEW_LIST + "$table = @{ It = $list }; @($table.It)")
