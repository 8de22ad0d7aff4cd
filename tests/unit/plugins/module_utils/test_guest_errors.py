# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""_GuestError.psm1: what an error of a session is about, by its id and the types of its exceptions."""

from __future__ import annotations

import pytest
from key_value_engine import Engine

RECORD = """
    $exception = New-Object -TypeName System.Management.Automation.{kind} -ArgumentList 'the text'
    $arguments = $exception, '{error_id}', 'NotSpecified', $null
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $arguments
"""
#: Id, type of the exception, what it is about.
KINDS = [
    ("HyperVModuleNotAvailable,X", "RuntimeException", "module"),
    ("InvalidVMIdNotSingle,X", "RuntimeException", "vm"),
    ("InvalidVMNameNotSingle", "RuntimeException", "vm"),
    ("InvalidVMState,X", "RuntimeException", "state"),
    ("VMSessionConnectFailed", "PSInvalidOperationException", "transport"),
    ("ScriptsNotAllowed", "RuntimeException", "language"),
    ("PropertyReferenceNotSupportedInDataSection", "RuntimeException", "language"),
    ("MethodInvocationNotSupportedInConstrainedLanguage", "RuntimeException", "language"),
    ("Anything,X", "RuntimeException", "other"),
]


@pytest.fixture(scope="module", params=["5.1", "7"])
def session(request: pytest.FixtureRequest) -> Engine:
    return Engine("_GuestError", edition=request.param)


@pytest.mark.parametrize(("error_id", "kind", "about"), KINDS)
def test_what_an_error_is_about(session: Engine, error_id: str, kind: str, about: str) -> None:
    script = RECORD.format(kind=kind, error_id=error_id) + "ConvertTo-Json (Get-GuestErrorKind -ErrorRecord $record)"
    assert session.run(script) == about


def test_a_refused_language_names_the_option_and_what_is_needed(session: Engine) -> None:
    script = RECORD.format(kind="RuntimeException", error_id="ScriptsNotAllowed")
    text = session.run(script + "ConvertTo-Json (Get-GuestErrorText -ErrorRecord $record)")
    assert "configuration_name must name a configuration whose LanguageMode is FullLanguage" in text
    assert text.endswith("The host reported: the text")
