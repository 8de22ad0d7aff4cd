# SPDX-License-Identifier: GPL-3.0-or-later
"""``CultureInfo`` and what hangs on it: ``NumberFormatInfo``, ``DateTimeFormatInfo``, ``TextInfo``, ``CompareInfo``."""

from __future__ import annotations

import copy
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.strings import compare_by, lower, upper
from hvsim.library.dotnet.support import argument_error, enum_number, null_argument, string_array
from hvsim.runtime import convert, culture, types
from hvsim.runtime.culture import Culture, DateTimeFormat, NumberFormat
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.format import edition_of
from hvsim.runtime.members import constructor, getter, method, setter, static_getter, static_method, static_setter
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, EnumValue, NetObject

_CULTURE = "System.Globalization.CultureInfo"
_NUMBERS = "System.Globalization.NumberFormatInfo"
_DATES = "System.Globalization.DateTimeFormatInfo"
_TEXT = "System.Globalization.TextInfo"
_COMPARE = "System.Globalization.CompareInfo"


def lookup(ctx: Any, name: Any) -> Culture:
    """The culture of a name or LCID.

    Raises:
        PSError: ``CultureNotFoundException``.
        Unsupported: a culture without data.
    """
    if name is None:
        raise null_argument("name")
    if isinstance(name, int):
        for known in culture.known():
            found = culture.find(known, edition_of(ctx))
            if found is not None and found.lcid == name:
                return found
        raise Unsupported(f"culture {int(name)}")
    found = culture.find(name, edition_of(ctx))
    if found is not None:
        return found
    if not all(part.isalnum() and len(part) <= 8 for part in name.replace("_", "-").split("-")):
        raise net_error(
            "System.Globalization.CultureNotFoundException",
            f"Culture is not supported. (Parameter 'name')\n{name} is an invalid culture identifier.",
            ParamName="name",
        )
    return culture.get(name, edition_of(ctx))


def _convert(ctx: Any, value: Any, target: NetType) -> Any:
    if type(value) is str or type(value) is int:
        try:
            return lookup(ctx, value)
        except PSError as error:
            raise convert.with_inner(
                "InvalidCastConstructorException", convert.to_string(ctx, value), target, error.exception
            ) from None
    raise convert.no_conversion(ctx, value, target)


convert.register(_CULTURE, _convert)
convert.TO_STRING[Culture] = lambda ctx, value, provider: value.name


@constructor(_CULTURE, context=True)
def _new(ctx: Any, _net_type: NetType, name: Any, _user_override: bool = False) -> Culture:
    return lookup(ctx, name).clone()


@static_method(_CULTURE, "GetCultureInfo", context=True)
@static_method(_CULTURE, "GetCultureInfoByIetfLanguageTag", context=True)
def _get(ctx: Any, name: Any, *_rest: Any) -> Culture:
    return lookup(ctx, name)


@static_method(_CULTURE, "CreateSpecificCulture", context=True)
def _specific(ctx: Any, name: str) -> Culture:
    found = lookup(ctx, name)
    if found.neutral:
        specific = {"en": "en-US", "de": "de-DE", "fr": "fr-FR", "ja": "ja-JP"}[found.name]
        return lookup(ctx, specific)
    return found


@static_method(_CULTURE, "GetCultures", context=True)
def _get_cultures(_ctx: Any, _kinds: Any) -> Array:
    raise Unsupported("CultureInfo::GetCultures")


@static_method(_CULTURE, "ReadOnly")
def _read_only(value: Culture) -> Culture:
    return value


static_getter(_CULTURE, "InvariantCulture", context=True)(lambda ctx: culture.get("", edition_of(ctx)))


def _ambient(name: str, attribute: str) -> None:
    static_getter(_CULTURE, name, context=True)(lambda ctx: getattr(ctx, attribute))

    @static_setter(_CULTURE, name, context=True)
    def put(ctx: Any, value: Any) -> None:
        if value is None:
            raise null_argument("value")
        setattr(ctx, attribute, value)


_ambient("CurrentCulture", "culture")
_ambient("CurrentUICulture", "ui_culture")
static_getter(_CULTURE, "InstalledUICulture", context=True)(lambda ctx: ctx.ui_culture)
static_getter(_CULTURE, "DefaultThreadCurrentCulture")(lambda: None)
static_getter(_CULTURE, "DefaultThreadCurrentUICulture")(lambda: None)

