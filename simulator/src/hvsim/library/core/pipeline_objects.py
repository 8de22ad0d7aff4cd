# SPDX-License-Identifier: GPL-3.0-or-later
"""ForEach-Object, Where-Object and Out-Null."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.library.core.item_block import ItemBlock
from hvsim.runtime import convert, objects, operators, types, wildcard
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.streams import Collector, collapse
from hvsim.runtime.values import AUTOMATION_NULL
from hvsim.runtime.wrappers import wrapped

_ARGUMENT = "System.Management.Automation.PSArgumentException"


@cmdlet(
    "ForEach-Object",
    parameters=("InputObject", "Begin", "Process", "End", "RemainingScripts", "MemberName", "ArgumentList"),
)
class ForEachObject(Cmdlet):
    """Runs script blocks in the caller's scope, or reads a member of every object."""

    def begin(self) -> None:
        self.blocks: list[Any] = []
        self.end_block: Any = None
        self.runners: list[ItemBlock] | None = None
        self.by_member = self.bound("MemberName")
        if self.by_member:
            return
        common = self.runtime.common
        if common.get("WhatIf") is True or common.get("Confirm") is True:
            raise self.fail(
                "The -WhatIf and -Confirm parameters are not supported for script blocks.",
                "NoShouldProcessForScriptBlockSet",
                "InvalidOperation",
                kind="System.InvalidOperationException",
            )
        first = [self.args["Begin"]] if self.bound("Begin") else []
        # -Process $null is one block that does nothing.
        blocks = [*first, *(self.args["Process"] or [None]), *(self.arg("RemainingScripts") or [])]
        self.end_block = self.arg("End")
        stop = len(blocks)
        if not self.bound("End") and stop > 2:
            stop -= 1
            self.end_block = blocks[stop]
        start = 1 if len(blocks) > 1 else 0
        self.blocks = blocks[start:stop]
        if start and blocks[0] is not None:
            self._run(blocks[0])

    def _run(self, block: Any, **options: Any) -> None:
        if block is not None:
            block.run(self.ctx, self.runtime.out, (), new_scope=False, **options)

    def process(self) -> None:
        value = self.args.get("InputObject")
        if self.by_member:
            self._member(value)
            return
        if self.ctx.shows_wrappers:
            value = wrapped(value)
        if self.runners is None:
            self.runners = [ItemBlock(self.ctx, block, self.runtime.out) for block in self.blocks if block is not None]
        for runner in self.runners:
            runner.run(value)

    def end(self) -> None:
        if self.end_block is not None:
            self._run(self.end_block)

    # -- property or method: ForEachObjectCommand.ProcessPropertyAndMethodParameterSet --

    def _allowed(self, value: Any, action: str) -> bool:
        """ShouldProcess, which a member asks for and a script block does not."""
        if not self.runtime.describes:
            return True
        text = "null" if value is None else convert.net_string(self.ctx, value)
        return self.should_process(f"InputObject: {text or types.of(value).full_name}", action)

    def _member(self, value: Any) -> None:
        name = self.args["MemberName"]
        if self.arg("ArgumentList"):
            self._call(value, name, list(self.args["ArgumentList"]))
            return
        if value is None:
            if not self._allowed(value, f"Retrieve the value for property '{name}'"):
                return
            if self.ctx.strict >= 2:
                self.error(
                    "Cannot operate on a 'null' input object.", "InputObjectIsNull", "InvalidArgument", kind=_ARGUMENT
                )
            else:
                self.write(None)
            return
        if isinstance(value, Dictionary) and value.contains(name):
            if self._allowed(value, f"Retrieve the value for key '{name}'"):
                self.write_all(value.get(name))
            return
        found = self._resolve(value, name)
        if found is None:
            return
        if found.kind in _METHOD_KINDS:
            if self._allowed(value, f"Invoke method '{found.name}'"):
                self._invoke(value, found.name, [])
            return
        if not self._allowed(value, f"Retrieve the value for property '{found.name}'"):
            return
        try:
            self.write_all(found.get(self.ctx, value))
        except PSError:
            self.write(None)

    def _resolve(self, value: Any, name: str) -> Any:
        matcher = wildcard.compile(name)
        exact = name.lower()
        candidates = [m for m in objects.members(self.ctx, value) if matcher(m.name)]
        if len(candidates) > 1:
            same = [m for m in candidates if m.name.lower() == exact]
            if len(same) == 1 or (same and not wildcard.contains_wildcard(name)):
                return same[0]
            names = "".join(f" {m.name}" for m in candidates)
            self.error(
                f'Input name "{name}" is ambiguous. It can be resolved to multiple matched members. Possible matches include:{names}.',
                "AmbiguousPropertyOrMethodName",
                "InvalidArgument",
                value,
                kind=_ARGUMENT,
            )
            return None
        if candidates:
            return candidates[0]
        if isinstance(value, Dictionary):
            found = objects.find_property(self.ctx, value, name)
            if found is not None:
                return found
        if not self._allowed(value, f"Retrieve the value for property '{name}'"):
            return None
        if self.ctx.strict >= 2:
            self.error(
                f'The input name "{name}" cannot be resolved to a member.',
                "PropertyOrMethodNotFound",
                "InvalidArgument",
                value,
                kind=_ARGUMENT,
            )
        else:
            self.write(None)
        return None

    def _call(self, value: Any, name: str, args: list[Any]) -> None:
        if value is None:
            self.error(
                "You cannot call a method on a null-valued expression.", "InvokeMethodOnNull", "InvalidArgument", kind=_ARGUMENT
            )
            return
        methods = [m for m in objects.members(self.ctx, value) if m.kind in _METHOD_KINDS and wildcard.compile(name)(m.name)]
        if len(methods) != 1:
            names = "".join(f" {m.name}" for m in methods)
            text = f'Input name "{name}" is ambiguous. It can be resolved to multiple matched methods. Possible matches include:{names}.'
            error_id = "AmbiguousMethodName"
            if not methods:
                text, error_id = f'Input name "{name}" cannot be resolved to a method.', "MethodNotFound"
            self.error(text, error_id, "InvalidArgument", value, kind=_ARGUMENT)
            return
        shown = ", ".join("null" if a is None else convert.net_string(self.ctx, a) or types.of(a).full_name for a in args)
        if self._allowed(value, f"Invoke method '{methods[0].name}' with arguments: {shown}"):
            self._invoke(value, methods[0].name, args)

    def _invoke(self, value: Any, name: str, args: list[Any]) -> None:
        """A method that takes no such number of arguments is written itself."""
        try:
            result = objects.invoke_member(self.ctx, value, name, args)
        except PSError as error:
            error_id = error.record.fully_qualified_error_id if error.record is not None else ""
            if error_id.startswith("MethodCountCouldNotFindBest"):
                self.write(objects.get_member(self.ctx, value, name))
                return
            if error_id.startswith("MethodArgumentConversion"):
                # The adapter names the argument by its position, and nothing recorded shows it.
                raise Unsupported(f"ForEach-Object {name} with arguments that do not convert") from None
            inner = error.exception.inner or error.exception
            kind = error.exception.kind
            self.error(error.exception.message, "MethodInvocationError", "InvalidOperation", value, kind=kind, inner=inner)
            return
        if result is not AUTOMATION_NULL:
            self.write_all(result)


