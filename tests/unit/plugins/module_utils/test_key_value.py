# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key-value pairs: limits, splitting, plans and texts, as functions on plain data."""

from __future__ import annotations

from typing import Any

import pytest
from hvsim.hyperv.embedded import data_item, parse_instance
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from key_value_engine import Engine, pairs

SETTINGS = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# All of Unicode but control characters, halves of surrogate pairs and what XML does not know.
LEGAL = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
KEYS = st.one_of(
    st.text(LEGAL, min_size=1, max_size=20), st.sampled_from(["Count", "Keys", "a", "a.0", "a.count", "b"])
)
VALUES = st.one_of(
    st.text(LEGAL, max_size=40), st.sampled_from(["", " ", "  x ", "<&>\"'", "🚀\u200d", "e\u0301", "é"])
)
LONG = st.one_of(
    VALUES, st.builds(lambda text, n: text * n, st.text(LEGAL, min_size=1, max_size=3), st.integers(300, 2500))
)


def caseless(items: dict[str, str]) -> dict[str, str]:
    """Without keys that differ only in case from an earlier one, which the module refuses."""
    seen: dict[str, str] = {}
    for key in items:
        seen.setdefault(key.upper(), key)
        seen.setdefault(key.lower(), key)
    return {key: value for key, value in items.items() if seen[key.upper()] == key == seen[key.lower()]}


def plan(
    engine: Engine,
    desired: dict[str, str],
    current: dict[str, str],
    state: str = "present",
    prefix: str = "",
    *,
    chunked: bool = False,
    scope: str = "Host",
) -> dict[str, Any]:
    """The plan for one virtual machine, and the steps that carry it out."""
    script = """
        $type = 'System.Collections.Generic.Dictionary[string, object]'
        $desiredItems = New-Object -TypeName $type -ArgumentList ([StringComparer]::OrdinalIgnoreCase)
        $record = @{ Error = $null; Table = ConvertTo-Table $current; Desired = $desiredItems }
        foreach ($pair in $desired) { $record.Desired[$pair.key] = $pair.value }
        $option = @{
            State = $options.state; Prefix = $options.prefix; Chunked = $options.chunked; Property = $options.scope
        }
        $list = New-Object -TypeName 'System.Collections.Generic.List[object]'
        $list.Add($record)
        Set-KeyValuePlan -Record $list -Option $option
        $steps = @(foreach ($s in Get-KeyValueStep -Plan $record.Plan -Table $record.Table) {
            @{ Method = $s.Method; Key = $s.Key; Value = $s.Value }
        })
        $changes = @(foreach ($c in $record.Plan) {
            @{ key = $c.Key; kind = $c.Kind; before = $c.Before; after = $c.After }
        })
        ConvertTo-Json -Depth 5 -Compress @{
            error = $record.Error; unchanged = @($record.Unchanged); steps = $steps; changes = $changes
        }
    """
    options = {"state": state, "prefix": prefix, "chunked": chunked, "scope": scope}
    return engine.run(script, desired=pairs(desired), current=pairs(current), options=options)


def apply(steps: list[dict[str, str]], current: dict[str, str]) -> dict[str, str]:
    """What the host holds after the steps; a host refuses to add what is there and to modify what is not."""
    result = dict(current)
    for method in ("RemoveKvpItems", "AddKvpItems", "ModifyKvpItems"):
        for step in steps:
            if step["Method"] != method:
                continue
            assert (step["Key"] in result) == (method != "AddKvpItems"), step
            if method == "RemoveKvpItems":
                del result[step["Key"]]
            else:
                result[step["Key"]] = step["Value"]
    return result


# -- texts


