# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the audit: thin wrappers, each documented in a .yml file of its name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.hyperv.integration.plugins.plugin_utils._drift import DriftError, evaluate_host
from ansible_collections.hyperv.integration.plugins.plugin_utils._report import (
    build_report,
    describe_summary,
    render_html,
)
from jinja2 import TemplateError


def ics_drift(
    read: Mapping[str, Any],
    policies: Sequence[Mapping[str, Any]],
    waivers: Sequence[Mapping[str, Any]] = (),
    severities: Mapping[str, str] | None = None,
    today: str | None = None,
) -> dict[str, Any]:
    """Compare what hyperv_ics_info read from one host with policies."""
    try:
        day = datetime.date.fromisoformat(today) if today else None
        return evaluate_host(read, policies, waivers, severities, day)
    except (DriftError, ValueError) as error:
        raise AnsibleFilterError(f"hyperv.integration.ics_drift: {error}") from error


def ics_report(hosts: Mapping[str, Mapping[str, Any]], generated_at: str) -> dict[str, Any]:
    """Join the evaluations of all hosts into one drift document."""
    return build_report(hosts, generated_at)


def ics_report_html(report: Mapping[str, Any], template: str) -> str:
    """Render a drift document as a page."""
    try:
        return render_html(report, template)
    except TemplateError as error:
        raise AnsibleFilterError(f"hyperv.integration.ics_report_html: {error}") from error


def ics_summary(report: Mapping[str, Any]) -> str:
    """The totals of a drift document as one sentence."""
    return describe_summary(report["summary"])


class FilterModule:
    """Filters for drift of integration services."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "ics_drift": ics_drift,
            "ics_report": ics_report,
            "ics_report_html": ics_report_html,
            "ics_summary": ics_summary,
        }
