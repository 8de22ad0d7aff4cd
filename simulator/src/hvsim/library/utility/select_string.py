# SPDX-License-Identifier: GPL-3.0-or-later
"""Select-String, on objects of the pipeline and on files."""

from __future__ import annotations

import re
from collections import deque
from typing import Any, ClassVar

from hvsim.library.dotnet.file_info import FileInfo, disk, disk_path
from hvsim.library.dotnet.regex_types import Match
from hvsim.library.management import paths
from hvsim.library.utility import file_access
from hvsim.runtime import convert, objects, regex, types, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.members import getter, method
from hvsim.runtime.values import Array, NetObject

_INFO = "Microsoft.PowerShell.Commands.MatchInfo"
_CONTEXT = "Microsoft.PowerShell.Commands.MatchInfoContext"
_IGNORE_CASE = 1


@types.net_class(_CONTEXT)
class MatchInfoContext(NetObject):
    """The lines around a match; what is shown leaves out lines that another match has shown or is."""

    __slots__ = ("after", "before", "shown_after", "shown_before")
    NET: ClassVar[str] = _CONTEXT

    def __init__(self) -> None:
        self.before: list[str] = []
        self.after: list[str] = []
        self.shown_before: list[str] = []
        self.shown_after: list[str] = []


@types.net_class(_INFO)
class MatchInfo(NetObject):
    """One line that matched; *path* is None for pipeline input."""

    __slots__ = ("context", "ignore_case", "line", "matches", "number", "path", "pattern")
    NET: ClassVar[str] = _INFO

    def __init__(self, line: str, number: int, pattern: str, ignore_case: bool, path: str | None) -> None:
        self.line = line
        self.number = number
        self.pattern = pattern
        self.ignore_case = ignore_case
        self.path = path
        self.matches: list[Any] = []
        self.context: MatchInfoContext | None = None

    def without_shown_context(self) -> MatchInfo:
        """A copy that shows no lines around the match."""
        copy = MatchInfo(self.line, self.number, self.pattern, self.ignore_case, self.path)
        copy.matches = self.matches
        copy.context = MatchInfoContext()
        if self.context is not None:
            copy.context.before, copy.context.after = self.context.before, self.context.after
        return copy


def _lines(items: list[str]) -> Array:
    return Array(items, types.STRING)


_INPUT = "InputStream"
getter(_CONTEXT, "PreContext", type="string[]")(lambda self: _lines(self.before))
getter(_CONTEXT, "PostContext", type="string[]")(lambda self: _lines(self.after))
getter(_CONTEXT, "DisplayPreContext", type="string[]")(lambda self: _lines(self.shown_before))
getter(_CONTEXT, "DisplayPostContext", type="string[]")(lambda self: _lines(self.shown_after))
getter(_INFO, "IgnoreCase", type="bool")(lambda self: self.ignore_case)
getter(_INFO, "LineNumber", type="System.Object")(lambda self: self.number)
getter(_INFO, "Line", type="string")(lambda self: self.line)
getter(_INFO, "Filename", type="string")(lambda self: _INPUT if self.path is None else re.split(r"[\\/]", self.path)[-1])
getter(_INFO, "Path", type="string")(lambda self: _INPUT if self.path is None else self.path)
getter(_INFO, "Pattern", type="string")(lambda self: self.pattern)
getter(_INFO, "Context", type=_CONTEXT)(lambda self: self.context)


@getter(_INFO, "Matches", type="System.Text.RegularExpressions.Match[]")
def _matches(self: MatchInfo) -> Any:
    return Array(self.matches, types.get("System.Text.RegularExpressions.Match"))


@method(_INFO, "RelativePath", overloads=["(string) -> string"])
def _relative_path(self: MatchInfo, directory: str | None) -> str:
    """The path without that folder in front, if it lies there."""
    path = _INPUT if self.path is None else self.path
    size = len(directory or "")
    if self.path is None or not directory or size >= len(path) or not path.lower().startswith(directory.lower()):
        return path
    if directory[-1] in "\\/":
        return path[size:]
    return path[size + 1 :] if path[size] in "\\/" else path


