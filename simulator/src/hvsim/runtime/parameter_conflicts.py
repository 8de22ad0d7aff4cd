# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and aliases that a function's parameters share with each other or with the common parameters.

Rules of ``MergedCommandParameterMetadata.AddMetadataForBinder``: own parameters come first, then the common ones; the first name that is
taken is the error, when the function is called.
"""

from __future__ import annotations

from collections.abc import Iterable

from hvsim.runtime.command import ParameterMetadata
from hvsim.runtime.errors import PSError, runtime_error


def verify(parameters: Iterable[ParameterMetadata]) -> None:
    """Verifies that no two of the parameters, own ones first, answer to the same name.

    Raises:
        PSError: MetadataException ParameterNameAlreadyExistsForCommand, ParameterNameConflictsWithAlias or
            AliasParameterNameAlreadyExistsForCommand.
    """
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for parameter in parameters:
        key = parameter.name.lower()
        if key in names:
            text = f"A parameter with the name '{parameter.name}' was defined multiple times for the command."
            raise _error("ParameterNameAlreadyExistsForCommand", text)
        if key in aliases:
            raise _conflict(parameter.name, aliases[key])
        names[key] = parameter.name
        for alias in parameter.aliases:
            folded = alias.lower()
            if folded in aliases:
                text = (
                    f"The parameter alias cannot be specified because an alias with the name '{alias}' was already defined multiple "
                    "times for the command."
                )
                raise _error("AliasParameterNameAlreadyExistsForCommand", text)
            if folded in names:
                raise _conflict(names[folded], parameter.name)
            aliases[folded] = parameter.name


def _conflict(name: str, owner: str) -> PSError:
    text = (
        f"The parameter '{name}' cannot be specified because it conflicts with the parameter alias of the same name for parameter "
        f"'{owner}'."
    )
    return _error("ParameterNameConflictsWithAlias", text)


def _error(error_id: str, message: str) -> PSError:
    return runtime_error(error_id, message, kind="System.Management.Automation.MetadataException", category="MetadataError")
