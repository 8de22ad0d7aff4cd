# SPDX-License-Identifier: GPL-3.0-or-later
"""Script blocks: the compiled code behind a ``{ ... }`` and the values that scripts hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hvsim.lang import ast
from hvsim.lang.errors import ParseError, ParseErrorInfo, Unsupported
from hvsim.runtime import edition51
from hvsim.runtime.errors import ErrorRecord, NetException, PSError
from hvsim.runtime.values import Array, NetObject
from hvsim.runtime.wrappers import note_tests

if TYPE_CHECKING:
    from hvsim.runtime.command import CommandMetadata
    from hvsim.runtime.context import ExecutionContext
    from hvsim.runtime.interpreter.attributes import ParameterPlan
    from hvsim.runtime.interpreter.compiler import Closure, Compiler
    from hvsim.runtime.session import SessionState

UNSET: Any = object()


class Closures(NamedTuple):
    """What a script block is compiled to. Holds nothing of a runspace: all that run the same tree share it.

    ``only_end``: there is nothing but an end block. ``simple_keys``: names of the parameters, also in lower case; None if
    one has an attribute or a default.
    """

    begin: Closure | None
    process: Closure | None
    end: Closure | None
    clean: Closure | None
    dynamic: Closure | None
    only_end: bool
    simple_keys: list[tuple[str, str]] | None
    compiler: Compiler


class Code:
    """A script block in one runspace: its syntax tree and, from its first run on, its closures and what the attributes of its
    parameters say there; shared by all values made of it.

    A filter's body is its process block. ``is_plain``: nothing but an end block and parameters without any attribute or
    default, which is what most calls are about. ``layouts``: how the arguments of places that call it lie (see
    ``interpreter.direct_calls``).
    """

    __slots__ = (
        "_compiler",
        "_nested",
        "_plans",
        "advanced",
        "begin",
        "binding",
        "clean",
        "compiled",
        "dynamic",
        "end",
        "is_filter",
        "is_plain",
        "layouts",
        "metadata_of",
        "namespaces",
        "node",
        "obsolete",
        "only_end",
        "output_types",
        "parameters",
        "process",
        "simple_keys",
        "source",
    )

    def __init__(
        self,
        node: ast.ScriptBlock,
        source: ast.Source,
        namespaces: tuple[str, ...] = (),
        *,
        parameters: list[ast.Parameter] | None = None,
        is_filter: bool = False,
    ) -> None:
        self.node = node
        self.source = source
        self.namespaces = namespaces
        self.is_filter = is_filter
        declared = node.param_block.parameters if node.param_block is not None else []
        self.parameters = parameters if parameters is not None else declared
        self.compiled = False
        self.is_plain = False
        self.only_end = False
        self.begin: Closure | None = None
        self.process: Closure | None = None
        self.end: Closure | None = None
        self.clean: Closure | None = None
        self.dynamic: Closure | None = None
        self.advanced = False
        self.binding: Any = None
        self.output_types: tuple[str, ...] = ()
        self.obsolete: str | None = None
        self.metadata_of: dict[str, CommandMetadata] = {}
        self.simple_keys: list[tuple[str, str]] | None = None
        self.layouts: dict[Any, Any] = {}
        self._nested: dict[ast.ScriptBlock, Code] = {}
        self._plans: list[ParameterPlan] | None = None
        self._compiler: Compiler | None = None

    def compile(self) -> None:
        """Builds the closures; called before every run."""
        if not self.compiled:
            self._compile()

    def _compile(self) -> None:
        node = self.node
        key = (self.namespaces, self.is_filter, *map(id, self.parameters))
        kept = node.compiled
        if kept is None or kept[0] != key:
            kept = node.compiled = (key, self._closures())
        self.begin, self.process, self.end, self.clean, self.dynamic, self.only_end, self.simple_keys, self._compiler = (
            kept[1]
        )
        self.is_plain = self.only_end and self.simple_keys is not None
        self.compiled = True

    def _closures(self) -> Closures:
        from hvsim.runtime.interpreter import blocks
        from hvsim.runtime.interpreter.compiler import Compiler
        from hvsim.runtime.interpreter.locals import local_names

        node = self.node
        namespaces = self.namespaces
        for using in node.using_statements:
            kind = using.using_statement_kind.lower()
            if kind != "namespace" or using.name is None:
                raise Unsupported(f"using {kind}")
            namespaces = (*namespaces, using.name.value)
        c = Compiler(self.source, namespaces)
        c.locals = local_names(node, self.parameters) or frozenset()

        def block(named: ast.NamedBlock | None) -> Closure | None:
            return None if named is None else blocks.statement_block(named, c)

        begin, process, end = block(node.begin_block), block(node.process_block), block(node.end_block)
        clean, dynamic = block(node.clean_block), block(node.dynamic_param_block)
        if self.is_filter and node.end_block is not None and node.end_block.unnamed:
            process, end = end, None
        simple_keys = None
        block_attributes = node.param_block is not None and node.param_block.attributes
        if not any(p.attributes or p.default_value for p in self.parameters) and not block_attributes:
            simple_keys = [(p.name.variable_path, p.name.variable_path.lower()) for p in self.parameters]
        only_end = end is not None and all(closure is None for closure in (begin, process, clean, dynamic))
        return Closures(begin, process, end, clean, dynamic, only_end, simple_keys, c)

    def nested(
        self,
        node: ast.ScriptBlock,
        namespaces: tuple[str, ...],
        *,
        parameters: list[ast.Parameter] | None = None,
        is_filter: bool = False,
    ) -> Code:
        """The code of a block that is written in this one, the same each time it is reached."""
        found = self._nested.get(node)
        if found is None:
            found = self._nested[node] = Code(
                node, self.source, namespaces, parameters=parameters, is_filter=is_filter
            )
        return found

    @property
    def compiler(self) -> Any:
        """What the block was compiled with."""
        self.compile()
        return self._compiler

    @property
    def has_plans(self) -> bool:
        """Whether the parameters' attributes have been evaluated."""
        return self._plans is not None

    @property
    def entered_plans(self) -> list[ParameterPlan] | None:
        """The parameters of a function that can be entered without a command processor; None if it cannot, or not yet."""
        return self._plans if self.only_end and not self.advanced and self.obsolete is None else None

    def plans(self, ctx: ExecutionContext) -> list[ParameterPlan]:
        """The parameters with their attributes evaluated, once."""
        if self._plans is None:
            self._evaluate_parameters(ctx)
        assert self._plans is not None
        return self._plans

    def _evaluate_parameters(self, ctx: ExecutionContext) -> None:
        from hvsim.runtime.interpreter import attributes
        from hvsim.runtime.interpreter.frame import Frame
        from hvsim.runtime.streams import NULL_PIPE

        self.compile()
        assert self._compiler is not None
        frame = Frame(ctx, ctx.scope, NULL_PIPE, self)
        plans = []
        for node in self.parameters:
            plan, makes_advanced = attributes.parameter_plan(node, self._compiler, frame)
            self.advanced |= makes_advanced
            plans.append(plan)
        block = self.node.param_block
        for attribute in block.attributes if block is not None else ():
            values = attributes.evaluate(attribute, self._compiler, frame)
            if values.name == "cmdletbinding":
                self.advanced = True
                self.binding = values
            elif values.name == "outputtype":
                from hvsim.runtime import types

                self.output_types = tuple(
                    v.full_name if isinstance(v, types.NetType) else str(v) for v in values.positional
                )
            elif values.name == "obsolete":
                self.obsolete = attributes.obsolete_text(values, frame)
            elif values.name not in attributes._IGNORED and values.name != "alias":
                raise Unsupported(f"attribute {values.name} of a param block")
        self._plans = plans

    def is_advanced(self, ctx: ExecutionContext) -> bool:
        """Whether CmdletBinding or a Parameter attribute makes this an advanced function."""
        self.plans(ctx)
        return self.advanced

    def metadata(self, ctx: ExecutionContext, name: str) -> CommandMetadata:
        """The binder's view of the parameters, for a function of that name."""
        found = self.metadata_of.get(name)
        if found is None:
            from hvsim.runtime import parameter_conflicts
            from hvsim.runtime.interpreter import attributes
            from hvsim.runtime.interpreter.frame import Frame
            from hvsim.runtime.streams import NULL_PIPE

            plans = self.plans(ctx)
            frame = Frame(ctx, ctx.scope, NULL_PIPE, self)
            found = attributes.command_metadata(
                name, plans, self.binding, self.output_types, frame, advanced=self.advanced
            )
            if ctx.edition == edition51.EDITION:
                found = edition51.without_common(found)
            parameter_conflicts.verify((*found.parameters.values(), *found.common))
            self.metadata_of[name] = found
        return found

    @property
    def text(self) -> str:
        """What ``ToString()`` shows: the source between the braces, or all of a script."""
        node = self.node
        text = node.source.text_of(node.extent) if node.source.text else self.source.text_of(node.extent)
        if len(text) >= 2 and text[0] == "{" and text[-1] == "}":
            return text[1:-1]
        return text


