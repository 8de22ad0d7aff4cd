# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom numeric format strings: ``0 # . , % \u2030 E0 ; 'text' \\x``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hvsim.runtime.culture import NumberFormat

if TYPE_CHECKING:
    from hvsim.runtime.format.numbers import Digits

__all__ = ["format_custom"]


@dataclass
class _Section:
    """What one section of the format asks for."""

    tokens: list[tuple[str, str]] = field(default_factory=list)
    digit_count: int = 0
    decimal_at: int = -1
    first_zero: int = -1
    last_zero: int = -1
    grouped: bool = False
    scale_adjust: int = 0
    scientific: bool = False


def _split_sections(spec: str) -> list[str]:
    parts, current, i, quote = [], "", 0, ""
    while i < len(spec):
        char = spec[i]
        if quote:
            if char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char == "\\":
            current += spec[i : i + 2]
            i += 2
            continue
        elif char == ";":
            parts.append(current)
            current = ""
            i += 1
            continue
        current += char
        i += 1
    parts.append(current)
    return parts


def _exponent_length(spec: str, i: int) -> int:
    """Length of an exponent placeholder (``E0``, ``E+00``) at *i*, 0 if there is none."""
    j = i + 1
    if j < len(spec) and spec[j] in "+-":
        j += 1
    k = j
    while k < len(spec) and spec[k] == "0":
        k += 1
    return k - i if k > j else 0


def _parse(spec: str) -> _Section:
    section = _Section()
    i = 0
    comma_at, comma_count = -1, 0
    while i < len(spec):
        char = spec[i]
        if char in "0#":
            if char == "0":
                if section.first_zero < 0:
                    section.first_zero = section.digit_count
                section.last_zero = section.digit_count + 1
            if comma_count and section.decimal_at < 0:
                if comma_at == section.digit_count:
                    section.grouped = True
                comma_count = 0
            section.digit_count += 1
            section.tokens.append(("digit", char))
        elif char == ".":
            if section.decimal_at < 0:
                section.decimal_at = section.digit_count
                section.tokens.append(("point", ""))
        elif char == ",":
            if section.digit_count > 0 and section.decimal_at < 0:
                if comma_count and comma_at == section.digit_count:
                    comma_count += 1
                else:
                    if comma_count:
                        section.grouped = True
                    comma_at, comma_count = section.digit_count, 1
        elif char in "%\u2030":
            section.scale_adjust += 2 if char == "%" else 3
            section.tokens.append(("percent" if char == "%" else "permille", ""))
        elif char in "'\"":
            end = spec.find(char, i + 1)
            text = spec[i + 1 : end] if end >= 0 else spec[i + 1 :]
            section.tokens.append(("text", text))
            i = end if end >= 0 else len(spec)
        elif char == "\\":
            if i + 1 < len(spec):
                section.tokens.append(("text", spec[i + 1]))
            i += 1
        elif char in "eE" and (length := _exponent_length(spec, i)):
            section.scientific = True
            section.tokens.append(("exponent", spec[i : i + length]))
            i += length - 1
        else:
            section.tokens.append(("text", char))
        i += 1
    if section.decimal_at < 0:
        section.decimal_at = section.digit_count
    if comma_count:
        if comma_at == section.decimal_at:
            section.scale_adjust -= 3 * comma_count
        else:
            section.grouped = True
    return section


def format_custom(digits: Digits, spec: str, numbers: NumberFormat, _floating: bool = True) -> str:
    """*digits* in the custom format *spec*."""
    sections = _split_sections(spec)
    index = 0
    if not digits.digits:
        index = 2 if len(sections) > 2 and sections[2] else 0
    elif digits.negative:
        index = 1 if len(sections) > 1 and sections[1] else 0
    while True:
        section = _parse(sections[index])
        number = digits
        if number.digits and section.scale_adjust:
            number = number._replace(scale=number.scale + section.scale_adjust)
        if section.scientific:
            number = number.round(section.digit_count)
        elif number.digits:
            number = number.round(number.scale + section.digit_count - section.decimal_at)
        if not number.digits and digits.digits and index != 2 and len(sections) > 2 and sections[2]:
            index, digits = 2, number
            continue
        break
    show_sign = digits.negative and index == 0 and bool(number.digits)
    return (numbers.negative_sign if show_sign else "") + _Renderer(number, section, numbers).render()


