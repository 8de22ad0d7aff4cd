# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``-Property`` means to Select-, Sort-, Group-, Measure-Object and the Format cmdlets: names, wildcards, script
blocks and tables with Name/Expression (PowerShell's ``MshExpression`` / ``PSPropertyExpression``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, objects, types, wildcard
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

    def read_quietly(self, ctx: ExecutionContext, value: Any, thrown: list[PSError] | None = None) -> tuple[bool, Any]:
        """As :meth:`read`; errors of a block go nowhere but to ``$Error``, what ends it counts as a null and is added to *thrown*."""
        if self.block is None:
            try:
                return self.read(ctx, value)
            except PSError as error:
                self._remember(ctx, error, thrown)
                return True, None
        streams, in_try = ctx.streams, ctx.in_try
        ctx.streams, ctx.in_try = streams.copy(), True
        ctx.streams.error = NULL_PIPE
        try:
            return self.read(ctx, value)
        except PSError as error:
            self._remember(ctx, error, thrown)
            return True, None
        finally:
            ctx.streams, ctx.in_try = streams, in_try

    def _remember(self, ctx: ExecutionContext, error: PSError, thrown: list[PSError] | None) -> None:
        if thrown is not None:
            thrown.append(error)
        if error.record is not None:
            ctx.append_error(error.record)


@dataclass(frozen=True)
class _Key:
    """One key of a calculated property (``HashtableEntryDefinition``); without types any value will do."""

    name: str
    types: tuple[str, ...] = ()
    other: str = ""

    def means(self, text: str) -> bool:
        """Whether a key, or the beginning of one, stands for this entry."""
        return any(known.lower().startswith(text.lower()) for known in (self.name, self.other) if known)


_STRING = ("System.String",)
_EXPRESSION = _Key("expression", ("System.String", "System.Management.Automation.ScriptBlock"))
_NAME = _Key("name", _STRING, "label")
_LABEL = _Key("label", _STRING, "name")
_FORMAT = _Key("formatString", _STRING)
#: What a calculated property of each family of cmdlets may have.
_DEFINITIONS: dict[str, tuple[_Key, ...]] = {
    "select": (_EXPRESSION, _NAME),
    "sort": (_EXPRESSION, _Key("ascending"), _Key("descending")),
    "group": (_EXPRESSION,),
    "list": (_EXPRESSION, _FORMAT, _LABEL),
    "html": (_EXPRESSION, _LABEL, _Key("alignment", _STRING), _Key("width", ("System.String", "System.Int32"))),
    "table": (_EXPRESSION, _FORMAT, _Key("width", ("System.Int32",)), _Key("alignment", _STRING), _LABEL),
}


def parse(command: Cmdlet, entries: Sequence[Any] | None, definition: str = "select") -> list[PropertyExpression]:
    """The entries of a ``-Property`` argument (``ParameterProcessor.ProcessParameters``).

    Raises:
        PSError: an entry that is no name, script block or table, or a table that the *definition* does not allow.
        Unsupported: another value for the ``simple`` definition, parameters of the type PSPropertyExpression.
    """
    return [_parse_one(command, entry, definition) for entry in entries or ()]


def _parse_one(command: Cmdlet, entry: Any, definition: str) -> PropertyExpression:
    entry = entry.base if type(entry) is PSObject else entry
    if definition == "simple" and not isinstance(entry, (ScriptBlock, str)):
        raise Unsupported(f"{types.display(types.of(entry))} as -Property of {command.metadata.name}")
    if isinstance(entry, Dictionary):
        found = _verified(command, entry, _DEFINITIONS[definition])
        expression = found.pop("expression")
        given = [found.pop(k) for k in ("name", "label") if k in found]
        return _expression(command, expression, given[0] or None if given else None, found, definition)
    if not isinstance(entry, (ScriptBlock, str)):
        legal = _listed(_EXPRESSION.types)
        text = f"The value of a parameter was null; one of the following types was expected: {legal}."
        if entry is not None:
            text = f"Cannot convert {types.of(entry).full_name} to one of the following types {legal}."
        raise _wrong(command, "DictionaryKeyUnknownType", text)
    return _expression(command, entry, None, {}, definition, table=False)


def _expression(
    command: Cmdlet, value: Any, label: str | None, options: dict[str, Any], definition: str, *, table: bool = True
) -> PropertyExpression:
    if isinstance(value, ScriptBlock):
        return PropertyExpression(convert.to_string(command.ctx, value), value, label, options)
    if not value:
        text = 'The "expression" key cannot have an empty string value.' if table else "An empty string value is not allowed."
        raise _wrong(command, "ExpressionEmptyString1" if table else "ExpressionEmptyString2", text)
    if definition == "group" and wildcard.contains_wildcard(value):
        text = f'Wildcard characters are not allowed in "{value}".'
        if table:
            text = f'The "expression" key cannot have wildcard characters in value "{value}".'
        raise _wrong(command, "ExpressionGlobbing1" if table else "ExpressionGlobbing2", text)
    return PropertyExpression(value, None, label, options)


def _verified(command: Cmdlet, table: Dictionary, keys: Sequence[_Key]) -> dict[str, Any]:
    """A table's entries under the full names of their keys, in lower case."""
    found: dict[str, Any] = {}
    for text, value in table.items():
        if not isinstance(text, str):
            shown = types.of(text).name
            raise _wrong(command, "DictionaryKeyNonString", f"The {shown} key type is not valid. The key must be a string.")
        value = value.base if type(value) is PSObject else value
        matches = [key for key in keys if text and key.means(text)]
        if not matches:
            raise _wrong(command, "DictionaryKeyIllegal", f"The {text} key is not valid.")
        if len(matches) > 1:
            message = f"The {text} key is ambiguous; {matches[0].name} and {matches[1].name} conflict."
            raise _wrong(command, "DictionaryKeyAmbiguous", message)
        if matches[0].name.lower() in found:
            raise _wrong(command, "DictionaryKeyDuplicate", f'The duplicated key "{text}" conflicts with "{matches[0].name}".')
        _check_type(command, text, value, matches[0])
        found[matches[0].name.lower()] = value
    if "expression" not in found:
        raise _wrong(command, "DictionaryKeyMandatoryEntry", "A mandatory entry for expression is missing.")
    return found


def _check_type(command: Cmdlet, text: str, value: Any, key: _Key) -> None:
    if not key.types:
        return
    if value is None:
        raise _wrong(command, "DictionaryKeyMissingValue", f"The {text} key has no value.")
    actual = types.of(value).full_name
    if actual in key.types:
        return
    several = len(key.types) > 1
    expected = f"expected types are {_listed(key.types)}" if several else f"expected type is {key.types[0]}"
    raise _wrong(
        command,
        "DictionaryKeyIllegalValue1" if several else "DictionaryKeyIllegalValue2",
        f'The "{text}" key has a type, {actual}, that is not valid; {expected}.',
    )


def _listed(names: Sequence[str]) -> str:
    return "{" + ", ".join(names) + "}"


def _wrong(command: Cmdlet, error_id: str, message: str) -> PSError:
    """The exception says nothing, the record's details do (``ThrowParameterBindingException``)."""
    kind = "System.NotSupportedException"
    record = command.record("Specified method is not supported.", error_id, "InvalidArgument", kind=kind)
    record.details = message
    return command.runtime.terminating(record)


def _keys(ctx: ExecutionContext, value: Any) -> list[str]:
    """The keys of a hash table, which go before its properties in PowerShell 7 (``IfHashtableWrapAsPSCustomObject``)."""
    value = value.base if type(value) is PSObject else value
    if type(value) is not Hashtable or ctx.edition == "5.1":
        return []
    return [key for key, _ in value.items() if isinstance(key, str)]


def resolve(ctx: ExecutionContext, expression: PropertyExpression, value: Any) -> list[PropertyExpression]:
    """The names that a name stands for on an object: those a wildcard matches, those of a property set; anything else itself."""
    extended = getattr(value, "extended", None) or {}
    keys = _keys(ctx, value)
    if keys and expression.block is None:
        matcher = wildcard.compile(expression.name) if expression.has_wildcards else None
        lowered = expression.name.lower()
        found = [key for key in keys if (matcher(key) if matcher else key.lower() == lowered)]
        if found:
            return [PropertyExpression(key, None, expression.label) for key in (found if matcher else found[:1])]
    if not expression.has_wildcards:
        member = extended.get(expression.name.lower()) if expression.block is None else None
        if isinstance(member, objects.PropertySet):
            return [PropertyExpression(name, None, expression.label) for name in member.names]
        return [expression]
    matcher = wildcard.compile(expression.name)
    names = [m.name for m in objects.properties(ctx, value) if matcher(m.name)]
    for member in extended.values():
        if isinstance(member, objects.PropertySet) and matcher(member.name):
            names += [name for name in member.names if name.lower() not in {n.lower() for n in names}]
    return [PropertyExpression(name, None, expression.label) for name in names]
