# SPDX-License-Identifier: GPL-3.0-or-later
"""``Microsoft.Win32.RegistryKey`` and ``Registry`` over the machine's registry.

A key knows whether it was opened for writing: ``OpenSubKey`` opens for reading unless told otherwise, and so do the
cmdlets that hand out keys.
"""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import string_array
from hvsim.library.management.registry_values import array_kind, read_value
from hvsim.runtime import convert, objects, types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import getter, method, static_getter, static_method
from hvsim.runtime.values import Array, EnumValue, NetObject

_KEY = "Microsoft.Win32.RegistryKey"
_REGISTRY = "Microsoft.Win32.Registry"
_KIND = "Microsoft.Win32.RegistryValueKind"
#: Base keys by their name in ``Registry`` and ``RegistryHive``; the machine has two of them.
_BASES = {
    "LocalMachine": "HKEY_LOCAL_MACHINE",
    "CurrentUser": "HKEY_CURRENT_USER",
    "ClassesRoot": "HKEY_CLASSES_ROOT",
    "CurrentConfig": "HKEY_CURRENT_CONFIG",
    "Users": "HKEY_USERS",
    "PerformanceData": "HKEY_PERFORMANCE_DATA",
}
_PRESENT = ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER")


@types.net_class(_KEY, base="System.MarshalByRefObject")
class RegistryKey(NetObject):
    """A key by its path (``HKEY_LOCAL_MACHINE\\SOFTWARE``)."""

    __slots__ = ("closed", "path", "writable")
    NET = _KEY

    def __init__(self, path: str, writable: bool = False) -> None:
        self.path = path
        self.writable = writable
        self.closed = False


def _base(hive: str) -> RegistryKey:
    """A base key; those are open for writing.

    Raises:
        Unsupported: a hive that the machine does not have.
    """
    if hive not in _PRESENT:
        raise Unsupported(f"registry hive {hive}")
    return RegistryKey(hive, writable=True)


def _register(name: str, hive: str) -> None:
    @static_getter(_REGISTRY, name, type=_KEY)
    def _root() -> RegistryKey:
        return _base(hive)


for _name, _hive in _BASES.items():
    _register(_name, _hive)


@static_method(_KEY, "OpenBaseKey", overloads=[
    "(Microsoft.Win32.RegistryHive, Microsoft.Win32.RegistryView) -> Microsoft.Win32.RegistryKey",
])
def _open_base_key(hive: EnumValue, view: EnumValue) -> RegistryKey:
    if types.enum_text(view) == "Registry32":
        raise Unsupported("RegistryView Registry32 (the simulated registry has one view)")
    return _base(_BASES[types.enum_text(hive)])


# ---- what every method asks first --------------------------------------------------------------------------------------


def _opened(ctx: Any, key: RegistryKey) -> Any:
    """The registry, if the key is open and still there.

    Raises:
        PSError: ObjectDisposedException, or IOException of a key that has been deleted.
    """
    if key.closed:
        end = "\r\n" if ctx.machine.is_windows else "\n"
        text = f"Cannot access a closed registry key.{end}Object name: '{key.path}'."
        raise net_error("System.ObjectDisposedException", text)
    registry = ctx.machine.registry
    if not registry.exists(from_utf16(key.path)):
        raise net_error("System.IO.IOException", "Illegal operation attempted on a registry key that has been marked for deletion.")
    return registry


def _written(ctx: Any, key: RegistryKey) -> Any:
    """As :func:`_opened`, for a change.

    Raises:
        PSError: also UnauthorizedAccessException of a key that was opened for reading.
    """
    registry = _opened(ctx, key)
    if not key.writable:
        raise net_error("System.UnauthorizedAccessException", "Cannot write to the registry key.")
    return registry


def _below(key: RegistryKey, name: str) -> str:
    bare = "\\".join(part for part in name.split("\\") if part)
    return f"{key.path}\\{bare}" if bare else key.path


def _null(parameter: str) -> PSError:
    return net_error("System.ArgumentNullException", f"Value cannot be null. (Parameter '{parameter}')")


# ---- keys --------------------------------------------------------------------------------------------------------------


@getter(_KEY, "Name", type="string")
def _key_name(self: RegistryKey) -> str:
    return self.path


