"""DescribeReplicationGroups, and a replication group as every answer shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.operations.replication_groups import durability, endpoints, pending
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroups, arn, find
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
        Node,
        ReplicationGroup,
        Shard,
    )
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DescribeReplicationGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one group, or all."""
    id = params.get("ReplicationGroupId")
    if id:
        return {"ReplicationGroups": [shown(context, find(context, id))]}
    found, marker = page(context.state.part(ReplicationGroups).groups.values(), params, lambda one: one.id)
    return {"ReplicationGroups": [shown(context, one) for one in found], "Marker": marker}


def shown(context: Context, group: ReplicationGroup) -> Result:
    """Show a group as AWS does."""
    result: Result = {
        "ReplicationGroupId": group.id,
        "Description": group.description,
        "Status": group.status,
        "PendingModifiedValues": pending.of_group(context, group),
        "MemberClusters": group.member_ids(),
        "NodeGroups": [_node_group(context, group, shard) for shard in group.shards],
        "AutomaticFailover": _failover(group),
        "MultiAZ": _switch(on=group.multi_az),
        "SnapshotRetentionLimit": group.snapshot_retention,
        "SnapshotWindow": group.snapshot_window,
        "SnapshottingClusterId": snapshotting_cluster(group) if group.snapshot_retention else group.snapshotting,
        # In the mode between the two, nodes run as one shard of a cluster.
        "ClusterEnabled": group.cluster_mode != "disabled",
        "ClusterMode": group.cluster_mode,
        "CacheNodeType": group.node_type,
        "AuthTokenEnabled": group.auth_token,
        "AuthTokenLastModifiedDate": group.token_changed,
        "TransitEncryptionEnabled": group.tls,
        "TransitEncryptionMode": group.tls_mode,
        "AtRestEncryptionEnabled": group.at_rest,
        "StorageEncryptionType": _storage_encryption(group),
        "KmsKeyId": group.kms_key,
        "ARN": arn(context, group),
        "UserGroupIds": group.user_group_ids or None,
        "LogDeliveryConfigurations": list(group.logs.values()),
        "ReplicationGroupCreateTime": group.created,
        "DataTiering": _switch(on=group.data_tiering),
        "AutoMinorVersionUpgrade": group.auto_minor,
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
        "Engine": group.engine,
        "Durability": group.durability or durability.DEFAULT,
        "EffectiveDurability": durability.effective(group.durability),
    }
    if group.global_id:
        result["GlobalReplicationGroupInfo"] = {
            "GlobalReplicationGroupId": group.global_id,
            "GlobalReplicationGroupMemberRole": group.global_role,
        }
    # In the mode between the two, clients of either kind find their way.
    if group.cluster_mode != "disabled" and group.status != "creating":
        result["ConfigurationEndpoint"] = endpoints.configuration(context, group)
    return result


def snapshotting_cluster(group: ReplicationGroup) -> str | None:
    """Return the member that automatic snapshots are taken of; with cluster mode enabled each shard is."""
    if group.cluster_enabled:
        return None
    if group.snapshotting and group.member(group.snapshotting):
        return group.snapshotting
    shard = group.shards[0]
    return group.member_id(shard, (shard.replicas or shard.nodes)[-1])


def _switch(*, on: bool) -> str:
    return "enabled" if on else "disabled"


def _failover(group: ReplicationGroup) -> str:
    if group.status == "creating" and group.automatic_failover:
        return "enabling"
    if group.status == "modifying" and "automatic_failover" in group.pending:
        return "enabling" if group.pending["automatic_failover"] else "disabling"
    return _switch(on=group.automatic_failover)


def _storage_encryption(group: ReplicationGroup) -> str:
    if not group.at_rest:
        return "none"
    return "sse-kms" if group.kms_key else "sse-elasticache"


def _node_group(context: Context, group: ReplicationGroup, shard: Shard) -> Result:
    result: Result = {
        "NodeGroupId": shard.id,
        "Status": "creating" if group.status == "creating" else "available",
        "Slots": shard.slots if group.cluster_mode != "disabled" else None,
        "NodeGroupMembers": [_member(context, group, shard, node) for node in shard.nodes],
    }
    if not group.cluster_enabled and group.status != "creating":
        result["PrimaryEndpoint"] = endpoints.primary(context, group)
        result["ReaderEndpoint"] = endpoints.reader(context, group)
    return result


def _member(context: Context, group: ReplicationGroup, shard: Shard, node: Node) -> Result:
    result: Result = {
        "CacheClusterId": group.member_id(shard, node),
        "CacheNodeId": "0001",
        "PreferredAvailabilityZone": node.zone,
    }
    # AWS names the roles of a single shard only; in cluster mode the cluster itself decides them.
    if not group.cluster_enabled:
        result["CurrentRole"] = "primary" if node.number == shard.primary else "replica"
        if group.status != "creating":
            host = endpoints.node_host(context, group, shard, node)
            result["ReadEndpoint"] = {"Address": host, "Port": group.port}
    return result
