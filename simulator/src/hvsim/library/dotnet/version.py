# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Version`` and ``System.Management.Automation.SemanticVersion``."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Any

from hvsim.library.dotnet.support import argument_error, negative, null_argument
from hvsim.runtime import convert, types
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, static_method
from hvsim.runtime.numeric import NUMERIC_CODES
from hvsim.runtime.structs import Version
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Int16, NetObject

_VERSION = "System.Version"
_SEMANTIC = "System.Management.Automation.SemanticVersion"


@constructor(_VERSION, context=True)
def _new(ctx: Any, _net_type: NetType, *args: Any) -> Version:
    if not args:
        return Version(0, 0)
    if type(args[0]) is str:
        return parsers.parse_version(ctx, args[0])
    if args[0] is None:
        raise null_argument("version")
    for name, value in zip(("major", "minor", "build", "revision"), args, strict=False):
        if value < 0:
            raise negative(value, name)
    return Version(*args)


@static_method(_VERSION, "Parse", context=True)
def _parse(ctx: Any, text: Any) -> Version:
    if text is None:
        raise null_argument("input")
    return parsers.parse_version(ctx, text)


@static_method(_VERSION, "TryParse", context=True)
def _try_parse(ctx: Any, text: Any, result: Any) -> bool:
    try:
        result.value = parsers.parse_version(ctx, text or "")
    except PSError:
        result.value = None
        return False
    return True


getter(_VERSION, "Major")(lambda self: self.major)
getter(_VERSION, "Minor")(lambda self: self.minor)
getter(_VERSION, "Build")(lambda self: self.build)
getter(_VERSION, "Revision")(lambda self: self.revision)
getter(_VERSION, "MajorRevision")(lambda self: Int16(self.revision >> 16))
getter(_VERSION, "MinorRevision")(
    lambda self: Int16((self.revision & 0xFFFF) - (0x10000 if self.revision & 0x8000 else 0))
)


@method(_VERSION, "ToString")
def _to_string(self: Version, count: Any = None) -> str:
    if count is None:
        return str(self)
    defined = sum(1 for p in self.parts if p >= 0)
    if not 0 <= count <= defined:
        raise argument_error(f"Argument must be between 0 and {defined}.", "fieldCount")
    return ".".join(str(p) for p in self.parts[:count])


@method(_VERSION, "CompareTo")
def _compare_to(self: Version, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not Version:
        raise net_error("System.ArgumentException", "Object must be of type Version.")
    return (self.parts > other.parts) - (self.parts < other.parts)


@method(_VERSION, "Equals")
def _equals(self: Version, other: Any) -> bool:
    return type(other) is Version and other.parts == self.parts


@method(_VERSION, "Clone")
def _clone(self: Version) -> Version:
    return Version(*self.parts)


@method(_VERSION, "GetHashCode")
def _hash(self: Version) -> int:
    major, minor, build, revision = self.parts
    value = (major & 0xF) << 28 | (minor & 0xFF) << 20 | (build & 0xFF) << 12 | revision & 0xFFF
    return value - (1 << 32) if value & 0x80000000 else value


# --- SemanticVersion ----------------------------------------------------------------------------------------------------------

_PATTERN = re.compile(
    r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z][0-9A-Za-z\-.]*))?(?:\+([0-9A-Za-z\-.]+))?\Z", re.ASCII
)


@types.net_class(_SEMANTIC, interfaces=("System.IComparable",))
@total_ordering
class SemanticVersion(NetObject):
    """``[semver]``: *label* and *build_label* are None when they are missing."""

    __slots__ = ("build_label", "label", "major", "minor", "patch")

    def __init__(
        self, major: int, minor: int = 0, patch: int = 0, label: str | None = None, build_label: str | None = None
    ) -> None:
        self.major = major
        self.minor = minor
        self.patch = patch
        self.label = label
        self.build_label = build_label

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        if self.label:
            text += "-" + self.label
        return text + ("+" + self.build_label if self.build_label else "")

    def _key(self) -> tuple[Any, ...]:
        if not self.label:
            return self.major, self.minor, self.patch, 1, ()
        parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in self.label.split("."))
        return self.major, self.minor, self.patch, 0, parts

    def __eq__(self, other: object) -> bool:
        return type(other) is SemanticVersion and other._key() == self._key()

    def __lt__(self, other: SemanticVersion) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def net_compare(self, _ctx: Any, other: Any) -> int:
        return int((self > other) - (self < other))

    def net_equals(self, ctx: Any, other: Any) -> bool:
        done, converted = convert.try_to(ctx, other, types.get(_SEMANTIC))
        return done and self == converted


