"""DeleteCacheCluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations.cache_clusters import (
    CacheClusters,
    arn,
    check_available,
    find,
    find_member,
    member_status,
    record_event,
    shown,
    shown_member,
)
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import operation, operations

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster, Member
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DeleteCacheCluster")
def delete(context: Context, params: Params) -> Result:
    """Delete a cluster of its own, or a replica of a replication group without cluster mode."""
    snapshot = params.get("FinalSnapshotIdentifier") or None
    member = find_member(context, params["CacheClusterId"])
    if member is not None:
        return _delete_replica(context, member, snapshot)
    cluster = find(context, params["CacheClusterId"])
    check_available(cluster.id, cluster.status)
    if snapshot and cluster.engine == "memcached":
        raise fault("SnapshotFeatureNotSupportedFault", "Snapshots are not supported for Memcached.")
    _take_snapshot(context, cluster.id, snapshot)
    cluster.status = "deleting"
    context.state.after("cache-cluster-delete", lambda: _forget(context, cluster))
    return {"CacheCluster": shown(context, cluster)}


def _forget(context: Context, cluster: CacheCluster) -> None:
    del context.state.part(CacheClusters).clusters[cluster.id]
    context.state.tags.pop(arn(context, cluster.id), None)
    context.state.part(Reboots).done(cluster.key, cluster.nodes)
    links.snapshots.forget_daily(context, "cache-cluster", cluster.id)
    record_event(context, cluster.id, "Cache cluster deleted")


def _delete_replica(context: Context, member: Member, snapshot: str | None) -> Result:
    group, shard = member.group, member.shard
    check_available(member.id, member_status(context, member))
    reason = _reason_to_stay(member)
    if reason is not None:
        raise fault("InvalidCacheClusterStateFault", f"Cannot delete the cache cluster {reason}")
    _take_snapshot(context, member.id, snapshot)
    answer = {**shown_member(context, member), "CacheClusterStatus": "deleting"}
    fewer = {"NewReplicaCount": len(shard.nodes) - 2, "ReplicasToRemove": [member.id], "ApplyImmediately": True}
    operations()["DecreaseReplicaCount"](context, {"ReplicationGroupId": group.id, **fewer})
    return {"CacheCluster": answer}


def _reason_to_stay(member: Member) -> str | None:
    """Return why a member cannot be deleted by itself, as AWS says it where it has been seen to, or None."""
    group, shard = member.group, member.shard
    if group.cluster_enabled:
        return f"because it is a member of replication group {group.id} which has cluster mode enabled."
    if len(shard.nodes) == 1:
        return "since it is the only member of a replication group. Delete the replication group instead."
    if member.node.number == shard.primary:
        return f"because it is the primary of replication group {group.id}."
    if len(shard.nodes) == 2 and group.is_or_will_be("automatic_failover"):
        return (
            f"because it is the only read replica for replication group {group.id} which has autofailover enabled or "
            "pending. You can disable autofailover and then delete this cache cluster. Alternatively, to delete the "
            "entire replication group, use DeleteReplicationGroup."
        )
    if group.is_or_will_be("multi_az"):
        return f"because it is a member of replication group {group.id} which has Multi-AZ enabled."
    return None


def _take_snapshot(context: Context, id: str, name: str | None) -> None:
    if name:
        links.snapshots.check_name_free(context, name)
        links.snapshots.take_final(context, name, "cache-cluster", id)
