# SPDX-License-Identifier: GPL-3.0-or-later
"""``Guid``, ``Version``, ``SemanticVersion``, ``Uri``, ``UriBuilder``, cultures."""

from __future__ import annotations

import pytest
from tests.library.dotnet.conftest import Texts

from hvsim.engine.runspace import Runspace
from hvsim.lang.errors import Unsupported

ID = "6c09bb55-d683-4da0-8931-c9bf705f6480"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"[guid]::Parse('{{{ID.upper()}}}').ToString('N')", [ID.replace("-", "")]),
        (f"$g = [guid]'{ID}'; $g -eq '{ID.upper()}'; $g.ToByteArray()[0]", ["True", "85"]),
        ("[guid]::new([byte[]](1..16))", ["04030201-0605-0807-090a-0b0c0d0e0f10"]),
        ("[guid]::Empty; [guid]::NewGuid() -ne [guid]::NewGuid()", ["00000000-0000-0000-0000-000000000000", "True"]),
        (
            f"$g = [guid]::Empty; [guid]::TryParse('x', [ref] $g); [guid]::TryParse('{ID}', [ref] $g); $g",
            ["False", "True", ID],
        ),
        (
            "$v = [version]'1.2.3'; $v.Build; $v.Revision; $v.ToString(2); $v.CompareTo([version]'1.2.4')",
            ["3", "-1", "1.2", "-1"],
        ),
        ("[version]::new(1, 2) -lt [version]'1.2.0'; [version]::Parse('1.2.3.4').MinorRevision", ["True", "4"]),
        (
            "[semver]'1.2.3-beta.2' -lt [semver]'1.2.3'; [semver]'1.2' ; ([semver]'1.2.3-rc1+b').PreReleaseLabel",
            ["True", "1.2.0", "rc1"],
        ),
        ("[semver]'1.0.0-alpha.9' -lt [semver]'1.0.0-alpha.10'", ["True"]),
        (
            "$u = [uri]'HTTP://Host.EXAMPLE:80/a/../b%20c?q=1#f'; \"$u\"; $u.AbsoluteUri; $u.Port; $u.PathAndQuery; $u.Fragment",
            ["http://host.example/b c?q=1#f", "http://host.example/b%20c?q=1#f", "80", "/b%20c?q=1", "#f"],
        ),
        ("[uri]::new([uri]'http://h/dir/x', '../y').AbsoluteUri; ([uri]'a/b').IsAbsoluteUri", ["http://h/y", "False"]),
        ("([uri]'http://h/a/b').Segments -join '|'; ([uri]'http://u:p@h/').UserInfo", ["/|a/|b", "u:p"]),
        ("[uri]::EscapeDataString('a b/ä'); [uri]::UnescapeDataString('a%20b%2F')", ["a%20b%2F%C3%A4", "a b/"]),
        ("$r = $null; [uri]::TryCreate('nope', 'Absolute', [ref] $r); $null -eq $r", ["False", "True"]),
        (
            "$b = [UriBuilder]::new('http://h/'); $b.Port = 8080; $b.Path = 'x y'; $b.Query = 'q=1'; $b.Uri.AbsoluteUri",
            ["http://h:8080/x%20y?q=1"],
        ),
        (
            "$c = [cultureinfo]'de-DE'; $c.LCID; $c.Parent.Name; $c.NumberFormat.NumberDecimalSeparator",
            ["1031", "de", ","],
        ),
        (
            "$c = [cultureinfo]'de-DE'; $c.DateTimeFormat.GetDayName(1); $c.TextInfo.ToTitleCase('ein WORT text')",
            ["Montag", "Ein WORT Text"],
        ),
        ("[cultureinfo]::InvariantCulture.Name -eq ''; [cultureinfo]::CurrentCulture", ["True", "en-US"]),
    ],
)
def test_identifier(script: str, expected: list[str], texts: Texts) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("[guid]::Parse('x')", "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)."),
        ("[version]::Parse('1')", "Version string portion was too short or too long. (Parameter 'input')"),
        ("[uri]::new('x')", "Invalid URI: The format of the URI could not be determined."),
        ("[cultureinfo]::InvariantCulture.NumberFormat.NumberDecimalSeparator = ','", "Instance is read-only."),
    ],
)
def test_failure(script: str, message: str, texts: Texts) -> None:
    (line,) = texts(script)
    assert line.endswith(f'"{message}"')


def test_unknown_culture_is_refused() -> None:
    with pytest.raises(Unsupported, match="culture es-ES"):
        Runspace().run("[cultureinfo]'es-ES'")
