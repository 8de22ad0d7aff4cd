# SPDX-License-Identifier: GPL-3.0-or-later
"""Ad-hoc scripts of Ansible's plugins, recognised by their text: ansible-core before 2.19 has no named helpers, and
``remove``, ``exists`` and ``checksum`` are scripts in every version (ansible-exec.md 2.5).

A script is recognised only as a whole. Anything that differs goes to the engine like any other script.
"""

from __future__ import annotations

import base64
import ntpath
import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from hvsim.engine.api import ProcessResult, ScriptRequest
from hvsim.winrm import helpers
from hvsim.winrm.payload import HelperRequest
from hvsim.winrm.ports import Files

_QUOTES = "'\u2018\u2019\u201a\u201b"
_QUOTED = f"[{_QUOTES}]((?:[^{_QUOTES}]|[{_QUOTES}]{{2}})*)[{_QUOTES}]"
_BARE = r"([\w\-\\./~!%^:]+)"
_PATH = f"(?:{_QUOTED}|{_BARE})"
_CONSOLE = r"try \{ \[Console\]::OutputEncoding = New-Object System\.Text\.UTF8Encoding \} catch \{\} ?;? "
_WILDCARD = re.compile(r"[*?\[\]]")
_DECORATION = re.compile(
    r"^Set-StrictMode -Version Latest |"
    r" If \(-not \$\?\) \{ If \(Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue\) \{ exit \$LASTEXITCODE \}"
    r" Else \{ exit 1 \} \}$|"
    r" exit \$LASTEXITCODE$"
)


@dataclass(frozen=True)
class Context:
    """What a recognised script works on. *state* lives as long as the runspace (``$fs`` of psrp's fetch)."""

    files: Files
    environment: Mapping[str, str]
    state: MutableMapping[str, Any]


_Handler = Callable[["re.Match[str]", ScriptRequest, Context], ProcessResult | None]
_HANDLERS: list[tuple[re.Pattern[str], _Handler]] = []


def run(request: ScriptRequest, context: Context) -> ProcessResult | None:
    """Run *request* if it is one of Ansible's scripts, else return None."""
    if len(request.script) > 8000:
        return None
    text = _DECORATION.sub("", " ".join(request.script.split()))
    for pattern, handler in _HANDLERS:
        if match := pattern.fullmatch(text):
            try:
                return handler(match, request, context)
            except OSError as error:
                return helpers.failure(error)
    return None


def _script(pattern: str) -> Callable[[_Handler], _Handler]:
    def register(handler: _Handler) -> _Handler:
        _HANDLERS.append((re.compile(pattern), handler))
        return handler

    return register


def _unquoted(match: re.Match[str], first: int = 1) -> str:
    """The path in the two groups (quoted, bare) that start at *first*."""
    quoted, bare = match[first], match[first + 1]
    return bare if quoted is None else _unescaped(quoted)


def _unescaped(quoted: str) -> str:
    """Value of the text between single quotes."""
    return re.sub(f"[{_QUOTES}]([{_QUOTES}])", r"\1", quoted)


