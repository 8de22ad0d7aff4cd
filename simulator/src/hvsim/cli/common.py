# SPDX-License-Identifier: GPL-3.0-or-later
"""What the commands share: users' mistakes, reading files, writing secrets."""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
from pathlib import Path
from types import ModuleType

#: Exit codes.
OK, FAILED, USAGE = 0, 1, 2


class UserError(Exception):
    """A mistake of the user: one clear line, no traceback, exit code 2."""


def read_script(path: str) -> str:
    """Text of a script as Windows PowerShell would decode it: by its byte order mark, else UTF-8.

    Raises:
        UserError: it cannot be read or decoded.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); check the path") from None
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not {encoding} (byte {error.start}); save the file as UTF-8") from None


def engine_module(name: str) -> ModuleType:
    """A module of the engine, imported when a command needs it.

    Raises:
        UserError: this installation lacks it.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise UserError(f"this command needs {error.name}, which this installation of hvsim lacks") from error


def write_private(path: str, text: str) -> None:
    """Write a file that only the user can read (mode 0600), replacing it in one step.

    Raises:
        UserError: it cannot be written.
    """
    target = Path(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(temporary, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            if temporary:
                os.unlink(temporary)
        raise UserError(f"{path}: cannot be written ({error.strerror}); check directory and permissions") from None
