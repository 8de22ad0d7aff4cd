# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that PowerShell or Windows has and this engine does not: ``metadata/known_commands.txt``.

They are refused by name. A name that is missing there ends as CommandNotFoundException.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from hvsim.runtime import command
from hvsim.runtime.command import Refused


def names() -> list[str]:
    """All of them, without those that are implemented by now."""
    done = {info.name for info in command.implemented_cmdlets()}
    return sorted({row.name for row in listed()} - done)


def listed() -> Iterator[Refused]:
    """The rows of the table."""
    text = resources.files("hvsim.cmdlets").joinpath("metadata/known_commands.txt").read_text("utf-8")
    module, where = "", set[str]()
    for line in text.splitlines():
        if line.startswith("["):
            module, _, rest = line[1:].partition("]")
            where = set(rest.split())
        elif line and not line.startswith("#"):
            noun, is_noun, verbs = line.partition(": ")
            found = [f"{verb}-{noun}" for verb in verbs.split()] if is_noun else line.split()
            kind = "cmdlet" if is_noun else "function"
            edition = next(iter(where & {"5.1", "7"}), None)
            yield from (Refused(name, module, kind, "windows" in where, edition) for name in found)


command.refuse(listed())
