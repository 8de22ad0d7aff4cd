# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for expressions."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.chars import TRIVIA_STARTS
from hvsim.lang.constants import VOID_TYPES, hash_key
from hvsim.lang.core import EMPTY, before
from hvsim.lang.tokenizer import ACCESS_STARTS, COMMAND, EXPRESSION, TYPE_NAME, is_drive
from hvsim.lang.tokens import BINARY_PRECEDENCE, UNARY, Token, kind_text
from hvsim.lang.types import TypeRules

_AUTOMATIC = frozenset(
    ["_", "args", "this", "input", "pscmdlet", "psboundparameters", "myinvocation", "psscriptroot", "pscommandpath"]
)


def is_surely_assignable(expr: ast.Expression, simple: bool = False) -> bool:
    """Whether no check of an assignment to *expr* can fail; *simple*: the operator is ``=``."""
    if isinstance(expr, ast.MemberExpression | ast.IndexExpression):
        return not expr.null_conditional
    if isinstance(expr, ast.VariableExpression):
        return True
    if isinstance(expr, ast.ConvertExpression):
        name = expr.child
        return (
            isinstance(name, ast.VariableExpression)
            and ":" not in name.variable_path
            and name.variable_path.lower() not in _AUTOMATIC
            and expr.attribute.type_name.full_name.lower() not in VOID_TYPES
        )
    if isinstance(expr, ast.ArrayLiteral):
        return simple and all(is_surely_assignable(element, True) for element in expr.elements)
    return False


