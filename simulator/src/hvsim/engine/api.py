# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract between the transport (``hvsim.winrm``) and an engine.

The transport decodes what a client sent into one of the two requests below and gets back what a process would have
left behind. A second engine (a real ``pwsh``) fits behind the same protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from hvsim.hyperv.host import Host


@dataclass(frozen=True)
class Session:
    """Who runs something where: the simulated host, the logged-on user and the environment of the process."""

    host: Host
    user: str
    environment: Mapping[str, str] = field(default_factory=dict)
    working_directory: str | None = None


@dataclass(frozen=True)
class ScriptRequest:
    """A script without Ansible's module wrapper: raw, exists, remove, script actions.

    ``input_lines`` is what arrives as pipeline input (``$input``), to be iterated over any number of times; ``arguments`` are positional; ``file`` is the path of
    the script, if it is one.
    """

    script: str
    arguments: Sequence[Any] = ()
    input_lines: Iterable[str] = ()
    file: str | None = None


@dataclass(frozen=True)
class ModuleRequest:
    """An Ansible module as the controller's payload describes it (ansible-exec.md, 2.3).

    Attributes:
        name: file name of the module, as in the payload, e.g. ``ansible_collections.ns.col.plugins.modules.x.ps1``.
        source: PowerShell source of the module.
        arguments: ``complex_args`` with the ``_ansible_*`` keys, as parsed JSON.
        version: ansible-core's version of the controller, ``major.minor``, e.g. ``2.21``.
        powershell_utils: name -> source of the ``.psm1`` files in the payload.
        csharp_utils: names of the C# utilities, e.g. ``Ansible.Basic.cs``.
    """

    name: str
    source: str
    arguments: Mapping[str, Any]
    version: str
    powershell_utils: Mapping[str, str] = field(default_factory=dict)
    csharp_utils: Sequence[str] = ()


@dataclass(frozen=True)
class ProcessResult:
    """What a ``powershell.exe`` process leaves behind. Texts are Python strings with real code points (no lone
    surrogate pairs); the transport encodes them. ``refused`` says what the engine refused, if that ended the process."""

    stdout: str
    stderr: str = ""
    rc: int = 0
    refused: str | None = None


class Engine(Protocol):
    """Runs PowerShell for the transport. Implementations are thread-safe: one call per request, no shared state but
    the host model's."""

    def run_script(self, session: Session, request: ScriptRequest) -> ProcessResult: ...

    def run_module(self, session: Session, request: ModuleRequest) -> ProcessResult: ...
