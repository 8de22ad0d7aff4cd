# SPDX-License-Identifier: GPL-3.0-or-later
"""The syntax tree of a PowerShell script.

Classes carry the names of ``System.Management.Automation.Language`` without ``Ast``, attributes PowerShell's property names in
snake case. Positions count UTF-16 code units; :class:`Source` turns them into lines and columns. Nodes compare by identity.
Enumerations are plain strings with PowerShell's names, flag enumerations are frozensets of such names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import NamedTuple, TypeAlias


class Extent(NamedTuple):
    """The half-open range ``[start, end)`` of code units that a node covers."""

    start: int
    end: int


class Source:
    """The text a script was parsed from (one character per UTF-16 code unit), shared by all its script blocks."""

    __slots__ = ("_line_starts", "edition", "file", "text")

    def __init__(self, text: str, file: str | None = None, edition: str = "7") -> None:
        self.text = text
        self.file = file
        self.edition = edition
        self._line_starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """Offsets of the first character of every line; lines end with ``\\r\\n``, ``\\n`` or ``\\r``."""
        if self._line_starts is None:
            starts = [0]
            text = self.text
            at = 0
            if "\r" not in text:
                while (at := text.find("\n", at) + 1) > 0:
                    starts.append(at)
            else:
                for number, line in enumerate(text.replace("\r\n", " \n").replace("\r", "\n").split("\n")):
                    if number:
                        starts.append(at)
                    at += len(line) + 1
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both counted from 1) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, offset: int) -> int:
        """Line number (counted from 1) of an offset."""
        return bisect_right(self.line_starts, offset)

    def line_text(self, number: int) -> str:
        """The text of line *number* (counted from 1) without its line end."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def text_of(self, extent: Extent) -> str:
        """The source text that an extent covers."""
        return self.text[extent.start : extent.end]


# ---- type names --------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class TypeName:
    """A plain type name such as ``int`` or ``System.IO.Path``; *assembly* holds what follows a comma."""

    extent: Extent
    name: str
    assembly: str | None = None

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        return f"{self.name},{self.assembly}" if self.assembly else self.name


@dataclass(slots=True, eq=False)
class ArrayTypeName:
    """``element[]`` or, with more dimensions, ``element[,]``."""

    extent: Extent
    element_type: AnyTypeName
    rank: int = 1

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        base, assembly = _split_assembly(self.element_type)
        return f"{base}[{',' * (self.rank - 1)}]{assembly}"


@dataclass(slots=True, eq=False)
class GenericTypeName:
    """``name[argument, ...]``."""

    extent: Extent
    type_name: TypeName
    generic_arguments: list[AnyTypeName]

    @property
    def full_name(self) -> str:
        """The name as PowerShell normalises it."""
        base, assembly = _split_assembly(self)
        return base + assembly


AnyTypeName: TypeAlias = TypeName | ArrayTypeName | GenericTypeName


def _split_assembly(type_name: AnyTypeName) -> tuple[str, str]:
    """Full name without the assembly, and the ``,assembly`` that belongs behind it."""
    if isinstance(type_name, TypeName):
        return type_name.name, f",{type_name.assembly}" if type_name.assembly else ""
    if isinstance(type_name, ArrayTypeName):
        base, assembly = _split_assembly(type_name.element_type)
        return f"{base}[{',' * (type_name.rank - 1)}]", assembly
    base, assembly = _split_assembly(type_name.type_name)
    arguments = ",".join(argument.full_name for argument in type_name.generic_arguments)
    return f"{base}[{arguments}]", assembly


# ---- base classes ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Ast:
    """Base of all nodes."""

    extent: Extent

    def children(self) -> Iterator[Ast]:
        """The nodes directly below this one, in the order of their attributes."""
        for name in _CHILD_FIELDS.get(type(self)) or _child_fields(type(self)):
            value = getattr(self, name)
            if isinstance(value, Ast):
                yield value
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, Ast):
                        yield item
                    elif isinstance(item, tuple):
                        yield from item


_CHILD_FIELDS: dict[type[Ast], tuple[str, ...]] = {}


