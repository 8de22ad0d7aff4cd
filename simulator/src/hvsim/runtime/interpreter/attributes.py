# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of parameters and variables: types, validation, ``[Parameter()]``, ``[CmdletBinding()]``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, edition51, validation
from hvsim.runtime.collections import Hashtable
from hvsim.runtime.command import (
    ALL_SETS,
    CommandMetadata,
    ParameterMetadata,
    ParameterSetInfo,
    ValidationFailure,
    Validator,
)
from hvsim.runtime.errors import PSError, net_error, runtime_error
from hvsim.runtime.interpreter import attribute_forms, literals
from hvsim.runtime.interpreter.compiler import Closure, Compiler
from hvsim.runtime.interpreter.frame import Frame
from hvsim.runtime.values import AUTOMATION_NULL

_IGNORED = frozenset(
    (
        "argumentcompleter",
        "argumentcompletions",
        "supportswildcards",
        "psdefaultvalue",
        "hidden",
        "diagnostics.debuggerhidden",
        "system.diagnostics.debuggerhidden",
        "diagnostics.debuggerstepthrough",
        "system.diagnostics.debuggerstepthrough",
        "diagnostics.codeanalysis.suppressmessageattribute",
        "diagnostics.codeanalysis.suppressmessage",
        "system.diagnostics.codeanalysis.suppressmessageattribute",
        "system.diagnostics.codeanalysis.suppressmessage",
        "suppressmessage",
        "suppressmessageattribute",
        "experimental",
    )
)


def attribute_name(node: ast.AttributeBase) -> str:
    """Name of an attribute in lower case, without namespace of PowerShell and without the ending ``Attribute``."""
    name = node.type_name.full_name.lower()
    if name.startswith("system.management.automation."):
        name = name.rpartition(".")[2]
    return name.removesuffix("attribute") if name != "attribute" else name


@dataclass
class AttributeValues:
    """The evaluated arguments of one attribute."""

    name: str
    positional: list[Any] = field(default_factory=list)
    named: dict[str, Any] = field(default_factory=dict)
    written: str = ""
    """The name as the script writes it."""

    def flag(self, name: str) -> bool:
        return convert.to_bool(self.named.get(name.lower(), False))


def evaluate(node: ast.Attribute, c: Compiler, frame: Frame) -> AttributeValues:
    """The arguments of an attribute, evaluated.

    Raises:
        PSError: the attribute does not exist or takes no such arguments.
        Unsupported: PowerShell has the attribute, the engine does not.
    """
    values = AttributeValues(attribute_name(node), written=node.type_name.full_name)
    if values.name not in _KNOWN or (c.source.edition == edition51.EDITION and values.name in attribute_forms.ONLY_7):
        raise attribute_forms.unknown(node, c.namespaces, c.source)
    attribute_forms.check(values.name, node, c.source)
    if values.name == "parameter" and node.positional_arguments:
        raise Unsupported("[Parameter()] of an experimental feature")
    values.positional = [c.expression(argument)(frame) for argument in node.positional_arguments]
    for argument in node.named_arguments:
        values.named[argument.argument_name.lower()] = c.expression(argument.argument)(frame)
    return values


def validator_of(values: AttributeValues, frame: Frame) -> Validator | None:
    """The validator that an attribute stands for, None if it is no validation attribute.

    Raises:
        Unsupported: a form of it that we do not have.
    """
    make = _VALIDATORS.get(values.name)
    if make is None:
        return None
    try:
        return make(values, frame)
    except PSError as error:
        raise attribute_forms.not_made(error, values.name, values.written) from error


def _integer(value: Any, frame: Frame) -> int:
    from hvsim.runtime import types

    return int(convert.to(frame.ctx, value, types.get("System.Int32")))


def _message(values: AttributeValues) -> str | None:
    text = values.named.get("errormessage")
    return text if isinstance(text, str) else None


def _set(values: AttributeValues, frame: Frame) -> Validator:
    if not values.positional:
        raise validation.argument_error("out of range", "validValues", "System.String[]")
    ignore_case = convert.to_bool(values.named.get("ignorecase", True))
    texts = [convert.to_string(frame.ctx, v) for v in _flat(values.positional)]
    return validation.ValidateSet(texts, ignore_case=ignore_case, error_message=_message(values))


