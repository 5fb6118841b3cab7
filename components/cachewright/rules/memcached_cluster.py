"""What a `MemcachedCluster` accepts."""

from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Rule, Schema, Types, Values, between, choice, rule
from cachewright.catalog import engine_versions, features, node_types, parameters
from cachewright.catalog.limits import limit
from cachewright.enums import AzMode, OutpostMode
from cachewright.errors import Problem
from cachewright.naming import PARAMETER_GROUP, SECURITY_GROUP, SUBNET_GROUP, Automatic
from cachewright.rules import alarms, engine, naming, placement, security_group, windows
from cachewright.rules.subnet_group import subnet_ids

ENGINE = "memcached"
DEFAULT_MAINTENANCE_WINDOW = "mon:05:00-mon:07:00"
# Node families on which Memcached has no TLS. Source: AWS's user guide, "In-transit encryption", constraints.
_WITHOUT_TLS = frozenset({"m1", "m2", "m3", "r3", "t2"})
_NOT_OF_MEMCACHED = {
    "at_rest_encryption_enabled": "node-based Memcached keeps nothing on disk",
    "auth_token": "Memcached has no AUTH; restrict clients by security group",
    "automatic_failover_enabled": "Memcached has no replicas",
    "final_snapshot_identifier": "node-based Memcached has no snapshots; use a ServerlessCache for that",
    "kms_key_id": "node-based Memcached keeps nothing on disk",
    "multi_az_enabled": "set az_mode to cross-az instead",
    "snapshot_name": "node-based Memcached has no snapshots; use a ServerlessCache for that",
    "snapshot_retention_limit": "node-based Memcached has no snapshots; use a ServerlessCache for that",
    "snapshot_window": "node-based Memcached has no snapshots; use a ServerlessCache for that",
    "user_group_ids": "Memcached has no users; restrict clients by security group",
}


class MemcachedClusterTypes(Types):
    """The types of `MemcachedClusterArgs`."""

    node_type: str | None = None
    num_cache_nodes: int | None = None
    node_quota: int | None = None
    engine_version: str | None = None
    az_mode: str | None = None
    preferred_availability_zones: list[str] | None = None
    availability_zone: str | None = None
    outpost_mode: str | None = None
    preferred_outpost_arn: str | None = None
    region: str | None = None
    tags: dict[str, str] | None = None
    apply_immediately: bool | None = None
    auto_minor_version_upgrade: bool | None = None
    cluster_id: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    existing_subnet_group_name: str | None = None
    security_group_ids: list[str] | None = None
    allowed_security_group_ids: list[str] | None = None
    allowed_cidr_blocks: list[str] | None = None
    port: int | None = None
    network_type: str | None = None
    ip_discovery: str | None = None
    transit_encryption_enabled: bool | None = None
    parameters: dict[str, str] | None = None
    existing_parameter_group_name: str | None = None
    maintenance_window: str | None = None
    notification_topic_arn: str | None = None
    alarm_topic_arn: str | None = None
    at_rest_encryption_enabled: Any = None
    auth_token: Any = None
    automatic_failover_enabled: Any = None
    final_snapshot_identifier: Any = None
    kms_key_id: Any = None
    multi_az_enabled: Any = None
    snapshot_name: Any = None
    snapshot_retention_limit: Any = None
    snapshot_window: Any = None
    user_group_ids: Any = None


def _not_of_memcached(argument: str, reason: str) -> Rule:
    @rule(argument)
    def check(values: Values) -> Iterable[Problem]:
        if values[argument] is not None:
            yield Problem(argument, f"must be left out for Memcached, got it; {reason}")

    return check


@rule("num_cache_nodes", "node_quota", "az_mode", "preferred_availability_zones", "availability_zone")
def nodes(values: Values) -> Iterable[Problem]:
    """As many nodes as AWS grants, over zones that they can fill."""
    count, quota, zones = values["num_cache_nodes"], values["node_quota"], values["preferred_availability_zones"]
    maximum = limit("memcached_nodes_maximum")
    yield from between("node_quota", quota, 1, maximum, "leave it out for AWS's default")
    if not 1 <= count <= quota:
        way_out = "set node_quota to what AWS has granted" if quota < maximum else "split the data over two clusters"
        yield Problem("num_cache_nodes", f"must be 1 to {quota}, got {count}; {way_out}")
        return
    yield from choice("az_mode", values["az_mode"], tuple(AzMode))
    if values["az_mode"] == "cross-az" and count == 1:
        yield Problem("az_mode", "must be single-az with 1 node, got 'cross-az'; set num_cache_nodes to 2 or more")
    if zones is not None and len(zones) != count:
        text = f"must name a zone for each of the {count} nodes, got {len(zones)}; name {count} or leave it out"
        yield Problem("preferred_availability_zones", text)
    if values["availability_zone"] is not None and (zones is not None or values["az_mode"] == "cross-az"):
        text = "must be left out when the nodes span zones, got it; remove it, or set az_mode to single-az"
        yield Problem("availability_zone", text)


@rule("preferred_availability_zones")
def zones(values: Values) -> Iterable[Problem]:
    """Zones are named in full."""
    return placement.zone_problems("preferred_availability_zones", values["preferred_availability_zones"])


