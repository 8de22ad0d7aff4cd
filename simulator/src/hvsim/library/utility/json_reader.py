# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON text to values, as leniently as PowerShell's readers take it.

:class:`NewtonsoftReader` follows ``JsonTextReader`` (PowerShell 7): comments, single quotes, names without quotes, trailing commas;
its errors name path, line and position. :class:`ScriptReader` follows ``JavaScriptSerializer`` (Windows PowerShell 5.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.format.dates import days_in_month, local_offset, ticks_of
from hvsim.runtime.structs import TICKS_PER_DAY, DateTime
from hvsim.runtime.values import BigInteger, Int64

_UNIX_EPOCH = 621_355_968_000_000_000
_SPACE = " \t\r\n\x0b\x0c\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_WORDS: dict[str, Any] = {
    "true": True, "false": False, "null": None, "undefined": None, "NaN": float("nan"), "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}  # fmt: skip
_SIMPLE_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "\\": "\\", '"': '"', "'": "'", "/": "/"}


class JsonError(Exception):
    """The text is no JSON; the message is the reader's own."""


class JsonObject(list[tuple[str, Any]]):
    """The properties of an object, in order; of equal names the last value, at the first one's place."""


class _Level:
    """Where the reader stands: in an object (with the current name) or in an array (with the current index)."""

    __slots__ = ("index", "name")

    def __init__(self, *, array: bool) -> None:
        self.index = -1 if array else None
        self.name: str | None = None


