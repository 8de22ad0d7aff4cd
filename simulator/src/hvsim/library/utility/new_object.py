# SPDX-License-Identifier: GPL-3.0-or-later
"""New-Object and Add-Type."""

from __future__ import annotations

from typing import Any

from hvsim.lang.errors import Unsupported
from hvsim.runtime import convert, edition51, objects, types
from hvsim.runtime.collections import GenericList
from hvsim.runtime.command import Cmdlet, ParameterMetadata, ParameterSetInfo, cmdlet
from hvsim.runtime.errors import PSError
from hvsim.runtime.values import NetObject, PSCustomObject

_ARGUMENT = "System.Management.Automation.PSArgumentException"
_NOT_SET = "The value supplied is not valid, or the property is read-only. Change the value, and then try again."
_CUSTOM = ("System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject")


@cmdlet("New-Object", parameters=("TypeName", "ArgumentList", "Property"))
class NewObject(Cmdlet):
    """Calls a constructor; ``-Property`` sets properties of the result."""

    def begin(self) -> None:
        name = self.args["TypeName"]
        net_type = edition51.known_type(name, self.ctx.edition)
        if net_type is None:
            raise self.fail(
                f"Cannot find type [{name}]: verify that the assembly containing this type is loaded.",
                "TypeNotFound",
                "InvalidType",
                kind=_ARGUMENT,
            )
        arguments = list(self.arg("ArgumentList") or [])
        if net_type.full_name in _CUSTOM and not arguments:
            made: Any = objects.custom_object(())
        else:
            made = self._construct(net_type, name, arguments)
        table = self.arg("Property")
        if table is not None and made is not None:
            for key, value in table.items():
                made = self._set(made, convert.to_string(self.ctx, key), value)
        self.write(_wrapped(made))

    def _construct(self, net_type: types.NetType, name: str, arguments: list[Any]) -> Any:
        from hvsim.runtime import members

        group = members.find_constructor(net_type)
        if net_type.element_type is None:
            none = group is None or net_type.is_abstract
            if none and not net_type.is_abstract and not members.is_described(net_type):
                raise Unsupported(f"constructor of {types.display(net_type)}")
            bare = group is not None and bool(group.overloads) and all(o.parameters for o in group.overloads)
            if (none and arguments) or ((none or (bare and not arguments)) and not net_type.is_value_type):
                raise self._no_constructor(name)
        try:
            return objects.construct(self.ctx, net_type, arguments, shown=net_type.name)
        except PSError as error:
            exception = error.exception
            raise self.fail(
                exception.message,
                "ConstructorInvokedThrowException",
                "InvalidOperation",
                kind=exception.kind,
                inner=exception.inner,
                fields=exception.fields,
            ) from None

    def _no_constructor(self, name: str) -> PSError:
        return self.fail(
            f"A constructor was not found. Cannot find an appropriate constructor for type {name}.",
            "CannotFindAppropriateCtor",
            "ObjectNotFound",
            kind=_ARGUMENT,
        )

    def _set(self, made: Any, name: str, value: Any) -> Any:
        if type(made) is PSCustomObject:
            return objects.add_note(self.ctx, made, name, value)
        member = objects.find_member(self.ctx, made, name)
        if member is None:
            raise self.fail(
                f'The member "{name}" was not found for the specified .NET object.',
                "InvalidOperationException",
                "InvalidOperation",
                kind="System.InvalidOperationException",
            )
        if not member.is_property:
            return self._call(made, name, value)
        try:
            objects.set_member(self.ctx, made, name, value)
        except PSError as error:
            raise self.fail(_NOT_SET, "SetValueException", "InvalidData", kind="System.Exception", inner=error.exception) from None
        return made

    def _call(self, made: Any, name: str, value: Any) -> Any:
        """A key that is a method's name calls it with the value as its one argument."""
        try:
            objects.invoke_member(self.ctx, made, name, [value])
        except PSError:
            # The adapter's ids and texts differ from those of a call in a script, and nothing recorded shows them.
            raise Unsupported(f"New-Object -Property with method {name}, which fails") from None
        return made


# PowerShell on every system knows -ComObject (the binder's answers show it), the recorded metadata lacks it.
NewObject.metadata.parameters.setdefault(
    "ComObject", ParameterMetadata("ComObject", "string", (), {"Com": ParameterSetInfo(mandatory=True, position=0)})
)

_KNOWN_ASSEMBLIES = (
    "system",
    "system.collections",
    "system.core",
    "system.data",
    "system.io.compression",
    "system.io.compression.filesystem",
    "system.linq",
    "system.net",
    "system.net.http",
    "system.numerics",
    "system.runtime",
    "system.security",
    "system.serviceprocess",
    "system.text.regularexpressions",
    "system.web",
    "system.xml",
    "system.xml.linq",
    "mscorlib",
    "microsoft.csharp",
)


@cmdlet("Add-Type", parameters=("AssemblyName",))
class AddType(Cmdlet):
    """Loading an assembly of the class library changes nothing: its types are there or are refused by name when used."""

    def end(self) -> None:
        if not self.bound("AssemblyName"):
            raise Unsupported("Add-Type with source code (C# cannot be compiled here)")
        for name in self.args["AssemblyName"]:
            simple = name.partition(",")[0].strip()
            if simple.lower() not in _KNOWN_ASSEMBLIES:
                raise Unsupported(f"Add-Type -AssemblyName {simple}")


def _wrapped(made: Any) -> Any:
    """The cmdlet writes a PSObject around what it made: who asks .NET for the type of a field that holds it sees that."""
    if isinstance(made, NetObject) and made.extended is None:
        made.extended = {}
    if type(made) is GenericList and made.element_type is types.OBJECT:
        made.from_cmdlet = True
    return made
