# SPDX-License-Identifier: GPL-3.0-or-later
"""Embedded instances as text: the XML form in which Hyper-V's WMI hands out and takes them (hyperv-facts.md 3.2)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

DATA_ITEM: Final = "Msvm_KvpExchangeDataItem"

_NULL: Final = '<PROPERTY NAME="{}" PROPAGATED="true" TYPE="string"></PROPERTY>'


def data_item(name: str, data: str, source: int, *, with_id: bool = True, empty_value: bool = False) -> str:
    """A key-value pair as text. Null properties have no VALUE; ``empty_value`` gives empty data an empty one."""
    return (
        f"{_head(with_id)}{_value('Data', data, empty_value)}{_TAIL}{_value('Name', name, empty_value)}"
        f'<PROPERTY NAME="Source" TYPE="uint16"><VALUE>{source}</VALUE></PROPERTY></INSTANCE>'
    )


@lru_cache
def _head(with_id: bool) -> str:
    identity = _NULL.format("InstanceID") if with_id else ""
    return f'<INSTANCE CLASSNAME="{DATA_ITEM}">{identity}{_NULL.format("Caption")}'


_TAIL: Final = _NULL.format("Description") + _NULL.format("ElementName")


def _value(name: str, text: str, empty_value: bool) -> str:
    if not text and not empty_value:
        return f'<PROPERTY NAME="{name}" TYPE="string"></PROPERTY>'
    return f'<PROPERTY NAME="{name}" TYPE="string"><VALUE>{escape_text(text)}</VALUE></PROPERTY>'


def escape_text(text: str) -> str:
    """XML text; a carriage return would not survive a reader, so it is written as a reference."""
    return escape(text, {"\r": "&#13;"}) if "\r" in text else escape(text)


def parse_instance(text: str) -> tuple[str, dict[str, str | None]]:
    """(class name, properties by name in the case in which they are written) of an INSTANCE element.

    Raises:
        ValueError: the text is no such element.
    """
    if "<!" in text:
        raise ValueError("declarations are not allowed in an embedded instance")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, UnicodeError) as error:
        raise ValueError(f"not an embedded instance: {error}") from None
    class_name = root.get("CLASSNAME")
    if root.tag != "INSTANCE" or not class_name:
        raise ValueError("not an embedded instance: no INSTANCE with a CLASSNAME")
    properties: dict[str, str | None] = {}
    for child in root:
        name = child.get("NAME")
        if child.tag != "PROPERTY" or not name:
            continue
        value = child.find("VALUE")
        properties[name] = None if value is None else (value.text or "")
    return class_name, properties
