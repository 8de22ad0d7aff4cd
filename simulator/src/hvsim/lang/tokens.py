# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens and the tables of keywords and operators. Kinds are named as PowerShell's ``TokenKind``."""

from __future__ import annotations

from typing import Any


class Token:
    """One token; *start* and *end* are offsets in the source.

    *value*: text of a word or string with escapes processed, name of a variable, parameter or label, NumberLiteral, redirection.
    *extra*: ``True`` for a parameter that ended with a colon; parts of an expandable string; skipped quotes of a subexpression.
    """

    __slots__ = ("end", "extra", "kind", "start", "value")

    def __init__(self, kind: str, start: int, end: int, value: Any = None, extra: Any = None) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.extra = extra

    def __repr__(self) -> str:
        return f"{self.kind}[{self.start}:{self.end}]{self.value!r}"


_KEYWORDS = (
    "elseif if else switch foreach from in for while until do try catch finally trap data return continue break exit throw "
    "begin process end dynamicparam function filter param class define var using workflow parallel sequence "
    "configuration public private static interface enum namespace module type assembly command hidden base default clean"
)
_SPELLING = {"elseif": "ElseIf"}
KEYWORDS: dict[str, str] = {word: _SPELLING.get(word, word.capitalize()) for word in _KEYWORDS.split()}
KEYWORDS_51: dict[str, str] = {word: kind for word, kind in KEYWORDS.items() if word != "clean"}
KEYWORD_KINDS = frozenset(KEYWORDS.values())
BLOCK_NAMES = frozenset(("Begin", "Process", "End", "Dynamicparam", "Clean"))
NO_ATTRIBUTES = frozenset(
    [
        "Break",
        "Continue",
        "Data",
        "Do",
        "Exit",
        "Filter",
        "For",
        "Foreach",
        "Function",
        "If",
        "Parallel",
        "Return",
        "Sequence",
        "Switch",
        "Throw",
        "Trap",
        "Try",
        "While",
        "Workflow",
    ]
)
"""Keywords of statements that cannot have attributes in front of them."""


def _operators() -> dict[str, str]:
    table = {
        "and": "And", "or": "Or", "xor": "Xor", "not": "Not", "band": "Band", "bor": "Bor", "bxor": "Bxor", "bnot": "Bnot",
        "is": "Is", "isnot": "IsNot", "as": "As", "f": "Format", "join": "Join", "shl": "Shl", "shr": "Shr",
    }  # fmt: skip
    for name in [
        "eq",
        "ne",
        "ge",
        "gt",
        "lt",
        "le",
        "like",
        "notlike",
        "match",
        "notmatch",
        "replace",
        "contains",
        "notcontains",
        "in",
        "notin",
        "split",
    ]:
        table[name] = table["i" + name] = "I" + name
        table["c" + name] = "C" + name
    return table


OPERATORS: dict[str, str] = _operators()
_LOGICAL, _BITWISE, _COMPARISON, _COALESCE, _ADD, _MULTIPLY, _FORMAT, _RANGE = range(1, 9)
BINARY_PRECEDENCE: dict[str, int] = {
    **dict.fromkeys(("And", "Or", "Xor"), _LOGICAL),
    **dict.fromkeys(("Band", "Bor", "Bxor"), _BITWISE),
    **{kind: _COMPARISON for kind in OPERATORS.values() if kind[0] in "IC" and kind not in ("Isplit", "Csplit")},
    **dict.fromkeys(("Is", "IsNot", "As", "Join", "Isplit", "Csplit", "Shl", "Shr"), _COMPARISON),
    "QuestionQuestion": _COALESCE,
    **dict.fromkeys(("Plus", "Minus"), _ADD),
    **dict.fromkeys(("Multiply", "Divide", "Rem"), _MULTIPLY),
    "Format": _FORMAT,
    "DotDot": _RANGE,
}
UNARY = frozenset(
    ["Comma", "Not", "Exclaim", "Bnot", "Plus", "Minus", "PlusPlus", "MinusMinus", "Isplit", "Csplit", "Join"]
)
ASSIGNMENT = frozenset(
    [
        "Equals",
        "PlusEquals",
        "MinusEquals",
        "MultiplyEquals",
        "DivideEquals",
        "RemainderEquals",
        "QuestionQuestionEquals",
    ]
)
MODE_INVARIANT = frozenset(
    [
        "NewLine",
        "EndOfInput",
        "StringLiteral",
        "StringExpandable",
        "HereStringLiteral",
        "HereStringExpandable",
        "LParen",
        "RParen",
        "LCurly",
        "RCurly",
        "RBracket",
        "AtParen",
        "AtCurly",
        "DollarParen",
        "Semi",
        "AndAnd",
        "OrOr",
        "Ampersand",
        "Pipe",
        "Comma",
    ]
)
"""Tokens that look the same in every mode of the tokenizer."""

_TEXT = {
    "Comma": ",", "Equals": "=", "PlusEquals": "+=", "MinusEquals": "-=", "MultiplyEquals": "*=", "DivideEquals": "/=",
    "RemainderEquals": "%=", "QuestionQuestionEquals": "??=", "PlusPlus": "++", "MinusMinus": "--", "PostfixPlusPlus": "++",
    "PostfixMinusMinus": "--", "Is": "-is", "IsNot": "-isnot", "Plus": "+", "Minus": "-", "Multiply": "*", "Divide": "/", "Rem": "%",
    "Format": "-f", "DotDot": "..", "Exclaim": "!", "QuestionQuestion": "??",
}  # fmt: skip


def kind_text(kind: str) -> str:
    """The canonical text of a kind of token, as messages show it."""
    return _TEXT.get(kind) or ("-" + kind.lower() if kind in BINARY_PRECEDENCE or kind in UNARY else kind.lower())


STREAMS = ("All", "Output", "Error", "Warning", "Verbose", "Debug", "Information")
"""Names of the streams by their numbers in redirections."""
