# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of types as type literals and string casts write them."""

from __future__ import annotations

from collections.abc import Callable

from hvsim.runtime.types.net_type import NetType

#: Assemblies of .NET that pass on to those where the types are.
_FACADES = ("mscorlib", "netstandard", "system", "windowsbase")


def _may_hold(assembly: str, name: str, found: NetType) -> bool:
    """Whether ``name, assembly`` means this type: the name is .NET's own (``System.`` may be left out, no accelerator), and the
    assembly one of .NET's or the type's (PowerShell's ``TypeResolver.ResolveAssemblyQualifiedTypeName``)."""
    simple = assembly.partition(",")[0].strip().lower()
    if simple not in _FACADES and not simple.startswith(("system.", "microsoft.")):
        return False
    shown, own = name.lower(), found.full_name.lower()
    return "[" in name or own in (shown, "system." + shown)


class NameParser:
    """``Name[args]`` and ``Name`n[[args, assembly]]`` with array suffixes.

    *find* gives the type of a plain name or the generic one over some arguments, *array_of* the arrays; *names* are
    type parameters (``T``) that stand for types.
    """

    def __init__(
        self,
        text: str,
        find: Callable[[str, list[NetType] | None], NetType | None],
        array_of: Callable[[NetType, int], NetType],
        names: dict[str, NetType] | None = None,
    ) -> None:
        self.text = text.strip()
        self.pos = 0
        self.find = find
        self.array_of = array_of
        self.names = names or {}

    def parse(self) -> NetType | None:
        found = self._type(nested=False)
        self._blank()
        rest = self.text[self.pos :]
        if found is None or not rest:
            return found
        name = self.text[: self.pos].rstrip()
        return found if rest.startswith(",") and _may_hold(rest[1:], name, found) else None

    def _blank(self) -> None:
        while self.pos < len(self.text) and self.text[self.pos].isspace():
            self.pos += 1

    def _peek(self) -> str:
        self._blank()
        return self.text[self.pos : self.pos + 1]

    def _type(self, *, nested: bool) -> NetType | None:
        self._blank()
        start = self.pos
        while self.pos < len(self.text) and self.text[self.pos] not in "[],":
            self.pos += 1
        name = self.text[start : self.pos].strip()
        if not name:
            return None
        arguments: list[NetType] | None = None
        found: NetType | None = None
        while self._peek() == "[":
            inner = self._after_bracket()
            if inner in (",", "]"):
                found = found if found is not None else self._apply(name, arguments)
                rank = self._array_suffix()
                if found is None or not rank:
                    return None
                found = self.array_of(found, rank)
                continue
            if found is not None or arguments is not None:
                return None
            arguments = self._arguments()
            if arguments is None:
                return None
        return found if found is not None else self._apply(name, arguments)

    def _apply(self, name: str, arguments: list[NetType] | None) -> NetType | None:
        if arguments is None and name in self.names:
            return self.names[name]
        return self.find(name, arguments)

    def _after_bracket(self) -> str:
        pos = self.pos + 1
        while pos < len(self.text) and self.text[pos].isspace():
            pos += 1
        return self.text[pos : pos + 1]

    def _array_suffix(self) -> int:
        self.pos += 1
        rank = 1
        while True:
            char = self._peek()
            self.pos += 1
            if char == "]":
                return rank
            if char not in (",", "*"):
                return 0
            rank += char == ","

    def _arguments(self) -> list[NetType] | None:
        self.pos += 1
        arguments: list[NetType] = []
        while True:
            bracketed = self._peek() == "["
            if bracketed:
                self.pos += 1
            argument = self._type(nested=True)
            if argument is None:
                return None
            arguments.append(argument)
            if bracketed:
                closing = self.text.find("]", self.pos)
                if closing < 0:
                    return None
                self.pos = closing + 1
            char = self._peek()
            self.pos += 1
            if char == "]":
                return arguments
            if char != ",":
                return None
