# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that every simulated host is: what inventories and CIM say of its hardware."""

from __future__ import annotations

from typing import Final

VENDOR: Final = "Dell Inc."
PRODUCT: Final = "PowerEdge R650"
MEMORY_MB: Final = 65536
FREE_MEMORY_MB: Final = 49152
#: Logical processors, of one socket.
PROCESSORS: Final = 8
UPTIME_SECONDS: Final = 86_400
