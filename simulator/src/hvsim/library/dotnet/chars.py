# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Char`` and ``System.Boolean``."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from hvsim.lang.text import to_utf16
from hvsim.library.dotnet.strings import WHITE, lower, upper
from hvsim.library.dotnet.support import argument_error, null_argument, out_of_range, type_code
from hvsim.runtime import types
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import method, static_getter, static_method
from hvsim.runtime.values import Char, EnumValue

_CHAR = "System.Char"
_BOOL = "System.Boolean"


def _at(args: tuple[Any, ...]) -> str:
    """The character of ``(char)`` or ``(string, int)``."""
    if type(args[0]) is Char:
        return args[0].text
    text, index = args
    if text is None:
        raise null_argument("s")
    if not 0 <= index < len(text):
        raise out_of_range(
            "Index was out of range. Must be non-negative and less than the size of the collection.", "index"
        )
    return str(text[index])


def _category(char: str) -> str:
    return unicodedata.category(char)


_TESTS: dict[str, Callable[[str], bool]] = {
    "IsDigit": lambda c: _category(c) == "Nd",
    "IsNumber": lambda c: _category(c)[0] == "N",
    "IsLetter": lambda c: _category(c)[0] == "L",
    "IsLetterOrDigit": lambda c: _category(c)[0] == "L" or _category(c) == "Nd",
    "IsUpper": lambda c: _category(c) == "Lu",
    "IsLower": lambda c: _category(c) == "Ll",
    "IsWhiteSpace": lambda c: c in WHITE,
    "IsPunctuation": lambda c: _category(c)[0] == "P",
    "IsSymbol": lambda c: _category(c)[0] == "S",
    "IsSeparator": lambda c: _category(c)[0] == "Z",
    "IsControl": lambda c: _category(c) == "Cc",
    "IsSurrogate": lambda c: "\ud800" <= c <= "\udfff",
    "IsHighSurrogate": lambda c: "\ud800" <= c <= "\udbff",
    "IsLowSurrogate": lambda c: "\udc00" <= c <= "\udfff",
    "IsAscii": lambda c: c <= "\x7f",
    "IsAsciiDigit": lambda c: "0" <= c <= "9",
    "IsAsciiLetter": lambda c: c.isascii() and c.isalpha(),
    "IsAsciiLetterOrDigit": lambda c: c.isascii() and c.isalnum(),
    "IsAsciiLetterUpper": lambda c: "A" <= c <= "Z",
    "IsAsciiLetterLower": lambda c: "a" <= c <= "z",
    "IsAsciiHexDigit": lambda c: c in "0123456789abcdefABCDEF",
    "IsAsciiHexDigitLower": lambda c: c in "0123456789abcdef",
    "IsAsciiHexDigitUpper": lambda c: c in "0123456789ABCDEF",
}


def _register_test(name: str, test: Callable[[str], bool]) -> None:
    static_method(_CHAR, name)(lambda *args: test(_at(args)))


for _name, _test in _TESTS.items():
    _register_test(_name, _test)

_CATEGORIES = [
    "Lu",
    "Ll",
    "Lt",
    "Lm",
    "Lo",
    "Mn",
    "Mc",
    "Me",
    "Nd",
    "Nl",
    "No",
    "Zs",
    "Zl",
    "Zp",
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Pc",
    "Pd",
    "Ps",
    "Pe",
    "Pi",
    "Pf",
    "Po",
    "Sm",
    "Sc",
    "Sk",
    "So",
    "Cn",
]


@static_method(_CHAR, "GetUnicodeCategory")
def _unicode_category(*args: Any) -> EnumValue:
    return types.enum("System.Globalization.UnicodeCategory", _CATEGORIES.index(_category(_at(args))))


@static_method(_CHAR, "IsBetween")
def _is_between(char: Char, low: Char, high: Char) -> bool:
    return low.code <= char.code <= high.code


@static_method(_CHAR, "IsSurrogatePair")
def _is_surrogate_pair(first: Any, second: Any) -> bool:
    if type(first) is not Char:
        _at((first, second))
    pair = first.text + second.text if type(first) is Char else first[second : second + 2]
    return len(pair) == 2 and "\ud800" <= pair[0] <= "\udbff" and "\udc00" <= pair[1] <= "\udfff"


@static_method(_CHAR, "ConvertFromUtf32")
def _from_utf32(code: int) -> str:
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise out_of_range(
            "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint "
            "values (0x00d800 ~ 0x00dfff).",
            "utf32",
        )
    return to_utf16(chr(code))


