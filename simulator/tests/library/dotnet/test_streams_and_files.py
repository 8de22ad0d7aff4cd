# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.engine.runspace import Runspace
from hvsim.engine.sample_machine import sample_machine
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert


@pytest.fixture
def on_disk() -> Any:
    """As ``texts``, on a machine with a disk."""

    def run(script: str) -> list[str]:
        runspace = Runspace(sample_machine())
        result = runspace.run(script)
        lines = [convert.to_string(runspace.ctx, v) for v in result.output]
        return lines + [f"{e.fully_qualified_error_id}: {e.message}" for e in result.errors]

    return run


def test_memory_streams(texts: Any) -> None:
    script = """$m = [IO.MemoryStream]::new(); $m.Write([byte[]](1, 2, 3), 0, 3); $m.Length; $null = $m.Seek(1, 'Begin'); $m.ReadByte()
    $m.ToArray() -join ','; $m.Dispose(); $m.WriteByte(1)"""
    assert texts(script) == [
        "3", "2", "1,2,3",
        'ObjectDisposedException: Exception calling "WriteByte" with "1" argument(s): "Cannot access a closed Stream."',
    ]  # fmt: skip


def test_gzip_round_trip(texts: Any) -> None:
    script = """$m = [IO.MemoryStream]::new(); $z = [IO.Compression.GZipStream]::new($m, [IO.Compression.CompressionMode]::Compress)
    $b = [Text.Encoding]::UTF8.GetBytes('hello' * 50); $z.Write($b, 0, $b.Length); $z.Close(); $packed = $m.ToArray(); $packed.Count -lt 60
    $r = [IO.StreamReader]::new([IO.Compression.GZipStream]::new([IO.MemoryStream]::new($packed), [IO.Compression.CompressionMode]::Decompress)); $r.ReadToEnd().Length"""
    assert texts(script) == ["True", "250"]


def test_readers_and_writers(texts: Any) -> None:
    script = """$w = [IO.StringWriter]::new(); $w.WriteLine('a'); $w.Write('{0}-{1}', 'b', 'c'); "$w"
    $r = [IO.StringReader]::new("x`r`ny"); $r.ReadLine(); $r.ReadToEnd(); $null -eq $r.ReadLine()"""
    assert texts(script) == ["a\nb-c", "x", "y", "True"]


def test_binary(texts: Any) -> None:
    script = """$m = [IO.MemoryStream]::new(); $w = [IO.BinaryWriter]::new($m); $w.Write([int]258); $w.Write('hé'); $w.Flush()
    $m.ToArray() -join ','; $m.Position = 0; $r = [IO.BinaryReader]::new($m); $r.ReadInt32(); $r.ReadString(); $r.ReadByte()"""
    assert texts(script) == [
        "2,1,0,0,3,104,195,169", "258", "hé",
        'EndOfStreamException: Exception calling "ReadByte" with "0" argument(s): "Unable to read beyond the end of the stream."',
    ]  # fmt: skip


def test_encodings(texts: Any) -> None:
    script = """[Text.Encoding]::UTF8.GetBytes('aé') -join ' '; [Text.Encoding]::Unicode.GetString([byte[]](97, 0)); [Text.Encoding]::GetEncoding('iso-8859-1').WebName
    [Text.Encoding]::UTF8.GetBytes([string][char]0xD83D) -join ' '; [Text.Encoding]::GetEncoding('nope')"""
    out = texts(script)
    assert out[:4] == ["97 195 169", "a", "iso-8859-1", "239 191 189"]
    assert "'nope' is not a supported encoding name." in out[4]


def test_files(on_disk: Any) -> None:
    script = """[IO.File]::WriteAllText('/tmp/f', "a`nb"); [IO.File]::ReadAllLines('/tmp/f') -join '|'; [IO.File]::AppendAllText('/tmp/f', 'c')
    [IO.File]::ReadAllText('/tmp/f'); [IO.File]::Exists('/tmp/f'); [IO.File]::Move('/tmp/f', '/tmp/g'); [IO.Directory]::GetFiles('/tmp') -join ','
    [IO.File]::Delete('/tmp/g'); [IO.File]::Delete('/tmp/g'); [IO.File]::ReadAllText('/tmp/g')"""
    assert on_disk(script) == [
        "a|b", "a\nbc", "True", "/tmp/g",
        'FileNotFoundException: Exception calling "ReadAllText" with "1" argument(s): "Could not find file \'/tmp/g\'."',
    ]  # fmt: skip


