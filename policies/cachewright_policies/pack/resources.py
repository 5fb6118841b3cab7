"""From pulumi_policy's resources, and from the messages behind them, to those that the rules look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import json_format  # type: ignore[import-untyped]

from cachewright.catalog import resource_types
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.pack import conversion
from cachewright_policies.values import UNKNOWN, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi.runtime.proto import analyzer_pb2
    from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs

    from cachewright_policies.pack.run import Run

_AWS: Final = "pulumi:providers:aws"
_AWS_TYPES: Final = "aws:"


def of_arguments(arguments: ResourceValidationArgs, run: Run, values: Mapping[str, Any] | None = None) -> Resource:
    """Return the resource that a resource policy is called with.

    Args:
        arguments: What the policy gets.
        run: Tells the default region.
        values: Its inputs where they are known with their secrets marked; None to take them from the arguments.
    """
    given = conversion.unwrapped(arguments.props)
    return _resource(
        arguments.urn,
        arguments.resource_type,
        {key: conversion.converted(value) for key, value in given.items()} if values is None else values,
        _settings(arguments.provider),
        None if _is_explicit(arguments.provider) else run.region,
        protect=arguments.opts.protect,
        parent=arguments.opts.parent or "",
    )


def of_stack(resources: Iterable[PolicyResource], run: Run) -> Graph:
    """Return the stack that a stack policy is called with."""
    return Graph(
        _with_inputs(
            run,
            one.urn,
            one.resource_type,
            {key: conversion.converted(value) for key, value in conversion.unwrapped(one.props).items()},
            provider=_settings(one.provider),
            region=None if _is_explicit(one.provider) else run.region,
            protect=one.opts.protect,
            parent="" if one.parent is None else one.parent.urn,
            dependencies=tuple(other.urn for other in one.dependencies),
            property_dependencies={
                key: tuple(other.urn for other in others) for key, others in one.property_dependencies.items()
            },
        )
        for one in resources
    )


def of_message(request: analyzer_pb2.AnalyzeStackRequest, run: Run) -> Graph:
    """Return the stack in a message, where secrets are still marked."""
    return Graph(
        _with_inputs(
            run,
            one.urn,
            one.type,
            properties(one.properties),
            provider=properties(one.provider.properties),
            region=None if _is_explicit(one.provider) else run.region,
            protect=one.options.protect,
            parent=one.parent,
            dependencies=tuple(one.dependencies),
            property_dependencies={key: tuple(used.urns) for key, used in one.propertyDependencies.items()},
        )
        for one in request.resources
    )


def properties(message: Any) -> dict[str, Any]:
    """Return the properties in a message, secrets marked."""
    return conversion.properties_of(json_format.MessageToDict(message))


def default_region(type: str, urn: str, values: Mapping[str, Any]) -> str | None:
    """Return the region that a default provider of AWS sets; None for every other resource."""
    if type != _AWS or not urn.rsplit("::", 1)[-1].startswith("default"):
        return None
    region = values.get("region")
    return region if isinstance(region, str) else None


def _is_explicit(provider: PolicyProviderResource | analyzer_pb2.AnalyzerProviderResource | None) -> bool:
    """Tell whether a resource has a provider of the program's own, whose region is not the default one."""
    return provider is not None and bool(provider.urn) and not provider.name.startswith("default")


def _with_inputs(
    run: Run,
    urn: str,
    type: str,
    outputs: dict[str, Any],
    provider: Mapping[str, Any],
    region: str | None,
    **place: Any,
) -> Resource:
    """Return a resource with the inputs that were analyzed, or those that can be told from its outputs."""
    values = run.inputs.get(urn)
    if values is None:
        values = _inputs_within(type, outputs, place["property_dependencies"])
    return _resource(urn, type, values, provider, region, outputs=outputs, **place)


def _inputs_within(type: str, outputs: Mapping[str, Any], dependencies: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out what only AWS gives: it would make a verdict unknown that the inputs decide."""
    table = resource_types.find(type)
    if table is None:
        return outputs
    given = {}
    for name, value in outputs.items():
        known = table.properties.get(name)
        if known is not None and (known.output or (known.computed and value is UNKNOWN and name not in dependencies)):
            continue
        given[name] = value
    return given


def _resource(
    urn: str, type: str, values: Mapping[str, Any], provider: Mapping[str, Any], region: str | None, **more: Any
) -> Resource:
    said = (values.get("region"), provider.get("region"), region if type.startswith(_AWS_TYPES) else None)
    regions = (one for one in said if isinstance(one, str))
    tags = _unpacked(provider.get("defaultTags"))
    found = tags.get("tags") if isinstance(tags, dict) else None
    return Resource(
        urn,
        type,
        values,
        region=next(regions, None),
        default_tags=found if isinstance(found, dict) else {},
        **more,
    )


def _settings(provider: PolicyProviderResource | None) -> Mapping[str, Any]:
    if provider is None:
        return {}
    return {key: conversion.converted(value) for key, value in conversion.unwrapped(provider.props).items()}


def _unpacked(value: Any) -> Any:
    """On the wire Pulumi packs a provider's objects into JSON."""
    if isinstance(value, Secret):
        value = value.value
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return None
    return value
