"""Providers that answer like AWS after an update: every output has a value, and nothing is reached."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cachewright.catalog import resource_types
from cachewright_offline.provider.protocol import DiffKind, DiffResult, PropertyDiff, ResourceState, UnknownTypeError
from cachewright_offline.provider.registry import load_provider
from cachewright_offline.values import UNKNOWN, Secret
from cachewright_ops.checking.providers import CheckingProvider, CheckingProviders

if TYPE_CHECKING:
    from cachewright_offline.endpoint import CloudEndpoint
    from cachewright_offline.provider.protocol import Provider
    from cachewright_offline.values import Properties

ACCOUNT = "123456789012"
_EMPTY: dict[str, Any] = {"boolean": False, "integer": 1, "number": 1.0, "map": {}, "object": {}}
_NAMED = "aws:elasticache/"
_NAMES = ("replicationGroupId", "clusterId", "userId", "userGroupId", "name")
_LISTS = {"list", "set"}


@dataclass(slots=True)
class SettledProviders(CheckingProviders):
    """Makes providers that create by inventing what AWS would answer, and compare as the real ones do."""

    def load(self, package: str, cloud: CloudEndpoint | None) -> Provider:
        """Return a new provider of any package."""
        del cloud
        try:
            inner = load_provider(package, None)
        except UnknownTypeError:
            inner = None
        return SettledProvider(package, inner, self.fixtures, self.refusals)


class SettledProvider(CheckingProvider):
    """One such provider."""

    def create(self, urn: str, inputs: Properties, *, preview: bool, operation: str, timeout: float) -> ResourceState:
        """Foretell a resource, or make it: with an id, and a stand-in for each output that only AWS could tell."""
        foretold = super().create(urn, inputs, preview=True, operation=operation, timeout=timeout)
        if preview:
            return foretold
        type, name = urn.split("::")[2].rsplit("$", 1)[-1], urn.split("::", 3)[-1]
        told = {
            key: _settled(value, type, key, name)
            for key, value in foretold.outputs.items()
            if value is not UNKNOWN or _is_output(type, key)
        }
        id = _id(urn, type, name, told)
        return ResourceState(id, inputs, {"arn": _arn(type, name), **told, "id": id})

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        preview: bool,
        operation: str,
        timeout: float,
    ) -> ResourceState:
        """Change a resource: what AWS told of it stays."""
        del preview
        return super().update(
            urn, id, old_inputs, old_outputs, new_inputs, preview=True, operation=operation, timeout=timeout
        )

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, new_inputs: Properties
    ) -> DiffResult:
        """Compare as the real provider does; for a type that has no table, whatever differs is an update."""
        if self._inner is not None:
            try:
                return self._inner.diff(urn, id, old_inputs, old_outputs, new_inputs)
            except UnknownTypeError:
                pass
        keys = [key for key in {**old_inputs, **new_inputs} if old_inputs.get(key) != new_inputs.get(key)]
        return DiffResult({key: PropertyDiff(DiffKind.UPDATE) for key in keys if not key.startswith("__")})

    def delete(
        self, urn: str, id: str, inputs: Properties, outputs: Properties, *, operation: str, timeout: float
    ) -> None:
        """Forget a resource."""


def _id(urn: str, type: str, name: str, told: Properties) -> str:
    """Return an id: at ElastiCache it is the resource's name there, elsewhere AWS chooses it."""
    if type.startswith(_NAMED):
        return next((str(told[key]) for key in _NAMES if isinstance(told.get(key), str)), name)
    return f"{name}-{sha256(urn.encode()).hexdigest()[:8]}"


def _is_output(type: str, property: str) -> bool:
    """Tell whether a property is AWS's to tell; an argument that is left out, and has no value of its own, is not."""
    table = resource_types.find(type)
    known = None if table is None else table.properties.get(property)
    return known is None or known.output


def _settled(value: Any, type: str, property: str, name: str) -> Any:
    """Return an output with a stand-in wherever it is unknown: as text, or as what the type's table says."""
    if isinstance(value, Secret):
        return Secret(_settled(value.element, type, property, name))
    if isinstance(value, dict):
        return {key: _settled(one, type, key, name) for key, one in value.items()}
    if isinstance(value, list):
        return [_settled(one, type, f"{property}-{index}", name) for index, one in enumerate(value)]
    if value is not UNKNOWN:
        return value
    if property == "arn":
        return _arn(type, name)
    table = resource_types.find(type)
    known = None if table is None else table.properties.get(property)
    kind = "string" if known is None else known.type
    text = f"{name}-{property}"
    return [text] if kind in _LISTS else _EMPTY.get(kind, text)


def _arn(type: str, name: str) -> str:
    service, _, kind = type.removeprefix("aws:").partition("/")
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{kind.partition(':')[0].lower()}:{name}"
