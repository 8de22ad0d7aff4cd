# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_direct_exec: programs of a guest get arguments as they are given, scripts parameters with their types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from direct_lab import DirectLab

MODULE = "hyperv.integration.hyperv_direct_exec"
PROGRAM = "C:\\Tools\\show args.exe"
#: Arguments of one call each.
CALLS: list[list[str]] = [
    [""],
    ["", "x", ""],
    ["two words", "three little words"],
    ['"'],
    ['say "hi"', "b"],
    ['"hi there"', "b"],
    ['a"b c"d', "e f"],
    ['say"hi there"', '""', '"" ""'],
    ["C:\\Program Files\\", "C:\\Temp\\", "end"],
    ["back\\\\slashes\\\\ \\\\", "\\", "\\\\"],
    ['quote at the end\\"', 'a\\\\"b', '\\"'],
    ["%PATH%", "100% of %SystemRoot%\\x", "%", "%%", 'a "%PATH%" b', "x\\%SystemRoot%"],
    ["tab\there", "\u00e4\u00f6\u00fc \u20ac", "\U0001f680", "\u3042 \u3044"],
    ["$env:PATH", "$(hostname)", "`n", "a;b", "a|b", "a&b", "<x>", "^", "'single' quotes", "@{a=1}", "--%", "-Name:x"],
]


@pytest.fixture(scope="module")
def running_direct_lab() -> Iterator[DirectLab]:
    rows = [{"path": PROGRAM, "arguments": call, "stdout": f"call {n}", "rc": n} for n, call in enumerate(CALLS)]
    rows += [{"path": PROGRAM, "stdout": "others", "rc": 99}]
    users = [{"name": "Administrator", "password": "Guest-Only-1", "administrator": True}]
    guest = {"os": "windows", "users": users, "executables": rows}
    text = json.dumps({"hosts": [{"name": "H", "vms": [{"name": "a", "guest": guest}]}]})
    with closing(DirectLab(text)) as lab:
        yield lab


def execute(**options: Any) -> dict[str, Any]:
    return {MODULE: {"name": ["a"], "guest_username": "Administrator", "guest_password": "Guest-Only-1", **options}}


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_program_sees_its_arguments_as_they_are_given(direct_lab: DirectLab, number: int) -> None:
    (step,) = direct_lab.play([execute(command=[PROGRAM, *CALLS[number]])], "H")
    vm = step.vm("a")
    assert (vm["rc"], vm["stdout"], vm["error"]) == (number, f"call {number}", [])
    assert (vm["failed"], vm["reason"]) == (number != 0, "exit_code" if number else "")


def test_a_program_without_arguments_gets_none(direct_lab: DirectLab) -> None:
    (step,) = direct_lab.play([execute(command=[PROGRAM])], "H")
    assert (step.vm("a")["rc"], step.vm("a")["stdout"]) == (99, "others")


def test_a_command_of_powershell_sees_them_too(direct_lab: DirectLab) -> None:
    """Nothing is escaped for it that only programs need."""
    texts = ['say "hi there"', "C:\\Program Files\\", "", "%PATH%"]
    steps = direct_lab.play([execute(command=["Write-Output", text]) for text in texts], "H")
    assert [step.vm("a")["output"] for step in steps] == [[text] for text in texts]


def test_cmd_reads_its_line_by_its_own_rules(direct_lab: DirectLab) -> None:
    exits, echoes = direct_lab.play(
        [execute(command=["cmd", "/c", "exit 5"]), execute(command=["cmd.exe", "/c", "echo", "a b"])], "H"
    )
    assert exits.vm("a")["rc"] == 5
    assert echoes.vm("a")["rc"] == 0


# -- parameters


TYPES = """
    param ($Value, [Parameter(ValueFromRemainingArguments)] $Rest)
    if ($null -eq $Value) { 'null' } else { $Value.GetType().FullName }
"""


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (7, "System.Int32"),
        (5_000_000_000, "System.Int64"),
        # What Ansible.Basic makes of a fraction on Windows PowerShell (JavaScriptSerializer); a double on PowerShell 7.
        (1.5, "System.Decimal"),
        (True, "System.Boolean"),
        ("7", "System.String"),
        ("", "System.String"),
        ('two "words"', "System.String"),
        (None, "null"),
    ],
)
def test_parameters_keep_their_types(direct_lab: DirectLab, value: Any, type_name: str) -> None:
    script = TYPES + "; $Value"
    (step,) = direct_lab.play([execute(script=script, parameters={"Value": value})], "H")
    assert step.vm("a")["output"] == [type_name, value]


def test_lists_and_dictionaries_keep_what_is_in_them(direct_lab: DirectLab) -> None:
    script = """
        param ([int[]] $Numbers, [object[]] $Mixed, $Table, [switch] $Flag, [datetime] $When)
        ($Numbers | Measure-Object -Sum).Sum
        @($Mixed | ForEach-Object { if ($null -eq $_) { 'null' } else { $_.GetType().Name } }) -join ','
        $Table['inner']['list'][1]
        $Table['inner']['flag'].GetType().Name
        $Flag.IsPresent
        $When.Year
    """
    parameters = {
        "Numbers": [1, 2, 3],
        "Mixed": [1, "1", True, None],
        "Table": {"inner": {"list": ["a", "b"], "flag": False}},
        "Flag": True,
        "When": "2026-01-02",
    }
    (step,) = direct_lab.play([execute(script=script, parameters=parameters)], "H")
    assert step.vm("a")["output"] == [6, "Int32,String,Boolean,null", "b", "Boolean", True, 2026]


def test_sensitive_parameters_are_secure_strings_and_credentials(direct_lab: DirectLab) -> None:
    script = """
        param ([securestring] $Token, [pscredential] $Account, [securestring] $Empty, [string] $Plain)
        $Token.GetType().Name, $Token.Length
        $Account.GetType().Name, $Account.UserName, $Account.Password.Length
        $Empty.Length, $Plain
        $Token
    """
    secrets = [
        {"name": "Token", "value": 'se"cret \u00e4%PATH%'},
        {"name": "Account", "username": "EXAMPLE\\join", "password": "pass word"},
        {"name": "Empty", "value": ""},
    ]
    (step,) = direct_lab.play([execute(script=script, parameters={"Plain": "seen"}, sensitive_parameters=secrets)], "H")
    assert step.vm("a")["output"] == [
        "SecureString", 15, "PSCredential", "EXAMPLE\\join", 9, 0, "seen", "System.Security.SecureString",
    ]  # fmt: skip
    assert 'se\\"cret' not in json.dumps(step.result)
    assert "pass word" not in json.dumps(step.result)