class ExpressionRules(TypeRules):
    """Operators, values and member access."""

    # ---- operators ---------------------------------------------------------------------------------------------------

    def expression(self, ternary: bool = False) -> ast.Expression | None:
        """An expression; *ternary*: a number may end at ``?`` or ``:``."""
        mode = self.mode
        if mode != EXPRESSION:
            self.set_mode(EXPRESSION)
        condition = self._binary(ternary)
        result = condition
        if condition is not None:
            token = self.ungot or self.peek()
            if token.kind == "QuestionMark":
                self.skip()
                self.enter()
                result = self._ternary(condition, token)
                self.depth -= 1
        if mode != EXPRESSION:
            self.set_mode(mode)
        return result

    def _ternary(self, condition: ast.Expression, question: Token) -> ast.Expression:
        self.new_lines()
        if_true = self._operand_after(question)
        self.new_lines()
        colon = self.next()
        if colon.kind != "Colon":
            self.unget(colon)
            nested: list[ast.Ast] = [condition]
            if not isinstance(if_true, ast.ErrorExpression):
                nested.append(if_true)
                self.error(colon, "MissingColonInTernaryExpression")
            return ast.ErrorExpression(condition.start, before(colon).end, nested)
        self.new_lines()
        if_false = self._operand_after(colon)
        return ast.TernaryExpression(condition.start, if_false.end, condition, if_true, if_false)

    def _operand_after(self, token: Token) -> ast.Expression:
        expr = self.expression(ternary=True)
        if expr is None:
            self.error_after(token, "ExpectedValueExpression", self.text_of(token))
            return ast.ErrorExpression(token.end, token.end)
        return expr

    def _binary(self, ternary: bool) -> ast.Expression | None:
        """Operators by precedence; all are left associative."""
        left = self._array_literal(ternary)
        if left is None:
            return None
        token = self.ungot or self.peek()
        precedence = BINARY_PRECEDENCE.get(token.kind)
        if precedence is None:
            return self._stray_parameter(token, left) if token.kind == "Parameter" else left
        self.skip()
        operands = [left]
        operators = [(precedence, token)]
        while True:
            self.new_lines()
            right = self._array_literal(True)
            if right is None:
                self.error_after(token, "ExpectedValueExpression", self.text_of(token))
                right = ast.ErrorExpression(token.end, token.end)
            token = self.next()
            precedence = BINARY_PRECEDENCE.get(token.kind, 0)
            while operators and precedence <= operators[-1][0]:
                operator = operators.pop()[1]
                left = operands.pop()
                right = ast.BinaryExpression(
                    left.start,
                    right.end,
                    operator.kind,
                    left,
                    right,
                    Extent(operator.start, operator.end),
                )
            if not precedence:
                self.unget(token)
                return self._stray_parameter(token, right) if token.kind == "Parameter" else right
            operands.append(right)
            operators.append((precedence, token))

    def _stray_parameter(self, token: Token, expr: ast.Expression) -> ast.Expression:
        self.unexpected(token)
        self.skip()
        return ast.ErrorExpression(expr.start, token.end, [expr])

    def _array_literal(self, ternary: bool) -> ast.Expression | None:
        expr = self.unary(ternary)
        if expr is None:
            return None
        comma = self.ungot or self.peek()
        if comma.kind != "Comma" or self.no_comma:
            return expr
        elements = [expr]
        while comma.kind == "Comma":
            self.skip()
            self.new_lines()
            element = self.unary(True)
            if element is None:
                self.error_after(comma, "MissingExpressionAfterToken", ",")
                elements.append(ast.ErrorExpression(comma.start, comma.end))
                break
            elements.append(element)
            comma = self.peek()
        return ast.ArrayLiteral(expr.start, elements[-1].end, elements)

    def _peek_operand(self, ternary: bool) -> Token:
        """The next token where signed numbers are allowed."""
        signed, self.signed_numbers = self.signed_numbers, True
        end_number, self.end_number_on_ternary = self.end_number_on_ternary, ternary
        token = self.ungot
        if token is not None and (token.kind == "Minus" or (ternary and token.kind == "Generic")):
            self.resync(token.start)
            token = None
        if token is None:
            token = self.ungot = self.scan()
        self.signed_numbers = signed
        self.end_number_on_ternary = end_number
        return token

    def unary(self, ternary: bool = False) -> ast.Expression | None:
        """A value with the operators and casts before and behind it."""
        ungot = self.ungot
        kind = "Minus" if ungot is None else ungot.kind
        token = self._peek_operand(ternary) if ungot is None or kind in _SIGNED_OR_ENDED else ungot
        kind = token.kind
        expr: ast.Expression | None
        if kind == "Variable":
            self.ungot = None
            expr = self.variable(token, True)
            if self.text[self.pos] in ACCESS_STARTS:
                access = self.member_access_operator(allow_bracket=True)
                if access is not None:
                    expr = self._member_accesses(access, expr)
        elif kind in UNARY:
            if kind == "Comma" and self.no_comma:
                return None
            expr = self._prefix(token)
            if isinstance(expr, ast.ErrorExpression):
                return expr
        elif kind == "LBracket":
            expr = self._cast_or_type(token)
        else:
            expr = self.primary(True)
        if expr is None or isinstance(expr, ast.ErrorExpression):
            return expr
        token = self.ungot or self.peek()
        if token.kind in ("PlusPlus", "MinusMinus"):
            self.skip()
            self.needs_checks = self.needs_checks or not is_surely_assignable(expr)
            return ast.UnaryExpression(expr.start, token.end, "Postfix" + token.kind, expr)
        return expr

    def _prefix(self, token: Token) -> ast.Expression:
        self.skip()
        self.new_lines()
        self.enter()
        child = self.unary(True)
        self.depth -= 1
        if child is None:
            self.error_after(token, "MissingExpressionAfterOperator", self.text_of(token))
            return ast.ErrorExpression(token.start, token.end)
        if token.kind == "Comma":
            return ast.ArrayLiteral(token.start, child.end, [child])
        if token.kind in ("PlusPlus", "MinusMinus") and not is_surely_assignable(child):
            self.needs_checks = True
        return ast.UnaryExpression(token.start, child.end, token.kind, child)

    def _cast_or_type(self, token: Token) -> ast.Expression | None:
        attributes = self.attributes(in_expression=True)
        if attributes is None:
            return None
        last = attributes[-1]
        expr: ast.Expression | None
        if isinstance(last, ast.Attribute):
            self.new_lines()
            child = self._child()
            if child is None:
                self.error(last, "UnexpectedAttribute", last.type_name.full_name)
                return ast.ErrorExpression(token.start, last.end, list(attributes))
            expr = ast.AttributedExpression(last.start, child.end, last, child)
            self.needs_checks = True
        else:
            expr = self._behind_type(last)
        for attribute in reversed(attributes[:-1]):
            if isinstance(attribute, ast.TypeConstraint):
                expr = self._convert(attribute, expr)
            else:
                expr = ast.AttributedExpression(attribute.start, expr.end, attribute, expr)
                self.needs_checks = True
        return expr

    def _child(self) -> ast.Expression | None:
        self.enter()
        child = self.unary(True)
        self.depth -= 1
        return child

    def _behind_type(self, last: ast.AttributeBase) -> ast.Expression:
        access = None if self.ungot is not None else self.member_access_operator(allow_bracket=False)
        if access is not None:
            return self._member_accesses(access, ast.TypeExpression(last.start, last.end, last.type_name))
        token = self.peek()
        if token.kind not in ("NewLine", "Comma"):
            child = self._child()
            if child is not None:
                assert isinstance(last, ast.TypeConstraint)
                return self._convert(last, child)
        return ast.TypeExpression(last.start, last.end, last.type_name)

    def _convert(self, attribute: ast.TypeConstraint, child: ast.Expression) -> ast.ConvertExpression:
        if isinstance(child, ast.AttributedExpression) or (
            not isinstance(child, ast.Hashtable) and attribute.type_name.full_name.lower() == "ordered"
        ):
            self.needs_checks = True
        return ast.ConvertExpression(attribute.start, child.end, attribute, child)

    # ---- values ------------------------------------------------------------------------------------------------------

    def primary(self, with_members: bool) -> ast.Expression | None:
        token = self.next()
        kind = token.kind
        expr: ast.Expression
        if kind == "Variable" or kind == "SplattedVariable":
            expr = self.variable(token, with_members)
        elif kind == "Number":
            expr = ast.ConstantExpression(token.start, token.end, token.value)
        elif kind in _STRINGS:
            expr = self.string(token, _STRINGS[kind])
        elif kind in _BRACKETS:
            self.enter()
            expr = _BRACKETS[kind](self, token)
            self.depth -= 1
        else:
            self.unget(token)
            return None
        if with_members and self.ungot is None and self.text[self.pos] in ACCESS_STARTS:
            access = self.member_access_operator(allow_bracket=True)
            if access is not None:
                return self._member_accesses(access, expr)
        return expr

    def variable(self, token: Token, with_members: bool) -> ast.Expression:
        """A variable; ``$using:x`` with its members is one expression."""
        path = token.value
        splatted = token.kind == "SplattedVariable"
        if splatted and self.mode == EXPRESSION:
            self.needs_checks = True
        if len(path) > 6 and path[:6].lower() == "using:" and is_drive(path):
            child: ast.Expression = ast.VariableExpression(token.start, token.end, path[6:], splatted)
            if with_members and self.ungot is None:
                access = self.member_access_operator(allow_bracket=True)
                if access is not None:
                    child = self._member_accesses(access, child)
                    self.needs_checks = True
            return ast.UsingExpression(child.start, child.end, child)
        return ast.VariableExpression(token.start, token.end, path, splatted)

    def string(self, token: Token, string_type: str) -> ast.Expression:
        """A string token as a constant or with its nested expressions parsed."""
        if token.extra is None:
            return ast.StringConstantExpression(token.start, token.end, token.value, string_type)
        parts: list[str | ast.Expression] = [
            part if isinstance(part, str) else self._nested_expression(part) for part in token.extra
        ]
        nested = [part for part in parts if not isinstance(part, str)]
        return ast.ExpandableStringExpression(token.start, token.end, token.value, string_type, nested, parts)

    def _nested_expression(self, token: Token) -> ast.Expression:
        if token.kind == "Variable":
            return self.variable(token, with_members=False)
        ungot, self.ungot = self.ungot, None
        state = self.start_nested(token)
        expr = self.primary(True)
        self.finish_nested(state)
        self.ungot = ungot
        return expr if expr is not None else ast.ErrorExpression(token.start, token.end)

    def _script_block_expression(self, l_curly: Token) -> ast.Expression:
        no_comma, self.no_comma = self.no_comma, False
        mode = self.mode
        self.set_mode(COMMAND)
        self.new_lines()
        block = self.script_block(l_curly)
        self.no_comma = no_comma
        self.set_mode(mode)
        return ast.ScriptBlockExpression(block.start, block.end, block)

    def _sub_expression(self, first: Token) -> ast.Expression:
        statements: list[ast.Statement] = []
        traps: list[ast.TrapStatement] = []
        no_comma, self.no_comma = self.no_comma, False
        mode = self.mode
        self.set_mode(COMMAND)
        self.new_lines()
        inner = self.statement_list(statements, traps)
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind == "RParen":
            end = r_paren.end
        else:
            self.unget(r_paren)
            self.error(r_paren, "MissingEndParenthesisInSubexpression")
            end = inner.end if inner is not None else first.end
        self.no_comma = no_comma
        self.set_mode(mode)
        place = EMPTY if inner is None else inner
        block = ast.StatementBlock(place.start, place.end, statements, traps)
        node = ast.SubExpression if first.kind == "DollarParen" else ast.ArrayExpression
        return node(first.start, end, block)

    def _paren_expression(self, l_paren: Token) -> ast.Expression:
        no_comma, self.no_comma = self.no_comma, False
        mode = self.mode
        self.set_mode(COMMAND)
        self.new_lines()
        pipeline = self.pipeline_chain()
        if pipeline is None:
            self.error_after(l_paren, "ExpectedExpression")
            pipeline = ast.ErrorStatement(l_paren.end, l_paren.end)
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind == "RParen":
            end = r_paren.end
        else:
            self.unget(r_paren)
            self.error_after(pipeline, "MissingEndParenthesisInExpression")
            end = pipeline.end
        self.no_comma = no_comma
        self.set_mode(mode)
        return ast.ParenExpression(l_paren.start, end, pipeline)

    # ---- hash tables -------------------------------------------------------------------------------------------------

    def _hash_expression(self, at_curly: Token) -> ast.Expression:
        self.new_lines()
        pairs: list[tuple[ast.Expression, ast.Statement]] = []
        keys: set[str] = set()
        while True:
            pair = self._key_value_pair()
            if pair is None:
                break
            pairs.append(pair)
            key = hash_key(pair[0])
            if key is not None:
                key = key.lower()
                if key in keys:
                    self.needs_checks = True
                keys.add(key)
            if self.peek().kind not in ("NewLine", "Semi"):
                break
            self.terminators()
        r_curly = self.next()
        end = r_curly.end
        if r_curly.kind != "RCurly":
            self.unget(r_curly)
            self.error_after(at_curly, "MissingEndCurlyBrace")
            end = before(r_curly).end
        return ast.Hashtable(at_curly.start, end, pairs)

    def label_or_key(self) -> ast.Expression | None:
        """A name or expression behind ``break`` or before ``=`` in a hash table."""
        name = self.simple_name()
        if name is not None:
            return name
        if self.peek().kind in ("NewLine", "Semi"):
            return None
        no_comma, self.no_comma = self.no_comma, True
        expr = self.unary()
        self.no_comma = no_comma
        return expr

    def _key_value_pair(self) -> tuple[ast.Expression, ast.Statement] | None:
        mode = self.mode
        self.set_mode(EXPRESSION)
        key = self.label_or_key()
        if key is None:
            self.set_mode(mode)
            return None
        equals = self.next()
        self.set_mode(mode)
        if equals.kind != "Equals":
            self.unget(equals)
            self.error_after(key, "MissingEqualsInHashLiteral")
            self.synchronize(False, "RCurly", "Semi", "NewLine")
            return key, ast.ErrorStatement(key.end, key.end)
        self.set_mode(COMMAND)
        self.new_lines()
        value = self.statement()
        if value is None:
            self.error_after(equals, "MissingStatementInHashLiteral")
            value = ast.ErrorStatement(equals.end, equals.end)
        self.set_mode(mode)
        return key, value

    # ---- members and elements ----------------------------------------------------------------------------------------

    def _member_accesses(self, token: Token | None, expr: ast.Expression) -> ast.Expression:
        """All of ``.a.b[c].d()`` behind *expr*; *token* is the first operator."""
        while token is not None:
            self.new_lines()
            if token.kind in ("LBracket", "QuestionLBracket"):
                expr = self._element(expr, token)
            else:
                expr = self._member(expr, token)
            if self.ungot is not None or self.text[self.pos] not in ACCESS_STARTS:
                break
            token = self.member_access_operator(allow_bracket=True)
        return expr

    def _member_name(self) -> ast.Expression | None:
        name = self.simple_name()
        if name is not None:
            return name
        token = self.peek()
        if token.kind in UNARY or token.kind == "LBracket":
            return self.unary()
        return self.primary(False)

    def _member(self, target: ast.Expression, operator: Token) -> ast.Expression:
        static = operator.kind == "ColonColon"
        null_conditional = operator.kind == "QuestionDot"
        member = self._member_name()
        if member is None:
            self.error_after(operator, "MissingPropertyName")
            member = self.single_argument("argument") or ast.ErrorExpression(target.start, operator.end)
        elif self.ungot is None:
            point = self.restore_point()
            generic, closed = self._generic_method_arguments(point)
            l_paren = self.invoke_open() if self.ungot is None else None
            if l_paren is not None:
                arguments, end = self._invocation(l_paren)
                return ast.InvokeMemberExpression(
                    target.start, end, target, member, static, null_conditional, arguments, generic or []
                )
            if closed:
                self.resync(point)
        return ast.MemberExpression(target.start, member.end, target, member, static, null_conditional)

    def _generic_method_arguments(self, point: int) -> tuple[list[ast.AnyTypeName] | None, bool]:
        """``[type, type]`` behind a method name; the second value says whether the closing bracket was there."""
        if not self.ps7 or self.text[self.pos] not in "[ \t#<`":
            return None, False
        if self.text[self.pos] == " " and self.text[self.pos + 1] not in _MAY_BE_BRACKET:
            return None, False
        bracket = self.next()
        if bracket.kind != "LBracket":
            self.resync(point)
            return None, False
        mode = self.mode
        self.set_mode(TYPE_NAME)
        self.new_lines()
        first = self.next()
        generic: list[ast.AnyTypeName] | None = None
        closed = False
        if first.kind == "Identifier":
            generic, last = self.generic_arguments(first)
            closed = last.kind == "RBracket"
            if not closed:
                self.unget(last)
                self.error(before(last), "EndSquareBracketExpectedAtEndOfType")
            self.set_mode(mode)
        else:
            self.set_mode(mode)
            self.resync(point)
        return generic, closed

    def _invocation(self, opening: Token) -> tuple[list[ast.Expression], int]:
        self.enter()
        if opening.kind == "LParen":
            result = self.invoke_arguments(opening)
        else:
            self.new_lines()
            block = self._script_block_expression(opening)
            result = [block], block.end
        self.depth -= 1
        return result

    def invoke_arguments(self, l_paren: Token) -> tuple[list[ast.Expression], int]:
        """Arguments of a method up to ``)``, and where that ends."""
        arguments: list[ast.Expression] = []
        no_comma, self.no_comma = self.no_comma, True
        comma: Token | None = None
        reported = False
        while True:
            self.new_lines()
            argument = self.expression()
            if argument is None:
                if comma is not None:
                    self.error_after(comma, "MissingExpressionAfterToken", ",")
                    reported = True
                break
            arguments.append(argument)
            self.new_lines()
            comma = self.next()
            if comma.kind != "Comma":
                self.unget(comma)
                comma = None
                break
        self.new_lines()
        r_paren = self.next()
        self.no_comma = no_comma
        if r_paren.kind == "RParen":
            return arguments, r_paren.end
        self.unget(r_paren)
        if not reported:
            self.error_after(arguments[-1] if arguments else l_paren, "MissingEndParenthesisInMethodCall")
        if comma is not None:
            return arguments, comma.end
        return arguments, arguments[-1].end if arguments else l_paren.end

    def _element(self, target: ast.Expression, l_bracket: Token) -> ast.Expression:
        self.new_lines()
        no_comma, self.no_comma = self.no_comma, False
        self.enter()
        index = self.expression()
        self.depth -= 1
        self.no_comma = no_comma
        if index is None:
            self.error_after(l_bracket, "MissingArrayIndexExpression")
            index = ast.ErrorExpression(l_bracket.start, l_bracket.end)
        self.new_lines()
        r_bracket = self.next()
        end = r_bracket.end
        if r_bracket.kind != "RBracket":
            self.unget(r_bracket)
            if not isinstance(index, ast.ErrorExpression):
                self.error_after(index, "MissingEndSquareBracket")
            end = index.end
        conditional = l_bracket.kind == "QuestionLBracket"
        return ast.IndexExpression(target.start, end, target, index, conditional)


_SIGNED_OR_ENDED = frozenset(("Minus", "Generic"))
"""Tokens that may be others where a signed number is allowed, or one that ends at ``?``."""
_MAY_BE_BRACKET = TRIVIA_STARTS | {"["}
_STRINGS = {
    "StringLiteral": "SingleQuoted",
    "HereStringLiteral": "SingleQuotedHereString",
    "StringExpandable": "DoubleQuoted",
    "HereStringExpandable": "DoubleQuotedHereString",
}
_BRACKETS = {
    "LParen": ExpressionRules._paren_expression,
    "AtParen": ExpressionRules._sub_expression,
    "DollarParen": ExpressionRules._sub_expression,
    "AtCurly": ExpressionRules._hash_expression,
    "LCurly": ExpressionRules._script_block_expression,
}
__all__ = ["ExpressionRules", "is_surely_assignable", "kind_text"]
