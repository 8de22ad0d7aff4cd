# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell's operators, by the name of their token."""

from __future__ import annotations

from hvsim.runtime.operators.core import BINARY, UNARY

__all__ = ["BINARY", "UNARY"]
