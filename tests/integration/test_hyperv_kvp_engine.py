# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""hyperv_kvp and hyperv_kvp_info on the engine: what goes wrong, limits, budgets. See test_hyperv_kvp.py for WinRM."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hvsim.hyperv.kvp_management import KvpManagement
from hypothesis import given, settings
from hypothesis import strategies as st
from module_engine import ModuleEngine, Run

HOST = """
version: 1
hosts:
  - name: K1
{host}
    vms:
      - name: win
      - name: lin
        guest: linux
      - name: cold
        state: "off"
"""
WRITES = {"invoke:AddKvpItems", "invoke:ModifyKvpItems", "invoke:RemoveKvpItems"}
MODES = pytest.mark.parametrize("check", [False, True], ids=["real", "check"])


def host(text: str = "", **kvp: str) -> ModuleEngine:
    """A host with a running Windows guest, a running Linux guest and a VM that is off; *kvp* switches its behaviour."""
    lines = [f"    {line}" for line in text.splitlines()]
    if kvp:
        lines.append(f"    behaviour: {{kvp: {json.dumps(kvp)}}}")
    return ModuleEngine(HOST.format(host="\n".join(lines)))


def comparable(run: Run) -> dict[str, Any]:
    """What check mode and real mode must agree on: all."""
    return {name: value for name, value in run.result.items() if name != "invocation"}


# -- every state: check, check, real, real


def test_twelve_steps() -> None:
    engine = host()
    engine.kvp("win").settings.host.set("foreign", "stays")
    stages: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"items": {"app.a": "1", "app.b": "2"}}, {"app.a": "1", "app.b": "2"}),
        ({"items": {"app.a": "9", "app.c": "3"}, "state": "exact", "prefix": "app."}, {"app.a": "9", "app.c": "3"}),
        ({"items": {"app.a": None, "app.c": None, "app.x": None}, "state": "absent"}, {}),
    ]
    for options, wanted in stages:
        before = {name: engine.held(name) for name in ("win", "lin", "cold")}
        first_check, second_check = (engine.run("hyperv_kvp", all=True, check=True, **options) for _run in range(2))
        assert {name: engine.held(name) for name in before} == before
        first, second = (engine.run("hyperv_kvp", all=True, **options) for _run in range(2))
        assert comparable(first_check) == comparable(second_check) == comparable(first)
        assert (first.changed, first.failed, second.changed, second.failed) == (True, False, False, False)
        for run in (first_check, second_check, second):
            assert not WRITES & set(run.cim), "only a run that has something to do writes"
        assert engine.held("win") == {"foreign": "stays", **wanted}
        assert engine.held("lin") == engine.held("cold") == wanted
        assert second.result["diff"] == {"before": "", "after": ""}
        assert second.result["summary"]["compliant"] == 3


def test_result_and_diff_of_one_vm() -> None:
    engine = host()
    for key, value in {"k.keep": "same", "k.mod": "old 'x'", "k.gone": "a\tb"}.items():
        engine.kvp("win").settings.host.set(key, value)
    items = {"k.keep": "same", "k.mod": "new: {}", "k.add": ""}
    run = engine.run("hyperv_kvp", vm_name=["WIN"], items=items, state="exact", prefix="k.")
    vm = run.vm("win")
    assert {name: vm[name] for name in vm if name not in ("id", "name")} == {
        "state": "running",
        "changed": True,
        "failed": False,
        "msg": "",
        "added": ["k.add"],
        "modified": ["k.mod"],
        "removed": ["k.gone"],
        "unchanged": ["k.keep"],
        "failures": [],
        "delivery": "guest",
        "verified": None,
    }
    assert run.result["summary"] == {
        "vms": 1, "compliant": 0, "changed": 1, "failed": 0, "unmatched": 0, "added": 1, "modified": 1, "removed": 1
    }  # fmt: skip
    before, after = (yaml.safe_load(run.result["diff"][side]) for side in ("before", "after"))
    assert before == [{"name": "win", "id": vm["id"], "items": {"k.add": None, "k.gone": "a\tb", "k.mod": "old 'x'"}}]
    assert after == [{"name": "win", "id": vm["id"], "items": {"k.add": "", "k.gone": None, "k.mod": "new: {}"}}]


# -- selection of items