def _flat(values: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        flat.extend(value if isinstance(value, list) else [value])
    return flat


def _range(values: AttributeValues, frame: Frame) -> Validator:
    if len(values.positional) == 1:
        from hvsim.runtime import types

        kind = convert.to(frame.ctx, values.positional[0], types.get("System.Management.Automation.ValidateRangeKind"))
        return validation.ValidateRangeKind(types.enum_text(kind))
    return validation.ValidateRange.promoted(frame.ctx, *values.positional)


def _length(values: AttributeValues, frame: Frame) -> Validator:
    minimum, maximum = (_integer(value, frame) for value in values.positional)
    validation.verify_lengths(minimum, maximum, "ValidateLengthMaxLengthSmallerThanMinLength", _LENGTHS)
    return validation.ValidateLength(minimum, maximum)


def _count(values: AttributeValues, frame: Frame) -> Validator:
    minimum, maximum = (_integer(value, frame) for value in values.positional)
    validation.verify_lengths(minimum, maximum, "ValidateRangeMaxLengthSmallerThanMinLength", _COUNTS)
    return validation.ValidateCount(minimum, maximum)


_LENGTHS = (
    "The specified maximum character length of the argument is shorter than the specified minimum argument character length. Update the "
    "ValidateLength attribute for the parameter."
)
_COUNTS = (
    "The specified maximum number of arguments for a parameter is fewer than the specified minimum number of arguments. Update the "
    "ValidateCount attribute for the parameter."
)


def _pattern(values: AttributeValues, frame: Frame) -> Validator:
    options = values.named.get("options")
    ignore_case = True
    if options is not None:
        ignore_case = "ignorecase" in convert.to_string(frame.ctx, options).lower()
    pattern = convert.to_string(frame.ctx, values.positional[0])
    return validation.ValidatePattern(pattern, ignore_case=ignore_case, error_message=_message(values))


def _script(values: AttributeValues, frame: Frame) -> Validator:
    from hvsim.runtime import types

    block = convert.to(frame.ctx, values.positional[0], types.get("System.Management.Automation.ScriptBlock"))
    return validation.ValidateScript(block, _message(values))


#: Name of the attribute -> how to make it.
_VALIDATORS: dict[str, Callable[[AttributeValues, Frame], Validator]] = {
    "validateset": _set,
    "validaterange": _range,
    "validatelength": _length,
    "validatecount": _count,
    "validatepattern": _pattern,
    "validatescript": _script,
    "validatenotnull": lambda values, frame: validation.ValidateNotNull(),
    "validatenotnullorempty": lambda values, frame: validation.ValidateNotNullOrEmpty(),
    "validatenotnullorwhitespace": lambda values, frame: validation.ValidateNotNullOrWhiteSpace(),
}
_ALLOWANCES = {n.lower(): n for n in ("AllowNull", "AllowEmptyString", "AllowEmptyCollection")}
_KNOWN = frozenset((*attribute_forms.FORMS, *_IGNORED, "obsolete"))


# ---- variables ---------------------------------------------------------------------------------------------------------


def local_check(net_type: Any) -> Callable[[Any, Any], Any]:
    """The check of a typed local of a function: the conversion's own errors."""

    def check(ctx: Any, value: Any) -> Any:
        return convert.to(ctx, None if value is AUTOMATION_NULL else value, net_type)

    return check


def conversion_check(net_type: Any) -> Callable[[Any, Any], Any]:
    """The check of a typed variable of a script.

    It raises PSError (ArgumentTransformationMetadataException) for a value that cannot be converted.
    """
    from hvsim.runtime.interpreter.assignments import metadata_error

    def check(ctx: Any, value: Any) -> Any:
        try:
            return convert.to(ctx, None if value is AUTOMATION_NULL else value, net_type)
        except PSError as error:
            raise metadata_error(error) from error

    return check


def validation_check(validator: Validator, name: str) -> Callable[[Any, Any], Any]:
    """The check of a validated variable; it raises PSError (ValidateSetFailure)."""

    def check(ctx: Any, value: Any) -> Any:
        try:
            validator.validate(ctx, value)
        except ValidationFailure as failure:
            text = convert.to_string(ctx, value)
            raise runtime_error(
                "ValidateSetFailure",
                f"The variable cannot be validated because the value {text} is not a valid value for the {name} variable.",
                kind="System.Management.Automation.ValidationMetadataException",
                category="MetadataError",
            ) from failure
        return value

    return check


def variable_checks(
    nodes: list[ast.AttributeBase], c: Compiler, name: str = ""
) -> Callable[[Frame], tuple[list[Any], list[Any]]]:
    """The checks of attributes in front of a variable, innermost conversion first, then validations."""

    def build(frame: Frame) -> tuple[list[Any], list[Any]]:
        conversions: list[Any] = []
        validations: list[Any] = []
        for node in reversed(nodes):
            if isinstance(node, ast.TypeConstraint):
                net_type = literals.resolve_type(node.type_name.full_name, c.namespaces, c.source.edition)
                conversions.append(local_check(net_type) if frame.has_locals else conversion_check(net_type))
            elif isinstance(node, ast.Attribute):
                validator = validator_of(evaluate(node, c, frame), frame)
                if validator is not None:
                    validations.append(validation_check(validator, name))
        return [*conversions, *validations], []

    return build


# ---- parameters --------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ParameterPlan:
    """A parameter of a script block as the interpreter sees it.

    ``checks`` stay with the variable; ``initial`` is the value without argument and default.
    """

    metadata: ParameterMetadata
    key: str
    default: Closure | None
    default_extent: ast.Extent | None
    net_type: Any
    checks: list[Any] | None
    initial: Any

    @property
    def name(self) -> str:
        return self.metadata.name

    @cached_property
    def taken_class(self) -> type | None:
        """The class of the values that become the parameter's without conversion or validation: ``object`` is any, None is none."""
        metadata = self.metadata
        if metadata.is_special:
            return None
        return object if self.net_type is None else _PLAIN_TYPES.get(self.net_type.full_name)

    def takes_as_is(self, argument: Any) -> bool:
        """Whether a value can become the parameter's without conversion or validation."""
        wanted, value = self.taken_class, argument.value
        if wanted is None or value is AUTOMATION_NULL:
            return False
        return wanted is object or (wanted is type(value) and (argument.text is None or wanted is int))


_PLAIN_TYPES: dict[str, type] = {
    "System.Int32": int,
    "System.String": str,
    "System.Boolean": bool,
    "System.Double": float,
    "System.Collections.Hashtable": Hashtable,
}


def parameter_plan(node: ast.Parameter, c: Compiler, frame: Frame) -> tuple[ParameterPlan, bool]:
    """A parameter with all its attributes, and whether one of them makes the function an advanced one.

    Raises:
        PSError: TypeNotFound.
        Unsupported: an attribute that we do not know.
    """
    name = node.name.variable_path
    metadata = ParameterMetadata(name, None, type_is_attribute=True, declared=[])
    assert metadata.declared is not None
    sets: dict[str, ParameterSetInfo] = {}
    types_seen: list[Any] = []
    aliases: list[str] = []
    advanced = False
    for attribute in node.attributes:
        if isinstance(attribute, ast.TypeConstraint):
            types_seen.append(literals.resolve_type(attribute.type_name.full_name, c.namespaces, c.source.edition))
            metadata.declared.append(("ArgumentTypeConverterAttribute", {}))
            continue
        assert isinstance(attribute, ast.Attribute)
        values = evaluate(attribute, c, frame)
        advanced |= apply_attribute(values, metadata, sets, aliases, frame)
    metadata.aliases = tuple(aliases)
    metadata.sets = sets or {ALL_SETS: ParameterSetInfo()}
    _apply_types(metadata, types_seen)
    checks = [local_check(t) for t in reversed(types_seen)]
    checks += [validation_check(v, name) for v in metadata.validators]
    default = c.expression(node.default_value) if node.default_value is not None else None
    if default is not None and metadata.ps_type_name:
        raise Unsupported("a default value of a parameter with [PSTypeName()]")
    plan = ParameterPlan(
        metadata,
        name.lower(),
        default,
        None if node.default_value is None else node.default_value.extent,
        metadata.explicit_type,
        checks or None,
        initial_value(metadata.explicit_type),
    )
    return plan, advanced


def _apply_types(metadata: ParameterMetadata, types_seen: list[Any]) -> None:
    if not types_seen:
        return
    metadata.explicit_type = types_seen[0]
    for inner in reversed(types_seen[1:]):
        metadata.transformations.append(_conversion_to(inner))


def _conversion_to(net_type: Any) -> Callable[[Any, Any], Any]:
    return lambda ctx, value: convert.to(ctx, value, net_type)


def apply_attribute(
    values: AttributeValues,
    metadata: ParameterMetadata,
    sets: dict[str, ParameterSetInfo],
    aliases: list[str],
    frame: Frame,
) -> bool:
    """Adds one attribute to the metadata; True for ``[Parameter()]``."""
    if values.name == "parameter":
        set_name, info = _set_info(values, frame)
        sets[set_name] = info
        _declare(metadata, set_name)
        return True
    if values.name == "alias":
        names = [convert.to_string(frame.ctx, v) for v in _flat(values.positional)]
        aliases.extend(names)
        _declare(metadata, ("AliasAttribute", {"AliasNames": names}))
    elif values.name in _ALLOWANCES:
        _declare(metadata, (f"{_ALLOWANCES[values.name]}Attribute", {}))
        metadata.allow_null |= values.name == "allownull"
        metadata.allow_empty_string |= values.name == "allowemptystring"
        metadata.allow_empty_collection |= values.name == "allowemptycollection"
    elif values.name == "obsolete":
        metadata.obsolete = obsolete_text(values, frame)
    elif values.name == "pstypename":
        metadata.ps_type_name = convert.to_string(frame.ctx, values.positional[0])
        if not metadata.ps_type_name:
            raise Unsupported("attribute [PSTypeName()] without a name")
        _declare(metadata, ("PSTypeNameAttribute", {"PSTypeName": metadata.ps_type_name}))
    elif values.name == "credential":
        metadata.transformations.append(_to_credential)
    elif values.name not in _IGNORED:
        validator = validator_of(values, frame)
        if validator is None:
            raise Unsupported(f"attribute {values.name} of a parameter")
        metadata.validators.append(validator)
        _declare(metadata, validator)
        return False
    if values.name in _IGNORED or values.name in ("obsolete", "credential"):
        # Not shown to scripts: nobody has needed it yet.
        _declare(metadata, None)
    return False


def _declare(metadata: ParameterMetadata, attribute: Any) -> None:
    if metadata.declared is not None:
        metadata.declared.append(attribute)


def _set_info(values: AttributeValues, frame: Frame) -> tuple[str, ParameterSetInfo]:
    """What ``[Parameter()]`` says, and for which parameter set."""
    set_name, position, help_message = (values.named.get(n) for n in ("parametersetname", "position", "helpmessage"))
    return convert.to_string(frame.ctx, set_name) if set_name is not None else ALL_SETS, ParameterSetInfo(
        values.flag("Mandatory"),
        _integer(position, frame) if position is not None and _integer(position, frame) >= 0 else None,
        values.flag("ValueFromPipeline"),
        values.flag("ValueFromPipelineByPropertyName"),
        values.flag("ValueFromRemainingArguments"),
        convert.to_string(frame.ctx, help_message) if help_message is not None else None,
        values.flag("DontShow"),
    )


def obsolete_text(values: AttributeValues, frame: Frame) -> str:
    """The message of ``[Obsolete('message')]``."""
    return convert.to_string(frame.ctx, values.positional[0]) if values.positional else ""


def _to_credential(ctx: Any, value: Any) -> Any:
    """``[Credential()]``: a PSCredential passes; for a user name PowerShell asks for the password, which fails where nobody
    can answer.

    Raises:
        PSError: HostException.
    """
    from hvsim.runtime import structs

    base = getattr(value, "base", value)
    if isinstance(base, structs.PSCredential):
        return base
    raise net_error(
        "System.Management.Automation.Host.HostException",
        "A command that prompts the user failed because the host program or the command type does not support user "
        "interaction. The host was attempting to request confirmation with the following message: Enter your credentials.",
    )


_ZEROS: dict[str, Any] = {}


def initial_value(net_type: Any) -> Any:
    """What a typed parameter holds without argument and default."""
    if net_type is None:
        return None
    if not _ZEROS:
        _ZEROS.update(_zero_values())
    return _ZEROS.get(net_type.full_name)


def _zero_values() -> dict[str, Any]:
    from hvsim.runtime import structs, values

    zeros: dict[str, Any] = {
        "System.String": "",
        "System.Boolean": False,
        "System.Int32": 0,
        "System.Double": 0.0,
        "System.Single": values.Single(0.0),
        "System.Decimal": values.Decimal(0),
        "System.Management.Automation.SwitchParameter": structs.SwitchParameter(False),
    }
    for kind in (
        values.Int64,
        values.Byte,
        values.SByte,
        values.Int16,
        values.UInt16,
        values.UInt32,
        values.UInt64,
    ):
        zeros[kind.NET] = kind(0)
    return zeros


def command_metadata(
    name: str,
    plans: list[ParameterPlan],
    binding: AttributeValues | None,
    output_types: tuple[str, ...],
    frame: Frame,
    *,
    advanced: bool,
) -> CommandMetadata:
    """The metadata of a function, with the positions that parameters have by their order."""
    positional = binding is None or convert.to_bool(binding.named.get("positionalbinding", True))
    metadata = CommandMetadata(name, {plan.name: plan.metadata for plan in plans}, common_parameters=advanced)
    metadata.output_types = output_types
    if binding is not None:
        default_set = binding.named.get("defaultparametersetname")
        metadata.default_set = convert.to_string(frame.ctx, default_set) if default_set is not None else None
        metadata.should_process = binding.flag("SupportsShouldProcess")
        metadata.paging = binding.flag("SupportsPaging")
        if "confirmimpact" in binding.named:
            metadata.confirm_impact = convert.to_string(frame.ctx, binding.named["confirmimpact"])
    explicit = any(
        info.position is not None or name_ != ALL_SETS for plan in plans for name_, info in plan.metadata.sets.items()
    )
    if positional and not explicit:
        _number(plans)
    return metadata


def _number(plans: list[ParameterPlan]) -> None:
    position = 0
    for plan in plans:
        if plan.metadata.is_switch:
            continue
        sets = plan.metadata.sets
        first = next(iter(sets))
        sets[first] = replace(sets[first], position=position)
        position += 1
