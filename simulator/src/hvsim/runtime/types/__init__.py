# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of .NET types: names, bases, interfaces, enums.

Where the facts come from: ``metadata/types.json`` (members, bases), ``enums.json`` and ``accelerators.json`` were recorded
from a real PowerShell; ``net_enums.json`` has the other enums of .NET (read from .NET Core 3.1 by reflection, kept where
.NET 10 has the same names); ``class_library.json`` adds names, bases and interfaces from the class library's
documentation. Members and their behaviour are in :mod:`hvsim.runtime.members`.

A name that none of them knows is not a type (PowerShell's ``TypeNotFound``), unless :mod:`unlisted` finds that .NET has it:
then it is refused. A type that is known but has no
implementation may be named, compared and shown; using one of its members is refused by name.
"""

from __future__ import annotations

from hvsim.runtime.types.enums import enum, enum_flags_text, enum_lookup, enum_text, parse_enum
from hvsim.runtime.types.naming import display, short_display, type_to_string
from hvsim.runtime.types.net_type import NetType
from hvsim.runtime.types.registry import (
    ARRAY,
    BOOL,
    CHAR,
    DOUBLE,
    INT,
    OBJECT,
    OBJECT_ARRAY,
    PSOBJECT,
    STRING,
    TYPE,
    array_of,
    by_class,
    exception_type,
    find,
    find_in,
    find_with,
    generic,
    get,
    interface_methods,
    known,
    metadata,
    net_class,
    of,
    register,
)
from hvsim.runtime.types.unlisted import refuse_type

__all__ = [
    "ARRAY",
    "BOOL",
    "CHAR",
    "DOUBLE",
    "INT",
    "OBJECT",
    "OBJECT_ARRAY",
    "PSOBJECT",
    "STRING",
    "TYPE",
    "NetType",
    "array_of",
    "by_class",
    "display",
    "enum",
    "enum_flags_text",
    "enum_lookup",
    "enum_text",
    "exception_type",
    "find",
    "find_in",
    "find_with",
    "generic",
    "get",
    "interface_methods",
    "known",
    "metadata",
    "net_class",
    "of",
    "parse_enum",
    "refuse_type",
    "register",
    "short_display",
    "type_to_string",
]
