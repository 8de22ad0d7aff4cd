# SPDX-License-Identifier: GPL-3.0-or-later
"""Which arguments an attribute takes, and PowerShell's errors for others.

Facts: ``Compiler.GetAttribute`` and ``PSAttributeGenerator`` of PowerShell. Attributes are made when a function is first called or a
variable first assigned; some of them PowerShell makes itself, the rest through their .NET constructors, with errors of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from hvsim.lang import ast
from hvsim.lang.errors import Unsupported
from hvsim.runtime import edition51
from hvsim.runtime.errors import PSError, runtime_error
from hvsim.runtime.invocation_info import InvocationInfo

_AUTOMATION = "System.Management.Automation."
_BINDING = f"{_AUTOMATION}CmdletBindingAttribute"
_METHOD_EXCEPTION = f"{_AUTOMATION}MethodException"


@dataclass(frozen=True)
class Form:
    """The arguments of an attribute: how many by position (None: any number), which by name, which of its properties are read-only.

    ``own`` marks those that PowerShell makes itself.
    """

    counts: frozenset[int] | None = frozenset((0,))
    named: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()
    own: bool = False


def _form(counts: tuple[int, ...] | None = (0,), named: str = "", read_only: str = "", *, own: bool = False) -> Form:
    return Form(
        None if counts is None else frozenset(counts),
        frozenset(named.lower().split()),
        frozenset(f"{read_only} typeid".lower().split()),
        own,
    )


_PARAMETER = (
    "Position ParameterSetName Mandatory ValueFromPipeline ValueFromPipelineByPropertyName ValueFromRemainingArguments "
    "HelpMessage HelpMessageBaseName HelpMessageResourceId DontShow"
)
_CMDLET_BINDING = (
    "DefaultParameterSetName HelpUri SupportsShouldProcess PositionalBinding ConfirmImpact SupportsTransactions SupportsPaging "
    "RemotingCapability"
)
FORMS: dict[str, Form] = {
    "parameter": _form((0, 2), _PARAMETER, own=True),
    "cmdletbinding": _form((0,), _CMDLET_BINDING, own=True),
    "outputtype": _form(None, "ParameterSetName ProviderCmdlet", own=True),
    "alias": _form(None, own=True),
    "validateset": _form(None, "IgnoreCase ErrorMessage", own=True),
    "validatenotnull": _form(own=True),
    "validatenotnullorempty": _form(own=True),
    "experimental": _form((2,), own=True),
    "validaterange": _form((1, 2), read_only="MinRange MaxRange"),
    "validatelength": _form((2,), read_only="MinLength MaxLength"),
    "validatecount": _form((2,), read_only="MinLength MaxLength"),
    "validatepattern": _form((1,), "Options ErrorMessage", "RegexPattern"),
    "validatescript": _form((1,), "ErrorMessage", "ScriptBlock"),
    "validatenotnullorwhitespace": _form(),
    "allownull": _form(),
    "allowemptystring": _form(),
    "allowemptycollection": _form(),
    "supportswildcards": _form(),
    "credential": _form(),
    "psdefaultvalue": _form((0,), "Help Value"),
    "pstypename": _form((1,), read_only="PSTypeName"),
}
"""By the name that :func:`hvsim.runtime.interpreter.attributes.attribute_name` gives."""
_OLD: dict[str, Form] = {
    "parameter": _form((0,), _PARAMETER, own=True),
    "validateset": _form(None, "IgnoreCase", own=True),
    "validaterange": _form((2,), read_only="MinRange MaxRange"),
    "validatepattern": _form((1,), "Options", "RegexPattern"),
    "validatescript": _form((1,), "", "ScriptBlock"),
}
"""Those that take less in Windows PowerShell 5.1: no experimental features, no ErrorMessage, no ValidateRangeKind."""
_REFUSED = frozenset(
    (
        "argumenttransformation",
        "cmdlet",
        "dsclocalconfigurationmanager",
        "dscproperty",
        "dscresource",
        "validatedrive",
        "validatetrusteddata",
        "validateuserdrive",
    )
)
"""PowerShell's own that the engine lacks."""
ONLY_7 = frozenset(("experimental", "validatenotnullorwhitespace"))
"""Attributes that Windows PowerShell 5.1 does not have."""


