# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokenizer: the same text means different tokens in the modes that the parser sets."""

from __future__ import annotations

import re
from collections.abc import Callable

from hvsim.lang import chars
from hvsim.lang.ast import NumberLiteral
from hvsim.lang.numbers import is_number, number_value
from hvsim.lang.scanner import COMMAND, EXPRESSION, SIGNATURE, TYPE_NAME, trivia
from hvsim.lang.tokens import OPERATORS, Token
from hvsim.lang.words import Piece, WordScanner, is_drive, unqualified

_W = chars.WHITESPACE
_TRIVIA_STARTS = chars.TRIVIA_STARTS
ACCESS_STARTS = frozenset(".:[<?")
"""What operators behind an expression, and comments before them, begin with."""
_identifier = re.compile(f"{chars.WORD}+").match
_type_name = re.compile(rf"(?:{chars.WORD}|[.`+#\\])*").match
_blanks = re.compile(rf"[{_W}]*").match
_parameter = re.compile(rf"[^{_W}{{}}();,|&.\[\r\n\0:{chars.SINGLE_QUOTES}{chars.DOUBLE_QUOTES}]*").match
_operator_name = re.compile(r"[A-Za-z]*").match
_verbatim = re.compile(
    rf"(?:[{chars.DOUBLE_QUOTES}][^\r\n\0{chars.DOUBLE_QUOTES}]*[{chars.DOUBLE_QUOTES}]?|[^\r\n|&\0{chars.DOUBLE_QUOTES}]|&(?!&))*"
).match
_assembly_word = re.compile(rf"[^{_W}\0\r\n,=\]]*").match


class Tokenizer(WordScanner):
    """Scans tokens; base of the parser."""

    # ---- tokens ------------------------------------------------------------------------------------------------------

    def scan(self) -> Token:
        """The next token in the current mode."""
        pos = self.pos
        char = self.text[pos]
        if char in _TRIVIA_STARTS:
            if char == " " and (char := self.text[pos + 1]) not in _TRIVIA_STARTS:
                pos += 1
            else:
                pos = self._skip_trivia(pos)
                char = self.text[pos]
            self.pos = pos
        handler = _HANDLERS.get(char)
        if handler is not None:
            if not isinstance(handler, str):
                return handler(self, char, pos)
            end = self.pos = pos + 1
            if self.skipped is None:
                adjust = self.adjust
                return Token(handler, pos + adjust, end + adjust)
            return self.token(handler, pos)
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

    def _checked(self, kind: str, length: int) -> Token:
        """An operator, but in command mode part of a word when characters follow it directly."""
        start = self.pos
        self.pos = start + length
        if self.mode == COMMAND and self.text[self.pos] not in chars.TOKEN_ENDS:
            return self._generic(start, [self.text[start : self.pos]])
        return self.token(kind, start)

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
        kind = "Identifier"
        if mode == TYPE_NAME:
            match = _type_name(text, end)
            assert match is not None
            end = self.pos = match.end()
        elif not self.want_simple_name and mode != EXPRESSION:
            if mode == COMMAND and text[end] not in chars.TOKEN_ENDS:
                return self._generic(start, [match[0]])
            kind = self._keywords.get(match[0].lower(), kind)
        if self.skipped is None:
            adjust = self.adjust
            return Token(kind, start + adjust, end + adjust)
        return self.token(kind, start)

    # ---- what the parser asks for ------------------------------------------------------------------------------------

    def member_access_operator(self, allow_bracket: bool) -> Token | None:
        """``.``, ``::``, ``[``, ``?.`` or ``?[`` directly behind an expression."""
        text = self.text
        char = text[self.pos]
        if char not in ACCESS_STARTS:
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
            match = trivia(text, start)
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


_PUNCTUATION = {"(": "LParen", ")": "RParen", "{": "LCurly", "}": "RCurly", "]": "RBracket", ";": "Semi", ",": "Comma"}
_HANDLERS: dict[str, Callable[[Tokenizer, str, int], Token] | str] = {
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", Tokenizer._identifier_token),
    **dict.fromkeys("0123456789", Tokenizer._digit),
    **_PUNCTUATION,
    **dict.fromkeys("\r\n", Tokenizer._line_end),
    **dict.fromkeys(chars.DASHES, Tokenizer._dash),
    **dict.fromkeys(chars.SINGLE_QUOTES, Tokenizer._string_literal),
    **dict.fromkeys(chars.DOUBLE_QUOTES, Tokenizer._string_expandable),
    "$": Tokenizer._dollar_token, "@": Tokenizer._at, "=": Tokenizer._equals, "+": Tokenizer._plus, "*": Tokenizer._multiply,
    "/": Tokenizer._divide, "%": Tokenizer._remainder, "<": Tokenizer._less, ">": Tokenizer._greater, ".": Tokenizer._dot,
    "[": Tokenizer._left_bracket, "!": Tokenizer._exclamation, ":": Tokenizer._colon, "&": Tokenizer._ampersand, "|": Tokenizer._pipe,
}  # fmt: skip

__all__ = [
    "ACCESS_STARTS",
    "COMMAND",
    "EXPRESSION",
    "SIGNATURE",
    "TYPE_NAME",
    "Piece",
    "Tokenizer",
    "is_drive",
    "unqualified",
]
