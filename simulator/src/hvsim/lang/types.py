# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for what stands in brackets: type names, attributes and their arguments."""

from __future__ import annotations

import re

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.core import ParserCore, before, between
from hvsim.lang.tokenizer import EXPRESSION, TYPE_NAME
from hvsim.lang.tokens import Token, kind_text

_plain_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?!\w)").match


class TypeRules(ParserCore):
    """Type names and attributes."""

    def simple_name_token(self) -> Token | None:
        """An identifier that is neither keyword nor bare word."""
        self.want_simple_name = True
        token = self.peek()
        self.want_simple_name = False
        if token.kind != "Identifier":
            return None
        self.skip()
        return token

    def simple_name(self) -> ast.StringConstantExpression | None:
        """An identifier as a string constant."""
        if self.ungot is None and self.skipped is None and self.mode != TYPE_NAME:
            match = _plain_name(self.text, self.pos)
            if match is not None:
                start = self.pos + self.adjust
                self.pos = end = match.end()
                return ast.StringConstantExpression(start, end + self.adjust, match[0])
        token = self.simple_name_token()
        if token is None:
            return None
        return ast.StringConstantExpression(token.start, token.end, self.text_of(token))

    def next_left_bracket(self) -> Token | None:
        """``[`` if it comes next."""
        token = self.ungot
        if token is None:
            return self.left_bracket()
        if token.kind == "LBracket":
            self.ungot = None
            return token
        return None

    # ---- attributes --------------------------------------------------------------------------------------------------

    def attributes(self, in_expression: bool) -> list[ast.AttributeBase] | None:
        result: list[ast.AttributeBase] = []
        attribute = self.attribute()
        while attribute is not None:
            result.append(attribute)
            if not in_expression or isinstance(attribute, ast.Attribute):
                self.new_lines()
            attribute = self.attribute()
        return result or None

    def attribute(self) -> ast.AttributeBase | None:
        """One attribute ``[Name(...)]`` or type ``[name]``."""
        l_bracket = self.next_left_bracket()
        if l_bracket is None:
            return None
        self.new_lines()
        type_name = self.type_name(assembly=True)
        if type_name is None:
            self.resync(l_bracket.start)
            self.error_after(l_bracket, "MissingTypename")
            return None
        token = self.next()
        if token.kind == "LParen":
            return self._attribute_with_arguments(l_bracket, type_name, token)
        if token.kind == "RBracket":
            return ast.TypeConstraint(l_bracket.start, token.end, type_name)
        self.unget(token)
        self.error(before(token), "EndSquareBracketExpectedAtEndOfAttribute")
        return ast.TypeConstraint(l_bracket.start, type_name.end, type_name)

    def _attribute_with_arguments(self, l_bracket: Token, type_name: ast.AnyTypeName, l_paren: Token) -> ast.Attribute:
        self.new_lines()
        positional: list[ast.Expression] = []
        named: list[ast.NamedAttributeArgument] = []
        mode = self.mode
        self.set_mode(EXPRESSION)
        last = self._attribute_arguments(positional, named, Extent(l_paren.start, l_paren.end))
        self.set_mode(mode)
        self.new_lines()
        end = last.end
        r_paren = self.next()
        closed = r_paren.kind == "RParen"
        if closed:
            end = r_paren.end
        else:
            self.unget(r_paren)
            self.error_after(last, "MissingEndParenthesisInExpression")
        self.new_lines()
        r_bracket = self.next()
        if r_bracket.kind == "RBracket":
            end = r_bracket.end
        else:
            self.unget(r_bracket)
            if closed:
                self.error_after(r_paren, "EndSquareBracketExpectedAtEndOfAttribute")
        return ast.Attribute(l_bracket.start, end, type_name, positional, named)

    def _attribute_arguments(
        self, positional: list[ast.Expression], named: list[ast.NamedAttributeArgument], last: Extent
    ) -> Extent:
        """Fills the lists; returns the extent of the last thing seen."""
        no_comma, self.no_comma = self.no_comma, True
        comma: Token | None = None
        seen: set[str] = set()
        while True:
            self.new_lines()
            name = self.simple_name()
            if name is not None:
                expr, omitted = self._named_argument(name)
                if not omitted:
                    last = expr.extent
                if name.value in seen:
                    self.error(name, "DuplicateNamedArgument", name.value)
                else:
                    named.append(ast.NamedAttributeArgument(name.start, expr.end, name.value, expr, omitted))
            else:
                argument = self.expression()
                if argument is not None:
                    positional.append(argument)
                    last = argument.extent
                elif comma is not None:
                    last = Extent(comma.end, comma.end)
                    self.error(last, "MissingExpressionAfterToken", ",")
                    positional.append(ast.ErrorExpression(last.start, last.end))
            self.new_lines()
            comma = self.peek()
            if comma.kind != "Comma":
                break
            last = Extent(comma.start, comma.end)
            self.skip()
        self.no_comma = no_comma
        return last

    def _named_argument(self, name: ast.StringConstantExpression) -> tuple[ast.Expression, bool]:
        token = self.peek()
        if token.kind != "Equals":
            return ast.ConstantExpression(name.start, name.end, True), True
        self.skip()
        self.new_lines()
        expr = self.expression()
        if expr is None:
            self.error_after(token, "MissingExpressionInNamedArgument")
            expr = ast.ErrorExpression(token.end, token.end)
            self.synchronize(True, "Comma", "RParen", "RBracket", "NewLine")
        return expr, False

    # ---- type names --------------------------------------------------------------------------------------------------

    def type_name(self, *, assembly: bool) -> ast.AnyTypeName | None:
        """A type name without its outer brackets."""
        mode = self.mode
        self.set_mode(TYPE_NAME)
        token = self.next()
        result: ast.AnyTypeName | None = None
        if token.kind == "Identifier":
            result = self._finish_type_name(token, bare=False, assembly=assembly)
        else:
            self.unget(token)
        self.set_mode(mode)
        return result

    def _plain(self, token: Token, assembly: str | None = None, end: int | None = None) -> ast.TypeName:
        return ast.TypeName(token.start, token.end if end is None else end, self.text_of(token), assembly)

    def _finish_type_name(self, name: Token, *, bare: bool, assembly: bool = True) -> ast.AnyTypeName:
        """What follows the first word; *bare*: a generic argument without brackets of its own."""
        token = self.peek()
        if token.kind == "LBracket":
            self.skip()
            self.new_lines()
            following = self.next()
            if following.kind in ("RBracket", "Comma"):
                return self._array_type(self._plain(name), following, bare)
            if following.kind in ("LBracket", "Identifier"):
                return self._generic_type(name, following, bare)
            if following.kind == "EndOfInput":
                self.unget(following)
                self.error_after(token, "MissingTypename")
            else:
                self.unexpected(following)
                self.synchronize(True, "RBracket")
            return self._plain(name)
        if token.kind == "Comma" and assembly and not bare:
            self.skip()
            assembly_name = self.assembly_name()
            if assembly_name:
                end = self.token("", self.pos).end
                return self._plain(name, assembly_name, end)
            self.error_after(token, "MissingAssemblyNameSpecification")
        return self._plain(name)

    def _generic_argument(self, first: Token) -> ast.AnyTypeName:
        if first.kind == "Identifier":
            return self._finish_type_name(first, bare=True)
        token = self.next()
        if token.kind != "Identifier":
            self.unget(token)
            self.error_after(token, "MissingTypename")
            return ast.TypeName(first.start, first.end, ":ErrorTypeName:")
        result = self._finish_type_name(token, bare=False)
        r_bracket = self.next()
        if r_bracket.kind != "RBracket":
            self.unget(r_bracket)
            self.error(before(r_bracket), "EndSquareBracketExpectedAtEndOfType")
        return result

    def generic_arguments(self, first: Token) -> tuple[list[ast.AnyTypeName], Token]:
        """Generic arguments and the token behind them."""
        self.enter()
        result = [self._generic_argument(first)]
        while True:
            self.new_lines()
            last = self.next()
            if last.kind != "Comma":
                self.depth -= 1
                return result, last
            self.new_lines()
            token = self.peek()
            if token.kind in ("Identifier", "LBracket"):
                self.skip()
                result.append(self._generic_argument(token))
            else:
                self.error_after(last, "MissingTypename")
                result.append(ast.TypeName(last.start, last.end, ":ErrorTypeName:"))

    def _generic_type(self, name: Token, first: Token, bare: bool) -> ast.AnyTypeName:
        arguments, last = self.generic_arguments(first)
        end = last.end
        if last.kind != "RBracket":
            self.unget(last)
            self.error(before(last), "EndSquareBracketExpectedAtEndOfAttribute")
            end = arguments[-1].end
        open_type = self._plain(name)
        result = ast.GenericTypeName(name.start, end, open_type, arguments)
        token = self.peek()
        if token.kind == "LBracket":
            self.skip()
            return self._array_type(result, self.next(), bare)
        if token.kind == "Comma" and not bare:
            self.skip()
            open_type.assembly = self._assembly_behind(token)
        return result

    def _assembly_behind(self, comma: Token) -> str | None:
        assembly = self.assembly_name()
        if not assembly:
            self.error_after(comma, "MissingAssemblyNameSpecification")
        return assembly or None

    def _array_type(self, element: ast.AnyTypeName, token: Token, bare: bool) -> ast.AnyTypeName:
        """The dimensions behind *element*; *token* is the first one after ``[``."""
        open_type = element.type_name if isinstance(element, ast.GenericTypeName) else element
        assert isinstance(open_type, ast.TypeName)
        while True:
            if token.kind == "Comma":
                element = self._dimensions(element, token)
            elif token.kind == "RBracket":
                element = ast.ArrayTypeName(element.start, token.end, element, 1)
            elif token.kind == "EndOfInput":
                self.unget(token)
                self.error(before(token), "EndSquareBracketExpectedAtEndOfAttribute")
            else:
                self.unexpected(token)
                self.synchronize(True, "RBracket")
            following = self.peek()
            if following.kind == "Comma" and not bare:
                self.skip()
                open_type.assembly = self._assembly_behind(following)
                return element
            if following.kind != "LBracket":
                return element
            self.skip()
            token = self.next()

    def _dimensions(self, element: ast.AnyTypeName, first: Token) -> ast.AnyTypeName:
        rank = 1
        token = last = first
        while token.kind == "Comma":
            last = token
            rank += 1
            token = self.next()
        if rank > 32:
            if token.kind != "RBracket":
                self.unget(token)
            self.error(between(first, last), "ArrayHasTooManyDimensions", rank)
            return element
        if token.kind != "RBracket":
            self.unget(token)
            self.error_after(last, "EndSquareBracketExpectedAtEndOfAttribute")
        return ast.ArrayTypeName(element.start, token.end, element, rank)

    # ---- parameters --------------------------------------------------------------------------------------------------

    def parameter_list(self) -> list[ast.Parameter]:
        """Parameters between parentheses."""
        parameters: list[ast.Parameter] = []
        comma: Token | None = None
        while True:
            parameter = self._parameter()
            if parameter is None:
                if comma is not None:
                    self.error_after(comma, "MissingExpressionAfterToken", kind_text(comma.kind))
                return parameters
            parameters.append(parameter)
            self.new_lines()
            comma = self.peek()
            if comma.kind != "Comma":
                return parameters
            self.skip()

    def _parameter(self) -> ast.Parameter | None:
        no_comma, self.no_comma = self.no_comma, True
        mode = self.mode
        self.set_mode(EXPRESSION)
        try:
            self.new_lines()
            attributes = self.attributes(in_expression=False)
            self.new_lines()
            token = self.next()
            if token.kind not in ("Variable", "SplattedVariable"):
                self.unget(token)
                if attributes is None:
                    return None
                self.error_after(attributes[-1], "InvalidFunctionParameter")
                self.synchronize(True, "RParen")
                start, end = attributes[0].start, attributes[-1].end
                return ast.Parameter(start, end, ast.VariableExpression(start, end, "__error__"), attributes)
            self.new_lines()
            default: ast.Expression | None = None
            equals = self.peek()
            if equals.kind == "Equals":
                self.skip()
                self.new_lines()
                default = self.expression()
                if default is None:
                    self.error_after(equals, "MissingExpressionAfterToken", "=")
        finally:
            self.no_comma = no_comma
            self.set_mode(mode)
        start = attributes[0].start if attributes else token.start
        end = default.end if default is not None else token.end
        name = ast.VariableExpression(token.start, token.end, token.value, token.kind == "SplattedVariable")
        return ast.Parameter(start, end, name, attributes or [], default)
