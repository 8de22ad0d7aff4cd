# SPDX-License-Identifier: GPL-3.0-or-later
"""Any script either runs, or ends in one of our errors: no Python exception comes out of a runspace."""

from __future__ import annotations

import json
import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from member_calls import member_call, types_called

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import ParseError, Unsupported

CASES = Path(__file__).parents[1] / "conformance" / "lang"
LIMIT = 20_000

ATOMS = st.sampled_from(
    (
        "$null", "$true", "1", "-7", "2.5", "10L", "1.10d", "'text'", '"a$x b"', "@()", "@(1, 2)", "@{ a = 1; b = 'x' }", "$x", "$_",
        "[int]", "[string]'5'", "{ $_ + 1 }", "[pscustomobject]@{ n = 1 }", "(1..5)", "$x.n", "$x[0]", "'abc'.Length", "[char]65",
        "[datetime]'2024-01-02'", "[regex]'a+'", "'a,b' -split ','", "$x.ToString()", "@{}['k']", "$undefined.Member",
    )
)  # fmt: skip
OPERATORS = st.sampled_from(
    (
        "+",
        "-",
        "*",
        "/",
        "%",
        "-eq",
        "-ne",
        "-lt",
        "-like",
        "-match",
        "-contains",
        "-in",
        "-and",
        "-f",
        "-join",
        "-is",
        "-as",
        "..",
        ",",
    )
)
COMMANDS = st.sampled_from(
    (
        "Write-Output {0}", "{0} | ForEach-Object {{ $_ }}", "{0} | Where-Object {{ $_ }}", "{0} | Select-Object -First 1",
        "{0} | Sort-Object", "{0} | Measure-Object", "{0} | Group-Object", "ConvertTo-Json {0}", "New-Object object", "f {0} {1}",
        "g -A {0} -B {1}", "$x = {0}", "$x += {0}", "if ({0}) {{ {1} }} else {{ 2 }}", "foreach ($i in {0}) {{ $i; break }}",
        "try {{ throw {0} }} catch {{ $_.Exception.Message }} finally {{ {1} }}", "switch ({0}) {{ {1} {{ 'hit' }} default {{ 'no' }} }}",
        "while ($n -lt 3) {{ $n++; {0} }}", "Write-Error {0}", "$x.{0}", "[string]::Join(',', {0})", "& {0}", "{0} -replace {1}, 'z'",
        "return {0}", "Get-Variable x -ErrorAction Stop", "[int]{0}", "throw {0}", "$x[{0}] = {1}", "trap {{ continue }} {0}",
    )
)  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn) -> str:
    left, right = draw(ATOMS), draw(ATOMS)
    return draw(st.sampled_from((left, f"({left} {draw(OPERATORS)} {right})")))


@st.composite
def scripts(draw: st.DrawFn) -> str:
    head = "function f($a, $b) { $a; $b }\nfunction g { [CmdletBinding()] param([int] $A, [string[]] $B) $A; $B }\n$x = 1\n"
    lines = [draw(COMMANDS).format(draw(expressions()), draw(expressions())) for _ in range(draw(st.integers(1, 5)))]
    return head + "\n".join(lines)


def run(script: str) -> None:
    runspace = Runspace(sample_machine())
    runspace.ctx.instruction_limit = LIMIT
    try:
        runspace.run(script)
    except (ParseError, Unsupported) as error:
        assert str(error)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(scripts())
def test_generated_scripts_end_in_our_errors_only(script: str) -> None:
    run(script)


def recorded_scripts() -> list[str]:
    return [case["script"] for path in sorted(CASES.rglob("*.json")) for case in json.loads(path.read_text("utf-8"))]


def damaged(source: random.Random, texts: list[str]) -> str:
    """A recorded script with a piece cut out, doubled or put elsewhere: close to what people mistype."""
    text = source.choice(texts)
    start = source.randrange(len(text))
    piece = text[start : start + source.randrange(1, 12)]
    place = source.randrange(len(text))
    return source.choice(
        (text[:start] + text[start + len(piece) :], text[:place] + piece + text[place:], text.replace(piece, "", 1))
    )


def test_damaged_scripts_end_in_our_errors_only() -> None:
    source = random.Random(20261125)
    texts = recorded_scripts()
    for _ in range(500):
        run(damaged(source, texts))


def test_member_calls_end_in_our_errors_only() -> None:
    source = random.Random(20261126)
    facts = types_called()
    for _ in range(500):
        run(member_call(source, facts))


def test_findings_of_the_fuzzer_stay_fixed() -> None:
    run("'1;x' | ConvertFrom-Csv -Header id, name -Delimiter ';' | ConvertFrom-Csv -Header a, b")
    run("[System.Threading.Thread]::CurrentThread.Nope::Bar = 1")
    run("[Text.StringBuilder]::new().Append(@('x', 'y'))")
    run("1, 2 | ForEach-Object $null")
    run("[System.Collections.Generic.KeyValuePair`2]::new(1, 2)")
    run("[System.Collections.Generic.List`1]::new()")
    run("[System.Collections.Generic.HashSet`1]::new(('a', 'b'), $null)")
    run("[System.Collections.Generic.Dictionary`2]::new('1')")
