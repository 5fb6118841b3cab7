"""What `ReplicationGroup` and `ShardedReplicationGroup` accept."""

from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Rule, Schema, Types, Values, choice, rule
from cachewright.catalog import engine_versions, features, node_types
from cachewright.catalog.limits import limit
from cachewright.enums import ClusterMode, Durability, Engine, TransitEncryptionMode
from cachewright.errors import Problem
from cachewright.naming import FINAL_SNAPSHOT, PARAMETER_GROUP, SECURITY_GROUP, SUBNET_GROUP, Automatic
from cachewright.rules import (
    alarms,
    authentication,
    autoscaling,
    engine,
    log_delivery,
    naming,
    node_groups,
    placement,
    security_group,
    windows,
)
from cachewright.rules.autoscaling import AutoscalingTypes
from cachewright.rules.log_delivery import LogDeliveryTypes
from cachewright.rules.node_groups import NodeGroupTypes
from cachewright.rules.subnet_group import subnet_ids

DEFAULT_ENGINE = Engine.VALKEY.value
DEFAULT_SNAPSHOT_WINDOW = "03:00-05:00"
DEFAULT_MAINTENANCE_WINDOW = "mon:05:00-mon:07:00"
DEFAULT_SNAPSHOT_RETENTION_DAYS = 7
TIERED_POLICIES = ("noeviction", "volatile-lru", "allkeys-lru")


class CommonTypes(Types):
    """The types of the arguments that both kinds of replication group have."""

    node_type: str | None = None
    engine: str | None = None
    engine_version: str | None = None
    description: str | None = None
    region: str | None = None
    tags: dict[str, str] | None = None
    apply_immediately: bool | None = None
    auto_minor_version_upgrade: bool | None = None
    replication_group_id: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    existing_subnet_group_name: str | None = None
    security_group_ids: list[str] | None = None
    allowed_security_group_ids: list[str] | None = None
    allowed_cidr_blocks: list[str] | None = None
    port: int | None = None
    network_type: str | None = None
    ip_discovery: str | None = None
    at_rest_encryption_enabled: bool | None = None
    kms_key_id: str | None = None
    transit_encryption_enabled: bool | None = None
    transit_encryption_mode: str | None = None
    auth_token: str | None = None
    auth_token_enabled: bool | None = None
    auth_token_update_strategy: str | None = None
    auth_token_wo: str | None = None
    auth_token_wo_version: int | None = None
    user_group_ids: list[str] | None = None
    automatic_failover_enabled: bool | None = None
    multi_az_enabled: bool | None = None
    parameters: dict[str, str] | None = None
    existing_parameter_group_name: str | None = None
    snapshot_retention_limit: int | None = None
    snapshot_window: str | None = None
    snapshot_name: str | None = None
    snapshot_arns: list[str] | None = None
    final_snapshot_identifier: str | None = None
    maintenance_window: str | None = None
    notification_topic_arn: str | None = None
    alarm_topic_arn: str | None = None
    log_types: list[str] | None = None
    log_retention_days: int | None = None
    log_delivery_configurations: list[LogDeliveryTypes] | None = None
    data_tiering_enabled: bool | None = None
    durability: str | None = None
    cluster_mode: str | None = None
    dns_zone_id: str | None = None
    dns_name: str | None = None


class ReplicationGroupTypes(CommonTypes):
    """The types of `ReplicationGroupArgs`."""

    num_cache_clusters: int | None = None
    preferred_cache_cluster_azs: list[str] | None = None


class ShardedReplicationGroupTypes(CommonTypes):
    """The types of `ShardedReplicationGroupArgs`."""

    num_node_groups: int | None = None
    replicas_per_node_group: int | None = None
    node_quota: int | None = None
    node_group_configurations: list[NodeGroupTypes] | None = None
    autoscaling: AutoscalingTypes | None = None


@rule("at_rest_encryption_enabled", "kms_key_id", presence=True)
def key(values: Values) -> Iterable[Problem]:
    """A key encrypts something."""
    if values["kms_key_id"] is not None and values["at_rest_encryption_enabled"] is False:
        text = "must be left out when at_rest_encryption_enabled is False, got a key; set that to True"
        yield Problem("kms_key_id", text)