_METHOD_KINDS = frozenset(("Method", "ScriptMethod", "CodeMethod", "ParameterizedProperty"))

_COMPARISONS: dict[str, str] = {
    "EQ": "Ieq", "CEQ": "Ceq", "NE": "Ine", "CNE": "Cne", "GT": "Igt", "CGT": "Cgt", "LT": "Ilt", "CLT": "Clt",
    "GE": "Ige", "CGE": "Cge", "LE": "Ile", "CLE": "Cle", "Like": "Ilike", "CLike": "Clike", "NotLike": "Inotlike",
    "CNotLike": "Cnotlike", "Match": "Imatch", "CMatch": "Cmatch", "NotMatch": "Inotmatch", "CNotMatch": "Cnotmatch",
    "Contains": "Icontains", "CContains": "Ccontains", "NotContains": "Inotcontains", "CNotContains": "Cnotcontains",
    "In": "Iin", "CIn": "Cin", "NotIn": "Inotin", "CNotIn": "Cnotin", "Is": "Is", "IsNot": "IsNot",
}  # fmt: skip


#: .NET's ArgumentException and what derives from it.
_ARGUMENT_ERRORS = frozenset(
    (_ARGUMENT, "System.ArgumentException", "System.ArgumentNullException", "System.ArgumentOutOfRangeException",
     "System.Text.RegularExpressions.RegexParseException")
)  # fmt: skip
_INCOMPLETE = {
    "OperatorNotSpecified": "An operator is required to compare the two specified values. Include a valid operator in the command, "
    "and then try the command again. For example, Get-Process | Where-Object -Property Name -eq Idle",
    "ValueNotSpecifiedForWhereObject": "The specified operator requires both the -Property and -Value parameters. Provide values for "
    "both parameters, and then try the command again.",
}


