# SPDX-License-Identifier: GPL-3.0-or-later
"""Text to numbers: ``NumberStyles`` parsing of .NET's ``Parse`` methods."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from hvsim.runtime.culture import NumberFormat, invariant
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.numeric import limits, net_decimal, wide_context
from hvsim.runtime.values import BigInteger, Byte, Int16, Int64, SByte, Single, UInt16, UInt32, UInt64

__all__ = [
    "CURRENCY",
    "FLOAT",
    "FLOAT_THOUSANDS",
    "HEX",
    "INTEGER",
    "NUMBER",
    "OVERFLOW",
    "format_error",
    "overflow_error",
    "parse_styles",
    "parse_to",
]

LEADING_WHITE, TRAILING_WHITE, LEADING_SIGN, TRAILING_SIGN, PARENTHESES = 1, 2, 4, 8, 16
DECIMAL_POINT, THOUSANDS, EXPONENT, CURRENCY_SYMBOL, HEX_SPECIFIER, BINARY_SPECIFIER = 32, 64, 128, 256, 512, 1024
INTEGER: Final = 7
HEX: Final = 0x203
NUMBER: Final = 0x6F
FLOAT: Final = 0xA7
FLOAT_THOUSANDS: Final = FLOAT | THOUSANDS
CURRENCY: Final = 0x17F
_WHITE: Final = " \t\n\v\f\r"

#: Message of the OverflowException by type.
OVERFLOW: Final[dict[type, str]] = {
    SByte: "Value was either too large or too small for a signed byte.",
    Byte: "Value was either too large or too small for an unsigned byte.",
    Int16: "Value was either too large or too small for an Int16.",
    UInt16: "Value was either too large or too small for a UInt16.",
    int: "Value was either too large or too small for an Int32.",
    UInt32: "Value was either too large or too small for a UInt32.",
    Int64: "Value was either too large or too small for an Int64.",
    UInt64: "Value was either too large or too small for a UInt64.",
    Decimal: "Value was either too large or too small for a Decimal.",
    float: "Value was either too large or too small for a Double.",
    Single: "Value was either too large or too small for a Single.",
}


def overflow_error(kind: type) -> PSError:
    return net_error("System.OverflowException", OVERFLOW[kind])


def format_error(text: str, edition: str = "7") -> PSError:
    """The FormatException of ``int.Parse`` and its like."""
    message = (
        "Input string was not in a correct format."
        if edition == "5.1"
        else f"The input string '{text}' was not in a correct format."
    )
    return net_error("System.FormatException", message)


class _Scanner:
    """One pass over the text in the order of .NET's ``TryParseNumber``."""

    def __init__(self, text: str, styles: int, numbers: NumberFormat) -> None:
        self.text = text
        self.styles = styles
        self.numbers = numbers
        self.at = 0
        self.negative = False
        self.signed = False
        self.parenthesis = False
        self.currency = False

    def eat(self, what: str) -> bool:
        if what and self.text.startswith(what, self.at):
            self.at += len(what)
            return True
        return False

    def eat_minus(self) -> bool:
        return self.eat(self.numbers.negative_sign) or (self.numbers.negative_sign == "\u2212" and self.eat("-"))

    def leading(self) -> None:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in _WHITE and self.styles & LEADING_WHITE and (not self.signed or self.currency):
                self.at += 1
            elif self.styles & LEADING_SIGN and not self.signed and self.eat(self.numbers.positive_sign):
                self.signed = True
            elif self.styles & LEADING_SIGN and not self.signed and self.eat_minus():
                self.signed = self.negative = True
            elif char == "(" and self.styles & PARENTHESES and not self.signed:
                self.signed = self.negative = self.parenthesis = True
                self.at += 1
            elif self.styles & CURRENCY_SYMBOL and not self.currency and self.eat(self.numbers.currency_symbol):
                self.currency = True
            else:
                return

    def digits(self) -> tuple[str, int] | None:
        """Digits and the power of ten of the last one."""
        decimal = self.numbers.decimal
        groups = {self.numbers.group}
        if self.styles & CURRENCY_SYMBOL:
            groups.add(self.numbers.currency_group)
        if any(g in "\u00a0\u202f" for g in groups if g):
            groups |= {"\u00a0", "\u202f", " "}
        found: list[str] = []
        power = 0
        point = False
        while self.at < len(self.text):
            char = self.text[self.at]
            if "0" <= char <= "9":
                found.append(char)
                power -= point
                self.at += 1
            elif (
                self.styles & DECIMAL_POINT
                and not point
                and (self.eat(decimal) or (self.currency and self.eat(self.numbers.currency_decimal)))
            ):
                point = True
            elif self.styles & THOUSANDS and found and not point and any(self.eat(g) for g in groups):
                continue
            else:
                break
        if not found:
            return None
        if self.styles & EXPONENT and self.text[self.at : self.at + 1] in ("e", "E"):
            power += self._exponent()
        return "".join(found), power

    def _exponent(self) -> int:
        start = self.at
        self.at += 1
        negative = False
        if self.eat(self.numbers.positive_sign):
            pass
        elif self.eat_minus():
            negative = True
        begin = self.at
        while self.at < len(self.text) and "0" <= self.text[self.at] <= "9":
            self.at += 1
        if begin == self.at:
            self.at = start
            return 0
        value = min(int(self.text[begin : self.at]), 99999)
        return -value if negative else value

    def trailing(self) -> bool:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in _WHITE and self.styles & TRAILING_WHITE:
                self.at += 1
            elif self.styles & TRAILING_SIGN and not self.signed and self.eat(self.numbers.positive_sign):
                self.signed = True
            elif self.styles & TRAILING_SIGN and not self.signed and self.eat_minus():
                self.signed = self.negative = True
            elif char == ")" and self.parenthesis:
                self.parenthesis = False
                self.at += 1
            elif self.styles & CURRENCY_SYMBOL and not self.currency and self.eat(self.numbers.currency_symbol):
                self.currency = True
            else:
                break
        return not self.parenthesis and not self.text[self.at :].strip("\0")


