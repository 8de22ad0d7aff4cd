# SPDX-License-Identifier: GPL-3.0-or-later
"""How .NET values look in Python.

| .NET | Python |
|---|---|
| ``null`` | ``None`` |
| ``AutomationNull`` (empty pipeline) | :data:`AUTOMATION_NULL` |
| ``bool`` | ``bool`` |
| ``int`` (Int32) | ``int`` itself: ``type(x) is int`` |
| other integers | subclasses of :class:`Integer` (``Int64``, ``Byte`` ... ``BigInteger``) |
| ``double`` | ``float`` itself |
| ``float`` (Single) | :class:`Single` |
| ``decimal`` | ``decimal.Decimal`` itself (scale kept) |
| ``char`` | :class:`Char` |
| ``string`` | ``str`` whose characters are UTF-16 code units (see ``hvsim.lang.text``) |
| enum values | :class:`EnumValue` |
| arrays | :class:`Array` (a ``list`` with an element type), :class:`MultiArray` |
| everything else | subclasses of :class:`NetObject` |

Fast paths test ``type(x) is int`` and the like; ``isinstance(x, int)`` is true for every integer *and* for bool.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from hvsim.runtime.types import NetType

__all__ = [
    "AUTOMATION_NULL",
    "BYTES",
    "PACKED_FROM",
    "Array",
    "AutomationNull",
    "BigInteger",
    "Byte",
    "Char",
    "Decimal",
    "EnumValue",
    "Int16",
    "Int64",
    "Integer",
    "MultiArray",
    "NetObject",
    "PSCustomObject",
    "PSObject",
    "PackedBytes",
    "SByte",
    "Single",
    "UInt16",
    "UInt32",
    "UInt64",
    "unwrap",
]


class AutomationNull:
    """The nothing that an empty pipeline yields: assigned it is ``$null``, enumerated it has no element."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "AUTOMATION_NULL"


AUTOMATION_NULL: Final = AutomationNull()


class Integer(int):
    """Base of the integer types other than Int32. Arithmetic yields plain ``int``: operators re-wrap."""

    __slots__ = ()
    NET: ClassVar[str] = ""
    MIN: ClassVar[int] = 0
    MAX: ClassVar[int] = 0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({int(self)})"


class Byte(Integer):
    __slots__ = ()
    NET = "System.Byte"
    MIN, MAX = 0, 255


#: The bytes by number: what holds many of them need not make each anew.
BYTES: Final = tuple(Byte(number) for number in range(256))


class SByte(Integer):
    __slots__ = ()
    NET = "System.SByte"
    MIN, MAX = -128, 127


class Int16(Integer):
    __slots__ = ()
    NET = "System.Int16"
    MIN, MAX = -(2**15), 2**15 - 1


class UInt16(Integer):
    __slots__ = ()
    NET = "System.UInt16"
    MIN, MAX = 0, 2**16 - 1


class UInt32(Integer):
    __slots__ = ()
    NET = "System.UInt32"
    MIN, MAX = 0, 2**32 - 1


class Int64(Integer):
    __slots__ = ()
    NET = "System.Int64"
    MIN, MAX = -(2**63), 2**63 - 1


class UInt64(Integer):
    __slots__ = ()
    NET = "System.UInt64"
    MIN, MAX = 0, 2**64 - 1


class BigInteger(Integer):
    __slots__ = ()
    NET = "System.Numerics.BigInteger"


class Single(float):
    """A 32-bit float, held as the double nearest to it."""

    __slots__ = ()
    NET: ClassVar[str] = "System.Single"

    def __new__(cls, value: float = 0.0) -> Single:
        try:
            rounded = struct.unpack("f", struct.pack("f", value))[0]
        except OverflowError:
            rounded = float("inf") if value > 0 else float("-inf")
        return super().__new__(cls, rounded)

    def __repr__(self) -> str:
        return f"Single({float(self)!r})"


class Char:
    """One UTF-16 code unit."""

    __slots__ = ("code",)
    NET: ClassVar[str] = "System.Char"

    def __init__(self, value: int | str) -> None:
        self.code = value if isinstance(value, int) else ord(value)

    @property
    def text(self) -> str:
        return chr(self.code)

    def __eq__(self, other: object) -> bool:
        return type(other) is Char and other.code == self.code

    def __hash__(self) -> int:
        return hash(("Char", self.code))

    def __str__(self) -> str:
        return chr(self.code)

    def __repr__(self) -> str:
        return f"Char({chr(self.code)!r})"


class EnumValue:
    """A value of an enum type; ``value`` is the underlying number (a plain Python int)."""

    __slots__ = ("net_type", "value")

    def __init__(self, net_type: NetType, value: int) -> None:
        self.net_type = net_type
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is EnumValue and other.net_type is self.net_type and other.value == self.value

    def __hash__(self) -> int:
        return hash((self.net_type.full_name, self.value))

    def __repr__(self) -> str:
        return f"EnumValue({self.net_type.full_name}, {self.value})"


