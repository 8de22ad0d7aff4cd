# SPDX-License-Identifier: GPL-3.0-or-later
"""``String.Split`` and the cutting of text that it shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.library.dotnet.strings import WHITE, WHITE_SET
from hvsim.library.dotnet.support import (
    enum_number,
    negative,
    string_array,
)
from hvsim.runtime.members import method
from hvsim.runtime.values import Array, Char, EnumValue

_STRING = "System.String"



# --- Split --------------------------------------------------------------------------------------------------------------


def _separators(value: Any) -> list[str] | None:
    """Separator texts; None means white space."""
    if value is None:
        return None
    if type(value) is Char:
        return [value.text]
    if type(value) is str:
        return [value]
    texts = [c.text if type(c) is Char else c for c in value]
    return [t for t in texts if t] if texts else None


@method(_STRING, "Split")
def _split(self: str, separator: Any = None, *rest: Any) -> Array:
    count, options = -1, 0
    for argument in rest:
        if type(argument) is EnumValue:
            options = enum_number(argument)
        else:
            count = int(argument)
            if count < 0:
                raise negative(count, "count")
    separators = _separators(separator)
    return string_array(split_text(self, separators, count, options))


def _cuts(text: str, separators: list[str] | None) -> Iterable[tuple[int, int]]:
    if separators is None:
        for index, char in enumerate(text):
            if char in WHITE_SET:
                yield index, index + 1
        return
    if len(separators) == 1:
        single = separators[0]
        position = text.find(single) if single else -1
        while position >= 0:
            yield position, position + len(single)
            position = text.find(single, position + len(single))
        return
    index = 0
    firsts = {s[0] for s in separators if s}
    while index < len(text):
        if text[index] in firsts:
            found = next((s for s in separators if text.startswith(s, index)), None)
            if found is not None:
                yield index, index + len(found)
                index += len(found)
                continue
        index += 1


def split_text(text: str, separators: list[str] | None, count: int = -1, options: int = 0) -> list[str]:
    """``Split``: *count* limits the pieces (-1: no limit); options 1 RemoveEmptyEntries, 2 TrimEntries."""
    remove, trim = bool(options & 1), bool(options & 2)

    def clean(piece: str) -> str:
        return piece.strip(WHITE) if trim else piece

    if count == 0:
        return []
    if count == 1 or (remove and not text):
        piece = clean(text)
        return [] if remove and not piece else [piece]
    out: list[str] = []
    position = 0
    cuts = iter(list(_cuts(text, separators)))
    for start, end in cuts:
        piece = clean(text[position:start])
        position = end
        if piece or not remove:
            out.append(piece)
        if count > 0 and len(out) == count - 1:
            if remove:
                for following, after in cuts:
                    if clean(text[position:following]):
                        break
                    position = after
            break
    last = clean(text[position:])
    if last or not remove:
        out.append(last)
    return out

