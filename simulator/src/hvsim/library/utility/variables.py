# SPDX-License-Identifier: GPL-3.0-or-later
"""The Variable cmdlets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hvsim.runtime import collation, convert, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.scope import ALL_SCOPE, CONSTANT, PRIVATE, READ_ONLY, Scope, Variable
from hvsim.runtime.values import AUTOMATION_NULL, Array

_UNAUTHORIZED = "System.Management.Automation.SessionStateUnauthorizedAccessException"
_NOT_FOUND = "System.Management.Automation.ItemNotFoundException"


class VariableCommand(Cmdlet):
    """Scope and filter rules that the five cmdlets share."""

    def writable(self, variable: Variable, force: bool) -> bool:
        """Whether the variable may be written; if not, the error has been written."""
        if not variable.options & CONSTANT and (force or not variable.options & READ_ONLY):
            return True
        self.error(
            f"Cannot overwrite variable {variable.name} because it is read-only or constant.",
            "VariableNotWritable",
            "WriteError",
            variable.name,
            kind=_UNAUTHORIZED,
        )
        return False

    def scope(self) -> Scope | None:
        """The scope that -Scope names, None without it.

        Raises:
            PSError: no such scope.
        """
        if not self.bound("Scope"):
            return None
        name: str = self.args["Scope"]
        named = self.ctx.named_scope(name)
        if named is not None:
            return named
        if name.lstrip("-").isdigit():
            scope = self.ctx.scope.nth(int(name)) if int(name) >= 0 else None
            if scope is not None:
                return scope
            reason = f"The scope number '{name}' exceeds the number of active scopes."
            if int(name) < 0:
                reason = (
                    'Cannot process argument because the value of argument "scopeID" is out of range. Change argument "scopeID" to a '
                    "value that is within range."
                )
            raise self.fail(
                f"{reason} (Parameter 'scopeID')\nActual value was {name}.",
                "ArgumentOutOfRange",
                "InvalidArgument",
                kind="System.Management.Automation.PSArgumentOutOfRangeException",
            )
        raise self.fail(
            'Cannot process argument because the value of argument "scopeID" is not valid. Valid values are "Global", "Local", or '
            '"Script", or a number relative to the current scope (0 through the number of scopes where 0 is the current scope and 1 '
            'is its parent). Change the value of the "scopeID" argument and run the operation again. (Parameter \'scopeID\')',
            "Argument",
            "InvalidArgument",
            kind="System.Management.Automation.PSArgumentException",
        )

    def filtered(self, variables: Iterator[Variable]) -> Iterator[Variable]:
        """Those that pass -Include and -Exclude."""
        include = [wildcard.compile(p) for p in self.arg("Include", []) or []]
        exclude = [wildcard.compile(p) for p in self.arg("Exclude", []) or []]
        for variable in variables:
            if include and not any(m(variable.name) for m in include):
                continue
            if not any(m(variable.name) for m in exclude):
                yield variable

    def matching(self, pattern: str, scope: Scope | None) -> Iterator[Variable]:
        """Visible variables whose names match, by name; a prefix is no scope here (``GetMatchingVariables``)."""
        if not wildcard.contains_wildcard(pattern):
            found = self.ctx.find_variable(pattern, scope)
            if found is None and scope is not None:
                found = self.ctx.all_scope.get(pattern.lower())
            if found is not None:
                yield found
            return
        matcher = wildcard.compile(pattern)
        seen: dict[str, Variable] = {}
        for candidate in [scope] if scope is not None else self.ctx.scope.chain():
            for key, variable in candidate.vars.items():
                private = variable.options & PRIVATE and candidate is not self.ctx.scope
                if key not in seen and not private and matcher(variable.name):
                    seen[key] = variable
        for key, variable in self.ctx.all_scope.items():
            if key not in seen and matcher(variable.name):
                seen[key] = variable
        yield from sorted(seen.values(), key=lambda v: collation.sort_key(v.name)[:2])

    def nameless(self, name: str) -> bool:
        """Whether nothing of that name is an error: it is no pattern, and -Include and -Exclude let it pass."""
        return not wildcard.contains_wildcard(name) and any(self.filtered(iter([Variable(name, None)])))

    def options(self) -> int:
        """-Option as bits."""
        return int(self.args["Option"].value) if self.bound("Option") else 0

    def not_found(self, name: str) -> None:
        self.error(
            f"Cannot find a variable with the name '{name}'.", "VariableNotFound", "ObjectNotFound", name, kind=_NOT_FOUND
        )


@cmdlet("Get-Variable", parameters=("Name", "ValueOnly", "Include", "Exclude", "Scope"))
class GetVariable(VariableCommand):
    def process(self) -> None:
        scope = self.scope()
        for name in self.arg("Name", ["*"]) or ["*"]:
            found = False
            for variable in self.filtered(self.matching(name, scope)):
                found = True
                self.write(variable.value if self.arg("ValueOnly") is True else variable)
            if not found and self.nameless(name):
                self.not_found(name)


class WritingVariableCommand(VariableCommand):
    """Creates and changes variables."""

    def assign(self, name: str, value: Any, *, must_be_new: bool = False) -> Variable | None:
        scope = self.scope() or self.ctx.scope
        prefix, colon, rest = name.partition(":")
        if colon and not must_be_new and (named := self.ctx.named_scope(prefix)) is not None:
            scope, name = named, rest
        existing = scope.own(name.lower()) or self.ctx.all_scope.get(name.lower())
        force = self.arg("Force") is True
        if existing is not None and must_be_new and not force:
            self.error(
                f"A variable with name '{name}' already exists.",
                "VariableAlreadyExists",
                "ResourceExists",
                name,
                kind="System.Management.Automation.SessionStateException",
            )
            return None
        if existing is not None and not must_be_new:
            return self._overwrite(existing, value, force)
        if existing is not None and not self.writable(existing, force):
            return None
        variable = Variable(name, None if value is AUTOMATION_NULL else value, self.options())
        variable.description = self.arg("Description", "")
        self._store(scope, variable)
        return variable

    def target(self, name: str, value: Any) -> str:
        """What -WhatIf shows."""
        return f"Name: {name} Value: {convert.net_string(self.ctx, value)}"

    def _store(self, scope: Scope, variable: Variable) -> None:
        """A variable of all scopes is one object that this scope, the global one and every later one have."""
        key = variable.name.lower()
        scope.vars[key] = variable
        if variable.options & ALL_SCOPE:
            self.ctx.all_scope[key] = self.ctx.global_scope.vars[key] = variable

    def _overwrite(self, variable: Variable, value: Any, force: bool) -> Variable | None:
        if not self.writable(variable, force):
            return None
        if value is not AUTOMATION_NULL:
            try:
                variable.assign(self.ctx, value, force=force)
            except PSError as error:
                if error.record is not None:
                    self.write_error(error.record)
                return None
        if self.bound("Description"):
            variable.description = self.args["Description"]
        if self.bound("Option"):
            refusal = _refused_options(variable, self.options())
            if refusal is not None:
                self.error(refusal[1], refusal[0], "WriteError", variable.name, kind=_UNAUTHORIZED)
                return None
            variable.options = self.options()
        return variable


def _refused_options(variable: Variable, options: int) -> tuple[str, str] | None:
    """Id and text of the error for options that an existing variable cannot get (``PSVariable.Options``)."""
    if options & CONSTANT:
        return (
            "VariableCannotBeMadeConstant",
            f"Existing variable {variable.name} cannot be made constant. Variables can be made constant only at creation time.",
        )
    if variable.options & ALL_SCOPE and not options & ALL_SCOPE:
        return (
            "VariableAllScopeOptionCannotBeRemoved",
            f"The AllScope option cannot be removed from the variable '{variable.name}'.",
        )
    return None


@cmdlet(
    "Set-Variable", parameters=("Name", "Value", "Option", "Scope", "Force", "Description", "PassThru", "Include", "Exclude")
)
class SetVariable(WritingVariableCommand):
    def begin(self) -> None:
        self.values: list[Any] = []
        self.named, self.valued = self.bound("Name"), self.bound("Value")

    def process(self) -> None:
        if not self.named:
            self._set_all(self.arg("Value"))
        elif not self.valued and self.bound("Value"):
            self.values.append(self.args["Value"])

    def end(self) -> None:
        """A name given with the command gets all that came through the pipeline, or the value given with it, or nothing."""
        if not self.named:
            return
        if self.valued:
            self._set_all(self.args["Value"])
        elif len(self.values) > 1:
            self._set_all(Array(self.values))
        else:
            self._set_all(self.values[0] if self.values else AUTOMATION_NULL)

    def _set_all(self, value: Any) -> None:
        for name in self.args["Name"]:
            scope = self.scope() or self.ctx.scope
            found = list(self.filtered(self.matching(name, scope)))
            for each in [v.name for v in found] or ([name] if self.nameless(name) else []):
                if not self.should_process(self.target(each, value), "Set variable"):
                    continue
                variable = self.assign(each, value)
                if variable is not None and self.arg("PassThru") is True:
                    self.write(variable)


@cmdlet("New-Variable", parameters=("Name", "Value", "Option", "Scope", "Force", "Description", "PassThru"))
class NewVariable(WritingVariableCommand):
    def process(self) -> None:
        name, value = self.args["Name"], self.arg("Value")
        if not self.should_process(self.target(name, value), "New variable"):
            return
        variable = self.assign(name, value, must_be_new=True)
        if variable is not None and self.arg("PassThru") is True:
            self.write(variable)


@cmdlet("Remove-Variable", parameters=("Name", "Scope", "Force", "Include", "Exclude"))
class RemoveVariable(VariableCommand):
    def process(self) -> None:
        for name in self.args["Name"]:
            found = False
            # Without -Scope only what the current scope has itself.
            for variable in list(self.filtered(self.matching(name, self.scope() or self.ctx.scope))):
                found = True
                if self.should_process(f"Name: {variable.name}", "Remove variable"):
                    self._remove(variable)
            if not found and self.nameless(name):
                self.not_found(name)

    def _remove(self, variable: Variable) -> None:
        force = self.arg("Force") is True
        if variable.options & CONSTANT or (variable.options & READ_ONLY and not force):
            self.error(
                f"Cannot remove variable {variable.name} because it is constant or read-only. If the variable is read-only, try the "
                "operation again specifying the Force option.",
                "VariableNotRemovable",
                "WriteError",
                variable.name,
                kind=_UNAUTHORIZED,
            )
            return
        key = variable.name.lower()
        for scope in self.ctx.scope.chain():
            if scope.vars.get(key) is variable:
                del scope.vars[key]
        if self.ctx.all_scope.get(key) is variable:
            del self.ctx.all_scope[key]


@cmdlet("Clear-Variable", parameters=("Name", "Scope", "Force", "PassThru", "Include", "Exclude"))
class ClearVariable(VariableCommand):
    def process(self) -> None:
        for name in self.args["Name"]:
            found = False
            for variable in self.filtered(self.matching(name, self.scope())):
                found = True
                if not self.writable(variable, self.arg("Force") is True):
                    continue
                if self.should_process(f"Name: {variable.name}", "Clear variable"):
                    variable.value = None
                    if self.arg("PassThru") is True:
                        self.write(variable)
            if not found and self.nameless(name):
                self.not_found(name)


