# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``-Property`` means to Select-, Sort-, Group-, Measure-Object and the Format cmdlets: names, wildcards, script
blocks and tables with Name/Expression (PowerShell's ``MshExpression`` / ``PSPropertyExpression``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hvsim.runtime import convert, objects, wildcard
from hvsim.runtime.collections import Dictionary, Hashtable
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.streams import NULL_PIPE, Collector, collapse
from hvsim.runtime.values import AUTOMATION_NULL, PSObject


@dataclass
class PropertyExpression:
    """One entry. ``name`` is a property name or pattern unless ``block`` is set; ``label`` the given Name."""

    name: str
    block: ScriptBlock | None = None
    label: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.label if self.label is not None else self.name

    @property
    def has_wildcards(self) -> bool:
        return self.block is None and wildcard.contains_wildcard(self.name)

    def read(self, ctx: ExecutionContext, value: Any) -> tuple[bool, Any]:
        """(found, value) for one object; errors of a block or getter propagate."""
        if self.block is not None:
            collector = Collector()
            self.block.run(ctx, collector, (), new_scope=True, dollar_underbar=value)
            result = collapse(collector.items)
            return True, None if result is AUTOMATION_NULL else result
        if type(value) is Hashtable and ctx.edition != "5.1" and value.contains(self.name):
            return True, value.get(self.name)
        member = objects.find_property(ctx, value, self.name) if value is not None else None
        return (False, None) if member is None else (True, member.get(ctx, value))

    def read_quietly(self, ctx: ExecutionContext, value: Any) -> tuple[bool, Any]:
        """As :meth:`read`; errors of a block go nowhere but to ``$Error``, an error counts as a null."""
        if self.block is None:
            try:
                return self.read(ctx, value)
            except PSError as error:
                self._remember(ctx, error)
                return True, None
        streams, in_try = ctx.streams, ctx.in_try
        ctx.streams, ctx.in_try = streams.copy(), True
        ctx.streams.error = NULL_PIPE
        try:
            return self.read(ctx, value)
        except PSError as error:
            self._remember(ctx, error)
            return True, None
        finally:
            ctx.streams, ctx.in_try = streams, in_try

    def _remember(self, ctx: ExecutionContext, error: PSError) -> None:
        if error.record is not None:
            ctx.append_error(error.record)


def parse(command: Cmdlet, entries: Sequence[Any] | None, *, keys: Sequence[str] = ("name", "label", "expression")) -> list[PropertyExpression]:
    """The entries of a ``-Property`` argument.

    Raises:
        PSError: a table with a key that is not one of *keys*, without Expression, or an unusable entry.
    """
    return [_parse_one(command, entry, keys) for entry in entries or ()]


def _parse_one(command: Cmdlet, entry: Any, keys: Sequence[str]) -> PropertyExpression:
    entry = entry.base if type(entry) is PSObject else entry
    if isinstance(entry, ScriptBlock):
        return PropertyExpression(convert.to_string(command.ctx, entry), entry)
    if isinstance(entry, Dictionary):
        return _parse_table(command, entry, keys)
    return PropertyExpression(convert.to_string(command.ctx, entry))


def _parse_table(command: Cmdlet, table: Dictionary, keys: Sequence[str]) -> PropertyExpression:
    found: dict[str, Any] = {}
    for key, value in table.items():
        text = convert.to_string(command.ctx, key)
        matches = [k for k in keys if k.startswith(text.lower())] if text else []
        if not matches:
            raise command.fail(
                f"The {text} key is not valid.",
                "DictionaryKeyIllegal",
                "InvalidArgument",
                kind="System.NotSupportedException",
            )
        found[matches[0]] = value
    label = next((convert.to_string(command.ctx, found[k]) for k in ("name", "label") if k in found), None)
    if "expression" not in found:
        raise command.fail(
            'The "expression" key is missing.' if label is None else "The Expression key is missing.",
            "DictionaryKeyMandatoryEntry",
            "InvalidArgument",
            kind="System.NotSupportedException",
        )
    expression = found.pop("expression")
    expression = expression.base if type(expression) is PSObject else expression
    options = {k: v for k, v in found.items() if k not in ("name", "label")}
    if isinstance(expression, ScriptBlock):
        return PropertyExpression(convert.to_string(command.ctx, expression), expression, label, options)
    return PropertyExpression(convert.to_string(command.ctx, expression), None, label, options)


def resolve(ctx: ExecutionContext, expression: PropertyExpression, value: Any) -> list[PropertyExpression]:
    """The names that a name stands for on an object: those a wildcard matches, those of a property set; anything else itself."""
    extended = getattr(value, "extended", None) or {}
    if not expression.has_wildcards:
        member = extended.get(expression.name.lower()) if expression.block is None else None
        if isinstance(member, objects.PropertySet):
            return [PropertyExpression(name) for name in member.names]
        return [expression]
    matcher = wildcard.compile(expression.name)
    names = [m.name for m in objects.properties(ctx, value) if matcher(m.name)]
    for member in extended.values():
        if isinstance(member, objects.PropertySet) and matcher(member.name):
            names += [name for name in member.names if name.lower() not in {n.lower() for n in names}]
    return [PropertyExpression(name) for name in names]
