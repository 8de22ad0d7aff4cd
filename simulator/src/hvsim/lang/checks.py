# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a complete tree: what is well-formed and still no valid script.

They run only when the parser saw something that could fail one, since most scripts have nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hvsim.lang import ast
from hvsim.lang.constants import VOID_TYPES, hash_key, is_constant_argument
from hvsim.lang.core import ParserCore, Positioned
from hvsim.lang.data_section import check_data_section
from hvsim.lang.exceptions import exception_type, is_subclass
from hvsim.lang.tokenizer import is_drive, unqualified
from hvsim.lang.tokens import kind_text

_REFERENCE = ("ref", "psreference", "system.management.automation.psreference", "management.automation.psreference")
_ASSIGNABLE = (ast.VariableExpression, ast.MemberExpression, ast.IndexExpression, ast.AttributedExpression)
_AUTOMATIC: dict[str, tuple[str, tuple[str, ...]]] = {
    "_": ("System.Object", ("object", "system.object")),
    "args": ("System.Object[]", ("object[]", "system.object[]")),
    "this": ("System.Object", ("object", "system.object")),
    "input": ("System.Object", ("object", "system.object")),
    "pscmdlet": ("System.Management.Automation.PSScriptCmdlet", ()),
    "psboundparameters": ("System.Collections.Generic.Dictionary`2[System.String,System.Object]", ()),
    "myinvocation": ("System.Management.Automation.InvocationInfo", ("system.management.automation.invocationinfo",)),
    "psscriptroot": ("System.String", ("string", "system.string")),
    "pscommandpath": ("System.String", ("string", "system.string")),
}
"""Automatic variables with their type and the names it may be written with."""


def check(parser: ParserCore, tree: ast.ScriptBlock) -> None:
    """Reports the errors that PowerShell finds after parsing."""
    Checker(parser).visit(tree)


def visit_order(node: ast.Ast) -> Iterator[ast.Ast]:
    """The children of *node* in the order in which PowerShell's visitors see them."""
    if isinstance(node, ast.NamedBlock | ast.StatementBlock):
        yield from sorted([*node.statements, *node.traps], key=lambda statement: statement.start)
    elif isinstance(node, ast.Parameter):
        yield from node.attributes
        yield node.name
        if node.default_value is not None:
            yield node.default_value
    elif isinstance(node, ast.ForStatement):
        for child in (node.initializer, node.condition, node.iterator, node.body):
            if child is not None:
                yield child
    elif isinstance(node, ast.ForEachStatement):
        yield node.variable
        if node.condition is not None:
            yield node.condition
        yield node.body
    elif isinstance(node, ast.FunctionDefinition):
        yield from node.parameters or ()
        yield node.body
    elif isinstance(node, ast.ExpandableStringExpression):
        yield from node.nested_expressions
    elif isinstance(node, ast.ScriptBlock):
        blocks = (node.param_block, node.dynamic_param_block, node.begin_block, node.process_block, node.end_block)
        yield from node.using_statements
        for block in (*blocks, node.clean_block):
            if block is not None:
                yield block
    else:
        yield from node.children()


