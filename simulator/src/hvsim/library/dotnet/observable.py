# SPDX-License-Identifier: GPL-3.0-or-later
"""``ObservableCollection``: a collection that can move elements; its events are refused."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.library.dotnet.lists import elements_of, out_of_range
from hvsim.runtime.collections import Collection
from hvsim.runtime.members import constructor, method
from hvsim.runtime.types import NetType

_NAME = "System.Collections.ObjectModel.ObservableCollection`1"


class ObservableCollection(Collection):
    __slots__ = ()
    DEFINITION: ClassVar[str] = _NAME


@constructor(_NAME, overloads=["()", "(System.Collections.Generic.IEnumerable[T])"])
def _new(net_type: NetType, *args: Any) -> ObservableCollection:
    return ObservableCollection(elements_of(args[0], "collection") if args else (), net_type.arguments[0])


@method(_NAME, "Move", overloads=["(int, int) -> void"])
def _move(self: ObservableCollection, old: int, new: int) -> None:
    if not 0 <= old < len(self) or not 0 <= new < len(self):
        raise out_of_range()
    self.insert(new, self.pop(old))
