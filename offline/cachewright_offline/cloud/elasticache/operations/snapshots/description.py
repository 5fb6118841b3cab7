"""DescribeSnapshots, and a snapshot as every answer shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshots, arn
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.snapshots.records import NodeSnapshot, Snapshot
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_SOURCES: Final = {"user": "manual", "manual": "manual", "system": "automated", "automated": "automated"}
_EMPTY_CACHE: Final = "0 MB"


@operation("DescribeSnapshots")
def describe_snapshots(context: Context, params: Params) -> Result:
    """Show snapshots."""
    snapshots = context.state.part(Snapshots)
    name = params.get("SnapshotName")
    found = list(snapshots.by_name.values()) if name is None else [snapshots.find(name)]
    kind = params.get("SnapshotSource")
    if kind is not None and kind not in _SOURCES:
        raise invalid_value(f"Invalid value for SnapshotSource: {kind}. Must be one of: system, user.")
    group_id, cluster_id = (params.get(name, "").lower() for name in ("ReplicationGroupId", "CacheClusterId"))
    found = [
        one
        for one in found
        if (not kind or one.kind == _SOURCES[kind])
        and (not group_id or group_id in {one.facts.get("ReplicationGroupId"), one.group_id})
        and (not cluster_id or cluster_id in {node.cluster_id for node in one.nodes})
    ]
    if cluster_id and not found:
        # It exists and has no snapshots, or is gone and had left none.
        caches.cluster(context, cluster_id)
    chosen, marker = page(found, params, lambda one: one.name, largest=50)
    with_nodes = params.get("ShowNodeGroupConfig", False)
    return {"Snapshots": [shown(context, one, node_group_config=with_nodes) for one in chosen], "Marker": marker}


def shown(context: Context, snapshot: Snapshot, *, node_group_config: bool) -> Result:
    """Return a snapshot as answers show it."""
    return {
        **snapshot.facts,
        "SnapshotName": snapshot.name,
        "SnapshotStatus": snapshot.shown_status,
        "SnapshotSource": snapshot.kind,
        "NodeSnapshots": [_node_shown(snapshot, node, node_group_config) for node in snapshot.nodes],
        "KmsKeyId": snapshot.kms_key_id,
        "ARN": arn(context, snapshot.name),
    }


def _node_shown(snapshot: Snapshot, node: NodeSnapshot, node_group_config: bool) -> Result:
    configuration = {
        "NodeGroupId": node.node_group_id,
        "Slots": node.slots,
        "ReplicaCount": node.replicas,
        "PrimaryAvailabilityZone": node.primary_zone,
        "ReplicaAvailabilityZones": list(node.replica_zones),
    }
    return {
        "CacheClusterId": node.cluster_id,
        "NodeGroupId": node.node_group_id,
        "CacheNodeId": "0001",
        "NodeGroupConfiguration": configuration if node_group_config and node.node_group_id else None,
        "CacheSize": _EMPTY_CACHE,
        "CacheNodeCreateTime": node.node_created,
        "SnapshotCreateTime": snapshot.created,
    }
