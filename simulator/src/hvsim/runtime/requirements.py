# SPDX-License-Identifier: GPL-3.0-or-later
"""``#requires`` of a script file, verified before it runs (``CommandDiscovery.VerifyScriptRequirements``). Texts are those of
DiscoveryExceptions.resx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import PSError, runtime_error

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

#: The highest minor version by major version that an edition counts as (``PSVersionInfo.IsValidPSVersion``).
_VERSIONS = {"5.1": {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}, "7": {1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 2, 7: 6}}


def is_known_version(edition: str, major: int, minor: int) -> bool:
    """Whether PowerShell has had that version, as far as this edition knows."""
    highest = _VERSIONS[edition].get(major)
    return highest is not None and 0 <= minor <= highest


def verify(ctx: ExecutionContext, name: str, source: ast.Source) -> None:
    """Checks what a script asks for, and imports the modules it wants.

    Raises:
        PSError: ScriptRequiresException.
        Unsupported: something that we cannot check.
    """
    wanted = source.requirements
    editions = [text for kind, values in wanted if kind == "psedition" for text in values]
    for kind, values in wanted:
        if kind == "version":
            _version(ctx, name, values[0])
    edition = "Desktop" if ctx.edition == "5.1" else "Core"
    if editions and edition.lower() not in (str(text).lower() for text in editions):
        raise _error(
            "ScriptRequiresUnmatchedPSEdition",
            name,
            f"it contained a \"#requires\" statement for PowerShell editions '{','.join(editions)}'. The edition of PowerShell that is "
            f"required by the script does not match the currently running PowerShell {edition} edition.",
        )
    if any(kind == "runasadministrator" for kind, _ in wanted) and not ctx.machine.is_administrator:
        raise _needs_elevation(name)
    for kind, values in wanted:
        if kind in ("shellid", "pssnapin", "assembly"):
            raise Unsupported(f"#requires -{kind}")
        for value in values if kind == "modules" else ():
            _module(ctx, name, value)


def _version(ctx: ExecutionContext, name: str, text: str) -> None:
    numbers = [int(part) for part in text.split(".")] + [0]
    if is_known_version(ctx.edition, numbers[0], numbers[1]):
        return
    shown = text if "." in text else f"{text}.0"
    from hvsim.runtime import convert

    current = convert.to_string(ctx, ctx.get_variable("PSVersionTable").get("PSVersion"))
    raise _error(
        "ScriptRequiresUnmatchedPSVersion",
        name,
        f'it contained a "#requires" statement for PowerShell {shown}. The version of PowerShell that is required by the script does '
        f"not match the currently running version of PowerShell {current}.",
    )


def _module(ctx: ExecutionContext, name: str, wanted: Any) -> None:
    if not isinstance(wanted, str):
        raise Unsupported("#requires -Modules with a module specification")
    try:
        ctx.call("Import-Module", (), {"Name": wanted, "ErrorAction": "Stop"})
    except PSError as error:
        raise _error(
            "ScriptRequiresMissingModules",
            name,
            f'the following modules that are specified by the "#requires" statements of the script are missing: {wanted}.',
        ) from error


def _needs_elevation(name: str) -> PSError:
    return runtime_error(
        "ScriptRequiresElevation",
        f"The script '{name}' cannot be run because it contains a \"#requires\" statement for running as Administrator. The current "
        "PowerShell session is not running as Administrator. Start PowerShell by using the Run as Administrator option, and then try "
        "running the script again.",
        kind="System.Management.Automation.ScriptRequiresException",
        category="PermissionDenied",
        target=name,
        fields={"CommandName": name},
    )


def _error(error_id: str, name: str, reason: str) -> PSError:
    return runtime_error(
        error_id,
        f"The script '{name}' cannot be run because {reason}",
        kind="System.Management.Automation.ScriptRequiresException",
        category="ResourceUnavailable",
        target=name,
        fields={"CommandName": name},
    )
