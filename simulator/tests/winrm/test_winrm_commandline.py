# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hvsim.winrm import commandline
from hvsim.winrm.commandline import CommandLineError, PowerShellCall

OPTIONS = "-NoProfile -NonInteractive -ExecutionPolicy Unrestricted"


def encoded(script: str) -> str:
    return base64.b64encode(script.encode("utf-16-le")).decode()


INNER = f"PowerShell {OPTIONS} -EncodedCommand {encoded('Get-VM')}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('a "b c" d', ["a", "b c", "d"]),
        (r'a\b "c\\" d', ["a\\b", "c\\", "d"]),
        (r'"a\"b" c', ['a"b', "c"]),
        (r"a\\\"b", ['a\\"b']),
        ('a"b c"d', ["ab cd"]),
        ('"a""b"', ['a"b']),
        ('"" x', ["", "x"]),
        ("  a\tb  ", ["a", "b"]),
        ("C:\\x\\", ["C:\\x\\"]),
    ],
)
def test_split_as_windows_does(line: str, words: list[str]) -> None:
    assert commandline.split_arguments(line) == words


@pytest.mark.parametrize(
    "line",
    [
        f"powershell {OPTIONS} -EncodedCommand {encoded('Get-VM')}",
        f"PowerShell {OPTIONS} -EncodedCommand {encoded('Get-VM')}",
        f"powershell.exe -noni -nop -ex Bypass -e {encoded('Get-VM')}",
        f'"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe" /enc {encoded("Get-VM")}',
        f'^"C:\\Program Files\\x\\powershell.exe^" -EncodedCommand {encoded("Get-VM")}',
        'powershell -NoLogo -Command "Get-VM"',
        "powershell Get-VM",
        # ansible-core before 2.21 wraps once more.
        f"PowerShell {OPTIONS} -EncodedCommand {encoded(INNER)}",
        f"PowerShell {OPTIONS} -EncodedCommand " + encoded(INNER + "\nexit $LASTEXITCODE"),
    ],
)
def test_script_of_the_command_line(line: str) -> None:
    assert commandline.decode(line) == PowerShellCall("powershell", "Get-VM")


@pytest.mark.parametrize(
    "line",
    [
        f'type "C:\\a b\\x.ps1" | PowerShell {OPTIONS} -EncodedCommand {encoded("boot")}',
        "PowerShell -EncodedCommand "
        + encoded(f'type "C:\\a b\\x.ps1" | PowerShell -EncodedCommand {encoded("boot")}'),
        "PowerShell -EncodedCommand "
        + encoded(f"type 'C:\\a b\\x.ps1' | PowerShell -EncodedCommand {encoded('boot')}"),
    ],
)
def test_payload_from_a_file(line: str) -> None:
    assert commandline.decode(line) == PowerShellCall("powershell", "boot", input_file="C:\\a b\\x.ps1")


def test_directory_file_and_stdin() -> None:
    call = commandline.decode(f'cd /d "C:\\a b" && powershell -EncodedCommand {encoded("x")}')
    assert call == PowerShellCall("powershell", "x", directory="C:\\a b")
    call = commandline.decode(f"cd C:\\a b && powershell -EncodedCommand {encoded('x')}")
    assert call == PowerShellCall("powershell", "x", directory="C:\\a b")
    nested = encoded(f"cd C:\\w ; PowerShell {OPTIONS} -EncodedCommand {encoded('x')}")
    assert commandline.decode(f"powershell -EncodedCommand {nested}") == PowerShellCall(
        "powershell", "x", directory="C:\\w"
    )
    call = commandline.decode('powershell -File "C:\\s.ps1" -x "1 2"')
    assert call == PowerShellCall("powershell", file="C:\\s.ps1", arguments=("-x", "1 2"))
    assert commandline.decode("powershell -NoProfile -Command -") == PowerShellCall("powershell")
    assert commandline.decode("pwsh -c 1").program == "pwsh"


def test_encoded_arguments() -> None:
    clixml = (
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><LST>'
        "<S>C:\\a b</S><S>_xD83D__xDE00_x&amp;</S></LST></Obj></Objs>"
    )
    line = f"powershell -InputFormat None -EncodedCommand {encoded('x')} -EncodedArguments {encoded(clixml)}"
    assert commandline.decode(line).arguments == ("C:\\a b", "\U0001f600x&")
    with pytest.raises(CommandLineError, match="unsupported: I32 in -EncodedArguments"):
        commandline.encoded_arguments("<Objs><Obj><LST><I32>1</I32></LST></Obj></Objs>")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ipconfig /all", r"hvsim: unsupported: program 'ipconfig'; only PowerShell can be started"),
        ("C:\\Windows\\System32\\cmd.exe /c dir", "program 'cmd.exe'"),
        ("", "an empty command line"),
        ("powershell x > C:\\out", "operator '>' of cmd.exe"),
        ("powershell x || y", r"operator '\|\|' of cmd.exe"),
        ("powershell x & ipconfig", "command lines of cmd.exe with '&'"),
        ("powershell -Frobnicate 1", "parameter -Frobnicate of PowerShell"),
        ("powershell -EncodedCommand", "-EncodedCommand of powershell needs a value"),
        ("powershell -EncodedCommand !!", "the value of -EncodedCommand"),
        ("powershell -ConfigurationName x", "unsupported: -ConfigurationName"),
    ],
)
def test_refused_by_name(line: str, message: str) -> None:
    with pytest.raises(CommandLineError, match=message):
        commandline.decode(line)


def test_nesting_is_limited() -> None:
    script = "x"
    for _ in range(7):
        script = f"powershell -EncodedCommand {encoded(script)}"
    with pytest.raises(CommandLineError, match="too many times"):
        commandline.decode(script)


@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text('powershell -e"^|&\\ typecd', max_size=60))
def test_any_line_decodes_or_is_refused(line: str) -> None:
    try:
        commandline.decode(line)
    except CommandLineError as error:
        assert str(error)