def check(name: str, node: ast.Attribute, source: ast.Source) -> None:
    """Verifies the arguments of an attribute whose form is known.

    Raises:
        PSError: MethodCountCouldNotFindBest, PropertyNotFoundForType, PropertyIsReadOnly.
    """
    form = FORMS.get(name)
    if form is None:
        return
    if source.edition == edition51.EDITION:
        form = _OLD.get(name, form)
    count = len(node.positional_arguments)
    error: PSError | None = None
    extent: ast.Extent = node.extent
    if form.counts is not None and count not in form.counts:
        error = _wrong_count(count, form)
    else:
        for argument in node.named_arguments:
            key = argument.argument_name.lower()
            if key in form.named:
                continue
            if form.own:
                extent = argument.extent
            error = _wrong_name(argument.argument_name, key in form.read_only, _BINDING if form.own else _type_name(name))
            break
    if error is not None:
        raise _at(error, extent, source)


def _wrong_count(count: int, form: Form) -> PSError:
    message = f'Cannot find an overload for ".ctor" and the argument count: "{count}".'
    if form.own:
        return runtime_error("MethodCountCouldNotFindBest", message)
    return runtime_error("MethodCountCouldNotFindBest", message, kind=_METHOD_EXCEPTION, category="NotSpecified")


def _wrong_name(name: str, read_only: bool, type_name: str) -> PSError:
    # Of those that PowerShell makes itself, the text always names CmdletBindingAttribute.
    if read_only and type_name != _BINDING:
        return runtime_error("PropertyIsReadOnly", f"'{name}' is a ReadOnly property.")
    return runtime_error("PropertyNotFoundForType", f"Property '{name}' cannot be found for type '{type_name}'.")


def _type_name(name: str) -> str:
    return _AUTOMATION + _TYPE_NAMES.get(name, name)


_TYPE_NAMES = {
    "validaterange": "ValidateRangeAttribute",
    "validatelength": "ValidateLengthAttribute",
    "validatecount": "ValidateCountAttribute",
    "validatepattern": "ValidatePatternAttribute",
    "validatescript": "ValidateScriptAttribute",
    "validatenotnullorwhitespace": "ValidateNotNullOrWhiteSpaceAttribute",
    "allownull": "AllowNullAttribute",
    "allowemptystring": "AllowEmptyStringAttribute",
    "allowemptycollection": "AllowEmptyCollectionAttribute",
    "supportswildcards": "SupportsWildcardsAttribute",
    "credential": "CredentialAttribute",
    "psdefaultvalue": "PSDefaultValueAttribute",
    "pstypename": "PSTypeNameAttribute",
}


def not_made(error: PSError, name: str, written: str) -> PSError:
    """The error of an attribute whose constructor has raised *error*: runtime exceptions pass, others are wrapped unless PowerShell
    makes the attribute itself."""
    if FORMS[name].own or error.exception.kind.endswith("MetadataException"):
        return error
    message = f'The following exception occurred while constructing the attribute "{written}": "{error.exception.message}"'
    return runtime_error("ExceptionConstructingAttribute", message, inner=error.exception)


def unknown(node: ast.Attribute, namespaces: tuple[str, ...], source: ast.Source) -> PSError:
    """The error for an attribute that is none.

    Raises:
        Unsupported: .NET or PowerShell has the attribute.
    """
    name = node.type_name.full_name
    if name.lower().removeprefix("system.").removesuffix("attribute") == "obsolete":
        raise Unsupported(f"attribute [{name}()]")
    if name.lower().removeprefix(_AUTOMATION.lower()).removesuffix("attribute") in _REFUSED:
        raise Unsupported(f"attribute [{name}()]")
    for candidate in (name, f"{name}Attribute"):
        edition51.refuse_type(candidate, source.edition, namespaces)
    message = (
        f"Cannot find the type for custom attribute '{name}'. Make sure that the assembly that contains this type is loaded."
    )
    return _at(runtime_error("CustomAttributeTypeNotFound", message), node.extent, source)


def _at(error: PSError, extent: ast.Extent, source: ast.Source) -> PSError:
    assert error.record is not None
    error.record.invocation = InvocationInfo(None, extent, source)
    return error
