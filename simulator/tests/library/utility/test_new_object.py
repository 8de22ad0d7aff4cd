# SPDX-License-Identifier: GPL-3.0-or-later
"""New-Object: its own errors, those of the reflection adapter it calls, properties and methods of -Property.

The rules are those of PowerShell's New-Object.cs: no arguments need a constructor without parameters (or a struct), arguments any
constructor at all.
"""

from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

OWN = ",Microsoft.PowerShell.Commands.NewObjectCommand"
NO_NUMBER = "The input string 'x' was not in a correct format."


@pytest.mark.parametrize(
    ("script", "position", "shown", "net_type"),
    [
        ("New-Object datetime 'x'", 0, "DateTime", "Int64"),
        ("New-Object System.Version 1, 'x'", 1, "Version", "Int32"),
        ("New-Object 'System.Collections.Generic.List[int]' 'x'", 0, "List`1", "Int32"),
    ],
)
def test_arguments_that_do_not_convert_are_named_by_position(
    shell: Any, script: str, position: int, shown: str, net_type: str
) -> None:
    inner = f'Cannot convert value "x" to type "System.{net_type}". Error: "{NO_NUMBER}"'
    message = (
        f'Cannot convert argument "{position}", with value: "x", for "{shown}" to type "System.{net_type}": "{inner}"'
    )
    assert shell.error(script) == ("ConstructorInvokedThrowException" + OWN, message)


@pytest.mark.parametrize("name", ["int", "System.DayOfWeek"])
def test_arguments_need_a_constructor(shell: Any, name: str) -> None:
    message = f"A constructor was not found. Cannot find an appropriate constructor for type {name}."
    assert shell.error(f"New-Object {name} 5") == ("CannotFindAppropriateCtor" + OWN, message)
    assert shell.out(f"[int](New-Object {name}); [int][{name}]::new()") == [0, 0]


def test_structs_with_constructors_have_no_new_without_arguments(shell: Any) -> None:
    assert shell.out("(New-Object datetime).Ticks") == [0]
    assert shell.error("[datetime]::new()") == (
        "MethodCountCouldNotFindBest",
        'Cannot find an overload for "new" and the argument count: "0".',
    )


@pytest.mark.parametrize("table", ["@{ Capacity = 'x' }", "@{ Count = 5 }"])
def test_properties_that_cannot_be_set(shell: Any, table: str) -> None:
    message = "The value supplied is not valid, or the property is read-only. Change the value, and then try again."
    assert shell.error(f"New-Object System.Collections.ArrayList -Property {table}") == (
        "SetValueException" + OWN,
        message,
    )


def test_a_method_takes_the_value_as_one_argument(shell: Any) -> None:
    assert shell.out("(New-Object System.Collections.ArrayList -Property @{ Add = 1, 2 }).Count") == [1]
    assert shell.out("(New-Object System.Collections.ArrayList -Property @{ AddRange = 1, 2 }).Count") == [2]
    with pytest.raises(Unsupported, match="method RemoveAt"):
        shell.run("New-Object System.Collections.ArrayList -Property @{ RemoveAt = 7 }")
