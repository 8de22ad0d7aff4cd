# SPDX-License-Identifier: GPL-3.0-or-later
"""if, loops, switch, break, continue, return, exit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, types
from hvsim.runtime.collections import Enumerator
from hvsim.runtime.convert import to_bool
from hvsim.runtime.errors import BreakLoop, ContinueLoop, ExitScript, PSError, ReturnFromScope
from hvsim.runtime.interpreter import errors, switch_file
from hvsim.runtime.interpreter.blocks import collect, statement_block
from hvsim.runtime.interpreter.compiler import Closure, Compiler, statement
from hvsim.runtime.interpreter.expressions import lazy
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.interpreter.fused import fused_condition
from hvsim.runtime.interpreter.literals import pure_expression
from hvsim.runtime.interpreter.variables import writer
from hvsim.runtime.scope import Variable, is_nothing
from hvsim.runtime.scriptblock import ScriptBlock
from hvsim.runtime.structs import Regex
from hvsim.runtime.values import AUTOMATION_NULL, Array


def positioned(run: Closure, extent: ast.Extent) -> Closure:
    """An error of *run* is reported at *extent* instead of the whole statement around it."""

    def evaluate(frame: Frame) -> Any:
        try:
            return run(frame)
        except PSError as error:
            errors.complete(frame, error, extent)
            raise

    return evaluate


def condition_of(node: ast.PipelineBase, c: Compiler) -> Closure:
    """A condition as a closure that yields a bool."""
    pure = pure_expression(node)
    quick = fused_condition(pure, node.extent, c) if pure is not None else None
    if quick is not None:
        return quick
    value = c.value(node)
    extent = node.extent
    runs_commands = pure is None

    def evaluate(frame: Frame) -> bool:
        try:
            result = value(frame)
        except PSError as error:
            errors.complete(frame, error, extent)
            raise
        if runs_commands:
            frame.ctx.question = True
        return to_bool(result)

    return evaluate


# ---- if ----------------------------------------------------------------------------------------------------------------


@statement(ast.IfStatement)
def _if(node: ast.IfStatement, c: Compiler) -> Closure:
    clauses = [(condition_of(condition, c), statement_block(body, c)) for condition, body in node.clauses]
    otherwise = statement_block(node.else_clause, c) if node.else_clause is not None else None
    if len(clauses) == 1:
        return _simple_if(*clauses[0], otherwise)

    def run(frame: Frame) -> None:
        for condition, body in clauses:
            if condition(frame):
                body(frame)
                return
        if otherwise is not None:
            otherwise(frame)

    return run


def _simple_if(condition: Closure, body: Closure, otherwise: Closure | None) -> Closure:
    if otherwise is None:

        def run(frame: Frame) -> None:
            if condition(frame):
                body(frame)

        return run

    def run_either(frame: Frame) -> None:
        if condition(frame):
            body(frame)
        else:
            otherwise(frame)

    return run_either


# ---- loops -------------------------------------------------------------------------------------------------------------


def matches(label: str | None, wanted: str) -> bool:
    """Whether a break or continue with label *wanted* is for the loop *label*."""
    return not wanted or (label is not None and label.lower() == wanted.lower())


def _turn(body: Closure, label: str | None) -> Callable[[Frame], bool]:
    """One run of a loop's body; False when the loop ends by ``break``."""

    def run(frame: Frame) -> bool:
        try:
            body(frame)
        except BreakLoop as stop:
            if not matches(label, stop.label):
                raise
            return False
        except ContinueLoop as go_on:
            if not matches(label, go_on.label):
                raise
        return True

    return run


@statement(ast.WhileStatement)
def _while(node: ast.WhileStatement, c: Compiler) -> Closure:
    assert node.condition is not None
    condition = condition_of(node.condition, c)
    return _loop(condition, statement_block(node.body, c), None, node.label)


