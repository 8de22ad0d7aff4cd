# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that call members of .NET types with odd arguments: the names come from ``metadata/types.json``."""

from __future__ import annotations

import json
import random
from pathlib import Path

import hvsim

TYPES = Path(hvsim.__file__).parent / "metadata" / "types.json"
#: Values of every kind that a script can write down, most of them of the wrong kind for any one parameter.
ODD = [
    "$null", "''", "'abc'", "'1'", "'{0}'", "0", "1", "-1", "[int]::MaxValue", "[long]::MinValue", "[ulong]::MaxValue",
    "1.5", "[double]::NaN", "[double]::PositiveInfinity", "[decimal]::MaxValue", "[bigint]::Pow(10, 40)", "$true",
    "[char]0", "[char]'x'", "[byte]7", "@()", ", $null", "(1, 2)", "('a', $null)", "[int[]]@()", "[byte[]](1, 2)",
    "[char[]]'ab'", "[string[]]('a', 'b')", "@{}", "@{ a = 1 }", "[ordered]@{ b = 2 }", "[pscustomobject]@{ c = 3 }", "{ 1 }",
    "{ throw 'x' }", "[int]", "[guid]::Empty", "[datetime]::MinValue", "[datetime]::MaxValue", "[timespan]::MaxValue",
    "[datetimeoffset]::MinValue", "[version]'1.2'", "[regex]'a'", "[xml]'<a/>'", "[uri]'http://a/'", "[cultureinfo]''",
    "[System.DayOfWeek]::Friday", "[System.StringComparison]::Ordinal", "[System.Text.Encoding]::UTF8", "[ref]1",
    "[System.Collections.ArrayList]@(1)", "[System.Collections.Generic.List[int]]@(1)", "[System.Globalization.NumberStyles]512",
    "[System.Text.StringBuilder]'sb'", "[System.Management.Automation.Language.NullString]::Value", "[string]::new('a', 3)",
]  # fmt: skip
#: Types whose members wait, or end the runspace.
LEFT_OUT = {"System.Threading.Thread", "System.Environment"}


def types_called() -> list[dict[str, object]]:
    facts = json.loads(TYPES.read_text("utf-8"))
    return [entry for entry in facts if entry["name"] not in LEFT_OUT]


def arguments(source: random.Random) -> str:
    return ", ".join(f"({source.choice(ODD)})" for _ in range(source.choice((0, 1, 1, 1, 2, 2, 3, 4))))


def target(source: random.Random, name: str) -> str:
    """An instance of the type, or an odd value."""
    return source.choice((f"([{name}]({source.choice(ODD)}))", f"([{name}]::new({arguments(source)}))", f"({source.choice(ODD)})"))


def member_call(source: random.Random, facts: list[dict[str, object]]) -> str:
    """A script of one call: a constructor, a static or instance method, or a property that is read or written."""
    entry = source.choice(facts)
    name = str(entry["name"])
    methods, properties = entry["methods"], entry["properties"]
    assert isinstance(methods, dict)
    assert isinstance(properties, dict)
    member = source.choice([*methods, *methods, *properties, "::new"])
    owner = f"[{name}]" if member.startswith("::") else target(source, name)
    access = owner + (member if member.startswith("::") else f".{member}")
    if member in properties:
        return source.choice((access, f"{access} = {source.choice(ODD)}", f"'{{0}}' -f {access}"))
    call = f"{access}({arguments(source)})"
    return source.choice((call, f"[string]({call})", f"$x = {call}; $x; \"$x\""))
