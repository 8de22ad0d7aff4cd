# SPDX-License-Identifier: GPL-3.0-or-later
"""-Encoding of the content cmdlets: names by edition, byte order marks, decoding as a StreamReader does it.

PowerShell 7 writes UTF-8 without a mark by default; 5.1 writes ANSI (Set-Content) or UTF-16 (Out-File) and reads files
without a mark as ANSI, which is taken to be code page 1252.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Any

from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import convert, objects, types
from hvsim.runtime.command import Cmdlet
from hvsim.runtime.context import ExecutionContext


@dataclass(frozen=True)
class Encoding:
    """A Python codec and the mark that goes in front of a new file."""

    codec: str
    mark: bytes = b""


UTF8 = Encoding("utf-8")
UTF8_BOM = Encoding("utf-8", codecs.BOM_UTF8)
UTF16 = Encoding("utf-16-le", codecs.BOM_UTF16_LE)
UTF16_BE = Encoding("utf-16-be", codecs.BOM_UTF16_BE)
UTF32 = Encoding("utf-32-le", codecs.BOM_UTF32_LE)
UTF32_BE = Encoding("utf-32-be", codecs.BOM_UTF32_BE)
ASCII = Encoding("ascii")
ANSI = Encoding("cp1252")
OEM = Encoding("cp437")
BYTES = Encoding("")

_CORE = {
    "ascii": ASCII,
    "ansi": ANSI,
    "bigendianunicode": UTF16_BE,
    "bigendianutf32": UTF32_BE,
    "default": UTF8,
    "oem": OEM,
    "string": UTF16,
    "unicode": UTF16,
    "unknown": UTF16,
    "utf7": Encoding("utf-7"),
    "utf8": UTF8,
    "utf8bom": UTF8_BOM,
    "utf8nobom": UTF8,
    "utf32": UTF32,
}
_DESKTOP = {
    "ascii": ASCII,
    "bigendianunicode": UTF16_BE,
    "bigendianutf32": UTF32_BE,
    "byte": BYTES,
    "default": ANSI,
    "oem": OEM,
    "string": UTF16,
    "unicode": UTF16,
    "unknown": UTF16,
    "utf7": Encoding("utf-7"),
    "utf8": UTF8_BOM,
    "utf32": UTF32,
}
_MARKS = (UTF32, UTF32_BE, UTF8_BOM, UTF16, UTF16_BE)
_WEB_NAMES = {
    "utf-8": UTF8_BOM,
    "utf-16": UTF16,
    "utf-16be": UTF16_BE,
    "utf-32": UTF32,
    "utf-32be": UTF32_BE,
    "us-ascii": ASCII,
}


def freed(metadata: Any) -> None:
    """Lets a cmdlet's -Encoding take names as well as encodings; :func:`wanted` makes sense of them."""
    metadata.parameters["Encoding"].type_name = None
    metadata.parameters["Encoding"].validators = []


def wanted(command: Cmdlet, default: Encoding) -> Encoding:
    """What -Encoding asks for.

    Raises:
        PSError: a name that the edition does not have.
    """
    value = objects.unwrap(command.arg("Encoding"))
    if value is None:
        return default
    if isinstance(value, str):
        return _named(command, value)
    if types.of(value).full_name.startswith("System.Text."):
        return _of_object(command.ctx, value)
    return _named(command, convert.to_string(command.ctx, value))


def warn_unused(command: Cmdlet, as_bytes: bool) -> None:
    """-AsByteStream makes -Encoding idle; PowerShell 7 says so once per file."""
    if as_bytes and command.ctx.edition != "5.1" and command.bound("Encoding"):
        command.warn("Encoding not used when '-AsByteStream' specified.")


def _named(command: Cmdlet, name: str) -> Encoding:
    names = _DESKTOP if command.ctx.edition == "5.1" else _CORE
    found = names.get(name.lower())
    if found is None and command.ctx.edition != "5.1":
        found = _by_page(name)
    if found is None:
        raise command.fail(
            f"Cannot process argument transformation on parameter 'Encoding'. '{name}' is not a supported encoding name. For information "
            "on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method. (Parameter 'name')"
            if command.ctx.edition != "5.1"
            else f"Cannot bind parameter 'Encoding'. Cannot convert value \"{name}\" to type "
            '"Microsoft.PowerShell.Commands.FileSystemCmdletProviderEncoding".',
            "ParameterArgumentTransformationError" if command.ctx.edition != "5.1" else "CannotConvertArgumentNoMessage",
            "InvalidData" if command.ctx.edition != "5.1" else "InvalidArgument",
            kind="System.Management.Automation.ParameterBindingArgumentTransformationException"
            if command.ctx.edition != "5.1"
            else "System.Management.Automation.ParameterBindingException",
        )
    return found


def _by_page(name: str) -> Encoding | None:
    try:
        return Encoding(codecs.lookup(f"cp{name}" if name.isdigit() else name).name)
    except LookupError:
        return None


def _of_object(ctx: ExecutionContext, value: Any) -> Encoding:
    """A ``System.Text.Encoding``: its preamble tells the mark."""
    web = convert.to_string(ctx, objects.get_member(ctx, value, "WebName")).lower()
    found = _WEB_NAMES.get(web)
    mark = bytes(int(b) for b in objects.invoke_member(ctx, value, "GetPreamble", []) or ())
    if found is not None:
        return Encoding(found.codec, mark)
    return Encoding(codecs.lookup(web).name, mark)


def default_reading(ctx: ExecutionContext) -> Encoding:
    """What a file without a mark is read as."""
    return ANSI if ctx.edition == "5.1" else UTF8


def default_content(ctx: ExecutionContext) -> Encoding:
    """What Set-Content and Add-Content write."""
    return ANSI if ctx.edition == "5.1" else UTF8


def default_output(ctx: ExecutionContext) -> Encoding:
    """What Out-File writes."""
    return UTF16 if ctx.edition == "5.1" else UTF8


def marked(data: bytes) -> Encoding | None:
    """The encoding that a byte order mark tells."""
    return next((e for e in _MARKS if data.startswith(e.mark)), None)


def decoded(data: bytes, encoding: Encoding) -> str:
    """The text of a file (UTF-16 code units): a byte order mark wins, what cannot be decoded becomes U+FFFD."""
    found = marked(data)
    if found is not None:
        return to_utf16(data[len(found.mark) :].decode(found.codec, "replace"))
    return to_utf16(data.decode(encoding.codec, "replace"))


def encoded(text: str, codec: str) -> bytes:
    """A text (UTF-16 code units) in a codec; what it lacks becomes ``?``, a lone surrogate U+FFFD."""
    plain = from_utf16(text)
    if codec.startswith("utf"):
        plain = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in plain) if not plain.isascii() else plain
        return plain.encode(codec)
    return plain.encode(codec, "replace")
