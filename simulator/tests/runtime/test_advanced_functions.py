# SPDX-License-Identifier: GPL-3.0-or-later
"""What advanced functions can do beyond the recorded cases; texts and rules are PowerShell's sources' (named in the code)."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported
from hvsim.runtime.values import UInt64


def run(script: str, **options: Any) -> Result:
    return Runspace(**options).run(script)


def warnings(result: Result) -> list[str]:
    return [record.message for record in result.warning]


# ---- clean -------------------------------------------------------------------------------------------------------------


def test_clean_block_writes_no_output_but_its_other_streams() -> None:
    result = run("function F { process { \"p$_\" } clean { 'lost'; Write-Warning 'w' } }; 1, 2 | F; 'after'")
    assert result.output == ["p1", "p2", "after"]
    assert warnings(result) == ["w"]


def test_streams_of_a_clean_block_can_be_redirected() -> None:
    """PowerShell's own test: PipelineBehaviour.Tests.ps1."""
    block = "& { clean { 'lost'; Write-Warning 'w'; Write-Verbose 'v' -Verbose } process { 'p' } end { 'e' } }"
    assert [str(getattr(item, "message", item)) for item in run(f"{block} *>&1").output] == ["p", "e", "w", "v"]
    assert [str(getattr(item, "message", item)) for item in run(f"{block} 3>&1").output] == ["p", "e", "w"]


def test_error_of_a_clean_block_ends_nothing_and_no_try_catches_it() -> None:
    result = run(
        "function F { end { 'e' } clean { throw 'bad' } }; try { F; 'on' } catch { 'caught' }; $Error.Count; F; $?"
    )
    assert result.output == ["e", "on", 1, "e", False]
    assert [record.message for record in result.errors] == ["bad", "bad"]
    assert result.terminating is None


def test_statement_after_an_error_in_a_clean_block_runs_inside_a_try() -> None:
    result = run("function F { end { } clean { 1 / 0; $global:went = 'on' } }; try { F } catch { 'caught' }; $went")
    assert result.output == ["on"]
    assert [record.message for record in result.errors] == ["Attempted to divide by zero."]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # Only commands of which some other block has run are cleaned.
        (
            "$log = @(); function A { begin { throw 'x' } clean { $script:log += 'a' } }; "
            "function B { process { } clean { $script:log += 'b' } }; try { 1 | A | B } catch { }; $log",
            ["a"],
        ),
        ("function F { clean { $global:seen = 1 } }; F; $null -eq $seen", [True]),
        ("foreach ($i in 1, 2) { & { end { $i } clean { break } } }", [1, 2]),
        ("& { end { 1 } clean { exit 3 } }; 'still'", [1, "still"]),
    ],
)
def test_when_clean_blocks_run_and_what_leaves_them(script: str, expected: list[Any]) -> None:
    assert run(script).output == expected


# ---- ShouldProcess -----------------------------------------------------------------------------------------------------

_ASKING = "function F { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() $PSCmdlet.ShouldProcess('t') }; "


def test_a_question_meets_a_host_where_nobody_answers() -> None:
    result = run(_ASKING + "F")
    (record,) = result.errors
    assert record.fully_qualified_error_id == "HostException"
    assert record.message == (
        'Exception calling "ShouldProcess" with "1" argument(s): "A command that prompts the user failed because the host program '
        "or the command type does not support user interaction. The host was attempting to request confirmation with the "
        'following message: Are you sure you want to perform this action?\nPerforming the operation "F" on target "t"."'
    )


@pytest.mark.parametrize("call", ["F -Confirm:$false", "$ConfirmPreference = 'None'; F"])
def test_nobody_is_asked_when_confirmation_is_off(call: str) -> None:
    assert run(_ASKING + call).output == [True]


def test_preference_below_the_impact_asks() -> None:
    script = (
        "function F { [CmdletBinding(SupportsShouldProcess)] param() $PSCmdlet.ShouldProcess('d', 'really?', 'c') }; "
    )
    assert run(script + "F").output == [True]
    (record,) = run(script + "$ConfirmPreference = 'Medium'; F").errors
    assert record.message.endswith('with the following message: really?"')


