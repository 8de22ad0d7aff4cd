# SPDX-License-Identifier: GPL-3.0-or-later
"""The module utilities of ansible-core, emulated: `Ansible.Basic` as `tests/conformance/ansible_basic` recorded it."""
