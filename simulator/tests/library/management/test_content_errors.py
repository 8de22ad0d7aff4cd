# SPDX-License-Identifier: GPL-3.0-or-later
"""What the content cmdlets and Get-FileHash say when they cannot; ids, categories and targets are those of PowerShell's source."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.hyperv.host import Host
from hvsim.runtime.errors import ErrorRecord

_FILES = "'one', 'two' | Set-Content {0}a.txt; $null = New-Item {0}sub -ItemType Directory; Set-Location {0}"


@pytest.fixture
def seven() -> Runspace:
    made = Runspace(sample_machine())
    made.run("$null = New-Item /tmp/c -ItemType Directory;" + _FILES.format("/tmp/c/"))
    return made


@pytest.fixture
def desktop() -> Runspace:
    made = new_runspace(Session(Host("HV01"), "Administrator"))
    made.run(r"$null = New-Item C:\c -ItemType Directory;" + _FILES.format("C:\\c\\"))
    return made


def errors(shell: Runspace, script: str) -> list[tuple[str, str, Any, str]]:
    """(id without the namespace, category, target, message) of all errors; a terminating one's id ends with ``!``."""
    result = shell.run(f"try {{ {script} }} catch {{ $_ }}")
    found = [(r, "") for r in result.errors] + [(r, "!") for r in result.output if isinstance(r, ErrorRecord)]
    rows = []
    for record, mark in found:
        target = record.target
        shown = None if target is None else str(target) if isinstance(target, (str, int)) else [str(t) for t in target]
        short = record.fully_qualified_error_id.replace("Microsoft.PowerShell.Commands.", "")
        rows.append((short + mark, record.category, shown, record.message))
    return rows


def out(shell: Runspace, script: str) -> list[str]:
    result = shell.run(script)
    assert result.terminating is None, result.terminating
    return [str(v) for v in result.output]


def _nothing(path: str) -> str:
    return f"An object at the specified path {path} does not exist, or has been filtered by the -Include or -Exclude parameter."


@pytest.mark.parametrize(
    ("script", "path", "target", "command"),
    [
        ("Get-Content *.zzz", "*.zzz", ["*.zzz"], "GetContentCommand"),
        ("Get-Content a.txt, *.zzz", "a.txt", ["a.txt", "*.zzz"], "GetContentCommand"),
        ("Set-Content *.zzz 1", "*.zzz", ["*.zzz"], "SetContentCommand"),
        ("Add-Content *.zzz 1", "*.zzz", ["*.zzz"], "AddContentCommand"),
        ("Get-Content a.txt -Exclude a*", "a.txt", ["a.txt"], "GetContentCommand"),
        ("Set-Content nope -Include x -Value 1", "nope", ["nope"], "SetContentCommand"),
    ],
)
def test_pattern_that_finds_nothing(seven: Runspace, script: str, path: str, target: list[str], command: str) -> None:
    assert errors(seven, script) == [(f"ItemNotFound,{command}", "ObjectNotFound", target, _nothing(path))]


def test_all_paths_are_found_before_any_is_read(seven: Runspace) -> None:
    assert out(seven, "(Get-Content a.txt, none 2>&1 | ForEach-Object { $_.GetType().Name }) -join ' '") == [
        "ErrorRecord String String"
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "Get-Content a.txt -TotalCount 1 -Tail 1",
            ("TailAndHeadCannotCoexist,GetContentCommand", "InvalidOperation", None,
             "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter."),
        ),
        (
            "Get-Content variable:PID -Tail 2",
            ("TailNotSupported,GetContentCommand", "InvalidOperation", "2",
             "The Tail parameter currently is supported only for the FileSystem provider."),
        ),
        (
            "Get-Content a.txt -Raw -Tail 1",
            ("InvalidOperation,GetContentCommand!", "InvalidOperation", None,
             "The 'Raw' and 'Tail' parameters cannot be specified in the same command."),
        ),
        (
            "Get-Content a.txt -AsByteStream -Delimiter x",
            ("GetContentReaderArgumentError,GetContentCommand", "InvalidArgument", "/tmp/c/a.txt",
             "A delimiter cannot be specified when reading the stream one byte at a time. (Parameter 'delimiter')"),
        ),
        (
            "Get-Content sub",
            ("GetContainerContentException,GetContentCommand", "InvalidOperation", None,
             "Unable to get content because it is a directory: '/tmp/c/sub'. Please use 'Get-ChildItem' instead."),
        ),
        (
            "Add-Content sub x",
            ("WriteContainerContentException,AddContentCommand", "InvalidOperation", None,
             "Unable to write content because it is a directory: '/tmp/c/sub'."),
        ),
        (
            "Set-Content sub x",
            ("System.NotSupportedException,SetContentCommand!", "NotSpecified", None,
             "Unable to clear content of '/tmp/c/sub' because it is a directory. Clear-Content is only supported on files."),
        ),
        (
            "Clear-Content sub",
            ("ClearDirectoryContent,ClearContentCommand", "InvalidOperation", "/tmp/c/sub",
             "Unable to clear content of '/tmp/c/sub' because it is a directory. Clear-Content is only supported on files."),
        ),
        (
            "Clear-Content variable:PID",
            ("NotSupported,ClearContentCommand", "NotImplemented", None,
             "Cannot perform the ClearContent operation. The ClearContent operation is not supported by this provider."),
        ),
        (
            "Add-Content none/x y",
            ("GetContentWriterDirectoryNotFoundError,AddContentCommand", "ObjectNotFound", "/tmp/c/none/x",
             "Could not find a part of the path '/tmp/c/none/x'."),
        ),
        (
            "Get-Item variable:PID -Filter x",
            ("NotSupported,GetItemCommand", "NotImplemented", None,
             "Cannot call method. The provider does not support the use of filters."),
        ),
        (
            "Get-FileHash sub",
            ("UnauthorizedAccessError,GetFileHashCommand", "InvalidData", "/tmp/c/sub", "Access to the path '/tmp/c/sub' is denied."),
        ),
        (
            "Get-FileHash none",
            ("FileNotFound,GetFileHashCommand", "ObjectNotFound", "none", "Cannot find path '/tmp/c/none' because it does not exist."),
        ),
        (
            "Get-FileHash -LiteralPath none/x",
            ("FileReadError,GetFileHashCommand", "ReadError", "/tmp/c/none/x", "Could not find a part of the path '/tmp/c/none/x'."),
        ),
        (
            "Get-FileHash nodrive:x",
            ("DriveNotFound,GetFileHashCommand!", "ObjectNotFound", "nodrive",
             "Cannot find drive. A drive with the name 'nodrive' does not exist."),
        ),
    ],
)  # fmt: skip
def test_errors_of_seven(seven: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert errors(seven, script) == [expected]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Get-Content sub", ("GetContentReaderUnauthorizedAccessError,GetContentCommand", "PermissionDenied", r"C:\c\sub")),
        ("Set-Content sub x", ("System.UnauthorizedAccessException,SetContentCommand!", "NotSpecified", None)),
        ("Add-Content sub x", ("GetContentWriterUnauthorizedAccessError,AddContentCommand", "PermissionDenied", r"C:\c\sub")),
        ("Clear-Content sub", ("ClearContentUnauthorizedAccessError,ClearContentCommand", "PermissionDenied", r"C:\c\sub")),
    ],
)
def test_a_folder_is_denied_in_51(desktop: Runspace, script: str, expected: tuple[str, str, Any]) -> None:
    (row,) = errors(desktop, script)
    assert row == (*expected, r"Access to the path 'C:\c\sub' is denied.")


