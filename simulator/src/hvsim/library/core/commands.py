# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Command."""

from __future__ import annotations

from collections.abc import Iterator

from hvsim.runtime import command, edition51, wildcard
from hvsim.runtime.command import AliasInfo, Cmdlet, CmdletInfo, CommandInfo, cmdlet
from hvsim.runtime.interpreter import lookup

_FUNCTION = 2
_FILTER = 4
_CMDLET = 8
_ALIAS = 1
_KINDS = {"Alias": _ALIAS, "Function": _FUNCTION, "Filter": _FILTER, "Cmdlet": _CMDLET}


@cmdlet("Get-Command", parameters=("Name", "CommandType", "Module", "Noun", "Verb", "All", "ListImported", "TotalCount"))
class GetCommand(Cmdlet):
    """Lists commands: what a name means, or all that match."""

    def begin(self) -> None:
        self.count = 0

    def process(self) -> None:
        kinds = self.arg("CommandType")
        self.kinds: int | None = None if kinds is None else kinds.value
        modules = self.arg("Module") or []
        self.modules = [wildcard.compile(name) for name in modules]
        if self.parameter_set == "CmdletSet" and not self.bound("Name"):
            self._list("*")
            return
        for name in self.arg("Name") or ["*"]:
            if wildcard.contains_wildcard(name) and not self._exact(name):
                self._list(name)
            else:
                self._one(name)

    def _exact(self, name: str) -> bool:
        """A name that has a wildcard's characters and is a command nevertheless (``%``, ``?``)."""
        return self.ctx.scope.find_alias(name.lower()) is not None

    def _one(self, name: str) -> None:
        found = self._lookup(name)
        if found is None:
            error = lookup.not_found(self.ctx, name)
            assert error.record is not None
            self.write_error(error.record)
            return
        self._emit(found)

    def _lookup(self, name: str) -> CommandInfo | None:
        key = name.lower()
        scope = self.ctx.scope
        candidates: list[CommandInfo | None] = [scope.find_alias(key), scope.find_function(key)]
        for candidate in candidates:
            if candidate is not None and self._wanted(candidate):
                return candidate
        found = lookup.find(self.ctx, name)
        if found is not None and found.name.lower() == key.rpartition("\\")[2] and self._wanted(found):
            return found
        if found is not None and not isinstance(found, (CmdletInfo, AliasInfo)) and self._wanted(found):
            return found
        return None

    def _wanted(self, info: CommandInfo) -> bool:
        if self.kinds is not None and not _KINDS.get(info.kind, 0) & self.kinds:
            return False
        return not self.modules or any(matches(info.module_name) for matches in self.modules)

    def _list(self, pattern: str) -> None:
        matches = wildcard.compile(pattern)
        verbs = [wildcard.compile(v) for v in self.arg("Verb") or []]
        nouns = [wildcard.compile(n) for n in self.arg("Noun") or []]
        seen: set[str] = set()
        for info in sorted(self._all(), key=lambda i: i.name.lower()):
            verb, _, noun = info.name.partition("-")
            if not matches(info.name) or not self._wanted(info):
                continue
            if (verbs and not any(v(verb) for v in verbs)) or (nouns and not any(n(noun) for n in nouns)):
                continue
            key = f"{info.kind}:{info.name.lower()}"
            if key not in seen:
                seen.add(key)
                self._emit(info)

    def _all(self) -> Iterator[CommandInfo]:
        for scope in self.ctx.scope.chain():
            yield from (scope.functions or {}).values()
            if self.parameter_set != "CmdletSet":
                yield from (scope.aliases or {}).values()
        lacks = edition51.lacks_cmdlet if self.ctx.edition == edition51.EDITION else edition51.only_cmdlet
        for metadata in command.recorded_cmdlets():
            if not lacks(metadata.name):
                yield CmdletInfo(metadata, None)
        recorded = {m.name.lower() for m in command.recorded_cmdlets()}
        for info in command.implemented_cmdlets():
            if info.name.lower() not in recorded:
                yield info

    def _emit(self, info: CommandInfo) -> None:
        limit = self.arg("TotalCount")
        if limit is not None and self.count >= limit:
            return
        self.count += 1
        if isinstance(info, CmdletInfo) and info.implementation is None:
            info = next((i for i in command.implemented_cmdlets() if i.name == info.name), info)
        self.write(info)
