# SPDX-License-Identifier: GPL-3.0-or-later
"""Number constants: from the text of a token to a typed value."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal

from hvsim.lang.ast import NumberLiteral
from hvsim.lang.chars import DASHES

_EXPONENT = f"[eE](?:[{DASHES}+])?[0-9]*"
NUMBER_7 = re.compile(
    rf"(?P<sign>[{DASHES}+])?(?:0[xX](?P<hex>[0-9a-fA-F]*)|0[bB](?P<bin>[01]*)"
    rf"|(?P<real>[0-9]+(?:\.(?!\.)[0-9]*(?:{_EXPONENT})?|{_EXPONENT})|\.[0-9]*(?:{_EXPONENT})?)|(?P<int>[0-9]+))"
    r"(?P<suffix>[uUsSlLdDyYnN]{0,2})(?P<multiplier>[kKmMgGtTpP][bB]?)?"
)
NUMBER_51 = re.compile(
    rf"(?P<sign>[{DASHES}+])?(?:0[xX](?P<hex>[0-9a-fA-F]*)(?P<bin>(?!))?"
    rf"|(?P<real>[0-9]+(?:\.(?!\.)[0-9]*(?:{_EXPONENT})?|{_EXPONENT})|\.[0-9]*(?:{_EXPONENT})?)|(?P<int>[0-9]+))"
    r"(?P<suffix>[lLdD]?)(?P<multiplier>[kKmMgGtTpP][bB]?)?"
)
_SUFFIXES = frozenset(("", "u", "s", "l", "d", "y", "n", "ul", "us", "uy"))
_MULTIPLIERS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_RANGES = {
    "sbyte": (-(1 << 7), (1 << 7) - 1), "byte": (0, (1 << 8) - 1), "short": (-(1 << 15), (1 << 15) - 1), "ushort": (0, (1 << 16) - 1),
    "int": (-(1 << 31), (1 << 31) - 1), "uint": (0, (1 << 32) - 1), "long": (-(1 << 63), (1 << 63) - 1), "ulong": (0, (1 << 64) - 1),
}  # fmt: skip
_KINDS = {
    "y": ("sbyte",),
    "uy": ("byte",),
    "s": ("short",),
    "us": ("ushort",),
    "l": ("long",),
    "ul": ("ulong",),
    "u": ("uint", "ulong"),
}
_DECIMAL_LIMIT = 1 << 96
_CONTEXT = decimal.Context(prec=200, rounding=decimal.ROUND_HALF_EVEN, Emax=999999, Emin=-999999)
_HAS_DIGITS = re.compile(r"[0-9]")
_BAD_EXPONENT = re.compile(rf"[eE][{DASHES}+]?$")


def is_number(match: re.Match[str]) -> bool:
    """Whether what looks like a number has digits after its exponent, a known suffix and a complete multiplier."""
    real = match["real"]
    if real is not None and _BAD_EXPONENT.search(real):
        return False
    if match["bin"] == "" or match["suffix"].lower() not in _SUFFIXES:
        return False
    multiplier = match["multiplier"]
    return multiplier is None or len(multiplier) == 2


def scan_number(text: str, *, edition: str = "7") -> NumberLiteral | None:
    """The number that *text* is as a whole, with suffix and multiplier; how PowerShell converts strings to numbers.

    None when it is none or does not fit its type. Blanks around it are the caller's business.
    """
    match = (NUMBER_51 if edition == "5.1" else NUMBER_7).fullmatch(text)
    return number_value(match) if match is not None and is_number(match) else None


def number_value(match: re.Match[str]) -> NumberLiteral | None:
    """The value of a number; None when it does not fit its type."""
    negative = (match["sign"] or "+") != "+"
    suffix = match["suffix"].lower()
    factor = _MULTIPLIERS[match["multiplier"][0].lower()] if match["multiplier"] else 1
    real = match["real"]
    if real is not None:
        for dash in DASHES[1:]:
            real = real.replace(dash, "-")
        return _real(real, negative, suffix, factor)
    if match["hex"] is not None:
        return _hexadecimal("0" + match["hex"], negative, suffix, factor)
    if match["bin"] is not None:
        value = _binary(match["bin"], "u" in suffix)
        if len(match["bin"]) == 64 and suffix in ("", "u"):
            suffix += "l"
        return _integer(-value * factor if negative else value * factor, suffix, fallback=False)
    value = int(match["int"])
    return _integer(-value * factor if negative else value * factor, suffix, fallback=True)


def _real(text: str, negative: bool, suffix: str, factor: int) -> NumberLiteral | None:
    if not _HAS_DIGITS.search(text):
        return None
    if suffix == "d":
        number = to_decimal(_CONTEXT.create_decimal(text))
        if number is None:
            return None
        number = to_decimal(_CONTEXT.multiply(number, Decimal(factor)))
        if number is None:
            return None
        return NumberLiteral("decimal", number.copy_negate() if negative else number)
    value = float(text) * factor
    if negative:
        value = -value
    if not suffix:
        return NumberLiteral("double", value)
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return _integer(round(value), suffix, fallback=False)


def to_decimal(number: Decimal) -> Decimal | None:
    """*number* as System.Decimal holds it: at most 28 decimals and 96 bits, rounded half to even; None when too large."""
    exponent = int(number.as_tuple().exponent)
    if exponent > 0:
        if number and number.adjusted() > 30:
            return None
        number = _CONTEXT.quantize(number, Decimal(1)) if number else Decimal(0)
        exponent = 0
    scale = min(-exponent, 28)
    while True:
        result = _CONTEXT.quantize(number, Decimal(1).scaleb(-scale)) if scale != -exponent else number
        if abs(int(_CONTEXT.scaleb(result, scale))) < _DECIMAL_LIMIT:
            return result
        if scale == 0:
            return None
        scale -= 1


def _hexadecimal(digits: str, negative: bool, suffix: str, factor: int) -> NumberLiteral | None:
    if "u" not in suffix:
        width = {"y": 2, "s": 4, "l": 16}.get(suffix, 8 if len(digits) < 16 else 16)
        if len(digits) == width + 1:
            digits = digits[1:]
    value = int(digits, 16)
    if digits[0] in "89abcdefABCDEF":
        value -= 1 << (4 * len(digits))
    if len(digits) == 16 and suffix in ("", "u"):
        suffix += "l"
    return _integer(-value * factor if negative else value * factor, suffix, fallback=False)


def _binary(digits: str, unsigned: bool) -> int:
    value = int(digits, 2)
    length = len(digits)
    if not unsigned and digits[0] == "1" and (length in (8, 16, 32, 64, 96) or (length >= 128 and length % 8 == 0)):
        value -= 1 << length
    return value


def _integer(value: int, suffix: str, *, fallback: bool) -> NumberLiteral | None:
    if suffix == "n":
        return NumberLiteral("bigint", value)
    if suffix == "d":
        return NumberLiteral("decimal", Decimal(value)) if abs(value) < _DECIMAL_LIMIT else None
    for kind in _KINDS.get(suffix, ("int", "long")):
        low, high = _RANGES[kind]
        if low <= value <= high:
            return NumberLiteral(kind, value)
    if suffix or not fallback:
        return None
    if abs(value) < _DECIMAL_LIMIT:
        return NumberLiteral("decimal", Decimal(value))
    try:
        return NumberLiteral("double", float(value))
    except OverflowError:
        return NumberLiteral("double", float("inf") if value > 0 else float("-inf"))
