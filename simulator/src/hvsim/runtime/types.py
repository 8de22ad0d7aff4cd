# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry of .NET types: names, bases, members; facts from ``metadata/*.json``, behaviour from decorators.

A member's *signatures* come from ``metadata/types.json`` (recorded from a real PowerShell) where the type is there;
its *implementation* is a Python function registered with one of the decorators of :mod:`hvsim.runtime.members`.
A member that the metadata knows and nobody registered is refused by name (``Unsupported``); one that neither knows
is PowerShell's own "does not contain a method/property" error.
"""
