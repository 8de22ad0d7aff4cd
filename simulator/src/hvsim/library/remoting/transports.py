# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to other machines. Layers further right register theirs by the kind of target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from hvsim.lang.errors import Unsupported
from hvsim.library.remoting.session import PSSession, TransportError
from hvsim.runtime.command import Cmdlet

Opener: TypeAlias = Callable[[Cmdlet], Iterator[PSSession | TransportError]]
"""Opens a session to each target that the arguments of New-PSSession or Invoke-Command name, and yields it, or why it could not;
raises what ends the whole command."""

_openers: dict[str, Opener] = {}


def register(kind: str, opener: Opener) -> None:
    """Makes a transport known by the kind of machine it reaches, e.g. ``VirtualMachine``."""
    _openers[kind] = opener


def open_sessions(kind: str, cmdlet: Cmdlet) -> Iterator[PSSession | TransportError]:
    """Sessions to the targets of a command, one by one.

    Raises:
        Unsupported: nothing here reaches machines of that kind.
    """
    opener = _openers.get(kind)
    if opener is None:
        raise Unsupported(f"{cmdlet.metadata.name}: a session to a {kind}")
    return opener(cmdlet)
