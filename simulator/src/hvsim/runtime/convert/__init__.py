# SPDX-License-Identifier: GPL-3.0-or-later
"""``LanguagePrimitives``: conversion between types, truth, enumeration, text.

Conversions fail with a ``PSError`` whose exception is a ``PSInvalidCastException`` and whose record is the
``RuntimeException`` around it, as a statement reports it.
"""

from __future__ import annotations

from hvsim.runtime.convert.core import parse_date, register, to, to_as, try_to
from hvsim.runtime.convert.errors import cast_error, no_conversion, with_inner
from hvsim.runtime.convert.numbers import parse_number, scan_number
from hvsim.runtime.convert.sequences import SEQUENCES
from hvsim.runtime.convert.sequences import enumerate_value as enumerate
from hvsim.runtime.convert.text import TO_STRING, culture_string, join, net_string, to_string
from hvsim.runtime.convert.truth import to_bool

__all__ = [
    "SEQUENCES",
    "TO_STRING",
    "cast_error",
    "culture_string",
    "enumerate",
    "join",
    "net_string",
    "no_conversion",
    "parse_date",
    "parse_number",
    "register",
    "scan_number",
    "to",
    "to_as",
    "to_bool",
    "to_string",
    "try_to",
    "with_inner",
]
