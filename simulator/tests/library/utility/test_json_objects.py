# SPDX-License-Identifier: GPL-3.0-or-later
"""ConvertTo-Json of .NET objects: order and origin of their members; escapes; limits of ConvertFrom-Json."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("@{ a = 1 }.GetEnumerator() | ConvertTo-Json -Compress", '{"Key":"a","Value":1,"Name":"a"}'),
        ("ConvertTo-Json @(@{ a = 1 }.GetEnumerator()) -Compress", '[{"Key":"a","Value":1}]'),
        (
            "[pscustomobject]@{ e = [Collections.DictionaryEntry]::new('k', 1) } | ConvertTo-Json -Compress",
            '{"e":{"Key":"k","Value":1}}',
        ),
        (
            "$e = [Collections.DictionaryEntry]::new('k', 1) | Add-Member n 5 -PassThru; ConvertTo-Json $e -Compress",
            '{"Key":"k","Value":1,"n":5}',
        ),
    ],
)
def test_members_of_type_files_follow_and_need_a_wrapper(shell: Any, script: str, expected: str) -> None:
    """JsonObject.cs: .NET's own members, then those of the PSObject if there is one."""
    assert shell.out(script) == [expected]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Default", '"<é>"'),
        ("EscapeHtml", r'"\u003cé\u003e"'),
        ("EscapeNonAscii", r'"<\u00e9>"'),
    ],
)
def test_escapes(shell: Any, kind: str, expected: str) -> None:
    assert shell.out(f"ConvertTo-Json '<é>' -Compress -EscapeHandling {kind}") == [expected]


@pytest.mark.parametrize("depth", [0, -1])
def test_depth_of_reading_is_positive(shell: Any, depth: int) -> None:
    fqid, message = shell.error(f"ConvertFrom-Json '1' -Depth {depth}")
    assert fqid == "ParameterArgumentValidationError,Microsoft.PowerShell.Commands.ConvertFromJsonCommand"
    assert message == (
        f"Cannot validate argument on parameter 'Depth'. The argument \"{depth}\" cannot be validated because its value is not "
        "greater than zero."
    )


def test_sleeping_backwards(shell: Any) -> None:
    assert shell.error("Start-Sleep -Duration ([timespan]'-00:00:01')")[1].endswith(
        'The argument "-00:00:01" cannot be validated because its value is not greater than or equal to zero.'
    )
