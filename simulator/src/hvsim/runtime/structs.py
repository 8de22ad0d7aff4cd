# SPDX-License-Identifier: GPL-3.0-or-later
"""The structs and small classes of .NET that the language itself needs: their shape, equality and order.

Parsing, formatting and members live in ``hvsim.library.dotnet``; conversion in :mod:`hvsim.runtime.convert`.
All but :class:`Reference`, :class:`SecureString` and :class:`PSCredential` are immutable values.
"""

from __future__ import annotations

import uuid
from functools import total_ordering
from typing import Any, ClassVar

from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

__all__ = [
    "TICKS_PER_DAY",
    "TICKS_PER_SECOND",
    "DateTime",
    "DateTimeOffset",
    "Guid",
    "NetworkCredential",
    "PSCredential",
    "Reference",
    "Regex",
    "SecureString",
    "SwitchParameter",
    "TimeSpan",
    "Type",
    "Uri",
    "Version",
]

Type = NetType

TICKS_PER_SECOND = 10_000_000
TICKS_PER_DAY = 86_400 * TICKS_PER_SECOND


@total_ordering
class TimeSpan(NetObject):
    """``System.TimeSpan``: signed 100-nanosecond *ticks*."""

    __slots__ = ("ticks",)
    NET: ClassVar[str] = "System.TimeSpan"

    def __init__(self, ticks: int = 0) -> None:
        self.ticks = int(ticks)

    def __eq__(self, other: object) -> bool:
        return type(other) is TimeSpan and other.ticks == self.ticks

    def __lt__(self, other: TimeSpan) -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(("TimeSpan", self.ticks))

    def __repr__(self) -> str:
        return f"TimeSpan({self.ticks})"


@total_ordering
class DateTime(NetObject):
    """``System.DateTime``: *ticks* since 0001-01-01; *kind* 0 Unspecified, 1 Utc, 2 Local. Comparison ignores the kind."""

    __slots__ = ("kind", "ticks")
    NET: ClassVar[str] = "System.DateTime"
    MAX_TICKS: ClassVar[int] = 3_155_378_975_999_999_999

    def __init__(self, ticks: int = 0, kind: int = 0) -> None:
        self.ticks = int(ticks)
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return type(other) is DateTime and other.ticks == self.ticks

    def __lt__(self, other: DateTime) -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(("DateTime", self.ticks))

    def __repr__(self) -> str:
        return f"DateTime({self.ticks}, {self.kind})"


@total_ordering
class DateTimeOffset(NetObject):
    """``System.DateTimeOffset``: local clock *ticks* and the *offset* from UTC in ticks. Comparison is by instant."""

    __slots__ = ("offset", "ticks")
    NET: ClassVar[str] = "System.DateTimeOffset"

    def __init__(self, ticks: int = 0, offset: int = 0) -> None:
        self.ticks = int(ticks)
        self.offset = int(offset)

    @property
    def utc_ticks(self) -> int:
        return self.ticks - self.offset

    def __eq__(self, other: object) -> bool:
        return type(other) is DateTimeOffset and other.utc_ticks == self.utc_ticks

    def __lt__(self, other: DateTimeOffset) -> bool:
        return self.utc_ticks < other.utc_ticks

    def __hash__(self) -> int:
        return hash(("DateTimeOffset", self.utc_ticks))

    def __repr__(self) -> str:
        return f"DateTimeOffset({self.ticks}, {self.offset})"


@total_ordering
class Guid(NetObject):
    """``System.Guid``; *value* is a ``uuid.UUID`` or anything that it reads."""

    __slots__ = ("value",)
    NET: ClassVar[str] = "System.Guid"

    def __init__(self, value: uuid.UUID | str | None = None) -> None:
        self.value = value if isinstance(value, uuid.UUID) else uuid.UUID(value) if value else uuid.UUID(int=0)

    def __eq__(self, other: object) -> bool:
        return type(other) is Guid and other.value == self.value

    def __lt__(self, other: Guid) -> bool:
        return self.value < other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"Guid({str(self.value)!r})"


