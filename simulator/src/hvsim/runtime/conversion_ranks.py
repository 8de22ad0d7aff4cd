# SPDX-License-Identifier: GPL-3.0-or-later
"""How well one type converts to another: the ranks by which PowerShell chooses between overloads.

Names, numbers and order of the tests follow ``LanguagePrimitives.ConversionRank`` and ``FigureConversion`` of PowerShell.
"""

from __future__ import annotations

from hvsim.runtime import types
from hvsim.runtime.types import NetType

NONE = 0
UNRELATED_ARRAYS = 0x0F
TO_STRING = 0x1F
ICONVERTIBLE = 0x3F
IMPLICIT_CAST = 0x4F
CONSTRUCTOR = 0x6F
CREATE = 0x73
PARSE = 0x7F
PSOBJECT = 0x8F
LANGUAGE = 0x9F
NULL_TO_VALUE = 0xAF
NULL_TO_REF = 0xBF
NUMERIC_EXPLICIT = 0xCF
NUMERIC_EXPLICIT_1 = 0xDF
NUMERIC_STRING = 0xEF
NUMERIC_IMPLICIT = 0xFF
ASSIGNABLE = 0x10F
STRING_TO_CHAR_ARRAY = 0x11A
IDENTITY = 0x11F
# Clears the bit that tells a whole value from one that is first wrapped into an array ("scalar to array").
VALUE_DEPENDENT = 0xFFF7

_NUMERIC = ("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal")
_NUMERIC_TYPES = frozenset(f"System.{n}" for n in _NUMERIC)
# C#'s implicit numeric conversions.
_IMPLICIT = {
    "SByte": ("Int16", "Int32", "Int64", "Single", "Double", "Decimal"),
    "Byte": ("Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal"),
    "Int16": ("Int32", "Int64", "Single", "Double", "Decimal"),
    "UInt16": ("Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal"),
    "Int32": ("Int64", "Single", "Double", "Decimal"),
    "UInt32": ("Int64", "UInt64", "Single", "Double", "Decimal"),
    "Int64": ("Single", "Double", "Decimal"),
    "UInt64": ("Single", "Double", "Decimal"),
    "Single": ("Double",),
}
_IMPLICIT_PAIRS = frozenset((f"System.{a}", f"System.{b}") for a, row in _IMPLICIT.items() for b in row)
# NumericExplicit1: PowerShell ranks these narrowing conversions above the other explicit ones.
_EXPLICIT_1 = frozenset({("System.Decimal", "System.Double"), ("System.Decimal", "System.Single")})
_PARSED = frozenset(
    f"System.{n}" for n in ("DateTime", "DateTimeOffset", "TimeSpan", "Guid", "Version", "Net.IPAddress", "Numerics.BigInteger", "DateOnly", "TimeOnly", "Char")
)  # fmt: skip
# Constructors with one parameter that a conversion may use: target -> sources.
_CONSTRUCTED = {
    "System.Uri": ("System.String",),
    "System.Text.StringBuilder": ("System.String", "System.Int32"),
    "System.DateTime": ("System.Int64", "System.Int32", "System.Int16", "System.Byte"),
    "System.TimeSpan": ("System.Int64", "System.Int32", "System.Int16", "System.Byte"),
    "System.DateTimeOffset": ("System.DateTime",),
    "System.Numerics.BigInteger": tuple(_NUMERIC_TYPES),
    "System.Globalization.CultureInfo": ("System.String", "System.Int32"),
    "System.Net.Mail.MailAddress": ("System.String",),
    "System.IO.FileInfo": ("System.String",),
    "System.IO.DirectoryInfo": ("System.String",),
    "System.Management.Automation.SemanticVersion": ("System.String", "System.Version"),
    "System.Security.Principal.SecurityIdentifier": ("System.String",),
    "System.Management.Automation.WildcardPattern": ("System.String",),
}
_LANGUAGE_TARGETS = frozenset(
    {
        "System.Boolean",
        "System.Text.RegularExpressions.Regex",
        "System.Management.Automation.SwitchParameter",
        "System.Management.Automation.PSReference",
        "System.Xml.XmlDocument",
    }
)

_ranks: dict[tuple[NetType | None, NetType], int] = {}


def conversion_rank(source: NetType | None, target: NetType) -> int:
    """``GetConversionRank``; *source* None is the type of ``$null``."""
    key = (source, target)
    rank = _ranks.get(key)
    if rank is None:
        rank = _ranks[key] = _from_null(target) if source is None else _figure(source, target)
    return rank


