# SPDX-License-Identifier: GPL-3.0-or-later
"""``System.Text.Encoding`` and its classes."""

from __future__ import annotations

import codecs
from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.library.dotnet.support import bytes_array, data_of, null_argument, put_bytes
from hvsim.runtime import types
from hvsim.runtime.errors import net_error
from hvsim.runtime.members import constructor, getter, method, static_getter, static_method
from hvsim.runtime.types import NetType
from hvsim.runtime.values import Array, Char, NetObject

_ENCODING = "System.Text.Encoding"

# kind -> (codec, byte order mark, web name, code page, name, .NET class)
_KINDS: dict[str, tuple[str, bytes, str, int, str, str]] = {
    "utf-8": ("utf-8", codecs.BOM_UTF8, "utf-8", 65001, "Unicode (UTF-8)", "System.Text.UTF8Encoding"),
    "utf-16": ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16", 1200, "Unicode", "System.Text.UnicodeEncoding"),
    "utf-16BE": (
        "utf-16-be", codecs.BOM_UTF16_BE, "utf-16BE", 1201, "Unicode (Big-Endian)", "System.Text.UnicodeEncoding",
    ),
    "utf-32": ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32", 12000, "Unicode (UTF-32)", "System.Text.UTF32Encoding"),
    "us-ascii": ("ascii", b"", "us-ascii", 20127, "US-ASCII", "System.Text.ASCIIEncoding+ASCIIEncodingSealed"),
    "iso-8859-1": (
        "latin-1", b"", "iso-8859-1", 28591, "Western European (ISO)", "System.Text.Latin1Encoding+Latin1EncodingSealed",
    ),
}  # fmt: skip
_ALIASES = {
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "65001": "utf-8", "unicode": "utf-16", "ucs-2": "utf-16",
    "utf-16le": "utf-16", "1200": "utf-16", "utf-16be": "utf-16BE", "unicodefffe": "utf-16BE", "1201": "utf-16BE",
    "utf-32le": "utf-32", "12000": "utf-32", "ascii": "us-ascii", "20127": "us-ascii", "latin1": "iso-8859-1",
    "l1": "iso-8859-1", "28591": "iso-8859-1", "iso_8859-1": "iso-8859-1", "0": "utf-8",
}  # fmt: skip


class Encoding(NetObject):
    """An encoding: its kind, whether it writes a byte order mark, whether it refuses what it cannot express."""

    __slots__ = ("codec", "kind", "mark", "net_type", "strict", "with_mark")

    def __init__(self, kind: str, *, with_mark: bool = True, strict: bool = False, type_name: str | None = None) -> None:
        self.kind = kind
        self.codec, self.mark = _KINDS[kind][:2]
        self.with_mark = with_mark
        self.strict = strict
        self.net_type = types.get(type_name or _KINDS[kind][5])

    def encode(self, text: str) -> bytes:
        """Bytes of a text of UTF-16 code units.

        Raises:
            PSError: ``EncoderFallbackException`` of a strict encoding.
        """
        whole = from_utf16(text)
        try:
            return whole.encode(self.codec)
        except UnicodeEncodeError as error:
            if self.strict:
                raise net_error(
                    "System.Text.EncoderFallbackException",
                    f"Unable to translate Unicode character \\\\u{ord(whole[error.start]):04X} at index {error.start} to "
                    "specified code page.",
                ) from None
        if self.codec in ("ascii", "latin-1"):
            return "".join(c if ord(c) < 128 or (self.codec == "latin-1" and ord(c) < 256) else "?" * (1 + (ord(c) > 0xFFFF)) for c in whole).encode(self.codec)
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in whole).encode(self.codec)

    def decode(self, data: bytes) -> str:
        """Text of UTF-16 code units.

        Raises:
            PSError: ``DecoderFallbackException`` of a strict encoding.
        """
        if self.codec == "ascii":
            return "".join(chr(b) if b < 128 else "?" for b in data)
        try:
            return to_utf16(data.decode(self.codec))
        except UnicodeDecodeError as error:
            if self.strict:
                shown = "][".join(f"{b:02X}" for b in data[error.start : error.end])
                raise net_error(
                    "System.Text.DecoderFallbackException",
                    f"Unable to translate bytes [{shown}] at index {error.start} from specified code page to Unicode.",
                ) from None
        return to_utf16(data.decode(self.codec, "replace"))

    @property
    def preamble(self) -> bytes:
        return self.mark if self.with_mark else b""

    def net_text(self, _ctx: Any) -> str:
        return types.type_to_string(self.net_type)


