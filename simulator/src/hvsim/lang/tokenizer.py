# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokenizer: the same text means different tokens in the modes that the parser sets.

It works on ``text`` from ``pos``; while an expression inside a string is scanned, ``text`` is that expression and ``adjust``
where it begins in the source. Quotes that were doubled inside the string are dropped from such a text; ``skipped`` holds
their offsets, so that tokens still get the place where they were written. Errors keep PowerShell's own, unshifted offsets.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hvsim.lang import chars
from hvsim.lang.errors import ParseErrorInfo
from hvsim.lang.messages import MESSAGES
from hvsim.lang.numbers import NUMBER_7, NUMBER_51, is_number, number_value
from hvsim.lang.tokens import KEYWORDS, KEYWORDS_51, OPERATORS, Token
from hvsim.lang.ast import NumberLiteral, Source

COMMAND, EXPRESSION, TYPE_NAME, SIGNATURE = range(4)

_W = chars.WHITESPACE
_TRIVIA = (
    rf"[{_W}]+|\#[^\r\n]*|(?><\#(?s:.*?)\#>)|`(?:\r\n?|\n)|`[{_W}]+"
)
_trivia = re.compile(f"(?:{_TRIVIA})+").match
_new_lines = re.compile(rf"(?:{_TRIVIA}|[\r\n])*").match
_new_lines_and_semicolons = re.compile(rf"(?:{_TRIVIA}|[\r\n;])*").match
_comments = re.compile(r"\#[^\r\n]*|<\#(?s:.*?)\#>|[^#<]+|.").finditer
_identifier = re.compile(f"{chars.WORD}+").match
_type_name = re.compile(rf"(?:{chars.WORD}|[.`+#\\])*").match
_variable = re.compile(rf"[$?^]|(?::|{chars.WORD})(?:{chars.WORD}|\?|:(?!:))*").match
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
_parameter = re.compile(rf"[^{_W}{{}}();,|&.\[\r\n\0:{chars.SINGLE_QUOTES}{chars.DOUBLE_QUOTES}]*").match
_operator_name = re.compile(r"[A-Za-z]*").match
_verbatim = re.compile(rf"(?:[{chars.DOUBLE_QUOTES}][^\r\n\0{chars.DOUBLE_QUOTES}]*[{chars.DOUBLE_QUOTES}]?|[^\r\n|&\0{chars.DOUBLE_QUOTES}]|&(?!&))*").match
_assembly_word = re.compile(rf"[^{_W}\0\r\n,=\]]*").match
_COMMENT = r"(?>\#[^\r\n]*|<\#(?s:.*?)\#>)"
_pipe_line = re.compile(
    rf"(?>[{_W}]*+(?:{_COMMENT}[{_W}]*+)++(?:\r\n?|\n))*+[{_W}]*+(?:{_COMMENT}[{_W}]*+)*+\|"
).match
_unicode_escape = re.compile(r"\{([0-9a-fA-F]*)").match

_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_INVALID = "\uffff"

Piece = str | tuple[Token, str]


