# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.String``."""

from __future__ import annotations

import unicodedata
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import (
    argument_error,
    culture_of,
    enum_number,
    greater,
    is_provider,
    negative,
    null_argument,
    out_of_range,
    type_code,
)
from hvsim.runtime import collation, compare, convert, format, types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.members import constructor, getter, indexer, method, static_getter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Char, EnumValue

_STRING = "System.String"
#: What ``char.IsWhiteSpace`` accepts.
WHITE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
WHITE_SET = frozenset(WHITE)


def lower(text: str) -> str:
    """Character by character, never longer."""
    if text.isascii():
        return text.lower()
    return "".join(u if len(u := c.lower()) == 1 else c for c in text)


upper = compare.fold


# --- comparison -----------------------------------------------------------------------------------------------------


def compare_by(a: str | None, b: str | None, comparison: int) -> int:
    """``string.Compare(a, b, StringComparison)``: 0-3 linguistic, 4 ordinal, 5 ordinal ignoring case."""
    if a is None or b is None:
        return (a is not None) - (b is not None)
    if comparison == 4:
        return ordinal(a, b)
    if comparison == 5:
        return ordinal(upper(a), upper(b))
    return collation.compare(a, b, ignore_case=comparison in (1, 3))


def ordinal(a: str, b: str) -> int:
    """``string.CompareOrdinal``: the difference of the first code units that differ, else of the lengths.

    .NET looks at the first unit of both before anything else; that of an empty string is NUL.
    """
    if not a or not b:
        return ord(a[:1] or "\0") - ord(b[:1] or "\0") or len(a) - len(b)
    return _sequence(a, b)


def _sequence(a: str, b: str) -> int:
    for x, y in zip(a, b, strict=False):
        if x != y:
            return ord(x) - ord(y)
    return len(a) - len(b)


def equal_by(a: str | None, b: str | None, comparison: int) -> bool:
    if a is None or b is None:
        return a is b
    if comparison == 4:
        return a == b
    if comparison == 5:
        return len(a) == len(b) and upper(a) == upper(b)
    return compare.equals_strings(a, b, ignore_case=comparison in (1, 3))


def _folded(text: str, comparison: int) -> str:
    return upper(text) if comparison in (1, 3, 5) else text


# CompareOptions that our collation does not know: IgnoreNonSpace, IgnoreSymbols, NumericOrdering.
_UNORDERED = 2 | 4 | 32


@static_method(_STRING, "Compare", context=True)
def _compare(ctx: Any, *args: Any) -> int:
    if len(args) >= 5:
        a, start_a, b, start_b, length = args[:5]
        a = None if a is None else a[start_a : start_a + length]
        b = None if b is None else b[start_b : start_b + length]
        rest = args[5:]
    else:
        a, b = args[:2]
        rest = args[2:]
    comparison = 0
    if rest and type(rest[0]) is EnumValue:
        comparison = enum_number(rest[0])
    elif rest and type(rest[0]) is bool:
        comparison = 1 if rest[0] else 0
    elif len(rest) == 2 and type(rest[1]) is EnumValue:
        options = enum_number(rest[1])
        if options & _UNORDERED:
            raise Unsupported("string::Compare with IgnoreNonSpace, IgnoreSymbols or NumericOrdering")
        comparison = 4 if options & 0x40000000 else 5 if options & 0x10000000 else 1 if options & 1 else 0
    return compare_by(a, b, comparison)


@static_method(_STRING, "CompareOrdinal")
def _compare_ordinal(*args: Any) -> int:
    if len(args) == 5:
        return _ordinal_parts(*args)
    a, b = args
    return compare_by(a, b, 4)


def _ordinal_parts(a: str | None, start_a: int, b: str | None, start_b: int, length: int) -> int:
    if a is None or b is None:
        return (a is not None) - (b is not None)
    if length < 0:
        raise out_of_range("Count cannot be less than zero.", "length")
    for start, name in ((start_a, "indexA"), (start_b, "indexB")):
        if start < 0:
            raise out_of_range(_LESS, name)
    for text, start, name in ((a, start_a, "indexA"), (b, start_b, "indexB")):
        if start > len(text):
            raise out_of_range(_LESS, name)
    return _sequence(a[start_a : start_a + length], b[start_b : start_b + length])


@method(_STRING, "CompareTo")
def _compare_to(self: str, other: Any) -> int:
    if other is not None and type(other) is not str:
        raise argument_error_plain("Object must be of type String.")
    return compare_by(self, other, 0)


def argument_error_plain(message: str) -> Any:
    from hvsim.runtime.errors import net_error

    return net_error("System.ArgumentException", message)


@method(_STRING, "Equals")
def _equals(self: str, other: Any, comparison: Any = None) -> bool:
    if type(other) is not str:
        return False
    return equal_by(self, other, 4 if comparison is None else enum_number(comparison))


