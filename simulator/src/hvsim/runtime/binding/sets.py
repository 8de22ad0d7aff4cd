# SPDX-License-Identifier: GPL-3.0-or-later
"""Choice of the parameter set, and the mandatory parameters that are missing in it."""

from __future__ import annotations

from hvsim.runtime.binding.plan import EVERY, Slot, declared_type
from hvsim.runtime.binding.value import ValueBinding
from hvsim.runtime.context import Questions
from hvsim.runtime.errors import PSError


class SetChoice(ValueBinding):
    """The step that narrows the possible parameter sets down to one."""

    def _choose_set(self, expects_input: bool) -> None:
        self._validate_sets(before_pipeline=expects_input, set_default=not expects_input)
        if expects_input and self.plan.count(self.current) > 1:
            taking = self._sets_taking_pipeline()
            if taking and taking != self.current:
                self.current &= taking
                self._validate_sets(before_pipeline=True, set_default=False)

    def _sets_taking_pipeline(self) -> int:
        """Sets in which some unbound parameter takes pipeline input or a delayed script block waits for it."""
        sets = 0
        for slot in self.plan.slots.values():
            waiting = any(slot is s for s, _ in self.delayed)
            if slot in self.bound and not waiting:
                continue
            for flag, info in slot.infos:
                if info.pipeline or info.pipeline_by_name:
                    sets |= self.current if flag == EVERY else flag & self.current
        return sets

    def _validate_sets(self, *, before_pipeline: bool, set_default: bool) -> None:
        plan = self.plan
        if self.current == 0:
            raise self._ambiguous_set()
        waits = before_pipeline and bool(self._sets_taking_pipeline())
        if self.current == EVERY:
            if not plan.set_names:
                return
            if waits:
                return
            if plan.default:
                if set_default:
                    self.current = plan.default
                return
            if len(plan.set_names) == 1 and plan.bits:
                self.current = plan.bits[plan.set_names[0].lower()]
                return
            self._resolve_by_mandatory()
            return
        if plan.count(self.current) <= 1:
            return
        if not before_pipeline and plan.default & self.current:
            if set_default:
                self.current = plan.default
            return
        if waits:
            return
        self._resolve_by_mandatory()

    def _resolve_by_mandatory(self) -> None:
        """Of several possible sets, the only one whose mandatory parameters are all bound."""
        everything = 0
        for bit in self.plan.bits.values():
            everything |= bit
        remaining = everything if self.current == EVERY else self.current
        for slot in self.plan.slots.values():
            if slot in self.bound:
                continue
            for flag, info in slot.infos:
                if info.mandatory:
                    remaining &= 0 if flag == EVERY else ~flag
        if remaining.bit_count() != 1:
            raise self._ambiguous_set()
        self.current = remaining

    def _ambiguous_set(self, taker: Slot | None = None) -> PSError:
        """*taker* is the second parameter of the set that takes all remaining arguments."""
        return self._error(
            "AmbiguousParameterSet",
            "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be "
            "used together or an insufficient number of parameters were provided.",
            category="InvalidArgument" if taker is None else "MetadataError",
            parameter=None if taker is None else taker.name,
            expected=None if taker is None else declared_type(taker),
        )

    def _set_chosen(self) -> None:
        """Fixes the name of the parameter set."""
        if self.plan.count(self.current) > 1 or self.current == EVERY:
            if self.plan.default and self.current & self.plan.default:
                self.parameter_set = self.plan.name_of(self.plan.default)
            else:
                self.parameter_set = self.plan.name_of(self.current)
        else:
            self.parameter_set = self.plan.name_of(self.current)

    # ---- mandatory parameters ---------------------------------------------------------------------------------------

    def _missing(self, sets: int, *, include_pipeline: bool) -> list[Slot]:
        missing = []
        for slot in self.plan.mandatory_slots:
            if slot in self.bound:
                continue
            for info in slot.matching(sets):
                if info.mandatory and (include_pipeline or not (info.pipeline or info.pipeline_by_name)):
                    missing.append(slot)
                    break
        return missing

    def _check_mandatory(self, expects_input: bool) -> None:
        sets = self.current
        if not expects_input:
            missing = self._missing(sets, include_pipeline=True)
        elif self.plan.count(sets) > 1 or sets == EVERY:
            missing = self._missing_before_pipeline(sets)
        else:
            missing = self._missing(sets, include_pipeline=False)
        if missing:
            raise self._missing_mandatory(missing)

    def _missing_before_pipeline(self, sets: int) -> list[Slot]:
        """With several sets open: drop those that lack a mandatory value the pipeline cannot bring."""
        candidates = [b for b in self.plan.bits.values() if b & sets] or [EVERY]
        lacking = {bit: self._missing(bit, include_pipeline=False) for bit in candidates}
        possible = [bit for bit in candidates if not lacking[bit]]
        if not possible:
            return lacking[self.plan.default if self.plan.default in lacking else candidates[0]]
        default = self.plan.default
        others = [bit for bit in candidates if bit != default]
        if default in possible and any(
            self._awaits(default, by) and not any(self._awaits(bit, by) for bit in others)
            for by in ("pipeline_by_name", "pipeline")
        ):
            # The default set alone waits for values (or properties) of the pipeline: PowerShell latches on to it.
            self.current = default
            return []
        if len(possible) < len(candidates):
            self.current = 0
            for bit in possible:
                self.current |= bit
        return []

    def _awaits(self, bit: int, by: str) -> bool:
        """Whether a mandatory parameter of the set is still to come from the pipeline, by value or by property name."""
        return any(
            info.mandatory and getattr(info, by)
            for slot in self._missing(bit, include_pipeline=True)
            for info in slot.matching(bit)
        )

    def _first_position(self, slot: Slot) -> int:
        positions = [info.position for info in slot.matching(self.current) if info.position is not None]
        return min(positions, default=1_000)

    def _missing_mandatory(self, missing: list[Slot]) -> PSError:
        if self.implemented is not None:
            # The recorded metadata of cmdlets is in alphabetical order; PowerShell names them as declared.
            missing = sorted(missing, key=self._first_position)
        ask = self.ctx.services.get(Questions)
        if ask is not None:
            ask()
        names = "".join(f" {slot.name}" for slot in missing)
        return self._error(
            "MissingMandatoryParameter",
            f"Cannot process command because of one or more missing mandatory parameters:{names}.",
            parameter=names,
        )
