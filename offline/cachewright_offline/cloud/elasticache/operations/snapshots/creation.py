"""CreateSnapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import caches, customer_keys
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination
from cachewright_offline.cloud.elasticache.operations.snapshots import daily_quota, reading, sources
from cachewright_offline.cloud.elasticache.operations.snapshots.description import shown
from cachewright_offline.cloud.elasticache.operations.snapshots.records import free_name, keep
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshot
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("CreateSnapshot")
def create_snapshot(context: Context, params: Params) -> Result:
    """Take a snapshot of a replication group or of one cluster."""
    name = free_name(context, params, "SnapshotName")
    group_id, cluster_id = params.get("ReplicationGroupId"), params.get("CacheClusterId")
    if bool(group_id) == bool(cluster_id):
        raise invalid_combination("Exactly one of ReplicationGroupId and CacheClusterId must be given.")
    snapshot = (
        _of_replication_group(context, name, group_id) if group_id else _of_cluster(context, name, str(cluster_id))
    )
    daily_quota.check(context, snapshot)
    snapshot.kms_key_id = customer_keys.usable(context, params.get("KmsKeyId")) or snapshot.kms_key_id
    tags = new_tags(params)
    source = sources.hold(context, *snapshot.source)
    keep(context, snapshot, tags, done=lambda: sources.release(source))
    return {"Snapshot": shown(context, snapshot, node_group_config=True)}


def _of_replication_group(context: Context, name: str, group_id: str) -> Snapshot:
    group = caches.replication_group(context, group_id)
    if group["Status"] != "available":
        message = f"Replication group {group['ReplicationGroupId']} is not available: it is {group['Status']}."
        raise fault("InvalidReplicationGroupStateFault", message)
    return reading.of_group(context, name, group)


def _of_cluster(context: Context, name: str, cluster_id: str) -> Snapshot:
    cluster = caches.cluster(context, cluster_id)
    if cluster["CacheClusterStatus"] != "available":
        message = f"Cache cluster {cluster['CacheClusterId']} is not available: it is {cluster['CacheClusterStatus']}."
        raise fault("InvalidCacheClusterStateFault", message)
    group_id = cluster.get("ReplicationGroupId")
    if group_id and caches.replication_group(context, group_id)["ClusterMode"] == "enabled":
        message = (
            f"Cache cluster {cluster['CacheClusterId']} is a member of {group_id}, which has cluster mode enabled: "
            "a snapshot is taken of the replication group."
        )
        raise invalid_combination(message)
    return reading.of_cluster(context, name, cluster)
