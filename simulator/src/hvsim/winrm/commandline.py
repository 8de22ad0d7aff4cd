# SPDX-License-Identifier: GPL-3.0-or-later
"""Command lines as WinRS hands them to ``cmd.exe`` and as ``powershell.exe`` reads them.

Only what starts PowerShell is understood, with ``cd DIR`` and ``type FILE |`` before it, as ansible-core writes them
(ansible-exec.md 2.2). Every other program is refused by name.
"""

from __future__ import annotations

import base64
import binascii
import ntpath
import re
from dataclasses import dataclass, replace

from lxml import etree

from hvsim.winrm import soap
from hvsim.winrm.faults import WSManFault

MAX_NESTING = 4

_PROGRAM = re.compile(r"(?:.*[\\/])?(powershell|pwsh)(?:\.exe)?", re.IGNORECASE | re.DOTALL)
_CD = re.compile(r"\s*cd\s+(?:'([^']*)'|\"([^\"]*)\"|([^\s;]+))\s*;\s*", re.IGNORECASE)
_NESTED = re.compile(
    _CD.pattern.join(("(?:", ")?"))
    + r"\s*(?:type\s|\"?(?:[^\"\s|]*[\\/])?(?:powershell|pwsh)(?:\.exe)?\"?\s)(?:.*\s)?-e[a-z]*\s+[A-Za-z0-9+/=]+\s*",
    re.IGNORECASE,
)
# What the psrp connection puts behind a command.
_EXIT = re.compile(r"\s*\bexit \$LASTEXITCODE\s*\Z")
# Parameters of powershell.exe 5.1, in the order in which abbreviations are tried (about_PowerShell_exe).
_SWITCHES = ("noprofile", "noninteractive", "nologo", "noexit", "sta", "mta")
_VALUED = (
    "executionpolicy",
    "inputformat",
    "outputformat",
    "windowstyle",
    "version",
    "configurationname",
    "psconsolefile",
    "workingdirectory",
    "encodedcommand",
    "encodedarguments",
    "command",
    "file",
)
_SHORT = {
    "ep": "executionpolicy",
    "ex": "executionpolicy",
    "ec": "encodedcommand",
    "e": "encodedcommand",
    "c": "command",
    "f": "file",
    "w": "windowstyle",
    "v": "version",
    "nop": "noprofile",
    "noni": "noninteractive",
    "enc": "encodedcommand",
    "if": "inputformat",
    "of": "outputformat",
    "ea": "encodedarguments",
    "wd": "workingdirectory",
}


class CommandLineError(Exception):
    """A command line that hvsim cannot run; the text names what is missing.

    Attributes:
        unknown_program: the program does not exist on the simulated machine, so ``cmd.exe`` itself would complain.
    """

    def __init__(self, message: str, unknown_program: str | None = None) -> None:
        super().__init__(message)
        self.unknown_program = unknown_program


@dataclass(frozen=True)
class PowerShellCall:
    """A PowerShell process as asked for.

    Attributes:
        program: ``powershell`` or ``pwsh``, lower case.
        script: the script text; None when it comes from ``file`` or from standard input.
        arguments: positional arguments of the script.
        file: path of the script (``-File``).
        input_file: standard input is the content of this file (``type FILE |``).
        directory: working directory (``cd DIR``).
    """

    program: str
    script: str | None = None
    arguments: tuple[str, ...] = ()
    file: str | None = None
    input_file: str | None = None
    directory: str | None = None


