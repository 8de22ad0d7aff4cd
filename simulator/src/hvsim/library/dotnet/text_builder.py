# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Text.StringBuilder``."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.collections import null_argument
from hvsim.runtime import convert, format, types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, index_setter, indexer, method, setter
from hvsim.runtime.objects import property_order
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Char, NetObject

_BUILDER = "System.Text.StringBuilder"
_MAX = 2147483647

property_order(_BUILDER, "Capacity", "MaxCapacity", "Length")


class StringBuilder(NetObject):
    """Text in parts that are joined when somebody looks."""

    __slots__ = ("_length", "_parts", "capacity")
    NET = _BUILDER

    def __init__(self, text: str = "", capacity: int = 16) -> None:
        self._parts: list[str] = [text] if text else []
        self._length = len(text)
        self.capacity = max(capacity, 16 if capacity == 16 else capacity, len(text)) or 16

    @property
    def text(self) -> str:
        if len(self._parts) != 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0]

    @text.setter
    def text(self, new: str) -> None:
        self._parts = [new]
        self._length = len(new)
        self._grow()

    def append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > self.capacity:
            self._grow()

    def _grow(self) -> None:
        """Each new chunk is as long as all before it, between 16 and 8000, or what is needed."""
        while self.capacity < self._length:
            self.capacity += max(self._length - self.capacity, min(self.capacity, 8000))

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        return True

    def net_text(self, _ctx: Any) -> str:
        return self.text


def _range_error(parameter: str, text: str = "Index was out of range. Must be non-negative and less than the size of the collection.") -> PSError:
    return net_error("System.ArgumentOutOfRangeException", f"{text} (Parameter '{parameter}')", ParamName=parameter)


@constructor(_BUILDER)
def _new(net_type: NetType, *args: Any) -> StringBuilder:
    text = next((a for a in args if isinstance(a, str)), "")
    numbers = [a for a in args if isinstance(a, int)]
    if len(numbers) >= 3:
        start, length, capacity = numbers[:3]
        return StringBuilder(text[start : start + length], capacity)
    if numbers and numbers[0] < 0:
        raise _range_error("capacity", "'capacity' must be greater than zero.")
    return StringBuilder(text, numbers[0] if numbers and numbers[0] else 16)


@method(_BUILDER, "Append", context=True)
def _append(ctx: Any, self: StringBuilder, value: Any, *rest: Any) -> StringBuilder:
    if isinstance(value, Char) and rest:
        self.append(value.text * rest[0])
    elif isinstance(value, list) and getattr(value, "element_type", None) is types.CHAR:
        text = "".join(c.text for c in value)
        self.append(text[rest[0] : rest[0] + rest[1]] if len(rest) == 2 else text)
    elif len(rest) == 2:
        text = value if isinstance(value, str) else value.text if isinstance(value, StringBuilder) else ""
        if rest[0] < 0 or rest[1] < 0 or rest[0] + rest[1] > len(text):
            raise _range_error("startIndex" if rest[0] < 0 else "count")
        self.append(text[rest[0] : rest[0] + rest[1]])
    elif value is not None:
        self.append(value if type(value) is str else convert.net_string(ctx, value))
    return self


@method(_BUILDER, "AppendLine", context=True)
def _append_line(ctx: Any, self: StringBuilder, value: str | None = None) -> StringBuilder:
    self.append((value or "") + ("\r\n" if ctx is not None and ctx.machine.is_windows else "\n"))
    return self


@method(_BUILDER, "AppendFormat", context=True)
def _append_format(ctx: Any, self: StringBuilder, *args: Any) -> StringBuilder:
    provider = None
    given = list(args)
    if given and not isinstance(given[0], str):
        provider = given.pop(0)
    template = given.pop(0)
    if template is None:
        raise null_argument("format")
    items = list(given[0]) if len(given) == 1 and isinstance(given[0], list) else given
    self.append(format.composite(ctx, template, items, provider))
    return self


@method(
    _BUILDER,
    "AppendJoin",
    overloads=[
        "(string, params string[]) -> System.Text.StringBuilder",
        "(string, params System.Object[]) -> System.Text.StringBuilder",
        "(char, params string[]) -> System.Text.StringBuilder",
        "(char, params System.Object[]) -> System.Text.StringBuilder",
    ],
    context=True,
)
def _append_join(ctx: Any, self: StringBuilder, separator: Any, values: Any) -> StringBuilder:
    self.append((str(separator) if separator is not None else "").join(convert.net_string(ctx, v) for v in values))
    return self


