# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers to text: .NET's standard and custom numeric format strings.

Rounding is half away from zero on the exact value (edition ``7``); .NET Framework (edition ``5.1``) rounds
``double`` and ``float`` to 15 and 7 digits first.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, NamedTuple

from hvsim.runtime.culture import NumberFormat
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import custom
from hvsim.runtime.values import BigInteger, Byte, Int16, Int64, SByte, Single, UInt16, UInt32, UInt64

__all__ = ["Digits", "digits_of", "format_number", "general_double", "group_digits"]

_STANDARD: Final = re.compile(r"([A-Za-z])(\d{0,9})\Z")
_SIZES: Final[dict[type, int]] = {
    SByte: 8, Byte: 8, Int16: 16, UInt16: 16, int: 32, UInt32: 32, Int64: 64, UInt64: 64,
}  # fmt: skip
_NEGATIVE_NUMBER: Final = ("(n)", "-n", "- n", "n-", "n -")
_POSITIVE_CURRENCY: Final = ("$n", "n$", "$ n", "n $")
_NEGATIVE_CURRENCY: Final = (
    "($n)", "-$n", "$-n", "$n-", "(n$)", "-n$", "n-$", "n$-", "-n $", "-$ n", "n $-", "$ n-", "$ -n", "n- $",
    "($ n)", "(n $)", "$- n",
)  # fmt: skip
_POSITIVE_PERCENT: Final = ("n %", "n%", "%n", "% n")
_NEGATIVE_PERCENT: Final = (
    "-n %", "-n%", "-%n", "%-n", "%n-", "n-%", "n%-", "-% n", "n %-", "% n-", "% -n", "n- %",
)  # fmt: skip


class Digits(NamedTuple):
    """A number as ``0.digits * 10**scale``; ``digits`` has no leading zero and is empty for zero."""

    negative: bool
    digits: str
    scale: int

    def round(self, count: int) -> Digits:
        """Keep *count* digits (may be negative or zero), half away from zero."""
        if count >= len(self.digits):
            return self
        if count < 0:
            return Digits(self.negative, "", 0)
        kept, up = self.digits[:count], self.digits[count] >= "5"
        scale = self.scale
        if up:
            kept = str(int(kept or "0") + 1).rjust(count, "0")
            if len(kept) > count:
                scale += 1
        kept = kept.rstrip("0")
        return Digits(self.negative, kept, scale if kept else 0)


def digits_of(value: Decimal | int, negative: bool | None = None) -> Digits:
    sign, digits, exponent = Decimal(value).as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).lstrip("0")
    scale = len(text) + exponent
    text = text.rstrip("0")
    return Digits(bool(sign) if negative is None else negative, text, scale if text else 0)


def _bad_format() -> PSError:
    return net_error("System.FormatException", "Format specifier was invalid.")


def format_number(value: Any, spec: str, numbers: NumberFormat, edition: str = "7") -> str:
    """``value.ToString(spec, numbers)`` of any numeric type.

    Raises:
        PSError: ``System.FormatException``: the type has no such format.
    """
    found = _STANDARD.match(spec) if spec else None
    kind = type(value)
    if isinstance(value, float):
        return _format_float(value, kind is Single, spec, found, numbers, edition)
    if spec and not found:
        return custom.format_custom(digits_of(value), spec, numbers, kind is not Decimal)
    letter, precision = (found[1], int(found[2]) if found[2] else -1) if found else ("G", -1)
    upper = letter.upper()
    if kind is Decimal:
        if upper == "G" and precision <= 0:
            return _plain_decimal(value, numbers)
        if upper in "DXBR":
            raise _bad_format()
        return _standard(digits_of(value), upper, letter, precision, numbers, 29, value)
    number = int(value)
    if (upper == "G" and precision <= 0) or (upper == "R" and kind is BigInteger):
        return _sign(number, numbers) + str(abs(number))
    if upper == "D":
        return _sign(number, numbers) + str(abs(number)).rjust(max(precision, 0), "0")
    if upper in "XB" and (upper == "X" or edition != "5.1"):
        return _radix(number, kind, letter, max(precision, 0))
    if upper == "R":
        raise _bad_format()
    return _standard(digits_of(number), upper, letter, precision, numbers, len(str(abs(number))), number)


def _sign(number: int, numbers: NumberFormat) -> str:
    return numbers.negative_sign if number < 0 else ""


def _plain_decimal(value: Decimal, numbers: NumberFormat) -> str:
    text = format(value.copy_abs(), "f")
    sign = numbers.negative_sign if value.is_signed() and value else ""
    return sign + text.replace(".", numbers.decimal)


