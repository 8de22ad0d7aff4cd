# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim lint``: PowerShell that Windows PowerShell 5.1 would refuse or that house style forbids.

A gate for modules that nobody here can run on Windows. What 5.1 lacks is data (``metadata/edition51.json``); what PowerShell 7
has is recorded (``metadata/cmdlets.json``). A finding is silenced by ``# hvsim: allow RULE reason`` on its line or the line before;
the reason is required.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hvsim.cmdlets import known
from hvsim.engine import runspace
from hvsim.lang import ast
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16
from hvsim.runtime import edition51, types
from hvsim.runtime.command import (
    CommandMetadata,
    builtin_aliases,
    common_parameters,
    implemented_cmdlets,
    recorded_cmdlets,
)

RULES = {
    "syntax": "Windows PowerShell 5.1 does not parse it",
    "cmdlet": "a cmdlet that Windows PowerShell 5.1 does not have",
    "unknown-command": "a command that nobody defines",
    "parameter": "a parameter that Windows PowerShell 5.1 does not have",
    "member": "a .NET type, member or variable that Windows PowerShell 5.1 does not have",
    "verb": "a function whose verb is not approved",
    "alias": "an alias instead of the command's name",
    "write-host": "Write-Host",
    "unused-variable": "a variable that is set and never read",
    "backtick": "a backtick that continues a line",
    "allow": "an allow comment without a known rule or without a reason",
}

_ALLOW = re.compile(r"#\s*hvsim:\s*allow\s+(\S+)[ \t]*([^\r\n]*)")
_BACKTICK = re.compile(r"(?m)(?<=[ \t])`[ \t]*\r?$")


@dataclass(frozen=True, order=True)
class Finding:
    """One finding; line and column count from 1."""

    file: str
    line: int
    column: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.rule}: {self.message}"


def lint_files(paths: Sequence[str]) -> list[Finding]:
    """Findings of some files. Functions that one file defines are known in all of them.

    Raises:
        OSError, UnicodeDecodeError: a file cannot be read.
    """
    texts = {path: Path(path).read_bytes().decode("utf-8-sig") for path in paths}
    trees: dict[str, ast.ScriptBlock] = {}
    findings: list[Finding] = []
    for path, text in texts.items():
        try:
            trees[path] = parse(to_utf16(text), file=path, edition="5.1")
        except ParseError as error:
            later = _later_syntax(path, text)
            for e in error.errors:
                hint = next((f" {what} came with PowerShell 7." for what, extent in later if extent.start <= e.start <= extent.end), "")
                findings.append(Finding(path, e.line, e.column, "syntax", e.message.replace("\n", " ") + hint))
        except Unsupported as refusal:
            findings.append(Finding(path, 1, 1, "syntax", refusal.located))
    functions = {name for tree in trees.values() for name in _functions(tree)}
    for path, tree in trees.items():
        findings += _allowed(path, texts[path], list(_Linter(path, tree, functions).findings()))
    return sorted(findings)


def _later_syntax(path: str, text: str) -> list[tuple[str, ast.Extent]]:
    """What PowerShell 7 parses in a text and 5.1 does not, inner constructs first; nothing if 7 refuses it as well."""
    try:
        tree = parse(to_utf16(text), file=path)
    except (ParseError, Unsupported):
        return []
    found = [(what, node.extent) for node in ast.walk(tree) if (what := _later_name(node)) is not None]
    return sorted(found, key=lambda item: item[1].end - item[1].start)


def _later_name(node: ast.Ast) -> str | None:
    if isinstance(node, ast.TernaryExpression):
        return "The ternary operator"
    if isinstance(node, ast.PipelineChain):
        return f"The operator {'&&' if node.operator == 'AndAnd' else '||'}"
    if isinstance(node, ast.BinaryExpression) and node.operator == "QuestionQuestion":
        return "The operator ??"
    if isinstance(node, ast.AssignmentStatement) and node.operator == "QuestionQuestionEquals":
        return "The operator ??="
    if isinstance(node, ast.MemberExpression) and node.null_conditional:
        return "The operator ?."
    if isinstance(node, ast.IndexExpression) and node.null_conditional:
        return "The operator ?[]"
    return None


def _functions(tree: ast.ScriptBlock) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDefinition):
            yield node.name.rpartition(":")[2].lower()