@rule("node_type", "data_tiering_enabled", "parameters")
def data_tiering(values: Values) -> Iterable[Problem]:
    """Data tiering and the nodes that have it go together."""
    node_type = node_types.find(values["node_type"] or "")
    if node_type is None:
        return
    enabled = values["data_tiering_enabled"]
    if enabled and not node_type.data_tiering:
        text = f"must be False on {node_type.name}, which has no SSD, got True; choose one such as cache.r6gd.xlarge"
        yield Problem("data_tiering_enabled", text)
    if enabled is False and node_type.data_tiering:
        text = f"must be True on {node_type.name}, got False; leave it out, or choose a node type without SSD"
        yield Problem("data_tiering_enabled", text)
    policy = (values["parameters"] or {}).get("maxmemory-policy")
    if node_type.data_tiering and policy is not None and policy not in TIERED_POLICIES:
        text = f"must be one of {', '.join(TIERED_POLICIES)} with data tiering, got {policy!r}; choose one of them"
        yield Problem("parameters.maxmemory-policy", text)


@rule("engine", "engine_version", "durability", "node_type", "transit_encryption_enabled", "at_rest_encryption_enabled")
def durability(values: Values) -> Iterable[Problem]:
    """Durability needs Valkey 9 and what AWS builds it on."""
    wanted = values["durability"]
    yield from choice("durability", wanted, tuple(Durability))
    if wanted not in {"async", "sync"}:
        return
    version, name = values["engine_version"], values["engine"]
    if version and not features.supports(name, version, "durability"):
        text = f"must be left out before valkey 9.0, got {wanted!r} with {name} {version}; upgrade engine_version"
        yield Problem("durability", text)
    node_type = node_types.find(values["node_type"] or "")
    if node_type and not node_type.durability:
        text = f"must be left out on {node_type.name}, got {wanted!r}; choose a node type such as cache.r7g.large"
        yield Problem("durability", text)
    if values["transit_encryption_enabled"] is False or values["at_rest_encryption_enabled"] is False:
        yield Problem(
            "durability", f"must be left out without encryption, got {wanted!r}; encrypt at rest and in transit"
        )


@rule("engine", "engine_version", "auto_minor_version_upgrade")
def minor_upgrades(values: Values) -> Iterable[Problem]:
    """Minor upgrades happen by themselves from version 6 on."""
    version, name = values["engine_version"], values["engine"]
    if values["auto_minor_version_upgrade"] and version and engine_versions.find(name, version):
        minimum = features.minimum_version(name, "auto_minor_version_upgrade")
        if not features.supports(name, version, "auto_minor_version_upgrade"):
            text = f"must be left out before {name} {minimum}, got True with {version}; upgrade engine_version"
            yield Problem("auto_minor_version_upgrade", text)


@rule("parameters", "existing_parameter_group_name")
def parameter_group(values: Values) -> Iterable[Problem]:
    """The cache makes its own parameter group or takes an existing one; the topology decides cluster mode."""
    given, existing = values["parameters"], values["existing_parameter_group_name"]
    if given and existing is not None:
        yield Problem("parameters", "must not be given with existing_parameter_group_name, got both; keep one of them")
    if "cluster-enabled" in (given or {}):
        text = (
            "must follow from the topology, got it as a parameter; remove it: ReplicationGroup has one shard,"
            " ShardedReplicationGroup is in cluster mode"
        )
        yield Problem("parameters.cluster-enabled", text)
    if existing is not None and existing.startswith("default."):
        text = f"must be a group of your own, got AWS's {existing!r}; leave it out to have one made"
        yield Problem("existing_parameter_group_name", text)


@rule("num_cache_clusters", "automatic_failover_enabled", "multi_az_enabled", "preferred_cache_cluster_azs")
def one_shard(values: Values) -> Iterable[Problem]:
    """A primary with 0-5 replicas; failover and Multi-AZ need one."""
    nodes, zones = values["num_cache_clusters"], values["preferred_cache_cluster_azs"]
    most = limit("replicas_per_shard") + 1
    if nodes is None or not 1 <= nodes <= most:
        expected = f"1 to {most} (a primary and up to {most - 1} replicas)"
        text = f"must be {expected}, got {nodes}; for more use ShardedReplicationGroup"
        yield Problem("num_cache_clusters", text)
        return
    if nodes == 1:
        for argument in ("automatic_failover_enabled", "multi_az_enabled"):
            if values[argument]:
                text = "must be False without a replica, got True with 1 node; set num_cache_clusters to 2 or more"
                yield Problem(argument, text)
    elif values["multi_az_enabled"] and values["automatic_failover_enabled"] is False:
        yield Problem("multi_az_enabled", MULTI_AZ_WITHOUT_FAILOVER)
    if zones is not None and len(zones) != nodes:
        text = f"must name a zone for each of the {nodes} nodes, got {len(zones)}; name {nodes} or leave it out"
        yield Problem("preferred_cache_cluster_azs", text)
    elif zones is not None and values["multi_az_enabled"] and nodes > 1 and len(set(zones)) == 1:
        text = f"must name 2 zones or more with Multi-AZ, got {zones[0]!r} only; name another zone for a replica"
        yield Problem("preferred_cache_cluster_azs", text)