def _loop(condition: Closure | None, body: Closure, iterator: Closure | None, label: str | None) -> Closure:
    def run(frame: Frame) -> None:
        tick = frame.ctx.tick
        while condition is None or condition(frame):
            tick()
            try:
                body(frame)
            except BreakLoop as stop:
                if not matches(label, stop.label):
                    raise
                return
            except ContinueLoop as go_on:
                if not matches(label, go_on.label):
                    raise
            if iterator is not None:
                iterator(frame)

    return run


@statement(ast.ForStatement)
def _for(node: ast.ForStatement, c: Compiler) -> Closure:
    start = positioned(c.statement(node.initializer), node.initializer.extent) if node.initializer is not None else None
    condition = condition_of(node.condition, c) if node.condition is not None else None
    iterator = positioned(c.statement(node.iterator), node.iterator.extent) if node.iterator is not None else None
    loop = _loop(condition, statement_block(node.body, c), iterator, node.label)

    def run(frame: Frame) -> None:
        if start is not None:
            start(frame)
        loop(frame)

    return run


@statement(ast.DoWhileStatement)
def _do_while(node: ast.DoWhileStatement, c: Compiler) -> Closure:
    return _do(node, c, wanted=True)


@statement(ast.DoUntilStatement)
def _do_until(node: ast.DoUntilStatement, c: Compiler) -> Closure:
    return _do(node, c, wanted=False)


def _do(node: ast.DoWhileStatement | ast.DoUntilStatement, c: Compiler, *, wanted: bool) -> Closure:
    assert node.condition is not None
    condition = condition_of(node.condition, c)
    turn = _turn(statement_block(node.body, c), node.label)

    def run(frame: Frame) -> None:
        tick = frame.ctx.tick
        while True:
            tick()
            if not turn(frame) or condition(frame) is not wanted:
                return

    return run


@statement(ast.ForEachStatement)
def _foreach(node: ast.ForEachStatement, c: Compiler) -> Closure:
    if node.flags or node.throttle_limit is not None:
        return _refuse("foreach -parallel")
    assert node.condition is not None
    source = positioned(loop_source(node.condition, c), node.condition.extent)
    body = statement_block(node.body, c)
    name = node.variable.variable_path
    key = name.lower()
    store = writer(name)
    label = node.label

    def run(frame: Frame) -> None:
        enumerator = LoopEnumerator(_loop_items(source(frame)))
        variables = frame.scope.vars
        old = variables.get("foreach")
        variables["foreach"] = Variable("foreach", enumerator)
        ctx = frame.ctx
        if frame.has_locals and key not in variables:
            # A local of the function, null even if there is nothing to run over.
            variables[key] = Variable(name, None)
        try:
            for item in enumerator.turns():
                # As ctx.tick() and store() do it, without calls: what is left of them is for the turns that need it.
                ctx.ticks += 1
                if ctx.instruction_limit and ctx.ticks > ctx.instruction_limit:
                    raise ctx.used_up()
                found = variables.get(key)
                if found is not None and found.checks is None and not found.options:
                    found.value = item
                else:
                    store(frame, item)
                try:
                    body(frame)
                except BreakLoop as stop:
                    if not matches(label, stop.label):
                        raise
                    return
                except ContinueLoop as go_on:
                    if not matches(label, go_on.label):
                        raise
        finally:
            _restore(variables, "foreach", old)

    return run


def loop_source(node: ast.PipelineBase, c: Compiler) -> Closure:
    """What a loop runs over: an expression's value, or a pipeline's objects one by one (a single array stays one)."""
    pure = pure_expression(node)
    if pure is not None:
        return lazy(pure, c)
    objects_of = collect(c.statement(node))
    return lambda frame: Array(objects_of(frame))


def _loop_items(value: Any) -> Iterable[Any]:
    """What ``foreach`` and ``switch`` run over: nothing for ``$null``, a scalar once."""
    if type(value) is Array or type(value) is range:
        return value
    if is_nothing(value):
        return ()
    items = convert.enumerate(value)
    return (value,) if items is None else items


def _refuse(what: str) -> Closure:
    def run(frame: Frame) -> None:
        raise Unsupported(what)

    return run