def test_the_last_policy_wins_key_by_key() -> None:
    engine = host()
    run = engine.run(
        "hyperv_kvp",
        policies=[
            {"all": True, "items": {"ring": "2", "site": "b"}},
            {"name_pattern": ["*i*"], "items": {"ring": "1"}},
            {"name": ["win"], "items": {"ring": "0", "role": "dc"}},
        ],
    )
    assert not run.failed
    assert engine.held("win") == {"ring": "0", "site": "b", "role": "dc"}
    assert engine.held("lin") == {"ring": "1", "site": "b"}
    assert engine.held("cold") == {"ring": "2", "site": "b"}


def test_items_by_vm_in_one_task() -> None:
    engine = host()
    cold = next(vm["id"] for vm in engine.run("hyperv_kvp_info").result["vms"] if vm["name"] == "cold")
    by_vm = {"WIN": {"k.a": "1"}, cold.upper(): {"k.a": "2"}, "COLD": {"k.a": "0", "k.b": "3"}, "ghost": {"k.a": "4"}}
    refused = engine.run("hyperv_kvp", items_by_vm=by_vm)
    assert refused.failed and "'ghost'" in refused.msg and engine.held("win") == {}
    run = engine.run("hyperv_kvp", items_by_vm=by_vm, missing="ignore")
    assert [vm["name"] for vm in run.result["vms"]] == ["cold", "win"]
    assert run.result["unmatched"] == ["ghost"]
    assert (engine.held("win"), engine.held("cold"), engine.held("lin")) == ({"k.a": "1"}, {"k.a": "2", "k.b": "3"}, {})
    # What has left the data goes, on the virtual machines that are selected.
    run = engine.run("hyperv_kvp", all=True, items_by_vm={"win": {"k.c": "5"}}, state="exact", prefix="k.")
    assert (engine.held("win"), engine.held("cold")) == ({"k.c": "5"}, {})
    assert run.vm("cold")["removed"] == ["k.a", "k.b"]


def test_items_by_vm_go_over_items_and_obey_exclude() -> None:
    engine = host()
    engine.run(
        "hyperv_kvp",
        all=True,
        exclude=["c*"],
        items={"a": "all", "b": "all"},
        items_by_vm={"win": {"a": "own"}, "cold": {"a": "x"}},
    )
    assert (engine.held("win"), engine.held("cold")) == ({"a": "own", "b": "all"}, {})


# -- what is refused before anything is written


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"items": {"a": "1"}}, "no virtual machine is selected"),
        ({"all": True, "items": {"a": "1"}, "state": "exact"}, "state exact removes all other keys. Set prefix"),
        ({"all": True, "items": {"a": "1"}, "state": "exact", "prefix": ""}, "prefix is empty"),
        ({"all": True, "items": {"a": "1"}, "purge_all": True}, "purge_all only has a meaning with state exact"),
        ({"all": True, "items": {"a": "1"}, "timeout": 0}, "timeout is 0 seconds"),
        ({"all": True, "items": {"a": "1"}, "prefix": "b."}, "key 'a' does not begin with the prefix 'b.'"),
        ({"all": True, "items": {"a": None}}, "items, key 'a' has no value. Write '' for an empty one."),
        ({"all": True, "items": {"a": 1.10}}, "items, key 'a' is no text but of the type"),
        ({"all": True, "items": {"a": ["x"]}}, "items, key 'a' is no text but of the type"),
        ({"all": True, "items": {"a": "1"}, "items_by_vm": {"win": {"A": "1"}}}, "differ only in case"),
        ({"policies": [{"all": True, "items": {"a": "1"}}, {"all": True, "items": {"A": "1"}}]}, "differ only in case"),
        ({"policies": [{"items": {"a": "1"}}]}, "policies, entry 1: no virtual machine is selected"),
        ({"items_by_vm": {"win": "a=b"}}, "items_by_vm, 'win', a dictionary of items is needed"),
        ({"all": True}, "one of the following is required: items, items_by_vm, policies"),
        ({"all": True, "items": {"k" * 255: ""}}, "has 255 UTF-16 code units, at most 254 are possible (for 'cold' ("),
        ({"all": True, "items": {"k": "v" * 1023}}, "the value of key 'k' has 1023 UTF-16 code units, at most 1022"),
        ({"vm_name": ["lin"], "items": {"": "x"}}, "key '' has 0 UTF-16 code units, at least 1 is needed (for 'lin' ("),
        ({"all": True, "items": {"k": "a\nb"}}, "the value of key 'k' contains a control character"),
    ],
)
@MODES
def test_refused(options: dict[str, Any], text: str, check: bool) -> None:
    engine = host()
    run = engine.run("hyperv_kvp", check=check, **options)
    assert run.failed and text in run.msg, run.msg
    assert run.cim == {}, "nothing is read and nothing written"


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), (-(2**40), "-1099511627776"), (True, "true"), (False, "false"), ("yes", "yes"), ("007", "007")],
)
def test_values_that_can_be_written_in_one_way_only(value: Any, text: str) -> None:
    engine = host()
    for version in ("2.18", "2.21"):
        run = engine.run("hyperv_kvp", vm_name=["win"], items={"k": value}, version=version)
        assert not run.failed, run.msg
        assert engine.held("win") == {"k": text}


