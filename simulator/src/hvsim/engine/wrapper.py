# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's PowerShell wrappers do around a module: utilities, arguments, uncaught errors, exit codes.

The wrappers themselves are not interpreted; their answers are those recorded in ``tests/conformance/ansible_basic`` (up to 2.18
and from 2.19 on they differ: file name, error text, what happens to output).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hvsim.engine.api import ModuleRequest, ProcessResult, Session
from hvsim.engine.host_machine import HostMachine
from hvsim.engine.remote import guest_context
from hvsim.engine.runspace import Result, Runspace
from hvsim.hyperv.host import Host
from hvsim.lang.errors import ParseError, Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.ansible.converters import new_dictionary, to_json
from hvsim.library.ansible.error_text import category_text, record_text
from hvsim.library.ansible.state import ModuleState, arguments_of
from hvsim.library.ansible.utilities import UTILITIES
from hvsim.library.dotnet.console import ConsoleErrorSink, ConsoleSink
from hvsim.library.formatting import output
from hvsim.library.remoting.far_runspace import FarContexts
from hvsim.runtime import culture, modules, scriptblock, types
from hvsim.runtime.errors import ErrorRecord
from hvsim.runtime.interpreter import on_engine_thread
from hvsim.runtime.machine import Machine
from hvsim.runtime.values import AUTOMATION_NULL

#: Utilities of ansible-core that the engine emulates or that do nothing here, by name.
EMULATED_UTILS = frozenset(UTILITIES)
EMULATED_CSHARP = frozenset(("Ansible.Basic", "Ansible.Privilege"))
#: The C# utility of that name is reached through this one only.
_PRIVILEGES = "Ansible.ModuleUtils.PrivilegeUtil"
_PREFERENCE = "System.Management.Automation.ActionPreference"
_UNHANDLED = "Unhandled exception while executing module: "


@dataclass
class ModuleOutcome:
    """What a module run leaves.

    Attributes:
        console: written to the console, line ends included.
        lines: what came out of the pipeline, formatted.
        stderr_lines: texts for the error stream.
        exit_code: None if nothing set one.
    """

    console: str = ""
    lines: list[str] = field(default_factory=list)
    stderr_lines: list[str] = field(default_factory=list)
    exit_code: int | None = None

    @property
    def stdout(self) -> str:
        """Console text, then the pipeline's; the recorder put an empty line between them."""
        return self.console + ("\n" + "\n".join(self.lines) if self.lines else "")


def run_module(session: Session, request: ModuleRequest) -> ProcessResult:
    """Runs a module on a simulated host."""
    host = session.host
    emulated = EMULATED_CSHARP if f"{_PRIVILEGES}.psm1" in request.powershell_utils else EMULATED_CSHARP - {"Ansible.Privilege"}
    unknown = [n for n in request.csharp_utils if n.removesuffix(".cs") not in emulated]
    if unknown:
        return refusal_result(Unsupported(f"C# module utility {unknown[0]} (used by {request.name})"))
    try:
        outcome = run_module_source(
            HostMachine.of(session),
            request.source,
            request.arguments,
            version=request.version,
            edition=host.powershell,
            argument_edition=host.powershell,
            name=request.name,
            utils=request.powershell_utils,
            host=host,
        )
    except Unsupported as refusal:
        return refusal_result(refusal)
    text = outcome.console + "".join(f"{line}\n" for line in outcome.lines)
    stderr = "".join(f"{line}\n" for line in outcome.stderr_lines)
    return ProcessResult(_windows_lines(text), _windows_lines(stderr), outcome.exit_code or 0)


def _windows_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def refusal_result(refusal: Unsupported) -> ProcessResult:
    """A failed module result that says what the simulator does not do."""
    return failed_result(f"hvsim: unsupported: {refusal.located}", hvsim_unsupported=refusal.what)


def failed_result(message: str, **more: str) -> ProcessResult:
    """A failed module result with a message of hvsim's own."""
    return ProcessResult(json.dumps({"failed": True, "msg": message, **more}) + "\r\n", "", 1)


