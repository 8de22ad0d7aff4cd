# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure-Object and Measure-Command."""

from __future__ import annotations

import math
import re
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.library.utility import property_expressions as expressions
from hvsim.runtime import compare, convert, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter
from hvsim.runtime.streams import NULL_PIPE
from hvsim.runtime.structs import TimeSpan
from hvsim.runtime.types import net_class
from hvsim.runtime.values import NetObject

#: What Char.IsWhiteSpace is true for.
_SPACE = re.compile("[\\x09-\\x0d\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+")
_GENERIC = "Microsoft.PowerShell.Commands.GenericMeasureInfo"
_TEXT = "Microsoft.PowerShell.Commands.TextMeasureInfo"
_OBJECT = "Microsoft.PowerShell.Commands.GenericObjectMeasureInfo"


@net_class(_GENERIC)
class MeasureInfo(NetObject):
    """The numbers of one property; None for those not asked for."""

    __slots__ = ("values",)
    NET: ClassVar[str] = _GENERIC

    def __init__(self, **values: Any) -> None:
        self.values = values


@net_class(_OBJECT)
class ObjectMeasureInfo(MeasureInfo):
    """As :class:`MeasureInfo` where minimum or maximum are no numbers."""

    __slots__ = ()
    NET: ClassVar[str] = _OBJECT


@net_class(_TEXT)
class TextMeasureInfo(MeasureInfo):
    __slots__ = ()
    NET: ClassVar[str] = _TEXT


def _register(kind: str, names: tuple[str, ...]) -> None:
    for name in names:

        def read(info: MeasureInfo, name: str = name) -> Any:
            return info.values.get(name)

        getter(kind, name)(read)


_register(_GENERIC, ("Count", "Average", "Sum", "Maximum", "Minimum", "StandardDeviation", "Property"))
_register(_OBJECT, ("Count", "Average", "Sum", "Maximum", "Minimum", "StandardDeviation", "Property"))
_register(_TEXT, ("Lines", "Words", "Characters", "Property"))


class _Tally:
    def __init__(self) -> None:
        self.count = 0
        self.numbers: list[float] = []
        self.minimum: Any = None
        self.maximum: Any = None
        self.lines = self.words = self.characters = 0


