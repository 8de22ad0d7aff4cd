# SPDX-License-Identifier: GPL-3.0-or-later
"""Small classes without a family: tuples, ``Buffer``, ``Random``, ``Lazy``, ``Nullable``, ``DBNull``, ``XmlConvert`` ..."""

from __future__ import annotations

import re
import secrets
from typing import Any

from hvsim.library.dotnet.support import data_of, null_argument, put_bytes, too_few
from hvsim.runtime import compare, convert, format, structs, types
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, indexer, method, setter, static_getter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Byte, EnumValue, Int64, NetObject

# --- references ---------------------------------------------------------------------------------------------------

_REFERENCE = "System.Management.Automation.PSReference"


@getter(_REFERENCE, "Value")
def _reference_value(self: structs.Reference) -> Any:
    return self.value


@setter(_REFERENCE, "Value")
def _set_reference(self: structs.Reference, value: Any) -> None:
    self.value = value


# --- tuples -------------------------------------------------------------------------------------------------------

_TUPLE = "System.Tuple"


class Tuple(NetObject):
    """``Tuple`` and ``ValueTuple``."""

    __slots__ = ("items", "net_type")

    def __init__(self, items: tuple[Any, ...], net_type: NetType) -> None:
        self.items = items
        self.net_type = net_type

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Tuple)
            and other.net_type is self.net_type
            and all(compare.net_equals(a, b) for a, b in zip(self.items, other.items, strict=True))
        )

    def __hash__(self) -> int:
        return hash(tuple(str(i) for i in self.items))

    def net_text(self, ctx: Any) -> str:
        return "(" + ", ".join(convert.net_string(ctx, i) for i in self.items) + ")"


def make_tuple(name: str, items: tuple[Any, ...]) -> Tuple:
    """``Tuple.Create``: type arguments from the values."""
    arguments = [types.of(i) if i is not None else types.OBJECT for i in items]
    return Tuple(items, types.generic(types.get(f"{name}`{len(items)}"), *arguments))


def _tuple_item(ctx: Any, self: Tuple, index: int) -> Any:
    """``ITuple``'s indexer, which PowerShell 6.1 and later use, also from the end."""
    if ctx.edition == "5.1":
        return self if index in (0, -1) else None
    if not -len(self.items) <= index < len(self.items):
        raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return self.items[index]


def _register_tuples(name: str, most: int) -> None:
    for size in range(1, most + 1):
        parameters = types.get(f"{name}`{size}").parameters
        full = f"{name}`{size}"
        constructor(full, overloads=["(" + ", ".join(parameters) + ")"])(
            lambda net_type, *items: Tuple(items, net_type)
        )
        for index in range(size):
            getter(full, f"Item{index + 1}", type=parameters[index])(lambda self, at=index: self.items[at])
        getter(full, "Length", type="int")(lambda self: len(self.items))
        indexer(full, overloads=["(int) -> System.Object"], context=True)(_tuple_item)
        method(full, "ToString", overloads=["() -> string"], context=True)(lambda ctx, self: self.net_text(ctx))
        method(full, "Equals", overloads=["(System.Object) -> bool"])(lambda self, other: self == other)


def _assign(self: Tuple, value: Any, at: int) -> None:
    self.items = (*self.items[:at], value, *self.items[at + 1 :])


_register_tuples(_TUPLE, 7)
_register_tuples("System.ValueTuple", 4)
for _size in range(1, 5):
    # The items of a ValueTuple are fields that can be written.
    for _index in range(_size):
        setter(f"System.ValueTuple`{_size}", f"Item{_index + 1}")(lambda self, value, at=_index: _assign(self, value, at))
static_method(_TUPLE, "Create", overloads=["(" + ", ".join(f"T{i + 1}" for i in range(n)) + ") -> System.Object" for n in range(1, 8)])(
    lambda *items: make_tuple(_TUPLE, items)
)
static_method("System.ValueTuple", "Create", overloads=["(" + ", ".join(f"T{i + 1}" for i in range(n)) + ") -> System.Object" for n in range(1, 5)])(
    lambda *items: make_tuple("System.ValueTuple", items)
)


# --- Buffer -------------------------------------------------------------------------------------------------------


@static_method("System.Buffer", "BlockCopy", overloads=["(array, int, array, int, int) -> void"])
def _block_copy(source: Any, start: int, target: Any, at: int, count: int) -> None:
    for array, name in ((source, "src"), (target, "dst")):
        if array is None:
            raise null_argument(name)
        if array.element_type is None or array.element_type.full_name != "System.Byte":
            from hvsim.lang.errors import Unsupported

            raise Unsupported(f"Buffer::BlockCopy of {types.display(types.of(array))}")
    if start + count > len(source) or at + count > len(target):
        raise too_few()
    put_bytes(target, at, data_of(source, start, count))


