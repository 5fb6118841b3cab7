"""Replication groups: more and fewer replicas, more and fewer shards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import slots
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    Node,
    Shard,
    available,
    begin,
    check_availability,
    check_replicas,
    shown,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("IncreaseReplicaCount")
def increase_replica_count(context: Context, params: Params) -> Result:
    """Add replicas to every shard, or to those that are configured."""
    group = _scalable(context, params)
    for shard, count in _wanted(group, params):
        if count <= len(shard.nodes) - 1:
            raise invalid_value(f"The new replica count {count} must be more than the current one of {shard.id}.")
        _set_replicas(group, shard, count, set())
    begin(context, group, "modifying", "replicas")
    return {"ReplicationGroup": shown(context, group)}


@operation("DecreaseReplicaCount")
def decrease_replica_count(context: Context, params: Params) -> Result:
    """Remove replicas, the named ones first, then those with the highest numbers."""
    group = _scalable(context, params)
    removed = set(params.get("ReplicasToRemove") or [])
    unknown = removed - set(group.member_ids())
    if unknown:
        raise invalid_value(f"{min(unknown)} is no replica of {group.id}.")
    wanted = _wanted(group, params)
    for shard, count in wanted:
        if count >= len(shard.nodes) - 1:
            raise invalid_value(f"The new replica count {count} must be less than the current one of {shard.id}.")
        if count == 0 and (group.multi_az or (group.automatic_failover and not group.cluster_enabled)):
            raise invalid_combination("The last replica cannot be removed while automatic failover or Multi-AZ is on.")
    for shard, count in wanted:
        _set_replicas(group, shard, count, removed)
    begin(context, group, "modifying", "replicas")
    return {"ReplicationGroup": shown(context, group)}


@operation("ModifyReplicationGroupShardConfiguration")
def modify_shard_configuration(context: Context, params: Params) -> Result:
    """Add or remove shards; the slots are spread evenly over those that remain."""
    group = available(context, params["ReplicationGroupId"])
    if not group.cluster_enabled:
        raise invalid_combination("Resharding needs cluster mode to be enabled.")
    _refuse_global(group)
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: resharding is never left to the maintenance window.")
    count = params["NodeGroupCount"]
    if count < 1:
        raise invalid_value(f"Invalid NodeGroupCount: {count}.")
    if count > limit("shards_per_cluster"):
        raise fault("NodeGroupsPerReplicationGroupQuotaExceededFault", "The quota of node groups is exceeded.")
    reshard(group, count, params.get("NodeGroupsToRemove"), params.get("NodeGroupsToRetain"))
    begin(context, group, "modifying", "reshard")
    return {"ReplicationGroup": shown(context, group)}


def reshard(group: ReplicationGroup, count: int, removed: list[str] | None, retained: list[str] | None) -> None:
    """Give a group another number of shards."""
    current = len(group.shards)
    if count == current:
        raise invalid_value(f"The number of node groups is {count} already.")
    if count > current:
        replicas = len(group.shards[0].nodes) - 1
        number = max(shard.number for shard in group.shards)
        for index in range(count - current):
            zones = group.vpc_zones
            nodes = [
                Node(node + 1, zones[(current + index + node) % len(zones)] if zones else "")
                for node in range(replicas + 1)
            ]
            group.shards.append(Shard(number + index + 1, "", nodes))
    else:
        known = {shard.id for shard in group.shards}
        if not removed and not retained:
            raise invalid_combination("NodeGroupsToRemove or NodeGroupsToRetain must say which node groups go.")
        gone = set(removed or known - set(retained or ()))
        if not gone <= known:
            raise fault("NodeGroupNotFoundFault", f"Node group {min(gone - known)} not found.")
        if current - len(gone) != count:
            raise invalid_combination(f"Removing {len(gone)} of {current} node groups does not leave {count}.")
        group.shards = [shard for shard in group.shards if shard.id not in gone]
    for shard, span in zip(group.shards, slots.even_slots(count), strict=True):
        shard.slots = span


def _scalable(context: Context, params: Params) -> ReplicationGroup:
    group = available(context, params["ReplicationGroupId"])
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: replicas are never left to the maintenance window.")
    return group


def _refuse_global(group: ReplicationGroup) -> None:
    if group.global_id:
        message = f"Replication group {group.id} is part of a global cluster {group.global_id}. Request rejected."
        raise fault("InvalidReplicationGroupStateFault", message)


def _wanted(group: ReplicationGroup, params: Params) -> list[tuple[Shard, int]]:
    count, configured = params.get("NewReplicaCount"), params.get("ReplicaConfiguration")
    if (count is None) == (not configured):
        raise invalid_combination("Give either NewReplicaCount or ReplicaConfiguration.")
    if count is not None:
        check_replicas(count)
        return [(shard, count) for shard in group.shards]
    by_id = {shard.id: shard for shard in group.shards}
    wanted = []
    for one in configured or []:
        shard = by_id.get(one["NodeGroupId"])
        if shard is None:
            raise fault("NodeGroupNotFoundFault", f"Node group {one['NodeGroupId']} not found.")
        check_replicas(one["NewReplicaCount"])
        wanted.append((shard, one["NewReplicaCount"]))
    return wanted


def _set_replicas(group: ReplicationGroup, shard: Shard, count: int, named: set[str]) -> None:
    zones = group.vpc_zones
    while len(shard.nodes) - 1 < count:
        number = next(one for one in range(1, count + 2) if all(node.number != one for node in shard.nodes))
        used = {node.zone for node in shard.nodes}
        fresh = [zone for zone in zones if zone not in used] or list(zones) or [""]
        shard.nodes.append(Node(number, fresh[0]))
        shard.nodes.sort(key=lambda node: node.number)
    while len(shard.nodes) - 1 > count:
        replicas = [node for node in shard.nodes if node.number != shard.primary]
        first = [node for node in replicas if group.member_id(shard, node) in named]
        shard.nodes.remove((first or replicas)[-1])
    check_availability(
        [shard], failover=group.automatic_failover, multi_az=group.multi_az, cluster_enabled=group.cluster_enabled
    )
