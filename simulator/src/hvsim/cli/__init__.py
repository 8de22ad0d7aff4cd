# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``hvsim`` command: one module per sub-command, the engine imported only where one needs it."""
