# SPDX-License-Identifier: GPL-3.0-or-later
"""``Ansible.Basic.AnsibleModule``.

The order of checks and the texts are those of the recorded runs (``tests/conformance/ansible_basic``); versions of
ansible-core differ where :func:`ModuleState.at_least` is asked.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from hvsim.library.ansible import specification as spec_rules
from hvsim.library.ansible.converters import (
    CONVERTERS,
    bad_argument,
    new_dictionary,
    new_list,
    null_reference,
    parse_bool,
    parse_dict,
    parse_int,
    parse_list,
    parse_str,
    to_json,
    type_text,
)
from hvsim.library.ansible.masking import mask, mask_text
from hvsim.library.ansible.specification import TABLE, base_of, dictionary, in_context, not_null, options_of, text_of
from hvsim.library.ansible.state import ModuleState, state_of
from hvsim.runtime import types
from hvsim.runtime.collections import Dictionary
from hvsim.runtime.context import ExecutionContext
from hvsim.runtime.errors import ErrorRecord, ExitScript, PSError, net_error
from hvsim.runtime.structs import DateTime
from hvsim.runtime.types import net_class
from hvsim.runtime.values import Array, NetObject

MODULE = "Ansible.Basic.AnsibleModule"
_BOOLEANS = frozenset(
    ("check_mode", "debug", "diff", "ignore_unknown_opts", "inject_invocation", "keep_remote_files", "no_log")
)


def internal_names(state: ModuleState) -> dict[str, str | None]:
    """The ``_ansible_*`` keys of a version and the properties they set."""
    names: dict[str, str | None] = {
        "check_mode": "check_mode",
        "debug": "debug_mode",
        "diff": "diff_mode",
        "keep_remote_files": "keep_remote_files",
        "module_name": "module_name",
        "no_log": "no_log",
        "remote_tmp": "remote_tmp",
        "selinux_special_fs": None,
        "shell_executable": None,
        "socket": None,
        "syslog_facility": None,
        "tmpdir": "tmpdir",
        "verbosity": "verbosity",
        "version": "ansible_version",
    }
    if state.at_least(2, 17):
        names["ignore_unknown_opts"] = "ignore_unknown_opts"
        names["target_log_info"] = "target_log_info"
    if not state.at_least(2, 19):
        names["string_conversion_action"] = None
    else:
        names["tracebacks_for"] = "tracebacks_for" if state.at_least(2, 21) else None
    if state.at_least(2, 21):
        names["inject_invocation"] = "inject_invocation"
    return names


@net_class(MODULE)
class AnsibleModule(NetObject):
    """The object a module works with. Properties as in C#, in snake case."""

    __slots__ = (
        "ansible_version",
        "check_mode",
        "context",
        "ctx",
        "debug_mode",
        "deprecations",
        "diff",
        "diff_mode",
        "ignore_unknown_opts",
        "inject_invocation",
        "keep_remote_files",
        "module_name",
        "no_log",
        "no_log_values",
        "params",
        "remote_tmp",
        "result",
        "state",
        "target_log_info",
        "tmpdir",
        "tracebacks_for",
        "verbosity",
        "warnings",
    )
    NET: ClassVar[str] = MODULE

    def __init__(self, ctx: ExecutionContext, spec: Any, fragments: list[Any]) -> None:
        self.ctx = ctx
        self.state = state_of(ctx)
        self.context: list[str] = []
        self.warnings: list[str] = []
        self.deprecations: list[Any] = []
        self.no_log_values: dict[str, None] = {}
        self.params: Any = None
        self.diff: Any = new_dictionary()
        self.result: Any = new_dictionary([("changed", False)])
        self._reset()
        aliases = self._prepare(spec, fragments)
        self.no_log = bool(spec.get("no_log"))
        legal = [f"_ansible_{name}" for name in internal_names(self.state)]
        legal += list(map(base_of, options_of(spec).keys()))
        legal += aliases
        self._check_arguments(spec, self.params, legal)
        if not self.state.at_least(2, 21) or self.inject_invocation:
            self.result.set("invocation", self._invocation())

    def _reset(self) -> None:
        self.check_mode = self.debug_mode = self.diff_mode = self.keep_remote_files = False
        self.ignore_unknown_opts = self.inject_invocation = self.no_log = False
        self.module_name = "undefined win module"
        self.verbosity = 0
        self.ansible_version: Any = "2.21.0"
        self.remote_tmp: Any = None
        self.target_log_info: Any = "" if self.state.at_least(2, 17) else None
        self.tmpdir: Any = None
        self.tracebacks_for: Any = self._text_array([]) if self.state.at_least(2, 21) else None

    def _text_array(self, values: list[Any]) -> Any:
        return Array((parse_str(self.ctx, value) for value in values), types.get("System.String"))

    # ---- set up -------------------------------------------------------------------------------------------------------

    def _prepare(self, spec: Any, fragments: list[Any]) -> list[str]:
        """Everything before the arguments are looked at; an error here is an "internal error" result."""
        try:
            spec_rules.validate(spec, self.context)
            for fragment in fragments:
                spec_rules.validate(fragment, self.context)
                spec_rules.merge(spec, dictionary(fragment))
            spec_rules.set_defaults(dictionary(spec))
            self.params = self.ctx.get_variable("complex_args")
            aliases = self._aliases(spec, self.params)
            self._note_secrets(spec, self.params)
            return aliases
        except PSError as error:
            exception = error.exception
            result = new_dictionary(
                [
                    ("failed", True),
                    ("msg", f"internal error: {exception.message}"),
                    ("exception", f"{exception.kind}: {exception.message}"),
                ]
            )
            self._write_line(to_json(self.ctx, result))
            self._exit(1)

    def _aliases(self, spec: Any, params: Any) -> list[str]:
        names: list[str] = []
        for name, option in options_of(spec).items():
            name, option = base_of(name), dictionary(option, TABLE)
            if not_null(option.get("required")) and option.get("default") is not None:
                raise bad_argument(f"required and default are mutually exclusive for {name}")
            for alias in not_null(option.get("aliases")):
                if alias in names:
                    which = "" if self.ctx.edition == "5.1" else f" Key: {alias}"
                    raise bad_argument(f"An item with the same key has already been added.{which}")
                names.append(alias)
                if params.contains(alias):
                    params.set(name, params.get(alias))
            for entry in not_null(option.get("deprecated_aliases")):
                self._deprecated_alias(dictionary(entry), params)
        return names

    def _deprecated_alias(self, entry: Dictionary, params: Any) -> None:
        if not entry.contains("name"):
            raise self._bad_alias("name is required in a deprecated_aliases entry")
        version, date = entry.contains("version"), entry.contains("date")
        if not version and not date:
            raise self._bad_alias("One of version or date is required in a deprecated_aliases entry")
        if version and date:
            raise self._bad_alias("Only one of version or date is allowed in a deprecated_aliases entry")
        if date and not isinstance(not_null(base_of(entry.get("date"))), DateTime):
            raise self._bad_alias("A deprecated_aliases date must be a DateTime object")
        collection, alias = text_of(entry.get("collection_name")), text_of(entry.get("name"))
        if params.contains(alias):
            message = f"Alias '{alias}' is deprecated. See the module docs for more information"
            self._deprecate(
                in_context(message, self.context, " - "),
                text_of(entry.get("version")) if version else entry.get("date"),
                collection,
            )

    def _bad_alias(self, message: str) -> PSError:
        return bad_argument(in_context(message, self.context, " - "))

    def _note_secrets(self, spec: Any, params: Any) -> None:
        for name, option in options_of(spec).items():
            name, option = base_of(name), dictionary(option, TABLE)
            if not_null(option.get("no_log")) and params.get(name) is not None:
                text = parse_str(self.ctx, params.get(name))
                if text:
                    self.no_log_values[text] = None
            if params.contains(name):
                self._note_removal(name, option)

    def _note_removal(self, name: str, option: Dictionary) -> None:
        collection = option.get("removed_from_collection")
        for key in ("removed_in_version", "removed_at_date"):
            value = option.get(key)
            if value is not None:
                message = f"Param '{name}' is deprecated. See the module docs for more information"
                self._deprecate(message, value, collection)

    # ---- arguments ----------------------------------------------------------------------------------------------------

    def _check_arguments(self, spec: Any, params: Any, legal: list[str]) -> None:
        self._check_unsupported(params, legal)
        if self.check_mode and not not_null(spec.get("supports_check_mode")) and not self.context:
            self.result.set("skipped", True)
            self.result.set("msg", f"remote module ({self.module_name}) does not support check mode")
            self.exit_json()
        options = options_of(spec)
        self._check_mutually_exclusive(params, spec.get("mutually_exclusive"))
        self._check_required(options, params)
        for name, option in options.items():
            self._convert(base_of(name), dictionary(option, TABLE), params)
        self._check_required_together(params, spec.get("required_together"))
        self._check_required_one_of(params, spec.get("required_one_of"))
        self._check_required_if(params, spec.get("required_if"))
        self._check_required_by(params, spec.get("required_by"))
        for name, option in options.items():
            name = base_of(name)
            if not params.contains(name):
                params.set(name, None)
            self._check_suboptions(params, name, dictionary(option))

    def _check_unsupported(self, params: Any, legal: list[str]) -> None:
        unsupported: list[str] = []
        other_case: list[str] = []
        internal: list[str] = []
        lowered = {name.lower() for name in legal}
        for key in list(params.keys()):
            if key.lower() not in lowered:
                unsupported.append(key)
            elif key not in legal:
                other_case.append(key)
            elif key.startswith("_ansible_"):
                internal.append(key)
                self._set_internal(key.removeprefix("_ansible_"), params.get(key))
        for key in internal:
            params.remove(key)
        if unsupported and not self.ignore_unknown_opts:
            self._fail_unsupported(unsupported, legal)
        for key in other_case:
            correct = next(name for name in legal if name.lower() == key.lower())
            value = params.get(key)
            params.remove(key)
            params.set(correct, value)

    def _set_internal(self, key: str, value: Any) -> None:
        target = internal_names(self.state)[key]
        if target is None or (key == "no_log" and self.no_log):
            return
        if key in _BOOLEANS:
            value = parse_bool(self.ctx, value)
        elif key == "verbosity":
            value = parse_int(self.ctx, value)
        elif key == "tracebacks_for":
            if value is not None and not isinstance(value, list):
                raise spec_rules.bad_cast(value, "System.Object[]")
            value = None if value is None else self._text_array(value)
        setattr(self, target, value)

    def _fail_unsupported(self, unsupported: list[str], legal: list[str]) -> None:
        internal = internal_names(self.state)
        supported = [name for name in legal if name.replace("_ansible_", "") not in internal]
        if self.state.at_least(2, 21):
            unsupported, supported = sorted(unsupported), sorted(supported)
        message = f"Unsupported parameters for ({self.module_name}) module: {', '.join(unsupported)}"
        self.fail_json(f"{in_context(message, self.context)}. Supported parameters include: {', '.join(supported)}")

    def _check_mutually_exclusive(self, params: Any, checks: Any) -> None:
        for check in checks or ():
            names = _texts(check)
            if sum(params.contains(n) for n in names) > 1:
                self._fail(f"parameters are mutually exclusive: {', '.join(names)}")

    def _check_required(self, options: Dictionary, params: Any) -> None:
        missing: list[str] = []
        for name, option in options.items():
            name, option = base_of(name), dictionary(option, TABLE)
            default = option.get("default")
            if default is not None and not params.contains(name):
                params.set(name, default)
            if not_null(option.get("required")) and not params.contains(name):
                missing.append(name)
        if missing:
            self._fail(f"missing required arguments: {', '.join(missing)}")

    def _convert(self, name: str, option: Dictionary, params: Any) -> None:
        value = params.get(name)
        if value is None:
            return
        kind, converter = self._converter(option.get("type"))
        try:
            value = converter(self.ctx, value)
        except PSError as error:
            inner = error.exception
            self._fail(
                f"argument for {name} is of type {type_text(value)} and we were unable to convert to {kind}: {inner.message}"
            )
        params.set(name, value)
        if option.get("choices") is None:
            raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'source')", ParamName="source")
        choices = [parse_str(self.ctx, c) for c in option.get("choices")]
        if choices:
            self._check_choices(name, kind, value, choices)

    def _converter(self, kind: Any) -> tuple[str, Any]:
        kind = base_of(kind)
        if isinstance(kind, str):
            return kind, CONVERTERS[kind]

        def call(ctx: ExecutionContext, value: Any) -> Any:
            from hvsim.runtime import objects

            return objects.invoke_member(ctx, kind, "Invoke", [value])

        return "delegate", _delegate(call)

    def _check_choices(self, name: str, kind: str, value: Any, choices: list[str]) -> None:
        if kind == "list":
            values, wanted = [parse_str(self.ctx, item) for item in value], "one or more of"
        else:
            values, wanted = [parse_str(self.ctx, value)], "one of"
        known = {choice.lower() for choice in choices}
        wrong: dict[str, str] = {}
        for text in values:
            if text.lower() not in known:
                wrong.setdefault(text.lower(), text)
        if wrong:
            self._fail(f"value of {name} must be {wanted}: {', '.join(choices)}. Got no match for: {', '.join(wrong.values())}")

    def _check_required_together(self, params: Any, checks: Any) -> None:
        for check in checks or ():
            names = _texts(check)
            found = [params.contains(n) for n in names]
            if any(found) and not all(found):
                self._fail(f"parameters are required together: {', '.join(names)}")

    def _check_required_one_of(self, params: Any, checks: Any) -> None:
        for check in checks or ():
            names = _texts(check)
            if not any(params.contains(n) for n in names):
                self._fail(f"one of the following is required: {', '.join(names)}")

    def _check_required_if(self, params: Any, checks: Any) -> None:
        for check in checks or ():
            parts = [base_of(p) for p in _as_list(check)]
            if len(parts) < 3:
                self.fail_json(f"internal error: invalid required_if value count of {len(parts)}, expecting 3 or 4 entries")
            one = parts[3] if len(parts) == 4 else False
            if not isinstance(one, bool):
                raise spec_rules.bad_cast(one, "System.Boolean") if one is not None else null_reference()
            key, wanted, names = parts[0], parts[1], _texts(parts[2])
            if params.get(key) is None and self.state.at_least(2, 19):
                continue
            if parse_str(self.ctx, params.get(key)) != parse_str(self.ctx, wanted):
                continue
            missing = [n for n in names if not params.contains(n)]
            if len(missing) >= (len(names) if one else 1):
                term = "any" if one else "all"
                text = parse_str(self.ctx, wanted)
                self._fail(f"{key} is {text} but {term} of the following are missing: {', '.join(missing)}")

    def _check_required_by(self, params: Any, checks: Any) -> None:
        for key, needs in not_null(checks).items():
            if not params.contains(key):
                continue
            names = _texts(parse_list(self.ctx, base_of(needs)))
            missing = [n for n in names if not params.contains(n)]
            if missing:
                self._fail(f"missing parameter(s) required by '{key}': {', '.join(missing)}")

    # ---- suboptions ---------------------------------------------------------------------------------------------------

    def _check_suboptions(self, params: Any, name: str, option: Dictionary) -> None:
        kind = base_of(option.get("type"))
        elements = base_of(option.get("elements"))
        value = params.get(name)
        if kind == "dict":
            params.set(name, self._parse_suboptions(option, value, name))
        elif kind == "list" and elements is not None and value is not None:
            params.set(name, new_list(self._element(option, elements, item, name) for item in value))

    def _element(self, option: Dictionary, elements: Any, item: Any, name: str) -> Any:
        if elements == "dict":
            return self._parse_suboptions(option, item, name)
        kind, converter = self._converter(elements)
        try:
            return converter(self.ctx, item)
        except PSError:
            if item is None:
                raise null_reference() from None
            self._fail(
                f"argument for list entry {name} is of type {type_text(item)} and we were unable to convert to {kind}: "
                "Exception has been thrown by the target of an invocation."
            )

    def _parse_suboptions(self, option: Dictionary, value: Any, name: str) -> Any:
        options = options_of(option)
        if not_null(option.get("apply_defaults")) and len(options) and value is None:
            value = new_dictionary()
        if not len(options):
            return value
        if value is None:
            return None
        self.context.append(name)
        table = parse_dict(self.ctx, value)
        aliases = self._aliases(option, table)
        self._note_secrets(option, table)
        self._check_arguments(option, table, [*map(base_of, options.keys()), *aliases])
        self.context.pop()
        return table

    # ---- results ------------------------------------------------------------------------------------------------------

    def _fail(self, message: str) -> NoReturn:
        self.fail_json(in_context(message, self.context))

    def fail_json(self, message: str, record: Any = None) -> NoReturn:
        self.result.set("failed", True)
        self.result.set("msg", self._masked_text(message))
        if record is not None and not self.result.contains("exception") and (self.verbosity > 2 or self.debug_mode):
            self.result.set("exception", self._exception_text(record))
        self._write_line(self._formatted())
        self._exit(1)

    def exit_json(self) -> NoReturn:
        self._write_line(self._formatted())
        self._exit(0)

    def _exception_text(self, record: Any) -> str:
        from hvsim.library.ansible.error_text import record_text

        if isinstance(record, ErrorRecord):
            if record.invocation is None:
                raise null_reference()
            return record_text(self.ctx, record, indent="    ", newline="\r\n")
        return parse_str(self.ctx, record)

    def _formatted(self) -> str:
        result = self.result
        if not result.contains("invocation") and (not self.state.at_least(2, 21) or self.inject_invocation):
            result.set("invocation", self._invocation())
        if self.warnings:
            result.set("warnings", new_list(self.warnings))
        if self.deprecations:
            result.set("deprecations", new_list(self.deprecations))
        if len(self.diff) and self.diff_mode:
            result.set("diff", self.diff)
        return to_json(self.ctx, result)

    def _invocation(self) -> Any:
        return self._masked(new_dictionary([("module_args", self.params)]))

    def _write_line(self, text: str) -> None:
        self.state.console.append(text + "\n")

    def _exit(self, code: int) -> NoReturn:
        self.ctx.set_variable("global:LASTEXITCODE", code)
        raise ExitScript(code)

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def _deprecate(self, message: str, when: Any, collection: Any) -> None:
        when = base_of(when)
        if isinstance(when, DateTime):
            from hvsim.runtime import format as formatting
            from hvsim.runtime.culture import INVARIANT

            pair: tuple[str, str | None] = ("date", formatting.format_value(self.ctx, when, "yyyy-MM-dd", INVARIANT))
        else:
            pair = ("version", None if when is None else parse_str(self.ctx, when))
        self.deprecations.append(new_dictionary([("msg", message), pair, ("collection_name", collection)]))

    # ---- masking ------------------------------------------------------------------------------------------------------

    def _masked(self, value: Any) -> Any:
        return mask(self.ctx, value, self.no_log_values)

    def _masked_text(self, text: str) -> str:
        return mask_text(text, self.no_log_values)


def _delegate(call: Any) -> Any:
    """A delegate's error reaches the message as ``DynamicInvoke`` wraps it: its inner exception counts."""

    def convert_value(ctx: ExecutionContext, value: Any) -> Any:
        try:
            return call(ctx, value)
        except PSError as error:
            inner = error.exception.inner if error.exception.kind.endswith("MethodInvocationException") else None
            raise PSError(inner or error.exception) from error

    return convert_value


def _as_list(value: Any) -> list[Any]:
    value = base_of(value)
    if not isinstance(value, list):
        raise spec_rules.bad_cast(value, "System.Collections.IList") if value is not None else null_reference()
    return value


def _texts(value: Any) -> list[str]:
    """``((IList) value).Cast<string>()``.

    Raises:
        PSError: InvalidCastException, NullReferenceException, ArgumentNullException.
    """
    names = [base_of(name) for name in _as_list(value)]
    for name in names:
        if name is None:
            raise net_error("System.ArgumentNullException", "Value cannot be null. (Parameter 'key')", ParamName="key")
        if not isinstance(name, str):
            raise spec_rules.bad_cast(name, "System.String")
    return names
