# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of files: the same bytes as a plain ``bytearray`` would hold, in bounded memory however large they are."""

from __future__ import annotations

import hashlib
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hvsim.hyperv.content import INLINE_LIMIT, PAGE, STORE, Content, ContentBuffer
from hvsim.hyperv.file_errors import AccessToPathDenied
from hvsim.hyperv.files import FileAttributes, VirtualFileSystem

SIZES = (0, 1, PAGE - 1, PAGE, PAGE + 1, INLINE_LIMIT - 1, INLINE_LIMIT, INLINE_LIMIT + 1, INLINE_LIMIT + PAGE + 5)


def random_bytes(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", SIZES)
def test_holds_what_it_was_made_of(size: int) -> None:
    data = random_bytes(size)
    content = Content.of(data)
    assert (content.size, content.joined()) == (size, data)
    assert b"".join(content.chunks()) == data
    assert content.digest("sha256") == hashlib.sha256(data).hexdigest()
    assert content.read(size - 1 if size else 0, 10) == data[-1:]
    assert content.read(size + 5, 10) == b""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chunk", [1000, PAGE, INLINE_LIMIT + 3])
def test_is_collected_from_chunks(size: int, chunk: int) -> None:
    data = random_bytes(size)
    content = Content.collected(data[start : start + chunk] for start in range(0, size, chunk))
    assert (content.size, content.joined(), content.read(max(0, size - 3), 9)) == (size, data, data[-3:])


@given(
    start=st.sampled_from(SIZES),
    changes=st.lists(
        st.tuples(
            st.sampled_from(["write", "cut"]),
            st.integers(0, INLINE_LIMIT + 3 * PAGE),
            st.sampled_from([0, 1, 7, PAGE, PAGE + 3, INLINE_LIMIT]),
        ),
        max_size=5,
    ),
)
@settings(max_examples=60, deadline=None)
def test_changes_like_a_bytearray(start: int, changes: list[tuple[str, int, int]]) -> None:
    plain = bytearray(random_bytes(start))
    content = Content.of(bytes(plain))
    for number, (what, place, length) in enumerate(changes):
        before, kept = content, bytes(plain)
        if what == "cut":
            del plain[place:]
            plain.extend(b"\0" * (place - len(plain)))
            content = content.cut(place)
        else:
            piece = random_bytes(length, number)
            if piece:
                plain.extend(b"\0" * (place - len(plain)))
                plain[place : place + length] = piece
            content = content.written(place, piece)
        assert content.joined() == bytes(plain)
        assert before.joined() == kept, "contents are values"


def test_generated_contents_repeat_and_differ() -> None:
    for size in (10, INLINE_LIMIT + 100):
        one = Content.generated(size, "a")
        assert one.size == size
        assert one.joined() == Content.generated(size, "a").joined() != Content.generated(size, "b").joined()


def test_a_gibibyte_takes_no_memory_and_equal_pages_take_room_once() -> None:
    piece = random_bytes(4 * PAGE)
    tracemalloc.start()
    try:
        files = VirtualFileSystem()
        before = STORE.pages_in_use
        files.write_bytes("C:\\big", b"")
        buffer = ContentBuffer(files.content("C:\\big"))
        for _ in range(1024**3 // len(piece)):
            buffer.extend(piece)
        files.write_content("C:\\big", buffer.content)
        files.copy("C:\\big", "C:\\copy")
        assert files.stat("C:\\copy").size == 1024**3
        assert STORE.pages_in_use - before <= 4
        assert files.content("C:\\copy").read(1024**3 - 3, 9) == piece[-3:]
        assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_room_in_the_temporary_file_is_used_again() -> None:
    before = STORE.pages_in_use
    content = Content.of(random_bytes(INLINE_LIMIT + 1, 77))
    assert STORE.pages_in_use == before + 5
    del content
    assert STORE.pages_in_use == before


def test_files_append_and_keep_their_rules() -> None:
    files = VirtualFileSystem()
    for piece in (b"a" * INLINE_LIMIT, b"b", b""):
        files.write_bytes("C:\\f", piece, append=True)
    assert files.read_bytes("C:\\f") == b"a" * INLINE_LIMIT + b"b"
    assert files.digest("C:\\f", "md5") == hashlib.md5(b"a" * INLINE_LIMIT + b"b").hexdigest()
    kept = files.content("C:\\f")
    files.set_attributes("C:\\f", FileAttributes.READ_ONLY)
    with pytest.raises(AccessToPathDenied):
        files.write_content("C:\\f", Content())
    files.write_content("C:\\f", Content(), force=True)
    assert files.stat("C:\\f").size == 0
    assert kept.size == INLINE_LIMIT + 1
