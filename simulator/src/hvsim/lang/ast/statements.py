# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of blocks, definitions, statements, pipelines and commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hvsim.lang.ast.base import (
    Ast,
    AttributeBase,
    CommandBase,
    Expression,
    Extent,
    MemberBase,
    PipelineBase,
    Redirection,
    Source,
    Statement,
)
from hvsim.lang.ast.expressions import (
    Attribute,
    Hashtable,
    ParamBlock,
    Parameter,
    StringConstantExpression,
    TypeConstraint,
    VariableExpression,
)

# ---- blocks ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class StatementBlock(Ast):
    """Statements in braces or in ``$( )``."""

    statements: list[Statement]
    traps: list[TrapStatement] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class NamedBlock(Ast):
    """*block_kind*: Begin, Process, End, Clean, Dynamicparam; *unnamed* when its keyword was not written."""

    block_kind: str
    unnamed: bool
    statements: list[Statement]
    traps: list[TrapStatement] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class ScriptBlock(Ast):
    """A script, the body of a function, or ``{ ... }``. *compiled* is for who runs it: what can be kept with the tree."""

    param_block: ParamBlock | None = None
    dynamic_param_block: NamedBlock | None = None
    begin_block: NamedBlock | None = None
    process_block: NamedBlock | None = None
    end_block: NamedBlock | None = None
    clean_block: NamedBlock | None = None
    using_statements: list[UsingStatement] = field(default_factory=list)
    attributes: list[AttributeBase] = field(default_factory=list)
    source: Source = field(default_factory=lambda: Source(""), repr=False)
    compiled: Any = field(default=None, init=False, repr=False)

    @property
    def text(self) -> str:
        """The source text of the block as written."""
        return self.source.text_of(self.extent)


# ---- statements ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class UsingStatement(Statement):
    """``using namespace|module|assembly name``."""

    using_statement_kind: str
    name: StringConstantExpression | None = None
    alias: StringConstantExpression | None = None
    module_specification: Hashtable | None = None


@dataclass(slots=True, eq=False)
class FunctionDefinition(Statement):
    """``function``, ``filter`` (*is_filter*) or ``workflow``; *parameters* only of ``function name(...)``, else None."""

    name: str
    body: ScriptBlock
    parameters: list[Parameter] | None = None
    is_filter: bool = False
    is_workflow: bool = False


@dataclass(slots=True, eq=False)
class TypeDefinition(Statement):
    """``class`` or ``enum``."""

    name: str
    attributes: list[Attribute]
    base_types: list[TypeConstraint]
    members: list[MemberBase]
    type_attributes: str

    @property
    def is_class(self) -> bool:
        """Whether this is a class."""
        return self.type_attributes == "Class"

    @property
    def is_enum(self) -> bool:
        """Whether this is an enum."""
        return self.type_attributes == "Enum"


@dataclass(slots=True, eq=False)
class PropertyMember(MemberBase):
    """A property of a class or a name of an enum; *property_attributes* of Public, Static, Hidden, Literal."""

    name: str
    property_type: TypeConstraint | None
    attributes: list[Attribute]
    property_attributes: frozenset[str]
    initial_value: Expression | None = None

    @property
    def is_static(self) -> bool:
        """Whether the property is static."""
        return "Static" in self.property_attributes

    @property
    def is_hidden(self) -> bool:
        """Whether the property is hidden."""
        return "Hidden" in self.property_attributes


@dataclass(slots=True, eq=False)
class FunctionMember(MemberBase):
    """A method or constructor of a class; *method_attributes* of Public, Static, Hidden."""

    name: str
    return_type: TypeConstraint | None
    parameters: list[Parameter]
    body: ScriptBlock
    attributes: list[Attribute]
    method_attributes: frozenset[str]
    is_constructor: bool = False

    @property
    def is_static(self) -> bool:
        """Whether the method is static."""
        return "Static" in self.method_attributes

    @property
    def is_hidden(self) -> bool:
        """Whether the method is hidden."""
        return "Hidden" in self.method_attributes


@dataclass(slots=True, eq=False)
class IfStatement(Statement):
    """*clauses*: pairs of condition and body."""

    clauses: list[tuple[PipelineBase, StatementBlock]]
    else_clause: StatementBlock | None = None


@dataclass(slots=True, eq=False)
class LabeledStatement(Statement):
    """Base of loops and switch; *label* without its colon."""

    label: str | None
    condition: PipelineBase | None


@dataclass(slots=True, eq=False)
class WhileStatement(LabeledStatement):
    """``while (condition) body``."""

    body: StatementBlock


@dataclass(slots=True, eq=False)
class DoWhileStatement(LabeledStatement):
    """``do body while (condition)``."""

    body: StatementBlock


@dataclass(slots=True, eq=False)
class DoUntilStatement(LabeledStatement):
    """``do body until (condition)``."""

    body: StatementBlock