@static_method("System.Buffer", "ByteLength", overloads=["(array) -> int"])
def _byte_length(array: Any) -> int:
    return len(array)


# --- Random -------------------------------------------------------------------------------------------------------

_RANDOM = "System.Random"
_BIG = 2147483647
_SEED = 161803398


class Random(NetObject):
    """``System.Random``: with a seed Knuth's subtractive generator, as .NET keeps it for compatibility."""

    __slots__ = ("first", "second", "table")
    NET = _RANDOM

    def __init__(self, seed: int | None = None) -> None:
        seed = secrets.randbelow(_BIG) if seed is None else seed
        subtraction = _BIG if seed == -2147483648 else abs(seed)
        previous = _SEED - subtraction
        self.table = [0] * 56
        self.table[55] = previous
        current, index = 1, 0
        for _ in range(1, 55):
            index = (index + 21) % 55
            self.table[index] = current
            current = previous - current
            if current < 0:
                current += _BIG
            previous = self.table[index]
        for _ in range(4):
            for i in range(1, 56):
                number = i + 30
                if number >= 55:
                    number -= 55
                self.table[i] -= self.table[1 + number]
                if self.table[i] < 0:
                    self.table[i] += _BIG
        self.first, self.second = 0, 21

    def sample(self) -> int:
        self.first = self.first + 1 if self.first + 1 < 56 else 1
        self.second = self.second + 1 if self.second + 1 < 56 else 1
        value = self.table[self.first] - self.table[self.second]
        if value == _BIG:
            value -= 1
        if value < 0:
            value += _BIG
        self.table[self.first] = value
        return value

    def fraction(self) -> float:
        return self.sample() * (1.0 / _BIG)


constructor(_RANDOM)(lambda net_type, *seed: Random(*seed))
_SHARED = Random()
static_getter(_RANDOM, "Shared")(lambda: _SHARED)


@method(_RANDOM, "Next")
def _next(self: Random, *bounds: int) -> int:
    if not bounds:
        return self.sample()
    low, high = (0, bounds[0]) if len(bounds) == 1 else bounds
    if low > high or (len(bounds) == 1 and high < 0):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "'maxValue' must be greater than zero. (Parameter 'maxValue')"
            if len(bounds) == 1
            else "'minValue' cannot be greater than maxValue. (Parameter 'minValue')",
        )
    return low + int(self.fraction() * (high - low))


method(_RANDOM, "NextDouble")(lambda self: self.fraction())


@method(_RANDOM, "NextInt64")
def _next_long(self: Random, *bounds: int) -> Int64:
    low, high = (0, 2**63 - 1) if not bounds else (0, bounds[0]) if len(bounds) == 1 else bounds
    return Int64(low + int(self.fraction() * (high - low)))


@method(_RANDOM, "NextBytes", overloads=["(byte[]) -> void"])
def _next_bytes(self: Random, target: Any) -> None:
    for index in range(len(target)):
        target[index] = Byte(self.sample() & 0xFF)


# --- Lazy, Nullable, DBNull, NullString -----------------------------------------------------------------------------


@static_method("System.Nullable", "GetUnderlyingType")
def _underlying_type(net_type: NetType | None) -> NetType | None:
    if net_type is None:
        raise null_argument("nullableType")
    definition = net_type.definition
    return net_type.arguments[0] if definition is not None and definition.full_name == "System.Nullable`1" else None


_LAZY = "System.Lazy`1"


class Lazy(NetObject):
    """``Lazy[T]``."""

    __slots__ = ("created", "factory", "net_type", "value")

    def __init__(self, net_type: NetType, factory: Any) -> None:
        self.net_type = net_type
        self.factory = factory
        self.created = not isinstance(factory, Delegate)
        self.value = factory if self.created else None


constructor(_LAZY, overloads=["(System.Func[T])", "(System.Func[T], bool)", "(T)"])(
    lambda net_type, factory, *_: Lazy(net_type, factory)
)
getter(_LAZY, "IsValueCreated")(lambda self: self.created)


@getter(_LAZY, "Value")
def _lazy_value(self: Lazy) -> Any:
    if not self.created:
        self.value = self.factory()
        self.created = True
    return self.value


@method(_LAZY, "ToString", overloads=["() -> string"], context=True)
def _lazy_text(ctx: Any, self: Lazy) -> str:
    return convert.net_string(ctx, self.value) if self.created else "Value is not created."


