# SPDX-License-Identifier: GPL-3.0-or-later
"""``[Console]``: printed past the streams."""

from __future__ import annotations

from hvsim.engine.runspace import HostText, Runspace


def printed(script: str) -> list[str]:
    result = Runspace().run(script, console=True)
    assert result.terminating is None
    return [item.text if isinstance(item, HostText) else f"output: {item}" for item in result.output]


def test_the_console_comes_among_the_output_in_order() -> None:
    assert printed("[Console]::WriteLine('a {0}', 5); 'x'; [Console]::Write('b'); [Console]::Out.WriteLine()") == [
        "a 5\n",
        "output: x",
        "b",
        "\n",
    ]


def test_without_a_console_the_host_keeps_the_lines() -> None:
    runspace = Runspace()
    assert runspace.run("[Console]::WriteLine('a'); 1").output == [1]
    assert runspace.ctx.host_lines == ["a"]
