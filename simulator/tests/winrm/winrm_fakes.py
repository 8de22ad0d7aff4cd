# SPDX-License-Identifier: GPL-3.0-or-later
"""A host and an engine that are small enough to be obviously right."""

from __future__ import annotations

import json
import ntpath
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hvsim.engine.api import ModuleRequest, ProcessResult, ScriptRequest, Session
from hvsim.hyperv.content import Content


@dataclass
class FakeUser:
    name: str
    password: str
    is_administrator: bool = True
    enabled: bool = True

    @property
    def may_log_on_remotely(self) -> bool:
        return self.is_administrator


class FakeFiles:
    """Files in a dictionary; a directory is a key with the value None."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes | None] = {}
        self.make_directory("C:\\Users\\lab\\AppData\\Local\\Temp")

    @staticmethod
    def _key(path: str) -> str:
        return ntpath.normpath(path).casefold().rstrip("\\")

    def exists(self, path: str) -> bool:
        return self._key(path) in self.entries

    def is_directory(self, path: str) -> bool:
        return self.entries.get(self._key(path), b"") is None

    def content(self, path: str) -> Content:
        return Content.of(self.read_bytes(path))

    def write_chunks(self, path: str, chunks: Iterable[bytes]) -> None:
        self.write_bytes(path, b"".join(chunks))

    def read_bytes(self, path: str) -> bytes:
        data = self.entries.get(self._key(path))
        if data is None:
            raise FileNotFoundError(f"Could not find file '{path}'.")
        return data

    def write_bytes(self, path: str, data: bytes) -> None:
        if not self.is_directory(ntpath.dirname(ntpath.normpath(path))):
            raise FileNotFoundError(f"Could not find a part of the path '{path}'.")
        self.entries[self._key(path)] = data

    def make_directory(self, path: str, *, parents: bool = True) -> None:
        key = self._key(path)
        while key and key not in self.entries:
            self.entries[key] = None
            key = ntpath.dirname(key).rstrip("\\")

    def remove(self, path: str, *, recursive: bool = False, force: bool = False) -> None:
        key = self._key(path)
        for known in [known for known in self.entries if known == key or known.startswith(key + "\\")]:
            del self.entries[known]


class FakeCounters:
    def __init__(self) -> None:
        self.values: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, name: str, n: int = 1) -> None:
        with self._lock:
            self.values[name] += n


class FakeHost:
    build = 20348
    powershell = "5.1"

    def __init__(self, name: str = "HV01", *users: FakeUser) -> None:
        self.name = name
        self.users = list(users) or [FakeUser("lab", "P@ss:wörd"), FakeUser("reader", "reads", False)]
        self.files = FakeFiles()
        self.counters = FakeCounters()
        self.cuts: list[bool] = []

    def cuts_connection(self) -> bool:
        return self.cuts.pop(0) if self.cuts else False

    def check_password(self, user: str, password: str) -> FakeUser | None:
        name = user.rpartition("\\")[2].casefold()
        return next((u for u in self.users if u.enabled and u.name.casefold() == name and u.password == password), None)

    def environment(self, user: str) -> dict[str, str]:
        home = f"C:\\Users\\{user}"
        return {
            "TEMP": f"{home}\\AppData\\Local\\Temp",
            "USERPROFILE": home,
            "USERNAME": user,
            "SystemRoot": "C:\\Windows",
        }


@dataclass
class FakeEngine:
    """Answers modules with what it was given; remembers the requests."""

    modules: list[tuple[Session, ModuleRequest]] = field(default_factory=list)
    scripts: list[tuple[Session, ScriptRequest]] = field(default_factory=list)
    on_module: Callable[[Session, ModuleRequest], ProcessResult] | None = None
    on_script: Callable[[Session, ScriptRequest], ProcessResult] | None = None

    def run_module(self, session: Session, request: ModuleRequest) -> ProcessResult:
        self.modules.append((session, request))
        if self.on_module:
            return self.on_module(session, request)
        own = {name: value for name, value in request.arguments.items() if not name.startswith("_ansible_")}
        result = {
            "changed": False,
            "ping": own.get("data", "pong"),
            "module": request.name,
            "user": session.user,
            "utils": list(request.csharp_utils),
            "version": request.version,
            "mark": session.environment.get("MARK"),
            "check": request.arguments["_ansible_check_mode"],
            "bytes": len(request.source),
        }
        return ProcessResult(json.dumps(result) + "\r\n")

    def run_script(self, session: Session, request: ScriptRequest) -> ProcessResult:
        self.scripts.append((session, request))
        if self.on_script:
            return self.on_script(session, request)
        if "fail" in request.script:
            return ProcessResult("", "it went wrong\r\n", 3)
        if request.script.startswith("&"):
            return ProcessResult(f"in {session.working_directory}: {request.script}\r\n")
        return ProcessResult(f"script: {request.script}\r\n")
