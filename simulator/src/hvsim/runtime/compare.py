# SPDX-License-Identifier: GPL-3.0-or-later
"""How PowerShell compares two values: the comparison operators' rules, ``LanguagePrimitives.Equals`` and ``Compare``.

Equality of strings is linguistic with the invariant culture in PowerShell; it is implemented as ordinal equality, case
folded character by character, plus ignorable characters left out. Order is :mod:`hvsim.runtime.collation`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hvsim.runtime import collation, types
from hvsim.runtime.convert.core import to
from hvsim.runtime.convert.errors import is_cast_error
from hvsim.runtime.convert.numbers import change_type, parse_number
from hvsim.runtime.convert.text import net_string, to_string
from hvsim.runtime.convert.truth import to_bool
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, net_error, runtime_error
from hvsim.runtime.numeric import NUMERIC_CODES
from hvsim.runtime.structs import DateTime, DateTimeOffset, Guid, SwitchParameter, TimeSpan, Version
from hvsim.runtime.values import AUTOMATION_NULL, BigInteger, Char, EnumValue, PSCustomObject, PSObject

__all__ = [
    "compare_strings",
    "default_order",
    "equals",
    "equals_strings",
    "fold",
    "net_compare",
    "net_equals",
    "order",
    "strict_order",
]

_COMPARABLE = (str, Char, bool, int, float, Decimal, EnumValue, DateTime, DateTimeOffset, TimeSpan, Guid, Version)


def fold(text: str) -> str:
    """Upper case character by character, as ``ToUpperInvariant``."""
    if text.isascii():
        return text.upper()
    return "".join(u if len(u := c.upper()) == 1 else c for c in text)


def equals_strings(a: str, b: str, *, ignore_case: bool = True) -> bool:
    if a == b:
        return True
    if a.isascii() and b.isascii():
        return ignore_case and len(a) == len(b) and a.upper() == b.upper()
    return collation.compare(a, b, ignore_case=ignore_case) == 0


def compare_strings(a: str, b: str, *, ignore_case: bool = True) -> int:
    """Linguistic order: -1, 0, 1."""
    return collation.compare(a, b, ignore_case=ignore_case)


def _base(value: Any) -> Any:
    if type(value) is PSObject:
        return value.base
    return None if value is AUTOMATION_NULL else value


def net_equals(a: Any, b: Any) -> bool:
    """``a.Equals(b)``: same type and value for values, identity for objects."""
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if isinstance(a, (int, str, Decimal)):
        return bool(a == b)
    if isinstance(a, float):
        return a == b or (a != a and b != b)
    return bool(a == b)


def _numeric_equal(a: Any, b: Any) -> bool:
    return numeric_order(a, b) == 0


def numeric_order(a: Any, b: Any) -> int | None:
    """Order of two numbers of any types (bool counts); None if one is NaN."""
    if isinstance(a, Decimal) or isinstance(b, Decimal):
        if isinstance(a, float) or isinstance(b, float):
            a, b = _float_and_decimal(a, b)
    elif (isinstance(a, float) or isinstance(b, float)) and not (isinstance(a, float) and isinstance(b, float)):
        a, b = float(a), float(b)
    if a != a or b != b:
        return None
    return int((a > b) - (a < b))


def _float_and_decimal(a: Any, b: Any) -> tuple[Any, Any]:
    try:
        return (
            change_type(a, Decimal) if isinstance(a, float) else a,
            change_type(b, Decimal) if isinstance(b, float) else b,
        )
    except PSError:
        return float(a), float(b)


def _as_number(value: Any) -> Any:
    """The number that a numeric left side compares with, None if *value* is none without parsing."""
    kind = type(value)
    if kind in NUMERIC_CODES or kind is bool or kind is BigInteger:
        return value
    if kind is Char:
        return value.code
    return None


def equals(ctx: Any, a: Any, b: Any, *, ignore_case: bool = True) -> bool:
    """``-eq`` of two single values: the left one decides, the right one is converted to its type; nothing fails."""
    ka, kb = type(a), type(b)
    if ka is int and kb is int:
        return bool(a == b)
    if ka is str and kb is str:
        return equals_strings(a, b, ignore_case=ignore_case)
    a, b = _base(a), _base(b)
    if a is None or b is None:
        return a is b
    ka, kb = type(a), type(b)
    if ka is str:
        return equals_strings(a, b if kb is str else to_string(ctx, b), ignore_case=ignore_case)
    if ka is Char:
        return _char_equals(ctx, a, b, ignore_case)
    if ka in NUMERIC_CODES or ka is BigInteger:
        return _number_equals(ctx, a, b)
    if ka is bool:
        return bool(a == to_bool(b))
    if net_equals(a, b):
        return True
    if isinstance(a, (list, PSCustomObject)) or ka not in _CONVERTING:
        return _equals_object(ctx, a, b)
    try:
        return net_equals(a, to(ctx, b, types.of(a)))
    except PSError as error:
        if not is_cast_error(error):
            raise
        return False


_CONVERTING = frozenset({EnumValue, DateTime, DateTimeOffset, TimeSpan, Guid, Version})


def _equals_object(ctx: Any, a: Any, b: Any) -> bool:
    if isinstance(a, (list, PSCustomObject, NetException, ErrorRecord)):
        return False
    if isinstance(a, SwitchParameter):
        return isinstance(b, (bool, SwitchParameter)) and a.present == bool(b)
    custom = getattr(a, "net_equals", None)
    if custom is not None:
        return bool(custom(ctx, b))
    if type(a) is type(b):
        return bool(a == b)
    if type(b) is str or type(b) in NUMERIC_CODES:
        try:
            return net_equals(a, to(ctx, b, types.of(a)))
        except PSError:
            return False
    return False


def _char_equals(ctx: Any, a: Char, b: Any, ignore_case: bool) -> bool:
    if ignore_case:
        if type(b) is Char:
            return fold(a.text) == fold(b.text)
        if type(b) is str:
            return len(b) == 1 and fold(a.text) == fold(b)
    if type(b) is Char:
        return a.code == b.code
    try:
        converted = to(ctx, b, types.of(a))
    except PSError:
        return False
    return bool(a.code == converted.code)


def _number_equals(ctx: Any, a: Any, b: Any) -> bool:
    number = _as_number(b)
    if number is None:
        if type(b) is str:
            number = parse_number(b)
            if number is None:
                number = _converted(ctx, b, a)
        elif type(b) is EnumValue:
            number = b.value
        else:
            number = _converted(ctx, b, a)
        if number is None:
            return False
    return _numeric_equal(a, number)


def _converted(ctx: Any, value: Any, like: Any) -> Any:
    try:
        return to(ctx, value, types.of(like))
    except PSError:
        return None


def _text_order(ctx: Any, a: str, b: Any, ignore_case: bool) -> int:
    return compare_strings(a, b if type(b) is str else to_string(ctx, b), ignore_case=ignore_case)


def strict_order(ctx: Any, a: Any, b: Any, *, ignore_case: bool = True) -> int | None:
    """What ``-lt`` and its kin test: negative, zero, positive; None when NaN is involved (all tests false).

    Null on one side stands for 0 beside a number; else null is the smallest.

    Raises:
        PSError: ``ComparisonFailure``, ``NotIcomparable``.
    """
    a, b = _base(a), _base(b)
    if a is None or b is None:
        return _null_order(a, b)
    kind = type(a)
    if kind is str:
        return _text_order(ctx, a, b, ignore_case)
    if kind in NUMERIC_CODES or kind is bool or kind is BigInteger:
        return _number_order(ctx, a, b)
    if isinstance(a, PSCustomObject):
        if net_equals(a, b):
            return 0
        raise _custom_failure(ctx, a, b)
    target = types.of(a)
    if kind is type(b) and (kind is not EnumValue or a.net_type is b.net_type):
        converted = b
    else:
        try:
            converted = to(ctx, b, target)
        except PSError as error:
            if not is_cast_error(error) or (kind is EnumValue):
                raise
            raise _failure(ctx, a, b, error.exception) from None
    own = _own_order(ctx, a, converted)
    if own is not None:
        return own
    if a is b:
        return 0
    raise runtime_error("NotIcomparable", f'Cannot compare "{net_string(ctx, a)}" because it is not IComparable.')


def _own_order(ctx: Any, a: Any, b: Any) -> int | None:
    """``IComparable.CompareTo`` with a value of the same type; None where the type has no order."""
    if type(a) is Char:
        return int((a.code > b.code) - (a.code < b.code))
    if type(a) is EnumValue:
        return int((a.value > b.value) - (a.value < b.value))
    if isinstance(a, _COMPARABLE):
        return int((a > b) - (a < b))
    own = getattr(a, "net_compare", None)
    return int(own(ctx, b)) if own is not None else None


def _null_order(a: Any, b: Any) -> int:
    if a is None and b is None:
        return 0
    if a is None:
        if type(b) in NUMERIC_CODES:
            return -1 if b >= 0 else 1
        return -1
    if type(a) in NUMERIC_CODES:
        return -1 if a < 0 else 1
    return 1


def _failure(ctx: Any, a: Any, b: Any, inner: NetException) -> PSError:
    message = f'Could not compare "{to_string(ctx, a)}" to "{to_string(ctx, b)}". Error: "{inner.message}"'
    return runtime_error("ComparisonFailure", message, inner=inner)


def _custom_failure(ctx: Any, a: Any, b: Any) -> PSError:
    message = (
        f'Cannot compare "{net_string(ctx, a)}" to "{net_string(ctx, b)}" because the objects are not the same type or the '
        f'object "{net_string(ctx, a)}" does not implement "IComparable".'
    )
    exception = NetException("System.Management.Automation.ExtendedTypeSystemException", message)
    return PSError(exception, ErrorRecord(exception, "PSObjectCompareTo", "NotSpecified"))


def _number_order(ctx: Any, a: Any, b: Any) -> int | None:
    number = _as_number(b)
    if number is not None:
        return numeric_order(a, number)
    if type(b) is EnumValue:
        return numeric_order(a, b.value)
    if type(b) is str:
        if type(a) is bool:
            converted = to_bool(b)
            return (a > converted) - (a < converted)
        found = parse_number(b)
        if found is not None:
            return numeric_order(a, found)
        return numeric_order(a, to(ctx, b, types.of(a)))
    try:
        return numeric_order(a, to(ctx, b, types.of(a)))
    except PSError as error:
        if not is_cast_error(error):
            raise
        raise _failure(ctx, a, b, error.exception) from None


def order(ctx: Any, a: Any, b: Any, *, ignore_case: bool = True) -> int:
    """``LanguagePrimitives.Compare``: what sorting and ``ValidateRange`` use; null is the smallest.

    Raises:
        PSError: ``ArgumentException``: the values cannot be compared.
    """
    if type(a) is int and type(b) is int:
        return (a > b) - (a < b)
    a, b = _base(a), _base(b)
    if a is None or b is None:
        return _lp_null_order(a, b)
    if type(a) is str:
        return _text_order(ctx, a, b, ignore_case)
    if type(a) in NUMERIC_CODES or type(a) is BigInteger:
        number = _as_number(b)
        if number is None and type(b) is EnumValue:
            number = b.value
        if number is not None:
            result = numeric_order(a, number)
            return result if result is not None else _nan_order(a, number)
    try:
        converted = b if type(a) is type(b) and type(a) is not EnumValue else to(ctx, b, types.of(a))
    except PSError as error:
        if not is_cast_error(error):
            raise
        raise _incomparable(ctx, a, b, error.exception) from None
    if type(a) in NUMERIC_CODES:
        return numeric_order(a, converted) or 0
    own = _own_order(ctx, a, converted)
    if own is not None:
        return own
    if net_equals(a, b):
        return 0
    raise _incomparable(ctx, a, b, None)


def _lp_null_order(a: Any, b: Any) -> int:
    """Null against a negative number is greater: the number's sign decides."""
    if a is None:
        if b is None:
            return 0
        if type(b) in NUMERIC_CODES:
            return 1 if b < 0 else -1
        return -1
    if type(a) in NUMERIC_CODES:
        return -1 if a < 0 else 1
    return 1


