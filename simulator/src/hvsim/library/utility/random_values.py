# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Random, Get-SecureRandom and New-Guid.

``-SetSeed`` makes the numbers repeatable here; they are not those of .NET's generator.
"""

from __future__ import annotations

import random
import uuid
from typing import Any

from hvsim.runtime import convert, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.convert import parsers
from hvsim.runtime.errors import PSError
from hvsim.runtime.structs import Guid
from hvsim.runtime.values import Int64

_INT_MAX = 2**31 - 1
_LONG_MAX = 2**63 - 1


class Generator:
    """The random numbers of a runspace (key in ``ctx.services``)."""

    def __init__(self) -> None:
        self.random = random.Random()


def generator(ctx: ExecutionContext) -> random.Random:
    """The runspace's own generator."""
    found: Generator = ctx.services.setdefault(Generator, Generator())
    return found.random


class RandomCommand(Cmdlet):
    """What Get-Random and Get-SecureRandom share."""

    def begin(self) -> None:
        self.random = generator(self.ctx)
        if self.bound("SetSeed"):
            self.random.seed(int(self.args["SetSeed"]))
        self.pool: list[Any] = []
        self.numbers = self.parameter_set == "RandomNumberParameterSet"
        if self.numbers:
            for _ in range(self.arg("Count", 1)):
                self._number()

    def process(self) -> None:
        if not self.numbers:
            self.pool.extend(self.args["InputObject"])

    def end(self) -> None:
        if self.numbers:
            return
        count = len(self.pool) if self.arg("Shuffle") is True else min(self.arg("Count", 1), len(self.pool))
        for value in self.random.sample(self.pool, count):
            self.write(value)

    def _number(self) -> None:
        low, high = self._operand("Minimum"), self._operand("Maximum")
        if isinstance(low, float) or isinstance(high, float):
            start, stop = float(low or 0), float(high if high is not None else 1.7976931348623157e308)
            self._check(start, stop)
            self.write(start + self.random.random() * (stop - start))
            return
        wide = isinstance(low, Int64) or isinstance(high, Int64)
        start, stop = int(low or 0), int(high if high is not None else (_LONG_MAX if wide else _INT_MAX))
        self._check(start, stop)
        number = self.random.randrange(start, stop)
        self.write(Int64(number) if wide else number)

    def _operand(self, name: str) -> Any:
        value = self.arg(name)
        if value is None:
            return None
        if isinstance(value, str):
            value = convert.parse_number(value)
        if isinstance(value, float):
            return value
        for wanted in ("System.Int32", "System.Int64", "System.Double"):
            ok, number = convert.try_to(self.ctx, value, types.get(wanted))
            if ok and number == value:
                return number
        return convert.to(self.ctx, value, types.get("System.Double"))

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


@cmdlet("New-Guid", parameters=("Empty", "InputObject"))
class NewGuid(Cmdlet):
    """A new GUID, the empty one, or one read from text."""

    def process(self) -> None:
        if self.arg("Empty") is True:
            self.write(Guid())
            return
        if not self.bound("InputObject"):
            self.write(Guid(uuid.UUID(int=generator(self.ctx).getrandbits(128), version=4)))
            return
        try:
            self.write(parsers.parse_guid(self.ctx, self.args["InputObject"]))
        except PSError as error:
            self.error(
                error.exception.message, "StringNotRecognizedAsGuid", "InvalidArgument", kind=error.exception.kind
            )
