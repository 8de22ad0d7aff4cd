# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, paths and content on a POSIX and on a Windows disk."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Result, Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.runtime.objects import unwrap


@pytest.fixture
def linux() -> Runspace:
    return Runspace(sample_machine())


@pytest.fixture
def windows() -> Runspace:
    return new_runspace(Session(Host("HV01"), "Administrator"))


def values(result: Result) -> list[Any]:
    assert not result.errors, [e.message for e in result.errors]
    assert result.terminating is None, result.terminating
    return [unwrap(v) for v in result.output]


def error_of(result: Result) -> tuple[str, str, str]:
    record = result.errors[0]
    return record.message, record.fully_qualified_error_id, record.category


def test_children_folders_first_and_sorted(linux: Runspace) -> None:
    script = """
    foreach ($n in 'b.txt', 'a.log', 'z/deep/x.txt', 'C/y.txt') { $null = New-Item "/tmp/d/$n" -Force }
    (Get-ChildItem /tmp/d).Name -join ','
    (Get-ChildItem /tmp/d -Recurse -File -Name) -join ','
    (Get-ChildItem /tmp/d -Recurse -Include *.txt -Exclude x*).Name -join ','
    (Get-ChildItem /tmp/d/*.txt -Recurse).Name -join ','
    (Get-ChildItem /tmp/d -Recurse -Depth 1 -Directory).Name -join ','
    """
    assert values(linux.run(script)) == [
        "C,z,a.log,b.txt",
        "a.log,b.txt,C/y.txt,z/deep/x.txt",
        "b.txt,y.txt",
        "b.txt,y.txt,x.txt",
        "C,z,deep",
    ]


def test_hidden_items_need_force(linux: Runspace) -> None:
    script = """
    $null = New-Item /tmp/h/.hidden, /tmp/h/seen -Force
    @(Get-ChildItem /tmp/h).Count; @(Get-ChildItem /tmp/h -Force).Count; @(Get-ChildItem /tmp/h -Hidden).Name
    Remove-Item /tmp/h/.hidden -ErrorAction SilentlyContinue -ErrorVariable e
    $e[0].FullyQualifiedErrorId
    Remove-Item /tmp/h -Recurse -Force; Test-Path /tmp/h
    """
    assert values(linux.run(script)) == [
        1,
        2,
        ".hidden",
        "RemoveFileSystemItemUnAuthorizedAccess,Microsoft.PowerShell.Commands.RemoveItemCommand",
        False,
    ]


@pytest.mark.parametrize(
    ("script", "message", "error_id", "category"),
    [
        (
            "Get-Item /tmp/none",
            "Cannot find path '/tmp/none' because it does not exist.",
            "PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand",
            "ObjectNotFound",
        ),
        (
            "Get-Content nosuch:/x",
            "Cannot find drive. A drive with the name 'nosuch' does not exist.",
            "DriveNotFound,Microsoft.PowerShell.Commands.GetContentCommand",
            "ObjectNotFound",
        ),
        (
            "Get-Item Nope::x",
            "Cannot find a provider with the name 'Nope'.",
            "ProviderNotFound,Microsoft.PowerShell.Commands.GetItemCommand",
            "ObjectNotFound",
        ),
        (
            "New-Item /tmp -ItemType Directory",
            "An item with the specified name /tmp already exists.",
            "DirectoryExist,Microsoft.PowerShell.Commands.NewItemCommand",
            "ResourceExists",
        ),
        (
            "New-Item /etc/hosts",
            "The file '/etc/hosts' already exists.",
            "NewItemIOError,Microsoft.PowerShell.Commands.NewItemCommand",
            "WriteError",
        ),
        (
            "Set-Content /none/x y",
            "Could not find a part of the path '/none/x'.",
            "GetContentWriterDirectoryNotFoundError,Microsoft.PowerShell.Commands.SetContentCommand",
            "ObjectNotFound",
        ),
        (
            "Rename-Item -LiteralPath /tmp/none x",
            "Cannot rename because item at '/tmp/none' does not exist.",
            "InvalidOperation,Microsoft.PowerShell.Commands.RenameItemCommand",
            "InvalidOperation",
        ),
    ],
)
def test_errors(linux: Runspace, script: str, message: str, error_id: str, category: str) -> None:
    assert error_of(linux.run(script)) == (message, error_id, category)


def test_wildcards_and_literal_paths(linux: Runspace) -> None:
    script = """
    '1.txt', 'a[1].txt' | ForEach-Object { $null = New-Item -Path /tmp/w -Name $_ -Force }
    Test-Path '/tmp/w/a[1].txt'; Test-Path -LiteralPath '/tmp/w/a[1].txt'; Test-Path '/tmp/w/a`[1`].txt'
    @(Get-Item '/tmp/w/[12].txt').Name; @(Get-Item /tmp/w/*.none).Count
    """
    assert values(linux.run(script)) == [False, True, True, "1.txt", 0]