UTF8 = Encoding("utf-8", type_name="System.Text.UTF8Encoding+UTF8EncodingSealed")
UTF8_NO_MARK = Encoding("utf-8", with_mark=False, type_name="System.Text.UTF8Encoding+UTF8EncodingSealed")
UNICODE = Encoding("utf-16")
BIG_ENDIAN = Encoding("utf-16BE")
UTF32 = Encoding("utf-32")
ASCII = Encoding("us-ascii")
LATIN1 = Encoding("iso-8859-1")

for _name, _instance in (
    ("UTF8", UTF8),
    ("Unicode", UNICODE),
    ("BigEndianUnicode", BIG_ENDIAN),
    ("UTF32", UTF32),
    ("ASCII", ASCII),
    ("Latin1", LATIN1),
    ("Default", UTF8_NO_MARK),
):
    static_getter(_ENCODING, _name)(lambda instance=_instance: instance)

_SHARED = {
    "utf-8": UTF8, "utf-16": UNICODE, "utf-16BE": BIG_ENDIAN, "utf-32": UTF32, "us-ascii": ASCII, "iso-8859-1": LATIN1,
}  # fmt: skip


def _refuse_code_page(name: Any) -> None:
    """PowerShell registers the code pages of Windows, which the engine does not have.

    Raises:
        Unsupported: there is such a code page.
    """
    try:
        codecs.lookup(f"cp{name}" if isinstance(name, int) else name)
    except (LookupError, ValueError):
        return
    raise Unsupported(f"encoding {name}")


def by_name(name: Any) -> Encoding:
    """``Encoding.GetEncoding``.

    Raises:
        PSError: no encoding of that name or code page.
        Unsupported: a code page of Windows.
    """
    text = str(name).lower()
    kind = _ALIASES.get(text, "utf-16BE" if text == "utf-16be" else text)
    found = _SHARED.get(kind)
    if found is not None:
        return found
    _refuse_code_page(name)
    if isinstance(name, int):
        raise net_error("System.NotSupportedException", f"No data is available for encoding {name}. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method.")
    raise net_error(
        "System.ArgumentException",
        f"'{name}' is not a supported encoding name. For information on defining a custom encoding, see the documentation "
        "for the Encoding.RegisterProvider method. (Parameter 'name')",
    )


@static_method(_ENCODING, "GetEncoding", overloads=["(int) -> System.Text.Encoding", "(string) -> System.Text.Encoding"])
def _get_encoding(name: Any) -> Encoding:
    if name is None:
        raise null_argument("name")
    return by_name(name)


@constructor("System.Text.UTF8Encoding", overloads=["()", "(bool)", "(bool, bool)"])
def _new_utf8(net_type: NetType, mark: bool = False, strict: bool = False) -> Encoding:
    return Encoding("utf-8", with_mark=mark, strict=strict)


@constructor("System.Text.UnicodeEncoding", overloads=["()", "(bool, bool)", "(bool, bool, bool)"])
def _new_utf16(net_type: NetType, big_endian: bool = False, mark: bool = True, strict: bool = False) -> Encoding:
    return Encoding("utf-16BE" if big_endian else "utf-16", with_mark=mark, strict=strict)


@constructor("System.Text.UTF32Encoding", overloads=["()", "(bool, bool)", "(bool, bool, bool)"])
def _new_utf32(net_type: NetType, big_endian: bool = False, mark: bool = True, strict: bool = False) -> Encoding:
    return Encoding("utf-32", with_mark=mark, strict=strict)


@constructor("System.Text.ASCIIEncoding", overloads=["()"])
def _new_ascii(net_type: NetType) -> Encoding:
    return Encoding("us-ascii", type_name="System.Text.ASCIIEncoding")


