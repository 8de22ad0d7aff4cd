# SPDX-License-Identifier: GPL-3.0-or-later
"""Types of the .NET class library; every module registers the members it implements."""
