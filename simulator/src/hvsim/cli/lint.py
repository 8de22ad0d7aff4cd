# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim lint``: PowerShell files against Windows PowerShell 5.1 and house style."""

from __future__ import annotations

import argparse

from hvsim.cli.common import FAILED, OK, UserError, engine_module

HELP = "check PowerShell files against Windows PowerShell 5.1 and house style"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="scripts and modules; functions of one are known in all")
    parser.epilog = "Silence a finding with a comment on its line or the line before: # hvsim: allow RULE reason"


def run(args: argparse.Namespace) -> int:
    """Print one line per finding; 1 if there is any.

    Raises:
        UserError: a file cannot be read.
    """
    module = engine_module("hvsim.engine.lint")
    try:
        findings = module.lint_files(args.files)
    except OSError as error:
        raise UserError(f"{error.filename}: cannot be read ({error.strerror}); check the path") from None
    except UnicodeDecodeError as error:
        raise UserError(f"a file is not UTF-8 ({error.reason}); save it as UTF-8") from None
    for finding in findings:
        print(finding)
    if findings:
        print(f"{_counted(len(findings), 'finding')} in {_counted(len(args.files), 'file')}")
    return FAILED if findings else OK


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
