# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules in files: script modules (``.psm1``) by path, or by name along ``$env:PSModulePath``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import encodings, paths
from hvsim.runtime import modules, scriptblock
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import PSError
from hvsim.runtime.modules import ModuleInfo

#: What PowerShell looks for, in this order (``ModuleIntrinsics.PSModuleExtensions``); only script modules can be loaded here.
_EXTENSIONS = (".psd1", ".psm1", ".cdxml", ".ps1", ".dll")


def file_of(ctx: ExecutionContext, name: str) -> str | None:
    """The full path of the file that a name or path given to Import-Module means, None if there is none."""
    if ctx.machine.files is None:
        return None
    for candidate in _candidates(ctx, name):
        try:
            place = paths.parse(ctx, candidate)
        except PSError:
            continue
        if place.provider.name == "FileSystem" and fi.disk(ctx).is_file(fi.disk_path(place.path)):
            return str(place.path)
    return None


def _candidates(ctx: ExecutionContext, name: str) -> Iterator[str]:
    known = name.lower().endswith(_EXTENSIONS)
    if re.search(r"[\\/]", name):
        leaf = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
        if known:
            yield name
            return
        yield from (f"{name}/{leaf}{extension}" for extension in _EXTENSIONS)
        yield from (f"{name}{extension}" for extension in _EXTENSIONS)
        return
    separator = ";" if ctx.machine.is_windows else ":"
    for folder in (ctx.machine.environment.get("PSModulePath") or "").split(separator):
        if folder and not known:
            yield from (f"{folder}/{name}/{name}{extension}" for extension in _EXTENSIONS)


def load(ctx: ExecutionContext, path: str, args: Sequence[Any] = ()) -> ModuleInfo:
    """Runs a script module; what its body writes is lost. It exports all its functions and aliases unless it says otherwise.

    Raises:
        PSError: out of the module, or its parse errors.
        Unsupported: a module that is no script module.
    """
    if not path.lower().endswith(".psm1"):
        raise Unsupported(f"modules in files other than .psm1 ({path})")
    text = encodings.decoded(fi.disk(ctx).read_bytes(fi.disk_path(path)), encodings.default_reading(ctx))
    name = re.split(r"[\\/]", path)[-1][: -len(".psm1")]
    module, _ = modules.new_module(ctx, scriptblock.create(ctx, text, file=path), name, args, path=path)
    if not module.exports_given:
        module.exported_aliases = dict(module.session.top.aliases or {})
    return module
