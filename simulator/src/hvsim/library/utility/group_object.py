# SPDX-License-Identifier: GPL-3.0-or-later
"""Group-Object."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, ClassVar

from hvsim.library.utility import property_expressions as expressions
from hvsim.library.utility.sort_object import MISSING, check_culture, order_values, sort_value
from hvsim.runtime import convert, objects, types
from hvsim.runtime.collections import ArrayList, Collection, Hashtable
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter
from hvsim.runtime.structs import SwitchParameter
from hvsim.runtime.types import net_class
from hvsim.runtime.values import NetObject, PSObject

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
        check_culture(self)
        self.ignore_case = self.arg("CaseSensitive") is not True
        self.entries: list[expressions.PropertyExpression] | None = None
        self.rows: list[tuple[list[Any], Any]] = []
        self.kinds: list[types.NetType | None] = []
        self.mixed = False
        self.groups: list[tuple[list[Any], GroupInfo]] = []

    def process(self) -> None:
        value = self.arg("InputObject")
        if value is None:
            return
        if self.entries is None:
            self.entries = expressions.parse(self, self.arg("Property", []), "group")
            self._check_switches()
        values = [sort_value(self, entry, value) for entry in self.entries] if self.entries else [value]
        self.rows.append((values, value))
        if not self.mixed:
            self._note_kinds(values)

    def _check_switches(self) -> None:
        """Said with the first object, not before (``GroupObjectCommand.ProcessRecord``)."""
        table, text = self.arg("AsHashTable") is True, self.arg("AsString") is True
        if text and not table:
            raise self._refused(
                "The command cannot be run because the AsString parameter requires that you specify the AsHashtable parameter.",
                SwitchParameter(True),
            )
        if table and not text and len(self.arg("Property") or []) > 1:
            raise self._refused(
                "The command cannot be run because using the AsHashTable parameter with more than one property requires adding the "
                "AsString parameter.",
                self.args["Property"],
            )

    def _refused(self, message: str, target: Any) -> PSError:
        return self.fail(message, "ArgumentException", "InvalidArgument", target, kind="System.ArgumentException")

    def _note_kinds(self, values: list[Any]) -> None:
        """Whether every property has one type on all objects: only then do the groups come in order."""
        kinds = [None if v is None or v is MISSING else types.of(objects.unwrap(v)) for v in values]
        if not self.kinds:
            self.kinds = kinds
            return
        for number, (known, kind) in enumerate(zip(self.kinds, kinds, strict=True)):
            if known is None:
                self.kinds[number] = kind
            elif kind is not None and kind is not known:
                self.mixed = True

    def end(self) -> None:
        if self.mixed:
            for values, value in self.rows:
                self._place(values, value, self.groups)
        else:
            self._group_in_order()
        groups = [group for _, group in self.groups]
        if self.arg("AsHashTable") is True:
            self._write_table(groups)
            return
        for group in groups:
            self.write(group)

    def _group_in_order(self) -> None:
        """Sorted and stable; the groups of objects without any value are one, wherever they come."""
        empty: list[tuple[list[Any], GroupInfo]] = []
        for values, value in sorted(self.rows, key=cmp_to_key(self._order)):
            if not any(v is not None and v is not MISSING for v in values):
                self._place(values, value, empty)
                if len(empty) == 1 and empty[0] not in self.groups:
                    self.groups.append(empty[0])
                continue
            before = self.groups[-1:]
            known = len(before)
            self._place(values, value, before)
            self.groups += before[known:]

    def _place(self, values: list[Any], value: Any, groups: list[tuple[list[Any], GroupInfo]]) -> None:
        """Into the first of the groups that it equals, or a new one."""
        for row, group in groups:
            if all(self._equal(a, b) for a, b in zip(row, values, strict=True)):
                group.members.append(value)
                return
        shown = [None if v is MISSING else v for v in values]
        kind = GroupInfoNoElement if self.arg("NoElement") is True else GroupInfo
        made = kind(shown, ", ".join(self._text(v) for v in shown if v is not None))
        made.members.append(value)
        groups.append((values, made))

    def _equal(self, a: Any, b: Any) -> bool:
        """A missing property and a null one are the same here, though they are not for the order."""
        a, b = (None if v is MISSING else v for v in (a, b))
        return order_values(self.ctx, a, b, ignore_case=self.ignore_case) == 0

    def _order(self, a: tuple[list[Any], Any], b: tuple[list[Any], Any]) -> int:
        for x, y in zip(a[0], b[0], strict=True):
            if x is MISSING or y is MISSING:
                result = (x is MISSING) - (y is MISSING)
            else:
                result = order_values(self.ctx, x, y, ignore_case=self.ignore_case)
            if result:
                return result
        return 0

    def _text(self, value: Any) -> str:
        """What stands in a group's name: ``ToString()``, collections in braces (``BuildName``)."""
        items = convert.enumerate(value)
        if items is not None:
            return "{" + ", ".join(self._item_text(v) for v in items) + "}"
        if self.entries and type(value) is not PSObject:
            return convert.net_string(self.ctx, value)
        return convert.culture_string(self.ctx, value)

    def _item_text(self, item: Any) -> str:
        if item is None:
            text, kind = "Object reference not set to an instance of an object.", "System.NullReferenceException"
            raise self.fail(text, kind, "NotSpecified", kind=kind)
        return convert.net_string(self.ctx, item)

    def _write_table(self, groups: list[GroupInfo]) -> None:
        if not groups:
            return
        table = Hashtable(ignore_case=self.ignore_case)
        for group in groups:
            key = group.text if self.arg("AsString") is True else objects.unwrap(group.values[0])
            if key is None or table.contains(key):
                # The id of this error is its message (``WriteNonTerminatingError``).
                text = (
                    "The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value "
                    "for the property, and then try again."
                )
                self.error(text, text, "InvalidArgument", kind="System.Exception")
                return
            table.set(key, _group(group))
        self.write(table)