def _allowed(path: str, text: str, findings: list[Finding]) -> list[Finding]:
    """Findings that no comment allows, and the comments that are wrong."""
    allowed: set[tuple[int, str]] = set()
    kept: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _ALLOW.search(line)
        if match is None:
            continue
        rule, reason = match.group(1), match.group(2).strip()
        if rule not in RULES or not reason:
            problem = f"no such rule: {rule}" if rule not in RULES else f"say why {rule} is allowed here"
            kept.append(Finding(path, number, match.start() + 1, "allow", problem))
        else:
            allowed |= {(number, rule), (number + 1, rule)}
    return kept + [f for f in findings if (f.line, f.rule) not in allowed]


@cache
def _commands() -> dict[str, CommandMetadata | None]:
    """Every command that 5.1 or 7 is known to have, by name in lower case; None without recorded parameters."""
    runspace.load()
    table: dict[str, CommandMetadata | None] = {name.lower(): None for name in known.names()}
    table |= {name.lower(): None for name in edition51.facts()["cmdlets_only_51"]}
    table |= {m.name.lower(): m for m in recorded_cmdlets()}
    table |= {i.name.lower(): i.implementation.metadata for i in implemented_cmdlets() if i.implementation is not None}
    return table


class _Linter:
    """One file."""

    def __init__(self, path: str, tree: ast.ScriptBlock, functions: set[str]) -> None:
        self.path = path
        self.tree = tree
        self.source = tree.source
        self.functions = functions
        self.checks: dict[type[ast.Ast], Callable[[Any], Iterator[Finding]]] = {
            ast.Command: self._command,
            ast.FunctionDefinition: self._function,
            ast.InvokeMemberExpression: self._member,
            ast.MemberExpression: self._member,
            ast.TypeConstraint: self._type,
            ast.TypeExpression: self._type,
            ast.VariableExpression: self._variable,
        }

    def findings(self) -> Iterator[Finding]:
        for node in ast.walk(self.tree):
            check = self.checks.get(type(node))
            if check is not None:
                yield from check(node)
        yield from self._unused(self.tree, "the script")
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDefinition):
                yield from self._unused(node.body, node.name)
        yield from self._backticks()

    def _at(self, offset: int, rule: str, message: str) -> Finding:
        line, column = self.source.position(offset)
        return Finding(self.path, line, column, rule, message)

    # -- commands --

    def _command(self, node: ast.Command) -> Iterator[Finding]:
        first = node.command_elements[0]
        if not isinstance(first, ast.StringConstantExpression) or first.string_constant_type != "BareWord":
            return
        name = first.value.rpartition("\\")[2]
        key = name.lower()
        start = first.extent.start
        if key in self.functions:
            return
        if key in builtin_aliases():
            yield self._at(start, "alias", f"{name} is an alias of {builtin_aliases()[key].target}")
            key = builtin_aliases()[key].target.lower()
        if key == "write-host":
            yield self._at(start, "write-host", "use the module's result, Write-Verbose or Write-Output")
        if edition51.lacks_cmdlet(key):
            yield self._at(start, "cmdlet", f"{name} came with PowerShell 6 or later")
        elif key not in _commands():
            yield self._at(start, "unknown-command", f"{name} is neither a known cmdlet nor defined in these files")
            return
        metadata = _commands().get(key)
        if metadata is not None:
            for element in node.command_elements[1:]:
                if isinstance(element, ast.CommandParameter):
                    yield from self._parameter(metadata, element)

    def _parameter(self, metadata: CommandMetadata, element: ast.CommandParameter) -> Iterator[Finding]:
        name = element.parameter_name
        start = element.extent.start
        matched = _match(metadata, name)
        if matched is None:
            if name.lower() not in {p.lower() for p in edition51.facts()["parameters_only_51"].get(metadata.name, [])}:
                yield self._at(start, "parameter", f"{metadata.name} has no parameter -{name}")
        elif edition51.lacks_parameter(metadata.name, matched):
            yield self._at(start, "parameter", f"-{matched} of {metadata.name} came with PowerShell 6 or later")

    # -- functions, members, variables --

    def _function(self, node: ast.FunctionDefinition) -> Iterator[Finding]:
        verb, dash, _ = node.name.rpartition(":")[2].partition("-")
        if dash and verb.lower() not in {v.lower() for v in edition51.facts()["approved_verbs"]}:
            yield self._at(node.extent.start, "verb", f"{node.name}: {verb} is not an approved verb")

    def _member(self, node: ast.MemberExpression) -> Iterator[Finding]:
        if not isinstance(node.member, ast.StringConstantExpression):
            return
        name = node.member.value
        start = node.member.extent.start
        if node.static and isinstance(node.expression, ast.TypeExpression):
            net_type = types.find(node.expression.type_name.full_name)
            if net_type is not None and edition51.lacks_static(net_type, name):
                yield self._at(start, "member", f"[{node.expression.type_name.full_name}]::{name} is not in .NET Framework")
        elif isinstance(node, ast.InvokeMemberExpression) and edition51.lacks_method(None, name):
            yield self._at(start, "member", f"the method {name} is not in .NET Framework")

    def _variable(self, node: ast.VariableExpression) -> Iterator[Finding]:
        if edition51.lacks_variable(node.variable_path):
            yield self._at(node.extent.start, "member", f"${node.variable_path} came with PowerShell 6 or later")

    def _type(self, node: ast.TypeExpression | ast.TypeConstraint) -> Iterator[Finding]:
        name = node.type_name.full_name
        if types.find(name) is not None and edition51.find_type(name) is None:
            yield self._at(node.extent.start, "member", f"the type [{name}] is not in Windows PowerShell 5.1")

    def _unused(self, block: ast.ScriptBlock, where: str) -> Iterator[Finding]:
        written: dict[str, ast.VariableExpression] = {}
        targets: set[int] = set()
        for node in _own_nodes(block):
            if isinstance(node, ast.AssignmentStatement) and node.operator == "Equals":
                for target in _targets(node.left):
                    targets.add(id(target))
                    written.setdefault(target.variable_path.lower(), target)
        read = {
            node.variable_path.rpartition(":")[2].lower()
            for node in ast.walk(block)
            if isinstance(node, ast.VariableExpression) and id(node) not in targets
        }
        for name, target in written.items():
            if name not in read and name not in _AUTOMATIC and ":" not in name:
                yield self._at(target.extent.start, "unused-variable", f"${target.variable_path} is set in {where} and never read")

    def _backticks(self) -> Iterator[Finding]:
        texts = [
            node.extent
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.StringConstantExpression, ast.ExpandableStringExpression))
        ]
        for match in _BACKTICK.finditer(self.source.text):
            if any(extent.start <= match.start() < extent.end for extent in texts):
                continue
            line = self.source.line_text(self.source.line(match.start()))
            if not line.lstrip().startswith("#"):
                yield self._at(match.start(), "backtick", "splat the arguments instead of continuing the line")


