# SPDX-License-Identifier: GPL-3.0-or-later
"""Indexers as PowerShell's .NET adapter lists them: parameterized properties.

The recorded metadata has neither their parameters nor their access, so both stand here, from the class library's documentation. What
a type implements for an interface only (``IList.Item`` of arrays, ``IDictionary.Item`` of generic dictionaries) is listed with the
interface's name, and only if no indexer of the type itself takes the same parameters
(PowerShell's ``CoreAdapter.cs: PopulatePropertyReflectionTable``, ``PropertyAlreadyPresent``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import members as net_members
from hvsim.runtime import types
from hvsim.runtime.member_info import Member
from hvsim.runtime.signatures import resolve_type
from hvsim.runtime.types import NetType

_DICTIONARY = "System.Object IDictionary.Item(System.Object key) get;set;"
_UNTYPED = "System.Object Item(System.Object key) get;set;"
_LISTED = "System.Object Item(int index) get;set;"
_NODE = "System.Xml.XmlElement Item(string name) get;"
_NODE_NS = "System.Xml.XmlElement Item(string localname, string ns) get;"
_REGEX = "System.Text.RegularExpressions."

#: Definitions by type, with the accessors at the end instead of in braces.
_INDEXERS: dict[str, tuple[str, ...]] = {
    "System.String": ("char Chars(int index) get;",),
    "System.Text.StringBuilder": ("char Chars(int index) get;set;",),
    "System.Array": ("System.Object IList.Item(int index) get;set;",),
    "System.Collections.ArrayList": (_LISTED,),
    "System.Collections.BitArray": ("bool Item(int index) get;set;",),
    "System.Collections.Hashtable": (_UNTYPED,),
    "System.Collections.SortedList": (_UNTYPED,),
    "System.Collections.Specialized.HybridDictionary": (_UNTYPED,),
    "System.Collections.Specialized.ListDictionary": (_UNTYPED,),
    "System.Collections.Specialized.NameValueCollection": ("string Item(string name) get;set;", "string Item(int index) get;"),
    "System.Collections.Specialized.OrderedDictionary": (_LISTED, _UNTYPED),
    "System.Collections.Generic.List`1": ("T Item(int index) get;set;",),
    "System.Collections.ObjectModel.Collection`1": ("T Item(int index) get;set;",),
    "System.Collections.ObjectModel.ReadOnlyCollection`1": ("T Item(int index) get;",),
    "System.Collections.Generic.Dictionary`2": ("TValue Item(TKey key) get;set;", _DICTIONARY),
    "System.Collections.Generic.SortedDictionary`2": ("TValue Item(TKey key) get;set;", _DICTIONARY),
    "System.Collections.Generic.SortedList`2": ("TValue Item(TKey key) get;set;", _DICTIONARY),
    _REGEX + "CaptureCollection": (f"{_REGEX}Capture Item(int i) get;",),
    _REGEX + "MatchCollection": (f"{_REGEX}Match Item(int i) get;",),
    _REGEX + "GroupCollection": (f"{_REGEX}Group Item(int groupnum) get;", f"{_REGEX}Group Item(string groupname) get;"),
    "System.Xml.XmlNode": (_NODE, _NODE_NS),
}

#: In lower case: what a member has to be called to be looked for here at all.
NAMES = frozenset(("item", "chars"))

_found: dict[NetType, tuple[str, ...]] = net_members.new_cache()


class ParameterizedProperty(Member):
    """An indexer; also what ``$s.Chars`` (without parentheses) gives."""

    __slots__ = ("declaring", "definitions")
    NET = "System.Management.Automation.PSParameterizedProperty"
    kind = "ParameterizedProperty"
    is_property = False

    def __init__(self, name: str, net_type: NetType, definitions: Sequence[str], owner: Any = None) -> None:
        super().__init__(name, owner)
        self.declaring = net_type
        self.definitions = list(definitions)

    @property
    def settable(self) -> bool:  # type: ignore[override]
        return any("set;" in text for text in self.definitions)

    def get(self, ctx: Any, owner: Any) -> Any:
        return self

    def invoke(self, ctx: Any, owner: Any, args: Sequence[Any]) -> Any:
        from hvsim.runtime.objects import invoke_member

        return invoke_member(ctx, owner, self.name, args)

    def type_name(self, ctx: Any = None) -> str:
        """The type of all its overloads, ``System.Object`` where they differ."""
        texts = {text.partition(" ")[0] for text in self.definitions}
        found = types.find(texts.pop()) if len(texts) == 1 else None
        return found.full_name if found is not None else "System.Object"

    def copy(self) -> ParameterizedProperty:
        return ParameterizedProperty(self.name, self.declaring, self.definitions)


def find(net_type: NetType, value: Any, key: str) -> ParameterizedProperty | None:
    """The indexer that goes by this name in lower case.

    Raises:
        Unsupported: the type has one, and nobody has written down how it is declared.
    """
    found = of(net_type, value)
    if found is not None:
        return found if found.name.lower() == key else None
    if key == "item" and net_members.find_indexer(net_type) is not None:
        raise Unsupported(f"the definition of {types.display(net_type)}.Item")
    return None


def of(net_type: NetType, value: Any) -> ParameterizedProperty | None:
    """The parameterized property of a type, bound to a value, None without one (or without a known one)."""
    texts = _found.get(net_type)
    if texts is None:
        texts = _found[net_type] = tuple(_definitions(net_type))
    if not texts:
        return None
    name = texts[0].partition("(")[0].rpartition(" ")[2].rpartition(".")[2]
    return ParameterizedProperty(name, net_type, texts, value)


def _definitions(net_type: NetType) -> list[str]:
    for level in net_type.hierarchy():
        rows = _INDEXERS.get((level.definition or level).full_name)
        if rows is not None:
            texts = [_resolved(row, level) for row in rows]
            taken = texts[0].partition("(")[2].partition(" ")[0]
            return [text for text in texts if text is texts[0] or "IDictionary." not in text or taken != "System.Object"]
    return []


def _resolved(row: str, level: NetType) -> str:
    """``TValue Item(TKey key) get;`` of ``Dictionary[string,int]`` -> ``int Item(string key) {get;}``."""
    head, _, access = row.rpartition(" ")
    returns, _, rest = head.partition(" ")
    name, _, inside = rest.rstrip(")").partition("(")
    parameters = [_shown(part.partition(" ")[0], level) + " " + part.partition(" ")[2] for part in inside.split(", ")]
    return f"{_shown(returns, level)} {name}({', '.join(parameters)}) {{{access}}}"


def _shown(type_text: str, level: NetType) -> str:
    found = resolve_type(type_text, level)
    return types.display(found) if found is not None else type_text
