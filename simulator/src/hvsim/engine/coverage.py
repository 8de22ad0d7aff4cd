# SPDX-License-Identifier: GPL-3.0-or-later
"""COVERAGE.md: what the engine implements and what it refuses, written from the registries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from hvsim.cmdlets import known
from hvsim.engine import overrides, runspace, wrapper
from hvsim.runtime import members, types
from hvsim.runtime.command import CmdletInfo, implemented_cmdlets, recorded_cmdlets

_HEADER = """# What the engine covers

Written by `hvsim coverage`; a test holds it up to date. What is not listed is refused by name (`hvsim: unsupported: ...`),
never guessed. A cmdlet's parameters beyond those implemented are refused when they are used.
"""


def write(path: Path) -> None:
    """Writes the page.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(text(), encoding="utf-8")


def text() -> str:
    """The page as Markdown."""
    runspace.load()
    sections = (_summary(), _cmdlets(), _missing_cmdlets(), _types(), _modules(), _language())
    return "\n".join([_HEADER, *("\n".join(section) for section in sections)]).rstrip() + "\n"


def _summary() -> Iterator[str]:
    done = implemented_cmdlets()
    recorded = {m.name for m in recorded_cmdlets()}
    typed = members.registered_members()
    yield "## In numbers\n"
    yield "| what | implemented |"
    yield "|---|---|"
    yield f"| cmdlets of PowerShell 7.6's own modules | {sum(i.name in recorded for i in done)} of {len(recorded)} |"
    yield f"| other cmdlets (Hyper-V and Windows) | {sum(i.name not in recorded for i in done)} |"
    yield f"| .NET types with members | {len(typed)} |"
    yield f"| .NET members | {sum(map(len, typed.values()))} |"
    yield f"| Ansible modules with a native stand-in | {len(overrides.names())} |"
    yield ""


def _cmdlets() -> Iterator[str]:
    yield "## Cmdlets\n"
    yield "| cmdlet | module | parameters not implemented |"
    yield "|---|---|---|"
    for info in implemented_cmdlets():
        yield f"| {info.name} | {info.module_name} | {_refused(info) or '-'} |"
    yield ""


def _refused(info: CmdletInfo) -> str:
    assert info.implementation is not None
    known = info.implementation.metadata.parameters
    return ", ".join(name for name in known if name not in info.implementation.implemented)


def _missing_cmdlets() -> Iterator[str]:
    done = {info.name for info in implemented_cmdlets()}
    missing = [m.name for m in recorded_cmdlets() if m.name not in done]
    yield "## Cmdlets that are refused\n"
    yield from _wrapped(missing)
    yield "\nOn Windows hosts also (Hyper-V and other modules of Windows):\n"
    yield from _wrapped(known.names())
    yield ""


def _types() -> Iterator[str]:
    yield "## .NET types and their members\n"
    yield "`::` marks static members, `new` a constructor. Inherited members work on derived types as well."
    yield ""
    yield "| type | members |"
    yield "|---|---|"
    rows = members.registered_members()
    for name in sorted(rows, key=str.lower):
        yield f"| {name} | {', '.join(_escaped(rows[name]))} |"
    yield ""
    counts = Counter(_known_members(name) for name in rows)
    yield f"Types recorded in `metadata/types.json` among them: {counts[True]}.\n"


def _known_members(name: str) -> bool:
    return types.metadata(name) is not None


def _escaped(names: Iterable[str]) -> Iterator[str]:
    return (name.replace("|", "\\|") for name in names)


def _modules() -> Iterator[str]:
    yield "## Ansible\n"
    yield "Modules are interpreted from the source that the controller sends. Emulated by name:"
    yield ""
    for name in sorted(wrapper.EMULATED_CSHARP | wrapper.EMULATED_UTILS):
        yield f"- `{name}`"
    yield ""
    if overrides.names():
        yield "Native stand-ins (the module needs C# or Windows APIs that nobody can interpret):\n"
        yield from (f"- `{name}`" for name in overrides.names())
    else:
        yield "No module has a native stand-in. Modules that need other C# utilities are refused by name."
    yield ""


def _language() -> Iterator[str]:
    yield "## Language\n"
    yield "The parser accepts PowerShell 7.6 (edition 7) and refuses what 5.1 lacks (edition 5.1). Refused by name:\n"
    for row in (
        "classes and enums at run time, `using module`, `using assembly`, DSC configurations, workflows",
        "local jobs (`Start-Job`, `&` at the end), `ForEach-Object -Parallel`, runspaces of their own",
        "remote sessions to other computers (`-ComputerName`, `-ConnectionUri`, SSH), entering and disconnecting sessions",
        "`Add-Type` with source text, COM objects, native programs",
        "answers of a person: `Read-Host`, `-Confirm`, preference `Inquire`",
    ):
        yield f"- {row}"
    yield ""


def _wrapped(names: Iterable[str], width: int = 116) -> Iterator[str]:
    line = ""
    for name in names:
        piece = f"{name}, "
        if len(line) + len(piece) > width:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip(", ")