@pytest.mark.parametrize(("length", "linux_fails"), [(682, False), (683, True)])
def test_a_value_that_only_windows_takes(length: int, linux_fails: bool) -> None:
    """682 euro signs are 2046 bytes in UTF-8, one more than 2047."""
    engine = host()
    run = engine.run("hyperv_kvp", all=True, items={"k": "€" * length})
    assert run.failed is linux_fails
    assert engine.held("win") == engine.held("cold") == {"k": "€" * length}
    assert engine.held("lin") == ({} if linux_fails else {"k": "€" * length})
    if linux_fails:
        text = (
            f"the value of key 'k' has {3 * length} bytes in UTF-8, a Linux guest takes at most 2047. "
            "Set chunked to true to split it"
        )
        assert run.vm("lin")["msg"] == text
        assert [warning.split(" Whether")[0] for warning in run.warnings] == [text + "."]
        assert "'cold'" in run.warnings[0] and "'win'" not in run.warnings[0]


def test_a_key_in_another_case_is_refused_for_its_vm_only() -> None:
    engine = host()
    engine.kvp("win").settings.host.set("Site", "x")
    run = engine.run("hyperv_kvp", all=True, items={"site": "y"})
    assert run.failed and run.vm("win")["msg"].startswith("key 'site' differs only in case from 'Site', which it has.")
    assert (engine.held("win"), engine.held("lin")) == ({"Site": "x"}, {"site": "y"})


@pytest.mark.parametrize("keys", ["case_insensitive", "case_sensitive"])
def test_exact_replaces_a_key_by_another_case(keys: str) -> None:
    engine = host(keys=keys)
    engine.kvp("win").settings.host.set("k.Site", "x")
    run = engine.run("hyperv_kvp", vm_name=["win"], items={"k.site": "x"}, state="exact", prefix="k.")
    assert not run.failed, run.msg
    assert engine.held("win") == {"k.site": "x"}


# -- sizes


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (127, 1), (128, 1), (129, 2), (500, 4)])
def test_calls_have_at_most_128_items(count: int, calls: int) -> None:
    engine = host(jobs="synchronous")
    items = {f"k{n}": f"v{n}" for n in range(count)}
    run = engine.run("hyperv_kvp", vm_name=["cold"], items=items)
    assert not run.failed, run.msg
    assert engine.held("cold") == items
    assert run.cim == {"query": 5, "invoke:AddKvpItems": calls}
    assert not engine.run("hyperv_kvp", vm_name=["cold"], items=items).changed


@pytest.mark.parametrize(("count", "fails"), [(127, False), (128, False), (129, True)])
def test_host_only_items(count: int, fails: bool) -> None:
    engine = host()
    items = {f"k{n}": "v" for n in range(count)}
    run = engine.run("hyperv_kvp", vm_name=["win"], items=items, scope="host_only")
    assert run.failed is fails
    assert engine.host_only("win") == ({} if fails else items) and engine.held("win") == {}
    if fails:
        assert "it would have 129 host-only items, at most 128 are possible" in run.msg
    assert run.vm("win")["delivery"] == "host_only"


LEGAL = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
ITEMS = st.dictionaries(
    st.text(LEGAL, min_size=1, max_size=12),
    st.one_of(st.text(LEGAL, max_size=20), st.sampled_from(["", " ", "<&>\"'", "שלום", "🚀"])),
    max_size=5,
).filter(lambda items: len({key.upper() for key in items}) == len({key.lower() for key in items}) == len(items))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(items=ITEMS, empty=st.sampled_from(["missing", "empty"]))
def test_any_legal_dictionary_arrives_and_the_second_run_is_unchanged(items: dict[str, str], empty: str) -> None:
    engine = host(empty_value=empty)
    first = engine.run("hyperv_kvp", all=True, items=items)
    assert not first.failed, first.msg
    assert engine.held("win") == engine.held("lin") == engine.held("cold") == items
    assert dict(engine.kvp("win").external()) == items
    assert dict(engine.kvp("lin").external()) == items
    assert not engine.run("hyperv_kvp", all=True, items=items).changed
    read = engine.run("hyperv_kvp_info", vm_name=["win"], sources=["host"]).vm("win")
    assert read["host"] == items


