# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After each task, write its result and what the simulator says about the host to a file of JSON lines.

Used by conftest.py: one ansible-playbook process runs many steps, and each is read back by another way than the module.
"""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase
from hvsim.admin.client import AdminClient

DOCUMENTATION = """
name: step_recorder
type: notification
short_description: Record results and the state of the simulator
description: For the tests of this collection only.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "step_recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._path = os.environ["STEP_RECORDER_FILE"]
        self._admin = AdminClient.from_ready(os.environ["STEP_RECORDER_READY"])
        self._counters: dict[str, dict[str, int]] = {}
        self._host_names: dict[str, str] = {}

    def v2_playbook_on_play_start(self, play: Any) -> None:
        manager = play.get_variable_manager()
        for host in manager._inventory.get_hosts(play.hosts):
            name = host.get_vars().get("hvsim_host")
            if name:
                self._host_names[host.get_name()] = name
                self._counters[name] = self._admin.counters(name)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record(result, failed=True)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record(result, failed=True)

    def _record(self, result: Any, *, failed: bool) -> None:
        data = result.result if hasattr(result, "result") else result._result
        task, host = (result.task, result.host) if hasattr(result, "task") else (result._task, result._host)
        step = {"task": task.get_name(), "host": host.get_name(), "failed": failed, "result": data}
        step["action"] = task.action
        name = self._host_names.get(host.get_name())
        if name:
            counters = self._admin.counters(name)
            before = self._counters[name]
            self._counters[name] = counters
            step["counters"] = {key: n - before.get(key, 0) for key, n in counters.items() if n > before.get(key, 0)}
            step["state"] = [
                {
                    "name": vm["name"],
                    "id": vm["id"],
                    "state": vm["state"],
                    "uptime_seconds": vm["uptime_seconds"],
                    "enabled": {key: service["enabled"] for key, service in vm["services"].items()},
                }
                for vm in self._admin.state(name)["vms"]
            ]
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(step, default=str) + "\n")