@SETTINGS
@given(items=st.dictionaries(KEYS, VALUES, max_size=6))
def test_texts_hold_any_legal_pair(engine: Engine, items: dict[str, str]) -> None:
    script = """
        $list = @(foreach ($pair in $items) { , @($pair.key, $pair.value) })
        ConvertTo-Json -Compress -InputObject @(ConvertTo-KeyValueText -Pair $list -Source 4)
    """
    texts = engine.run(script, items=pairs(items))
    parsed = [parse_instance(text) for text in texts]
    assert [name for name, _text in parsed] == ["Msvm_KvpExchangeDataItem"] * len(items)
    assert {entry["Name"]: entry["Data"] for _text, entry in parsed} == items
    assert {entry["Source"] for _text, entry in parsed} <= {"4"}


@SETTINGS
@given(items=st.dictionaries(KEYS, VALUES, max_size=6), empty=st.booleans())
def test_texts_of_the_host_are_read(engine: Engine, items: dict[str, str], empty: bool) -> None:
    texts = [data_item(key, value, 0, empty_value=empty) for key, value in items.items()]
    assert read(engine, texts) == [list(item) for item in items.items()]


def read(engine: Engine, texts: list[str]) -> Any:
    script = (
        "$list = ConvertFrom-KeyValueText -Text $texts; ConvertTo-Json -Compress -Depth 4 -InputObject $list.ToArray()"
    )
    return engine.run(script, texts=texts)


def test_a_text_that_cannot_be_read_costs_no_other(engine: Engine) -> None:
    assert read(engine, [data_item("a", "1", 0), "<INSTANCE", data_item("b", "2", 0)]) == [["a", "1"], ["b", "2"]]


def test_other_properties_and_qualifiers_do_not_disturb(engine: Engine) -> None:
    text = (
        '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">\n'
        ' <QUALIFIER NAME="dynamic" TYPE="boolean"><VALUE>TRUE</VALUE></QUALIFIER>\n'
        ' <PROPERTY NAME="Caption" TYPE="string"><VALUE>Schlüssel</VALUE></PROPERTY>\n'
        ' <PROPERTY NAME="Name" TYPE="string"><VALUE>k</VALUE></PROPERTY>\n'
        ' <PROPERTY NAME="Data" TYPE="string"/>\n</INSTANCE>'
    )
    assert read(engine, [text]) == [["k", ""]]


# -- plans


@SETTINGS
@given(
    desired=st.dictionaries(KEYS, LONG, max_size=5).map(caseless),
    current=st.dictionaries(KEYS, VALUES, max_size=5).map(caseless),
    state=st.sampled_from(["present", "absent", "exact"]),
    chunked=st.booleans(),
)
def test_the_second_run_is_unchanged(
    engine: Engine, desired: dict[str, str], current: dict[str, str], state: str, chunked: bool
) -> None:
    first = plan(engine, desired, current, state, chunked=chunked)
    if first["error"]:
        assert "differs only in case" in first["error"] and first["steps"] == []
        return
    after = apply(first["steps"], current)
    second = plan(engine, desired, after, state, chunked=chunked)
    assert (second["steps"], second["changes"], second["error"]) == ([], [], None)
    assert sorted(second["unchanged"]) == sorted(desired)
    if chunked:
        return
    if state == "present":
        assert after == {**current, **desired}
    elif state == "exact":
        assert after == desired
    else:
        assert after == {key: value for key, value in current.items() if key not in desired}


@SETTINGS
@given(items=st.dictionaries(st.sampled_from(["a", "b", "Keys", "Count"]), LONG, max_size=3))
def test_split_values_are_found_again(engine: Engine, items: dict[str, str]) -> None:
    written = apply(plan(engine, items, {}, chunked=True)["steps"], {})
    for value in written.values():
        assert len(value.encode("utf-16-le")) // 2 <= 1022 and len(value.encode()) <= 2047
    removed = plan(engine, dict.fromkeys(items, ""), written, "absent", chunked=True)
    assert {change["key"]: change["before"] for change in removed["changes"]} == items
    assert apply(removed["steps"], written) == {}


