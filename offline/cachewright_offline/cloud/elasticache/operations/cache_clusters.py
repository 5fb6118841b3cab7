"""Cache clusters: Memcached, single-node Redis OSS, and the members of replication groups; what they are and show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache import settings, zone_choice
from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations import replication_groups
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.pagination import last_key, ordered_page
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.region_code import domain
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.replication_groups import Node, ReplicationGroup, Shard
    from cachewright_offline.cloud.elasticache.reboots import ClusterKey
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

REBOOTING: Final = "rebooting cluster nodes"
_CLIENT_DOWNLOAD: Final = "https://console.aws.amazon.com/elasticache/home#client-download:"


@dataclass(frozen=True, slots=True)
class CacheNode:
    """One node of a cluster of its own.

    Attributes:
        zone: Its availability zone.
        subnet_id: The subnet that holds its network interface, if the cluster is in a VPC.
        created: When it was made.
    """

    zone: str
    subnet_id: str | None
    created: datetime


@dataclass(slots=True)
class CacheCluster:
    """One cluster of its own.

    Attributes:
        nodes: Its nodes by their numbers.
        pending: New values of other attributes, which hold when the modification that brings them is done.
        scale: How a change of the node type proceeds, as the request gave it.
        apply_at: When the pending modification begins, if it waits for the maintenance window.
    """

    id: str
    engine: str
    version: str
    node_type: str
    port: int
    nodes: dict[int, CacheNode]
    parameter_group: str
    subnet_group: str | None
    security_groups: list[str]
    az_mode: str
    tls: bool
    maintenance_window: str
    snapshot_retention: int
    snapshot_window: str | None
    topic: str | None
    auto_minor: bool
    logs: dict[str, dict[str, Any]]
    network_type: str
    ip_discovery: str
    created: datetime
    topic_status: str = "active"
    status: str = "creating"
    pending: dict[str, Any] = field(default_factory=dict)
    scale: dict[str, int] | None = None
    apply_at: datetime | None = None

    @property
    def key(self) -> ClusterKey:
        """What tells it from a later cluster of the same id."""
        return self.id, self.created


@dataclass(slots=True)
class CacheClusters:
    """The clusters of a region that are no members of replication groups, by id."""

    clusters: dict[str, CacheCluster] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"cache_clusters": len(self.clusters)}


@dataclass(frozen=True, slots=True)
class Member:
    """A node of a replication group, which is a cluster to those who ask for it."""

    group: ReplicationGroup
    shard: Shard
    node: Node

    @property
    def id(self) -> str:
        """Its cluster id."""
        return self.group.member_id(self.shard, self.node)

    @property
    def key(self) -> ClusterKey:
        """What tells it from a later cluster of the same id."""
        return self.id, self.group.created

    @property
    def created(self) -> datetime:
        """When it was made."""
        return self.node.created or self.group.created


def find(context: Context, id: str) -> CacheCluster:
    """Return a cluster of its own, or raise CacheClusterNotFound."""
    cluster = context.state.part(CacheClusters).clusters.get(id.lower())
    if cluster is None:
        raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {id}")
    return cluster


def find_member(context: Context, id: str) -> Member | None:
    """Return the member of a replication group that has a cluster id, or None."""
    found = replication_groups.find_member(context, id)
    return Member(*found) if found else None


def check_available(id: str, status: str) -> None:
    """Refuse to do something to a cluster that something is being done to."""
    if status != "available":
        message = f"Cache cluster {id} is not in available state: it is {status}."
        raise fault("InvalidCacheClusterStateFault", message)


def begin(
    context: Context, cluster: CacheCluster, status: str, transition: str, done: Callable[[], None] | None = None
) -> None:
    """Show a status until a transition is over; then the cluster is available, after what there is to do."""
    cluster.status = status

    def settle() -> None:
        if cluster.status == status:
            cluster.status = "available"
            if done is not None:
                done()

    context.state.after(f"cache-cluster-{transition}", settle)


def record_event(context: Context, id: str, message: str) -> None:
    """Add a line about a cluster to what DescribeEvents shows."""
    context.state.record_event("cache-cluster", id, message)


def arn(context: Context, id: str) -> str:
    """Return a cluster's ARN."""
    return context.state.arn("cluster", id)