@total_ordering
class Version(NetObject):
    """``System.Version``; *build* and *revision* are -1 when they were not given."""

    __slots__ = ("build", "major", "minor", "revision")
    NET: ClassVar[str] = "System.Version"

    def __init__(self, major: int = 0, minor: int = 0, build: int = -1, revision: int = -1) -> None:
        self.major = major
        self.minor = minor
        self.build = build
        self.revision = revision

    @property
    def parts(self) -> tuple[int, int, int, int]:
        return self.major, self.minor, self.build, self.revision

    def __eq__(self, other: object) -> bool:
        return type(other) is Version and other.parts == self.parts

    def __lt__(self, other: Version) -> bool:
        return self.parts < other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __str__(self) -> str:
        return ".".join(str(p) for p in self.parts if p >= 0)

    def __repr__(self) -> str:
        return f"Version({self})"


class Uri(NetObject):
    """``System.Uri``; the parts are worked out where its members are implemented (``library.dotnet``)."""

    __slots__ = ("kind", "original", "parsed")
    NET: ClassVar[str] = "System.Uri"

    def __init__(self, original: str, kind: int = 0) -> None:
        self.original = original
        self.kind = kind
        self.parsed: Any = None

    def __eq__(self, other: object) -> bool:
        return type(other) is Uri and other.original == self.original

    def __hash__(self) -> int:
        return hash(("Uri", self.original))

    def __repr__(self) -> str:
        return f"Uri({self.original!r})"


class Regex(NetObject):
    """``System.Text.RegularExpressions.Regex``; *options* as .NET numbers. ``compiled`` is filled on first use by
    :mod:`hvsim.runtime.regex`."""

    __slots__ = ("compiled", "options", "pattern")
    NET: ClassVar[str] = "System.Text.RegularExpressions.Regex"

    def __init__(self, pattern: str, options: int = 0) -> None:
        self.pattern = pattern
        self.options = options
        self.compiled: Any = None

    def __repr__(self) -> str:
        return f"Regex({self.pattern!r}, {self.options})"


class SecureString(NetObject):
    """``System.Security.SecureString``. Its text never shows in ``repr``."""

    __slots__ = ("disposed", "read_only", "text")
    NET: ClassVar[str] = "System.Security.SecureString"

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.read_only = False
        self.disposed = False

    def __repr__(self) -> str:
        return "SecureString(***)"


class PSCredential(NetObject):
    """``System.Management.Automation.PSCredential``."""

    __slots__ = ("password", "user_name")
    NET: ClassVar[str] = "System.Management.Automation.PSCredential"

    def __init__(self, user_name: str, password: SecureString) -> None:
        self.user_name = user_name
        self.password = password

    def __repr__(self) -> str:
        return f"PSCredential({self.user_name!r}, ***)"


class NetworkCredential(NetObject):
    """``System.Net.NetworkCredential``."""

    __slots__ = ("domain", "password", "user_name")
    NET: ClassVar[str] = "System.Net.NetworkCredential"

    def __init__(self, user_name: str = "", password: str = "", domain: str = "") -> None:
        self.user_name = user_name
        self.password = password
        self.domain = domain

    def __repr__(self) -> str:
        return f"NetworkCredential({self.user_name!r}, ***)"


class SwitchParameter(NetObject):
    """``System.Management.Automation.SwitchParameter``: what a bound ``[switch]`` holds."""

    __slots__ = ("present",)
    NET: ClassVar[str] = "System.Management.Automation.SwitchParameter"

    def __init__(self, present: bool = False) -> None:
        self.present = present

    def __bool__(self) -> bool:
        return self.present

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SwitchParameter) and other.present == self.present

    def __hash__(self) -> int:
        return hash(self.present)

    def __repr__(self) -> str:
        return f"SwitchParameter({self.present})"


class Reference(NetObject):
    """``[ref]``: ``System.Management.Automation.PSReference``; subclasses bind ``value`` to a variable."""

    __slots__ = ("_value",)
    NET: ClassVar[str] = "System.Management.Automation.PSReference"

    def __init__(self, value: Any = None) -> None:
        self._value = value

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, new: Any) -> None:
        self._value = new
