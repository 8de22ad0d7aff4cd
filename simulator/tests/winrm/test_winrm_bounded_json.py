# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON from outside may be nested 200 levels; deeper it is refused before it is decoded."""

from __future__ import annotations

import json

import pytest

from hvsim.engine.api import ProcessResult
from hvsim.winrm import bounded_json, jobs


def test_depth() -> None:
    assert bounded_json.loads("[" * 200 + "]" * 200) == json.loads("[" * 200 + "]" * 200)
    assert bounded_json.loads(json.dumps("[" * 1000)) == "[" * 1000
    assert bounded_json.loads(b'{"a": ["\\u00fc", "\xc3\xbc"]}') == {"a": ["\u00fc", "\u00fc"]}
    for text in ("[" * 201 + "]" * 201, "[" * 1_000_000, '{"a":' * 201 + "1" + "}" * 201):
        with pytest.raises(bounded_json.TooDeep, match="JSON of at most 200 levels"):
            bounded_json.loads(text)


@pytest.mark.parametrize("data", ["{", b"\xff\xff{", "]" * 10 + "[" * 10])
def test_what_is_no_json(data: str | bytes) -> None:
    with pytest.raises(ValueError):
        bounded_json.loads(data)


def test_deep_result_of_an_async_module_fails_the_job() -> None:
    result: dict[str, object] = {}
    jobs._merge(result, ProcessResult('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"))
    assert result["failed"] is True
    assert result["msg"] == "failure during async watchdog: Invalid JSON in the module result"
