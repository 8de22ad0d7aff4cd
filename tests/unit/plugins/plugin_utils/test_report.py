# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import jsonschema
import pytest
from ansible_collections.hyperv.integration.plugins.plugin_utils._drift import evaluate_host
from ansible_collections.hyperv.integration.plugins.plugin_utils._report import (
    build_report,
    describe_summary,
    render_html,
)

ROLE = Path(__file__).resolve().parents[4] / "roles" / "ics_audit"
TEMPLATE = (ROLE / "templates" / "report.html.j2").read_text()
SCHEMA = json.loads((ROLE / "files" / "drift.schema.json").read_text())
TIME = "2026-11-25T14:30:00Z"
TODAY = datetime.date(2026, 11, 25)
POLICIES = [
    {"all": True, "services": {"shutdown": True, "key_value_pair_exchange": True}},
    {"name": ["gone"], "services": {"vss": True}},
]
WAIVERS = [
    {"name": ["db[1]"], "services": ["shutdown"], "owner": "ops", "expires": "2027-06-30", "reason": "<b>CHG1</b>"}
]
NAMES = ["web01", "db[1]", "<script>alert('x')</script>", "quote \" & 'single'", "Überwachung", "rocket 🚀"]


def machine(name: str, number: int, enabled: bool) -> dict[str, Any]:
    services = {"shutdown": {"enabled": enabled, "status": "ok"}, "vss": {"enabled": True, "status": "no_contact"}}
    services["key_value_pair_exchange"] = {"enabled": True, "status": "ok"}
    vm_id = f"00000000-0000-0000-0000-{number:012}"
    return {"name": name, "id": vm_id, "state": "running", "heartbeat": None, "services": services}


def report() -> dict[str, Any]:
    def evaluate(read: dict[str, Any]) -> dict[str, Any]:
        return evaluate_host(read, POLICIES, WAIVERS, today=TODAY)

    return build_report(
        {
            "hv02": evaluate({"failed": True, "msg": "The Hyper-V role is missing <here>."}),
            "HV01": evaluate({"vms": [machine(name, n, enabled=n > 3) for n, name in enumerate(NAMES)]}),
            "hv03": {},
        },
        TIME,
    )


def test_the_document_follows_its_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(report())
    jsonschema.Draft202012Validator(SCHEMA).validate(build_report({}, TIME))


def test_hosts_are_sorted_and_none_is_lost() -> None:
    hosts = [(host["host"], host["state"]) for host in report()["hosts"]]
    assert hosts == [("HV01", "read"), ("hv02", "failed"), ("hv03", "not_read")]


def test_totals() -> None:
    assert report()["summary"] == {
        "clean": False,
        "hosts": 3,
        "hosts_failed": 2,
        "vms": 6,
        "vms_drifted": 3,
        "checks": 12,
        "compliant": 8,
        "drift": 3,
        "waived": 1,
        "unknown": 0,
        "unmatched": 1,
        "severity": {"high": 3, "medium": 0, "low": 0},
    }


def test_findings_are_flat_records() -> None:
    findings = report()["findings"]
    assert [(finding["vm"], finding["result"]) for finding in findings] == [
        ("web01", "drift"),
        ("db[1]", "waived"),
        ("<script>alert('x')</script>", "drift"),
        ("quote \" & 'single'", "drift"),
    ]
    assert findings[0] == {
        "host": "HV01",
        "vm": "web01",
        "vm_id": "00000000-0000-0000-0000-000000000000",
        "service": "shutdown",
        "expected": True,
        "actual": False,
        "status": "ok",
        "severity": "high",
        "result": "drift",
        "waiver": None,
    }


@pytest.mark.parametrize(
    ("read", "clean"),
    [
        ({"vms": [machine("gone", 1, True)]}, True),
        ({"vms": [machine("gone", 1, False)]}, False),
        ({"vms": [machine("web01", 1, True)]}, False),
        ({"vms": []}, False),
        ({"unreachable": True}, False),
    ],
)
def test_clean_means_all_read_and_all_as_wanted(read: dict[str, Any], clean: bool) -> None:
    document = build_report({"hv01": evaluate_host(read, POLICIES, today=TODAY)}, TIME)
    assert document["summary"]["clean"] is clean


def test_summary_in_words() -> None:
    assert describe_summary(report()["summary"]) == (
        "3 of 12 checks on 6 VMs drifted (3 high); 1 waived; 1 names or ids of policies match no VM; "
        "2 of 3 hosts could not be audited"
    )


