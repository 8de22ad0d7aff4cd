# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""FOR INTERNAL COLLECTION USE ONLY: one document out of the evaluations of all hosts, and its page for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jinja2
import jinja2.sandbox
from ansible_collections.hyperv.integration.plugins.plugin_utils._drift import (
    RESULTS,
    SCHEMA_VERSION,
    SEVERITY_ORDER,
    evaluate_host,
)
from ansible_collections.hyperv.integration.plugins.plugin_utils._selection import fold

SERVICE_TITLES: Mapping[str, str] = {
    "heartbeat": "Heartbeat",
    "shutdown": "Guest shutdown",
    "time_synchronization": "Time synchronization",
    "key_value_pair_exchange": "Data exchange (KVP)",
    "vss": "Backup (VSS)",
    "guest_service_interface": "Guest services",
}
_COUNTS = ("vms", "vms_drifted", "checks", *RESULTS, "unmatched")


def build_report(hosts: Mapping[str, Mapping[str, Any]], generated_at: str) -> dict[str, Any]:
    """The drift document (schema 1.1) of all hosts of a run.

    Args:
        hosts: host name to its evaluation, as ``evaluate_host`` returns it; an empty one means it was not read.
        generated_at: time of the run, ISO 8601 in UTC.
    """
    ordered = [
        {"host": name, **(hosts[name] or evaluate_host({}, []))}
        for name in sorted(hosts, key=lambda name: (fold(name), name))
    ]
    findings = [finding for host in ordered for finding in _findings(host)]
    findings.sort(key=lambda finding: SEVERITY_ORDER.index(finding["severity"]))
    return {
        "schema": "hyperv.integration/drift",
        "schema_version": SCHEMA_VERSION,
        "generated_at": generated_at,
        "summary": _summarize(ordered),
        "findings": findings,
        "hosts": ordered,
    }


def _findings(host: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every check of a host that is not compliant, as one flat record."""
    return [
        {
            "host": host["host"],
            "vm": vm["name"],
            "vm_id": vm["id"],
            "service": key,
            **{name: cell[name] for name in ("expected", "actual", "status", "severity", "result", "waiver")},
            **{name: cell[name] for name in ("guest", "blocked") if name in cell},
        }
        for vm in host["vms"]
        for key, cell in vm["services"].items()
        if cell["result"] not in (None, "compliant")
    ]


def _summarize(hosts: list[dict[str, Any]]) -> dict[str, Any]:
    """Totals over all hosts. Clean means: everything was read, and nothing differs but what is waived."""
    summaries = [host["summary"] for host in hosts]
    totals: dict[str, Any] = {key: sum(summary[key] for summary in summaries) for key in _COUNTS}
    totals["severity"] = {key: sum(summary["severity"][key] for summary in summaries) for key in SEVERITY_ORDER}
    failed = sum(host["state"] != "read" for host in hosts)
    guests = [summary["guests"] for summary in summaries if "guests" in summary]
    if guests:
        totals["guests"] = {key: sum(count[key] for count in guests) for key in guests[0]}
    clean = not (failed or totals["drift"] or totals["unknown"] or totals["unmatched"])
    return {"clean": clean, "hosts": len(hosts), "hosts_failed": failed, **totals}


def describe_summary(summary: Mapping[str, Any]) -> str:
    """The totals as one sentence for logs and failures."""
    severity = ", ".join(f"{summary['severity'][key]} {key}" for key in SEVERITY_ORDER if summary["severity"][key])
    parts = [
        f"{summary['drift']} of {summary['checks']} checks on {summary['vms']} VMs drifted"
        + (f" ({severity})" if severity else "")
    ]
    if summary["waived"]:
        parts.append(f"{summary['waived']} waived")
    if summary["unknown"]:
        parts.append(f"{summary['unknown']} could not be read")
    if summary["unmatched"]:
        parts.append(f"{summary['unmatched']} names or ids of policies match no VM")
    guests = summary.get("guests", {})
    if guests.get("blocked"):
        parts.append(f"{guests['blocked']} enabled services are disabled in the guest")
    if guests.get("not_read"):
        parts.append(f"{guests['not_read']} of {guests['read'] + guests['not_read']} guests were not asked")
    if summary["hosts_failed"]:
        parts.append(f"{summary['hosts_failed']} of {summary['hosts']} hosts could not be audited")
    return "; ".join(parts)


def render_html(report: Mapping[str, Any], template: str) -> str:
    """Render the page. The template is sandboxed; everything it prints is escaped.

    Raises:
        jinja2.TemplateError: the template is malformed or names something the report does not have.
    """
    environment = jinja2.sandbox.SandboxedEnvironment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(template)
    return page.render(
        report=report,
        services=SERVICE_TITLES,
        severities=SEVERITY_ORDER,
        summary_text=describe_summary(report["summary"]),
    )
