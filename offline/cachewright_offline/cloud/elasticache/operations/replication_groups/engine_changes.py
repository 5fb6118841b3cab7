"""What a request changes of the software and hardware of a replication group: engine, node type, parameters, mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions, node_types
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups
from cachewright_offline.cloud.elasticache.operations.replication_groups.layout import (
    CLUSTER_MODES,
    check_compatible_mode,
)

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params

# AWS offers one way back from Valkey, whichever version the cache came from.
_ROLLBACK: Final = (("valkey", "7.2"), ("redis", "7.1"))
_WITH_THE_MODE: Final = frozenset(
    {"ApplyImmediately", "CacheParameterGroupName", "ClusterMode", "NodeGroupId", "ReplicationGroupId"}
)
_MODE_CHANGES: Final = frozenset({("disabled", "compatible"), ("compatible", "enabled"), ("compatible", "disabled")})


def changes(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    """Return the attributes that a request changes."""
    changed: dict[str, Any] = {}
    version = _version(group, params)
    if params.get("Engine") or params.get("EngineVersion"):
        changed.update(engine=version.engine, version=version.version)
    if params.get("CacheNodeType") or version.version != group.version or version.engine != group.engine:
        node_type = settings.node_type(params.get("CacheNodeType") or group.node_type, version)
        _check_scaling(group, node_type)
        if params.get("CacheNodeType"):
            changed["node_type"] = node_type
    mode = params.get("ClusterMode") or group.cluster_mode
    if params.get("ClusterMode"):
        _check_mode(group, mode)
        _check_alone(params)
        changed["cluster_mode"] = mode
    if group.cluster_mode == "compatible" and _is_other(group, version, changed):
        message = "The engine and the node type cannot be changed while the cluster mode is compatible."
        raise invalid_combination(message)
    name = _parameter_group(context, group, params, version, mode)
    if name is not None:
        changed["parameter_group"] = name
    return changed


def _is_other(group: ReplicationGroup, version: EngineVersion, changed: dict[str, Any]) -> bool:
    same_software = (version.engine, version.version) == (group.engine, group.version)
    return not same_software or changed.get("node_type", group.node_type) != group.node_type


def _version(group: ReplicationGroup, params: Params) -> EngineVersion:
    """Return the version that a group has after a request: a newer one, with few exceptions."""
    engine = (params.get("Engine") or group.engine).lower()
    if engine not in {"redis", "valkey"}:
        raise invalid_value(f"Invalid Engine: {engine}. A replication group runs redis or valkey.")
    if engine == group.engine:
        version = settings.engine_version(engine, params.get("EngineVersion") or group.version)
        if engine_versions.version_key(version.version) < engine_versions.version_key(group.version):
            raise invalid_combination(f"Cannot downgrade from {group.version} to {version.version}.")
        return version
    if not params.get("EngineVersion"):
        raise invalid_combination("Changing the engine needs an engine version.")
    version = settings.engine_version(engine, params["EngineVersion"])
    step = ((group.engine, group.version), (engine, version.version))
    if engine == "redis" and step != _ROLLBACK:
        message = f"The engine cannot be changed from {group.engine} {group.version} to {engine} {version.version}."
        raise invalid_combination(message)
    return version


def _check_scaling(group: ReplicationGroup, node_type: str) -> None:
    old, new = node_types.find(group.node_type), node_types.find(node_type)
    if old is not None and new is not None and old.data_tiering != new.data_tiering:
        raise invalid_combination("A cluster cannot be scaled between node types with and without data tiering.")


def _check_alone(params: Params) -> None:
    """Refuse a change of the cluster mode together with another: only the parameter group may change with it."""
    others = sorted(name for name, value in params.items() if value is not None and name not in _WITH_THE_MODE)
    if others:
        raise invalid_combination(f"{others[0]} cannot be modified together with ClusterMode.")


def _check_mode(group: ReplicationGroup, mode: str) -> None:
    if mode not in CLUSTER_MODES:
        raise invalid_value(f"Invalid ClusterMode: {mode}. Must be one of: {', '.join(CLUSTER_MODES)}.")
    if mode == group.cluster_mode:
        return
    if (group.cluster_mode, mode) not in _MODE_CHANGES:
        raise invalid_combination(f"The cluster mode cannot be changed from {group.cluster_mode} to {mode}.")
    check_compatible_mode(group.engine, group.version)
    if not group.automatic_failover or not group.shards[0].replicas:
        raise invalid_combination("Changing the cluster mode needs automatic failover and a replica.")


def _parameter_group(
    context: Context, group: ReplicationGroup, params: Params, version: EngineVersion, mode: str
) -> str | None:
    """Return the parameter group that a request chooses, or that follows from its other changes."""
    name = params.get("CacheParameterGroupName") or None
    current = parameter_groups.find(context, group.parameter_group)
    clustered = mode != "disabled"
    fits = current.family == version.family and current.cluster_enabled == clustered
    if name is None and (fits or mode == group.cluster_mode == "compatible"):
        return None
    if name is None and not current.is_default:
        needed = f"of {version.family} with cluster-enabled {'yes' if clustered else 'no'}"
        raise invalid_combination(f"This change needs a parameter group {needed}: {current.name} does not fit.")
    chosen = settings.parameter_group(context, name, version, cluster_enabled=clustered)
    if chosen.cluster_enabled != clustered:
        if mode != group.cluster_mode:
            raise invalid_combination(f"The parameter group {chosen.name} does not fit the cluster mode {mode}.")
        message = (
            "The parameter cluster-enabled has a different value in the requested parameter group than the current "
            "parameter group. This parameter value cannot be changed for a cache cluster."
        )
        raise invalid_combination(message)
    return chosen.name