@method(_INFO, "ToString", overloads=["() -> string", "(string) -> string"], context=True)
def _text(ctx: Any, self: MatchInfo, directory: str | None = None) -> str:
    path = _relative_path(self, directory)

    def shown(prefix: str, number: int, line: str) -> str:
        return f"{prefix}{line}" if self.path is None else f"{prefix}{path}:{number}:{line}"

    if self.context is None:
        return shown("", self.number, self.line)
    before, after = self.context.shown_before, self.context.shown_after
    first = self.number - len(before)
    lines = [shown("  ", first + i, line) for i, line in enumerate(before)]
    lines.append(shown("> ", self.number, self.line))
    lines += [shown("  ", self.number + 1 + i, line) for i, line in enumerate(after)]
    return ("\r\n" if ctx.machine.is_windows else "\n").join(lines)


class _Source:
    """One stream of lines: counts them and keeps the context of matches until it is complete."""

    def __init__(self, path: str | None, around: tuple[int, int] | None) -> None:
        self.path = path
        self.around = around
        self.number = 0
        self.found = False
        self.before: deque[str] = deque(maxlen=around[0] if around else 0)
        self.waiting: list[tuple[MatchInfo, int]] = []
        self.unshown: deque[str] = deque(maxlen=around[0] if around else 0)
        self.shown: MatchInfo | None = None

    def add(self, line: str, info: MatchInfo | None) -> list[MatchInfo]:
        """Takes a line, with its match if there is one; the matches that are complete now."""
        if self.around is None:
            return [] if info is None else [info]
        done = self._feed(line)
        if info is None:
            self._show(line)
        else:
            info.context = MatchInfoContext()
            info.context.before = list(self.before)
            info.context.shown_before = list(self.unshown)
            self.unshown.clear()
            self.shown = info if self.around[1] else None
            if self.around[1]:
                self.waiting.append((info, self.around[1]))
            else:
                done.append(info)
        self.before.append(line)
        return done

    def _show(self, line: str) -> None:
        """A line belongs to the match before it as long as that has room, else to the next one (``DisplayContextTracker``)."""
        assert self.around is not None
        if self.shown is None or self.shown.context is None:
            self.unshown.append(line)
            return
        self.shown.context.shown_after.append(line)
        if len(self.shown.context.shown_after) >= self.around[1]:
            self.shown = None

    def _feed(self, line: str) -> list[MatchInfo]:
        still: list[tuple[MatchInfo, int]] = []
        done: list[MatchInfo] = []
        for info, missing in self.waiting:
            assert info.context is not None
            info.context.after.append(line)
            if missing > 1:
                still.append((info, missing - 1))
            else:
                done.append(info)
        self.waiting = still
        return done

    def rest(self) -> list[MatchInfo]:
        """The matches whose context the end of the lines cut."""
        return [info for info, _ in self.waiting]