getter(_CULTURE, "Name")(lambda self: self.name)
getter(_CULTURE, "DisplayName")(lambda self: self.english_name)
getter(_CULTURE, "EnglishName")(lambda self: self.english_name)
getter(_CULTURE, "NativeName")(lambda self: self.native_name)
getter(_CULTURE, "IetfLanguageTag")(lambda self: self.name)
getter(_CULTURE, "LCID")(lambda self: self.lcid)
getter(_CULTURE, "KeyboardLayoutId")(lambda self: self.lcid)
getter(_CULTURE, "IsNeutralCulture")(lambda self: self.neutral)
getter(_CULTURE, "IsReadOnly")(lambda self: self.read_only)
getter(_CULTURE, "UseUserOverride")(lambda self: False)
getter(_CULTURE, "TwoLetterISOLanguageName")(lambda self: self.language)
getter(_CULTURE, "ThreeLetterISOLanguageName")(lambda self: self.three_letters)
getter(_CULTURE, "ThreeLetterWindowsLanguageName")(lambda self: self.windows_letters)
getter(_CULTURE, "Parent", context=True)(lambda ctx, self: lookup(ctx, self.parent))
getter(_CULTURE, "NumberFormat")(lambda self: self.numbers)
getter(_CULTURE, "DateTimeFormat")(lambda self: self.dates)
getter(_CULTURE, "TextInfo")(lambda self: TextInfo(self))
getter(_CULTURE, "CompareInfo")(lambda self: CompareInfo(self))


def _writable(self: Any) -> None:
    if self.read_only:
        raise net_error("System.InvalidOperationException", "Instance is read-only.")


@setter(_CULTURE, "NumberFormat")
def _set_numbers(self: Culture, value: NumberFormat) -> None:
    _writable(self)
    self.numbers = value


@setter(_CULTURE, "DateTimeFormat")
def _set_dates(self: Culture, value: DateTimeFormat) -> None:
    _writable(self)
    self.dates = value


@method(_CULTURE, "Clone")
def _clone(self: Culture) -> Culture:
    return self.clone()


@method(_CULTURE, "Equals")
def _equals(self: Culture, other: Any) -> bool:
    return type(other) is Culture and other.name == self.name


@method(_CULTURE, "GetHashCode")
def _hash(self: Culture) -> int:
    return self.lcid


@method(_CULTURE, "ToString")
def _to_string(self: Culture) -> str:
    return self.name


@method(_CULTURE, "GetFormat")
def _get_format(self: Culture, wanted: NetType) -> Any:
    return {_NUMBERS: self.numbers, _DATES: self.dates}.get(wanted.full_name)


# --- NumberFormatInfo -----------------------------------------------------------------------------------------------------------

_NUMBER_PROPERTIES: dict[str, tuple[str, str]] = {
    "NumberDecimalSeparator": ("decimal", "string"),
    "NumberGroupSeparator": ("group", "string"),
    "NumberGroupSizes": ("group_sizes", "int[]"),
    "NumberDecimalDigits": ("decimal_digits", "int"),
    "NumberNegativePattern": ("negative_pattern", "int"),
    "NegativeSign": ("negative_sign", "string"),
    "PositiveSign": ("positive_sign", "string"),
    "CurrencySymbol": ("currency_symbol", "string"),
    "CurrencyDecimalSeparator": ("currency_decimal", "string"),
    "CurrencyGroupSeparator": ("currency_group", "string"),
    "CurrencyGroupSizes": ("currency_group_sizes", "int[]"),
    "CurrencyDecimalDigits": ("currency_digits", "int"),
    "CurrencyPositivePattern": ("currency_positive_pattern", "int"),
    "CurrencyNegativePattern": ("currency_negative_pattern", "int"),
    "PercentSymbol": ("percent_symbol", "string"),
    "PercentDecimalSeparator": ("percent_decimal", "string"),
    "PercentGroupSeparator": ("percent_group", "string"),
    "PercentGroupSizes": ("percent_group_sizes", "int[]"),
    "PercentDecimalDigits": ("percent_digits", "int"),
    "PercentPositivePattern": ("percent_positive_pattern", "int"),
    "PercentNegativePattern": ("percent_negative_pattern", "int"),
    "PerMilleSymbol": ("per_mille_symbol", "string"),
    "NaNSymbol": ("nan", "string"),
    "PositiveInfinitySymbol": ("infinity", "string"),
    "NegativeInfinitySymbol": ("negative_infinity", "string"),
}
_DATE_PROPERTIES: dict[str, tuple[str, str]] = {
    "DayNames": ("days", "string[]"),
    "AbbreviatedDayNames": ("short_days", "string[]"),
    "ShortestDayNames": ("shortest_days", "string[]"),
    "MonthNames": ("months", "string[]"),
    "AbbreviatedMonthNames": ("short_months", "string[]"),
    "AMDesignator": ("am", "string"),
    "PMDesignator": ("pm", "string"),
    "ShortDatePattern": ("short_date", "string"),
    "LongDatePattern": ("long_date", "string"),
    "ShortTimePattern": ("short_time", "string"),
    "LongTimePattern": ("long_time", "string"),
    "MonthDayPattern": ("month_day", "string"),
    "YearMonthPattern": ("year_month", "string"),
    "DateSeparator": ("date_separator", "string"),
    "TimeSeparator": ("time_separator", "string"),
}


