# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.hyperv.integration.plugins.filter.ics import (
    FilterModule,
    ics_drift,
    ics_report,
    ics_report_html,
    ics_summary,
)

FILTERS = Path(__file__).resolve().parents[4] / "plugins" / "filter"
POLICIES = [{"all": True, "services": {"shutdown": True}}]
READ = {"vms": [{"name": "web01", "id": "x", "state": "running", "services": {"shutdown": {"enabled": False}}}]}


def test_from_a_read_to_a_sentence() -> None:
    report = ics_report({"hv01": ics_drift(READ, POLICIES)}, "2026-11-25T14:30:00Z")
    assert ics_summary(report) == "1 of 1 checks on 1 VMs drifted (1 high)"
    assert ics_report_html(report, "{{ report.hosts[0].vms[0].name }}: {{ summary_text }}").startswith("web01: 1 of 1")


@pytest.mark.parametrize("today", ["2026-11-25", None])
def test_waivers_are_judged_by_a_given_day_or_the_current_one(today: str | None) -> None:
    waivers = [{"all": True, "services": ["shutdown"], "owner": "ops", "expires": "9999-01-01"}]
    assert ics_drift(READ, POLICIES, waivers, today=today)["summary"]["waived"] == 1


def test_mistakes_in_the_data_are_filter_errors() -> None:
    with pytest.raises(AnsibleFilterError, match="ics_drift: policy 1: unknown service clock"):
        ics_drift(READ, [{"all": True, "services": {"clock": True}}])
    with pytest.raises(AnsibleFilterError, match="ics_drift: Invalid isoformat string"):
        ics_drift(READ, POLICIES, today="tomorrow")
    with pytest.raises(AnsibleFilterError, match="ics_report_html: "):
        ics_report_html(ics_report({}, "x"), "{{ nothing }}")


def test_each_filter_has_its_documentation() -> None:
    documented = {
        path.stem: yaml.safe_load(path.read_text())["DOCUMENTATION"]["name"] for path in FILTERS.glob("ics_*.yml")
    }
    assert documented == {name: name for name in FilterModule().filters()}
