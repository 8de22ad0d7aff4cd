# SPDX-License-Identifier: GPL-3.0-or-later
"""``WildcardPattern``, ``LanguagePrimitives``, ``SwitchParameter`` and the culture of ``Thread``."""

from __future__ import annotations

from typing import Any

from hvsim.library.dotnet.regex_types import Match
from hvsim.library.dotnet.support import culture_of, enum_number, null_argument
from hvsim.runtime import compare, convert, types, wildcard
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, method, setter, static_getter, static_method
from hvsim.runtime.operators.text import MATCH_FACTORY
from hvsim.runtime.structs import SwitchParameter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject, PSObject

MATCH_FACTORY["make"] = Match

_PREFIX = "System.Management.Automation."
_WILDCARD = _PREFIX + "WildcardPattern"
_PRIMITIVES = _PREFIX + "LanguagePrimitives"
_SWITCH = _PREFIX + "SwitchParameter"
_THREAD = "System.Threading.Thread"
_IGNORE_CASE = 2


# --- WildcardPattern ----------------------------------------------------------------------------------------------------------


@types.net_class(_WILDCARD)
class WildcardPattern(NetObject):
    """``[WildcardPattern]``; ``-like`` takes it as it is, with its own options."""

    __slots__ = ("is_match", "pattern")

    def __init__(self, pattern: str, options: int = 0) -> None:
        self.pattern = pattern
        self.is_match = wildcard.compile(pattern, bool(options & _IGNORE_CASE))


@constructor(_WILDCARD)
def _new_wildcard(_net_type: NetType, pattern: Any, options: Any = 0) -> WildcardPattern:
    if pattern is None:
        raise null_argument("pattern")
    return WildcardPattern(pattern, enum_number(options))


@static_method(_WILDCARD, "Get")
def _get_wildcard(pattern: Any, options: Any) -> WildcardPattern:
    return _new_wildcard(types.get(_WILDCARD), pattern, options)


@method(_WILDCARD, "IsMatch")
def _is_match(self: WildcardPattern, text: Any) -> bool:
    return text is not None and self.is_match(text)


@static_method(_WILDCARD, "Escape")
def _escape(text: Any) -> str:
    if text is None:
        raise null_argument("pattern")
    return wildcard.escape(text)


@static_method(_WILDCARD, "Unescape")
def _unescape(text: Any) -> str:
    if text is None:
        raise null_argument("pattern")
    return wildcard.unescape(text)


@static_method(_WILDCARD, "ContainsWildcardCharacters")
def _contains(text: Any) -> bool:
    return bool(text) and wildcard.contains_wildcard(text)


_WQL = {"*": "%", "?": "_", "%": "[%]", "_": "[_]", "'": "''"}


@method(_WILDCARD, "ToWql")
def _to_wql(self: WildcardPattern) -> str:
    return "".join(_WQL.get(c, c) for c in self.pattern)


# --- LanguagePrimitives -------------------------------------------------------------------------------------------------------


@static_method(_PRIMITIVES, "ConvertTo", context=True)
def _convert_to(ctx: Any, value: Any, target: Any = None, _provider: Any = None) -> Any:
    if target is None:
        raise null_argument("resultType")
    return convert.to(ctx, value, target)


@static_method(_PRIMITIVES, "TryConvertTo", context=True)
def _try_convert_to(ctx: Any, value: Any, *args: Any) -> bool:
    target = next((a for a in args if isinstance(a, NetType)), None)
    result = args[-1]
    if target is None:
        raise null_argument("resultType")
    done, converted = convert.try_to(ctx, value, target)
    result.value = converted if done else None
    return done


@static_method(_PRIMITIVES, "IsTrue")
def _is_true(value: Any) -> bool:
    return convert.to_bool(value)


@static_method(_PRIMITIVES, "Equals", context=True)
def _equals(ctx: Any, first: Any, second: Any, ignore_case: bool = False, _provider: Any = None) -> bool:
    return compare.equals(ctx, first, second, ignore_case=ignore_case)