@getter(_KEY, "SubKeyCount", type="int", context=True)
def _sub_key_count(ctx: Any, self: RegistryKey) -> int:
    return len(_opened(ctx, self).subkeys(from_utf16(self.path)))


@getter(_KEY, "ValueCount", type="int", context=True)
def _value_count(ctx: Any, self: RegistryKey) -> int:
    return len(_opened(ctx, self).values(from_utf16(self.path)))


@method(_KEY, "GetSubKeyNames", overloads=["() -> string[]"], context=True)
def _get_sub_key_names(ctx: Any, self: RegistryKey) -> Array:
    return string_array([to_utf16(n) for n in _opened(ctx, self).subkeys(from_utf16(self.path))])


@method(_KEY, "OpenSubKey", overloads=[
    "(string) -> Microsoft.Win32.RegistryKey",
    "(string, bool) -> Microsoft.Win32.RegistryKey",
    "(string, Microsoft.Win32.RegistryKeyPermissionCheck) -> Microsoft.Win32.RegistryKey",
], context=True)
def _open_sub_key(ctx: Any, self: RegistryKey, name: str | None, how: Any = False) -> RegistryKey | None:
    if name is None:
        raise _null("name")
    registry, path = _opened(ctx, self), _below(self, name)
    writable = types.enum_text(how) == "ReadWriteSubTree" if isinstance(how, EnumValue) else how is True
    return RegistryKey(path, writable) if registry.exists(from_utf16(path)) else None


@method(_KEY, "CreateSubKey", overloads=[
    "(string) -> Microsoft.Win32.RegistryKey",
    "(string, bool) -> Microsoft.Win32.RegistryKey",
], context=True)
def _create_sub_key(ctx: Any, self: RegistryKey, name: str | None, writable: bool = True) -> RegistryKey:
    if name is None:
        raise _null("subkey")
    registry, path = _written(ctx, self), _below(self, name)
    if not registry.exists(from_utf16(path)):
        registry.create_key(from_utf16(path))
    return RegistryKey(path, writable)