@static_method(_CHAR, "ConvertToUtf32")
def _to_utf32(first: Any, second: Any) -> int:
    if type(first) is Char:
        high, low = first.code, second.code
        if not 0xD800 <= high <= 0xDBFF:
            raise out_of_range("A valid high surrogate character is between 0xd800 and 0xdbff, inclusive.", "highSurrogate")
        if not 0xDC00 <= low <= 0xDFFF:
            raise out_of_range("A valid low surrogate character is between 0xdc00 and 0xdfff, inclusive.", "lowSurrogate")
    else:
        high = ord(_at((first, second)))
        if not 0xD800 <= high <= 0xDFFF:
            return high
        low = ord(first[second + 1]) if second + 1 < len(first) else 0
    if not (0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF):
        order = "low" if high >= 0xDC00 else "high"
        other = "preceding high" if high >= 0xDC00 else "following low"
        raise argument_error(f"Found a {order} surrogate char without a {other} surrogate at index: {second}.", "s")
    return int(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


@static_method(_CHAR, "GetNumericValue")
def _numeric_value(*args: Any) -> float:
    return float(unicodedata.numeric(_at(args), -1.0))


@static_method(_CHAR, "ToUpper")
@static_method(_CHAR, "ToUpperInvariant")
def _to_upper(char: Char, _culture: Any = None) -> Char:
    return Char(upper(char.text))


@static_method(_CHAR, "ToLower")
@static_method(_CHAR, "ToLowerInvariant")
def _to_lower(char: Char, _culture: Any = None) -> Char:
    return Char(lower(char.text))


@static_method(_CHAR, "Parse", context=True)
def _parse(ctx: Any, text: str) -> Char:
    if text is None:
        raise null_argument("s")
    return parsers.parse_char(ctx, text)


@static_method(_CHAR, "TryParse")
def _try_parse(text: Any, result: Any) -> bool:
    done = text is not None and len(text) == 1
    result.value = Char(text) if done else Char(0)
    return done


@static_method(_CHAR, "ToString")
def _static_to_string(char: Char) -> str:
    return char.text


@method(_CHAR, "ToString")
def _to_string(self: Char, _provider: Any = None) -> str:
    return self.text


@method(_CHAR, "CompareTo")
def _compare_to(self: Char, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not Char:
        raise net_error("System.ArgumentException", "Object must be of type Char.")
    return self.code - other.code


@method(_CHAR, "Equals")
def _equals(self: Char, other: Any) -> bool:
    return type(other) is Char and other.code == self.code


@method(_CHAR, "GetHashCode")
def _hash(self: Char) -> int:
    return self.code | (self.code << 16)


@method(_CHAR, "GetTypeCode")
def _type_code(_self: Char) -> EnumValue:
    return type_code("Char")


@static_getter(_CHAR, "MaxValue")
def _max() -> Char:
    return Char(0xFFFF)


@static_getter(_CHAR, "MinValue")
def _min() -> Char:
    return Char(0)


# --- bool ---------------------------------------------------------------------------------------------------------------


@static_method(_BOOL, "Parse", context=True)
def _parse_bool(ctx: Any, text: str | None) -> bool:
    if text is None:
        raise null_argument("value")
    return parsers.parse_bool(ctx, text)


@static_method(_BOOL, "TryParse", context=True)
def _try_parse_bool(ctx: Any, text: Any, result: Any) -> bool:
    try:
        result.value = parsers.parse_bool(ctx, text or "")
    except PSError:
        result.value = False
        return False
    return True


@method(_BOOL, "ToString")
def _bool_to_string(self: bool, _provider: Any = None) -> str:
    return "True" if self else "False"


@method(_BOOL, "CompareTo")
def _bool_compare(self: bool, other: Any) -> int:
    if other is None:
        return 1
    if type(other) is not bool:
        raise net_error("System.ArgumentException", "Object must be of type Boolean.")
    return int(self) - int(other)


@method(_BOOL, "Equals")
def _bool_equals(self: bool, other: Any) -> bool:
    return type(other) is bool and other == self


@method(_BOOL, "GetHashCode")
def _bool_hash(self: bool) -> int:
    return int(self)


@method(_BOOL, "GetTypeCode")
def _bool_type_code(_self: bool) -> EnumValue:
    return type_code("Boolean")


@static_getter(_BOOL, "TrueString")
def _true_string() -> str:
    return "True"


@static_getter(_BOOL, "FalseString")
def _false_string() -> str:
    return "False"
