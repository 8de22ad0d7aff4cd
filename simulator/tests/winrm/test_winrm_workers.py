# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from hvsim.winrm.workers import Workers


def test_results_errors_and_limit() -> None:
    async def main() -> None:
        workers = Workers(2)
        running, most, lock = 0, 0, threading.Lock()
        gate = threading.Barrier(2)

        def work(number: int) -> int:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            gate.wait(10)
            with lock:
                running -= 1
            return number

        jobs = [workers.run(lambda number=number: work(number)) for number in range(6)]  # type: ignore[misc]
        assert await asyncio.gather(*jobs) == list(range(6))
        assert most == 2
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)

    asyncio.run(main())


def test_endless_work_does_not_keep_the_process_alive() -> None:
    program = (
        "import asyncio, threading\n"
        "from hvsim.winrm.workers import Workers\n"
        "async def main():\n"
        "    task = asyncio.create_task(Workers().run(threading.Event().wait))\n"
        "    await asyncio.sleep(0)\n"
        "    task.cancel()\n"
        "asyncio.run(main())\n"
        "print('ended')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "ended\n"
