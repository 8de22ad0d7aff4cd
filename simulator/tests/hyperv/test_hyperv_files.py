# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows file system and the registry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hvsim.hyperv import files as fs
from hvsim.hyperv.clock import Clock
from hvsim.hyperv.file_errors import DiskFull
from hvsim.hyperv.files import FileAttributes, VirtualFileSystem
from hvsim.hyperv.registry import NoSuchKey, NoSuchValue, Registry


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def disk(clock: Clock) -> VirtualFileSystem:
    disk = VirtualFileSystem(clock.now, drives="CD")
    disk.write_bytes("C:\\Temp\\Größe.txt", b"abc", create_parents=True)
    return disk


def test_names_ignore_case_and_keep_it(disk: VirtualFileSystem) -> None:
    assert disk.read_bytes("c:/TEMP/GRÖßE.TXT") == b"abc"
    assert disk.stat("c:\\temp\\größe.txt").path == "C:\\Temp\\Größe.txt"
    disk.write_bytes("c:\\temp\\GRÖSSE.txt", b"x")
    disk.write_bytes("c:\\TEMP\\größe.txt", b"new")
    assert [info.name for info in disk.list("C:\\temp")] == ["GRÖSSE.txt", "Größe.txt"]


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("C:\\Temp\\no.txt", fs.NoSuchFile, "Could not find file 'C:\\Temp\\no.txt'."),
        ("C:\\No\\no.txt", fs.NoSuchDirectory, "Could not find a part of the path 'C:\\No\\no.txt'."),
        ("X:\\no.txt", fs.NoSuchDrive, "Could not find a part of the path 'X:\\no.txt'."),
        ("C:\\Temp", fs.AccessToPathDenied, "Access to the path 'C:\\Temp' is denied."),
        ("\\\\server\\share\\x", fs.NetworkPathNotFound, "The network path was not found. : '\\\\server\\share\\x'"),
        ("temp\\x", fs.InvalidName, None),
        ("C:\\a|b", fs.InvalidName, None),
    ],
)
def test_reading_what_is_not_there(disk: VirtualFileSystem, path: str, kind: type[OSError], text: str | None) -> None:
    with pytest.raises(kind) as caught:
        disk.read_bytes(path)
    assert text is None or str(caught.value) == text
    assert not disk.is_file(path)


def test_errors_are_those_of_python_too(disk: VirtualFileSystem) -> None:
    with pytest.raises(FileNotFoundError):
        disk.read_bytes("C:\\no")
    with pytest.raises(PermissionError):
        disk.remove("C:\\")
    with pytest.raises(FileExistsError):
        disk.make_directory("C:\\Temp\\größe.txt")


def test_writing_needs_the_directory(disk: VirtualFileSystem) -> None:
    with pytest.raises(fs.NoSuchDirectory):
        disk.write_bytes("C:\\a\\b", b"")
    disk.write_bytes("C:\\a\\b", b"1", create_parents=True)
    disk.write_bytes("C:\\a\\b", b"2", append=True)
    assert disk.read_bytes("\\\\?\\C:\\a\\.\\x\\..\\b") == b"12"
    with pytest.raises(fs.NoSuchDirectory):
        disk.write_bytes("C:\\a\\b\\c", b"")


def test_read_only_files(disk: VirtualFileSystem) -> None:
    path = "C:\\Temp\\größe.txt"
    disk.set_attributes(path, FileAttributes.READ_ONLY | FileAttributes.HIDDEN)
    with pytest.raises(fs.AccessToPathDenied):
        disk.write_bytes(path, b"")
    with pytest.raises(fs.AccessToPathDenied):
        disk.remove(path)
    with pytest.raises(fs.AccessToPathDenied):
        disk.remove("C:\\Temp", recursive=True)
    disk.remove("C:\\Temp", recursive=True, force=True)
    assert not disk.exists("C:\\Temp")


def test_directories(disk: VirtualFileSystem) -> None:
    disk.make_directory("C:\\x\\y")
    disk.make_directory("C:\\X")
    assert disk.stat("C:\\x").attributes == FileAttributes.DIRECTORY
    with pytest.raises(fs.DirectoryNotEmpty):
        disk.remove("C:\\x")
    with pytest.raises(fs.AlreadyExists):
        disk.make_directory("C:\\x", exist_ok=False)
    with pytest.raises(fs.NoSuchDirectory):
        disk.make_directory("C:\\p\\q", parents=False)
    with pytest.raises(fs.NoSuchDirectory):
        disk.list("C:\\Temp\\größe.txt")