def _to_net(value: Any, kind: str, name: str) -> Any:
    if kind == "int[]":
        return Array(value, types.get("System.Int32"))
    if kind == "string[]":
        return string_array([*value, ""] if "Month" in name and len(value) == 12 else list(value))
    return value


def _property(type_name: str, name: str, attribute: str, kind: str) -> None:
    getter(type_name, name, type=kind)(lambda self: _to_net(getattr(self, attribute), kind, name))

    @setter(type_name, name)
    def put(self: Any, value: Any) -> None:
        _writable(self)
        if value is None:
            raise null_argument("value")
        plain = tuple(value) if isinstance(value, list) else value
        setattr(self, attribute, plain[:12] if kind == "string[]" and "Month" in name else plain)


for _name, (_attribute, _kind) in _NUMBER_PROPERTIES.items():
    _property(_NUMBERS, _name, _attribute, _kind)
for _name, (_attribute, _kind) in _DATE_PROPERTIES.items():
    _property(_DATES, _name, _attribute, _kind)


def _format_class(type_name: str, attribute: str, factory: Any) -> None:
    static_getter(type_name, "InvariantInfo", type=type_name)(lambda: getattr(culture.invariant, attribute))
    static_getter(type_name, "CurrentInfo", type=type_name, context=True)(lambda ctx: getattr(ctx.culture, attribute))
    getter(type_name, "IsReadOnly", type="bool")(lambda self: self.read_only)

    @constructor(type_name, overloads=["()"])
    def new(_net_type: NetType) -> Any:
        made = factory()
        made.read_only = False
        return made

    @method(type_name, "Clone", overloads=["() -> System.Object"])
    def clone(self: Any) -> Any:
        made = copy.copy(self)
        made.read_only = False
        return made

    @static_method(type_name, "GetInstance", overloads=[f"(System.IFormatProvider) -> {type_name}"], context=True)
    def instance(ctx: Any, provider: Any) -> Any:
        if isinstance(provider, factory):
            return provider
        return getattr(provider if isinstance(provider, Culture) else ctx.culture, attribute)


_format_class(_NUMBERS, "numbers", NumberFormat)
_format_class(_DATES, "dates", DateTimeFormat)


