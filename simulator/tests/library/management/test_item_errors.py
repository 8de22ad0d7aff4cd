# SPDX-License-Identifier: GPL-3.0-or-later
"""What the item and location cmdlets say when they cannot; ids, categories and targets are those of PowerShell's source."""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.api import Session
from hvsim.engine.embedded import new_runspace
from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.file_info import FileSystemInfo
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.objects import unwrap

_FILES = """
$null = New-Item {0} -ItemType Directory; Set-Location {0}
'a' | Set-Content a.txt; 'b' | Set-Content b.log
$null = New-Item sub, full/deep -ItemType Directory; 'x' | Set-Content full/x.txt; 'y' | Set-Content full/deep/y.log
"""


@pytest.fixture
def seven() -> Runspace:
    made = Runspace(sample_machine())
    made.run(_FILES.format("/tmp/c"))
    return made


@pytest.fixture
def desktop() -> Runspace:
    made = new_runspace(Session(Host("HV01"), "Administrator"))
    made.run(_FILES.format(r"C:\c"))
    return made


def _shown(target: Any) -> Any:
    if isinstance(target, FileSystemInfo):
        return f"<{type(target).__name__} {target.full}>"
    return None if target is None else str(target) if isinstance(target, str) else [str(t) for t in target]


def errors(shell: Runspace, script: str) -> list[tuple[str, str, Any, str]]:
    """(id without the namespace, category, target, message) of all errors; a terminating one's id ends with ``!``."""
    result = shell.run(f"try {{ {script} }} catch {{ $_ }}")
    found = [(r, "") for r in result.errors] + [(r, "!") for r in result.output if isinstance(r, ErrorRecord)]
    return [
        (r.fully_qualified_error_id.replace("Microsoft.PowerShell.Commands.", "") + mark, r.category, _shown(r.target), r.message)
        for r, mark in found
    ]


def out(shell: Runspace, script: str) -> list[str]:
    result = shell.run(script)
    assert result.terminating is None, result.terminating
    return [str(unwrap(v)) for v in result.output]


