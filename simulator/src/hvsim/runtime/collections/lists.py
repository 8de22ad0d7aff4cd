# SPDX-License-Identifier: GPL-3.0-or-later
"""The growing lists. They are Python lists, as :class:`~hvsim.runtime.values.Array` is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.types import NetType

_GENERIC = "System.Collections.Generic."


class NetList(list[Any]):
    """Base of the growing lists: compares by identity, carries added members."""

    __slots__ = ("__weakref__", "capacity", "extended", "type_names")
    NET: ClassVar[str] = "System.Collections.ArrayList"

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.capacity = len(self)
        self.extended: dict[str, Any] | None = None
        self.type_names: list[str] | None = None

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def walk(self) -> Iterator[Any]:
        """The elements, as an enumerator gives them: it stops with an error once the list has changed its size."""
        size = len(self)
        for index in range(size):
            yield self[index]
            if len(self) != size:
                raise net_error(
                    "System.InvalidOperationException",
                    "Collection was modified; enumeration operation may not execute.",
                )


class ArrayList(NetList):
    """``System.Collections.ArrayList``."""

    __slots__ = ("fixed_size", "read_only")
    NET: ClassVar[str] = "System.Collections.ArrayList"

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.fixed_size = self.read_only = False


class GenericList(NetList):
    """``List[T]``; subclasses are the other generic lists.

    ``from_cmdlet``: New-Object made it, so the references that nothing has converted are wrapped in a ``PSObject``.
    """

    __slots__ = ("_net_type", "element_type", "from_cmdlet")
    DEFINITION: ClassVar[str] = _GENERIC + "List`1"

    def __init__(self, items: Iterable[Any] = (), element_type: NetType | None = None) -> None:
        super().__init__(items)
        self.element_type = element_type or types.OBJECT
        self.from_cmdlet = False
        self._net_type: NetType | None = None

    @property
    def net_type(self) -> NetType:
        if self._net_type is None:
            self._net_type = types.generic(types.get(self.DEFINITION), self.element_type)
        return self._net_type


class Collection(GenericList):
    """``System.Collections.ObjectModel.Collection[T]``, what ``ScriptBlock.Invoke`` and ``.Where()`` return."""

    __slots__ = ()
    DEFINITION: ClassVar[str] = "System.Collections.ObjectModel.Collection`1"

    def __init__(self, items: Iterable[Any] = (), element_type: NetType | None = None) -> None:
        super().__init__(items, element_type or types.PSOBJECT)


class ReadOnlyCollection(GenericList):
    """``System.Collections.ObjectModel.ReadOnlyCollection[T]``."""

    __slots__ = ()
    DEFINITION: ClassVar[str] = "System.Collections.ObjectModel.ReadOnlyCollection`1"