def test_question_of_windows_powershell_is_refused() -> None:
    with pytest.raises(Unsupported, match="-Confirm"):
        run(_ASKING + "F", edition="5.1")


def test_reason_of_should_process() -> None:
    script = (
        "function F { [CmdletBinding(SupportsShouldProcess)] param() $r = 0; $PSCmdlet.ShouldProcess('d', 'w', 'c', [ref] $r); "
        '"$r" }; F -WhatIf; F'
    )
    assert run(script).output == [False, "WhatIf", True, "None"]


def test_should_continue_asks_its_own_question() -> None:
    (record,) = run("function F { [CmdletBinding()] param() $PSCmdlet.ShouldContinue('sure?', 'c') }; F").errors
    assert record.message.endswith('with the following message: sure?"')


# ---- attributes --------------------------------------------------------------------------------------------------------


def test_obsolete_commands_and_parameters_warn() -> None:
    script = """
    function F { [CmdletBinding()] [Obsolete('use G')] param([Obsolete('why')] $A) 'ran' }
    F; F -A 1; F -WarningVariable w -WarningAction SilentlyContinue; $w.Count
    & { [Obsolete()] param() }
    """
    result = run(script)
    assert result.output == ["ran", "ran", "ran", 1]
    assert warnings(result) == [
        "The command 'F' is obsolete. use G",
        "Parameter 'A' is obsolete. why",
        "The command 'F' is obsolete. use G",
        "The script block is obsolete. ",
    ]


def test_functions_bring_their_aliases_into_their_scope() -> None:
    script = "function F { [Alias('aa', ('bb', 'cc'))] param() 'f' }; aa; cc; & { function G { [Alias('dd')] param() 'g' }; dd }; "
    assert run(script).output == ["f", "f", "g"]
    assert run(script + "dd").errors[0].fully_qualified_error_id == "CommandNotFoundException"


def test_paging_parameters() -> None:
    script = """
    function F { [CmdletBinding(SupportsPaging)] param() $p = $PSCmdlet.PagingParameters; $p.First; $p.Skip; [bool] $p.IncludeTotalCount }
    F; F -First 5 -Skip 2 -IncludeTotalCount
    function G { [CmdletBinding()] param() $null -eq $PSCmdlet.PagingParameters }; G
    """
    assert run(script).output == [UInt64(2**64 - 1), UInt64(0), False, UInt64(5), UInt64(2), True, True]


_RANGES = """function F { [CmdletBinding()] param([ValidateRange('Positive')] $P, [ValidateRange(1, 2.5)] $D, [ValidateRange('a', 'f')] $T,
  [ValidateLength(1, 2)] $L, [ValidateNotNull()] $N, [ValidateNotNullOrEmpty()] $E, [ValidateNotNullOrWhiteSpace()] $W) 'ok' }
"""
_RANGE_TYPE = (
    'The argument cannot be validated because its type "{0}" is not the same type (Int32) as the maximum and minimum limits of the '
    "parameter. Make sure the argument is of type Int32 and then try the command again."
)
_COLLECTION = (
    "The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not "
    "contain any null values and then try the command again."
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("F -P '5'", _RANGE_TYPE.format("String")),
        ("F -P ([datetime] 0)", _RANGE_TYPE.format("DateTime")),
        (
            "F -P ([timespan] 0)",
            'The argument "00:00:00" cannot be validated because its value is not greater than zero.',
        ),
        (
            "F -D 0.6",
            "The 0.6 argument is less than the minimum allowed range of 1. Supply an argument that is greater than or equal to "
            "1 and then try the command again.",
        ),
        (
            "F -T F",
            "The F argument is greater than the maximum allowed range of f. Supply an argument that is less than or equal to f "
            "and then try the command again.",
        ),
        (
            "F -L 5",
            "The ValidateLength attribute cannot be applied to a parameter that is not a string or string[] parameter. Make the "
            "parameter a string or string[] parameter.",
        ),
        (
            "F -N 1, $null",
            "The argument has a null value, or an element of the argument collection contains a null value. Provide a "
            "collection that does not contain any null values, and then try the command again.",
        ),
        ("F -E @{}", _COLLECTION),
        (
            "F -W $null",
            "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.",
        ),
        (
            "F -W 'a', ' '",
            "An element of the argument collection is null, empty, or consists of only white-space characters. Supply a "
            "collection that does not contain any those values and then try the command again.",
        ),
        ("F -W @()", _COLLECTION),
    ],
)
def test_texts_of_validation(call: str, message: str) -> None:
    (record,) = run(_RANGES + call).errors
    name = call.split()[1][1]
    assert record.message == f"Cannot validate argument on parameter '{name}'. {message}"


