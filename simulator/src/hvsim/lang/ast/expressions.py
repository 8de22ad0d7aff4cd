# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes of expressions, of attributes and of parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hvsim.lang.ast.base import AnyTypeName, Ast, AttributeBase, Expression, Extent, PipelineBase, Statement

if TYPE_CHECKING:
    from hvsim.lang.ast.statements import ScriptBlock, StatementBlock


# ---- expressions -----------------------------------------------------------------------------------------------------


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


# ---- attributes and parameters ---------------------------------------------------------------------------------------


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