class Checker:
    """Visits a tree, outer nodes first, with the way from the root at hand."""

    def __init__(self, parser: ParserCore) -> None:
        self.parser = parser
        self.error: Callable[..., None] = parser.error
        self.parents: list[ast.Ast] = []

    def visit(self, root: ast.Ast) -> None:
        """Checks *root* and all below it; does not recurse, so that depth is no limit."""
        pending: list[Iterator[ast.Ast]] = [iter((root,))]
        while pending:
            node = next(pending[-1], None)
            if node is None:
                pending.pop()
                if self.parents:
                    self.parents.pop()
                continue
            rule = _CHECKS.get(type(node))
            if rule is not None:
                rule(self, node)
            self.parents.append(node)
            pending.append(visit_order(node))

    # ---- parameters and attributes -----------------------------------------------------------------------------------

    def _parameters(self, parameters: list[ast.Parameter]) -> None:
        seen: set[str] = set()
        for parameter in parameters:
            name = parameter.name.variable_path
            if name.lower() in seen:
                self.error(parameter.name, "DuplicateFormalParameter", name)
            seen.add(name.lower())
            for attribute in parameter.attributes:
                if isinstance(attribute, ast.TypeConstraint) and _name(attribute) in VOID_TYPES:
                    self.error(attribute, "VoidTypeConstraintNotAllowed")
                    break

    def _param_block(self, node: ast.ParamBlock) -> None:
        self._parameters(node.parameters)

    def _parameter(self, node: ast.Parameter) -> None:
        types = 0
        in_method = isinstance(self.parents[-1], ast.FunctionMember)
        for attribute in node.attributes:
            if not isinstance(attribute, ast.TypeConstraint):
                continue
            if _name(attribute) == "ordered":
                self.error(attribute, "OrderedAttributeOnlyOnHashLiteralNode", attribute.type_name.full_name)
                continue
            types += 1
            if in_method and types > 1:
                self.error(attribute, "MultipleTypeConstraintsOnMethodParam")

    def _attribute(self, node: ast.Attribute) -> None:
        in_class = any(isinstance(parent, ast.MemberBase | ast.TypeDefinition) for parent in self.parents[-2:])
        in_class = in_class and not isinstance(self.parents[-1], ast.ParamBlock)
        error = "ParameterAttributeArgumentNeedsToBeConstant" + ("" if in_class else "OrScriptBlock")
        names: set[str] = set()
        for named in node.named_arguments:
            if named.argument_name.lower() in names:
                self.error(named, "DuplicateNamedArgument", named.argument_name)
            elif not named.expression_omitted and not is_constant_argument(named.argument, script_blocks=not in_class):
                self.error(named.argument, error)
            names.add(named.argument_name.lower())
        for argument in node.positional_arguments:
            if not is_constant_argument(argument, script_blocks=not in_class):
                self.error(argument, error)

    def _attributed(self, node: ast.AttributedExpression) -> None:
        child: ast.Expression = node
        while isinstance(child, ast.AttributedExpression):
            child = child.child
            if isinstance(child, ast.VariableExpression):
                return
        self.error(node.attribute, "UnexpectedAttribute", node.attribute.type_name.full_name)

    # ---- definitions -------------------------------------------------------------------------------------------------

    def _function(self, node: ast.FunctionDefinition) -> None:
        if node.parameters and node.body.param_block is not None:
            self.error(node.body.param_block, "OnlyOneParameterListAllowed")
        elif node.parameters:
            self._parameters(node.parameters)
        if node.is_workflow:
            self.error(node, "WorkflowNotSupportedInPowerShellCore")

    def _method(self, node: ast.FunctionMember) -> None:
        self._parameters(node.parameters)
        body = node.body
        if body.param_block is not None:
            self.error(body.param_block, "ParamBlockNotAllowedInMethod")
        named = [body.dynamic_param_block, body.begin_block, body.process_block, body.end_block, body.clean_block]
        blocks = [block for block in named if block is not None and not block.unnamed]
        if blocks:
            self.error(blocks[0], "NamedBlockNotAllowedInMethod")
        if node.is_constructor and node.return_type is not None:
            self.error(node.return_type, "ConstructorCantHaveReturnType")

    def _data(self, node: ast.DataStatement) -> None:
        check_data_section(self.parser, node)

    def _using(self, node: ast.UsingStatement) -> None:
        if node.alias is not None:
            self.error(node, "UsingStatementNotSupported")
        if node.using_statement_kind == "Namespace" and node.name is not None and self.parser.ps7:
            words = node.name.value.split(".")
            if not all(word.isidentifier() for word in words):
                self.error(node.name, "InvalidNamespaceValue")

    def _block(self, node: ast.BlockStatement) -> None:
        if not any(isinstance(parent, ast.FunctionDefinition) and parent.is_workflow for parent in self.parents):
            end = node.start + len(node.kind)
            self.error(ast.Extent(node.start, end), "UnexpectedKeyword", node.kind)

    # ---- statements --------------------------------------------------------------------------------------------------

    def _foreach(self, node: ast.ForEachStatement) -> None:
        parallel = "Parallel" in node.flags
        if parallel:
            self.error(node, "KeywordParameterReservedForFutureUse", "foreach", "parallel")
        if node.throttle_limit is not None:
            self.error(node, "KeywordParameterReservedForFutureUse", "foreach", "throttlelimit")
            if not parallel:
                self.error(node, "ThrottleLimitRequiresParallelFlag")

    def _switch(self, node: ast.SwitchStatement) -> None:
        if "Parallel" in node.flags:
            self.error(node, "KeywordParameterReservedForFutureUse", "switch", "parallel")

    def _try(self, node: ast.TryStatement) -> None:
        clauses = node.catch_clauses
        for index, earlier in enumerate(clauses[:-1]):
            for later in clauses[index + 1 :]:
                if earlier.is_catch_all:
                    place = max(later.start - 1, 0)
                    self.error(ast.Extent(place, place), "EmptyCatchNotLast")
                    break
                for first in earlier.catch_types:
                    for second in later.catch_types:
                        self._already_caught(first, second)

    def _already_caught(self, first: ast.TypeConstraint, second: ast.TypeConstraint) -> None:
        base = exception_type(first.type_name.full_name)
        derived = exception_type(second.type_name.full_name)
        if base is not None and derived is not None and is_subclass(derived, base):
            self.error(second, "ExceptionTypeAlreadyCaught", derived)

    def _flow(self, node: ast.BreakStatement | ast.ContinueStatement) -> None:
        label: str | None = ""
        if node.label is not None:
            label = node.label.value if isinstance(node.label, ast.StringConstantExpression) else None
        self._leaving_finally(node, label)

    def _return(self, node: ast.ReturnStatement) -> None:
        self._leaving_finally(node, None)
        method = self._method_around()
        if method is None:
            return
        is_void = method.return_type is None or _name(method.return_type) in VOID_TYPES
        if node.pipeline is not None and is_void:
            self.error(node, "VoidMethodHasReturn")
        elif node.pipeline is None and not is_void:
            self.error(node, "NonVoidMethodMissingReturnValue")

    def _method_around(self) -> ast.FunctionMember | None:
        """The class method whose own body the current node is in."""
        for index in range(len(self.parents) - 1, 0, -1):
            if isinstance(self.parents[index], ast.ScriptBlock):
                owner = self.parents[index - 1]
                return owner if isinstance(owner, ast.FunctionMember) else None
        return None

    def _leaving_finally(self, node: ast.Ast, label: str | None) -> None:
        """*label*: empty for the nearest loop, None if unknown or for ``return``."""
        child: ast.Ast = node
        for parent in reversed(self.parents):
            if isinstance(parent, ast.NamedBlock | ast.TrapStatement | ast.ScriptBlock):
                return
            if (
                label is not None
                and isinstance(parent, ast.LabeledStatement)
                and (not label or label.lower() == (parent.label or "").lower())
            ):
                return
            if isinstance(parent, ast.TryStatement) and parent.finally_ is child:
                self.error(node, "ControlLeavingFinally")
                return
            child = parent

    # ---- assignments -------------------------------------------------------------------------------------------------

    def _assignment(self, node: ast.AssignmentStatement) -> None:
        self._target(node.left, node.operator == "Equals", lambda place: self.error(place, "InvalidLeftHandSide"))

    def _unary(self, node: ast.UnaryExpression) -> None:
        if node.token_kind in ("PlusPlus", "MinusMinus", "PostfixPlusPlus", "PostfixMinusMinus"):
            text = kind_text(node.token_kind)
            self._target(node.child, False, lambda place: self.error(place, "OperatorRequiresVariableOrProperty", text))

    def _target(self, target: ast.Expression, simple: bool, report: Callable[[Positioned], None]) -> None:
        """Reports what in *target* cannot be assigned to; *simple*: the operator is ``=``."""
        if isinstance(target, ast.ArrayLiteral):
            if not simple:
                report(target)
                return
            for element in target.elements:
                self._target(element, True, report)
        elif isinstance(target, ast.ParenExpression):
            inner = pure_expression(target.pipeline)
            if inner is None:
                report(target.pipeline)
            else:
                self._target(inner, simple, report)
        elif not isinstance(target, _ASSIGNABLE):
            report(target)
        elif isinstance(target, ast.MemberExpression | ast.IndexExpression):
            if target.null_conditional:
                report(target)
        elif isinstance(target, ast.AttributedExpression):
            self._typed_target(target, simple, report)

    def _typed_target(
        self, target: ast.AttributedExpression, simple: bool, report: Callable[[Positioned], None]
    ) -> None:
        child: ast.Expression = target
        conversions: list[ast.TypeConstraint] = []
        reference: ast.TypeConstraint | None = None
        while isinstance(child, ast.AttributedExpression):
            if isinstance(child, ast.ConvertExpression):
                conversions.append(child.attribute)
                if _name(child.attribute) in _REFERENCE:
                    reference = child.attribute
                elif _name(child.attribute) in VOID_TYPES:
                    self.error(child.attribute, "VoidTypeConstraintNotAllowed")
            child = child.child
        if reference is not None and len(conversions) > 1:
            self.error(reference, "ReferenceNeedsToBeByItselfInTypeConstraint")
            return
        if isinstance(child, ast.VariableExpression):
            self._automatic_target(target, child.variable_path, conversions)
        self._target(child, simple, report)

    def _automatic_target(self, target: ast.Expression, path: str, conversions: list[ast.TypeConstraint]) -> None:
        scope = path[: -len(unqualified(path)) - 1].lower() if ":" in path else ""
        if is_drive(path) or scope not in ("", "local", "private", "variable", "variable:local", "variable:private"):
            return
        name = unqualified(path)
        automatic = _AUTOMATIC.get(name.lower())
        if automatic is not None and (not conversions or _name(conversions[-1]) not in automatic[1]):
            self.error(target, "AssignmentStatementToAutomaticNotSupported", name, automatic[0])

    # ---- expressions -------------------------------------------------------------------------------------------------

    def _convert(self, node: ast.ConvertExpression) -> None:
        name = _name(node.attribute)
        if name == "ordered":
            if not isinstance(node.child, ast.Hashtable):
                self.error(node, "OrderedAttributeOnlyOnHashLiteralNode", node.attribute.type_name.full_name)
            return
        if name not in _REFERENCE:
            return
        doubled = False
        child = node.child
        while isinstance(child, ast.AttributedExpression):
            if isinstance(child, ast.ConvertExpression) and _name(child.attribute) in _REFERENCE:
                doubled = True
                self.error(child.attribute, "ReferenceNeedsToBeByItselfInTypeSequence")
            child = child.child
        outer = self.parents[-1]
        mixed = isinstance(outer, ast.ConvertExpression) and _name(outer.attribute) not in _REFERENCE
        if mixed and not doubled and not self._is_assigned_to(node):
            self.error(node.attribute, "ReferenceNeedsToBeLastTypeInTypeConversion")

    def _is_assigned_to(self, node: ast.Ast) -> bool:
        child = node
        for parent in reversed(self.parents):
            if isinstance(parent, ast.AssignmentStatement):
                return parent.left is child
            if isinstance(parent, ast.CommandExpression):
                return False
            child = parent
        return False

    def _using_expression(self, node: ast.UsingExpression) -> None:
        expr = node.sub_expression
        while not isinstance(expr, ast.VariableExpression):
            if (
                isinstance(expr, ast.MemberExpression)
                and not isinstance(expr, ast.InvokeMemberExpression)
                and isinstance(expr.member, ast.StringConstantExpression)
            ):
                expr = expr.expression
            elif isinstance(expr, ast.IndexExpression) and is_constant_argument(expr.index):
                expr = expr.target
            else:
                self.error(expr.index if isinstance(expr, ast.IndexExpression) else expr, "InvalidUsingExpression")
                return

    def _variable(self, node: ast.VariableExpression) -> None:
        if not node.splatted or isinstance(self.parents[-1], ast.Command | ast.UsingExpression):
            return
        in_list = isinstance(self.parents[-1], ast.ArrayLiteral) and isinstance(self.parents[-2], ast.Command)
        self.error(
            node, "SplattingNotPermittedInArgumentList" if in_list else "SplattingNotPermitted", node.variable_path
        )

    def _hashtable(self, node: ast.Hashtable) -> None:
        seen: set[str] = set()
        for key, _ in node.key_value_pairs:
            text = hash_key(key)
            if text is None:
                continue
            if text.lower() in seen:
                self.error(key, "DuplicateKeyInHashLiteral", text)
            seen.add(text.lower())