def test_copy_move_rename(linux: Runspace) -> None:
    script = """
    $null = New-Item /tmp/m/src/f.txt -Force -Value one
    Copy-Item /tmp/m/src /tmp/m/dst -Recurse; Get-Content /tmp/m/dst/f.txt
    Copy-Item /tmp/m/src /tmp/m/dst -Recurse; Test-Path /tmp/m/dst/src/f.txt
    (Copy-Item /tmp/m/src/f.txt /tmp/m/g.txt -PassThru).FullName
    Move-Item /tmp/m/g.txt /tmp/m/dst; Test-Path /tmp/m/g.txt; Test-Path /tmp/m/dst/g.txt
    (Rename-Item /tmp/m/dst/g.txt h.txt -PassThru).Name
    Copy-Item /tmp/m/src /tmp/m/empty; @(Get-ChildItem /tmp/m/empty).Count
    """
    assert values(linux.run(script)) == ["one", True, "/tmp/m/g.txt", False, True, "h.txt", 0]


def test_what_if_changes_nothing(linux: Runspace) -> None:
    assert values(linux.run("Remove-Item /etc/hosts -WhatIf; Test-Path /etc/hosts")) == [True]
    assert linux.ctx.host_lines == ['What if: Performing the operation "Remove File" on target "/etc/hosts".']


def test_removing_a_full_folder_without_recurse_would_ask(linux: Runspace) -> None:
    result = linux.run("Remove-Item /etc")
    record = result.errors[0] if result.errors else result.terminating
    assert record is not None
    assert record.message == "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."
    assert values(linux.run("Test-Path /etc/hosts")) == [True]


def test_location(linux: Runspace) -> None:
    script = """
    Set-Location /tmp; "$pwd"; Push-Location /etc; (Get-Location).Path; (Resolve-Path ./hosts).Path; Pop-Location; "$(Get-Location)"
    (Get-Item ../etc/hosts).FullName; Resolve-Path /etc/hosts -Relative; (Get-Item ~).FullName
    Set-Location Env:; (Get-Location).Path; Test-Path HOME
    """
    assert values(linux.run(script)) == [
        "/tmp", "/etc", "/etc/hosts", "/tmp", "/etc/hosts", "../etc/hosts", "/root", "Env:/", True,
    ]  # fmt: skip


def test_join_and_split_on_windows(windows: Runspace) -> None:
    script = r"""
    Join-Path C:\a b; Join-Path C:\ \b\c; Join-Path a/b c; Split-Path C:\a\b; Split-Path C:\a; Split-Path C:\a\b -Leaf
    Split-Path C:\a\b -Qualifier; Split-Path C:\a\b -NoQualifier; Split-Path HKLM:\SOFTWARE\X; Split-Path a\b.txt -IsAbsolute
    """
    assert values(windows.run(script)) == [
        r"C:\a\b", r"C:\b\c", r"a\b\c", r"C:\a", "C:\\", "b", "C:", r"\a\b", r"HKLM:\SOFTWARE", False,
    ]  # fmt: skip


def test_item_notes_on_windows(windows: Runspace) -> None:
    script = r"""
    $i = Get-Item c:/windows/SYSTEM32/cmd.exe
    $i.FullName; $i.PSPath; $i.PSParentPath; $i.PSChildName; $i.PSDrive.Name; $i.PSProvider.Name; $i.PSIsContainer; $i.Mode; $i.BaseName
    """
    assert values(windows.run(script)) == [
        r"C:\Windows\System32\cmd.exe",
        r"Microsoft.PowerShell.Core\FileSystem::C:\Windows\System32\cmd.exe",
        r"Microsoft.PowerShell.Core\FileSystem::C:\Windows\System32",
        "cmd.exe",
        "C",
        "FileSystem",
        False,
        "-a----",
        "cmd",
    ]


def test_content_encodings_by_edition(windows: Runspace, linux: Runspace) -> None:
    script = "Set-Content {0} 'ä'; 'x' > {1}; Add-Content {1} 'y'; (Get-Content {0} {2}) -join ' '; (Get-Content {1} {2}) -join ' '"
    old = script.format(r"C:\a.txt", r"C:\b.txt", "-Encoding Byte")
    new = script.format("/tmp/a.txt", "/tmp/b.txt", "-AsByteStream")
    assert values(windows.run(old)) == ["228 13 10", "255 254 120 0 13 0 10 0 121 0 13 0 10 0"]
    assert values(linux.run(new)) == ["195 164 10", "120 10 121 10"]


def test_set_content_refuses_unknown_encoding(linux: Runspace) -> None:
    result = linux.run("Set-Content /tmp/x y -Encoding nosuch")
    record = result.errors[0] if result.errors else result.terminating
    assert record is not None
    assert "'nosuch' is not a supported encoding name" in record.message