# ---- switch ------------------------------------------------------------------------------------------------------------

Test = Callable[[Frame, Any], bool]


@statement(ast.SwitchStatement)
def _switch(node: ast.SwitchStatement, c: Compiler) -> Closure:
    if "Parallel" in node.flags:
        return _refuse("switch -parallel")
    assert node.condition is not None
    source = positioned(_lines(node.condition, c) if "File" in node.flags else loop_source(node.condition, c), node.condition.extent)
    clauses = [(_clause_test(condition, node.flags, c), statement_block(body, c)) for condition, body in node.clauses]
    default = statement_block(node.default, c) if node.default is not None else None
    label = node.label

    def one(frame: Frame, item: Any) -> None:
        matched = False
        for test, body in clauses:
            if test(frame, item):
                matched = True
                body(frame)
        if not matched and default is not None:
            default(frame)

    return _switch_loop(source, one, label)


def _lines(condition: ast.Statement, c: Compiler) -> Closure:
    path = c.value(condition)
    return lambda frame: Array(switch_file.lines(frame.ctx, path(frame)))


def _switch_loop(source: Closure, one: Callable[[Frame, Any], None], label: str | None) -> Closure:
    def run(frame: Frame) -> None:
        value = source(frame)
        items: Iterable[Any]
        items = (value,) if value is None else _loop_items(value)
        variables = frame.scope.vars
        old_item, old_switch = variables.get("_"), variables.get("switch")
        enumerator = LoopEnumerator(items)
        variables["switch"] = Variable("switch", enumerator)
        try:
            for item in enumerator.turns():
                frame.ctx.tick()
                variables["_"] = Variable("_", item)
                try:
                    one(frame, item)
                except BreakLoop as stop:
                    if not matches(label, stop.label):
                        raise
                    return
                except ContinueLoop as go_on:
                    if not matches(label, go_on.label):
                        raise
        finally:
            _restore(variables, "_", old_item)
            _restore(variables, "switch", old_switch)

    return run


def _restore(variables: dict[str, Variable], key: str, old: Variable | None) -> None:
    if old is None:
        variables.pop(key, None)
    else:
        variables[key] = old


_ENUMERATOR = types.get("System.Collections.IEnumerator")


class LoopEnumerator(Enumerator):
    """``$foreach`` and ``$switch``: the running enumeration, which scripts can read, move on and start again."""

    __slots__ = ()

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(lambda: items, _ENUMERATOR)

    def turns(self) -> Iterator[Any]:
        """The items of the loop; after ``Reset`` they start again."""
        while True:
            if self.iterator is None:
                self.iterator = iter(self.source())
                self.started = True
            iterator = self.iterator
            for item in iterator:
                self.current = item
                yield item
                if self.iterator is not iterator:
                    break
            else:
                return


def _clause_test(node: ast.Expression, flags: frozenset[str], c: Compiler) -> Test:
    case_sensitive = "CaseSensitive" in flags
    if isinstance(node, ast.ScriptBlockExpression):
        return _block_test(node, c)
    value = c.expression(node)
    if "Regex" in flags:
        return _regex_test(value, case_sensitive)
    if "Wildcard" in flags:
        return _wildcard_test(value, case_sensitive)
    return _equality_test(value, case_sensitive)


def _block_test(node: ast.ScriptBlockExpression, c: Compiler) -> Test:
    block = c.expression(node)

    def test(frame: Frame, item: Any) -> bool:
        return to_bool(frame.ctx.invoke_value(block(frame), dollar_underbar=item, new_scope=False))

    return test


def _equality_test(value: Closure, case_sensitive: bool) -> Test:
    """The item and the value are compared as texts; null matches null alone (``PSSwitchClauseEvalBinder``)."""
    from hvsim.runtime import operators

    operator = operators.BINARY["Ceq" if case_sensitive else "Ieq"]

    def test(frame: Frame, item: Any) -> bool:
        wanted = value(frame)
        if type(wanted) is int and type(item) is int:
            return wanted == item
        ctx = frame.ctx
        if isinstance(wanted, ScriptBlock):
            return to_bool(ctx.invoke_value(wanted, dollar_underbar=item, new_scope=False))
        if _is_null(wanted):
            return _is_null(item)
        if isinstance(wanted, Regex):
            return _matches(ctx, item, wanted, case_sensitive)
        return to_bool(operator(ctx, convert.to_string(ctx, item), convert.to_string(ctx, wanted)))

    return test