getter(_DATES, "FullDateTimePattern", type="string")(lambda self: self.full_date_time)
getter(_DATES, "RFC1123Pattern", type="string")(lambda self: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")
getter(_DATES, "SortableDateTimePattern", type="string")(lambda self: "yyyy'-'MM'-'dd'T'HH':'mm':'ss")
getter(_DATES, "UniversalSortableDateTimePattern", type="string")(lambda self: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'")


@setter(_DATES, "FullDateTimePattern")
def _set_full(self: DateTimeFormat, value: str) -> None:
    _writable(self)
    self.full = value


@getter(_DATES, "FirstDayOfWeek", type="System.DayOfWeek")
def _first_day(self: DateTimeFormat) -> EnumValue:
    return types.enum("System.DayOfWeek", self.first_day)


def _month_name(names: Any, month: int) -> str:
    if not 1 <= month <= 13:
        raise argument_error(
            "Valid values are between 1 and 13, inclusive.", "month", "System.ArgumentOutOfRangeException"
        )
    return names[month - 1] if month <= 12 else ""


method(_DATES, "GetMonthName", overloads=["(int) -> string"])(lambda self, month: _month_name(self.months, month))
method(_DATES, "GetAbbreviatedMonthName", overloads=["(int) -> string"])(
    lambda self, month: _month_name(self.short_months, month)
)
method(_DATES, "GetDayName", overloads=["(System.DayOfWeek) -> string"])(lambda self, day: self.days[day.value])
method(_DATES, "GetAbbreviatedDayName", overloads=["(System.DayOfWeek) -> string"])(
    lambda self, day: self.short_days[day.value]
)
method(_DATES, "GetShortestDayName", overloads=["(System.DayOfWeek) -> string"])(
    lambda self, day: self.shortest_days[day.value]
)


# --- TextInfo, CompareInfo --------------------------------------------------------------------------------------------------------


@types.net_class(_TEXT)
class TextInfo(NetObject):
    """``System.Globalization.TextInfo``."""

    __slots__ = ("culture",)

    def __init__(self, of: Culture) -> None:
        self.culture = of


@types.net_class(_COMPARE)
class CompareInfo(NetObject):
    """``System.Globalization.CompareInfo``."""

    __slots__ = ("culture",)

    def __init__(self, of: Culture) -> None:
        self.culture = of


def title_case(text: str) -> str:
    """``ToTitleCase``: first letter of each word; words all in capitals stay."""
    out: list[str] = []
    i = 0
    while i < len(text):
        if not text[i].isalpha():
            out.append(text[i])
            i += 1
            continue
        j = i
        while j < len(text) and (text[j].isalnum() or text[j] in "'\u2019"):
            j += 1
        word = text[i:j]
        out.append(word if word.isupper() and len(word) > 1 else upper(word[0]) + lower(word[1:]))
        i = j
    return "".join(out)


method(_TEXT, "ToTitleCase", overloads=["(string) -> string"])(lambda self, text: title_case(text))
method(_TEXT, "ToUpper", overloads=["(string) -> string"])(lambda self, text: upper(text))
method(_TEXT, "ToLower", overloads=["(string) -> string"])(lambda self, text: lower(text))
getter(_TEXT, "CultureName", type="string")(lambda self: self.culture.name)
getter(_TEXT, "ListSeparator", type="string")(lambda self: self.culture.list_separator)
getter(_TEXT, "LCID", type="int")(lambda self: self.culture.lcid)
getter(_TEXT, "IsRightToLeft", type="bool")(lambda self: False)
getter(_TEXT, "IsReadOnly", type="bool")(lambda self: self.culture.read_only)
getter(_COMPARE, "Name", type="string")(lambda self: self.culture.name)
getter(_COMPARE, "LCID", type="int")(lambda self: self.culture.lcid)


@method(
    _COMPARE,
    "Compare",
    overloads=["(string, string) -> int", "(string, string, System.Globalization.CompareOptions) -> int"],
)
def _compare(_self: CompareInfo, a: Any, b: Any, options: Any = 0) -> int:
    number = enum_number(options)
    comparison = 4 if number & 0x40000000 else 5 if number & 0x10000000 else 1 if number & 1 else 0
    return compare_by(a, b, comparison)


@method(
    _COMPARE,
    "IndexOf",
    overloads=["(string, string) -> int", "(string, string, System.Globalization.CompareOptions) -> int"],
)
def _index_of(_self: CompareInfo, text: str, value: str, options: Any = 0) -> int:
    if enum_number(options) & 0x10000001:
        return upper(text).find(upper(value))
    return text.find(value)


@method(
    _COMPARE,
    "IsPrefix",
    overloads=["(string, string) -> bool", "(string, string, System.Globalization.CompareOptions) -> bool"],
)
def _is_prefix(_self: CompareInfo, text: str, value: str, options: Any = 0) -> bool:
    if enum_number(options) & 0x10000001:
        return upper(text).startswith(upper(value))
    return text.startswith(value)
