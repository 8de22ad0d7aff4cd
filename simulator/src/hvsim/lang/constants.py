# SPDX-License-Identifier: GPL-3.0-or-later
"""Which expressions are constant where PowerShell asks for constants."""

from __future__ import annotations

from decimal import Decimal

from hvsim.lang import ast
from hvsim.lang.words import unqualified

_FOLDED = frozenset(
    [
        "Plus",
        "Minus",
        "Multiply",
        "Divide",
        "Rem",
        "And",
        "Or",
        "Xor",
        "Not",
        "Exclaim",
        "Band",
        "Bor",
        "Bxor",
        "Bnot",
        "Join",
        "Shl",
        "Shr",
        "Ieq",
        "Ine",
        "Ige",
        "Igt",
        "Ile",
        "Ilt",
        "Ceq",
        "Cne",
        "Cge",
        "Cgt",
        "Cle",
        "Clt",
        "Ilike",
        "Inotlike",
        "Clike",
        "Cnotlike",
        "Format",
    ]
)
_SAFE_TYPES = frozenset(
    [
        "bool",
        "boolean",
        "char",
        "byte",
        "sbyte",
        "int16",
        "short",
        "uint16",
        "ushort",
        "int32",
        "int",
        "uint32",
        "uint",
        "int64",
        "long",
        "uint64",
        "ulong",
        "single",
        "float",
        "double",
        "decimal",
        "string",
    ]
)
VOID_TYPES = ("void", "system.void")
CONSTANT_VARIABLES = frozenset(("true", "false", "null"))


def is_constant_argument(node: ast.Ast, *, script_blocks: bool = True, requires: bool = False) -> bool:
    """Whether *node* may be the argument of an attribute, with *requires* one of ``#requires``.

    Static members count as constant without a look at the type: the parser knows no types.
    """

    def constant(child: ast.Ast) -> bool:
        return is_constant_argument(child, script_blocks=script_blocks, requires=requires)

    if isinstance(node, ast.ConstantExpression | ast.StringConstantExpression):
        return True
    if isinstance(node, ast.ArrayLiteral):
        return all(map(constant, node.elements))
    if isinstance(node, ast.ParenExpression):
        return constant(node.pipeline)
    if isinstance(node, ast.Pipeline):
        elements = node.pipeline_elements
        first = elements[0]
        if len(elements) > 1 or not isinstance(first, ast.CommandExpression) or first.redirections:
            return False
        return constant(first.expression)
    if isinstance(node, ast.VariableExpression):
        return unqualified(node.variable_path).lower() in CONSTANT_VARIABLES
    if isinstance(node, ast.UsingExpression):
        return constant(node.sub_expression)
    if isinstance(node, ast.BinaryExpression):
        return node.operator in _FOLDED and constant(node.left) and constant(node.right)
    if isinstance(node, ast.UnaryExpression):
        return node.token_kind in _FOLDED and constant(node.child)
    if isinstance(node, ast.TernaryExpression):
        return constant(node.condition) and constant(node.if_true) and constant(node.if_false)
    if isinstance(node, ast.ConvertExpression):
        name = node.attribute.type_name.full_name.lower().removeprefix("system.")
        return name in _SAFE_TYPES and constant(node.child)
    if isinstance(node, ast.SubExpression):
        statements = node.sub_expression.statements
        return not node.sub_expression.traps and len(statements) == 1 and constant(statements[0])
    if isinstance(node, ast.Hashtable):
        return requires and all(constant(key) and constant(value) for key, value in node.key_value_pairs)
    if isinstance(node, ast.TypeExpression):
        return not requires
    if isinstance(node, ast.ScriptBlockExpression):
        return script_blocks and not requires
    return (
        type(node) is ast.MemberExpression
        and node.static
        and isinstance(node.expression, ast.TypeExpression)
        and isinstance(node.member, ast.StringConstantExpression)
    )


def hash_key(node: ast.Expression) -> str | None:
    """The text by which duplicate keys of a hash table are found; None if the key is not constant."""
    if isinstance(node, ast.StringConstantExpression):
        return node.value
    if not isinstance(node, ast.ConstantExpression) or isinstance(node.value, bool):
        return None
    value = node.value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
