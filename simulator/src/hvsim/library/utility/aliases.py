# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Alias, Set-Alias, New-Alias and Remove-Alias."""

from __future__ import annotations

from typing import Any

from hvsim.library.utility.variables import VariableCommand
from hvsim.runtime import convert, wildcard
from hvsim.runtime.command import AliasInfo, Cmdlet, cmdlet
from hvsim.runtime.scope import Scope

_UNAUTHORIZED = "System.Management.Automation.SessionStateUnauthorizedAccessException"
_NOT_FOUND = "System.Management.Automation.ItemNotFoundException"


def visible_aliases(scope: Scope) -> dict[str, AliasInfo]:
    """The aliases that a scope sees, by name in lower case."""
    found: dict[str, AliasInfo] = {}
    for each in scope.chain():
        for key, alias in (each.aliases or {}).items():
            found.setdefault(key, alias)
    return found


@cmdlet("Get-Alias", parameters=("Name", "Definition", "Exclude", "Scope"))
class GetAlias(VariableCommand):
    def process(self) -> None:
        scope = self.scope()
        aliases = dict(scope.aliases or {}) if scope is not None else visible_aliases(self.ctx.scope)
        by_definition = self.bound("Definition")
        excluded = [wildcard.compile(pattern) for pattern in self.arg("Exclude") or []]
        for pattern in self.arg("Definition" if by_definition else "Name") or ["*"]:
            self._write(aliases, pattern, by_definition, excluded)

    def _write(self, aliases: dict[str, AliasInfo], pattern: str, by_definition: bool, excluded: list[Any]) -> None:
        matcher = wildcard.compile(pattern)
        found = []
        for alias in aliases.values():
            text = alias.target if by_definition else alias.name
            same = text.lower() == pattern.lower()
            if (same or matcher(text)) and not any(m(alias.name) for m in excluded):
                found.append(alias)
        exact = [a for a in found if not by_definition and a.name.lower() == pattern.lower()]
        for alias in exact or sorted(found, key=lambda a: a.name.lower()):
            self.write(alias)
        if not found and not wildcard.contains_wildcard(pattern):
            kind = "definition" if by_definition else "name"
            _missing(self, kind, pattern)


def _missing(command: Cmdlet, kind: str, text: str) -> None:
    command.error(
        f"This command cannot find a matching alias because an alias with the {kind} '{text}' does not exist.",
        "ItemNotFoundException",
        "ObjectNotFound",
        text,
        kind=_NOT_FOUND,
    )


class WritingAliasCommand(VariableCommand):
    """Creates and changes aliases."""

    def make(self, *, must_be_new: bool) -> None:
        name, target = self.args["Name"], self.args["Value"]
        scope = self.scope() or self.ctx.scope
        action = "New Alias" if must_be_new else "Set Alias"
        if not self.should_process(f"Name: {name} Value: {target}", action):
            return
        existing: AliasInfo | None = (scope.aliases or {}).get(name.lower()) if must_be_new else scope.find_alias(name.lower())
        force = self.arg("Force") is True
        if existing is not None and must_be_new and not force:
            self._refuse(f"The alias is not allowed, because an alias with the name '{name}' already exists.", "AliasAlreadyExists", name)
            return
        if existing is not None and ("Constant" in existing.options or ("ReadOnly" in existing.options and not force)):
            self._refuse(
                f"The alias cannot be changed because alias {name} is read-only or constant and cannot be written to."
                if not must_be_new
                else f"Alias is not writeable because alias {name} is read-only or constant and cannot be written to.",
                "AliasNotWritable",
                name,
                _UNAUTHORIZED,
                "WriteError",
            )
            return
        alias = AliasInfo(name, target, self.arg("Description", ""), self._options())
        if scope.aliases is None:
            scope.aliases = {}
        scope.aliases[name.lower()] = alias
        if self.arg("PassThru") is True:
            self.write(alias)

    def _options(self) -> str:
        return convert.to_string(self.ctx, self.args["Option"]) if self.bound("Option") else "None"

    def _refuse(
        self,
        message: str,
        error_id: str,
        name: str,
        kind: str = "System.Management.Automation.SessionStateException",
        category: str = "ResourceExists",
    ) -> None:
        self.error(message, error_id, category, name, kind=kind)


@cmdlet("Set-Alias", parameters=("Name", "Value", "Description", "Option", "PassThru", "Scope", "Force"))
class SetAlias(WritingAliasCommand):
    def process(self) -> None:
        self.make(must_be_new=False)


@cmdlet("New-Alias", parameters=("Name", "Value", "Description", "Option", "PassThru", "Scope", "Force"))
class NewAlias(WritingAliasCommand):
    def process(self) -> None:
        self.make(must_be_new=True)


@cmdlet("Remove-Alias", parameters=("Name", "Scope", "Force"))
class RemoveAlias(VariableCommand):
    """Removes aliases, each from the nearest scope that has it."""

    def process(self) -> None:
        for name in self.args["Name"]:
            scope = self.scope()
            scopes = [scope] if scope is not None else list(self.ctx.scope.chain())
            owner = next((each for each in scopes if name.lower() in (each.aliases or {})), None)
            if owner is None:
                _missing(self, "name", name)
                continue
            alias = (owner.aliases or {})[name.lower()]
            if "Constant" in alias.options or ("ReadOnly" in alias.options and self.arg("Force") is not True):
                raise self.fail(
                    f"Alias was not removed because alias {alias.name} is constant or read-only.",
                    "AliasNotRemovable",
                    "WriteError",
                    alias.name,
                    kind=_UNAUTHORIZED,
                )
            del (owner.aliases or {})[name.lower()]
