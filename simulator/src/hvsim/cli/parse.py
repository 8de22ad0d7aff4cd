# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim parse``: the syntax tree of a script in the recorded form."""

from __future__ import annotations

import argparse
import json
import sys

from hvsim.cli.common import FAILED, OK, engine_module, read_script

HELP = "print the syntax tree of a PowerShell script as JSON"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", help="script; - reads standard input")


def run(args: argparse.Namespace) -> int:
    """Print the tree; 1 with the parser's errors if the script does not parse or is refused."""
    script = sys.stdin.read() if args.file == "-" else read_script(args.file)
    module = engine_module("hvsim.engine.conformance")
    unsupported = engine_module("hvsim.lang.errors").Unsupported
    try:
        result = module.run_tree(script)
    except unsupported as error:
        print(f"{args.file}: {error.located}", file=sys.stderr)
        return FAILED
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return FAILED if "parse_errors" in result else OK