_AUTOMATIC = frozenset(
    (
        "null", "_", "?", "args", "error", "matches", "lastexitcode", "ofs", "psdefaultparametervalues", "erroractionpreference",
        "warningpreference", "verbosepreference", "debugpreference", "informationpreference", "progresspreference",
        "confirmpreference", "whatifpreference", "outputencoding",
    )
)  # fmt: skip


def _own_nodes(block: ast.ScriptBlock) -> Iterator[ast.Ast]:
    """The nodes of a block without those of functions in it."""
    pending: list[ast.Ast] = list(block.children())
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDefinition):
            pending.extend(node.children())


def _targets(left: ast.Expression) -> Iterator[ast.VariableExpression]:
    if isinstance(left, ast.VariableExpression):
        yield left
    elif isinstance(left, ast.AttributedExpression):
        yield from _targets(left.child)
    elif isinstance(left, ast.ArrayLiteral):
        for element in left.elements:
            yield from _targets(element)


def _match(metadata: CommandMetadata, name: str) -> str | None:
    """The parameter that a name means: exactly, by alias or by a prefix."""
    key = name.lower()
    parameters = [*metadata.parameters.values(), *common_parameters(metadata.should_process)]
    for parameter in parameters:
        if key == parameter.name.lower() or key in (a.lower() for a in parameter.aliases):
            return parameter.name
    matches = [p.name for p in parameters if p.name.lower().startswith(key)]
    return matches[0] if matches else None
