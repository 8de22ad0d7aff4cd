# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a complete tree: what is well-formed and still no valid script."""

from __future__ import annotations

from hvsim.lang import ast
from hvsim.lang.core import ParserCore


def check(parser: ParserCore, tree: ast.ScriptBlock) -> None:
    """Reports the errors that PowerShell finds after parsing."""
