# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the PowerShell of the collection as syntax trees, with the parser of hvsim; nothing is run."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hvsim.lang import ast
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16

ROOT = Path(__file__).resolve().parents[4]
MODULES = sorted((ROOT / "plugins" / "modules").glob("*.ps1"))
MODULE_UTILS = sorted((ROOT / "plugins" / "module_utils").glob("*.psm1"))
UTIL_PREFIX = "ansible_collections.hyperv.integration.plugins.module_utils."


@cache
def tree_of(path: Path, edition: str = "5.1") -> ast.ScriptBlock:
    """The syntax tree of a file; Windows PowerShell 5.1 understands less than 7."""
    return parse(to_utf16(path.read_text(encoding="utf-8")), file=path.name, edition=edition)


def walk(node: Any) -> Iterator[ast.Ast]:
    """A node and everything below it, in no particular order."""
    if isinstance(node, ast.Ast):
        yield node
        for field in dataclasses.fields(node):
            yield from walk(getattr(node, field.name))
    elif isinstance(node, list | tuple):
        for item in node:
            yield from walk(item)


def literal(node: Any) -> Any:
    """The value of a literal expression.

    Raises:
        ValueError: the expression has to be evaluated.
    """
    match node:
        case ast.Pipeline(pipeline_elements=[only]):
            return literal(only)
        case ast.CommandExpression(expression=inner):
            return literal(inner)
        case ast.ParenExpression(pipeline=inner):
            return literal(inner)
        case ast.Hashtable(key_value_pairs=pairs):
            return {literal(key): literal(value) for key, value in pairs}
        case ast.ArrayExpression(sub_expression=block):
            return _array([literal(statement) for statement in block.statements])
        case ast.ArrayLiteral(elements=elements):
            return [literal(element) for element in elements]
        case ast.StringConstantExpression(value=text):
            return text
        case ast.ConstantExpression(value=number):
            return number.value if hasattr(number, "value") else number
        case ast.VariableExpression(variable_path=name) if name.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name.lower()]
    raise ValueError(f"not a literal: {node}")


def _array(values: list[Any]) -> list[Any]:
    """What ``@(...)`` makes of its statements: a list among them is enumerated."""
    result: list[Any] = []
    for value in values:
        result.extend(value if isinstance(value, list) else [value])
    return result


def assigned_literal(path: Path, variable: str) -> Any:
    """The literal that a file assigns to a variable at its top level."""
    for statement in tree_of(path).end_block.statements:
        if (
            isinstance(statement, ast.AssignmentStatement)
            and isinstance(statement.left, ast.VariableExpression)
            and statement.left.variable_path.lower() == variable.lower()
        ):
            return literal(getattr(statement.right, "expression", statement.right))
    raise LookupError(f"{path.name} assigns no ${variable}")


def functions_of(path: Path) -> list[ast.FunctionDefinition]:
    """The functions that a file defines at its top level."""
    return [item for item in tree_of(path).end_block.statements if isinstance(item, ast.FunctionDefinition)]


def command_names(path: Path) -> set[str]:
    """The names of the commands that a file calls."""
    names = set()
    for node in walk(tree_of(path)):
        if isinstance(node, ast.Command) and isinstance(node.command_elements[0], ast.StringConstantExpression):
            names.add(node.command_elements[0].value)
    return names


def required_utils(path: Path) -> list[Path]:
    """The PowerShell utils of this collection that a file asks for in ``#AnsibleRequires`` lines."""
    pattern = re.compile(rf"^#AnsibleRequires -PowerShell {re.escape(UTIL_PREFIX)}(\w+)$", re.MULTILINE)
    names = pattern.findall(path.read_text(encoding="utf-8"))
    return [ROOT / "plugins" / "module_utils" / f"{name}.psm1" for name in names]


def exported_functions(util: Path) -> set[str]:
    """The functions that a util makes visible to others."""
    exports = [
        node
        for node in walk(tree_of(util))
        if isinstance(node, ast.Command) and getattr(node.command_elements[0], "value", None) == "Export-ModuleMember"
    ]
    values = [literal(item) for node in exports for item in node.command_elements[2:]]
    return {name for value in values for name in (value if isinstance(value, list) else [value])}