def _radix(number: int, kind: type, letter: str, width: int) -> str:
    if kind is BigInteger:
        return _big_radix(number, letter, width)
    if number < 0:
        number += 1 << _SIZES[kind]
    return format(number, letter if letter in "xX" else "b").rjust(width, "0")


def _big_radix(number: int, letter: str, width: int) -> str:
    bits = 4 if letter in "xX" else 1
    if number >= 0:
        text = format(number, letter if bits == 4 else "b")
        if bits == 4 and text[0] in "89abcdefABCDEF":
            text = "0" + text
        return text.rjust(width, "0")
    length = (number + 1).bit_length() // bits + 1
    text = format((1 << (length * bits)) + number, letter if bits == 4 else "b")
    return text.rjust(width, "1" if bits == 1 else ("F" if letter == "X" else "f"))


def _format_float(
    value: float, single: bool, spec: str, found: re.Match[str] | None, numbers: NumberFormat, edition: str
) -> str:
    if value != value:
        return numbers.nan
    if value in (float("inf"), float("-inf")):
        return numbers.infinity if value > 0 else numbers.negative_infinity
    value = float(value)
    short = 7 if single else 15
    if spec and not found:
        digits = _float_digits(value, short)
        return custom.format_custom(digits, spec, numbers, True)
    letter, precision = (found[1], int(found[2]) if found[2] else -1) if found else ("G", -1)
    upper = letter.upper()
    if upper in "DXB":
        raise _bad_format()
    if edition == "5.1":
        return _framework_float(value, upper, letter, precision, numbers, short, single)
    if upper == "R" or (upper == "G" and precision <= 0):
        return general_double(value, single, numbers, exponent="e" if letter in "gr" else "E")
    exact = digits_of(Decimal(value))
    return _standard(exact, upper, letter, precision, numbers, short, value)


def _framework_float(
    value: float, upper: str, letter: str, precision: int, numbers: NumberFormat, short: int, single: bool
) -> str:
    if upper == "R":
        digits = _float_digits(value, short)
        if _back(digits) != value:
            digits = _float_digits(value, 9 if single else 17)
        return _general(digits._replace(negative=value < 0), short, numbers, "E")
    digits = _float_digits(value, short)
    if not digits.digits:
        digits = digits._replace(negative=False)
    if upper == "G" and precision > short:
        digits = _float_digits(value, min(precision, 9 if single else 17))
        return _general(digits, precision, numbers, "e" if letter == "g" else "E")
    return _standard(digits, upper, letter, precision, numbers, short, None)


def _back(digits: Digits) -> float:
    return float(f"{'-' if digits.negative else ''}0.{digits.digits or '0'}e{digits.scale}")


def _float_digits(value: float, count: int) -> Digits:
    rounded = digits_of(Decimal(value)).round(count)
    return rounded


def shortest_digits(value: float, single: bool) -> Digits:
    """The shortest digits that read back as *value*."""
    if single:
        for count in range(1, 10):
            text = f"{value:.{count - 1}e}"
            if Single(float(text)) == value:
                return digits_of(Decimal(text))
    return digits_of(Decimal(repr(value)))


def general_double(value: float, single: bool, numbers: NumberFormat, exponent: str = "E") -> str:
    """The round-trip text of .NET Core 3.0 and later: ``Number.FormatFloat`` keeps it plain up to ``MaxRoundTripDigits``."""
    if not single and -1e16 < value < 1e16:
        text = repr(float(value))
        if "e" not in text:
            # Python's shortest text is .NET's while neither needs an exponent.
            text = text.removesuffix(".0")
            if numbers.decimal == "." and numbers.negative_sign == "-":
                return text
            return text.replace("-", numbers.negative_sign).replace(".", numbers.decimal)
    negative = str(value)[0] == "-"
    digits = shortest_digits(abs(value), single)._replace(negative=negative)
    return _general(digits, 9 if single else 17, numbers, exponent)


def _general(digits: Digits, threshold: int, numbers: NumberFormat, exponent: str) -> str:
    """``G``: plain while the scale is between -3 and *threshold*, else scientific with two exponent digits."""
    sign = numbers.negative_sign if digits.negative else ""
    text, scale = digits.digits, digits.scale
    if not text:
        return sign + "0"
    if scale > threshold or scale < -3:
        power = scale - 1
        mantissa = text[0] + (numbers.decimal + text[1:] if len(text) > 1 else "")
        mark = numbers.negative_sign if power < 0 else numbers.positive_sign
        return f"{sign}{mantissa}{exponent}{mark}{abs(power):02d}"
    if scale <= 0:
        return f"{sign}0{numbers.decimal}{'0' * -scale}{text}"
    if len(text) <= scale:
        return sign + text.ljust(scale, "0")
    return f"{sign}{text[:scale]}{numbers.decimal}{text[scale:]}"