class Tokenizer:
    """Scans tokens; base of the parser."""

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
        message = MESSAGES[error_id]
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
        match = _trivia(self.text, end)
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
            match = _trivia(text, pos)
            if match:
                if self._watch_comments:
                    self._note_requires(pos, match.end())
                pos = min(match.end(), self.size)  # a comment takes the mark at the end of the text with it
            if text.startswith("<#", pos):
                self._report_here(pos, self.size, "MissingTerminatorMultiLineComment")
                return self.size
            if text[pos] == "`" and pos + 1 == self.size:
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
        skip = _new_lines_and_semicolons if semicolons else _new_lines
        match = skip(self.text, self.pos)
        assert match is not None
        if self._watch_comments:
            self._note_requires(self.pos, match.end())
        self.pos = min(match.end(), self.size)
        if self.text.startswith("<#", self.pos):
            self.pos = self._skip_trivia(self.pos)

    def is_pipe_continuation(self, end: int) -> bool:
        """Whether after the line end at offset *end* a pipe follows, with at most comment lines before it."""
        match = _pipe_line(self.text, end)
        return match is not None

    # ---- tokens ------------------------------------------------------------------------------------------------------

    def scan(self) -> Token:
        """The next token in the current mode."""
        pos = self.pos
        char = self.text[pos]
        if char in chars.TRIVIA_STARTS:
            pos = self._skip_trivia(pos)
            char = self.text[pos]
        self.pos = pos
        handler = _HANDLERS.get(char)
        if handler is not None:
            return handler(self, char, pos)
        if char == "\0" and pos >= self.size:
            end = pos + 1 + self.adjust
            return Token("EndOfInput", end, end)
        if char.isalpha():
            return self._identifier_token(char, pos)
        if char == "?" and self.mode == EXPRESSION and self.ps7:
            if self.text.startswith("??=", pos):
                return self._simple("QuestionQuestionEquals", 3)
            if self.text.startswith("??", pos):
                return self._simple("QuestionQuestion", 2)
            return self._simple("QuestionMark", 1)
        if char == "`":
            return self._generic(pos, [])
        self.pos = pos + 1
        return self._generic(pos, [char])

    def _simple(self, kind: str, length: int) -> Token:
        start = self.pos
        self.pos = start + length
        return self.token(kind, start)

    def _checked(self, kind: str, length: int) -> Token:
        """An operator, but in command mode part of a word when characters follow it directly."""
        start = self.pos
        self.pos = start + length
        if self.mode == COMMAND and self.text[self.pos] not in chars.TOKEN_ENDS:
            return self._generic(start, [self.text[start : self.pos]])
        return self.token(kind, start)

    def _punctuation(self, char: str, pos: int) -> Token:
        self.pos = pos + 1
        return self.token(_PUNCTUATION[char], pos)

    def _line_end(self, char: str, pos: int) -> Token:
        return self._simple("NewLine", 2 if char == "\r" and self.text[pos + 1] == "\n" else 1)

    def _ampersand(self, char: str, pos: int) -> Token:
        return self._simple("AndAnd", 2) if self.text[pos + 1] == "&" else self._simple("Ampersand", 1)

    def _pipe(self, char: str, pos: int) -> Token:
        return self._simple("OrOr", 2) if self.text[pos + 1] == "|" else self._simple("Pipe", 1)

    def _equals(self, char: str, pos: int) -> Token:
        return self._checked("Equals", 1)

    def _plus(self, char: str, pos: int) -> Token:
        following = self.text[pos + 1]
        if following == "+":
            return self._checked("PlusPlus", 2)
        if following == "=":
            return self._checked("PlusEquals", 2)
        if self.signed_numbers and (following.isdecimal() or following == "."):
            return self._number_token(char, pos)
        return self._checked("Plus", 1)

    def _dash(self, char: str, pos: int) -> Token:
        following = self.text[pos + 1]
        if following in chars.DASHES:
            return self._checked("MinusMinus", 2)
        if following == "=":
            return self._checked("MinusEquals", 2)
        if following in "_?" or following.isalpha():
            return self._parameter_or_operator(pos)
        if self.signed_numbers and (following.isdecimal() or following == "."):
            return self._number_token(char, pos)
        return self._checked("Minus", 1)

    def _parameter_or_operator(self, start: int) -> Token:
        text = self.text
        if self.mode != COMMAND:
            match = _operator_name(text, start + 1)
            assert match is not None
            name = match[0]
            self.pos = match.end()
            if self.mode == EXPRESSION:
                kind = OPERATORS.get(name.lower())
                if kind is not None:
                    return self.token(kind, start)
            return self.token("Parameter", start, name, text[self.pos] == ":") if name else self.token("Minus", start)
        match = _parameter(text, start + 1)
        assert match is not None
        self.pos = match.end()
        following = text[self.pos]
        if following in chars.SINGLE_QUOTES or following in chars.DOUBLE_QUOTES:
            return self._generic(start, [text[start : self.pos]])
        if following == ":":
            self.pos += 1
            return self.token("Parameter", start, match[0], True)
        return self.token("Parameter", start, match[0], False)

    def _multiply(self, char: str, pos: int) -> Token:
        text = self.text
        if text[pos + 1] == "=":
            return self._checked("MultiplyEquals", 2)
        if text[pos + 1] == ">":
            return self._redirection(0, pos + 1, explicit=False)
        return self._checked("Multiply", 1)

    def _divide(self, char: str, pos: int) -> Token:
        return self._checked("DivideEquals", 2) if self.text[pos + 1] == "=" else self._checked("Divide", 1)

    def _remainder(self, char: str, pos: int) -> Token:
        return self._checked("RemainderEquals", 2) if self.text[pos + 1] == "=" else self._checked("Rem", 1)

    def _less(self, char: str, pos: int) -> Token:
        return self._simple("RedirectInStd", 1)

    def _greater(self, char: str, pos: int) -> Token:
        return self._redirection(1, pos, explicit=False, merge=False)

    def _redirection(self, stream: int, greater: int, *, explicit: bool, merge: bool = True) -> Token:
        start = self.pos
        text = self.text
        targets = "1" if stream == 0 else "12"
        if merge and text[greater + 1] == "&" and text[greater + 2] in targets:
            self.pos = greater + 3
            return self.token("Redirection", start, ("merge", stream, int(text[greater + 2])))
        if explicit and self.mode == EXPRESSION:
            self.pos = greater
            return self.token("Number", start, NumberLiteral("int", stream))
        append = text[greater + 1] == ">"
        self.pos = greater + (2 if append else 1)
        return self.token("Redirection", start, ("file", stream, append))

    def _digit(self, char: str, pos: int) -> Token:
        if self.text[pos + 1] == ">" and char in "123456":
            return self._redirection(int(char), pos + 1, explicit=True)
        return self._number_token(char, pos)

    def _number_token(self, char: str, start: int) -> Token:
        text = self.text
        match = self._number(text, start)
        assert match is not None
        following = text[match.end()]
        valid = is_number(match) and (
            following in chars.TOKEN_ENDS
            or (
                self.mode == EXPRESSION
                and (following in chars.NUMBER_ENDS or (self.end_number_on_ternary and following in "?:"))
            )
        )
        value = number_value(match) if valid else None
        if value is None and (not valid or self.mode != EXPRESSION):
            self.pos = start
            return self._generic(start, [])
        self.pos = match.end()
        if value is None:
            self._report_here(start, self.pos, "BadNumericConstant", text[start : self.pos])
            value = NumberLiteral("int", 0)
        return self.token("Number", start, value)

    def _dot(self, char: str, pos: int) -> Token:
        following = self.text[pos + 1]
        if following == ".":
            if self.mode == COMMAND and self.text[pos + 2] not in chars.TOKEN_ENDS:
                self.pos = pos + 1
                return self._generic(pos, ["."])
            return self._simple("DotDot", 2)
        if "0" <= following <= "9":
            return self._number_token(char, pos)
        if self.mode == COMMAND and following not in chars.TOKEN_ENDS and following not in "$\"'":
            self.pos = pos + 1
            return self._generic(pos, ["."])
        return self._simple("Dot", 1)

    def _left_bracket(self, char: str, pos: int) -> Token:
        self.pos = pos + 1
        if self.mode == COMMAND and self.text[pos + 1] not in chars.TOKEN_ENDS:
            return self._generic(pos, ["["])
        return self.token("LBracket", pos)

    def _exclamation(self, char: str, pos: int) -> Token:
        following = self.text[pos + 1]
        self.pos = pos + 1
        if self.mode == COMMAND:
            if following not in chars.TOKEN_ENDS:
                return self._generic(pos, ["!"])
        elif self.mode == EXPRESSION:
            if following == "_" or following.isalpha():
                return self._generic(pos, ["!"])
            if self.ps7 and (following.isdecimal() or following == ".") and not self._number_follows(pos + 1):
                return self._generic(pos, ["!"])
        return self.token("Exclaim", pos)

    def _number_follows(self, pos: int) -> bool:
        match = self._number(self.text, pos)
        if match is None or not is_number(match):
            return False
        following = self.text[match.end()]
        return following in chars.TOKEN_ENDS or following in chars.NUMBER_ENDS

    def _colon(self, char: str, pos: int) -> Token:
        text = self.text
        if text[pos + 1] == ":":
            self.pos = pos + 2
            if self.mode == COMMAND and not self.want_simple_name and text[pos + 2] not in chars.TOKEN_ENDS:
                return self._generic(pos, ["::"])
            return self.token("ColonColon", pos)
        if self.mode != COMMAND:
            return self._simple("Colon", 1)
        following = text[pos + 1]
        self.pos = pos + 1
        if following != "_" and not following.isalpha():
            return self._generic(pos, [":"])
        match = _identifier(text, pos + 1)
        assert match is not None
        self.pos = match.end()
        if text[self.pos] not in chars.TOKEN_ENDS:
            return self._generic(pos, [text[pos : self.pos]])
        return self.token("Label", pos, match[0])

    def _at(self, char: str, pos: int) -> Token:
        following = self.text[pos + 1]
        if following == "{":
            return self._simple("AtCurly", 2)
        if following == "(":
            return self._simple("AtParen", 2)
        if following in chars.SINGLE_QUOTES:
            return self._here_literal(pos)
        if following in chars.DOUBLE_QUOTES:
            return self._here_expandable(pos)
        if chars.is_variable_start(following):
            self.pos = pos + 1
            return self._variable_token(pos, splatted=True)
        self._report_here(pos, pos + 1, "UnrecognizedToken")
        return self._simple("Unknown", 1)

    def _identifier_token(self, char: str, start: int) -> Token:
        text = self.text
        match = _identifier(text, start)
        assert match is not None
        end = self.pos = match.end()
        mode = self.mode
        if mode == TYPE_NAME:
            match = _type_name(text, end)
            assert match is not None
            self.pos = match.end()
            return self.token("Identifier", start)
        if not self.want_simple_name and mode != EXPRESSION:
            if mode == COMMAND and text[end] not in chars.TOKEN_ENDS:
                return self._generic(start, [match[0]])
            kind = self._keywords.get(match[0].lower())
            if kind is not None:
                return self.token(kind, start)
        return self.token("Identifier", start)

    # ---- words -------------------------------------------------------------------------------------------------------

    def _generic(self, start: int, pieces: list[Piece]) -> Token:
        """A bare word from *start*, of which *pieces* up to the current position are known."""
        text = self.text
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
        following = self.text[pos + 1]
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

    # ---- what the parser asks for ------------------------------------------------------------------------------------

    def member_access_operator(self, allow_bracket: bool) -> Token | None:
        """``.``, ``::``, ``[``, ``?.`` or ``?[`` directly behind an expression."""
        text = self.text
        char = text[self.pos]
        if char not in ".:[<?":
            return None
        while char == "<":
            if text[self.pos + 1] != "#":
                return None
            end = text.find("#>", self.pos + 2)
            if end < 0:
                self._report_here(self.pos, self.size, "MissingTerminatorMultiLineComment")
                self.pos = self.size
            else:
                self.pos = end + 2
            char = text[self.pos]
        following = text[self.pos + 1] if self.pos < self.size else "\0"
        if char == ".":
            if following == "." or (self.mode == COMMAND and following in chars.BLANKS_AND_ENDS):
                return None
            return self._simple("Dot", 1)
        if char == ":":
            if following != ":" or (self.mode == COMMAND and text[self.pos + 2] in chars.BLANKS_AND_ENDS):
                return None
            return self._simple("ColonColon", 2)
        if char == "[" and allow_bracket:
            return self._simple("LBracket", 1)
        if char == "?" and self.ps7:
            if following == ".":
                return self._simple("QuestionDot", 2)
            if following == "[" and allow_bracket:
                return self._simple("QuestionLBracket", 2)
        return None

    def invoke_open(self) -> Token | None:
        """``(`` or ``{`` directly behind a member name."""
        char = self.text[self.pos]
        if char == "(":
            return self._simple("LParen", 1)
        if char == "{":
            return self._simple("LCurly", 1)
        return None

    def left_bracket(self) -> Token | None:
        """``[`` after blanks and comments where an attribute or type may stand."""
        start = self.pos
        text = self.text
        if text[start] in chars.TRIVIA_STARTS:
            match = _trivia(text, start)
            if match is not None:
                if self._watch_comments:
                    self._note_requires(start, match.end())
                self.pos = min(match.end(), self.size)
        char = text[self.pos]
        if char == "[":
            return self._simple("LBracket", 1)
        if char in ".:" and self.pos > start and not text.endswith("#>", start, self.pos):
            self.pos = start
        return None

    def verbatim_argument(self) -> Token:
        """All that follows ``--%`` on the line."""
        match = _blanks(self.text, self.pos)
        assert match is not None
        start = match.end()
        match = _verbatim(self.text, start)
        assert match is not None
        self.pos = match.end()
        return self.token("Generic", start, match[0])

    def assembly_name(self) -> str:
        """The assembly behind the comma of a type name, with its properties."""
        result = self._assembly_word()
        while self.text[self.pos] == ",":
            self.pos += 1
            result += ", " + self._assembly_word()
            if self.text[self.pos] == "=":
                self.pos += 1
                result += "=" + self._assembly_word()
        return result

    def _assembly_word(self) -> str:
        for pattern in (_blanks, _assembly_word, _blanks):
            match = pattern(self.text, self.pos)
            assert match is not None
            self.pos = match.end()
            if pattern is _assembly_word:
                word = match[0]
        return word


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


