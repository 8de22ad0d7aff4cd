# SPDX-License-Identifier: GPL-3.0-or-later
"""``.Where()`` and ``.ForEach()``, which every value has (PowerShell's ``EnumerableOps``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.collections import Collection
from hvsim.runtime.errors import NetException, net_error, runtime_error
from hvsim.runtime.types import NetType
from hvsim.runtime.values import AUTOMATION_NULL, Array, NetObject, PSObject

_MODES = "System.Management.Automation.WhereOperatorSelectionMode"
_SCRIPT_BLOCK = "System.Management.Automation.ScriptBlock"
# The texts of ParserStrings.
_RETRY = "then try running your script again."
_NEGATIVE = (
    "The 'numberToReturn' value provided to the third argument of the Where() operator must be greater than zero. "
    "Please correct the argument's value and try running your script again. (Parameter 'numberToReturn')"
)
_NO_CONDITION = (
    "If the expression passed to the Where() operator is null then you must specify a non-Default value for the selection mode "
    "argument. Please change the value of the mode argument to a value other than Default and try running your script again."
)
_TOO_MANY = (
    "The generic collection type [{0}] passed to ForEach() has too many type arguments. Please change the specified type to be a "
    f"generic collection with only one type argument {_RETRY}"
)
_NO_COLLECTION = (
    "Unable to convert input to the target type [{0}] passed to the ForEach() operator. Please check the specified type and try "
    "running your script again."
)
_NO_MEMBER = (
    "The ForEach() operator could not find a member '{0}' on the target object. Please verify that the named member exists and "
    f"{_RETRY}"
)


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
    return isinstance(value, NetObject) and types.of(value).full_name == _SCRIPT_BLOCK


def _overload_error(name: str, count: int) -> Exception:
    from hvsim.runtime import members

    return members.method_error(
        "MethodCountCouldNotFindBest", f'Cannot find an overload for "{name}" and the argument count: "{count}".'
    )


def _where(ctx: Any, items: list[Any], args: Sequence[Any]) -> Any:
    from hvsim.runtime import convert

    if not 1 <= len(args) <= 3:
        raise _overload_error("Where", len(args))
    condition = args[0]
    if condition is not None and not _is_script_block(condition):
        condition = convert.to(ctx, condition, types.get(_SCRIPT_BLOCK))
    mode = 0 if len(args) < 2 else convert.to(ctx, args[1], types.get(_MODES)).value
    limit = convert.to(ctx, args[2], types.INT) if len(args) > 2 else 0
    if limit < 0:
        raise net_error("System.ArgumentOutOfRangeException", _NEGATIVE + f"\nActual value was {limit}.", ParamName="numberToReturn")
    if condition is None:
        return _slice(items, mode, limit or 1)

    def matches(item: Any) -> bool:
        return convert.to_bool(ctx.invoke_value(condition, (), dollar_underbar=item, new_scope=False))

    return _SELECT[mode](items, matches, limit)


def _slice(items: list[Any], mode: int, count: int) -> Any:
    """``.Where($null, mode, count)``: a part of the elements by number.

    Raises:
        PSError: no mode was named.
        Unsupported: more elements are wanted than there are.
    """
    if mode == 0:
        raise net_error("System.InvalidOperationException", _NO_CONDITION)
    name = ("Default", "First", "Last", "SkipUntil", "Until", "Split")[mode]
    if name == "SkipUntil":
        return Array(items[count:])
    if name == "Last":
        return Array(items[-count:])
    if count > len(items):
        raise Unsupported(f".Where($null, '{name}', {count}) of {len(items)} elements")
    return Array([Array(items[:count]), Array(items[count:])]) if name == "Split" else Array(items[:count])


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
    if what is None:
        raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'expression')", ParamName="expression")
    if isinstance(what, NetType):
        return _converted(ctx, items, what)
    found = Collection()
    if _is_script_block(what):
        _run(ctx, what, items, rest, found)
        return found
    name = convert.to_string(ctx, what)
    for item in items:
        _by_name(ctx, item, name, rest, found)
    return found


def _run(ctx: Any, block: Any, items: list[Any], args: list[Any], found: Collection) -> None:
    """The block for each element, in the caller's scope; its begin and end block once."""
    from hvsim.runtime import script_calls
    from hvsim.runtime.scriptblock import UNSET
    from hvsim.runtime.streams import Collector

    code = block.code
    code.compile()
    present = [item for item in items if item is not AUTOMATION_NULL]
    if code.begin is None and code.process is None:
        for item in present:
            found.extend(ctx.invoke(block, args, dollar_underbar=item, new_scope=False))
    elif code.begin is not None or present:
        collector = Collector()
        script_calls.run_as_command(block, ctx, collector, args, present, {}, UNSET, UNSET, False)
        found.extend(collector.items)


def _converted(ctx: Any, items: list[Any], target: NetType) -> Any:
    """``.ForEach([type])``: an array or generic collection of that type, else a Collection of it."""
    from hvsim.runtime import convert, objects

    if target.implements("System.Collections.ICollection"):
        if target.element_type is not None:
            return convert.to(ctx, Array(items), target)
        arguments = target.arguments or ()
        if len(arguments) > 1:
            raise runtime_error("ForEachBadGenericConversionTypeSpecified", _TOO_MANY.format(convert.to_string(ctx, target)))
        if not arguments:
            raise runtime_error("ForEachTypeConversionFailed", _NO_COLLECTION.format(convert.to_string(ctx, target)))
        found = objects.construct(ctx, target, ())
        for item in items:
            objects.invoke_member(ctx, found, "Add", [item])
        return found
    result = Collection()
    result.element_type = target
    for item in items:
        result.append(_element(ctx, item, target))
    return result


def _element(ctx: Any, item: Any, target: NetType) -> Any:
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
    """A property (read, or set) or a method of one element; a hashtable's key comes before its members."""
    from hvsim.runtime import objects
    from hvsim.runtime.collections import Hashtable

    new = args[0] if len(args) == 1 else Array(args)
    value = objects.unwrap(item)
    if isinstance(value, Hashtable):
        if args:
            value.set(name, new)
        else:
            found.append(value.get(name))
        return
    if value is None:
        if args:
            raise _call_on_null(name, len(args))
        found.append(None)
        return
    member = objects.find_member(ctx, item, name)
    if member is not None and not member.is_property:
        result = objects.invoke_member(ctx, item, name, args)
        if result is not AUTOMATION_NULL:
            found.append(result)
    elif not args:
        found.append(objects.get_member(ctx, item, name))
    elif member is None and ctx.strict < 2:
        raise runtime_error("ForEachNonexistentMemberReference", _NO_MEMBER.format(name), target=item)
    elif member is None:
        raise objects.property_not_found(name)
    else:
        objects.set_member(ctx, item, name, new)


def _call_on_null(name: str, count: int) -> Exception:
    reason = "Object reference not set to an instance of an object."
    inner = NetException("System.NullReferenceException", reason)
    return runtime_error("NullReferenceException", f'Exception calling "{name}" with "{count}" argument(s): "{reason}"', inner=inner)