class ScriptBlock(NetObject):
    """``System.Management.Automation.ScriptBlock``. ``session`` is the session state that it runs in."""

    __slots__ = ("code", "session", "using")
    NET = "System.Management.Automation.ScriptBlock"

    def __init__(self, code: Code, session: SessionState | None) -> None:
        self.code = code
        self.session = session
        self.using: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return self.code.text

    def __str__(self) -> str:
        return self.code.text

    def run(
        self,
        ctx: ExecutionContext,
        out: Any,
        args: Sequence[Any] = (),
        *,
        input: Sequence[Any] = (),
        named: Mapping[str, Any] | None = None,
        dollar_underbar: Any = UNSET,
        this: Any = UNSET,
        new_scope: bool = True,
    ) -> None:
        """Runs the block and writes what it yields to *out*.

        Raises:
            PSError, ControlFlow: what leaves the block.
        """
        from hvsim.runtime import script_calls

        script_calls.run_block(
            self,
            ctx,
            out,
            args,
            input=input,
            named=named,
            dollar_underbar=dollar_underbar,
            this=this,
            new_scope=new_scope,
        )

    def closure(self, ctx: ExecutionContext) -> ScriptBlock:
        """``GetNewClosure()``: the block in a module of its own that holds copies of the variables in sight."""
        from hvsim.runtime import modules

        return modules.new_closure(ctx, self)


