# SPDX-License-Identifier: GPL-3.0-or-later
"""``hvsim schema``: the lab file's JSON Schema."""

from __future__ import annotations

import argparse
import json

from hvsim.cli.common import OK
from hvsim.hyperv.lab import schema

HELP = "print the JSON Schema of lab files"


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_args: argparse.Namespace) -> int:
    """Print the schema."""
    print(json.dumps(schema(), indent=2))
    return OK
