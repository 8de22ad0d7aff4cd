# SPDX-License-Identifier: GPL-3.0-or-later
"""What the body of a ``data`` statement may contain."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.core import ParserCore
from hvsim.lang.tokens import kind_text

_VARIABLES = frozenset(("psculture", "psuiculture", "true", "false", "null"))
_VARIABLES_TEXT = "$PSCulture, $PSUICulture, $true, $false, $null"
_TYPES = frozenset(
    [
        "array",
        "bool",
        "boolean",
        "byte[]",
        "byte",
        "cultureinfo",
        "char",
        "datetime",
        "decimal",
        "double",
        "float",
        "guid",
        "hashtable",
        "int",
        "int16",
        "int32",
        "int64",
        "ipaddress",
        "long",
        "mailaddress",
        "object",
        "object[]",
        "ordered",
        "pscredential",
        "pscustomobject",
        "psobject",
        "regex",
        "sbyte",
        "securestring",
        "short",
        "single",
        "string",
        "string[]",
        "switch",
        "timespan",
        "type",
        "uint",
        "uint16",
        "uint32",
        "uint64",
        "ulong",
        "uri",
        "ushort",
        "version",
        "void",
        "x500distinguishedname",
        "x509certificate",
        "xml",
    ]
)
_FORBIDDEN_OPERATORS = frozenset(
    [
        "DotDot",
        "Format",
        "Join",
        "Isplit",
        "Csplit",
        "Imatch",
        "Inotmatch",
        "Ireplace",
        "Cmatch",
        "Cnotmatch",
        "Creplace",
        "Is",
        "IsNot",
        "As",
        "PlusPlus",
        "MinusMinus",
        "PostfixPlusPlus",
        "PostfixMinusMinus",
    ]
)
_FORBIDDEN: dict[type[ast.Ast], str] = {
    ast.TrapStatement: "TrapStatement",
    ast.TryStatement: "TryStatement",
    ast.BreakStatement: "FlowControlStatement",
    ast.ContinueStatement: "FlowControlStatement",
    ast.ReturnStatement: "FlowControlStatement",
    ast.ExitStatement: "FlowControlStatement",
    ast.ThrowStatement: "FlowControlStatement",
    ast.SwitchStatement: "SwitchStatement",
    ast.DoWhileStatement: "DoWhileStatement",
    ast.DoUntilStatement: "DoWhileStatement",
    ast.WhileStatement: "ForWhileStatement",
    ast.ForStatement: "ForWhileStatement",
    ast.ForEachStatement: "ForeachStatement",
    ast.FunctionDefinition: "FunctionDeclaration",
    ast.AssignmentStatement: "AssignmentStatement",
    ast.FileRedirection: "Redirection",
    ast.MergingRedirection: "Redirection",
    ast.MemberExpression: "PropertyReference",
    ast.InvokeMemberExpression: "MethodCall",
    ast.IndexExpression: "ArrayReference",
    ast.ExpandableStringExpression: "ExpandableString",
    ast.ScriptBlockExpression: "ScriptBlock",
    ast.ParamBlock: "ParameterDeclaration",
    ast.Attribute: "Attribute",
    ast.DataStatement: "DataSectionStatement",
    ast.BlockStatement: "ParallelAndSequenceBlock",
}


def check_data_section(parser: ParserCore, statement: ast.DataStatement) -> None:
    """Reports all that is not allowed in the body of *statement*."""
    allowed: set[str] | None = {"convertfrom-stringdata"}
    for command in statement.commands_allowed:
        if not isinstance(command, ast.StringConstantExpression):
            allowed = None
            break
        if allowed is not None:
            allowed.add(command.value.lower())
    for node in ast.walk(statement.body):
        _check(parser, node, allowed)


def _check(parser: ParserCore, node: ast.Ast, allowed: set[str] | None) -> None:
    forbidden = _FORBIDDEN.get(type(node))
    if forbidden is not None:
        parser.error(node, f"{forbidden}NotSupportedInDataSection")
    elif isinstance(node, ast.VariableExpression):
        if node.variable_path.lower() not in _VARIABLES:
            parser.error(node, "VariableReferenceNotSupportedInDataSection", _VARIABLES_TEXT)
    elif isinstance(node, ast.Command):
        _check_command(parser, node, allowed)
    elif isinstance(node, ast.BinaryExpression):
        if node.operator in _FORBIDDEN_OPERATORS:
            parser.error(node.error_position, "OperatorNotSupportedInDataSection", kind_text(node.operator))
    elif isinstance(node, ast.UnaryExpression):
        if node.token_kind in _FORBIDDEN_OPERATORS:
            parser.error(node, "OperatorNotSupportedInDataSection", kind_text(node.token_kind))
    elif isinstance(node, ast.TypeConstraint | ast.TypeExpression):
        name = node.type_name.full_name
        if name.lower().removeprefix("system.") not in _TYPES:
            parser.error(node, "TypeNotAllowedInDataSection", name)


def _check_command(parser: ParserCore, node: ast.Command, allowed: set[str] | None) -> None:
    if node.invocation_operator == "Dot":
        parser.error(node, "DotSourcingNotSupportedInDataSection")
        return
    if allowed is None:
        return
    name = node.command_elements[0]
    if isinstance(name, ast.StringConstantExpression):
        if name.value.lower() not in allowed:
            parser.error(node, "CmdletNotInAllowedListForDataSection", name.value)
    elif node.invocation_operator == "Ampersand":
        parser.error(node, "OperatorNotSupportedInDataSection", "&")
