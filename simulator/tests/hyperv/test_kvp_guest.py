# SPDX-License-Identifier: GPL-3.0-or-later
"""Where guests keep pairs: pool records byte for byte, registry values, the pairs of a guest that is no machine yet."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hvsim.hyperv.kvp_guest import (
    LINUX_KEY_UNITS,
    LINUX_VALUE_UNITS,
    RECORD_BYTES,
    LinuxPairs,
    MemoryPairs,
    WindowsPairs,
    cut_to_units,
    decode_records,
    encode_record,
    utf16_length,
)
from hvsim.hyperv.posix_files import PosixFileSystem
from hvsim.hyperv.registry import Registry

POOL_0 = "/var/lib/hyperv/.kvp_pool_0"
ROOT = "HKLM:\\SOFTWARE\\Microsoft\\Virtual Machine"

#: A busy machine is no reason to fail.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))


def fits(text: str, size: int) -> bool:
    return len(text.encode()) < size


@PATIENT
@given(TEXT.filter(lambda t: fits(t, 512)), TEXT.filter(lambda t: fits(t, 2048)))
def test_a_record_is_key_and_value_padded_with_nul(name: str, value: str) -> None:
    record = encode_record(name, value)
    assert len(record) == RECORD_BYTES == 2560
    assert record[:512] == name.encode() + bytes(512 - len(name.encode()))
    assert record[512:] == value.encode() + bytes(2048 - len(value.encode()))
    assert decode_records(record) == [(name, value)]


@pytest.mark.parametrize(
    ("name", "value", "ok"),
    [
        ("k" * 511, "v" * 2047, True),
        ("k" * 512, "", False),
        ("k", "v" * 2048, False),
        ("ü" * 255 + "k", "", True),
        ("ü" * 256, "", False),
        ("k\0", "", False),
    ],
)
def test_fields_leave_room_for_their_nul(name: str, value: str, ok: bool) -> None:
    if ok:
        assert decode_records(encode_record(name, value)) == [(name, value)]
    else:
        with pytest.raises(ValueError, match="do not fit"):
            encode_record(name, value)


def test_an_incomplete_record_does_not_count() -> None:
    assert decode_records(encode_record("a", "1") + b"rest") == [("a", "1")]
    assert decode_records(b"") == []


@PATIENT
@given(st.dictionaries(TEXT.filter(lambda t: t and fits(t, 512)), TEXT.filter(lambda t: fits(t, 2048)), max_size=8))
def test_pool_0_holds_exactly_what_the_host_has_sent(items: dict[str, str]) -> None:
    files = PosixFileSystem()
    store = LinuxPairs(files)
    store.prepare({})
    for name, value in items.items():
        assert store.set_external(name, "before")
        assert store.set_external(name, value)
    assert files.read_bytes(POOL_0) == b"".join(encode_record(n, v) for n, v in items.items())
    for name in items:
        store.remove_external(name)
    assert files.read_bytes(POOL_0) == b""


def test_linux_keys_are_case_sensitive_and_duplicates_of_the_guest_stay() -> None:
    files = PosixFileSystem()
    store = LinuxPairs(files)
    store.prepare({"role": "web"})
    assert [files.is_file(f"/var/lib/hyperv/.kvp_pool_{n}") for n in range(5)] == [True] * 5
    store.set_external("Role", "a")
    store.set_external("role", "b")
    assert store.external() == [("Role", "a"), ("role", "b")]
    store.push("role", "db")
    assert store.pushed() == [("role", "web"), ("role", "db")]
    assert not store.set_external("big", "ü" * 1024)
    store.remove_external("no such key")
    assert store.external() == [("Role", "a"), ("role", "b")]


def test_what_a_linux_guest_pushes_is_cut_to_what_its_driver_hands_over() -> None:
    store = LinuxPairs(PosixFileSystem())
    store.write(1, [("k" * 300, "v" * 2000), ("k" * 254, "v" * 1022)])
    assert [(len(n), len(v)) for n, v in store.pushed()] == [(LINUX_KEY_UNITS, LINUX_VALUE_UNITS)] * 2


@PATIENT
@given(TEXT, st.integers(0, 20))
def test_cutting_never_splits_a_character(text: str, units: int) -> None:
    cut = cut_to_units(text, units)
    assert text.startswith(cut)
    assert units - 1 <= utf16_length(cut) <= units or cut == text
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


def test_windows_keeps_texts_only_and_ignores_case() -> None:
    registry = Registry()
    store = WindowsPairs(registry)
    store.prepare({"role": "web"})
    store.set_external("Site", "A")
    store.set_external("SITE", "B")
    registry.set_value(f"{ROOT}\\Guest", "number", 5)
    registry.set_value(f"{ROOT}\\Guest", "expanded", "%x%", "ExpandString")
    assert registry.get_value(f"{ROOT}\\External", "site").data == "B"
    assert store.pushed() == [("role", "web")]
    store.remove_external("site")
    store.remove_external("site")
    assert registry.values(f"{ROOT}\\External") == []
    store.set_parameters({"HostName": "hv1", "old": "x"})
    store.set_parameters({"HostName": "hv2"})
    assert [(v.name, v.data) for v in registry.values(f"{ROOT}\\Guest\\Parameters")] == [("HostName", "hv2")]


@pytest.mark.parametrize("linux", [False, True])
def test_pairs_move_into_the_machine_once(linux: bool) -> None:
    memory = MemoryPairs([("role", "web")], linux=linux)
    memory.set_external("site", "A")
    memory.push("more", "1")
    store = LinuxPairs(PosixFileSystem()) if linux else WindowsPairs(Registry())
    store.prepare({"role": "web"})
    memory.move_to(store)
    assert store.external() == [("site", "A")]
    assert store.pushed() == memory.pushed() == [("role", "web"), ("more", "1")]