def _check_span(data: Any, start: int, count: int, name: str) -> None:
    if start < 0 or count < 0 or start + count > len(data):
        raise net_error(
            "System.ArgumentOutOfRangeException",
            f"Index and count must refer to a location within the buffer. (Parameter '{name}')",
        )


def _sliced(text: str, start: int, count: int, name: str) -> str:
    _check_span(text, start, count, name)
    return text[start : start + count]


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else "".join(c.text for c in value)


def _encoded(self: Encoding, value: Any, span: tuple[int, ...]) -> bytes:
    if value is None:
        raise null_argument("s")
    text = _text_of(value)
    return self.encode(_sliced(text, *span, "s") if len(span) == 2 else text)


@method(_ENCODING, "GetBytes")
def _get_bytes(self: Encoding, value: Any, *rest: Any) -> Any:
    if len(rest) == 4:
        start, count, target, at = rest
        data = self.encode(_sliced(_text_of(value), start, count, "s"))
        put_bytes(target, at, data)
        return len(data)
    return bytes_array(_encoded(self, value, rest))


@method(_ENCODING, "GetByteCount")
def _byte_count(self: Encoding, value: Any, *span: int) -> int:
    return len(_encoded(self, value, span))


def _decoded(self: Encoding, data: Any, span: tuple[int, ...]) -> str:
    if data is None:
        raise null_argument("bytes")
    if len(span) != 2:
        return self.decode(data_of(data))
    _check_span(data, *span, "bytes")
    return self.decode(data_of(data, *span))


@method(_ENCODING, "GetString")
def _get_string(self: Encoding, data: Any, *span: int) -> str:
    return _decoded(self, data, span)


@method(_ENCODING, "GetChars")
def _get_chars(self: Encoding, data: Any, *span: int) -> Array:
    return Array([Char(c) for c in _decoded(self, data, span)], types.CHAR)


@method(_ENCODING, "GetCharCount")
def _char_count(self: Encoding, data: Any, *span: int) -> int:
    return len(_decoded(self, data, span))


@method(_ENCODING, "GetPreamble")
def _preamble(self: Encoding) -> Array:
    return bytes_array(self.preamble)


@method(_ENCODING, "GetMaxByteCount")
def _max_bytes(self: Encoding, count: int) -> int:
    return (count + 1) * {"utf-8": 3, "utf-16": 2, "utf-16BE": 2, "utf-32": 4}.get(self.kind, 1)


@method(_ENCODING, "GetMaxCharCount")
def _max_chars(self: Encoding, count: int) -> int:
    return count + 1 if self.kind == "utf-8" else count


@method(_ENCODING, "Equals")
def _equals(self: Encoding, other: Any) -> bool:
    return isinstance(other, Encoding) and other.kind == self.kind and other.with_mark == self.with_mark


@method(_ENCODING, "Clone")
def _clone(self: Encoding) -> Encoding:
    return Encoding(self.kind, with_mark=self.with_mark, strict=self.strict)


for _name, _index in (("WebName", 2), ("BodyName", 2), ("HeaderName", 2), ("CodePage", 3), ("EncodingName", 4)):
    getter(_ENCODING, _name)(lambda self, index=_index: _KINDS[self.kind][index])
getter(_ENCODING, "IsSingleByte")(lambda self: self.kind in ("us-ascii", "iso-8859-1"))
getter(_ENCODING, "IsReadOnly")(lambda self: True)


@static_method(
    _ENCODING, "Convert", overloads=["(System.Text.Encoding, System.Text.Encoding, byte[]) -> byte[]"]
)
def _convert(source: Encoding, target: Encoding, data: Any) -> Array:
    return bytes_array(target.encode(source.decode(data_of(data))))


def detect(data: bytes, default: Encoding = UTF8) -> tuple[Encoding, int]:
    """The encoding that a byte order mark tells, and the mark's length."""
    for candidate in (UTF8, UTF32, UNICODE, BIG_ENDIAN):
        if data.startswith(candidate.mark):
            return candidate, len(candidate.mark)
    return default, 0


