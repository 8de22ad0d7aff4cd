# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Text.RegularExpressions``: Regex and what its matches hand out. Patterns: :mod:`hvsim.runtime.regex`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.library.dotnet.collections import null_argument
from hvsim.runtime import convert, types
from hvsim.runtime import regex as engine
from hvsim.runtime.collections import Enumerator, NetList
from hvsim.runtime.delegates import Delegate
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, indexer, method, static_getter, static_method
from hvsim.runtime.objects import property_order
from hvsim.runtime.structs import Regex, TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_NAMESPACE = "System.Text.RegularExpressions."
_REGEX = _NAMESPACE + "Regex"
_MATCH = _NAMESPACE + "Match"
_GROUP = _NAMESPACE + "Group"
_CAPTURE = _NAMESPACE + "Capture"

property_order(_MATCH, "Groups", "Success", "Name", "Captures", "Index", "Length", "Value", "ValueSpan")
property_order(_GROUP, "Success", "Name", "Captures", "Index", "Length", "Value", "ValueSpan")
property_order(_CAPTURE, "Index", "Length", "Value", "ValueSpan")


class Capture(NetObject):
    """A piece of the subject."""

    __slots__ = ("index", "length", "subject")
    NET = _CAPTURE

    def __init__(self, subject: str, index: int, length: int) -> None:
        self.subject = subject
        self.index = index
        self.length = length

    @property
    def value(self) -> str:
        return self.subject[self.index : self.index + self.length]

    def net_text(self, _ctx: Any) -> str:
        return self.value


class Group(Capture):
    """A group of a match: its last capture, and all of them."""

    __slots__ = ("name", "spans", "success")
    NET = _GROUP

    def __init__(self, subject: str, name: str, spans: list[tuple[int, int]]) -> None:
        start, end = spans[-1] if spans else (0, 0)
        super().__init__(subject, start, end - start)
        self.name = name
        self.spans = spans
        self.success = bool(spans)


class Match(Group):
    """A match; ``found`` None is ``Match.Empty``."""

    __slots__ = ("_groups", "compiled", "found")
    NET = _MATCH

    def __init__(self, compiled: engine.Compiled | None, found: Any, subject: str) -> None:
        super().__init__(subject if found is not None else "", "0", [] if found is None else [found.span()])
        self.compiled = compiled
        self.found = found
        self._groups: list[Group] | None = None

    @property
    def groups(self) -> list[Group]:
        if self._groups is None:
            self._groups = [self]
            if self.compiled is not None and self.found is not None:
                names = self.compiled.group_names()
                for number, name in list(zip(self.compiled.numbers, names, strict=True))[1:]:
                    self._groups.append(Group(self.subject, name, self.compiled.captures(self.found, number)))
        return self._groups

    def group(self, key: Any) -> Group:
        """By number or name; one that does not exist is an unsuccessful group."""
        if self.compiled is not None and self.found is not None:
            number = key if isinstance(key, int) else self.compiled.group_number(str(key))
            if number in self.compiled.numbers:
                return self.groups[self.compiled.numbers.index(number)]
        elif key in (0, "0"):
            return self
        return Group("", str(key), [])


class CaptureCollection(NetList):
    """All captures of a group."""

    __slots__ = ()
    NET = _NAMESPACE + "CaptureCollection"


class MatchCollection(NetList):
    """All matches of a pattern."""

    __slots__ = ()
    NET = _NAMESPACE + "MatchCollection"


class GroupCollection(NetObject):
    """The groups of a match, by number and name."""

    __slots__ = ("items", "match")
    NET = _NAMESPACE + "GroupCollection"

    def __init__(self, match: Match) -> None:
        self.items = match.groups
        self.match = match

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


convert.SEQUENCES[GroupCollection] = iter


def compiled(ctx: Any, regex: Regex) -> engine.Compiled:
    """The engine's form of a Regex, kept on the object."""
    if regex.compiled is None:
        regex.compiled = engine.compile(regex.pattern, regex.options, getattr(ctx, "edition", "7"))
    found: engine.Compiled = regex.compiled
    return found


def _static(ctx: Any, pattern: str | None, options: EnumValue | None) -> engine.Compiled:
    if pattern is None:
        raise null_argument("pattern")
    return engine.compile(pattern, options.value if options is not None else 0, getattr(ctx, "edition", "7"))


def _subject(text: str | None) -> str:
    if text is None:
        raise null_argument("input")
    return text


def _options(args: tuple[Any, ...]) -> EnumValue | None:
    return next((a for a in args if isinstance(a, EnumValue)), None)