@pytest.mark.parametrize(
    ("length", "keys"),
    [
        (1021, ["k"]),
        (1022, ["k"]),
        (1023, ["k.0", "k.1", "k.count"]),
        (2044, ["k.0", "k.1", "k.count"]),
        (2045, ["k.0", "k.1", "k.2", "k.count"]),
    ],
)
def test_values_are_split_where_they_must(engine: Engine, length: int, keys: list[str]) -> None:
    steps = plan(engine, {"k": "x" * length}, {}, chunked=True)["steps"]
    assert [step["Key"] for step in steps] == keys
    assert "".join(step["Value"] for step in steps if step["Key"] != "k.count") == "x" * length


@pytest.mark.parametrize(("old", "new"), [(3000, 1500), (1500, 3000), (3000, 10), (10, 3000), (0, 1023)])
def test_a_value_that_grows_or_shrinks_is_one_change(engine: Engine, old: int, new: int) -> None:
    before = apply(plan(engine, {"k": "x" * old}, {}, chunked=True)["steps"], {"other": "1"})
    found = plan(engine, {"k": "y" * new}, before, "exact", "k", chunked=True)
    assert [(change["key"], change["kind"]) for change in found["changes"]] == [("k", "modified")]
    after = apply(found["steps"], before)
    fresh = apply(plan(engine, {"k": "y" * new}, {}, chunked=True)["steps"], {})
    assert after == {"other": "1", **fresh}


def test_parts_of_an_interrupted_run_are_overwritten(engine: Engine) -> None:
    found = plan(engine, {"k": "x" * 2000}, {"k.0": "old", "k.7": "old"}, "exact", "k", chunked=True)
    assert [(change["key"], change["kind"]) for change in found["changes"]] == [("k", "added"), ("k.7", "removed")]
    assert set(apply(found["steps"], {"k.0": "old", "k.7": "old"})) == {"k.0", "k.1", "k.count"}


def test_exact_touches_nothing_outside_its_prefix(engine: Engine) -> None:
    current = {"app.a": "1", "app.b": "2", "App.c": "3", "application": "4", "other": "5"}
    found = plan(engine, {"app.a": "9"}, current, "exact", "app.")
    assert apply(found["steps"], current) == {"app.a": "9", "App.c": "3", "application": "4", "other": "5"}
    assert [(item["key"], item["kind"], item["before"], item["after"]) for item in found["changes"]] == [
        ("app.a", "modified", "1", "9"),
        ("app.b", "removed", "2", None),
    ]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_key_that_is_there_in_another_case_is_refused(engine: Engine, state: str) -> None:
    found = plan(engine, {"site": "x", "new": "y"}, {"Site": "x"}, state)
    assert found["error"].startswith("key 'site' differs only in case from 'Site'")
    assert (found["steps"], found["changes"]) == ([], [])


def test_exact_replaces_a_key_by_another_case(engine: Engine) -> None:
    found = plan(engine, {"site": "x"}, {"Site": "x"}, "exact")
    assert [(step["Method"], step["Key"]) for step in found["steps"]] == [
        ("RemoveKvpItems", "Site"),
        ("AddKvpItems", "site"),
    ]
    assert apply(found["steps"], {"Site": "x"}) == {"site": "x"}


@pytest.mark.parametrize(
    ("old", "new"), [("e\u0301", "é"), ("a\u200d", "a"), ("A", "a"), ("", "\u200b"), (" x", "x"), ("ß", "ss")]
)
def test_values_are_compared_code_by_code(engine: Engine, old: str, new: str) -> None:
    assert [step["Method"] for step in plan(engine, {"k": new}, {"k": old})["steps"]] == ["ModifyKvpItems"]


@pytest.mark.parametrize(
    ("there", "more", "ok"), [(126, 1, True), (127, 1, True), (128, 1, False), (0, 128, True), (0, 129, False)]
)
def test_host_only_items_are_counted(engine: Engine, there: int, more: int, ok: bool) -> None:
    current = {f"old{n}": "" for n in range(there)}
    found = plan(engine, {f"new{n}": "" for n in range(more)}, current, scope="HostOnly")
    expected = None if ok else f"it would have {there + more} host-only items, at most 128 are possible"
    assert found["error"] == expected
    assert len(found["steps"]) == (more if ok else 0)


