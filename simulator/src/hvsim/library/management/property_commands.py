# SPDX-License-Identifier: GPL-3.0-or-later
"""The ItemProperty cmdlets: values of registry keys, properties of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hvsim.lang.text import from_utf16
from hvsim.library.management import paths
from hvsim.library.management import registry_values as registry
from hvsim.library.management.item_base import COMMON, ItemCommand
from hvsim.library.management.provider import ItemPath
from hvsim.runtime import convert, objects, types, wildcard
from hvsim.runtime.command import ParameterMetadata, cmdlet
from hvsim.runtime.errors import PSError, net_error

_KINDS = ("String", "ExpandString", "Binary", "DWord", "MultiString", "QWord", "Unknown", "None")
#: Archive, Hidden, Normal, ReadOnly, System.
_SETTABLE = 32 | 2 | 128 | 1 | 4
_PROPERTY = tuple(p for p in COMMON if p != "Force")


class PropertyCommand(ItemCommand):
    """Works on properties of items of providers that have them."""

    def supported(self) -> Iterator[ItemPath]:
        """The items; a provider without properties is an error."""
        for item in self.items():
            if item.provider.name in ("Registry", "FileSystem"):
                yield item
                continue
            self.not_supported("Cannot use interface. The IPropertyCmdletProvider interface is not supported by this provider.")

    def dynamic(self) -> Iterator[ItemPath]:
        """The items whose properties can be made, removed and renamed: those of the registry."""
        for item in self.items():
            if item.provider.name == "Registry":
                yield item
            else:
                self.not_supported("Cannot use interface. The IDynamicPropertyCmdletProvider interface is not implemented by this provider.")

    def not_supported(self, text: str) -> None:
        self.error(text, "NotSupported", "NotImplemented", kind="System.Management.Automation.PSNotSupportedException")

    def missing(self, item: ItemPath, name: str) -> None:
        """The property does not exist."""
        self.error(
            f"Property {name} does not exist at path {item.path}.",
            "System.Management.Automation.PSArgumentException",
            "InvalidArgument",
            name,
            kind="System.Management.Automation.PSArgumentException",
        )

    def emit_properties(self, item: ItemPath, pairs: list[tuple[str, Any]]) -> None:
        """A custom object of the properties, with the notes of the item."""
        made = objects.custom_object(pairs)
        self.write(paths.decorated(self.ctx, item, made, container=False))


def matching(names: list[str], patterns: Any) -> list[str]:
    """The names that patterns (or none) choose, in their own order."""
    if not patterns:
        return names
    found: list[str] = []
    for pattern in patterns:
        matches = wildcard.compile(pattern)
        found += [n for n in names if matches(n) and n not in found]
    return found


def file_properties(ctx: Any, item: ItemPath, wanted: list[str]) -> tuple[list[tuple[str, Any]], list[str]]:
    """The properties of a file by exactly these names, under the names as they were asked for; and the names that it lacks."""
    value = item.provider.item(ctx, item.path)
    found: list[tuple[str, Any]] = []
    missing: list[str] = []
    for name in wanted:
        member = objects.find_property(ctx, value, name)
        if member is None:
            missing.append(name)
        else:
            found.append((name, member.get(ctx, value)))
    return found, missing


def no_such_property(name: str) -> str:
    return f"The property {name} does not exist or was not found."


@cmdlet("Get-ItemProperty", parameters=(*_PROPERTY, "Name"))
class GetItemProperty(PropertyCommand):
    def process(self) -> None:
        wanted = [n for n in self.arg("Name") or [] if n != "*"] if "*" not in (self.arg("Name") or []) else []
        for item in self.supported():
            if item.provider.name == "FileSystem":
                self._of_file(item, wanted)
                continue
            names = registry.value_names(self.ctx, item.path)
            for name in wanted:
                if not wildcard.contains_wildcard(name) and not any(n.lower() == name.lower() for n in names):
                    self.missing(item, name)
            chosen = matching(names, wanted)
            if chosen or not wanted:
                self._write_values(item, chosen)

    def _write_values(self, item: ItemPath, names: list[str]) -> None:
        if names:
            self.emit_properties(item, [(n, registry.read_property(self.ctx, item.path, n)) for n in names])

    def _of_file(self, item: ItemPath, wanted: list[str]) -> None:
        if not wanted:
            self.emit(item)
            return
        pairs, missing = file_properties(self.ctx, item, wanted)
        for name in missing:
            self.error(no_such_property(name), "GetValueError", "ReadError", name, kind="System.IO.IOException")
        if pairs:
            self.emit_properties(item, pairs)


@cmdlet("Get-ItemPropertyValue", parameters=(*_PROPERTY, "Name"))
class GetItemPropertyValue(PropertyCommand):
    """A value that is not there ends the command: it asks for the properties without a context to write errors to."""

    def given(self) -> list[tuple[str, bool]]:
        return super().given() or [(".", True)]

    def process(self) -> None:
        for item in self.supported():
            for value in self._values(item, list(self.args["Name"])):
                self.write(value)

    def _values(self, item: ItemPath, names: list[str]) -> list[Any]:
        """The values, but for those that are null.

        Raises:
            PSError: a name that the item lacks.
        """
        if item.provider.name == "FileSystem":
            pairs, missing = file_properties(self.ctx, item, names)
            if missing:
                raise net_error("System.IO.IOException", no_such_property(missing[0]))
            return [value for _, value in pairs if value is not None]
        for name in names:
            if not wildcard.contains_wildcard(name) and not registry.has_value(self.ctx, item.path, name):
                raise self.fail(
                    f"Property {name} does not exist at path {item.path}.",
                    "Argument",
                    "InvalidArgument",
                    kind="System.Management.Automation.PSArgumentException",
                )
        return [registry.read_property(self.ctx, item.path, name) for name in names if registry.has_value(self.ctx, item.path, name)]


class WritingPropertyCommand(PropertyCommand):
    """Sets registry values."""

    def kind(self, name: str) -> str | None:
        """-PropertyType or -Type as the kind of a registry value.

        Raises:
            PSError: no such kind.
        """
        text = convert.to_string(self.ctx, self.arg(name)) if self.bound(name) else ""
        if not text:
            return None
        found = [k for k in _KINDS if k.lower() == text.lower()]
        if not found:
            raise self.fail(
                f"Cannot bind parameter '{name}'. Cannot convert value \"{text}\" to type \"Microsoft.Win32.RegistryValueKind\". Error: "
                f'"Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following enumerator names '
                'and try again: String, ExpandString, Binary, DWord, MultiString, QWord, Unknown, None"',
                "CannotConvertArgumentNoMessage",
                "InvalidArgument",
                kind="System.Management.Automation.ParameterBindingException",
            )
        return found[0]

    def put(self, item: ItemPath, name: str, value: Any, kind: str | None) -> bool:
        """Sets one value; False after an error."""
        try:
            registry.write_value(self.ctx, item.path, name, value, kind)
        except PSError as error:
            self.error(
                error.exception.message,
                error.exception.kind,
                "WriteError",
                item.path,
                kind=error.exception.kind,
            )
            return False
        return True


@cmdlet("Set-ItemProperty", parameters=(*COMMON, "Name", "Value", "InputObject", "PassThru"))
class SetItemProperty(WritingPropertyCommand):
    """-Type is the registry's own parameter."""

    def dynamic_parameters(self) -> Mapping[str, ParameterMetadata]:
        if not self.ctx.machine.is_windows:
            return {}
        return {"Type": ParameterMetadata("Type", "string", dynamic=True)}

    def process(self) -> None:
        if self.bound("InputObject"):
            source = self.args["InputObject"]
            pairs = [(m.name, m.get(self.ctx, source)) for m in objects.properties(self.ctx, source) if not _is_note_of_item(m.name)]
        else:
            pairs = [(self.args["Name"], self.arg("Value"))]
        for item in self.supported():
            for name, value in pairs:
                if self._confirmed(item, name, value):
                    self._set(item, name, value)

    def _confirmed(self, item: ItemPath, name: str, value: Any) -> bool:
        if item.provider.name != "FileSystem":
            return self.should_process(f"Item: {item.path} Property: {name}", "Set Property")
        folder = item.provider.is_container(self.ctx, item.path)
        text = f"Item: {item.path} Property: {name} Value: {convert.to_string(self.ctx, value)}"
        return self.should_process(text, f"Set Property {'Directory' if folder else 'File'}")

    def _set(self, item: ItemPath, name: str, value: Any) -> None:
        if item.provider.name == "FileSystem":
            if not self._set_of_file(item, name, value):
                return
        elif not self.put(item, name, value, self.kind("Type") if "Type" in self.args else None):
            return
        if self.arg("PassThru") is True:
            self.emit_properties(item, [(name, value)])

    def _set_of_file(self, item: ItemPath, name: str, value: Any) -> bool:
        """Sets a property of a file; False after an error."""
        target = item.provider.item(self.ctx, item.path)
        given = objects.NoteProperty(name, value)
        if objects.find_property(self.ctx, target, name) is None:
            text = no_such_property(convert.to_string(self.ctx, given))
            self.error(text, "SetPropertyError", "ReadError", given, kind="System.IO.IOException")
            return False
        if name.lower() == "attributes" and self._beyond_files(value):
            text = "The attribute cannot be set because attributes are not supported. Only the following attributes can be set: Archive, "
            self.error(
                text + "Hidden, Normal, ReadOnly, or System.", "SetPropertyError", "ReadError", given, kind="System.IO.IOException"
            )
            return False
        try:
            objects.set_member(self.ctx, target, name, value)
        except PSError as error:
            self.write_error(paths.record(error))
            return False
        return True

    def _beyond_files(self, value: Any) -> bool:
        """Whether these attributes are more than the provider sets."""
        wanted = convert.to(self.ctx, value, types.get("System.IO.FileAttributes"))
        return bool(int(wanted.value) & ~_SETTABLE)


