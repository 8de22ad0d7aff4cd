# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the processes that a shell starts: decodes the command line and the payload, dispatches to the engine.

Everything here blocks and runs in worker threads; nothing here knows HTTP or XML.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from hvsim.engine.api import Engine, ModuleRequest, ProcessResult, ScriptRequest, Session
from hvsim.winrm import adhoc, commandline, helpers, jobs, payload
from hvsim.winrm.commandline import CommandLineError, PowerShellCall
from hvsim.winrm.payload import HelperRequest, Payload, PayloadError
from hvsim.winrm.ports import Host
from hvsim.winrm.standard_input import StandardInput

log = logging.getLogger(__name__)

SERVICE_ACCOUNTS = {
    "system": "SYSTEM",
    "nt authority\\system": "SYSTEM",
    "s-1-5-18": "SYSTEM",
    "localsystem": "SYSTEM",
    "local service": "LOCAL SERVICE",
    "localservice": "LOCAL SERVICE",
    "nt authority\\local service": "LOCAL SERVICE",
    "nt authority\\localservice": "LOCAL SERVICE",
    "network service": "NETWORK SERVICE",
    "networkservice": "NETWORK SERVICE",
    "nt authority\\network service": "NETWORK SERVICE",
    "nt authority\\networkservice": "NETWORK SERVICE",
}
WINDOWS_POWERSHELL_HOME = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\"
EXEC_FAILED = "failure during exec_wrapper"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class BecomeError(Exception):
    """The account of a ``become`` task cannot be logged on."""


@dataclass(frozen=True)
class Login:
    """Who opened the shell and what the shell adds to its processes.

    Attributes:
        encoding: Python's name of the console's code page.
    """

    user: str
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str | None = None
    encoding: str = "utf-8"


def encode_console(text: str, encoding: str = "utf-8") -> bytes:
    """Console output in *encoding*; a lone surrogate becomes U+FFFD as in .NET, what the code page lacks ``?``."""
    return _LONE_SURROGATE.sub("\ufffd", text).encode(encoding, "replace")