_INVALID, _ITSELF = "InvalidOperation", "Cannot overwrite the item /tmp/c/{} with itself."
_THERE = "Cannot create '/tmp/c/{}' because a file or directory with the same name already exists."


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Copy-Item a.txt none/x", ("CopyFileInfoItemIOError,CopyItemCommand", "WriteError", "<FileInfo /tmp/c/a.txt>",
                                    "Could not find a part of the path '/tmp/c/none/x'.")),
        ("Copy-Item a.txt .", ("CopyError,CopyItemCommand", "WriteError", "/tmp/c/a.txt", _ITSELF.format("a.txt"))),
        ("Copy-Item full full -Recurse", ("CopyError,CopyItemCommand", "WriteError", "/tmp/c/full", _ITSELF.format("full"))),
        ("Copy-Item sub a.txt", ("CopyContainerItemToLeafError,CopyItemCommand", "InvalidArgument", "/tmp/c/sub",
                                 "Container cannot be copied onto existing leaf item.")),
        ("Copy-Item a.txt variable:x", ("Argument,CopyItemCommand!", "InvalidArgument", None,
                                        "Source and destination path did not resolve to the same provider.")),
        ("Move-Item a.txt b.log", ("MoveFileInfoItemIOError,MoveItemCommand", "WriteError", "<FileInfo /tmp/c/a.txt>",
                                   "The file '/tmp/c/b.log' already exists.")),
        ("Move-Item full a.txt", ("MoveDirectoryItemIOError,MoveItemCommand", "WriteError", "<DirectoryInfo /tmp/c/full>",
                                  _THERE.format("a.txt"))),
        ("Move-Item full full/deep", ("MoveItemArgumentError,MoveItemCommand", "InvalidArgument", "/tmp/c/full/deep/full",
                                      "Destination path cannot be a subdirectory of the source: /tmp/c/full/deep/full.")),
        ("Move-Item . x", (f"{_INVALID},MoveItemCommand", _INVALID, None, "Cannot move item because the item at '/tmp/c' is in use.")),
        ("Rename-Item none x", ("PathNotFound,RenameItemCommand", "ObjectNotFound", "/tmp/c/none",
                                "Cannot find path '/tmp/c/none' because it does not exist.")),
        ("Rename-Item *.* x", (f"{_INVALID},RenameItemCommand", _INVALID, None, "Cannot rename because item at '*.*' does not exist.")),
        ("Rename-Item a.txt sub", ("RenameItemIOError,RenameItemCommand", "WriteError", "/tmp/c/a.txt",
                                   "The file '/tmp/c/sub' already exists.")),
        ("Rename-Item sub full", ("RenameItemIOError,RenameItemCommand", "WriteError", "/tmp/c/sub", _THERE.format("full"))),
        ("Rename-Item a.txt d/x", ("Argument,RenameItemCommand!", "InvalidArgument", None,
                                   "Cannot rename the specified target, because it represents a path or device name.")),
        ("Rename-Item . x", (f"{_INVALID},RenameItemCommand", _INVALID, None, "Cannot rename the item at '/tmp/c' because it is in use.")),
        ("Remove-Item .", (f"{_INVALID},RemoveItemCommand", _INVALID, None, "Cannot remove the item at '/tmp/c' because it is in use.")),
        ("New-Item z -ItemType x", ("Argument,NewItemCommand!", "InvalidArgument", None,
                                    'The type is not a known type for the file system. Only "file","directory" or "symboliclink" '
                                    "can be specified.")),
        ("New-Item variable:HOME -Value 1", ("Argument,NewItemCommand", "InvalidArgument", None, "The item at path 'HOME' already exists.")),
        ("New-Item variable:q", ("NewItemValueNotSpecified,NewItemCommand", "InvalidArgument", "q",
                                 'Cannot process argument because the value of argument "value" is null. Change the value of argument '
                                 '"value" to a non-null value.')),
        ("Set-Location a.txt", ("PathNotFound,SetLocationCommand", "ObjectNotFound", "a.txt",
                                "Cannot find path 'a.txt' because it does not exist.")),
        ("Set-Location *", ("Argument,SetLocationCommand", "InvalidArgument", None,
                            "Cannot set the location because path '*' resolved to multiple containers. You can only the set location "
                            "to a single container at a time.")),
        ("Pop-Location -StackName s", ("Argument,PopLocationCommand", "InvalidArgument", None,
                                       "Cannot find location stack 's'. It does not exist or it is not a container.")),
        ("New-PSDrive variable FileSystem /", ("DriveAlreadyExists,NewPSDriveCommand", "ResourceExists", "variable",
                                               "A drive with the name 'variable' already exists.")),
        ("New-PSDrive n Nope /", ("ProviderNotFound,NewPSDriveCommand", "ObjectNotFound", "Nope",
                                  "Cannot find a provider with the name 'Nope'.")),
    ],
)  # fmt: skip
def test_errors_of_seven(seven: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert errors(seven, script) == [expected]


_STOPPED = "Provider operation stopped because the provider does not support this operation."
_NO_DRIVE = "Cannot find drive. A drive with the name 'x' does not exist."


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Set-Item a.txt 5", ("NotSupported,SetItemCommand", "NotImplemented", None, _STOPPED)),
        ("Clear-Item a.txt", ("NotSupported,ClearItemCommand", "NotImplemented", None, _STOPPED)),
        ("Move-Item variable:HOME variable:h", ("NotSupported,MoveItemCommand", "NotImplemented", None,
                                                "The NavigationCmdletProvider methods are not supported by this provider.")),
        ("Get-Location -PSDrive x", ("GetLocationNoMatchingDrive,GetLocationCommand", "ObjectNotFound", "x", _NO_DRIVE)),
        ("Get-PSDrive x", ("GetLocationNoMatchingDrive,GetPSDriveCommand", "ObjectNotFound", "x", _NO_DRIVE)),
        ("Get-PSDrive -PSProvider No", ("GetLocationNoMatchingDrive,GetPSDriveCommand", "ObjectNotFound", ["No"],
                                        "Cannot find a provider with the name 'No'.")),
        ("Remove-PSDrive x", ("DriveNotFound,RemovePSDriveCommand", "ObjectNotFound", "x", _NO_DRIVE)),
        ("Remove-PSDrive (Get-Location).Drive.Name", (f"{_INVALID},RemovePSDriveCommand", _INVALID, None,
                                                      "Cannot remove drive '/' because it is in use.")),
    ],
)  # fmt: skip
def test_what_providers_and_drives_lack(seven: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert errors(seven, script) == [expected]


_EXISTS = "Cannot create a file when that file already exists."


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Copy-Item a.txt none/x", ("System.IO.DirectoryNotFoundException,CopyItemCommand!", "NotSpecified", None,
                                    r"Could not find a part of the path 'C:\c\none\x'.")),
        ("Move-Item full a.txt", ("MoveDirectoryItemIOError,MoveItemCommand", "WriteError", r"<DirectoryInfo C:\c\full>", _EXISTS)),
        ("Move-Item full full/deep", ("MoveDirectoryItemIOError,MoveItemCommand", "WriteError", r"<DirectoryInfo C:\c\full>",
                                      "The process cannot access the file because it is being used by another process.")),
        ("Rename-Item none x", (f"{_INVALID},RenameItemCommand", _INVALID, None, "Cannot rename because item at 'none' does not exist.")),
        ("Rename-Item *.* x", ("RenameMultipleItemError,RenameItemCommand", "InvalidArgument", [r"C:\c\a.txt", r"C:\c\b.log"],
                               "Cannot rename item because the path resolved to multiple items. Only one item can be renamed at a time.")),
        ("New-Item sub", ("NewItemUnauthorizedAccessError,NewItemCommand", "PermissionDenied", r"C:\c\sub",
                          r"Access to the path 'C:\c\sub' is denied.")),
    ],
)  # fmt: skip
def test_errors_of_51(desktop: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert errors(desktop, script) == [expected]


def test_copying_over_a_tree_names_each_folder_and_copies_all_the_same(seven: Runspace) -> None:
    seven.run("Copy-Item full sub -Recurse; 'changed' | Set-Content sub/full/deep/y.log")
    text = "An item with the specified name /tmp/c/sub/{} already exists."
    assert errors(seven, "Copy-Item full sub -Recurse") == [
        ("DirectoryExist,CopyItemCommand", "ResourceExists", f"/tmp/c/sub/{name}", text.format(name)) for name in ("full", "full/deep")
    ]
    assert out(seven, "Get-Content sub/full/deep/y.log") == ["y"]
    assert out(seven, "(Copy-Item full sub -Recurse -Force -PassThru).Name -join ' '") == ["full x.txt deep y.log"]


def test_exclude_and_filter_choose_among_the_files_of_a_tree(seven: Runspace) -> None:
    script = """
    Copy-Item full n1 -Recurse -Exclude *.log; (Get-ChildItem n1 -Recurse -Name) -join ' '
    Copy-Item full n2 -Recurse -Filter *.log; (Get-ChildItem n2 -Recurse -Name) -join ' '
    """
    assert out(seven, script) == ["deep x.txt", "deep deep/y.log"]


def test_every_file_of_a_tree_is_confirmed(seven: Runspace) -> None:
    seven.run("Copy-Item full new -Recurse -Verbose")
    told = [str(m.message).split('"')[1] for m in seven.result.verbose]
    assert told == ["Copy Directory", "Create Directory", "Copy File", "Copy Directory", "Create Directory", "Copy File"]


def test_a_folder_is_not_copied_into_itself_for_ever(seven: Runspace) -> None:
    with pytest.raises(Unsupported, match="into itself"):
        seven.run("Copy-Item full full/deep -Recurse")


def test_force_makes_no_folder_of_a_file(seven: Runspace) -> None:
    assert errors(seven, "New-Item a.txt -ItemType Directory -Force") == []
    assert out(seven, "Get-Content a.txt; @(New-Item a.txt -ItemType Directory -Force).Count") == ["a", "0"]


def test_force_moves_over_a_read_only_file(desktop: Runspace) -> None:
    script = "Set-ItemProperty b.log IsReadOnly $true; Move-Item a.txt b.log -Force; Get-Content b.log; Test-Path a.txt"
    assert out(desktop, script) == ["a", "False"]


def test_a_new_file_holds_the_text_of_the_object(seven: Runspace) -> None:
    assert out(seven, "$null = New-Item n -Value 1, 2; Get-Content n") == ["System.Object[]"]


def test_new_name_may_repeat_the_folder(seven: Runspace) -> None:
    script = "(Rename-Item a.txt ./c.txt -PassThru).Name; (Rename-Item c.txt /tmp/c/d.txt -PassThru).Name"
    assert out(seven, script) == ["c.txt", "d.txt"]


def test_variables_are_not_renamed_onto_each_other(seven: Runspace) -> None:
    seven.run("$one = 1; $two = 2")
    assert errors(seven, "Rename-Item variable:one two") == [
        ("Argument,RenameItemCommand", "InvalidArgument", None, "The item at path 'two' already exists.")
    ]
    assert out(seven, "Rename-Item variable:one three; $three") == ["1"]


_WRONG_STATE = "Operation is not valid due to the current state of the object."


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("1 | Out-File *.zzz", ("FileOpenFailure,OutFileCommand!", "OpenError", "*.zzz",
                                "Cannot perform operation because the wildcard path *.zzz did not resolve to a file.")),
        ("1 | Out-File *.*", ("ReadWriteMultipleFilesNotSupported,OutFileCommand!", "InvalidArgument", None,
                              "Cannot perform operation because the path resolved to more than one file. This command cannot operate on "
                              "multiple files.")),
        ("1 | Out-File variable:x", ("ReadWriteFileNotFileSystemProvider,OutFileCommand!", "InvalidArgument", None,
                                     "Cannot open file because the current provider (Microsoft.PowerShell.Core\\Variable) cannot open a "
                                     "file.")),
        ("1 | Out-File a.txt -NoClobber", ("NoClobber,OutFileCommand!", "ResourceExists", "/tmp/c/a.txt",
                                           "File a.txt already exists and NoClobber was specified.")),
        ("1 | Out-File none/x", ("FileOpenFailure,OutFileCommand!", "OpenError", None, "Could not find a part of the path '/tmp/c/none/x'.")),
        ("1 | Export-Csv *.zzz", ("FileOpenFailure,ExportCsvCommand!", "OpenError", "*.zzz",
                                  "Cannot perform operation because the wildcard path *.zzz did not resolve to a file.")),
    ],
)  # fmt: skip
def test_the_one_file_that_is_written(seven: Runspace, script: str, expected: tuple[str, str, Any, str]) -> None:
    assert errors(seven, script) == [expected]


def test_a_pattern_may_name_the_file_that_is_written(seven: Runspace) -> None:
    assert out(seven, "'new' | Out-File a.*; Get-Content a.txt; 'lit' | Out-File -LiteralPath '[x]'; Test-Path -LiteralPath '[x]'") == [
        "new", "True",
    ]  # fmt: skip
    (message,) = out(seven, "try { 1 | Out-File *.* } catch { $_.Exception.Message }")
    assert message == _WRONG_STATE


def test_include_and_exclude_of_removal_choose_among_the_named(seven: Runspace) -> None:
    assert out(seven, "Remove-Item full/* -Recurse -Exclude x*; (Get-ChildItem full -Name) -join ' '") == ["x.txt"]


@pytest.mark.parametrize(
    ("path", "parent"),
    [("n:x", ""), ("env:PATH", ""), ("FileSystem::x", ""), ("n:/a", "n:/"), ("n:/a/b", "n:/a"), ("FileSystem::/a/b", "FileSystem::/a"), ("a", "")],
)
def test_parent_of_a_qualified_name(seven: Runspace, path: str, parent: str) -> None:
    assert out(seven, f"Split-Path {path}") == [parent]
