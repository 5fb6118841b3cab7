"""What a `GlobalDatastore` accepts."""

from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Schema, Types, Values, between, choice, rule
from cachewright.catalog import global_datastore, names
from cachewright.catalog.limits import limit
from cachewright.errors import Problem
from cachewright.rules import alarms, log_delivery, naming, placement, security_group, windows
from cachewright.rules.log_delivery import LogDeliveryTypes
from cachewright.rules.subnet_group import subnet_ids

DEFAULT_NODES = 2
DEFAULT_REPLICAS = 1
_INHERITED = (
    *("at_rest_encryption_enabled", "auth_token", "engine", "engine_version", "node_type", "num_node_groups"),
    *("parameters", "parameter_group_name", "snapshot_arns", "snapshot_name", "transit_encryption_enabled"),
    "transit_encryption_mode",
)

# What holds for a secondary as it does for any cache.
_PLACEMENT = (
    placement.security_group_ids,
    placement.port,
    placement.topic,
    placement.key_region,
    alarms.topic,
    placement.zones,
    placement.security_group,
    subnet_ids,
    *security_group.NETWORK_RULES,
    *log_delivery.RULES,
    naming.name_rule("description", "description"),
)


class SecondaryTypes(Types):
    """One entry of `secondaries`."""

    region: str
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    existing_subnet_group_name: str | None = None
    security_group_ids: list[str] | None = None
    replication_group_id: str | None = None
    num_cache_clusters: int | None = None
    replicas_per_node_group: int | None = None
    kms_key_id: str | None = None
    description: str | None = None
    port: int | None = None
    allowed_security_group_ids: list[str] | None = None
    allowed_cidr_blocks: list[str] | None = None
    preferred_cache_cluster_azs: list[str] | None = None
    apply_immediately: bool | None = None
    auto_minor_version_upgrade: bool | None = None
    final_snapshot_identifier: str | None = None
    log_types: list[str] | None = None
    log_retention_days: int | None = None
    log_delivery_configurations: list[LogDeliveryTypes] | None = None
    maintenance_window: str | None = None
    snapshot_window: str | None = None
    snapshot_retention_limit: int | None = None
    notification_topic_arn: str | None = None
    alarm_topic_arn: str | None = None
    at_rest_encryption_enabled: Any = None
    auth_token: Any = None
    engine: Any = None
    engine_version: Any = None
    node_type: Any = None
    num_node_groups: Any = None
    parameters: Any = None
    parameter_group_name: Any = None
    snapshot_arns: Any = None
    snapshot_name: Any = None
    transit_encryption_enabled: Any = None
    transit_encryption_mode: Any = None


class GlobalDatastoreTypes(Types):
    """The types of `GlobalDatastoreArgs`."""

    primary_replication_group_id: str | None = None
    primary_region: str | None = None
    engine: str | None = None
    engine_version: str | None = None
    node_type: str | None = None
    sharded: bool | None = None
    automatic_failover_enabled: bool | None = None
    cache_node_type: str | None = None
    num_node_groups: int | None = None
    parameter_group_name: str | None = None
    description: str | None = None
    global_replication_group_id_suffix: str | None = None
    secondaries: list[SecondaryTypes] | None = None
    tags: dict[str, str] | None = None


@rule("engine", "engine_version")
def engine(values: Values) -> Iterable[Problem]:
    """The engine can be in a global datastore."""
    problems = choice("engine", values["engine"], ("valkey", "redis"))
    yield from problems
    if problems or values["engine"] is None or values["engine_version"] is None:
        return
    found = global_datastore.engine_problem(values["engine"], values["engine_version"])
    if found:
        yield Problem("engine_version", f"{found}; upgrade the primary first")


@rule("node_type")
def node_type(values: Values) -> Iterable[Problem]:
    """The node type can be in a global datastore."""
    given = values["node_type"]
    found = global_datastore.node_type_problem(given) if given is not None else None
    if found:
        yield Problem("node_type", found)


@rule("cache_node_type")
def members_node_type(values: Values) -> Iterable[Problem]:
    """Members scale to what can be in a global datastore."""
    given = values["cache_node_type"]
    found = global_datastore.node_type_problem(given) if given is not None else None
    if found:
        yield Problem("cache_node_type", found)


@rule("num_node_groups", "sharded")
def shards(values: Values) -> Iterable[Problem]:
    """Members have as many shards as one another, where they have shards."""
    count = values["num_node_groups"]
    if count is not None and not values["sharded"]:
        text = "must be left out with an unsharded primary, got it; remove it, or set sharded to True"
        yield Problem("num_node_groups", text)
        return
    yield from between("num_node_groups", count, 1, limit("shards_per_cluster"), "split the data over several caches")


@rule("parameter_group_name", "engine_version", presence=True)
def parameter_group(values: Values) -> Iterable[Problem]:
    """A parameter group is taken with an upgrade only."""
    if values["parameter_group_name"] is not None and values["engine_version"] is None:
        text = (
            "must be left out without engine_version, got it; AWS takes a parameter group with a new engine or major"
            " version only: give the engine_version that it is for"
        )
        yield Problem("parameter_group_name", text)