def _child_fields(node_type: type[Ast]) -> tuple[str, ...]:
    """Names of the fields of a class that can hold nodes. ``parts`` are the nested expressions again."""
    names = tuple(
        item.name
        for item in fields(node_type)
        if item.name not in ("extent", "error_position", "source", "parts", "type_name", "generic_type_arguments")
    )
    _CHILD_FIELDS[node_type] = names
    return names


def walk(node: Ast) -> Iterator[Ast]:
    """*node* and all nodes below it, outer ones first; does not recurse, so that depth is no limit."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(current.children())))


@dataclass(slots=True, eq=False)
class Statement(Ast):
    """Base of statements."""


@dataclass(slots=True, eq=False)
class Expression(Ast):
    """Base of expressions."""


@dataclass(slots=True, eq=False)
class PipelineBase(Statement):
    """Base of what may stand where a pipeline is expected: an assignment, a chain, ..."""


@dataclass(slots=True, eq=False)
class CommandBase(Statement):
    """Base of the elements of a pipeline."""


@dataclass(slots=True, eq=False)
class Redirection(Ast):
    """Base of redirections."""


@dataclass(slots=True, eq=False)
class AttributeBase(Ast):
    """Base of Attribute and TypeConstraint."""

    type_name: AnyTypeName


@dataclass(slots=True, eq=False)
class MemberBase(Ast):
    """Base of the members of a type definition."""


# ---- expressions -------------------------------------------------------------------------------------------------------


class NumberLiteral(NamedTuple):
    """A number constant: *kind* is the PowerShell type (int long byte sbyte short ushort uint ulong double decimal bigint)."""

    kind: str
    value: int | float | Decimal


@dataclass(slots=True, eq=False)
class ConstantExpression(Expression):
    """A number, or ``True`` where a named attribute argument has no value."""

    value: NumberLiteral | bool


@dataclass(slots=True, eq=False)
class StringConstantExpression(Expression):
    """A string without expansion; *string_constant_type*: SingleQuoted, SingleQuotedHereString, DoubleQuoted, DoubleQuotedHereString, BareWord."""

    value: str
    string_constant_type: str = "BareWord"


@dataclass(slots=True, eq=False)
class ExpandableStringExpression(Expression):
    """A string with variables or ``$(...)`` in it.

    *value* is the text with escapes processed and the expressions as written, *parts* literal texts and expressions in order.
    """

    value: str
    string_constant_type: str
    nested_expressions: list[Expression]
    parts: list[str | Expression]


@dataclass(slots=True, eq=False)
class VariableExpression(Expression):
    """``$name``, ``${any name}``, ``$scope:name`` or, *splatted*, ``@name``; *variable_path* is the name as written, without braces and escapes."""

    variable_path: str
    splatted: bool = False


@dataclass(slots=True, eq=False)
class TypeExpression(Expression):
    """``[type]`` as a value."""

    type_name: AnyTypeName


@dataclass(slots=True, eq=False)
class BinaryExpression(Expression):
    """*operator* is the name of PowerShell's TokenKind (``Plus``, ``Ieq``, ``DotDot``, ``And`` ...); *error_position* covers the operator."""

    operator: str
    left: Expression
    right: Expression
    error_position: Extent


@dataclass(slots=True, eq=False)
class UnaryExpression(Expression):
    """*token_kind*: Not, Exclaim, Minus, Plus, Bnot, Comma (not here), Join, Isplit, Csplit, PlusPlus, MinusMinus, PostfixPlusPlus, PostfixMinusMinus."""

    token_kind: str
    child: Expression


@dataclass(slots=True, eq=False)
class TernaryExpression(Expression):
    """``condition ? if_true : if_false``."""

    condition: Expression
    if_true: Expression
    if_false: Expression


@dataclass(slots=True, eq=False)
class AttributedExpression(Expression):
    """``[attribute(...)] child``."""

    attribute: AttributeBase
    child: Expression


@dataclass(slots=True, eq=False)
class ConvertExpression(AttributedExpression):
    """``[type] child``; *type* is *attribute*."""

    attribute: TypeConstraint

    @property
    def type(self) -> TypeConstraint:
        """The type to convert to."""
        return self.attribute