def input_encoding(encoding: str) -> str:
    """*encoding* as .NET reads console input and files in it: a byte order mark is dropped."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


class ProcessRunner:
    """Runs processes on one host with one engine. Thread-safe as far as both are."""

    def __init__(self, host: Host, engine: Engine) -> None:
        self.host = host
        self.engine = engine

    def run_command_line(self, login: Login, line: str, stdin: StandardInput) -> ProcessResult:
        """Run a line of ``cmd.exe`` as WinRS does. Never raises: what is not served ends with a text on stderr."""
        try:
            call = commandline.decode(line)
            # What Ansible pipes in is UTF-8 whatever the code page: its bootstrap wrapper sees to that.
            encoding = "utf-8" if stdin.is_payload else login.encoding
            result = self._run_call(login, call, stdin, input_encoding(encoding))
            return result.joined() if isinstance(result, helpers.StreamedResult) else result
        except (CommandLineError, PayloadError) as error:
            return ProcessResult("", f"{error}\r\n", 1)
        except OSError as error:
            return helpers.failure(error)

    def run_pipeline(
        self, login: Login, script: str, arguments: Sequence[Any], stdin: StandardInput, state: MutableMapping[str, Any]
    ) -> ProcessResult:
        """Run the script of a PSRP pipeline; *state* belongs to its runspace. Never raises, as ``run_command_line``.

        The result may be a ``helpers.StreamedResult``.
        """
        encoding = "utf-8"
        try:
            call = commandline.unwrap(PowerShellCall("powershell", script))
            if call.directory is not None:
                login = replace(login, directory=call.directory)
            if call.input_file is not None:
                stdin, encoding = self._read(call.input_file)
            return self._run_powershell(login, call.script or "", arguments, stdin, encoding, state)
        except (CommandLineError, PayloadError) as error:
            return ProcessResult("", f"{error}\r\n", 1)
        except OSError as error:
            return helpers.failure(error)

    def _run_call(self, login: Login, call: PowerShellCall, stdin: StandardInput, encoding: str) -> ProcessResult:
        if not self._has_interpreter(call.program):
            text = f"'{call.program}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
            return ProcessResult("", text, 1)
        if call.directory is not None:
            if not self.host.files.is_directory(call.directory):
                return ProcessResult("", "The system cannot find the path specified.\r\n", 1)
            login = replace(login, directory=call.directory)
        if call.input_file is not None:
            if not self.host.files.exists(call.input_file):
                return ProcessResult("", "The system cannot find the file specified.\r\n", 1)
            stdin, encoding = self._read(call.input_file)
        script, arguments = call.script, call.arguments
        if call.file is not None:
            file, file_encoding = self._read(call.file)
            script = file.text(file_encoding)
        elif script is None:
            script, stdin = stdin.text(encoding), StandardInput()
        return self._run_powershell(login, script, arguments, stdin, encoding, {})

    def _read(self, path: str) -> tuple[StandardInput, str]:
        """A file of the host as input, and its encoding."""
        stdin = StandardInput()
        for piece in self.host.files.content(path).chunks():
            stdin.append(piece)
        return stdin, input_encoding("utf-8")

    def _run_powershell(
        self,
        login: Login,
        script: str,
        arguments: Sequence[Any],
        stdin: StandardInput,
        encoding: str,
        state: MutableMapping[str, Any],
    ) -> ProcessResult:
        if not stdin and len(arguments) == 1 and (file := self._payload_file(script, arguments[0])) is not None:
            stdin, encoding = file
        decoded = payload.decode(script, arguments, *stdin.split(encoding))
        log.debug("%s: %s, %d bytes of input", self.host.name, decoded.label, len(stdin))
        return self._run_payload(login, decoded, state)

    def _payload_file(self, script: str, argument: Any) -> tuple[StandardInput, str] | None:
        """The payload when it comes as a file: 2.21 without pipelining passes its path to the bootstrap wrapper."""
        files = self.host.files
        if not script.lstrip().startswith("param([string]$InputFile)") or not isinstance(argument, str):
            return None
        if not files.exists(argument) or files.is_directory(argument):
            return None
        stdin, encoding = self._read(argument)
        return (stdin, encoding) if stdin.is_payload else None

    def _run_payload(self, login: Login, decoded: Payload, state: MutableMapping[str, Any]) -> ProcessResult:
        if refusal := self._unmet_requirement(decoded):
            return refusal
        user = login.user
        if decoded.become is not None:
            try:
                user = self._become(login, decoded.become)
            except BecomeError as error:
                intro = (
                    f"internal error: failed to become user '{decoded.become.user}'"
                    if decoded.before_2_19
                    else EXEC_FAILED
                )
                return failed(f'{intro}: Exception calling "CreateProcessAsUser" with "9" argument(s): "{error}"')
        session = self._session(user, login, decoded.environment)
        if decoded.asynchronous is not None:
            directory = helpers.expand(decoded.asynchronous.directory, session.environment)
            return jobs.start(
                decoded.asynchronous,
                directory,
                self.host.files,
                lambda: self._work(session, decoded, state),
                numbers=decoded.before_2_19,
            )
        return self._work(session, decoded, state)

    def _work(self, session: Session, decoded: Payload, state: MutableMapping[str, Any]) -> ProcessResult:
        work = decoded.work
        if isinstance(work, HelperRequest):
            self.host.counters.add("winrm:helpers", 1)
            return helpers.run(work, self.host.files, session.environment)
        if isinstance(work, ScriptRequest):
            context = adhoc.Context(self.host.files, session.environment, state)
            if (known := adhoc.run(work, context)) is not None:
                self.host.counters.add("winrm:helpers", 1)
                return known
        try:
            if isinstance(work, ModuleRequest):
                self.host.counters.add("winrm:modules", 1)
                return self.engine.run_module(session, work)
            self.host.counters.add("winrm:scripts", 1)
            return self.engine.run_script(session, work)
        except Exception as error:
            # An engine must not raise. If it does, the client gets a process that failed, never a Python traceback.
            log.exception("%s: the engine failed on %s", self.host.name, decoded.label)
            return ProcessResult("", f"hvsim: internal error: {type(error).__name__} in the engine\r\n", 1)

    def _session(self, user: str, login: Login, added: Mapping[str, str]) -> Session:
        environment = dict(self.host.environment(user))
        for variables in (login.environment, added):
            for name, value in variables.items():
                known = next((present for present in environment if present.casefold() == name.casefold()), name)
                environment[known] = value
        return Session(cast(Any, self.host), user, environment, login.directory or environment.get("USERPROFILE"))

    # --- what the wrappers check ------------------------------------------------------------------------------------

    def _has_interpreter(self, program: str) -> bool:
        return program == "powershell" or self.host.powershell.startswith("7")

    def _unmet_requirement(self, decoded: Payload) -> ProcessResult | None:
        wanted = decoded.interpreter
        if wanted:
            name = wanted.lower().replace("/", "\\").removesuffix(".exe").removeprefix(WINDOWS_POWERSHELL_HOME.lower())
            if not (name in ("powershell", "pwsh") and self._has_interpreter(name)):
                return failed(f"Could not find the specified PowerShell interpreter '{wanted}'.")
        system = os_version(self.host)
        if decoded.min_os_version and _version(system) < _version(decoded.min_os_version):
            return failed(
                f"This module cannot run on this OS as it requires a minimum version of {decoded.min_os_version}, "
                f"actual was {system}"
            )
        powershell = f"5.1.{self.host.build}.1" if self.host.powershell == "5.1" else f"{self.host.powershell}.0.0"
        if decoded.min_ps_version and _version(powershell) < _version(decoded.min_ps_version):
            return failed(
                f"This module cannot run as it requires a minimum PowerShell version of {decoded.min_ps_version}, "
                f'actual was "{powershell}"'
            )
        return None

    def _become(self, login: Login, become: payload.Become) -> str:
        """The account to run as.

        Raises:
            BecomeError: Windows would not log the account on; texts of ``Ansible.Become.cs`` and Windows.
        """
        name = become.user.removeprefix(".\\")
        if become.logon_type == "NewCredentials":
            return login.user
        service = SERVICE_ACCOUNTS.get(name.casefold())
        administrator = self._is_administrator(login.user)
        if (service or not become.password) and not administrator:
            raise BecomeError(
                "Failed to get token for NT AUTHORITY\\SYSTEM required for become as a service account or an account "
                "without a password",
            )
        if service:
            return service
        domain, _, local = name.rpartition("\\")
        known = next((user.name for user in self.host.users if user.name.casefold() == local.casefold()), None)
        if known is None or domain.casefold() not in ("", ".", self.host.name.casefold()):
            raise BecomeError("Some or all identity references could not be translated.")
        if become.password is None:
            return known
        if self.host.check_password(known, become.password) is None:
            account = f"{domain or '.'}\\{local}"
            raise BecomeError(
                f"Failed to logon {account} (The user name or password is incorrect, Win32ErrorCode 1326 - 0x0000052E)",
            )
        return known

    def _is_administrator(self, name: str) -> bool:
        return name in ("SYSTEM",) or any(
            user.is_administrator for user in self.host.users if user.name.casefold() == name.casefold()
        )


def failed(message: str) -> ProcessResult:
    """A module that did not start."""
    return ProcessResult(json.dumps({"failed": True, "msg": message}, separators=(",", ":")) + "\r\n", "", 1)


def _version(text: str) -> tuple[int, ...]:
    numbers = [int(part) if part.isdigit() else 0 for part in text.split(".")]
    return tuple([*numbers, 0, 0, 0, 0][:4])


def os_version(host: Host) -> str:
    """Product version of the simulated Windows."""
    return f"10.0.{host.build}"
