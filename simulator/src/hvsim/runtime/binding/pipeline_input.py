# SPDX-License-Identifier: GPL-3.0-or-later
"""Binding of pipeline objects, by value and by property name, and the common parameters that collect output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import types
from hvsim.runtime.binding.command_line import CommandLineBinding
from hvsim.runtime.binding.plan import ANYTHING, Slot
from hvsim.runtime.binding.state import KINDS
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import Array, unwrap

if TYPE_CHECKING:
    from hvsim.runtime.pipeline import CommandRuntime

_ABSENT = object()
_COLLECTING = (
    ("ErrorVariable", "error"),
    ("WarningVariable", "warning"),
    ("InformationVariable", "information"),
)
_CONVERSION_IDS = frozenset(
    ("ParameterArgumentTransformationError", "CannotConvertArgumentNoMessage", "CannotConvertArgument", "MismatchedPSTypeName")
)


class Binding(CommandLineBinding):
    """The whole binding of one call: first the command line, then each pipeline object."""

    def bind_pipeline(self, value: Any, runtime: CommandRuntime) -> bool:
        """Binds one pipeline object; writes the error and answers False if the object cannot be bound.

        Raises:
            PSError: only if the error action is Stop.
        """
        if self.plain is not None:
            self.values.pop(self.plain, None)
            self.plain = None
        self._restore()
        try:
            done = self._bind_delayed(value)
            if done is not False:
                bound = self._bind_pipeline_value(value)
                if not bound and done is None:
                    raise self._input_not_bound(value)
                self._finish_sets()
                missing = self._missing(self.current, include_pipeline=True)
                if missing:
                    raise self._input_incomplete(missing, value)
        except PSError as error:
            if error.record is None or not error.exception.kind.startswith(KINDS):
                raise
            record = error.record
            record.target, record.invocation = value, self.invocation
            runtime.write_error(record)
            return False
        self._refuse_unimplemented()
        self._set_chosen()
        self._find_plain()
        return True

    def _find_plain(self) -> None:
        """Most cmdlets have one parameter for pipeline objects that takes anything: the next objects need no binding."""
        if self.delayed or len(self.from_pipeline) != 1:
            return
        (slot, previous), = self.from_pipeline.items()
        parameter = slot.parameter
        wanted = parameter.net_type
        if previous is not _ABSENT or wanted is None or wanted.full_name not in ANYTHING:
            return
        if parameter.is_special or any(info.pipeline_by_name for _, info in slot.infos):
            return
        others = (s for s in self.plan.pipeline_slots if s is not slot and s not in self.bound)
        if not any(s.valid_in(self.before_pipeline) for s in others):
            self.plain = slot.name

    def _restore(self) -> None:
        for slot, previous in self.from_pipeline.items():
            self.bound.pop(slot, None)
            if previous is _ABSENT:
                self.values.pop(slot.name, None)
            else:
                self.values[slot.name] = previous
        self.from_pipeline.clear()
        self.current = self.before_pipeline

    def _finish_sets(self) -> None:
        self._validate_sets(before_pipeline=False, set_default=True)

    def _bind_delayed(self, value: Any) -> bool | None:
        """Runs the script blocks given for pipeline parameters, with ``$_`` as the object. None: there are none."""
        if not self.delayed:
            return None
        for slot, block in self.delayed:
            try:
                items = self.ctx.invoke(block, dollar_underbar=value)
            except PSError as error:
                text = error.exception.message
                raise self._error(
                    "ScriptBlockArgumentInvocationFailed",
                    f"The input to the script block for parameter '{slot.name}' failed. {text}",
                    parameter=slot.name,
                    extent=self._place_of(slot),
                    inner=error.exception,
                ) from error
            if not items:
                raise self._error(
                    "ScriptBlockArgumentNoOutput",
                    f"Cannot evaluate parameter '{slot.name}' because its argument input did not produce any output.",
                    kind="Exception",
                    category="InvalidArgument",
                    parameter=slot.name,
                    extent=self._place_of(slot),
                )
            result = items[0] if len(items) == 1 else Array(items)
            converted = self._convert(slot, result)
            self._validate(slot, converted, result)
            self.values[slot.name] = converted
        return True

    def _bind_pipeline_value(self, value: Any) -> bool:
        bound_any = False
        for by_name, coerce in ((False, False), (True, False), (False, True), (True, True)):
            if self._bind_state(value, by_name, coerce):
                bound_any = True
        return bound_any

    def _bind_state(self, value: Any, by_name: bool, coerce: bool) -> bool:
        default = self.plan.default
        sets = self.current
        if default and sets & default:
            if self._bind_state_in(value, by_name, coerce, default):
                return True
            sets = sets & ~default
        return self._bind_state_in(value, by_name, coerce, sets)

    def _bind_state_in(self, value: Any, by_name: bool, coerce: bool, sets: int) -> bool:
        bound = False
        for slot in self.plan.pipeline_slots:
            if slot in self.bound or not slot.valid_in(sets):
                continue
            for info in slot.matching(sets):
                if by_name and info.pipeline_by_name and value is not None:
                    done = self._bind_property(slot, value, coerce)
                elif not by_name and info.pipeline:
                    done = self._bind_object(slot, value, coerce)
                else:
                    continue
                if done:
                    bound = True
                    break
        return bound

    def _bind_object(self, slot: Slot, value: Any, coerce: bool) -> bool:
        previous = self.values.get(slot.name, _ABSENT)
        try:
            if not self._bind(slot, value, coerce=coerce, argument=None, delay=False, pipeline=True):
                return False
        except PSError as error:
            if error.record is not None and error.record.error_id in _CONVERSION_IDS:
                return False
            raise
        self.from_pipeline[slot] = previous
        return True

    def _bind_property(self, slot: Slot, value: Any, coerce: bool) -> bool:
        from hvsim.runtime import objects

        for name in (slot.name, *slot.parameter.aliases):
            found = objects.find_property(self.ctx, value, name)
            if found is None:
                continue
            previous = self.values.get(slot.name, _ABSENT)
            member = found.get(self.ctx, value)
            if not self._bind(slot, member, coerce=coerce, argument=None, delay=False, pipeline=True):
                return False
            self.from_pipeline[slot] = previous
            return True
        return False

    def _input_not_bound(self, value: Any) -> PSError:
        return self._error(
            "InputObjectNotBound",
            "The input object cannot be bound to any parameters for the command either because the command does not take "
            "pipeline input or the input and its properties do not match any of the parameters that take pipeline input.",
            parameter=None,
            specified=value,
        )

    def _input_incomplete(self, missing: list[Slot], value: Any) -> PSError:
        names = "".join(f" {slot.name}" for slot in missing)
        return self._error(
            "InputObjectMissingMandatory",
            "The input object cannot be bound because it did not contain the information required to bind all mandatory "
            f"parameters: {names}",
            parameter=None,
            specified=value,
        )

    # ---- common parameters ------------------------------------------------------------------------------------------

    def attach(self, runtime: CommandRuntime) -> None:
        """Sets up ``-OutVariable``, ``-ErrorVariable`` and their kin after the command line is bound."""
        runtime.common = self.common
        for name in ("ErrorAction", "WarningAction"):
            if name in self.common and types.enum_text(self.common[name]) == "Suspend":
                raise Unsupported(f"-{name} Suspend")
        for name, stream in _COLLECTING:
            if name in self.common:
                self.collectors.append((stream, self._variable_list(self.common[name])))
        if "OutVariable" in self.common:
            from hvsim.runtime.pipeline import VariablePipe

            runtime.out = VariablePipe(runtime.out, self._variable_list(self.common["OutVariable"]))
        if "PipelineVariable" in self.common:
            from hvsim.runtime.pipeline import PipelineVariablePipe

            runtime.out = PipelineVariablePipe(self.ctx, runtime.out, self.common["PipelineVariable"])

    def _variable_list(self, name: str | None) -> list[Any]:
        from hvsim.runtime import convert
        from hvsim.runtime.collections import ArrayList, GenericList

        if not name:
            return ArrayList()
        if name.startswith("+"):
            existing = unwrap(self.ctx.get_variable(name[1:]))
            items: list[Any] = existing if isinstance(existing, (ArrayList, GenericList)) else ArrayList()
            if existing is not None and items is not existing:
                elements = convert.enumerate(existing)
                items.extend([existing] if elements is None else elements)
            name = name[1:]
        else:
            items = ArrayList()
        self.ctx.set_variable(name, items)
        return items
