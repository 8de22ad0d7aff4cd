# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP envelopes of WS-Management: reading requests, building answers ([MS-WSMV] 2.2.4, DSP0226)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from hvsim.winrm import faults
from hvsim.winrm.faults import WSManFault

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
EVENTING = "http://schemas.xmlsoap.org/ws/2004/08/eventing"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
MS_WSMAN = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
POWERSHELL = "http://schemas.microsoft.com/powershell"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
WMI_ERROR = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
XML = "http://www.w3.org/XML/1998/namespace"

FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
ADDRESSING_FAULT_ACTION = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"

PREFIXES = {"s": SOAP, "a": ADDRESSING, "x": TRANSFER, "n": ENUMERATION, "w": WSMAN, "p": MS_WSMAN, "rsp": SHELL}
READ_PREFIXES = {**PREFIXES, "cfg": CONFIG, "ps": POWERSHELL, "wsmid": IDENTITY}

# Headers that are read, or that may be ignored because they cannot change the answer.
UNDERSTOOD = frozenset(
    f"{{{namespace}}}{local}"
    for namespace, names in (
        (ADDRESSING, "To ReplyTo FaultTo From Action MessageID RelatesTo"),
        (WSMAN, "ResourceURI SelectorSet OptionSet OperationTimeout MaxEnvelopeSize Locale"),
        (MS_WSMAN, "DataLocale SessionId OperationID SequenceId ActivityId"),
    )
    for local in names.split()
)

DEFAULT_OPERATION_TIMEOUT = 60.0
DEFAULT_ENVELOPE_SIZE = 512_000

_DURATION = re.compile(r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.ASCII)
# XML 1.0 has no way to write these; Windows drops them from fault texts too.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def name(namespace: str, local: str) -> str:
    """``{namespace}local``, lxml's form of a qualified name."""
    return f"{{{namespace}}}{local}"


def xml_text(text: str) -> str:
    """*text* without the characters that XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)


@dataclass(frozen=True)
class Request:
    """A WS-Management request.

    Attributes:
        action: WS-Addressing action URI.
        message_id: as sent; answers repeat it literally in ``RelatesTo``.
        operation_timeout: seconds.
        max_envelope_size: bytes the client is willing to read in one answer.
        body: the ``s:Body`` element.
    """

    action: str
    message_id: str
    resource_uri: str
    selectors: Mapping[str, str]
    options: Mapping[str, str]
    operation_timeout: float
    max_envelope_size: int
    body: etree._Element

    def find(self, path: str) -> etree._Element:
        """The element at *path* (prefixes of ``READ_PREFIXES``) in the body.

        Raises:
            WSManFault: there is none.
        """
        found = self.body.find(path, READ_PREFIXES)
        if found is None:
            raise faults.schema_violation(f"{path} is missing in the body.")
        return found


def parse_xml(data: bytes) -> etree._Element:
    """Parse *data* without entities, DTD or network.

    Raises:
        WSManFault: not well-formed, or a document type is declared.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise faults.invalid_xml(xml_text(str(error))) from None
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise faults.invalid_xml("a document type declaration is not allowed.")
    return root


