# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Convert`` and ``System.BitConverter``."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from decimal import Decimal
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.support import (
    argument_error,
    bytes_array,
    culture_of,
    data_of,
    enum_number,
    is_provider,
    null_argument,
    out_of_range,
    type_code,
)
from hvsim.runtime import convert, format, types
from hvsim.runtime.convert import parsers
from hvsim.runtime.convert.numbers import CLASSES, change_type
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format.numparse import FLOAT_THOUSANDS, INTEGER, NUMBER, overflow_error, parse_to
from hvsim.runtime.members import static_getter, static_method
from hvsim.runtime.numeric import INTEGER_TYPES, limits
from hvsim.runtime.structs import DateTime
from hvsim.runtime.types import NetType
from hvsim.runtime.values import (
    Array,
    BigInteger,
    Char,
    EnumValue,
    Int16,
    Int64,
    PSObject,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

_CONVERT = "System.Convert"
_BITS = "System.BitConverter"


def _invalid_cast(source: str, target: str) -> PSError:
    return net_error("System.InvalidCastException", f"Invalid cast from '{source}' to '{target}'.")


def _name(value: Any) -> str:
    return types.of(value).name


def _plain(value: Any) -> Any:
    if type(value) is PSObject:
        value = value.base
    return value.value if type(value) is EnumValue else value


def to_number(ctx: Any, value: Any, kind: type, provider: Any = None) -> Any:
    """``Convert.ToXxx(value, provider)``.

    Raises:
        PSError: ``FormatException``, ``OverflowException``, ``InvalidCastException``.
    """
    value = _plain(value)
    if value is None:
        return kind(0)
    if type(value) is str:
        styles = FLOAT_THOUSANDS if kind in (float, Single) else NUMBER if kind is Decimal else INTEGER
        return parse_to(value, kind, styles, culture_of(ctx, provider).numbers, format.edition_of(ctx))
    if type(value) is bool:
        return change_type(int(value), kind)
    if type(value) is Char:
        if kind in (float, Single, Decimal):
            raise _invalid_cast("Char", types.of(kind(0)).name)
        return change_type(value.code, kind)
    if isinstance(value, (int, float, Decimal)) and type(value) is not BigInteger:
        return change_type(value, kind)
    if type(value) is DateTime:
        raise _invalid_cast("DateTime", types.of(kind(0)).name)
    raise net_error(
        "System.InvalidCastException",
        f"Unable to cast object of type '{types.type_to_string(types.of(value))}' to type 'System.IConvertible'.",
    )


def from_base(text: str | None, radix: int, kind: type) -> Any:
    """``Convert.ToInt32(text, base)``: two's complement for signed types.

    Raises:
        PSError: ``ArgumentException``, ``FormatException``, ``OverflowException``.
    """
    if radix not in (2, 8, 10, 16):
        raise net_error("System.ArgumentException", "Invalid Base.")
    if text is None:
        return kind(0)
    if text == "":
        raise out_of_range(
            "Index was out of range. Must be non-negative and less than the size of the collection.", "startIndex"
        )
    body, negative = text, False
    if body[0] in "+-":
        negative = body[0] == "-"
        body = body[1:]
        if negative and radix != 10:
            raise net_error("System.ArgumentException", "String cannot contain a minus sign if the base is not 10.")
    if radix == 16 and body[:2].lower() == "0x":
        body = body[2:]
    digits = "0123456789abcdef"[:radix]
    found = re.match(f"[{digits}{digits.upper()}]*", body)
    assert found is not None
    if not found[0]:
        raise net_error("System.FormatException", "Could not find any recognizable digits.")
    if found.end() != len(body):
        raise net_error("System.FormatException", "Additional non-parsable characters are at the end of the string.")
    number = int(found[0], radix)
    low, high = limits(kind)
    if radix == 10:
        number = -number if negative else number
    else:
        size = (high - low).bit_length()
        if number >= 1 << size:
            raise overflow_error(kind)
        if low < 0 and number > high:
            number -= 1 << size
    if not low <= number <= high:
        raise overflow_error(kind)
    return kind(number)


def _register(member: str, kind: type) -> None:
    integer = kind not in (float, Single, Decimal)

    @static_method(_CONVERT, member, context=True)
    def apply(ctx: Any, value: Any, second: Any = None) -> Any:
        if integer and type(second) is int and (value is None or type(value) is str):
            return from_base(value, second, kind)
        return to_number(ctx, value, kind, second)


for _full_name, _kind in CLASSES.items():
    if _kind is not BigInteger:
        _register("To" + types.get(_full_name).name, _kind)


@static_method(_CONVERT, "ToBoolean", context=True)
def _to_boolean(ctx: Any, value: Any, _provider: Any = None) -> bool:
    value = _plain(value)
    if value is None:
        return False
    if type(value) is str:
        return parsers.parse_bool(ctx, value)
    if type(value) in (Char, DateTime):
        raise _invalid_cast(_name(value), "Boolean")
    return bool(value)


@static_method(_CONVERT, "ToChar", context=True)
def _to_char(ctx: Any, value: Any, _provider: Any = None) -> Char:
    value = _plain(value)
    if value is None:
        return Char(0)
    if type(value) is str:
        return parsers.parse_char(ctx, value)
    if type(value) is Char:
        return value
    if type(value) not in INTEGER_TYPES:
        raise _invalid_cast(_name(value), "Char")
    if not 0 <= value <= 0xFFFF:
        raise net_error("System.OverflowException", "Value was either too large or too small for a character.")
    return Char(int(value))


@static_method(_CONVERT, "ToDateTime", context=True)
def _to_datetime(ctx: Any, value: Any, provider: Any = None) -> DateTime:
    value = _plain(value)
    if value is None:
        return DateTime(0)
    if type(value) is DateTime:
        return value
    if type(value) is str:
        return parsers.parse_datetime(ctx, value, culture_of(ctx, provider))
    raise _invalid_cast(_name(value), "DateTime")


_SIZES = {SByte: 8, Int16: 16, int: 32, Int64: 64}


@static_method(_CONVERT, "ToString", context=True)
def _to_string(ctx: Any, value: Any, second: Any = None) -> str:
    if type(second) is int and type(value) in INTEGER_TYPES:
        return _to_base(value, second)
    if value is None:
        return ""
    return convert.net_string(ctx, value, culture_of(ctx, second) if is_provider(second) else None)


def _to_base(value: Any, radix: int) -> str:
    if radix not in (2, 8, 10, 16):
        raise argument_error("Invalid Base.", "toBase")
    number = int(value)
    if radix == 10:
        return str(number)
    if number < 0:
        number += 1 << _SIZES[type(value)]
    digits = ""
    while number or not digits:
        number, rest = divmod(number, radix)
        digits = "0123456789abcdef"[rest] + digits
    return digits


_TYPE_CODES = {
    3: "System.Boolean", 4: "System.Char", 5: "System.SByte", 6: "System.Byte", 7: "System.Int16", 8: "System.UInt16",
    9: "System.Int32", 10: "System.UInt32", 11: "System.Int64", 12: "System.UInt64", 13: "System.Single", 14: "System.Double",
    15: "System.Decimal", 16: "System.DateTime", 18: "System.String", 1: "System.Object",
}  # fmt: skip


@static_method(_CONVERT, "ChangeType", context=True)
def _change_type(ctx: Any, value: Any, target: Any, provider: Any = None) -> Any:
    name = target.full_name if isinstance(target, NetType) else _TYPE_CODES.get(enum_number(target), "")
    value = value.base if type(value) is PSObject else value
    if value is None:
        found = types.find(name)
        if found is not None and found.is_value_type:
            raise net_error("System.InvalidCastException", "Null object cannot be converted to a value type.")
        return None
    if isinstance(target, NetType) and types.of(value) is target:
        return value
    kind = CLASSES.get(name)
    if kind is not None and kind is not BigInteger:
        return to_number(ctx, value, kind, provider)
    if name == "System.Boolean":
        return _to_boolean(ctx, value)
    if name == "System.Char":
        return _to_char(ctx, value)
    if name == "System.DateTime":
        return _to_datetime(ctx, value, provider)
    if name == "System.String":
        return convert.net_string(ctx, value, culture_of(ctx, provider))
    if name == "System.Object":
        return value
    source = types.of(value)
    if not source.implements("System.IConvertible"):
        raise net_error("System.InvalidCastException", "Object must implement IConvertible.")
    raise _invalid_cast(source.full_name, name)


@static_method(_CONVERT, "GetTypeCode")
def _get_type_code(value: Any) -> EnumValue:
    if value is None:
        return type_code("Empty")
    name = types.of(value).underlying if type(value) is EnumValue else types.of(value).full_name
    return types.enum("System.TypeCode", next((c for c, n in _TYPE_CODES.items() if n == name), 1))


@static_method(_CONVERT, "IsDBNull")
def _is_db_null(value: Any) -> bool:
    return value is not None and types.of(value).full_name == "System.DBNull"


# --- base 64, hexadecimal -------------------------------------------------------------------------------------------------

_BASE64_MESSAGE = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an "
    "illegal character among the padding characters."
)


