# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for loops, switch and statement blocks."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.core import Positioned
from hvsim.lang.pipelines import PipelineRules
from hvsim.lang.tokens import Token

_SWITCH_FLAGS = ("regex", "wildcard", "exact", "casesensitive", "parallel", "file")


class LoopRules(PipelineRules):
    """Statements that may have a label."""

    def statement_block(self) -> ast.StatementBlock | None:
        """``{ statements }``."""
        self.new_lines()
        l_curly = self.next()
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            return None
        statements: list[ast.Statement] = []
        traps: list[ast.TrapStatement] = []
        inner = self.statement_list(statements, traps)
        r_curly = self.next()
        if r_curly.kind == "RCurly":
            end = r_curly.end
        else:
            self.unget(r_curly)
            self.error(l_curly, "MissingEndCurlyBrace")
            end = inner.end if inner is not None else l_curly.end
        return ast.StatementBlock(l_curly.start, end, statements, traps)

    def labeled(self, label: Token) -> ast.Statement | None:
        """``:label`` and the loop behind it."""
        self.new_lines()
        token = self.next()
        kind = token.kind
        if kind == "Switch":
            return self.switch(label, token)
        if kind == "Foreach":
            return self.foreach(label, token)
        if kind == "For":
            return self.for_(label, token)
        if kind == "While":
            return self.while_(label, token)
        if kind == "Do":
            return self.do(label, token)
        self.resync(label.start)
        return self.pipeline_chain()

    def _failed(self, start: Positioned, end: Positioned, *nested: ast.Ast | None) -> ast.ErrorStatement:
        return ast.ErrorStatement(start.start, end.end, [node for node in nested if node is not None])

    # ---- foreach -----------------------------------------------------------------------------------------------------

    def foreach(self, label: Token | None, keyword: Token) -> ast.Statement:
        """``foreach ($x in pipeline) { }``."""
        start = label or keyword
        flags, throttle, bad_flag = self._foreach_parameters()
        l_paren = self.next()
        if l_paren.kind != "LParen":
            self.unget(l_paren)
            self.error_after(keyword, "MissingOpenParenthesisAfterKeyword", "foreach")
            return self._failed(start, keyword)
        self.new_lines()
        token = self.next()
        if token.kind not in ("Variable", "SplattedVariable"):
            self.unget(token)
            self.error_after(l_paren, "MissingVariableNameAfterForeach")
            return self._failed(start, l_paren)
        variable = ast.VariableExpression(token.start, token.end, token.value, token.kind == "SplattedVariable")
        self.needs_checks = self.needs_checks or variable.splatted
        self.new_lines()
        in_token = self.next()
        if in_token.kind != "In":
            self.unget(in_token)
            self.error_after(variable, "MissingInInForeach")
            return self._failed(start, variable, variable)
        self.new_lines()
        pipeline = self.pipeline_chain()
        if pipeline is None:
            self.error_after(in_token, "MissingForeachExpression")
            return self._failed(start, in_token, variable)
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            self.error_after(pipeline, "MissingEndParenthesisAfterForeach")
            return self._failed(start, pipeline, variable, pipeline)
        body = self.statement_block()
        if body is None:
            self.error_after(r_paren, "MissingForeachStatement")
            return self._failed(start, r_paren, variable, pipeline)
        if bad_flag is not None:
            return self._failed(start, bad_flag, variable, pipeline, body)
        name = label.value if label else None
        return ast.ForEachStatement(start.start, body.end, name, pipeline, variable, body, flags, throttle)

    def _foreach_parameters(self) -> tuple[frozenset[str], ast.Expression | None, Token | None]:
        self.new_lines()
        flags: frozenset[str] = frozenset()
        throttle: ast.Expression | None = None
        bad: Token | None = None
        token = self.peek()
        while token.kind == "Parameter":
            self.skip()
            name = str(token.value).lower()
            if "parallel".startswith(name):
                flags = frozenset(("Parallel",))
                self.needs_checks = True
            elif "throttlelimit".startswith(name):
                self.new_lines()
                throttle = self.single_argument("argument")
                self.needs_checks = True
                if throttle is None:
                    self.error_after(token, "MissingThrottleLimit")
            else:
                bad = token
                self.error(token, "InvalidForeachFlag", token.value)
            self.new_lines()
            token = self.peek()
        return flags, throttle, bad

    # ---- for, while, do ----------------------------------------------------------------------------------------------

    def for_(self, label: Token | None, keyword: Token) -> ast.Statement:
        """``for (initializer; condition; iterator) { }``."""
        start = label or keyword
        self.new_lines()
        l_paren = self.next()
        if l_paren.kind != "LParen":
            self.unget(l_paren)
            self.error_after(keyword, "MissingOpenParenthesisAfterKeyword", "for")
            return self._failed(start, keyword)
        last: Positioned = l_paren
        clauses: list[ast.PipelineBase | None] = []
        for index in range(3):
            self.new_lines()
            pipeline = self.pipeline_chain()
            clauses.append(pipeline)
            last = pipeline or last
            if index < 2 and self.peek().kind == "Semi":
                last = self.next()
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            self.error_after(last, "MissingEndParenthesisAfterStatement", "for")
            return self._failed(start, last, *clauses)
        body = self.statement_block()
        if body is None:
            self.error_after(r_paren, "MissingLoopStatement", "for")
            return self._failed(start, r_paren, *clauses)
        name = label.value if label else None
        return ast.ForStatement(start.start, body.end, name, clauses[1], clauses[0], clauses[2], body)

    def while_(self, label: Token | None, keyword: Token) -> ast.Statement:
        """``while (condition) { }``."""
        start = label or keyword
        self.new_lines()
        l_paren = self.next()
        if l_paren.kind != "LParen":
            self.unget(l_paren)
            self.error_after(keyword, "MissingOpenParenthesisAfterKeyword", self.text_of(keyword))
            return self._failed(start, keyword)
        self.new_lines()
        condition = self.pipeline_chain()
        failed: Positioned | None = None
        if condition is None:
            failed = l_paren
            self.error_after(l_paren, "MissingExpressionAfterKeyword", "while")
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            if condition is not None:
                self.error_after(condition, "MissingEndParenthesisAfterStatement", "while")
            return self._failed(start, condition or l_paren, condition)
        body = self.statement_block()
        if body is None:
            self.error_after(r_paren, "MissingLoopStatement", "while")
            return self._failed(start, r_paren, condition)
        if failed is not None:
            return self._failed(start, body, condition, body)
        return ast.WhileStatement(start.start, body.end, label.value if label else None, condition, body)

    def do(self, label: Token | None, keyword: Token) -> ast.Statement:
        """``do { } while (condition)`` or ``until``."""
        start = label or keyword
        body = self.statement_block()
        if body is None:
            self.error_after(keyword, "MissingLoopStatement", "do")
            return self._failed(start, keyword)
        self.new_lines()
        token = self.next()
        if token.kind not in ("While", "Until"):
            self.unget(token)
            self.error_after(body, "MissingWhileOrUntilInDoWhile")
            return self._failed(start, body, body)
        word = token.kind.lower()
        self.new_lines()
        l_paren = self.next()
        if l_paren.kind != "LParen":
            self.unget(l_paren)
            self.error_after(token, "MissingOpenParenthesisAfterKeyword", word)
            return self._failed(start, token, body)
        self.new_lines()
        condition = self.pipeline_chain()
        if condition is None:
            self.error_after(l_paren, "MissingExpressionAfterKeyword", word)
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            if condition is not None:
                self.error_after(condition, "MissingEndParenthesisAfterStatement", word)
                return self._failed(start, condition, body, condition)
        if condition is None:
            return self._failed(start, l_paren, body)
        node = ast.DoUntilStatement if token.kind == "Until" else ast.DoWhileStatement
        return node(start.start, r_paren.end, label.value if label else None, condition, body)

    # ---- switch ------------------------------------------------------------------------------------------------------

    def switch(self, label: Token | None, keyword: Token) -> ast.Statement:
        """``switch -flags (condition) { clauses }``."""
        state = _Switch(label or keyword)
        self.new_lines()
        self._switch_flags(state)
        l_paren = self.peek()
        if l_paren.kind == "LParen":
            self._switch_condition(state, l_paren)
        elif state.condition is None and "File" not in state.flags:
            state.failed = True
            state.incomplete = self.error_after(state.end, "PipelineValueRequired")
        self.new_lines()
        l_curly = self.next()
        end = 0
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            if not state.incomplete:
                state.failed = True
                self.error_after(state.end, "MissingCurlyBraceInSwitchStatement")
        else:
            state.end = l_curly
            end = self._switch_clauses(state, l_curly)
        if state.failed:
            nested: list[ast.Ast | None] = [state.condition, *state.parts]
            return self._failed(state.start, state.end, *nested)
        if "Parallel" in state.flags:
            self.needs_checks = True
        name = label.value if label else None
        flags = frozenset(state.flags)
        return ast.SwitchStatement(state.start.start, end, name, state.condition, flags, state.clauses, state.default)

    def _switch_flags(self, state: _Switch) -> None:
        token = self.peek()
        while token.kind == "Parameter":
            self.skip()
            state.end = token
            prefix = str(token.value).lower()
            name = next((flag for flag in _SWITCH_FLAGS if flag.startswith(prefix)), None)
            if name is None:
                state.failed = True
                self.error(token, "InvalidSwitchFlag", token.value)
            elif name == "file":
                state.flags.add("File")
                self._switch_file(state, token)
            else:
                if name in ("regex", "wildcard", "exact"):
                    state.flags -= {"Regex", "Wildcard"}
                if name != "exact":
                    state.flags.add({"casesensitive": "CaseSensitive"}.get(name) or name.capitalize())
            token = self.peek()

    def _switch_file(self, state: _Switch, token: Token) -> None:
        self.new_lines()
        name = self.single_argument("file")
        if name is None:
            state.failed = True
            state.incomplete = self.error_after(token, "MissingFilenameOption")
            return
        state.end = name
        state.condition = ast.Pipeline(name.start, name.end, [ast.CommandExpression(name.start, name.end, name)])

    def _switch_condition(self, state: _Switch, l_paren: Token) -> None:
        state.end = l_paren
        self.skip()
        if "File" in state.flags:
            state.failed = True
            self.error(l_paren, "PipelineValueRequired")
        self.new_lines()
        state.condition = self.pipeline_chain()
        if state.condition is None:
            state.failed = True
            state.incomplete = self.error_after(l_paren, "PipelineValueRequired")
        else:
            state.end = state.condition
        self.new_lines()
        r_paren = self.next()
        if r_paren.kind == "RParen":
            state.end = r_paren
            return
        self.unget(r_paren)
        if not state.incomplete:
            state.failed = True
            state.incomplete = self.error_after(state.end, "MissingEndParenthesisInSwitchStatement")

    def _switch_clauses(self, state: _Switch, l_curly: Token) -> int:
        """The clauses and the closing bracket; returns where that ends."""
        self.new_lines()
        while True:
            token = self.peek()
            is_default = token.kind == "Default"
            condition: ast.Expression | None
            if is_default:
                self.skip()
                condition = ast.StringConstantExpression(token.start, token.end, self.text_of(token))
            else:
                condition = self.single_argument("condition")
                if condition is None:
                    state.failed = True
                    self.error_after(state.end, "MissingSwitchConditionExpression")
                    if self.peek().kind == "RCurly":
                        self.skip()
                    return 0
            state.parts.append(condition)
            state.end = condition
            self._switch_body(state, condition, is_default)
            self.terminators()
            token = self.peek()
            if token.kind == "RCurly":
                self.skip()
                return token.end
            if token.kind == "EndOfInput":
                if not state.incomplete:
                    state.failed = True
                    self.error(l_curly, "MissingEndCurlyBrace")
                return 0

    def _switch_body(self, state: _Switch, condition: ast.Expression, is_default: bool) -> None:
        body = self.statement_block()
        if body is None:
            state.failed = True
            state.incomplete = self.error_after(state.end, "MissingSwitchStatementClause")
            return
        state.parts.append(body)
        state.end = body
        if not is_default:
            state.clauses.append((condition, body))
            return
        if state.default is not None:
            state.failed = True
            self.error(condition, "MultipleSwitchDefaultClauses")
        state.default = body


class _Switch:
    """What is known of a switch statement while it is parsed."""

    def __init__(self, start: Token) -> None:
        self.start = start
        self.end: Positioned = start
        self.failed = False
        self.incomplete = False
        self.flags: set[str] = set()
        self.condition: ast.PipelineBase | None = None
        self.parts: list[ast.Ast] = []
        self.clauses: list[tuple[ast.Expression, ast.StatementBlock]] = []
        self.default: ast.StatementBlock | None = None


__all__ = ["LoopRules"]
