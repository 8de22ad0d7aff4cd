# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Net.Mail.MailAddress``: one of the types that a session makes anew on arrival."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method
from hvsim.runtime.objects import property_order
from hvsim.runtime.values import NetObject

_NAME = "System.Net.Mail.MailAddress"
_FORM = re.compile(r'\s*(?:"?(?P<name>[^"<>]*?)"?\s*<)?(?P<user>[^\s<>@"]+)@(?P<host>[^\s<>@"]+?)>?\s*')


@types.net_class(_NAME)
class MailAddress(NetObject):
    """``user@host``, with the name to show."""

    __slots__ = ("display_name", "host", "user")
    NET: ClassVar[str] = _NAME

    def __init__(self, user: str, host: str, display_name: str = "") -> None:
        self.user = user
        self.host = host
        self.display_name = display_name

    @property
    def address(self) -> str:
        return f"{self.user}@{self.host}"

    def __str__(self) -> str:
        return f'"{self.display_name}" <{self.address}>' if self.display_name else self.address

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MailAddress) and str(other).lower() == str(self).lower()

    def __hash__(self) -> int:
        return hash(str(self).lower())


@constructor(_NAME, overloads=["(string)", "(string, string)"])
def _new(net_type: Any, address: str, display_name: str = "") -> MailAddress:
    found = _FORM.fullmatch(address or "")
    if found is None:
        raise net_error("System.FormatException", "The specified string is not in the form required for an e-mail address.")
    return MailAddress(found["user"], found["host"], display_name or (found["name"] or "").strip())


property_order(_NAME, "DisplayName", "User", "Host", "Address")


@getter(_NAME, "DisplayName", type="string")
def _display_name(self: MailAddress) -> str:
    return self.display_name


@getter(_NAME, "User", type="string")
def _user(self: MailAddress) -> str:
    return self.user


@getter(_NAME, "Host", type="string")
def _host(self: MailAddress) -> str:
    return self.host


@getter(_NAME, "Address", type="string")
def _address(self: MailAddress) -> str:
    return self.address


@method(_NAME, "ToString", overloads=["() -> string"])
def _text(self: MailAddress) -> str:
    return str(self)


@method(_NAME, "Equals", overloads=["(System.Object) -> bool"])
def _equals(self: MailAddress, other: Any) -> bool:
    return bool(self == other)
