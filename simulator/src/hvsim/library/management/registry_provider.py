# SPDX-License-Identifier: GPL-3.0-or-later
"""The Registry provider, over the machine's registry."""

from __future__ import annotations

import re
from typing import Any

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import string_array
from hvsim.library.management.provider import Provider, provider
from hvsim.library.management.registry_key import RegistryKey
from hvsim.library.management.registry_values import value_names, write_value
from hvsim.runtime import convert, objects
from hvsim.runtime.context import ExecutionContext

_HIVES = ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER")
_SHORT = {"HKLM": _HIVES[0], "HKCU": _HIVES[1]}


@provider
class Registry(Provider):
    """Keys are the items, values are properties of them."""

    name = "Registry"
    is_tree = True

    def separator(self, ctx: ExecutionContext) -> str:
        return "\\"

    def normal(self, ctx: ExecutionContext, path: str) -> str:
        parts = [p for p in re.split(r"[\\/]", path) if p]
        if not parts:
            return ""
        hive = parts[0].rstrip(":").upper()
        return "\\".join([_SHORT.get(hive, hive if hive in _HIVES else parts[0]), *parts[1:]])

    def join(self, ctx: ExecutionContext, parent: str, child: str) -> str:
        child = child.strip("\\/")
        return f"{parent.rstrip(chr(92))}\\{child}" if parent else child

    def parent(self, ctx: ExecutionContext, path: str) -> str:
        return path.rpartition("\\")[0]

    def leaf(self, ctx: ExecutionContext, path: str) -> str:
        return path.rpartition("\\")[2]

    def exists(self, ctx: ExecutionContext, path: str) -> bool:
        return path == "" or bool(ctx.machine.registry.exists(from_utf16(path)))

    def is_container(self, ctx: ExecutionContext, path: str) -> bool:
        return self.exists(ctx, path)

    def item(self, ctx: ExecutionContext, path: str) -> Any:
        return key_object(ctx, path)

    def names(self, ctx: ExecutionContext, path: str) -> list[str]:
        if path == "":
            return list(_HIVES)
        return [to_utf16(n) for n in ctx.machine.registry.subkeys(from_utf16(path))]

    def new(self, command: Any, path: str, kind: str, value: Any, force: bool) -> Any:
        ctx = command.ctx
        if not command.should_process(f"Item: {path} Type: {kind}" if kind else f"Item: {path}", "New Item"):
            return None
        if self.exists(ctx, path):
            if not force:
                command.error(
                    "A key in this path already exists.",
                    "System.IO.IOException",
                    "ResourceExists",
                    key_object(ctx, path),
                    kind="System.IO.IOException",
                )
                return None
            self._remove_key(ctx, path)
        if not force and not self.exists(ctx, self.parent(ctx, path)):
            command.error(
                "The registry key at the specified path does not exist.",
                "System.ArgumentException",
                "InvalidArgument",
                path,
                kind="System.ArgumentException",
            )
            return None
        ctx.machine.registry.create_key(from_utf16(path))
        if value is not None:
            write_value(ctx, path, "", value, None)
        return key_object(ctx, path, writable=True)

    def set(self, command: Any, path: str, value: Any) -> Any:
        if not command.should_process(f"Item: {path} Value: {convert.to_string(command.ctx, value)}", "Set Item"):
            return None
        write_value(command.ctx, path, "", value, None)
        return key_object(command.ctx, path)

    def clear(self, command: Any, path: str) -> None:
        if command.should_process(f"Item: {path}", "Clear Item"):
            registry = command.ctx.machine.registry
            for value in registry.values(from_utf16(path)):
                registry.delete_value(from_utf16(path), value.name)

    def remove(self, command: Any, path: str, recurse: bool, force: bool) -> None:
        if command.should_process(f"Item: {path}", "Remove Key"):
            self._remove_key(command.ctx, path)

    def _remove_key(self, ctx: ExecutionContext, path: str) -> None:
        ctx.machine.registry.delete_key(from_utf16(path))

    def rename(self, command: Any, path: str, name: str, force: bool) -> str | None:
        target = self.join(command.ctx, self.parent(command.ctx, path), name)
        if self.exists(command.ctx, target):
            text = "The item cannot be renamed because an item with that name already exists in the same container."
            kind = "System.Management.Automation.PSArgumentException"
            command.error(text, kind, "InvalidArgument", name, kind=kind)
            return None
        if not command.should_process(f"Item: {path} NewName: {name}", "Rename Item"):
            return None
        self._copy_tree(command.ctx, path, target)
        self._remove_key(command.ctx, path)
        return target

    def copy(self, command: Any, source: str, target: str, recurse: bool, force: bool) -> list[str]:
        return self._copied(command, source, target, recurse, "Copy Key")

    def _copied(self, command: Any, source: str, target: str, recurse: bool, action: str) -> list[str]:
        ctx = command.ctx
        if self.exists(ctx, target):
            target = self.join(ctx, target, self.leaf(ctx, source))
        if recurse and target.lower().startswith(source.lower() + "\\"):
            text = "The operation cannot be performed because the destination path is subordinate to the source path."
            command.error(text, "System.ArgumentException", "InvalidArgument", target, kind="System.ArgumentException")
            return []
        if not command.should_process(f"Item: {source} Destination: {target}", action):
            return []
        self._copy_tree(ctx, source, target, recurse)
        return [target]

    def move(self, command: Any, source: str, target: str, force: bool) -> str | None:
        made = self._copied(command, source, target, True, "Move Item")
        if not made:
            return None
        self._remove_key(command.ctx, source)
        return made[0]

    def _copy_tree(self, ctx: ExecutionContext, source: str, target: str, recurse: bool = True) -> None:
        registry = ctx.machine.registry
        registry.create_key(from_utf16(target))
        for value in registry.values(from_utf16(source)):
            registry.set_value(from_utf16(target), value.name, value.data, value.kind)
        for name in self.names(ctx, source) if recurse else ():
            self._copy_tree(ctx, self.join(ctx, source, name), self.join(ctx, target, name))


def key_object(ctx: ExecutionContext, path: str, *, writable: bool = False) -> RegistryKey:
    """The key with the note ``Property`` that lists its values; the provider opens keys for reading, but for new ones."""
    made = RegistryKey(path, writable)
    made.extended = {"property": objects.NoteProperty("Property", string_array(value_names(ctx, path)), made)}
    return made
