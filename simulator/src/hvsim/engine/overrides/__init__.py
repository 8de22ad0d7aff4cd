# SPDX-License-Identifier: GPL-3.0-or-later
"""Native stand-ins for modules that cannot be interpreted (C# utilities, Windows APIs), by module name.

Listed in COVERAGE.md as such. A stand-in answers as the module does on the simulated host, from the same model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from hvsim.engine.api import ModuleRequest, ProcessResult, Session

Override = Callable[[Session, ModuleRequest], ProcessResult]

_OVERRIDES: dict[str, Override] = {}
_PARTS = ("commands", "facts", "machine", "registry", "script_module", "services", "stat")


def override(name: str) -> Callable[[Override], Override]:
    """Registers a stand-in for a module by its fully qualified name (``ansible.windows.setup``)."""

    def register(function: Override) -> Override:
        _OVERRIDES[name] = function
        return function

    return register


@cache
def _load() -> None:
    for part in _PARTS:
        import_module(f"{__name__}.{part}")


def find(file_name: str) -> Override | None:
    """The stand-in for the module of that payload name, e.g. ``ansible_collections.ansible.windows.plugins.modules.setup.ps1``."""
    _load()
    name = module_name(file_name)
    # ansible-core before 2.19 names a redirected module as the task or action plugin does: setup, ansible.legacy.stat.
    bare = name.removeprefix("ansible.legacy.").removeprefix("ansible.builtin.")
    if "." in bare:
        return _OVERRIDES.get(name)
    return _OVERRIDES.get(f"ansible.windows.{bare}") or _OVERRIDES.get(f"ansible.windows.win_{bare}")


def module_name(file_name: str) -> str:
    """A payload's file name as fully qualified collection name."""
    name = file_name.removesuffix(".ps1")
    parts = name.split(".")
    if parts[0] == "ansible_collections" and len(parts) >= 6:
        return ".".join([parts[1], parts[2], parts[-1]])
    return name


def names() -> list[str]:
    """All modules with a stand-in."""
    _load()
    return sorted(_OVERRIDES)
