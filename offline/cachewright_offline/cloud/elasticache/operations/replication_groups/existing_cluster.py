"""A cluster of its own becomes the primary of a replication group, and a primary becomes one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import slots
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import subnet_groups
from cachewright_offline.cloud.elasticache.operations.replication_groups import layout, quotas
from cachewright_offline.cloud.elasticache.operations.replication_groups.availability import check_availability
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    Node,
    ReplicationGroup,
    Shard,
)

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params

# What a group around an existing cluster takes over from it.
_OF_THE_CLUSTER: Final = (
    "AtRestEncryptionEnabled",
    "AuthToken",
    "CacheNodeType",
    "CacheParameterGroupName",
    "CacheSubnetGroupName",
    "ClusterMode",
    "DataTieringEnabled",
    "EngineVersion",
    "IpDiscovery",
    "KmsKeyId",
    "NetworkType",
    "NodeGroupConfiguration",
    "Port",
    "PreferredMaintenanceWindow",
    "SecurityGroupIds",
    "ServerlessCacheSnapshotName",
    "SnapshotArns",
    "SnapshotName",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
    "UserGroupIds",
)


def adopted(context: Context, id: str, params: Params) -> ReplicationGroup:
    """Return a group of which an existing cluster is the primary; the cluster is only a member from now on."""
    from cachewright_offline.cloud.elasticache.operations import cache_clusters

    cluster = cache_clusters.find(context, params["PrimaryClusterId"])
    if cluster.status != "available":
        message = f"Cache cluster {cluster.id} is not in available state: it is {cluster.status}."
        raise fault("InvalidCacheClusterStateFault", message)
    if cluster.engine != "redis":
        raise invalid_combination(f"Cache cluster {cluster.id} runs {cluster.engine}: a primary runs redis.")
    given = [name for name in _OF_THE_CLUSTER if params.get(name)]
    if given:
        raise invalid_combination(f"{given[0]} cannot be given with PrimaryClusterId: it is the cluster's.")
    if (params.get("Engine") or cluster.engine).lower() != cluster.engine:
        raise invalid_combination(f"Engine must be {cluster.engine}, which the primary cluster runs.")
    if (params.get("NumNodeGroups") or 1) > 1:
        raise invalid_combination("A replication group of an existing cluster has one node group.")
    replicas = params.get("ReplicasPerNodeGroup")
    if replicas is None:
        replicas = (params.get("NumCacheClusters") or 1) - 1
    layout.check_replicas(replicas)
    subnets = subnet_groups.find(context, cluster.subnet_group) if cluster.subnet_group else None
    zones = settings.zones(context, subnets)
    shard = Shard(1, slots.even_slots(1)[0], [Node(1, cluster.nodes[1].zone, cluster.id, cluster.created)])
    preferred = params.get("PreferredCacheClusterAZs") or []
    if preferred and (len(preferred) != replicas + 1 or preferred[0] != shard.nodes[0].zone):
        raise invalid_combination("PreferredCacheClusterAZs must name one zone for each cluster, the primary's first.")
    settings.check_zones(preferred, zones)
    for number in range(2, replicas + 2):
        used = [node.zone for node in shard.nodes]
        zone = preferred[number - 1] if preferred else layout.spread(zones, 0, used)
        shard.nodes.append(Node(number, zone))
    failover, multi_az = bool(params.get("AutomaticFailoverEnabled")), bool(params.get("MultiAZEnabled"))
    check_availability([shard], failover=failover, multi_az=multi_az, cluster_enabled=False)
    quotas.check_region(context, replicas)
    topic = params.get("NotificationTopicArn")
    settings.check_topic(context, topic)
    group = ReplicationGroup(
        id=id,
        description=params["ReplicationGroupDescription"],
        engine=cluster.engine,
        version=cluster.version,
        node_type=cluster.node_type,
        port=cluster.port,
        parameter_group=cluster.parameter_group,
        subnet_group=cluster.subnet_group,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        vpc_zones=zones,
        security_groups=cluster.security_groups,
        shards=[shard],
        cluster_mode="disabled",
        automatic_failover=failover,
        multi_az=multi_az,
        at_rest=False,
        kms_key=None,
        tls=False,
        tls_mode=None,
        auth_token=False,
        user_group_ids=[],
        snapshot_retention=cluster.snapshot_retention,
        snapshot_window=cluster.snapshot_window or settings.DEFAULT_SNAPSHOT_WINDOW,
        maintenance_window=cluster.maintenance_window,
        topic=topic or cluster.topic,
        auto_minor=params.get("AutoMinorVersionUpgrade", cluster.auto_minor),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), cluster.logs),
        data_tiering=False,
        network_type=cluster.network_type,
        ip_discovery=cluster.ip_discovery,
        durability=None,
        created=context.state.now(),
    )
    del context.state.part(cache_clusters.CacheClusters).clusters[cluster.id]
    # A member has its group's tags.
    context.state.tags.pop(context.state.arn("cluster", cluster.id), None)
    return group


def released(context: Context, group: ReplicationGroup) -> None:
    """Keep the primary of a group that is gone as a cluster of its own."""
    from cachewright_offline.cloud.elasticache.operations import cache_clusters

    shard = group.shards[0]
    node = shard.primary_node
    subnets = subnet_groups.find(context, group.subnet_group) if group.subnet_group else None
    subnet_id = subnets.subnet_in(node.zone) if subnets else None
    id = group.member_id(shard, node)
    context.state.part(cache_clusters.CacheClusters).clusters[id] = cache_clusters.CacheCluster(
        id=id,
        engine=group.engine,
        version=group.version,
        node_type=group.node_type,
        port=group.port,
        nodes={1: cache_clusters.CacheNode(node.zone, subnet_id, node.created or group.created)},
        parameter_group=group.parameter_group,
        subnet_group=group.subnet_group,
        security_groups=group.security_groups,
        az_mode="single-az",
        tls=group.tls,
        maintenance_window=group.maintenance_window,
        snapshot_retention=group.snapshot_retention,
        snapshot_window=group.snapshot_window,
        topic=group.topic,
        auto_minor=group.auto_minor,
        logs=group.logs,
        network_type=group.network_type,
        ip_discovery=group.ip_discovery,
        created=node.created or group.created,
        status="available",
    )
    tags = context.state.tags.get(context.state.arn("replicationgroup", group.id), {})
    context.state.tags[context.state.arn("cluster", id)] = dict(tags)
    links.snapshots.take_daily(context, "cache-cluster", id)


def check_releasable(group: ReplicationGroup) -> None:
    """Refuse to keep the primary where there is more than one, or where a cluster of its own cannot be as it is."""
    if len(group.shards) > 1 or group.cluster_enabled:
        raise invalid_combination("RetainPrimaryCluster is not possible with cluster mode enabled.")
    if group.engine != "redis":
        raise invalid_combination(f"RetainPrimaryCluster is not possible for {group.engine}.")