@pytest.mark.parametrize("call", ["F -P 0.5", "F -P $true", "F -P ([timespan] 1)", "F -D 1", "F -D 2.5", "F -T e"])
def test_arguments_within_a_range(call: str) -> None:
    assert run(_RANGES + call).output == ["ok"]


# ---- $PSDefaultParameterValues -----------------------------------------------------------------------------------------

_SHOW = 'function Show-It { [CmdletBinding()] param([int] $A, $B) "$A/$B" }; '


def test_presets_that_contradict_each_other_are_ignored_with_a_warning() -> None:
    result = run(_SHOW + "$PSDefaultParameterValues['Show-It:B'] = 1; $PSDefaultParameterValues['*:B'] = 2; Show-It")
    assert result.output == ["0/"]
    assert warnings(result) == [
        "Multiple different default values are defined in $PSDefaultParameterValues for the parameter matching the following name or "
        "alias: B. These defaults have been ignored."
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("@{ 'Show-*:A' = 4 }", "4/"),
        ("@{ 'si:B' = 5 }", "0/5"),
        ("@{ '\"Show-It\":B' = 6 }", "0/6"),
        ("@{ 'Show-It:B' = { 7 } }", "0/7"),
        ("@{ 'Show-It:B' = { } }", "0/"),
        ("@{ 'Show-It:B' = 8; Disabled = $true }", "0/"),
        ("5", "0/"),
    ],
)
def test_keys_of_presets(table: str, expected: str) -> None:
    result = run(f"{_SHOW} Set-Alias si Show-It; $PSDefaultParameterValues = {table}; Show-It")
    assert result.output == [expected]
    assert warnings(result) == []


@pytest.mark.parametrize(
    ("table", "warning"),
    [
        (
            "@{ bad = 1 }",
            "The key 'bad' does not have a valid format. For information about the correct format, see "
            "about_Parameters_Default_Values at https://go.microsoft.com/fwlink/?LinkId=228266.",
        ),
        (
            "@{ 'Show-It:*' = 1 }",
            "The following name or alias defined in $PSDefaultParameterValues for this cmdlet resolves to multiple parameters: *. "
            "The default has been ignored.",
        ),
        (
            "@{ 'Show-It:A' = 'x' }",
            "The binding of default value 'x' to parameter 'A' failed: Cannot process argument transformation on parameter 'A'. "
            'Cannot convert value "x" to type "System.Int32". Error: "The input string \'x\' was not in a correct format."',
        ),
    ],
)
def test_presets_that_cannot_be_used_warn_and_the_command_runs(table: str, warning: str) -> None:
    result = run(f"{_SHOW} $PSDefaultParameterValues = {table}; Show-It")
    assert result.output == ["0/"]
    assert warnings(result) == [warning]


# ---- what Get-Command tells ---------------------------------------------------------------------------------------------

