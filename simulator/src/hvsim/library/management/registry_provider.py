# SPDX-License-Identifier: GPL-3.0-or-later
"""The Registry provider and ``Microsoft.Win32.RegistryKey``, over the machine's registry."""

from __future__ import annotations

import re
from typing import Any

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import bytes_array, string_array
from hvsim.library.management.provider import Provider, provider
from hvsim.runtime import convert, objects, types
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import Array, Integer, NetObject

_KEY = "Microsoft.Win32.RegistryKey"
_HIVES = ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER")
_SHORT = {"HKLM": _HIVES[0], "HKCU": _HIVES[1]}


@types.net_class(_KEY, base="System.MarshalByRefObject")
class RegistryKey(NetObject):
    """A key by its path (``HKEY_LOCAL_MACHINE\\SOFTWARE``)."""

    __slots__ = ("path",)
    NET = _KEY

    def __init__(self, path: str) -> None:
        self.path = path


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
        if not command.should_process(f"Key: {path}", "New Item" if ctx.edition != "5.1" else "Create Registry Key"):
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
        return key_object(ctx, path)

    def set(self, command: Any, path: str, value: Any) -> Any:
        write_value(command.ctx, path, "", value, None)
        return key_object(command.ctx, path)

    def clear(self, command: Any, path: str) -> None:
        if command.should_process(f"Item: {path}", "Clear Item"):
            registry = command.ctx.machine.registry
            for value in registry.values(from_utf16(path)):
                registry.delete_value(from_utf16(path), value.name)

    def remove(self, command: Any, path: str, recurse: bool, force: bool) -> None:
        if command.should_process(f"Item: {path}", "Remove Item"):
            self._remove_key(command.ctx, path)

    def _remove_key(self, ctx: ExecutionContext, path: str) -> None:
        ctx.machine.registry.delete_key(from_utf16(path))

    def rename(self, command: Any, path: str, name: str, force: bool) -> str | None:
        target = self.join(command.ctx, self.parent(command.ctx, path), name)
        if not command.should_process(f"Item: {path} NewName: {name}", "Rename Item"):
            return None
        self._copy_tree(command.ctx, path, target)
        self._remove_key(command.ctx, path)
        return target

    def copy(self, command: Any, source: str, target: str, recurse: bool, force: bool) -> list[str]:
        ctx = command.ctx
        if self.exists(ctx, target):
            target = self.join(ctx, target, self.leaf(ctx, source))
        if not command.should_process(f"Item: {source} Destination: {target}", "Copy Item"):
            return []
        self._copy_tree(ctx, source, target, recurse)
        return [target]

    def move(self, command: Any, source: str, target: str, force: bool) -> str | None:
        made = self.copy(command, source, target, True, force)
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


# ---- keys and values ---------------------------------------------------------------------------------------------------


def key_object(ctx: ExecutionContext, path: str) -> RegistryKey:
    """The key with the note ``Property`` that lists its values."""
    made = RegistryKey(path)
    names = ["(default)" if v.name == "" else to_utf16(v.name) for v in _values(ctx, path)]
    made.extended = {"property": objects.NoteProperty("Property", string_array(names), made)}
    return made


def _values(ctx: ExecutionContext, path: str) -> list[Any]:
    return list(ctx.machine.registry.values(from_utf16(path))) if path else []


def value_names(ctx: ExecutionContext, path: str) -> list[str]:
    """Names of a key's values as PowerShell shows them."""
    return ["(default)" if v.name == "" else to_utf16(v.name) for v in _values(ctx, path)]


def read_value(ctx: ExecutionContext, path: str, name: str, *, expand: bool = True) -> Any:
    """A value as .NET gives it; None if there is none."""
    wanted = "" if name.lower() == "(default)" else name
    for value in _values(ctx, path):
        if value.name.lower() == from_utf16(wanted).lower():
            return to_net(ctx, value, expand)
    return None


