"""Cache clusters: Memcached, single-node Redis OSS, and the members of replication groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright.catalog import engine_versions, features, node_types
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import parameter_groups, replication_groups, subnet_groups
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.replication_groups import Node, ReplicationGroup, Shard
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_PORTS = {"memcached": 11211, "redis": 6379}
_NO_TLS_FAMILIES = frozenset({"m1", "m2", "m3", "r3", "t2"})


@dataclass(slots=True)
class CacheCluster:
    """One cluster of its own; `nodes` holds the zone of each node by its number."""

    id: str
    engine: str
    version: str
    node_type: str
    port: int
    nodes: dict[int, str]
    parameter_group: str
    subnet_group: str | None
    subnet_ids: list[str]
    security_groups: list[str]
    zones: tuple[str, ...]
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
    status: str = "creating"


@dataclass(slots=True)
class CacheClusters:
    """The clusters of a region that are no members of replication groups, by id."""

    clusters: dict[str, CacheCluster] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"cache_clusters": len(self.clusters)}

    def subnet_ids_in_use(self) -> set[str]:
        """Return the subnets that hold their nodes."""
        return {id for cluster in self.clusters.values() for id in cluster.subnet_ids}

    def security_group_ids_in_use(self) -> set[str]:
        """Return the security groups of their nodes."""
        return {id for cluster in self.clusters.values() for id in cluster.security_groups}


def find(context: Context, id: str) -> CacheCluster:
    """Return a cluster of its own, or raise CacheClusterNotFound."""
    cluster = context.state.part(CacheClusters).clusters.get(id.lower())
    if cluster is None:
        raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {id}")
    return cluster


@operation("CreateCacheCluster")
def create(context: Context, params: Params) -> Result:
    """Create a cluster."""
    id = identifier(params, "CacheClusterId", "cache_cluster_id")
    clusters = context.state.part(CacheClusters).clusters
    if id in clusters or _member(context, id) is not None:
        raise fault("CacheClusterAlreadyExistsFault", f"Cache cluster {id} already exists.")
    if params.get("ReplicationGroupId"):
        replication_groups.find(context, params["ReplicationGroupId"])
        message = "A replica is added with IncreaseReplicaCount here, not by creating a cluster in a replication group."
        raise invalid_combination(message)
    tags = new_tags(params)
    cluster = _made(context, id, params)
    clusters[id] = cluster
    context.state.tags[_arn(context, id)] = tags
    context.state.record_event("cache-cluster", id, "Cache cluster created")
    _begin(context, cluster, "creating", "create")
    return {"CacheCluster": _shown(context, cluster, nodes=False)}


def _made(context: Context, id: str, params: Params) -> CacheCluster:
    engine = (params.get("Engine") or "").lower()
    if engine == "valkey":
        raise invalid_combination("Valkey runs in replication groups and serverless caches only.")
    version = settings.engine_version(engine, params.get("EngineVersion"))
    node_type = settings.node_type(params.get("CacheNodeType"), version)
    count = _count(engine, params.get("NumCacheNodes"))
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    zones = settings.zones(context, subnets)
    az_mode, nodes = _placement(params, count, zones)
    tls = bool(params.get("TransitEncryptionEnabled"))
    kind = node_types.find(node_type)
    if tls and (
        engine != "memcached"
        or not features.supports(engine, version.version, "tls")
        or (kind is not None and kind.family in _NO_TLS_FAMILIES)
    ):
        raise invalid_combination("Encryption in transit is not supported by this engine version and node type.")
    if params.get("AuthToken"):
        raise invalid_combination("The AUTH token is only supported on replication groups.")
    settings.check_port(params.get("Port"))
    settings.check_windows(params.get("SnapshotWindow"), params.get("PreferredMaintenanceWindow"))
    settings.check_topic(context, params.get("NotificationTopicArn"))
    retention = params.get("SnapshotRetentionLimit") or 0
    settings.check_retention(retention)
    if engine == "memcached" and (
        retention or params.get("SnapshotWindow") or params.get("SnapshotName") or params.get("SnapshotArns")
    ):
        raise invalid_combination("Snapshots are not supported for Memcached.")
    group = settings.parameter_group(context, params.get("CacheParameterGroupName"), version)
    if group.cluster_enabled:
        raise invalid_combination(f"The parameter group {group.name} is for cluster mode, which a cluster has not.")
    return CacheCluster(
        id=id,
        engine=engine,
        version=version.version,
        node_type=node_type,
        port=params.get("Port") or _PORTS[engine],
        nodes=nodes,
        parameter_group=group.name,
        subnet_group=subnets.name if subnets else None,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        zones=zones,
        az_mode=az_mode,
        tls=tls,
        maintenance_window=settings.maintenance_window(params),
        snapshot_retention=retention,
        snapshot_window=(params.get("SnapshotWindow") or settings.DEFAULT_SNAPSHOT_WINDOW)
        if engine == "redis"
        else None,
        topic=params.get("NotificationTopicArn"),
        auto_minor=params.get("AutoMinorVersionUpgrade", True),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        network_type=params.get("NetworkType") or "ipv4",
        ip_discovery=params.get("IpDiscovery") or "ipv4",
        created=context.state.now(),
    )


def _count(engine: str, count: int | None) -> int:
    most = limit("memcached_nodes_default") if engine == "memcached" else 1
    if count is None:
        raise invalid_combination("The parameter NumCacheNodes must be provided.")
    if not 1 <= count <= most:
        raise invalid_value(f"Invalid NumCacheNodes: {count}. Must be between 1 and {most} for {engine}.")
    return count


def _placement(params: Params, count: int, zones: tuple[str, ...]) -> tuple[str, dict[int, str]]:
    az_mode = params.get("AZMode") or "single-az"
    if az_mode not in {"single-az", "cross-az"}:
        raise invalid_value(f"Invalid AZMode: {az_mode}. Must be single-az or cross-az.")
    if az_mode == "cross-az" and count == 1:
        raise invalid_combination("cross-az needs more than one cache node.")
    chosen = params.get("PreferredAvailabilityZones") or []
    if chosen and len(chosen) != count:
        raise invalid_combination("PreferredAvailabilityZones must name one zone for each cache node.")
    single = params.get("PreferredAvailabilityZone")
    settings.check_zones([*chosen, *([single] if single and single != "Multiple" else [])], zones)
    if not chosen and zones:
        one = single if single and single != "Multiple" else zones[0]
        chosen = [zones[index % len(zones)] if az_mode == "cross-az" else one for index in range(count)]
    return az_mode, {index + 1: chosen[index] if chosen else "" for index in range(count)}


@operation("DescribeCacheClusters")
def describe(context: Context, params: Params) -> Result:
    """Show one cluster, or all, members of replication groups included."""
    nodes = bool(params.get("ShowCacheNodeInfo"))
    id = params.get("CacheClusterId")
    if id:
        member = _member(context, id.lower())
        if member is not None:
            return {"CacheClusters": [_shown_member(context, *member, nodes=nodes)]}
        return {"CacheClusters": [_shown(context, find(context, id), nodes=nodes)]}
    everything: dict[str, Any] = dict(context.state.part(CacheClusters).clusters)
    if not params.get("ShowCacheClustersNotInReplicationGroups"):
        for group in context.state.part(ReplicationGroups).groups.values():
            for shard in group.shards:
                for node in shard.nodes:
                    everything[group.member_id(shard, node)] = (group, shard, node)
    shown, marker = page(everything.items(), params, lambda item: item[0])
    found = [
        _shown(context, one, nodes=nodes)
        if isinstance(one, CacheCluster)
        else _shown_member(context, *one, nodes=nodes)
        for _, one in shown
    ]
    return {"CacheClusters": found, "Marker": marker}


@operation("ModifyCacheCluster")
def modify(context: Context, params: Params) -> Result:
    """Change a cluster; more and fewer nodes, too."""
    member = _member(context, params["CacheClusterId"].lower())
    if member is not None:
        message = f"{params['CacheClusterId']} is part of the replication group {member[0].id}: modify that instead."
        raise fault("InvalidCacheClusterStateFault", message)
    cluster = find(context, params["CacheClusterId"])
    if cluster.status != "available":
        raise fault("InvalidCacheClusterStateFault", f"Cache cluster {cluster.id} is not in available state.")
    changes: dict[str, Any] = {}
    plain = {
        "AutoMinorVersionUpgrade": "auto_minor",
        "IpDiscovery": "ip_discovery",
        "SnapshotRetentionLimit": "snapshot_retention",
        "SnapshotWindow": "snapshot_window",
    }
    changes.update({name: params[key] for key, name in plain.items() if params.get(key) is not None})
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    settings.check_windows(
        params.get("SnapshotWindow") or cluster.snapshot_window,
        params.get("PreferredMaintenanceWindow") or cluster.maintenance_window,
    )
    if cluster.engine == "memcached" and (params.get("SnapshotRetentionLimit") or params.get("SnapshotWindow")):
        raise invalid_combination("Snapshots are not supported for Memcached.")
    if params.get("PreferredMaintenanceWindow"):
        changes["maintenance_window"] = params["PreferredMaintenanceWindow"].lower()
    if params.get("NotificationTopicArn") is not None:
        settings.check_topic(context, params["NotificationTopicArn"])
        changes["topic"] = params["NotificationTopicArn"] or None
    if params.get("NotificationTopicStatus") == "inactive":
        changes["topic"] = None
    if params.get("SecurityGroupIds"):
        subnets = subnet_groups.find(context, cluster.subnet_group) if cluster.subnet_group else None
        changes["security_groups"] = settings.security_groups(context, params["SecurityGroupIds"], subnets)
    version = settings.engine_version(cluster.engine, params.get("EngineVersion") or cluster.version)
    if engine_versions.version_key(version.version) < engine_versions.version_key(cluster.version):
        raise invalid_combination(f"Cannot downgrade from {cluster.version} to {version.version}.")
    changes["version"] = version.version
    changes["node_type"] = settings.node_type(params.get("CacheNodeType") or cluster.node_type, version)
    if params.get("CacheParameterGroupName"):
        changes["parameter_group"] = settings.parameter_group(context, params["CacheParameterGroupName"], version).name
    elif version.family != parameter_groups.find(context, cluster.parameter_group).family:
        changes["parameter_group"] = settings.parameter_group(context, None, version).name
    if params.get("AZMode"):
        changes["az_mode"] = params["AZMode"]
    if params.get("LogDeliveryConfigurations"):
        changes["logs"] = settings.log_deliveries(context, params["LogDeliveryConfigurations"], cluster.logs)
    nodes = _changed_nodes(cluster, params, changes.get("az_mode", cluster.az_mode))
    for name, value in changes.items():
        setattr(cluster, name, value)
    cluster.nodes = nodes
    context.state.record_event("cache-cluster", cluster.id, "Cache cluster modified")
    _begin(context, cluster, "modifying", "modify")
    return {"CacheCluster": _shown(context, cluster, nodes=False)}


def _changed_nodes(cluster: CacheCluster, params: Params, az_mode: str) -> dict[int, str]:
    count = params.get("NumCacheNodes")
    nodes = dict(cluster.nodes)
    if count is None or count == len(nodes):
        return nodes
    _count(cluster.engine, count)
    if count < len(nodes):
        named = params.get("CacheNodeIdsToRemove") or []
        if len(named) != len(nodes) - count:
            raise invalid_combination(f"CacheNodeIdsToRemove must name {len(nodes) - count} cache nodes.")
        for id in named:
            if not id.isdecimal() or int(id) not in nodes:
                raise invalid_value(f"The cache node {id} does not exist.")
            del nodes[int(id)]
        return nodes
    chosen = params.get("NewAvailabilityZones") or []
    if chosen and len(chosen) != count - len(nodes):
        raise invalid_combination("NewAvailabilityZones must name one zone for each new cache node.")
    settings.check_zones(chosen, cluster.zones)
    number = max(nodes)
    for index in range(count - len(cluster.nodes)):
        spread = cluster.zones[(number + index) % len(cluster.zones)] if cluster.zones else ""
        own = chosen[index] if chosen else spread if az_mode == "cross-az" else next(iter(nodes.values()))
        nodes[number + index + 1] = own
    return nodes


@operation("RebootCacheCluster")
def reboot(context: Context, params: Params) -> Result:
    """Reboot nodes; what they held is not kept here, as in Memcached."""
    cluster = find(context, params["CacheClusterId"])
    for id in params["CacheNodeIdsToReboot"]:
        if not id.isdecimal() or int(id) not in cluster.nodes:
            raise invalid_value(f"The cache node {id} does not exist.")
        context.state.record_event("cache-cluster", cluster.id, f"Cache node {id} restarted")
    _begin(context, cluster, "rebooting cache cluster nodes", "reboot")
    return {"CacheCluster": _shown(context, cluster, nodes=True)}


@operation("DeleteCacheCluster")
def delete(context: Context, params: Params) -> Result:
    """Delete a cluster; the next request no longer finds it."""
    member = _member(context, params["CacheClusterId"].lower())
    if member is not None:
        message = f"{params['CacheClusterId']} is part of the replication group {member[0].id}: decrease its replicas."
        raise fault("InvalidCacheClusterStateFault", message)
    cluster = find(context, params["CacheClusterId"])
    if cluster.status == "deleting":
        raise fault("InvalidCacheClusterStateFault", f"Cache cluster {cluster.id} is being deleted.")
    name = params.get("FinalSnapshotIdentifier")
    if name:
        if cluster.engine == "memcached":
            raise fault("SnapshotFeatureNotSupportedFault", "Snapshots are not supported for Memcached.")
        links.snapshots.check_name_free(context, name)
        links.snapshots.take_final(context, name, "cache-cluster", cluster.id)
    cluster.status = "deleting"

    def vanish() -> None:
        context.state.part(CacheClusters).clusters.pop(cluster.id, None)
        context.state.tags.pop(_arn(context, cluster.id), None)
        context.state.record_event("cache-cluster", cluster.id, "Cache cluster deleted")

    context.state.after("cache-cluster-delete", vanish)
    return {"CacheCluster": _shown(context, cluster, nodes=False)}


def _begin(context: Context, cluster: CacheCluster, status: str, transition: str) -> None:
    cluster.status = status

    def settle() -> None:
        if cluster.status == status:
            cluster.status = "available"

    context.state.after(f"cache-cluster-{transition}", settle)


def _member(context: Context, id: str) -> tuple[ReplicationGroup, Shard, Node] | None:
    for group in context.state.part(ReplicationGroups).groups.values():
        if id.startswith(f"{group.id}-"):
            for shard in group.shards:
                for node in shard.nodes:
                    if group.member_id(shard, node) == id:
                        return group, shard, node
    return None


def _arn(context: Context, id: str) -> str:
    return context.state.arn("cluster", id)


def _shown(context: Context, cluster: CacheCluster, *, nodes: bool) -> Result:
    zones = set(cluster.nodes.values())
    ready = cluster.status != "creating"
    result: Result = {
        "CacheClusterId": cluster.id,
        "CacheNodeType": cluster.node_type,
        "Engine": cluster.engine,
        "EngineVersion": engine_versions.actual_version(cluster.engine, cluster.version),
        "CacheClusterStatus": cluster.status,
        "NumCacheNodes": len(cluster.nodes),
        "PreferredAvailabilityZone": next(iter(zones)) if len(zones) == 1 else "Multiple",
        "CacheClusterCreateTime": cluster.created,
        "PreferredMaintenanceWindow": cluster.maintenance_window,
        "PendingModifiedValues": {},
        "NotificationConfiguration": settings.notification(cluster.topic),
        "CacheSecurityGroups": [],
        "CacheParameterGroup": _parameter_status(cluster.parameter_group),
        "CacheSubnetGroupName": cluster.subnet_group,
        "AutoMinorVersionUpgrade": cluster.auto_minor,
        "SecurityGroups": settings.shown_security_groups(cluster.security_groups),
        "SnapshotRetentionLimit": cluster.snapshot_retention if cluster.engine == "redis" else None,
        "SnapshotWindow": cluster.snapshot_window,
        "AuthTokenEnabled": False,
        "TransitEncryptionEnabled": cluster.tls,
        "TransitEncryptionMode": "required" if cluster.tls else None,
        "AtRestEncryptionEnabled": False,
        "ARN": _arn(context, cluster.id),
        "ReplicationGroupLogDeliveryEnabled": False,
        "LogDeliveryConfigurations": list(cluster.logs.values()),
        "NetworkType": cluster.network_type,
        "IpDiscovery": cluster.ip_discovery,
    }
    if cluster.engine == "memcached" and ready:
        result["ConfigurationEndpoint"] = {"Address": _host(context, cluster, "cfg"), "Port": cluster.port}
    if nodes and ready:
        result["CacheNodes"] = [
            _shown_node(number, cluster.created, _host(context, cluster, f"{number:04}"), cluster.port, zone)
            for number, zone in sorted(cluster.nodes.items())
        ]
    return result


def _host(context: Context, cluster: CacheCluster, label: str) -> str:
    region = replication_groups.short_region(context.region)
    suffix = "cache.amazonaws.com" + (".cn" if context.partition == "aws-cn" else "")
    return f"{cluster.id}.{context.state.endpoint_hash()}.{label}.{region}.{suffix}"


def _shown_node(number: int, created: datetime, host: str, port: int, zone: str) -> Result:
    return {
        "CacheNodeId": f"{number:04}",
        "CacheNodeStatus": "available",
        "CacheNodeCreateTime": created,
        "Endpoint": {"Address": host, "Port": port},
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": zone,
    }


def _parameter_status(name: str) -> Result:
    return {"CacheParameterGroupName": name, "ParameterApplyStatus": "in-sync", "CacheNodeIdsToReboot": []}


def _shown_member(context: Context, group: ReplicationGroup, shard: Shard, node: Node, *, nodes: bool) -> Result:
    id = group.member_id(shard, node)
    result: Result = {
        "CacheClusterId": id,
        "ReplicationGroupId": group.id,
        "CacheNodeType": group.node_type,
        "Engine": group.engine,
        "EngineVersion": engine_versions.actual_version(group.engine, group.version),
        "CacheClusterStatus": group.status,
        "NumCacheNodes": 1,
        "PreferredAvailabilityZone": node.zone,
        "CacheClusterCreateTime": group.created,
        "PreferredMaintenanceWindow": group.maintenance_window,
        "PendingModifiedValues": {},
        "NotificationConfiguration": settings.notification(group.topic),
        "CacheSecurityGroups": [],
        "CacheParameterGroup": _parameter_status(group.parameter_group),
        "CacheSubnetGroupName": group.subnet_group,
        "AutoMinorVersionUpgrade": group.auto_minor,
        "SecurityGroups": settings.shown_security_groups(group.security_groups),
        "SnapshotRetentionLimit": group.snapshot_retention,
        "SnapshotWindow": group.snapshot_window,
        "AuthTokenEnabled": group.auth_token,
        "TransitEncryptionEnabled": group.tls,
        "TransitEncryptionMode": group.tls_mode,
        "AtRestEncryptionEnabled": group.at_rest,
        "ARN": _arn(context, id),
        "ReplicationGroupLogDeliveryEnabled": bool(group.logs),
        "LogDeliveryConfigurations": list(group.logs.values()),
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
    }
    if nodes and group.status != "creating":
        host = replication_groups.node_host(context, group, shard, node)
        result["CacheNodes"] = [_shown_node(1, group.created, host, group.port, node.zone)]
    return result