def _fixed(digits: Digits, places: int, decimal: str, group: str = "", sizes: tuple[int, ...] = ()) -> str:
    """Absolute value with *places* decimals (already rounded to them)."""
    text, scale = digits.digits, digits.scale
    if scale > 0:
        whole, rest = text[:scale].ljust(scale, "0"), text[scale:]
    else:
        whole, rest = "0", "0" * -scale + text
    if group:
        whole = group_digits(whole, group, sizes)
    if places > 0:
        return whole + decimal + rest[:places].ljust(places, "0")
    return whole


def group_digits(whole: str, separator: str, sizes: tuple[int, ...]) -> str:
    """*whole* with group separators; the last size repeats, a zero ends grouping."""
    parts: list[str] = []
    index = 0
    while sizes:
        size = sizes[min(index, len(sizes) - 1)]
        if size == 0 or len(whole) <= size:
            break
        parts.insert(0, whole[-size:])
        whole = whole[:-size]
        index += 1
    return separator.join([whole, *parts])


def _standard(
    digits: Digits, upper: str, letter: str, precision: int, numbers: NumberFormat, significant: int, value: Any
) -> str:
    keep_sign = isinstance(value, float)
    if upper == "F":
        places = precision if precision >= 0 else numbers.decimal_digits
        rounded = digits.round(digits.scale + places)
        text = _fixed(rounded, places, numbers.decimal)
        return (numbers.negative_sign if digits.negative and (rounded.digits or keep_sign) else "") + text
    if upper == "N":
        places = precision if precision >= 0 else numbers.decimal_digits
        rounded = digits.round(digits.scale + places)
        text = _fixed(rounded, places, numbers.decimal, numbers.group, numbers.group_sizes)
        negative = digits.negative and bool(rounded.digits or keep_sign)
        return _pattern(_NEGATIVE_NUMBER[numbers.negative_pattern], text, numbers, "") if negative else text
    if upper == "C":
        places = precision if precision >= 0 else numbers.currency_digits
        rounded = digits.round(digits.scale + places)
        text = _fixed(rounded, places, numbers.currency_decimal, numbers.currency_group, numbers.currency_group_sizes)
        negative = digits.negative and bool(rounded.digits or keep_sign)
        pattern = (
            _NEGATIVE_CURRENCY[numbers.currency_negative_pattern]
            if negative
            else _POSITIVE_CURRENCY[numbers.currency_positive_pattern]
        )
        return _pattern(pattern, text, numbers, numbers.currency_symbol)
    if upper == "P":
        places = precision if precision >= 0 else numbers.percent_digits
        scaled = digits._replace(scale=digits.scale + 2) if digits.digits else digits
        rounded = scaled.round(scaled.scale + places)
        text = _fixed(rounded, places, numbers.percent_decimal, numbers.percent_group, numbers.percent_group_sizes)
        negative = digits.negative and bool(rounded.digits or keep_sign)
        pattern = (
            _NEGATIVE_PERCENT[numbers.percent_negative_pattern]
            if negative
            else _POSITIVE_PERCENT[numbers.percent_positive_pattern]
        )
        return _pattern(pattern, text, numbers, numbers.percent_symbol)
    if upper == "E":
        return _scientific(digits, precision if precision >= 0 else 6, letter, numbers)
    if upper == "G":
        count = precision if precision > 0 else significant
        rounded = digits.round(count)
        if not rounded.digits and not keep_sign:
            rounded = rounded._replace(negative=False)
        return _general(rounded, count, numbers, "e" if letter == "g" else "E")
    raise _bad_format()


def _scientific(digits: Digits, places: int, letter: str, numbers: NumberFormat) -> str:
    rounded = digits.round(places + 1)
    text = (rounded.digits or "0").ljust(places + 1, "0")
    power = rounded.scale - 1 if rounded.digits else 0
    mantissa = text[0] + (numbers.decimal + text[1:] if places else "")
    mark = numbers.negative_sign if power < 0 else numbers.positive_sign
    sign = numbers.negative_sign if rounded.negative else ""
    return f"{sign}{mantissa}{letter}{mark}{abs(power):03d}"


def _pattern(pattern: str, text: str, numbers: NumberFormat, symbol: str) -> str:
    out = []
    for char in pattern:
        if char == "n":
            out.append(text)
        elif char == "-":
            out.append(numbers.negative_sign)
        elif char in "$%":
            out.append(symbol)
        else:
            out.append(char)
    return "".join(out)
