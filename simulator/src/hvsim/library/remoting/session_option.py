# SPDX-License-Identifier: GPL-3.0-or-later
"""``PSSessionOption``: what ``$PSSessionOption`` holds. The values at first are those of the class's documentation."""

from __future__ import annotations

from typing import Any, ClassVar

from hvsim.runtime import types
from hvsim.runtime.members import constructor, getter, setter
from hvsim.runtime.objects import property_order
from hvsim.runtime.structs import TimeSpan
from hvsim.runtime.types import NetType
from hvsim.runtime.values import NetObject

_REMOTING = "System.Management.Automation.Remoting."
_NAME = _REMOTING + "PSSessionOption"
_MINUTE = 600_000_000
_ENUMS: dict[str, dict[str, int]] = {
    _REMOTING + "ProxyAccessType": {"None": 0, "IEConfig": 1, "WinHttpConfig": 2, "AutoDetect": 4, "NoProxyServer": 8},
    "System.Management.Automation.Runspaces.AuthenticationMechanism": {
        "Default": 0, "Basic": 1, "Negotiate": 2, "NegotiateWithImplicitCredential": 3, "Credssp": 4, "Digest": 5, "Kerberos": 6,
    },
    "System.Management.Automation.Runspaces.OutputBufferingMode": {"None": 0, "Drop": 1, "Block": 2},
}  # fmt: skip
for _enum, _members in _ENUMS.items():
    if types.find(_enum) is None:
        types.register(NetType(_enum, "System.Enum", kind="e", enum_members=_members))

#: Name, type, value at first, in the order of the class.
_PROPERTIES: tuple[tuple[str, str, Any], ...] = (
    ("MaximumConnectionRedirectionCount", "int", 5),
    ("NoCompression", "bool", False),
    ("NoMachineProfile", "bool", False),
    ("ProxyAccessType", _REMOTING + "ProxyAccessType", "None"),
    ("ProxyAuthentication", "System.Management.Automation.Runspaces.AuthenticationMechanism", "Negotiate"),
    ("ProxyCredential", "pscredential", None),
    ("SkipCACheck", "bool", False),
    ("SkipCNCheck", "bool", False),
    ("SkipRevocationCheck", "bool", False),
    ("OperationTimeout", "timespan", TimeSpan(3 * _MINUTE)),
    ("NoEncryption", "bool", False),
    ("UseUTF16", "bool", False),
    ("IncludePortInSPN", "bool", False),
    ("OutputBufferingMode", "System.Management.Automation.Runspaces.OutputBufferingMode", "None"),
    ("MaxConnectionRetryCount", "int", 5),
    ("Culture", "cultureinfo", None),
    ("UICulture", "cultureinfo", None),
    ("MaximumReceivedDataSizePerCommand", "System.Nullable[int]", None),
    ("MaximumReceivedObjectSize", "System.Nullable[int]", 209_715_200),
    ("ApplicationArguments", "System.Management.Automation.PSPrimitiveDictionary", None),
    ("OpenTimeout", "timespan", TimeSpan(3 * _MINUTE)),
    ("CancelTimeout", "timespan", TimeSpan(_MINUTE)),
    ("IdleTimeout", "timespan", TimeSpan(-10_000)),
)


@types.net_class(_NAME)
class PSSessionOption(NetObject):
    """How sessions to other machines are opened; sessions of the simulator have no such settings, they only keep them."""

    __slots__ = ("values",)
    NET: ClassVar[str] = _NAME

    def __init__(self) -> None:
        self.values: dict[str, Any] = {
            name: types.enum(type_name, value) if isinstance(value, str) else value for name, type_name, value in _PROPERTIES
        }


@constructor(_NAME, overloads=["()"])
def _new(_net_type: NetType) -> PSSessionOption:
    return PSSessionOption()


def _register(name: str, type_name: str) -> None:
    @getter(_NAME, name, type=type_name)
    def read(self: PSSessionOption) -> Any:
        return self.values[name]

    @setter(_NAME, name)
    def write(self: PSSessionOption, value: Any) -> None:
        self.values[name] = value


for _property, _type, _ in _PROPERTIES:
    _register(_property, _type)
property_order(_NAME, *(row[0] for row in _PROPERTIES))
