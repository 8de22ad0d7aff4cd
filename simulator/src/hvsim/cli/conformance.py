# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim conformance``: run recorded cases on the engine."""

from __future__ import annotations

import argparse

from hvsim.cli.common import UserError, engine_module

HELP = "run cases recorded on a real PowerShell and count how many the engine answers alike"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of cases")
    parser.add_argument(
        "--list", dest="listing", choices=("failed", "refused"), help="print these cases with their ids"
    )
    parser.add_argument("--actual", metavar="FILE.jsonl", help="write outcome and actual result of every case")
    parser.add_argument("--jobs", type=int, metavar="N", help="parallel processes (default: one per processor)")
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="limit per case (default: 10)")


def run(args: argparse.Namespace) -> int:
    """Run the cases; 1 if any failed.

    Raises:
        UserError: a limit is not positive.
    """
    if (args.jobs is not None and args.jobs < 1) or not args.timeout > 0:
        raise UserError("--jobs and --timeout must be positive")
    module = engine_module("hvsim.engine.conformance")
    code: int = module.main(args.paths, listing=args.listing, actual=args.actual, jobs=args.jobs, timeout=args.timeout)
    return code
