# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``InternalDeserializer`` says of text that is no CLIXML, in the words of PowerShell's ``Serialization.resx``."""

from __future__ import annotations

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported

_SPACE = "http://schemas.microsoft.com/powershell/2004/04"


def read(content: str, version: str = "1.1.0.1") -> list[object]:
    """What comes of a document with that content: its values, or the id and the message of the error."""
    text = f'<Objs Version="{version}" xmlns="{_SPACE}">{content}</Objs>'
    script = (
        f"try {{ [System.Management.Automation.PSSerializer]::Deserialize('{text}') }}"
        " catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.Message }"
    )
    return [getattr(value, "base", value) for value in Runspace().run(script).output]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<Foo/>", "Foo XML tag is not recognized."),
        ('<Obj RefId="0"><Foo>1</Foo></Obj>', "Foo XML tag is not recognized."),
        ('<Ref RefId="7" />', "No object found for referenceId 7"),
        ('<Obj RefId="0"><TNRef RefId="3"/><I32>5</I32></Obj>', "Cannot process names because no TypeNames were found for referenceId 3."),
        ("<Obj><DCT><En></En></DCT></Obj>", "Key for dictionary entry is not specified."),
        ('<Obj><DCT><En><S N="Key">a</S></En></DCT></Obj>', "Value for dictionary entry is not specified."),
        ('<Obj><DCT><En><S N="K">a</S><Nil N="Value"/></En></DCT></Obj>', "Name attribute for dictionary key is incorrectly specified."),
        ('<Obj><DCT><En><S N="Key">a</S><Nil N="V"/></En></DCT></Obj>', "Name attribute for dictionary value is incorrectly specified."),
        ('<Obj><DCT><En><Nil N="Key"/><Nil N="Value"/></En></DCT></Obj>', "Null is specified as dictionary key."),
    ],
)
def test_what_cannot_be_read(content: str, message: str) -> None:
    assert read(content) == ["XmlException", message]


@pytest.mark.parametrize(
    ("version", "seen"),
    [
        ("2.0", ["XmlException", "Version of incoming PSObject is 2. Expected value is 1."]),
        ("abc", ["XmlException", "Version of PSObject is not valid."]),
        ("1.5.0.0", [1]),
    ],
)
def test_versions(version: str, seen: list[object]) -> None:
    """Later minor versions may hold what this one does not know."""
    assert read('<Obj RefId="0"><Foo/><I32>1</I32></Obj>', version) == seen


def test_member_sets_are_refused() -> None:
    with pytest.raises(Unsupported, match="a member set in CLIXML"):
        read('<Obj RefId="0"><MS><MS N="inner"><S N="q">w</S></MS></MS></Obj>')


def test_the_place_of_a_property_that_the_engine_lacks() -> None:
    """What stands for it is nothing to other readers, and keeps its name and reason for ours."""
    runspace = Runspace(edition="7")
    made = "[System.Management.Automation.PSSerializer]::Serialize([System.Collections.Generic.HashSet[int]]::new())"
    (text,) = runspace.run(made).output
    assert "<?hvsim-unsupported Capacity property_x0020_System.Collections.Generic.HashSet[int].Capacity?>" in text
    read_back = f"$r = [System.Management.Automation.PSSerializer]::Deserialize(({made}))"
    assert runspace.run(f"{read_back}; $r.Count; @($r.PSObject.Properties.Name) -contains 'Capacity'").output == [0, True]
    with pytest.raises(Unsupported, match=r"HashSet\[int\]\.Capacity"):
        runspace.run("$r.Capacity")
    with pytest.raises(Unsupported, match="a processing instruction in CLIXML"):
        read('<Obj RefId="0"><MS><?other a b?></MS></Obj>')


def test_a_getter_that_throws_leaves_no_property() -> None:
    made = "[System.Management.Automation.PSSerializer]::Serialize([ipaddress]'{0}') -match 'ScopeId'"
    runspace = Runspace(edition="7")
    assert runspace.run(made.format("1.2.3.4")).output == [False]
    assert runspace.run(made.format("fe80::1%5")).output == [True]
    assert runspace.run("([ipaddress]'fe80::1%5').ScopeId; $null -eq ([ipaddress]'1.2.3.4').ScopeId").output == [5, True]
