# SPDX-License-Identifier: GPL-3.0-or-later
"""PowerShell remoting: sessions, jobs, what travels over the wire. Knows no transport and no Hyper-V."""