def test_times_come_from_the_clock(disk: VirtualFileSystem, clock: Clock) -> None:
    clock.advance(seconds=10)
    disk.write_bytes("C:\\Temp\\größe.txt", b"x")
    info = disk.stat("C:\\Temp\\größe.txt")
    assert (info.written - info.created).total_seconds() == 10


def test_move_and_copy(disk: VirtualFileSystem) -> None:
    source = "C:\\Temp\\größe.txt"
    disk.copy(source, "D:\\copy.txt")
    assert disk.read_bytes("D:\\copy.txt") == b"abc"
    with pytest.raises(fs.AlreadyExists):
        disk.copy(source, "D:\\COPY.txt")
    disk.copy(source, "D:\\copy.txt", overwrite=True)
    disk.move(source, "C:\\Temp\\GRÖßE.TXT")
    assert [info.name for info in disk.list("C:\\Temp")] == ["GRÖßE.TXT"]
    disk.move("C:\\Temp", "D:\\Temp")
    assert disk.is_file("D:\\Temp\\größe.txt") and not disk.exists("C:\\Temp")
    with pytest.raises(fs.FileSystemError, match="being used by another process"):
        disk.move("D:\\Temp", "D:\\Temp\\inner")
    with pytest.raises(fs.AccessToPathDenied):
        disk.copy("D:\\Temp", "C:\\Temp")
    disk.copy("D:\\Temp", "C:\\Temp", recursive=True)
    assert disk.read_bytes("C:\\Temp\\größe.txt") == b"abc"


def test_registry() -> None:
    registry = Registry()
    registry.set_value("HKLM:\\SOFTWARE\\Lab", "Number", 7)
    registry.set_value("HKLM\\software\\LAB", "number", 8)
    registry.set_value("HKEY_LOCAL_MACHINE\\SOFTWARE\\Lab", "List", ["a", "b"])
    assert [(v.name, v.kind, v.data) for v in registry.values("HKLM:\\SOFTWARE\\LAB")] == [
        ("number", "DWord", 8),
        ("List", "MultiString", ["a", "b"]),
    ]
    assert registry.subkeys("HKLM:\\") == ["SOFTWARE"]
    with pytest.raises(NoSuchValue, match="Property x does not exist"):
        registry.get_value("HKLM:\\SOFTWARE\\Lab", "x")
    registry.delete_value("HKLM:\\SOFTWARE\\Lab", "NUMBER")
    registry.delete_key("HKLM:\\SOFTWARE")
    with pytest.raises(NoSuchKey, match=r"Cannot find path 'HKLM:.SOFTWARE' because it does not exist\."):
        registry.values("HKLM:\\SOFTWARE")
    with pytest.raises(NoSuchKey):
        registry.create_key("HKZZ:\\x")
    with pytest.raises(ValueError, match="does not fit DWord"):
        registry.set_value("HKCU:\\x", "big", 1 << 40)
    registry.set_value("HKCU:\\x", "big", 1 << 40, "QWord")


def test_a_disk_has_the_room_that_is_left() -> None:
    files = VirtualFileSystem()
    files.write_bytes("C:\\old", b"x" * 40)
    files.free = 100
    files.write_bytes("C:\\a", b"x" * 100)
    for refused in (
        lambda: files.write_bytes("C:\\b", b"x"),
        lambda: files.write_bytes("C:\\a", b"x", append=True),
        lambda: files.copy("C:\\old", "C:\\b"),
    ):
        with pytest.raises(DiskFull, match="There is not enough space on the disk"):
            refused()
    assert not files.exists("C:\\b") and files.stat("C:\\a").size == 100
    files.write_bytes("C:\\a", b"x" * 30)
    files.copy("C:\\old", "C:\\b")
    assert files.free == 30
    files.copy("C:\\old", "C:\\a", overwrite=True)
    files.move("C:\\a", "C:\\b", overwrite=True)
    assert files.free == 60
    files.make_directory("C:\\d")
    files.move("C:\\b", "C:\\d\\b")
    files.remove("C:\\d", recursive=True)
    assert files.free == 100