def split_arguments(line: str) -> list[str]:
    """Split *line* as ``CommandLineToArgvW`` does (the rules for arguments, also for the first)."""
    arguments: list[str] = []
    current: list[str] | None = None
    quoted = False
    position = 0
    while position < len(line):
        char = line[position]
        if char == "\\":
            run = len(line) - position - len(line[position:].lstrip("\\"))
            position += run
            current = [] if current is None else current
            if line[position : position + 1] == '"':
                current.append("\\" * (run // 2))
                if run % 2:
                    current.append('"')
                    position += 1
            else:
                current.append("\\" * run)
            continue
        if char == '"':
            current = [] if current is None else current
            if quoted and line[position + 1 : position + 2] == '"':
                current.append('"')
                position += 1
            else:
                quoted = not quoted
        elif char in " \t" and not quoted:
            if current is not None:
                arguments.append("".join(current))
                current = None
        else:
            current = [] if current is None else current
            current.append(char)
        position += 1
    if current is not None:
        arguments.append("".join(current))
    return arguments


def split_cmd(line: str) -> list[tuple[str, str]]:
    """Split a ``cmd.exe`` line at its operators and drop its escapes.

    Returns:
        Pairs of command text and the operator after it (``|``, ``&``, ``&&`` or empty at the end).

    Raises:
        CommandLineError: redirections and ``||``.
    """
    parts: list[tuple[str, str]] = []
    current: list[str] = []
    quoted = False
    position = 0
    while position < len(line):
        char = line[position]
        if char == "^" and not quoted:
            current.append(line[position + 1 : position + 2])
            position += 2
            continue
        if char == '"':
            quoted = not quoted
        if not quoted and char in "|&<>":
            operator = char * 2 if line[position + 1 : position + 2] == char else char
            if operator not in ("|", "&", "&&"):
                raise CommandLineError(f"hvsim: unsupported: operator {operator!r} of cmd.exe")
            parts.append(("".join(current).strip(), operator))
            current = []
            position += len(operator)
            continue
        current.append(char)
        position += 1
    parts.append(("".join(current).strip(), ""))
    return parts


def decode(line: str) -> PowerShellCall:
    """The PowerShell process that the ``cmd.exe`` line *line* starts.

    Raises:
        CommandLineError: the line starts something else, or is malformed.
    """
    directory = input_file = None
    parts = split_cmd(line)
    if len(parts) > 1 and parts[0][1] in ("&", "&&") and re.match(r"cd\s", parts[0][0], re.IGNORECASE):
        directory = re.sub(r'^cd\s+(?:/d\s+)?"?(.*?)"?$', r"\1", parts.pop(0)[0], flags=re.IGNORECASE)
    if len(parts) > 1 and parts[0][1] == "|" and re.match(r"type\s", parts[0][0], re.IGNORECASE):
        input_file = _only_argument(parts.pop(0)[0], "type")
    if len(parts) != 1:
        raise CommandLineError(f"hvsim: unsupported: command lines of cmd.exe with {parts[0][1]!r}")
    call = _decode_powershell(parts[0][0])
    call = unwrap(replace(call, input_file=input_file))
    return call if directory is None else replace(call, directory=directory)


def unwrap(call: PowerShellCall) -> PowerShellCall:
    """Resolve scripts that do nothing but start PowerShell with ``-EncodedCommand`` (ansible-core before 2.21).

    Raises:
        CommandLineError: nested too deeply or malformed.
    """
    for _ in range(MAX_NESTING):
        if call.script is None or call.arguments or call.file:
            return call
        script = _EXIT.sub("", call.script)
        if not _NESTED.fullmatch(script):
            return call
        input_file, directory = call.input_file, call.directory
        if changed := _CD.match(script):
            directory = next(group for group in changed.groups() if group is not None)
            script = script[changed.end() :]
        # The nested line is PowerShell's, not cmd's: single quotes may surround a path there.
        head, pipe, tail = script.rpartition("|")
        if pipe:
            input_file = _only_argument(
                re.sub(r"^(\s*type\s+)'(.*)'\s*$", r'\1"\2"', head, flags=re.IGNORECASE), "type"
            )
        call = replace(_decode_powershell(tail.strip()), input_file=input_file, directory=directory)
    raise CommandLineError("hvsim: unsupported: PowerShell started by PowerShell too many times")


def _only_argument(command: str, program: str) -> str:
    arguments = split_arguments(command)
    if len(arguments) != 2 or arguments[0].lower() != program:
        raise CommandLineError(f"hvsim: unsupported: {program} with {len(arguments) - 1} arguments")
    return arguments[1]


def _decode_powershell(command: str) -> PowerShellCall:
    words = split_arguments(command)
    if not words:
        raise CommandLineError("hvsim: unsupported: an empty command line")
    program = _PROGRAM.fullmatch(words[0])
    if program is None:
        shown = ntpath.basename(words[0])[:80]
        raise CommandLineError(f"hvsim: unsupported: program {shown!r}; only PowerShell can be started")
    call = PowerShellCall(program[1].lower())
    position = 1
    while position < len(words):
        word = words[position]
        if word[:1] not in ("-", "/") or len(word) < 2:
            return replace(call, script=" ".join(words[position:]))
        parameter = _parameter(word[1:])
        position += 1
        if parameter in _SWITCHES:
            continue
        if parameter == "command":
            return replace(call, script=None if words[position:] == ["-"] else " ".join(words[position:]))
        if position == len(words):
            raise CommandLineError(f"hvsim: {word} of {call.program} needs a value")
        value = words[position]
        position += 1
        if parameter == "file":
            return replace(call, file=value, arguments=tuple(words[position:]))
        if parameter == "encodedcommand":
            call = replace(call, script=_utf16(value, word))
        elif parameter == "encodedarguments":
            call = replace(call, arguments=encoded_arguments(_utf16(value, word)))
        elif parameter == "workingdirectory":
            call = replace(call, directory=value)
        elif parameter in ("psconsolefile", "configurationname"):
            raise CommandLineError(f"hvsim: unsupported: {word} of {call.program}")
    return call


def _parameter(word: str) -> str:
    given = word.lower()
    if given in _SHORT:
        return _SHORT[given]
    matches = [known for known in (*_SWITCHES, *_VALUED) if known.startswith(given)]
    if not matches or (len(matches) > 1 and given not in matches):
        raise CommandLineError(f"hvsim: unsupported: parameter -{word[:40]} of PowerShell")
    return given if given in matches else matches[0]


def _utf16(value: str, parameter: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-16-le")
    except (binascii.Error, ValueError):
        raise CommandLineError(f"Cannot process the value of {parameter}: it is not Base64 of UTF-16.") from None


def encoded_arguments(clixml: str) -> tuple[str, ...]:
    """The strings of the CLIXML ``ArrayList`` of ``-EncodedArguments``.

    Raises:
        CommandLineError: anything else than a list of strings.
    """
    try:
        root = soap.parse_xml(clixml.encode("utf-8", "replace"))
    except WSManFault as fault:
        raise CommandLineError(f"hvsim: -EncodedArguments is not CLIXML: {fault.message}") from None
    values: list[str] = []
    lists = [node for node in root.iter() if etree.QName(node).localname == "LST"]
    if len(lists) != 1:
        raise CommandLineError("hvsim: unsupported: -EncodedArguments that is not one list")
    for node in lists[0]:
        if etree.QName(node).localname != "S":
            raise CommandLineError(f"hvsim: unsupported: {etree.QName(node).localname} in -EncodedArguments")
        values.append(clixml_text(node.text or ""))
    return tuple(values)


def clixml_text(text: str) -> str:
    """Resolve CLIXML's ``_xHHHH_`` escapes, of UTF-16 code units ([MS-PSRP] 2.2.5.3.2)."""
    raw = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
