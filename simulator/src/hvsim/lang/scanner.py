# SPDX-License-Identifier: GPL-3.0-or-later
"""What all parts of the tokenizer share: the text, the position in it, errors, blanks and comments.

The scanner works on ``text`` from ``pos``; while an expression inside a string is scanned, ``text`` is that expression and
``adjust`` where it begins in the source. Quotes that were doubled inside the string are dropped from such a text; ``skipped``
holds their offsets, so that tokens still get the place where they were written. Errors keep PowerShell's own, unshifted offsets.
"""

from __future__ import annotations

import re

from hvsim.lang import chars
from hvsim.lang.ast import Source
from hvsim.lang.errors import ParseErrorInfo, UnsupportedSyntax
from hvsim.lang.messages import MESSAGES, MESSAGES_51
from hvsim.lang.numbers import NUMBER_7, NUMBER_51
from hvsim.lang.tokens import KEYWORDS, KEYWORDS_51, Token

NEW_LINE_STARTS = chars.TRIVIA_STARTS | frozenset("\r\n")
"""What line ends, and the blanks and comments before them, begin with."""

COMMAND, EXPRESSION, TYPE_NAME, SIGNATURE = range(4)

_W = chars.WHITESPACE
_TRIVIA = rf"[{_W}]+|\#[^\r\n]*|(?><\#(?s:.*?)\#>)|`(?:\r\n?|\n)|`[{_W}]+"
trivia = re.compile(f"(?:{_TRIVIA})+").match
_new_lines = re.compile(rf"(?:{_TRIVIA}|[\r\n])*").match
_new_lines_and_semicolons = re.compile(rf"(?:{_TRIVIA}|[\r\n;])*").match
_comments = re.compile(r"\#[^\r\n]*|<\#(?s:.*?)\#>|[^#<]+|.").finditer
_COMMENT = r"(?>\#[^\r\n]*|<\#(?s:.*?)\#>)"
_pipe_line = re.compile(rf"(?>[{_W}]*+(?:{_COMMENT}[{_W}]*+)++(?:\r\n?|\n))*+[{_W}]*+(?:{_COMMENT}[{_W}]*+)*+\|").match