@constructor(_REGEX, context=True)
def _new(ctx: Any, net_type: NetType, pattern: str, *args: Any) -> Regex:
    if pattern is None:
        raise null_argument("pattern")
    options = _options(args)
    made = Regex(pattern, options.value if options is not None else 0)
    compiled(ctx, made)
    return made


# --- matching -----------------------------------------------------------------------------------------------------


def _match(program: engine.Compiled, text: str, start: int = 0, length: int | None = None) -> Match:
    if not 0 <= start <= len(text):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Start index cannot be less than 0 or greater than input length. (Parameter 'startat')",
        )
    subject = text if length is None else text[: start + length]
    found = program.search(subject, start)
    return Match(program, found, subject)


def _matches(program: engine.Compiled, text: str, start: int = 0) -> MatchCollection:
    return MatchCollection([Match(program, found, text) for found in program.matches(text, start)])


@static_method(_REGEX, "IsMatch", context=True)
def _static_is_match(ctx: Any, text: str, pattern: str, *args: Any) -> bool:
    return _match(_static(ctx, pattern, _options(args)), _subject(text)).success


@static_method(_REGEX, "Match", context=True)
def _static_match(ctx: Any, text: str, pattern: str, *args: Any) -> Match:
    return _match(_static(ctx, pattern, _options(args)), _subject(text))


@static_method(_REGEX, "Matches", context=True)
def _static_matches(ctx: Any, text: str, pattern: str, *args: Any) -> MatchCollection:
    return _matches(_static(ctx, pattern, _options(args)), _subject(text))


@static_method(_REGEX, "Count", context=True)
def _static_count(ctx: Any, text: str, pattern: str, *args: Any) -> int:
    return len(_matches(_static(ctx, pattern, _options(args)), _subject(text)))


@method(_REGEX, "IsMatch", context=True)
def _is_match(ctx: Any, self: Regex, text: str, start: int = 0) -> bool:
    return _match(compiled(ctx, self), _subject(text), start).success


@method(_REGEX, "Match", context=True)
def _instance_match(ctx: Any, self: Regex, text: str, start: int = 0, length: int | None = None) -> Match:
    return _match(compiled(ctx, self), _subject(text), start, length)


@method(_REGEX, "Matches", context=True)
def _instance_matches(ctx: Any, self: Regex, text: str, start: int = 0) -> MatchCollection:
    return _matches(compiled(ctx, self), _subject(text), start)


@method(_REGEX, "Count", context=True)
def _instance_count(ctx: Any, self: Regex, text: str, start: int = 0) -> int:
    return len(_matches(compiled(ctx, self), _subject(text), start))


# --- replacing and splitting ----------------------------------------------------------------------------------------


def _replacement(ctx: Any, program: engine.Compiled, text: str, what: Any) -> str | Callable[[Any], str]:
    if isinstance(what, Delegate):
        return lambda found: convert.to_string(ctx, what(Match(program, found, text)))
    if what is None:
        raise null_argument("replacement")
    return str(what)


@static_method(_REGEX, "Replace", context=True)
def _static_replace(ctx: Any, text: str, pattern: str, what: Any, *args: Any) -> str:
    program = _static(ctx, pattern, _options(args))
    return program.replace(_subject(text), _replacement(ctx, program, text, what))


@method(_REGEX, "Replace", context=True)
def _replace(ctx: Any, self: Regex, text: str, what: Any, count: int = -1, start: int = 0) -> str:
    program = compiled(ctx, self)
    if count < -1:
        raise net_error(
            "System.ArgumentOutOfRangeException", "Count cannot be less than -1. (Parameter 'count')"
        )
    return program.replace(_subject(text), _replacement(ctx, program, text, what), count, start)


@static_method(_REGEX, "Split", context=True)
def _static_split(ctx: Any, text: str, pattern: str, *args: Any) -> Array:
    return Array(_static(ctx, pattern, _options(args)).split(_subject(text)), types.STRING)


@method(_REGEX, "Split", context=True)
def _split(ctx: Any, self: Regex, text: str, count: int = 0, start: int = 0) -> Array:
    return Array(compiled(ctx, self).split(_subject(text), count, start), types.STRING)


@static_method(_REGEX, "Escape")
def _escape(text: str) -> str:
    if text is None:
        raise null_argument("str")
    return engine.escape(text)


@static_method(_REGEX, "Unescape")
def _unescape(text: str) -> str:
    if text is None:
        raise null_argument("str")
    return engine.unescape(text)


@method(_REGEX, "GetGroupNames", context=True)
def _group_names(ctx: Any, self: Regex) -> Array:
    return Array(compiled(ctx, self).group_names(), types.STRING)


@method(_REGEX, "GetGroupNumbers", context=True)
def _group_numbers(ctx: Any, self: Regex) -> Array:
    return Array(compiled(ctx, self).numbers, types.INT)


