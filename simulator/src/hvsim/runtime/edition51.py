# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows PowerShell 5.1 and .NET Framework lack of what PowerShell 7 has: ``metadata/edition51.json``.

The engine and ``hvsim lint`` read the same table: what lint reports, the engine of edition 5.1 answers with
PowerShell's own error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime.errors import NetException

if TYPE_CHECKING:
    from hvsim.runtime.command import CommandMetadata, ParameterMetadata
    from hvsim.runtime.members import MethodGroup
    from hvsim.runtime.types import NetType

EDITION = "5.1"
#: Types of this namespace have had those methods that others got in .NET Core.
_CONCURRENT = "System.Collections.Concurrent."
_RUNTIME_EXCEPTION = "System.Management.Automation.RuntimeException"
_NAME_PARTS = re.compile(r"[\[\],\s]+")
_PARAMETER = re.compile(r" \(Parameter '([^']*)'\)")


@cache
def facts() -> dict[str, Any]:
    """The table as it is written."""
    return dict(json.loads(resources.files("hvsim.metadata").joinpath("edition51.json").read_text("utf-8")))


@cache
def _names(key: str) -> frozenset[str]:
    return frozenset(name.lower() for name in facts()[key])


@cache
def _table(key: str) -> dict[str, frozenset[str]]:
    return {owner.lower(): frozenset(name.lower() for name in names) for owner, names in facts()[key].items()}


def lacks_cmdlet(name: str) -> bool:
    """Whether a cmdlet came with PowerShell 6 or later."""
    return name.lower() in _names("cmdlets_only_7")


def only_cmdlet(name: str) -> bool:
    """Whether a cmdlet went with PowerShell 6."""
    return name.lower() in _names("cmdlets_only_51")


def lacks_parameter(cmdlet: str, name: str) -> bool:
    """Whether a parameter of a cmdlet, also a common one, came with PowerShell 6 or later."""
    return lacks_common(name) or name.lower() in _table("parameters_only_7").get(cmdlet.lower(), ())


def lacks_common(name: str) -> bool:
    """Whether a common parameter came with PowerShell 6 or later."""
    return name.lower() in _table("parameters_only_7")["*"]


def lacks_variable(name: str) -> bool:
    """Whether an automatic variable came with PowerShell 6 or later."""
    return name.lower() in _names("variables_only_7")


def lacks_type(name: str) -> bool:
    """Whether a type, by full name or accelerator, is neither in .NET Framework nor in Windows PowerShell."""
    return name.lower() in _names("types_only_7")


@cache
def names_newer_type(name: str) -> bool:
    """Whether the name of a type, with its type arguments, has one in it that Windows PowerShell lacks."""
    return any(lacks_type(part) for part in _NAME_PARTS.split(name))


def find_type(name: str) -> NetType | None:
    """As ``types.find``, without what edition 5.1 lacks.

    Raises:
        Unsupported: a type that every Windows PowerShell 5.1 has and the engine does not.
    """
    from hvsim.runtime import types

    found = types.find(name)
    if found is None and any(part.lower() in _names("types_only_51") for part in _NAME_PARTS.split(name)):
        raise Unsupported(f"type [{name}]")
    if found is None or names_newer_type(name):
        return None
    inner = found
    while inner.element_type is not None:
        inner = inner.element_type
    return None if lacks_type((inner.definition or inner).full_name) else found


def known_type(name: str, edition: str) -> NetType | None:
    """The type of that name in an edition, None when it has none.

    Raises:
        Unsupported: the edition has the type and the engine does not.
    """
    from hvsim.runtime import types

    found = find_type(name) if edition == EDITION else types.find(name)
    if found is None:
        refuse_type(name, edition)
    return found


def refuse_type(name: str, edition: str, namespaces: Sequence[str] = ()) -> None:
    """As ``types.refuse_type``; what edition 5.1 lacks is no type there.

    Raises:
        Unsupported: .NET has the type, the engine does not.
    """
    from hvsim.runtime import types

    if edition != EDITION or not names_newer_type(name):
        types.refuse_type(name, namespaces)


def lacks_static(net_type: NetType, name: str) -> bool:
    """Whether a static member is not in .NET Framework."""
    table, key = _table("static_members_only_7"), name.lower()
    return any(key in table.get(t.full_name.lower(), ()) for t in net_type.hierarchy())


def lacks_method(net_type: NetType | None, name: str) -> bool:
    """Whether a method is not in .NET Framework; None for a type that is not known."""
    if name.lower() not in _names("methods_only_7"):
        return False
    return net_type is None or not net_type.full_name.startswith(_CONCURRENT)


_groups: dict[int, tuple[MethodGroup, MethodGroup]] = {}


def method(group: MethodGroup) -> MethodGroup:
    """A method with the overloads that .NET Framework has."""
    known = _groups.get(id(group))
    if known is None:
        known = _groups[id(group)] = (group, _framework_overloads(group))
    return known[1]


def _framework_overloads(group: MethodGroup) -> MethodGroup:
    owner = (group.owner.definition or group.owner).full_name
    later = facts()["overloads_only_7"].get(owner, {}).get(group.name, ())
    kept = [o for o in group.overloads if o.text.rpartition(" -> ")[0] not in later]
    if len(kept) == len(group.overloads):
        return group
    fewer = copy(group)
    fewer.overloads = kept
    fewer.cache = {}
    return fewer


def metadata(command: CommandMetadata) -> CommandMetadata:
    """A cmdlet's metadata as 5.1 has it; a parameter that only 5.1 has is known, so that its use is refused by name."""
    from hvsim.runtime.command import ALL_SETS, ParameterMetadata, ParameterSetInfo

    own = {k: p for k, p in command.parameters.items() if not lacks_parameter(command.name, p.name)}
    gone = _sets_of_lost(command, own)
    for key, parameter in own.items():
        left = {name: one for name, one in parameter.sets.items() if name not in gone}
        if left and len(left) < len(parameter.sets):
            own[key] = replace(parameter, sets=left)
    for name, kind in facts()["parameter_types"].get(command.name, {}).items():
        key = next(k for k, p in own.items() if p.name == name)
        own[key] = replace(own[key], type_name=kind)
    for name in facts()["parameters_only_51"].get(command.name, ()):
        own.setdefault(name, ParameterMetadata(name, "System.Object", sets={ALL_SETS: ParameterSetInfo()}))
    return without_common(replace(command, parameters=own))


def _sets_of_lost(command: CommandMetadata, own: dict[str, ParameterMetadata]) -> set[str]:
    """The parameter sets that came with a parameter: those in which one that 5.1 lacks is mandatory."""
    from hvsim.runtime.command import ALL_SETS

    lost = (p for key, p in command.parameters.items() if key not in own)
    return {name for p in lost for name, one in p.sets.items() if one.mandatory and name != ALL_SETS}


def without_common(command: CommandMetadata) -> CommandMetadata:
    """A command's metadata without the common parameters that 5.1 lacks."""
    command.common = tuple(parameter for parameter in command.common if not lacks_common(parameter.name))
    vars(command).pop("all_parameters", None)
    return command


def framework_text(exception: NetException | None) -> None:
    """Names the parameter in an exception of .NET, and in those around it, as .NET Framework does."""
    while exception is not None:
        if " (Parameter '" in exception.message and exception.kind != _RUNTIME_EXCEPTION:
            exception.message = _PARAMETER.sub("\r\nParameter name: \\1", exception.message)
        exception = exception.inner
