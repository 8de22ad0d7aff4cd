# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for script blocks and statements."""

from __future__ import annotations

import re
from collections.abc import Callable

from hvsim.lang import ast
from hvsim.lang.ast import Extent
from hvsim.lang.constants import VOID_TYPES, is_constant_argument
from hvsim.lang.core import EMPTY, Positioned, between
from hvsim.lang.errors import UnsupportedSyntax
from hvsim.lang.exceptions import exception_type, is_subclass
from hvsim.lang.loops import LoopRules
from hvsim.lang.scanner import COMMAND
from hvsim.lang.tokens import BLOCK_NAMES, KEYWORD_KINDS, NO_ATTRIBUTES, Token

_NO_FUNCTION_NAME = frozenset(
    [
        "Pipe",
        "LParen",
        "LCurly",
        "AtParen",
        "AtCurly",
        "RCurly",
        "RParen",
        "EndOfInput",
        "Semi",
        "Redirection",
        "RedirectInStd",
        "AndAnd",
        "OrOr",
        "Ampersand",
        "Variable",
        "SplattedVariable",
        "HereStringExpandable",
        "HereStringLiteral",
        "StringLiteral",
        "StringExpandable",
    ]
)
_WORDS = frozenset(("Identifier", "Generic"))
_may_be_param = re.compile(r"\[|param(?![\w-])", re.IGNORECASE).match
_plain_type = re.compile(r"\[[\w.]+(?:\[\])?\](?:::|[ \t]*[$(@\"'{0-9])").match