@static_method(_STRING, "Equals")
def _static_equals(a: Any, b: Any, comparison: Any = None) -> bool:
    return equal_by(a, b, 4 if comparison is None else enum_number(comparison))


@method(_STRING, "GetHashCode")
def _hash(self: str, _comparison: Any = None) -> int:
    value = 5381
    for char in self:
        value = (value * 33 ^ ord(char)) & 0xFFFFFFFF
    return value - (1 << 32) if value & 0x80000000 else value


# --- searching --------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if value is None:
        raise null_argument("value")
    return value.text if type(value) is Char else value


def _comparison(args: tuple[Any, ...]) -> tuple[tuple[Any, ...], int]:
    """Splits a StringComparison off the end."""
    if args and type(args[-1]) is EnumValue:
        return args[:-1], enum_number(args[-1])
    return args, 4


@method(_STRING, "Contains")
def _contains(self: str, value: Any, *rest: Any) -> bool:
    _, comparison = _comparison(rest)
    return _folded(_text(value), comparison) in _folded(self, comparison)


def _edge_comparison(args: tuple[Any, ...]) -> int:
    if args and type(args[0]) is bool:
        return 1 if args[0] else 0
    return _comparison(args)[1] if args else 0


@method(_STRING, "StartsWith")
def _starts_with(self: str, value: Any, *rest: Any) -> bool:
    comparison = _edge_comparison(rest)
    return _folded(self, comparison).startswith(_folded(_text(value), comparison))


@method(_STRING, "EndsWith")
def _ends_with(self: str, value: Any, *rest: Any) -> bool:
    comparison = _edge_comparison(rest)
    return _folded(self, comparison).endswith(_folded(_text(value), comparison))


_LESS = "Index was out of range. Must be non-negative and less than the size of the collection."
_START = "Index was out of range. Must be non-negative and less than or equal to the size of the collection."
_COUNT = "Count must be positive and count must refer to a location within the string/array/collection."


@method(_STRING, "IndexOf")
def _index_of(self: str, value: Any, *rest: Any) -> int:
    places, comparison = _comparison(rest)
    wanted = _folded(_text(value), comparison)
    start = int(places[0]) if places else 0
    if not 0 <= start <= len(self):
        raise out_of_range(_START, "startIndex")
    end = len(self)
    if len(places) > 1:
        if not 0 <= int(places[1]) <= len(self) - start:
            raise out_of_range(_COUNT, "count")
        end = start + int(places[1])
    return _folded(self, comparison).find(wanted, start, end)


@method(_STRING, "LastIndexOf")
def _last_index_of(self: str, value: Any, *rest: Any) -> int:
    places, comparison = _comparison(rest)
    wanted = _folded(_text(value), comparison)
    start = int(places[0]) if places else len(self) - 1
    if not self and (type(value) is Char or start in (-1, 0)):
        return 0 if not wanted and type(value) is str else -1
    # Of a text one may also begin behind the last character.
    if not 0 <= start < len(self) + (type(value) is str):
        raise out_of_range(_LESS, "startIndex")
    count = int(places[1]) if len(places) > 1 else start + 1
    if not 0 <= count <= start + 1:
        raise out_of_range(_COUNT, "count")
    low = start - count + 1
    start = min(start, len(self) - 1)
    if not wanted:
        return start + 1
    return _folded(self, comparison).rfind(wanted, low, start + 1)


@method(_STRING, "IndexOfAny")
def _index_of_any(self: str, chars: list[Char], start: Any = 0, count: Any = None) -> int:
    if chars is None:
        raise null_argument("anyOf")
    if not 0 <= start <= len(self):
        raise out_of_range(_START, "startIndex")
    if count is not None and not 0 <= count <= len(self) - start:
        raise out_of_range(_COUNT, "count")
    wanted = {c.text for c in chars}
    end = len(self) if count is None else start + count
    return next((i for i in range(start, end) if self[i] in wanted), -1)


@method(_STRING, "LastIndexOfAny")
def _last_index_of_any(self: str, chars: list[Char], start: Any = None, count: Any = None) -> int:
    if chars is None:
        raise null_argument("anyOf")
    if not self:
        return -1
    wanted = {c.text for c in chars}
    high = len(self) - 1 if start is None else int(start)
    if not 0 <= high < len(self):
        raise out_of_range(_LESS, "startIndex")
    if count is not None and not 0 <= count <= high + 1:
        raise out_of_range(_COUNT, "count")
    low = 0 if count is None else high - count + 1
    return next((i for i in range(high, low - 1, -1) if self[i] in wanted), -1)


# --- parts and changes --------------------------------------------------------------------------------------------------


@getter(_STRING, "Length")
def _length(self: str) -> int:
    return len(self)


