# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of Ansible's connection and shell plugins, done natively on the host's virtual file system.

Behaviour and output are those of ``ansible/executor/powershell/*.ps1`` of ansible-core 2.19–2.21.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ntpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hvsim.engine.api import ProcessResult
from hvsim.winrm.payload import HelperRequest, PayloadError
from hvsim.winrm.ports import Files

_VARIABLE = re.compile("%([^%]+)%")


@dataclass(frozen=True)
class StreamedResult(ProcessResult):
    """A process whose output may be more than fits into memory: *lines* come after ``stdout``, and are made while they are read."""

    lines: Iterable[str] = field(default=(), compare=False)

    def joined(self) -> ProcessResult:
        """The same with all of its output at once, for a shell that cannot send it line by line."""
        return ProcessResult(self.stdout + output(*self.lines).stdout, self.stderr, self.rc)


def expand(text: str, environment: Mapping[str, str]) -> str:
    """``Environment.ExpandEnvironmentVariables``: unknown names stay as they are."""
    known = {name.casefold(): value for name, value in environment.items()}
    return _VARIABLE.sub(lambda match: known.get(match[1].casefold(), match[0]), text)


def run(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    """Run the helper *request*. Errors of the file system become what the script would have left on stderr."""
    try:
        return _HELPERS[request.name](request, files, environment)
    except OSError as error:
        return failure(error)


def failure(error: OSError) -> ProcessResult:
    """A process that ended with *error*; never shows Python's form of it (errno, quoted file name)."""
    return ProcessResult("", f"{message(error)}\r\n", 1)


def message(error: OSError) -> str:
    """The text of *error* without Python's decoration."""
    if error.strerror:
        return error.strerror
    return str(error)


def output(*lines: str) -> ProcessResult:
    return ProcessResult("".join(f"{line}\r\n" for line in lines))


def _parameter(request: HelperRequest, name: str, kind: type) -> Any:
    value = request.parameters.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise PayloadError(f"hvsim: parameter {name} of {request.name} is missing or of the wrong type")
    return value


def _mkdtemp(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    parent = expand(_parameter(request, "Directory", str), environment)
    path = ntpath.normpath(ntpath.join(parent, _parameter(request, "Name", str)))
    if files.exists(path):
        return ProcessResult("", f"An item with the specified name {path} already exists.\r\n", 1)
    files.make_directory(path, parents=True)
    return output(path)


def _expand_user(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    path = _parameter(request, "Path", str)
    home = expand("%USERPROFILE%", environment)
    if path == "~":
        return output(home)
    return output(ntpath.join(home, path[2:]) if path.startswith("~\\") else path)


class _NotBase64(Exception):
    """A line of an upload that cannot be decoded."""


def _put_file(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    path = _parameter(request, "Path", str)
    sha1 = hashlib.sha1(usedforsecurity=False)

    def pieces() -> Iterator[bytes]:
        for line in request.input_lines:
            try:
                data = base64.b64decode(line, validate=True)
            except ValueError:
                raise _NotBase64 from None
            sha1.update(data)
            yield data

    try:
        files.write_chunks(path, pieces())
    except _NotBase64:
        return ProcessResult("", "The input is not a valid Base-64 string.\r\n", 1)
    return output(json.dumps({"sha1": sha1.hexdigest()}, separators=(",", ":")))


def _fetch_chunk(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    path = _parameter(request, "Path", str)
    offset, size = _parameter(request, "Offset", int), _parameter(request, "BufferSize", int)
    if files.is_directory(path):
        return output("[DIR]")
    if not files.exists(path):
        return ProcessResult("", f"{path} does not exist\r\n", 1)
    chunk = files.content(path).read(offset, size)
    return output(base64.b64encode(chunk).decode("ascii")) if chunk else output()


def _fetch_whole(request: HelperRequest, files: Files, environment: Mapping[str, str]) -> ProcessResult:
    path, size = _parameter(request, "Path", str), _parameter(request, "BufferSize", int)
    if files.is_directory(path):
        return output("[DIR]")
    if not files.exists(path):
        return ProcessResult("", f"{path} does not exist\r\n", 1)
    content = files.content(path)
    chunks = (content.read(start, size) for start in range(0, content.size, size))
    return StreamedResult("[FILE]\r\n", lines=(base64.b64encode(chunk).decode("ascii") for chunk in chunks))


_HELPERS: dict[str, Callable[[HelperRequest, Files, Mapping[str, str]], ProcessResult]] = {
    "powershell_mkdtemp.ps1": _mkdtemp,
    "powershell_expand_user.ps1": _expand_user,
    "winrm_put_file.ps1": _put_file,
    "psrp_put_file.ps1": _put_file,
    "winrm_fetch_file.ps1": _fetch_chunk,
    "psrp_fetch_file.ps1": _fetch_whole,
}
