# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded cases of Ansible.Basic: unfolding, running and comparing (``ansible_basic/README.md`` has the rules)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True)
class Unit:
    """One run: a module body with the arguments for one version label (``2.21``, ``2.21/5.1`` ...)."""

    id: str
    tags: tuple[str, ...]
    label: str
    script: str
    args: Mapping[str, Any]
    expected: Json


def unfold(case: Json) -> Iterator[Unit]:
    """Every run of a case under every version label."""
    for run in case.get("runs", [case]):
        tags = tuple(case.get("tags", ())) + (tuple(run.get("tags", ())) if "runs" in case else ())
        name = f"{case['id']}/{run['id']}" if "runs" in case else case["id"]
        for group in [run, *run.get("other", [])]:
            for label in group["versions"]:
                extra = run.get("add_args", {}).get(label.split("/")[0], {})
                yield Unit(name, tags, label, case["script"], {**run["args"], **extra}, group["expected"])


def run(script: str, args: Mapping[str, Any], label: str, tags: Sequence[str]) -> Json:
    """Runs a module body as the wrapper of that version does; the result in the form of ``expected``."""
    from hvsim.engine.sample_machine import sample_machine
    from hvsim.engine.wrapper import run_module_source

    version, _, edition = label.partition("/")
    outcome = run_module_source(
        sample_machine(), script, args, version=version, edition="7", argument_edition=edition or "7", name="ansible.legacy.demo.ps1"
    )
    return _observed(outcome.exit_code, outcome.stdout, outcome.stderr_lines, tags)


def _exception_text(text: str) -> str:
    """No .NET stack frames, nothing after the script stack trace of an error record."""
    kept = [
        line
        for line in text.replace("\r\n", "\n").split("\n")
        if not re.match(r"\s{3,}at \S.*\)( in .*)?$", line) and not re.match(r"\s*--- End of .*---\s*$", line)
    ]
    if "ScriptStackTrace:" in kept:
        end = kept.index("ScriptStackTrace:") + 1
        while end < len(kept) and kept[end].startswith("at "):
            end += 1
        kept = kept[:end]
    return "\n".join(kept).rstrip("\n")


def _observed(rc: int | None, stdout: str, stderr: Sequence[str], tags: Sequence[str]) -> Json:
    seen: Json = {"rc": rc}
    lines: list[str] = []
    documents: list[Json] = []
    for line in stdout.replace("\r\n", "\n").split("\n"):
        document = _document(line)
        lines.append(line if document is None else f"<json {len(documents)}>")
        if document is not None:
            documents.append(document)
            suffix = "" if len(documents) == 1 else str(len(documents))
            seen["keys" + suffix], seen["raw" + suffix] = list(document), line
            seen["json" + suffix] = _cleaned(document, tags)
    while lines and not lines[-1]:
        lines.pop()
    if len(documents) != 1 or [line for line in lines if line] != ["<json 0>"]:
        seen["stdout"] = lines
    if stderr:
        seen["stderr"] = [_exception_text(line) for line in stderr]
    return seen


def _document(line: str) -> Json | None:
    if not line.startswith("{"):
        return None
    try:
        return json.loads(line)
    except ValueError:
        return None


def _cleaned(document: Json, tags: Sequence[str]) -> Json:
    if isinstance(document.get("exception"), str):
        document["exception"] = _exception_text(document["exception"])
    if "partial-invocation" in tags and "invocation" in document:
        document["invocation"] = _without_nulls(document["invocation"])
    return document


def _without_nulls(value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value


def _equal(a: Json, b: Json) -> bool:
    """Parsed JSON values are the same: objects in any order, 1 == 1.0, but true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_equal(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    return bool(a == b)


def _words(text: Any) -> list[str]:
    return sorted(re.findall(r"[^\s,.]+", str(text)))


def differences(expected: Json, seen: Json) -> list[str]:
    """The names of what differs; empty when the run did what the real one did."""
    if "variants" in expected:
        found = [differences(variant, seen) for variant in expected["variants"]]
        return [] if [] in found else min(found, key=len)
    wrong = [] if (expected["rc"] or 0) == (seen["rc"] or 0) else ["rc"]
    for name in ("json", "json2"):
        a, b = expected.get(name), seen.get(name)
        if name == "json" and a is not None and b is not None:
            for key in expected.get("unordered", ()):
                a, b = {**a, key: _words(a.get(key))}, {**b, key: _words(b.get(key))}
        if not _equal(a, b):
            wrong.append(name)
    wrong += [name for name in ("stdout", "stderr") if expected.get(name) != seen.get(name)]
    wrong += [name for name in ("keys", "keys2") if name in expected and expected[name] != seen.get(name)]
    return wrong