def test_registry_has_no_content(desktop: Runspace) -> None:
    text = "Cannot use interface. The IContentCmdletProvider interface is not implemented by this provider."
    for verb, rest in (("Get", ""), ("Set", " 1"), ("Add", " 1")):
        assert errors(desktop, rf"{verb}-Content HKLM:\SOFTWARE{rest}") == [
            (f"NotSupported,{verb}ContentCommand", "NotImplemented", None, text)
        ]


def test_no_lines_asked_for_is_nothing_at_all(seven: Runspace) -> None:
    assert errors(seven, "Get-Content none -TotalCount 0") == []
    assert errors(seven, "Get-FileHash *.zzz") == []


def test_filters_belong_to_the_expansion_of_wildcards(seven: Runspace) -> None:
    script = """
    @(Get-Item a.txt -Filter b*).Count; @(Get-Item * -Filter a*).Name; @(Get-Item a.txt -Include b*).Count
    @(Get-Item -LiteralPath a.txt -Include b*).Count; @(Get-Item none -Exclude x).Count; Test-Path a.txt -Exclude a*
    """
    assert out(seven, script) == ["1", "a.txt", "0", "1", "0", "False"]


def test_pass_through_writes_an_array_for_each_file_and_record(seven: Runspace) -> None:
    script = """
    1, 2 | Set-Content z -PassThru | ForEach-Object { "$($_.GetType().Name) $($_.ReadCount) $($_.PSChildName)" }
    $x = Set-Content y, z -Value a, b -PassThru; "$($x.Count) $($x[1].Count)"
    """
    assert out(seven, script) == ["Object[] 1 z", "Object[] 1 z", "2 2"]


def test_paths_from_the_pipeline_are_written_at_once(seven: Runspace) -> None:
    script = """
    [pscustomobject]@{ Path = 'p1' }, [pscustomobject]@{ Path = 'p2' } | Set-Content -Value x | Out-Null
    (Get-Content p1) + (Get-Content p2)
    """
    assert out(seven, script) == ["xx"]


def test_encoding_beside_bytes_is_warned_of(seven: Runspace) -> None:
    seven.run("Set-Content b -Value ([byte]65) -AsByteStream -Encoding utf8")
    assert [w.message for w in seven.result.warning] == ["Encoding not used when '-AsByteStream' specified."]


def test_get_file_hash_is_a_function_in_51(desktop: Runspace) -> None:
    script = r"""
    $h = Get-FileHash C:\c\*; @($h).Count; $h.GetType().Name; $h.PSTypeNames[0]; $h.Path
    $s = Get-FileHash -InputStream ([IO.MemoryStream]::new()); ($s.PSObject.Properties.Name -join ' ')
    """
    assert out(desktop, script) == [
        "1", "PSCustomObject", "Microsoft.Powershell.Utility.FileHash", r"C:\c\a.txt", "Algorithm Hash",
    ]  # fmt: skip
    assert errors(desktop, r"Get-FileHash C:\c\none") == [
        ("PathNotFound,ResolvePathCommand", "ObjectNotFound", r"C:\c\none", r"Cannot find path 'C:\c\none' because it does not exist.")
    ]


def test_a_stream_has_no_path(seven: Runspace) -> None:
    assert out(seven, "(Get-FileHash -InputStream ([IO.MemoryStream]::new())).Path -eq ''") == ["True"]