def _is_note_of_item(name: str) -> bool:
    return name in ("PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider")


@cmdlet("New-ItemProperty", parameters=(*COMMON, "Name", "PropertyType", "Value"))
class NewItemProperty(WritingPropertyCommand):
    def process(self) -> None:
        kind = self.kind("PropertyType")
        name = self.args["Name"]
        for item in self.dynamic():
            if not self.should_process(f"Item: {item.path} Property: {name}", "New Property"):
                continue
            if registry.has_value(self.ctx, item.path, name) and self.arg("Force") is not True:
                self.error(
                    "The property already exists.",
                    "System.IO.IOException",
                    "ResourceExists",
                    item.path,
                    kind="System.IO.IOException",
                )
                continue
            if self.put(item, name, self._value(kind), kind or (None if self.bound("Value") else "String")):
                self.emit_properties(item, [(name, registry.read_property(self.ctx, item.path, name))])

    def _value(self, kind: str | None) -> Any:
        if self.bound("Value") and self.args["Value"] is not None:
            return self.args["Value"]
        from hvsim.runtime.values import Array

        return {"DWord": 0, "QWord": 0, "Binary": Array(), "MultiString": Array()}.get(kind or "String", "")


@cmdlet("Remove-ItemProperty", parameters=(*COMMON, "Name"))
class RemoveItemProperty(PropertyCommand):
    def process(self) -> None:
        for item in self.dynamic():
            for pattern in self.args["Name"]:
                chosen = matching(registry.value_names(self.ctx, item.path), [pattern])
                if not chosen and not wildcard.contains_wildcard(pattern):
                    self.missing(item, pattern)
                for name in chosen:
                    if self.should_process(f"Item: {item.path} Property: {name}", "Remove Property"):
                        stored = "" if name == "(default)" else name
                        self.ctx.machine.registry.delete_value(from_utf16(item.path), from_utf16(stored))


