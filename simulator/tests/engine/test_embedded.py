# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded engine as the transport uses it."""

from __future__ import annotations

import json

import pytest

from hvsim.engine.api import ModuleRequest, ScriptRequest, Session
from hvsim.engine.embedded import EmbeddedEngine
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import parse_lab
from hvsim.lang.errors import Unsupported
from hvsim.library.formatting import output
from hvsim.runtime.context import ExecutionContext

LAB = """
hosts:
  - name: HV01
    language: de-DE
    vms:
      - name: db[1]
        services: {vss: false}
      - name: "Größe 🚀"
        state: off
"""
MODULE = """#!powershell
#AnsibleRequires -CSharpUtil Ansible.Basic
$spec = @{ options = @{ text = @{ type = 'str'; required = $true } }; supports_check_mode = $true }
$module = [Ansible.Basic.AnsibleModule]::Create($args, $spec)
"""


@pytest.fixture
def host() -> Host:
    return parse_lab(LAB).hosts()[0]


@pytest.fixture
def session(host: Host) -> Session:
    return Session(host, "Administrator")


def run_module(session: Session, body: str, **arguments: object) -> dict[str, object]:
    request = ModuleRequest("ns.col.demo.ps1", MODULE + body, arguments, "2.21", csharp_utils=["Ansible.Basic.cs"])
    result = EmbeddedEngine().run_module(session, request)
    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert result.rc == (1 if document.get("failed") else 0)
    return document


def test_script_prints_what_a_console_shows(session: Session) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest("'a'; 1 + 1; Get-VM | ForEach-Object { $_.Name }"))
    assert result.stdout.splitlines() == ["a", "2", "db[1]", "Größe 🚀"]
    assert (result.stderr, result.rc) == ("", 0)


def test_script_exit_code_and_input(session: Session) -> None:
    result = EmbeddedEngine().run_script(
        session, ScriptRequest('$input | ForEach-Object { "<$_>" }; exit 7', input_lines=["x", "y"])
    )
    assert (result.stdout.splitlines(), result.rc) == (["<x>", "<y>"], 7)


def test_script_that_throws_says_so_on_stderr(session: Session) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest("'before'; throw 'boom'"))
    assert result.stdout.splitlines() == ["before"]
    assert result.stderr.startswith("boom")
    assert result.rc == 1


def test_script_that_does_not_parse(session: Session) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest("if ("))
    assert (result.stdout, result.rc) == ("", 1)
    assert "Missing condition" in result.stderr


def test_refusal_names_what_is_missing(session: Session) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest("Get-VMSwitch"))
    assert result.stderr == "hvsim: unsupported: cmdlet Get-VMSwitch is not supported by hvsim (line 1, column 1)\r\n"
    assert result.rc == 1


@pytest.mark.parametrize(
    ("script", "place"),
    [
        ("'out'; Write-Error 'err'; Write-Warning 'careful'\n  Get-VMSwitch; 'after'", "line 2, column 3"),
        (
            "'out'; Write-Error 'err'; Write-Warning 'careful'\ntry { Get-VMSwitch } catch { 'caught' }",
            "line 2, column 7",
        ),
        (
            "'out'; Write-Error 'err'; Write-Warning 'careful'\nfunction f {\n1\n Get-VMSwitch }\n$x = f",
            "line 4, column 2",
        ),
        ("'out'; Write-Error 'err'; Write-Warning 'careful'; Invoke-Expression \" Get-VMSwitch\"", "line 1, column 2"),
    ],
)
def test_refusal_keeps_what_was_written_and_names_its_statement(session: Session, script: str, place: str) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest(script))
    assert result.stdout == "out\r\nWARNING: careful\r\n"
    lines = result.stderr.splitlines()
    assert lines[script.count("\n")].endswith(" : err")
    assert lines[-1] == f"hvsim: unsupported: cmdlet Get-VMSwitch is not supported by hvsim ({place})"
    assert (result.refused, result.rc) == (f"cmdlet Get-VMSwitch is not supported by hvsim ({place})", 1)


def test_syntax_that_is_refused_is_named_with_its_place(session: Session) -> None:
    result = EmbeddedEngine().run_script(session, ScriptRequest("'a'\n workflow x { }", file="C:\\x.ps1"))
    assert (result.stdout, result.stderr) == (
        "",
        "hvsim: unsupported: workflow is not supported by hvsim (C:\\x.ps1:2:2)\r\n",
    )


