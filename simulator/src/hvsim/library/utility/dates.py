# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Date and New-TimeSpan."""

from __future__ import annotations

from collections.abc import Callable

from hvsim.runtime import format as formatting
from hvsim.runtime import objects, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.convert.parsers import now_ticks
from hvsim.runtime.errors import net_error
from hvsim.runtime.format.dates import civil, day_of_week, day_of_year, days_in_month, local_offset, ticks_of
from hvsim.runtime.structs import TICKS_PER_DAY, TICKS_PER_SECOND, DateTime, TimeSpan

_HINT = "Microsoft.PowerShell.Commands.DisplayHintType"
types.register(types.NetType(_HINT, "System.Enum", kind="e", enum_members={"Date": 0, "Time": 1, "DateTime": 2}))
UNIX_EPOCH = 621_355_968_000_000_000
_NAMED = {
    "filedate": "yyyyMMdd",
    "filedateuniversal": "yyyyMMddZ",
    "filedatetime": "yyyyMMddTHHmmssffff",
    "filedatetimeuniversal": "yyyyMMddTHHmmssffffZ",
}


def now(ctx: ExecutionContext) -> DateTime:
    """``[datetime]::Now`` on the machine's clock."""
    ticks = now_ticks(ctx)
    return DateTime(ticks + local_offset(ticks), 2)


def to_utc(value: DateTime) -> DateTime:
    """``ToUniversalTime()``: unspecified counts as local."""
    return value if value.kind == 1 else DateTime(value.ticks - local_offset(value.ticks), 1)


@cmdlet(
    "Get-Date",
    parameters=(
        "Date", "UnixTimeSeconds", "Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond", "DisplayHint", "Format",
        "UFormat", "AsUTC",
    ),
)  # fmt: skip
class GetDate(Cmdlet):
    """The time on the machine's clock, or a given one, as an object or as text."""

    def process(self) -> None:
        moment = self._adjusted(self._start())
        if self.arg("AsUTC") is True:
            moment = to_utc(moment)
        if self.bound("UFormat"):
            self.write(unix_format(self.ctx, moment, self.args["UFormat"]))
        elif self.bound("Format"):
            self.write(self._formatted(moment, self.args["Format"]))
        else:
            hint = self.args["DisplayHint"] if self.bound("DisplayHint") else types.enum(_HINT, "DateTime")
            self.write(objects.add_note(self.ctx, moment, "DisplayHint", hint))

    def _start(self) -> DateTime:
        if self.bound("UnixTimeSeconds"):
            ticks = UNIX_EPOCH + int(self.args["UnixTimeSeconds"]) * TICKS_PER_SECOND
            return DateTime(ticks + local_offset(ticks), 2)
        if self.bound("Date"):
            given: DateTime = self.args["Date"]
            return DateTime(given.ticks, given.kind)
        return now(self.ctx)

    def _adjusted(self, moment: DateTime) -> DateTime:
        """Parts given one by one replace those of the date; a day beyond the month's end moves on, as AddDays does."""
        named = [n for n in ("Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond") if self.bound(n)]
        if not named:
            return moment
        parts = civil(moment.ticks)
        year, month = self.arg("Year", parts.year), self.arg("Month", parts.month)
        # Years first, then months: the last day of February of a leap year is the 28th for good.
        day = min(parts.day, days_in_month(year, parts.month))
        day = min(day, days_in_month(year, month))
        clock = [self.arg(n, v) for n, v in (("Hour", parts.hour), ("Minute", parts.minute), ("Second", parts.second))]
        fraction = moment.ticks % TICKS_PER_SECOND
        if self.bound("Millisecond"):
            fraction = self.args["Millisecond"] * 10_000
        ticks = ticks_of(year, month, day, *clock) + fraction
        if self.bound("Day"):
            ticks += (self.args["Day"] - day) * TICKS_PER_DAY
        return DateTime(ticks, moment.kind)

    def _formatted(self, moment: DateTime, spec: str) -> str:
        known = _NAMED.get(spec.lower())
        if known is not None:
            if spec.lower().endswith("universal"):
                moment = to_utc(moment)
            return formatting.format_value(self.ctx, moment, known.replace("T", "'T'").replace("Z", "'Z'"), self.ctx.culture)
        return formatting.format_value(self.ctx, moment, spec, self.ctx.culture)


def _week_of_year(ticks: int) -> int:
    return day_of_year(ticks) // 7


