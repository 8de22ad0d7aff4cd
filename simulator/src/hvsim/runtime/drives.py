# SPDX-License-Identifier: GPL-3.0-or-later
"""``$drive:name``: variables that are items of a provider (``env:``, ``function:``, ``alias:``, ``variable:``).

Drives of other providers are registered by the library with :func:`register`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import runtime_error

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

Reader = Callable[["ExecutionContext", str], Any]
Writer = Callable[["ExecutionContext", str, Any], None]

SCOPE_PREFIXES = frozenset(("global", "script", "local", "private"))
ITEM_ALIAS = "psitem"
_DRIVES: dict[str, tuple[Reader, Writer]] = {}
_EXISTENCE: list[Callable[[ExecutionContext, str], bool]] = []


@lru_cache(maxsize=4096)
def split(path: str) -> tuple[str, str]:
    """A variable path as (prefix in lower case or "", name): ``variable:`` counts as no prefix.

    ``$PSItem`` is another name of ``$_`` (``VariableAnalysis.GetUnaliasedVariableName``).
    """
    drive, colon, rest = path.partition(":")
    if not colon or not drive or path.startswith(":"):
        return "", "_" if path.lower() == ITEM_ALIAS else path
    drive = drive.lower()
    if drive == "variable":
        return split(rest)
    return drive, "_" if drive in ("local", "private") and rest.lower() == ITEM_ALIAS else rest


def register(drive: str, reader: Reader, writer: Writer) -> None:
    """Makes ``$drive:name`` readable and writable."""
    _DRIVES[drive.lower()] = (reader, writer)


def on_existence(exists: Callable[[ExecutionContext, str], bool]) -> None:
    """Tells how to find out whether a drive exists that nobody registered."""
    _EXISTENCE[:] = [exists]


def read(ctx: ExecutionContext, drive: str, name: str) -> Any:
    """The content of an item; None if there is no such item, or no such drive (``GetVariableValueFromProvider``).

    Raises:
        Unsupported: a drive that nobody registered but the machine has.
    """
    found = _drive(ctx, drive)
    return None if found is None else found[0](ctx, name)


def write(ctx: ExecutionContext, drive: str, name: str, value: Any) -> None:
    """Sets the content of an item.

    Raises:
        PSError: DriveNotFound.
        Unsupported: as :func:`read`.
    """
    found = _drive(ctx, drive)
    if found is None:
        raise runtime_error(
            "DriveNotFound",
            f"Cannot find drive. A drive with the name '{drive}' does not exist.",
            kind="System.Management.Automation.DriveNotFoundException",
            category="ObjectNotFound",
            target=drive,
            fields={"ItemName": drive},
        )
    found[1](ctx, name, value)


def _drive(ctx: ExecutionContext, drive: str) -> tuple[Reader, Writer] | None:
    found = _DRIVES.get(drive)
    if found is None and any(exists(ctx, drive) for exists in _EXISTENCE):
        raise Unsupported(f"variable notation for drive {drive}:")
    return found


def environment_key(ctx: ExecutionContext, name: str) -> str:
    """The key of an environment variable as stored: names ignore case on Windows only."""
    environment = ctx.machine.environment
    if name in environment or not ctx.machine.is_windows:
        return name
    lower = name.lower()
    return next((key for key in environment if key.lower() == lower), name)


def _read_environment(ctx: ExecutionContext, name: str) -> Any:
    return ctx.machine.environment.get(environment_key(ctx, name))


def _write_environment(ctx: ExecutionContext, name: str, value: Any) -> None:
    from hvsim.runtime import convert
    from hvsim.runtime.scope import is_nothing

    key = environment_key(ctx, name)
    text = "" if is_nothing(value) else convert.to_string(ctx, value)
    if text == "":
        ctx.machine.environment.pop(key, None)
    else:
        ctx.machine.environment[key] = text


def _read_function(ctx: ExecutionContext, name: str) -> Any:
    found = ctx.scope.find_function(name.lower())
    return None if found is None else found.script_block


def _write_function(ctx: ExecutionContext, name: str, value: Any) -> None:
    from hvsim.runtime import functions

    functions.set_function(ctx, name, value)


def _read_alias(ctx: ExecutionContext, name: str) -> Any:
    found = ctx.scope.find_alias(name.lower())
    return None if found is None else found.definition


def _write_alias(ctx: ExecutionContext, name: str, value: Any) -> None:
    from hvsim.runtime import convert
    from hvsim.runtime.command import AliasInfo

    scope = ctx.scope
    if scope.aliases is None:
        scope.aliases = {}
    scope.aliases[name.lower()] = AliasInfo(name, convert.to_string(ctx, value))


register("env", _read_environment, _write_environment)
register("function", _read_function, _write_function)
register("alias", _read_alias, _write_alias)
