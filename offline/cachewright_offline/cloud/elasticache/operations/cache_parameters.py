"""The parameters of a cache parameter group and of a family, as they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions, node_types
from cachewright.catalog import parameters as catalog
from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.operations.parameter_groups import default_group, find, known_family
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright.catalog.node_types import NodeType
    from cachewright.catalog.parameters import Parameter
    from cachewright_offline.cloud.elasticache.operations.parameter_groups import ParameterGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_SOURCES: Final = ("user", "system", "engine-default")
_MEBIBYTE: Final = 1024 * 1024

# What depends on the node type: in Redis OSS and Valkey in bytes, in Memcached in MiB.
_BY_NODE_TYPE: Final[dict[str, Callable[[NodeType], int]]] = {
    "maxmemory": lambda one: one.maxmemory_bytes,
    "client-output-buffer-limit-replica-hard-limit": lambda one: one.maxmemory_bytes // 10,
    "client-output-buffer-limit-replica-soft-limit": lambda one: one.maxmemory_bytes // 10,
    "client-output-buffer-limit-slave-hard-limit": lambda one: one.maxmemory_bytes // 10,
    "client-output-buffer-limit-slave-soft-limit": lambda one: one.maxmemory_bytes // 10,
    "max_cache_memory": lambda one: round(one.maxmemory_bytes / _MEBIBYTE),
    "cache_memlimit": lambda one: round(one.maxmemory_bytes / _MEBIBYTE),
    "num_threads": lambda one: one.vcpu,
}


@operation("DescribeCacheParameters")
def describe_parameters(context: Context, params: Params) -> Result:
    """Show a group's parameters, those of one source or all."""
    group = find(context, params["CacheParameterGroupName"])
    source = params.get("Source")
    if source and source not in _SOURCES:
        raise invalid_value(f"Invalid value for Source: {source}. Must be one of: {', '.join(_SOURCES)}.")
    known = [
        one
        for one in catalog.parameters(group.family).values()
        # AWS shows every engine default as one of the system's.
        if not source or (source == "user") == _is_set_by_user(one, group)
    ]
    shown, marker = page(known, params, lambda one: one.name)
    return {**_shown(shown, group), "Marker": marker}


@operation("DescribeEngineDefaultParameters")
def describe_engine_defaults(context: Context, params: Params) -> Result:
    """Show a family's parameters."""
    del context
    family = known_family(params["CacheParameterGroupFamily"])
    shown, marker = page(catalog.parameters(family).values(), params, lambda one: one.name)
    return {
        "EngineDefaults": {
            "CacheParameterGroupFamily": family,
            **_shown(shown, default_group(family)),
            "Marker": marker,
        }
    }


def _shown(parameters: list[Parameter], group: ParameterGroup) -> Result:
    """Return parameters as answers show them: those with one value, and those with one for each node type."""
    single = [one for one in parameters if not _depends_on_node_type(one, group)]
    by_type = [one for one in parameters if _depends_on_node_type(one, group)]
    return {
        "Parameters": [{**_described(one, group), "ParameterValue": group.value(one.name)} for one in single],
        "CacheNodeTypeSpecificParameters": [
            {**_described(one, group), "CacheNodeTypeSpecificValues": _values(one, group.family)} for one in by_type
        ],
    }


def _depends_on_node_type(one: Parameter, group: ParameterGroup) -> bool:
    return group.value(one.name).startswith("{")


def _is_set_by_user(one: Parameter, group: ParameterGroup) -> bool:
    # What sets AWS's group for cluster mode apart from the other default group was not set by anybody.
    return one.name in group.values and not group.is_default


def _described(one: Parameter, group: ParameterGroup) -> Result:
    return {
        "ParameterName": one.name,
        "Description": one.name.replace("-", " ").replace("_", " "),
        "Source": "user" if _is_set_by_user(one, group) else "system",
        "DataType": one.data_type,
        "AllowedValues": one.allowed_values,
        "IsModifiable": one.modifiable,
        "MinimumEngineVersion": _minimum_version(one, group.family),
        "ChangeType": one.change_type,
    }


def _minimum_version(one: Parameter, family: str) -> str:
    """Return the first version that has a parameter, in three parts as AWS writes it."""
    if family in catalog.retired_families():
        return catalog.retired_families()[family][1]
    first = next(version for version in engine_versions.engine_versions() if version.family == family)
    if first.engine == "memcached":
        return one.minimum_engine_version or first.version
    major, minor = (one.minimum_engine_version or first.version).split(".")[:2]
    return f"{major}.{minor}.0"


def _values(one: Parameter, family: str) -> list[Result]:
    versions = [(one.engine, one.version) for one in engine_versions.engine_versions() if one.family == family]
    engine, newest = versions[-1] if versions else catalog.retired_families()[family]
    return [
        {"CacheNodeType": node_type.name, "Value": str(_BY_NODE_TYPE[one.name](node_type))}
        for node_type in node_types.node_types()
        if node_types.compatible(node_type.name, engine, newest) is None
    ]
