# SPDX-License-Identifier: GPL-3.0-or-later
"""What a CIM operation fails with: HRESULT, the native error code of MI and the text in the session's language.

Ids have the form ``HRESULT 0x8004100e,<cmdlet class>``; the category follows from the native code as in CimCmdlets'
``ConvertCimNativeErrorCodeToErrorCategory``. WMI's English texts end with a blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hvsim.hyperv.errors import ModelError
from hvsim.runtime import types
from hvsim.runtime.errors import NetException
from hvsim.runtime.members import getter
from hvsim.runtime.values import EnumValue, UInt32

CIM_EXCEPTION: Final = "Microsoft.Management.Infrastructure.CimException"

NATIVE_ERROR_CODE: Final = types.register(
    types.NetType(
        "Microsoft.Management.Infrastructure.NativeErrorCode",
        "System.Enum",
        kind="e",
        enum_members={
            "Ok": 0,
            "Failed": 1,
            "AccessDenied": 2,
            "InvalidNamespace": 3,
            "InvalidParameter": 4,
            "InvalidClass": 5,
            "NotFound": 6,
            "NotSupported": 7,
            "ClassHasChildren": 8,
            "ClassHasInstances": 9,
            "InvalidSuperClass": 10,
            "AlreadyExists": 11,
            "NoSuchProperty": 12,
            "TypeMismatch": 13,
            "QueryLanguageNotSupported": 14,
            "InvalidQuery": 15,
            "MethodNotAvailable": 16,
            "MethodNotFound": 17,
        },
    )
)


for _name, _type in (
    ("NativeErrorCode", NATIVE_ERROR_CODE.full_name),
    ("MessageId", "System.String"),
    ("ErrorSource", "System.String"),
    ("ErrorData", "Microsoft.Management.Infrastructure.CimInstance"),
    ("StatusCode", "System.UInt32"),
):
    getter(CIM_EXCEPTION, _name, type=_type)(lambda self, name=_name: self.fields.get(name))


@dataclass(frozen=True)
class Kind:
    """One kind of failure."""

    hresult: int
    native: str
    category: str
    english: str
    german: str

    def text(self, language: str) -> str:
        return self.german if language.lower().startswith("de") else self.english


FAILED: Final = Kind(0x80041001, "Failed", "NotSpecified", "Generic failure ", "Allgemeiner Fehler ")
NOT_FOUND: Final = Kind(0x80041002, "NotFound", "ObjectNotFound", "Not found ", "Nicht gefunden ")
ACCESS_DENIED: Final = Kind(0x80041003, "AccessDenied", "PermissionDenied", "Access denied ", "Zugriff verweigert ")
INVALID_PARAMETER: Final = Kind(
    0x80041008, "InvalidParameter", "InvalidArgument", "Invalid parameter ", "Ungültiger Parameter "
)
INVALID_NAMESPACE: Final = Kind(
    0x8004100E, "InvalidNamespace", "MetadataError", "Invalid namespace ", "Ungültiger Namespace "
)
INVALID_CLASS: Final = Kind(0x80041010, "InvalidClass", "MetadataError", "Invalid class ", "Ungültige Klasse ")
PROVIDER_LOAD: Final = Kind(
    0x80041013, "Failed", "NotSpecified", "Provider load failure ", "Fehler beim Laden des Anbieters "
)
INVALID_QUERY: Final = Kind(0x80041017, "InvalidQuery", "InvalidArgument", "Invalid query ", "Ungültige Abfrage ")
INVALID_METHOD: Final = Kind(0x8004102E, "MethodNotFound", "MetadataError", "Invalid method ", "Ungültige Methode ")
INVALID_METHOD_PARAMETERS: Final = Kind(
    0x8004102F, "InvalidParameter", "InvalidArgument", "Invalid method Parameter(s) ", "Ungültige Methodenparameter "
)


class CimFailure(Exception):
    """A CIM operation that failed; ``source`` is what the error record names as its target."""

    def __init__(self, kind: Kind, source: str = "", text: str | None = None) -> None:
        super().__init__(kind.english)
        self.kind = kind
        self.source = source
        self.text = text

    @property
    def error_id(self) -> str:
        return f"HRESULT 0x{self.kind.hresult:08x}"

    def exception_fields(self) -> dict[str, object]:
        """Properties of the CimException."""
        native = NATIVE_ERROR_CODE.enum_members[self.kind.native]
        return {
            "NativeErrorCode": EnumValue(NATIVE_ERROR_CODE, native),
            "MessageId": self.error_id,
            "HResult": self.kind.hresult - (1 << 32),
            "ErrorSource": self.source or None,
            "ErrorData": None,
            "StatusCode": UInt32(native),
        }

    def exception(self, language: str) -> NetException:
        return NetException(CIM_EXCEPTION, self.text or self.kind.text(language), None, self.exception_fields())


_BY_ID: Final = {
    "AccessDenied": ACCESS_DENIED,
    "Unspecified": ACCESS_DENIED,
    "ObjectNotFound": NOT_FOUND,
    "InvalidParameter": INVALID_PARAMETER,
}


def of_model(error: ModelError, source: str = "") -> CimFailure:
    """The failure that a model's refusal (mostly a fault) looks like through CIM."""
    name = type(error).__name__
    if name == "RoleMissing":
        return CimFailure(INVALID_NAMESPACE, source)
    if name == "ServiceStopped":
        return CimFailure(PROVIDER_LOAD, source)
    return CimFailure(_BY_ID.get(error.error_id, FAILED), source)
