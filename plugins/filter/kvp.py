# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter of the role kvp_metadata, documented in kvp_metadata.yml."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def kvp_metadata(
    vms: Mapping[str, Mapping[str, Any] | None],
    prefix: str,
    common: Mapping[str, Any] | None = None,
    stamp: str = "",
) -> dict[str, dict[str, str]]:
    """The key-value pairs for each VM: its own fields over the common ones, and a stamp."""
    result = {}
    for name, fields in vms.items():
        merged = {**(common or {}), **(fields or {})}
        items = {
            f"{prefix}{field}": _text(name, field, merged[field])
            for field in sorted(merged)
            if merged[field] is not None
        }
        written = json.dumps(items, sort_keys=True, ensure_ascii=True)
        items[f"{prefix}stamp"] = stamp or hashlib.sha256(written.encode("ascii")).hexdigest()[:16]
        result[str(name)] = items
    return result


def _text(vm: str, field: str, value: Any) -> str:
    if field == "stamp":
        raise AnsibleFilterError(
            f"hyperv.integration.kvp_metadata: {vm}: the field stamp is written by the role itself."
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise AnsibleFilterError(
        f"hyperv.integration.kvp_metadata: {vm}: the field {field} must be a text, a whole number or a boolean, "
        f"not {type(value).__name__}. Put it into quotes."
    )


class FilterModule:
    """Filter for metadata of VMs."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"kvp_metadata": kvp_metadata}