@cmdlet("Where-Object", parameters=("InputObject", "FilterScript", "Property", "Value", "Not", *_COMPARISONS))
class WhereObject(Cmdlet):
    """Lets objects through: by script block, or by ``Property -op Value``."""

    def begin(self) -> None:
        # Not a bound method: that would be a circle, and what the caller's frame holds would stay until it is found.
        self.has_block = self.bound("FilterScript")
        if self.has_block:
            self.collector = Collector()
            self.runner = ItemBlock(self.ctx, self.args["FilterScript"], self.collector)
            return
        chosen = [name for name in _COMPARISONS if self.arg(name) is True]
        self.incomplete = (
            "ValueNotSpecifiedForWhereObject" if chosen and not self.bound("Value")
            else "OperatorNotSpecified" if not chosen and not self.bound("Not") and self.bound("Value")
            else None
        )  # fmt: skip
        self.token = _COMPARISONS[chosen[0]] if chosen else ""
        self.operator = operators.BINARY[self.token] if chosen else None
        self.value = self._wanted(chosen[0] if chosen else "")

    def _wanted(self, operator: str) -> Any:
        value = self.arg("Value")
        if operator in ("Is", "IsNot") and isinstance(value, str):
            name = value[1:-1] if len(value) > 2 and value.startswith("[") and value.endswith("]") else value
            return convert.to(self.ctx, name, types.get("System.Type"))
        return value

    def process(self) -> None:
        value = self.args.get("InputObject")
        if value is AUTOMATION_NULL:
            return
        if self.ctx.shows_wrappers:
            value = wrapped(value)
        if self._by_block(value) if self.has_block else self._by_property(value):
            self.runtime.out.write(value)

    def _by_block(self, value: Any) -> bool:
        items = self.collector.items
        items.clear()
        self.runner.run(value)
        if len(items) == 1:
            result = items[0]
            return result if type(result) is bool else convert.to_bool(result)
        return convert.to_bool(collapse(items))

    def _by_property(self, value: Any) -> bool:
        if self.incomplete is not None:
            raise self.fail(_INCOMPLETE[self.incomplete], self.incomplete, "InvalidArgument", kind=_ARGUMENT)
        found, current = self._read(value)
        if not found:
            return False
        if self.operator is None:
            truth = convert.to_bool(current)
            return not truth if self.arg("Not") is True else truth
        try:
            return convert.to_bool(self.operator(self.ctx, current, self.value))
        except PSError as error:
            self._operator_failed(value, error)
            return False

    def _operator_failed(self, value: Any, error: PSError) -> None:
        """One object that cannot be compared is an error, not the end (``WhereObjectCommand.ProcessRecord``)."""
        token = "In" if self.token == "Iin" else self.token
        thrown = error.exception
        if thrown.kind in _ARGUMENT_ERRORS:
            text = f"The argument to operator '{token}' is not valid: {thrown.message}."
            self.error(text, "BadOperatorArgument", "InvalidArgument", value, kind=_ARGUMENT)
            return
        text, kind = f"The '{token}' operator failed: {thrown.message}.", "System.Management.Automation.PSInvalidOperationException"
        self.error(text, "OperatorFailed", "InvalidOperation", value, kind=kind)

    def _read(self, value: Any) -> tuple[bool, Any]:
        name = self.args["Property"]
        if value is None:
            if self.ctx.strict >= 2:
                self.error("Cannot operate on a 'null' input object.", "InputObjectIsNull", "InvalidArgument", kind=_ARGUMENT)
                return False, None
            return True, None
        if isinstance(value, Dictionary) and value.contains(name):
            return True, value.get(name)
        member = self._resolved(value, name)
        if isinstance(member, list):
            names = "".join(f" {m.name}" for m in member)
            self.error(
                f'Input name "{name}" is ambiguous. It can be resolved to multiple matched members. Possible matches include:{names}.',
                "AmbiguousPropertyName",
                "InvalidArgument",
                value,
                kind=_ARGUMENT,
            )
            return False, None
        if member is None:
            if self.ctx.strict >= 2:
                self.error(
                    f'The input name "{name}" cannot be resolved to a property.',
                    "PropertyNotFound",
                    "InvalidArgument",
                    value,
                    kind=_ARGUMENT,
                )
                return False, None
            return True, None
        try:
            return True, member.get(self.ctx, value)
        except PSError:
            return True, None

    def _resolved(self, value: Any, name: str) -> Any:
        """The member that a name or pattern means, methods among them; a list if it means several."""
        if not wildcard.contains_wildcard(name):
            return objects.find_property(self.ctx, value, name) or objects.find_member(self.ctx, value, name)
        matcher = wildcard.compile(name)
        found = [m for m in objects.members(self.ctx, value) if matcher(m.name)]
        return found if len(found) > 1 else found[0] if found else None


@cmdlet("Out-Null", parameters=("InputObject",))
class OutNull(Cmdlet):
    """Swallows its input."""