class StatementRules(LoopRules):
    """Script blocks and the statements that are no loops."""

    # ---- script blocks -----------------------------------------------------------------------------------------------

    def script_block(
        self, l_curly: Token | None, *, is_filter: bool = False, first: ast.Statement | None = None
    ) -> ast.ScriptBlock:
        self.new_lines()
        usings = self.using_statements() if l_curly is None else []
        param_block: ast.ParamBlock | None = None
        if self.ungot is not None or _may_be_param(self.text, self.pos):
            point = self.ungot.start if self.ungot is not None else self.restore_point()
            param_block = self._param_block()
            if param_block is None:
                self.resync(point)
        self.terminators()
        token = self.peek()
        if token.kind in BLOCK_NAMES:
            block = self._named_blocks(l_curly, param_block)
        else:
            block = self._unnamed_block(l_curly, param_block, is_filter, first)
        block.using_statements = usings
        return block

    def _param_block(self) -> ast.ParamBlock | None:
        self.new_lines()
        candidates = self.attributes(in_expression=False)
        self.new_lines()
        param = self.peek()
        if param.kind != "Param":
            return None
        self.skip()
        self.new_lines()
        l_paren = self.next()
        if l_paren.kind != "LParen":
            self.unget(l_paren)
            return None
        parameters = self.parameter_list()
        self.new_lines()
        r_paren = self.next()
        end = r_paren.end
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            end = max(r_paren.start - 1, 0)
            self.error_after(parameters[-1] if parameters else l_paren, "MissingEndParenthesisInFunctionParameterList")
        attributes: list[ast.Attribute] = []
        for attribute in candidates or ():
            if isinstance(attribute, ast.Attribute):
                attributes.append(attribute)
                self.check_constant_arguments(attribute)
            else:
                self.error(attribute, "TypeNotAllowedBeforeParam", attribute.type_name.full_name)
        self.check_parameters(parameters)
        return ast.ParamBlock(param.start, end, attributes, parameters)

    def check_parameters(self, parameters: list[ast.Parameter]) -> None:
        """Notes whether anything about *parameters* needs the checks after parsing."""
        names = {parameter.name.variable_path.lower() for parameter in parameters}
        if len(names) < len(parameters):
            self.needs_checks = True
        for parameter in parameters:
            if parameter.name.splatted:
                self.needs_checks = True
            for attribute in parameter.attributes:
                if isinstance(attribute, ast.Attribute):
                    self.check_constant_arguments(attribute)
                elif attribute.type_name.full_name.lower() in ("ordered", *VOID_TYPES):
                    self.needs_checks = True

    def check_constant_arguments(self, attribute: ast.Attribute) -> None:
        """Notes whether an argument of *attribute* is not constant."""
        arguments = [*attribute.positional_arguments, *(named.argument for named in attribute.named_arguments)]
        names = {named.argument_name.lower() for named in attribute.named_arguments}
        if len(names) < len(attribute.named_arguments) or not all(map(is_constant_argument, arguments)):
            self.needs_checks = True

    def _complete_body(self, l_curly: Token | None, body: Extent | None) -> tuple[bool, Extent | None, Extent]:
        """Consumes the end of a script block. Returns whether that was it, the extent of the statements and of the block."""
        if l_curly is None:
            token = self.next()
            whole = Extent(self.adjust, self.size + self.adjust)
            if token.kind == "EndOfInput":
                return True, body, whole
            self.unexpected(token)
            return False, body, whole
        r_curly = self.next()
        if r_curly.kind != "RCurly":
            self.unget(r_curly)
            self.error(l_curly, "MissingEndCurlyBrace")
            return True, body, Extent(l_curly.start, body.end if body is not None else l_curly.end)
        if body is None:
            position = self.source.position
            if position(l_curly.end)[1] != position(r_curly.start)[1]:
                body = Extent(l_curly.end, max(r_curly.start - 1, 0))
        return True, body, Extent(l_curly.start, r_curly.end)

    def _unnamed_block(
        self, l_curly: Token | None, param_block: ast.ParamBlock | None, is_filter: bool, first: ast.Statement | None
    ) -> ast.ScriptBlock:
        traps: list[ast.TrapStatement] = []
        statements: list[ast.Statement] = [] if first is None else [first]
        body = None if param_block is None else param_block.extent
        complete = False
        while not complete:
            extent = self.statement_list(statements, traps)
            if body is None:
                body = extent
            elif extent is not None:
                body = Extent(body.start, extent.end)
            complete, body, whole = self._complete_body(l_curly, body)
        kind = "Process" if is_filter else "End"
        place = EMPTY if body is None else body
        block = ast.NamedBlock(place.start, place.end, kind, True, statements, traps)
        result = ast.ScriptBlock(whole.start, whole.end, param_block, source=self.source)
        if is_filter:
            result.process_block = block
        else:
            result.end_block = block
        return result

    def _named_blocks(self, l_curly: Token | None, param_block: ast.ParamBlock | None) -> ast.ScriptBlock:
        blocks: dict[str, ast.NamedBlock] = {}
        start: Positioned | None = l_curly or param_block
        end: Positioned | None = None
        while True:
            token = self.next()
            if token.kind not in BLOCK_NAMES:
                break
            start = start or token
            end = token
            body = self.statement_block()
            if body is None:
                self.error_after(token, "MissingNamedStatementBlock", token.kind.lower())
                body = ast.StatementBlock(token.start, token.end, [])
            else:
                end = body
            if token.kind in blocks:
                self.error(between(token, end), "DuplicateScriptCommandClause", token.kind.lower())
            else:
                blocks[token.kind] = ast.NamedBlock(token.start, end.end, token.kind, False, body.statements, body.traps)
            self.terminators()
        assert start is not None and end is not None
        if token.kind in ("RCurly", "EndOfInput"):
            self.unget(token)
            whole = self._complete_body(l_curly, between(start, end))[2]
        else:
            self.error(token, "MissingNamedBlocks", self.text_of(token))
            whole = Extent(self.adjust, self.size + self.adjust)
            if l_curly is not None:
                self.unget(token)
                whole = between(start, end)
        return ast.ScriptBlock(
            whole.start,
            whole.end,
            param_block,
            blocks.get("Dynamicparam"),
            blocks.get("Begin"),
            blocks.get("Process"),
            blocks.get("End"),
            blocks.get("Clean"),
            source=self.source,
        )

    def statement_list(self, statements: list[ast.Statement], traps: list[ast.TrapStatement]) -> Extent | None:
        first: ast.Statement | None = None
        last: ast.Statement | None = None
        self.terminators()
        self.enter()
        while True:
            statement = self.statement()
            if statement is None:
                break
            if isinstance(statement, ast.TrapStatement):
                traps.append(statement)
            else:
                statements.append(statement)
            first = first or statement
            last = statement
            self.terminators()
            if self.peek().kind in ("RParen", "RCurly"):
                break
        self.depth -= 1
        return None if first is None or last is None else between(first, last)

    # ---- statements --------------------------------------------------------------------------------------------------

    def statement(self) -> ast.Statement | None:
        token = self.ungot or self.scan()
        self.ungot = None
        attributes: list[ast.AttributeBase] | None = None
        point = token.start
        if token.kind == "Generic" and self.source_text[point] == "[" and not _plain_type(self.source_text, point):
            self.resync(point)
            attributes = self.attributes(in_expression=False)
            token = self.next()
            if attributes is not None:
                token = self._attributed(attributes, token, point)
        kind = token.kind
        rule = _STATEMENTS.get(kind)
        if rule is not None:
            return rule(self, token)
        if kind == "Class":
            return self.class_definition(attributes, token)
        if kind == "Enum":
            return self.enum_definition(attributes, token)
        if kind == "EndOfInput" and attributes is None:
            self.unget(token)
            return None
        if kind in ("Else", "ElseIf", "Catch", "Until") and self.errors:
            self.new_lines()
            return self.statement()
        if attributes is not None:
            self.resync(point)
        else:
            self.ungot = token
            if kind in _WORDS and self.mode == COMMAND and self.source_text[point].isalpha():
                return self.command_chain()  # no expression begins with a letter
        return self.pipeline_chain()

    def _attributed(self, attributes: list[ast.AttributeBase], token: Token, point: int) -> Token:
        """Decides whether attributes belong to the statement that *token* begins; returns the token to go on with."""
        if token.kind in NO_ATTRIBUTES:
            if any(isinstance(attribute, ast.TypeConstraint) for attribute in attributes):
                self.resync(point)
                return self.next()
            self.error(attributes[0], "UnexpectedAttribute", attributes[0].type_name.full_name)
        elif token.kind in KEYWORD_KINDS:
            for attribute in attributes:
                if isinstance(attribute, ast.TypeConstraint):
                    self.error(attribute, "TypeNotAllowedBeforeStatement", attribute.type_name.full_name)
                    break
        else:
            self.resync(point)
            return self.next()
        return token

    def _if(self, if_token: Token) -> ast.Statement:
        clauses: list[tuple[ast.PipelineBase, ast.StatementBlock]] = []
        parts: list[ast.Ast] = []
        keyword = if_token
        else_clause: ast.StatementBlock | None = None
        while True:
            self.new_lines()
            l_paren = self.next()
            if l_paren.kind != "LParen":
                self.unget(l_paren)
                self.error_after(keyword, "MissingOpenParenthesisInIfStatement", self.text_of(keyword))
                return ast.ErrorStatement(if_token.start, keyword.end, parts)
            self.new_lines()
            condition = self.pipeline_chain()
            if condition is None:
                self.error_after(l_paren, "IfStatementMissingCondition", self.text_of(keyword))
                condition = ast.ErrorStatement(l_paren.end, l_paren.end)
            else:
                parts.append(condition)
            self.new_lines()
            r_paren = self.next()
            if r_paren.kind != "RParen":
                self.unget(r_paren)
                if not isinstance(condition, ast.ErrorStatement):
                    self.error(r_paren, "MissingEndParenthesisAfterStatement", self.text_of(keyword))
                return ast.ErrorStatement(if_token.start, max(r_paren.start - 1, 0), parts)
            self.new_lines()
            body = self.statement_block()
            if body is None:
                self.error(r_paren, "MissingStatementBlock", self.text_of(keyword))
                return ast.ErrorStatement(if_token.start, r_paren.end, parts)
            parts.append(body)
            clauses.append((condition, body))
            point = self.restore_point() if self.ungot is None else self.ungot.start
            self.new_lines()
            keyword = self.peek()
            if keyword.kind == "ElseIf":
                self.skip()
                continue
            if keyword.kind == "Else":
                self.skip()
                self.new_lines()
                else_clause = self.statement_block()
                if else_clause is None:
                    self.error_after(keyword, "MissingStatementBlockAfterElse")
                    return ast.ErrorStatement(if_token.start, keyword.end, parts)
            else:
                self.resync(point)
            break
        return ast.IfStatement(if_token.start, (else_clause or clauses[-1][1]).end, clauses, else_clause)

    def _break(self, token: Token) -> ast.Statement:
        self.flow_statements += 1
        label = self.label_or_key()
        node = ast.BreakStatement if token.kind == "Break" else ast.ContinueStatement
        return node(token.start, (label or token).end, label)

    def _return(self, token: Token) -> ast.Statement:
        self.flow_statements += 1
        return self._leaving(ast.ReturnStatement, token)

    def _exit(self, token: Token) -> ast.Statement:
        return self._leaving(ast.ExitStatement, token)

    def _leaving(self, node: type[ast.ReturnStatement] | type[ast.ExitStatement], token: Token) -> ast.Statement:
        self.enter()
        pipeline = self.pipeline_chain()
        self.depth -= 1
        return node(token.start, (pipeline or token).end, pipeline)

    def _throw(self, token: Token) -> ast.Statement:
        pipeline = self.pipeline_chain()
        return ast.ThrowStatement(
            token.start, (pipeline or token).end, pipeline, pipeline is None and self.catch_depth > 0
        )

    def _reserved(self, token: Token) -> ast.Statement:
        self.error(token, "ReservedKeywordNotAllowed", token.kind.lower())
        return ast.ErrorStatement(token.start, token.end)

    def _block(self, token: Token) -> ast.Statement:
        body = self.statement_block()
        if body is None:
            self.error_after(token, "MissingStatementAfterKeyword", self.text_of(token))
            return ast.ErrorStatement(token.start, token.end)
        self.needs_checks = True
        return ast.BlockStatement(token.start, body.end, self.text_of(token), body)

    def _configuration(self, token: Token) -> ast.Statement:
        raise UnsupportedSyntax("the configuration statement (DSC)", start=token.start)

    # ---- functions ---------------------------------------------------------------------------------------------------

    def _function(self, token: Token) -> ast.Statement:
        if token.kind == "Workflow" and not self.ps7:
            raise UnsupportedSyntax("workflow", start=token.start)
        self.new_lines()
        name = self.next()
        if name.kind in _NO_FUNCTION_NAME:
            self.unget(name)
            self.error_after(token, "MissingNameAfterKeyword", self.text_of(token))
            return ast.ErrorStatement(token.start, token.end)
        parameters, error_end, r_paren = self.function_parameters()
        l_curly = self.next()
        if l_curly.kind != "LCurly":
            self.unget(l_curly)
            if error_end is None:
                error_end = (r_paren or name).end
                self.error_after(r_paren or name, "MissingFunctionBody")
        if error_end is not None:
            return ast.ErrorStatement(token.start, error_end, list(parameters or ()))
        body = self.script_block(l_curly, is_filter=token.kind == "Filter")
        if (parameters and body.param_block is not None) or token.kind == "Workflow":
            self.needs_checks = True
        self.check_parameters(parameters or [])
        text = name.value if name.kind == "Generic" else self.text_of(name)
        return ast.FunctionDefinition(
            token.start, body.end, text, body, parameters, token.kind == "Filter", token.kind == "Workflow"
        )

    def function_parameters(self) -> tuple[list[ast.Parameter] | None, int | None, Token | None]:
        """Parameters in parentheses: the list, where an error left off, the closing parenthesis."""
        self.new_lines()
        l_paren = self.peek()
        if l_paren.kind != "LParen":
            return None, None, None
        self.skip()
        parameters = self.parameter_list()
        self.new_lines()
        r_paren = self.next()
        error_end: int | None = None
        if r_paren.kind != "RParen":
            self.unget(r_paren)
            last: Positioned = parameters[-1] if parameters else l_paren
            error_end = last.end
            self.error_after(last, "MissingEndParenthesisInFunctionParameterList")
        self.new_lines()
        return parameters, error_end, r_paren

    # ---- errors ------------------------------------------------------------------------------------------------------

    def _trap(self, token: Token) -> ast.Statement:
        point = self.restore_point()
        self.new_lines()
        trap_type = self.attribute()
        if trap_type is not None and not isinstance(trap_type, ast.TypeConstraint):
            self.resync(point)
            trap_type = None
        body = self.statement_block()
        if body is None:
            place = trap_type or token
            self.error_after(place, "MissingTrapStatement")
            return ast.ErrorStatement(token.start, place.end, [trap_type] if trap_type else [])
        return ast.TrapStatement(token.start, body.end, trap_type, body)

    def _try(self, token: Token) -> ast.Statement:
        self.new_lines()
        body = self.statement_block()
        if body is None:
            self.error_after(token, "MissingTryStatementBlock")
            return ast.ErrorStatement(token.start, token.end)
        catches: list[ast.CatchClause] = []
        error_end: Positioned | None = None
        leftovers: list[ast.Ast] = []
        while True:
            clause, failed = self._catch(leftovers)
            error_end = failed or error_end
            if clause is None:
                break
            catches.append(clause)
        self.new_lines()
        finally_token = self.peek()
        finally_block: ast.StatementBlock | None = None
        if finally_token.kind == "Finally":
            self.skip()
            flow = self.flow_statements
            finally_block = self.statement_block()
            if finally_block is None:
                error_end = finally_token
                self.error_after(finally_token, "MissingFinallyStatementBlock")
            if self.flow_statements != flow:
                self.needs_checks = True
        if not catches and finally_block is None and error_end is None:
            error_end = body
            self.error_after(body, "MissingCatchOrFinally")
        if error_end is not None:
            return ast.ErrorStatement(token.start, error_end.end, [body, *catches, *leftovers])
        if len(catches) > 1 and may_hide_another(catches):
            self.needs_checks = True
        return ast.TryStatement(token.start, (finally_block or catches[-1]).end, body, catches, finally_block)

    def _catch(self, leftovers: list[ast.Ast]) -> tuple[ast.CatchClause | None, Positioned | None]:
        """A catch clause, or nothing and, after an error, the last thing seen of it."""
        self.new_lines()
        catch = self.next()
        if catch.kind != "Catch":
            self.unget(catch)
            return None, None
        types: list[ast.TypeConstraint] = []
        comma: Token | None = None
        failed: Positioned | None = None
        while True:
            point = self.restore_point() if self.ungot is None else self.ungot.start
            self.new_lines()
            catch_type = self.attribute()
            if catch_type is None:
                if comma is not None and comma.kind == "Comma":
                    failed = comma
                    self.error_after(comma, "MissingTypeLiteralToken")
                break
            if not isinstance(catch_type, ast.TypeConstraint):
                self.resync(point)
                break
            types.append(catch_type)
            self.new_lines()
            comma = self.peek()
            if comma.kind != "Comma":
                break
            self.skip()
        self.catch_depth += 1
        handler = self.statement_block()
        self.catch_depth -= 1
        if handler is None:
            if failed is None:
                failed = types[-1] if types else catch
                self.error_after(failed, "MissingCatchHandlerBlock")
            leftovers.extend(types)
            return None, failed
        return ast.CatchClause(catch.start, handler.end, types, handler), failed

    # ---- data sections -----------------------------------------------------------------------------------------------

    def _data(self, token: Token) -> ast.Statement:
        self.new_lines()
        name = self.simple_name()
        self.new_lines()
        parameter = self.peek()
        commands: list[ast.Expression] = []
        error_end: Positioned | None = None
        if parameter.kind == "Parameter":
            error_end = self._supported_commands(parameter, commands)
        body: ast.StatementBlock | None = None
        if error_end is None:
            body = self.statement_block()
            if body is None:
                error_end = commands[-1] if commands else (name or token)
                self.error_after(error_end, "MissingStatementBlockForDataSection")
        if error_end is not None or body is None:
            return ast.ErrorStatement(token.start, (error_end or token).end, list(commands))
        self.needs_checks = True
        return ast.DataStatement(token.start, body.end, name.value if name else None, commands, body)

    def _supported_commands(self, parameter: Token, commands: list[ast.Expression]) -> Positioned | None:
        self.skip()
        error_end: Positioned | None = None
        if not is_prefix(parameter, "supportedcommand"):
            error_end = parameter
            self.error(parameter, "InvalidParameterForDataSectionStatement", parameter.value)
        comma: Token | None = None
        while True:
            self.new_lines()
            command = self.single_argument("name")
            if command is None:
                if error_end is None:
                    self.error_after(comma or parameter, "MissingValueForSupportedCommandInDataSectionStatement")
                return comma or parameter
            commands.append(command)
            comma = self.peek()
            if comma.kind != "Comma":
                return error_end
            self.skip()


