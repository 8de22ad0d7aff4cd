# SPDX-License-Identifier: GPL-3.0-or-later
"""What a console shows."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported
from hvsim.library.formatting import output
from hvsim.runtime import culture
from hvsim.runtime.interpreter import on_engine_thread


def shown(script: str, *, edition: str = "7", name: str = "en-US") -> list[str]:
    runspace = Runspace(sample_machine(), edition=edition, culture=culture.get(name))
    result = runspace.run(script)
    return on_engine_thread(lambda: output.lines(runspace.ctx, result.output))


def errors(script: str, edition: str) -> list[str]:
    runspace = Runspace(sample_machine(), edition=edition)
    result = runspace.run(script)
    records = [*result.errors, *([result.terminating] if result.terminating else [])]
    return on_engine_thread(lambda: [line for r in records for line in output.error_lines(runspace.ctx, r)])


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("'text', 5, $true, [char]'c', $null, 1.5", ["text", "5", "True", "c", "1.5"]),
        (
            "[pscustomobject]@{ a = 1; name = 'xyz' }, [pscustomobject]@{ a = 222; name = 'longer' }",
            ["", "  a name", "  - ----", "  1 xyz", "222 longer", ""],
        ),
        ("[pscustomobject]@{ a = 1 }; 'text'", ["", "a", "-", "1", "text", ""]),
        ("[pscustomobject]@{ a = 1 }; [pscustomobject]@{ b = 2 }", ["", "a", "-", "1", " ", ""]),
        (
            "[pscustomobject]@{ a = 1; bb = 'x'; c = 3; d = 4; e = 1, 2, 3, 4, 5 }",
            ["", "a  : 1", "bb : x", "c  : 3", "d  : 4", "e  : {1, 2, 3, 4\u2026}", ""],
        ),
        (
            "@{ a = 1 }",
            [
                "",
                "Name                           Value",
                "----                           -----",
                "a                              1",
                "",
            ],
        ),
        (
            "[version]'1.2'",
            ["", "Major  Minor  Build  Revision", "-----  -----  -----  --------", "1      2      -1     -1", ""],
        ),
        ("[datetime]'2024-01-02T03:04:05'", ["", "Tuesday, January 2, 2024 3:04:05 AM", ""]),
        ("1..3 | Format-Wide -Column 3 | Out-Null; 'end'", ["end"]),
    ],
)
def test_default_output(script: str, lines: list[str]) -> None:
    assert [line.replace("\u202f", " ") for line in shown(script)] == lines


def test_blank_lines_and_padding_of_windows_powershell() -> None:
    assert shown("[pscustomobject]@{ a = 1; name = 'xyz' }", edition="5.1") == [
        "",
        "a name",
        "- ----",
        "1 xyz ",
        "",
        "",
    ]
    assert shown("[pscustomobject]@{ a = 1 } | Format-List", edition="5.1") == ["", "", "a : 1", "", "", ""]
    assert shown("@{ k = @{ a = 1 } }", edition="5.1")[3] == "k                              {a}".ljust(80)


def test_numbers_follow_the_culture() -> None:
    assert shown("1.5; [pscustomobject]@{ d = 2.25 }", name="de-DE") == ["1,5", "", "   d", "   -", "2,25", ""]


def test_wide_tables_lose_columns_on_the_right() -> None:
    lines = shown("[pscustomobject]@{ a = 'x' * 50; b = 'y' * 60; c = 'z' * 30 } | Format-Table")
    assert lines[3] == "x" * 50 + " " + "y" * 60 + " " + "zzzzzzz\u2026"
    lines = shown("[pscustomobject]@{ a = 'x' * 70; b = 'y' * 20 } | Format-Table", edition="5.1")
    assert lines[3] == "x" * 70 + " " + "yyyyyy..."


def test_format_table_properties() -> None:
    script = """
    $o = [pscustomobject]@{ n = 'a'; v = 1 }, [pscustomobject]@{ n = 'b'; v = 2 }
    $o | Format-Table n, @{ Name = 'twice'; Expression = { $_.v * 2 } }
    $o | Format-Table -HideTableHeaders
    $o | Format-Table v -GroupBy n
    """
    assert shown(script) == [
        "", "n twice", "- -----", "a     2", "b     4", "",
        "", "a 1", "b 2", "",
        "", "   n: a", "", "v", "-", "1", "", "", "   n: b", "", "v", "-", "2", "",
    ]  # fmt: skip


def test_format_list_properties_and_wildcards() -> None:
    script = "[pscustomobject]@{ aa = 1; ab = 2; c = 3 } | Format-List a*, @{ n = 'F'; e = 'c'; f = 'N2' }"
    assert shown(script) == ["", "aa : 1", "ab : 2", "F  : 3.00", ""]


def test_out_string() -> None:
    script = """
    (1, 'two' | Out-String) -replace "`r?`n", '|'; @('a', 'b' | Out-String -Stream).Count; (1, 2 | Out-String -NoNewline)
    ([pscustomobject]@{ a = 1 } | Out-String) -replace "`n", '|'; ([pscustomobject]@{ a = 'x' * 30 } | Out-String -Width 10).Split("`n")[3]
    """
    assert shown(script) == ["1|two|", "2", "12", "|a|-|1||", "xxxxxxxxx\u2026"]


def test_errors_in_both_editions() -> None:
    assert errors("Get-Item /none", "7") == ["Get-Item: Cannot find path '/none' because it does not exist."]
    assert errors("\nGet-Item /none", "7") == [
        "Get-Item: ",
        "Line |",
        "   2 |  Get-Item /none",
        "     |  ~~~~~~~~~~~~~~",
        "     | Cannot find path '/none' because it does not exist.",
    ]
    assert errors("Get-Item /none", "5.1") == [
        "Get-Item : Cannot find path '/none' because it does not exist.",
        "At line:1 char:1",
        "+ Get-Item /none",
        "+ ~~~~~~~~~~~~~~",
        "    + CategoryInfo          : ObjectNotFound: (/none:String) [Get-Item], ItemNotFoundException",
        "    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand",
        " ",
    ]


def test_the_reason_stands_for_a_category_that_is_none() -> None:
    """``if ($_.CategoryInfo.Category)`` of ConciseView: NotSpecified is 0."""
    assert errors("1 / $null", "7") == ["RuntimeException: Attempted to divide by zero."]
    message = "The property 'Month' cannot be found on this object. Verify that the property exists."
    assert errors("Set-StrictMode -Version 2; 'a'.Month", "7") == [f"PropertyNotFoundException: {message}"]
    assert errors("[int] 'x'", "7")[0].startswith("InvalidArgument: Cannot convert value")


def test_displays_without_a_view_show_the_adapter_s_properties_then_added_ones() -> None:
    """``AssociationManager.ExpandAll``."""
    script = "$x = [xml] '<doc v=\"1\"><intro>Once</intro><p><q/></p></doc>'; "
    assert shown(f"{script} $x") == ["", "doc", "---", "doc", ""]
    assert shown(f"{script} $x['doc']") == ["", "v intro p", "- ----- -", "1 Once  p", ""]
    assert shown(f"{script} $x.doc | Add-Member a 5 -PassThru | Format-List") == ["", "v     : 1", "intro : Once", "p     : p", "a     : 5", ""]
    assert shown("[version] '1.2' | Add-Member a 5 -PassThru | Format-List")[-2:] == ["a             : 5", ""]


def test_throw_has_no_command_in_front() -> None:
    assert errors("throw 'bad'", "5.1")[:2] == ["bad", "At line:1 char:1"]
    assert errors("throw 'bad'", "7") == ["Exception: bad"]


def test_format_custom_is_refused() -> None:
    with pytest.raises(Unsupported, match="Format-Custom"):
        shown("1 | Format-Custom")


def test_out_host_goes_to_the_host() -> None:
    runspace = Runspace(sample_machine())
    assert runspace.run("[pscustomobject]@{ a = 1 } | Out-Host").output == []
    assert runspace.ctx.host_lines == ["", "a", "-", "1", ""]


@pytest.mark.parametrize("edition", ["7", "5.1"])
def test_dictionaries_show_what_their_enumeration_gives(edition: str) -> None:
    # Hashtable gives DictionaryEntry, which has views; a generic one KeyValuePair, which has none (about_Automatic_Variables).
    generic = "$d = [Collections.Generic.Dictionary[string,int]]::new(); $d['a'] = 1; $d"
    assert [line for line in shown(generic, edition=edition) if line.strip()] == ["Key Value", "--- -----", "a       1"]
    bound = "function f { [CmdletBinding()] param($X) $PSBoundParameters }; f 2 | Format-List"
    assert [line.strip() for line in shown(bound, edition=edition) if line.strip()] == ["Key   : X", "Value : 2"]
    entries = [line.strip() for line in shown("@{ a = 1 } | Format-List", edition=edition) if line.strip()]
    assert entries == ["Name  : a", "Value : 1"]
    cell = shown(f"{generic[:-4]}; [pscustomobject]@{{ D = $d }}", edition=edition)
    assert "{[a, 1]}" in [line.strip() for line in cell]