class NewtonsoftReader:
    """Reads one document. ``date`` turns a string into a date, or returns None."""

    def __init__(self, text: str, *, max_depth: int = 1024, date: Callable[[str], Any] | None = None) -> None:
        self.text = text
        self.at = 0
        self.max_depth = max_depth
        self.date = date
        self.levels: list[_Level] = []
        self.started = False

    # -- errors --

    def _path(self) -> str:
        parts: list[str] = []
        for level in self.levels:
            if level.index is not None:
                if level.index >= 0:
                    parts.append(f"[{level.index}]")
            elif level.name is not None:
                if re.search(r"[ .'/\"\[\]()\t\n\r\f\b\\\u0085\u2028\u2029]", level.name):
                    escaped = level.name.replace("\\", "\\\\").replace("'", "\\'")
                    parts.append(f"['{escaped}']")
                else:
                    parts.append(f".{level.name}" if parts else level.name)
        return "".join(parts)

    def fail(self, message: str, at: int | None = None) -> JsonError:
        """An error at a place (default: here), in the reader's words."""
        at = self.at if at is None else at
        before = self.text[:at].replace("\r\n", "\n").replace("\r", "\n")
        line = before.count("\n") + 1
        position = len(before) - (before.rfind("\n") + 1)
        if not self.started and position == 0:
            line = 0
        sentence = message if message.endswith(".") else message + "."
        return JsonError(f"{sentence} Path '{self._path()}', line {line}, position {position}.")

    # -- documents --

    def document(self) -> Any:
        """The only value of the text, None for an empty one.

        Raises:
            JsonError: it is not JSON, or something follows the value.
        """
        self._skip()
        if self.at >= len(self.text):
            return None
        value = self.value()
        self.started = True
        self._skip()
        if self.at < len(self.text):
            raise self.fail(f"Additional text encountered after finished reading JSON content: {self.text[self.at]}")
        return value

    def _skip(self) -> None:
        text, n = self.text, len(self.text)
        while self.at < n:
            char = text[self.at]
            if char in _SPACE:
                self.at += 1
            elif char == "/":
                self._comment()
            else:
                return

    def _comment(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if following == "/":
            ends = [i for i in (self.text.find("\n", self.at), self.text.find("\r", self.at)) if i >= 0]
            self.at = min(ends) if ends else len(self.text)
        elif following == "*":
            end = self.text.find("*/", self.at + 2)
            if end < 0:
                self.at = len(self.text)
                raise self.fail("Unexpected end while parsing comment.")
            self.at = end + 2
        elif not following:
            self.at = len(self.text)
            raise self.fail("Unexpected end while parsing comment.")
        else:
            self.at += 1
            raise self.fail(f"Error parsing comment. Expected: *, got {following}.")

    # -- values --

    def value(self) -> Any:
        char = self.text[self.at]
        if char == "{":
            return self._object()
        if char == "[":
            return self._array()
        if char in "\"'":
            return self._text_value()
        if char in "0123456789-." and not self.text.startswith("-Infinity", self.at):
            return self._number()
        return self._word(char)

    def _text_value(self) -> Any:
        text = self._string()
        found = self.date(text) if self.date is not None else None
        return text if found is None else found

    def _word(self, char: str) -> Any:
        following = self.text[self.at + 1 : self.at + 2]
        if char == "n" and following == "e":
            raise Unsupported("a JavaScript constructor in JSON text")
        if char == "n" and not following:
            self.at += 1
            raise self.fail("Unexpected end when reading JSON.")
        for word, value in _WORDS.items():
            if word[0] == char and (char != "n" or following == "u"):
                return self._match(word, value)
        raise self.fail(f"Unexpected character encountered while parsing value: {char}.")

    def _match(self, word: str, value: Any) -> Any:
        if len(self.text) - self.at < len(word):
            self.at = len(self.text)
            raise self.fail("Unexpected end when reading JSON.")
        kind = "boolean" if word in ("true", "false") else word
        for expected in word:
            if self.text[self.at] != expected:
                raise self.fail(f"Error parsing {kind} value.")
            self.at += 1
        following = self.text[self.at : self.at + 1]
        if following and following not in _SPACE and following not in ",]})/\0":
            raise self.fail(f"Error parsing {kind} value.")
        return value

    def _number(self) -> Any:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in "-+0123456789abcdefABCDEFxX.":
            self.at += 1
        token = self.text[start : self.at]
        following = self.text[self.at : self.at + 1]
        if following and following not in _SPACE and following not in ",]})/\0":
            raise self.fail(f"Unexpected character encountered while parsing number: {following}.")
        return self._number_of(token)

    def _number_of(self, token: str) -> Any:
        if re.fullmatch(r"-?0[xX][0-9a-fA-F]+", token) and not token.startswith("-"):
            return self._integer(int(token, 16))
        if re.fullmatch(r"0[0-7]+", token):
            return self._integer(int(token, 8))
        if re.fullmatch(r"-?\d+", token):
            return self._integer(int(token))
        if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", token):
            return float(token)
        raise self.fail(f"Input string '{token}' is not a valid number.")

    def _integer(self, number: int) -> Any:
        return Int64(number) if -(2**63) <= number < 2**63 else BigInteger(number)

    def _string(self) -> str:
        quote = self.text[self.at]
        self.at += 1
        out: list[str] = []
        text, n = self.text, len(self.text)
        while True:
            start = self.at
            while self.at < n and text[self.at] != quote and text[self.at] != "\\":
                self.at += 1
            out.append(text[start : self.at])
            if self.at >= n:
                raise self.fail(f"Unterminated string. Expected delimiter: {quote}.")
            if text[self.at] == quote:
                self.at += 1
                return "".join(out)
            out.append(self._escape(quote))

    def _escape(self, quote: str) -> str:
        self.at += 1
        if self.at >= len(self.text):
            raise self.fail(f"Unterminated string. Expected delimiter: {quote}.")
        char = self.text[self.at]
        self.at += 1
        simple = _SIMPLE_ESCAPES.get(char)
        if simple is not None:
            return simple
        if char == "u":
            digits = self.text[self.at : self.at + 4]
            if len(digits) < 4:
                self.at = len(self.text)
                raise self.fail("Unexpected end while parsing Unicode escape sequence.")
            if not re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                raise self.fail(f"Invalid Unicode escape sequence: \\u{digits}.")
            self.at += 4
            return chr(int(digits, 16))
        raise self.fail(f"Bad JSON escape sequence: \\{char}.")

    def _end(self) -> JsonError:
        """The text ends inside of a container."""
        if self.levels[0].index is not None:
            return self.fail("Unexpected end of content while loading JArray.")
        if len(self.levels) == 1:
            return self.fail("Unexpected end when deserializing object.")
        return JsonError(f"Unexpected end when reading token. Path '{self._path()}'.")

    def _enter(self, level: _Level) -> None:
        self.started = True
        self.levels.append(level)
        if len(self.levels) > self.max_depth:
            raise self.fail(f"The reader's MaxDepth of {self.max_depth} has been exceeded.", self.at)

    def _array(self) -> list[Any]:
        self.at += 1
        level = _Level(array=True)
        self._enter(level)
        items: list[Any] = []
        assert level.index is not None
        while True:
            self._skip()
            if self.at >= len(self.text):
                raise self._end()
            char = self.text[self.at]
            if char == "]":
                self.at += 1
                self.levels.pop()
                return items
            level.index += 1
            if char == ",":
                items.append(None)
            else:
                items.append(self.value())
                self._skip()
            self._separator("]")

    def _separator(self, closing: str) -> None:
        if self.at >= len(self.text):
            raise self._end()
        char = self.text[self.at]
        if char == ",":
            self.at += 1
            return
        if char == closing:
            return
        if char in "}]":
            self.at += 1
            raise self.fail(f"JsonToken {'EndObject' if char == '}' else 'EndArray'} is not valid for closing JsonType {'Array' if closing == ']' else 'Object'}.")
        raise self.fail(f"After parsing a value an unexpected character was encountered: {char}.")

    def _object(self) -> JsonObject:
        self.at += 1
        level = _Level(array=False)
        self._enter(level)
        places: dict[str, int] = {}
        pairs = JsonObject()
        while True:
            self._skip()
            if self.at >= len(self.text):
                raise self._end()
            if self.text[self.at] == "}":
                self.at += 1
                self.levels.pop()
                return pairs
            name = self._name()
            level.name = name
            self._skip()
            if self.at >= len(self.text):
                raise self._end()
            value = None if self.text[self.at] == "," else self.value()
            self._skip()
            if name in places:
                pairs[places[name]] = (name, value)
            else:
                places[name] = len(pairs)
                pairs.append((name, value))
            self._separator("}")

    def _name(self) -> str:
        char = self.text[self.at]
        if char in "\"'":
            name = self._string()
        elif char.isalnum() or char in "_$":
            name = self._bare_name()
        else:
            raise self.fail(f"Invalid property identifier character: {char}.")
        self._skip()
        got = self.text[self.at : self.at + 1] or "\0"
        if got != ":":
            raise self.fail(f"Invalid character after parsing property name. Expected ':' but got: {got}.")
        self.at += 1
        return name

    def _bare_name(self) -> str:
        start = self.at
        while self.at < len(self.text) and (self.text[self.at].isalnum() or self.text[self.at] in "_$"):
            self.at += 1
        if self.at >= len(self.text):
            raise self.fail("Unexpected end while parsing unquoted property name.")
        char = self.text[self.at]
        if char not in _SPACE and char != ":":
            raise self.fail(f"Invalid JavaScript property identifier character: {char}.")
        return self.text[start : self.at]


# ---- dates -------------------------------------------------------------------------------------------------------------

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(?:(Z|z)|([-+])(\d\d)(?::?(\d\d))?)?", re.ASCII
)
_MICROSOFT = re.compile(r"/Date\((-?\d+)([-+]\d{4}|[-+]\d{2})?\)/", re.ASCII)


