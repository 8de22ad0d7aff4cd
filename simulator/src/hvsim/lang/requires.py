# SPDX-License-Identifier: GPL-3.0-or-later
"""``#requires``: its arguments are checked when a script is parsed."""

from __future__ import annotations

import re

from hvsim.lang import ast
from hvsim.lang.constants import is_constant_argument
from hvsim.lang.core import ParserCore
from hvsim.lang.pipelines import PipelineRules
from hvsim.lang.tokens import Token

_PARAMETERS = ("runasadministrator", "shellid", "pssnapin", "psedition", "version", "assembly", "modules")
"""In the order in which PowerShell tries an abbreviation."""
_version = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,3}").fullmatch


def check_requires(parser: PipelineRules) -> None:
    """Reports what is wrong with the ``#requires`` comments of a script."""
    seen: set[str] = set()
    for start, end in sorted(set(parser.requires)):
        token = Token("SubExpression", start + 1, end, parser.source_text[start + 1 : end], None)
        state = parser.start_nested(token)
        parser.ungot = None
        command = parser.command()
        parser.ungot = None
        parser.finish_nested(state)
        if command is not None:
            _check_line(parser, command, seen)


def _check_line(parser: ParserCore, command: ast.Command, seen: set[str]) -> None:
    elements = command.command_elements
    name = elements[0]
    if not isinstance(name, ast.StringConstantExpression) or name.value.lower() != "requires":
        parser.error(command, "ScriptRequiresInvalidFormat")
    index = 1
    while index < len(elements):
        element = elements[index]
        index += 1
        if not isinstance(element, ast.CommandParameter):
            parser.error(element, "ScriptRequiresInvalidFormat")
            continue
        argument = element.argument
        if argument is None and index < len(elements):
            following = elements[index]
            index += 1
            if isinstance(following, ast.Expression):
                argument = following
            else:
                parser.error(following, "RequiresArgumentMustBeConstant")
                continue
        _check_parameter(parser, element, argument, seen)


def _check_parameter(
    parser: ParserCore, parameter: ast.CommandParameter, argument: ast.Expression | None, seen: set[str]
) -> None:
    prefix = parameter.parameter_name.lower()
    name = next((known for known in _PARAMETERS if known.startswith(prefix)), None)
    if name == "runasadministrator":
        if argument is not None:
            parser.error(parameter, "ParameterCannotHaveArgument", parameter.parameter_name)
        parser.source.requirements.append((name, []))
        return
    if argument is None:
        parser.error(parameter, "ParameterRequiresArgument", parameter.parameter_name)
    elif not is_constant_argument(argument, requires=True):
        parser.error(argument, "RequiresArgumentMustBeConstant")
    elif name is None:
        parser.error(parameter, "ScriptRequiresInvalidFormat")
    elif name == "version":
        text = argument.value if isinstance(argument, ast.StringConstantExpression) else parser.text_of(argument)
        if not _version(text):
            parser.error(argument, "RequiresVersionInvalid")
        parser.source.requirements.append((name, [text]))
    else:
        values = argument.elements if isinstance(argument, ast.ArrayLiteral) else [argument]
        texts = [value.value if isinstance(value, ast.StringConstantExpression) else value for value in values]
        parser.source.requirements.append((name, texts))
        for value in values if name != "modules" else ():
            if not isinstance(value, ast.StringConstantExpression):
                parser.error(argument, "RequiresInvalidStringArgument", name)
            elif name == "psedition":
                _check_edition(parser, argument, value.value.lower(), seen)


def _check_edition(parser: ParserCore, argument: ast.Expression, edition: str, seen: set[str]) -> None:
    if edition not in ("core", "desktop"):
        parser.error(argument, "RequiresPSEditionInvalid", "psedition")
    if edition in seen:
        parser.error(argument, "RequiresPSEditionValueIsAlreadySpecified", "psedition")
    seen.add(edition)
