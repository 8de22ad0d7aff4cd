# SPDX-License-Identifier: GPL-3.0-or-later
"""The collections of .NET: dictionaries, lists, sets, queues, and the views and entries they hand out.

Lists subclass Python's ``list`` (as :class:`~hvsim.runtime.values.Array` does), everything else is a ``NetObject``.
All enumerate with plain ``iter``: dictionaries yield entries (:class:`DictionaryEntry` or :class:`KeyValuePair`).
Members that scripts see are registered in ``hvsim.library.dotnet.collections``; this package holds state and rules.
"""

from __future__ import annotations

from hvsim.runtime.collections.dictionaries import (
    CollectionView,
    Dictionary,
    GenericDictionary,
    Hashtable,
    OrderedDictionary,
    SortedDictionary,
)
from hvsim.runtime.collections.entries import DictionaryEntry, Enumerator, KeyValuePair
from hvsim.runtime.collections.keys import fold, key_of
from hvsim.runtime.collections.lists import ArrayList, Collection, GenericList, NetList, ReadOnlyCollection
from hvsim.runtime.collections.sets import HashSet, ItemSequence, LinkedList, LinkedListNode, Queue, SortedSet, Stack

__all__ = [
    "ArrayList",
    "Collection",
    "CollectionView",
    "Dictionary",
    "DictionaryEntry",
    "Enumerator",
    "GenericDictionary",
    "GenericList",
    "HashSet",
    "Hashtable",
    "ItemSequence",
    "KeyValuePair",
    "LinkedList",
    "LinkedListNode",
    "NetList",
    "OrderedDictionary",
    "Queue",
    "ReadOnlyCollection",
    "SortedDictionary",
    "SortedSet",
    "Stack",
    "fold",
    "key_of",
]