def run_module_source(
    machine: Machine,
    source: str,
    arguments: Mapping[str, Any],
    *,
    version: str,
    edition: str,
    argument_edition: str,
    name: str,
    utils: Mapping[str, str] | None = None,
    host: Host | None = None,
) -> ModuleOutcome:
    """Runs a module's source as the wrapper of ansible-core *version* (``2.21``) does.

    Raises:
        Unsupported: the module needs something that the engine refuses.
    """
    major, minor = (int(part) for part in version.split(".")[:2])
    state = ModuleState((major, minor), argument_edition)
    settings = culture.get(host.culture, edition) if host is not None else None
    runspace = Runspace(machine, edition=edition, culture=settings, ui_culture=settings)
    ctx = runspace.ctx
    ctx.services[ModuleState] = state
    ctx.services[ConsoleSink] = state.console.append
    del ctx.services[ConsoleErrorSink]  # What Ansible's wrappers make of it has not been looked into.
    if host is not None:
        ctx.services[Host] = host
        ctx.services[FarContexts] = guest_context
    ctx.set_variable("global:complex_args", arguments_of(state, arguments))
    ctx.set_variable("global:ErrorActionPreference", types.enum(_PREFERENCE, "Stop"))
    new = state.at_least(2, 19)
    ctx.script_command = "<AnsibleModule>" if new else ""
    try:
        on_engine_thread(lambda: _import_utils(runspace, utils or {}))
        result = runspace.run(source.removeprefix("\ufeff"), file=name if new else None)
        return on_engine_thread(lambda: _outcome(runspace, state, result))
    except ParseError as error:
        return _syntax_error(state, error, name)
    finally:
        runspace.close()


def _import_utils(runspace: Runspace, utils: Mapping[str, str]) -> None:
    ctx = runspace.ctx
    for file_name, source in utils.items():
        name = file_name.removesuffix(".psm1")
        source = UTILITIES.get(name, source)
        block = scriptblock.create(ctx, to_utf16(source.removeprefix("\ufeff")), file=f"{name}.psm1")
        module, _ = modules.new_module(ctx, block, name)
        modules.import_module(ctx, module, global_scope=True)


def _outcome(runspace: Runspace, state: ModuleState, result: Result) -> ModuleOutcome:
    ctx = runspace.ctx
    outcome = ModuleOutcome(printed("".join(state.console)), exit_code=result.exit_code)
    values = [v for v in result.output if v is not AUTOMATION_NULL]
    new = state.at_least(2, 19)
    if result.terminating is None or new:
        outcome.lines = output.lines(ctx, values)
    for record in result.errors:
        if new:
            outcome.lines.append(_error_json(runspace, record, new))
        else:
            outcome.stderr_lines.append(record_text(ctx, record, indent="    "))
    if result.terminating is not None:
        text = _error_json(runspace, result.terminating, new, engine_made=result.terminating.category != "OperationStopped")
        if new:
            outcome.lines.append(text)
        else:
            # The old wrapper had kept the console's text to itself and throws it away with the module.
            outcome.console = printed(text) + "\n"
        outcome.exit_code = 1
    outcome.lines = [printed(line) for line in outcome.lines]
    outcome.stderr_lines = [printed(line) for line in outcome.stderr_lines]
    return outcome


def printed(text: str) -> str:
    """A text as it arrives through UTF-8: real code points, U+FFFD for a lone surrogate."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in from_utf16(text))


def _error_json(runspace: Runspace, record: ErrorRecord, new: bool, *, engine_made: bool = False) -> str:
    """The failed result that the wrapper prints for an error nobody caught."""
    ctx = runspace.ctx
    text = record_text(ctx, record, indent="" if new else "    ", category=_uncaught_category(runspace, record, engine_made))
    pairs = [("failed", True), ("msg", _UNHANDLED + record.message), ("exception", text)]
    return to_json(ctx, new_dictionary(pairs))


def _uncaught_category(runspace: Runspace, record: ErrorRecord, engine_made: bool) -> str:
    """CategoryInfo of an error as ``Invoke`` throws it: the engine's own errors, which no cmdlet and no ``throw`` made, carry
    ParentContainsErrorRecordException and no target."""
    text = category_text(runspace.ctx, record)
    binding = record.exception.kind.startswith("System.Management.Automation.ParameterBinding")
    if not engine_made or ((record.source or record.activity) and not binding):
        return text
    return f"{record.category}: (:) [{record.activity if binding else ''}], ParentContainsErrorRecordException"


def _syntax_error(state: ModuleState, error: ParseError, name: str) -> ModuleOutcome:
    first = error.errors[0]
    text = from_utf16(first.message)
    where = f"At {name if state.at_least(2, 19) else 'line'}:{first.line} char:{first.column}"
    document = {"failed": True, "msg": f"{_UNHANDLED}{where}\n{text}", "exception": f"{where}\n{text}"}
    return ModuleOutcome(json.dumps(document) + "\n", exit_code=1)
