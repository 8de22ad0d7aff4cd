# SPDX-License-Identifier: GPL-3.0-or-later
"""Test-Json without a schema: whether a text is JSON as ``System.Text.Json`` reads it, which is stricter than ConvertFrom-Json."""

from __future__ import annotations

import re

from hvsim.lang.errors import Unsupported
from hvsim.library.management import encodings, path_opening
from hvsim.runtime.command import Cmdlet, cmdlet

_MAX_DEPTH = 64
"""``JsonDocumentOptions.MaxDepth`` where nothing else was asked for."""
_SPACE = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"//[^\r\n\u2028\u2029]*|/\*.*?\*/", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SCALAR = re.compile(rf"{_STRING.pattern}|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


class _NoJson(Exception):
    """The text breaks a rule."""


class _Reader:
    def __init__(self, text: str, *, comments: bool, trailing_commas: bool) -> None:
        self.text = text
        self.at = 0
        self.comments = comments
        self.trailing_commas = trailing_commas

    def document(self) -> None:
        """Reads the one value that the text must be.

        Raises:
            _NoJson: it is something else.
        """
        self._value(0)
        self._skip()
        if self.at != len(self.text):
            raise _NoJson

    def _skip(self) -> None:
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = self.at if found is None else found.end()
            comment = _COMMENT.match(self.text, self.at) if self.comments else None
            if comment is None:
                return
            self.at = comment.end()

    def _take(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _NoJson
        self.at = found.end()

    def _is_next(self, char: str) -> bool:
        self._skip()
        if not self.text.startswith(char, self.at):
            return False
        self.at += 1
        return True

    def _value(self, depth: int) -> None:
        if self._is_next("{"):
            self._items(depth + 1, "}", named=True)
        elif self._is_next("["):
            self._items(depth + 1, "]", named=False)
        else:
            self._take(_SCALAR)

    def _items(self, depth: int, closing: str, *, named: bool) -> None:
        if depth > _MAX_DEPTH:
            raise _NoJson
        if self._is_next(closing):
            return
        while True:
            if named:
                self._skip()
                self._take(_STRING)
                if not self._is_next(":"):
                    raise _NoJson
            self._value(depth)
            if self._is_next(closing):
                return
            if not self._is_next(","):
                raise _NoJson
            if self.trailing_commas and self._is_next(closing):
                return


@cmdlet("Test-Json", parameters=("Json", "Path", "LiteralPath", "Options"))
class TestJson(Cmdlet):
    """True or false for each text; an error with each false."""

    def begin(self) -> None:
        options = [option.lower() for option in self.arg("Options", ())]
        self.comments = "ignorecomments" in options
        self.trailing_commas = "allowtrailingcommas" in options

    def process(self) -> None:
        text = self._text()
        if re.search("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]", text):
            raise Unsupported("Test-Json of half a surrogate pair")
        try:
            _Reader(text, comments=self.comments, trailing_commas=self.trailing_commas).document()
        except _NoJson:
            self.error("Cannot parse the JSON.", "InvalidJson", "InvalidData", self.arg("Json"), kind="System.Exception")
            self.write(False)
        else:
            self.write(True)

    def _text(self) -> str:
        if self.bound("Json"):
            return str(self.args["Json"])
        literal = self.bound("LiteralPath")
        found = path_opening.read(self, self.args["LiteralPath" if literal else "Path"], literal=literal)
        return encodings.decoded(found, encodings.UTF8)
