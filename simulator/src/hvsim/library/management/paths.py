# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user writes to items: drive- and provider-qualified paths, relative ones, wildcards (``LocationGlobber``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hvsim.library.management.provider import ItemPath, Locations, find_provider, in_drive, locations, shown
from hvsim.runtime import objects, wildcard
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, NetException, PSError, runtime_error
from hvsim.runtime.values import PSObject

_PROVIDER_QUALIFIED = re.compile(r"([^:\\/*?\[\]]+(?:\\[^:\\/*?\[\]]+)?)::(.*)", re.DOTALL)
_DRIVE_QUALIFIED = re.compile(r"([^:\\/]+):(.*)", re.DOTALL)


def parse(ctx: ExecutionContext, text: str) -> ItemPath:
    """The place that a path without wildcards names; it need not exist.

    Raises:
        PSError: DriveNotFound, ProviderNotFound.
    """
    state = locations(ctx)
    match = _PROVIDER_QUALIFIED.fullmatch(text)
    if match:
        owner = find_provider(ctx, match[1])
        return ItemPath(owner, owner.normal(ctx, match[2]), _drive_of(state, owner, match[2]))
    if text == "~" or text.startswith(("~/", "~\\")):
        files = find_provider(ctx, "FileSystem")
        path = files.normal(ctx, files.join(ctx, ctx.machine.home, text[2:]) if len(text) > 2 else ctx.machine.home)
        return ItemPath(files, path, state.disk_drive(path))
    match = _DRIVE_QUALIFIED.fullmatch(text)
    if match:
        drive = state.find(match[1])
        rest = match[2]
        if drive.provider.is_tree and not rest.startswith(("\\", "/")):
            rest = drive.provider.join(ctx, drive.current, rest) if drive.current else rest
        return ItemPath(drive.provider, _within(ctx, drive, rest), drive)
    return _relative(ctx, state, text)


def _relative(ctx: ExecutionContext, state: Locations, text: str) -> ItemPath:
    drive = state.current
    owner = drive.provider
    if text.startswith(("\\\\", "//")) and ctx.machine.is_windows:
        files = find_provider(ctx, "FileSystem")
        return ItemPath(files, files.normal(ctx, text))
    if text.startswith(("\\", "/")):
        if owner.name == "FileSystem" and not ctx.machine.is_windows and drive.root != "/":
            drive = state.find("/")
        return ItemPath(owner, _within(ctx, drive, text), drive)
    here = drive.current
    joined = owner.join(ctx, here, text) if here and owner.is_tree else text
    return ItemPath(owner, _within(ctx, drive, joined), drive)


def _within(ctx: ExecutionContext, drive: Any, rest: str) -> str:
    """``..`` cannot leave the drive."""
    if not drive.provider.is_tree:
        return in_drive(ctx, drive, rest)
    names: list[str] = []
    for part in re.split(r"[\\/]", rest):
        if part == "..":
            del names[-1:]
        elif part not in ("", "."):
            names.append(part)
    return in_drive(ctx, drive, drive.provider.separator(ctx).join(names))


def _drive_of(state: Locations, owner: Any, path: str) -> Any:
    if owner.name == "FileSystem":
        return state.disk_drive(path)
    if owner.name == "Registry":
        return None
    return next((d for d in state.drives.values() if d.provider is owner), None)


# ---- wildcards ---------------------------------------------------------------------------------------------------------


def resolve(ctx: ExecutionContext, text: str, *, literal: bool = False, force: bool = False) -> list[ItemPath]:
    """The items that a path names; none at all is no error for a path with wildcards.

    Raises:
        PSError: PathNotFound, DriveNotFound, ProviderNotFound.
    """
    if literal or not wildcard.contains_wildcard(text):
        item = parse(ctx, text if literal else wildcard.unescape(text))
        if not item.provider.exists(ctx, item.path):
            raise path_not_found(ctx, item)
        return [item]
    return glob(ctx, text, force=force)


