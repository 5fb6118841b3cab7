"""Replication groups: more and fewer replicas, more and fewer shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    durability,
    membership,
    quotas,
    replicas,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.replication_groups.layout import check_replicas
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    ReplicationGroups,
    available,
    begin,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.resharding import resharded
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup, Shard
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("IncreaseReplicaCount")
def increase_replica_count(context: Context, params: Params) -> Result:
    """Add replicas to every shard, or to those that are configured."""
    group = _scalable(context, params)
    wanted = _wanted(group, params)
    for shard, count, _ in wanted:
        if count < len(shard.replicas):
            raise invalid_value(f"The new replica count {count} must be more than the current one of {shard.id}.")
    _check_differs(wanted)
    added = replicas.increase(context, group, wanted)
    begin(context, group, "modifying", "replicas", lambda: membership.announce(context, group, added))
    return {"ReplicationGroup": shown(context, group)}


@operation("DecreaseReplicaCount")
def decrease_replica_count(context: Context, params: Params) -> Result:
    """Remove replicas, the named ones first, then those that came last."""
    group = _scalable(context, params)
    named = [id.lower() for id in params.get("ReplicasToRemove") or []]
    _check_removable(group, named)
    wanted = _named_counts(group, named) if _only_named(params) else _wanted(group, params)
    for shard, count, _ in wanted:
        if count > len(shard.replicas):
            raise invalid_value(f"The new replica count {count} must be less than the current one of {shard.id}.")
        _check_minimum(group, count)
    _check_differs(wanted)
    gone = replicas.decrease(context, group, wanted, named)
    begin(context, group, "modifying", "replicas", lambda: membership.bid_farewell(context, gone))
    return {"ReplicationGroup": shown(context, group)}


def _check_minimum(group: ReplicationGroup, count: int) -> None:
    if count > 0:
        return
    if group.is_or_will_be("automatic_failover") and not group.cluster_enabled:
        message = "Must have at least 1 replica when cluster mode is disabled with auto failover enabled."
        raise invalid_value(message)
    if group.is_or_will_be("multi_az") or durability.is_logged(group.durability):
        raise invalid_value("Must have at least 1 replica for Multi-AZ enabled Replication Group")


def _check_removable(group: ReplicationGroup, named: list[str]) -> None:
    if len(set(named)) != len(named):
        raise invalid_value("Each of ReplicasToRemove must be given once.")
    for id in named:
        found = group.member(id)
        if found is None:
            raise invalid_value(f"{id} is no replica of {group.id}.")
        shard, node = found
        if node is shard.primary_node:
            raise invalid_value(f"{id} is the primary of node group {shard.id}, which cannot be removed.")


def _only_named(params: Params) -> bool:
    """Tell whether a request says which replicas go, and not how many are left."""
    counted = params.get("NewReplicaCount") is not None or params.get("ReplicaConfiguration")
    return bool(params.get("ReplicasToRemove")) and not counted


def _named_counts(group: ReplicationGroup, named: list[str]) -> list[tuple[Shard, int, list[str]]]:
    left = {
        shard.number: len(shard.replicas) - sum(group.member_id(shard, node) in named for node in shard.replicas)
        for shard in group.shards
    }
    return [(shard, left[shard.number], []) for shard in group.shards if left[shard.number] < len(shard.replicas)]


def _check_differs(wanted: list[tuple[Shard, int, list[str]]]) -> None:
    if all(count == len(shard.replicas) for shard, count, _ in wanted):
        raise fault("NoOperationFault", "Requested new replica count already matches current number of replicas.")


def _wanted(group: ReplicationGroup, params: Params) -> list[tuple[Shard, int, list[str]]]:
    """Return the shards that a request means, with the number of replicas and the zones that they are to have."""
    count, configured = params.get("NewReplicaCount"), params.get("ReplicaConfiguration")
    if (count is None) == (not configured):
        raise invalid_combination("Give either NewReplicaCount or ReplicaConfiguration.")
    if count is not None:
        check_replicas(count)
        return [(shard, count, []) for shard in group.shards]
    by_id = {shard.id: shard for shard in group.shards}
    wanted: dict[str, tuple[Shard, int, list[str]]] = {}
    for one in configured or []:
        id = one["NodeGroupId"].zfill(4)
        if id not in by_id:
            raise invalid_value(f"Node group {one['NodeGroupId']} not found in {group.id}.")
        if id in wanted:
            raise invalid_value(f"Node group {one['NodeGroupId']} is given more than once.")
        if one.get("PreferredOutpostArns"):
            raise invalid_value("PreferredOutpostArns is given, but there is no Outpost in this account.")
        check_replicas(one["NewReplicaCount"])
        wanted[id] = (by_id[id], one["NewReplicaCount"], one.get("PreferredAvailabilityZones") or [])
    return list(wanted.values())


def _scalable(context: Context, params: Params) -> ReplicationGroup:
    group = available(context, params["ReplicationGroupId"])
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: replicas are never left to the maintenance window.")
    if group.cluster_mode == "compatible":
        raise invalid_combination("Replicas cannot be added or removed while the cluster mode is compatible.")
    return group


@operation("ModifyReplicationGroupShardConfiguration")
def modify_shard_configuration(context: Context, params: Params) -> Result:
    """Add or remove shards, or spread the slots evenly; only the slots move that have to."""
    group = available(context, params["ReplicationGroupId"])
    if not group.cluster_enabled:
        raise invalid_combination("Resharding needs cluster mode to be enabled.")
    if group.global_id:
        message = f"Replication group {group.id} is part of a global cluster {group.global_id}. Request rejected."
        raise fault("InvalidReplicationGroupStateFault", message)
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: resharding is never left to the maintenance window.")
    shards = resharded(
        group,
        params["NodeGroupCount"],
        params.get("NodeGroupsToRemove"),
        params.get("NodeGroupsToRetain"),
        params.get("ReshardingConfiguration"),
    )
    membership.check_ids_free(context, _new_ids(group, shards))
    nodes = sum(len(shard.nodes) for shard in shards)
    quotas.check_region(context, nodes - len(group.member_ids()))
    group.pending["shards"] = shards
    group.resharding = context.state.span("replication-group-reshard")
    begin(context, group, "modifying", "reshard", lambda: _finish_resharding(context, group))
    return {"ReplicationGroup": shown(context, group)}


def _new_ids(group: ReplicationGroup, shards: list[Shard]) -> list[str]:
    """Return the ids of the members that shards have and a group has not."""
    existing = set(group.member_ids())
    ids = (group.member_id(shard, node) for shard in shards for node in shard.nodes)
    return [id for id in ids if id not in existing]


def _finish_resharding(context: Context, group: ReplicationGroup) -> None:
    before = group.member_ids()
    group.shards = group.pending.pop("shards")
    group.resharding = None
    context.state.part(ReplicationGroups).note_members(group)
    after = group.member_ids()
    for shard, node in group.members():
        if group.member_id(shard, node) not in before:
            node.created = context.state.now()
    membership.announce(context, group, [id for id in after if id not in before])
    membership.bid_farewell(context, [id for id in before if id not in after])