@cmdlet(
    "Select-String",
    parameters=(
        "InputObject", "Pattern", "Path", "LiteralPath", "SimpleMatch", "CaseSensitive", "AllMatches", "NotMatch", "Quiet", "List",
        "Context", "Raw", "NoEmphasis", "Include", "Exclude",
    ),
)  # fmt: skip
class SelectString(Cmdlet):
    """Lines that match a pattern, of texts in the pipeline or of files."""

    def begin(self) -> None:
        self.ignore_case = self.arg("CaseSensitive") is not True
        self.patterns: list[tuple[str, Any]] = [(text, self._compiled(text)) for text in self.args["Pattern"]]
        given = self.arg("Context")
        self.around = (given[0], given[-1]) if given is not None and any(given) and self.arg("Raw") is not True else None
        self.input = _Source(None, self.around)
        self.done = False
        self.include = [wildcard.compile(pattern) for pattern in self.arg("Include") or ()]
        self.exclude = [wildcard.compile(pattern) for pattern in self.arg("Exclude") or ()]

    def _compiled(self, text: str) -> Any:
        if self.arg("SimpleMatch") is True:
            return None
        try:
            return regex.compile(text, _IGNORE_CASE if self.ignore_case else 0, self.ctx.edition)
        except PSError as error:
            raise self.fail(
                f"The string {text} is not a valid regular expression: {error.exception.message}",
                "InvalidRegex",
                "InvalidArgument",
                kind="System.ArgumentException",
                inner=error.exception,
            ) from None

    def process(self) -> None:
        if self.done:
            return
        if self.bound("Path") or self.bound("LiteralPath"):
            self._search_all(self._places())
            return
        if not self.bound("InputObject"):
            return
        value = self.args["InputObject"]
        base = objects.unwrap(value)
        if isinstance(base, FileInfo):
            self._search_all([convert.to_string(self.ctx, objects.get_member(self.ctx, base, "FullName"))])
        elif isinstance(base, MatchInfo):
            self._filter(base)
        else:
            self._line(self.input, "" if value is None else convert.to_string(self.ctx, value))

    def _filter(self, info: MatchInfo) -> None:
        """A result of Select-String passes if its line matches; the lines around it stay, but are not shown any more."""
        if self.around is not None:
            self.warn('The option "Context" is not valid when searching results that are piped from Select-String output.')
            self.around = None
            self.input = _Source(None, None)
        self.input.number += 1
        if self._match(self.input, info.line) is None:
            return
        if self.arg("Quiet") is True:
            self.done = True
            self.write(True)
            return
        if info.context is not None:
            info = info.without_shown_context()
        self._emit(info)

    # -- files --

    def _places(self) -> list[str]:
        """The files; folders are passed over, a literal path need not exist.

        Raises:
            PSError: a path without wildcards that does not exist.
        """
        found: list[str] = []
        for name, literal in (("Path", False), ("LiteralPath", True)):
            for text in self.arg(name) or ():
                items = [paths.parse(self.ctx, text)] if literal else paths.resolve(self.ctx, text)
                if items and items[0].provider.name != "FileSystem":
                    provider = items[0].provider.full_name
                    message = f"Cannot open the file because the current provider ({provider}) cannot open files."
                    self.error(message, "ProcessingFile", "InvalidArgument", kind="System.ArgumentException")
                    continue
                found += [item.path for item in items]
        return found

    def _search_all(self, files: list[str]) -> None:
        for path in files:
            if disk(self.ctx).is_directory(disk_path(path)) and self.ctx.edition != "5.1":
                continue
            if self._search(path) and self.arg("Quiet") is True:
                return
        if self.arg("Quiet") is True:
            self.write(False)

    def _search(self, path: str) -> bool:
        """The lines of a file, as a StreamReader gives them; whether one matches."""
        if (self.include and not any(m(path) for m in self.include)) or any(m(path) for m in self.exclude):
            return False
        source = _Source(path, self.around)
        try:
            text = file_access.read(self, path).replace("\r\n", "\n").replace("\r", "\n")
        except PSError as error:
            cause = error.exception
            message = f"The file {path} cannot be read: {cause.message}"
            self.error(message, "ProcessingFile", "InvalidArgument", kind="System.ArgumentException", inner=cause)
            return False
        for line in (text[:-1] if text.endswith("\n") else text).split("\n") if text else ():
            if self._line(source, line) and (self.arg("List") is True or self.arg("Quiet") is True):
                break
        for info in source.rest():
            self._emit(info)
        return source.found

    def _line(self, source: _Source, line: str) -> bool:
        """Whether a line matches; what is complete with it is written."""
        source.number += 1
        info = self._match(source, line)
        if info is not None:
            source.found = True
            if self.arg("Quiet") is True:
                self.done = source is self.input
                self.write(True)
                return True
        for done in source.add(line, info):
            self._emit(done)
        return info is not None

    def _match(self, source: _Source, line: str) -> MatchInfo | None:
        """The first pattern that the line has; with -NotMatch a line that has none of them, under the first one's name."""
        for text, compiled in self.patterns:
            matches = self._matches(line, text, compiled)
            if matches is not None:
                return None if self.arg("NotMatch") is True else self._info(source, line, text, matches)
        return self._info(source, line, self.patterns[0][0], []) if self.arg("NotMatch") is True else None

    def _info(self, source: _Source, line: str, pattern: str, matches: list[Any]) -> MatchInfo:
        info = MatchInfo(line, source.number, pattern, self.ignore_case, source.path)
        info.matches = matches
        return info

    def _matches(self, line: str, text: str, compiled: Any) -> list[Any] | None:
        if compiled is None:
            found = text.lower() in line.lower() if self.ignore_case else text in line
            return [] if found else None
        hits = []
        for found in compiled.matches(line):
            hits.append(Match(compiled, found, line))
            if self.arg("AllMatches") is not True:
                break
        return hits or None

    def _emit(self, info: MatchInfo) -> None:
        self.write(info.line if self.arg("Raw") is True else info)

    def end(self) -> None:
        """What pipeline input leaves; -Quiet says nothing about texts that do not match, only about files."""
        for info in self.input.rest():
            self._emit(info)
