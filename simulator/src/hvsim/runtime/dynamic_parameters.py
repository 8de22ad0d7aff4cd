# SPDX-License-Identifier: GPL-3.0-or-later
"""``dynamicparam``: the objects its block builds, and what the binder makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, types
from hvsim.runtime.collections import Collection, GenericDictionary
from hvsim.runtime.command import ALL_SETS, ParameterMetadata, ParameterSetInfo
from hvsim.runtime.errors import PSError, net_error
from hvsim.runtime.members import constructor, getter, setter
from hvsim.runtime.values import Array, NetObject

if TYPE_CHECKING:
    from hvsim.runtime.functions import FunctionProcessor

_AUTOMATION = "System.Management.Automation."
_PARAMETER = _AUTOMATION + "RuntimeDefinedParameter"
_DICTIONARY = _AUTOMATION + "RuntimeDefinedParameterDictionary"
_ATTRIBUTES = "System.Collections.ObjectModel.Collection[System.Attribute]"


class AttributeObject(NetObject):
    """An attribute made by a script: ``[Parameter] @{ Mandatory = $true }``, ``[ValidateSet]::new('a', 'b')``."""

    __slots__ = ("kind", "named", "positional")

    def __init__(self, kind: str, positional: list[Any]) -> None:
        self.kind = kind
        self.positional = positional
        self.named: dict[str, Any] = {}

    @property
    def net_type(self) -> Any:
        return types.get(self.kind)


@types.net_class(_PARAMETER)
class RuntimeDefinedParameter(NetObject):
    """``RuntimeDefinedParameter``."""

    __slots__ = ("attributes", "is_set", "name", "parameter_type", "value")

    def __init__(self, name: str = "", parameter_type: Any = None, attributes: Any = None) -> None:
        self.name = name
        self.parameter_type = parameter_type
        self.attributes = attributes
        self.value: Any = None
        self.is_set = False


class RuntimeDefinedParameterDictionary(GenericDictionary):
    """``RuntimeDefinedParameterDictionary``: names ignore case."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(types.get("System.String"), types.get(_PARAMETER), ignore_case=True)

    @property
    def net_type(self) -> Any:
        return types.get(_DICTIONARY)


if types.find(_DICTIONARY) is None:
    types.register(types.NetType(_DICTIONARY, f"System.Collections.Generic.Dictionary[string,{_PARAMETER}]"))


@constructor(_DICTIONARY, overloads=["()"])
def _new_dictionary(net_type: Any) -> RuntimeDefinedParameterDictionary:
    return RuntimeDefinedParameterDictionary()


@constructor(_PARAMETER, overloads=["()", f"(string, type, {_ATTRIBUTES})"])
def _new_parameter(net_type: Any, *args: Any) -> RuntimeDefinedParameter:
    made = RuntimeDefinedParameter(*args)
    if made.attributes is None:
        made.attributes = Collection([], types.get("System.Attribute"))
    return made


def _property(type_name: str, name: str, field: str, kind: str) -> None:
    getter(type_name, name, type=kind)(lambda self: getattr(self, field))
    setter(type_name, name)(lambda self, value: setattr(self, field, value))


_property(_PARAMETER, "Name", "name", "string")
_property(_PARAMETER, "ParameterType", "parameter_type", "type")
_property(_PARAMETER, "Value", "value", "System.Object")
_property(_PARAMETER, "IsSet", "is_set", "bool")
getter(_PARAMETER, "Attributes", type="System.Object")(lambda self: self.attributes)


# ---- attributes --------------------------------------------------------------------------------------------------------


_BASES = {
    "ValidateArgumentsAttribute": "System.Attribute",
    "ValidateEnumeratedArgumentsAttribute": _AUTOMATION + "ValidateArgumentsAttribute",
    "ArgumentTransformationAttribute": "System.Attribute",
}
_ENUMERATED = frozenset(("ValidateSet", "ValidateRange", "ValidateLength", "ValidatePattern", "ValidateScript"))


def _attribute(
    name: str,
    overloads: list[str],
    properties: Mapping[str, tuple[str, Any]],
    given: Sequence[tuple[str, str]] = (),
) -> None:
    """Makes an attribute class constructible. *properties*: name -> (type, value before it is set); *given*: name and type of the
    properties that the constructor's arguments are, all of them together if the type is ``*``."""
    full_name = f"{_AUTOMATION}{name}Attribute"
    base = "System.Attribute"
    if name == "ArgumentTypeConverter":
        base = _AUTOMATION + "ArgumentTransformationAttribute"
    elif name.startswith("Validate"):
        base = _AUTOMATION + ("ValidateEnumeratedArgumentsAttribute" if name in _ENUMERATED else "ValidateArgumentsAttribute")
    types.register(types.NetType(full_name, base))

    def construct(net_type: Any, *args: Any) -> AttributeObject:
        return AttributeObject(full_name, list(args))

    if overloads:
        constructor(full_name, overloads=overloads)(construct)
    for property_name, (kind, default) in properties.items():
        getter(full_name, property_name, type=kind)(_reader(property_name, default))
        setter(full_name, property_name)(_writer(property_name))
    for index, (property_name, kind) in enumerate(given):
        getter(full_name, property_name, type="System.Object")(_argument_reader(property_name, index, kind == "*"))


def _reader(name: str, default: Any) -> Callable[[AttributeObject], Any]:
    return lambda self: self.named.get(name.lower(), default)


