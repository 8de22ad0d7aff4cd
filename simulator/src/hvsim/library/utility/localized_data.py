# SPDX-License-Identifier: GPL-3.0-or-later
"""Import-LocalizedData (``Import-LocalizedData.cs``), and Register-ArgumentCompleter, which nobody at a prompt here can notice."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.library.dotnet import file_info as fi
from hvsim.library.management import paths
from hvsim.library.utility import file_access
from hvsim.runtime import convert, scriptblock
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.streams import collapse
from hvsim.runtime.values import AUTOMATION_NULL

_INVALID = "System.Management.Automation.PSInvalidOperationException"


@cmdlet("Import-LocalizedData", parameters=("BindingVariable", "UICulture", "BaseDirectory", "FileName", "SupportedCommand"))
class ImportLocalizedData(Cmdlet):
    """The data of the file for the culture, or its parent, or none; bound to a variable of the caller or written."""

    def end(self) -> None:
        folder, name = self._place()
        culture = str(self.arg("UICulture") or self.ctx.ui_culture.name)
        files = fi.disk(self.ctx)
        for path in self._candidates(folder, culture, name):
            if files.is_file(fi.disk_path(path)):
                self._bind(path)
                return
        product = "Windows PowerShell" if self.ctx.edition == "5.1" else "PowerShell"
        where = self._join(folder, culture)
        self.error(
            f"Cannot find the {product} data file '{name}' in directory '{where}', or in any parent culture directories.",
            "ImportLocalizedData",
            "ObjectNotFound",
            self._join(where, name),
            kind=_INVALID,
        )

    def _join(self, *parts: str) -> str:
        return fi.separator(self.ctx).join(part.rstrip("\\/") for part in parts)

    def _place(self) -> tuple[str, str]:
        """(folder, file name): the calling script's own unless they are given."""
        script = convert.to_string(self.ctx, self.ctx.get_variable("PSCommandPath"))
        name = str(self.arg("FileName") or "")
        if not name and not script:
            raise self._wrong(
                "The FileName parameter was not specified. The FileName parameter is required when Import-LocalizedData is not called from "
                "a script file."
            )
        if name and ("/" in name or (self.ctx.machine.is_windows and "\\" in name)):
            raise self._wrong("The argument for the FileName parameter should not contain a path.")
        slashed = script.replace("\\", "/") if self.ctx.machine.is_windows else script
        folder = str(self.arg("BaseDirectory") or script[: len(posixpath.dirname(slashed))] or ".")
        stem = posixpath.splitext(name or posixpath.basename(slashed))[0]
        return str(paths.parse(self.ctx, folder).path), f"{stem}.psd1"

    def _wrong(self, message: str) -> PSError:
        return self.fail(message, "InvalidOperation", "InvalidOperation", kind=_INVALID)

    def _candidates(self, folder: str, culture: str, name: str) -> Iterator[str]:
        while culture:
            yield self._join(folder, culture, name)
            culture = culture.rpartition("-")[0]
        yield self._join(folder, name)

    def _bind(self, path: str) -> None:
        """Runs the file as the body of a data section.

        Raises:
            Unsupported: there is more than data in it.
        """
        allowed = [str(command) for command in self.arg("SupportedCommand") or ()]
        option = f" -SupportedCommand {', '.join(allowed)}" if allowed else ""
        try:
            block = scriptblock.create(self.ctx, f"data{option} {{\n{file_access.read(self, path)}\n}}")
        except PSError:
            raise Unsupported(f"Import-LocalizedData of {from_utf16(path)}, which holds more than data") from None
        value = collapse(self.ctx.invoke(block))
        value = None if value is AUTOMATION_NULL else value
        if self.bound("BindingVariable"):
            self.ctx.set_variable(self.args["BindingVariable"], value)
        else:
            self.write(value)


@cmdlet("Register-ArgumentCompleter", parameters=("CommandName", "Native", "NativeFallback", "ParameterName", "ScriptBlock"))
class RegisterArgumentCompleter(Cmdlet):
    """Only what completes lines at a prompt would ask for them."""
