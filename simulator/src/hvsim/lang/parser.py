# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses PowerShell: :func:`parse` turns the text of a script into its syntax tree."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from hvsim.lang import ast
from hvsim.lang.checks import check
from hvsim.lang.definitions import DefinitionRules
from hvsim.lang.errors import ParseError, UnsupportedSyntax
from hvsim.lang.requires import check_requires
from hvsim.lang.tokens import Token

_RECURSION_LIMIT = 12000


class Parser(DefinitionRules):
    """All rules together."""


@contextmanager
def no_collection() -> Iterator[None]:
    """No collection of garbage inside: a parser makes many objects that live and no cycles, so it would only walk over the tree.

    May nest, and be used by several threads at once: the one that found it on turns it on again.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


@lru_cache(maxsize=64)
def parse(text: str, *, file: str | None = None, edition: str = "7") -> ast.ScriptBlock:
    """The syntax tree of a script.

    The last trees are kept, for a playbook sends the same modules again and again: nobody may change one (:func:`parse_anew`).

    *text* has one character per UTF-16 code unit (``hvsim.lang.text.to_utf16``); *edition* is ``"7"`` or ``"5.1"``.
    Raises ParseError with PowerShell's own errors, or UnsupportedSyntax for what is valid but not implemented.
    """
    return parse_anew(text, file=file, edition=edition)


def parse_anew(text: str, *, file: str | None = None, edition: str = "7") -> ast.ScriptBlock:
    """A tree that is the caller's own to change; all else as :func:`parse`."""
    source = ast.Source(text, file, edition)
    if sys.getrecursionlimit() < _RECURSION_LIMIT:
        sys.setrecursionlimit(_RECURSION_LIMIT)
    parser = Parser(source)
    try:
        with no_collection():
            tree = parser.script_block(None)
            check_requires(parser)
            if parser.needs_checks or parser.errors:
                check(parser, tree)
    except RecursionError:
        raise UnsupportedSyntax("nesting this deep") from None
    except UnsupportedSyntax as refusal:
        refusal.found_at(file, *source.position(refusal.start))
        raise
    if parser.errors:
        raise ParseError(parser.errors, file=file)
    return tree


def parse_string(text: str, *, edition: str = "7") -> ast.Expression:
    """*text* as if it stood between double quotes (``ExpandString``). Raises as :func:`parse`."""
    source = ast.Source('"' + text.replace('"', '""') + '"', None, edition)
    parser = Parser(source)
    token: Token = parser.scan()
    expression = parser.string(token, "DoubleQuoted")
    if parser.errors:
        raise ParseError(parser.errors)
    return expression


def parse_type_name(text: str) -> ast.AnyTypeName | None:
    """The type name in *text*, without brackets around it; None when it is none."""
    text = text.strip()
    parser = Parser(ast.Source(text))
    result = parser.type_name(assembly=True)
    if result is None or parser.errors or result.end - result.start != len(text):
        return None
    return result