def glob(ctx: ExecutionContext, text: str, *, force: bool = False) -> list[ItemPath]:
    """The existing items that a pattern matches, in listing order."""
    place = parse(ctx, text)
    owner = place.provider
    root, segments = _segments(ctx, place)
    found = [root]
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        found = _step(ctx, owner, found, segment, last, force)
    return [ItemPath(owner, path, place.drive) for path in found]


def _segments(ctx: ExecutionContext, place: ItemPath) -> tuple[str, list[str]]:
    owner = place.provider
    if not owner.is_tree:
        return "", [place.path]
    parts: list[str] = []
    path = place.path
    while True:
        parent = owner.parent(ctx, path)
        if parent == path or path == "" or (parent == "" and owner.name == "FileSystem"):
            break
        parts.append(owner.leaf(ctx, path))
        path = parent
    return path, parts[::-1]


def _step(ctx: ExecutionContext, owner: Any, bases: list[str], segment: str, last: bool, force: bool) -> list[str]:
    found: list[str] = []
    if not wildcard.contains_wildcard(segment):
        name = wildcard.unescape(segment)
        return [p for p in (owner.join(ctx, base, name) for base in bases) if owner.exists(ctx, p)]
    matches = wildcard.compile(segment)
    for base in bases:
        if not owner.is_container(ctx, base):
            continue
        for name in owner.names(ctx, base):
            if not matches(name):
                continue
            path = owner.join(ctx, base, name)
            if (force or not owner.is_hidden(ctx, path)) and (last or owner.is_container(ctx, path)):
                found.append(path)
    return found


def path_not_found(ctx: ExecutionContext, item: ItemPath) -> PSError:
    """ItemNotFoundException for a place where nothing is."""
    text = shown(ctx, item)
    return runtime_error(
        "PathNotFound",
        f"Cannot find path '{text}' because it does not exist.",
        kind="System.Management.Automation.ItemNotFoundException",
        category="ObjectNotFound",
        target=text,
        fields={"ItemName": text},
    )


# ---- objects -----------------------------------------------------------------------------------------------------------


def decorated(ctx: ExecutionContext, item: ItemPath, value: Any, *, fresh: bool = True, container: bool = True) -> Any:
    """*value* with the note properties that every item has; *fresh* tells that nobody else holds the object."""
    holder = objects.extensible(value) if fresh else PSObject(value)
    owner = item.provider
    real = getattr(objects.unwrap(value), "full", None)
    if owner.name == "FileSystem" and real is not None:
        item = ItemPath(owner, real, item.drive)
    parent = owner.parent(ctx, item.path)
    notes = {
        "PSPath": item.qualified(),
        "PSParentPath": f"{owner.full_name}::{parent}" if parent or owner.name != "FileSystem" else "",
        "PSChildName": owner.leaf(ctx, item.path),
    }
    if not owner.is_tree:
        del notes["PSParentPath"]
    extended: dict[str, Any] = {}
    for name, content in notes.items():
        extended[name.lower()] = objects.NoteProperty(name, content, holder)
    if item.drive is not None:
        extended["psdrive"] = objects.NoteProperty("PSDrive", item.drive, holder)
    extended["psprovider"] = objects.NoteProperty("PSProvider", locations(ctx).info(owner), holder)
    if container:
        flag = owner.is_container(ctx, item.path)
        extended["psiscontainer"] = objects.NoteProperty("PSIsContainer", flag, holder)
    holder.extended = {**(holder.extended or {}), **extended}
    return holder


def record(error: PSError) -> ErrorRecord:
    """The record of an error of this layer, to be written as non-terminating; it makes one for a plain .NET exception."""
    if error.record is not None:
        return error.record
    exception: NetException = error.exception
    return ErrorRecord(exception, exception.kind.rpartition(".")[2], "NotSpecified")


def filtered(names: Sequence[str] | None) -> list[Any]:
    """Matchers of -Include or -Exclude."""
    return [wildcard.compile(pattern) for pattern in names or ()]