def _is_null(value: Any) -> bool:
    return value is None or value is AUTOMATION_NULL


def _wildcard_test(value: Closure, case_sensitive: bool) -> Test:
    from hvsim.runtime import wildcard

    def test(frame: Frame, item: Any) -> bool:
        ctx = frame.ctx
        pattern = value(frame)
        if isinstance(pattern, ScriptBlock):
            return to_bool(ctx.invoke_value(pattern, dollar_underbar=item, new_scope=False))
        if _is_null(pattern):
            return _is_null(item)
        if isinstance(pattern, Regex):
            return _matches(ctx, item, pattern, case_sensitive)
        text = convert.to_string(ctx, item)
        return bool(wildcard.compile(convert.to_string(ctx, pattern), ignore_case=not case_sensitive)(text))

    return test


def _regex_test(value: Closure, case_sensitive: bool) -> Test:
    def test(frame: Frame, item: Any) -> bool:
        ctx = frame.ctx
        pattern = value(frame)
        if isinstance(pattern, ScriptBlock):
            return to_bool(ctx.invoke_value(pattern, dollar_underbar=item, new_scope=False))
        return _is_null(item) if _is_null(pattern) else _matches(ctx, item, pattern, case_sensitive)

    return test


def _matches(ctx: Any, item: Any, pattern: Any, case_sensitive: bool) -> bool:
    """A ``[regex]`` among the values matches whatever the switch asks for; the switch says whether case matters."""
    from hvsim.runtime import operators

    operator = operators.BINARY["Cmatch" if case_sensitive else "Imatch"]
    agrees = isinstance(pattern, Regex) and bool(pattern.options & _IGNORE_CASE) is not case_sensitive
    return bool(operator(ctx, convert.to_string(ctx, item), pattern if agrees else convert.to_string(ctx, pattern)))


_IGNORE_CASE = 1
"""``RegexOptions.IgnoreCase``."""


# ---- jumps -------------------------------------------------------------------------------------------------------------


@statement(ast.BreakStatement)
def _break(node: ast.BreakStatement, c: Compiler) -> Closure:
    return _jump(node.label, BreakLoop, c)


@statement(ast.ContinueStatement)
def _continue(node: ast.ContinueStatement, c: Compiler) -> Closure:
    return _jump(node.label, ContinueLoop, c)


def _jump(label: ast.Expression | None, kind: type[BreakLoop] | type[ContinueLoop], c: Compiler) -> Closure:
    if label is None:

        def jump(frame: Frame) -> None:
            raise kind

        return jump
    name = c.expression(label)

    def jump_to(frame: Frame) -> None:
        raise kind(convert.to_string(frame.ctx, name(frame)))

    return jump_to


@statement(ast.ReturnStatement)
def _return(node: ast.ReturnStatement, c: Compiler) -> Closure:
    if node.pipeline is None:

        def leave(frame: Frame) -> None:
            raise ReturnFromScope

        return leave
    write = c.statement(node.pipeline)

    def leave_with(frame: Frame) -> None:
        write(frame)
        raise ReturnFromScope

    return leave_with


@statement(ast.ExitStatement)
def _exit(node: ast.ExitStatement, c: Compiler) -> Closure:
    code = c.value(node.pipeline) if node.pipeline is not None else None

    def leave(frame: Frame) -> None:
        from hvsim.runtime import types

        number = 0
        if code is not None:
            value = code(frame)
            if value is not AUTOMATION_NULL:
                _, number = convert.try_to(frame.ctx, value, types.get("System.Int32"))
        raise ExitScript(int(number or 0))

    return leave
