# SPDX-License-Identifier: GPL-3.0-or-later
"""Any text parses, or fails with a parse error or a refusal; never with anything else."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hvsim.lang import ast, canon
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.parser import parse
from hvsim.lang.text import to_utf16

from .conftest import recorded_cases

SCRIPTS = [case["script"] for _, case in recorded_cases("trees/*.json")]
FRAGMENTS = [
    *"{}()[]$@\"'`#<>|&;,.:=+-*/%!?\n\r\t \0aé0_^~“’–",
    '@"\n', '\n"@', "@'\n", "\n'@", "$(", "@(", "@{", "<#", "#>", "&&", "||", "??", "?.", "?[", "param(", "function f", "class A {",
    "enum E {", "-eq", "-f", "--%", "::", "2>&1", "*>", "${", "if (", "else", "try {", "catch", "finally", "#requires -", "using ",
    "[int", "[a(", "trap", "data", "switch", "foreach (", "for (", "do {", "while", "begin {", "process {", "$x", "-1", "0x", "1..",
    "1e", "`u{", "$using:a", "@x", ":a ", "break ", "return ", "throw", "static ", ": base(",
]  # fmt: skip


@st.composite
def broken_scripts(draw: st.DrawFn) -> str:
    """A recorded script with a few cuts and insertions."""
    script = draw(st.sampled_from(SCRIPTS))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(script)))
        end = min(len(script), start + draw(st.sampled_from((0, 0, 1, 3, 10))))
        script = script[:start] + draw(st.sampled_from(["", *FRAGMENTS])) + script[end:]
    return script


def check(script: str) -> None:
    text = to_utf16(script)
    for edition in ("7", "5.1"):
        try:
            tree = parse(text, edition=edition)
        except ParseError as error:
            assert error.errors
            assert all(0 <= e.start <= e.end and e.line >= 1 and e.column >= 1 for e in error.errors)
        except Unsupported as refusal:
            assert refusal.what
        else:
            assert all(0 <= node.extent.start <= node.extent.end <= len(text) for node in ast.walk(tree))
            assert canon.tree(tree)["k"] == "ScriptBlock"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(broken_scripts())
@example("")
@example("\0")
@example("`")
@example("$x = @'")
def test_broken_scripts(script: str) -> None:
    check(script)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), max_size=30).map("".join))
def test_any_text(script: str) -> None:
    check(script)
