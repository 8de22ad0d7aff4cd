# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a simulated host and what they may do (hyperv-facts.md 7)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

ADMINISTRATORS: Final = "administrators"
HYPERV_ADMINISTRATORS: Final = "hyperv_administrators"
REMOTE_MANAGEMENT_USERS: Final = "remote_management_users"
USERS: Final = "users"

#: Built-in groups with the identifiers that do not change with the language.
GROUP_SIDS: Final[dict[str, str]] = {
    ADMINISTRATORS: "S-1-5-32-544",
    HYPERV_ADMINISTRATORS: "S-1-5-32-578",
    REMOTE_MANAGEMENT_USERS: "S-1-5-32-580",
    USERS: "S-1-5-32-545",
}

#: First part of the SIDs of guests' accounts.
GUEST_SID_BASE: Final = "S-1-5-21-2406317541-1131218520-1543019387"


@dataclass(frozen=True)
class User:
    """A local account.

    Attributes:
        name: in the case in which the lab file writes it; compared without case.
        password: plain, for this is a lab; never printed.
        groups: keys of ``GROUP_SIDS``.
        enabled: a disabled account cannot log on.
        expired: its password has expired: it must be changed at a console first.
        sid: security identifier.
    """

    name: str
    password: str = field(repr=False)
    groups: frozenset[str] = frozenset({USERS})
    enabled: bool = True
    sid: str = ""
    expired: bool = False

    @property
    def is_administrator(self) -> bool:
        return ADMINISTRATORS in self.groups

    @property
    def is_hyperv_administrator(self) -> bool:
        return HYPERV_ADMINISTRATORS in self.groups

    @property
    def may_manage_hyperv(self) -> bool:
        """Whether VMMS accepts the account's commands."""
        return self.is_administrator or self.is_hyperv_administrator

    @property
    def may_log_on_remotely(self) -> bool:
        """Whether WinRM lets the account in: membership in Hyper-V Administrators alone is not enough (M)."""
        return self.is_administrator or REMOTE_MANAGEMENT_USERS in self.groups

    def has_password(self, password: str) -> bool:
        return hmac.compare_digest(
            self.password.encode("utf-8", "surrogatepass"), password.encode("utf-8", "surrogatepass")
        )

    def accepts(self, password: str) -> bool:
        """Whether a logon with that password succeeds: the account is enabled and its password has not expired."""
        return self.enabled and not self.expired and self.has_password(password)


def account_name(user: str) -> str:
    """The bare account: ``HOST\\user``, ``.\\user`` and ``user@host`` all mean ``user``.

    A host outside a domain ignores the domain part, for it can only ask its own accounts.
    """
    if "\\" in user:
        return user.rsplit("\\", 1)[1]
    return user.split("@", 1)[0] if "@" in user else user
