# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that .NET's types implement for their interfaces alone; PowerShell offers those of public interfaces as well
(``DotNetAdapter.PopulateMethodReflectionTable`` and ``PopulatePropertyReflectionTable`` walk ``GetInterfaces()``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import members, types
from hvsim.runtime.collections import CollectionView, Dictionary, GenericDictionary, ReadOnlyCollection
from hvsim.runtime.members import getter, method
from hvsim.runtime.objects import unwrap
from hvsim.runtime.types import NetType

_CONVERTIBLE = "System.IConvertible"
_COLLECTION = "System.Collections.ICollection"
_LIST = "System.Collections.IList"
_GENERIC_COLLECTION = "System.Collections.Generic.ICollection`1"
_DICTIONARY = "System.Collections.IDictionary"

# --- IConvertible: what Convert does with the value --------------------------------------------------------------------------

_TARGETS = {
    "ToBoolean": "bool",
    "ToByte": "byte",
    "ToChar": "char",
    "ToDateTime": "datetime",
    "ToDecimal": "decimal",
    "ToDouble": "double",
    "ToInt16": "short",
    "ToInt32": "int",
    "ToInt64": "long",
    "ToSByte": "sbyte",
    "ToSingle": "float",
    "ToUInt16": "ushort",
    "ToUInt32": "uint",
    "ToUInt64": "ulong",
}


def _conversion(name: str) -> Callable[[Any, Any, Any], Any]:
    def convert(ctx: Any, self: Any, provider: Any) -> Any:
        group = members.find_method(types.get("System.Convert"), name, static=True)
        assert group is not None
        return group.function(ctx, self, provider) if group.context else group.function(self, provider)

    return convert


for _name, _type in _TARGETS.items():
    method(_CONVERTIBLE, _name, overloads=[f"(System.IFormatProvider) -> {_type}"], context=True)(_conversion(_name))


@method(_CONVERTIBLE, "ToType", overloads=["(type, System.IFormatProvider) -> System.Object"], context=True)
def _to_type(ctx: Any, self: Any, target: NetType, provider: Any) -> Any:
    group = members.find_method(types.get("System.Convert"), "ChangeType", static=True)
    assert group is not None
    return group.function(ctx, self, target, provider)


# --- collections ------------------------------------------------------------------------------------------------------------


def _read_only(self: Any) -> bool:
    return isinstance(self, (ReadOnlyCollection, CollectionView)) or bool(getattr(self, "read_only", False))


getter(_COLLECTION, "SyncRoot", type="System.Object")(lambda self: self)
getter(_COLLECTION, "IsSynchronized", type="bool")(lambda self: False)
getter(_LIST, "IsReadOnly", type="bool")(_read_only)
getter(_LIST, "IsFixedSize", type="bool")(lambda self: _read_only(self) or bool(getattr(self, "fixed_size", False)))
getter(_GENERIC_COLLECTION, "IsReadOnly", type="bool")(_read_only)


@method(_DICTIONARY, "Contains", overloads=["(System.Object) -> bool"])
def _contains(self: Dictionary, key: Any) -> bool:
    """A key of another type is not in a generic dictionary; nothing is converted."""
    from hvsim.library.dotnet.collections import null_argument

    key = unwrap(key)
    if key is None:
        raise null_argument("key")
    if isinstance(self, GenericDictionary) and not self.key_type.is_assignable_from(types.of(key)):
        return False
    return self.contains(key)


# --- enumerators whose class is not known -----------------------------------------------------------------------------------

_ENUMERATOR = "System.Collections.IEnumerator"


def _class_of(self: Any) -> NetType:
    found = types.of(self)
    if found.full_name == _ENUMERATOR:
        raise Unsupported("the class of an enumerator")
    return found


method(_ENUMERATOR, "GetType", overloads=["() -> type"])(_class_of)
method(_ENUMERATOR, "ToString", overloads=["() -> string"])(lambda self: types.type_to_string(_class_of(self)))
method(_ENUMERATOR, "Equals", overloads=["(System.Object) -> bool"])(lambda self, other: self is unwrap(other))
