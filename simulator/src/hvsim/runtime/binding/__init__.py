# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter binding for cmdlets and advanced functions.

Follows PowerShell's ``CmdletParameterBinderController``: pair names with values, bind named, then positional, then dynamic
and remaining arguments, choose the parameter set, check mandatory parameters; per pipeline object bind by value and by
property name, first without, then with conversion. Each module is one step, as a class over the steps that it needs:

    plan → state → validation → value → sets → positional → command_line → pipeline_input (:class:`Binding`)
"""

from __future__ import annotations

from hvsim.runtime.binding.pipeline_input import Binding
from hvsim.runtime.binding.plan import Plan, plan_of

__all__ = ["Binding", "Plan", "plan_of"]