@method(_STRING, "get_Length", overloads=["() -> int"])
def _get_length(self: str) -> int:
    return len(self)


@method(_STRING, "get_Chars", overloads=["(int) -> char"])
def _get_chars(self: str, index: int) -> Char:
    return _chars(self, index)


@indexer(_STRING, overloads=["(int) -> char"])
def _chars(self: str, index: int) -> Char:
    if not 0 <= index < len(self):
        from hvsim.runtime.errors import net_error

        raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return Char(self[index])


@method(_STRING, "Substring")
def _substring(self: str, start: int, length: Any = None) -> str:
    if start < 0:
        raise out_of_range("StartIndex cannot be less than zero.", "startIndex")
    if start > len(self):
        raise out_of_range("startIndex cannot be larger than length of string.", "startIndex")
    if length is None:
        return self[start:]
    if length < 0:
        raise out_of_range("Length cannot be less than zero.", "length")
    if start + length > len(self):
        raise out_of_range("Index and length must refer to a location within the string.", "length")
    return self[start : start + length]


@method(_STRING, "Insert")
def _insert(self: str, start: int, value: Any) -> str:
    if value is None:
        raise null_argument("value")
    if not 0 <= start <= len(self):
        raise greater(start & 0xFFFFFFFF, len(self), "startIndex")
    return str(self[:start] + value + self[start:])


@method(_STRING, "Remove")
def _remove(self: str, start: int, count: Any = None) -> str:
    if start < 0:
        raise negative(start, "startIndex")
    if count is None:
        if start > len(self):
            raise out_of_range("startIndex must be less than length of string.", "startIndex")
        return self[:start]
    if count < 0:
        raise negative(count, "count")
    if start + count > len(self):
        raise out_of_range("Index and count must refer to a location within the string.", "count")
    return self[:start] + self[start + count :]


@method(_STRING, "Replace")
def _replace(self: str, old: Any, new: Any, *rest: Any) -> str:
    if type(old) is Char:
        return self.replace(old.text, new.text)
    if old is None:
        raise null_argument("oldValue")
    if old == "":
        raise argument_error("The value cannot be an empty string.", "oldValue")
    new = new or ""
    comparison = 4
    if rest:
        comparison = enum_number(rest[0]) if type(rest[0]) is EnumValue else 1 if rest[0] else 0
    if comparison not in (1, 3, 5):
        return self.replace(old, new)
    haystack, needle = upper(self), upper(old)
    out, position = [], 0
    while (found := haystack.find(needle, position)) >= 0:
        out.append(self[position:found])
        out.append(new)
        position = found + len(needle)
    return "".join([*out, self[position:]])


@method(_STRING, "ReplaceLineEndings")
def _replace_line_endings(self: str, new: str = "\n") -> str:
    import re

    return re.sub("\r\n|[\r\n\f\u0085\u2028\u2029]", lambda m: new, self)


def _trim_set(args: tuple[Any, ...]) -> str:
    if not args or args[0] is None:
        return WHITE
    first = args[0]
    chars = [first.text] if type(first) is Char else [c.text for c in first]
    return "".join(chars) or WHITE


@method(_STRING, "Trim")
def _trim(self: str, *args: Any) -> str:
    return self.strip(_trim_set(args))


@method(_STRING, "TrimStart")
def _trim_start(self: str, *args: Any) -> str:
    return self.lstrip(_trim_set(args))


@method(_STRING, "TrimEnd")
def _trim_end(self: str, *args: Any) -> str:
    return self.rstrip(_trim_set(args))


@method(_STRING, "PadLeft")
def _pad_left(self: str, width: int, char: Any = None) -> str:
    if width < 0:
        raise negative(width, "totalWidth")
    return self.rjust(width, char.text if char is not None else " ")


@method(_STRING, "PadRight")
def _pad_right(self: str, width: int, char: Any = None) -> str:
    if width < 0:
        raise negative(width, "totalWidth")
    return self.ljust(width, char.text if char is not None else " ")


@method(_STRING, "ToUpper")
@method(_STRING, "ToUpperInvariant")
def _to_upper(self: str, _culture: Any = None) -> str:
    return upper(self)


@method(_STRING, "ToLower")
@method(_STRING, "ToLowerInvariant")
def _to_lower(self: str, _culture: Any = None) -> str:
    return lower(self)


@method(_STRING, "ToString")
def _to_string(self: str, _provider: Any = None) -> str:
    return self


@method(_STRING, "Clone")
def _clone(self: str) -> str:
    return self


@method(_STRING, "GetTypeCode")
def _type_code(_self: str) -> EnumValue:
    return type_code("String")