_PUNCTUATION = {"(": "LParen", ")": "RParen", "{": "LCurly", "}": "RCurly", "]": "RBracket", ";": "Semi", ",": "Comma"}
_HANDLERS: dict[str, Callable[[Tokenizer, str, int], Token]] = {
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", Tokenizer._identifier_token),
    **dict.fromkeys("0123456789", Tokenizer._digit),
    **dict.fromkeys(_PUNCTUATION, Tokenizer._punctuation),
    **dict.fromkeys("\r\n", Tokenizer._line_end),
    **dict.fromkeys(chars.DASHES, Tokenizer._dash),
    **dict.fromkeys(chars.SINGLE_QUOTES, Tokenizer._string_literal),
    **dict.fromkeys(chars.DOUBLE_QUOTES, Tokenizer._string_expandable),
    "$": Tokenizer._dollar_token, "@": Tokenizer._at, "=": Tokenizer._equals, "+": Tokenizer._plus, "*": Tokenizer._multiply,
    "/": Tokenizer._divide, "%": Tokenizer._remainder, "<": Tokenizer._less, ">": Tokenizer._greater, ".": Tokenizer._dot,
    "[": Tokenizer._left_bracket, "!": Tokenizer._exclamation, ":": Tokenizer._colon, "&": Tokenizer._ampersand, "|": Tokenizer._pipe,
}  # fmt: skip
