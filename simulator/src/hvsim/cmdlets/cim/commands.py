# SPDX-License-Identifier: GPL-3.0-or-later
"""Get-CimInstance, Get-CimAssociatedInstance, Invoke-CimMethod, New-CimInstance, Get-CimClass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hvsim.cmdlets.cim import failures, members, methods, schema, wql
from hvsim.cmdlets.cim.base import CimCommand, cim_cmdlet
from hvsim.cmdlets.cim.broker import Broker, shown
from hvsim.cmdlets.cim.failures import CimFailure
from hvsim.cmdlets.cim.instance import CimClass, CimInstance, CimProperty, converted
from hvsim.cmdlets.cim.schema import ClassDeclaration, MethodDeclaration
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16, to_utf16
from hvsim.runtime import convert, wildcard
from hvsim.runtime.errors import PSError
from hvsim.runtime.objects import custom_object, unwrap


@cim_cmdlet(
    "Get-CimInstance",
    "ClassName",
    "Namespace",
    "Filter",
    "Property",
    "KeyOnly",
    "Shallow",
    "Query",
    "QueryDialect",
    "InputObject",
    "ComputerName",
    "CimSession",
    "OperationTimeoutSec",
)
class GetCimInstance(CimCommand):
    def process(self) -> None:
        if self.bound("InputObject"):
            instance: CimInstance = self.args["InputObject"]
            self.run(lambda broker: [broker.get(instance)], instance)
        elif self.bound("Query"):
            self.run(self._query)
        elif self.bound("ClassName"):
            class_name = self.valid_name("ClassName")
            self.run(lambda broker: self._class(broker, class_name))
        else:
            raise Unsupported("parameter -ResourceUri of Get-CimInstance")

    def _query(self, broker: Broker) -> Iterable[CimInstance]:
        query = parsed(self.args["Query"])
        if isinstance(query, wql.Associators):
            return broker.associators_of(self.namespace, query)
        return broker.select(self.namespace, query, shallow=self.arg("Shallow") is True)

    def _class(self, broker: Broker, class_name: str) -> Iterable[CimInstance]:
        chosen = self.arg("Property")
        properties = None if not chosen else tuple(from_utf16(name) for name in chosen)
        try:
            query = wql.condition(from_utf16(self.arg("Filter") or ""), class_name, properties)
        except wql.QueryError:
            raise CimFailure(failures.INVALID_QUERY) from None
        keys_only, shallow = self.arg("KeyOnly") is True, self.arg("Shallow") is True
        return broker.select(self.namespace, query, keys_only=keys_only, shallow=shallow)


def parsed(text: str) -> wql.Select | wql.Associators:
    """A query.

    Raises:
        CimFailure: it is not valid.
    """
    try:
        return wql.parse(from_utf16(text))
    except wql.QueryError:
        raise CimFailure(failures.INVALID_QUERY) from None


@cim_cmdlet(
    "Get-CimAssociatedInstance",
    "InputObject",
    "Association",
    "ResultClassName",
    "Namespace",
    "KeyOnly",
    "ComputerName",
    "CimSession",
    "OperationTimeoutSec",
)
class GetCimAssociatedInstance(CimCommand):
    def process(self) -> None:
        instance: CimInstance = self.args["InputObject"]
        association, result = self.arg("Association"), self.arg("ResultClassName")

        def operation(broker: Broker) -> Iterable[CimInstance]:
            return broker.associators(
                instance,
                association=from_utf16(association) if association else None,
                result=from_utf16(result) if result else None,
                keys_only=self.arg("KeyOnly") is True,
            )

        self.run(operation, instance)


@cim_cmdlet(
    "Invoke-CimMethod",
    "InputObject",
    "ClassName",
    "CimClass",
    "Query",
    "QueryDialect",
    "MethodName",
    "Arguments",
    "Namespace",
    "ComputerName",
    "CimSession",
    "OperationTimeoutSec",
)
class InvokeCimMethod(CimCommand):
    def process(self) -> None:
        self.require_local()
        for _session in self.sessions():
            try:
                for instance in self._instances():
                    self._invoke(instance)
            except CimFailure as failure:
                self.report(failure, self.arg("InputObject"))

    def _instances(self) -> Iterable[CimInstance]:
        if self.bound("InputObject"):
            return [self.args["InputObject"]]
        broker = self.broker
        if self.bound("Query"):
            query = parsed(self.args["Query"])
            if isinstance(query, wql.Associators):
                return broker.associators_of(self.namespace, query)
            return broker.select(self.namespace, query)
        return self._on_class(broker)

    def _on_class(self, broker: Broker) -> Iterable[CimInstance]:
        """A method called on a class must be static; none of those that the simulator knows is."""
        if self.bound("CimClass"):
            declaration: ClassDeclaration = self.args["CimClass"].declaration
        elif self.bound("ClassName"):
            declaration = broker.declaration(self.namespace, self.valid_name("ClassName"))
        else:
            raise Unsupported("parameter -ResourceUri of Invoke-CimMethod")
        method = methods.find_method(declaration, from_utf16(self.args["MethodName"]))
        if method.static:
            raise Unsupported(f"CIM method {declaration.name}.{method.name}")
        raise CimFailure(failures.INVALID_METHOD_PARAMETERS, f"{shown(declaration.namespace)}:{declaration.name}")

    def _invoke(self, instance: CimInstance) -> None:
        declaration = instance.declaration
        if declaration is None:
            namespace = schema.normal_namespace(instance.namespace or schema.CIMV2)
            declaration = self.broker.declaration(namespace, instance.class_name)
        name = from_utf16(self.args["MethodName"])
        method = declaration.methods.get(name.lower())
        arguments = {} if method is None else self._arguments(declaration, method)
        if not self.should_process(instance.net_text(self.ctx), f"Invoke-CimMethod: {self.args['MethodName']}"):
            return
        method = methods.find_method(declaration, name)
        results = methods.invoke(self.broker, instance, method, arguments)
        made = custom_object([*results.items(), ("PSComputerName", None)])
        made.type_names = ["Microsoft.Management.Infrastructure.CimMethodResult"]
        self.write(made)

    def _arguments(self, declaration: ClassDeclaration, method: MethodDeclaration) -> dict[str, Any]:
        """-Arguments by lower-case name, each as its parameter's type.

        Raises:
            PSError: the method has no such parameter, or a value does not fit.
        """
        given: dict[str, Any] = {}
        for key, value in (self.arg("Arguments") or _NOTHING).items():
            name = convert.to_string(self.ctx, key)
            parameter = method.parameter(from_utf16(name))
            if parameter is None:
                raise self.thrown(
                    "System.ArgumentException",
                    f"Can not find Parameter '{name}' in method '{method.name}' of class '{declaration.name}'.",
                )
            try:
                given[parameter.name.lower()] = converted(self.ctx, value, parameter.cim_type)
            except PSError as error:
                raise self.thrown(error.exception.kind, error.exception.message) from None
        return given


_NOTHING: dict[Any, Any] = {}


@cim_cmdlet(
    "New-CimInstance",
    "CimClass",
    "ClassName",
    "Namespace",
    "Key",
    "Property",
    "ClientOnly",
    "ComputerName",
    "CimSession",
    "OperationTimeoutSec",
)
class NewCimInstance(CimCommand):
    def process(self) -> None:
        self.require_local()
        if self.arg("ClientOnly") is not True:
            raise Unsupported("New-CimInstance without -ClientOnly (the simulated repository makes no instances)")
        properties = list((self.arg("Property") or _NOTHING).items())
        instance = self._of_class(properties) if self.bound("CimClass") else self._dynamic(properties)
        if not self.should_process(instance.net_text(self.ctx), "New-CimInstance"):
            return
        self.write(instance)

    def _of_class(self, properties: list[tuple[Any, Any]]) -> CimInstance:
        declaration: ClassDeclaration = self.args["CimClass"].declaration
        made = CimInstance(declaration, declaration.name, declaration.namespace)
        unknown = [n for n, _ in properties if made.find(convert.to_string(self.ctx, n)) is None]
        if unknown:
            names = ", ".join(f"'{convert.to_string(self.ctx, n)}'" for n in unknown)
            raise self.thrown(
                "System.ArgumentException",
                f"Could not find the following properties from the given class {declaration.name}: {names}.",
            )
        for name, value in properties:
            found = made.find(convert.to_string(self.ctx, name))
            assert found is not None
            self._assign(found, value)
        return made

    def _dynamic(self, properties: list[tuple[Any, Any]]) -> CimInstance:
        """An instance whose class nobody has looked up: properties have the types of their values."""
        made = CimInstance(None, self.valid_name("ClassName"), self.namespace)
        keys = {name.lower() for name in self.arg("Key") or ()}
        for name, value in properties:
            text = convert.to_string(self.ctx, name)
            try:
                declared = members.guessed_type(value)
            except PSError as error:
                raise self.thrown(error.exception.kind, error.exception.message) from None
            added = CimProperty(text, declared, None, 4 | (4096 if text.lower() in keys else 0))
            self._assign(added, value)
            made.add(added)
        return made

    def _assign(self, found: CimProperty, value: Any) -> None:
        try:
            found.assign(self.ctx, unwrap(value))
        except PSError as error:
            raise self.thrown(error.exception.kind, error.exception.message) from None


@cim_cmdlet(
    "Get-CimClass",
    "ClassName",
    "Namespace",
    "MethodName",
    "PropertyName",
    "ComputerName",
    "CimSession",
    "OperationTimeoutSec",
)
class GetCimClass(CimCommand):
    def process(self) -> None:
        self.require_local()
        for _session in self.sessions():
            try:
                self._classes(self.broker)
            except CimFailure as failure:
                self.report(failure)

    def _classes(self, broker: Broker) -> None:
        broker.begin("class", self.namespace)
        wanted = from_utf16(self.arg("ClassName") or "*")
        if wildcard.contains_wildcard(wanted):
            matches = wildcard.compile(wanted)
            found = [c for c in schema.classes(self.namespace).values() if matches(c.name)]
        else:
            found = [broker.declaration(self.namespace, wanted)]
        for declaration in found:
            if self._has(declaration.methods, "MethodName") and self._has(declaration.properties, "PropertyName"):
                self.write(CimClass(declaration, to_utf16(broker.host.name.upper())))

    def _has(self, names: Iterable[str], parameter: str) -> bool:
        if not self.bound(parameter):
            return True
        matches = wildcard.compile(self.args[parameter])
        return any(matches(name) for name in names)