class _Constant(NetObject):
    """A value of which there is one: ``DBNull.Value``."""

    __slots__ = ("net_type", "text")

    def __init__(self, type_name: str, text: str = "") -> None:
        self.net_type = types.get(type_name)
        self.text = text

    def net_text(self, _ctx: Any) -> str:
        return self.text


# What .NET knows as null is a value like others here: PowerShell 7.0 took back (#11648) that they equal $null.
DB_NULL = _Constant("System.DBNull")
static_getter("System.DBNull", "Value", type="System.DBNull")(lambda: DB_NULL)


class NullString(NetObject):
    """``[NullString]::Value``: converts to a null string where $null would become an empty one."""

    __slots__ = ()
    NET = "System.Management.Automation.Language.NullString"

    def net_text(self, _ctx: Any) -> str:
        return ""


NULL_STRING = NullString()
method(NullString.NET, "ToString", overloads=["() -> string"])(lambda self: None)
static_getter(NullString.NET, "Value", type=NullString.NET)(lambda: NULL_STRING)
static_getter("System.Management.Automation.Internal.AutomationNull", "Value", type="psobject")(lambda: AUTOMATION_NULL)


# --- XmlConvert ---------------------------------------------------------------------------------------------------

_XML_CONVERT = "System.Xml.XmlConvert"


@static_method(
    _XML_CONVERT,
    "ToString",
    overloads=[
        "(bool) -> string",
        "(int) -> string",
        "(long) -> string",
        "(decimal) -> string",
        "(double) -> string",
        "(datetime) -> string",
        "(datetime, System.Xml.XmlDateTimeSerializationMode) -> string",
        "(datetime, string) -> string",
        "(timespan) -> string",
        "(guid) -> string",
    ],
    context=True,
)
def _xml_text(ctx: Any, value: Any, how: Any = None) -> str:
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, structs.DateTime):
        if isinstance(how, EnumValue) and how.value == 1:
            value = structs.DateTime(value.ticks, 1)
        text = format.format_value(ctx, value, how if isinstance(how, str) else "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")
        return text
    if isinstance(value, structs.TimeSpan):
        return _duration(value.ticks)
    return convert.to_string(ctx, value)


def _duration(ticks: int) -> str:
    """ISO 8601 as XML Schema writes durations."""
    sign = "-" if ticks < 0 else ""
    seconds, rest = divmod(abs(ticks), structs.TICKS_PER_SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    date = f"{days}D" if days else ""
    fraction = f".{rest:07d}".rstrip("0") if rest else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or rest or not (date or clock) else ""
    return f"{sign}P{date}" + (f"T{clock}" if clock else "")


@static_method(_XML_CONVERT, "ToTimeSpan", overloads=["(string) -> timespan"])
def _xml_timespan(text: str) -> structs.TimeSpan:
    found = re.fullmatch(
        r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?", text.strip()
    )
    if found is None or text.strip().endswith(("P", "T")):
        raise net_error("System.FormatException", f"The string '{text}' is not a valid TimeSpan value.")
    years, months, days, hours, minutes, seconds = (int(found[i] or 0) for i in range(2, 8))
    total = ((days + years * 365 + months * 30) * 24 + hours) * 3600 + minutes * 60 + seconds
    ticks = total * structs.TICKS_PER_SECOND + int((found[8] or "0")[:7].ljust(7, "0"))
    return structs.TimeSpan(-ticks if found[1] else ticks)


@static_method(_XML_CONVERT, "ToBoolean", overloads=["(string) -> bool"])
def _xml_bool(text: str) -> bool:
    cleaned = text.strip()
    if cleaned in ("true", "1"):
        return True
    if cleaned in ("false", "0"):
        return False
    raise net_error("System.FormatException", f"The string '{text}' is not a valid Boolean value.")


@static_method(_XML_CONVERT, "ToInt32", overloads=["(string) -> int"])
def _xml_int(text: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise net_error("System.FormatException", f"The input string '{text}' was not in a correct format.") from None


def _name_character(char: str, first: bool) -> bool:
    if char == "_" or char.isalpha() or char == ":":
        return True
    return not first and (char.isalnum() or char in "-.·")


@static_method(_XML_CONVERT, "EncodeName", overloads=["(string) -> string"])
def _encode_name(text: str) -> str:
    return "".join(c if _name_character(c, i == 0) else f"_x{ord(c):04X}_" for i, c in enumerate(text))


@static_method(_XML_CONVERT, "EncodeLocalName", overloads=["(string) -> string"])
def _encode_local(text: str) -> str:
    return _encode_name(text).replace(":", "_x003A_")


@static_method(_XML_CONVERT, "DecodeName", overloads=["(string) -> string"])
def _decode_name(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