def test_value_without_a_view_is_refused_behind_what_was_printed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = output.lines

    def without_view(ctx: ExecutionContext, values: list[object]) -> list[str]:
        if 3 in values:
            raise Unsupported("a view of 3")
        return lines(ctx, values)

    monkeypatch.setattr(output, "lines", without_view)
    result = EmbeddedEngine().run_script(session, ScriptRequest("1; 'two'; 3; 4"))
    assert result.stdout.splitlines() == ["1", "two"]
    assert result.stderr == "hvsim: unsupported: a view of 3 is not supported by hvsim\r\n"


def test_refusal_in_win_shell_keeps_its_output(session: Session) -> None:
    request = ModuleRequest("ansible.windows.win_shell", "", {"_raw_params": "'before'\nGet-VMSwitch"}, "2.21")
    document = json.loads(EmbeddedEngine().run_module(session, request).stdout)
    assert document["failed"] is True
    assert document["stdout"] == "before\r\n"
    assert document["msg"] == "hvsim: unsupported: cmdlet Get-VMSwitch is not supported by hvsim (line 2, column 1)"


def test_host_lines_are_printed_in_their_place(session: Session) -> None:
    script = "'a'; New-Item C:\\t.txt -WhatIf; 'b'; Write-Host h; 1 | Out-Host; $null = 'c' | Out-Host; 'd'"
    result = EmbeddedEngine().run_script(session, ScriptRequest(script))
    assert result.stdout.splitlines() == [
        "a",
        'What if: Performing the operation "Create File" on target "Destination: C:\\t.txt".',
        "b",
        "h",
        "1",
        "c",
        "d",
    ]
    assert result.stderr == ""


def test_module_gets_its_arguments_and_answers_in_json(session: Session) -> None:
    body = "$module.Result.text = $module.Params.text; $module.Result.check = $module.CheckMode; $module.ExitJson()"
    document = run_module(session, body, text="Größe 🚀 'x'", _ansible_check_mode=True)
    assert document == {"changed": False, "text": "Größe 🚀 'x'", "check": True}


def test_module_refusal_is_a_failed_result(session: Session) -> None:
    document = run_module(session, "Get-VMSwitch; $module.ExitJson()", text="x")
    assert document["failed"] is True
    assert document["msg"] == "hvsim: unsupported: cmdlet Get-VMSwitch is not supported by hvsim (ns.col.demo.ps1:5:1)"
    assert document["hvsim_unsupported"] == "cmdlet Get-VMSwitch"


def test_module_with_a_foreign_csharp_utility_is_refused(session: Session) -> None:
    request = ModuleRequest("ns.col.x.ps1", "1", {}, "2.21", csharp_utils=["Ansible.Service.cs"])
    result = EmbeddedEngine().run_module(session, request)
    assert json.loads(result.stdout)["msg"] == (
        "hvsim: unsupported: C# module utility Ansible.Service.cs (used by ns.col.x.ps1) is not supported by hvsim"
    )


