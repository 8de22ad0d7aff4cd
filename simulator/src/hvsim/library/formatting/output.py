# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end of a pipeline looks like as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hvsim.library.formatting import cells
from hvsim.library.formatting.printer import Printer
from hvsim.runtime import convert, objects
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.engine_types import reason_of
from hvsim.runtime.errors import ErrorRecord


def lines(ctx: ExecutionContext, values: Sequence[Any], width: int | None = None) -> list[str]:
    """The lines that a host shows for the output of a script."""
    printer = Printer(ctx, width)
    for value in values:
        printer.feed(value)
    return [line for text in printer.finish() for line in cells.lines(text)]


def error_lines(ctx: ExecutionContext, record: ErrorRecord) -> list[str]:
    """The lines that a host shows for an error record: NormalView in 5.1, ConciseView in 7; ``$ErrorView`` may choose."""
    view = convert.to_string(ctx, ctx.get_variable("ErrorView")).lower()
    if view == "categoryview":
        return [_category(ctx, record)]
    if view == "normalview" or (ctx.edition == "5.1" and view != "conciseview"):
        return _normal(ctx, record)
    return _concise(ctx, record)


def _category(ctx: ExecutionContext, record: ErrorRecord) -> str:
    return convert.to_string(ctx, objects.get_member(ctx, record, "CategoryInfo"))


def _normal(ctx: ExecutionContext, record: ErrorRecord) -> list[str]:
    rows = (_source(record) + record.message).replace("\r\n", "\n").split("\n")
    if record.invocation is not None:
        position = objects.get_member(ctx, record.invocation, "PositionMessage") or ""
        rows += position.replace("\r\n", "\n").split("\n") if position else []
    rows.append(f"    + CategoryInfo          : {_category(ctx, record)}")
    rows.append(f"    + FullyQualifiedErrorId : {record.fully_qualified_error_id}")
    return [*rows, " "] if ctx.edition == "5.1" else [*rows, ""]


def _source(record: ErrorRecord) -> str:
    """The command in front of the message."""
    invocation = record.invocation
    if invocation is None:
        return ""
    command = invocation.command
    name = invocation.invocation_name
    if command is not None:
        if command.kind == "ExternalScript":
            return f"{getattr(command, 'path', command.name)} : "
        if command.kind == "Script":
            return f"{command.script_block.code.text} : "
        name = command.name if name in ("", "&", ".") else name
    return f"{name} : " if name else ""


def _concise(ctx: ExecutionContext, record: ErrorRecord) -> list[str]:
    invocation = record.invocation
    reason = _reason(record)
    message = record.message.replace("\r\n", "\n")
    file = invocation.source.file if invocation is not None and invocation.source is not None else None
    if invocation is None or invocation.extent is None or invocation.source is None or not (file or invocation.line_number > 1):
        return f"{reason}: {message}".split("\n")
    number, column = invocation.source.position(invocation.extent.start)
    line = invocation.source.line_text(number)
    end_line, end_column = invocation.source.position(invocation.extent.end)
    length = max(1, (end_column if end_line == number else len(line) + 1) - column)
    width = max(4, len(str(number)))
    indent = " " * width
    rows = [f"{reason}: {file}:{number}" if file else f"{reason}: ", f"{'Line'.rjust(width)} |"]
    rows.append(f"{str(number).rjust(width)} |  {line}")
    rows.append(f"{indent} |  {' ' * (column - 1)}{'~' * length}")
    rows += [f"{indent} | {part}" for part in message.split("\n")]
    return rows


def _reason(record: ErrorRecord) -> str:
    invocation = record.invocation
    command = invocation.command if invocation is not None else None
    if command is not None and command.name and command.kind not in ("Script", "ExternalScript"):
        return str(command.name)
    if record.activity:
        return record.activity
    if record.error_id and record.exception.kind == "System.Management.Automation.RuntimeException" and record.category == "OperationStopped":
        return "Exception"
    if invocation is not None and invocation.invocation_name:
        return str(invocation.invocation_name)
    # The script of the view asks for the category's truth, and NotSpecified is 0.
    return record.category if record.category != "NotSpecified" else reason_of(record) or "Error"
