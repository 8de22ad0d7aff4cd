# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re

import pytest

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.values import Array, EnumValue, Int64, PSCustomObject, PSObject


@pytest.mark.parametrize(
    ("name", "full_name"),
    [
        ("int", "System.Int32"),
        ("INT32", "System.Int32"),
        ("guid", "System.Guid"),
        ("Collections.ArrayList", "System.Collections.ArrayList"),
        ("string[]", "System.String[]"),
        ("int[,]", "System.Int32[,]"),
        ("int[][]", "System.Int32[][]"),
        ("System.Int32, mscorlib", "System.Int32"),
        ("System.Environment+SpecialFolder", "System.Environment+SpecialFolder"),
    ],
)
def test_find(name: str, full_name: str) -> None:
    found = types.find(name)
    assert found is not None
    assert found.full_name == full_name


@pytest.mark.parametrize(
    "name", ["nope", "List[int]", "int[", "System.Collections.Generic.List[int,string]", "", "int]"]
)
def test_unknown_names(name: str) -> None:
    assert types.find(name) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("System.IO.Pipes.PipeStream", "System.IO.Pipes.PipeStream"),
        ("IO.Pipes.PipeStream[]", "IO.Pipes.PipeStream"),
        ("System.Collections.Generic.List[System.IO.Pipes.PipeStream]", "System.IO.Pipes.PipeStream"),
        ("System.Collections.Frozen.FrozenSet[int]", "System.Collections.Frozen.FrozenSet"),
        ("System.Collections.Frozen.FrozenSet`1[[System.Int32]]", "System.Collections.Frozen.FrozenSet`1"),
        ("Action[int,int,int,int,int]", "Action"),
        (
            "System.Management.Automation.Runspaces.SessionStateProxy",
            "System.Management.Automation.Runspaces.SessionStateProxy",
        ),
        ("System.Windows.Forms.Form, System.Windows.Forms", "System.Windows.Forms.Form"),
    ],
)
def test_names_that_only_net_knows_are_refused(name: str, shown: str) -> None:
    assert types.find(name) is None
    with pytest.raises(Unsupported, match=re.escape(f"type [{shown}] is not supported")):
        types.refuse_type(name)


@pytest.mark.parametrize(
    "name",
    [
        "No.Such",
        "System.NoSuch",
        "System.Collections.Generic.List",
        "System.Collections.Generic.List[int,int]",
        "PipeStream",
        "List[int]",
    ],
)
def test_names_that_nobody_knows_are_not_refused(name: str) -> None:
    types.refuse_type(name)


def test_namespaces_of_using() -> None:
    with pytest.raises(Unsupported, match=re.escape("type [System.IO.Pipes.PipeStream]")):
        types.refuse_type("PipeStream", ("System.IO.Pipes",))
    found = types.find_in("List[StringBuilder]", ("System.Text", "System.Collections.Generic"))
    assert found is types.find("System.Collections.Generic.List[System.Text.StringBuilder]")


@pytest.mark.parametrize(
    ("name", "member", "number"),
    [
        ("System.ConsoleColor", "Red", 12),
        ("System.Net.HttpStatusCode", "NotFound", 404),
        ("System.IO.FileShare", "ReadWrite", 3),
        ("System.Globalization.CompareOptions", "NumericOrdering", 32),
        ("System.Security.AccessControl.FileSystemRights", "FullControl", 2032127),
    ],
)
def test_enums_of_the_class_library(name: str, member: str, number: int) -> None:
    assert types.get(name).enum_members[member] == number
    assert types.get("System.Security.AccessControl.AceFlags").underlying == "System.Byte"


def test_generic_forms_are_the_same_type() -> None:
    first = types.find("System.Collections.Generic.Dictionary[string, int]")
    second = types.find("Collections.Generic.Dictionary`2[[System.String],[System.Int32, mscorlib]]")
    assert first is second
    assert first is not None
    assert types.display(first) == "System.Collections.Generic.Dictionary[string,int]"
    assert types.type_to_string(first) == "System.Collections.Generic.Dictionary`2[System.String,System.Int32]"
    assert first.full_name.startswith("System.Collections.Generic.Dictionary`2[[System.String, System.Private.CoreLib,")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("System.Int16", "short"),
        ("System.Management.Automation.PSObject", "psobject"),
        ("System.Management.Automation.PSCustomObject", "PSCustomObject"),
        ("System.Object[]", "System.Object[]"),
        ("System.Single", "float"),
    ],
)
def test_display(name: str, shown: str) -> None:
    assert types.display(types.get(name)) == shown


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        ("System.Object", "int", True),
        ("System.ValueType", "int", True),
        ("System.IComparable", "string", True),
        ("System.Collections.IEnumerable", "System.Collections.Generic.List[int]", True),
        ("System.Collections.Generic.IEnumerable[int]", "System.Collections.Generic.List[int]", True),
        ("System.Collections.Generic.IEnumerable[object]", "System.Collections.Generic.List[string]", True),
        ("System.Collections.Generic.IEnumerable[object]", "System.Collections.Generic.List[int]", False),
        ("System.Collections.Generic.IList[string]", "string[]", True),
        ("System.Object[]", "string[]", True),
        ("System.Object[]", "int[]", False),
        ("System.Collections.IDictionary", "ordered", True),
        ("System.ArgumentException", "System.ArgumentNullException", True),
        ("System.ArgumentNullException", "System.ArgumentException", False),
        ("System.Enum", "System.DayOfWeek", True),
    ],
)
def test_assignability(wanted: str, given: str, fits: bool) -> None:
    assert types.get(wanted).is_assignable_from(types.get(given)) is fits


def test_types_of_values() -> None:
    assert types.of(1) is types.INT
    assert types.of(True) is types.BOOL
    assert types.of(Int64(1)).full_name == "System.Int64"
    assert types.of(Array([1])) is types.OBJECT_ARRAY
    assert types.of(Array([1], types.INT)).full_name == "System.Int32[]"
    assert types.of(PSObject("x")) is types.STRING
    assert types.of(PSCustomObject()).full_name == "System.Management.Automation.PSCustomObject"
    assert types.of(types.INT).full_name == "System.RuntimeType"


def test_enums() -> None:
    monday = types.enum("System.DayOfWeek", "monday")
    assert monday == EnumValue(types.get("System.DayOfWeek"), 1)
    assert types.enum_text(monday) == "Monday"
    attributes = types.get("System.IO.FileAttributes")
    both = types.parse_enum(attributes, "Hidden, readonly")
    assert both == 3
    assert types.enum_text(EnumValue(attributes, 3)) == "ReadOnly, Hidden"
    assert types.enum_text(EnumValue(types.get("System.DayOfWeek"), 99)) == "99"
    assert types.parse_enum(attributes, "Hidden", ignore_case=False) == 2
    assert types.parse_enum(attributes, "hidden", ignore_case=False) is None
    with pytest.raises(KeyError):
        types.enum("System.DayOfWeek", "Someday")


def test_exception_types() -> None:
    found = types.exception_type("System.Management.Automation.ItemNotFoundException")
    assert [t.name for t in found.hierarchy()][:3] == [
        "ItemNotFoundException", "SessionStateException", "RuntimeException",
    ]  # fmt: skip
    assert types.exception_type("Made.Up.Exception").base is types.get("System.Exception")