def pure_expression(pipeline: ast.Statement) -> ast.Expression | None:
    """The expression that a pipeline is, if it is nothing else."""
    if isinstance(pipeline, ast.Pipeline) and len(pipeline.pipeline_elements) == 1 and not pipeline.background:
        element = pipeline.pipeline_elements[0]
        if isinstance(element, ast.CommandExpression) and not element.redirections:
            return element.expression
    return None


def _name(constraint: ast.AttributeBase) -> str:
    return constraint.type_name.full_name.lower()


_CHECKS: dict[type[ast.Ast], Callable[[Checker, Any], None]] = {
    ast.ParamBlock: Checker._param_block,
    ast.Parameter: Checker._parameter,
    ast.Attribute: Checker._attribute,
    ast.AttributedExpression: Checker._attributed,
    ast.FunctionDefinition: Checker._function,
    ast.FunctionMember: Checker._method,
    ast.DataStatement: Checker._data,
    ast.UsingStatement: Checker._using,
    ast.BlockStatement: Checker._block,
    ast.ForEachStatement: Checker._foreach,
    ast.SwitchStatement: Checker._switch,
    ast.TryStatement: Checker._try,
    ast.BreakStatement: Checker._flow,
    ast.ContinueStatement: Checker._flow,
    ast.ReturnStatement: Checker._return,
    ast.AssignmentStatement: Checker._assignment,
    ast.UnaryExpression: Checker._unary,
    ast.ConvertExpression: Checker._convert,
    ast.UsingExpression: Checker._using_expression,
    ast.VariableExpression: Checker._variable,
    ast.Hashtable: Checker._hashtable,
}
