# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any


def test_where_and_foreach_keep_the_callers_item(shell: Any) -> None:
    script = "$_ = 'mine'; $r = 1..3 | Where-Object { $_ -ne 2 } | ForEach-Object { $_ * 10 }; $r -join ','; $_"
    assert shell.out(script) == ["10,30", "mine"]


def test_foreach_blocks_write_variables_of_the_caller(shell: Any) -> None:
    assert shell.out("$sum = 0; 1..4 | ForEach-Object { $sum += $_ }; $sum") == [10]


def test_nested_foreach_sees_its_own_item(shell: Any) -> None:
    script = "1, 2 | ForEach-Object { $outer = $_; 'a', 'b' | ForEach-Object { \"$outer$_\" }; \"back $_\" }"
    assert shell.out(script) == ["1a", "1b", "back 1", "2a", "2b", "back 2"]


def test_foreach_in_function_keeps_args_of_the_function(shell: Any) -> None:
    assert shell.out('function F { 1 | ForEach-Object { "[$($args.Count)]" }; $args.Count } F x y') == ["[0]", 2]


def test_null_between_objects(shell: Any) -> None:
    assert shell.out('1, $null, 3 | ForEach-Object { "<$_>" }') == ["<1>", "<>", "<3>"]


def test_block_with_parameters_goes_the_long_way(shell: Any) -> None:
    assert shell.out('1, 2 | ForEach-Object { param($x) "$_/$($null -eq $x)" }') == ["1/True", "2/True"]


def test_where_result_that_is_a_collection_counts_as_true(shell: Any) -> None:
    assert shell.out("1, 2 | Where-Object { 0; 0 } | Measure-Object | ForEach-Object Count") == [2]


def test_foreach_on_module_block_runs_in_the_module(shell: Any) -> None:
    script = "$m = New-Module { $k = 'in'; function B { { \"$k$_\" } } }; $k = 'out'; $b = B; 1, 2 | ForEach-Object $b"
    assert shell.out(script) == ["in1", "in2"]