@cmdlet(
    "Measure-Object",
    parameters=(
        "InputObject", "Property", "Sum", "Average", "Maximum", "Minimum", "StandardDeviation", "AllStats", "Line", "Word",
        "Character", "IgnoreWhiteSpace",
    ),
)  # fmt: skip
class MeasureObject(Cmdlet):
    """Counts, sums and extremes."""

    def begin(self) -> None:
        every = self.arg("AllStats") is True
        self.wants = {n: every or self.arg(n) is True for n in ("Sum", "Average", "Maximum", "Minimum", "StandardDeviation")}
        self.numeric = self.wants["Sum"] or self.wants["Average"] or self.wants["StandardDeviation"]
        self.text = any(self.arg(n) is True for n in ("Line", "Word", "Character"))
        self.entries = expressions.parse(self, self.arg("Property", []), "simple")
        self.tallies: dict[str, _Tally] = {}
        self.total = 0
        self.bad_number = False

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            return
        self.total += 1
        if not self.entries:
            self._add("", value)
            return
        for entry in self.entries:
            if not entry.has_wildcards:
                self.tallies.setdefault(entry.title, _Tally())
            for resolved in expressions.resolve(self.ctx, entry, value):
                found, content = resolved.read_quietly(self.ctx, value)
                if found and content is not None:
                    self._add(entry.title if not entry.has_wildcards else resolved.name, content)

    def _add(self, name: str, value: Any) -> None:
        tally = self.tallies.setdefault(name, _Tally())
        tally.count += 1
        if self.text:
            self._count_text(tally, convert.to_string(self.ctx, value))
            return
        number = self._number(value) if self.numeric else None
        if self.numeric and number is None:
            return
        if number is not None:
            tally.numbers.append(number)
        if self.wants["Minimum"]:
            tally.minimum = self._further(value, tally.minimum, 1)
        if self.wants["Maximum"]:
            tally.maximum = self._further(value, tally.maximum, -1)

    def _number(self, value: Any) -> float | None:
        ok, number = convert.try_to(self.ctx, value, types.get("System.Double"))
        if not ok:
            self.bad_number = True
            self.error(
                f'Input object "{convert.to_string(self.ctx, value)}" is not numeric.',
                "NonNumericInputObject",
                "InvalidType",
                value,
                kind="System.Management.Automation.PSInvalidOperationException",
            )
            return None
        return float(number)

    def _further(self, value: Any, known: Any, direction: int) -> Any:
        """The one of two values that lies further down (1) or up (-1): numbers and texts of numbers compare as doubles, values of
        two kinds as texts, texts by case (``MeasureObjectCommand.Compare``)."""
        if known is None:
            return value
        a, b = self._comparable(known), self._comparable(value)
        if types.of(a) is not types.of(b):
            a, b = convert.to_string(self.ctx, a), convert.to_string(self.ctx, b)
        try:
            order = compare.order(self.ctx, a, b, ignore_case=False)
        except PSError:
            raise Unsupported(f"Measure-Object with extremes of {types.display(types.of(a))}") from None
        return value if order * direction > 0 else known

    def _comparable(self, value: Any) -> Any:
        """A value as a double if it converts to one, else as it is."""
        if value is None:
            return None
        ok, number = convert.try_to(self.ctx, value, types.get("System.Double"))
        return number if ok else value

    def _count_text(self, tally: _Tally, text: str) -> None:
        """'a, line feed' is one line, 'a, line feed, b' are two; a carriage return is a character like any other."""
        tally.lines += text.count("\n") + (bool(text) and not text.endswith("\n"))
        words = [word for word in _SPACE.split(text) if word]
        tally.words += len(words)
        tally.characters += sum(map(len, words)) if self.arg("IgnoreWhiteSpace") is True else len(text)

    def end(self) -> None:
        if not self.entries:
            self.write(self._info(self.tallies.get("", _Tally()), None))
            return
        for name, tally in self.tallies.items():
            if tally.count:
                self.write(self._info(tally, name))
            elif self.ctx.edition == "5.1" or self.ctx.strict >= 2:
                self._missing(name)

    def _missing(self, name: str) -> None:
        """No object had the property: Windows PowerShell says so, PowerShell 7 in strict mode only."""
        record = self.record(
            'Cannot process argument because the value of argument "Property" is not valid. Change the value of the "Property" '
            "argument and run the operation again.",
            "TextMeasurePropertyNotFound" if self.text else "GenericMeasurePropertyNotFound",
            "InvalidArgument",
            kind="System.Management.Automation.PSArgumentException",
        )
        record.details = f'The property "{name}" cannot be found in the input for any objects.'
        self.write_error(record)

    def _info(self, tally: _Tally, name: str | None) -> MeasureInfo:
        if self.text:
            return TextMeasureInfo(
                Lines=tally.lines if self.arg("Line") is True else None,
                Words=tally.words if self.arg("Word") is True else None,
                Characters=tally.characters if self.arg("Character") is True else None,
                Property=name,
            )
        count, total = tally.count, _running_sum(tally.numbers)
        lowest, highest = self._comparable(tally.minimum), self._comparable(tally.maximum)
        kind = MeasureInfo
        if any(v is not None and types.of(v).full_name != "System.Double" for v in (lowest, highest)):
            kind, lowest, highest = ObjectMeasureInfo, tally.minimum, tally.maximum
        return kind(
            Count=count,
            Sum=total if self.wants["Sum"] and not self.bad_number else None,
            Average=total / count if self.wants["Average"] and count and not self.bad_number else None,
            Minimum=lowest,
            Maximum=highest,
            StandardDeviation=_deviation(tally.numbers) if self.wants["StandardDeviation"] and not self.bad_number else None,
            Property=name,
        )


def _running_sum(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def _deviation(numbers: list[float]) -> float:
    """The sample's deviation, by Welford's way as the cmdlet computes it."""
    mean, squares = 0.0, 0.0
    for index, number in enumerate(numbers, 1):
        delta = number - mean
        mean += delta / index
        squares += delta * (number - mean)
    return math.sqrt(squares / (len(numbers) - 1)) if len(numbers) > 1 else 0.0


@cmdlet("Measure-Command", parameters=("InputObject", "Expression"))
class MeasureCommand(Cmdlet):
    """Runs a block in the caller's scope, discards its output, returns the time it took on the machine's clock."""

    def begin(self) -> None:
        self.ticks = 0

    def process(self) -> None:
        before = self.ctx.machine.clock()
        options = {"dollar_underbar": self.args["InputObject"]} if self.bound("InputObject") else {}
        self.args["Expression"].run(self.ctx, NULL_PIPE, (), new_scope=False, **options)
        self.ticks += int((self.ctx.machine.clock() - before).total_seconds() * 10_000_000)

    def end(self) -> None:
        self.write(TimeSpan(self.ticks))


# PSPropertyExpression: names, script blocks; converted by the cmdlet itself.
MeasureObject.metadata.parameters["Property"].type_name = "System.Object[]"
