# SPDX-License-Identifier: GPL-3.0-or-later
"""WQL, as far as scripts use it: data queries and ASSOCIATORS OF. Everything else is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hvsim.lang.errors import Unsupported

Read = Callable[[str], Any]
Test = Callable[[Read], bool]
_Condition = tuple[Test, dict[str, Any]]
_MAX_DEPTH: Final = 50

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<number>-?\d+(?:\.\d+)?)(?![A-Za-z_])"""
    r"""|(?P<word>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)|(?P<sign><=|>=|<>|!=|[=<>(),*]))""",
    re.DOTALL,
)
_OPERATORS: Final = frozenset({"=", "!=", "<>", "<", ">", "<=", ">="})
_REFUSED: Final = ("GROUP", "HAVING", "WITHIN", "ORDER", "REFERENCES")


class QueryError(Exception):
    """The text is no valid query of that class."""


@dataclass(frozen=True)
class Select:
    """``SELECT properties FROM class WHERE test``; ``properties`` None means all.

    ``equals`` holds the comparisons with ``=`` that must hold whatever else the condition says, by lower-case property.
    """

    class_name: str
    properties: tuple[str, ...] | None = None
    test: Test | None = None
    equals: dict[str, Any] = field(default_factory=dict)
    used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Associators:
    """``ASSOCIATORS OF {path} WHERE AssocClass = a ResultClass = b``."""

    path: ObjectPath
    association: str | None = None
    result: str | None = None


@dataclass(frozen=True)
class ObjectPath:
    """``\\\\HOST\\root\\x:Class.Key="value"``."""

    class_name: str
    keys: dict[str, Any]
    namespace: str | None = None


def parse(text: str) -> Select | Associators:
    """A query.

    Raises:
        QueryError: it is not valid.
        Unsupported: it is a kind of query that the simulator does not know.
    """
    if re.match(r"\s*associators\s+of\b", text, re.IGNORECASE):
        return _associators(text)
    first = text.split()[:1]
    if first and first[0].upper() in _REFUSED:
        raise Unsupported(f"WQL {first[0].upper()}")
    return _Parser(text).select()


