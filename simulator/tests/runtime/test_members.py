# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported
from hvsim.runtime import conversion_ranks as ranks
from hvsim.runtime import members, objects, types
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.values import AUTOMATION_NULL, Array, Byte, Decimal, Int64


def chosen(type_name: str, name: str, *arguments: Any, static: bool = False) -> str:
    group = members.find_method(types.get(type_name), name, static=static)
    assert group is not None
    return members.choose(group, list(arguments)).overload.text.partition(" -> ")[0]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Max", (1, 2), "(int, int)"),
        ("Max", (1, Int64(2)), "(int, int)"),
        ("Max", (1.5, 2), "(double, double)"),
        ("Max", (Byte(1), Byte(2)), "(byte, byte)"),
        ("Max", ("1", "2"), "(double, double)"),
        ("Abs", (Decimal("1.5"),), "(decimal)"),
        ("Round", (2.5, 1), "(double, int)"),
    ],
)
def test_choice_among_numbers(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    assert chosen("System.Math", name, *arguments, static=True) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "expected", "static"),
    [
        ("Split", (",",), "(string, System.StringSplitOptions optional)", False),
        ("Format", ("{0}", 1), "(string, System.Object)", True),
        ("Format", ("{0}", 1, 2, 3, 4), "(string, params System.Object[])", True),
        ("Join", ("-", Array(["a"])), "(string, params System.Object[])", True),
        ("Join", ("-", Array(["a"], types.STRING)), "(string, params string[])", True),
        ("Compare", ("a", "b", "Ordinal"), "(string, string, bool)", True),
    ],
)
def test_choice_among_texts(name: str, arguments: tuple[Any, ...], expected: str, static: bool) -> None:
    assert chosen("System.String", name, *arguments, static=static) == expected


def test_no_overload_fits() -> None:
    with pytest.raises(PSError) as caught:
        chosen("System.String", "Substring", 1, 2, 3)
    assert caught.value.record is not None
    assert caught.value.record.error_id == "MethodCountCouldNotFindBest"
    assert caught.value.exception.message == 'Cannot find an overload for "Substring" and the argument count: "3".'


def test_ranks() -> None:
    rank = ranks.conversion_rank
    assert rank(types.INT, types.INT) == ranks.IDENTITY
    assert rank(types.INT, types.OBJECT) == ranks.ASSIGNABLE
    assert rank(types.INT, types.DOUBLE) == ranks.NUMERIC_IMPLICIT
    assert rank(types.DOUBLE, types.INT) == ranks.NUMERIC_EXPLICIT
    assert rank(types.STRING, types.get("char[]")) == ranks.STRING_TO_CHAR_ARRAY
    assert rank(types.STRING, types.get("System.Collections.IDictionary")) == ranks.NONE
    assert rank(types.STRING, types.get("string[]")) == ranks.IDENTITY & ranks.VALUE_DEPENDENT
    assert rank(None, types.get("System.DateTime")) == ranks.NONE
    assert rank(None, types.get("System.Version")) == ranks.NULL_TO_REF


@members.method("Test.Widget", "Take", overloads=["(int) -> void", "(string, params int[]) -> string"])
def _take(self: Any, *args: Any) -> Any:
    if isinstance(args[0], str):
        return f"{args[0]}:{','.join(str(i) for i in args[1])}"
    return None


@members.method("Test.Widget", "Fail", overloads=["(int) -> int"])
def _fail(self: Any, number: int) -> int:
    raise net_error("System.FormatException", "bad")


@types.net_class("Test.Widget")
class Widget(objects.NetObject):
    __slots__ = ()
    NET = "Test.Widget"


def test_params_are_collected_and_converted() -> None:
    assert objects.invoke_member(None, Widget(), "take", ["x", "1", 2.0]) == "x:1,2"
    assert objects.invoke_member(None, Widget(), "take", ["x"]) == "x:"
    assert objects.invoke_member(None, Widget(), "take", [1]) is AUTOMATION_NULL


def test_what_a_method_throws_is_wrapped() -> None:
    with pytest.raises(PSError) as caught:
        objects.invoke_member(None, Widget(), "fail", [1])
    assert caught.value.exception.kind == "System.Management.Automation.MethodInvocationException"
    assert caught.value.exception.message == 'Exception calling "Fail" with "1" argument(s): "bad"'
    assert caught.value.record is not None
    assert caught.value.record.error_id == "FormatException"


def test_an_argument_that_does_not_convert() -> None:
    with pytest.raises(PSError) as caught:
        objects.invoke_member(None, Widget(), "Fail", ["x"])
    assert caught.value.record is not None
    assert caught.value.record.error_id == "MethodArgumentConversionInvalidCastArgument"
    assert 'with value: "x", for "Fail" to type "System.Int32"' in caught.value.exception.message


def test_members_nobody_implemented_are_refused_by_name() -> None:
    with pytest.raises(Unsupported, match="method array::CreateInstanceFromArrayType"):
        objects.invoke_static(None, types.get("System.Array"), "CreateInstanceFromArrayType", [types.get("int[]"), 1])
    with pytest.raises(Unsupported, match=r"System\.Net\.Sockets\.TcpClient"):
        objects.construct(None, types.get("System.Net.Sockets.TcpClient"), [])


@pytest.mark.parametrize(
    ("script", "refused"),
    [
        ("[regex]::new('a').GetObjectData($null, $null)", "method regex.GetObjectData"),
        ("[Threading.Thread]::CurrentThread.Priority", "property System.Threading.Thread.Priority"),
        ("[Net.WebRequest]::Create('http://a')", "method System.Net.WebRequest::Create"),
        ("([xml]'<a/>').add_NodeChanged({})", "method xml.add_NodeChanged"),
    ],
)
def test_members_that_net_has_are_refused(script: str, refused: str) -> None:
    with pytest.raises(Unsupported, match=re.escape(f"{refused} is not supported")):
        Runspace().run(script)


@pytest.mark.parametrize(
    ("script", "error_id"),
    [
        ("[Net.WebUtility]::Foo()", "MethodNotFound"),
        ("[Timers.Timer]::Foo()", "MethodNotFound"),
        ("(5).Foo()", "MethodNotFound"),
    ],
)
def test_members_that_nobody_has_are_an_error(script: str, error_id: str) -> None:
    assert [e.fully_qualified_error_id for e in Runspace().run(script).errors] == [error_id]


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("[sbyte]::DivRem(5)", "method sbyte::DivRem with (int)"),
        ("[byte]::IsNegative(@{ a = 1 })", "method byte::IsNegative with (hashtable)"),
        ("([xml]'<a/>').SelectSingleNode([NullString]::Value)", "method xml.SelectSingleNode with (NullString)"),
    ],
)
def test_arguments_that_no_overload_vouches_for_are_refused(script: str, named: str) -> None:
    """They were Python errors."""
    from hvsim.engine.conformance import run_script

    with pytest.raises(Unsupported) as refusal:
        run_script(script)
    assert str(refusal.value).startswith(named)