@rule("global_replication_group_id_suffix")
def suffix(values: Values) -> Iterable[Problem]:
    """The suffix is one that AWS allows."""
    given = values["global_replication_group_id_suffix"]
    found = names.problem("global_suffix", given) if given is not None else None
    if found:
        yield Problem("global_replication_group_id_suffix", found)


@rule("primary_region")
def primary_region(values: Values) -> Iterable[Problem]:
    """The primary is in a region that has global datastores."""
    region = values["primary_region"]
    found = global_datastore.region_problem(region) if region is not None else None
    if found:
        yield Problem("primary_region", found)


@rule("secondaries", "primary_region", "sharded", "automatic_failover_enabled", "primary_replication_group_id")
def secondaries(values: Values) -> Iterable[Problem]:
    """One or two secondaries, each in a region of its own, with a replica where the primary fails over."""
    given: list[Mapping[str, Any]] = values["secondaries"] or []
    most = limit("global_datastore_secondaries")
    if not 1 <= len(given) <= most:
        yield Problem("secondaries", f"must be 1 to {most} secondaries, got {len(given)}; AWS allows no more regions")
    used = {values["primary_region"]: "the primary"} if values["primary_region"] else {}
    for index, secondary in enumerate(given):
        where = f"secondaries[{index}]"
        region = secondary["region"]
        found = global_datastore.region_problem(region)
        if found:
            yield Problem(f"{where}.region", found)
        elif region in used:
            text = f"must be a region of its own, got {region!r} of {used[region]} too; choose another region"
            yield Problem(f"{where}.region", text)
        used.setdefault(region, where)
        yield from _secondary(where, secondary, values)


@rule("secondaries", "sharded", "num_node_groups", presence=True)
def secondary_alarms(values: Values) -> Iterable[Problem]:
    """Each node has alarms of its own: how many there are is known before they are made."""
    given = values["secondaries"]
    if not values["sharded"] or isinstance(values["num_node_groups"], int) or not isinstance(given, list):
        return
    for index, secondary in enumerate(given):
        if secondary.get("alarm_topic_arn") is not None:
            text = (
                "must be left out where the number of shards is not known, got it; give num_node_groups as a plain"
                " number: each node has alarms of its own"
            )
            yield Problem(f"secondaries[{index}].alarm_topic_arn", text)


def _secondary(where: str, secondary: Mapping[str, Any], values: Values) -> Iterable[Problem]:
    for argument in _INHERITED:
        if secondary.get(argument) is not None:
            text = "must be left out, for a secondary has the primary's, got it; change it on the primary"
            yield Problem(f"{where}.{argument}", text)
    count = "replicas_per_node_group" if values["sharded"] else "num_cache_clusters"
    other = "num_cache_clusters" if values["sharded"] else "replicas_per_node_group"
    if secondary.get(other) is not None:
        kind = "a sharded" if values["sharded"] else "an unsharded"
        yield Problem(f"{where}.{other}", f"must be left out with {kind} primary, got it; use {count}")
    replicas = limit("replicas_per_shard")
    low, high = (0, replicas) if values["sharded"] else (1, replicas + 1)
    problems = between(f"{where}.{count}", secondary.get(count), low, high, "use 2 nodes in production")
    yield from problems
    if not problems and secondary.get(count) == low and values["automatic_failover_enabled"] is not False:
        text = f"must be {low + 1} or more, as the primary's automatic failover is inherited, got {low}; add a replica"
        yield Problem(f"{where}.{count}", text)
    zones = secondary.get("preferred_cache_cluster_azs")
    if zones is not None and values["sharded"]:
        text = "must be left out with a sharded primary, got it; AWS spreads the nodes of shards"
        yield Problem(f"{where}.preferred_cache_cluster_azs", text)
    elif zones is not None and not problems and len(zones) != (nodes := secondary.get(count) or DEFAULT_NODES):
        text = f"must name a zone for each of the {nodes} nodes, got {len(zones)}; name {nodes} or leave it out"
        yield Problem(f"{where}.preferred_cache_cluster_azs", text)
    identifier = secondary.get("replication_group_id")
    if identifier is not None:
        found = names.problem("replication_group_id", identifier)
        if found:
            yield Problem(f"{where}.replication_group_id", found)
        elif identifier == values["primary_replication_group_id"]:
            text = f"must differ from the primary's, got {identifier!r}; the provider tells members apart by id only"
            yield Problem(f"{where}.replication_group_id", text)
    if secondary.get("subnet_ids") is None and secondary.get("existing_subnet_group_name") is None:
        text = "must be given, or existing_subnet_group_name instead, got neither; name subnets in its region"
        yield Problem(f"{where}.subnet_ids", text)
    for one in (*windows.RULES, *_PLACEMENT):
        for problem in one.check(Values(secondary)):
            yield Problem(f"{where}.{problem.argument}", problem.text)


SCHEMA = Schema(
    component="GlobalDatastore",
    types=GlobalDatastoreTypes,
    rules=(
        engine,
        node_type,
        members_node_type,
        shards,
        parameter_group,
        suffix,
        primary_region,
        secondaries,
        secondary_alarms,
        naming.name_rule("description", "description"),
        naming.tags,
    ),
    required=("primary_replication_group_id", "secondaries"),
    plain=frozenset({"sharded", "global_replication_group_id_suffix", "primary_region"}),
    defaults=lambda _: {"sharded": False},
)
