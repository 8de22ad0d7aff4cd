# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures of methods as the recorded metadata writes them: ``(string, params int[]) -> bool``."""

from __future__ import annotations

from collections.abc import Iterable

from hvsim.runtime import types
from hvsim.runtime.types import NetType

__all__ = ["Overload", "Parameter", "parse_overloads", "resolve_type", "split_parameters", "type_parameters"]


class Parameter:
    """One parameter: the text of its type, ``mode`` "" | params | ref | out."""

    __slots__ = ("mode", "optional", "type_text")

    def __init__(self, type_text: str, mode: str = "", optional: bool = False) -> None:
        self.type_text = type_text
        self.mode = mode
        self.optional = optional


class Overload:
    """One signature. ``text`` is as recorded; ``<TEnum>() -> string[]`` states the type parameters (``generics``) of a
    method that names them nowhere else."""

    __slots__ = ("generics", "has_params", "parameters", "required", "returns", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        inside, _, returns = text.rpartition(" -> ") if " -> " in text else (text, "", "void")
        self.returns = returns.strip()
        stated, _, inside = inside.strip().rpartition(">") if inside.startswith("<") else ("", "", inside.strip())
        self.generics = tuple(split_parameters(stated[1:]))
        self.parameters = tuple(_parameter(p) for p in split_parameters(inside[1:-1]))
        self.has_params = bool(self.parameters) and self.parameters[-1].mode == "params"
        self.required = sum(1 for p in self.parameters if not p.optional)


def split_parameters(text: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for i, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    if text[start:].strip():
        parts.append(text[start:].strip())
    return parts


def _parameter(text: str) -> Parameter:
    mode = ""
    for word in ("params", "ref", "out", "in"):
        if text.startswith(word + " "):
            mode, text = word, text[len(word) + 1 :]
    optional = text.endswith(" optional")
    return Parameter(text.removesuffix(" optional"), "" if mode == "in" else mode, optional)


# A signature with a pointer or a by-ref-like type cannot be called from PowerShell.
_NOT_CALLABLE = ("*", "&", "System.Span[", "System.ReadOnlySpan[", "InterpolatedStringHandler")


def parse_overloads(texts: Iterable[str]) -> list[Overload]:
    found: list[Overload] = []
    seen: set[str] = set()
    for text in texts:
        inside = text.rpartition(" -> ")[0] if " -> " in text else text
        # A method that a derived type hides is listed twice.
        if inside not in seen and not any(mark in inside for mark in _NOT_CALLABLE):
            seen.add(inside)
            found.append(Overload(text))
    return found


def type_parameters(owner: NetType) -> dict[str, NetType]:
    if owner.arguments and owner.definition is not None:
        return dict(zip(owner.definition.parameters, owner.arguments, strict=False))
    return {}


def resolve_type(text: str, owner: NetType | None = None, extra: dict[str, NetType] | None = None) -> NetType | None:
    """The type that a signature names, None for one that is a type parameter of a method or unknown."""
    if owner is None or extra:
        names = type_parameters(owner) if owner is not None else {}
        return types.find_with(text, {**names, **(extra or {})})
    known: dict[str, NetType] = owner.cache.setdefault("signature types", {})
    found = known.get(text) or types.find_with(text, type_parameters(owner))
    if found is not None:
        known[text] = found
    return found
