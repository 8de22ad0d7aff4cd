# SPDX-License-Identifier: GPL-3.0-or-later
"""Zip and Chunk of ``System.Linq.Enumerable``, and what .NET Framework has of them."""

from __future__ import annotations

from typing import Any

ZIP = "[Linq.Enumerable]::Zip([int[]](1, 2, 3), [string[]]('a', 'b')"


def test_zip(shell: Any, windows: Any) -> None:
    assert shell.out(ZIP + ") | ForEach-Object { \"$_\"; $_.Item2 }") == ["(1, a)", "a", "(2, b)", "b"]
    named = ZIP + ", [Func[int, string, string]]{ \"$($args[0])$($args[1])\" }) -join ' '"
    assert shell.out(named) == windows.out(named) == ["1a 2b"]
    assert windows.error(ZIP + ")")[0] == "MethodCountCouldNotFindBest"


def test_chunk(shell: Any, windows: Any) -> None:
    script = "[Linq.Enumerable]::Chunk([int[]](1, 2, 3), 2)"
    assert shell.out(script + " | ForEach-Object { $_ -join ','; $_.GetType().Name }") == ["1,2", "Int32[]", "3", "Int32[]"]
    assert windows.error(script)[0] == "MethodNotFound"


def test_guids_of_version_7_sort_by_age(shell: Any) -> None:
    script = "$g = [guid]::CreateVersion7(); $g.Version; $g.Variant -in 8..11; $g.ToString().Substring(0, 8) -eq "
    script += "('{0:x12}' -f [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()).Substring(0, 8)"
    assert shell.out(script) == [7, True, True]