def may_hide_another(clauses: list[ast.CatchClause]) -> bool:
    """Whether of several catch clauses one catches what a later one names."""
    if any(clause.is_catch_all for clause in clauses[:-1]):
        return True
    types = [exception_type(constraint.type_name.full_name) for clause in clauses for constraint in clause.catch_types]
    known = [name for name in types if name is not None]
    return any(is_subclass(later, known[index]) for index in range(len(known)) for later in known[index + 1 :])


def is_prefix(token: Token, parameter: str) -> bool:
    """Whether a parameter token abbreviates *parameter*."""
    return parameter.startswith(str(token.value).lower())


_STATEMENTS: dict[str, Callable[[StatementRules, Token], ast.Statement | None]] = {
    "If": StatementRules._if,
    "Switch": lambda self, token: self.switch(None, token),
    "Foreach": lambda self, token: self.foreach(None, token),
    "For": lambda self, token: self.for_(None, token),
    "While": lambda self, token: self.while_(None, token),
    "Do": lambda self, token: self.do(None, token),
    "Label": lambda self, token: self.labeled(token),
    "Function": StatementRules._function,
    "Filter": StatementRules._function,
    "Workflow": StatementRules._function,
    "Return": StatementRules._return,
    "Throw": StatementRules._throw,
    "Exit": StatementRules._exit,
    "Break": StatementRules._break,
    "Continue": StatementRules._break,
    "Trap": StatementRules._trap,
    "Try": StatementRules._try,
    "Data": StatementRules._data,
    "Parallel": StatementRules._block,
    "Sequence": StatementRules._block,
    "Configuration": StatementRules._configuration,
    "From": StatementRules._reserved,
    "Define": StatementRules._reserved,
    "Var": StatementRules._reserved,
    "Using": lambda self, token: self.late_using(token),
}
