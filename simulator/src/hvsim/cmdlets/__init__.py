# SPDX-License-Identifier: GPL-3.0-or-later
"""Cmdlets of Windows that work on the simulated host: thin adapters over :mod:`hvsim.hyperv`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache


@cache
def load() -> None:
    """Imports every module of this package; each registers what it implements."""
    for module in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
        importlib.import_module(module.name)
