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
    problem = None
    if group.cluster_enabled:
        problem = "is part of a replication group with cluster mode enabled"
    elif member.node.number == shard.primary:
        problem = "is the primary of its replication group"
    elif group.multi_az:
        problem = "is part of a replication group with Multi-AZ enabled"
    elif group.automatic_failover and len(shard.nodes) == 2:
        problem = "is the last replica of a replication group with automatic failover enabled"
    if problem is not None:
        message = f"The cache cluster {member.id} {problem} ({group.id}) and cannot be deleted by itself."
        raise fault("InvalidCacheClusterStateFault", message)
    _take_snapshot(context, member.id, snapshot)
    answer = {**shown_member(context, member), "CacheClusterStatus": "deleting"}
    fewer = {"NewReplicaCount": len(shard.nodes) - 2, "ReplicasToRemove": [member.id], "ApplyImmediately": True}
    operations()["DecreaseReplicaCount"](context, {"ReplicationGroupId": group.id, **fewer})
    return {"CacheCluster": answer}


def _take_snapshot(context: Context, id: str, name: str | None) -> None:
    if name:
        links.snapshots.check_name_free(context, name)
        links.snapshots.take_final(context, name, "cache-cluster", id)
