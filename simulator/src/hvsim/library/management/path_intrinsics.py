# SPDX-License-Identifier: GPL-3.0-or-later
"""``$ExecutionContext.SessionState.Path`` and the path methods of ``$PSCmdlet``."""

from __future__ import annotations

from typing import Any

from hvsim.library.management import paths
from hvsim.library.management.provider import locations
from hvsim.runtime.members import getter, method
from hvsim.runtime.structs import Reference
from hvsim.runtime.types import net_class
from hvsim.runtime.values import NetObject

_STATE = "System.Management.Automation.SessionState"
_PATHS = "System.Management.Automation.PathIntrinsics"
_CMDLET = "System.Management.Automation.PSCmdlet"


@net_class(_PATHS)
class PathIntrinsics(NetObject):
    """``PathIntrinsics``, the part that scripts use."""

    __slots__ = ()
    NET = _PATHS


@getter(_STATE, "Path", type=_PATHS)
def _path(_state: Any) -> PathIntrinsics:
    made: PathIntrinsics = PathIntrinsics()
    return made


@method(_CMDLET, "GetUnresolvedProviderPathFromPSPath", overloads=["(string) -> string"], context=True)
@method(
    _PATHS,
    "GetUnresolvedProviderPathFromPSPath",
    overloads=[
        "(string) -> string",
        "(string, ref System.Management.Automation.ProviderInfo, ref System.Management.Automation.PSDriveInfo) -> string",
    ],
    context=True,
)
def _unresolved(
    ctx: Any, _self: Any, path: str, provider: Reference | None = None, drive: Reference | None = None
) -> str:
    place = paths.parse(ctx, path)
    if provider is not None:
        provider.value = locations(ctx).info(place.provider)
    if drive is not None:
        drive.value = place.drive
    return place.path