def test_host_only_items_that_go_make_room(engine: Engine) -> None:
    current = {f"old{n}": "" for n in range(128)}
    found = plan(engine, {f"new{n}": "" for n in range(128)}, current, "exact", scope="HostOnly")
    assert found["error"] is None and len(found["steps"]) == 256


# -- limits of single items


def problems(
    engine: Engine, key: str, value: str, *, chunked: bool = False, source: int = 0
) -> tuple[list[str], list[str]]:
    """What no guest takes, and what a Linux guest does not take."""
    script = """
        $option = @{ Chunked = $options.chunked; Source = $options.source; State = 'present'; Prefix = ''
            Spelling = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, string]'
            Problems = New-Object -TypeName 'System.Collections.Generic.List[object]'
            Wide = New-Object -TypeName 'System.Collections.Generic.List[object]' }
        $items = New-Object -TypeName 'System.Collections.Generic.Dictionary[string, object]'
        $items[$options.key] = [string]$options.value
        $null = ConvertTo-ItemMap -Module $null -Item $items -Option $option -Context 'items, '
        $problems = @($option.Problems | ForEach-Object { $_.Text })
        ConvertTo-Json -Compress @{ problems = $problems; wide = @($option.Wide | ForEach-Object { $_.Text }) }
    """
    script = script.replace("-Module $null", "-Module 'none'")
    found = engine.run(script, options={"key": key, "value": value, "chunked": chunked, "source": source})
    return found["problems"], found["wide"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("k" * 253, "", []),
        ("k" * 254, "", []),
        ("k" * 255, "", ["has 255 UTF-16 code units, at most 254 are possible"]),
        ("", "", ["key '' has 0 UTF-16 code units, at least 1 is needed"]),
        ("k", "v" * 1021, []),
        ("k", "v" * 1022, []),
        ("k", "v" * 1023, ["the value of key 'k' has 1023 UTF-16 code units, at most 1022 are possible"]),
        ("🚀" * 127, "", []),
        ("k" + "🚀" * 127, "", ["has 255 UTF-16 code units, at most 254 are possible"]),
        ("k", "🚀" * 511, []),
        ("k", "v" + "🚀" * 511, ["has 1023 UTF-16 code units"]),
        ("k", "a\tb", ["the value of key 'k' contains a control character"]),
        ("k", "a\x7f", ["contains a control character"]),
        ("k", "a\x85", ["contains a control character"]),
        ("k", "\ufffe", ["contains a control character"]),
        ("a\nb", "", ["key 'a?b' contains a control character"]),
        ("k", "\ud83d", ["half a surrogate pair"]),
        ("k", "\ude80\ud83d", ["half a surrogate pair"]),
        ("k", "<&>\"' \u05e9\u05dc\u05d5\u05dd Übung", []),
    ],
)
def test_limits(engine: Engine, key: str, value: str, expected: list[str]) -> None:
    found, _wide = problems(engine, key, value)
    assert len(found) == len(expected)
    assert all(text in message for text, message in zip(expected, found, strict=True)), found


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("k", "é" * 1022, []),
        ("k", "é" * 1018 + "x" * 4, []),
        ("k", "€" * 682, []),
        ("k", "€" * 682 + "x", []),
        ("k", "€" * 682 + "xx", ["the value of key 'k' has 2048 bytes in UTF-8, a Linux guest takes at most 2047"]),
        ("€" * 170, "", []),
        ("€" * 170 + "x", "", []),
        ("€" * 170 + "xx", "", ["has 512 bytes in UTF-8, a Linux guest takes at most 511"]),
        ("k", "🚀" * 511, []),
    ],
)
def test_limits_of_linux(engine: Engine, key: str, value: str, expected: list[str]) -> None:
    found, wide = problems(engine, key, value)
    assert found == [] and len(wide) == len(expected)
    assert all(text in message for text, message in zip(expected, wide, strict=True)), wide
    assert problems(engine, key, value, source=4) == ([], []), "a host-only item reaches no guest"