def _unix_seconds(ticks: int, kind: int) -> str:
    """Rounded to the nearest second, halves up."""
    since = ticks - (0 if kind == 1 else local_offset(ticks)) - UNIX_EPOCH
    return str((abs(since) + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND * (-1 if since < 0 else 1))


def _iso_week(ticks: int) -> tuple[int, int]:
    import datetime as dt

    parts = civil(ticks)
    year, week, _ = dt.date(parts.year, parts.month, parts.day).isocalendar()
    return year, week


_UNIX: dict[str, str | Callable[[int, int], str]] = {
    "a": "ddd", "A": "dddd", "b": "MMM", "B": "MMMM", "c": "ddd dd MMM yyyy HH:mm:ss", "d": "dd", "D": "MM/dd/yy", "F": "yyyy-MM-dd",
    "h": "MMM", "H": "HH", "I": "hh", "l": lambda t, k: f"{(civil(t).hour + 11) % 12 + 1:2d}", "m": "MM", "M": "mm", "n": lambda t, k: "\n",
    "p": "tt", "R": "HH:mm", "r": "hh:mm:ss tt", "S": "ss", "t": lambda t, k: "\t", "T": "HH:mm:ss", "x": "MM/dd/yy", "X": "HH:mm:ss",
    "y": "yy", "Y": "yyyy", "Z": "zz",
    "C": lambda t, k: f"{civil(t).year // 100:02d}", "e": lambda t, k: f"{civil(t).day:2d}", "j": lambda t, k: f"{day_of_year(t):03d}",
    "k": lambda t, k: f"{civil(t).hour:2d}", "s": _unix_seconds,
    "u": lambda t, k: str(day_of_week(t) or 7), "w": lambda t, k: str(day_of_week(t)), "U": lambda t, k: str(_week_of_year(t)),
    "V": lambda t, k: f"{_iso_week(t)[1]:02d}", "G": lambda t, k: str(_iso_week(t)[0]), "g": lambda t, k: f"{_iso_week(t)[0] % 100:02d}",
    "W": lambda t, k: str(_week_of_year(t)), "%": lambda t, k: "%",
}  # fmt: skip


def unix_format(ctx: ExecutionContext, moment: DateTime, spec: str) -> str:
    """``-UFormat``: directives much like those of Unix ``date`` (GetDateCommand.cs); an unknown one stands for its letter.

    Braces are handed on to String.Format, whose only argument is the date.

    Raises:
        PSError: IndexOutOfRangeException: a percent sign ends the format; FormatException: braces that String.Format does not accept.
    """
    if spec.startswith("+"):
        spec = spec[1:]
    out: list[str] = []
    i = 0
    while i < len(spec):
        if spec[i] != "%":
            out.append(spec[i])
            i += 1
            continue
        if i + 1 == len(spec):
            raise net_error("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
        rule = _UNIX.get(spec[i + 1])
        if spec[i + 1] == "c" and ctx.edition == "5.1":
            rule = "ddd MMM dd HH:mm:ss yyyy"
        if rule is None:
            out.append(spec[i + 1])
        elif isinstance(rule, str):
            rule = f"%{rule}" if len(rule) == 1 else rule
            out.append(formatting.format_value(ctx, moment, rule, ctx.culture))
        else:
            out.append(rule(moment.ticks, moment.kind))
        i += 2
    text = "".join(out)
    return formatting.composite(ctx, text, [moment]) if "{" in text or "}" in text else text


@cmdlet("New-TimeSpan", parameters=("Start", "End", "Days", "Hours", "Minutes", "Seconds", "Milliseconds"))
class NewTimeSpan(Cmdlet):
    """The time between two dates, or one made of parts."""

    def process(self) -> None:
        if self.parameter_set == "Time":
            seconds = (
                self.arg("Days", 0) * 86_400 + self.arg("Hours", 0) * 3_600 + self.arg("Minutes", 0) * 60 + self.arg("Seconds", 0)
            )
            ticks = (seconds * 1_000 + self.arg("Milliseconds", 0)) * 10_000
            if not -(2**63) <= ticks < 2**63:
                kind = "System.ArgumentOutOfRangeException"
                raise self.fail("TimeSpan overflowed because the duration is too long.", kind, kind=kind)
            self.write(TimeSpan(ticks))
            return
        moment = now(self.ctx)
        start, end = self.arg("Start", moment), self.arg("End", moment)
        self.write(TimeSpan(end.ticks - start.ticks))
