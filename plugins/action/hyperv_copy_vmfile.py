# Copyright (c) 2026, hyperv.integration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Puts files of the controller on the Hyper-V host for the module of the same name; everything else is the module's."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import typing as t
import uuid

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

_MODULE = "hyperv.integration.hyperv_copy_vmfile"
#: 1970-01-01 in .NET's ticks of 100 ns.
_EPOCH_TICKS = 621_355_968_000_000_000
_BLOCK = 1024 * 1024
#: What no name on Windows may hold; also what would change the meaning of a path.
_FORBIDDEN = frozenset('<>:"|?*\\')


class ActionModule(ActionBase):
    """Runs the module once to learn which contents the guests lack, stages just these, each once, and runs it again."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        args = dict(self._task.args)
        for name in ("manifest", "staging"):
            if args.get(name) is not None:
                raise AnsibleActionFail(f"{name} cannot be set by a task; the action plugin sets it.")
        remote = args.get("direction") == "from_guest" or boolean(args.get("remote_src"), strict=False)
        if args.get("src") == "":
            raise AnsibleActionFail("src is empty.")
        if remote or not args.get("src"):
            return self._execute_module(module_name=_MODULE, module_args=args, task_vars=task_vars)

        decrypt = boolean(args.get("decrypt", True), strict=False)
        try:
            source = self._find_needle("files", args["src"])
        except AnsibleError as error:
            raise AnsibleActionFail(
                f"src {args['src']!r} is not on the controller. Set remote_src: true for a file of the host. {error}"
            ) from error
        contents: dict[str, str] = {}
        manifest = self._manifest(source, str(args.get("dest", "")), decrypt, contents)
        staging = self._staging(args, task_vars or {})
        manifest["staging"] = staging
        with _own_name(staging["name"]) as staging["name"]:
            return self._plan_and_copy({**args, "manifest": manifest}, contents, decrypt, task_vars)

    def _plan_and_copy(
        self,
        planned: dict[str, t.Any],
        contents: dict[str, str],
        decrypt: bool,
        task_vars: dict[str, t.Any] | None,
    ) -> dict[str, t.Any]:
        """Run the module with the *planned* arguments, and again with those *contents* staged that it needs."""
        result = self._execute_module(module_name=_MODULE, module_args=planned, task_vars=task_vars)
        needed = result.pop("_needed", [])
        staging = result.pop("_staging", "")
        # Removals and empty directories need no content, only the second run.
        if self._task.check_mode or not result.get("changed"):
            return result
        contents = {name: contents[name] for name in needed}
        return self._copy({**planned, "staging": staging}, contents, decrypt, task_vars)

    def _staging(self, args: dict[str, t.Any], task_vars: dict[str, t.Any]) -> dict[str, str]:
        """Where the module makes the directory for contents, and what it is called.

        The same task of the same controller gives the same name, so that it finds what it left when it was cut off,
        unless it runs more than once at the same time (:func:`_own_name`).
        """
        given = {name: value for name, value in args.items() if name != "guest_password"}
        task = [platform.node(), os.getuid(), task_vars.get("inventory_hostname"), given]
        digest = hashlib.sha256(json.dumps(task, sort_keys=True, default=str).encode()).hexdigest()
        return {"parent": self.get_shell_option("remote_tmp", default="%TEMP%"), "name": digest[:16]}

    def _copy(
        self,
        args: dict[str, t.Any],
        contents: dict[str, str],
        decrypt: bool,
        task_vars: dict[str, t.Any] | None,
    ) -> dict[str, t.Any]:
        """Stage *contents* (path by SHA-256) and run the module with them; they go away in every outcome."""
        staging = args["staging"]
        try:
            for digest, path in contents.items():
                with self._plain_file(path, decrypt) as real:
                    self._transfer_file(real, self._connection._shell.join_path(staging, digest))
            return self._execute_module(module_name=_MODULE, module_args=args, task_vars=task_vars)
        finally:
            if contents:
                self._remove_tmp_path(staging, force=True)

    def _manifest(self, source: str, dest: str, decrypt: bool, contents: dict[str, str]) -> dict[str, t.Any]:
        """What the module needs to know about *source*; fills *contents* with a path for each SHA-256."""
        if not os.path.isdir(source):
            names = [("", source)]
            directories: list[str] = []
        else:
            names, directories = self._walk(source)
        files = []
        for relative, path in names:
            entry = self._entry(relative or os.path.basename(path), path, decrypt)
            contents.setdefault(entry["sha256"], path)
            files.append(entry)
        _check_names([entry["path"] for entry in files] + directories, linux=dest.startswith("/"))
        return {
            "kind": "directory" if os.path.isdir(source) else "file",
            "name": os.path.basename(source.rstrip("/")),
            "files": files,
            "directories": directories,
        }

    def _walk(self, root: str) -> tuple[list[tuple[str, str]], list[str]]:
        """Files (relative path with backslashes, path) and directories below *root*, in a stable order."""
        files: list[tuple[str, str]] = []
        directories: list[str] = []
        for parent, subdirectories, names in os.walk(root):
            subdirectories.sort()
            for name in list(subdirectories):
                path = os.path.join(parent, name)
                if os.path.islink(path):
                    self._display.warning(f"src: {path} is a link to a directory and is not copied.")
                    subdirectories.remove(name)
                    continue
                directories.append(_windows_path(root, path))
            for name in sorted(names):
                path = os.path.join(parent, name)
                files.append((_windows_path(root, path), path))
        return files, directories

    def _entry(self, relative: str, path: str, decrypt: bool) -> dict[str, t.Any]:
        """Size, time and hash of one file; read in blocks."""
        with self._plain_file(path, decrypt) as real:
            digest = hashlib.sha256()
            size = 0
            with open(real, "rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
        modified = os.stat(path).st_mtime_ns // 100 + _EPOCH_TICKS
        return {"path": relative, "size": size, "sha256": digest.hexdigest(), "modified": modified}

    @contextlib.contextmanager
    def _plain_file(self, path: str, decrypt: bool) -> t.Iterator[str]:
        """The file itself, or a decrypted copy of a vaulted one for as long as it is needed."""
        try:
            real = self._loader.get_real_file(path, decrypt=decrypt)
        except AnsibleError as error:
            raise AnsibleActionFail(f"src {path!r} cannot be read on the controller: {error}") from error
        try:
            yield real
        finally:
            self._loader.cleanup_tmp_file(real)


@contextlib.contextmanager
def _own_name(name: str) -> t.Iterator[str]:
    """*name*, with a number behind it while other runs of this controller use it; nobody else gets it meanwhile.

    A run removes what is left under its name on the host. The lock ends with its process, however that ends.
    """
    directory = os.path.dirname(constants.DEFAULT_LOCAL_TMP)
    number = 0
    while True:
        own = f"{name}-{number}" if number else name
        path = os.path.join(directory, f"hyperv_copy_vmfile-{own}.lock")
        descriptor = -1
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            number += 1
            continue
        except OSError:
            # No locks here: a name that no other run has. What is left under it goes after a day.
            if descriptor >= 0:
                os.close(descriptor)
            yield f"{name}-{uuid.uuid4().hex[:8]}"
            return
        if os.fstat(descriptor).st_nlink == 0:
            # Its last owner has removed it between opening and locking.
            os.close(descriptor)
            continue
        try:
            yield own
        finally:
            os.unlink(path)
            os.close(descriptor)
        return


def _windows_path(root: str, path: str) -> str:
    relative = os.path.relpath(path, root)
    if "\\" in relative:
        raise AnsibleActionFail(f"src: {relative!r} holds a backslash, which separates names on Windows. Rename it.")
    return relative.replace(os.sep, "\\")


def _check_names(paths: list[str], *, linux: bool) -> None:
    """Refuse what would not arrive under its own name.

    Raises:
        AnsibleActionFail: a name that Windows does not allow, or two that differ only in case.
    """
    seen: dict[str, str] = {}
    for path in paths:
        for name in path.split("\\"):
            if not linux and (_FORBIDDEN & set(name) or name != name.rstrip(". ")):
                raise AnsibleActionFail(f"src: {path!r} is not a possible name on Windows. Rename it or leave it out.")
        other = seen.setdefault(path if linux else path.lower(), path)
        if other != path:
            raise AnsibleActionFail(f"src: {other!r} and {path!r} differ only in case and would be one file.")
