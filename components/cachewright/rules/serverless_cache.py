"""What a `ServerlessCache` accepts."""

import re
from collections.abc import Iterable
from typing import Any

from cachewright.arguments import Schema, Types, Values, between, choice, rule, shown
from cachewright.catalog import engine_versions
from cachewright.catalog.limits import limit
from cachewright.errors import Problem
from cachewright.naming import SECURITY_GROUP, Automatic
from cachewright.rules import alarms, engine, naming, placement, security_group, subnet_group, windows

DEFAULT_ENGINE = "valkey"
DEFAULT_SNAPSHOT_TIME = "03:00"
DEFAULT_SNAPSHOT_RETENTION_DAYS = 7
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class ServerlessCacheTypes(Types):
    """The types of `ServerlessCacheArgs`."""

    engine: str | None = None
    major_engine_version: str | None = None
    description: str | None = None
    region: str | None = None
    tags: dict[str, str] | None = None
    serverless_cache_name: str | None = None
    data_storage_minimum_gb: int | None = None
    data_storage_maximum_gb: int | None = None
    ecpu_per_second_minimum: int | None = None
    ecpu_per_second_maximum: int | None = None
    kms_key_id: str | None = None
    network_type: str | None = None
    vpc_id: str | None = None
    subnet_ids: list[str] | None = None
    security_group_ids: list[str] | None = None
    allowed_security_group_ids: list[str] | None = None
    allowed_cidr_blocks: list[str] | None = None
    daily_snapshot_time: str | None = None
    snapshot_retention_limit: int | None = None
    snapshot_arns_to_restore: list[str] | None = None
    user_group_id: str | None = None
    user_group_enabled: bool | None = None
    alarm_topic_arn: str | None = None
    auth_token: Any = None
    parameters: Any = None
    node_type: Any = None
    num_cache_clusters: Any = None
    num_node_groups: Any = None


@rule("engine", "major_engine_version")
def version(values: Values) -> Iterable[Problem]:
    """The major version is one that AWS runs serverless."""
    name, wanted = values["engine"], values["major_engine_version"]
    if wanted is None or name not in engine_versions.ENGINES:
        return
    known = majors(name)
    if wanted not in known:
        expected = f"a major version of serverless {name} ({', '.join(known)})"
        text = f"must be {expected}, got {shown(wanted)}; choose one of them"
        yield Problem("major_engine_version", text)


def majors(name: str) -> tuple[str, ...]:
    """Return the major versions that an engine has serverless, oldest first."""
    if name == "memcached":
        return ("1.6",)
    minimum = {"redis": 7, "valkey": 7}[name]
    found = {int(one.version.split(".")[0]) for one in engine_versions.engine_versions(name)}
    return tuple(str(major) for major in sorted(found) if major >= minimum)


@rule("data_storage_minimum_gb", "data_storage_maximum_gb")
def data_storage(values: Values) -> Iterable[Problem]:
    """Data storage is limited to what AWS allows."""
    low, high = limit("serverless_data_storage_gb_minimum"), limit("serverless_data_storage_gb_maximum")
    return _limits(values, "data_storage_minimum_gb", "data_storage_maximum_gb", low, high)


@rule("ecpu_per_second_minimum", "ecpu_per_second_maximum")
def ecpu(values: Values) -> Iterable[Problem]:
    """Processing units are limited to what AWS allows."""
    low, high = limit("serverless_ecpu_per_second_minimum"), limit("serverless_ecpu_per_second_maximum")
    return _limits(values, "ecpu_per_second_minimum", "ecpu_per_second_maximum", low, high)


def _limits(values: Values, minimum: str, maximum: str, low: int, high: int) -> Iterable[Problem]:
    problems = [
        *between(minimum, values[minimum], low, high, "leave it out to scale from nothing"),
        *between(maximum, values[maximum], low, high, "leave it out for AWS's own limit"),
    ]
    both = values[minimum] is not None and values[maximum] is not None
    if not problems and both and values[minimum] > values[maximum]:
        text = f"must be {maximum} ({values[maximum]}) or less, got {values[minimum]}; lower it"
        problems.append(Problem(minimum, text))
    return problems


@rule("daily_snapshot_time")
def snapshot_time(values: Values) -> Iterable[Problem]:
    """Snapshots begin at a time of day."""
    given = values["daily_snapshot_time"]
    if given is not None and not _TIME.fullmatch(given):
        yield Problem("daily_snapshot_time", f"must be hh:mm in UTC, got {given!r}; write it like '03:00'")


