# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the parser, and the refusal that the whole engine uses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParseErrorInfo:
    """One parse error: PowerShell's error id and message, the range in code units, line and column counted from 1."""

    error_id: str
    message: str
    start: int
    end: int
    line: int
    column: int


class ParseError(Exception):
    """The text is not valid PowerShell; :attr:`errors` holds PowerShell's own errors in its order."""

    def __init__(self, errors: list[ParseErrorInfo], *, file: str | None = None) -> None:
        self.errors = errors
        self.file = file
        place = file or "line"
        super().__init__("\n".join(f"{place}:{e.line}:{e.column}: {e.message} [{e.error_id}]" for e in errors))


class Unsupported(Exception):
    """A part of PowerShell that the engine does not have and refuses to guess.

    *what* names the unsupported thing; *hint* says what to do instead, if anything; *place* is the statement that needed
    it, once the interpreter has said so (:meth:`found_at`).
    """

    def __init__(self, what: str, hint: str | None = None) -> None:
        self.what = what
        self.hint = hint
        self.place: str | None = None
        super().__init__(f"{what} is not supported by hvsim" + (f": {hint}" if hint else ""))

    def found_at(self, file: str | None, line: int, column: int) -> None:
        """Notes the place, counted from 1; the first call (the innermost statement) counts."""
        if self.place is None:
            self.place = f"{file}:{line}:{column}" if file else f"line {line}, column {column}"

    @property
    def located(self) -> str:
        """The message with the place."""
        return f"{self} ({self.place})" if self.place else str(self)


class UnsupportedSyntax(Unsupported):
    """A construct that PowerShell accepts and the parser refuses; *start* is its offset in the source."""

    def __init__(self, what: str, hint: str | None = None, *, start: int = 0) -> None:
        super().__init__(what, hint)
        self.start = start