_TOLD = """function F { [CmdletBinding(DefaultParameterSetName = 'P', SupportsShouldProcess)] param(
  [Parameter(Mandatory, Position = 0, ParameterSetName = 'P', HelpMessage = 'hm')] [ValidateSet('a', 'b')] [string] $A,
  [Parameter(Mandatory, ParameterSetName = 'Q')] [Alias('n', 'm')] [int[]] $B, $C, [switch] $S) }
$c = Get-Command F
"""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("$c.DefaultParameterSet; $c.ParameterSets.Name; $c.ParameterSets.IsDefault", ["P", "P", "Q", True, False]),
        (
            "$c.ParameterSets | ForEach-Object ToString",
            [
                "[-A] <string> [-C <Object>] [-S] [-WhatIf] [-Confirm] [<CommonParameters>]",
                "-B <int[]> [-C <Object>] [-S] [-WhatIf] [-Confirm] [<CommonParameters>]",
            ],
        ),
        (
            "$c.Parameters['A'].Attributes | ForEach-Object { $_.GetType().Name }",
            ["ArgumentTypeConverterAttribute", "ValidateSetAttribute", "ParameterAttribute"],
        ),
        ("$c.Parameters['C'].Attributes | ForEach-Object { $_.GetType().Name }", ["ParameterAttribute"]),
        ("$c.Parameters['A'].Attributes.ValidValues", ["a", "b"]),
        ("($c.Parameters['B'].Attributes | Where-Object { $_ -is [Alias] }).AliasNames", ["n", "m"]),
        ("$p = $c.Parameters['A'].ParameterSets['P']; $p.IsMandatory; $p.Position; $p.HelpMessage", [True, 0, "hm"]),
        (
            "$c.Parameters['B'].ParameterSets['Q'].Position; $c.Parameters['C'].ParameterSets.Keys",
            [-(2**31), "__AllParameterSets"],
        ),
        (
            "(Get-Command Get-Item).DefaultParameterSet; (Get-Command Get-Item).ParameterSets.Name",
            ["Path", "Path", "LiteralPath"],
        ),
    ],
)
def test_parameters_of_commands(script: str, expected: list[Any]) -> None:
    assert run(_TOLD + script).output == expected


def test_syntax_and_attributes_of_cmdlets_are_refused() -> None:
    with pytest.raises(Unsupported, match="syntax of a built-in cmdlet"):
        run("(Get-Command Get-Item).ParameterSets[0].ToString()")
    with pytest.raises(Unsupported, match="attributes of the built-in parameter -Path"):
        run("(Get-Command Get-Item).Parameters['Path'].Attributes")


# ---- other --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "valid"), [("1.0", True), ("5.1", True), ("7.6", True), ("2.1", False), ("0", False), ("7.7", False)]
)
def test_versions_of_strict_mode(version: str, valid: bool) -> None:
    result = run(f"Set-StrictMode -Version {version}")
    text = version if "." in version else version + ".0"
    expected = (
        f"Cannot validate argument on parameter 'Version'. The \"{text}\" argument does not contain a valid PowerShell version. Supply "
        "a valid version number and then try the command again."
    )
    assert [record.message for record in result.errors] == ([] if valid else [expected])


def test_windows_powershell_knows_no_strict_mode_7() -> None:
    (record,) = run("Set-StrictMode -Version 7.0", edition="5.1").errors
    assert (
        record.fully_qualified_error_id
        == "ParameterArgumentValidationError,Microsoft.PowerShell.Commands.SetStrictModeCommand"
    )


_FILE = 'Set-Content /tmp/lines.txt -NoNewline -Value "l1`nl2`n`nx"; '


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('switch -File /tmp/lines.txt -Regex { \'^l\' { "L:$_" } default { "D:$_" } }', ["L:l1", "L:l2", "D:", "D:x"]),
        ("$f = '/tmp/lines.txt'; switch -File $f { l1 { 'a' } l2 { break } x { 'b' } }", ["a"]),
        ("switch -Wildcard -File (Get-Item /tmp/lines.txt) { 'x*' { $_ } }", ["x"]),
        ("switch -File /tmp/line*.txt { '' { 'empty' } }", ["empty"]),
    ],
)
def test_switch_over_the_lines_of_a_file(script: str, expected: list[str]) -> None:
    assert run(_FILE + script, machine=sample_machine()).output == expected


