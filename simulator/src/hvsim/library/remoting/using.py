# SPDX-License-Identifier: GPL-3.0-or-later
"""``$using:``: the caller's values inside a remote script.

The caller evaluates each expression before anything is sent; on the far side the expressions read variables that live as long as the
call. They are found by the text that both sides parse, in order of appearance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from hvsim.lang import ast, parser
from hvsim.lang.errors import ParseError
from hvsim.runtime import scriptblock
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError, runtime_error

_PREFIX = "__using_"
_LATEST = 3
"""PowerShell reads the values in the latest strict mode: a property or element that is not there is an error."""


def expressions(node: Any) -> Iterator[ast.UsingExpression]:
    """All ``$using:`` expressions of a tree, in order."""
    if isinstance(node, ast.UsingExpression):
        yield node
        return
    for child in _children(node):
        yield from expressions(child)


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, (list, tuple)):
        yield from node
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, (list, tuple)) or (is_dataclass(value) and not isinstance(value, type)):
                yield value


def parsed(ctx: ExecutionContext, text: str, *, anew: bool = False) -> ast.ScriptBlock:
    """The tree of a script as that runspace's edition reads it; *anew*: the caller will change it.

    Raises:
        PSError: a ParseException.
    """
    try:
        return (parser.parse_anew if anew else parser.parse)(text, edition=ctx.edition)
    except ParseError as error:
        raise scriptblock.parse_exception(error, text) from error


def values(ctx: ExecutionContext, text: str) -> dict[str, Any]:
    """The values of the ``$using:`` expressions of a script in the caller's scope, by their text.

    Raises:
        PSError: UsingVariableIsUndefined, or what reading a property of the value throws.
    """
    if "using:" not in text.lower():
        return {}
    found: dict[str, Any] = {}
    node = parsed(ctx, text)
    for expression in expressions(node):
        key = _key(node, expression)
        if key not in found:
            found[key] = _value(ctx, node, expression)
    return found


def _key(root: ast.ScriptBlock, expression: ast.UsingExpression) -> str:
    """Text without ``$using:`` or ``@using:``; names are case-insensitive."""
    return _local_text(root, expression).lower()


def _local_text(root: ast.ScriptBlock, expression: ast.UsingExpression) -> str:
    """The expression as the caller would write it."""
    sub = expression.sub_expression
    if isinstance(sub, ast.VariableExpression):
        return f"${{{sub.variable_path}}}"
    text = root.source.text_of(sub.extent)
    at = text.lower().index("using:")
    return text[:at] + text[at + 6 :]


def _value(ctx: ExecutionContext, root: ast.ScriptBlock, expression: ast.UsingExpression) -> Any:
    variable = expression.sub_expression
    while not isinstance(variable, ast.VariableExpression):
        variable = getattr(variable, "expression", None) or variable.target  # type: ignore[attr-defined]
    path = variable.variable_path
    marker = object()
    if ctx.get_variable(path, marker) is marker:
        raise _undefined(path)
    block = scriptblock.create(ctx, "," + _local_text(root, expression))
    saved, ctx.scope.strict = ctx.scope.strict, _LATEST
    # An error is the command's, not one of a statement that the caller has written.
    in_try, ctx.in_try = ctx.in_try, True
    try:
        return ctx.invoke_value(block, new_scope=False)
    except PSError as error:
        if error.record is not None and error.record.error_id == "VariableIsUndefined":
            raise _undefined(path) from None
        raise
    finally:
        ctx.scope.strict = saved
        ctx.in_try = in_try


def _undefined(path: str) -> PSError:
    return runtime_error(
        "UsingVariableIsUndefined",
        f"The value of the using variable '$using:{path}' cannot be retrieved because it has not been set in the local session.",
        target=path,
    )


def bind(ctx: ExecutionContext, node: ast.ScriptBlock, found: dict[str, Any]) -> list[str]:
    """Makes the expressions of a tree (``parsed`` anew) read variables of the runspace, which are set here; their names."""
    names: dict[str, str] = {}

    def name_of(expression: ast.UsingExpression) -> str:
        key = _key(node, expression)
        if key not in names and key in found:
            names[key] = f"{_PREFIX}{len(names)}"
            ctx.set_variable(names[key], found[key], ctx.global_scope)
        return names.get(key, "")

    if found:
        _replace(node, name_of)
    return list(names.values())


def _replace(node: Any, name_of: Any) -> None:
    if isinstance(node, list):
        for index, child in enumerate(node):
            node[index] = _replaced(child, name_of)
    elif is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            value = getattr(node, field.name)
            made = _replaced(value, name_of)
            if made is not value:
                setattr(node, field.name, made)


def _replaced(value: Any, name_of: Any) -> Any:
    if isinstance(value, ast.UsingExpression):
        name = name_of(value)
        if not name:
            return value
        splatted = isinstance(value.sub_expression, ast.VariableExpression) and value.sub_expression.splatted
        return ast.VariableExpression(value.start, value.end, name, splatted)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        made = tuple(_replaced(item, name_of) for item in value)
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    _replace(value, name_of)
    return value


def forget(ctx: ExecutionContext, names: list[str]) -> None:
    """Removes the variables of a call."""
    for name in names:
        ctx.global_scope.vars.pop(name.lower(), None)