@_script(rf"Remove-Item {_PATH} -Force( -Recurse)?;?")
def _remove(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    path = _unquoted(match)
    if _WILDCARD.search(path):
        return None
    normal = ntpath.normpath(path)
    if not context.files.exists(normal):
        return ProcessResult("", f"Cannot find path '{path}' because it does not exist.\r\n", 1)
    context.files.remove(normal, recursive=match[3] is not None, force=True)
    return ProcessResult("")


@_script(rf"exit -not \(Test-Path -LiteralPath {_PATH}\)")
def _exists(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    return ProcessResult("", "", 0 if context.files.exists(_unquoted(match)) else 1)


@_script(rf"If \(Test-Path {_PATH}\) \{{ \$res = 0; \}} Else \{{ \$res = 1; \}} Write-Output '\$res'; Exit \$res;")
def _exists_before_2_21(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    path = _unquoted(match)
    if _WILDCARD.search(path):
        return None
    return ProcessResult("$res\r\n", "", 0 if context.files.exists(path) else 1)


@_script(
    rf"If \(Test-Path -PathType Leaf {_PATH}\) \{{ \$sp = new-object -TypeName "
    r"System\.Security\.Cryptography\.SHA1CryptoServiceProvider; \$fp = .* \} "
    r'ElseIf \(Test-Path -PathType Container .*\) \{ Write-Output "3"; \} Else \{ Write-Output "1"; \}'
)
def _checksum(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    path = _unquoted(match)
    if _WILDCARD.search(path):
        return None
    if context.files.is_directory(path):
        return helpers.output("3")
    if not context.files.exists(path):
        return helpers.output("1")
    return helpers.output(context.files.content(path).digest("sha1"))


@_script(
    rf"(?:{_CONSOLE})?\$tmp_path = \[System\.Environment\]::ExpandEnvironmentVariables\({_QUOTED}\) "
    rf"\$tmp = New-Item -Type Directory -Path \$tmp_path -Name {_QUOTED} Write-Output -InputObject \$tmp\.FullName"
)
def _mkdtemp(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    parameters = {"Directory": _unescaped(match[1]), "Name": _unescaped(match[2])}
    return helpers.run(HelperRequest("powershell_mkdtemp.ps1", parameters), context.files, context.environment)


@_script(rf"(?:{_CONSOLE}|Write-Output |{_CONSOLE}Write-Output )\(?\(Get-Location\)\.Path(?: \+ {_QUOTED}\))?")
def _expand_user(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    return helpers.output(helpers.expand("%USERPROFILE%", context.environment) + _unescaped(match[1] or ""))


@_script(rf"{_CONSOLE}(?:Write-Output )?{_QUOTED}")
def _expand_other(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    return helpers.output(_unescaped(match[1]))


@_script(
    rf'begin \{{ \$path = {_QUOTED} \$DebugPreference = "Continue" .* process \{{ \$bytes = '
    r"\[System\.Convert\]::FromBase64String\(\$input\) .* Write-Output .* \}"
)
def _put_file_winrm(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    path = _unescaped(match[1])
    return _put(path, request, context)


@_script(
    r'begin \{ \$ErrorActionPreference = "Stop" \$WarningPreference = "Continue" '
    r"\$path = \$MyInvocation\.UnboundArguments\[0\] \$fd = \[System\.IO\.File\]::Create\(\$path\) .*"
    r"process \{ \$bytes = \[System\.Convert\]::FromBase64String\(\$input\) .*"
)
def _put_file_psrp(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    if len(request.arguments) != 1:
        return None
    return _put(str(request.arguments[0]), request, context)


def _put(path: str, request: ScriptRequest, context: Context) -> ProcessResult:
    upload = HelperRequest("winrm_put_file.ps1", {"Path": path}, request.input_lines)
    return helpers.run(upload, context.files, context.environment)


@_script(
    rf"\$path = {_QUOTED} If \(Test-Path -LiteralPath \$path -PathType Leaf\) \{{ \$buffer_size = (\d+) \$offset = (\d+) "
    r"\$stream = .*"
)
def _fetch_winrm(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    path = _unescaped(match[1])
    parameters = {"Path": path, "BufferSize": int(match[2]), "Offset": int(match[3])}
    return helpers.run(HelperRequest("winrm_fetch_file.ps1", parameters), context.files, context.environment)


@_script(
    r'param\(\[string\]\$Path\) \$ErrorActionPreference = "Stop" if \(Test-Path -LiteralPath \$path -PathType Leaf\) \{ '
    r"\$fs = New-Object -TypeName System\.IO\.FileStream .*"
)
def _fetch_psrp_open(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    if len(request.arguments) != 1:
        return None
    path = str(request.arguments[0])
    if context.files.is_directory(path):
        return helpers.output("[DIR]")
    if not context.files.exists(path):
        return ProcessResult("", f"{path} does not exist\r\n", 1)
    context.state["fs"] = context.files.content(path)
    return ProcessResult("")


@_script(
    r'param\(\[int64\]\$Offset, \[int\]\$BufferSize\) \$ErrorActionPreference = "Stop" '
    r"\$fs\.Seek\(\$Offset, \[System\.IO\.SeekOrigin\]::Begin\) > \$null .*"
)
def _fetch_psrp_read(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    if len(request.arguments) != 2 or "fs" not in context.state:
        return None
    offset, size = (int(argument) for argument in request.arguments)
    chunk = context.state["fs"].read(offset, size)
    return helpers.output(base64.b64encode(chunk).decode("ascii")) if chunk else ProcessResult("")


@_script(r"\$fs\.Close\(\)")
def _fetch_psrp_close(match: re.Match[str], request: ScriptRequest, context: Context) -> ProcessResult | None:
    if "fs" not in context.state:
        return None
    del context.state["fs"]
    return ProcessResult("")
