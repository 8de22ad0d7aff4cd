# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim run``: a script on the engine, on a simulated host."""

from __future__ import annotations

import argparse
import json
import os
import sys
from types import ModuleType

from hvsim.cli.common import FAILED, OK, UserError, engine_module, read_script
from hvsim.engine.api import ScriptRequest, Session
from hvsim.hyperv.host import Host
from hvsim.hyperv.lab import load_lab

HELP = "run a PowerShell script on the engine and print its output and streams"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE.ps1", help="script; - reads standard input")
    parser.add_argument("--lab", metavar="LAB.yml", help="lab whose host runs it (default: an empty host)")
    parser.add_argument("--host", metavar="NAME", help="host of the lab (default: the first)")
    parser.add_argument("--user", metavar="NAME", help="account (default: the host's first administrator)")
    parser.add_argument("--edition", choices=("5.1", "7"), help="PowerShell edition (default: the host's)")
    parser.add_argument("--json", action="store_true", help="print output and streams in the recorded form")


def run(args: argparse.Namespace) -> int:
    """Run the script; the exit code is the script's, as far as the system has it (its low byte, never 0 for a failure).

    Raises:
        UserError: file, host or user do not exist.
        LabError: the lab is not valid.
    """
    script = sys.stdin.read() if args.file == "-" else read_script(args.file)
    host = choose_host(args.lab, args.host)
    if args.edition:
        host.powershell = args.edition
    session = Session(host, choose_user(host, args.user))
    embedded = engine_module("hvsim.engine.embedded")
    if args.json:
        return _run_json(embedded, session, script)
    outcome = embedded.EmbeddedEngine().run_script(session, ScriptRequest(script, file=file_name(args.file)))
    sys.stdout.write(outcome.stdout)
    sys.stderr.write(outcome.stderr)
    return OK if outcome.rc == 0 else outcome.rc & 0xFF or FAILED


def file_name(path: str) -> str | None:
    """The path as positions and ``$PSCommandPath`` name it: absolute; None for standard input."""
    return None if path == "-" else os.path.abspath(path)


def _run_json(embedded: ModuleType, session: Session, script: str) -> int:
    conformance = engine_module("hvsim.engine.conformance")
    unsupported = engine_module("hvsim.lang.errors").Unsupported
    runspace = embedded.new_runspace(session)
    try:
        result = conformance.run_in(runspace, script, session.host.powershell)
    except unsupported as refusal:
        result = {**conformance.written_so_far(runspace), "refusal": refusal.located}
    print(json.dumps(result, ensure_ascii=False, indent=1))
    return FAILED if {"parse_errors", "terminating", "refusal"} & set(result) else OK


def choose_host(lab: str | None, name: str | None) -> Host:
    """The host that runs the script.

    Raises:
        UserError: no such host.
        LabError: the lab is not valid.
    """
    hosts = [Host("HVSIM")] if lab is None else load_lab(lab).hosts()
    if name is None:
        return hosts[0]
    for host in hosts:
        if host.name.lower() == name.lower():
            return host
    known = ", ".join(host.name for host in hosts)
    raise UserError(f"no host {name!r}; hosts: {known}")


def choose_user(host: Host, name: str | None) -> str:
    """The account that runs the script.

    Raises:
        UserError: no such account, or none at all.
    """
    if name is None:
        users = sorted(host.users, key=lambda user: not user.is_administrator)
        if not users:
            raise UserError(f"host {host.name!r} has no user; add one to the lab")
        return users[0].name
    account = host.find_user(name)
    if account is None:
        known = ", ".join(user.name for user in host.users)
        raise UserError(f"no user {name!r} on host {host.name!r}; users: {known}")
    return account.name