def test_switch_over_a_missing_file() -> None:
    (record,) = run("switch -File /tmp/no.such { default { 1 } }; 'on'", machine=sample_machine()).errors
    assert (record.fully_qualified_error_id, record.message) == (
        "PathNotFound",
        "Cannot find path '/tmp/no.such' because it does not exist.",
    )


_SET = "$o = [pscustomobject]@{ a = 1; b = 2; c = 3 }; $o | Add-Member PropertySet few 'a', 'b'; "


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("($o | Select-Object few).PSObject.Properties.Name", ["a", "b"]),
        ("($o | Select-Object f*).PSObject.Properties.Name", ["a", "b"]),
        (
            "$o.PSObject.Properties.Name -join ','; $o.PSObject.Members['few'].MemberType.ToString()",
            ["a,b,c", "PropertySet"],
        ),
        ("$o.PSObject.Methods.Name -contains 'few'", [False]),
    ],
)
def test_property_sets(script: str, expected: list[Any]) -> None:
    assert run(_SET + script).output == expected


def test_aliases_of_properties_that_lead_nowhere_cannot_be_set() -> None:
    script = (
        "$o = [pscustomobject]@{ a = 1 }; $o | Add-Member AliasProperty x nope; $o | Add-Member AliasProperty y z; "
    )
    (record,) = run(script + "$o.x = 1").errors
    assert (record.fully_qualified_error_id, record.message) == (
        "AliasLookupMemberNotPresent",
        'The member "nope" is not present.',
    )
    (record,) = run(script + "$o | Add-Member AliasProperty z y; $o.y = 1").errors
    assert (record.fully_qualified_error_id, record.message) == (
        "CycleInAlias",
        'The alias with name "y" contains a cycle.',
    )


def test_attributes_made_by_scripts_show_their_arguments() -> None:
    script = """
    $v = [ValidateSet]::new('x', 'y'); $v.ValidValues -join ','; $v.IgnoreCase; $v -is [System.Management.Automation.ValidateArgumentsAttribute]
    ([ValidateRange]::new(1, 5)).MaxRange; ([Alias]::new('q')).AliasNames; $p = [Parameter]::new(); $p.Position; $p.Position = 3; $p.Position
    """
    assert run(script).output == ["x,y", True, True, 5, "q", -(2**31), 3]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("1, 2 | ForEach-Object { $input }", [1, 2]),
        ("1, 2 | Where-Object { @($input).Count -eq 1 }", [1, 2]),
        ("function F { 5 | ForEach-Object { $input }; @($input) }; 7, 8 | F", [5, 7, 8]),
        ("1, 2 | ForEach-Object { $_ } | ForEach-Object { @($input)[0] + 1 }", [2, 3]),
    ],
)
def test_blocks_per_object_have_it_as_their_input(script: str, expected: list[int]) -> None:
    assert run(script).output == expected


def test_error_in_a_script_block_for_a_pipeline_parameter_skips_the_object() -> None:
    result = run(
        "function F { param([Parameter(ValueFromPipeline)] $In, [Parameter(ValueFromPipelineByPropertyName)] [string] $Name) "
        "process { $Name } }; 1, 2 | F -Name { if ($_ -eq 1) { throw 'bad' }; \"n$_\" }"
    )
    assert result.output == ["n2"]
    (record,) = result.errors
    assert record.fully_qualified_error_id == "ScriptBlockArgumentInvocationFailed,F"
    assert record.message == "The input to the script block for parameter 'Name' failed. bad"


# ---- script files -------------------------------------------------------------------------------------------------------

_CANNOT = "The script 's.ps1' cannot be run because "