def duration(text: str) -> float:
    """Seconds of an XML duration such as ``PT20S``.

    Raises:
        WSManFault: not a duration of days, hours, minutes and seconds.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise faults.schema_violation(f"{xml_text(text)!r} is not a duration.")
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)


def envelope_parts(root: etree._Element) -> tuple[etree._Element | None, etree._Element]:
    """Header (if any) and body of the envelope *root*."""
    if root.tag != name(SOAP, "Envelope"):
        raise faults.schema_violation("the document is not a SOAP 1.2 envelope.")
    body = root.find("s:Body", PREFIXES)
    if body is None:
        raise faults.schema_violation("the envelope has no body.")
    return root.find("s:Header", PREFIXES), body


def message_id(root: etree._Element) -> str:
    """``MessageID`` of a request as far as there is one: faults relate to it even when the rest is unreadable."""
    return (root.findtext("s:Header/a:MessageID", "", PREFIXES) or "").strip()


def read_request(root: etree._Element) -> Request:
    """The request in the envelope *root*.

    Raises:
        WSManFault: a required header is missing or malformed.
    """
    header, body = envelope_parts(root)
    if header is None:
        raise faults.missing_header("s:Header")

    def text(path: str, required: bool = False) -> str:
        value = (header.findtext(path, "", READ_PREFIXES) or "").strip()
        if required and not value:
            raise faults.missing_header(path)
        return value

    for node in header:
        if node.tag not in UNDERSTOOD and (node.get(name(SOAP, "mustUnderstand")) or "").strip() in ("1", "true"):
            raise faults.not_understood(str(etree.QName(node).localname)[:60])
    timeout = text("w:OperationTimeout")
    size = text("w:MaxEnvelopeSize")
    if size and not (size.isascii() and size.isdigit() and len(size) < 10):
        raise faults.schema_violation("w:MaxEnvelopeSize is not a number.")
    return Request(
        action=text("a:Action", required=True),
        message_id=text("a:MessageID", required=True),
        resource_uri=text("w:ResourceURI"),
        selectors=_named(header.iterfind("w:SelectorSet/w:Selector", PREFIXES)),
        options=_named(header.iterfind("w:OptionSet/w:Option", PREFIXES)),
        operation_timeout=duration(timeout) if timeout else DEFAULT_OPERATION_TIMEOUT,
        max_envelope_size=min(int(size) if size else DEFAULT_ENVELOPE_SIZE, DEFAULT_ENVELOPE_SIZE),
        body=body,
    )


def _named(elements: Iterable[etree._Element]) -> dict[str, str]:
    return {element.get("Name") or "": element.text or "" for element in elements}


def element(namespace: str, local: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A new element; *text* is made fit for XML."""
    created = etree.Element(name(namespace, local), attributes)
    if text is not None:
        created.text = xml_text(text)
    return created


def child(
    parent: etree._Element, namespace: str, local: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """A new last child of *parent*."""
    created = etree.SubElement(parent, name(namespace, local), attributes)
    if text is not None:
        created.text = xml_text(text)
    return created


def answer(action: str, relates_to: str, *content: etree._Element) -> bytes:
    """The envelope of a successful answer."""
    root = etree.Element(name(SOAP, "Envelope"), {name(XML, "lang"): "en-US"}, nsmap=PREFIXES)
    header = child(root, SOAP, "Header")
    child(header, ADDRESSING, "Action", action)
    child(header, ADDRESSING, "MessageID", f"uuid:{uuid.uuid4()}".upper().replace("UUID:", "uuid:"))
    child(header, ADDRESSING, "To", ANONYMOUS)
    if relates_to:
        child(header, ADDRESSING, "RelatesTo", relates_to)
    child(root, SOAP, "Body").extend(content)
    return etree.tostring(root)


def fault_answer(fault: WSManFault, relates_to: str, machine: str) -> bytes:
    """The envelope of *fault*."""
    root = element(SOAP, "Fault")
    code = child(root, SOAP, "Code")
    kind = "s:MustUnderstand" if fault.code == faults.MUST_UNDERSTAND else "s:Sender" if fault.sender else "s:Receiver"
    child(code, SOAP, "Value", kind)
    if fault.subcode:
        child(child(code, SOAP, "Subcode"), SOAP, "Value", fault.subcode)
    text = child(child(root, SOAP, "Reason"), SOAP, "Text", fault.reason)
    text.set(name(XML, "lang"), "en-US")
    detail = child(root, SOAP, "Detail")
    wsman = etree.SubElement(
        detail, name(FAULT, "WSManFault"), {"Code": str(fault.code), "Machine": xml_text(machine)}, nsmap={"f": FAULT}
    )
    child(wsman, FAULT, "Message", fault.message)
    if fault.wmi_error:
        wmi = etree.SubElement(detail, name(WMI_ERROR, "MSFT_WmiError"), nsmap={"e": WMI_ERROR})
        child(wmi, WMI_ERROR, "error_Code", str(fault.code))
        child(wmi, WMI_ERROR, "Message", fault.message)
    action = ADDRESSING_FAULT_ACTION if fault.subcode.startswith("a:") else FAULT_ACTION
    return answer(action, relates_to, root)
