# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let the tests import the working copy as ``ansible_collections.hyperv.integration``, wherever it lies."""

from __future__ import annotations

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _package(name: str, path: list[str]) -> None:
    module = types.ModuleType(name)
    module.__path__ = path
    sys.modules.setdefault(name, module)


_package("ansible_collections", [])
_package("ansible_collections.hyperv", [])
_package("ansible_collections.hyperv.integration", [str(ROOT)])
