# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

_TOP = [
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    "<head>",
]


def test_table_of_a_fragment(shell: Any) -> None:
    script = "[pscustomobject]@{ a = 1; b = 'x<y \"z\"'; c = @(1, 2) }, [pscustomobject]@{ a = 2; b = 'é' } | ConvertTo-Html -Fragment"
    assert shell.out(script) == [
        "<table>",
        "<colgroup><col/><col/><col/></colgroup>",
        "<tr><th>a</th><th>b</th><th>c</th></tr>",
        "<tr><td>1</td><td>x&lt;y &quot;z&quot;</td><td>System.Object[]</td></tr>",
        "<tr><td>2</td><td>&#233;</td><td></td></tr>",
        "</table>",
    ]


def test_page_with_calculated_properties(shell: Any) -> None:
    script = (
        "[pscustomobject]@{ a = 1 } | ConvertTo-Html a, nope, @{ n = 'X'; e = { $_.a + 1 }; align = 'left'; width = 10 } -Title T "
        "-Body b -PreContent p, q -PostContent r -CssUri s.css"
    )
    assert shell.out(script) == [
        *_TOP,
        "<title>T</title>",
        '<link rel="stylesheet" type="text/css" href="s.css" />',
        "</head><body>",
        "b",
        "p",
        "q",
        "<table>",
        '<colgroup><col/><col width = "10" align = "left"/></colgroup>',
        "<tr><th>a</th><th>X</th></tr>",
        "<tr><td>1</td><td>2</td></tr>",
        "</table>",
        "r",
        "</body></html>",
    ]


def test_lists(shell: Any) -> None:
    assert shell.out("[pscustomobject]@{ a = 1; b = 2 }, [pscustomobject]@{ c = 3 } | ConvertTo-Html -As List -Fragment") == [
        "<table>",
        "<tr><td>a:</td><td>1</td></tr>",
        "<tr><td>b:</td><td>2</td></tr>",
        "<tr><td><hr></td></tr>",
        "<tr><td>c:</td><td>3</td></tr>",
        "</table>",
    ]


def test_meta_and_charset(shell: Any) -> None:
    result = shell.run("1 | ConvertTo-Html -Charset utf-8 -Meta ([ordered]@{ author = 'me'; 'x-ua-compatible' = 'IE'; zzz = 'q' })")
    assert set(result.output[3:7]) == {
        '<meta charset="utf-8">',
        '<meta name="author" content="me">',
        '<meta http-equiv="x-ua-compatible" content="IE">',
        '<meta name="zzz" content="q">',
    }
    assert result.warning[0].message.endswith("The meta pair: zzz and q may not function correctly.")


def test_windows_powershell_lacks_the_newer_parameters(windows: Any) -> None:
    assert windows.error("1 | ConvertTo-Html -Charset utf-8")[0].startswith("NamedParameterNotFound,")


def test_no_input_is_an_empty_table(shell: Any) -> None:
    assert shell.out("@() | ConvertTo-Html -Fragment") == ["<table>", "</table>"]
