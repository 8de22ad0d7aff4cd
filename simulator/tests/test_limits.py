# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes that keep the sources readable: lines of a file, lines of a function."""

from __future__ import annotations

import ast
from pathlib import Path

import hvsim

FILE = 600
FUNCTION = 60

SOURCES = sorted(Path(hvsim.__file__).parent.rglob("*.py"))


def long_functions(text: str) -> list[tuple[str, int]]:
    """Name and lines of the functions, from ``def`` to the last line, that are longer than the limit."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION:
                found.append((node.name, lines))
    return found


def test_files_and_functions_keep_the_limits() -> None:
    assert len(SOURCES) > 300
    files, functions = [], []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(Path(hvsim.__file__).parent))
        if text.count("\n") > FILE:
            files.append((name, text.count("\n")))
        functions += [(name, *found) for found in long_functions(text)]
    assert files == []
    assert functions == []


def test_a_long_function_is_found() -> None:
    def source(lines: int) -> str:
        return "def f():\n" + "    pass\n" * (lines - 1)

    assert long_functions(source(60)) == []
    assert long_functions("class C:\n    async " + source(61).replace("\n", "\n    ")) == [("f", 61)]
