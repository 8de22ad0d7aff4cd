# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab of these tests without Ansible and WinRM: tasks run on the engine in this process, which costs a tenth.

It takes the place of ``lab_harness.Lab`` in files whose tests are about a module and not about how it gets to the host.
The state is read back through the admin endpoint, as there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

from hvsim.admin import server
from hvsim.admin.client import AdminClient
from hvsim.hyperv.lab import parse_lab
from lab_harness import Step
from module_engine import ModuleEngine

PREFIX = "hyperv.integration."


class DirectLab:
    """All hosts of a lab (the text of its file), with their admin endpoint, to be closed at the end."""

    def __init__(self, lab: str) -> None:
        hosts = parse_lab(lab).hosts()
        self._hosts = {host.name: host for host in hosts}
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._wait(server.start(hosts))
        self.admin = AdminClient(self._server.url, self._server.token)

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def close(self) -> None:
        """Ends the admin endpoint."""
        self._wait(self._server.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def play(self, tasks: Sequence[dict[str, Any]], host: str = "EN1") -> list[Step]:
        """Run tasks one after the other; ``HOST-user`` is the host with another account."""
        name, _dash, user = host.partition("-")
        return [self._run(task, name, user or "Administrator") for task in tasks]

    def _run(self, task: dict[str, Any], name: str, user: str) -> Step:
        key = next(key for key in task if key.startswith(PREFIX))
        engine = ModuleEngine.on(self._hosts[name], user)
        run = engine.run(key.removeprefix(PREFIX), check=bool(task.get("check_mode")), **(task[key] or {}))
        state = [
            {
                "name": vm["name"],
                "id": vm["id"],
                "state": vm["state"],
                "uptime_seconds": vm["uptime_seconds"],
                "enabled": {service: facts["enabled"] for service, facts in vm["services"].items()},
            }
            for vm in self.admin.state(name)["vms"]
        ]
        return Step(task.get("name", key), name, run.failed, run.result, run.counters, state)
