# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of a command call, splatting included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hvsim.lang import ast
from hvsim.runtime import convert
from hvsim.runtime.command import Argument
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.literals import constant_value
from hvsim.runtime.interpreter.variables import splat_value
from hvsim.runtime.values import Char, PSObject

Arguments = Callable[[Frame], list[Argument]]
_Add = Callable[[Frame, list[Argument]], None]


def compile_arguments(nodes: list[Any], c: Compiler) -> Arguments:
    """The function that evaluates the arguments of a command."""
    nodes = _without_end_mark(nodes, c)
    if not nodes:
        return lambda frame: []
    if all(isinstance(n, ast.Expression) and not _is_splat(n) for n in nodes):
        values = [(_value(n, c), n.extent, _spelling(n, c)) for n in nodes]
        return lambda frame: [Argument(None, value(frame), extent=e, text=t) for value, e, t in values]
    steps = [_step(node, c) for node in nodes]

    def evaluate(frame: Frame) -> list[Argument]:
        arguments: list[Argument] = []
        for step in steps:
            step(frame, arguments)
        return arguments

    return evaluate


def compile_values(nodes: Sequence[Any], c: Compiler) -> Callable[[Frame], list[Any]]:
    """The function that evaluates arguments which are all positional, as values alone."""
    values = [_value(node, c) for node in nodes]
    if not values:
        return lambda frame: []
    if len(values) == 1:
        only = values[0]
        return lambda frame: [only(frame)]
    if len(values) == 2:
        first, second = values
        return lambda frame: [first(frame), second(frame)]
    return lambda frame: [value(frame) for value in values]


def marks_of(nodes: Sequence[Any], c: Compiler) -> list[tuple[ast.Extent, str | None]]:
    """Extent and spelling of arguments, as :class:`Argument` has them."""
    return [(node.extent, _spelling(node, c)) for node in nodes]


def shape_of(nodes: Sequence[Any], c: Compiler) -> list[Argument] | None:
    """What is known of a command's arguments before they are evaluated: names, and how numbers are written; None if they are
    splatted, for then their number is not known, or there is a ``--``."""
    shape: list[Argument] = []
    for node in nodes:
        if isinstance(node, ast.CommandParameter):
            value = node.argument
            text = None if value is None else _spelling(value, c)
            shape.append(Argument(node.parameter_name, has_value=value is not None, text=text))
        elif is_positional(node) and c.source.text_of(node.extent) != "--":
            shape.append(Argument(text=_spelling(node, c)))
        else:
            return None
    return shape


def _without_end_mark(nodes: list[Any], c: Compiler) -> list[Any]:
    """Drops ``--``; what follows it is no parameter name."""
    for index, node in enumerate(nodes):
        if c.source.text_of(node.extent) == "--":
            rest = [
                ast.StringConstantExpression(n.start, n.end, c.source.text_of(n.extent))
                if isinstance(n, ast.CommandParameter) and n.argument is None
                else n
                for n in nodes[index + 1 :]
            ]
            return nodes[:index] + rest
    return nodes


def is_positional(node: Any) -> bool:
    """Whether an element of a command is a plain value: no parameter name, nothing splatted, not ``--``."""
    if isinstance(node, ast.StringConstantExpression) and node.value == "--":
        return False
    return isinstance(node, ast.Expression) and not _is_splat(node)


def _is_splat(node: Any) -> bool:
    if isinstance(node, ast.UsingExpression):
        return _is_splat(node.sub_expression)
    return isinstance(node, ast.VariableExpression) and node.splatted


def _value(node: ast.Expression, c: Compiler) -> Closure:
    """The value of an argument; a number whose text its value does not show (``007``, ``1kb``) keeps that for a cast."""
    text = _spelling(node, c)
    number = constant_value(node) if text is not None else None
    if text is None or isinstance(number, bool) or convert.to_string(None, number) == text:
        return c.expression(node)
    return lambda frame: PSObject(number, token_text=text)


def _spelling(node: ast.Expression, c: Compiler) -> str | None:
    """A number as written: what a string parameter gets."""
    if isinstance(node, ast.ConstantExpression):
        return c.source.text_of(node.extent)
    return None


def _step(node: Any, c: Compiler) -> _Add:
    if isinstance(node, ast.CommandParameter):
        return _parameter(node, c)
    if _is_splat(node):
        inner: Any = node.sub_expression if isinstance(node, ast.UsingExpression) else node
        path: str = inner.variable_path
        place = inner.extent
        return lambda frame, arguments: _splat(frame, path, place, arguments)
    value, extent, text = _value(node, c), node.extent, _spelling(node, c)
    return lambda frame, arguments: arguments.append(Argument(None, value(frame), extent=extent, text=text))


def _parameter(node: ast.CommandParameter, c: Compiler) -> _Add:
    name, extent = node.parameter_name, node.extent
    if node.argument is None:
        dash = c.source.text_of(node.extent)
        return lambda frame, arguments: arguments.append(
            Argument(name, None, has_value=False, extent=extent, dash_text=dash)
        )
    value, text = _value(node.argument, c), _spelling(node.argument, c)
    dash, place = c.source.text_of(node.error_position), node.argument.extent
    return lambda frame, arguments: arguments.append(
        Argument(name, value(frame), extent=extent, dash_text=dash, colon=True, text=text, value_extent=place)
    )


def _splat(frame: Frame, path: str, place: ast.Extent, arguments: list[Argument]) -> None:
    from hvsim.runtime.collections import Dictionary

    value = splat_value(frame, path)
    if type(value) is PSObject:
        value = value.base
    if isinstance(value, Dictionary):
        for key, item in value.items():
            name = convert.to_string(frame.ctx, key)
            arguments.append(Argument(name, item, splatted=True, extent=place, dash_text=f"-{name}:", colon=True))
        return
    passed_on = _own_arguments(frame, path, value)
    if passed_on is not None:
        arguments.extend(passed_on)
        return
    if isinstance(value, str):
        arguments.extend(Argument(None, Char(character), splatted=True, extent=place) for character in value)
        return
    items = None if value is None else convert.enumerate(value)
    if items is None:
        arguments.append(Argument(None, value, splatted=True, extent=place))
        return
    arguments.extend(Argument(None, item, splatted=True, extent=place) for item in items)


def _own_arguments(frame: Frame, path: str, value: Any) -> list[Argument] | None:
    """``@args`` passes the function's own arguments on, names as names; None if the array was changed or is another."""
    if path.lower() != "args":
        return None
    for scope in frame.scope.chain():
        automatic = scope.automatic
        if automatic is not None and getattr(automatic, "args", None) is value:
            return [part for argument in automatic.rest for part in _taken_apart(argument)]
    return None


def _taken_apart(argument: Argument) -> list[Argument]:
    """``-Name:value`` is two elements of ``$args``."""
    if argument.name is None or not argument.has_value:
        return [argument]
    name = Argument(argument.name, None, has_value=False, dash_text=argument.dash_text)
    return [name, Argument(None, argument.value)]