def test_mistake_of_the_engine_never_shows_a_traceback(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("hvsim.engine.embedded.new_runspace", broken)
    result = EmbeddedEngine().run_script(session, ScriptRequest("1"))
    assert result.rc == 1
    assert result.stderr.startswith("hvsim: internal error: ZeroDivisionError")
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_host_without_the_module_has_no_hyperv_cmdlets(host: Host, session: Session) -> None:
    host.module_installed = False
    result = EmbeddedEngine().run_script(session, ScriptRequest("try { Get-VM } catch { $_.FullyQualifiedErrorId }"))
    assert result.stdout.splitlines() == ["CommandNotFoundException"]


def test_wrong_user_may_not_manage(host: Host) -> None:
    from hvsim.hyperv.users import User

    host.users = (*host.users, User("guest", "x"))
    script = "Get-VM -ErrorVariable e -ErrorAction SilentlyContinue; $e[0].FullyQualifiedErrorId; $e[0].CategoryInfo.Category"
    result = EmbeddedEngine().run_script(Session(host, "guest"), ScriptRequest(script))
    assert result.stdout.splitlines() == ["AccessDenied,Microsoft.HyperV.PowerShell.Commands.GetVM", "PermissionDenied"]


def test_unknown_command_in_a_pipeline_is_underlined_alone(session: Session) -> None:
    script = "'x' | Foo-Bar -a 1 | ForEach-Object { }; & 'no such' x; try { Foo-Bar } catch { $_.InvocationInfo.InvocationName }"
    result = EmbeddedEngine().run_script(session, ScriptRequest(script, file="C:\\a\\x.ps1"))
    lines = result.stderr.splitlines()
    assert lines[0].startswith("Foo-Bar : The term 'Foo-Bar' is not recognized as the name")
    assert lines[1] == "At C:\\a\\x.ps1:1 char:7"
    assert lines[3] == "+       ~~~~~~~"
    assert lines[7].startswith("& : The term 'no such' is not recognized as the name")
    assert lines[10].count("~") == len("'no such'")
    assert result.stdout == "Foo-Bar\r\n"


def test_concise_view_names_the_unknown_command() -> None:
    session = Session(Host("HV01", powershell="7"), "Administrator")
    result = EmbeddedEngine().run_script(session, ScriptRequest("1\n  $x | Foo-Bar"))
    lines = result.stderr.splitlines()
    assert lines[0] == "Foo-Bar: "
    assert lines[2:4] == ["   2 |    $x | Foo-Bar", "     |         ~~~~~~~"]


def test_a_script_file_is_named_by_its_errors(session: Session) -> None:
    script = (
        "Write-Error boo\n$Error[0].FullyQualifiedErrorId\n$MyInvocation.MyCommand.CommandType\nfunction f { 1 / 0 }\n"
    )
    script += "try { f } catch { $_.ScriptStackTrace }\nexit 5"
    result = EmbeddedEngine().run_script(session, ScriptRequest(script, file="C:\\a\\x.ps1"))
    assert result.stderr.splitlines()[0] == "C:\\a\\x.ps1 : boo"
    assert result.stdout.splitlines() == [
        "Microsoft.PowerShell.Commands.WriteErrorException,x.ps1",
        "ExternalScript",
        "at f, C:\\a\\x.ps1: line 4",
        "at <ScriptBlock>, C:\\a\\x.ps1: line 5",
    ]
    assert result.rc == 5


_ELEVATION = (
    "ScriptRequiresElevation|The script 'a.ps1' cannot be run because it contains a \"#requires\" statement for running as Administrator. "
    "The current PowerShell session is not running as Administrator. Start PowerShell by using the Run as Administrator option, and then "
    "try running the script again."
)


@pytest.mark.parametrize(("groups", "expected"), [("[administrators]", "ran"), ("[remote_management_users]", _ELEVATION)])
def test_requires_run_as_administrator_asks_the_lab(groups: str, expected: str) -> None:
    """A script file that wants an administrator runs for one and for nobody else."""
    lab = f"hosts:\n  - name: HV01\n    powershell: '7'\n    users:\n      - {{name: bob, password: p, groups: {groups}}}\n"
    (host,) = parse_lab(lab).hosts()
    script = (
        "Set-Content C:\\Windows\\Temp\\a.ps1 \"#requires -RunAsAdministrator`n'ran'\"\n"
        "try { & C:\\Windows\\Temp\\a.ps1 } catch { \"$($_.FullyQualifiedErrorId)|$($_.Exception.Message)\" }"
    )
    result = EmbeddedEngine().run_script(Session(host, "bob"), ScriptRequest(script))
    assert result.stdout.splitlines() == [expected]


def test_the_consoles_error_text_comes_among_the_errors(session: Session) -> None:
    script = "[Console]::Error.WriteLine('a'); Write-Error 'b' -ErrorAction Continue; [Console]::Error.Write('c'); throw 'd'"
    lines = EmbeddedEngine().run_script(session, ScriptRequest(script)).stderr.splitlines()
    assert lines[0] == "a"
    assert [line for line in lines if line.startswith(("c", "d"))] == ["cd"]
    result = EmbeddedEngine().run_script(session, ScriptRequest("[Console]::Error.WriteLine(1.5); 1"))
    assert (result.stdout, result.stderr, result.rc) == ("1\r\n", "1,5\r\n", 0)