@operation("DescribeCacheClusters")
def describe(context: Context, params: Params) -> Result:
    """Show one cluster, or all, members of replication groups included."""
    nodes = bool(params.get("ShowCacheNodeInfo"))
    id = params.get("CacheClusterId")
    if id:
        member = find_member(context, id)
        if member is not None:
            return {"CacheClusters": [shown_member(context, member, nodes=nodes)]}
        return {"CacheClusters": [shown(context, find(context, id), nodes=nodes)]}
    chosen, marker = ordered_page(_clusters_and_members(context, params), params, lambda item: item[0])
    found = [
        shown(context, one, nodes=nodes) if isinstance(one, CacheCluster) else shown_member(context, one, nodes=nodes)
        for _, one in chosen
    ]
    return {"CacheClusters": found, "Marker": marker}


def _clusters_and_members(context: Context, params: Params) -> Iterator[tuple[str, CacheCluster | Member]]:
    """Return the clusters that a request wants, in the order of their keys, from those on that its marker names.

    A key is the id of a cluster or group and the place in it: with many groups only the members of a page are made.
    """
    clusters = context.state.part(CacheClusters).clusters
    alone = bool(params.get("ShowCacheClustersNotInReplicationGroups"))
    groups = {} if alone else context.state.part(ReplicationGroups).groups
    first = (last_key(params) or "").partition("\0")[0]
    for id in sorted({*clusters, *groups}):
        if id < first:
            continue
        if id in clusters:
            yield f"{id}\0", clusters[id]
        if id in groups:
            for shard, node in groups[id].members():
                yield f"{id}\0{shard.number:04}{node.number:04}", Member(groups[id], shard, node)


def shown(context: Context, cluster: CacheCluster, *, nodes: bool = False) -> Result:
    """Return a cluster of its own as answers show it."""
    zones = {node.zone for node in cluster.nodes.values()}
    awaiting = context.state.part(Reboots).of(cluster.key)
    result: Result = {
        "CacheClusterId": cluster.id,
        "ClientDownloadLandingPage": _CLIENT_DOWNLOAD,
        "CacheNodeType": cluster.node_type,
        "Engine": cluster.engine,
        "EngineVersion": engine_versions.actual_version(cluster.engine, cluster.version),
        "CacheClusterStatus": cluster.status,
        "NumCacheNodes": len(cluster.nodes),
        "PreferredAvailabilityZone": next(iter(zones)) if len(zones) == 1 else zone_choice.MULTIPLE,
        "CacheClusterCreateTime": cluster.created,
        "PreferredMaintenanceWindow": cluster.maintenance_window,
        "PendingModifiedValues": _pending(cluster),
        "NotificationConfiguration": settings.notification(cluster.topic, cluster.topic_status),
        "CacheSecurityGroups": [],
        "CacheParameterGroup": _parameter_status(cluster.parameter_group, awaiting),
        "CacheSubnetGroupName": cluster.subnet_group,
        "AutoMinorVersionUpgrade": cluster.auto_minor,
        "SecurityGroups": settings.shown_security_groups(cluster.security_groups),
        "SnapshotRetentionLimit": cluster.snapshot_retention if cluster.engine == "redis" else None,
        "SnapshotWindow": cluster.snapshot_window,
        "AuthTokenEnabled": False,
        "TransitEncryptionEnabled": cluster.tls,
        "TransitEncryptionMode": "required" if cluster.tls else None,
        "AtRestEncryptionEnabled": False,
        "ARN": arn(context, cluster.id),
        "ReplicationGroupLogDeliveryEnabled": False,
        "LogDeliveryConfigurations": list(cluster.logs.values()),
        "NetworkType": cluster.network_type,
        "IpDiscovery": cluster.ip_discovery,
    }
    if cluster.status in {"creating", "deleting"}:
        return result
    if cluster.engine == "memcached":
        result["ConfigurationEndpoint"] = {"Address": _host(context, cluster, "cfg"), "Port": cluster.port}
    if nodes:
        result["CacheNodes"] = [
            _shown_node(
                number,
                node.created,
                {"Address": _host(context, cluster, f"{number:04}"), "Port": cluster.port},
                node.zone,
                awaiting,
            )
            for number, node in sorted(cluster.nodes.items())
        ]
    return result


