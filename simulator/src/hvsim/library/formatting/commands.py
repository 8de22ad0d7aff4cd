# SPDX-License-Identifier: GPL-3.0-or-later
"""Out-String, Out-Host, Out-Default and the Format cmdlets."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.formatting import cells
from hvsim.library.formatting.printer import Block, FormatData, Printer
from hvsim.library.formatting.views import Column, View
from hvsim.library.utility import property_expressions as expressions
from hvsim.runtime import convert, objects
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.values import AUTOMATION_NULL, Array


@cmdlet("Out-String", parameters=("InputObject", "Width", "Stream", "NoNewline"))
class OutString(Cmdlet):
    def begin(self) -> None:
        self.printer = Printer(self.ctx, self.arg("Width"))

    def process(self) -> None:
        self.printer.feed(self.arg("InputObject"))

    def end(self) -> None:
        rows = self.printer.finish()
        if self.bound("Width"):
            rows = [part for row in rows for part in cells.chopped(row, self.args["Width"])]
        if self.arg("Stream") is True:
            for row in rows:
                self.write(row)
            return
        end = "" if self.arg("NoNewline") is True else "\r\n" if self.ctx.machine.is_windows else "\n"
        self.write("".join(row + end for row in rows))


class HostOutput(Cmdlet):
    """Shows its input on the host."""

    def begin(self) -> None:
        self.printer = Printer(self.ctx)

    def process(self) -> None:
        self.printer.feed(self.arg("InputObject"))

    def end(self) -> None:
        for row in self.printer.finish():
            for line in cells.lines(row):
                self.ctx.host_line(line)


@cmdlet("Out-Host", parameters=("InputObject", "Paging"))
class OutHost(HostOutput):
    pass


@cmdlet("Out-Default", parameters=("InputObject", "Transcript"))
class OutDefault(HostOutput):
    pass


class FormatCommand(Cmdlet):
    """Collects its input; the objects it writes are shown by whatever ends the pipeline."""

    shape = "table"
    definition = "list"

    def begin(self) -> None:
        self.values: list[Any] = []
        for name in ("View", "DisplayError", "ShowError", "Expand"):
            if self.bound(name) and self.args[name] is not False:
                raise Unsupported(f"parameter -{name} of {self.metadata.name}")

    def process(self) -> None:
        value = self.arg("InputObject")
        base = objects.unwrap(value)
        if base is None or base is AUTOMATION_NULL:
            return
        if isinstance(base, Array):
            self.values += [v for v in base if v is not None]
        elif not isinstance(base, str) and hasattr(base, "items") and convert.enumerate(base) is None:
            self.values += [base.entry(k, v) for k, v in base.items()]
        else:
            self.values.append(value)

    def end(self) -> None:
        if not self.values:
            return
        block = self.block()
        self.write(FormatData("FormatStartData", block))
        self.write(FormatData("GroupStartData"))
        for _ in self.values:
            self.write(FormatData("FormatEntryData"))
        self.write(FormatData("GroupEndData"))
        self.write(FormatData("FormatEndData"))

    def block(self) -> Block:
        raise NotImplementedError

    def columns(self) -> tuple[Column, ...]:
        """The columns that -Property asks for, wildcards resolved on the first object."""
        given = self.arg("Property")
        if given is None:
            return ()
        entries = expressions.parse(self, given if isinstance(given, (list, Array)) else [given], self.definition)
        found: list[Column] = []
        for entry in entries:
            resolved = expressions.resolve(self.ctx, entry, self.values[0])
            found += [self._column(each) for each in resolved]
        return tuple(found)

    def _column(self, entry: expressions.PropertyExpression) -> Column:
        def read(ctx: ExecutionContext, value: Any) -> Any:
            return entry.read_quietly(ctx, value)[1]

        options = entry.options
        width = int(convert.to_string(self.ctx, options["width"])) if "width" in options else 0
        align = convert.to_string(self.ctx, options.get("alignment", options.get("align", ""))).lower()
        if align == "center":
            raise Unsupported("Format-Table with centred columns")
        spec = convert.to_string(self.ctx, options["formatstring"]) if "formatstring" in options else None
        label = entry.title
        if entry.block is None and entry.label is None:
            member = objects.find_property(self.ctx, self.values[0], entry.name)
            label = member.name if member is not None else entry.name
        return Column(label, read, width, align, spec)

    def group(self) -> Any:
        """What -GroupBy makes of an object: the heading of its group."""
        given = self.arg("GroupBy")
        if given is None:
            return None
        entry = expressions.parse(self, [given], "list")[0]

        def heading(ctx: ExecutionContext, value: Any) -> str:
            return f"   {entry.title}: {cells.text(ctx, entry.read_quietly(ctx, value)[1])}"

        return heading


@cmdlet(
    "Format-Table",
    parameters=("InputObject", "Property", "AutoSize", "HideTableHeaders", "Wrap", "GroupBy", "Force", "RepeatHeader", "View",
                "DisplayError", "ShowError", "Expand"),
)
class FormatTable(FormatCommand):
    definition = "table"

    def block(self) -> Block:
        columns = self.columns()
        sized = any(c.width for c in columns)
        view = View(
            "table",
            columns,
            autosize=self.arg("AutoSize") is True or (bool(columns) and not sized),
            group=self.group(),
            hide_headers=self.arg("HideTableHeaders") is True,
            wrap=self.arg("Wrap") is True,
        )
        return Block(view, self.values, "table")


@cmdlet("Format-List", parameters=("InputObject", "Property", "GroupBy", "Force", "View", "DisplayError", "ShowError", "Expand"))
class FormatList(FormatCommand):
    def block(self) -> Block:
        return Block(View("list", self.columns(), group=self.group()), self.values, "list")


@cmdlet("Format-Wide", parameters=("InputObject", "Property", "AutoSize", "Column", "Force", "View", "DisplayError", "ShowError", "Expand"))
class FormatWide(FormatCommand):
    def block(self) -> Block:
        view = View("wide", self.columns(), autosize=self.arg("AutoSize") is True)
        return Block(view, self.values, "wide", self.arg("Column") or 0)


@cmdlet("Format-Custom", parameters=())
class FormatCustom(Cmdlet):
    def begin(self) -> None:
        raise Unsupported("Format-Custom")


