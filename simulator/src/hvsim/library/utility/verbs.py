# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-Verb: the approved verbs of PowerShell ("Approved Verbs for PowerShell Commands", Microsoft Learn)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from hvsim.lang.errors import Unsupported
from hvsim.runtime import objects, wildcard
from hvsim.runtime.command import Cmdlet, cmdlet
from hvsim.runtime.members import getter, setter
from hvsim.runtime.types import net_class
from hvsim.runtime.values import NetObject

_INFO: Final = "System.Management.Automation.VerbInfo"

#: Group -> its verbs, each with the prefix that aliases of its commands have. In the order in which PowerShell 7 lists them.
GROUPS: Final[dict[str, str]] = {
    "Common": (
        "Add:a Clear:cl Close:cs Copy:cp Enter:et Exit:ex Find:fd Format:f Get:g Hide:h Join:j Lock:lk Move:m New:n Open:op "
        "Optimize:om Pop:pop Push:pu Redo:re Remove:r Rename:rn Reset:rs Resize:rz Search:sr Select:sc Set:s Show:sh Skip:sk "
        "Split:sl Step:st Switch:sw Undo:un Unlock:uk Watch:wc"
    ),
    "Communications": "Connect:cc Disconnect:dc Read:rd Receive:rc Send:sd Write:wr",
    "Data": (
        "Backup:ba Checkpoint:ch Compare:cr Compress:cm Convert:cv ConvertFrom:cf ConvertTo:ct Dismount:dm Edit:ed Expand:en "
        "Export:ep Group:gp Import:ip Initialize:in Limit:l Merge:mg Mount:mt Out:o Publish:pb Restore:rr Save:sv Sync:sy "
        "Unpublish:ub Update:ud"
    ),
    "Diagnostic": "Debug:db Measure:ms Ping:pi Repair:rp Resolve:rv Test:t Trace:tr",
    "Lifecycle": (
        "Approve:ap Assert:as Build:bd Complete:cmp Confirm:cn Deny:dn Deploy:dp Disable:d Enable:e Install:is Invoke:i "
        "Register:rg Request:rq Restart:rt Resume:ru Start:sa Stop:sp Submit:sb Suspend:ss Uninstall:us Unregister:ur Wait:w"
    ),
    "Other": "Use:u",
    "Security": "Block:bl Grant:gr Protect:pt Revoke:rk Unblock:ul Unprotect:up",
}
#: The function of Windows PowerShell 5.1 goes through the groups in the order of its assembly's types.
_GROUPS_51: Final = ("Common", "Data", "Lifecycle", "Diagnostic", "Communications", "Security", "Other")
_SINCE_6: Final = frozenset(("Build", "Deploy"))
#: The 5.1 function selects two properties of what Get-Member tells of the classes of verbs.
_SELECTED_51: Final = "Selected.Microsoft.PowerShell.Commands.MemberDefinition"


@net_class(_INFO)
class VerbInfo(NetObject):
    """One verb."""

    __slots__ = ("group", "prefix", "verb")
    NET: ClassVar[str] = _INFO

    def __init__(self, verb: str, prefix: str, group: str) -> None:
        self.verb, self.prefix, self.group = verb, prefix, group


@getter(_INFO, "Description", type="string")
def _description(self: VerbInfo) -> str:
    raise Unsupported("property Description of the verbs of Get-Verb")


for _name, _slot in (("Verb", "verb"), ("AliasPrefix", "prefix"), ("Group", "group")):
    getter(_INFO, _name, type="string")(lambda self, slot=_slot: getattr(self, slot))
    setter(_INFO, _name)(lambda self, value, slot=_slot: setattr(self, slot, value))
objects.property_order(_INFO, "Verb", "AliasPrefix", "Group", "Description")


@cmdlet("Get-Verb", parameters=("Verb", "Group"))
class GetVerb(Cmdlet):
    """Verbs by pattern and group; a verb that fits several patterns comes once."""

    def process(self) -> None:
        patterns = [wildcard.compile(pattern) for pattern in self.arg("Verb", ["*"]) or ["*"]]
        wanted = [group.lower() for group in self.arg("Group") or GROUPS]
        windows = self.ctx.edition == "5.1"
        for group in _GROUPS_51 if windows else GROUPS:
            if group.lower() not in wanted:
                continue
            for entry in GROUPS[group].split():
                verb, _, prefix = entry.partition(":")
                if any(matches(verb) for matches in patterns) and not (windows and verb in _SINCE_6):
                    self.write(self._selected(verb, group) if windows else VerbInfo(verb, prefix, group))

    def _selected(self, verb: str, group: str) -> Any:
        made = objects.custom_object([("Verb", verb), ("Group", group)])
        made.type_names = [_SELECTED_51, *objects.type_names(made)]
        return made