@dataclass(slots=True, eq=False)
class ForStatement(LabeledStatement):
    """``for (initializer; condition; iterator) body``."""

    initializer: PipelineBase | None
    iterator: PipelineBase | None
    body: StatementBlock


@dataclass(slots=True, eq=False)
class ForEachStatement(LabeledStatement):
    """``foreach (variable in condition) body``; *flags* empty or {Parallel}."""

    variable: VariableExpression
    body: StatementBlock
    flags: frozenset[str] = frozenset()
    throttle_limit: Expression | None = None


@dataclass(slots=True, eq=False)
class SwitchStatement(LabeledStatement):
    """*flags*: of File, Regex, Wildcard, Exact, CaseSensitive, Parallel; *clauses*: pairs of condition and body."""

    flags: frozenset[str]
    clauses: list[tuple[Expression, StatementBlock]]
    default: StatementBlock | None = None


@dataclass(slots=True, eq=False)
class DataStatement(Statement):
    """``data name -SupportedCommand ... { }``."""

    variable: str | None
    commands_allowed: list[Expression]
    body: StatementBlock


@dataclass(slots=True, eq=False)
class BlockStatement(Statement):
    """``parallel { }`` or ``sequence { }`` of workflows; *kind* is the keyword as written."""

    kind: str
    body: StatementBlock


@dataclass(slots=True, eq=False)
class CatchClause(Ast):
    """``catch [type], [type] body``; no types: catches all."""

    catch_types: list[TypeConstraint]
    body: StatementBlock

    @property
    def is_catch_all(self) -> bool:
        """Whether no type was named."""
        return not self.catch_types


@dataclass(slots=True, eq=False)
class TryStatement(Statement):
    """``try body catch ... finally ...``; *finally_* has the trailing underscore because ``finally`` is a keyword of Python."""

    body: StatementBlock
    catch_clauses: list[CatchClause]
    finally_: StatementBlock | None = None


@dataclass(slots=True, eq=False)
class TrapStatement(Statement):
    """``trap [type] body``."""

    trap_type: TypeConstraint | None
    body: StatementBlock


@dataclass(slots=True, eq=False)
class BreakStatement(Statement):
    """``break label``."""

    label: Expression | None = None


@dataclass(slots=True, eq=False)
class ContinueStatement(Statement):
    """``continue label``."""

    label: Expression | None = None


@dataclass(slots=True, eq=False)
class ReturnStatement(Statement):
    """``return pipeline``."""

    pipeline: PipelineBase | None = None


@dataclass(slots=True, eq=False)
class ExitStatement(Statement):
    """``exit pipeline``."""

    pipeline: PipelineBase | None = None


@dataclass(slots=True, eq=False)
class ThrowStatement(Statement):
    """``throw pipeline``; *is_rethrow*: nothing to throw was named, in a catch block."""

    pipeline: PipelineBase | None = None
    is_rethrow: bool = False


@dataclass(slots=True, eq=False)
class AssignmentStatement(PipelineBase):
    """*operator*: Equals, PlusEquals, MinusEquals, MultiplyEquals, DivideEquals, RemainderEquals, QuestionQuestionEquals."""

    left: Expression
    operator: str
    right: Statement
    error_position: Extent


@dataclass(slots=True, eq=False)
class Pipeline(PipelineBase):
    """Commands joined by ``|``; *background* with a final ``&``."""

    pipeline_elements: list[CommandBase]
    background: bool = False


@dataclass(slots=True, eq=False)
class PipelineChain(PipelineBase):
    """``lhs && rhs`` or ``lhs || rhs``; *operator*: AndAnd, OrOr."""

    lhs_pipeline_chain: Pipeline | PipelineChain
    rhs_pipeline: Pipeline
    operator: str
    background: bool = False


@dataclass(slots=True, eq=False)
class CommandParameter(Ast):
    """``-name`` or ``-name:argument`` of a command; *error_position* covers the name with its dash and colon."""

    parameter_name: str
    argument: Expression | None
    error_position: Extent


@dataclass(slots=True, eq=False)
class Command(CommandBase):
    """*command_elements*: the name, then arguments and CommandParameters; *invocation_operator*: Ampersand, Dot, Unknown."""

    command_elements: list[Expression | CommandParameter]
    invocation_operator: str = "Unknown"
    redirections: list[Redirection] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class CommandExpression(CommandBase):
    """An expression as element of a pipeline."""

    expression: Expression
    redirections: list[Redirection] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class FileRedirection(Redirection):
    """``n> location`` or ``n>> location``; *from_stream*: Output, Error, Warning, Verbose, Debug, Information, All."""

    from_stream: str
    location: Expression
    append: bool = False


@dataclass(slots=True, eq=False)
class MergingRedirection(Redirection):
    """``n>&1``."""

    from_stream: str
    to_stream: str


@dataclass(slots=True, eq=False)
class ErrorStatement(PipelineBase):
    """What error recovery puts where a statement is broken; never in a tree that :func:`hvsim.lang.parser.parse` returns."""

    nested_ast: list[Ast] = field(default_factory=list)