@method(_REGEX, "GroupNameFromNumber", context=True)
def _group_name(ctx: Any, self: Regex, number: int) -> str:
    program = compiled(ctx, self)
    return program.group_names()[program.numbers.index(number)] if number in program.numbers else ""


@method(_REGEX, "GroupNumberFromName", context=True)
def _group_number(ctx: Any, self: Regex, name: str) -> int:
    found = compiled(ctx, self).group_number(name)
    return -1 if found is None else found


@method(_REGEX, "ToString")
def _pattern(self: Regex) -> str:
    return self.pattern


@getter(_REGEX, "Options")
def _regex_options(self: Regex) -> EnumValue:
    return types.enum(_NAMESPACE + "RegexOptions", self.options)


@getter(_REGEX, "RightToLeft")
def _right_to_left(self: Regex) -> bool:
    return bool(self.options & 64)


_INFINITE = TimeSpan(-10_000)
getter(_REGEX, "MatchTimeout")(lambda self: _INFINITE)
static_getter(_REGEX, "InfiniteMatchTimeout")(lambda: _INFINITE)
static_getter(_REGEX, "CacheSize")(lambda: 15)


# --- captures, groups, matches --------------------------------------------------------------------------------------

getter(_CAPTURE, "Index", type="int")(lambda self: self.index)
getter(_CAPTURE, "Length", type="int")(lambda self: self.length)
getter(_CAPTURE, "Value", type="string")(lambda self: self.value)
method(_CAPTURE, "ToString", overloads=["() -> string"])(lambda self: self.value)
getter(_GROUP, "Success", type="bool")(lambda self: self.success)
getter(_GROUP, "Name", type="string")(lambda self: self.name)
getter(_MATCH, "Groups")(GroupCollection)


@getter(_GROUP, "Captures")
def _captures(self: Group) -> CaptureCollection:
    if isinstance(self, Match):
        return CaptureCollection([self] if self.success else [])
    return CaptureCollection([Capture(self.subject, start, end - start) for start, end in self.spans])


@static_getter(_MATCH, "Empty")
def _empty() -> Match:
    return Match(None, None, "")


@method(_MATCH, "NextMatch")
def _next(self: Match) -> Match:
    if self.found is None or self.compiled is None:
        return self
    start = self.found.end() if self.length else self.found.end() + 1
    if start > len(self.subject):
        return _empty()
    return Match(self.compiled, self.compiled.search(self.subject, start), self.subject)


@method(_MATCH, "Result")
def _result(self: Match, replacement: str) -> str:
    if self.found is None or self.compiled is None:
        raise net_error("System.NotSupportedException", "Result cannot be called on a failed Match.")
    return self.compiled.expand(self.found, replacement, self.subject)


def _out_of_range(parameter: str) -> PSError:
    return net_error(
        "System.ArgumentOutOfRangeException", f"Specified argument was out of the range of valid values. (Parameter '{parameter}')"
    )


def _at(self: NetList, index: int) -> Any:
    if not 0 <= index < len(self):
        raise _out_of_range("i")
    return self[index]


for _name in ("CaptureCollection", "MatchCollection", "GroupCollection"):
    _full = _NAMESPACE + _name
    property_order(_full, "Count", "IsReadOnly", "IsSynchronized", "SyncRoot")
    getter(_full, "Count", type="int")(len)
    getter(_full, "IsReadOnly", type="bool")(lambda self: True)
    getter(_full, "IsSynchronized", type="bool")(lambda self: False)
    getter(_full, "SyncRoot", type="System.Object")(lambda self: self)
    method(_full, "GetEnumerator", overloads=["() -> System.Collections.IEnumerator"])(
        lambda self: Enumerator(lambda: list(self), types.get("System.Collections.IEnumerator"))
    )
for _name in ("CaptureCollection", "MatchCollection"):
    indexer(_NAMESPACE + _name, overloads=["(int) -> System.Object"])(_at)


@indexer(_NAMESPACE + "GroupCollection", overloads=["(int) -> System.Object", "(string) -> System.Object"])
def _group_at(self: GroupCollection, key: Any) -> Group:
    return self.match.group(key)


@method(_NAMESPACE + "GroupCollection", "ContainsKey", overloads=["(string) -> bool"])
def _has_group(self: GroupCollection, name: str) -> bool:
    program = self.match.compiled
    return program is not None and program.group_number(name) is not None


getter(_NAMESPACE + "GroupCollection", "Keys", type="System.Object")(
    lambda self: Array([g.name for g in self.items], types.STRING)
)
getter(_NAMESPACE + "GroupCollection", "Values", type="System.Object")(lambda self: Array(self.items))
