"""Another node becomes a shard's primary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
        Node,
        ReplicationGroup,
        Shard,
    )
    from cachewright_offline.cloud.elasticache.registry import Context


def check_promotion(group: ReplicationGroup, member_id: str, *, failover: bool) -> None:
    """Refuse to make a node the primary where AWS chooses it, or where it is no member."""
    if group.member(member_id) is None:
        raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {member_id}")
    if group.cluster_enabled:
        raise invalid_combination("PrimaryClusterId cannot be given with cluster mode enabled.")
    if failover:
        raise invalid_combination("Promoting a replica needs automatic failover to be off.")


def promote(context: Context, group: ReplicationGroup, member_id: str) -> None:
    """Make a member its shard's primary, if it still is one."""
    found = group.member(member_id)
    if found is not None:
        make_primary(context, group, *found)


def make_primary(context: Context, group: ReplicationGroup, shard: Shard, node: Node) -> None:
    """Make a node of a shard its primary."""
    old, new = group.member_id(shard, shard.primary_node), group.member_id(shard, node)
    shard.primary = node.number
    message = f"Failover from primary node {old} to replica node {new} completed"
    context.state.record_event("cache-cluster", old, message)
    context.state.record_event("replication-group", group.id, message)
