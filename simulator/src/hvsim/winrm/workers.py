# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker threads for engines, which block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Workers:
    """Runs blocking work in at most *limit* threads at a time, for one event loop.

    The threads are daemons, unlike those of ``concurrent.futures``: a script that never ends must not keep the simulator
    from ending. Work whose waiter was cancelled runs on, and its result is dropped.
    """

    def __init__(self, limit: int = 16) -> None:
        self._free = asyncio.Semaphore(limit)

    async def run(self, work: Callable[[], T]) -> T:
        """The result of *work*; raises what it raises."""
        async with self._free:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[T] = loop.create_future()

            def finish(result: T | None, error: BaseException | None) -> None:
                if future.done():
                    return
                if error is not None:
                    future.set_exception(error)
                else:
                    future.set_result(result)  # type: ignore[arg-type]

            def target() -> None:
                result, error = None, None
                try:
                    result = work()
                except Exception as raised:
                    error = raised
                try:
                    loop.call_soon_threadsafe(finish, result, error)
                except RuntimeError:
                    # The loop is closed: nobody waits any more.
                    return

            threading.Thread(target=target, name="hvsim-worker", daemon=True).start()
            return await future
