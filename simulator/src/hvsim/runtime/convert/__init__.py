# SPDX-License-Identifier: GPL-3.0-or-later
"""``LanguagePrimitives``: conversion between types, truth, enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.runtime.convert.core import is_true, parse_number, to, to_string, try_to
from hvsim.runtime.convert.core import enumerate as enumerate  # noqa: PLC0414

to_bool = is_true

__all__ = ["enumerate", "parse_number", "to", "to_bool", "to_string", "try_to"]