@pytest.mark.parametrize(
    ("line", "error_id", "message"),
    [
        (
            "-Version 99",
            "ScriptRequiresUnmatchedPSVersion",
            'it contained a "#requires" statement for PowerShell 99.0. The version of PowerShell that is required by the script does '
            "not match the currently running version of PowerShell 7.6.5.",
        ),
        (
            "-PSEdition Desktop",
            "ScriptRequiresUnmatchedPSEdition",
            "it contained a \"#requires\" statement for PowerShell editions 'Desktop'. The edition of PowerShell that is required by the "
            "script does not match the currently running PowerShell Core edition.",
        ),
        (
            "-Modules No.Such",
            "ScriptRequiresMissingModules",
            'the following modules that are specified by the "#requires" statements of the script are missing: No.Such.',
        ),
    ],
)
def test_requirements_of_a_script_file(line: str, error_id: str, message: str) -> None:
    result = run(f"Set-Content /tmp/s.ps1 '#Requires {line}', '1'; & /tmp/s.ps1; 'on'", machine=sample_machine())
    assert result.output == ["on"]
    (record,) = result.errors
    assert (record.fully_qualified_error_id, record.message) == (error_id, _CANNOT + message)


@pytest.mark.parametrize(
    "line", ["-Version 5.1", "-Version 7.4 -PSEdition Core", "-Modules Microsoft.PowerShell.Utility"]
)
def test_requirements_that_are_met(line: str) -> None:
    assert run(f"Set-Content /tmp/s.ps1 '#Requires {line}', '1'; & /tmp/s.ps1", machine=sample_machine()).output == [1]


def test_requirements_that_cannot_be_checked_are_refused() -> None:
    script = (
        "Set-Content /tmp/s.ps1 \"#Requires -Modules @{ ModuleName = 'A'; ModuleVersion = '1.0' }\", '1'; & /tmp/s.ps1"
    )
    with pytest.raises(Unsupported, match="module specification"):
        run(script, machine=sample_machine())


def test_requirements_of_typed_text_are_not_verified() -> None:
    assert run("#Requires -Version 99\n1").output == [1]


def test_dotted_script_knows_where_it_is() -> None:
    script = 'Set-Content /tmp/s.ps1 \'"$PSScriptRoot $PSCommandPath"; function F { $PSScriptRoot }\'; . /tmp/s.ps1; "[$PSScriptRoot]"; F'
    assert run(script, machine=sample_machine()).output == ["/tmp /tmp/s.ps1", "[]", "/tmp"]


def test_pscmdlet_and_session_state_know_origin_and_language() -> None:
    script = (
        "function F { [CmdletBinding()] param() $PSCmdlet.CommandOrigin.ToString(); $PSCmdlet.InvokeCommand.ExpandString('a$(1 + 1)'); "
        "$PSCmdlet.SessionState.LanguageMode.ToString() }; F"
    )
    assert run(script).output == ["Internal", "a2", "FullLanguage"]


def test_unbound_arguments_are_those_of_args() -> None:
    assert run("function F($a) { $MyInvocation.UnboundArguments -join ',' }; F 1 2 -k 3").output == ["2,-k,3"]
    assert run("function F { [CmdletBinding()] param($a) $MyInvocation.UnboundArguments.Count }; F 1").output == [0]


def test_default_parameter_set_of_commands_without_one() -> None:
    script = (
        "function A { param([Parameter()] $x) }; function B($x) { }; function C { [CmdletBinding(DefaultParameterSetName = 'n')] param() }; "
        "(Get-Command A).DefaultParameterSet; $null -eq (Get-Command B).DefaultParameterSet; (Get-Command C).DefaultParameterSet"
    )
    assert run(script).output == ["__AllParameterSets", True, "n"]


def test_variable_says_which_values_it_takes() -> None:
    script = "[ValidateRange(1, 5)] [int] $v = 1; $w = 1; foreach ($x in 9, '3', 'q') { (Get-Variable v).IsValidValue($x) }; (Get-Variable w).IsValidValue('q')"
    assert run(script).output == [False, True, False, True]