class Scanner:
    """Text, position and errors of the tokenizer."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.source_text = source.text
        self.text = source.text + "\0"
        self.size = len(source.text)
        self.pos = 0
        self.mode = COMMAND
        self.adjust = 0
        self.skipped: list[int] | None = None
        self.signed_numbers = False
        self.end_number_on_ternary = False
        self.want_simple_name = False
        self.errors: list[ParseErrorInfo] = []
        self._seen_errors: set[tuple[str, int, int]] = set()
        self.requires: list[tuple[int, int]] = []
        self._watch_comments = "#requires" in source.text.lower()
        self.ps7 = source.edition != "5.1"
        self._keywords = KEYWORDS if self.ps7 else KEYWORDS_51
        self._number = NUMBER_7.match if self.ps7 else NUMBER_51.match

    # ---- errors and positions ----------------------------------------------------------------------------------------

    def report(self, start: int, end: int, error_id: str, *args: object) -> None:
        """Adds a parse error unless the same one was reported for the same place."""
        key = (error_id, start, end)
        if key in self._seen_errors:
            return
        self._seen_errors.add(key)
        message = (None if self.ps7 else MESSAGES_51.get(error_id)) or MESSAGES.get(error_id)
        if message is None:
            raise UnsupportedSyntax(f"the parse error {error_id}", start=start)
        if args:
            message = message.format(*args)
        line, column = self.source.position(start)
        self.errors.append(ParseErrorInfo(error_id, message, start, end, line, column))

    def _report_here(self, start: int, end: int, error_id: str, *args: object) -> None:
        self.report(start + self.adjust, end + self.adjust, error_id, *args)

    def _mapped(self, start: int, end: int) -> tuple[int, int]:
        start += self.adjust
        end += self.adjust
        for offset in self.skipped or ():
            if offset < self.adjust:
                continue
            if offset < start:
                start += 1
                end += 1
            elif offset < end:
                end += 1
        return start, end

    def token(self, kind: str, start: int, value: object = None, extra: object = None) -> Token:
        """A token from *start* to the current position."""
        if self.skipped is None:
            adjust = self.adjust
            return Token(kind, start + adjust, self.pos + adjust, value, extra)
        first, last = self._mapped(start, self.pos)
        return Token(kind, first, last, value, extra)

    def _simple(self, kind: str, length: int) -> Token:
        """A token of *length* characters from the current position."""
        start = self.pos
        end = self.pos = start + length
        if self.skipped is None:
            adjust = self.adjust
            return Token(kind, start + adjust, end + adjust)
        return self.token(kind, start)

    def restore_point(self) -> int:
        """The current position as an offset in the source, for :meth:`resync_to`."""
        return self._mapped(self.pos, self.pos)[0] if self.adjust else self.pos

    def resync_to(self, offset: int) -> None:
        """Goes back to an offset in the source."""
        adjustment = self.adjust
        for skipped in self.skipped or ():
            if self.adjust <= skipped < offset - 1:
                adjustment += 1
        self.pos = min(max(offset - adjustment, 0), self.size)

    def at_end(self, end: int) -> bool:
        """Whether nothing but blanks and comments follows the offset *end*."""
        if end >= self.size:
            return True
        match = trivia(self.text, end)
        return (match.end() if match else end) >= self.size

    def start_nested(self, token: Token) -> tuple[str, int, int, int, list[int] | None]:
        """Begins to scan the expression inside a string; returns what :meth:`finish_nested` needs."""
        state = (self.text, self.size, self.pos, self.adjust, self.skipped)
        self.text = token.value + "\0"
        self.size = len(token.value)
        self.pos = 0
        self.adjust = token.start
        self.skipped = token.extra
        return state

    def finish_nested(self, state: tuple[str, int, int, int, list[int] | None]) -> None:
        """Returns to the text around the string."""
        self.text, self.size, self.pos, self.adjust, self.skipped = state

    # ---- blanks and comments -----------------------------------------------------------------------------------------

    def _skip_trivia(self, pos: int) -> int:
        text = self.text
        while True:
            match = trivia(text, pos)
            if match:
                if self._watch_comments:
                    self._note_requires(pos, match.end())
                pos = min(match.end(), self.size)  # a comment takes the mark at the end of the text with it
            char = text[pos]
            if char == "<" and text.startswith("<#", pos):
                self._report_here(pos, self.size, "MissingTerminatorMultiLineComment")
                return self.size
            if char == "`" and pos + 1 == self.size:
                self._report_here(self.size + 1, self.size + 1, "IncompleteString")
                return self.size
            return pos

    def _note_requires(self, start: int, end: int) -> None:
        if self.adjust:
            return
        for match in _comments(self.text, start, min(end, self.size)):
            if match[0][:9].lower() == "#requires":
                span = match.span()
                if span not in self.requires:
                    self.requires.append(span)

    def skip_new_lines(self, semicolons: bool = False) -> None:
        """Skips blanks, comments and line ends, if *semicolons* these too."""
        text = self.text
        char = text[self.pos]
        if char not in NEW_LINE_STARTS and (char != ";" or not semicolons):
            return
        if char == " ":
            following = text[self.pos + 1]
            if following not in NEW_LINE_STARTS and (following != ";" or not semicolons):
                self.pos += 1
                return
        match = _new_lines_and_semicolons(text, self.pos) if semicolons else _new_lines(text, self.pos)
        assert match is not None
        end = match.end()
        if self._watch_comments:
            self._note_requires(self.pos, end)
        self.pos = end if end < self.size else self.size
        if text[self.pos] == "<" and text.startswith("<#", self.pos):
            self.pos = self._skip_trivia(self.pos)

    def is_pipe_continuation(self, end: int) -> bool:
        """Whether after the line end at offset *end* a pipe follows, with at most comment lines before it."""
        match = _pipe_line(self.text, end)
        return match is not None
