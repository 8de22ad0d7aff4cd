# SPDX-License-Identifier: GPL-3.0-or-later
"""What values look like after a session: rules of ``InternalSerializer`` and ``InternalDeserializer`` that no recorded case shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hvsim.engine.runspace import Result, Runspace
from hvsim.lang.errors import Unsupported

Run = Callable[[str], Result]


def values(result: Result) -> list[object]:
    return [getattr(value, "base", value) for value in result.output]


def arrives(run: Run, made: str, *seen: str) -> list[object]:
    """What the expressions say of ``$r``, which a session made."""
    lines = "; ".join(f"({expression})" for expression in seen)
    return values(run(f"$r = Invoke-Command -Session $session {{ {made} }}; {lines}"))


def test_an_object_cut_to_text_keeps_what_was_added_to_it(run: Run) -> None:
    made = "[pscustomobject]@{ A = 1; B = 'x' }, [pscustomobject]@{ A = 1; B = 'y' } | Group-Object A"
    assert arrives(run, made, "$r.Group[0].GetType().FullName", "$r.Group[1].B", '"$($r.Group[0])"') == ["System.String", "y", "@{A=1; B=x}"]


def test_a_type_name_of_an_object_cut_to_text_stays(run: Run) -> None:
    made = "@{ k = [pscustomobject]@{ PSTypeName = 'My.Disk'; A = 1 } }.GetEnumerator()"
    assert arrives(run, made, "$r.Value.PSObject.TypeNames[0]", "$r.Value -is [string]", "$r.Value.A") == ["Deserialized.My.Disk", True, 1]


def test_members_of_type_data_are_a_level_deeper_than_notes(run: Run) -> None:
    made = (
        "Update-TypeData -TypeName System.Text.StringBuilder -MemberType ScriptProperty -MemberName Typed -Value { [regex]::Match('a', 'a') };"
        "[System.Text.StringBuilder]::new('x') | Add-Member -NotePropertyName Noted -NotePropertyValue ([regex]::Match('a', 'a')) -PassThru"
    )
    assert arrives(run, made, "$r.Typed.GetType().FullName", "$r.Noted.PSObject.TypeNames[0]") == [
        "System.String",
        "Deserialized.System.Text.RegularExpressions.Match",
    ]


def test_without_properties_of_its_type_an_object_is_a_custom_object(run: Run) -> None:
    assert arrives(run, "[object]::new()", "$r.GetType().Name", '"$r"', "$r.ToString()") == ["PSCustomObject", "System.Object", "System.Object"]


def test_an_enumerable_without_properties_is_a_list(run: Run) -> None:
    made = "@{ k = [System.Collections.Generic.HashSet[int]](1, 2) }.GetEnumerator()"
    assert arrives(run, made, "$r.Value.GetType().Name", "$r.Value.Count") == ["ArrayList", 2]


def test_a_text_that_came_from_a_session_goes_back_into_one(run: Run) -> None:
    result = run(
        """
        $day = (Invoke-Command -Session $session { @{ e = [System.DayOfWeek]::Friday } }).e
        Invoke-Command -Session $session2 { param($e) $e.ToString(); "$e"; $e.PSObject.TypeNames[0] } -ArgumentList $day
        """
    )
    assert values(result) == ["Friday", "5", "Deserialized.System.DayOfWeek"]


def test_a_deserialized_object_is_not_cut_to_text_on_its_way_back(run: Run) -> None:
    result = run(
        """
        $match = Invoke-Command -Session $session { [regex]::Match('abc', 'b') }
        Invoke-Command -Session $session2 { param($e) $e.Value.PSObject.TypeNames[0]; $e.Value.Index } -ArgumentList @{ k = $match }.GetEnumerator()
        """
    )
    assert values(result) == ["Deserialized.System.Text.RegularExpressions.Match", 1]


def test_an_xml_element_has_the_properties_of_the_adapter_only(run: Run) -> None:
    made = "([xml]'<root a=\"1\"><item>x</item><item>y</item></root>').root"
    assert arrives(run, made, "$r.a", "$r.item", "$null -eq $r.OuterXml", '"$r"') == ["1", "x", "y", True, "root"]


def test_an_exception_arrives_with_its_own_properties(run: Run) -> None:
    made = "[System.ArgumentException]::new('outer', 'p', [System.FormatException]::new('inner'))"
    assert arrives(run, made, "$r.ParamName", "$r.HResult", "$r.Data.PSObject.TypeNames[0]", "$r.InnerException") == [
        "p",
        -2147024809,
        "Deserialized.System.Collections.ListDictionaryInternal",
        "System.FormatException: inner",
    ]


def test_an_error_record_in_the_output_tells_what_was_called(run: Run) -> None:
    made = "try { Get-Item /no/such -ErrorAction Stop } catch { $_ }"
    seen = ("$r.InvocationInfo.MyCommand", "$r.InvocationInfo.ScriptLineNumber", "$r.Exception.ItemName", "$r.ErrorCategory_Reason")
    assert arrives(run, made, *seen) == ["Get-Item", 0, "/no/such", "ItemNotFoundException"]


def test_a_property_without_a_value_has_no_type(run: Run) -> None:
    made = "[System.InvalidOperationException]::new('m')"
    names = ("Source", "Message", "Data")
    expected = ["", "System.String", "Deserialized.System.Collections.ListDictionaryInternal"]
    assert arrives(run, made, *(f"$r.PSObject.Properties['{name}'].TypeNameOfValue" for name in names)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("$r.FullName", "System.Int32"), ("$r.Name", "Int32"), ("$r.IsValueType", True), ('"$r"', "int"), ("$r.BaseType", "System.ValueType")],
)
def test_a_type_arrives_as_its_properties(run: Run, expression: str, expected: object) -> None:
    assert arrives(run, "[int]", expression) == [expected]


def test_the_version_table_of_powershell_7(run: Run) -> None:
    assert arrives(run, "$PSVersionTable", "$r.PSObject.TypeNames[0]", "$r.PSVersion.PSObject.TypeNames[0]", '"$($r.PSVersion)"') == [
        "Deserialized.System.Management.Automation.PSVersionHashTable",
        "Deserialized.System.Management.Automation.SemanticVersion",
        "7.6.5",
    ]


def test_a_warning_in_the_output_is_a_custom_object(run: Run) -> None:
    seen = ("$r.GetType().Name", "$r.InformationalRecord_Message", '"$r"', "$null -eq $r.Message")
    assert arrives(run, "& { Write-Warning 'careful' } 3>&1", *seen) == ["PSCustomObject", "careful", "careful", True]


def test_a_property_bag_has_two_methods(run: Run) -> None:
    seen = ("($r | Get-Member -MemberType Method).Name -join ','", "$r.GetType().FullName", "$r.ToString()", "$r.PSObject.Methods['Equals']")
    assert arrives(run, "[System.Text.StringBuilder]::new('q')", *seen) == ["GetType,ToString", "System.Management.Automation.PSObject", "q", None]


_DEEP = "$o = 'end'; foreach ($i in 1..{levels}) {{ $o = @{{ n = $o }} }}"


def test_nesting_has_an_end(run: Run) -> None:
    script = "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($o))"
    assert run(f"{_DEEP.format(levels=48)}; {script}.Count").output == [1]
    found = run(f"{_DEEP.format(levels=49)}; try {{ {script} }} catch {{ $_.Exception.InnerException.Message }}")
    assert found.output == ["Serialized XML is nested too deeply."]


def test_nesting_that_ends_a_session_is_refused(runspace: Runspace) -> None:
    with pytest.raises(Unsupported, match="an object nested this deep in a session"):
        runspace.run(f"Invoke-Command -Session $session {{ {_DEEP.format(levels=49)}; $o }}")


def test_a_property_that_the_engine_lacks_is_refused_on_the_other_side_too(run: Run) -> None:
    run("$r = Invoke-Command -Session $session { [int] }")
    assert values(run("$r.FullName; @($r.PSObject.Properties.Name) -contains 'GUID'")) == ["System.Int32", True]
    with pytest.raises(Unsupported, match=r"property System\.RuntimeType\.GUID"):
        run("$r.GUID")
    with pytest.raises(Unsupported, match=r"property System\.RuntimeType\.GUID"):
        run("Invoke-Command -Session $session2 -ArgumentList $r { param($t) $t.GUID }")


def test_a_property_whose_getter_fails_does_not_travel(run: Run) -> None:
    made = "[pscustomobject]@{ A = 1 } | Add-Member ScriptProperty Bad { throw 'x' } -PassThru | Add-Member ScriptProperty Good { 2 } -PassThru"
    assert arrives(run, made, "@($r.PSObject.Properties.Name)[0..1] -join ','") == ["A,Good"]
    assert arrives(run, "[System.Text.Encoding]::UTF8", "@($r.PSObject.Properties.Name) -contains 'Preamble'") == [False]