class Page(HTMLParser):
    """Collects the tags and the visible text of a page; knows nothing of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_shows_every_name_as_text() -> None:
    page = Page(render_html(report(), TEMPLATE))
    for name in [*NAMES, "HV01", "hv02", "The Hyper-V role is missing <here>."]:
        assert any(name in text for text in page.text), name
    assert "script" not in [tag for tag, attributes in page.tags]
    assert "b" not in [tag for tag, attributes in page.tags]


def test_the_page_needs_nothing_from_elsewhere() -> None:
    html = render_html(report(), TEMPLATE)
    assert not any({"src", "href", "srcset"} & attributes.keys() for tag, attributes in Page(html).tags)
    assert "url(" not in html
    assert "@import" not in html


def test_the_page_names_rows_and_columns() -> None:
    tags = Page(render_html(report(), TEMPLATE)).tags
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert scopes.count("col") == 7
    assert scopes.count("row") == 6
    labelled = {attributes.get("for") for tag, attributes in tags if tag == "label"}
    assert labelled == {attributes.get("id") for tag, attributes in tags if tag == "select"} == {"host", "show"}
    assert tags[0] == ("html", {"lang": "en"})


def test_a_template_that_names_the_unknown_is_refused() -> None:
    with pytest.raises(jinja2.UndefinedError, match="no attribute 'totals'"):
        render_html(report(), "{{ report.totals }}")


def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("This test shows the report in Chromium. Install it: apt-get install chromium")
    return path


def browse(directory: Path, html: str, *arguments: str) -> str:
    """Load a page in headless Chromium and return what it prints."""
    page = directory / "report.html"
    page.write_text(html)
    command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += [f"--user-data-dir={directory / 'profile'}", *arguments, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def png_size(path: Path) -> tuple[int, int]:
    header = path.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


PROBE = """
<pre id="probe"></pre><script>
  const seen = selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility());
  const choose = (id, value) => { document.getElementById(id).value = value; };
  const names = () => seen("tbody th").map(e => e.firstChild.textContent);
  const log = {};
  log.all = [seen("section").length, names().length];
  choose("host", "2"); log.host = seen("section h2").map(e => e.textContent);
  choose("host", "all"); choose("show", "high"); log.high = names();
  choose("show", "waived"); log.waived = names();
  choose("show", "low"); log.low = names();
  document.getElementById("probe").textContent = "PROBE" + JSON.stringify(log) + "PROBE";
</script>
"""


def test_chromium_filters_without_script_of_the_page(tmp_path: Path) -> None:
    """The probe only sets the fields, as a hand would; the hiding is the page's own CSS."""
    html = render_html(report(), TEMPLATE)
    output = browse(tmp_path, html.replace("</body>", PROBE + "</body>"), "--dump-dom")
    log = json.loads(Page(output.split("<pre")[1]).text[0].split("PROBE")[1])
    assert log == {
        "all": [3, 6],
        "host": ["hv02"],
        "high": [NAMES[0], NAMES[2], NAMES[3]],
        "waived": ["db[1]"],
        "low": [],
    }


def test_chromium_draws_the_page(tmp_path: Path) -> None:
    picture = tmp_path / "report.png"
    browse(tmp_path, render_html(report(), TEMPLATE), f"--screenshot={picture}", "--window-size=1280,1000")
    assert png_size(picture) == (1280, 1000)
    assert picture.stat().st_size > 40_000, "an empty page would be smaller"


def test_guests_are_in_the_document_the_page_and_the_sentence() -> None:
    fine = {"present": True, "start_mode": "manual", "running": True}
    guest = {"read": True, "reason": "", "msg": "", "integration_services_version": "10.0", "clock_round_trip": 0.01}
    services = {
        "shutdown": {**fine, "start_mode": "disabled"},
        "vss": {**fine, "running": False},
        "powershell_direct": fine,
    }
    read = {**machine("a<b>", 1, enabled=True), "guest": {**guest, "clock_offset": -3.25, "services": services}}
    unread = machine("c", 2, enabled=True)
    unread["guest"] = {"read": False, "reason": "no_answer", "msg": "<silence>", "services": {}}
    evaluation = evaluate_host({"vms": [read, unread, machine("d", 3, enabled=True)]}, POLICIES[:1], today=TODAY)
    document = build_report({"HV01": evaluation, "HV02": {}}, TIME)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["schema_version"] == "1.1"
    assert document["findings"] == [
        {
            "host": "HV01",
            "vm": "a<b>",
            "vm_id": "00000000-0000-0000-0000-000000000001",
            "service": "shutdown",
            "expected": True,
            "actual": True,
            "status": "ok",
            "severity": "high",
            "result": "drift",
            "waiver": None,
            "guest": {"present": True, "start_mode": "disabled", "running": True},
            "blocked": True,
        }
    ]
    assert document["summary"]["guests"] == {"read": 1, "not_read": 1, "blocked": 1}
    assert "1 enabled services are disabled in the guest; 1 of 2 guests were not asked" in describe_summary(
        document["summary"]
    )
    page = render_html(document, TEMPLATE)
    for text in ("disabled in the guest", "stopped in the guest", "guest not asked: no answer", "clock -3.250 s"):
        assert page.count(f"<small>{text}</small>") == 1, text


@pytest.mark.parametrize(
    ("reason", "text"),
    [("not_running", "not running"), ("other", "&lt;b&gt; is &amp; odd"), ("no_module", "no module")],
)
def test_the_page_says_why_a_guest_was_not_asked(reason: str, text: str) -> None:
    unread = {**machine("a", 1, enabled=True), "guest": {"read": False, "reason": reason, "msg": "<b> is & odd"}}
    evaluation = evaluate_host({"vms": [unread, machine("b", 2, enabled=True)]}, POLICIES[:1], today=TODAY)
    document = build_report({"HV01": evaluation}, TIME)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["summary"]["clean"], "a guest that was not asked is no drift"
    page = render_html(document, TEMPLATE)
    assert page.count("guest not asked") == 1
    assert f"<small>guest not asked: {text}</small>" in page
