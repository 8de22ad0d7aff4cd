# SPDX-License-Identifier: GPL-3.0-or-later
"""The Hyper-V module (version 2.0.0.0) of the simulated host."""
