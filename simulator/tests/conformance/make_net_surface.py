# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``metadata/net_surface.json`` anew: ``python tests/conformance/make_net_surface.py FOLDER``.

FOLDER holds the unpacked npm package ``@tsonic/dotnet-pure`` (MIT), which lists the API of .NET 10's shared framework, a folder
for each namespace with a ``bindings.json``. Only names are taken. Run it when types are added to ``class_library.json``: the
members of a type that the engine knows are listed, of all others only the name.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import hvsim
from hvsim.engine.runspace import load
from hvsim.runtime.types import registry

TARGET = Path(hvsim.__file__).parent / "metadata" / "net_surface.json"
SOURCE = [
    "Names of .NET 10: every public type of the shared framework, and the members of the types that hvsim knows that types.json does not record.",
    "From the API listing of npm package @tsonic/dotnet-pure 0.8.8 (MIT), which reflects over Microsoft.NETCore.App 10.0; names only. "
    "Members: '::' marks a static one, '()' a method. Written by tests/conformance/make_net_surface.py.",
]


def main(folder: str) -> None:
    """Reads all namespaces and writes the file."""
    rows: dict[str, Any] = {}
    for path in sorted(Path(folder).rglob("bindings.json")):
        rows.update((row["clrName"], row) for row in json.loads(path.read_text("utf-8"))["types"])
    load()
    names: dict[str, list[str]] = {}
    for full_name in rows:
        if not full_name.startswith(("Internal", "Microsoft.Win32.SafeHandles")):
            outer, plus, inner = full_name.partition("+")
            namespace, _, short = outer.rpartition(".")
            names.setdefault(namespace, []).append(short + plus + inner)
    members = {name: text for name, row in sorted(rows.items()) if (text := listed(name, row))}
    types = {namespace: " ".join(sorted(found)) for namespace, found in sorted(names.items())}
    parts = [f' "source": {json.dumps(SOURCE)}', table("types", types), table("members", members)]
    TARGET.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def listed(full_name: str, row: dict[str, Any]) -> str:
    """The members of a type that the engine knows, without the recorded ones and the values of enums."""
    known = registry.by_name.get(full_name.lower())
    if known is None or known.is_enum:
        return ""
    found = {
        mark(m, "static=true" in m["normalizedSignature"], end)
        for kind, end in (("methods", "()"), ("properties", ""))
        for m in row[kind]
        # Of what .NET implements privately PowerShell sees the interface's own members.
        if m["emitScope"] != "ViewOnly" and not m["clrName"].startswith("op_")
    }
    found |= {mark(f, f["isStatic"], "") for f in row["fields"]}
    for event in row["events"]:
        prefix = "::" if event.get("isStatic") else ""
        found |= {f"{prefix}{verb}_{event['clrName']}()" for verb in ("add", "remove")}
    recorded = registry.recorded.get(full_name)
    if recorded is not None:
        found -= {m for m in found if m.removesuffix("()") in {*recorded["methods"], *recorded["properties"]}}
    return " ".join(sorted(found))


def mark(member: dict[str, Any], static: bool, end: str) -> str:
    return ("::" if static else "") + str(member["clrName"]) + end


def table(name: str, rows: dict[str, str]) -> str:
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in rows.items())
    return f' "{name}": {{\n{lines}\n }}'


if __name__ == "__main__":
    main(sys.argv[1])
