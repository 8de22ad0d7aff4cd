# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point of ``hvsim``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console

from hvsim.cli import conformance, coverage, lint, parse, run, schema, serve
from hvsim.cli.common import FAILED, USAGE, UserError
from hvsim.hyperv.lab import LabError

_COMMANDS = (serve, schema, run, parse, lint, conformance, coverage)


def _version() -> str:
    try:
        return version("hvsim")
    except PackageNotFoundError:
        return "unknown"


def build_parser() -> argparse.ArgumentParser:
    """The argument parser with all commands."""
    parser = argparse.ArgumentParser(
        prog="hvsim",
        description="A simulated Hyper-V host, or a fleet of them, that speaks WinRM.",
        epilog="Exit codes: 0 done, 1 something failed, 2 wrong usage or input.",
    )
    parser.add_argument("--version", action="version", version=f"hvsim {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in _COMMANDS:
        name = module.__name__.rsplit(".", 1)[-1]
        summary = module.HELP
        command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        module.configure(command)
        command.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code."""
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except (UserError, LabError) as error:
        _complain(str(error))
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has gone; keep the interpreter from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return FAILED


def _complain(text: str) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    for line in text.splitlines():
        console.print("hvsim:", style="bold red", end=" ")
        console.print(line, markup=False)


if __name__ == "__main__":
    sys.exit(main())
