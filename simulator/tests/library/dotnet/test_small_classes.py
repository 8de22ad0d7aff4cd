# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.runtime.structs import SecureString


def test_string_builder(texts: Any) -> None:
    script = """$b = [Text.StringBuilder]::new('ab'); $null = $b.Append('c').Append(1.5).AppendLine().AppendFormat('{0:X2}', 10).Insert(0, '<').Replace('b', '_')
    "$b"; $b.Length; $b[0]; $b.Length = 3; "$b"; $null = $b.Remove(0, 9)"""
    out = texts(script)
    assert out[:4] == ["<a_c1.5\n0A", "10", "<", "<a_"]
    assert out[4].startswith("ArgumentOutOfRangeException: ")


def test_matches_and_groups(texts: Any) -> None:
    script = """$m = [regex]::Match('vm-web01', '(?<role>[a-z]+)(\\d+)'); $m.Value; $m.Groups['role'].Value; $m.Groups[1].Value; $m.Groups.Count
    [regex]::Replace('a1', '\\d', { "<$($args[0].Value)>" }); [regex]::Split('a1b', '(\\d)') -join '|'; $m.NextMatch().Success"""
    assert texts(script) == ["web01", "web", "01", "3", "a<1>", "a|1|b", "False"]


def test_hashes(texts: Any) -> None:
    script = """$b = [Text.Encoding]::ASCII.GetBytes('abc'); [BitConverter]::ToString([Security.Cryptography.MD5]::Create().ComputeHash($b)).Replace('-', '')
    [Security.Cryptography.SHA256]::Create().ComputeHash($b).Count; [Security.Cryptography.HMACSHA1]::new($b).ComputeHash($b).Count"""
    assert texts(script) == ["900150983CD24FB0D6963F7D28E17F72", "32", "20"]


def test_secrets_do_not_show() -> None:
    assert "secret" not in repr(SecureString("secret"))


@pytest.mark.parametrize(
    ("user", "name", "domain"),
    [("D\\u", "u", "D"), ("u@corp", "u", "corp"), ("u@corp.example", "u@corp.example", ""), ("u", "u", "")],
)
def test_user_names(texts: Any, user: str, name: str, domain: str) -> None:
    script = f"""$n = [pscredential]::new('{user}', [securestring]::new()).GetNetworkCredential(); "$($n.UserName)|$($n.Domain)" """
    assert texts(script) == [f"{name}|{domain}"]


def test_exceptions(texts: Any) -> None:
    script = """$e = [ArgumentNullException]::new('p'); $e.Message; $e.ParamName; [InvalidOperationException]::new('m', $e).GetBaseException().GetType().Name
    [Exception]::new().Message; [IO.IOException]::new('x').HResult"""
    assert texts(script) == [
        "Value cannot be null. (Parameter 'p')", "p", "ArgumentNullException",
        "Exception of type 'System.Exception' was thrown.", "-2146232800",
    ]  # fmt: skip


def test_addresses(texts: Any) -> None:
    script = "([ipaddress]'10.1').ToString(); [ipaddress]::Parse('::1').AddressFamily; [ipaddress]::IsLoopback('127.0.0.5'); [ipaddress]::Parse('1.2.3.256')"
    out = texts(script)
    assert out[:3] == ["10.0.0.1", "InterNetworkV6", "True"]
    assert (
        out[3]
        == 'FormatException: Exception calling "Parse" with "1" argument(s): "An invalid IP address was specified."'
    )


def test_environment(texts: Any) -> None:
    script = """[Environment]::SetEnvironmentVariable('HVSIM_T', 'v'); $env:HVSIM_T; [Environment]::ExpandEnvironmentVariables('a %HVSIM_T% %NOPE% 100%')
    [Environment]::SetEnvironmentVariable('HVSIM_T', [NullString]::Value); $null -eq $env:HVSIM_T"""
    assert texts(script) == ["v", "a v %NOPE% 100%", "True"]


def test_reflection(texts: Any) -> None:
    script = """[int].FullName; [int].BaseType.Name; [Collections.Generic.List[int]].GetGenericArguments()[0].Name; [enum]::GetNames([DayOfWeek]).Count
    [IDisposable].IsInterface; [string].IsAssignableFrom([int]); [activator]::CreateInstance([version], 1, 2).ToString(); 'a'.GetType().GetMethod('Trim', [type[]]@()).Invoke(' x ', $null)"""
    assert texts(script) == ["System.Int32", "ValueType", "Int32", "7", "True", "False", "1.2", "x"]


def test_views_of_an_object(texts: Any) -> None:
    script = """$o = [pscustomobject]@{ a = 1 }; $o.PSObject.Properties.Add([psnoteproperty]::new('b', 2)); $o.PSObject.Properties.Name -join ','
    $o.PSObject.Properties['A'].Value = 5; $o.a; $o.PSObject.Properties.Remove('b'); $o.PSObject.Properties.Match('*').Count; 'x'.PSObject.BaseObject.Length"""
    assert texts(script) == ["a,b", "5", "1", "1"]


def test_seeded_random_numbers_are_those_of_dotnet(texts: Any) -> None:
    # Published first values of new Random(0) and new Random(42).
    assert texts("[Random]::new(0).Next(); [Random]::new(42).Next()") == ["1559595546", "1434747710"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("[enum]::GetNames[DayOfWeek]() -join ','", ["Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday"]),
        (
            "[enum]::GetValues[DayOfWeek]()[1]; [enum]::GetName[DayOfWeek](1); [enum]::GetName([DayOfWeek]2)",
            ["Monday", "Monday", "Tuesday"],
        ),
        ("[enum]::IsDefined([IO.FileAttributes]3); [enum]::IsDefined([IO.FileAttributes]1)", ["False", "True"]),
        ("[enum]::Parse[DayOfWeek]('monday', $true); [enum]::Parse([DayOfWeek], 'Sunday')", ["Monday", "Sunday"]),
        ("[DayOfWeek]$d = 0; [enum]::TryParse[DayOfWeek]('friday', $true, [ref]$d); $d", ["True", "Friday"]),
        ("[array]::Empty[int]().GetType().Name", ["Int32[]"]),
        (
            "[enum]::GetName(1)",
            ['MethodCountCouldNotFindBest: Cannot find an overload for "GetName" and the argument count: "1".'],
        ),
        (
            "[array]::Empty[string, int]()",
            [
                "MethodCountCouldNotFindBestGeneric: Could not find a suitable generic method overload for "
                '"Empty" with "2" type parameters, and the argument count: "0".'
            ],
        ),
    ],
)
def test_generic_methods(texts: Any, script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[AggregateException]::new('several', [Exception[]]@($null))", "An element of innerExceptions was null."),
        (
            "[ipaddress](1, 'x', $null)",
            'Cannot convert the "System.Object[]" value of type "System.Object[]" to type "System.Net.IPAddress".',
        ),
    ],
)
def test_nulls_among_arguments(texts: Any, script: str, message: str) -> None:
    assert message in texts(script)[0]
    assert texts('"$([ipaddress][byte[]](10, 0, 0, 7))"') == ["10.0.0.7"]


def test_io_exception_takes_a_number_for_hresult(shell: Any) -> None:
    assert shell.out("$e = [System.IO.IOException]::new('io', 5); $e.HResult; $e.Message") == [5, "io"]
    assert shell.out("[System.IO.IOException]::new('a', [Exception]::new('b')).InnerException.Message") == ["b"]
    assert shell.out("[System.Management.Automation.CommandNotFoundException]::new('m').CommandName") == [""]