def microsoft_date(text: str) -> DateTime | None:
    """``/Date(ms)/``, with an optional offset that makes it a local time."""
    found = _MICROSOFT.fullmatch(text)
    if found is None:
        return None
    ticks = _UNIX_EPOCH + int(found.group(1)) * 10_000
    if found.group(2):
        return DateTime(ticks + local_offset(ticks), 2)
    return DateTime(ticks, 1)


def newtonsoft_date(text: str) -> DateTime | None:
    """A string that Newtonsoft takes for a date (``DateParseHandling.DateTime``, kind kept)."""
    if text.startswith("/"):
        return microsoft_date(text) if len(text) >= 9 else None
    if not 19 <= len(text) <= 40 or text[10] != "T":
        return None
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found.group(i)) for i in range(1, 7))
    fraction = int((found.group(7) or "0").ljust(7, "0"))
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month) and hour <= 24 and minute < 60 and second < 60):
        return None
    if hour == 24 and (minute or second or fraction):
        return None
    ticks = ticks_of(year, month, day, 0, minute, second) + hour * 36_000_000_000 + fraction
    if found.group(8):
        return DateTime(ticks, 1)
    if found.group(9):
        offset = (int(found.group(10)) * 60 + int(found.group(11) or 0)) * 600_000_000
        utc = ticks - offset if found.group(9) == "+" else ticks + offset
        if not 0 <= utc <= DateTime.MAX_TICKS:
            return None
        return DateTime(utc + local_offset(utc), 2)
    return DateTime(ticks % (DateTime.MAX_TICKS + 1 + TICKS_PER_DAY), 0)


# ---- Windows PowerShell 5.1 --------------------------------------------------------------------------------------------


class ScriptReader(NewtonsoftReader):
    """``JavaScriptSerializer``: Int32 before Int64 before Decimal, doubles only with an exponent; its own short messages."""

    def document(self) -> Any:
        try:
            self._skip()
            if self.at >= len(self.text):
                return None
            value = self.value()
            self._skip()
        except IndexError:
            raise JsonError(f"Invalid JSON primitive: {self.text}.") from None
        if self.at < len(self.text):
            raise JsonError(f"Invalid JSON primitive: {self.text[self.at :]}.")
        return value

    def fail(self, message: str, at: int | None = None) -> JsonError:
        at = self.at if at is None else at
        if "property" in message:
            wanted = "':' or '}' expected" if "':'" in message else "member name expected"
            return JsonError(f"Invalid object passed in, {wanted}. ({at}): {self.text}")
        if message == "array":
            return JsonError(f"Invalid array passed in, ']' expected. ({at}): {self.text}")
        if "Unterminated" in message:
            return JsonError(f"Unterminated string passed in. ({at}): {self.text}")
        found = re.compile(r"[^\s,:\]}{\[\"']+").match(self.text, self.at if at >= len(self.text) else at)
        return JsonError(f"Invalid JSON primitive: {found.group() if found else self.text[at:]}.")

    def _comment(self) -> None:
        raise self.fail("primitive")

    def _end(self) -> JsonError:
        return self.fail("array" if self.levels[-1].index is not None else "property ':'")

    def _text_value(self) -> Any:
        start = self.at
        text = self._string()
        raw = self.text[start + 1 : self.at - 1]
        if raw.startswith("\\/Date(") and raw.endswith(")\\/"):
            found = microsoft_date(text)
            return text if found is None else found
        return text

    def _number_of(self, token: str) -> Any:
        if re.fullmatch(r"-?\d+", token):
            number = int(token)
            if -(2**31) <= number < 2**31:
                return number
            if -(2**63) <= number < 2**63:
                return Int64(number)
            return Decimal(number) if abs(number) < 2**96 else float(number)
        if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", token):
            return Decimal(token)
        if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)[eE][-+]?\d+", token):
            return float(token)
        raise JsonError(f"Invalid JSON primitive: {token}.")
