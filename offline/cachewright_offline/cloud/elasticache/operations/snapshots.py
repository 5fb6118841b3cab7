"""Snapshots of replication groups and clusters."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import slots
from cachewright_offline.cloud.elasticache import caches, customer_keys
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import SnapshotSource, links
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.caches import Description
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_PER_DAY: Final = 20
_SOURCES: Final = {"user": "manual", "manual": "manual", "system": "automated", "automated": "automated"}
_EMPTY_CACHE: Final = "0 MB"


@dataclass(frozen=True, slots=True)
class NodeSnapshot:
    """What was taken from one node: the node that a shard's data were read from.

    Attributes:
        cluster_id: The node's cluster.
        node_group_id: Its shard, or None for a cluster that is in no replication group.
        slots: The slots of the shard, or None where there are none.
        replicas: How many replicas the shard had.
        primary_zone: Where the primary was.
        replica_zones: Where the replicas were.
        node_created: When the node was made.
    """

    cluster_id: str
    node_group_id: str | None
    slots: str | None
    replicas: int
    primary_zone: str | None
    replica_zones: tuple[str, ...]
    node_created: datetime


@dataclass(slots=True)
class Snapshot:
    """One snapshot.

    Attributes:
        name: Its name, in lower case.
        created: When the data were read.
        facts: What it says about its source, in the shape of the answers.
        nodes: What was taken of each shard.
        cluster_enabled: Whether the source spread its keys over slots.
        kms_key_id: The ARN of the customer's key, if it has one.
        kind: `manual` or `automated`.
        status: `creating`, `available`, `copying` or `deleting`.
    """

    name: str
    created: datetime
    facts: dict[str, Any]
    nodes: tuple[NodeSnapshot, ...]
    cluster_enabled: bool
    kms_key_id: str | None
    kind: str = "manual"
    status: str = "creating"


@dataclass(slots=True)
class Snapshots:
    """The snapshots of a region."""

    by_name: dict[str, Snapshot] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many exist."""
        return {"elasticache_snapshots": len(self.by_name)}

    def find(self, name: str) -> Snapshot:
        """Return a snapshot, or raise SnapshotNotFoundFault."""
        snapshot = self.by_name.get(name.lower())
        if snapshot is None:
            raise fault("SnapshotNotFoundFault", f"Snapshot {name} not found.")
        return snapshot


@operation("CreateSnapshot")
def create_snapshot(context: Context, params: Params) -> Result:
    """Take a snapshot of a replication group or of one cluster."""
    name = _free_name(context, params, "SnapshotName")
    group_id, cluster_id = params.get("ReplicationGroupId"), params.get("CacheClusterId")
    if bool(group_id) == bool(cluster_id):
        raise invalid_combination("Exactly one of ReplicationGroupId and CacheClusterId must be given.")
    snapshot = (
        _of_replication_group(context, name, group_id) if group_id else _of_cluster(context, name, str(cluster_id))
    )
    _check_daily_quota(context, snapshot)
    snapshot.kms_key_id = customer_keys.usable(context, params.get("KmsKeyId")) or snapshot.kms_key_id
    _keep(context, snapshot, new_tags(params))
    return {"Snapshot": shown(context, snapshot, node_group_config=True)}


@operation("CopySnapshot")
def copy_snapshot(context: Context, params: Params) -> Result:
    """Copy a snapshot; an export to a bucket is refused, as there are no data to write."""
    source = context.state.part(Snapshots).find(params["SourceSnapshotName"])
    if params.get("TargetBucket"):
        bucket = params["TargetBucket"]
        message = f"ElastiCache was unable to validate the authenticated user has access on the S3 bucket {bucket}."
        raise invalid_value(message)
    _check_available(source)
    name = _free_name(context, params, "TargetSnapshotName")
    key = customer_keys.usable(context, params.get("KmsKeyId")) or source.kms_key_id
    copy = replace(source, name=name, kms_key_id=key, kind="manual", status="creating")
    _keep(context, copy, new_tags(params))
    return {"Snapshot": shown(context, copy, node_group_config=True)}


