# SPDX-License-Identifier: GPL-3.0-or-later
"""Import-PowerShellDataFile: the first hashtable of a file, if nothing in it would have to be run (``SafeValues.cs``)."""

from __future__ import annotations

from typing import Final

from hvsim.lang import ast
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.parser import parse
from hvsim.library.dotnet.file_info import disk, disk_path
from hvsim.library.management import paths
from hvsim.library.utility import file_access
from hvsim.runtime import scriptblock, types
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError, net_error

_CONSTANTS: Final = frozenset(("true", "false", "null"))
_FOLDED: Final = frozenset(("Plus", "Minus", "Not", "Exclaim", "Bnot", "Comma"))
_PRIMITIVES: Final = frozenset(
    f"System.{name}" for name in ["Boolean", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Char", "Double", "Single"]
)
_MAX_VISITS: Final = 5000
_MAX_KEYS: Final = 500


class Unsafe(Exception):
    """Something that is no data."""


class _Visitor:
    """Walks an expression and raises :class:`Unsafe` at the first node that is no data."""

    def __init__(self, limited: bool) -> None:
        self.limited = limited
        self.visits = 0

    def check(self, node: ast.Ast) -> None:
        if isinstance(node, (ast.ConstantExpression, ast.StringConstantExpression)):
            self._count()
        elif isinstance(node, ast.VariableExpression):
            self._variable(node)
        elif isinstance(node, ast.Hashtable):
            self._table(node)
        elif isinstance(node, (ast.ConvertExpression, ast.UnaryExpression, ast.ExpandableStringExpression)):
            self._composed(node)
        elif isinstance(node, ast.ArrayLiteral):
            for element in node.elements:
                self.check(element)
        elif isinstance(node, (ast.ArrayExpression, ast.SubExpression)):
            self._block(node.sub_expression)
        elif isinstance(node, ast.ParenExpression):
            self._statement(node.pipeline)
        elif isinstance(node, ast.IndexExpression):
            self.check(node.index)
            self.check(node.target)
        elif not isinstance(node, ast.ScriptBlockExpression):
            raise Unsafe

    def _count(self) -> None:
        self.visits += 1
        if self.limited and self.visits >= _MAX_VISITS:
            raise Unsafe

    def _variable(self, node: ast.VariableExpression) -> None:
        self._count()
        if node.splatted or node.variable_path.lower() not in _CONSTANTS:
            raise Unsafe

    def _table(self, node: ast.Hashtable) -> None:
        if self.limited and len(node.key_value_pairs) > _MAX_KEYS:
            raise Unsafe
        for key, value in node.key_value_pairs:
            self.check(key)
            self._statement(value)

    def _composed(self, node: ast.Ast) -> None:
        if isinstance(node, ast.ConvertExpression):
            wanted = types.find(node.attribute.type_name.full_name)
            if wanted is None or wanted.full_name not in _PRIMITIVES:
                raise Unsafe
            self.check(node.child)
        elif isinstance(node, ast.UnaryExpression):
            if node.token_kind not in _FOLDED:
                raise Unsafe
            self.check(node.child)
        elif isinstance(node, ast.ExpandableStringExpression):
            for nested in node.nested_expressions:
                self.check(nested)
        self._count()

    def _block(self, block: ast.StatementBlock) -> None:
        for statement in block.statements:
            self._count()
            self._statement(statement)

    def _statement(self, statement: ast.Ast) -> None:
        """A pipeline of one expression and nothing else."""
        if not isinstance(statement, ast.Pipeline) or len(statement.pipeline_elements) != 1:
            raise Unsafe
        (element,) = statement.pipeline_elements
        if not isinstance(element, ast.CommandExpression) or element.redirections:
            raise Unsafe
        self.check(element.expression)


@cmdlet("Import-PowerShellDataFile", parameters=("Path", "LiteralPath", "SkipLimitCheck"))
class ImportPowerShellDataFile(Cmdlet):
    """Reads files one after the other; one that is missing or no data file does not keep it from the others."""

    def process(self) -> None:
        for name, literal in (("Path", False), ("LiteralPath", True)):
            for text in self.arg(name) or ():
                path = self._resolved(text, literal)
                if path is None:
                    message = f"Cannot find path '{text}' because it does not exist."
                    self.error(message, "PathNotFound", "InvalidArgument", text, kind="System.ArgumentException")
                else:
                    self._read(path)

    def _resolved(self, text: str, literal: bool) -> str | None:
        try:
            found = paths.resolve(self.ctx, text, literal=literal)
        except PSError:
            return None
        if len(found) > 1:
            raise Unsupported("Import-PowerShellDataFile with a pattern for several files")
        if not found or disk(self.ctx).is_directory(disk_path(found[0].path)):
            return None
        return str(found[0].path)

    def _read(self, path: str) -> None:
        text = file_access.read(self, path)
        try:
            tree = parse(text, file=path, edition=self.ctx.edition)
        except ParseError:
            self._invalid(path, "CouldNotParseAsPowerShellDataFile")
            return
        table = next((node for node in _outer(tree) if isinstance(node, ast.Hashtable)), None)
        if table is None:
            self._invalid(path, "CouldNotParseAsPowerShellDataFileNoHashtableRoot")
            return
        extent = text[table.extent.start : table.extent.end]
        try:
            _Visitor(limited=self.arg("SkipLimitCheck") is not True).check(table)
        except Unsafe:
            raise net_error(
                "System.InvalidOperationException",
                f"Cannot generate a PowerShell object for a ScriptBlock evaluating dynamic expressions. Dynamic expression: {extent}.",
            ) from None
        for value in self.ctx.invoke(scriptblock.create(self.ctx, extent)):
            self.write(value)

    def _invalid(self, path: str, error_id: str) -> None:
        message = f"The file '{path}' could not be parsed as a PowerShell Data File."
        self.error(message, error_id, "InvalidData", path, kind="System.InvalidOperationException")


def _outer(node: ast.Ast) -> list[ast.Ast]:
    """The nodes in order, without what stands in script blocks inside."""
    found: list[ast.Ast] = [node]
    for child in node.children():
        found += [] if isinstance(child, ast.ScriptBlockExpression) else _outer(child)
    return found
