# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded facts about PowerShell and .NET (see simulator/tests/conformance/README.md)."""
