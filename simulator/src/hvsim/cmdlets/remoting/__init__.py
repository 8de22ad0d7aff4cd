# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell Direct: sessions to the virtual machines of the simulated host."""
