# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that ``switch -File`` reads (PowerShell's ``SwitchOps.ResolveFilePath``)."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.dotnet.file_info import FileInfo
from hvsim.library.management import paths
from hvsim.library.management.content import lines_of
from hvsim.library.utility.file_access import text_of
from hvsim.runtime import convert
from hvsim.runtime.interpreter import switch_file


def _lines(ctx: Any, value: Any) -> list[str]:
    base = getattr(value, "base", value)
    text = base.full if isinstance(base, FileInfo) else convert.to_string(ctx, base)
    found = paths.resolve(ctx, text) if text else []
    if len(found) != 1 or found[0].provider.name != "FileSystem":
        raise Unsupported(f"switch -File with the path '{text}', which names no single file")
    return lines_of(text_of(ctx, found[0].path))


switch_file.register(_lines)