def parse_styles(text: str, styles: int, numbers: NumberFormat) -> Decimal | None:
    """The number in *text*, exactly; None if *text* is not one in these *styles*. Negative zero is kept."""
    scanner = _Scanner(text, styles, numbers)
    scanner.leading()
    found = scanner.digits()
    if found is None or not scanner.trailing():
        return None
    digits, power = found
    value = Decimal((0, tuple(map(int, digits)), power))
    return value.copy_negate() if scanner.negative else value


def _radix(text: str, styles: int, kind: type) -> int | None:
    body = text
    if styles & LEADING_WHITE:
        body = body.lstrip(_WHITE)
    if styles & TRAILING_WHITE:
        body = body.rstrip(_WHITE)
    base = 16 if styles & HEX_SPECIFIER else 2
    if not body or any(c not in "0123456789abcdefABCDEF"[: 22 if base == 16 else 2] for c in body):
        return None
    value = int(body, base)
    if kind is BigInteger:
        bits = len(body) * (4 if base == 16 else 1)
        return value - (1 << bits) if value >> (bits - 1) else value
    low, high = limits(kind)
    size = (high - low).bit_length()
    if value >= 1 << size:
        raise overflow_error(kind)
    return value - (1 << size) if low < 0 and value > high else value


_NO_RADIX = (float, Single, Decimal)


def _no_radix(edition: str) -> PSError:
    """``NumberFormatInfo.ValidateParseStyleFloatingPoint``."""
    text = (
        "The number style AllowHexSpecifier is not supported on floating point data types."
        if edition == "5.1"
        else "The number styles AllowHexSpecifier and AllowBinarySpecifier are not supported on floating point data types. "
        "(Parameter 'style')"
    )
    return net_error("System.ArgumentException", text, ParamName=None if edition == "5.1" else "style")


def parse_to(
    text: str, kind: type, styles: int | None = None, numbers: NumberFormat | None = None, edition: str = "7"
) -> Any:
    """``kind.Parse(text, styles, numbers)``; *kind* is the Python class of the .NET type.

    Raises:
        PSError: ``System.FormatException`` or ``System.OverflowException``.
    """
    numbers = numbers or invariant.numbers
    if kind in _NO_RADIX and styles is not None and styles & (HEX_SPECIFIER | BINARY_SPECIFIER):
        raise _no_radix(edition)
    if issubclass(kind, float):
        return _parse_float(text, kind, FLOAT_THOUSANDS if styles is None else styles, numbers, edition)
    if kind is Decimal:
        value = parse_styles(text, NUMBER if styles is None else styles, numbers)
        if value is None:
            raise format_error(text, edition)
        try:
            return net_decimal(value)
        except OverflowError:
            raise overflow_error(Decimal) from None
    styles = INTEGER if styles is None else styles
    if styles & (HEX_SPECIFIER | BINARY_SPECIFIER):
        number = _radix(text, styles, kind)
    else:
        value = parse_styles(text, styles, numbers)
        if value is not None and value != value.to_integral_value(context=wide_context):
            raise overflow_error(kind) if edition != "5.1" else format_error(text, edition)
        number = None if value is None else int(value)
    if number is None:
        if kind is BigInteger:
            raise net_error("System.FormatException", "The value could not be parsed.")
        raise format_error(text, edition)
    if kind is BigInteger:
        return BigInteger(number)
    low, high = limits(kind)
    if not low <= number <= high:
        raise overflow_error(kind)
    return kind(number)  # type: ignore[call-arg]


def _parse_float(text: str, kind: type, styles: int, numbers: NumberFormat, edition: str) -> Any:
    value = parse_styles(text, styles, numbers)
    if value is None:
        trimmed = text.strip(_WHITE)
        folded = trimmed.casefold() if edition != "5.1" else trimmed
        for symbol, number in (
            (numbers.infinity, float("inf")),
            (numbers.negative_infinity, float("-inf")),
            (numbers.nan, float("nan")),
            (numbers.positive_sign + numbers.infinity, float("inf")),
            (numbers.positive_sign + numbers.nan, float("nan")),
            (numbers.negative_sign + numbers.nan, float("nan")),
        ):
            if folded == (symbol.casefold() if edition != "5.1" else symbol):
                return kind(number)
        raise format_error(text, edition)
    result = kind(float(value))
    if edition == "5.1" and result in (float("inf"), float("-inf")):
        raise overflow_error(kind)
    return result
