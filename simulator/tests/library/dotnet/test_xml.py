# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported

KVP = (
    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Data" TYPE="string"><VALUE>a&lt;b &amp; ä</VALUE>'
    '</PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>k</VALUE></PROPERTY></INSTANCE>'
)


def test_elements_and_attributes_by_dot(texts: Any) -> None:
    assert texts(
        f"$x = [xml]'{KVP}'; $x.INSTANCE.CLASSNAME; $x.instance.PROPERTY.NAME -join ','; $x.INSTANCE.PROPERTY[0].VALUE"
    ) == [
        "Msvm_KvpExchangeDataItem",
        "Data,Name",
        "a<b & ä",
    ]


def test_xpath(texts: Any) -> None:
    script = f"""$x = [xml]'{KVP}'
    $x.SelectSingleNode("/INSTANCE/PROPERTY[@NAME='Name']/VALUE/child::text()").Value
    $x.SelectNodes('//PROPERTY').Count; $null -eq $x.SelectSingleNode('//nope')
    $x.SelectSingleNode('//@TYPE').OwnerElement.NAME"""
    assert texts(script) == ["k", "2", "True", "Data"]


def test_namespaces(texts: Any) -> None:
    script = """$x = [xml]'<r xmlns="urn:a" xmlns:b="urn:b"><b:i k="1">t</b:i></r>'
    $m = [System.Xml.XmlNamespaceManager]::new($x.NameTable); $m.AddNamespace('p', 'urn:b')
    $i = $x.SelectSingleNode('//p:i', $m); $i.Name; $i.LocalName; $i.Prefix; $i.NamespaceURI; $x.OuterXml"""
    assert texts(script) == ["b:i", "i", "b", "urn:b", '<r xmlns="urn:a" xmlns:b="urn:b"><b:i k="1">t</b:i></r>']


def test_building(texts: Any) -> None:
    script = """$d = [xml]::new(); $r = $d.AppendChild($d.CreateElement('r')); $r.SetAttribute('k', 'a"<')
    $null = $r.AppendChild($d.CreateTextNode('x>y')); $null = $r.AppendChild($d.CreateElement('e')); $d.OuterXml"""
    assert texts(script) == ['<r k="a&quot;&lt;">x&gt;y<e /></r>']


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a><b></a>", "The 'b' start tag on line 1 position 5 does not match the end tag of 'a'. Line 1, position 9."),
        ("<a/><b/>", "There are multiple root elements. Line 1, position 6."),
        ("plain", "Data at the root level is invalid. Line 1, position 1."),
        ("<a>&nope;</a>", "Reference to undeclared entity 'nope'. Line 1, position 5."),
        ("<a k='1' k='2'/>", "'k' is a duplicate attribute name. Line 1, position 10."),
        ("<a", "Unexpected end of file has occurred. Line 1, position 3."),
    ],
)
def test_what_is_not_well_formed(texts: Any, text: str, message: str) -> None:
    script = f'$d = [xml]::new(); $d.LoadXml("{text}")'
    assert texts(script) == [f'XmlException: Exception calling "LoadXml" with "1" argument(s): "{message}"']


def test_no_entity_is_ever_expanded_or_fetched(texts: Any) -> None:
    script = """$d = [xml]::new(); $d.LoadXml('<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>')"""
    assert "Reference to undeclared entity 'e'" in texts(script)[0]


def test_deep_nesting_needs_no_stack(texts: Any) -> None:
    script = "$n = 2000; $x = [xml](('<a>' * $n) + 't' + ('</a>' * $n)); $x.DocumentElement.Name"
    assert texts(script) == ["a"]


@pytest.mark.parametrize(
    "call",
    [
        "AppendChild($null)",
        "RemoveChild($null)",
        "PrependChild($null)",
        "InsertAfter($null, $null)",
        "ReplaceChild($null, $null)",
    ],
)
def test_no_node_is_a_null_reference(texts: Any, call: str) -> None:
    name, count = call.partition("(")[0], call.count("$null")
    assert texts(f"$x = [xml]'<a><b/></a>'; $null = $x.a.{call}; $x.OuterXml") == [
        "<a><b /></a>",
        f'NullReferenceException: Exception calling "{name}" with "{count}" argument(s): '
        '"Object reference not set to an instance of an object."',
    ]


@pytest.mark.parametrize("deep", ["$true", "$false"])
def test_no_node_is_imported(texts: Any, deep: str) -> None:
    assert texts(f"$x = [xml]'<a/>'; $x.ImportNode($null, {deep}); $x.OuterXml") == [
        "<a />",
        'InvalidOperationException: Exception calling "ImportNode" with "2" argument(s): "Cannot import a null node."',
    ]


def test_no_attribute_is_added(texts: Any) -> None:
    script = "$x = [xml]'<a k=\"1\"/>'; $null -eq $x.a.Attributes.SetNamedItem($null); $x.a.Attributes.Append($null); $x.OuterXml"
    assert texts(script) == [
        "True",
        '<a k="1" />',
        'NullReferenceException: Exception calling "Append" with "1" argument(s): '
        '"Object reference not set to an instance of an object."',
    ]


def test_a_namespace_that_lxml_does_not_take_is_refused_by_name(texts: Any) -> None:
    with pytest.raises(Unsupported, match=r"XPath over the element '\w+' \(namespace 'ur= \[x'\)"):
        texts("""$x = [xml]'<r xmlns="ur= [x"/>'; $x.SelectNodes('//i')""")


def test_names_are_checked_when_a_script_gives_them(texts: Any) -> None:
    """``XmlDocument.CheckName``: characters, and that there is a local name; where a digit stands does not matter."""
    script = """$d = [xml]'<a/>'
    $messages = foreach ($name in 'x$y', 'a b', '', 'p:', '1a') {
        try { [void]$d.CreateElement($name); 'made' } catch { $_.Exception.InnerException.Message }
        try { $d.DocumentElement.SetAttribute($name, '1'); 'made' } catch { $_.Exception.InnerException.Message }
    }
    $messages; $d.OuterXml"""
    empty = "The local name for elements or attributes cannot be null or an empty string."
    assert texts(script) == [
        *["The '$' character, hexadecimal value 0x24, cannot be included in a name."] * 2,
        *["The ' ' character, hexadecimal value 0x20, cannot be included in a name."] * 2,
        *[empty] * 4,
        *["made"] * 2,
        '<a 1a="1" />',
    ]


def test_xpath_over_names_that_xml_forbids_is_refused(texts: Any) -> None:
    with pytest.raises(Unsupported, match=r"XPath over the element '1a' \(namespace none\)"):
        texts("$d = [xml]'<a/>'; [void]$d.DocumentElement.AppendChild($d.CreateElement('1a')); $d.SelectNodes('//a')")


def test_xpath_with_characters_that_are_none_of_xml(texts: Any) -> None:
    script = """$x = [xml]'<a><b>1</b></a>'
    try { $x.SelectNodes([char]0) } catch { $_.Exception.InnerException.GetType().Name; $_.Exception.InnerException.Message.Length }
    $x.SelectNodes("//b[. != '$([char]1)']").Count
    $x.SelectNodes("//b[`n. = '1']").Count"""
    assert texts(script) == ["XPathException", str(len("' ' has an invalid token.")), "1", "1"]
