# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-String on objects of the pipeline."""

from __future__ import annotations

from collections import deque
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.regex_types import Match
from hvsim.runtime import convert, objects, regex, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import Array, NetObject

_INFO = "Microsoft.PowerShell.Commands.MatchInfo"
_CONTEXT = "Microsoft.PowerShell.Commands.MatchInfoContext"
_IGNORE_CASE = 1


@types.net_class(_CONTEXT)
class MatchInfoContext(NetObject):
    """The lines around a match."""

    __slots__ = ("after", "before")
    NET: ClassVar[str] = _CONTEXT

    def __init__(self) -> None:
        self.before: list[str] = []
        self.after: list[str] = []


@types.net_class(_INFO)
class MatchInfo(NetObject):
    """One line that matched."""

    __slots__ = ("context", "ignore_case", "line", "matches", "number", "pattern")
    NET: ClassVar[str] = _INFO

    def __init__(self, line: str, number: int, pattern: str, ignore_case: bool) -> None:
        self.line = line
        self.number = number
        self.pattern = pattern
        self.ignore_case = ignore_case
        self.matches: list[Any] = []
        self.context: MatchInfoContext | None = None


def _lines(items: list[str]) -> Array:
    return Array(items, types.STRING)


getter(_CONTEXT, "PreContext", type="string[]")(lambda self: _lines(self.before))
getter(_CONTEXT, "PostContext", type="string[]")(lambda self: _lines(self.after))
getter(_CONTEXT, "DisplayPreContext", type="string[]")(lambda self: _lines(self.before))
getter(_CONTEXT, "DisplayPostContext", type="string[]")(lambda self: _lines(self.after))
getter(_INFO, "IgnoreCase", type="bool")(lambda self: self.ignore_case)
getter(_INFO, "LineNumber", type="System.Object")(lambda self: self.number)
getter(_INFO, "Line", type="string")(lambda self: self.line)
getter(_INFO, "Filename", type="string")(lambda self: "InputStream")
getter(_INFO, "Path", type="string")(lambda self: "InputStream")
getter(_INFO, "Pattern", type="string")(lambda self: self.pattern)
getter(_INFO, "Context", type=_CONTEXT)(lambda self: self.context)


@getter(_INFO, "Matches", type="System.Text.RegularExpressions.Match[]")
def _matches(self: MatchInfo) -> Any:
    return Array(self.matches, types.get("System.Text.RegularExpressions.Match"))


@method(_INFO, "ToString", overloads=["() -> string"])
def _text(self: MatchInfo) -> str:
    if self.context is None:
        return self.line
    lines = [*(f"  {line}" for line in self.context.before), f"> {self.line}", *(f"  {line}" for line in self.context.after)]
    return "\n".join(lines)


@cmdlet(
    "Select-String",
    parameters=(
        "InputObject", "Pattern", "SimpleMatch", "CaseSensitive", "AllMatches", "NotMatch", "Quiet", "List", "Context", "Raw", "NoEmphasis",
    ),
)  # fmt: skip
class SelectString(Cmdlet):
    """Lines that match a pattern. Files are not searched: the binder refuses ``-Path``."""

    def begin(self) -> None:
        self.ignore_case = self.arg("CaseSensitive") is not True
        self.patterns: list[tuple[str, Any]] = [(text, self._compiled(text)) for text in self.args["Pattern"]]
        given = self.arg("Context")
        self.around = None if given is None else (given[0], given[-1])
        self.before: deque[str] = deque(maxlen=self.around[0] if self.around else 0)
        self.waiting: list[tuple[MatchInfo, int]] = []
        self.number = 0
        self.found = False
        self.done = False

    def _compiled(self, text: str) -> Any:
        if self.arg("SimpleMatch") is True:
            return None
        try:
            return regex.compile(text, _IGNORE_CASE if self.ignore_case else 0, self.ctx.edition)
        except PSError as error:
            raise self.fail(
                f"The string {text} is not a valid regular expression: {error.exception.message}",
                "InvalidRegex",
                "InvalidArgument",
                kind="System.ArgumentException",
                inner=error.exception,
            ) from None

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None or self.done:
            return
        base = objects.unwrap(value)
        if isinstance(base, MatchInfo):
            raise Unsupported("Select-String on the result of Select-String")
        line = convert.to_string(self.ctx, value)
        self.number += 1
        self._feed_waiting(line)
        info = self._match(line)
        if info is not None:
            self._found(info)
        self.before.append(line)

    def _feed_waiting(self, line: str) -> None:
        still: list[tuple[MatchInfo, int]] = []
        for info, missing in self.waiting:
            assert info.context is not None
            info.context.after.append(line)
            if missing > 1:
                still.append((info, missing - 1))
            else:
                self._emit(info)
        self.waiting = still

    def _match(self, line: str) -> MatchInfo | None:
        inverted = self.arg("NotMatch") is True
        for text, compiled in self.patterns:
            matches = self._matches(line, text, compiled)
            if (matches is None) == inverted:
                info = MatchInfo(line, self.number, text, self.ignore_case)
                info.matches = [] if inverted else matches or []
                return info
        return None

    def _matches(self, line: str, text: str, compiled: Any) -> list[Any] | None:
        if compiled is None:
            found = text.lower() in line.lower() if self.ignore_case else text in line
            return [] if found else None
        hits = []
        for found in compiled.matches(line):
            hits.append(Match(compiled, found, line))
            if self.arg("AllMatches") is not True:
                break
        return hits or None

    def _found(self, info: MatchInfo) -> None:
        if self.arg("Quiet") is True:
            self.found = True
            self.done = True
            self.write(True)
            return
        if self.around is None:
            self._emit(info)
            return
        info.context = MatchInfoContext()
        info.context.before = list(self.before)
        if self.around[1] > 0:
            self.waiting.append((info, self.around[1]))
        else:
            self._emit(info)

    def _emit(self, info: MatchInfo) -> None:
        self.write(info.line if self.arg("Raw") is True else info)

    def end(self) -> None:
        for info, _ in self.waiting:
            self._emit(info)
        if self.arg("Quiet") is True and not self.found and self.ctx.edition != "5.1":
            self.write(False)
