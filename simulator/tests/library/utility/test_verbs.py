# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from hvsim.lang.errors import Unsupported
from hvsim.library.utility.verbs import GROUPS
from hvsim.runtime import edition51


def test_verbs_by_pattern_and_group(shell: Any) -> None:
    assert shell.out("Get-Verb se* -Group Common | % { \"$($_.Verb) $($_.AliasPrefix) $($_.Group)\" }") == [
        "Search sr Common",
        "Select sc Common",
        "Set s Common",
    ]
    assert shell.out("(Get-Verb -Group security, Other).Verb -join ' '") == ["Use Block Grant Protect Revoke Unblock Unprotect"]
    assert shell.out("(Get-Verb).Count; @(Get-Verb nope).Count; (Get-Verb Get).GetType().FullName") == [
        100,
        0,
        "System.Management.Automation.VerbInfo",
    ]


def test_description_is_refused(shell: Any) -> None:
    with pytest.raises(Unsupported, match="Description of the verbs"):
        shell.run("(Get-Verb Get).Description")


def test_windows_powershell_has_two_properties_and_98_verbs(windows: Any) -> None:
    assert windows.out("(Get-Verb).Count; Get-Verb Build; (Get-Verb Use | Get-Member -MemberType NoteProperty).Name") == [98, "Group", "Verb"]
    assert windows.out("(Get-Verb | Select-Object -ExpandProperty Group -Unique) -join ' '") == [
        "Common Data Lifecycle Diagnostic Communications Security Other"
    ]
    assert windows.error("Get-Verb -Group Common")[0].startswith("NamedParameterNotFound,")


def test_the_table_has_the_verbs_that_lint_approves() -> None:
    verbs = {entry.partition(":")[0] for entries in GROUPS.values() for entry in entries.split()}
    assert verbs - {"Build", "Deploy"} == set(edition51.facts()["approved_verbs"])
