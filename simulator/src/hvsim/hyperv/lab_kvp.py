# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the lab file that is about key-value pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from hvsim.hyperv.kvp import KvpBehaviour, KvpSettings, Pairs, kvp_of

if TYPE_CHECKING:
    from hvsim.hyperv.host import Host
    from hvsim.hyperv.vm import VirtualMachine


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PushedSpec(_Model):
    """A pair that the guest has pushed."""

    name: str = Field(min_length=1)
    value: str = ""


class KvpSpec(_Model):
    """Key-value pairs of a VM; what the guest has pushed can also stand in guest.kvp."""

    host: dict[str, str] = Field(default_factory=dict, description="HostExchangeItems: sent to the guest.")
    host_only: dict[str, str] = Field(default_factory=dict, description="HostOnlyItems: never leave the host.")
    pushed: list[PushedSpec] = Field(
        default_factory=list, description="GuestExchangeItems besides guest.kvp; a Linux guest may push a name twice."
    )
    intrinsic: dict[str, str | None] = Field(
        default_factory=dict, description="What the guest tells of itself in place of the usual; null: nothing."
    )
    disable_host_items: bool = Field(default=False, description="The host does not describe itself to the guest.")
    checkpoints: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Names of checkpoints, each with the host items of its time."
    )

    def apply(self, host: Host, vm: VirtualMachine) -> None:
        """Give a new VM its pairs."""
        kvp = kvp_of(host, vm)
        key = kvp.behaviour_key
        kvp.settings = KvpSettings(Pairs(self.host, key), Pairs(self.host_only, key), self.disable_host_items)
        kvp.checkpoints = {name: KvpSettings(Pairs(items, key)) for name, items in self.checkpoints.items()}
        kvp.intrinsic = dict(self.intrinsic)
        for pair in self.pushed:
            kvp.store.push(pair.name, pair.value)


class KvpBehaviourSpec(_Model):
    """Switches for what nobody could verify about key-value pairs on a real host (see ASSUMPTIONS.md)."""

    jobs: Literal["asynchronous", "synchronous"] = "asynchronous"
    job_seconds: float = Field(default=0.2, ge=0, le=86_400, allow_inf_nan=False, description="Time that a job takes.")
    job_lifetime: float = Field(
        default=300, ge=0, le=86_400, allow_inf_nan=False, description="Time for which a finished job is known."
    )
    add_existing: Literal[32768, 32773, 32779] = 32773
    modify_missing: Literal[32773, 32779] = 32773
    partial: Literal["nothing", "until_error"] = "nothing"
    keys: Literal["case_insensitive", "case_sensitive"] = "case_insensitive"
    saved: Literal["allow", "refuse"] = "refuse"
    concurrent: Literal["allow", "refuse"] = "refuse"
    empty_value: Literal["missing", "empty"] = "missing"
    off_components: Literal["absent", "empty"] = "absent"
    device_id: Literal["component", "vm"] = "component"
    not_permitted: Literal["empty", "access_denied"] = "empty"

    def behaviour(self) -> KvpBehaviour:
        """The model's own form."""
        return KvpBehaviour(**self.model_dump())