def _nan_order(a: Any, b: Any) -> int:
    """``double.CompareTo``: NaN is the smallest."""
    return int((a == a) - (b == b))


def _incomparable(ctx: Any, a: Any, b: Any, inner: NetException | None) -> PSError:
    first, second = net_string(ctx, a), net_string(ctx, b)
    if inner is not None:
        message = f'Could not compare "{first}" to "{second}". Error: "{inner.message}"'
    else:
        message = (
            f'Cannot compare "{first}" to "{second}" because the objects are not the same type or the object "{first}" '
            'does not implement "IComparable".'
        )
    return net_error("System.ArgumentException", message, inner=inner)


def net_compare(ctx: Any, a: Any, b: Any) -> int:
    """``Comparer.Default.Compare``: values of one type by value, strings in linguistic order with case.

    Raises:
        PSError: ``System.InvalidOperationException``-worthy inputs are reported as ``ArgumentException``.
    """
    a, b = _base(a), _base(b)
    if a is None or b is None:
        return (a is not None) - (b is not None)
    if type(a) is str and type(b) is str:
        return compare_strings(a, b, ignore_case=False)
    if type(a) is type(b) and isinstance(a, _COMPARABLE):
        if type(a) is Char:
            return int(a.code) - int(b.code)
        if type(a) is EnumValue:
            return int((a.value > b.value) - (a.value < b.value))
        if isinstance(a, float) and (a != a or b != b):
            return _nan_order(a, b)
        return int((a > b) - (a < b))
    own = getattr(a, "net_compare", None)
    if own is not None:
        return int(own(ctx, b))
    if not isinstance(a, _COMPARABLE):
        raise net_error("System.ArgumentException", "At least one object must implement IComparable.")
    name = types.of(a).name
    raise net_error("System.ArgumentException", f"Object must be of type {name}.")


def default_order(a: Any, b: Any, *, ignore_case: bool = False) -> int:
    """Order of keys in sorted collections: as :func:`net_compare`, strings without case if told."""
    if type(a) is str and type(b) is str:
        return compare_strings(a, b, ignore_case=ignore_case)
    return net_compare(None, a, b)
