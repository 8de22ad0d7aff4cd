# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of Hyper-V hosts: what exists, what it says, what may change. Knows no PowerShell and no network.

Entry points: ``Host`` (host.py), ``load_lab`` (lab.py), the components in services.py, errors in errors.py.
"""