def test_split_values_are_one_item() -> None:
    engine = host()
    long, longer = "x" * 3000 + "🚀" * 600, "y" * 5000
    for value, kind in ((long, "added"), (longer, "modified"), ("short", "modified"), (long, "modified")):
        run = engine.run("hyperv_kvp", vm_name=["win"], items={"cert": value}, chunked=True)
        assert not run.failed, run.msg
        assert run.vm("win")[kind] == ["cert"]
        held = engine.held("win")
        if len(value) < 1022:
            assert held == {"cert": value}
        else:
            assert "".join(held[f"cert.{n}"] for n in range(int(held["cert.count"]))) == value
            assert len(held) == int(held["cert.count"]) + 1
            assert all(len(part.encode("utf-16-le")) <= 2044 for part in held.values())
    assert not engine.run("hyperv_kvp", vm_name=["win"], items={"cert": long}, chunked=True).changed
    assert yaml.safe_load(run.result["diff"]["after"])[0]["items"] == {"cert": long}
    run = engine.run("hyperv_kvp", vm_name=["win"], items={"cert": None}, chunked=True, state="absent")
    assert run.vm("win")["removed"] == ["cert"] and engine.held("win") == {}


# -- what goes wrong


@pytest.mark.parametrize("jobs", ["asynchronous", "synchronous"])
@pytest.mark.parametrize("error", ["busy", "invalid_state"])
def test_a_conflict_passes(error: str, jobs: str) -> None:
    engine = host(jobs=jobs)
    engine.fault(command="AddKvpItems", vm="win", error=error, times=3)
    run = engine.run("hyperv_kvp", all=True, items={"a": "1"})
    assert not run.failed, run.msg
    assert engine.held("win") == {"a": "1"}
    assert run.cim["invoke:AddKvpItems"] == 6, "three for all, three more for the one that was in use"


def test_a_conflict_that_does_not_pass() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="busy")
    run = engine.run("hyperv_kvp", all=True, items={"a": "1"}, timeout=5)
    assert run.failed and "Failed for 1 of 3 virtual machines: 'win' (" in run.msg
    assert run.vm("win")["failures"] == [
        {
            "key": "a",
            "action": "added",
            "msg": "the virtual machine is in use by another operation (AddKvpItems, code 32774)",
        }
    ]
    assert (engine.held("win"), engine.held("lin")) == ({}, {"a": "1"})
    assert "'win'" not in run.result["diff"]["after"], "nothing that was not done is shown as done"


def test_one_item_that_fails_costs_no_other() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="job_failed", times=2)
    run = engine.run("hyperv_kvp", all=True, items={"a": "1", "b": "2", "c": "3"})
    assert run.failed
    vm = run.vm("win")
    assert (vm["changed"], vm["added"], [item["key"] for item in vm["failures"]]) == (True, ["b", "c"], ["a"])
    assert vm["failures"][0]["msg"].startswith("the host reported a failure (AddKvpItems, code 32768)")
    assert engine.held("win") == {"b": "2", "c": "3"}
    assert run.result["summary"] == {
        "vms": 3, "compliant": 0, "changed": 2, "failed": 1, "unmatched": 0, "added": 8, "modified": 0, "removed": 0
    }  # fmt: skip
    assert "'a'" not in run.result["diff"]["after"].split("'win'")[1]


