# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim coverage``: write COVERAGE.md from the engine's registries."""

from __future__ import annotations

import argparse
from pathlib import Path

from hvsim.cli.common import OK, UserError, engine_module

HELP = "write COVERAGE.md: what the engine implements, from its registries"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("path", nargs="?", default="COVERAGE.md", metavar="FILE", help="target (default: COVERAGE.md)")


def run(args: argparse.Namespace) -> int:
    """Write the file.

    Raises:
        UserError: it cannot be written.
    """
    module = engine_module("hvsim.engine.coverage")
    try:
        module.write(Path(args.path))
    except OSError as error:
        raise UserError(f"{args.path}: cannot be written ({error.strerror}); check the path") from None
    return OK
