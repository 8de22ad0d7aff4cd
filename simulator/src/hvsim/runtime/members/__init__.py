# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of .NET types: their signatures, implementations, and PowerShell's choice between overloads.

Signatures come from ``metadata/types.json``; a type that is not there states them in its decorators. A member that is
known but has no implementation is refused by name; one that nobody knows does not exist.

Sources: ``Adapter.FindBestMethod`` and ``CompareOverloadCandidates`` of PowerShell for the choice of an overload, the
recorded cases for error ids and messages.
"""

from __future__ import annotations

from hvsim.runtime.members.calls import PASSED_ON, invoke, prepare, shown_name, wrap_invocation
from hvsim.runtime.members.lookup import (
    MethodGroup,
    Property,
    definition_text,
    find_constructor,
    find_indexer,
    find_method,
    find_property,
    is_described,
    is_known,
    lookup_names,
    member_names,
    parameter_lists,
    to_string,
)
from hvsim.runtime.members.registry import (
    constructor,
    getter,
    index_setter,
    indexer,
    method,
    new_cache,
    registered_members,
    setter,
    static_getter,
    static_method,
    static_setter,
)
from hvsim.runtime.overloads import choose, method_error
from hvsim.runtime.signatures import Overload, Parameter, parse_overloads, resolve_type

__all__ = [
    "PASSED_ON",
    "MethodGroup",
    "Overload",
    "Parameter",
    "Property",
    "choose",
    "constructor",
    "definition_text",
    "find_constructor",
    "find_indexer",
    "find_method",
    "find_property",
    "getter",
    "index_setter",
    "indexer",
    "invoke",
    "is_described",
    "is_known",
    "lookup_names",
    "member_names",
    "method",
    "method_error",
    "new_cache",
    "parameter_lists",
    "parse_overloads",
    "prepare",
    "registered_members",
    "resolve_type",
    "setter",
    "shown_name",
    "static_getter",
    "static_method",
    "static_setter",
    "to_string",
    "wrap_invocation",
]