@method(_STRING, "ToCharArray")
def _to_char_array(self: str, start: int = 0, length: Any = None) -> Array:
    part = self[start:] if length is None else self[start : start + length]
    if length is not None and (start < 0 or length < 0 or start + length > len(self)):
        raise out_of_range(_START, "startIndex")
    return Array([Char(c) for c in part], types.get("System.Char"))


@method(_STRING, "GetEnumerator")
def _enumerator(self: str) -> Enumerator:
    return Enumerator(lambda: [Char(c) for c in self], types.get("System.CharEnumerator"))


@method(_STRING, "CopyTo")
def _copy_to(self: str, source: int, target: Array, index: int, count: int) -> None:
    if target is None:
        raise null_argument("destination")
    for value, name in ((count, "count"), (source, "sourceIndex"), (index, "destinationIndex")):
        if value < 0:
            raise negative(value, name)
    if source + count > len(self):
        raise out_of_range("Index and count must refer to a location within the string.", "sourceIndex")
    if index + count > len(target):
        raise out_of_range("Index and count must refer to a location within the string.", "destinationIndex")
    for i in range(count):
        target[index + i] = Char(self[source + i])


_FORMS = {1: "NFC", 2: "NFD", 5: "NFKC", 6: "NFKD"}


@method(_STRING, "Normalize")
def _normalize(self: str, form: Any = 1) -> str:
    return to_utf16(unicodedata.normalize(_FORMS[enum_number(form)], from_utf16(self)))  # type: ignore[arg-type]


@method(_STRING, "IsNormalized")
def _is_normalized(self: str, form: Any = 1) -> bool:
    return unicodedata.is_normalized(_FORMS[enum_number(form)], from_utf16(self))  # type: ignore[arg-type]


# --- static ---------------------------------------------------------------------------------------------------------------


@static_getter(_STRING, "Empty")
def _empty() -> str:
    return ""


@static_method(_STRING, "IsNullOrEmpty")
def _is_null_or_empty(value: Any) -> bool:
    return not value


@static_method(_STRING, "IsNullOrWhiteSpace")
def _is_null_or_white_space(value: Any) -> bool:
    return not value or not value.strip(WHITE)


@static_method(_STRING, "Join", context=True)
def _join(ctx: Any, separator: Any, *rest: Any) -> str:
    glue = "" if separator is None else separator.text if type(separator) is Char else separator
    values = rest[0]
    if values is None:
        raise null_argument("values")
    if len(rest) == 3 and isinstance(rest[1], int):
        start, count = rest[1:]
        for value, name in ((start, "startIndex"), (count, "count")):
            if value < 0:
                raise negative(value, name)
        if start > len(values) - count:
            raise out_of_range("Index and count must refer to a location within the buffer.", "startIndex")
        values = values[start : start + count]
    return str(glue.join(convert.net_string(ctx, v) for v in values))


@static_method(_STRING, "Concat", context=True)
def _concat(ctx: Any, *args: Any) -> str:
    if len(args) == 1 and (items := convert.enumerate(args[0])) is not None:
        return "".join(convert.net_string(ctx, v) for v in items)
    return "".join(convert.net_string(ctx, v) for v in args)


@static_method(_STRING, "Format", context=True)
def _format(ctx: Any, *args: Any) -> str:
    provider = None
    if is_provider(args[0]) or (args[0] is None and len(args) > 1 and type(args[1]) is str and len(args) != 2):
        provider, args = args[0], args[1:]
    template, rest = args[0], args[1:]
    if template is None:
        raise null_argument("format")
    if len(rest) == 1 and rest[0] is None:
        raise null_argument("args")
    values = rest[0] if len(rest) == 1 and type(rest[0]) is Array else rest
    return format.composite(ctx, template, values, culture_of(ctx, provider))


@static_method(_STRING, "Copy")
@static_method(_STRING, "Intern")
def _copy(value: str) -> str:
    return value


@static_method(_STRING, "IsInterned")
def _is_interned(value: str | None) -> str | None:
    if value is None:
        raise null_argument("str")
    if value:
        # Literals of the script, of PowerShell and of .NET are in the pool; which others are, nobody can say.
        raise Unsupported("[string]::IsInterned of anything but the empty string")
    return value


@constructor(_STRING)
def _new(_net_type: NetType, *args: Any) -> str:
    if not args or args[0] is None:
        return ""
    if type(args[0]) is Char:
        if args[1] < 0:
            raise negative(args[1], "count")
        return str(args[0].text * args[1])
    chars = "".join(c.text for c in args[0])
    if len(args) == 1:
        return chars
    for number, name in ((args[1], "startIndex"), (args[2], "length")):
        if number < 0:
            raise negative(number, name)
    if args[1] > len(chars) - args[2]:
        raise greater(args[1], len(chars) - args[2], "startIndex")
    return chars[args[1] : args[1] + args[2]]