@method(_KEY, "DeleteSubKeyTree", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_tree(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    _delete(_written(ctx, self), _below(self, name), throw, "Cannot delete a subkey tree because the subkey does not exist.")


@method(_KEY, "DeleteSubKey", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_key(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    registry, path = _written(ctx, self), _below(self, name)
    if registry.exists(from_utf16(path)) and registry.subkeys(from_utf16(path)):
        message = "Registry key has subkeys and recursive removes are not supported by this method."
        raise net_error("System.InvalidOperationException", message)
    _delete(registry, path, throw, "Cannot delete a subkey because the subkey does not exist.")


def _delete(registry: Any, path: str, throw: bool, message: str) -> None:
    try:
        registry.delete_key(from_utf16(path))
    except KeyError:
        if throw:
            raise net_error("System.ArgumentException", message) from None


@method(_KEY, "Close", overloads=["() -> void"])
@method(_KEY, "Dispose", overloads=["() -> void"])
def _close(self: RegistryKey) -> None:
    """Base keys stay open."""
    self.closed = "\\" in self.path


@method(_KEY, "Flush", overloads=["() -> void"])
def _flush(self: RegistryKey) -> None:
    """The simulated registry writes at once."""


@method(_KEY, "ToString", overloads=["() -> string"])
def _text(self: RegistryKey) -> str:
    return self.path


# ---- values ------------------------------------------------------------------------------------------------------------


@method(_KEY, "GetValue", overloads=[
    "(string) -> System.Object",
    "(string, System.Object) -> System.Object",
    "(string, System.Object, Microsoft.Win32.RegistryValueOptions) -> System.Object",
], context=True)
def _get_value(ctx: Any, self: RegistryKey, name: str | None, default: Any = None, options: Any = None) -> Any:
    _opened(ctx, self)
    found = read_value(ctx, self.path, name or "(default)", expand=options is None or options.value == 0)
    return default if found is None else found


@method(_KEY, "GetValueNames", overloads=["() -> string[]"], context=True)
def _get_value_names(ctx: Any, self: RegistryKey) -> Array:
    return string_array([to_utf16(v.name) for v in _opened(ctx, self).values(from_utf16(self.path))])


@method(_KEY, "GetValueKind", overloads=[f"(string) -> {_KIND}"], context=True)
def _get_value_kind(ctx: Any, self: RegistryKey, name: str) -> Any:
    for value in _opened(ctx, self).values(from_utf16(self.path)):
        if value.name.lower() == from_utf16(name).lower():
            return types.enum(_KIND, value.kind)
    raise net_error("System.IO.IOException", "The specified registry key does not exist.")


@method(_KEY, "SetValue", overloads=[
    "(string, System.Object) -> void",
    f"(string, System.Object, {_KIND}) -> void",
], context=True)
def _set_value(ctx: Any, self: RegistryKey, name: str | None, value: Any, kind: EnumValue | None = None) -> None:
    base = objects.unwrap(value)
    if base is None:
        raise _null("value")
    named = types.enum_text(kind) if kind is not None else "Unknown"
    if named == "None":
        raise Unsupported("RegistryValueKind None")
    registry = _written(ctx, self)
    chosen = _kind_of(base) if named == "Unknown" else named
    registry.set_value(from_utf16(self.path), from_utf16(name or ""), _data(ctx, base, chosen), chosen)


def _kind_of(value: Any) -> str:
    """The kind of a value that was given without: numbers other than Int32 become text.

    Raises:
        PSError: an array of another type than ``byte[]`` and ``string[]``.
    """
    if isinstance(value, Array):
        return array_kind(value)
    return "DWord" if types.of(value).full_name == "System.Int32" else "String"


_NUMBERS = {"DWord": ("System.Int32", 32), "QWord": ("System.Int64", 64)}
_ARRAYS = {"Binary": "System.Byte", "MultiString": "System.String"}


def _data(ctx: Any, value: Any, kind: str) -> Any:
    """A value as the registry holds one of that kind.

    Raises:
        PSError: it is no such value.
    """
    if kind in _NUMBERS:
        name, bits = _NUMBERS[kind]
        try:
            return int(convert.to(ctx, value, types.get(name))) & ((1 << bits) - 1)
        except PSError:
            raise _mismatch() from None
    if kind in _ARRAYS:
        if not isinstance(value, Array) or value.element_type is None or value.element_type.full_name != _ARRAYS[kind]:
            raise _mismatch()
        return bytes(int(b) for b in value) if kind == "Binary" else [from_utf16(text) for text in value]
    return from_utf16(types.of(value).full_name if isinstance(value, Array) else convert.to_string(ctx, value))


def _mismatch() -> PSError:
    return net_error(
        "System.ArgumentException",
        "The type of the value object did not match the specified RegistryValueKind or the object could not be properly converted.",
    )


@method(_KEY, "DeleteValue", overloads=["(string) -> void", "(string, bool) -> void"], context=True)
def _delete_value(ctx: Any, self: RegistryKey, name: str, throw: bool = True) -> None:
    try:
        _written(ctx, self).delete_value(from_utf16(self.path), from_utf16(name))
    except KeyError:
        if throw:
            raise net_error("System.ArgumentException", "No value exists with that name.") from None


# ---- Registry.GetValue and SetValue ------------------------------------------------------------------------------------


def _split(name: str | None) -> tuple[RegistryKey, str]:
    """A key's name as its base key and the path below.

    Raises:
        PSError: no name, or none that starts with a base key's.
        Unsupported: a hive that the machine does not have.
    """
    if name is None:
        raise _null("keyName")
    hive, _, rest = name.partition("\\")
    if hive.upper() not in _BASES.values():
        text = "Registry key name must start with a valid base key name. (Parameter 'keyName')"
        raise net_error("System.ArgumentException", text)
    return _base(hive.upper()), rest


@static_method(_REGISTRY, "GetValue", overloads=["(string, string, System.Object) -> System.Object"], context=True)
def _registry_get(ctx: Any, name: str | None, value_name: str | None, default: Any) -> Any:
    base, rest = _split(name)
    key = _open_sub_key(ctx, base, rest)
    return None if key is None else _get_value(ctx, key, value_name, default)


@static_method(_REGISTRY, "SetValue", overloads=[
    "(string, string, System.Object) -> void",
    f"(string, string, System.Object, {_KIND}) -> void",
], context=True)
def _registry_set(ctx: Any, name: str | None, value_name: str | None, value: Any, kind: EnumValue | None = None) -> None:
    base, rest = _split(name)
    _set_value(ctx, _create_sub_key(ctx, base, rest), value_name, value, kind)
