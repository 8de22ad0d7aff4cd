# SPDX-License-Identifier: GPL-3.0-or-later
"""Group-Object."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.sort_object import MISSING, check_culture, order_values
from hvsim.runtime import convert, types
from hvsim.runtime.collections import ArrayList, Collection, Hashtable
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.members import getter
from hvsim.runtime.types import net_class
from hvsim.runtime.values import NetObject

_GROUP = "Microsoft.PowerShell.Commands.GroupInfo"


@net_class(_GROUP)
class GroupInfo(NetObject):
    """One group: its values (one per property), the text of them and the objects."""

    __slots__ = ("group", "members", "text", "values")
    NET: ClassVar[str] = _GROUP

    def __init__(self, values: list[Any], text: str) -> None:
        self.values = values
        self.text = text
        self.members: list[Any] = []
        self.group: Any = None


_NO_ELEMENT = "Microsoft.PowerShell.Commands.GroupInfoNoElement"


@net_class(_NO_ELEMENT, base=_GROUP)
class GroupInfoNoElement(GroupInfo):
    __slots__ = ("tally",)
    NET: ClassVar[str] = _NO_ELEMENT


@getter(_GROUP, "Values")
def _values(group: GroupInfo) -> Any:
    return ArrayList(group.values)


@getter(_GROUP, "Count")
def _count(group: GroupInfo) -> int:
    return len(group.members)


@getter(_GROUP, "Group")
def _group(group: GroupInfo) -> Any:
    if group.group is None:
        kept = [] if isinstance(group, GroupInfoNoElement) else group.members
        group.group = Collection(kept, types.get("System.Management.Automation.PSObject"))
    return group.group


@getter(_GROUP, "Name")
def _name(group: GroupInfo) -> str:
    return group.text


@cmdlet(
    "Group-Object", parameters=("InputObject", "Property", "NoElement", "AsHashTable", "AsString", "CaseSensitive", "Culture")
)
class GroupObject(Cmdlet):
    """Groups objects with equal properties; groups in the order of their values (PowerShell 7)."""

    def begin(self) -> None:
        if self.arg("AsString") is True and self.arg("AsHashTable") is not True:
            raise self.fail(
                "The command cannot be run because the AsString parameter requires that you specify the AsHashtable parameter.",
                "ArgumentException",
                "InvalidArgument",
                self._as_string_target(),
                kind="System.ArgumentException",
            )
        if len(self.arg("Property") or []) > 1 and self.arg("AsHashTable") is True and self.arg("AsString") is not True:
            raise self.fail(
                "The command cannot be run because using the AsHashTable parameter with more than one property requires adding the "
                "AsString parameter.",
                "ArgumentException",
                "InvalidArgument",
                self.args["Property"],
                kind="System.ArgumentException",
            )
        check_culture(self)
        self.entries = expressions.parse(self, self.arg("Property", []), "group")
        self.ignore_case = self.arg("CaseSensitive") is not True
        self.groups: list[tuple[list[Any], GroupInfo]] = []
        self.index: dict[Any, list[int]] = {}

    def _as_string_target(self) -> Any:
        from hvsim.runtime.structs import SwitchParameter

        return SwitchParameter(True)

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None and not self.expects_input:
            return
        values = self._values(value)
        group = self._find(values)
        group.members.append(value)

    def _values(self, value: Any) -> list[Any]:
        if not self.entries:
            return [value]
        row = []
        for entry in self.entries:
            found, content = entry.read_quietly(self.ctx, value)
            row.append(content if found else MISSING)
        return row

    def _find(self, values: list[Any]) -> GroupInfo:
        key = tuple(self._hint(v) for v in values)
        for number in self.index.get(key, ()):
            row, group = self.groups[number]
            if all(self._equal(a, b) for a, b in zip(row, values, strict=True)):
                return group
        shown = [None if v is MISSING else v for v in values]
        kind = GroupInfoNoElement if self.arg("NoElement") is True else GroupInfo
        group = kind(shown, ", ".join(self._text(v) for v in shown))
        self.index.setdefault(key, []).append(len(self.groups))
        self.groups.append((values, group))
        return group

    def _hint(self, value: Any) -> Any:
        """Equal values have equal hints; most others differ, which saves comparisons."""
        if value is MISSING or value is None:
            return None
        return self._text(value).lower()

    def _equal(self, a: Any, b: Any) -> bool:
        a, b = (None if v is MISSING else v for v in (a, b))
        return order_values(self.ctx, a, b, ignore_case=self.ignore_case) == 0

    def _text(self, value: Any) -> str:
        items = convert.enumerate(value)
        if items is not None:
            return "{" + ", ".join(convert.to_string(self.ctx, v) for v in items) + "}"
        return convert.to_string(self.ctx, value)

    def end(self) -> None:
        groups = self._ordered()
        if self.arg("AsHashTable") is not True:
            for group in groups:
                self.write(group)
            return
        if not groups:
            return
        table = Hashtable(ignore_case=self.ignore_case)
        for group in groups:
            key = group.text if self.arg("AsString") is True else group.values[0]
            if key is None or key is MISSING:
                raise Unsupported("Group-Object -AsHashTable of objects without the property")
            table.set(key, _group(group))
        self.write(table)

    def _ordered(self) -> list[GroupInfo]:
        def order(a: tuple[list[Any], GroupInfo], b: tuple[list[Any], GroupInfo]) -> int:
            for x, y in zip(a[0], b[0], strict=True):
                x, y = (None if v is MISSING else v for v in (x, y))
                result = order_values(self.ctx, x, y, ignore_case=self.ignore_case)
                if result:
                    return result
            return 0

        return [group for _, group in sorted(self.groups, key=cmp_to_key(order))]
