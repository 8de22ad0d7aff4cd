# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the script of the controller for the module of the same name; everything else is the module's."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

_MODULE = "hyperv.integration.hyperv_direct_exec"


class ActionModule(ActionBase):
    """Runs the module with the text of ``script_path`` as ``script``, decrypted if it is in a vault."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        args = dict(self._task.args)
        path = args.get("script_path")
        # What does not go together is refused by the module.
        from_controller = bool(path) and args.get("script") is None and args.get("command") is None
        if from_controller:
            args["script"] = self._read(str(args.pop("script_path")))
        result: dict[str, t.Any] = self._execute_module(
            module_name=_MODULE, module_args=args, task_vars=task_vars, wrap_async=self._task.async_val
        )
        shown = result.get("invocation", {}).get("module_args")
        if from_controller and shown:
            # A file of a vault is not to be read in the output of a verbose run.
            shown.update(script=None, script_path=path)
        return result

    def _read(self, path: str) -> str:
        try:
            real = self._loader.get_real_file(self._find_needle("files", path))
            try:
                with open(real, encoding="utf-8-sig", newline="") as file:
                    return file.read()
            finally:
                # The decrypted copy of a vaulted file, which would else stay as long as the play.
                self._loader.cleanup_tmp_file(real)
        except (AnsibleError, OSError, UnicodeDecodeError) as error:
            raise AnsibleActionFail(
                f"script_path {path!r} cannot be read on the controller as UTF-8 text: {error}"
            ) from error
