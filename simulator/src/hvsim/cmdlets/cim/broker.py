# SPDX-License-Identifier: GPL-3.0-or-later
"""The CIM server of the simulated host: queries, single instances, associators. Methods are in ``methods.py``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hvsim.cmdlets.cim import failures, schema, wql
from hvsim.cmdlets.cim.associations import associated
from hvsim.cmdlets.cim.failures import CimFailure
from hvsim.cmdlets.cim.instance import CimInstance, value_of
from hvsim.cmdlets.cim.providers import PROVIDERS, Provider, Read
from hvsim.cmdlets.cim.schema import ClassDeclaration
from hvsim.cmdlets.cim.view import HostView
from hvsim.hyperv.errors import ModelError
from hvsim.hyperv.host import Host
from hvsim.lang.errors import Unsupported
from hvsim.lang.text import from_utf16
from hvsim.runtime.context import ExecutionContext

#: Namespaces that every Windows has; they hold no class that the simulator knows.
_BARE: Final = frozenset({"root", "root/default", "root/virtualization", "root/standardcimv2", "root/wmi"})


@dataclass(frozen=True)
class Found:
    """A row and what it is."""

    declaration: ClassDeclaration
    provider: Provider
    row: Any


class Broker:
    """CIM operations of one caller on the host of a runspace.

    Raises:
        Unsupported: the runspace runs on no simulated host.
    """

    def __init__(self, ctx: ExecutionContext, command: str) -> None:
        host: Host | None = ctx.services.get(Host)
        if host is None:
            inside = getattr(ctx.machine, "host", None) is not None
            raise Unsupported(f"{command} {_IN_GUEST if inside else _NO_HOST}")
        self.host = host
        self.actor: str = from_utf16(ctx.machine.user)
        self.command = command

    def begin(self, operation: str, namespace: str) -> HostView:
        """Start of one operation in a namespace (normal form).

        Raises:
            CimFailure: the namespace is missing, the provider does not answer, the caller may not, or a fault.
        """
        view = HostView(self.host, self.actor, self.command)
        try:
            view.kvp.begin(operation, self.command)
        except ModelError as error:
            raise failures.of_model(error, shown(namespace)) from None
        self._require(view, namespace)
        return view

    def _require(self, view: HostView, namespace: str) -> None:
        if namespace == schema.VIRTUALIZATION and self.host.role_installed:
            if not self.host.vmms_running:
                raise CimFailure(failures.PROVIDER_LOAD, shown(namespace))
            if not view.permitted and view.kvp.behaviour.not_permitted == "access_denied":
                raise CimFailure(failures.ACCESS_DENIED, shown(namespace))
        elif namespace != schema.CIMV2 and namespace not in _BARE:
            raise CimFailure(failures.INVALID_NAMESPACE, shown(namespace))

    def declaration(self, namespace: str, class_name: str) -> ClassDeclaration:
        """A class.

        Raises:
            CimFailure: it does not exist.
            Unsupported: Windows has it, the simulator does not.
        """
        found = schema.find(namespace, class_name)
        if found is None:
            if namespace == schema.CIMV2 and class_name.lower().startswith(("win32_", "cim_", "msft_")):
                raise Unsupported(f"CIM class {class_name} in {shown(namespace)}")
            if namespace == schema.VIRTUALIZATION and class_name.lower().startswith(("msvm_", "cim_")):
                raise Unsupported(f"CIM class {class_name} in {shown(namespace)}")
            raise CimFailure(failures.INVALID_CLASS, f"{shown(namespace)}:{class_name}")
        return found

    # -- reading --

    def select(
        self, namespace: str, query: wql.Select, *, keys_only: bool = False, shallow: bool = False
    ) -> Iterator[CimInstance]:
        """Instances of a class and of those derived from it."""
        view = self.begin("query", namespace)
        declaration = self.declaration(namespace, query.class_name)
        self._check(declaration, query)
        wanted = None if query.properties is None else {name.lower() for name in query.properties}
        if keys_only:
            wanted = {p.name.lower() for p in declaration.keys}
        for found in self._rows(view, declaration, query, shallow=shallow):
            yield build(view, found, wanted)

    def _check(self, declaration: ClassDeclaration, query: wql.Select) -> None:
        named = [*(query.properties or ()), *query.used]
        if any(name.lower() not in declaration.properties and name.upper() not in _SYSTEM for name in named):
            raise CimFailure(failures.INVALID_QUERY)

    def _rows(
        self, view: HostView, declaration: ClassDeclaration, query: wql.Select, *, shallow: bool = False
    ) -> Iterator[Found]:
        try:
            for each in [declaration] if shallow else schema.subclasses(declaration):
                provider = PROVIDERS.get((each.namespace, each.name.lower()))
                if provider is None:
                    continue
                for row in _candidates(view, provider, query.equals):
                    if query.test is None or query.test(_reader(view, each, provider, row)):
                        yield Found(each, provider, row)
        except wql.QueryError:
            raise CimFailure(failures.INVALID_QUERY) from None
        except ModelError as error:
            raise failures.of_model(error, f"{shown(declaration.namespace)}:{declaration.name}") from None

    def get(self, instance: CimInstance) -> CimInstance:
        """An instance once more, by its keys.

        Raises:
            CimFailure: it does not exist (any more).
        """
        view = self.begin("get", schema.normal_namespace(instance.namespace or schema.CIMV2))
        return build(view, self.locate(view, instance), None)

    def locate(self, view: HostView, instance: CimInstance) -> Found:
        """The row of an instance by its keys. Raises as :meth:`get` does."""
        namespace = schema.normal_namespace(instance.namespace or schema.CIMV2)
        declaration = self.declaration(namespace, instance.class_name)
        keys: dict[str, Any] = {}
        for key in declaration.keys:
            value = instance.get(key.name)
            if value is not None:
                keys[key.name.lower()] = from_utf16(value) if type(value) is str else value
        if not keys:
            raise CimFailure(failures.INVALID_PARAMETER, f"{shown(namespace)}:{declaration.name}")
        query = wql.Select(declaration.name, None, _same(keys), keys)
        found = next(self._rows(view, declaration, query), None)
        if found is None:
            raise CimFailure(failures.NOT_FOUND, f"{shown(namespace)}:{declaration.name}")
        return found

    def associators(
        self, instance: CimInstance, *, association: str | None, result: str | None, keys_only: bool = False
    ) -> Iterator[CimInstance]:
        """Instances that are associated with one."""
        namespace = schema.normal_namespace(instance.namespace or schema.CIMV2)
        view = self.begin("associators", namespace)
        yield from self._associated(view, self.locate(view, instance), association, result, keys_only)

    def associators_of(self, namespace: str, query: wql.Associators) -> Iterator[CimInstance]:
        """``ASSOCIATORS OF {path}``."""
        given = query.path.namespace
        namespace = schema.normal_namespace(given) if given else namespace
        view = self.begin("associators", namespace)
        declaration = self.declaration(namespace, query.path.class_name)
        source = CimInstance(declaration, declaration.name, namespace)
        source.values.update({name.lower(): value for name, value in query.path.keys.items()})
        yield from self._associated(view, self.locate(view, source), query.association, query.result, False)

    def _associated(
        self, view: HostView, source: Found, association: str | None, result: str | None, keys_only: bool
    ) -> Iterator[CimInstance]:
        namespace = source.declaration.namespace
        for wanted in (association, result):
            if wanted is not None:
                self.declaration(namespace, wanted)
        for link, class_name, row in associated(view, source.declaration.name, source.row):
            declaration = schema.find(namespace, class_name)
            assert declaration is not None
            through = schema.find(namespace, link)
            if association is not None and (through is None or not through.is_a(association)):
                continue
            if result is not None and not declaration.is_a(result):
                continue
            found = Found(declaration, PROVIDERS[namespace, class_name.lower()], row)
            keys = {p.name.lower() for p in declaration.keys} if keys_only else None
            yield build(view, found, keys)


_NO_HOST: Final = "without a simulated host (give hvsim run a --lab)"
_IN_GUEST: Final = "inside a guest: only hosts have a CIM server"
_SYSTEM: Final = frozenset({"__CLASS", "__THIS", "__DERIVATION"})


def shown(namespace: str) -> str:
    """A namespace as error records show it."""
    return namespace.replace("/", "\\")


def _candidates(view: HostView, provider: Provider, equals: Mapping[str, Any]) -> Iterable[Any]:
    value = equals.get(provider.indexed) if provider.indexed else None
    if provider.find is not None and isinstance(value, str):
        return provider.find(view, value)
    return provider.rows(view)


def _reader(view: HostView, declaration: ClassDeclaration, provider: Provider, row: Any) -> wql.Read:
    def read(name: str) -> Any:
        if name.startswith("__"):
            return declaration.derivation if name.upper() == "__DERIVATION" else declaration.name
        value = provider.properties.get(name.lower())
        return None if value is None else value(view, row)

    return read


def _same(keys: Mapping[str, Any]) -> wql.Test:
    return lambda read: all(wql.compare(read(name), "=", value) for name, value in keys.items())


def build(view: HostView, found: Found, wanted: set[str] | None) -> CimInstance:
    """A row as an instance; properties that are not wanted are null."""
    return make_instance(view, found.declaration, found.provider.properties, found.row, wanted)


def make_instance(
    view: HostView, declaration: ClassDeclaration, reads: Mapping[str, Read], row: Any, wanted: set[str] | None = None
) -> CimInstance:
    """An instance of a class out of a row."""
    made = CimInstance(declaration, declaration.name, shown_namespace(declaration))
    values, declared = made.values, declaration.properties
    for name, read in reads.items():
        if wanted is None or name in wanted:
            values[name] = value_of(declared[name].cim_type, read(view, row))
    return made


def shown_namespace(declaration: ClassDeclaration) -> str:
    """The namespace as instances name it."""
    return declaration.namespace


def reference(view: HostView, class_name: str, namespace: str, keys: Mapping[str, Any]) -> CimInstance:
    """An instance that only has its keys: what a method returns as a reference."""
    declaration = schema.find(namespace, class_name)
    assert declaration is not None
    made = CimInstance(declaration, declaration.name, shown_namespace(declaration))
    made.values["__keys_only"] = True
    for name, value in keys.items():
        made.values[name.lower()] = value_of("string", value)
    return made