@rule("engine", "user_group_id")
def user_group(values: Values) -> Iterable[Problem]:
    """Memcached has no users."""
    if values["engine"] == "memcached" and values["user_group_id"] is not None:
        yield Problem("user_group_id", "must be left out for memcached, got it; restrict clients by security group")


@rule("engine", "user_group_id", "user_group_enabled", presence=True)
def own_user_group(values: Values) -> Iterable[Problem]:
    """The cache makes a user group of its own, or is given one."""
    if not values["user_group_enabled"]:
        return
    if values["engine"] == "memcached":
        text = "must be left out for memcached, got True; restrict clients by security group"
        yield Problem("user_group_enabled", text)
    elif values["user_group_id"] is not None:
        text = "must be left out with user_group_id, got True; keep one of them"
        yield Problem("user_group_enabled", text)


@rule("kms_key_id")
def key(values: Values) -> Iterable[Problem]:
    """The key is given by its ARN: with its id the provider would see a difference for ever."""
    given = values["kms_key_id"]
    if given is not None and not given.startswith("arn:"):
        yield Problem("kms_key_id", f"must be the ARN of a KMS key, got {given!r}; use the key's arn, not its id")


@rule("subnet_ids")
def subnets(values: Values) -> Iterable[Problem]:
    """Two or three subnets."""
    ids = values["subnet_ids"]
    least, most = limit("serverless_subnets_minimum"), limit("serverless_subnets_maximum")
    if ids is not None and not least <= len(ids) <= most:
        text = f"must be {least} to {most} subnets, got {len(ids)}; name one in each of up to {most} zones"
        yield Problem("subnet_ids", text)
    yield from subnet_group.id_problems("subnet_ids", ids)


@rule("subnet_ids", "vpc_id", "security_group_ids")
def network(values: Values) -> Iterable[Problem]:
    """The cache has subnets, and a security group of its own or an existing one."""
    if values["subnet_ids"] is None:
        yield Problem("subnet_ids", "must be given, got nothing; name private subnets, or AWS takes the default VPC's")
    if values["vpc_id"] is None and not values["security_group_ids"]:
        text = "must be given, or security_group_ids instead, got neither; name the VPC of the subnets"
        yield Problem("vpc_id", text)


@rule("auth_token", "parameters", "node_type", "num_cache_clusters", "num_node_groups")
def not_of_serverless(values: Values) -> Iterable[Problem]:
    """What node-based caches have."""
    reasons = {
        "auth_token": "it has users only: leave it to user_group_enabled, or give user_group_id",
        "parameters": "AWS sets its parameters",
        "node_type": "it scales by itself: give limits such as data_storage_maximum_gb",
        "num_cache_clusters": "it scales by itself: give limits such as data_storage_maximum_gb",
        "num_node_groups": "it scales by itself: give limits such as data_storage_maximum_gb",
    }
    for argument, reason in reasons.items():
        if values[argument] is not None:
            yield Problem(argument, f"must be left out for a serverless cache, got it; {reason}")


def _defaults(values: Values) -> dict[str, Any]:
    name = values["engine"] if values["engine"] in engine_versions.ENGINES else DEFAULT_ENGINE
    return {
        "engine": DEFAULT_ENGINE,
        "major_engine_version": majors(name)[-1],
        "daily_snapshot_time": DEFAULT_SNAPSHOT_TIME,
        "snapshot_retention_limit": DEFAULT_SNAPSHOT_RETENTION_DAYS,
        "user_group_enabled": name != "memcached" and not values.given("user_group_id"),
    }


SCHEMA = Schema(
    component="ServerlessCache",
    types=ServerlessCacheTypes,
    rules=(
        engine.engine_rule(engine_versions.ENGINES),
        version,
        data_storage,
        ecpu,
        snapshot_time,
        user_group,
        own_user_group,
        key,
        subnets,
        network,
        not_of_serverless,
        placement.security_group_ids,
        alarms.topic,
        *security_group.NETWORK_RULES,
        windows.retention,
        naming.name_rule("serverless_cache_name", "serverless_cache_name"),
        naming.name_rule("description", "description"),
        naming.region,
        naming.tags,
        rule("network_type")(
            lambda values: choice("network_type", values["network_type"], ("ipv4", "ipv6", "dual_stack"))
        ),
    ),
    plain=frozenset({"engine", "major_engine_version", "serverless_cache_name", "region", "user_group_enabled"}),
    secrets=frozenset({"auth_token"}),
    defaults=_defaults,
    automatic_names=(Automatic("serverless_cache_name", unless="serverless_cache_name"), SECURITY_GROUP),
)
