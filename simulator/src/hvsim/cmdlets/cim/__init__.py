# SPDX-License-Identifier: GPL-3.0-or-later
"""CimCmdlets over the simulated host: ``root\\virtualization\\v2`` and what ``root\\cimv2`` tells of the host."""