class NetObject:
    """Base of the Python classes that stand for .NET reference types and structs.

    A class sets ``NET`` to its full .NET name; where the type depends on the instance (generics, opaque objects)
    it offers ``net_type`` instead. ``extended`` holds members added by ``Add-Member`` (name in lower case -> member),
    ``type_names`` extra type names, first one most specific. Both are None before a class's own ``__init__`` runs; a class of
    which very many are made (``sets_members=True``) sets them there itself.
    """

    __slots__ = ("__weakref__", "extended", "type_names")
    NET: ClassVar[str] = "System.Object"
    extended: dict[str, Any] | None
    type_names: list[str] | None

    def __init_subclass__(cls, *, sets_members: bool = False, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not sets_members and cls.__base__ is NetObject:
            cls.__new__ = _with_members  # type: ignore[assignment]


def _with_members(cls: type[NetObject], *_args: Any, **_options: Any) -> NetObject:
    self = object.__new__(cls)
    self.extended = None
    self.type_names = None
    return self


class Array(list[Any]):
    """A one-dimensional .NET array. ``element_type`` None means ``System.Object`` (the usual ``object[]``)."""

    __slots__ = ("__weakref__", "element_type", "extended", "packed", "type_names")

    def __init__(self, items: Iterable[Any] = (), element_type: NetType | None = None) -> None:
        super().__init__(items)
        self.element_type = element_type
        self.extended: dict[str, Any] | None = None
        self.type_names: list[str] | None = None

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


#: From this length on a new ``byte[]`` is packed; the elements of shorter ones are made at once.
PACKED_FROM: Final = 4096


class PackedBytes(Array):
    """A large ``byte[]`` whose elements nobody has looked at yet: ``packed`` holds the bytes, the list itself is empty.

    Streams, encodings and the like read and write ``packed``. The first access of any other kind makes the elements, and the
    object an ordinary :class:`Array` (the same object: identity and added members stay).
    """

    __slots__ = ()
    packed: bytearray

    def __init__(self, packed: bytearray, element_type: NetType) -> None:
        super().__init__((), element_type)
        self.packed = packed

    def unpack(self) -> None:
        """Makes the elements."""
        data = self.packed
        del self.packed
        self.__class__ = Array  # type: ignore[assignment]
        list.extend(self, map(BYTES.__getitem__, data))

    def __len__(self) -> int:
        return len(self.packed)

    def __radd__(self, _other: Any) -> Any:
        # ``list + self`` is done in C, which looks at the elements right after this.
        self.unpack()
        return NotImplemented

    __hash__ = Array.__hash__


def _unpacking(name: str) -> Callable[..., Any]:
    plain = getattr(Array, name)

    def call(self: PackedBytes, *args: Any, **options: Any) -> Any:
        self.unpack()
        return plain(self, *args, **options)

    return call


# All that sees elements. (``==`` compares identities.)
for _name in (
    "__add__", "__contains__", "__delitem__", "__getitem__", "__iadd__", "__imul__", "__iter__", "__mul__", "__reduce_ex__",
    "__repr__", "__reversed__", "__rmul__", "__setitem__", "append", "clear", "copy", "count", "extend", "index", "insert",
    "pop", "remove", "reverse", "sort",
):  # fmt: skip
    setattr(PackedBytes, _name, _unpacking(_name))


class MultiArray(NetObject):
    """An array of two or more dimensions; ``items`` in row-major order."""

    __slots__ = ("element_type", "items", "shape")

    def __init__(self, shape: tuple[int, ...], items: list[Any], element_type: NetType) -> None:
        self.shape = shape
        self.items = items
        self.element_type = element_type

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class PSObject:
    """A wrapper that carries added members for a value without identity (string, number, enum, char, bool).

    ``base`` is the wrapped value; reference objects are never wrapped: they carry ``extended`` themselves.
    ``token_text``: how a number was written that came as an argument of a command; a cast to string brings it back.
    """

    __slots__ = ("__weakref__", "base", "extended", "token_text", "type_names")

    def __init__(self, base: Any, extended: dict[str, Any] | None = None, token_text: str | None = None) -> None:
        self.base = base
        self.token_text = token_text
        self.extended: dict[str, Any] | None = extended
        self.type_names: list[str] | None = None

    def __eq__(self, other: object) -> bool:
        return bool(self.base == (other.base if type(other) is PSObject else other))

    def __hash__(self) -> int:
        return hash(self.base)


def unwrap(value: Any) -> Any:
    """The value inside a PSObject; anything else as it is."""
    return value.base if type(value) is PSObject else value


class PSCustomObject(NetObject):
    """``[pscustomobject]``: ``extended`` is always a dict (ordered, keys lower case, values members)."""

    __slots__ = ()
    NET = "System.Management.Automation.PSCustomObject"