@dataclass(slots=True, eq=False)
class MemberExpression(Expression):
    """``expression.member``, ``expression::member`` (*static*), ``expression?.member`` (*null_conditional*)."""

    expression: Expression
    member: Expression
    static: bool = False
    null_conditional: bool = False


@dataclass(slots=True, eq=False)
class InvokeMemberExpression(MemberExpression):
    """``expression.member(arguments)``; *generic_type_arguments* of ``.member[type](...)``."""

    arguments: list[Expression] = field(default_factory=list)
    generic_type_arguments: list[AnyTypeName] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class BaseCtorInvokeMemberExpression(InvokeMemberExpression):
    """``: base(arguments)`` of a constructor."""


@dataclass(slots=True, eq=False)
class IndexExpression(Expression):
    """``target[index]`` or ``target?[index]``."""

    target: Expression
    index: Expression
    null_conditional: bool = False


@dataclass(slots=True, eq=False)
class ArrayLiteral(Expression):
    """``a, b``."""

    elements: list[Expression]


@dataclass(slots=True, eq=False)
class ArrayExpression(Expression):
    """``@( ... )``."""

    sub_expression: StatementBlock


@dataclass(slots=True, eq=False)
class SubExpression(Expression):
    """``$( ... )``."""

    sub_expression: StatementBlock


@dataclass(slots=True, eq=False)
class ParenExpression(Expression):
    """``( pipeline )``."""

    pipeline: PipelineBase


@dataclass(slots=True, eq=False)
class Hashtable(Expression):
    """``@{ key = statement }``."""

    key_value_pairs: list[tuple[Expression, Statement]]


@dataclass(slots=True, eq=False)
class UsingExpression(Expression):
    """``$using:name``; *sub_expression* is the variable (without ``using:`` in its path), with its members and indices."""

    sub_expression: Expression


@dataclass(slots=True, eq=False)
class ScriptBlockExpression(Expression):
    """``{ ... }`` as a value."""

    script_block: ScriptBlock


@dataclass(slots=True, eq=False)
class ErrorExpression(Expression):
    """What error recovery puts where an expression is missing; never in a tree that :func:`hvsim.lang.parser.parse` returns."""

    nested_ast: list[Ast] = field(default_factory=list)


# ---- attributes and parameters -----------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class TypeConstraint(AttributeBase):
    """``[type]`` in front of a parameter, variable or value."""


@dataclass(slots=True, eq=False)
class NamedAttributeArgument(Ast):
    """``Name = argument`` of an attribute; *expression_omitted*: only the name was given, *argument* is ``True`` then."""

    argument_name: str
    argument: Expression
    expression_omitted: bool = False


@dataclass(slots=True, eq=False)
class Attribute(AttributeBase):
    """``[Name(arguments)]``."""

    positional_arguments: list[Expression]
    named_arguments: list[NamedAttributeArgument]


@dataclass(slots=True, eq=False)
class Parameter(Ast):
    """A parameter of a function or script block."""

    name: VariableExpression
    attributes: list[AttributeBase]
    default_value: Expression | None = None


@dataclass(slots=True, eq=False)
class ParamBlock(Ast):
    """``param( ... )`` with the attributes in front of it."""

    attributes: list[Attribute]
    parameters: list[Parameter]


# ---- blocks ------------------------------------------------------------------------------------------------------------


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
    """A script, the body of a function, or ``{ ... }``."""

    param_block: ParamBlock | None = None
    dynamic_param_block: NamedBlock | None = None
    begin_block: NamedBlock | None = None
    process_block: NamedBlock | None = None
    end_block: NamedBlock | None = None
    clean_block: NamedBlock | None = None
    using_statements: list[UsingStatement] = field(default_factory=list)
    attributes: list[AttributeBase] = field(default_factory=list)
    source: Source = field(default_factory=lambda: Source(""), repr=False)

    @property
    def text(self) -> str:
        """The source text of the block as written."""
        return self.source.text_of(self.extent)


# ---- statements --------------------------------------------------------------------------------------------------------


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