def _from_null(target: NetType) -> int:
    name = target.full_name
    if name in _NUMERIC_TYPES or name in ("System.String", "System.Boolean", "System.Char"):
        return NULL_TO_VALUE
    if target.definition is not None and target.definition.full_name == "System.Nullable`1":
        return NULL_TO_VALUE
    if name == "System.Management.Automation.SwitchParameter":
        return NULL_TO_VALUE
    return NONE if target.is_value_type else NULL_TO_REF


def _figure(source: NetType, target: NetType) -> int:
    if source is target:
        return IDENTITY
    name, given = target.full_name, source.full_name
    if given in _NUMERIC_TYPES:
        rank = _from_number(source, given, target, name)
        if rank is not None:
            return rank
    elif given == "System.String":
        rank = _from_string(target, name)
        if rank is not None:
            return rank
    if target.is_assignable_from(source):
        return ASSIGNABLE
    if target is types.PSOBJECT:
        return PSOBJECT
    if name == "System.String":
        return TO_STRING
    if target.element_type is not None and target.rank == 1:
        return _to_array(source, target.element_type)
    return _language(source, given, target, name)


def _from_number(source: NetType, given: str, target: NetType, name: str) -> int | None:
    if name in _NUMERIC_TYPES:
        if (given, name) in _IMPLICIT_PAIRS:
            return NUMERIC_IMPLICIT
        return NUMERIC_EXPLICIT_1 if (given, name) in _EXPLICIT_1 else NUMERIC_EXPLICIT
    if name == "System.String":
        return NUMERIC_STRING
    if name == "System.Char":
        return LANGUAGE
    return None


def _from_string(target: NetType, name: str) -> int | None:
    if name in _NUMERIC_TYPES:
        return NUMERIC_STRING
    if target.element_type is types.CHAR and target.rank == 1:
        return STRING_TO_CHAR_ARRAY
    return LANGUAGE if name == "System.Char" else None


def _to_array(source: NetType, element: NetType) -> int:
    if source.element_type is not None:
        return UNRELATED_ARRAYS
    walked = source is not types.STRING and source.implements("System.Collections.IEnumerable")
    if walked and not source.implements("System.Collections.IDictionary"):
        return LANGUAGE
    return conversion_rank(source, element) & VALUE_DEPENDENT


def _language(source: NetType, given: str, target: NetType, name: str) -> int:
    if name in _LANGUAGE_TARGETS:
        return LANGUAGE
    if target.is_enum:
        if source is types.STRING:
            return PARSE
        return LANGUAGE if source.is_enum or given in _NUMERIC_TYPES or source.element_type is not None else NONE
    if target.definition is not None and target.definition.full_name == "System.Nullable`1":
        return conversion_rank(source, target.arguments[0]) and LANGUAGE
    if target.kind == "d":
        return LANGUAGE if given == "System.Management.Automation.ScriptBlock" else NONE
    if target.full_name == "System.Type":
        return LANGUAGE if source is types.STRING else NONE
    if name == "System.Collections.Hashtable":
        return LANGUAGE if source.implements("System.Collections.IDictionary") else NONE
    if source is types.STRING and name in _PARSED:
        return PARSE
    if given in _CONSTRUCTED.get(name, ()) or (source is types.STRING and _takes_message(target)):
        return CONSTRUCTOR
    if (given, name) == ("System.DateTime", "System.DateTimeOffset"):
        return IMPLICIT_CAST
    if source.is_enum and name in _NUMERIC_TYPES:
        return ICONVERTIBLE
    if source.implements("System.IConvertible") and (name in _NUMERIC_TYPES or name == "System.Char"):
        return LANGUAGE if given == "System.Boolean" else ICONVERTIBLE
    if _list_constructor(source, target):
        return CONSTRUCTOR
    return NONE


def _takes_message(target: NetType) -> bool:
    """Exceptions are made from their message."""
    return types.get("System.Exception").is_assignable_from(target)


def _list_constructor(source: NetType, target: NetType) -> bool:
    """A collection that is built from an enumerable or an array."""
    if target.full_name == "System.Collections.ArrayList":
        return source.implements("System.Collections.ICollection")
    definition = target.definition
    if definition is None or not definition.full_name.startswith("System.Collections.Generic."):
        return False
    return definition.kind != "i" and target.implements("System.Collections.IEnumerable") and source.element_type is not None
