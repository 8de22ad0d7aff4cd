# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata of the cmdlets here: the shape of ``hvsim/metadata/cmdlets.json``, each file says where it comes from."""