@cmdlet("Clear-ItemProperty", parameters=(*COMMON, "Name", "PassThru"))
class ClearItemProperty(WritingPropertyCommand):
    def process(self) -> None:
        name = self.args["Name"]
        for item in self.supported():
            if item.provider.name == "FileSystem":
                self._clear_of_file(item, name)
                continue
            if not registry.has_value(self.ctx, item.path, name):
                self.missing(item, name)
            elif self.should_process(f"Item: {item.path} Property: {name}", "Clear Property"):
                old = registry.read_value(self.ctx, item.path, name, expand=False)
                empty: Any = 0 if isinstance(old, int) else type(old)() if not isinstance(old, str) else ""
                self.put(item, name, empty, None)


    def _clear_of_file(self, item: ItemPath, name: str) -> None:
        """Attributes become Normal; nothing else can be cleared.

        Raises:
            PSError: Argument, for another property.
        """
        if name.lower() != "attributes":
            raise self.fail(
                "The property cannot be cleared because the property is not supported. Only the Attributes property can be cleared.",
                "Argument",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentException",
            )
        folder = item.provider.is_container(self.ctx, item.path)
        if self.should_process(f"Item: {item.path} Property: {name}", f"Clear Property {'Directory' if folder else 'File'}"):
            target = item.provider.item(self.ctx, item.path)
            objects.set_member(self.ctx, target, "Attributes", types.enum("System.IO.FileAttributes", "Normal"))
            if self.arg("PassThru") is True:
                self.emit_properties(item, [(name, objects.get_member(self.ctx, target, "Attributes"))])


@cmdlet("Rename-ItemProperty", parameters=(*COMMON, "Name", "NewName", "PassThru"))
class RenameItemProperty(WritingPropertyCommand):
    def given(self) -> list[tuple[str, bool]]:
        if self.bound("LiteralPath"):
            return [(self.args["LiteralPath"], True)]
        return [(self.args["Path"], False)]

    def process(self) -> None:
        name, new = self.args["Name"], self.args["NewName"]
        for item in self.dynamic():
            store = self.ctx.machine.registry
            if not registry.has_value(self.ctx, item.path, name):
                self.missing(item, name)
            elif self.should_process(f"Item: {item.path} SourceProperty: {name} DestinationProperty: {new}", "Rename property."):
                value = store.get_value(from_utf16(item.path), from_utf16(name))
                store.set_value(from_utf16(item.path), from_utf16(new), value.data, value.kind)
                store.delete_value(from_utf16(item.path), from_utf16(name))


