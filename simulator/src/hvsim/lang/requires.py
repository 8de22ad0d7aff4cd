# SPDX-License-Identifier: GPL-3.0-or-later
"""``#requires``: its arguments are checked when a script is parsed."""

from __future__ import annotations

from hvsim.lang.core import ParserCore


def check_requires(parser: ParserCore) -> None:
    """Reports what is wrong with the ``#requires`` comments of a script."""
