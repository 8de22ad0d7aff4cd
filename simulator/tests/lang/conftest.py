# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the recorded cases are, and short ways to parse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_REPOSITORY = Path(__file__).parents[1] / "conformance"
_SHARED = Path("/work/shared/conformance")


def conformance_folder() -> Path:
    """The recorded data: the copy in the repository, else the shared original."""
    return _REPOSITORY if (_REPOSITORY / "trees").is_dir() else _SHARED


def recorded_cases(pattern: str) -> list[tuple[str, dict[str, Any]]]:
    """All cases of the files that match *pattern*, with ``topic/id`` as name."""
    result: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(conformance_folder().glob(pattern)):
        for case in json.loads(path.read_text(encoding="utf-8")):
            result.append((f"{path.stem}/{case['id']}", case))
    return result
