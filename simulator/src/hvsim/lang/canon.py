# SPDX-License-Identifier: GPL-3.0-or-later
"""The canonical dump of a syntax tree, as the conformance data hold it (see its README and Canon.cs)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hvsim.lang import ast
from hvsim.lang.text import from_utf16

_OMITTED = {"start", "end", "error_position", "source", "parts", "text"}
_NAMES = {"finally_": "Finally"}
_EXTRA: dict[type[ast.Ast], tuple[str, ...]] = {
    ast.ConvertExpression: ("type",),
    ast.CatchClause: ("is_catch_all",),
    ast.TypeDefinition: ("is_class", "is_enum"),
    ast.PropertyMember: ("is_static", "is_hidden"),
    ast.FunctionMember: ("is_static", "is_hidden"),
}
_FLAGS = ("Public", "Static", "Hidden", "Literal", "File", "Regex", "Wildcard", "Exact", "CaseSensitive", "Parallel")


def tree(node: ast.Ast) -> dict[str, Any]:
    """*node* and all below it as JSON values."""
    names = [name for name in _field_names(type(node)) if name not in _OMITTED]
    names += _EXTRA.get(type(node), ())
    result: dict[str, Any] = {"k": type(node).__name__, "at": [node.start, node.end]}
    for name, attribute in sorted((_NAMES.get(name) or _pascal(name), name) for name in names):
        value = _value(getattr(node, attribute))
        if value is not None:
            result[name] = value
    if isinstance(node, ast.MemberBase):
        result["IsPublic"] = True
    return dict(sorted(result.items(), key=lambda item: (item[0] not in ("k", "at"), item[0])))


def _field_names(node_type: type[ast.Ast]) -> list[str]:
    return list(node_type.__dataclass_fields__)


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _value(value: Any) -> Any:
    """The dump of a property; None where it is left out."""
    if value is None or value is False or value == [] or value == ():
        return None
    if value is True:
        return value
    if isinstance(value, str):
        return from_utf16(value)
    if isinstance(value, ast.Ast):
        return tree(value)
    if isinstance(value, ast.TypeName | ast.ArrayTypeName | ast.GenericTypeName):
        return value.full_name
    if isinstance(value, frozenset):
        return ", ".join(flag for flag in _FLAGS if flag in value) or "None"
    if isinstance(value, ast.NumberLiteral):
        return _number(value)
    return [_value(item) for item in value]


def _number(number: ast.NumberLiteral) -> Any:
    kind, value = number
    if kind == "int":
        return value
    return {"t": kind, "v": _double(value) if kind == "double" else _decimal(value)}


def _decimal(value: int | float | Decimal) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _double(value: int | float | Decimal) -> str:
    """The shortest text that reads back as the same double, in .NET's form."""
    number = float(value)
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    if not text:
        return "-0" if sign else "0"
    point = len(digits) + int(exponent)
    if -5 < point <= 15:
        if point <= 0:
            result = "0." + "0" * -point + text
        elif point >= len(text):
            result = text + "0" * (point - len(text))
        else:
            result = text[:point] + "." + text[point:]
    else:
        power = point - 1
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        result = f"{mantissa}E{'-' if power < 0 else '+'}{abs(power):02d}"
    return "-" + result if sign else result
