# SPDX-License-Identifier: GPL-3.0-or-later
"""``.Where()`` and ``.ForEach()``, which every value has (PowerShell's ``EnumerableOps``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.runtime import types
from hvsim.runtime.collections import Collection
from hvsim.runtime.errors import runtime_error
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, NetObject, PSObject

_MODES = "System.Management.Automation.WhereOperatorSelectionMode"


def call(ctx: Any, value: Any, key: str, args: Sequence[Any]) -> Any:
    """Calls ``where`` or ``foreach`` on *value*."""
    items = _items(value)
    return _where(ctx, items, args) if key == "where" else _for_each(ctx, items, args)


def _items(value: Any) -> list[Any]:
    from hvsim.runtime import convert

    if value is None or value is AUTOMATION_NULL:
        return []
    walked = convert.enumerate(value)
    return [value] if walked is None else list(walked)


def _is_script_block(value: Any) -> bool:
    return isinstance(value, NetObject) and types.of(value).full_name == "System.Management.Automation.ScriptBlock"


def _overload_error(name: str, count: int) -> Exception:
    from hvsim.runtime import members

    return members.method_error(
        "MethodCountCouldNotFindBest", f'Cannot find an overload for "{name}" and the argument count: "{count}".'
    )


def _where(ctx: Any, items: list[Any], args: Sequence[Any]) -> Any:
    from hvsim.runtime import convert

    if not args or len(args) > 3 or not _is_script_block(args[0]):
        raise _overload_error("Where", len(args))
    mode = 0 if len(args) < 2 else convert.to(ctx, args[1], types.get(_MODES)).value
    limit = convert.to(ctx, args[2], types.INT) if len(args) > 2 else 0
    if limit < 0:
        raise runtime_error(
            "NumberToReturnMustBeGreaterThanZero",
            "The 'numberToReturn' argument must be greater than 0.",
        )

    def matches(item: Any) -> bool:
        return convert.to_bool(ctx.invoke_value(args[0], (), dollar_underbar=item))

    return _SELECT[mode](items, matches, limit)


def _default(items: list[Any], matches: Any, limit: int) -> Any:
    found = Collection()
    for item in items:
        if matches(item):
            found.append(item)
            if limit and len(found) >= limit:
                break
    return found


def _first(items: list[Any], matches: Any, limit: int) -> Any:
    return _default(items, matches, limit or 1)


def _last(items: list[Any], matches: Any, limit: int) -> Any:
    return Collection(_default(items, matches, 0)[-(limit or 1) :])


def _skip_until(items: list[Any], matches: Any, limit: int) -> Any:
    for position, item in enumerate(items):
        if matches(item):
            rest = items[position:]
            return Collection(rest[:limit] if limit else rest)
    return Collection()


def _until(items: list[Any], matches: Any, limit: int) -> Any:
    found = Collection()
    for item in items:
        if matches(item):
            break
        found.append(item)
        if limit and len(found) >= limit:
            break
    return found


def _split(items: list[Any], matches: Any, limit: int) -> Any:
    yes, no = Collection(), Collection()
    for item in items:
        if limit and len(yes) >= limit:
            no.append(item)
        else:
            (yes if matches(item) else no).append(item)
    return Array([yes, no])


_SELECT = (_default, _first, _last, _skip_until, _until, _split)


def _for_each(ctx: Any, items: list[Any], args: Sequence[Any]) -> Any:
    from hvsim.runtime import convert

    if not args:
        raise _overload_error("ForEach", 0)
    what, rest = args[0], list(args[1:])
    what = what.base if type(what) is PSObject else what
    found = Collection()
    if isinstance(what, NetType):
        found.element_type = what
        for item in items:
            found.append(_converted(ctx, item, what))
    elif _is_script_block(what):
        for item in items:
            found.extend(ctx.invoke(what, rest, dollar_underbar=item))
    else:
        name = convert.to_string(ctx, what)
        for item in items:
            _by_name(ctx, item, name, rest, found)
    return found


def _converted(ctx: Any, item: Any, target: NetType) -> Any:
    from hvsim.runtime import convert, members
    from hvsim.runtime.errors import PSError

    try:
        return convert.to(ctx, item, target)
    except PSError as error:
        raise members.method_error(
            "MethodArgumentConversionInvalidCastArgument",
            error.exception.message,
            error.exception,
        ) from None


def _by_name(ctx: Any, item: Any, name: str, args: list[Any], found: Collection) -> None:
    """A property (read, or set to the one argument) or a method of one element."""
    from hvsim.runtime import objects
    from hvsim.runtime.collections import Dictionary

    member = objects.find_member(ctx, item, name)
    if member is not None and not member.is_property:
        result = objects.invoke_member(ctx, item, name, args)
    elif args and (member is not None or isinstance(item, Dictionary)):
        objects.set_member(ctx, item, name, args[0])
        return
    else:
        result = objects.get_member(ctx, item, name)
    if result is not AUTOMATION_NULL:
        found.append(result)
