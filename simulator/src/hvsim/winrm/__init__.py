# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRM as Windows serves it: WS-Management over HTTP(S), WinRS shells, authentication and Ansible's payloads.

``server.start`` opens one listener for one simulated host. Data flows ``server`` (HTTP) → ``auth``/``encryption`` →
``soap`` (XML) → ``service`` (WS-Man actions) → ``winrs`` (shells) → ``process`` (what a command line runs) →
``payload`` (what Ansible sent) → the engine.
"""