class _Renderer:
    """Writes a number as one section asks."""

    def __init__(self, number: Digits, section: _Section, numbers: NumberFormat) -> None:
        self.number = number
        self.section = section
        self.numbers = numbers
        first_zero = section.first_zero
        self.whole_zeros = section.decimal_at - first_zero if 0 <= first_zero < section.decimal_at else 0
        self.fraction_zeros = section.last_zero - section.decimal_at if section.last_zero > section.decimal_at else 0
        self.scale = section.decimal_at if section.scientific else number.scale if number.digits else 0
        self.shift = max(self.scale - section.decimal_at, 0)
        whole_length = max(self.scale, self.whole_zeros, 0)
        grouped = section.grouped and not section.scientific
        self.grouping = _group_positions(whole_length, numbers) if grouped else set()
        self.out: list[str] = []
        self.cursor = 0
        self.fraction_index = 0
        self.seen_point = False
        self.started = False

    def render(self) -> str:
        position = self.section.decimal_at
        for kind, text in self.section.tokens:
            if kind == "digit" and position > 0:
                self.lead(self.section.decimal_at)
                self.whole(position)
                position -= 1
            elif kind == "digit":
                self.lead(0)
                self.fraction()
            elif kind == "point":
                self.lead(0)
            else:
                self.out.append(_symbol(kind, text, self.number, self.section, self.numbers))
        return "".join(self.out)

    def whole(self, place: int) -> None:
        """One integer digit; *place* counts from the decimal point to the left, from 1."""
        if place <= self.scale and self.cursor < len(self.number.digits):
            self.out.append(self.number.digits[self.cursor])
            self.cursor += 1
        elif place <= self.scale or place <= self.whole_zeros:
            self.out.append("0")
        else:
            return
        self.started = True
        if place - 1 in self.grouping and place > 1:
            self.out.append(self.numbers.group)

    def lead(self, last: int) -> None:
        """The digits for which the section has no placeholder, down to *last*."""
        if self.shift > 0 and not self.started:
            for extra in range(self.scale, last, -1):
                self.whole(extra)
            self.shift = 0

    def fraction(self) -> None:
        """The next digit after the decimal point, which comes before the first one."""
        self.fraction_index += 1
        digit = _fraction_digit(self.number, self.scale, self.cursor, self.fraction_index)
        remaining = self.cursor < len(self.number.digits)
        if not remaining and self.fraction_index > self.fraction_zeros:
            return
        if not self.seen_point:
            self.out.append(self.numbers.decimal)
            self.seen_point = True
        self.out.append(digit)
        if remaining and self.scale + self.fraction_index > 0:
            self.cursor += 1


def _symbol(kind: str, text: str, number: Digits, section: _Section, numbers: NumberFormat) -> str:
    if kind == "percent":
        return numbers.percent_symbol
    if kind == "permille":
        return numbers.per_mille_symbol
    if kind == "exponent":
        return _exponent(text, number, section, numbers)
    return text


def _fraction_digit(number: Digits, scale: int, cursor: int, index: int) -> str:
    if scale + index <= 0:
        return "0"
    return number.digits[cursor] if cursor < len(number.digits) else "0"


def _group_positions(length: int, numbers: NumberFormat) -> set[int]:
    """Counts of digits to the right of which a separator stands."""
    positions: set[int] = set()
    total, index, sizes = 0, 0, numbers.group_sizes
    while sizes:
        size = sizes[min(index, len(sizes) - 1)]
        if size == 0:
            break
        total += size
        if total >= length:
            break
        positions.add(total)
        index += 1
    return positions


def _exponent(text: str, number: Digits, section: _Section, numbers: NumberFormat) -> str:
    power = number.scale - section.decimal_at if number.digits else 0
    sign = ""
    rest = text[1:]
    if power < 0:
        sign = numbers.negative_sign
    elif rest[0] == "+":
        sign = numbers.positive_sign
    return text[0] + sign + str(abs(power)).rjust(len(rest.lstrip("+-")), "0")
