# SPDX-License-Identifier: GPL-3.0-or-later
"""Translation of .NET's regular expression syntax to that of the ``regex`` package."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from hvsim.runtime.errors import PSError, Unsupported
from hvsim.runtime.regex_escapes import escaped_char, parse_error

__all__ = ["Translated", "translate"]

_QUANTIFIER: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_WORD: Final = re.compile(r"\w+")
_INLINE: Final = re.compile(r"([imnsx]*)(?:-([imnsx]*))?([:)])", re.IGNORECASE)
_OPTION_BITS: Final = {"i": 1, "m": 2, "n": 4, "s": 16, "x": 32}
_CATEGORIES: Final = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    ]
)


@dataclass
class Translated:
    """*text* for the ``regex`` package; groups are named ``_N`` after their .NET numbers."""

    text: str
    names: dict[str, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)


def translate(pattern: str, options: int, edition: str = "7") -> Translated:
    """*pattern* under *options* (``RegexOptions``).

    Raises:
        PSError: ``RegexParseException``.
        Unsupported: balancing groups and right-to-left matching.
    """
    if options & 64:
        raise Unsupported("RegexOptions.RightToLeft")
    translator = _Translator(pattern, options, edition)
    translator.number_groups()
    return translator.run()


@dataclass
class _Frame:
    """An open group: options to restore at its end, and whether an inline option opened a scope in it."""

    options: int
    scoped: str = ""


class _Translator:
    def __init__(self, pattern: str, options: int, edition: str) -> None:
        self.pattern = pattern
        self.options = options
        self.initial = options
        self.edition = edition
        self.at = 0
        self.out: list[str] = []
        self.names: dict[str, int] = {}
        self.numbers: list[int] = []
        self.frames: list[_Frame] = [_Frame(options)]
        self.unnamed = 0
        self.quantifiable = False

    def fail(self, reason: str, offset: int | None = None) -> PSError:
        return parse_error(self.pattern, self.at if offset is None else offset, reason, self.edition)

    # -- numbering -----------------------------------------------------------------------------------------------------

    def number_groups(self) -> None:
        """.NET numbers unnamed groups from the left, then the named ones; numbers given as names are kept."""
        unnamed = 0
        explicit: list[int] = []
        named: list[str] = []
        stack: list[int] = [self.options]
        i, text = 0, self.pattern
        options = self.options
        while i < len(text):
            char = text[i]
            if char == "\\":
                i += 2
                continue
            if char == "[":
                i = _skip_class(text, i)
                continue
            if char == "#" and options & 32:
                end = text.find("\n", i)
                i = len(text) if end < 0 else end
                continue
            if char == "(":
                stack.append(options)
                rest = text[i + 1 : i + 3]
                condition = re.compile(r"\(\?\(\w+\)").match(text, i)
                if condition:
                    i = condition.end()
                    continue
                if not rest.startswith("?"):
                    if not options & 4:
                        unnamed += 1
                elif rest in ("?<", "?'") and text[i + 3 : i + 4] not in ("=", "!"):
                    found = _WORD.match(text, i + 3)
                    if found:
                        name = found[0]
                        if name.isascii() and name.isdigit():
                            explicit.append(int(name))
                        elif name not in named:
                            named.append(name)
                elif text.startswith("(?#", i):
                    end = text.find(")", i)
                    stack.pop()
                    i = len(text) if end < 0 else end + 1
                    continue
                else:
                    inline = _INLINE.match(text, i + 2)
                    if inline:
                        options = _apply(options, inline)
                        if inline[3] == ")":
                            stack.pop()
                            i = inline.end()
                            continue
            elif char == ")" and len(stack) > 1:
                options = stack.pop()
            i += 1
        self._number_named(unnamed, explicit, named)

    def _number_named(self, unnamed: int, explicit: list[int], named: list[str]) -> None:
        used = set(range(1, unnamed + 1)) | set(explicit)
        following = unnamed + 1
        for name in named:
            while following in used:
                following += 1
            self.names[name] = following
            used.add(following)
        self.numbers = [0, *sorted(used)]

    # -- translation ---------------------------------------------------------------------------------------------------

    def run(self) -> Translated:
        text = self.pattern
        self.out.append(self._flags(self.initial))
        while self.at < len(text):
            self._one(text[self.at])
        if len(self.frames) > 1:
            raise self.fail("Not enough )'s.")
        self._close_scope(self.frames[-1])
        return Translated("".join(self.out) + ")", self.names, self.numbers)

    @staticmethod
    def _flags(options: int) -> str:
        on = "".join(c for c in "ims" if options & _OPTION_BITS[c])
        return f"(?{on}:" if on else "(?:"

    def _one(self, char: str) -> None:
        text = self.pattern
        if self.options & 32 and (char.isspace() or char == "#"):
            if char == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end + 1
            else:
                self.at += 1
            return
        if char == "\\":
            self._escape()
        elif char == "[":
            self._class()
        elif char == "(":
            self._open()
        elif char == ")":
            self._close()
        elif char == "|":
            scope = self.frames[-1].scoped
            self.out.append(f"{')' if scope else ''}|{scope}")
            self.at += 1
            self.quantifiable = False
        elif char in "*+?" or (char == "{" and _QUANTIFIER.match(text, self.at)):
            self._quantifier(char)
        elif char in "^$.":
            self.out.append(char)
            self.at += 1
            self.quantifiable = True
        else:
            self.out.append(_quote(char))
            self.at += 1
            self.quantifiable = True

    def _quantifier(self, char: str) -> None:
        if not self.quantifiable:
            raise self.fail(f"Quantifier '{char}' following nothing.", self.at + 1)
        if char == "{":
            found = _QUANTIFIER.match(self.pattern, self.at)
            assert found is not None
            if found[3] and int(found[1]) > int(found[3]):
                raise self.fail("Illegal {x,y} with x > y.", found.end())
            self.out.append(found[0])
            self.at = found.end()
        else:
            self.out.append(char)
            self.at += 1
        self._skip_blank()
        if self.pattern[self.at : self.at + 1] == "?":
            self.out.append("?")
            self.at += 1
        self._skip_blank()
        following = self.pattern[self.at : self.at + 1]
        if (following in ("*", "+", "?") and following) or (
            following == "{" and _QUANTIFIER.match(self.pattern, self.at)
        ):
            raise self.fail(f"Nested quantifier '{following}'.", self.at + 1)
        self.quantifiable = False

    def _skip_blank(self) -> None:
        if self.options & 32:
            while self.at < len(self.pattern) and self.pattern[self.at].isspace():
                self.at += 1

    # -- groups --------------------------------------------------------------------------------------------------------

    def _push(self, opening: str, options: int | None = None) -> None:
        self.frames.append(_Frame(self.options))
        if options is not None:
            self.options = options
        self.out.append(opening)
        self.quantifiable = False

    def _open(self) -> None:
        text, at = self.pattern, self.at
        if not text.startswith("(?", at):
            self.at += 1
            if self.options & 4:
                self._push("(?:")
            else:
                self.unnamed += 1
                self._push(f"(?P<_{self.unnamed}>")
            return
        if text.startswith("(?#", at):
            end = text.find(")", at)
            if end < 0:
                self.at = len(text)
                raise self.fail("Unterminated (?#...) comment.")
            self.at = end + 1
            return
        for opening in ("(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"):
            if text.startswith(opening, at):
                self.at += len(opening)
                self._push(opening)
                return
        if text.startswith(("(?<", "(?'"), at):
            self._named()
        elif text.startswith("(?(", at):
            self._conditional()
        else:
            self._inline()

    def _named(self) -> None:
        text = self.pattern
        closing = ">" if text[self.at + 2] == "<" else "'"
        found = _WORD.match(text, self.at + 3)
        if found is None:
            if text[self.at + 3 : self.at + 4] == "-":
                raise Unsupported("balancing groups in regular expressions")
            self.at += 3
            raise self.fail("Invalid group name: Group names must begin with a word character.")
        if text[found.end() : found.end() + 1] == "-":
            raise Unsupported("balancing groups in regular expressions")
        if text[found.end() : found.end() + 1] != closing:
            self.at = found.end()
            raise self.fail("Invalid group name: Group names must begin with a word character.")
        name = found[0]
        number = int(name) if name.isascii() and name.isdigit() else self.names[name]
        self.at = found.end() + 1
        self._push(f"(?P<_{number}>")

    def _conditional(self) -> None:
        text = self.pattern
        found = re.compile(r"\((\w+)\)").match(text, self.at + 2)
        if found and (number := self._number_of(found[1])) is not None:
            self.at = found.end()
            self._push(f"(?(_{number})")
            return
        if text.startswith(("(?(?=", "(?(?!", "(?(?<=", "(?(?<!"), self.at):
            self.at += 2
            self._push("(?")
            return
        raise Unsupported("conditional expressions in regular expressions")

    def _number_of(self, name: str) -> int | None:
        if name.isascii() and name.isdigit():
            return int(name) if int(name) in self.numbers else None
        return self.names.get(name)

    def _inline(self) -> None:
        found = _INLINE.match(self.pattern, self.at + 2)
        if found is None:
            self.at = min(self.at + 3, len(self.pattern))
            raise self.fail("Unrecognized grouping construct.")
        options = _apply(self.options, found)
        flags = _flag_change(self.options, options)
        self.at = found.end()
        if found[3] == ":":
            self._push(f"(?{flags}:", options)
            return
        frame = self.frames[-1]
        self._close_scope(frame)
        self.options = options
        change = _flag_change(frame.options if len(self.frames) > 1 else self.initial, options)
        if change:
            frame.scoped = f"(?{change}:"
            self.out.append(frame.scoped)
        self.quantifiable = False

    def _close_scope(self, frame: _Frame) -> None:
        if frame.scoped:
            self.out.append(")")
            frame.scoped = ""

    def _close(self) -> None:
        if len(self.frames) == 1:
            raise self.fail("Too many )'s.", self.at + 1)
        frame = self.frames.pop()
        self._close_scope(frame)
        self.options = frame.options
        self.out.append(")")
        self.at += 1
        self.quantifiable = True

    # -- escapes -------------------------------------------------------------------------------------------------------

    def _escape(self) -> None:
        text = self.pattern
        if self.at + 1 >= len(text):
            self.at = len(text)
            raise self.fail("Illegal \\ at end of pattern.")
        char = text[self.at + 1]
        self.quantifiable = True
        if char in "AbBG":
            self.out.append("\\" + char)
            self.at += 2
        elif char == "Z":
            self.out.append(r"(?=\n?\Z)")
            self.at += 2
        elif char == "z":
            self.out.append(r"\Z")
            self.at += 2
        elif char == "k":
            self._back_reference()
        elif char in "123456789":
            self._numbered_reference()
        else:
            self.out.append(self._char_escape(in_class=False))

    def _back_reference(self) -> None:
        found = re.compile(r"\\k(?:<(\w+)>|'(\w+)')").match(self.pattern, self.at)
        if found is None:
            self.at += 2
            raise self.fail("Malformed \\k<...> named back reference.")
        name = found[1] or found[2]
        number = self._number_of(name)
        self.at = found.end()
        if number is None:
            kind = "number " + name if name.isdigit() else f"name '{name}'"
            raise self.fail(f"Reference to undefined group {kind}.")
        self.out.append(f"(?P=_{number})")

    def _numbered_reference(self) -> None:
        found = re.compile(r"\d+").match(self.pattern, self.at + 1)
        assert found is not None
        digits = found[0]
        while len(digits) > 1 and int(digits) not in self.numbers:
            digits = digits[:-1]
        if int(digits) not in self.numbers:
            octal = re.compile(r"[0-7]{2,3}").match(self.pattern, self.at + 1)
            if octal:
                self.at = octal.end()
                self.out.append(_quote(chr(int(octal[0], 8) & 0xFF)))
                return
            self.at = found.end()
            raise self.fail(f"Reference to undefined group number {found[0]}.")
        self.out.append(f"(?P=_{int(digits)})")
        self.at += 1 + len(digits)

    def _char_escape(self, *, in_class: bool) -> str:
        """One escape that stands for a character or a set; advances past it."""
        text = self.pattern
        char = text[self.at + 1]
        if char in "dDwWsS":
            self.at += 2
            return "\\" + char
        if char in "pP":
            return self._property()
        code, self.at = escaped_char(text, self.at, self.edition)
        return _quote(code)

    def _property(self) -> str:
        found = re.compile(r"\\([pP])\{(\^?)([\w\-]+)\}").match(self.pattern, self.at)
        if found is None:
            self.at = min(self.at + 2, len(self.pattern))
            raise self.fail("Incomplete \\p{X} character escape.")
        letter, negated, name = found.groups()
        self.at = found.end()
        if negated:
            letter = "P" if letter == "p" else "p"
        if name in _CATEGORIES:
            return f"\\{letter}{{{name}}}"
        if name.startswith("Is"):
            return f"\\{letter}{{In{name[2:]}}}"
        raise self.fail(f"Unknown property '{name}'.")

    # -- classes -------------------------------------------------------------------------------------------------------

    def _class(self) -> None:
        self.out.append(self._class_text())
        self.quantifiable = True

    def _class_text(self) -> str:
        text = self.pattern
        self.at += 1
        negated = text[self.at : self.at + 1] == "^"
        if negated:
            self.at += 1
        members: list[str] = []
        subtract = ""
        first = True
        while True:
            if self.at >= len(text):
                raise self.fail("Unterminated [] set.")
            char = text[self.at]
            if char == "]" and not first:
                self.at += 1
                break
            first = False
            if char == "-" and text[self.at + 1 : self.at + 2] == "[" and members:
                self.at += 1
                subtract = self._class_text()
                if text[self.at : self.at + 1] != "]":
                    raise self.fail("A subtraction must be the last element in a character class.")
                self.at += 1
                break
            low = self._class_member()
            if (
                len(low) <= 2
                and not (low[0] == "\\" and low[1:] in tuple("dDwWsS"))
                and text[self.at : self.at + 1] == "-"
                and text[self.at + 1 : self.at + 2] not in ("]", "")
                and text[self.at + 1 : self.at + 2] != "["
            ):
                self.at += 1
                high = self._class_member()
                if len(high) > 2 or (high[0] == "\\" and high[1:] in tuple("dDwWsS")):
                    raise self.fail(f"Cannot include class {high} in character range.")
                if high[-1] < low[-1]:
                    raise self.fail("[x-y] range in reverse order.")
                members.append(f"{low}-{high}")
            else:
                members.append(low)
        body = "[" + ("^" if negated else "") + "".join(members) + "]"
        return f"(?:(?!{subtract}){body})" if subtract else body

    def _class_member(self) -> str:
        text = self.pattern
        char = text[self.at]
        if char == "\\":
            if self.at + 1 >= len(text):
                self.at = len(text)
                raise self.fail("Illegal \\ at end of pattern.")
            if text[self.at + 1] == "b":
                self.at += 2
                return "\x08"
            return self._char_escape(in_class=True)
        self.at += 1
        return _quote(char)


def _quote(char: str) -> str:
    """*char* as a literal, in and outside of sets."""
    return "\\" + char if char in "\\^$.|?*+()[]{}-&~#" or char == " " else char


def _apply(options: int, found: re.Match[str]) -> int:
    for char in found[1].lower():
        options |= _OPTION_BITS[char]
    for char in (found[2] or "").lower():
        options &= ~_OPTION_BITS[char]
    return options


def _flag_change(before: int, after: int) -> str:
    on = "".join(c for c in "ims" if after & _OPTION_BITS[c] and not before & _OPTION_BITS[c])
    off = "".join(c for c in "ims" if before & _OPTION_BITS[c] and not after & _OPTION_BITS[c])
    return on + (f"-{off}" if off else "")


def _skip_class(text: str, i: int) -> int:
    """Position after the set that opens at *i*."""
    i += 1
    if text[i : i + 1] == "^":
        i += 1
    first = True
    while i < len(text):
        if text[i] == "\\":
            i += 2
        elif text[i] == "]" and not first:
            return i + 1
        elif text[i] == "[" and text[i - 1] == "-" and not first:
            i = _skip_class(text, i)
        else:
            i += 1
        first = False
    return i
