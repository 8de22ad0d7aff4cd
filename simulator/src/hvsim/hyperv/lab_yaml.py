# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML with line marks: plain data, and the line on which every key and item stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import yaml

Path = tuple[str | int, ...]

#: Nodes after expansion of aliases; a lab is data written by hand, not a bomb.
_MAX_NODES: Final = 500_000
_MAX_DEPTH: Final = 60


@dataclass(frozen=True)
class Problem:
    """One mistake in a lab file: where, which key, what is wrong and what to do."""

    file: str
    line: int
    key: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.key}: {self.text}" if self.key else f"{place}{self.text}"


class LabError(Exception):
    """The lab file cannot be used. ``str()`` gives one line per problem: ``file:line: key.path: problem; remedy``."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def key_text(path: Path) -> str:
    """``("hosts", 0, "vms", 2, "name")`` -> ``hosts[0].vms[2].name``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


@dataclass
class MarkedData:
    """Plain data with the line of each path."""

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Line of the path, or of the nearest part above it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, text: str) -> Problem:
        return Problem(self.file, self.line_of(path), key_text(path), text)


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as PyYAML reads it, but only ``true`` and ``false`` are booleans: ``state: off`` means the text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read_yaml(text: str, file: str) -> MarkedData:
    """Parse one YAML document.

    Raises:
        LabError: not YAML, several documents, doubled keys, keys that are no text, aliases that contain themselves.
    """
    result = MarkedData(file, None)
    loader: Any = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        result.data = None if node is None else _Reader(loader, result).read(node, (), 0)
    except yaml.MarkedYAMLError as error:
        raise LabError([_yaml_problem(file, error)]) from None
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", error)).replace("\n", " ")
        raise LabError(
            [Problem(file, _line_at(text, error), "", f"cannot read: {reason}; write plain UTF-8")]
        ) from None
    except RecursionError:
        raise LabError([Problem(file, 1, "", "nested too deeply; a lab needs few levels")]) from None
    except (ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        # PyYAML lets malformed numbers, tags and escapes through as these.
        line = loader.line + 1 if loader is not None else 1
        raise LabError([Problem(file, line, "", f"cannot read a value ({error}); quote it")]) from None
    return result


def _line_at(text: str, error: yaml.YAMLError) -> int:
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position if isinstance(position, int) else 0) + 1


def _yaml_problem(file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    what = error.problem or error.context or "cannot be parsed"
    where = f" at column {mark.column + 1}" if mark is not None else ""
    what = " ".join(str(what).split())
    return Problem(file, line, "", f"not valid YAML: {what}{where}; check indentation and quotes")


class _Reader:
    def __init__(self, loader: Any, result: MarkedData) -> None:
        self._loader = loader
        self._result = result
        self._nodes = 0

    def read(self, node: yaml.Node, path: Path, depth: int) -> Any:
        self._nodes += 1
        self._result.lines.setdefault(path, node.start_mark.line + 1)
        if depth > _MAX_DEPTH or self._nodes > _MAX_NODES:
            self._fail(path, "nested too deeply or repeated too often by aliases; write it out")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, Any]:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            self._loader.flatten_mapping(node)
        # PyYAML puts merged keys first, so that the mapping's own keys win.
        merged: dict[str, Any] = {}
        own: set[str] = set()
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key in own and self._within(key_node, node):
                self._result.lines[(*path, key)] = key_node.start_mark.line + 1
                self._fail((*path, key), "given twice; keep one of them")
            if self._within(key_node, node):
                own.add(key)
            self._result.lines[(*path, key)] = key_node.start_mark.line + 1
            merged[key] = self.read(value_node, (*path, key), depth + 1)
        return merged

    @staticmethod
    def _within(key: yaml.Node, node: yaml.MappingNode) -> bool:
        inside: bool = node.start_mark.index <= key.start_mark.index < node.end_mark.index
        return inside

    def _key(self, node: yaml.Node, path: Path) -> str:
        if isinstance(node, yaml.ScalarNode):
            if node.tag == "tag:yaml.org,2002:str":
                return self._text(node.value, path)
            return str(node.value)
        self._result.lines[path] = node.start_mark.line + 1
        self._fail(path, "a key must be a text; put it on the left of a colon")

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        try:
            value = self._loader.construct_object(node)
        except yaml.YAMLError:
            self._fail(path, f"tag {node.tag!r} is not known here; use plain YAML values")
        except (ValueError, TypeError, OverflowError, AttributeError, KeyError, IndexError):
            self._fail(path, "cannot be read as the type it looks like; quote it")
        return self._text(value, path) if isinstance(value, str) else value

    def _text(self, value: str, path: Path) -> str:
        """Join surrogate pairs that ``\\ud83d\\ude00`` escapes make; refuse halves."""
        if not any("\ud800" <= char <= "\udfff" for char in value):
            return value
        try:
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            self._fail(path, "holds half a surrogate pair; write the character itself")

    def _fail(self, path: Path, text: str) -> NoReturn:
        raise LabError([self._result.problem(path, text)])