@rule("outpost_mode", "preferred_outpost_arn", presence=True)
def outpost(values: Values) -> Iterable[Problem]:
    """Nodes are on an Outpost in a way that is told, or on none."""
    yield from choice("outpost_mode", values["outpost_mode"], tuple(OutpostMode))
    for argument, other in (("preferred_outpost_arn", "outpost_mode"), ("outpost_mode", "preferred_outpost_arn")):
        if values[argument] is None and values[other] is not None:
            yield Problem(argument, f"must be given with {other}, got nothing; give both or neither")


@rule("preferred_outpost_arn")
def outpost_arn(values: Values) -> Iterable[Problem]:
    """An Outpost is given by its ARN."""
    return placement.outpost_problems("preferred_outpost_arn", values["preferred_outpost_arn"])


@rule("engine_version", "node_type", "transit_encryption_enabled", "vpc_id", "security_group_ids")
def transit_encryption(values: Values) -> Iterable[Problem]:
    """TLS needs version 1.6.12 and a node type of today."""
    version, node_type = values["engine_version"], node_types.find(values["node_type"] or "")
    if not values["transit_encryption_enabled"] or version is None:
        return
    if not features.supports(ENGINE, version, "tls"):
        minimum = features.minimum_version(ENGINE, "tls")
        text = f"must be False before memcached {minimum}, got True with {version}; upgrade engine_version"
        yield Problem("transit_encryption_enabled", text)
    if node_type and node_type.family in _WITHOUT_TLS:
        text = f"must be False on {node_type.name}, got True; choose a newer node type such as cache.t4g.small"
        yield Problem("transit_encryption_enabled", text)


@rule("parameters", "existing_parameter_group_name")
def parameter_group(values: Values) -> Iterable[Problem]:
    """The cluster makes its own parameter group or takes an existing one."""
    if values["parameters"] and values["existing_parameter_group_name"] is not None:
        yield Problem("parameters", "must not be given with existing_parameter_group_name, got both; keep one of them")
    if (values["existing_parameter_group_name"] or "").startswith("default."):
        found = values["existing_parameter_group_name"]
        text = f"must be a group of your own, got AWS's {found!r}; leave it out to have one made"
        yield Problem("existing_parameter_group_name", text)


@rule("engine_version", "parameters")
def item_size(values: Values) -> Iterable[Problem]:
    """An item fits in whole slab chunks, since there are any. Source: AWS's user guide, Memcached 1.4.33 parameters."""
    version = values["engine_version"]
    known = engine_versions.find(ENGINE, version) if version else None
    if known is None:
        return
    family = parameters.parameters(known.family)
    first = family["slab_chunk_max"].minimum_engine_version
    if first and not engine_versions.at_least(version, first):
        return
    given: Mapping[str, str] = values["parameters"] or {}
    try:
        item = int(given.get("max_item_size", family["max_item_size"].default))
        chunk = int(given.get("slab_chunk_max", family["slab_chunk_max"].default))
    except ValueError:
        return
    if chunk > item:
        text = f"must be max_item_size ({item}) or less, got {chunk}; lower it"
        yield Problem("parameters.slab_chunk_max", text)
    elif chunk > 0 and item % chunk:
        text = f"must be a multiple of slab_chunk_max ({chunk}), got {item}; use {item - item % chunk}"
        yield Problem("parameters.max_item_size", text)


def _defaults(values: Values) -> dict[str, Any]:
    count = values["num_cache_nodes"] if values.given("num_cache_nodes") else 2
    version = values["engine_version"] if isinstance(values["engine_version"], str) else None
    version = version or engine_versions.default_version(ENGINE)
    node_type = node_types.find(values["node_type"]) if isinstance(values["node_type"], str) else None
    spans = isinstance(count, int) and count > 1 and not values.given("availability_zone")
    modern = node_type is None or node_type.family not in _WITHOUT_TLS
    return {
        "engine": ENGINE,
        "engine_version": engine_versions.default_version(ENGINE),
        "num_cache_nodes": 2,
        "node_quota": limit("memcached_nodes_default"),
        "az_mode": "cross-az" if spans else "single-az",
        "apply_immediately": True,
        "transit_encryption_enabled": modern and features.supports(ENGINE, version, "tls"),
        "maintenance_window": DEFAULT_MAINTENANCE_WINDOW,
    }


SCHEMA = Schema(
    component="MemcachedCluster",
    types=MemcachedClusterTypes,
    rules=(
        nodes,
        zones,
        engine.version,
        engine.node_type,
        engine.parameter_values,
        parameter_group,
        item_size,
        transit_encryption,
        outpost,
        outpost_arn,
        placement.subnet_group,
        placement.security_group,
        placement.security_group_ids,
        placement.port,
        placement.network_type,
        placement.topic,
        alarms.topic,
        *security_group.NETWORK_RULES,
        windows.maintenance,
        *(_not_of_memcached(argument, reason) for argument, reason in _NOT_OF_MEMCACHED.items()),
        subnet_ids,
        naming.name_rule("cluster_id", "cache_cluster_id"),
        naming.region,
        naming.tags,
    ),
    required=("node_type",),
    plain=frozenset(
        {
            "num_cache_nodes",
            "node_quota",
            "engine_version",
            "existing_subnet_group_name",
            "cluster_id",
            "region",
            "az_mode",
        }
    ),
    secrets=frozenset({"auth_token"}),
    defaults=_defaults,
    automatic_names=(Automatic("cache_cluster_id", unless="cluster_id"), SUBNET_GROUP, SECURITY_GROUP, PARAMETER_GROUP),
)