MULTI_AZ_WITHOUT_FAILOVER = (
    "must be False without automatic failover, got True; set automatic_failover_enabled to True, or leave both out"
)


@rule("cluster_mode")
def compatible_mode(values: Values) -> Iterable[Problem]:
    """The way from one kind of cache to the other leads through `compatible`."""
    return choice("cluster_mode", values["cluster_mode"], (ClusterMode.DISABLED, ClusterMode.COMPATIBLE))


@rule("cluster_mode", "num_cache_clusters", "automatic_failover_enabled", "engine", "engine_version")
def compatible_needs(values: Values) -> Iterable[Problem]:
    """On that way there is a replica that takes over, on a version that knows the way."""
    if values["cluster_mode"] != ClusterMode.COMPATIBLE:
        return
    name, version = values["engine"], values["engine_version"]
    if engine_versions.find(name, version) and not features.supports(name, version, "cluster_mode_compatible"):
        minimum = features.minimum_version(name, "cluster_mode_compatible")
        text = f"must be left out before {name} {minimum}, got 'compatible' with {version}; upgrade engine_version"
        yield Problem("cluster_mode", text)
    if values["num_cache_clusters"] == 1 or not values["automatic_failover_enabled"]:
        text = (
            "must be 'disabled' without automatic failover, got 'compatible'; set num_cache_clusters to 2 or more, and"
            " automatic_failover_enabled to True"
        )
        yield Problem("cluster_mode", text)


@rule("cluster_mode")
def enabled_mode(values: Values) -> Iterable[Problem]:
    """The end of that way, or a cache that has always been sharded."""
    return choice("cluster_mode", values["cluster_mode"], (ClusterMode.COMPATIBLE, ClusterMode.ENABLED))


@rule("durability")
def no_durability(values: Values) -> Iterable[Problem]:
    """Durability exists in cluster mode only."""
    if values["durability"] in {"async", "sync"}:
        text = f"must be left out without cluster mode, got {values['durability']!r}; use ShardedReplicationGroup"
        yield Problem("durability", text)


@rule("dns_zone_id", "dns_name", presence=True)
def dns(values: Values) -> Iterable[Problem]:
    """A record has a zone and a name."""
    for argument, other in (("dns_name", "dns_zone_id"), ("dns_zone_id", "dns_name")):
        if values[argument] is None and values[other] is not None:
            yield Problem(argument, f"must be given with {other}, got nothing; give both or neither")


_COMMON: tuple[Rule, ...] = (
    engine.engine_rule((Engine.VALKEY, Engine.REDIS)),
    engine.version,
    engine.node_type,
    engine.parameter_values,
    parameter_group,
    *authentication.RULES,
    key,
    data_tiering,
    durability,
    *log_delivery.RULES,
    minor_upgrades,
    dns,
    *placement.RULES,
    placement.key_region,
    alarms.topic,
    placement.multi_az_subnets,
    subnet_ids,
    *security_group.NETWORK_RULES,
    *windows.RULES,
    naming.name_rule("replication_group_id", "replication_group_id"),
    naming.name_rule("description", "description"),
    naming.region,
    naming.tags,
)

_PLAIN = frozenset(
    {
        "auth_token_enabled",
        "cluster_mode",
        "engine",
        "engine_version",
        "log_types",
        "region",
        "replication_group_id",
        "transit_encryption_enabled",
        "transit_encryption_mode",
    }
)

_UNKNOWN = {
    "automatic_failover": "write automatic_failover_enabled",
    "cluster_enabled": "ReplicationGroup has one shard, ShardedReplicationGroup is in cluster mode",
    "family": "it follows from engine and engine_version",
    "global_replication_group_id": "use GlobalDatastore",
    "kms_key_arn": "write kms_key_id",
    "log_delivery_configuration": "write log_delivery_configurations",
    "multi_az": "write multi_az_enabled",
    "parameter_group_family": "it follows from engine and engine_version",
    "parameter_group_name": "write existing_parameter_group_name, or leave it out to have one made",
    "preferred_maintenance_window": "write maintenance_window",
    "replication_group_description": "write description",
    "security_group_names": "EC2-Classic is gone: write security_group_ids",
    "snapshot_retention_days": "write snapshot_retention_limit",
    "subnet_group_name": "write existing_subnet_group_name, or give subnet_ids to have one made",
    "zone_id": "write dns_zone_id",
}
_SECRETS = frozenset({"auth_token", "auth_token_wo"})
_AUTOMATIC_NAMES = (
    Automatic("replication_group_id", unless="replication_group_id"),
    SUBNET_GROUP,
    SECURITY_GROUP,
    PARAMETER_GROUP,
    FINAL_SNAPSHOT,
)