@static_method(_PRIMITIVES, "Compare", context=True)
def _compare(ctx: Any, first: Any, second: Any, ignore_case: bool = False, _provider: Any = None) -> int:
    return compare.order(ctx, first, second, ignore_case=ignore_case)


@static_method(_PRIMITIVES, "TryCompare", context=True)
def _try_compare(ctx: Any, first: Any, second: Any, *args: Any) -> bool:
    ignore_case = next((a for a in args if type(a) is bool), False)
    try:
        args[-1].value = compare.order(ctx, first, second, ignore_case=ignore_case)
    except PSError:
        args[-1].value = 0
        return False
    return True


@static_method(_PRIMITIVES, "GetEnumerable")
def _get_enumerable(value: Any) -> Any:
    return value if convert.enumerate(value) is not None else None


@static_method(_PRIMITIVES, "IsObjectEnumerable")
def _is_object_enumerable(value: Any) -> bool:
    return convert.enumerate(value) is not None


@static_method(_PRIMITIVES, "GetEnumerator")
def _get_enumerator(value: Any) -> Any:
    if convert.enumerate(value) is None:
        return None
    return Enumerator(lambda: convert.enumerate(value) or (), types.get("System.Collections.IEnumerator"))


@static_method(_PRIMITIVES, "ConvertTypeNameToPSTypeName")
def _ps_type_name(name: str) -> str:
    return f"[{name}]"


# --- SwitchParameter ----------------------------------------------------------------------------------------------------------


@constructor(_SWITCH)
def _new_switch(_net_type: NetType, present: bool = False) -> SwitchParameter:
    return SwitchParameter(present)


getter(_SWITCH, "IsPresent")(lambda self: self.present)
static_getter(_SWITCH, "Present")(lambda: SwitchParameter(True))
method(_SWITCH, "ToBool")(lambda self: self.present)
method(_SWITCH, "ToString")(lambda self: "True" if self.present else "False")


@method(_SWITCH, "Equals")
def _switch_equals(self: SwitchParameter, other: Any) -> bool:
    other = other.base if type(other) is PSObject else other
    return bool(other) == self.present if isinstance(other, (bool, SwitchParameter)) else False


@method(_SWITCH, "GetHashCode")
def _switch_hash(self: SwitchParameter) -> int:
    return int(self.present)


# --- Thread -------------------------------------------------------------------------------------------------------------------


@types.net_class(_THREAD)
class Thread(NetObject):
    """The runspace's own thread."""

    __slots__ = ("ctx",)

    def __init__(self, ctx: Any) -> None:
        self.ctx = ctx


static_getter(_THREAD, "CurrentThread", context=True)(lambda ctx: Thread(ctx))


def _culture_property(name: str, attribute: str) -> None:
    getter(_THREAD, name)(lambda self: getattr(self.ctx, attribute))

    @setter(_THREAD, name)
    def put(self: Thread, value: Any) -> None:
        if value is None:
            raise null_argument("value")
        setattr(self.ctx, attribute, culture_of(self.ctx, value))


_culture_property("CurrentCulture", "culture")
_culture_property("CurrentUICulture", "ui_culture")
getter(_THREAD, "ManagedThreadId")(lambda self: 1)
getter(_THREAD, "IsAlive")(lambda self: True)
getter(_THREAD, "IsBackground")(lambda self: False)
getter(_THREAD, "IsThreadPoolThread")(lambda self: False)
getter(_THREAD, "Name")(lambda self: None)


@static_method(_THREAD, "Sleep", context=True)
def _sleep(ctx: Any, duration: Any) -> None:
    seconds = duration / 1000 if isinstance(duration, int) else duration.ticks / 10_000_000
    if seconds < 0:
        raise net_error(
            "System.ArgumentOutOfRangeException",
            "Number must be either non-negative and less than or equal to Int32.MaxValue or -1. "
            "(Parameter 'millisecondsTimeout')",
            ParamName="millisecondsTimeout",
        )
    ctx.machine.sleep(seconds)