def test_file_stream(on_disk: Any) -> None:
    script = """$s = [IO.File]::Open('/tmp/x', 'Create'); $s.WriteByte(65); $s.Dispose(); [IO.File]::ReadAllText('/tmp/x')
    $s = [IO.FileStream]::new('/tmp/x', 'Append'); $s.WriteByte(66); $s.Close(); [IO.File]::ReadAllText('/tmp/x'); [IO.File]::Open('/tmp/x', 'CreateNew')"""
    assert on_disk(script) == [
        "A", "AB",
        'IOException: Exception calling "Open" with "2" argument(s): "The file \'/tmp/x\' already exists."',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Combine('a', 'b', 'c')", "a/b/c"),
        ("Combine('a', '/b')", "/b"),
        ("Join('a', '/b')", "a/b"),
        ("GetFileName('/x/y.txt')", "y.txt"),
        ("GetFileNameWithoutExtension('/x/y.tar.gz')", "y.tar"),
        ("GetExtension('a.b')", ".b"),
        ("ChangeExtension('a.b', 'c')", "a.c"),
        ("GetDirectoryName('/x/y/z')", "/x/y"),
        ("GetFullPath('/x/../y/./z')", "/y/z"),
        ("GetRelativePath('/a/b', '/a/c/d')", "../c/d"),
        ("IsPathRooted('x')", "False"),
    ],
)
def test_paths(texts: Any, call: str, expected: str) -> None:
    assert texts(f"[IO.Path]::{call}") == [expected]


def test_replace_keeps_the_old_file_as_a_backup(on_disk: Any) -> None:
    script = """$new = '/tmp/n'; $old = '/tmp/o'
    [IO.File]::WriteAllText($new, 'new'); [IO.File]::WriteAllText($old, 'old')
    [IO.File]::Replace($new, $old, "$old.bak")
    [IO.File]::ReadAllText($old); [IO.File]::ReadAllText("$old.bak"); [IO.File]::Exists($new)
    [IO.File]::WriteAllText($new, 'newer')
    [IO.File]::Replace($new, $old, [NullString]::Value)
    [IO.File]::ReadAllText($old); [IO.File]::ReadAllText("$old.bak")"""
    assert on_disk(script) == ["new", "old", "False", "newer", "old"]


def test_replace_needs_both_files(on_disk: Any) -> None:
    """And a backup that is $null for PowerShell is an empty text for .NET, which is no path."""
    script = """$n = '/tmp/only'; [IO.File]::WriteAllText($n, 'x'); [IO.File]::WriteAllText("$n.2", 'y')
    try { [IO.File]::Replace($n, "$n.missing", [NullString]::Value) } catch { $_.FullyQualifiedErrorId }
    try { [IO.File]::Replace($n, "$n.2", $null) } catch { $_.FullyQualifiedErrorId }
    [IO.File]::ReadAllText($n)"""
    assert on_disk(script) == ["FileNotFoundException", "ArgumentException", "x"]


def test_reading_what_another_process_writes_to() -> None:
    """The sharing modes of CreateFile: a reader that does not share writing is refused, one that does reads what is there."""
    machine = sample_machine()
    machine.files.write_bytes("/tmp/app.log", b"abc", create_parents=True)
    machine.files.hold("/tmp/app.log", "writing")
    script = r"""
    function Try-It([scriptblock] $Block) { try { & $Block } catch { $_.Exception.GetBaseException().GetType().Name } }
    $log = '/tmp/app.log'
    Try-It { [IO.File]::OpenRead($log) }
    Try-It { [IO.File]::ReadAllText($log) }
    Try-It { [IO.FileStream]::new($log, 'Open', 'Read') }
    Try-It { [IO.FileStream]::new($log, 'Open', 'Read', 'Read') }
    Try-It { [IO.File]::Open($log, 'Open', 'Read', 'Delete') }
    Try-It { (Get-FileHash $log -ErrorAction Stop).Hash.Length }
    $stream = [IO.FileStream]::new($log, [IO.FileMode]::Open, [IO.FileAccess]::Read, ([IO.FileShare]::ReadWrite -bor [IO.FileShare]::Delete))
    (Get-FileHash -InputStream $stream -Algorithm MD5).Hash
    $stream.Position
    Get-Content $log
    """
    runspace = Runspace(machine)
    result = runspace.run(script)
    assert [convert.to_string(runspace.ctx, value) for value in result.output] == [
        *["IOException"] * 6,
        "900150983CD24FB0D6963F7D28E17F72",
        "3",
        "abc",
    ]


@pytest.mark.parametrize("name", ["1252", "'IBM437'", "'windows-1252'"])
def test_code_pages_are_refused_by_name(shell: Any, name: str) -> None:
    with pytest.raises(Unsupported, match="encoding"):
        shell.out(f"[Text.Encoding]::GetEncoding({name})")