def test_out_file_appends_and_refuses_to_overwrite(linux: Runspace) -> None:
    script = """
    1, 2 | Out-File /tmp/o; 'x' | Out-File /tmp/o -Append; (Get-Content /tmp/o) -join ','
    try { 5 | Out-File /tmp/o -NoClobber } catch { $_.FullyQualifiedErrorId }
    'a', 'b' | Tee-Object -FilePath /tmp/t | ForEach-Object { "$_!" }; (Get-Content /tmp/t) -join ','
    """
    assert values(linux.run(script)) == [
        "1,2,x", "NoClobber,Microsoft.PowerShell.Commands.OutFileCommand", "a!", "b!", "a,b",
    ]  # fmt: skip


def test_read_only_file_is_denied_without_force(windows: Runspace) -> None:
    script = r"""
    Set-Content C:\r.txt one; Set-ItemProperty C:\r.txt IsReadOnly $true
    try { Set-Content C:\r.txt two } catch { $_.FullyQualifiedErrorId }
    Add-Content C:\r.txt two -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].FullyQualifiedErrorId
    Set-Content C:\r.txt three -Force; Get-Content C:\r.txt; Remove-Item C:\r.txt -Force; Test-Path C:\r.txt
    """
    assert values(windows.run(script)) == [
        "System.UnauthorizedAccessException,Microsoft.PowerShell.Commands.SetContentCommand",
        "GetContentWriterUnauthorizedAccessError,Microsoft.PowerShell.Commands.AddContentCommand", "three", False,
    ]  # fmt: skip


def test_script_files_run(windows: Runspace) -> None:
    script = r"Set-Content C:\s.ps1 'param($a) $a + 1; $PSScriptRoot'; & C:\s.ps1 5; Set-Location C:\; .\s 1"
    assert values(windows.run(script)) == [6, "C:\\", 2, "C:\\"]


@pytest.mark.parametrize(
    "command", ["cmd /c dir", "sc.exe query", "Start-Process x", "Restart-Computer", "Get-Acl C:\\"]
)
def test_refused_by_name(windows: Runspace, command: str) -> None:
    with pytest.raises(Unsupported, match=command.split()[0].replace(".", r"\.")):
        windows.run(command)


def test_unknown_commands_are_not_recognized(linux: Runspace) -> None:
    for name in ("Get-Service", "nosuchprogram"):
        assert linux.run(name).errors[0].error_id == "CommandNotFoundException"


def test_host_name_and_user(windows: Runspace) -> None:
    assert values(windows.run("hostname; whoami; $LASTEXITCODE")) == ["HV01", "hv01\\administrator", 0]


def test_join_path_takes_no_child(shell: Any) -> None:
    assert shell.out("Join-Path 'a' $null") == shell.out("Join-Path 'a' ''")


def test_a_provider_s_parameters_make_no_name_ambiguous(linux: Runspace) -> None:
    """``-File``, ``-Directory`` and others are the file system provider's (about_FileSystem_Provider), bound after the cmdlet's own."""
    script = """
    $null = New-Item /tmp/d/a.txt, /tmp/d/b.log, /tmp/d/e/f/g.txt -Force
    (Get-ChildItem /tmp/d -Fil *.txt).Name
    (Get-ChildItem /tmp/d -Rec -D 1).Name -join ','
    (Get-ChildItem /tmp/d -Fi *.log).Name
    (Get-ChildItem /tmp/d -Di).Name
    Get-ChildItem /tmp/d -F *.txt
    """
    result = linux.run(script)
    assert [unwrap(v) for v in result.output] == ["a.txt", "e,a.txt,b.log,f", "b.log", "e"]
    assert error_of(result)[:2] == (
        "Parameter cannot be processed because the parameter name 'F' is ambiguous. Possible matches include: -Filter -Force.",
        "AmbiguousParameter,Microsoft.PowerShell.Commands.GetChildItemCommand",
    )


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("Directory", ["sub"]),
        ("!Directory", ["x.txt"]),
        ("h", [".hid", ".y"]),
        ("D+H,!d+!h", [".hid", "x.txt"]),
        ("d, h", [".hid", "sub", ".y"]),
        ("!Hidden", ["sub", "x.txt"]),
    ],
)
def test_children_by_attributes(linux: Runspace, expression: str, names: list[str]) -> None:
    linux.run("$null = New-Item /tmp/a/sub, /tmp/a/.hid -ItemType Directory; Set-Content /tmp/a/x.txt, /tmp/a/.y 1")
    assert values(linux.run(f"(Get-ChildItem /tmp/a -Attributes {expression}).Name")) == names


def test_children_by_attributes_that_do_not_exist(linux: Runspace) -> None:
    message, error_id, _ = error_of(linux.run("Get-ChildItem /tmp -Attributes Foo"))
    assert error_id == "CannotConvertArgumentNoMessage,Microsoft.PowerShell.Commands.GetChildItemCommand"
    assert 'to type "System.Management.Automation.FlagsExpression`1[System.IO.FileAttributes]". Error: "Unable to match' in message
    with pytest.raises(Unsupported, match="malformed attribute expression 'a\\+'"):
        linux.run("Get-ChildItem /tmp -Attributes 'a+'")