def _common_defaults(values: Values) -> dict[str, Any]:
    name = values["engine"] or DEFAULT_ENGINE
    known = name if name in engine_versions.ENGINES else DEFAULT_ENGINE
    node_type = node_types.find(values["node_type"]) if isinstance(values["node_type"], str) else None
    encrypted = values["transit_encryption_enabled"] is not False
    authenticated = any(values.given(one) for one in ("user_group_ids", "auth_token", "auth_token_wo"))
    preferred = values["transit_encryption_mode"] == TransitEncryptionMode.PREFERRED
    generates = encrypted and not authenticated and not preferred
    newest = engine_versions.default_version(known)
    version = values["engine_version"] if isinstance(values["engine_version"], str) else newest
    return {
        "engine": DEFAULT_ENGINE,
        "engine_version": newest,
        "apply_immediately": True,
        "at_rest_encryption_enabled": True,
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "required" if encrypted else None,
        "auth_token_enabled": True if generates else None,
        "snapshot_window": DEFAULT_SNAPSHOT_WINDOW,
        "maintenance_window": DEFAULT_MAINTENANCE_WINDOW,
        "snapshot_retention_limit": DEFAULT_SNAPSHOT_RETENTION_DAYS,
        "data_tiering_enabled": True if node_type and node_type.data_tiering else None,
        "log_types": log_delivery.default_log_types(values, name, version),
    }


def _one_shard_defaults(values: Values) -> Mapping[str, Any]:
    nodes = values["num_cache_clusters"] if values.given("num_cache_clusters") else 2
    has_replica = isinstance(nodes, int) and nodes > 1
    failover = values["automatic_failover_enabled"]
    return {
        **_common_defaults(values),
        "num_cache_clusters": 2,
        "automatic_failover_enabled": has_replica,
        "multi_az_enabled": has_replica and failover is not False,
    }


def _sharded_defaults(values: Values) -> Mapping[str, Any]:
    described, every = values["node_group_configurations"], values["replicas_per_node_group"]
    if every is None and not described:
        every = 1
    counts = [every] if every is not None else [one["replica_count"] for one in described]
    return {
        **_common_defaults(values),
        # Shards that are described may differ: the provider leaves each as it is where it is told no number for all.
        "replicas_per_node_group": every,
        "node_quota": limit("nodes_per_cluster_default"),
        "automatic_failover_enabled": True,
        "multi_az_enabled": all(isinstance(count, int) and count > 0 for count in counts),
    }


REPLICATION_GROUP = Schema(
    component="ReplicationGroup",
    types=ReplicationGroupTypes,
    rules=(one_shard, compatible_mode, compatible_needs, no_durability, *_COMMON),
    required=("node_type",),
    plain=_PLAIN | {"num_cache_clusters"},
    secrets=_SECRETS,
    defaults=_one_shard_defaults,
    unknown={
        **_UNKNOWN,
        "cluster_size": "write num_cache_clusters",
        "node_group_configurations": "it has one shard: use ShardedReplicationGroup",
        "num_node_groups": "it has one shard: use ShardedReplicationGroup",
        "replicas_per_node_group": "write num_cache_clusters, which counts the primary, too",
    },
    automatic_names=_AUTOMATIC_NAMES,
)

SHARDED_REPLICATION_GROUP = Schema(
    component="ShardedReplicationGroup",
    types=ShardedReplicationGroupTypes,
    rules=(
        *node_groups.RULES,
        enabled_mode,
        autoscaling.limits,
        autoscaling.support,
        *_COMMON,
    ),
    required=("node_type", "num_node_groups"),
    plain=_PLAIN
    | {"autoscaling", "node_group_configurations", "num_node_groups", "replicas_per_node_group", "node_quota"},
    secrets=_SECRETS,
    defaults=_sharded_defaults,
    unknown={
        **_UNKNOWN,
        "cluster_size": "write num_node_groups and replicas_per_node_group",
        "num_cache_clusters": "write num_node_groups and replicas_per_node_group",
        "preferred_cache_cluster_azs": "write node_group_configurations, or leave it to AWS",
        "replicas": "write replicas_per_node_group",
        "shards": "write num_node_groups",
    },
    automatic_names=_AUTOMATIC_NAMES,
)
