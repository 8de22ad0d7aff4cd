# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: audit two simulated Hyper-V hosts, bring them to policy, prove that it holds.

Everything here is what you would type against real hosts; only the inventory is the simulator's. ``make demo`` sets
the paths; run this file through it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LAB = Path("examples/lab.yml")
OUTPUT = Path("build/demo")
INVENTORY = OUTPUT / "inventory.yml"
START_SECONDS = 30
RECAP = re.compile(r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)\s+unreachable=\d+\s+failed=\d+")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class DemoError(Exception):
    """Something did not come out as it must; the message says what."""


def heading(text: str) -> None:
    print(f"\n━━ {text} {'━' * max(0, 96 - len(text))}", flush=True)


def echo(command: list[str]) -> None:
    print(f"$ {shlex.join(command)}", flush=True)


@contextlib.contextmanager
def simulator() -> Iterator[dict[str, Any]]:
    """Run ``hvsim serve`` on free ports of loopback; yields its ready line. It is stopped in every outcome."""
    ready_file, log_file = OUTPUT / "ready.json", OUTPUT / "hvsim.log"
    command = ["hvsim", "serve", str(LAB), "--ready-file", str(ready_file), "--inventory", str(INVENTORY)]
    echo(command)
    with log_file.open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        try:
            yield wait_until_ready(process, ready_file, log_file)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], ready_file: Path, log_file: Path) -> dict[str, Any]:
    """Wait for the ready file.

    Raises:
        DemoError: the simulator ended, or is not ready in time.
    """
    deadline = time.monotonic() + START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise DemoError(f"The simulator did not start:\n{log_file.read_text()}")
        time.sleep(0.05)
    ready: dict[str, Any] = json.loads(ready_file.read_text())
    return ready


def ansible_playbook(*arguments: str) -> dict[str, int]:
    """Run ``ansible-playbook`` and show its output; returns the number of changes by host.

    Raises:
        DemoError: it failed.
    """
    command = ["ansible-playbook", "-i", str(INVENTORY), *arguments]
    echo(command)
    changes: dict[str, int] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            recap = RECAP.match(COLOURS.sub("", line))
            if recap:
                changes[recap["host"]] = int(recap["changed"])
    if process.returncode != 0:
        raise DemoError(f"ansible-playbook ended with {process.returncode}.")
    if not changes:
        raise DemoError("ansible-playbook reached no host.")
    return changes


def audit(directory: Path) -> dict[str, Any]:
    """Run the audit; returns the summary of its drift.json."""
    ansible_playbook("playbooks/audit.yml", "-e", f"ics_audit_output_dir={ROOT / directory}")
    summary: dict[str, Any] = json.loads((directory / "drift.json").read_text())["summary"]
    return summary


def enforce() -> int:
    """Bring the hosts to policy; returns the number of tasks that changed something."""
    return sum(ansible_playbook("playbooks/enforce_baseline.yml", "--diff").values())


def expect(condition: bool, message: str) -> None:
    if not condition:
        raise DemoError(message)


def demo() -> None:
    heading("1/6  Start two simulated Hyper-V hosts, one English, one German")
    with simulator() as ready:
        for host in ready["hosts"]:
            print(f"  {host['name']} ({host['language']}) answers WinRM at {host['url']}")

        heading("2/6  Audit: where do the VMs differ from policy? Nothing is changed.")
        before = audit(OUTPUT / "before")
        expect(before["drift"] > 0, "The lab was expected to have drifted.")

        heading("3/6  Enforce the policy and show every change")
        expect(enforce() > 0, "The first run was expected to change something.")

        heading("4/6  Enforce again: nothing is left to do")
        changed = enforce()
        expect(changed == 0, f"The second run was expected to change nothing, but {changed} tasks did.")

        heading("5/6  Audit again: clean")
        after = audit(OUTPUT / "after")
        expect(after["clean"], "The second audit was expected to be clean.")

        heading("6/6  Stop the simulator")

    print(f"Drift before: {before['drift']} of {before['checks']} checks. After: {after['drift']}.\n")
    for name, text in (("before", "what the first audit found"), ("after", "the proof that it is mended")):
        print(f"  {OUTPUT / name / 'report.html'!s:32} {text}")
        print(f"  {OUTPUT / name / 'drift.json'!s:32} the same for programs")


def main() -> int:
    os.chdir(ROOT)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    os.environ.setdefault("ANSIBLE_NOCOWS", "1")
    os.environ.setdefault("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "false")
    os.environ.setdefault("ANSIBLE_HOST_PATTERN_MISMATCH", "error")
    if sys.stdout.isatty():
        os.environ.setdefault("ANSIBLE_FORCE_COLOR", "1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        demo()
    except DemoError as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the simulator is stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
