# SPDX-License-Identifier: GPL-3.0-or-later
"""Set-StrictMode, Set-PSDebug and Start-Sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hvsim.lang.errors import Unsupported
from hvsim.runtime.command import Cmdlet, ValidationFailure, Validator, cmdlet
from hvsim.runtime.requirements import is_known_version
from hvsim.runtime.structs import Version

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext


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
        self.ctx.scope.strict = min(self.args["Version"].major, 3)


class ValidateVersion(Validator):
    """The cmdlet's own validation: a version that PowerShell has had (``PSVersionInfo.IsValidPSVersion``)."""

    name: ClassVar[str] = "ValidateVersion"

    def validate(self, ctx: ExecutionContext, value: Any) -> None:
        if not isinstance(value, Version) or not is_known_version(ctx.edition, value.major, value.minor):
            raise ValidationFailure(
                f'The "{value}" argument does not contain a valid PowerShell version. Supply a valid version number and then try the '
                "command again."
            )


SetStrictMode.metadata.parameters["Version"].validators.append(ValidateVersion())
SetStrictMode.metadata.parameters["Version"].transformations.append(_strict_version)


@cmdlet("Set-PSDebug", parameters=("Off", "Strict", "Trace", "Step"))
class SetPSDebug(Cmdlet):
    """-Strict is strict mode 1 of the global scope; -Off takes it back; nothing is traced here."""

    def begin(self) -> None:
        if self.arg("Step") is True or self.arg("Trace", 0):
            raise Unsupported("Set-PSDebug -Step and -Trace 1 or 2 (no debugger listens)")
        if not self.bound("Off") and not self.bound("Strict"):
            return
        top = self.ctx.global_scope
        if self.ctx.scope is not top:
            raise Unsupported("Set-PSDebug -Strict and -Off in a function or script")
        top.strict = 1 if self.arg("Strict") is True else 0


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


