# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds each result that a test sees to what RETURN of its module documents: keys, types, and where null may be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MODULES = Path(__file__).resolve().parents[2] / "plugins" / "modules"
TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "dict": (dict,),
    "float": (float, int),
    "int": (int,),
    "list": (list,),
    "str": (str,),
}
# What ansible-core adds to a result, or documents for all modules.
COMMON = {
    "attempts",
    "changed",
    "changed_when_result",
    "deprecations",
    "diff",
    "exception",
    "failed",
    "failed_when_result",
    "failed_when_suppressed_exception",
    "invocation",
    "msg",
    "skipped",
    "warnings",
}


def confirm_documented(module: str, result: dict[str, Any]) -> None:
    """Fails where a result is otherwise than RETURN of the module says; other modules than ours are not looked at.

    A task that ends before the module's body, as one with a wrong option does, has no results either.
    """
    if "vms" in result and (MODULES / f"{module}.yml").exists():
        # Keys with an underscore in front are between a module and its action plugin.
        own = {key: value for key, value in result.items() if key not in COMMON and not key.startswith("_")}
        deviations = sorted(set(_of_keys("", own, _documented(module))))
        assert not deviations, f"RETURN of {module} is not true: {'; '.join(deviations)}"


@cache
def _documented(module: str) -> dict[str, Any]:
    return dict(yaml.safe_load((MODULES / f"{module}.yml").read_text(encoding="utf-8"))["RETURN"])


def _of_keys(path: str, values: dict[str, Any], documented: dict[str, Any]) -> Iterator[str]:
    if "service_key" in documented:
        # One entry for each service, whose key stands in its place.
        documented = dict.fromkeys(values, documented["service_key"])
    for key in values.keys() - documented.keys():
        yield f"{path}{key} is not documented"
    for key, entry in documented.items():
        if key in values:
            yield from _of_value(f"{path}{key}", values[key], entry)
        elif entry["returned"] == "always":
            yield f"{path}{key} is always returned by its documentation, and is not there"


def _of_value(path: str, value: Any, entry: dict[str, Any]) -> Iterator[str]:
    if value is None:
        if "V(null)" not in str(entry["description"]):
            yield f"{path} is null, and its documentation does not say when"
        return
    kinds = TYPES.get(entry["type"])
    if kinds and (not isinstance(value, kinds) or (bool not in kinds and isinstance(value, bool))):
        yield f"{path} is {value!r}, documented as {entry['type']}"
    elif "contains" in entry:
        for item in value if isinstance(value, list) else [value]:
            yield from _of_keys(f"{path}.", item, entry["contains"])