def has_value(ctx: ExecutionContext, path: str, name: str) -> bool:
    return any(n.lower() == name.lower() for n in value_names(ctx, path))


def to_net(ctx: ExecutionContext, value: Any, expand: bool = True) -> Any:
    """Registry data as a PowerShell value: DWord is an Int32, QWord an Int64."""
    data = value.data
    if isinstance(data, str):
        return to_utf16(_expanded(ctx, data) if value.kind == "ExpandString" and expand else data)
    if isinstance(data, bytes):
        return bytes_array(data)
    if isinstance(data, list):
        return string_array([to_utf16(line) for line in data])
    from hvsim.runtime.values import Int64

    if value.kind == "QWord":
        return Int64(data - (1 << 64) if data >= 1 << 63 else data)
    return data - (1 << 32) if data >= 1 << 31 else data


def _expanded(ctx: ExecutionContext, text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        found = ctx.machine.environment.get(match[1])
        return match[0] if found is None else str(found)

    return re.sub(r"%([^%]+)%", replace, text)


def write_value(ctx: ExecutionContext, path: str, name: str, value: Any, kind: str | None) -> None:
    """Sets a value; without *kind* an existing value keeps its own and a new one gets that of the data.

    Raises:
        PSError: the data cannot be converted.
    """
    name = "" if name.lower() == "(default)" else name
    if kind is None:
        kind = next((v.kind for v in _values(ctx, path) if v.name.lower() == from_utf16(name).lower()), None)
        if kind is None or not _fits(objects.unwrap(value), kind):
            kind = _kind_of(objects.unwrap(value))
    ctx.machine.registry.set_value(from_utf16(path), from_utf16(name), _data(ctx, value, kind), kind)


def _kind_of(value: Any) -> str:
    if isinstance(value, Integer) and value.NET in ("System.Int64", "System.UInt64", "System.UInt32"):
        return "QWord" if value.NET != "System.UInt32" else "DWord"
    if isinstance(value, int) and not isinstance(value, bool):
        return "DWord"
    if isinstance(value, Array):
        element = value.element_type
        if element is not None and element.full_name == "System.Byte":
            return "Binary"
        return "MultiString"
    return "String"


def _fits(value: Any, kind: str) -> bool:
    numeric = isinstance(value, int) and not isinstance(value, bool)
    return {
        "DWord": numeric or isinstance(value, str),
        "QWord": numeric or isinstance(value, str),
        "MultiString": True,
        "Binary": isinstance(value, Array),
    }.get(kind, not isinstance(value, Array))


def _data(ctx: ExecutionContext, value: Any, kind: str) -> Any:
    if kind == "DWord":
        number = convert.to(ctx, value, types.get("System.Int64"))
        return int(number) & 0xFFFFFFFF
    if kind == "QWord":
        return int(convert.to(ctx, value, types.get("System.Int64"))) & 0xFFFFFFFFFFFFFFFF
    if kind == "Binary":
        return bytes(int(b) for b in convert.to(ctx, value, types.get("System.Byte[]")))
    if kind == "MultiString":
        return [from_utf16(s) for s in convert.to(ctx, value, types.get("System.String[]"))]
    return from_utf16(convert.to_string(ctx, value))


# ---- members of RegistryKey --------------------------------------------------------------------------------------------


@getter(_KEY, "Name", type="string")
def _name(self: RegistryKey) -> str:
    return self.path


@getter(_KEY, "SubKeyCount", type="int", context=True)
def _sub_key_count(ctx: Any, self: RegistryKey) -> int:
    return len(_existing(ctx, self).subkeys(from_utf16(self.path)))


@getter(_KEY, "ValueCount", type="int", context=True)
def _value_count(ctx: Any, self: RegistryKey) -> int:
    return len(_existing(ctx, self).values(from_utf16(self.path)))


def _existing(ctx: Any, key: RegistryKey) -> Any:
    registry = ctx.machine.registry
    if not registry.exists(from_utf16(key.path)):
        raise net_error("System.IO.IOException", "Illegal operation attempted on a registry key that has been marked for deletion.")
    return registry


@method(_KEY, "GetValue", overloads=[
    "(string) -> System.Object",
    "(string, System.Object) -> System.Object",
    "(string, System.Object, Microsoft.Win32.RegistryValueOptions) -> System.Object",
], context=True)
def _get_value(ctx: Any, self: RegistryKey, name: str | None, default: Any = None, options: Any = None) -> Any:
    _existing(ctx, self)
    found = read_value(ctx, self.path, name or "(default)", expand=options is None or options.value == 0)
    return default if found is None else found


@method(_KEY, "GetValueNames", overloads=["() -> string[]"], context=True)
def _get_value_names(ctx: Any, self: RegistryKey) -> Array:
    return string_array([to_utf16(v.name) for v in _existing(ctx, self).values(from_utf16(self.path))])


@method(_KEY, "GetSubKeyNames", overloads=["() -> string[]"], context=True)
def _get_sub_key_names(ctx: Any, self: RegistryKey) -> Array:
    return string_array([to_utf16(n) for n in _existing(ctx, self).subkeys(from_utf16(self.path))])


@method(_KEY, "GetValueKind", overloads=["(string) -> Microsoft.Win32.RegistryValueKind"], context=True)
def _get_value_kind(ctx: Any, self: RegistryKey, name: str) -> Any:
    for value in _existing(ctx, self).values(from_utf16(self.path)):
        if value.name.lower() == from_utf16(name).lower():
            return types.enum("Microsoft.Win32.RegistryValueKind", value.kind)
    raise net_error("System.IO.IOException", "The specified registry key does not exist.")


@method(_KEY, "SetValue", overloads=[
    "(string, System.Object) -> void",
    "(string, System.Object, Microsoft.Win32.RegistryValueKind) -> void",
], context=True)
def _set_value(ctx: Any, self: RegistryKey, name: str, value: Any, kind: Any = None) -> None:
    _existing(ctx, self)
    write_value(ctx, self.path, name, value, None if kind is None else types.enum_text(kind))


@method(_KEY, "DeleteValue", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_value(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    try:
        _existing(ctx, self).delete_value(from_utf16(self.path), from_utf16(name))
    except KeyError:
        if throw:
            raise net_error("System.ArgumentException", "No value exists with that name.") from None


@method(_KEY, "OpenSubKey", overloads=[
    "(string) -> Microsoft.Win32.RegistryKey",
    "(string, bool) -> Microsoft.Win32.RegistryKey",
], context=True)
def _open_sub_key(ctx: Any, self: RegistryKey, name: str, writable: bool = False) -> RegistryKey | None:
    path = f"{self.path}\\{name.strip(chr(92))}" if name else self.path
    return RegistryKey(path) if ctx.machine.registry.exists(from_utf16(path)) else None


@method(_KEY, "CreateSubKey", overloads=[
    "(string) -> Microsoft.Win32.RegistryKey",
    "(string, bool) -> Microsoft.Win32.RegistryKey",
], context=True)
def _create_sub_key(ctx: Any, self: RegistryKey, name: str, writable: bool = True) -> RegistryKey:
    path = f"{self.path}\\{name.strip(chr(92))}"
    ctx.machine.registry.create_key(from_utf16(path))
    return RegistryKey(path)


@method(_KEY, "Close", overloads=["() -> void"])
@method(_KEY, "Dispose", overloads=["() -> void"])
@method(_KEY, "Flush", overloads=["() -> void"])
def _close(self: RegistryKey) -> None:
    """Keys hold nothing open."""


@method(_KEY, "ToString", overloads=["() -> string"])
def _text(self: RegistryKey) -> str:
    return self.path


__all__ = ["PSError", "Registry", "RegistryKey", "has_value", "key_object", "read_value", "to_net", "value_names", "write_value"]