@method(_BUILDER, "Insert", context=True)
def _insert(ctx: Any, self: StringBuilder, index: int, value: Any, *rest: Any) -> StringBuilder:
    if not 0 <= index <= len(self):
        raise _range_error("index")
    if isinstance(value, list):
        text = "".join(c.text for c in value)
        text = text[rest[0] : rest[0] + rest[1]] if len(rest) == 2 else text
    else:
        text = convert.net_string(ctx, value) * (rest[0] if rest else 1)
    self.text = self.text[:index] + text + self.text[index:]
    return self


@method(_BUILDER, "Remove")
def _remove(self: StringBuilder, start: int, length: int) -> StringBuilder:
    if length < 0:
        raise _range_error("length", f"length ('{length}') must be a non-negative value.")
    if start < 0:
        raise _range_error("startIndex", f"startIndex ('{start}') must be a non-negative value.")
    if start + length > len(self):
        raise _range_error("length")
    self.text = self.text[:start] + self.text[start + length :]
    return self


@method(_BUILDER, "Replace")
def _replace(self: StringBuilder, old: Any, new: Any, *span: int) -> StringBuilder:
    before, after = str(old) if old is not None else None, str(new) if new is not None else ""
    if before is None:
        raise null_argument("oldValue")
    if before == "":
        raise net_error("System.ArgumentException", "The value cannot be an empty string. (Parameter 'oldValue')")
    if span:
        start, count = span
        if start < 0 or start > len(self):
            raise _range_error("startIndex")
        if count < 0 or start + count > len(self):
            raise _range_error("count")
        part = self.text[start : start + count].replace(before, after)
        self.text = self.text[:start] + part + self.text[start + count :]
    else:
        self.text = self.text.replace(before, after)
    return self


@method(_BUILDER, "Clear")
def _clear(self: StringBuilder) -> StringBuilder:
    self.text = ""
    return self


@method(_BUILDER, "ToString")
def _to_string(self: StringBuilder, *span: int) -> str:
    if span:
        start, length = span
        if start < 0 or length < 0 or start + length > len(self):
            raise _range_error("startIndex" if start < 0 or start > len(self) else "length")
        return self.text[start : start + length]
    return self.text


@method(_BUILDER, "Equals")
def _equals(self: StringBuilder, other: Any) -> bool:
    return isinstance(other, StringBuilder) and other.text == self.text


@method(_BUILDER, "EnsureCapacity")
def _ensure(self: StringBuilder, capacity: int) -> int:
    self.capacity = max(self.capacity, capacity)
    return self.capacity


@method(_BUILDER, "CopyTo")
def _copy_to(self: StringBuilder, start: int, target: Any, at: int, count: int) -> None:
    for offset, char in enumerate(self.text[start : start + count]):
        target[at + offset] = Char(char)


@getter(_BUILDER, "Length")
def _length(self: StringBuilder) -> int:
    return len(self)


@setter(_BUILDER, "Length")
def _set_length(self: StringBuilder, value: int) -> None:
    if value < 0:
        raise _range_error("value", "Length cannot be less than zero.")
    self.text = self.text[:value].ljust(value, "\0")


@getter(_BUILDER, "Capacity")
def _capacity(self: StringBuilder) -> int:
    return self.capacity


@setter(_BUILDER, "Capacity")
def _set_capacity(self: StringBuilder, value: int) -> None:
    if value < len(self):
        raise _range_error("value", "capacity was less than the current size.")
    self.capacity = value


@getter(_BUILDER, "MaxCapacity")
def _max_capacity(self: StringBuilder) -> int:
    return _MAX


def _char_at(self: StringBuilder, index: int) -> Char:
    if not 0 <= index < len(self):
        raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return Char(self.text[index])


indexer(_BUILDER, overloads=["(int) -> char"])(_char_at)


@index_setter(_BUILDER, overloads=["(int, char) -> void"])
def _set_char(self: StringBuilder, index: int, value: Char) -> None:
    if not 0 <= index < len(self):
        raise _range_error("index")
    self.text = self.text[:index] + value.text + self.text[index + 1 :]