def node_ids(numbers: set[int]) -> list[str]:
    """Return the ids of nodes, in order."""
    return [f"{number:04}" for number in sorted(numbers)]


def _host(context: Context, cluster: CacheCluster, label: str) -> str:
    return f"{cluster.id}.{context.state.endpoint_hash()}.{label}.{domain(context.region)}"


def _pending(cluster: CacheCluster) -> Result:
    pending = cluster.pending
    result: Result = {}
    if "nodes" in pending:
        result["NumCacheNodes"] = len(pending["nodes"])
        leaving = cluster.nodes.keys() - pending["nodes"].keys()
        if leaving:
            result["CacheNodeIdsToRemove"] = node_ids(leaving)
    if "version" in pending:
        result["EngineVersion"] = engine_versions.actual_version(cluster.engine, pending["version"])
    if "node_type" in pending:
        result["CacheNodeType"] = pending["node_type"]
        result["ScaleConfig"] = cluster.scale
    if "logs" in pending:
        result["LogDeliveryConfigurations"] = [
            {name: value for name, value in one.items() if name not in {"Message", "Status"}}
            for one in pending["logs"].values()
        ]
    return result


def _shown_node(number: int, created: datetime, endpoint: Result, zone: str, awaiting: set[int]) -> Result:
    return {
        "CacheNodeId": f"{number:04}",
        "CacheNodeStatus": "available",
        "CacheNodeCreateTime": created,
        "Endpoint": endpoint,
        "ParameterGroupStatus": "pending-reboot" if number in awaiting else "in-sync",
        "CustomerAvailabilityZone": zone,
    }


def _parameter_status(name: str, awaiting: set[int]) -> Result:
    return {
        "CacheParameterGroupName": name,
        "ParameterApplyStatus": "pending-reboot" if awaiting else "in-sync",
        "CacheNodeIdsToReboot": node_ids(awaiting),
    }


def shown_member(context: Context, member: Member, *, nodes: bool = False) -> Result:
    """Return a member of a replication group as answers show it."""
    group, shard, node = member.group, member.shard, member.node
    reboots = context.state.part(Reboots)
    awaiting = reboots.of(member.key)
    result: Result = {
        "CacheClusterId": member.id,
        "ReplicationGroupId": group.id,
        "ClientDownloadLandingPage": _CLIENT_DOWNLOAD,
        "CacheNodeType": group.node_type,
        "Engine": group.engine,
        "EngineVersion": engine_versions.actual_version(group.engine, group.version),
        "CacheClusterStatus": member_status(context, member),
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": node.zone,
        "CacheClusterCreateTime": member.created,
        "PreferredMaintenanceWindow": group.maintenance_window,
        "PendingModifiedValues": replication_groups.of_member(group),
        "NotificationConfiguration": settings.notification(group.topic, group.topic_status),
        "CacheSecurityGroups": [],
        "CacheParameterGroup": _parameter_status(group.parameter_group, awaiting),
        "CacheSubnetGroupName": group.subnet_group,
        "AutoMinorVersionUpgrade": group.auto_minor,
        "SecurityGroups": settings.shown_security_groups(group.security_groups),
        "SnapshotRetentionLimit": group.snapshot_retention,
        "SnapshotWindow": group.snapshot_window,
        "AuthTokenEnabled": group.auth_token,
        "TransitEncryptionEnabled": group.tls,
        "TransitEncryptionMode": group.tls_mode,
        "AtRestEncryptionEnabled": group.at_rest,
        "ARN": arn(context, member.id),
        "ReplicationGroupLogDeliveryEnabled": bool(group.logs),
        "LogDeliveryConfigurations": list(group.logs.values()),
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
    }
    if nodes and group.status not in {"creating", "deleting"}:
        host = replication_groups.node_host(context, group, shard, node)
        endpoint = {"Address": host, "Port": group.port}
        result["CacheNodes"] = [_shown_node(1, member.created, endpoint, node.zone, awaiting)]
    return result


def member_status(context: Context, member: Member) -> str:
    """Return the status of a member: its group's, unless the member alone is being rebooted."""
    return REBOOTING if member.key in context.state.part(Reboots).running else member.group.status
