# SPDX-License-Identifier: GPL-3.0-or-later
"""``Microsoft.Win32.Registry`` and what deletes keys."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.library.management.registry_provider import RegistryKey
from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import method, static_getter

_REGISTRY = "Microsoft.Win32.Registry"
_KEY = "Microsoft.Win32.RegistryKey"
_ROOTS = {
    "LocalMachine": "HKEY_LOCAL_MACHINE",
    "CurrentUser": "HKEY_CURRENT_USER",
    "ClassesRoot": None,
    "CurrentConfig": None,
    "Users": None,
}


types.register(
    types.NetType(
        "Microsoft.Win32.RegistryValueOptions",
        "System.Enum",
        kind="e",
        enum_members={"None": 0, "DoNotExpandEnvironmentNames": 1},
        is_flags=True,
    )
)


def _register(name: str, hive: str | None) -> None:
    @static_getter(_REGISTRY, name, type=_KEY)
    def _root() -> RegistryKey:
        if hive is None:
            raise Unsupported(f"registry hive {name}")
        return RegistryKey(hive)


for _name, _hive in _ROOTS.items():
    _register(_name, _hive)


@method(_KEY, "DeleteSubKeyTree", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_tree(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    _delete(ctx, f"{self.path}\\{name}", throw, "Cannot delete a subkey tree because the subkey does not exist.")


@method(_KEY, "DeleteSubKey", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_key(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    path = f"{self.path}\\{name}"
    registry = ctx.machine.registry
    if registry.exists(from_utf16(path)) and registry.subkeys(from_utf16(path)):
        message = "Registry key has subkeys and recursive removes are not supported by this method."
        raise net_error("System.InvalidOperationException", message)
    _delete(ctx, path, throw, "Cannot delete a subkey because the subkey does not exist.")


def _delete(ctx: Any, path: str, throw: bool, message: str) -> None:
    try:
        ctx.machine.registry.delete_key(from_utf16(path))
    except KeyError:
        if throw:
            raise net_error("System.ArgumentException", message) from None
