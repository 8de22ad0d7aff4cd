# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a file, fetches it again and reports whether both are equal; uses the connection as copy and fetch do."""

from __future__ import annotations

import hashlib
import pathlib
import tempfile

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        size = int(self._task.args["size"])
        content = hashlib.sha512(b"hvsim").digest() * (size // 64 + 1)
        with tempfile.TemporaryDirectory() as directory:
            source, target = pathlib.Path(directory, "source"), pathlib.Path(directory, "target")
            source.write_bytes(content[:size])
            remote = self._connection._shell.join_path(self._make_tmp_path(), self._task.args.get("name", "file.bin"))
            self._connection.put_file(str(source), remote)
            self._connection.fetch_file(remote, str(target))
            result["same"] = source.read_bytes() == target.read_bytes()
            result["remote"] = remote
            result["exists"] = [self._remote_file_exists(remote), self._remote_file_exists(remote + ".no")]
            result["home"] = self._remote_expand_user("~\\x")
            self._remove_tmp_path(self._connection._shell.tmpdir)
            result["removed"] = not self._remote_file_exists(remote)
            try:
                self._connection.fetch_file("C:\\none", str(target))
            except Exception as error:
                result["missing"] = str(error)
            try:
                self._connection.put_file(str(source), "C:\\no\\such\\file")
            except Exception as error:
                result["refused"] = str(error)
        return result