@pytest.mark.parametrize("partial", ["nothing", "until_error"])
def test_what_somebody_else_does_meanwhile(partial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key appears and another goes between reading and changing: all is right in the end."""
    engine = host(partial=partial)
    kvp = engine.kvp("win")
    for key in ("m1", "m2"):
        kvp.settings.host.set(key, "old")
    change = KvpManagement.change
    calls: list[str] = []

    def meddle(self: KvpManagement, method: Any, *args: Any, **options: Any) -> Any:
        if not calls:
            kvp.settings.host.set("b", "theirs")
            kvp.settings.host.remove("m2")
        calls.append(method)
        return change(self, method, *args, **options)

    monkeypatch.setattr(KvpManagement, "change", meddle)
    wanted = {"a": "1", "b": "2", "c": "3", "m1": "4", "m2": "5"}
    run = engine.run("hyperv_kvp", vm_name=["win"], items=wanted)
    assert not run.failed, run.msg
    assert engine.held("win") == wanted
    assert (run.vm("win")["added"], run.vm("win")["modified"]) == (["a", "b", "c"], ["m1", "m2"])


def test_a_job_that_fails_once_is_done_item_by_item() -> None:
    engine = host()
    engine.fault(command="ModifyKvpItems", vm="win", error="job_failed", times=1)
    for key in "ab":
        engine.kvp("win").settings.host.set(key, "old")
    run = engine.run("hyperv_kvp", vm_name=["win"], items={"a": "1", "b": "2"})
    assert not run.failed, run.msg
    assert engine.held("win") == {"a": "1", "b": "2"} and run.cim["invoke:ModifyKvpItems"] == 3


def test_a_job_that_hangs() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="job_hangs")
    run = engine.run("hyperv_kvp", all=True, items={"a": "1"}, timeout=30)
    assert run.failed
    assert run.vm("win")["failures"][0]["msg"].startswith(
        "a job of the host (AddKvpItems) has not ended within 30 seconds."
    )
    assert run.cim["invoke:AddKvpItems"] == 3 and run.cim["get"] < 40, "polled with back-off"
    assert engine.held("lin") == engine.held("cold") == {"a": "1"}


def test_a_job_that_vanishes_is_decided_by_reading_back() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="job_vanishes")
    run = engine.run("hyperv_kvp", vm_name=["win"], items={"a": "1"})
    assert not run.failed, run.msg
    assert engine.held("win") == {"a": "1"} and run.vm("win")["added"] == ["a"]


def test_a_vm_that_is_deleted_meanwhile() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="vanish")
    run = engine.run("hyperv_kvp", all=True, items={"a": "1"})
    assert run.failed and "Failed for 1 of 3" in run.msg
    vm = run.vm("win")
    assert (vm["failed"], vm["changed"], vm["added"]) == (True, False, [])
    assert engine.held("lin") == {"a": "1"}


def test_access_denied_is_not_tried_again() -> None:
    engine = host()
    engine.fault(command="AddKvpItems", vm="win", error="access_denied")
    run = engine.run("hyperv_kvp", vm_name=["win"], items={"a": "1", "b": "2"})
    assert run.failed and run.cim["invoke:AddKvpItems"] == 1
    assert "the host denied access. Add the connecting account to the local group Hyper-V Administrators" in run.msg


def test_a_saved_vm_costs_no_other() -> None:
    engine = ModuleEngine("version: 1\nhosts: [{name: K, vms: [{name: a, state: saved}, {name: b, state: paused}]}]")
    run = engine.run("hyperv_kvp", all=True, items={"k": "v"}, timeout=2)
    assert (
        run.failed
        and "the state of the virtual machine does not allow it (AddKvpItems, code 32775)" in run.vm("a")["msg"]
    )
    assert (engine.held("a"), engine.held("b")) == ({}, {"k": "v"})


@pytest.mark.parametrize(("build", "modify_missing"), [(9600, 32773), (14393, 32779), (26100, 32773)])
def test_hosts_of_all_builds(build: int, modify_missing: int) -> None:
    behaviour = f"{{kvp: {{modify_missing: {modify_missing}}}}}"
    engine = ModuleEngine(
        f"version: 1\nhosts: [{{name: K, build: {build}, language: de-DE, behaviour: {behaviour}, vms: [{{name: a}}]}}]"
    )
    engine.kvp("a").settings.host.set("k.b", "old")
    run = engine.run("hyperv_kvp", all=True, items={"k.a": "1"}, state="exact", prefix="k.")
    assert not run.failed, run.msg
    assert engine.held("a") == {"k.a": "1"}
    absent = engine.run("hyperv_kvp", all=True, items={"k.b": None}, state="absent")
    assert (absent.changed, absent.failed) == (False, False)


# -- whether it arrives


def test_guests_that_do_not_get_it_are_named() -> None:
    engine = ModuleEngine(
        """
version: 1
hosts:
  - name: K
    vms:
      - {name: ok}
      - {name: disabled, services: {key_value_pair_exchange: false}}
      - {name: silent, guest: none}
      - {name: cold, state: "off"}
"""
    )
    run = engine.run("hyperv_kvp", all=True, items={"k": "v"})
    assert not run.failed
    assert {vm["name"]: vm["delivery"] for vm in run.result["vms"]} == {
        "ok": "guest", "disabled": "disabled", "silent": "no_contact", "cold": "waiting"
    }  # fmt: skip
    disabled, silent = run.warnings
    assert disabled.startswith("Data exchange is disabled on the host for 'disabled' (") and "'silent'" not in disabled
    assert (
        silent.startswith("The guest has no contact for data exchange: 'silent' (")
        and "do not reach the guest" in silent
    )
    assert engine.held("disabled") == {"k": "v"}
    verified = engine.run("hyperv_kvp", all=True, items={"k": "v"}, verify=True, timeout=10)
    assert {vm["name"]: vm["verified"] for vm in verified.result["vms"]} == {
        "ok": True, "disabled": False, "silent": False, "cold": None
    }  # fmt: skip
    assert verified.failed and not verified.changed and "Failed for 2 of 4" in verified.msg
    assert [vm["name"] for vm in verified.result["vms"] if vm["failed"]] == ["disabled", "silent"]


# -- secrets


@pytest.mark.parametrize(
    ("options", "version"),
    [
        ({"all": True, "items": {"token": "s3cr3t-new"}}, "2.18"),
        ({"items_by_vm": {"win": {"token": "s3cr3t-new"}}}, "2.19"),
        ({"policies": [{"all": True, "items": {"token": "s3cr3t-new"}}]}, "2.21"),
    ],
    ids=["items", "items_by_vm", "policies"],
)
def test_no_value_is_shown(options: dict[str, Any], version: str) -> None:
    engine = host()
    engine.kvp("win").settings.host.set("token", "s3cr3t-old")
    run = engine.run("hyperv_kvp", no_log_values=True, version=version, **options)
    assert run.changed and engine.held("win") == {"token": "s3cr3t-new"}
    assert "s3cr3t" not in json.dumps(run.result)
    assert "'token': '******** old'" in run.result["diff"]["before"]
    assert "'token': '******** new'" in run.result["diff"]["after"]
    assert "token" in json.dumps(run.result["invocation"])
    engine.fault(command="*", vm="win", error="job_failed")
    engine.kvp("win").settings.host.set("token", "s3cr3t-old")
    assert "s3cr3t" not in json.dumps(engine.run("hyperv_kvp", no_log_values=True, version=version, **options).result)


def test_a_refused_value_is_not_shown() -> None:
    run = host().run("hyperv_kvp", all=True, items={"token": "s3cr3t" * 200}, no_log_values=True)
    assert run.failed and "s3cr3t" not in json.dumps(run.result)


# -- budgets, as counts


def test_a_thousand_vms_with_twenty_items() -> None:
    items = {f"app.key{n}": f"value {n}" for n in range(20)}
    lab = {
        "version": 1,
        "hosts": [
            {
                "name": "BIG",
                "vms": [
                    {
                        "name": "vm-{n:04d}",
                        "count": 1000,
                        "kvp": {"host": items},
                        "vary": [{"every": 50, "kvp": {"host": {**items, "app.key0": "old", "app.more": "x"}}}],
                    }
                ],
            }
        ],
    }
    engine = ModuleEngine(json.dumps(lab))
    options = {"all": True, "items": items, "state": "exact", "prefix": "app."}
    run = engine.run("hyperv_kvp", **options)
    assert not run.failed, run.msg
    assert run.result["summary"]["changed"] == 20 and run.result["summary"]["compliant"] == 980
    cim = run.cim
    assert cim.pop("get") <= 20 * 2 * 4, "polls of 40 jobs"
    assert cim == {"query": 5, "invoke:ModifyKvpItems": 20, "invoke:RemoveKvpItems": 20}
    held = engine.held("vm-0001")
    assert held == items == engine.held("vm-1000")


@pytest.mark.parametrize("count", [1, 60])
def test_reading_costs_the_same_for_all_sizes(count: int) -> None:
    engine = ModuleEngine(f"version: 1\nhosts: [{{name: K, vms: [{{name: 'vm-{{n:04d}}', count: {count}}}]}}]")
    run = engine.run("hyperv_kvp_info")
    assert len(run.result["vms"]) == count and not run.failed
    assert run.counters == {"cim:query": 2, "cmdlet:Get-VM": 1}


@MODES
def test_check_mode_reads_only(check: bool) -> None:
    engine = host()
    run = engine.run("hyperv_kvp", all=True, items={"a": "1"}, check=check)
    assert run.changed
    if check:
        assert run.counters == {"cim:query": 2, "cmdlet:Get-VM": 1}
        assert engine.held("win") == {}
    else:
        assert WRITES & set(run.cim) and run.cim["query"] == 5


# -- hyperv_kvp_info


def test_all_sources_of_a_vm() -> None:
    engine = ModuleEngine(
        """
version: 1
hosts:
  - name: K
    vms:
      - name: web01
        guest: {os: windows, name: Windows Server 2025 Standard, computer_name: WEB01}
        kvp:
          host: {a: "1"}
          host_only: {b: "2"}
          pushed: [{name: c, value: "3"}]
          intrinsic: {NetworkAddressIPv4: 10.0.0.4;10.0.1.4, FullyQualifiedDomainName: web01.example.com}
          checkpoints: {before: {a: "0"}}
      - name: lin
        guest: linux
        kvp: {pushed: [{name: d, value: "4"}, {name: d, value: "5"}]}
      - {name: cold, state: "off", kvp: {host: {a: "6"}}}
      - {name: disabled, services: {key_value_pair_exchange: false}}
      - {name: silent, guest: none}
"""
    )
    run = engine.run("hyperv_kvp_info")
    assert not run.changed and not run.failed
    web = run.vm("web01")
    assert (web["host"], web["host_only"], web["guest"]) == ({"a": "1"}, {"b": "2"}, {"c": "3"})
    assert web["guest_info"]["addresses"]["ipv4"] == ["10.0.0.4", "10.0.1.4"]
    assert web["guest_info"]["fqdn"] == web["intrinsic"]["FullyQualifiedDomainName"] == "web01.example.com"
    assert web["guest_info"]["os"]["family"] == "windows" and web["guest_info"]["processor_architecture"] == "x64"
    assert (web["enabled"], web["status"], web["no_guest_data"], web["duplicates"]) == (True, "ok", None, [])
    lin = run.vm("lin")
    assert lin["guest_info"]["os"]["family"] == "linux" and lin["guest_info"]["processor_architecture"] == "x64"
    assert lin["duplicates"] == [{"source": "guest", "key": "d", "all_values": ["4", "5"]}]
    assert lin["guest"] == {"d": "5"}
    reasons = {vm["name"]: vm["no_guest_data"] for vm in run.result["vms"]}
    assert reasons == {
        "web01": None,
        "lin": None,
        "cold": "not_running",
        "disabled": "disabled",
        "silent": "no_contact",
    }
    assert run.vm("cold")["host"] == {"a": "6"} and run.vm("cold")["guest_info"] is None
    assert run.result["summary"] == {"vms": 5, "failed": 0, "unmatched": 0, "no_guest_data": 3}
    assert run.counters == {"cim:query": 2, "cmdlet:Get-VM": 1}


def test_sources_and_keys_are_filters() -> None:
    engine = host()
    engine.run("hyperv_kvp", vm_name=["win"], items={"a": "1", "b": "2"})
    run = engine.run("hyperv_kvp_info", vm_name=["win"], sources=["host", "intrinsic"], keys=["A", "OSNAME", "none"])
    vm = run.vm("win")
    assert vm["host"] == {"a": "1"} and list(vm["intrinsic"]) == ["OSName"]
    assert vm["guest_info"]["processor_architecture"] == "x64", "parsed from what was filtered out"
    assert "guest" not in vm and "host_only" not in vm


@pytest.mark.parametrize("module", ["hyperv_kvp", "hyperv_kvp_info"])
def test_an_account_without_rights(module: str) -> None:
    text = """
version: 1
hosts:
  - name: K
    users: [{name: helpdesk, password: x, groups: [users, remote_management_users]}]
    behaviour: {not_permitted: empty, kvp: {not_permitted: access_denied}}
    vms: [{name: a}]
"""
    options = {"all": True, "items": {"a": "1"}} if module == "hyperv_kvp" else {}
    run = ModuleEngine(text, "helpdesk").run(module, **options)
    assert not run.changed
    assert any("Hyper-V Administrators (S-1-5-32-578)" in text for text in [run.msg, *run.warnings])
