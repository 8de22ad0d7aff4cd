# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects as the text that a console shows.

What is here: simple values, tables, lists, Format-Table, Format-List, Format-Wide, Out-String, Out-Host, the default views of
``default_views.py``, error records (NormalView, ConciseView, CategoryView). Recorded cases cover Out-String of plain values; the
rest follows PowerShell's documented rules and is not recorded: blank lines around blocks (5.1 prints more of them than 7), padding of
the last column (5.1 only), cut text (``...`` in 5.1, one character in 7).

Chosen, because no console tells: lines are 80 columns wide in 5.1 and 120 in 7; every table without a view sizes itself by all of its
rows; errors are plain text, without colours and without the wrapping of long category lines.

Refused: Format-Custom, ``-View``, ``-Expand``, ``-ShowError``, ``-DisplayError``, centred columns; a list of an object one of whose
properties is not implemented.
"""
