"""ModifyGlobalReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions, global_datastore
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups, replication_groups
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    available,
    begin,
    each_member,
    primary_of,
)
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.refusals import (
    check_immediate,
    invalid_values_only,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
        GlobalReplicationGroup,
    )
    from cachewright_offline.cloud.elasticache.operations.parameter_groups import ParameterGroup
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# They say which global datastore, and when.
_NO_CHANGE: Final = frozenset({"GlobalReplicationGroupId", "ApplyImmediately"})


@operation("ModifyGlobalReplicationGroup")
def modify(context: Context, params: Params) -> Result:
    """Change all members at once."""
    group = available(context, params["GlobalReplicationGroupId"])
    with invalid_values_only():
        check_immediate(params)
        if not params.keys() - _NO_CHANGE:
            raise invalid_value("No modifications were requested")
        _, primary = primary_of(context, group)
        version = _version(primary, params)
        original = _parameter_group(context, primary, version, params.get("CacheParameterGroupName"))
        changes: dict[str, Any] = {"engine": version.engine, "version": version.version}
        if params.get("CacheNodeType"):
            problem = global_datastore.node_type_problem(params["CacheNodeType"])
            if problem:
                raise invalid_value(f"CacheNodeType {problem}")
            changes["node_type"] = settings.node_type(params["CacheNodeType"], version)
        if params.get("AutomaticFailoverEnabled") is not None:
            changes["automatic_failover"] = params["AutomaticFailoverEnabled"]
            _check_failover(context, group, on=params["AutomaticFailoverEnabled"])

    def finish() -> None:
        for there, member in each_member(context, group):
            for attribute, value in changes.items():
                setattr(member, attribute, value)
            if original is not None:
                member.parameter_group = parameter_groups.copy_for_global(there, original, group.id).name

    if params.get("GlobalReplicationGroupDescription") is not None:
        group.description = params["GlobalReplicationGroupDescription"]
    group.status = "modifying"
    begin(context, group, "modify", finish)
    return {"GlobalReplicationGroup": shown(context, group)}


def _version(primary: ReplicationGroup, params: Params) -> EngineVersion:
    """Return the version that all members are to run."""
    engine = (params.get("Engine") or primary.engine).lower()
    if engine != primary.engine and (primary.engine, engine) != ("redis", "valkey"):
        raise invalid_value(f"The engine cannot be changed from {primary.engine} to {engine}.")
    if engine != primary.engine and not params.get("EngineVersion"):
        raise invalid_value(f"EngineVersion must be given to change the engine from {primary.engine} to {engine}.")
    version = settings.engine_version(engine, params.get("EngineVersion") or primary.version)
    key = engine_versions.version_key
    if engine == primary.engine and key(version.version) < key(primary.version):
        raise invalid_value(f"Cannot downgrade from {primary.version} to {version.version}.")
    return version


def _parameter_group(
    context: Context, primary: ReplicationGroup, version: EngineVersion, name: str | None
) -> ParameterGroup | None:
    """Return the group that the members get a copy of, or None when they keep what they have."""
    if version.family == settings.engine_version(primary.engine, primary.version).family:
        if name:
            # As the AWS provider's documentation has it: "Specifying without a major version upgrade will fail."
            raise invalid_combination(
                "CacheParameterGroupName is only for an upgrade to another parameter group family."
            )
        return None
    group = settings.parameter_group(context, name, version, cluster_enabled=primary.cluster_enabled)
    if group.cluster_enabled != primary.cluster_enabled:
        raise invalid_combination(f"The parameter group {group.name} does not fit the cluster mode of the members.")
    return group


def _check_failover(context: Context, group: GlobalReplicationGroup, *, on: bool) -> None:
    for _, member in each_member(context, group):
        if member.cluster_enabled and not on:
            raise invalid_combination("Automatic failover cannot be turned off with cluster mode enabled.")
        replication_groups.check_availability(
            member.shards, failover=on, multi_az=member.multi_az, cluster_enabled=member.cluster_enabled
        )
