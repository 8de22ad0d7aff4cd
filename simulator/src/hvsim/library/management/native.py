# SPDX-License-Identifier: GPL-3.0-or-later
"""Native commands: programs of the machine, as the pipeline runs them.

The language knows no programs; a machine that has some has a :class:`Programs` as its attribute ``programs``. A runspace has no console, so what a program
writes to its standard error becomes error records, as in every hosted runspace: in 5.1 they follow ``$ErrorActionPreference``, in 7 not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.environment import expand_variables
from hvsim.library.remoting.session import Hangs
from hvsim.runtime import convert
from hvsim.runtime.command import Argument, CommandInfo
from hvsim.runtime.errors import ErrorRecord, NetException
from hvsim.runtime.invocation_info import InvocationInfo
from hvsim.runtime.pipeline import CommandProcessor
from hvsim.runtime.values import AUTOMATION_NULL

if TYPE_CHECKING:
    from hvsim.runtime.context import ExecutionContext

_REMOTE_EXCEPTION = "System.Management.Automation.RemoteException"


@dataclass(frozen=True)
class ProgramResult:
    """What a program left: texts with line ends, exit code; whether it never ends."""

    stdout: str = ""
    stderr: str = ""
    rc: int = 0
    hangs: bool = False


class Programs(Protocol):
    """The programs of the machine under a runspace. Texts are Python strings."""

    def find(self, ctx: ExecutionContext, name: str) -> str | None:
        """The path or name of a program; None if this does not run it."""
        ...

    def run(self, ctx: ExecutionContext, name: str, arguments: list[str], line: str, stdin: str) -> ProgramResult:
        """Runs it: *arguments* as the program's C runtime splits them, *line* the command line behind its name.

        Raises:
            Unsupported: the program, or what it is asked for, is not simulated.
        """
        ...


class ApplicationInfo(CommandInfo):
    """``Get-Command`` of a program."""

    __slots__ = ("path",)
    NET = "System.Management.Automation.ApplicationInfo"

    def __init__(self, path: str) -> None:
        super().__init__(re.split(r"[\\/]", path)[-1], "Application")
        self.path = path
        self.definition = path

    def processor(
        self, ctx: ExecutionContext, invocation: InvocationInfo, arguments: Sequence[Argument]
    ) -> CommandProcessor:
        """Asked by the interpreter for a command that is neither cmdlet nor function."""
        return NativeProcessor(ctx, self, invocation, arguments)


def argument_texts(ctx: ExecutionContext, arguments: Sequence[Argument]) -> list[str]:
    """The arguments as texts: arrays one by one, nothing for null."""
    texts: list[str] = []
    for argument in arguments:
        dash = argument.dash_text if argument.name is not None else None
        if dash is not None and not argument.has_value:
            texts.append(dash)
            continue
        value = argument.value
        items = [value] if isinstance(value, str) else convert.enumerate(value)
        found = [value] if items is None else list(items)
        present = [one for one in found if one is not None and one is not AUTOMATION_NULL]
        shown = [_text(ctx, one, argument.text if items is None else None) for one in present]
        if dash is not None and argument.colon:
            texts.append(dash + (shown[0] if shown else ""))
            texts += shown[1:]
        else:
            texts += [dash] if dash is not None else []
            texts += shown
    return [from_utf16(text) for text in texts]


def _text(ctx: ExecutionContext, value: Any, written: str | None) -> str:
    return written if written is not None else convert.to_string(ctx, value)


def legacy_line(ctx: ExecutionContext, arguments: Sequence[str]) -> str:
    """How PowerShell joins arguments where it does not escape them (``NativeCommandParameterBinder``): quotes around a text with a blank
    behind an even number of quotes, escaped ones counted too; empty texts lost; what follows ``--%`` as it is, but for ``%NAME%``.
    Later editions double the backslashes in front of their closing quote, Windows PowerShell does not (PowerShell #4358)."""
    parts = []
    verbatim = False
    for text in arguments:
        if text == "--%" and not verbatim:
            verbatim = True
        elif verbatim:
            parts.append(from_utf16(expand_variables(ctx, to_utf16(text))))
        elif _is_quoted(text):
            end = re.search(r"\\*$", text) if ctx.edition != "5.1" else None
            parts.append(f'"{text}{end[0] if end else ""}"')
        else:
            parts.append(text)
    return " ".join(part for part in parts if part)


def _is_quoted(text: str) -> bool:
    return any(one.isspace() and text.count('"', 0, at) % 2 == 0 for at, one in enumerate(text))


def split_line(line: str) -> list[str]:
    """The arguments that a program sees in its command line: the rules of Microsoft's C runtime since 2008 for what follows its name."""
    found: list[str] = []
    text, quoted, begun, at = "", False, False, 0
    while at < len(line):
        one = line[at]
        slashes = len(line) - at - len(line[at:].lstrip("\\")) if one == "\\" else 0
        if slashes:
            at += slashes
            before_quote = line[at : at + 1] == '"'
            text += "\\" * (slashes // 2 if before_quote else slashes)
            begun = True
            if before_quote and slashes % 2:
                text += '"'
                at += 1
            continue
        if one == '"':
            begun = True
            if quoted and line[at + 1 : at + 2] == '"':
                text += '"'
                at += 1
            else:
                quoted = not quoted
        elif one in " \t" and not quoted:
            if begun:
                found.append(text)
            text, begun = "", False
        else:
            text, begun = text + one, True
        at += 1
    return [*found, text] if begun else found


def arguments_of(ctx: ExecutionContext, texts: Sequence[str], line: str) -> list[str]:
    """What the program sees: later editions escape for programs on Windows (``$PSNativeCommandArgumentPassing``), Windows PowerShell
    leaves it to the program to make sense of the line."""
    if not ctx.machine.is_windows or (ctx.edition != "5.1" and "--%" not in texts):
        return list(texts)
    return split_line(line)


class NativeProcessor(CommandProcessor):
    """Runs a program when its input is complete."""

    def __init__(
        self, ctx: ExecutionContext, info: ApplicationInfo, invocation: InvocationInfo, arguments: Sequence[Argument]
    ) -> None:
        super().__init__(ctx, info, invocation)
        # The ids of a program's errors have no second part.
        self.runtime.error_source = ""
        self._program = info.path
        self._arguments = arguments
        self._input: list[str] = []

    def prepare(self, expects_input: bool) -> None:
        self.runtime.expects_input = expects_input

    def begin(self) -> None:
        """Nothing runs before the input is there."""

    def feed(self, value: Any) -> None:
        if value is not AUTOMATION_NULL:
            self._input.append(from_utf16(convert.to_string(self.ctx, value)))

    def end(self) -> None:
        with self._active():
            self._run()

    def _run(self) -> None:
        programs: Programs = self.ctx.machine.programs  # type: ignore[attr-defined]
        texts = argument_texts(self.ctx, self._arguments)
        stdin = "".join(f"{line}\r\n" for line in self._input)
        line = legacy_line(self.ctx, texts)
        result = programs.run(self.ctx, self._program, arguments_of(self.ctx, texts, line), line, stdin)
        for line in _lines(result.stdout):
            self.runtime.write(to_utf16(line))
        for number, line in enumerate(_lines(result.stderr)):
            self._error(to_utf16(line), first=number == 0)
        if result.hangs:
            raise self._hangs()
        self.ctx.global_scope.define("LASTEXITCODE", result.rc)
        self.runtime.had_error = result.rc != 0 or (self.runtime.had_error and self.ctx.edition == "5.1")
        if result.rc and self.ctx.preference_flag("PSNativeCommandUseErrorActionPreference"):
            raise Unsupported("$PSNativeCommandUseErrorActionPreference with a program that fails")

    def _error(self, text: str, *, first: bool) -> None:
        exception = NetException(_REMOTE_EXCEPTION, text)
        record = ErrorRecord(
            exception, "NativeCommandError" if first else "NativeCommandErrorMessage", "NotSpecified", text
        )
        if self.ctx.edition == "5.1":
            self.runtime.write_error(record)
        else:
            record.invocation = self.runtime.invocation
            self.ctx.streams.error.write(record)

    def _hangs(self) -> Exception:
        if hasattr(self.ctx.machine, "ahead"):
            return Hangs(f"{self._program} does not end")
        return Unsupported(f"waiting for {self._program}, which never ends")


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def find(ctx: ExecutionContext, name: str) -> ApplicationInfo | None:
    """The program of that name, if the machine's programs know it."""
    programs: Programs | None = getattr(ctx.machine, "programs", None)
    path = None if programs is None else programs.find(ctx, from_utf16(name))
    return None if path is None else ApplicationInfo(to_utf16(path))