def _argument_reader(name: str, index: int, everything: bool) -> Callable[[AttributeObject], Any]:
    def read(self: AttributeObject) -> Any:
        if name.lower() in self.named or index >= len(self.positional):
            return self.named.get(name.lower())
        return Array(self.positional[0], types.STRING) if everything else self.positional[index]

    return read


def _writer(name: str) -> Callable[[AttributeObject, Any], None]:
    def write(self: AttributeObject, value: Any) -> None:
        self.named[name.lower()] = value

    return write


for _name, _base in _BASES.items():
    types.register(types.NetType(_AUTOMATION + _name, _base))
_attribute(
    "Parameter",
    ["()"],
    {
        "Mandatory": ("bool", False),
        "Position": ("int", -(2**31)),
        "ParameterSetName": ("string", ALL_SETS),
        "ValueFromPipeline": ("bool", False),
        "ValueFromPipelineByPropertyName": ("bool", False),
        "ValueFromRemainingArguments": ("bool", False),
        "HelpMessage": ("string", None),
        "DontShow": ("bool", False),
    },
)
_MESSAGE = {"ErrorMessage": ("string", None)}
_attribute("Alias", ["(params string[])"], {}, [("AliasNames", "*")])
_attribute("ValidateSet", ["(params string[])"], {"IgnoreCase": ("bool", True), **_MESSAGE}, [("ValidValues", "*")])
_KIND = _AUTOMATION + "ValidateRangeKind"
if types.find(_KIND) is None:
    _KINDS = {"Positive": 0, "NonNegative": 1, "Negative": 2, "NonPositive": 3}
    types.register(types.NetType(_KIND, "System.Enum", kind="e", enum_members=_KINDS))
_attribute("ValidateRange", ["(System.Object, System.Object)", f"({_KIND})"], {}, [("MinRange", ""), ("MaxRange", "")])
_attribute("ValidateLength", ["(int, int)"], {}, [("MinLength", ""), ("MaxLength", "")])
_attribute("ValidateCount", ["(int, int)"], {}, [("MinLength", ""), ("MaxLength", "")])
_attribute("ValidatePattern", ["(string)"], _MESSAGE, [("RegexPattern", "")])
_attribute("ValidateScript", ["(scriptblock)"], _MESSAGE, [("ScriptBlock", "")])
for _name in ("ValidateNotNull", "ValidateNotNullOrEmpty", "ValidateNotNullOrWhiteSpace"):
    _attribute(_name, ["()"], {})
for _name in ("AllowNull", "AllowEmptyString", "AllowEmptyCollection"):
    _attribute(_name, ["()"], {})
_attribute("ArgumentTypeConverter", [], {})


# ---- for the binder ----------------------------------------------------------------------------------------------------


def run(processor: FunctionProcessor) -> RuntimeDefinedParameterDictionary | None:
    """Runs the dynamicparam block; the dictionary it yields, None if it yields nothing.

    Raises:
        PSError: GetDynamicParametersException, for whatever error left the block (``HandleCommandLineDynamicParameters``).
        Unsupported: it yields something else.
    """
    from hvsim.runtime.invocation import run_closure
    from hvsim.runtime.streams import Collector

    frame = processor.frame
    collector = frame.out = Collector()
    assert processor.code.dynamic is not None
    try:
        run_closure(frame, processor.code.dynamic, processor.session)
    except PSError as error:
        assert processor.binding is not None
        raise processor.binding.dynamic_failure(error) from error
    if len(collector.items) > 1:
        text = convert.to_string(processor.ctx, Array(collector.items))
        assert processor.binding is not None
        raise processor.binding.dynamic_failure(
            net_error(
                "System.Management.Automation.PSInvalidOperationException",
                f'Object "{text}" is the wrong type to return from the dynamicparam block. The dynamicparam block must return either '
                "$null, or an object with type [System.Management.Automation.RuntimeDefinedParameterDictionary].",
            )
        )
    found = [item for item in collector.items if item is not None]
    if not found:
        return None
    if isinstance(found[-1], RuntimeDefinedParameterDictionary):
        return found[-1]
    raise Unsupported("a dynamicparam block that yields something else than a RuntimeDefinedParameterDictionary")


def metadata(table: RuntimeDefinedParameterDictionary, processor: FunctionProcessor) -> dict[str, ParameterMetadata]:
    """The parameters of a dictionary as the binder sees them, by name."""
    return {p.name: _metadata_of(p, processor) for p in table.values()}


def _metadata_of(parameter: RuntimeDefinedParameter, processor: FunctionProcessor) -> ParameterMetadata:
    from hvsim.runtime.interpreter import attributes

    made = ParameterMetadata(parameter.name, None, type_is_attribute=True, dynamic=True)
    made.explicit_type = parameter.parameter_type
    sets: dict[str, ParameterSetInfo] = {}
    aliases: list[str] = []
    for attribute in parameter.attributes or ():
        if not isinstance(attribute, AttributeObject):
            raise Unsupported(f"attribute {types.of(attribute).full_name} of a dynamic parameter")
        values = attributes.AttributeValues(
            attribute.kind.rpartition(".")[2].lower().removesuffix("attribute"), attribute.positional, attribute.named
        )
        attributes.apply_attribute(values, made, sets, aliases, processor.frame)
    made.aliases = tuple(aliases)
    if sets:
        made.sets = sets
    return made


def finish(table: RuntimeDefinedParameterDictionary, bound: Mapping[str, Any]) -> None:
    """Tells the dictionary's parameters what was bound to them."""
    for parameter in table.values():
        if parameter.name in bound:
            parameter.value = bound[parameter.name]
            parameter.is_set = True
