"""What a `GlobalDatastore` accepts."""

from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Schema, Types, Values, between, choice, rule
from cachewright.catalog import global_datastore, names
from cachewright.catalog.limits import limit
from cachewright.errors import Problem
from cachewright.rules import naming, placement, windows
from cachewright.rules.subnet_group import subnet_ids

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
    subnet_ids,
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
    maintenance_window: str | None = None
    snapshot_window: str | None = None
    snapshot_retention_limit: int | None = None
    notification_topic_arn: str | None = None
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
    if secondary.get("vpc_id") is None and not secondary.get("security_group_ids"):
        text = "must be given, or security_group_ids instead, got neither; name the VPC in its region"
        yield Problem(f"{where}.vpc_id", text)
    for one in (*windows.RULES, *_PLACEMENT):
        for problem in one.check(Values(secondary)):
            yield Problem(f"{where}.{problem.argument}", problem.text)


SCHEMA = Schema(
    component="GlobalDatastore",
    types=GlobalDatastoreTypes,
    rules=(
        engine,
        node_type,
        suffix,
        primary_region,
        secondaries,
        naming.name_rule("description", "description"),
        naming.tags,
    ),
    required=("primary_replication_group_id", "secondaries"),
    plain=frozenset({"sharded", "global_replication_group_id_suffix", "primary_region"}),
    defaults=lambda _: {"sharded": False, "automatic_failover_enabled": True},
)
