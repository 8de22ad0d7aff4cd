# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for assignments, pipelines, commands and redirections."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.core import between
from hvsim.lang.expressions import ExpressionRules, is_surely_assignable
from hvsim.lang.tokenizer import COMMAND, EXPRESSION
from hvsim.lang.tokens import ASSIGNMENT, STREAMS, Token, kind_text

_STOP_COMMAND = frozenset(["Pipe", "RCurly", "RParen", "EndOfInput", "NewLine", "Semi", "AndAnd", "OrOr", "Ampersand"])
_NO_ARGUMENT = _STOP_COMMAND | {"Redirection", "RedirectInStd", "MinusMinus", "Comma"}
_VALUES = frozenset(
    [
        "SplattedVariable",
        "Variable",
        "Number",
        "HereStringExpandable",
        "StringExpandable",
        "HereStringLiteral",
        "StringLiteral",
        "LParen",
        "DollarParen",
        "AtParen",
        "AtCurly",
        "LCurly",
    ]
)
_STATEMENT_END = frozenset(("NewLine", "Semi", "RCurly", "RParen", "EndOfInput"))
"""What ends a statement that is one expression, unless a pipe follows the line end."""
_VERBATIM = "--%"


class PipelineRules(ExpressionRules):
    """Pipelines and what is in them."""

    def pipeline_chain(self) -> ast.PipelineBase | None:
        mode = self.mode
        if mode != EXPRESSION:
            self.set_mode(EXPRESSION)
        expr = self.expression()
        assign: Token | None = None
        if expr is not None:
            token = self.ungot or self.peek()
            if token.kind in ASSIGNMENT:
                self.skip()
                assign = token
        self.set_mode(mode)
        if expr is not None:
            if assign is not None:
                return self._assignment(expr, assign)
            token = self.ungot or self.peek()
            if token.kind in _STATEMENT_END and not (token.kind == "NewLine" and self.ps7 and self._pipe_follows(token)):
                start, end = expr.start, expr.end
                return ast.Pipeline(start, end, [ast.CommandExpression(start, end, expr)])
        return self._chain(expr) if self.ps7 else self._pipeline(expr, tried=True)

    def command_chain(self) -> ast.PipelineBase | None:
        """A pipeline or chain of pipelines that surely begins with a command."""
        return self._chain(None) if self.ps7 else self._pipeline(None, tried=True)

    def _assignment(self, left: ast.Expression, operator: Token) -> ast.AssignmentStatement:
        if not is_surely_assignable(left, operator.kind == "Equals"):
            self.needs_checks = True
        self.new_lines()
        self.enter()
        right = self.statement()
        self.depth -= 1
        if right is None:
            self.error_after(operator, "ExpectedValueExpression", kind_text(operator.kind))
            right = ast.ErrorStatement(operator.end, operator.end)
        place = Extent(operator.start, operator.end)
        if isinstance(right, ast.Pipeline) and len(right.pipeline_elements) == 1 and not right.background:
            element = right.pipeline_elements[0]
            if isinstance(element, ast.CommandExpression):
                right = element
        return ast.AssignmentStatement(left.start, right.end, left, operator.kind, right, place)

    def _chain(self, expr: ast.Expression | None) -> ast.PipelineBase | None:
        chain: ast.Pipeline | ast.PipelineChain | None = None
        operator: Token | None = None
        tried = True
        while True:
            first: Token | None = None
            if expr is None:
                first = self.peek()
            pipeline = self._pipeline(expr, tried=tried)
            expr = None
            tried = False
            if pipeline is None:
                if operator is None or chain is None or first is None:
                    return None
                if first.kind == "EndOfInput":
                    self.error_after(operator, "EmptyPipelineChainElement")
                elif first.kind not in ("Dot", "Ampersand"):
                    self.error(between(operator, first), "EmptyPipelineChainElement")
                return ast.ErrorStatement(chain.start, operator.end, [chain])
            token = self.ungot or self.peek()
            background = False
            if token.kind == "Ampersand":
                self.skip()
                background = True
                token = self.peek()
                if token.kind in ("AndAnd", "OrOr"):
                    self.skip()
                    self.error(token, "BackgroundOperatorInPipelineChain")
                    return ast.ErrorStatement((chain or pipeline).start, token.end)
            if token.kind not in ("AndAnd", "OrOr"):
                if chain is None or operator is None:
                    pipeline.background = background
                    return pipeline
                return ast.PipelineChain(chain.start, pipeline.end, chain, pipeline, operator.kind, background)
            self.skip()
            self.new_lines()
            if chain is None or operator is None:
                chain = pipeline
            else:
                chain = ast.PipelineChain(chain.start, pipeline.end, chain, pipeline, operator.kind)
            operator = token
            if self.peek().kind == "EndOfInput":
                self.error_after(operator, "EmptyPipelineChainElement")
                return chain

    def _pipeline(self, expr: ast.Expression | None, *, tried: bool) -> ast.Pipeline | None:
        """A pipeline that begins with *expr*, if any; *tried*: it is known that no expression comes next."""
        elements: list[ast.CommandBase] = []
        pipe: Token | None = None
        first = expr is None and not tried
        while True:
            if first or pipe is not None:
                mode = self.mode
                self.set_mode(EXPRESSION)
                expr = self.expression()
                self.set_mode(mode)
            first = False
            element: ast.CommandBase | None
            if expr is not None:
                if elements:
                    self.error(expr, "ExpressionsMustBeFirstInPipeline")
                element = self._command_expression(expr)
            else:
                element = self.command()
            if element is not None:
                elements.append(element)
            elif elements or self.peek().kind == "Pipe":
                place = Extent(pipe.end, pipe.end) if pipe is not None else self.peek()
                self.error(place, "EmptyPipeElement")
            token = self.ungot or self.peek()
            if token.kind == "NewLine" and self.ps7 and self._pipe_follows(token):
                self.new_lines()
                token = self.peek()
            if token.kind == "Pipe" or (token.kind in ("AndAnd", "OrOr") and not self.ps7):
                self.skip()
                self.new_lines()
                pipe = token
                if token.kind != "Pipe":
                    self.error(token, "InvalidEndOfLine", self.text_of(token))
                if self.peek().kind == "EndOfInput":
                    if token.kind == "Pipe":
                        self.error_after(token, "EmptyPipeElement")
                    break
                continue
            if token.kind == "Ampersand" and not self.ps7:
                self.error(token, "AmpersandNotAllowed")
                self.skip()
            elif token.kind not in _STOP_COMMAND:
                self.unexpected(token)
            break
        if not elements:
            return None
        return ast.Pipeline(elements[0].start, elements[-1].end, elements)

    def _pipe_follows(self, token: Token) -> bool:
        return self.is_pipe_continuation(token.end - self.adjust if self.adjust else token.end)

    def _command_expression(self, expr: ast.Expression) -> ast.CommandExpression:
        token = self.ungot or self.peek()
        if token.kind not in ("Redirection", "RedirectInStd"):
            return ast.CommandExpression(expr.start, expr.end, expr)
        redirections: dict[str, ast.Redirection] = {}
        end = expr.end
        while token.kind in ("Redirection", "RedirectInStd"):
            self.skip()
            redirection = self._redirection_rule(token, redirections)[0]
            if redirection is not None:
                end = redirection.end
            token = self.peek()
        return ast.CommandExpression(expr.start, end, expr, _by_stream(redirections))

    # ---- redirections ------------------------------------------------------------------------------------------------

    def _redirection_rule(
        self, token: Token, redirections: dict[str, ast.Redirection]
    ) -> tuple[ast.Redirection | None, int]:
        """Adds a redirection; returns it and where it ends."""
        result: ast.Redirection
        if token.kind == "RedirectInStd" or token.value[0] == "file":
            location = self.single_argument("file")
            if location is None:
                self.error_after(token, "MissingFileSpecification")
                location = ast.ErrorExpression(token.start, token.end)
            if token.kind == "RedirectInStd":
                self.error(token, "RedirectionNotSupported", self.text_of(token))
                return None, location.end
            stream = STREAMS[token.value[1]]
            result = ast.FileRedirection(token.start, location.end, stream, location, token.value[2])
        else:
            source, target = token.value[1:]
            if target != 1 or source == target:
                self.error(token, "RedirectionNotSupported", self.text_of(token))
            stream = STREAMS[source]
            result = ast.MergingRedirection(token.start, token.end, stream, "Output")
        if stream in redirections:
            name = "* stream" if stream == "All" else f"{stream.lower()} stream"
            self.error(result, "StreamAlreadyRedirected", name)
        else:
            redirections[stream] = result
        return result, result.end

    # ---- commands ----------------------------------------------------------------------------------------------------

    def single_argument(self, context: str) -> ast.Expression | None:
        if self.peek().kind in ("Comma", "EndOfInput"):
            return None
        mode = self.mode
        self.set_mode(COMMAND)
        result = self.argument(context, self.next())
        self.set_mode(mode)
        return result

    def argument(self, context: str, token: Token) -> ast.Expression | None:
        """An argument that begins with *token*; *context* is name, invoked, file, argument or condition."""
        elements: list[ast.Expression] = []
        comma: Token | None = None
        while True:
            kind = token.kind
            if kind in _NO_ARGUMENT:
                self.unget(token)
                if comma is None:
                    return None
                self.error_after(comma, "MissingExpression", ",")
                return ast.ErrorExpression(elements[0].start, comma.end, list(elements))
            if kind in _VALUES:
                self.unget(token)
                value = self.primary(True)
                assert value is not None
                if kind == "SplattedVariable" and not (isinstance(value, ast.VariableExpression) and not elements):
                    self.needs_checks = True
            else:
                value = self._word(context, token)
            if context != "argument" or (kind == "Generic" and token.value == _VERBATIM):
                return value
            token = self.ungot or self.peek()
            if token.kind != "Comma":
                if not elements:
                    return value
                elements.append(value)
                return ast.ArrayLiteral(elements[0].start, value.end, elements)
            comma = token
            if kind == "SplattedVariable":
                self.needs_checks = True
            elements.append(value)
            self.skip()
            self.new_lines()
            token = self.next()

    def _word(self, context: str, token: Token) -> ast.Expression:
        start, end = token.start, token.end
        if token.kind != "Generic":
            return ast.StringConstantExpression(start, end, self.source_text[start:end])
        if token.extra is not None and context != "name":
            return self.string(token, "BareWord")
        return ast.StringConstantExpression(start, end, token.value)

    def command(self) -> ast.Command | None:
        """A command with its parameters, arguments and redirections."""
        mode = self.mode
        self.set_mode(COMMAND)
        first = token = self.next()
        context = "name"
        operator = "Unknown"
        if token.kind in ("Dot", "Ampersand"):
            operator = token.kind
            token = self.next()
            context = "invoked"
        elements: list[ast.Expression | ast.CommandParameter] = []
        redirections: dict[str, ast.Redirection] = {}
        end = first.end
        dash_dash = False
        while True:
            kind = token.kind
            if kind == "Ampersand" and not self.ps7:
                end = token.end
                self.error(token, "AmpersandNotAllowed")
            elif kind in _STOP_COMMAND:
                self.unget(token)
                break
            elif kind == "Parameter" and context == "argument" and not dash_dash:
                parameter = self._parameter_element(token)
                end = parameter.end
                elements.append(parameter)
            elif kind in ("Redirection", "RedirectInStd") and context == "argument":
                end = self._redirection_rule(token, redirections)[1]
            elif kind == "Comma":
                end = token.end
                self.error(token, "MissingArgument")
                self.new_lines()
            elif kind == "MinusMinus":
                end = token.end
                elements.append(self._dashes(token, dash_dash))
                dash_dash = True
            elif kind in ("Parameter", "Redirection", "RedirectInStd"):
                end = token.end
                elements.append(ast.StringConstantExpression(token.start, end, self.text_of(token)))
            else:
                value = self.argument(context, token)
                if value is None:
                    break
                elements.append(value)
                end = value.end
                if kind == "Generic" and token.value == _VERBATIM and (verbatim := self._verbatim_element()):
                    elements.append(verbatim)
                    end = verbatim.end
                    break
            context = "argument"
            token = self.ungot or self.scan()
            self.ungot = None
        self.set_mode(mode)
        if not elements:
            if operator != "Unknown":
                self.error(first, "MissingExpression", self.text_of(first))
            return None
        return ast.Command(first.start, end, elements, operator, _by_stream(redirections))

    def _dashes(self, token: Token, again: bool) -> ast.Expression | ast.CommandParameter:
        """``--``: the first ends the parameters, a further one is text."""
        if again:
            return ast.StringConstantExpression(token.start, token.end, self.text_of(token))
        return ast.CommandParameter(token.start, token.end, "-", None, Extent(token.start, token.end))

    def _verbatim_element(self) -> ast.StringConstantExpression | None:
        if self.ungot is not None and self.ungot.kind != "Parameter":
            return None
        self.ungot = None
        token = self.verbatim_argument()
        return ast.StringConstantExpression(token.start, token.end, token.value)

    def _parameter_element(self, token: Token) -> ast.CommandParameter:
        end = token.end
        argument: ast.Expression | None = None
        if token.extra and self.peek().kind != "Comma":
            argument = self.argument("argument", self.next())
            if argument is None:
                self.error_after(token, "ParameterRequiresArgument", self.text_of(token))
            else:
                end = argument.end
        return ast.CommandParameter(token.start, end, token.value, argument, Extent(token.start, token.end))


def _by_stream(redirections: dict[str, ast.Redirection]) -> list[ast.Redirection]:
    """PowerShell keeps redirections by the number of their stream."""
    return [redirections[stream] for stream in STREAMS if stream in redirections] if redirections else []
