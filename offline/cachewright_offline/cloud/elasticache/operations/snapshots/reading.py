"""What a snapshot takes of a replication group or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog import slots
from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations.snapshots.records import NodeSnapshot, Snapshot

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.caches import Description
    from cachewright_offline.cloud.elasticache.registry import Context


def of_group(context: Context, name: str, group: Description, *, from_primary: bool = False) -> Snapshot:
    """Return a snapshot of a whole replication group, read from its replicas where it has any, or its primaries."""
    nodes = tuple(
        _node_of_shard(context, group, shard, from_primary=from_primary)
        for shard in sorted(group["NodeGroups"], key=lambda one: one["NodeGroupId"])
    )
    facts = _facts_of_cluster(context, caches.cluster(context, nodes[0].cluster_id)) | {
        "ReplicationGroupId": group["ReplicationGroupId"],
        "ReplicationGroupDescription": group["Description"],
        "NumNodeGroups": len(nodes),
        "AutomaticFailover": group.get("AutomaticFailover"),
        "SnapshotRetentionLimit": group.get("SnapshotRetentionLimit", 0),
        "SnapshotWindow": group.get("SnapshotWindow"),
        "DataTiering": group.get("DataTiering"),
        "Durability": group.get("EffectiveDurability"),
    }
    for of_one_node in ("CacheClusterId", "NumCacheNodes", "PreferredAvailabilityZone", "CacheClusterCreateTime"):
        del facts[of_one_node]
    return Snapshot(name, context.state.now(), facts, nodes, bool(group.get("ClusterEnabled")), group.get("KmsKeyId"))


def _node_of_shard(context: Context, group: Description, shard: Description, *, from_primary: bool) -> NodeSnapshot:
    """Return what is taken of one shard: read from the group's snapshotting cluster, or its last replica."""
    nodes = shard["NodeGroupMembers"]
    primary = next((node for node in nodes if node.get("CurrentRole") == "primary"), nodes[0])
    replicas = [node for node in nodes if node is not primary]
    last = (replicas or [primary])[-1]["CacheClusterId"]
    read_from = primary["CacheClusterId"] if from_primary else group.get("SnapshottingClusterId") or last
    whole = slots.even_slots(1)[0]
    return NodeSnapshot(
        cluster_id=read_from,
        node_group_id=shard["NodeGroupId"],
        slots=shard.get("Slots") or (None if group.get("ClusterEnabled") else whole),
        replicas=len(replicas),
        primary_zone=primary.get("PreferredAvailabilityZone"),
        replica_zones=tuple(node["PreferredAvailabilityZone"] for node in replicas),
        node_created=caches.cluster(context, read_from)["CacheClusterCreateTime"],
    )


def of_cluster(context: Context, name: str, cluster: Description) -> Snapshot:
    """Return a snapshot of one cluster, which may be a member of a replication group."""
    if cluster["Engine"] == "memcached":
        raise fault("SnapshotFeatureNotSupportedFault", "Snapshots are not supported for the engine memcached.")
    zone = cluster.get("PreferredAvailabilityZone")
    created = cluster["CacheClusterCreateTime"]
    node = NodeSnapshot(cluster["CacheClusterId"], None, None, 0, zone, (), created)
    facts, group_id, kms_key_id = _facts_of_cluster(context, cluster), cluster.get("ReplicationGroupId"), None
    if group_id:
        group = caches.replication_group(context, group_id)
        facts["DataTiering"], kms_key_id = group["DataTiering"], group.get("KmsKeyId")
    return Snapshot(name, context.state.now(), facts, (node,), False, kms_key_id, group_id=group_id)


def _facts_of_cluster(context: Context, cluster: Description) -> dict[str, Any]:
    nodes = cluster.get("CacheNodes") or [{}]
    group_name = cluster.get("CacheSubnetGroupName")
    topic = cluster.get("NotificationConfiguration") or {}
    return {
        "CacheClusterId": cluster["CacheClusterId"],
        "CacheNodeType": cluster["CacheNodeType"],
        "Engine": cluster["Engine"],
        "EngineVersion": cluster["EngineVersion"],
        "NumCacheNodes": cluster.get("NumCacheNodes", 1),
        "PreferredAvailabilityZone": cluster.get("PreferredAvailabilityZone"),
        "CacheClusterCreateTime": cluster["CacheClusterCreateTime"],
        "PreferredMaintenanceWindow": cluster.get("PreferredMaintenanceWindow"),
        "TopicArn": topic.get("TopicArn"),
        "Port": (nodes[0].get("Endpoint") or {}).get("Port"),
        "CacheParameterGroupName": (cluster.get("CacheParameterGroup") or {}).get("CacheParameterGroupName"),
        "CacheSubnetGroupName": group_name,
        "VpcId": caches.vpc_of_subnet_group(context, group_name),
        "AutoMinorVersionUpgrade": cluster.get("AutoMinorVersionUpgrade"),
        "SnapshotRetentionLimit": cluster.get("SnapshotRetentionLimit", 0),
        "SnapshotWindow": cluster.get("SnapshotWindow"),
        "DataTiering": "disabled",
    }
