# SPDX-License-Identifier: GPL-3.0-or-later
"""The few native programs of a simulated machine; any other is refused by name.

Known: ``hostname``, ``whoami``, ``powershell``/``pwsh`` (``-Command``, ``-EncodedCommand``, ``-File``), ``cmd /c`` with ``echo``,
``exit``, ``ver``, ``cd``, ``set NAME``, ``type FILE`` or another of these programs.
"""

from __future__ import annotations

import base64
import ntpath
import re
from collections.abc import Callable

from hvsim.engine.api import ProcessResult, ScriptRequest, Session
from hvsim.lang.errors import Unsupported

_FLAGS = frozenset(("noprofile", "nop", "noninteractive", "noni", "nologo", "nol"))
_WITH_VALUE = frozenset(("executionpolicy", "ep", "ex", "inputformat", "outputformat"))
_VARIABLE = re.compile("%([^%]+)%")


class NoSuchProgram(Exception):
    """The file to run does not exist."""


def split(line: str) -> list[str]:
    """Arguments of a command line by the rules of ``CommandLineToArgvW``."""
    arguments: list[str] = []
    index, count = 0, len(line)
    while index < count:
        while index < count and line[index] in " \t":
            index += 1
        if index == count:
            break
        text, quoted = "", False
        while index < count and (quoted or line[index] not in " \t"):
            slashes = 0
            while index < count and line[index] == "\\":
                slashes, index = slashes + 1, index + 1
            if index < count and line[index] == '"':
                text += "\\" * (slashes // 2)
                if slashes % 2:
                    text += '"'
                elif quoted and line[index + 1 : index + 2] == '"':
                    text, index = text + '"', index + 1
                else:
                    quoted = not quoted
                index += 1
            else:
                text += "\\" * slashes
                if index < count and (quoted or line[index] not in " \t"):
                    text, index = text + line[index], index + 1
        arguments.append(text)
    return arguments


def escape(argument: str) -> str:
    """One argument as the rules above read it back."""
    if not argument:
        return '""'
    if not re.search(r'[\s"]', argument):
        return argument
    argument = re.sub(r'(\\*)"', r'\1\1\\"', argument)
    return '"' + re.sub(r"(\\+)$", r"\1\1", argument) + '"'


def run(session: Session, line: str, stdin: str = "") -> ProcessResult:
    """Runs a command line as ``CreateProcess`` does.

    Raises:
        NoSuchProgram: the program is given by path and there is no such file.
        Unsupported: the program, or what it is asked for, is not simulated.
    """
    arguments = split(line)
    if not arguments:
        raise NoSuchProgram(line)
    program = arguments[0]
    name = ntpath.basename(program).lower().removesuffix(".exe")
    if ntpath.dirname(program) and not _exists(session, program):
        raise NoSuchProgram(program)
    if name == "cmd":
        return _cmd(session, line, stdin)
    known = _PROGRAMS.get(name)
    if known is None:
        raise Unsupported(f"program {ntpath.basename(program)} (no programs run on a simulated machine)")
    return known(session, arguments[1:], stdin)


def _exists(session: Session, program: str) -> bool:
    files, name = session.host.files, ntpath.basename(program).lower().removesuffix(".exe")
    return files.exists(program) or files.exists(f"{program}.exe") or name in _PROGRAMS or name == "cmd"


def _hostname(session: Session, arguments: list[str], stdin: str) -> ProcessResult:
    if arguments:
        raise Unsupported("arguments of program hostname")
    return ProcessResult(f"{session.host.name}\r\n")


def _whoami(session: Session, arguments: list[str], stdin: str) -> ProcessResult:
    if arguments:
        raise Unsupported(f"argument {arguments[0]} of program whoami")
    host = session.host
    if session.user in ("SYSTEM", "LOCAL SERVICE", "NETWORK SERVICE"):
        return ProcessResult(f"nt authority\\{session.user.lower()}\r\n")
    return ProcessResult(f"{host.name.lower()[:15]}\\{session.user.rpartition(chr(92))[2].lower()}\r\n")


def _powershell(session: Session, arguments: list[str], stdin: str) -> ProcessResult:
    index = 0
    while index < len(arguments):
        name = arguments[index].lower().lstrip("-/")
        is_switch = arguments[index][:1] in ("-", "/")
        if is_switch and name in _FLAGS:
            index += 1
        elif is_switch and name in _WITH_VALUE:
            index += 2
        elif is_switch and name in ("encodedcommand", "enc", "e", "ec"):
            script = base64.b64decode(arguments[index + 1]).decode("utf-16-le")
            return powershell(session, script, stdin)
        elif is_switch and name in ("file", "f"):
            path = ntpath.join(session.working_directory or "C:\\", arguments[index + 1])
            quoted = path.replace("'", "''")
            rest = " ".join("'" + argument.replace("'", "''") + "'" for argument in arguments[index + 2 :])
            return powershell(session, f"& '{quoted}' {rest}\nexit $LASTEXITCODE", stdin)
        elif is_switch and name not in ("command", "c"):
            raise Unsupported(f"argument {arguments[index]} of program powershell")
        else:
            return powershell(session, " ".join(arguments[index + is_switch :]), stdin)
    return powershell(session, stdin, "")


def powershell(session: Session, script: str, stdin: str = "") -> ProcessResult:
    """A script in a process of its own, in the edition of the host."""
    from hvsim.engine.embedded import EmbeddedEngine

    return EmbeddedEngine().run_script(session, ScriptRequest(script, input_lines=stdin.splitlines()))


def _cmd(session: Session, line: str, stdin: str) -> ProcessResult:
    found = re.match(r'\s*(?:"[^"]*"|\S+)\s+(?:/[dqsu]\s+)*/[ck]\s?(.*)$', line, re.I | re.S)
    if found is None:
        raise Unsupported("program cmd without /c")
    return cmd(session, found[1], stdin)


def cmd(session: Session, text: str, stdin: str = "") -> ProcessResult:
    """A line of ``cmd.exe``: commands joined by ``&``, ``&&``, ``||``, each with ``1>&2`` or without.

    Raises:
        Unsupported: other operators, or a command that is not simulated.
    """
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and not (text.count('"') == 2 and _is_program(session, text[1:-1])):
        text = text[1:-1].strip()
    stdout = stderr = ""
    rc, connector = 0, "&"
    for part, following in _parts(text):
        if connector == "&" or (connector == "&&") == (rc == 0):
            result = _one(session, part, stdin)
            stdout, stderr, rc = stdout + result.stdout, stderr + result.stderr, result.rc
            if part.split(None, 1)[:1] and part.split(None, 1)[0].lower() == "exit":
                break
        connector = following
    return ProcessResult(stdout, stderr, rc)


def _is_program(session: Session, text: str) -> bool:
    """Whether quotation marks hold nothing but a program's path: ``cmd /c`` keeps them then."""
    return bool(ntpath.dirname(text)) and _exists(session, text)


_TO_STDERR = re.compile(r"((?<=\s)1)?>&2")


def _parts(text: str) -> list[tuple[str, str]]:
    """Commands with the operator behind each: ``&``, ``&&`` or ``||``; quotation marks protect them."""
    parts: list[tuple[str, str]] = []
    start = quoted = 0
    for found in re.finditer(r'"|(?<!>)&&?|\|\|', text):
        if found[0] == '"':
            quoted = not quoted
        elif not quoted:
            parts.append((text[start : found.start()].lstrip(), found[0]))
            start = found.end()
    parts.append((text[start:].lstrip(), ""))
    return [part for part in parts if part[0].strip()]


def _one(session: Session, text: str, stdin: str) -> ProcessResult:
    """One command without operators; its output may go to the standard error."""
    swapped = _TO_STDERR.sub("", text)
    if re.search(r"[&|<>^]", re.sub('"[^"]*"', "", swapped)):
        raise Unsupported("operators of cmd.exe")
    result = _command(session, swapped, stdin)
    return result if swapped == text else ProcessResult("", result.stdout + result.stderr, result.rc)


def _command(session: Session, text: str, stdin: str) -> ProcessResult:
    known = {name.lower(): value for name, value in session.environment.items()}
    text = _VARIABLE.sub(lambda match: known.get(match[1].lower(), match[0]), text)
    word, _, rest = text.partition(" ")
    builtin = _BUILTINS.get(word.lower())
    if builtin is not None:
        return builtin(session, rest)
    if word.lower().startswith("echo."):
        return ProcessResult(f"{text[5:]}\r\n")
    if word.lower() in _OTHER_BUILTINS:
        raise Unsupported(f"command {word} of cmd.exe")
    return run(session, text, stdin)


def _echo(session: Session, rest: str) -> ProcessResult:
    return ProcessResult(f"{rest}\r\n") if rest.strip() else ProcessResult("ECHO is on.\r\n")


def _exit(session: Session, rest: str) -> ProcessResult:
    number = rest.lower().replace("/b", "").strip()
    return ProcessResult("", "", int(number) if re.fullmatch(r"-?\d+", number) else 0)


def _version(session: Session, rest: str) -> ProcessResult:
    return ProcessResult(f"\r\nMicrosoft Windows [Version 10.0.{session.host.build}.1]\r\n")


def _directory(session: Session, rest: str) -> ProcessResult:
    if rest.strip():
        raise Unsupported("cd with a path in cmd.exe")
    return ProcessResult(f"{session.working_directory}\r\n")


def _set(session: Session, rest: str) -> ProcessResult:
    prefix = rest.strip().lower()
    if "=" in prefix or prefix.startswith("/"):
        raise Unsupported("set NAME=value in cmd.exe")
    pairs = sorted((n, v) for n, v in session.environment.items() if n.lower().startswith(prefix))
    if not pairs:
        return ProcessResult("", f"Environment variable {rest.strip()} not defined\r\n", 1)
    return ProcessResult("".join(f"{name}={value}\r\n" for name, value in pairs))


def _type(session: Session, rest: str) -> ProcessResult:
    path = ntpath.join(session.working_directory or "C:\\", rest.strip().strip('"'))
    files = session.host.files
    if not files.is_file(path):
        return ProcessResult("", "The system cannot find the file specified.\r\n", 1)
    return ProcessResult(files.read_bytes(path).decode("utf-8", "replace"))


_OTHER_BUILTINS = frozenset(
    ["assoc", "call", "cls", "copy", "date", "del", "dir", "erase", "for", "ftype", "goto", "if", "md", "mkdir", "mklink", "move", "path", "pause", "popd", "prompt", "pushd", "rd", "rem", "ren", "rename", "rmdir", "shift", "start", "time", "title", "verify", "vol"]
)  # fmt: skip
_BUILTINS: dict[str, Callable[[Session, str], ProcessResult]] = {
    "cd": _directory,
    "echo": _echo,
    "exit": _exit,
    "set": _set,
    "type": _type,
    "ver": _version,
}
_PROGRAMS: dict[str, Callable[[Session, list[str], str], ProcessResult]] = {
    "hostname": _hostname,
    "powershell": _powershell,
    "pwsh": _powershell,
    "whoami": _whoami,
}