def condition(text: str, class_name: str, properties: tuple[str, ...] | None = None) -> Select:
    """The query that ``-ClassName``, ``-Filter`` and ``-Property`` make. Raises as :func:`parse` does."""
    return _Parser(text).where(class_name, properties) if text.strip() else Select(class_name, properties)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._used: list[str] = []
        self._depth = 0

    def select(self) -> Select:
        self._word("SELECT")
        properties: list[str] | None = []
        if self._take_sign("*"):
            properties = None
        else:
            assert properties is not None
            properties.append(self._name())
            while self._take_sign(","):
                properties.append(self._name())
        self._word("FROM")
        class_name = self._name()
        chosen = None if properties is None else tuple(properties)
        if self._peek() is None:
            return Select(class_name, chosen)
        self._word("WHERE")
        return self.where(class_name, chosen)

    def where(self, class_name: str, properties: tuple[str, ...] | None) -> Select:
        test, equals = self._or()
        if self._peek() is not None:
            raise QueryError(str(self._peek()))
        return Select(class_name, properties, test, equals, tuple(self._used))

    # Each returns a test and the comparisons with ``=`` without which it cannot hold.

    def _or(self) -> _Condition:
        conditions = [self._and()]
        while self._take_word("OR"):
            conditions.append(self._and())
        if len(conditions) == 1:
            return conditions[0]
        tests = [test for test, _ in conditions]
        return lambda read: any(test(read) for test in tests), {}

    def _and(self) -> _Condition:
        conditions = [self._not()]
        while self._take_word("AND"):
            conditions.append(self._not())
        if len(conditions) == 1:
            return conditions[0]
        tests = [test for test, _ in conditions]
        equals = {name: value for _, certain in conditions for name, value in certain.items()}
        return lambda read: all(test(read) for test in tests), equals

    def _not(self) -> _Condition:
        self._depth += 1
        try:
            if self._depth > _MAX_DEPTH:
                raise QueryError("nested too deeply")
            if self._take_word("NOT"):
                inner, _ = self._not()
                return lambda read: not inner(read), {}
            if not self._take_sign("("):
                return self._comparison()
            condition = self._or()
            if not self._take_sign(")"):
                raise QueryError("parenthesis")
            return condition
        finally:
            self._depth -= 1

    def _comparison(self) -> _Condition:
        left_name, left = self._operand()
        if self._take_word("IS"):
            negated = self._take_word("NOT")
            self._word("NULL")
            return lambda read: (left(read) is None) is not negated, {}
        if self._take_word("LIKE"):
            pattern = like_pattern(self._literal())
            return lambda read: _is_like(left(read), pattern), {}
        if self._take_word("ISA"):
            return _isa(left_name, self._literal()), {}
        sign = self._sign()
        right_name, right = self._operand()
        equals: dict[str, Any] = {}
        if sign == "=" and left_name and not right_name:
            equals[left_name.lower()] = right(lambda name: None)
        return lambda read: compare(left(read), sign, right(read)), equals

    def _operand(self) -> tuple[str | None, Callable[[Read], Any]]:
        kind, text = self._next()
        if kind == "string":
            value: Any = unquote(text)
        elif kind == "number":
            value = float(text) if "." in text else int(text)
        elif kind == "word" and text.upper() in ("TRUE", "FALSE"):
            value = text.upper() == "TRUE"
        elif kind == "word" and text.upper() == "NULL":
            value = None
        elif kind == "word":
            self._used.append(text)
            return text, lambda read: read(text)
        else:
            raise QueryError(text)
        return None, lambda read: value

    def _literal(self) -> str:
        kind, text = self._next()
        if kind != "string" and kind != "word":
            raise QueryError(text)
        return unquote(text) if kind == "string" else text

    # -- tokens --

    def _peek(self) -> tuple[str, str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        if found is None:
            raise QueryError("unexpected end")
        self._at += 1
        return found

    def _take_word(self, word: str) -> bool:
        found = self._peek()
        if found is not None and found[0] == "word" and found[1].upper() == word:
            self._at += 1
            return True
        if found is not None and found[0] == "word" and found[1].upper() in _REFUSED and self._at:
            raise Unsupported(f"WQL {found[1].upper()}")
        return False

    def _take_sign(self, sign: str) -> bool:
        if self._peek() != ("sign", sign):
            return False
        self._at += 1
        return True

    def _word(self, word: str) -> None:
        if not self._take_word(word):
            raise QueryError(word)

    def _name(self) -> str:
        kind, text = self._next()
        if kind != "word":
            raise QueryError(text)
        return text

    def _sign(self) -> str:
        kind, text = self._next()
        if kind != "sign" or text not in _OPERATORS:
            raise QueryError(text)
        return text


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip().rstrip(";")
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise QueryError(text[at:])
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


def unquote(literal: str) -> str:
    """A string literal's text: a backslash makes the next character stand for itself."""
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)


