# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Random, Get-SecureRandom and New-Guid."""

from __future__ import annotations

import math
import random
import uuid
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.misc import Random as DotNetRandom
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError
from hvsim.runtime.structs import Guid
from hvsim.runtime.values import Array, Int64

_INT_MAX = 2**31 - 1
_LONG_MAX = 2**63 - 1
_DOUBLE_MAX = 1.7976931348623157e308


class Generator:
    """The random numbers of a runspace (key in ``ctx.services``), as ``PolymorphicRandomNumberGenerator`` makes them out of bytes.

    Without a seed the bytes are any; with one they are those of ``System.Random``.
    """

    def __init__(self) -> None:
        self.random = random.Random()
        self.seeded: DotNetRandom | None = None

    def byte_string(self, count: int) -> bytes:
        seeded = self.seeded
        return self.random.randbytes(count) if seeded is None else bytes(seeded.sample() & 0xFF for _ in range(count))

    def _sample(self) -> int:
        """Any Int32 but the largest."""
        while (number := int.from_bytes(self.byte_string(4), "little", signed=True)) == _INT_MAX:
            pass
        return number

    def fraction(self) -> float:
        """From 0 up to, not including, 1."""
        number = self._sample()
        return (number + _INT_MAX if number < 0 else number) * (1.0 / _INT_MAX)

    def between(self, low: int, high: int) -> int:
        """An Int32 from *low* up to, not including, *high*."""
        if high - low <= _INT_MAX:
            return int(self.fraction() * (high - low)) + low
        return int((self._sample() + _INT_MAX) * (1.0 / (2 * _INT_MAX)) * (high - low)) + low

    def long_between(self, low: int, high: int) -> int:
        """An Int64 from *low* up to, not including, *high*; as exact as a double is."""
        span = high - low
        if span <= _INT_MAX:
            return low + self.between(0, span)
        mask = (1 << span.bit_length()) - 1
        while (number := int.from_bytes(self.byte_string(8), "little") & mask) >= span:
            pass
        return int(float(low) + float(number))

    def double_between(self, low: float, high: float) -> float:
        """A double from *low* up to, not including, *high*."""
        span = high - low
        while True:
            part = self.fraction()
            if math.isinf(span):
                number = low + part * high - part * low
            else:
                number = low + part * span
                span *= part
            if number < high:
                return number


def generator(ctx: ExecutionContext) -> Generator:
    """The runspace's own generator."""
    found: Generator = ctx.services.setdefault(Generator, Generator())
    return found


class RandomCommand(Cmdlet):
    """What Get-Random and Get-SecureRandom share (``GetRandomCommandBase``)."""

    def source(self) -> Generator:
        """The generator that the numbers come from."""
        return generator(self.ctx)

    def begin(self) -> None:
        self.random = self.source()
        if self.bound("SetSeed"):
            if self.ctx.edition == "5.1":
                raise Unsupported("Get-Random -SetSeed (the numbers of Windows PowerShell are not recorded)")
            self.random.seeded = DotNetRandom(int(self.args["SetSeed"]))
        self.chosen: list[Any] = []
        self.seen = 0
        self.numbers = self.parameter_set == "RandomNumberParameterSet"
        if self.numbers and self.expects_input and not self.bound("Minimum") and not self.bound("Maximum"):
            # Nothing may come, but a list is what was asked for.
            self.numbers = False
        if self.numbers and isinstance(self.arg("Maximum"), Array):
            self.numbers = False
            self.args["InputObject"] = self.args["Maximum"]
        if self.numbers:
            self._numbers()

    def process(self) -> None:
        if self.numbers:
            return
        given = self.args["InputObject"]
        for item in [None] if given is None else given:
            self._consider(item)

    def _consider(self, item: Any) -> None:
        """As many as are wanted are kept; each later one takes the place of one of them, ever more seldom."""
        count = self.arg("Count", 1)
        if self.arg("Shuffle") is True or self.seen < count:
            self.chosen.append(item)
        elif self.random.between(0, self.seen + 1) < count:
            self.chosen[self.random.between(0, len(self.chosen))] = item
        self.seen += 1

    def end(self) -> None:
        for i in range(len(self.chosen)):
            j = self.random.between(i, len(self.chosen))
            self.write(self.chosen[j])
            self.chosen[j] = self.chosen[i]

    def _numbers(self) -> None:
        low, high = self._operand("Minimum"), self._operand("Maximum")
        kinds = {type(value) for value in (low, high)} - {type(None)}
        count = self.arg("Count", 1)
        if kinds <= {int}:
            start, stop = low or 0, high if high is not None else _INT_MAX
            self._check(start, stop)
            for _ in range(count):
                self.write(self.random.between(start, stop))
        elif kinds <= {int, Int64}:
            start, stop = int(low or 0), int(high) if high is not None else _LONG_MAX
            self._check(start, stop)
            for _ in range(count):
                self.write(Int64(self.random.long_between(start, stop)))
        else:
            first = 0.0 if low is None else self._double(low)
            last = _DOUBLE_MAX if high is None else self._double(high)
            self._check(first, last)
            for _ in range(count):
                self.write(self.random.double_between(first, last))

    def _operand(self, name: str) -> Any:
        """A bound as it is, a text as the number that it writes."""
        value = objects.unwrap(self.arg(name))
        if not isinstance(value, str):
            return value
        number = convert.parse_number(value)
        if number is None:
            raise Unsupported(f"{self.metadata.name} -{name} with a text that is no number")
        return number

    def _double(self, value: Any) -> float:
        return float(convert.to(self.ctx, value, types.get("System.Double")))

    def _check(self, low: Any, high: Any) -> None:
        if low >= high:
            raise self._too_large(low, high)

    def _too_large(self, low: Any, high: Any) -> PSError:
        texts = [convert.to_string(self.ctx, v) for v in (low, high)]
        return self.fail(
            f"The Minimum value ({texts[0]}) cannot be greater than or equal to the Maximum value ({texts[1]}).",
            "MinGreaterThanOrEqualMax",
            "InvalidArgument",
            kind="System.ArgumentException",
        )


@cmdlet("Get-Random", parameters=("InputObject", "Count", "Minimum", "Maximum", "SetSeed", "Shuffle"))
class GetRandom(RandomCommand):
    """Numbers or elements by chance."""


@cmdlet("Get-SecureRandom", parameters=("InputObject", "Count", "Minimum", "Maximum", "Shuffle"))
class GetSecureRandom(RandomCommand):
    """As Get-Random, from a generator of its own that no seed reaches."""

    def source(self) -> Generator:
        return Generator()


@cmdlet("New-Guid", parameters=("Empty", "InputObject"))
class NewGuid(Cmdlet):
    """A new GUID, the empty one, or one read from text."""

    def process(self) -> None:
        if self.arg("Empty") is True:
            self.write(Guid())
            return
        if not self.bound("InputObject"):
            self.write(Guid(uuid.UUID(int=generator(self.ctx).random.getrandbits(128), version=4)))
            return
        try:
            self.write(parsers.parse_guid(self.ctx, self.args["InputObject"]))
        except PSError as error:
            self.error(
                error.exception.message, "StringNotRecognizedAsGuid", "InvalidArgument", kind=error.exception.kind
            )
