# SPDX-License-Identifier: GPL-3.0-or-later
"""Scopes and variables.

A scope maps lower-case names to :class:`Variable` cells. Lookup walks the parents (dynamic scoping); the parent of a
module's top scope is the global scope. Functions and aliases live in scopes as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.values import AUTOMATION_NULL, NetObject

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

NONE = 0
READ_ONLY = 1
CONSTANT = 2
PRIVATE = 4
ALL_SCOPE = 8

Check = Callable[["ExecutionContext", Any], Any]
"""A conversion or validation that stays with a variable: takes the new value, returns the one to store."""


class Variable(NetObject, sets_members=True):
    """``PSVariable``. ``checks`` run on every assignment; None, the usual case, lets the interpreter store directly
    (a read-only or constant variable has a check as well, one that raises)."""

    __slots__ = ("attributes", "checks", "description", "name", "options", "value")
    NET = "System.Management.Automation.PSVariable"

    def __init__(self, name: str, value: Any = None, options: int = NONE, checks: list[Check] | None = None) -> None:
        self.name = name
        self.value = value
        self.options = options
        self.checks = checks
        self.attributes: Sequence[Any] = ()
        self.description = ""
        self.extended = None
        self.type_names = None

    @property
    def is_locked(self) -> bool:
        return bool(self.options & (READ_ONLY | CONSTANT))

    def assign(self, ctx: ExecutionContext, value: Any, *, force: bool = False) -> None:
        """Stores a value through all checks.

        Raises:
            PSError: VariableNotWritable, or what a conversion or validation says.
        """
        if self.options & CONSTANT or (self.options & READ_ONLY and not force):
            raise not_writable(self.name)
        if self.checks is not None:
            for check in self.checks:
                value = check(ctx, value)
        self.value = value


class ComputedVariable(Variable):
    """A variable whose value is asked for at every read; assigning calls ``setter`` if there is one."""

    __slots__ = ("getter", "setter")

    def __init__(
        self,
        name: str,
        getter: Callable[[], Any],
        options: int = NONE,
        setter: Callable[[Any], None] | None = None,
    ) -> None:
        self.getter = getter
        self.setter = setter
        super().__init__(name, None, options, [])

    @property
    def value(self) -> Any:
        return self.getter()

    @value.setter
    def value(self, new: Any) -> None:
        if self.setter is not None:
            self.setter(new)


def not_writable(name: str) -> PSError:
    """The error of an assignment to a read-only or constant variable."""
    return runtime_error(
        "VariableNotWritable",
        f"Cannot overwrite variable {name} because it is read-only or constant.",
        kind="System.Management.Automation.SessionStateUnauthorizedAccessException",
        category="WriteError",
        target=name,
    )


DEEP = 64
"""From this depth on scopes come in groups of as many levels, each of which knows all names of its variables."""


class _Group:
    """Some levels of a deep chain: ``names`` are those of all variables that its scopes ever had, ``above`` is the scope
    that the uppermost of them has as its parent."""

    __slots__ = ("above", "names")

    def __init__(self, above: Scope) -> None:
        self.above = above
        self.names: set[str] = set()


class _DeepVariables(dict[str, Variable]):
    """The variables of a scope of a group; a new one's name becomes known to the group."""

    __slots__ = ("_names",)

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def __setitem__(self, key: str, variable: Variable) -> None:
        self._names.add(key)
        super().__setitem__(key, variable)

    def update(self, other: dict[str, Variable]) -> None:  # type: ignore[override]
        """As of a dictionary."""
        self._names.update(other)
        super().update(other)