@pytest.mark.parametrize(
    ("key", "length", "expected"),
    [
        ("k" * 248, 1023, []),
        ("k" * 249, 1022, []),
        ("k" * 249, 1023, ["has 255 UTF-16 code units, at most 254 are possible"]),
        ("k", 1_021_999, []),
        ("k", 1_022_000, []),
        ("k", 1_022_001, ["which makes 1001 parts, at most 1000 are possible"]),
    ],
)
def test_limits_of_split_values(engine: Engine, key: str, length: int, expected: list[str]) -> None:
    found, wide = problems(engine, key, "v" * length, chunked=True)
    assert wide == [] and len(found) == len(expected)
    assert all(text in message for text, message in zip(expected, found, strict=True)), found


# -- what guests tell


def guest_info(engine: Engine, items: dict[str, str]) -> Any:
    return engine.run(
        "ConvertTo-Json -Compress -Depth 4 (ConvertTo-GuestInfo -Table (ConvertTo-Table $items))", items=pairs(items)
    )


def test_a_windows_guest_is_parsed(engine: Engine) -> None:
    assert guest_info(
        engine,
        {
            "FullyQualifiedDomainName": "web01.example.com",
            "OSName": "Windows Server 2025 Standard",
            "OSVersion": "10.0.26100",
            "OSBuildNumber": "26100",
            "OSMajorVersion": "10",
            "OSMinorVersion": "0",
            "OSPlatformId": "2",
            "ProcessorArchitecture": "9",
            "IntegrationServicesVersion": "10.0.26100.1",
            "NetworkAddressIPv4": "10.0.0.4;10.0.1.4;10.0.0.4",
            "NetworkAddressIPv6": "fe80::1%5; 2001:db8::4;",
        },
    ) == {
        "fqdn": "web01.example.com",
        "os": {
            "family": "windows",
            "name": "Windows Server 2025 Standard",
            "version": "10.0.26100",
            "build": "26100",
            "major_version": "10",
            "minor_version": "0",
        },
        "addresses": {"ipv4": ["10.0.0.4", "10.0.1.4"], "ipv6": ["fe80::1", "2001:db8::4"]},
        "processor_architecture": "x64",
        "integration_services_version": "10.0.26100.1",
    }


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("0", "x86"),
        ("5", "arm"),
        ("9", "x64"),
        ("12", "arm64"),
        ("x86_64", "x64"),
        ("aarch64", "arm64"),
        ("riscv64", "riscv64"),
    ],
)
def test_processor_architectures(engine: Engine, told: str, name: str) -> None:
    assert guest_info(engine, {"ProcessorArchitecture": told})["processor_architecture"] == name


def test_a_silent_guest_is_null(engine: Engine) -> None:
    assert guest_info(engine, {}) is None
    told = guest_info(engine, {"OSName": "Debian"})
    assert told["os"]["family"] == "linux" and told["fqdn"] is None
    assert told["addresses"] == {"ipv4": [], "ipv6": []}


def test_duplicates_keep_all_values(engine: Engine) -> None:
    script = """
        $list = ConvertFrom-KeyValueText -Text $texts
        ConvertTo-Json -Compress -Depth 4 @{ all = @(Get-DuplicatePair -Pair $list -Source guest)
            some = @(Get-DuplicatePair -Pair (Select-KeyValuePair -Pair $list -Key @('B')) -Source guest)
            last = (ConvertTo-KeyValueTable -Pair $list)['a'] }
    """
    texts = [data_item(key, value, 1) for key, value in [("a", "1"), ("b", "2"), ("a", "3"), ("A", "4")]]
    assert engine.run(script, texts=texts) == {
        "all": [{"source": "guest", "key": "a", "all_values": ["1", "3"]}],
        "some": [],
        "last": "3",
    }
