# SPDX-License-Identifier: GPL-3.0-or-later
"""``-like -match -replace -split -join -f`` and ``..``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hvsim.runtime import convert, edition51, format, regex, types, wildcard
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.errors import NetException, PSError, net_error, runtime_error
from hvsim.runtime.numeric import INT32_MAX, INT32_MIN
from hvsim.runtime.operators.arithmetic import MAX_ELEMENTS, base, out_of_memory
from hvsim.runtime.operators.comparison import Operator
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.structs import Regex
from hvsim.runtime.values import AUTOMATION_NULL, Array, Char

__all__ = ["TEXT_OPERATORS", "dot_dot", "format_operator", "join", "join_all", "split", "split_words"]

SIMPLE_MATCH, REGEX_MATCH, CULTURE_INVARIANT, IGNORE_WHITESPACE = 1, 2, 4, 8
MULTILINE, SINGLELINE, IGNORE_CASE, EXPLICIT_CAPTURE = 16, 32, 64, 128
_REGEX_OPTIONS: Final = {
    CULTURE_INVARIANT: 512,
    IGNORE_WHITESPACE: 32,
    MULTILINE: 2,
    SINGLELINE: 16,
    IGNORE_CASE: 1,
    EXPLICIT_CAPTURE: 4,
}
_SPLIT_OPTIONS: Final = {
    "simplematch": SIMPLE_MATCH,
    "regexmatch": REGEX_MATCH,
    "cultureinvariant": CULTURE_INVARIANT,
    "ignorepatternwhitespace": IGNORE_WHITESPACE,
    "multiline": MULTILINE,
    "singleline": SINGLELINE,
    "ignorecase": IGNORE_CASE,
    "explicitcapture": EXPLICIT_CAPTURE,
}


# --- -like, -match --------------------------------------------------------------------------------------------------


def _like(ignore_case: bool, wanted: bool) -> Operator:
    """A list on the left yields the texts of its elements, unlike with ``-match``."""

    def apply(ctx: Any, left: Any, right: Any) -> Any:
        pattern = base(right)
        test = getattr(pattern, "is_match", None) or wildcard.compile(convert.to_string(ctx, right), ignore_case)
        items = None if type(left) is str else convert.enumerate(left)
        if items is not None:
            return Array([text for item in items if test(text := convert.to_string(ctx, item)) is wanted])
        return test(left if type(left) is str else convert.to_string(ctx, left)) is wanted

    return apply


def compiled(ctx: Any, pattern: Any, ignore_case: bool) -> regex.Compiled:
    """The pattern of a right operand: a Regex keeps its own options."""
    pattern = base(pattern)
    edition = format.edition_of(ctx)
    if isinstance(pattern, Regex):
        return regex.compile(pattern.pattern, pattern.options, edition)
    return regex.compile(convert.to_string(ctx, pattern), 1 if ignore_case else 0, edition)


def _match(ignore_case: bool, wanted: bool) -> Operator:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        pattern = compiled(ctx, right, ignore_case)
        items = None if type(left) is str else convert.enumerate(left)
        if items is not None:
            return Array(
                [item for item in items if (pattern.search(convert.to_string(ctx, item)) is not None) is wanted]
            )
        found = pattern.search(left if type(left) is str else convert.to_string(ctx, left))
        if found is not None:
            ctx.set_matches(matches_table(pattern, found))
        return (found is not None) is wanted

    return apply


def matches_table(pattern: regex.Compiled, found: Any) -> Hashtable:
    """``$Matches``: the groups that took part, by number or name."""
    table = Hashtable()
    for number, name in zip(pattern.numbers, pattern.group_names(), strict=True):
        text = pattern.group(found, number)
        if text is not None:
            table.set(number if name == str(number) else name, text)
    return table


# --- -replace -------------------------------------------------------------------------------------------------------


def _replace(ignore_case: bool) -> Operator:
    name = "-ireplace" if ignore_case else "-creplace"

    def apply(ctx: Any, left: Any, right: Any) -> Any:
        pattern, replacement = _replace_operands(ctx, right, name)
        try:
            engine = compiled(ctx, pattern, ignore_case)
        except PSError as error:
            text = convert.to_string(ctx, pattern)
            raise runtime_error(
                "InvalidRegularExpression",
                f"The regular expression pattern {text} is not valid.",
                target=pattern,
                inner=error.exception,
            ) from None
        substitute = _substitute(ctx, engine, replacement)
        items = None if type(left) is str else convert.enumerate(left)
        if items is not None:
            return Array([substitute(convert.to_string(ctx, item)) for item in items])
        return substitute(left if type(left) is str else convert.to_string(ctx, left))

    return apply


def _replace_operands(ctx: Any, right: Any, name: str) -> tuple[Any, Any]:
    right = base(right)
    if isinstance(right, list):
        if len(right) > 2:
            raise runtime_error(
                "BadReplaceArgument",
                f"The {name} operator allows only two elements to follow it, not {len(right)}.",
                target=right,
            )
        pattern = right[0] if right else ""
        return pattern, right[1] if len(right) > 1 else ""
    return right, ""


def _substitute(ctx: Any, engine: regex.Compiled, replacement: Any) -> Callable[[str], str]:
    replacement = base(replacement)
    if isinstance(replacement, ScriptBlock) and format.edition_of(ctx) != edition51.EDITION:
        block = replacement

        def evaluate(text: str) -> str:
            def one(found: Any) -> str:
                value = ctx.invoke_value(block, (), dollar_underbar=_match_object(engine, found, text), new_scope=False)
                return convert.to_string(ctx, value)

            return engine.replace(text, one)

        return evaluate
    text = "" if replacement is None else convert.to_string(ctx, replacement)
    return lambda subject: engine.replace(subject, text)


def _match_object(engine: regex.Compiled, found: Any, text: str) -> Any:
    make = MATCH_FACTORY.get("make")
    return found.group() if make is None else make(engine, found, text)


#: ``make(compiled, found, text)`` builds the .NET ``Match`` object; filled by ``library.dotnet``.
MATCH_FACTORY: dict[str, Callable[[regex.Compiled, Any, str], Any]] = {}


# --- -split ---------------------------------------------------------------------------------------------------------


def _contents(ctx: Any, left: Any) -> list[str]:
    items = None if type(left) is str else convert.enumerate(left)
    return [convert.to_string(ctx, item) for item in (items if items is not None else [left])]


def _split(ignore_case: bool) -> Operator:
    def apply(ctx: Any, left: Any, right: Any) -> Any:
        operands = list(items) if (items := convert.enumerate(right)) is not None else [right]
        if not operands:
            text = f"The argument to operator '-split' is not valid: {types.of(base(right)).full_name}."
            raise runtime_error("BadOperatorArgument", text, target=right)
        return split(ctx, left, operands, ignore_case)

    return apply


def split(ctx: Any, left: Any, operands: list[Any], ignore_case: bool) -> Array:
    """``-split`` with pattern (or script block), limit and options."""
    pattern = base(operands[0])
    limit = int(convert.to(ctx, operands[1], types.get("System.Int32"))) if len(operands) > 1 else 0
    options = 0
    if len(operands) > 2 and operands[2] is not None and operands[2] != "":
        options = _split_options(ctx, operands[2])
        if isinstance(pattern, ScriptBlock):
            raise _split_error("InvalidSplitOptionWithPredicate", "Options are not allowed on the -split operator with a predicate.")
    if ignore_case:
        options |= IGNORE_CASE
    contents = _contents(ctx, left)
    if isinstance(pattern, ScriptBlock):
        return _strings([piece for text in contents for piece in _split_by_block(ctx, text, pattern, limit)])
    return _strings(_split_by_pattern(ctx, contents, convert.to_string(ctx, pattern), limit, options))


def _split_error(error_id: str, message: str) -> PSError:
    """An error of -split is a parse error at run time (``ParserOps.SplitOperatorImpl``)."""
    return runtime_error(error_id, message, kind="System.Management.Automation.ParseException", category="ParserError")


def _strings(items: list[str]) -> Array:
    return Array(items, types.get("System.String"))


def _split_options(ctx: Any, value: Any) -> int:
    enum = types.find("System.Management.Automation.SplitOptions")
    if enum is not None and enum.is_enum:
        return int(convert.to(ctx, value, enum).value)
    total = 0
    items = convert.enumerate(value)
    for part in items if items is not None else [value]:
        if isinstance(part, int):
            total |= int(part)
            continue
        for name in convert.to_string(ctx, part).split(","):
            folded = name.strip().lower()
            found = [n for n in _SPLIT_OPTIONS if n.startswith(folded)]
            if not folded or len(found) != 1:
                raise convert.cast_error(
                    "SubstringDisambiguationEnumParseThrewAnException",
                    f'Cannot convert value "{name}" to type "System.Management.Automation.SplitOptions".',
                )
            total |= _SPLIT_OPTIONS[found[0]]
    return total


def _split_by_pattern(ctx: Any, contents: list[str], pattern: str, limit: int, options: int) -> list[str]:
    if options & SIMPLE_MATCH:
        if options & ~(SIMPLE_MATCH | IGNORE_CASE):
            raise _split_error("InvalidSplitOptionCombination", "The combination of options with the -split operator is not valid.")
        pattern = regex.escape(pattern)
    flags = 0
    for bit, flag in _REGEX_OPTIONS.items():
        if options & bit:
            flags |= flag
    try:
        engine = regex.compile(pattern, flags, format.edition_of(ctx))
    except PSError as error:
        raise _bad_pattern(pattern, error.exception) from None
    if limit < 0:
        return [piece for text in contents for piece in _split_from_right(engine, text, -limit)]
    return [piece for text in contents for piece in engine.split(text, limit)]


def _bad_pattern(_pattern: str, inner: NetException) -> PSError:
    return PSError(inner)


def _split_from_right(engine: regex.Compiled, text: str, count: int) -> list[str]:
    found = list(engine.matches(text))
    chosen = found[-(count - 1) :] if count > 1 else []
    out: list[str] = []
    position = 0
    for match in chosen:
        out.append(text[position : match.start()])
        out.extend(g for n in engine.numbers[1:] if (g := engine.group(match, n)) is not None)
        position = match.end()
    out.append(text[position:])
    return out


def _split_by_block(ctx: Any, text: str, block: ScriptBlock, limit: int) -> list[str]:
    """Splits at the characters for which *block* is true (``$_`` the character, arguments text and index)."""
    if limit in (1, -1):
        return [text]
    if limit < 0:
        return _split_by_block_from_right(ctx, text, block, -limit)
    pieces: list[str] = []
    current = ""
    for index, char in enumerate(text):
        if not convert.to_bool(ctx.invoke_value(block, (text, index), dollar_underbar=char)):
            current += char
            continue
        pieces.append(current)
        current = ""
        if limit > 0 and len(pieces) >= limit - 1:
            pieces.append(text[index + 1 :])
            return pieces
        if index == len(text) - 1:
            pieces.append("")
    if current:
        pieces.append(current)
    return pieces


def _split_by_block_from_right(ctx: Any, text: str, block: ScriptBlock, limit: int) -> list[str]:
    pieces: list[str] = []
    current = ""
    for index in range(len(text) - 1, -1, -1):
        if not convert.to_bool(ctx.invoke_value(block, (text, index), dollar_underbar=text[index])):
            current = text[index] + current
            continue
        pieces.insert(0, current)
        current = ""
        if len(pieces) >= limit - 1:
            pieces.insert(0, text[:index])
            return pieces
        if index == 0:
            pieces.insert(0, "")
    if current:
        pieces.insert(0, current)
    return pieces


def split_words(ctx: Any, value: Any) -> Array:
    """Unary ``-split``: at white space, after trimming."""
    engine = regex.compile(r"\s+", 0)
    return _strings([piece for text in _contents(ctx, value) for piece in engine.split(text.strip())])


# --- -join, -f, .. --------------------------------------------------------------------------------------------------


def join(ctx: Any, left: Any, right: Any) -> str:
    separator = right if type(right) is str else convert.to_string(ctx, right)
    items = None if type(left) is str else convert.enumerate(left)
    return convert.to_string(ctx, left) if items is None else convert.join(ctx, items, separator)


def join_all(ctx: Any, value: Any) -> str:
    """Unary ``-join``."""
    return join(ctx, value, "")


def format_operator(ctx: Any, left: Any, right: Any) -> str:
    """``-f``.

    Raises:
        PSError: ``FormatError``.
    """
    template = left if type(left) is str else convert.to_string(ctx, left)
    value = base(right)
    is_list = type(value) is Array and (value.element_type is None or not value.element_type.is_value_type)
    try:
        return format.composite(ctx, template, value if is_list else [right if right is not AUTOMATION_NULL else None])
    except PSError as error:
        if error.exception.kind != "System.FormatException":
            raise
        raise runtime_error(
            "FormatError",
            f"Error formatting a string: {error.exception.message}.",
            target=template,
            inner=error.exception,
        ) from None


def _range_char(value: Any) -> int | None:
    if type(value) is Char:
        return int(value.code)
    if type(value) is str and len(value) == 1 and not value.isdecimal():
        return ord(value)
    return None


def dot_dot(ctx: Any, left: Any, right: Any) -> Array:
    """``..``: numbers or, in edition 7, characters; counts down when left is greater."""
    if type(left) is int and type(right) is int:
        return _integers(left, right)
    left, right = base(left), base(right)
    if format.edition_of(ctx) != "5.1":
        low, high = _range_char(left), _range_char(right)
        if low is not None and high is not None:
            step = 1 if high >= low else -1
            return Array([Char(code) for code in range(low, high + step, step)])
    integer = types.get("System.Int32")
    return _integers(int(convert.to(ctx, left, integer)), int(convert.to(ctx, right, integer)))


def _integers(low: int, high: int) -> Array:
    if not INT32_MIN <= high - low <= INT32_MAX:
        raise net_error("System.OverflowException", "Arithmetic operation resulted in an overflow.")
    if abs(high - low) >= MAX_ELEMENTS:
        raise out_of_memory()
    return Array(range(low, high + 1) if high >= low else range(low, high - 1, -1))


def _table() -> dict[str, Operator]:
    table: dict[str, Operator] = {"Join": join, "Format": format_operator, "DotDot": dot_dot}
    for prefix, ignore_case in (("I", True), ("C", False)):
        table[prefix + "like"] = _like(ignore_case, True)
        table[prefix + "notlike"] = _like(ignore_case, False)
        table[prefix + "match"] = _match(ignore_case, True)
        table[prefix + "notmatch"] = _match(ignore_case, False)
        table[prefix + "replace"] = _replace(ignore_case)
        table[prefix + "split"] = _split(ignore_case)
    return table


TEXT_OPERATORS: Final = _table()