def _raw(data: Any) -> bytes:
    if data is None:
        raise null_argument("inArray")
    return data_of(data)


@static_method(_CONVERT, "FromBase64String")
def _from_base64(text: Any) -> Array:
    if text is None:
        raise null_argument("s")
    try:
        return bytes_array(binascii.a2b_base64(text, strict_mode=True))
    except (binascii.Error, ValueError):
        pass  # white space is allowed
    cleaned = re.sub(r"[ \t\r\n]", "", text)
    try:
        if not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", cleaned) or len(cleaned) % 4:
            raise binascii.Error
        return bytes_array(base64.b64decode(cleaned, validate=True))
    except binascii.Error:
        raise net_error("System.FormatException", _BASE64_MESSAGE) from None


@static_method(_CONVERT, "FromBase64CharArray")
def _from_base64_chars(chars: list[Char], offset: int, length: int) -> Array:
    if chars is None:
        raise null_argument("inArray")
    return _from_base64("".join(c.text for c in chars[offset : offset + length]))


@static_method(_CONVERT, "ToBase64String")
def _to_base64(data: Any, *rest: Any) -> str:
    raw = _raw(data)
    options = 0
    if rest and type(rest[-1]) is EnumValue:
        options, rest = enum_number(rest[-1]), rest[:-1]
    if rest:
        offset, length = int(rest[0]), int(rest[1])
        if length < 0 or offset < 0 or offset + length > len(raw):
            raise out_of_range("Offset and length must refer to a position in the string.", "offset")
        raw = raw[offset : offset + length]
    text = binascii.b2a_base64(raw, newline=False).decode("ascii")
    if options:
        text = "\r\n".join(text[i : i + 76] for i in range(0, len(text), 76))
    return text


