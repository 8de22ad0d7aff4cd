# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens with free text in them: bare words, strings, here-strings and variables."""

from __future__ import annotations

import re

from hvsim.lang import chars
from hvsim.lang.scanner import COMMAND, EXPRESSION, Scanner
from hvsim.lang.tokens import Token

_W = chars.WHITESPACE
_variable = re.compile(rf"[$?^]|(?::|{chars.WORD})(?:{chars.WORD}|\?|:(?!:))*").match
_simple_variable = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)(?![\w?:])").match
_simple_literal = re.compile(rf"'([^{chars.SINGLE_QUOTES}\0]*)'(?![{chars.SINGLE_QUOTES}])").match
_simple_string = re.compile(rf'"([^{chars.DOUBLE_QUOTES}$`\0]*)"(?![{chars.DOUBLE_QUOTES}])').match
_plain_word = re.compile(rf"[^{chars.END_TOKEN}`${chars.SINGLE_QUOTES}{chars.DOUBLE_QUOTES}]*").match
_plain_single = re.compile(rf"[^{chars.SINGLE_QUOTES}\0]*").match
_plain_double = re.compile(rf"[^{chars.DOUBLE_QUOTES}$`\0]*").match
_plain_here = re.compile(r"[^\r\n$`\0]*").match
_plain_braced = re.compile(rf"[^}}{{`{chars.DOUBLE_QUOTES}\0]*").match
_plain_subexpression = re.compile(rf"[^()`{chars.DOUBLE_QUOTES}\0]*").match
_here_literal_end = re.compile(rf"(?:\r\n?|\n)[{chars.SINGLE_QUOTES}]@").search
_here_double_end = re.compile(rf"(?:\r\n?|\n)[{chars.DOUBLE_QUOTES}]@").match
_false_literal_end = re.compile(rf"(?:\r\n?|\n)[{_W}]+([{chars.SINGLE_QUOTES}])@").search
_false_double_end = re.compile(rf"(?:\r\n?|\n)[{_W}]+([{chars.DOUBLE_QUOTES}])@").match
_new_line = re.compile(r"\r\n?|\n").match
_blanks = re.compile(rf"[{_W}]*").match
_unicode_escape = re.compile(r"\{([0-9a-fA-F]*)").match

_VARIABLE_ENDS = chars.TOKEN_ENDS | frozenset(".[=")
"""What ends a variable where commands are read; anything else makes it a part of a word."""

_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_INVALID = "\uffff"

Piece = str | tuple[Token, str]