class Scope:
    """One scope. ``script`` is the scope that ``$script:`` means from here; ``automatic`` answers the automatic
    variables of the running script block (``$args``, ``$MyInvocation`` ...) by name when they are first asked for.

    Few scopes define functions or aliases: each remembers the nearest one above that does, so that a lookup in a deep
    recursion does not walk through all of it. What it remembers holds until another scope gets its first one (``_changes``).
    Variables are in all scopes: a lookup passes over groups of deep ones that have none of that name.
    """

    _changes: ClassVar[int] = 0
    __slots__ = ("_aliases", "_as_of", "_functions", "_next", "automatic", "depth", "group", "parent", "script", "strict", "vars")

    def __init__(self, parent: Scope | None, *, is_script: bool = False) -> None:
        self.parent = parent
        depth = 0 if parent is None else parent.depth + 1
        self.depth: int = depth
        if depth < DEEP or parent is None:
            self.group: _Group | None = None
            self.vars: dict[str, Variable] = {}
        else:
            group = parent.group
            if group is None or not depth % DEEP:
                group = _Group(parent)
            self.group = group
            self.vars = _DeepVariables(group.names)
        self.script: Scope = self if is_script or parent is None else parent.script
        self._functions: dict[str, Any] | None = None
        self._aliases: dict[str, Any] | None = None
        if parent is None or parent._functions is not None or parent._aliases is not None:
            self._next: Scope | None = parent
            self._as_of = Scope._changes
        else:
            self._next = parent._next
            self._as_of = parent._as_of
        self.automatic: Any = None
        self.strict: int = 0 if parent is None else parent.strict

    @property
    def functions(self) -> dict[str, Any] | None:
        """The functions of this very scope by name in lower case; None before the first one."""
        return self._functions

    @functions.setter
    def functions(self, new: dict[str, Any] | None) -> None:
        self._functions = new
        Scope._changes += 1

    @property
    def aliases(self) -> dict[str, Any] | None:
        """The aliases of this very scope by name in lower case; None before the first one."""
        return self._aliases

    @aliases.setter
    def aliases(self, new: dict[str, Any] | None) -> None:
        self._aliases = new
        Scope._changes += 1

    def _next_table(self, now: int) -> Scope | None:
        """The nearest scope above that has functions or aliases."""
        passed = [self]
        scope = self.parent
        while scope is not None and scope._functions is None and scope._aliases is None:
            if scope._as_of == now:
                scope = scope._next
                break
            passed.append(scope)
            scope = scope.parent
        for each in passed:
            each._next = scope
            each._as_of = now
        return scope

    def chain(self) -> Iterator[Scope]:
        """This scope and its parents."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def root(self) -> Scope:
        """The global scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def own(self, key: str) -> Variable | None:
        """The variable of this very scope; automatic ones come into being here."""
        found = self.vars.get(key)
        if found is None and self.automatic is not None and key in AUTOMATIC_NAMES:
            found = self.automatic.variable(key)
            if found is not None:
                self.vars[key] = found
        return found

    def find(self, key: str) -> Variable | None:
        """The variable that a plain read of *key* (lower case) sees."""
        found = self.own(key)
        if found is not None:
            return found
        if key not in AUTOMATIC_NAMES:
            return find_above(self, key)
        scope = self.parent
        while scope is not None:
            found = scope.own(key)
            if found is not None and not found.options & PRIVATE:
                return found
            scope = scope.parent
        return None

    def define(self, name: str, value: Any, options: int = NONE) -> Variable:
        """Sets a variable of this scope without any check (parameters, automatic variables)."""
        variable = self.vars[name.lower()] = Variable(name, value, options)
        return variable

    def assign(self, ctx: ExecutionContext, name: str, value: Any) -> None:
        """``$name = value`` in this scope."""
        key = name.lower()
        variable = self.own(key)
        if variable is None:
            variable = ctx.all_scope.get(key)
            if variable is None:
                self.vars[key] = Variable(name, value)
                return
        if variable.checks is None and not variable.options & (READ_ONLY | CONSTANT):
            variable.value = value
        else:
            variable.assign(ctx, value)

    def find_function(self, key: str) -> Any:
        """The function of that name (lower case) that is visible here, or None."""
        scope: Scope | None = self
        now = Scope._changes
        while scope is not None:
            functions = scope._functions
            if functions is not None:
                found = functions.get(key)
                if found is not None:
                    return found
            scope = scope._next if scope._as_of == now else scope._next_table(now)
        return None

    def find_unaliased(self, key: str) -> Any:
        """The function of that name (lower case) that a call by this name reaches: None if there is an alias, which goes first."""
        found: Any = None
        scope: Scope | None = self
        now = Scope._changes
        while scope is not None:
            if found is None and scope._functions is not None:
                found = scope._functions.get(key)
            if scope._aliases is not None and key in scope._aliases:
                return None
            scope = scope._next if scope._as_of == now else scope._next_table(now)
        return found

    def find_alias(self, key: str) -> Any:
        """The alias of that name (lower case) that is visible here, or None."""
        scope: Scope | None = self
        now = Scope._changes
        while scope is not None:
            aliases = scope._aliases
            if aliases is not None:
                found = aliases.get(key)
                if found is not None:
                    return found
            scope = scope._next if scope._as_of == now else scope._next_table(now)
        return None

    def nth(self, number: int) -> Scope | None:
        """The scope *number* steps up, None beyond the global one."""
        scope: Scope | None = self
        for _ in range(number):
            if scope is None:
                return None
            scope = scope.parent
        return scope


def find_above(scope: Scope, key: str) -> Variable | None:
    """The variable, not an automatic one, that is visible in a scope without being its own."""
    above = scope.parent
    while above is not None:
        group = above.group
        if group is not None and key not in group.names:
            above = group.above
            continue
        found = above.vars.get(key)
        if found is not None and not found.options & PRIVATE:
            return found
        above = above.parent
    return None


AUTOMATIC_NAMES = frozenset(
    ("args", "input", "myinvocation", "psboundparameters", "pscmdlet", "pscommandpath", "psscriptroot", "this")
)


def is_nothing(value: Any) -> bool:
    """Whether a value is ``$null`` or nothing at all."""
    return value is None or value is AUTOMATION_NULL
