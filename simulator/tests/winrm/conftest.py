# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from winrm_fakes import FakeEngine, FakeHost

from hvsim.winrm import server
from hvsim.winrm.server import Listener

T = TypeVar("T")


class Lab:
    """An event loop in a thread, and the listeners in it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.listeners: list[Listener] = []
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def listen(self, host: Any, engine: Any, **options: Any) -> Listener:
        listener = self.run(server.start(host, engine, **options))
        self.listeners.append(listener)
        return listener

    def close(self) -> None:
        for listener in self.listeners:
            self.run(listener.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    # requests would send loopback traffic through a proxy of the environment.
    monkeypatch.setenv("no_proxy", "*")
    opened = Lab()
    yield opened
    opened.close()
