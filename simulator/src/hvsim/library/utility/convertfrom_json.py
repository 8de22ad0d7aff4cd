# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertFrom-Json."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.ansible.state import OrderedHashtable
from hvsim.library.utility.json_reader import JsonError, JsonObject, NewtonsoftReader, ScriptReader, newtonsoft_date
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import NetException, PSError, net_error
from hvsim.runtime.structs import DateTime
from hvsim.runtime.values import Array

_INVALID = "System.InvalidOperationException"
_KINDS = {"Default": 0, "Local": 1, "Utc": 2, "Offset": 3, "String": 4}
types.register(types.NetType("Microsoft.PowerShell.Commands.JsonDateKind", "System.Enum", kind="e", enum_members=_KINDS))


@cmdlet("ConvertFrom-Json", parameters=("InputObject", "AsHashtable", "Depth", "NoEnumerate", "DateKind"))
class ConvertFromJson(Cmdlet):
    """Reads JSON: each line of the input as a document if the first one is, else all lines as one document."""

    def begin(self) -> None:
        self.lines: list[str] = []
        self.windows = self.ctx.edition == "5.1"
        if self.windows and (self.bound("AsHashtable") or self.bound("NoEnumerate") or self.bound("DateKind") or self.bound("Depth")):
            raise Unsupported("a parameter of ConvertFrom-Json that Windows PowerShell 5.1 does not have")

    def process(self) -> None:
        self.lines.append(self.args["InputObject"])

    def end(self) -> None:
        if not self.lines:
            return
        if len(self.lines) == 1:
            self._document(self.lines[0])
            return
        try:
            each = self._document(self.lines[0])
        except PSError as error:
            if error.exception.kind != "System.ArgumentException":
                raise
            each = False
        if not each:
            self._document(("\r\n" if self.windows else "\n").join(self.lines))
            return
        for line in self.lines[1:]:
            self._document(line)

    def _document(self, text: str) -> bool:
        value = self._shape(self._read(text))
        if self.windows or self.arg("NoEnumerate") is True:
            self.write(value)
        elif value is None:
            self.runtime.out.write(None)
        else:
            self.write_all(value)
        return value is not None

    def _read(self, text: str) -> Any:
        depth: int = self.arg("Depth", 1024)
        kind = convert.to_string(self.ctx, self.args["DateKind"]) if self.bound("DateKind") else "Default"
        reader = (
            ScriptReader(text)
            if self.windows
            else NewtonsoftReader(text, max_depth=depth, date=None if kind == "String" else newtonsoft_date)
        )
        try:
            return reader.document()
        except JsonError as error:
            message = str(error) if self.windows else f"Conversion from JSON failed with error: {error}"
            inner = NetException("Newtonsoft.Json.JsonReaderException", str(error))
            raise net_error("System.ArgumentException", message, inner=None if self.windows else inner) from None

    # -- from the reader's tree to values --

    def _shape(self, value: Any) -> Any:
        if isinstance(value, JsonObject):
            return self._table(value) if self.arg("AsHashtable") is True else self._object(value)
        if isinstance(value, list):
            return Array([self._shape(item) for item in value])
        if isinstance(value, DateTime) and self.bound("DateKind"):
            return self._dated(value)
        return value

    def _dated(self, value: DateTime) -> Any:
        from hvsim.library.utility.dates import to_utc
        from hvsim.runtime.format.dates import local_offset
        from hvsim.runtime.structs import DateTimeOffset

        kind = convert.to_string(self.ctx, self.args["DateKind"])
        if kind == "Utc":
            return DateTime(value.ticks, 1) if value.kind == 0 else to_utc(value)
        if kind == "Local":
            return DateTime(value.ticks + local_offset(value.ticks), 2) if value.kind == 1 else DateTime(value.ticks, 2)
        if kind == "Offset":
            return DateTimeOffset(value.ticks, 0 if value.kind == 1 else local_offset(value.ticks))
        return value

    def _table(self, pairs: JsonObject) -> OrderedHashtable:
        table = OrderedHashtable()
        for name, value in pairs:
            table.set(name, self._shape(value))
        return table

    def _object(self, pairs: JsonObject) -> Any:
        seen: dict[str, str] = {}
        shaped: list[tuple[str, Any]] = []
        for name, value in pairs:
            if not name:
                raise self.fail(
                    "The provided JSON includes a property whose name is an empty string, this is only supported using the "
                    "-AsHashTable switch.",
                    "EmptyKeyInJsonString",
                    "InvalidOperation",
                    kind=_INVALID,
                )
            key = name.lower()
            if key in seen:
                raise self._casing(seen[key], name)
            seen[key] = name
            shaped.append((name, self._shape(value)))
        return objects.custom_object(shaped)

    def _casing(self, existing: str, name: str) -> PSError:
        if self.windows:
            return self.fail(
                f"Cannot convert the JSON string because a dictionary that was converted from the string contains the duplicated keys '{existing}' and '{name}'.",
                "DuplicateKeysInJsonString",
                "InvalidOperation",
                kind=_INVALID,
            )
        return self.fail(
            f"Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. "
            f"The key that was attempted to be added to the existing key '{existing}' was '{name}'.",
            "KeysWithDifferentCasingInJsonString",
            "InvalidOperation",
            kind=_INVALID,
        )