def like_pattern(pattern: str) -> re.Pattern[str]:
    """``%``, ``_`` and ``[a-f]`` as a regular expression over the whole text, in any case."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        end = pattern.find("]", at + 1) if char == "[" else -1
        if end > at:
            inside = pattern[at + 1 : end].replace("\\", "\\\\")
            parts.append(f"[{inside}]" if inside not in ("", "^") else re.escape(pattern[at : end + 1]))
            at = end + 1
            continue
        parts.append(".*" if char == "%" else "." if char == "_" else re.escape(char))
        at += 1
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
    except re.error:
        raise QueryError(pattern) from None


def _is_like(value: Any, pattern: re.Pattern[str]) -> bool:
    if isinstance(value, (list, tuple)):
        raise QueryError("an array cannot be compared")
    return value is not None and pattern.fullmatch(str(value)) is not None


def _isa(name: str | None, class_name: str) -> Test:
    if name is None or name.upper() != "__THIS":
        raise Unsupported(f"WQL ISA of {name or 'a literal'} (only __THIS)")
    return lambda read: class_name.lower() in read("__DERIVATION")


def compare(left: Any, sign: str, right: Any) -> bool:
    """Compares as WQL does: texts without case, numbers given as texts as numbers, null equals only null.

    Raises:
        QueryError: an array, or values that do not compare.
    """
    if isinstance(left, (list, tuple)) or isinstance(right, (list, tuple)):
        raise QueryError("an array cannot be compared")
    if left is None or right is None:
        same = left is None and right is None
        return same if sign == "=" else not same if sign in ("!=", "<>") else False
    one, other = _comparable(left, right)
    if sign == "=":
        return bool(one == other)
    if sign in ("!=", "<>"):
        return bool(one != other)
    less = bool(one < other)
    return {"<": less, ">": bool(other < one), "<=": bool(one <= other), ">=": bool(other <= one)}[sign]


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower(), right.lower()
    try:
        if isinstance(left, datetime) or isinstance(right, datetime):
            raise Unsupported("WQL comparison of date and time")
        return _number(left), _number(right)
    except ValueError:
        raise QueryError("type mismatch") from None


def _number(value: Any) -> float:
    if isinstance(value, str):
        words = {"true": 1.0, "false": 0.0}
        return words[value.lower()] if value.lower() in words else float(value)
    return value if isinstance(value, int) else float(value)


# ---- associators and paths -------------------------------------------------------------------------------------------

_ASSOCIATORS: Final = re.compile(r"\s*associators\s+of\s*\{(?P<path>.*)\}\s*(?:where\b(?P<where>.*))?$", re.I | re.S)
_WHERE: Final = re.compile(r"\s*(?:(\w+)\s*=\s*(\w+)|(\w+))")


def _associators(text: str) -> Associators:
    match = _ASSOCIATORS.match(text)
    if match is None:
        raise QueryError(text)
    chosen: dict[str, str] = {}
    rest = (match["where"] or "").strip()
    at = 0
    while at < len(rest):
        part = _WHERE.match(rest, at)
        if part is None:
            raise QueryError(rest)
        name = (part[1] or part[3]).lower()
        if name not in ("assocclass", "resultclass"):
            raise Unsupported(f"WQL ASSOCIATORS OF ... WHERE {part[1] or part[3]}")
        chosen[name] = part[2]
        at = part.end()
    return Associators(object_path(match["path"].strip()), chosen.get("assocclass"), chosen.get("resultclass"))


_PATH: Final = re.compile(
    r"(?:(?P<namespace>(?:\\\\[^\\:]+\\)?[^:.=\"']+):)?(?P<class>\w+)(?:\.(?P<keys>.*)|(?P<single>=@))?$", re.S
)
_KEY: Final = re.compile(
    r"\s*(\w+)\s*=\s*(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|-?\d+|TRUE|FALSE)\s*(,|$)", re.I | re.S
)


def object_path(text: str) -> ObjectPath:
    """A WMI path.

    Raises:
        QueryError: it is none.
    """
    match = _PATH.match(text)
    if match is None:
        raise QueryError(text)
    keys: dict[str, Any] = {}
    at, given = 0, match["keys"] or ""
    while at < len(given):
        part = _KEY.match(given, at)
        if part is None:
            raise QueryError(text)
        value = part[2]
        keys[part[1]] = unquote(value) if value[0] in "\"'" else int(value) if value.lstrip("-").isdigit() else value
        at = part.end()
    namespace = match["namespace"]
    if namespace is not None and namespace.startswith("\\\\"):
        namespace = namespace[2:].partition("\\")[2]
    return ObjectPath(match["class"], keys, namespace)
