# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-StrictMode and Start-Sleep."""

from __future__ import annotations

from typing import Any

from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.structs import Version


def _strict_version(ctx: Any, value: Any) -> Any:
    """``Latest`` and single numbers, as the cmdlet's own argument transformation takes them."""
    from hvsim.runtime import convert

    text = convert.to_string(ctx, value)
    if text.lower() == "latest":
        return Version(3, 0)
    return Version(int(text), 0) if text.isdigit() else value


@cmdlet("Set-StrictMode", parameters=("Version", "Off"))
class SetStrictMode(Cmdlet):
    """Sets the strict mode of the current scope."""

    def end(self) -> None:
        if self.bound("Off"):
            self.ctx.scope.strict = 0
            return
        version = self.args["Version"]
        if (version.major, version.minor) not in ((0, 0), (1, 0), (2, 0), (3, 0)):
            raise self._invalid(version)
        self.ctx.scope.strict = version.major

    def _invalid(self, version: Any) -> PSError:
        return net_error("System.Management.Automation.ValidationMetadataException", f"The {version} is not a valid strict mode version.")


SetStrictMode.metadata.parameters["Version"].transformations.append(_strict_version)


@cmdlet("Start-Sleep", parameters=("Seconds", "Milliseconds", "Duration"))
class StartSleep(Cmdlet):
    """Sleeps on the machine's clock: a simulated host's time advances, nobody waits."""

    def process(self) -> None:
        if self.bound("Duration"):
            seconds = self.args["Duration"].ticks / 10_000_000
        elif self.bound("Milliseconds"):
            seconds = self.args["Milliseconds"] / 1000
        else:
            seconds = float(self.args["Seconds"])
        self.ctx.machine.sleep(seconds)


