# SPDX-License-Identifier: GPL-3.0-or-later
"""What all rules of the parser share: one token of look-ahead, modes, positions and error recovery."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.errors import UnsupportedSyntax
from hvsim.lang.scanner import COMMAND, EXPRESSION, NEW_LINE_STARTS
from hvsim.lang.tokenizer import Tokenizer
from hvsim.lang.tokens import MODE_INVARIANT, Token

EMPTY = Extent(0, 0)
"""The extent of what was written nowhere."""

MAX_DEPTH = 1000
"""How deep statements, expressions and type names may nest."""

Positioned = Token | ast.Located | Extent


def between(first: Positioned, last: Positioned) -> Extent:
    """From the start of *first* to the end of *last*."""
    return Extent(first.start, last.end)


def before(token: Token) -> Extent:
    """The place one character before a token."""
    offset = max(token.start - 1, 0)
    return Extent(offset, offset)


class ParserCore(Tokenizer):
    """Base of the mixins that hold the rules."""

    def __init__(self, source: ast.Source) -> None:
        super().__init__(source)
        self.ungot: Token | None = None
        self.no_comma = False
        self.depth = 0
        self.needs_checks = False
        self.flow_statements = 0
        self.catch_depth = 0

    # ---- tokens ------------------------------------------------------------------------------------------------------

    def next(self) -> Token:
        """Consumes a token."""
        token = self.ungot
        if token is None:
            return self.scan()
        self.ungot = None
        return token

    def peek(self) -> Token:
        """Looks at the next token."""
        token = self.ungot
        if token is None:
            token = self.ungot = self.scan()
        return token

    def skip(self) -> None:
        """Consumes the token that was looked at."""
        self.ungot = None

    def unget(self, token: Token) -> None:
        """Gives a token back."""
        self.ungot = token

    def set_mode(self, mode: int) -> None:
        """Switches the tokenizer; the token that was looked at is scanned again where that makes a difference."""
        if mode != self.mode:
            token = self.ungot
            if token is not None:
                kind = token.kind
                # What is a variable between the words of a command is the same one in an expression, but not the other way round.
                if kind not in MODE_INVARIANT and (kind != "Variable" or mode != EXPRESSION or self.mode != COMMAND):
                    self.resync(token.start)
            self.mode = mode

    def resync(self, offset: int) -> None:
        """Goes back to *offset*."""
        self.ungot = None
        if self.adjust:
            self.resync_to(offset)
        else:
            self.pos = min(offset, self.size)

    def text_of(self, item: Positioned) -> str:
        """The source text of a token or node."""
        return self.source_text[item.start : item.end]

    def new_lines(self) -> None:
        """Skips line ends."""
        token = self.ungot
        if token is None:
            char = self.text[self.pos]
            if char in NEW_LINE_STARTS:
                if char == " " and self.text[self.pos + 1] not in NEW_LINE_STARTS:
                    self.pos += 1
                else:
                    self.skip_new_lines()
        elif token.kind == "NewLine":
            self.ungot = None
            self.skip_new_lines()

    def terminators(self) -> None:
        """Skips line ends and semicolons."""
        token = self.ungot
        if token is None or token.kind == "NewLine" or token.kind == "Semi":
            self.ungot = None
            self.skip_new_lines(semicolons=True)

    def enter(self) -> None:
        """Counts the nesting; the caller decrements :attr:`depth` on its way out."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnsupportedSyntax(f"nesting deeper than {MAX_DEPTH} levels", start=self.pos)

    # ---- errors ------------------------------------------------------------------------------------------------------

    def error(self, place: Positioned, error_id: str, *args: object) -> None:
        """Reports an error that covers *place*."""
        self.report(place.start, place.end, error_id, *args)

    def error_after(self, place: Positioned, error_id: str, *args: object) -> bool:
        """Reports an error behind *place*; says whether only blanks follow, so that the script may just be incomplete."""
        end = place.end
        self.report(end, end, error_id, *args)
        return self.at_end(end)

    def unexpected(self, token: Token) -> None:
        """Reports a token that cannot stand where it is."""
        self.error(token, "UnexpectedToken", self.text_of(token))

    def synchronize(self, consume: bool, *kinds: str) -> None:
        """Error recovery: skips to one of the *kinds* outside of nested brackets."""
        parens = int("RParen" in kinds)
        curlies = int("RCurly" in kinds)
        brackets = int("RBracket" in kinds)
        while True:
            token = self.next()
            kind = token.kind
            closed = False
            if kind == "LParen":
                parens += 1
            elif kind == "RParen":
                parens -= 1
                closed = parens == 0
            elif kind == "LCurly":
                curlies += 1
            elif kind == "RCurly":
                curlies -= 1
                closed = curlies == 0
            elif kind == "LBracket":
                brackets += 1
            elif kind == "RBracket":
                brackets -= 1
                closed = brackets == 0
            elif kind == "EndOfInput":
                self.unget(token)
                return
            if closed and kind in kinds:
                if not consume:
                    self.unget(token)
                return
            if kind in kinds and not parens and not curlies and not brackets:
                return

    # ---- rules that other rules need ---------------------------------------------------------------------------------

    def statement(self) -> ast.Statement | None:
        """One statement."""
        raise NotImplementedError

    def statement_list(self, statements: list[ast.Statement], traps: list[ast.TrapStatement]) -> Extent | None:
        """Statements up to a closing bracket; returns what they cover."""
        raise NotImplementedError

    def script_block(
        self, l_curly: Token | None, *, is_filter: bool = False, first: ast.Statement | None = None
    ) -> ast.ScriptBlock:
        """A script, or the body behind ``{``."""
        raise NotImplementedError

    def pipeline_chain(self) -> ast.PipelineBase | None:
        """An assignment, a pipeline or a chain of pipelines."""
        raise NotImplementedError

    def single_argument(self, context: str) -> ast.Expression | None:
        """One argument of a command, such as the file name of a redirection."""
        raise NotImplementedError

    def expression(self, ternary: bool = False) -> ast.Expression | None:
        """An expression."""
        raise NotImplementedError

    def primary(self, with_members: bool) -> ast.Expression | None:
        """A value, if *with_members* with what is behind its dots and brackets."""
        raise NotImplementedError

    def attributes(self, in_expression: bool) -> list[ast.AttributeBase] | None:
        """Attributes and types in brackets."""
        raise NotImplementedError

    def using_statements(self) -> list[ast.UsingStatement]:
        """Using statements at the start of a script."""
        raise NotImplementedError

    def late_using(self, token: Token) -> ast.Statement:
        """A using statement that is not at the start of the script."""
        raise NotImplementedError

    def class_definition(self, attributes: list[ast.AttributeBase] | None, keyword: Token) -> ast.Statement:
        """``class name : bases { members }``."""
        raise NotImplementedError

    def enum_definition(self, attributes: list[ast.AttributeBase] | None, keyword: Token) -> ast.Statement:
        """``enum name { members }``."""
        raise NotImplementedError
