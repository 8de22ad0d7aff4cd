# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported

_HEAD = '<?xml version="1.0" encoding="utf-16"?>'


@pytest.fixture
def disk() -> Runspace:
    return Runspace(sample_machine())


def written(shell: Any, calls: str, settings: str = "$s.Indent = $true") -> str:
    script = f"$b = [Text.StringBuilder]::new(); $s = [Xml.XmlWriterSettings]::new(); {settings}; $w = [Xml.XmlWriter]::Create($b, $s); {calls}"
    (text,) = shell.out(script + "; $w.Close(); $b.ToString()")
    return str(text)


def test_indented_elements_and_text(shell: Any) -> None:
    calls = """
    $w.WriteStartElement('a'); $w.WriteAttributeString('b', 'c"<'); $w.WriteElementString('d', 'e & f'); $w.WriteElementString('g', '')
    $w.WriteStartElement('h'); $w.WriteString('t'); $w.WriteStartElement('i'); $w.WriteStartElement('j'); $w.WriteEndElement()
    $w.WriteEndElement(); $w.WriteEndElement(); $w.WriteComment('c'); $w.WriteStartElement('k'); $w.WriteFullEndElement()
    """
    expected = [
        _HEAD, '<a b="c&quot;&lt;">', "  <d>e &amp; f</d>", "  <g />", "  <h>t<i><j /></i></h>", "  <!--c-->", "  <k></k>", "</a>",
    ]  # fmt: skip
    assert written(shell, calls) == "\n".join(expected)


def test_namespaces_are_declared_where_they_are_needed(shell: Any) -> None:
    calls = """
    $w.WriteStartElement('p', 'root', 'urn:x'); $w.WriteAttributeString('xmlns', 'q', $null, 'urn:q'); $w.WriteAttributeString('q', 'a', 'urn:q', '1')
    $w.WriteStartElement('k', 'urn:d'); $w.WriteStartElement('l'); $w.WriteEndDocument()
    """
    expected = '<p:root xmlns:q="urn:q" q:a="1" xmlns:p="urn:x"><k xmlns="urn:d"><l /></k></p:root>'
    assert written(shell, calls, "$s.OmitXmlDeclaration = $true") == expected


def test_text_arrives_at_a_flush(shell: Any) -> None:
    script = """
    $b = [Text.StringBuilder]::new(); $w = [Xml.XmlWriter]::Create($b); $w.WriteStartElement('a'); $b.Length; $w.Flush(); $b.ToString()
    """
    assert shell.out(script) == [0, f"{_HEAD}<a"]


def test_text_writer_indents_nodes(shell: Any) -> None:
    script = """
    $t = [IO.StringWriter]::new(); $w = New-Object System.Xml.XmlTextWriter($t); $w.Formatting = 'Indented'; $w.Indentation = 4
    ([xml]'<a><b c="1">1</b><d/><e></e></a>').WriteContentTo($w); $t.ToString(); $w.Formatting
    """
    text, formatting = shell.out(script)
    assert text == '<a>\n    <b c="1">1</b>\n    <d />\n    <e></e>\n</a>'
    assert formatting.value == 1


def test_save_to_a_text_writer_declares_its_encoding(shell: Any) -> None:
    script = "$t = [IO.StringWriter]::new(); ([xml]'{0}').Save($t); \"$t\""
    assert shell.out(script.format('<?xml version="1.0" encoding="utf-8"?><a><b/></a>')) == [f"{_HEAD}\n<a>\n  <b />\n</a>"]
    assert shell.out(script.format("<a>x<b/></a>")) == [f"{_HEAD}\n<a>x<b /></a>"]


def test_save_to_a_file_keeps_the_documents_declaration(disk: Runspace) -> None:
    script = """
    ([xml]'<?xml version="1.0" encoding="utf-8"?><a/>').Save('/tmp/a.xml'); [IO.File]::ReadAllText('/tmp/a.xml'); [IO.File]::ReadAllBytes('/tmp/a.xml')[0]
    ([xml]'<a/>').Save('/tmp/b.xml'); [IO.File]::ReadAllText('/tmp/b.xml'); [IO.File]::ReadAllBytes('/tmp/b.xml')[0]
    """
    assert disk.run(script).output == ['<?xml version="1.0" encoding="utf-8"?>\n<a />', 239, "<a />", 60]
    (record,) = disk.run("[xml]::new().Save('/tmp/c.xml')").errors
    assert "The document does not have a root element." in record.message


@pytest.mark.parametrize(
    "calls",
    ["$w.WriteEndElement()", "$w.WriteAttributeString('a', 'b')", "$w.WriteString('x')", "$w.WriteStartElement('a'); $w.WriteEndElement(); $w.WriteStartElement('b')"],
)
def test_what_makes_no_document_is_refused(shell: Any, calls: str) -> None:
    with pytest.raises(Unsupported, match="of an XmlWriter"):
        written(shell, calls)


def test_string_writer_writes_to_the_builder_it_was_given(shell: Any) -> None:
    script = "$b = [Text.StringBuilder]::new('x'); $w = [IO.StringWriter]::new($b); $w.Write('y'); $b.ToString(); $null = $w.GetStringBuilder().Append('z'); \"$w\""
    assert shell.out(script) == ["xy", "xyz"]
    assert shell.out("$w.Encoding.WebName; $w.Dispose(); $w.ToString()") == ["utf-16", "xyz"]
