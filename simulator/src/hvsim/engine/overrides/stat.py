# SPDX-License-Identifier: GPL-3.0-or-later
"""``win_stat``: the module asks for links through C#; the simulated disk has none."""

from __future__ import annotations

import ntpath
from datetime import UTC, datetime
from typing import Any

from hvsim.engine.overrides.bridge import Task, stand_in
from hvsim.hyperv.files import FileInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ATTRIBUTES = {"READONLY": "ReadOnly", "HIDDEN": "Hidden", "SYSTEM": "System", "DIRECTORY": "Directory"}


@stand_in("ansible.windows.win_stat")
def win_stat(task: Task) -> None:
    path = ntpath.join(task.machine.working_directory, task.option("path").replace("/", "\\"))
    files = task.host.files
    task.set(stat={"exists": False})
    if not files.exists(path):
        return
    info = files.stat(path)
    stat = _common(info)
    if info.is_directory:
        stat["isdir"] = True
        if task.option("get_size"):
            stat["size"] = _size(files, info.path)
    else:
        stat.update(isreg=True, extension=ntpath.splitext(info.name)[1])
        if task.option("get_checksum"):
            algorithm = task.option("checksum_algorithm")
            stat["checksum"] = files.digest(path, algorithm)
        if task.option("get_size"):
            stat["size"] = info.size
    task.set(stat=stat)


def attribute_names(info: FileInfo) -> list[str]:
    """The attributes as ``FileAttributes.ToString()`` lists them."""
    names = [flag.name or "" for flag in sorted(info.attributes)]
    return [
        _ATTRIBUTES.get(name.replace("_", "").upper(), name.replace("_", " ").title().replace(" ", ""))
        for name in names
    ] or ["Normal"]


def _common(info: FileInfo) -> dict[str, Any]:
    names = attribute_names(info)
    return {
        "exists": True,
        "attributes": ", ".join(names),
        "isarchive": "Archive" in names,
        "isdir": False,
        "ishidden": "Hidden" in names,
        "isjunction": False,
        "islnk": False,
        "isreadonly": "ReadOnly" in names,
        "isreg": False,
        "isshared": False,
        "nlink": 1,
        "hlnk_targets": [],
        "creationtime": _seconds(info.created),
        "lastaccesstime": _seconds(info.accessed),
        "lastwritetime": _seconds(info.written),
        "path": info.path,
        "filename": info.name,
        "owner": r"BUILTIN\Administrators",
    }


def _seconds(moment: datetime) -> float:
    return (moment - _EPOCH).total_seconds()


def _size(files: Any, path: str) -> int:
    return sum(_size(files, entry.path) if entry.is_directory else entry.size for entry in files.list(path))
