# SPDX-License-Identifier: GPL-3.0-or-later
"""A door beside WinRM: state, counters, faults and changes as JSON over loopback, for tests and tools."""
