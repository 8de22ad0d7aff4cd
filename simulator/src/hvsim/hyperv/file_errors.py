# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong with files, in .NET's words."""

from __future__ import annotations


class FileSystemError(OSError):
    """Base of the file system's errors.

    Attributes:
        path: the path as given.
        exception_type: .NET type that an adapter throws.
        code: Win32 error code.
    """

    exception_type = "System.IO.IOException"
    code = 0
    template = "{path}"

    def __init__(self, path: str, message: str | None = None) -> None:
        self.path = path
        self.message = message if message is not None else self.template.format(path=path)
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class NoSuchFile(FileSystemError, FileNotFoundError):
    """The directory exists, the file does not."""

    exception_type = "System.IO.FileNotFoundException"
    code = 2
    template = "Could not find file '{path}'."


class NoSuchDirectory(FileSystemError, FileNotFoundError):
    """A directory of the path does not exist."""

    exception_type = "System.IO.DirectoryNotFoundException"
    code = 3
    template = "Could not find a part of the path '{path}'."


class NoSuchDrive(FileSystemError, FileNotFoundError):
    """The drive does not exist."""

    exception_type = "System.IO.DirectoryNotFoundException"
    code = 3
    template = "Could not find a part of the path '{path}'."


class NetworkPathNotFound(FileSystemError, FileNotFoundError):
    """UNC paths lead nowhere: a simulated host has no network."""

    code = 53
    template = "The network path was not found. : '{path}'"


class AccessToPathDenied(FileSystemError, PermissionError):
    """Read-only file, or a file operation on a directory."""

    exception_type = "System.UnauthorizedAccessException"
    code = 5
    template = "Access to the path '{path}' is denied."


class FileInUse(FileSystemError, PermissionError):
    """Another process has the file open."""

    code = 32
    template = "The process cannot access the file '{path}' because it is being used by another process."


class AlreadyExists(FileSystemError, FileExistsError):
    """Something of that name is there."""

    code = 80
    template = "The file '{path}' already exists."


class DirectoryNotEmpty(FileSystemError):
    """A directory with children, removed without ``recursive``."""

    code = 145
    template = "The directory is not empty. : '{path}'"


class InvalidName(FileSystemError, ValueError):
    """The text is not an absolute Windows path."""

    exception_type = "System.ArgumentException"
    code = 123
    template = "The filename, directory name, or volume label syntax is incorrect. : '{path}'"


class DiskFull(FileSystemError):
    """The file does not fit."""

    code = 112
    template = "There is not enough space on the disk. : '{path}'"