def parse_semantic(ctx: Any, text: str) -> SemanticVersion:
    """``SemanticVersion.Parse``.

    Raises:
        PSError: ``FormatException``.
    """
    found = _PATTERN.match(text)
    if found is None:
        message = (
            'Cannot process argument because the value of argument "version" is not valid. Change the value of the "version" '
            "argument and run the operation again."
        )
        raise net_error("System.Management.Automation.PSArgumentException", message)
    major, minor, patch, label, build = found.groups()
    return SemanticVersion(int(major), int(minor or 0), int(patch or 0), label, build)


def _convert(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str or type(value) in NUMERIC_CODES:
        text = convert.to_string(ctx, value)
        try:
            return parse_semantic(ctx, text)
        except PSError as error:
            raise convert.with_inner("InvalidCastParseTargetInvocation", text, target, error.exception) from None
    if type(value) is Version:
        if value.revision >= 0:
            raise convert.no_conversion(ctx, value, target)
        return SemanticVersion(value.major, value.minor, max(value.build, 0))
    raise convert.no_conversion(ctx, value, target)


convert.register(_SEMANTIC, _convert)
convert.TO_STRING[SemanticVersion] = lambda ctx, value, culture: str(value)


@constructor(
    _SEMANTIC,
    overloads=[
        "(string)", "(int)", "(int, int)", "(int, int, int)", "(int, int, int, string)", "(int, int, int, string, string)",
        "(version)",
    ],
    context=True,
)  # fmt: skip
def _new_semantic(ctx: Any, _net_type: NetType, *args: Any) -> SemanticVersion:
    if type(args[0]) is str:
        return parse_semantic(ctx, args[0])
    if type(args[0]) is Version:
        return SemanticVersion(args[0].major, args[0].minor, max(args[0].build, 0))
    return SemanticVersion(*args)


@static_method(_SEMANTIC, "Parse", overloads=[f"(string) -> {_SEMANTIC}"], context=True)
def _parse_semantic(ctx: Any, text: str) -> SemanticVersion:
    return parse_semantic(ctx, text)


@static_method(_SEMANTIC, "TryParse", overloads=[f"(string, ref {_SEMANTIC}) -> bool"], context=True)
def _try_parse_semantic(ctx: Any, text: Any, result: Any) -> bool:
    try:
        result.value = parse_semantic(ctx, text or "")
    except PSError:
        result.value = None
        return False
    return True


getter(_SEMANTIC, "Major", type="int")(lambda self: self.major)
getter(_SEMANTIC, "Minor", type="int")(lambda self: self.minor)
getter(_SEMANTIC, "Patch", type="int")(lambda self: self.patch)
getter(_SEMANTIC, "PreReleaseLabel", type="string")(lambda self: self.label)
getter(_SEMANTIC, "BuildLabel", type="string")(lambda self: self.build_label)


@method(_SEMANTIC, "ToString", overloads=["() -> string"])
def _semantic_to_string(self: SemanticVersion) -> str:
    return str(self)


@method(_SEMANTIC, "CompareTo", overloads=["(System.Object) -> int", f"({_SEMANTIC}) -> int"], context=True)
def _semantic_compare_to(ctx: Any, self: SemanticVersion, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not SemanticVersion:
        raise net_error("System.ArgumentException", "Object must be of type SemanticVersion.")
    return self.net_compare(ctx, other)


@method(_SEMANTIC, "Equals", overloads=["(System.Object) -> bool"])
def _semantic_equals(self: SemanticVersion, other: Any) -> bool:
    return bool(self == other)
