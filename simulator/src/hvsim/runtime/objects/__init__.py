# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading, writing and calling members of any value, as ``$x.Name``, ``$x.Name = v`` and ``$x.Name()`` do.

Order of lookup (PowerShell's ``PSGetMemberBinder``): members added to the object, keys of a dictionary, members from
type data, members of the .NET type, what an adapter makes up, then the fall-backs: ``Count``/``Length`` of anything,
the elements of a collection, ``$null``. ``ctx.strict`` turns ``$null`` into an error.
"""

from __future__ import annotations

from hvsim.runtime.indexing import get_index, set_index
from hvsim.runtime.member_info import (
    AdaptedProperty,
    AliasProperty,
    CodeMethod,
    CodeProperty,
    Member,
    MemberSet,
    NetMethod,
    NetProperty,
    NoteProperty,
    PropertySet,
    ScriptMethod,
    ScriptProperty,
)
from hvsim.runtime.objects.adding import add_member, add_note, copy_object, custom_object, extensible
from hvsim.runtime.objects.calling import call_group, extended_of, invoke_member, method_call, method_not_found
from hvsim.runtime.objects.listing import displayed, find_member, find_property, members, properties, property_names
from hvsim.runtime.objects.parameterized import ParameterizedProperty
from hvsim.runtime.objects.reading import PSObjectView, get_member, property_not_found, property_read
from hvsim.runtime.objects.statics import construct, get_static, invoke_static, set_static
from hvsim.runtime.objects.type_data import TypeData, property_order, type_data, type_member
from hvsim.runtime.objects.writing import set_member
from hvsim.runtime.type_names import type_names
from hvsim.runtime.values import NetObject, unwrap

__all__ = [
    "AdaptedProperty",
    "AliasProperty",
    "CodeMethod",
    "CodeProperty",
    "Member",
    "MemberSet",
    "NetMethod",
    "NetObject",
    "NetProperty",
    "NoteProperty",
    "PSObjectView",
    "ParameterizedProperty",
    "PropertySet",
    "ScriptMethod",
    "ScriptProperty",
    "TypeData",
    "add_member",
    "add_note",
    "call_group",
    "construct",
    "copy_object",
    "custom_object",
    "displayed",
    "extended_of",
    "extensible",
    "find_member",
    "find_property",
    "get_index",
    "get_member",
    "get_static",
    "invoke_member",
    "invoke_static",
    "members",
    "method_call",
    "method_not_found",
    "properties",
    "property_names",
    "property_not_found",
    "property_order",
    "property_read",
    "set_index",
    "set_member",
    "set_static",
    "type_data",
    "type_member",
    "type_names",
    "unwrap",
]