@static_method(_CONVERT, "ToHexString", overloads=["(byte[]) -> string", "(byte[], int, int) -> string"])
def _to_hex(data: Any, offset: int = 0, length: int | None = None) -> str:
    raw = _raw(data)
    return raw[offset : None if length is None else offset + length].hex().upper()


@static_method(_CONVERT, "ToHexStringLower", overloads=["(byte[]) -> string", "(byte[], int, int) -> string"])
def _to_hex_lower(data: Any, offset: int = 0, length: int | None = None) -> str:
    return _to_hex(data, offset, length).lower()


@static_method(_CONVERT, "FromHexString", overloads=["(string) -> byte[]"])
def _from_hex(text: str) -> Array:
    if len(text) % 2 or not re.fullmatch(r"[0-9A-Fa-f]*", text):
        raise net_error(
            "System.FormatException",
            "The input is not a valid hex string as its length is not a multiple of 2."
            if len(text) % 2
            else "The input is not a valid hex string as it contains a non-hex character.",
        )
    return bytes_array(bytes.fromhex(text))


# --- BitConverter -----------------------------------------------------------------------------------------------------------

_LAYOUT: dict[type, str] = {
    Int16: "<h", UInt16: "<H", int: "<i", UInt32: "<I", Int64: "<q", UInt64: "<Q", Single: "<f", float: "<d",
}  # fmt: skip
static_getter(_BITS, "IsLittleEndian")(lambda: True)


@static_method(_BITS, "GetBytes")
def _get_bytes(value: Any) -> Array:
    if type(value) is bool:
        return bytes_array(bytes([value]))
    if type(value) is Char:
        return bytes_array(struct.pack("<H", value.code))
    layout = _LAYOUT.get(type(value))
    if layout is None:
        raise Unsupported(f"BitConverter::GetBytes of {types.display(types.of(value))}")
    return bytes_array(struct.pack(layout, value))


def _read(data: Any, start: int, size: int) -> bytes:
    if data is None:
        raise null_argument("value")
    if not 0 <= start < len(data):
        raise out_of_range(
            "Index was out of range. Must be non-negative and less than the size of the collection.", "startIndex"
        )
    if start > len(data) - size:
        raise argument_error(
            "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
            "value",
        )
    return data_of(data, start, size)


def _register_reader(member: str, kind: type) -> None:
    layout = _LAYOUT[kind]
    size = struct.calcsize(layout)
    static_method(_BITS, member)(lambda data, start: kind(struct.unpack(layout, _read(data, start, size))[0]))


for _kind in _LAYOUT:
    _register_reader("To" + types.of(_kind(0)).name, _kind)


@static_method(_BITS, "ToBoolean")
def _bits_to_boolean(data: Any, start: int) -> bool:
    return _read(data, start, 1) != b"\0"


@static_method(_BITS, "ToChar")
def _bits_to_char(data: Any, start: int) -> Char:
    return Char(struct.unpack("<H", _read(data, start, 2))[0])


@static_method(_BITS, "ToString")
def _bits_to_string(data: Any, start: int = 0, length: Any = None) -> str:
    if data is None:
        raise null_argument("value")
    if start < 0 or (start >= len(data) and start > 0):
        raise out_of_range(
            "Index was out of range. Must be non-negative and less than the size of the collection.", "startIndex"
        )
    if length is not None and length < 0:
        raise out_of_range("Value must be positive.", "length")
    if length is not None and start > len(data) - length:
        raise argument_error(
            "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
            "value",
        )
    part = data[start:] if length is None else data[start : start + length]
    return "-".join(f"{int(b):02X}" for b in part)


def _register_bits(member: str, source: str, target: str, kind: type) -> None:
    static_method(_BITS, member)(lambda value: kind(struct.unpack(target, struct.pack(source, value))[0]))


_register_bits("DoubleToInt64Bits", "<d", "<q", Int64)
_register_bits("DoubleToUInt64Bits", "<d", "<Q", UInt64)
_register_bits("Int64BitsToDouble", "<q", "<d", float)
_register_bits("UInt64BitsToDouble", "<Q", "<d", float)
_register_bits("SingleToInt32Bits", "<f", "<i", int)
_register_bits("SingleToUInt32Bits", "<f", "<I", UInt32)
_register_bits("Int32BitsToSingle", "<i", "<f", Single)
_register_bits("UInt32BitsToSingle", "<I", "<f", Single)