class WordScanner(Scanner):
    """Scans words, strings and variables."""

    # ---- words -------------------------------------------------------------------------------------------------------

    def _generic(self, start: int, pieces: list[Piece]) -> Token:
        """A bare word from *start*, of which *pieces* up to the current position are known."""
        text = self.text
        if len(pieces) < 2:
            match = _plain_word(text, self.pos)
            assert match is not None
            if text[match.end()] in chars.TOKEN_ENDS and (not pieces or isinstance(pieces[0], str)):
                self.pos = match.end()
                word = match[0] if not pieces else f"{pieces[0]}{match[0]}"
                return self.token("Generic", start, word)
        while True:
            match = _plain_word(text, self.pos)
            assert match is not None
            if match.end() > self.pos:
                pieces.append(match[0])
                self.pos = match.end()
            char = text[self.pos]
            if char in chars.TOKEN_ENDS:
                break
            self.pos += 1
            if char == "`":
                pieces.append(self._backtick())
            elif char in chars.SINGLE_QUOTES:
                self._single_quoted(pieces)
            elif char in chars.DOUBLE_QUOTES:
                self._double_quoted(pieces)
            elif not self._dollar(pieces, here=False):
                pieces.append("$")
        if len(pieces) == 1 and isinstance(pieces[0], str):
            return self.token("Generic", start, pieces[0])
        value, parts = _finish(pieces)
        return self.token("Generic", start, value, parts)

    def _backtick(self) -> str:
        """The character that an escape means; the backtick was read."""
        char = self.text[self.pos]
        if char == "\0":
            return "`"
        self.pos += 1
        if char in _ESCAPES:
            return _ESCAPES[char]
        if self.ps7:
            if char == "e":
                return "\x1b"
            if char == "u":
                return self._unicode_escape()
        return char

    def _unicode_escape(self) -> str:
        start = self.pos - 2
        match = _unicode_escape(self.text, self.pos)
        if match is None:
            self._report_here(start, self.pos, "InvalidUnicodeEscapeSequence")
            return _INVALID
        digits = match[1][:7]
        self.pos = match.start(1) + len(digits)
        if len(digits) > 6:
            self.pos -= 1
            self._report_here(self.pos, self.pos + 1, "TooManyDigitsInUnicodeEscapeSequence")
            return _INVALID
        if self.text[self.pos] != "}":
            error = "InvalidUnicodeEscapeSequence" if len(digits) < 6 else "MissingUnicodeEscapeSequenceTerminator"
            self._report_here(self.pos, self.pos + 1, error)
            return _INVALID
        self.pos += 1
        if not digits:
            self._report_here(start, self.pos, "InvalidUnicodeEscapeSequence")
            return _INVALID
        code = int(digits, 16)
        if code > 0x10FFFF:
            self._report_here(start + 3, self.pos - 1, "InvalidUnicodeEscapeSequenceValue")
            return _INVALID
        if code > 0xFFFF:
            return chr(0xD800 + ((code - 0x10000) >> 10)) + chr(0xDC00 + (code & 0x3FF))
        return chr(code)

    # ---- strings -----------------------------------------------------------------------------------------------------

    def _single_quoted(self, pieces: list[Piece]) -> None:
        text = self.text
        start = self.pos - 1
        while True:
            match = _plain_single(text, self.pos)
            assert match is not None
            if match.end() > self.pos:
                pieces.append(match[0])
                self.pos = match.end()
            if text[self.pos] == "\0":
                if self.pos >= self.size:
                    self._report_here(start, self.pos, "TerminatorExpectedAtEndOfString", "'")
                    return
                pieces.append("\0")
                self.pos += 1
                continue
            self.pos += 1
            following = text[self.pos]
            if following not in chars.SINGLE_QUOTES:
                return
            pieces.append(following)
            self.pos += 1

    def _string_literal(self, char: str, start: int) -> Token:
        match = _simple_literal(self.text, start)
        if match is not None:
            self.pos = match.end()
            return self.token("StringLiteral", start, match[1])
        self.pos = start + 1
        pieces: list[Piece] = []
        self._single_quoted(pieces)
        return self.token("StringLiteral", start, pieces[0] if len(pieces) == 1 else "".join(map(str, pieces)))

    def _double_quoted(self, pieces: list[Piece]) -> None:
        text = self.text
        start = self.pos - 1
        while True:
            match = _plain_double(text, self.pos)
            assert match is not None
            if match.end() > self.pos:
                pieces.append(match[0])
                self.pos = match.end()
            char = text[self.pos]
            if char == "\0":
                if self.pos >= self.size:
                    self._report_here(start, self.pos, "TerminatorExpectedAtEndOfString", '"')
                    return
                self.pos += 1
                pieces.append("\0")
                continue
            self.pos += 1
            if char == "$":
                if not self._dollar(pieces, here=False):
                    pieces.append("$")
            elif char == "`":
                pieces.append(self._backtick())
            else:
                following = text[self.pos]
                if following not in chars.DOUBLE_QUOTES:
                    return
                pieces.append(following)
                self.pos += 1

    def _string_expandable(self, char: str, start: int) -> Token:
        match = _simple_string(self.text, start)
        if match is not None:
            self.pos = match.end()
            return self.token("StringExpandable", start, match[1])
        self.pos = start + 1
        pieces: list[Piece] = []
        self._double_quoted(pieces)
        value, parts = _finish(pieces)
        return self.token("StringExpandable", start, value, parts)

    def _dollar(self, pieces: list[Piece], *, here: bool) -> bool:
        """Scans a variable or subexpression inside a string; the dollar was read. False: there is none."""
        text = self.text
        start = self.pos - 1
        following = text[self.pos]
        if following == "(":
            nested = self._subexpression(start, here)
        elif following == "{" or (following != "\0" and chars.is_variable_start(following)):
            mode, self.mode = self.mode, EXPRESSION
            nested = self._variable_token(start, splatted=False, in_string=True)
            self.mode = mode
        else:
            return False
        pieces.append((nested, text[start : self.pos]))
        return True

    def _subexpression(self, start: int, here: bool) -> Token:
        text = self.text
        self.pos += 1
        depth = 1
        pieces = ["$("]
        skipped: list[int] = []
        while depth:
            match = _plain_subexpression(text, self.pos)
            assert match is not None
            pieces.append(match[0])
            self.pos = match.end()
            char = text[self.pos]
            if char == "\0":
                if self.pos >= self.size:
                    self._report_here(start, self.pos, "IncompleteDollarSubexpressionReference")
                    break
            elif char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
            elif not here and text[self.pos + 1] in chars.DOUBLE_QUOTES:
                skipped.append(self.pos + self.adjust)
                self.pos += 1
                char = text[self.pos]
            self.pos += 1
            pieces.append(char)
        return self.token("SubExpression", start, "".join(pieces), skipped or self.skipped)

    def _here_header(self, start: int, quote: str) -> bool:
        """Scans the rest of the line after ``@'``; False after an error."""
        text = self.text
        match = _blanks(text, start + 2)
        assert match is not None
        self.pos = match.end()
        char = text[self.pos]
        if char in "\r\n":
            return True
        if self.pos >= self.size:
            self._report_here(start, self.pos, "TerminatorExpectedAtEndOfString", quote + "@")
            return False
        self._report_here(self.pos, self.pos + 1, "UnexpectedCharactersAfterHereStringHeader")
        while self.pos < self.size and text[self.pos] not in "\r\n":
            if text[self.pos] == quote and text[self.pos + 1] == "@":
                self.pos += 2
                break
            self.pos += 1
        return False

    def _here_literal(self, start: int) -> Token:
        text = self.text
        if not self._here_header(start, "'"):
            return self.token("HereStringLiteral", start, "")
        header_end = self.pos
        first = _new_line(text, header_end)
        assert first is not None
        match = _here_literal_end(text, header_end)
        if match is None:
            self.pos = self.size
            false_end = _false_literal_end(text, header_end)
            if false_end is not None:
                self._report_here(false_end.start(1), self.pos, "WhitespaceBeforeHereStringFooter")
            else:
                self._report_here(start, self.pos, "TerminatorExpectedAtEndOfString", "'@")
            return self.token("HereStringLiteral", start, text[first.end() : self.size])
        self.pos = match.end()
        return self.token("HereStringLiteral", start, text[first.end() : match.start()])

    def _here_expandable(self, start: int) -> Token:
        text = self.text
        if not self._here_header(start, '"'):
            return self.token("HereStringExpandable", start, "")
        pieces: list[Piece] = []
        false_end = -1
        header = True
        while True:
            line_end = _new_line(text, self.pos)
            if line_end is not None:
                match = _here_double_end(text, self.pos)
                if match is not None:
                    self.pos = match.end()
                    break
                if false_end < 0:
                    match = _false_double_end(text, self.pos)
                    if match is not None:
                        false_end = match.start(1)
                if not header:
                    pieces.append(line_end[0])
                self.pos = line_end.end()
            header = False
            match = _plain_here(text, self.pos)
            assert match is not None
            if match.end() > self.pos:
                pieces.append(match[0])
                self.pos = match.end()
            char = text[self.pos]
            if char == "$" or char == "`":
                self.pos += 1
                if char == "`":
                    pieces.append(self._backtick())
                elif not self._dollar(pieces, here=True):
                    pieces.append("$")
            elif char == "\0":
                if self.pos >= self.size:
                    if false_end >= 0:
                        self._report_here(false_end, self.pos, "WhitespaceBeforeHereStringFooter")
                    else:
                        self._report_here(start, self.pos, "TerminatorExpectedAtEndOfString", '"@')
                    break
                pieces.append("\0")
                self.pos += 1
        value, parts = _finish(pieces)
        return self.token("HereStringExpandable", start, value, parts)

    # ---- variables ---------------------------------------------------------------------------------------------------

    def _dollar_token(self, char: str, pos: int) -> Token:
        text = self.text
        match = _simple_variable(text, pos)
        if match is not None:
            end = match.end()
            if self.mode != COMMAND or text[end] in _VARIABLE_ENDS:
                self.pos = end
                if self.skipped is None:
                    adjust = self.adjust
                    return Token("Variable", pos + adjust, end + adjust, match[1])
                return self.token("Variable", pos, match[1])
        following = text[pos + 1]
        if following == "(":
            return self._simple("DollarParen", 2)
        self.pos = pos + 1
        if following != "{" and not (following != "\0" and chars.is_variable_start(following)):
            return self._generic(pos, ["$"])
        return self._variable_token(pos, splatted=False)

    def _variable_token(self, start: int, *, splatted: bool, in_string: bool = False) -> Token:
        """A variable; the position is behind its ``$`` or ``@``."""
        text = self.text
        if text[self.pos] == "{":
            return self._braced_variable(start, in_string)
        match = _variable(text, self.pos)
        assert match is not None
        self.pos = match.end()
        name = match[0]
        if self.mode == COMMAND:
            following = text[self.pos]
            special = name in ("$", "?", "^")
            if following not in chars.TOKEN_ENDS and (
                special or not (following in ".[=" or (following == ":" and text[self.pos + 1] == ":"))
            ):
                self.pos = start
                if splatted:
                    self.pos += 1
                    return self._generic(start, ["@"])
                return self._generic(start, [])
        if ":" in name and not unqualified(name):
            first, last = start, self.pos
            error = "InvalidVariableReferenceWithDrive" if is_drive(name) else "InvalidVariableReference"
            self._report_here(first, last, error)
        return self.token("SplattedVariable" if splatted else "Variable", start, name)

    def _braced_variable(self, start: int, in_string: bool) -> Token:
        text = self.text
        name_start = self.pos
        self.pos += 1
        pieces: list[str] = []
        closed = False
        while True:
            match = _plain_braced(text, self.pos)
            assert match is not None
            pieces.append(match[0])
            self.pos = match.end()
            char = text[self.pos]
            if char == "\0" and self.pos >= self.size:
                break
            self.pos += 1
            if char == "}":
                closed = True
                break
            if char == "`":
                if self.pos >= self.size:
                    break
                char = self._backtick()
            elif char == "{":
                self._report_here(self.pos, self.pos + 1, "OpenBraceNeedsToBeBackTickedInVariableName")
            elif in_string and char in chars.DOUBLE_QUOTES:
                if self.pos >= self.size:
                    break
                if text[self.pos] in chars.DOUBLE_QUOTES:
                    char = text[self.pos]
                    self.pos += 1
            pieces.append(char)
        name = "".join(pieces)
        if not closed:
            self._report_here(name_start, self.pos, "IncompleteDollarVariableReference")
        if not name:
            if closed:
                self._report_here(self.pos - 1, self.pos, "EmptyVariableReference")
            name = ":Error:"
        if self.mode == COMMAND and text[self.pos] not in chars.TOKEN_ENDS and text[self.pos] not in ".[":
            self.pos = start
            return self._generic(start, [])
        if not unqualified(name):
            self._report_here(start, self.pos, "InvalidBracedVariableReference")
        return self.token("Variable", start, name)


def _finish(pieces: list[Piece]) -> tuple[str, list[str | Token] | None]:
    """Text of a string and, if there are expressions in it, its parts."""
    value = "".join(piece if isinstance(piece, str) else piece[1] for piece in pieces)
    parts: list[str | Token] = []
    literal = ""
    for piece in pieces:
        if isinstance(piece, str):
            literal += piece
        else:
            if literal:
                parts.append(literal)
                literal = ""
            parts.append(piece[0])
    if not parts:
        return value, None
    if literal:
        parts.append(literal)
    return value, parts


_SCOPE = re.compile(r"(?:variable:)?(?:global|local|private|script):|variable:", re.IGNORECASE).match


def unqualified(path: str) -> str:
    """A variable path without its scope or drive."""
    match = _SCOPE(path)
    if match is not None:
        return path[match.end() :]
    return path[path.find(":") + 1 :]


def is_drive(path: str) -> bool:
    """Whether a variable path begins with a drive (``env:``), not with a scope."""
    return _SCOPE(path) is None and path.find(":") > 0