@operation("DeleteSnapshot")
def delete_snapshot(context: Context, params: Params) -> Result:
    """Delete a snapshot."""
    snapshots = context.state.part(Snapshots)
    snapshot = snapshots.find(params["SnapshotName"])
    _check_available(snapshot)
    snapshot.status = "deleting"

    def remove() -> None:
        del snapshots.by_name[snapshot.name]
        context.state.tags.pop(arn(context, snapshot.name), None)

    context.state.after("snapshot-delete", remove)
    return {"Snapshot": shown(context, snapshot, node_group_config=True)}


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
        and (not group_id or one.facts.get("ReplicationGroupId") == group_id)
        and (not cluster_id or cluster_id in {node.cluster_id for node in one.nodes})
    ]
    chosen, marker = page(found, params, lambda one: one.name, largest=50)
    with_nodes = params.get("ShowNodeGroupConfig", False)
    return {"Snapshots": [shown(context, one, node_group_config=with_nodes) for one in chosen], "Marker": marker}


def arn(context: Context, name: str) -> str:
    """Return a snapshot's ARN."""
    return context.state.arn("snapshot", name)


def shown(context: Context, snapshot: Snapshot, *, node_group_config: bool) -> Result:
    """Return a snapshot as answers show it."""
    return {
        **snapshot.facts,
        "SnapshotName": snapshot.name,
        "SnapshotStatus": snapshot.status,
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


def _of_replication_group(context: Context, name: str, group_id: str) -> Snapshot:
    group = caches.replication_group(context, group_id)
    if group["Status"] != "available":
        message = f"Replication group {group['ReplicationGroupId']} is not available: it is {group['Status']}."
        raise fault("InvalidReplicationGroupStateFault", message)
    return _read_group(context, name, group)


def _read_group(context: Context, name: str, group: Description) -> Snapshot:
    members = {member: caches.cluster(context, member) for member in group["MemberClusters"]}
    nodes = tuple(
        _node_of_shard(group, shard, members)
        for shard in sorted(group["NodeGroups"], key=lambda one: one["NodeGroupId"])
    )
    facts = _facts_of_cluster(context, members[nodes[0].cluster_id]) | {
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


def _node_of_shard(group: Description, shard: Description, members: dict[str, Description]) -> NodeSnapshot:
    """Return what is taken of one shard: its data are read from its last replica, or from the only node."""
    nodes = shard["NodeGroupMembers"]
    primary = next((node for node in nodes if node.get("CurrentRole") == "primary"), nodes[0])
    replicas = [node for node in nodes if node is not primary]
    read_from = (replicas or [primary])[-1]["CacheClusterId"]
    whole = slots.even_slots(1)[0]
    return NodeSnapshot(
        cluster_id=read_from,
        node_group_id=shard["NodeGroupId"],
        slots=shard.get("Slots") or (None if group.get("ClusterEnabled") else whole),
        replicas=len(replicas),
        primary_zone=primary.get("PreferredAvailabilityZone"),
        replica_zones=tuple(node["PreferredAvailabilityZone"] for node in replicas),
        node_created=members[read_from]["CacheClusterCreateTime"],
    )


def _of_cluster(context: Context, name: str, cluster_id: str) -> Snapshot:
    cluster = caches.cluster(context, cluster_id)
    if cluster["CacheClusterStatus"] != "available":
        message = f"Cache cluster {cluster['CacheClusterId']} is not available: it is {cluster['CacheClusterStatus']}."
        raise fault("InvalidCacheClusterStateFault", message)
    group_id = cluster.get("ReplicationGroupId")
    if group_id and caches.replication_group(context, group_id).get("ClusterEnabled"):
        message = (
            f"Cache cluster {cluster['CacheClusterId']} is a member of {group_id}, which has cluster mode enabled: "
            "a snapshot is taken of the replication group."
        )
        raise invalid_combination(message)
    return _read_cluster(context, name, cluster)


def _read_cluster(context: Context, name: str, cluster: Description) -> Snapshot:
    if cluster["Engine"] == "memcached":
        raise fault("SnapshotFeatureNotSupportedFault", "Snapshots are not supported for the engine memcached.")
    zone = cluster.get("PreferredAvailabilityZone")
    created = cluster["CacheClusterCreateTime"]
    node = NodeSnapshot(cluster["CacheClusterId"], None, None, 0, zone, (), created)
    return Snapshot(name, context.state.now(), _facts_of_cluster(context, cluster), (node,), False, None)


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


def _free_name(context: Context, params: Params, parameter: str) -> str:
    name = identifier(params, parameter, "snapshot_name")
    if name in context.state.part(Snapshots).by_name:
        raise fault("SnapshotAlreadyExistsFault", f"A snapshot named {name} already exists.")
    return name


def _check_daily_quota(context: Context, snapshot: Snapshot) -> None:
    since = context.state.now() - timedelta(days=1)
    taken = {node.cluster_id for node in snapshot.nodes}
    recent = sum(
        1
        for one in context.state.part(Snapshots).by_name.values()
        if one.kind == "manual" and one.created > since and taken & {node.cluster_id for node in one.nodes}
    )
    if recent >= _PER_DAY:
        message = f"The maximum of {_PER_DAY} manual snapshots of a node in 24 hours is exceeded."
        raise fault("SnapshotQuotaExceededFault", message)


def _check_available(snapshot: Snapshot) -> None:
    if snapshot.status != "available":
        message = f"Snapshot {snapshot.name} is not in an available state: it is {snapshot.status}."
        raise fault("InvalidSnapshotStateFault", message)


def _keep(context: Context, snapshot: Snapshot, tags: dict[str, str]) -> None:
    context.state.part(Snapshots).by_name[snapshot.name] = snapshot
    context.state.tags[arn(context, snapshot.name)] = tags
    group_id = snapshot.facts.get("ReplicationGroupId")
    if group_id:
        source = ("replication-group", group_id, f"replication group {group_id}")
    else:
        cluster_id = snapshot.nodes[0].cluster_id
        source = ("cache-cluster", cluster_id, f"cache cluster {cluster_id}")

    def finish() -> None:
        if snapshot.status == "creating":
            snapshot.status = "available"
            message = f"Snapshot succeeded for snapshot with ID '{snapshot.name}' of {source[2]}"
            context.state.record_event(source[0], source[1], message)

    context.state.after("snapshot-create", finish)


class TakenSnapshots:
    """What replication groups and clusters ask of snapshots."""

    def take_final(self, context: Context, name: str, source_kind: str, source_id: str) -> None:
        """Take the last snapshot of a `replication-group` or `cache-cluster`; it still exists when this is called."""
        free = _free_name(context, {"FinalSnapshotIdentifier": name}, "FinalSnapshotIdentifier")
        if source_kind == "replication-group":
            snapshot = _read_group(context, free, caches.replication_group(context, source_id))
        else:
            snapshot = _read_cluster(context, free, caches.cluster(context, source_id))
        _keep(context, snapshot, {})

    def check_name_free(self, context: Context, name: str) -> None:
        """Raise the fault for a snapshot name that is taken or malformed."""
        _free_name(context, {"FinalSnapshotIdentifier": name}, "FinalSnapshotIdentifier")

    def source(self, context: Context, name: str) -> SnapshotSource:
        """Return what a snapshot holds, or raise SnapshotNotFoundFault."""
        snapshot = context.state.part(Snapshots).find(name)
        _check_available(snapshot)
        facts = snapshot.facts
        return SnapshotSource(
            engine=facts["Engine"],
            engine_version=facts["EngineVersion"],
            node_type=facts["CacheNodeType"],
            shards=len(snapshot.nodes),
            cluster_enabled=snapshot.cluster_enabled,
            data_tiering=facts.get("DataTiering") == "enabled",
        )


links.snapshots = TakenSnapshots()
