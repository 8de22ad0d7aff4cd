# SPDX-License-Identifier: GPL-3.0-or-later
"""Large byte arrays: bytes in one piece until somebody looks at an element, and then arrays like all others."""

from __future__ import annotations

import hashlib

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.library.dotnet.support import bytes_array, data_of, put_bytes
from hvsim.runtime import types
from hvsim.runtime.values import PACKED_FROM, Array, Byte, PackedBytes

SIZE = 2 * PACKED_FROM
DATA = bytes(number % 251 for number in range(SIZE))


def packed() -> Array:
    array = bytes_array(DATA)
    assert type(array) is PackedBytes
    return array


def test_a_part_travels_without_its_elements() -> None:
    runspace = Runspace()
    result = runspace.run(
        f"$b = New-Object byte[] {SIZE}; $s = New-Object System.IO.MemoryStream; $s.Write($b, 0, $b.Length)\n"
        f"$t = [Convert]::ToBase64String($b, 1, {SIZE - 1}); $c = [Convert]::FromBase64String($t)\n"
        f"$s.Position = 0; $n = $s.Read($b, 0, {SIZE}); $d = $b.Clone(); [Array]::Copy($c, 0, $d, 1, $c.Length); $n, $c.Length"
    )
    assert result.output == [SIZE, SIZE - 1]
    assert [type(runspace.ctx.get_variable(name)) for name in "bcd"] == [PackedBytes] * 3


def test_the_first_look_makes_an_ordinary_array_of_the_same_object() -> None:
    array = packed()
    assert types.of(array).full_name == "System.Byte[]"
    assert len(array) == SIZE and type(array) is PackedBytes
    assert array[1] == 1 and type(array[1]) is Byte
    assert type(array) is Array and len(array) == SIZE
    assert bytes(array) == DATA


@pytest.mark.parametrize(
    "look",
    [
        lambda a: list(a), lambda a: [*a], lambda a: a + Array(), lambda a: a * 1, lambda a: a[:], lambda a: a.copy(),
        lambda a: list(reversed(list(reversed(a)))), lambda a: tuple(a), lambda a: sorted(a, key=lambda _: 0), lambda a: Array(a),
    ],
)  # fmt: skip
def test_every_way_to_look_sees_the_elements(look: object) -> None:
    array = packed()
    assert bytes(look(array)) == DATA  # type: ignore[operator]
    assert bytes(array) == DATA


def test_elements_are_written_like_those_of_any_array() -> None:
    result = Runspace().run(
        f"$b = New-Object byte[] {SIZE}; $same = $b; $b[3] = '7'; $b[-1] = 9; $same[3], $same[-1], $b.Count, ($b -eq 7).Count\n"
        "$b.GetType().FullName; [object]::ReferenceEquals($b, $same); try { $b[0] = 256 } catch { $_.FullyQualifiedErrorId }"
    )
    assert result.output == [7, 9, SIZE, 1, "System.Byte[]", True, "InvalidCastIConvertible"]


def test_parts_are_read_and_written_in_both_forms() -> None:
    array = packed()
    put_bytes(array, 10, b"\xff\xfe")
    assert data_of(array, 9, 4) == b"\x09\xff\xfe\x0c" and type(array) is PackedBytes
    list(array)
    put_bytes(array, 0, b"\x01")
    assert type(array) is Array
    assert data_of(array, 0, 2) == b"\x01\x01" and data_of(array)[9:13] == b"\x09\xff\xfe\x0c"


def test_hashes_of_parts() -> None:
    result = Runspace().run(
        f"$b = New-Object byte[] {SIZE}; $h = [Security.Cryptography.SHA256]::Create(); $null = $h.TransformBlock($b, 0, 100, $b, 0)\n"
        f"$null = $h.TransformFinalBlock($b, 100, {SIZE - 100}); [Convert]::ToHexString($h.Hash)\n"
        "[Convert]::ToHexString($h.ComputeHash([IO.MemoryStream]::new($b)))"
    )
    expected = hashlib.sha256(bytes(SIZE)).hexdigest().upper()
    assert result.output == [expected, expected]