def create(ctx: ExecutionContext, text: str, *, file: str | None = None) -> ScriptBlock:
    """``[scriptblock]::Create(text)``.

    Raises:
        PSError: a ParseException.
    """
    note_tests(ctx, text)
    node = parse(text, ctx.edition, file=file)
    return ScriptBlock(Code(node, node.source), ctx.session)


def parse(text: str, edition: str, *, file: str | None = None) -> ast.ScriptBlock:
    """The syntax tree of a text.

    Raises:
        PSError: a ParseException with all parse errors.
    """
    from hvsim.lang import parser

    try:
        return parser.parse(text, file=file, edition=edition)
    except ParseError as error:
        raise parse_exception(error, text) from error


class ParseErrorValue(NetObject):
    """``System.Management.Automation.Language.ParseError``."""

    __slots__ = ("info", "source")
    NET = "System.Management.Automation.Language.ParseError"

    def __init__(self, info: ParseErrorInfo, source: ast.Source) -> None:
        self.info = info
        self.source = source

    def __str__(self) -> str:
        return self.info.message


def parse_exception(error: ParseError, text: str) -> PSError:
    """PowerShell's ParseException of the parser's own error."""
    lines = []
    source = ast.Source(text, error.file)
    for info in error.errors:
        line = source.line_text(info.line)
        marks = " " * (info.column - 1) + "~" * max(
            1, min(info.end, info.start + len(line) - info.column + 1) - info.start
        )
        lines.append(f"At {error.file or 'line'}:{info.line} char:{info.column}\n+ {line}\n+ {marks}\n{info.message}")
    exception = NetException(
        "System.Management.Automation.ParseException",
        "\n\n".join(lines) if len(lines) == 1 else "\n".join(lines),
        fields={"Errors": Array(ParseErrorValue(info, source) for info in error.errors)},
    )
    first = error.errors[0].error_id if error.errors else "ParseError"
    record = ErrorRecord(exception, first, "ParserError")
    exception.error_record = record
    return PSError(exception, record)
