# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that recorded cases run on: like the Linux one they were recorded on."""

from __future__ import annotations

from hvsim.hyperv.posix_files import PosixFileSystem
from hvsim.runtime.machine import Machine, PlainMachine


def sample_machine() -> Machine:
    """A fresh Linux-like machine: a nearly empty disk, the real time, no waiting."""
    machine = PlainMachine()
    machine.files = files = PosixFileSystem(machine.clock)
    for folder in ("/tmp", "/root", "/etc", "/usr/bin", "/usr/local/bin", "/home", "/var/tmp"):
        files.make_directory(folder)
    files.write_bytes("/etc/hosts", b"127.0.0.1\tlocalhost\n")
    files.write_bytes("/etc/hostname", b"localhost\n")
    return machine


def another_process(machine: Machine, number: int = 1) -> Machine:
    """The same machine as another process sees it, the first, second ... one: the same disk, an environment of its own."""
    other = PlainMachine(environment=dict(machine.environment), process_id=machine.process_id + number)
    other.files = machine.files
    return other
