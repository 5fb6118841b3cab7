"""CreateCacheCluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import engine_versions, features, node_types
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import (
    default_windows,
    log_support,
    memcached_items,
    network_types,
    settings,
    zone_choice,
)
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import replication_groups
from cachewright_offline.cloud.elasticache.operations.cache_clusters import (
    CacheCluster,
    CacheClusters,
    CacheNode,
    arn,
    begin,
    find_member,
    record_event,
    shown,
    shown_member,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.subnet_groups import SubnetGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_PORTS: Final = {"memcached": 11211, "redis": 6379}
_NO_TLS_FAMILIES: Final = frozenset({"m1", "m2", "m3", "r3", "t2"})
# Terraform's AWS provider always sends AutoMinorVersionUpgrade, and AWS takes it.
_OF_A_REPLICA: Final = frozenset(
    {"AutoMinorVersionUpgrade", "CacheClusterId", "Engine", "PreferredAvailabilityZone", "ReplicationGroupId", "Tags"}
)
_SNAPSHOT_PARAMETERS: Final = ("SnapshotArns", "SnapshotName", "SnapshotRetentionLimit", "SnapshotWindow")


@operation("CreateCacheCluster")
def create(context: Context, params: Params) -> Result:
    """Create a cluster."""
    id = identifier({"CacheClusterId": params["CacheClusterId"].lower()}, "CacheClusterId", "cache_cluster_id")
    clusters = context.state.part(CacheClusters).clusters
    if id in clusters or find_member(context, id) is not None:
        raise fault("CacheClusterAlreadyExistsFault", f"Cache cluster {id} already exists.")
    if params.get("ReplicationGroupId"):
        return _create_replica(context, id, params)
    tags = new_tags(params)
    cluster = _made(context, id, params)
    clusters[id] = cluster
    context.state.tags[arn(context, id)] = tags

    def announce() -> None:
        record_event(context, id, "Cache cluster created")
        for number, node in cluster.nodes.items():
            record_event(context, id, f"Added cache node {number:04} in availability zone {node.zone}")

    begin(context, cluster, "creating", "create", announce)
    if params.get("SnapshotName"):
        links.snapshots.begin_restoring(context, params["SnapshotName"], "cache-cluster-create")
    links.snapshots.take_daily(context, "cache-cluster", id)
    return {"CacheCluster": shown(context, cluster)}


def _create_replica(context: Context, id: str, params: Params) -> Result:
    """Create a cluster that is a replica: it is what its group is, but for its id, its zone and its tags."""
    found = replication_groups.find(context, params["ReplicationGroupId"])
    if any(value for name, value in params.items() if name not in _OF_A_REPLICA):
        message = "Cannot specify additional cache cluster parameters when creating a replica cluster"
        raise invalid_combination(message)
    engine = params.get("Engine") or found.engine
    if engine.lower() != found.engine:
        raise invalid_combination(f"Engine must be {found.engine}, which replication group {found.id} runs.")
    tags = new_tags(params)
    zone = params.get("PreferredAvailabilityZone")
    group = replication_groups.add_replica(context, params["ReplicationGroupId"], id, zone)
    if tags:
        context.state.tags[arn(context, id)] = context.state.tags[replication_groups.arn(context, group)] | tags
    member = find_member(context, id)
    assert member is not None  # noqa: S101  # it was added just now
    return {"CacheCluster": {**shown_member(context, member), "CacheClusterStatus": "creating"}}


def _made(context: Context, id: str, params: Params) -> CacheCluster:
    version = _version(params)
    engine = version.engine
    node_type = _node_type(params, version)
    count = check_count(engine, params.get("NumCacheNodes"))
    _check_outposts(params)
    if params.get("CacheSecurityGroupNames"):
        raise invalid_value("Use of cache security groups is not permitted in this API version for your account.")
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    az_mode, zones = zone_choice.of_new_cluster(params, engine, count, settings.zones(context, subnets))
    network_type, ip_discovery = network_types.chosen(params, version, node_type, subnets)
    settings.check_port(params.get("Port"))
    _check_snapshot(context, params, version)
    snapshot_window, maintenance_window = default_windows.chosen(params)
    settings.check_topic(context, params.get("NotificationTopicArn"))
    group = settings.parameter_group(context, params.get("CacheParameterGroupName"), version)
    if group.cluster_enabled:
        raise invalid_combination(f"The parameter group {group.name} is for cluster mode, which a cluster has not.")
    memcached_items.check(group, version, node_type)
    log_support.check(params, version)
    check_region_quota(context, count)
    now = context.state.now()
    return CacheCluster(
        id=id,
        engine=engine,
        version=version.version,
        node_type=node_type,
        port=params.get("Port") or _PORTS[engine],
        nodes=dict(enumerate((placed(subnets, zone, context) for zone in zones), start=1)),
        parameter_group=group.name,
        subnet_group=subnets.name if subnets else None,
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        az_mode=az_mode,
        tls=_encrypted(params, version, node_type),
        maintenance_window=maintenance_window,
        snapshot_retention=params.get("SnapshotRetentionLimit") or 0,
        snapshot_window=snapshot_window if engine == "redis" else None,
        topic=params.get("NotificationTopicArn") or None,
        auto_minor=params.get("AutoMinorVersionUpgrade", True),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        network_type=network_type,
        ip_discovery=ip_discovery,
        created=now,
    )


def _version(params: Params) -> EngineVersion:
    engine = (params.get("Engine") or "").lower()
    if not engine:
        raise invalid_value("The parameter Engine must be provided and must not be null.")
    if engine == "valkey":
        message = "Invalid Engine: valkey. CreateCacheCluster takes memcached and redis; use CreateReplicationGroup."
        raise invalid_value(message)
    return settings.engine_version(engine, params.get("EngineVersion"))


def _node_type(params: Params, version: EngineVersion) -> str:
    name = settings.node_type(params.get("CacheNodeType"), version)
    kind = node_types.find(name)
    if kind is not None and kind.data_tiering:
        raise invalid_combination(f"The node type {name} is only supported in replication groups with data tiering.")
    return name


def placed(subnets: SubnetGroup | None, zone: str, context: Context) -> CacheNode:
    """Return a new node in a zone."""
    return CacheNode(zone, subnets.subnet_in(zone) if subnets else None, context.state.now())


def check_count(engine: str, count: int | None) -> int:
    """Return how many nodes a cluster is to have.

    Raises:
        Fault: No cluster of this engine has so many.
    """
    if count is None:
        raise invalid_value("The parameter NumCacheNodes must be provided and must not be null.")
    if count < 1:
        raise invalid_value(f"Invalid NumCacheNodes: {count}. Must be at least 1.")
    if engine == "redis" and count > 1:
        raise invalid_value("Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.")
    most = limit("memcached_nodes_default")
    if count > most:
        message = f"The request cannot be processed because it would exceed the {most} cache nodes of a single cluster."
        raise fault("NodeQuotaForClusterExceededFault", message)
    return count


def check_region_quota(context: Context, added: int) -> None:
    """Refuse nodes beyond those that an account may have in a region."""
    clusters = context.state.part(CacheClusters).clusters.values()
    in_groups = context.state.part(ReplicationGroups).node_count()
    existing = in_groups + sum(len(cluster.nodes) for cluster in clusters)
    most = limit("nodes_per_region")
    if existing + added > most:
        message = (
            f"The request cannot be processed because it would exceed the {most} cache nodes per region. The local AWS "
            "raises this quota when it starts: cachewright local start --quota nodes_per_region=N"
        )
        raise fault("NodeQuotaForCustomerExceededFault", message)


def _check_outposts(params: Params) -> None:
    """Refuse outposts: there are none in a local AWS, as in an account that has not ordered any."""
    mode = params.get("OutpostMode")
    outposts = [*([params["PreferredOutpostArn"]] if params.get("PreferredOutpostArn") else [])]
    outposts += params.get("PreferredOutpostArns") or []
    if mode and mode not in {"single-outpost", "cross-outpost"}:
        raise invalid_value(f"Invalid value for OutpostMode: {mode}. Must be one of: single-outpost, cross-outpost.")
    if mode and not outposts:
        raise invalid_combination("OutpostMode needs PreferredOutpostArn.")
    if outposts:
        raise invalid_value(f"The outpost {outposts[0]} does not exist.")


def _check_snapshot(context: Context, params: Params, version: EngineVersion) -> None:
    given = [name for name in _SNAPSHOT_PARAMETERS if params.get(name)]
    if version.engine == "memcached" and given:
        raise invalid_combination(f"{given[0]} is not supported for Memcached.")
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    arns = params.get("SnapshotArns") or []
    if arns and params.get("SnapshotName"):
        raise invalid_combination("SnapshotName and SnapshotArns cannot be given together.")
    if len(arns) > 1 or any("," in one or not one.startswith(f"arn:{context.partition}:s3:::") for one in arns):
        raise invalid_value("SnapshotArns must hold the ARN of one object in S3, without commas.")
    if not params.get("SnapshotName"):
        return
    source = links.snapshots.source(context, params["SnapshotName"])
    if source.engine != "redis" or source.cluster_enabled or source.shards > 1 or source.data_tiering:
        message = f"The snapshot {params['SnapshotName']} cannot be restored to a single node of redis."
        raise invalid_combination(message)
    if engine_versions.version_key(version.version) < engine_versions.version_key(source.engine_version)[:2]:
        message = f"A snapshot of redis {source.engine_version} cannot be restored to redis {version.version}."
        raise invalid_combination(message)


def _encrypted(params: Params, version: EngineVersion, node_type: str) -> bool:
    """Return whether a cluster is encrypted in transit; of clusters of their own only Memcached can be."""
    if params.get("AuthToken"):
        raise invalid_combination("The AUTH token is only supported on replication groups.")
    if not params.get("TransitEncryptionEnabled"):
        return False
    if version.engine != "memcached":
        raise invalid_combination("Encryption feature is not supported for engine REDIS.")
    kind = node_types.find(node_type)
    if not features.supports("memcached", version.version, "tls"):
        minimum = features.minimum_version("memcached", "tls")
        message = (
            f"Encryption features are not supported for engine version {version.version}. "
            f"Please use engine version {minimum} or later."
        )
        raise invalid_combination(message)
    if kind is not None and kind.family in _NO_TLS_FAMILIES:
        raise invalid_combination(f"Encryption in transit is not supported by memcached on {node_type}.")
    return True
