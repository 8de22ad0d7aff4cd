# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks with ``async``: the job runs in a thread of its own, its result goes to a file of the host (ansible-exec.md 6.2).

The file's content follows ``async_wrapper.ps1`` and ``async_watchdog.ps1``.
"""

from __future__ import annotations

import itertools
import json
import ntpath
import threading
from collections.abc import Callable
from typing import Any

from hvsim.engine.api import ProcessResult
from hvsim.winrm import bounded_json
from hvsim.winrm.payload import Async
from hvsim.winrm.ports import Files

_process_ids = itertools.count(4200, 4)


def start(job: Async, directory: str, files: Files, work: Callable[[], ProcessResult], numbers: bool) -> ProcessResult:
    """Start *work* in the background.

    Args:
        job: what the payload says about it.
        directory: expanded directory of result files.
        numbers: report ``started`` and ``finished`` as 1 and 0, as ansible-core before 2.19 does.

    Returns:
        What the wrapper prints: job id, path of the result file, process id.
    """
    wrapper, watchdog = next(_process_ids), next(_process_ids)
    job_id = f"{job.job_id}.{wrapper}"
    path = ntpath.join(directory, job_id)
    started = _state(numbers, path, job_id, watchdog)
    text = json.dumps(started, separators=(",", ":"))
    if not files.is_directory(directory):
        files.make_directory(directory, parents=True)
    files.write_bytes(path, text.encode("utf-8"))
    threading.Thread(target=_watch, args=(job, started, path, files, work), name=f"job-{job_id}", daemon=True).start()
    return ProcessResult(text + "\r\n")


def _state(numbers: bool, path: str, job_id: str, watchdog: int) -> dict[str, Any]:
    yes, no = (1, 0) if numbers else (True, False)
    return {
        "started": yes,
        "finished": no,
        "results_file": path,
        "ansible_job_id": job_id,
        "_ansible_suppress_tmpdir_delete": True,
        "ansible_async_watchdog_pid": watchdog,
    }


def _watch(job: Async, started: dict[str, Any], path: str, files: Files, work: Callable[[], ProcessResult]) -> None:
    outcome: list[ProcessResult] = []

    def run() -> None:
        outcome.append(work())

    # A thread cannot be stopped from outside: past its time the job is abandoned, as the watchdog abandons its pipeline.
    worker = threading.Thread(target=run, name=f"work-{started['ansible_job_id']}", daemon=True)
    worker.start()
    worker.join(job.timeout)
    result = {**started, "finished": type(started["finished"])(1)}
    if not outcome:
        _fail(result, "timed out waiting for module completion", ProcessResult(""))
    else:
        _merge(result, outcome[0])
    files.write_bytes(path, (json.dumps(result, separators=(",", ":")) + "\r\n").encode("utf-8", "replace"))


def _merge(result: dict[str, Any], finished: ProcessResult) -> None:
    """Add the module's own result; junk around its JSON is treated as the watchdog treats it."""
    start, end = finished.stdout.find("{"), finished.stdout.rfind("}")
    if start < 0:
        return _fail(result, "No start of json char found in module result", finished)
    if end < start:
        return _fail(result, "No end of json char found in module result", finished)
    try:
        module = bounded_json.loads(finished.stdout[start : end + 1])
    except ValueError:
        return _fail(result, "Invalid JSON in the module result", finished)
    result.update(module)
    if junk := finished.stdout[end + 1 :].strip():
        warnings = result.get("warnings")
        result["warnings"] = [
            *(warnings if isinstance(warnings, list) else []),
            f"Module invocation had junk after the JSON data: {junk}",
        ]


def _fail(result: dict[str, Any], text: str, finished: ProcessResult) -> None:
    result.update(
        failed=True,
        msg=f"failure during async watchdog: {text}",
        exception=text,
        stdout=finished.stdout,
        stderr=finished.stderr,
    )
