"""Rules over where a cache is: its network, its port, its key."""

import re
from collections.abc import Iterable

from cachewright.arguments import Values, choice, rule
from cachewright.catalog import features, regions
from cachewright.enums import IpDiscovery, NetworkType
from cachewright.errors import Problem
from cachewright.rules.security_group import id_problems

_OUTPOST = re.compile(r"arn:[a-z-]+:outposts:[a-z0-9-]+:\d{12}:outpost/op-[0-9a-f]+")
_SOME_OUTPOST = "arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0"


@rule("subnet_ids", "existing_subnet_group_name", presence=True)
def subnet_group(values: Values) -> Iterable[Problem]:
    """The cache makes its own subnet group or takes an existing one."""
    if (values["subnet_ids"] is None) == (values["existing_subnet_group_name"] is None):
        got = "neither" if values["subnet_ids"] is None else "both"
        text = f"must be given, or existing_subnet_group_name instead, got {got}; name the private subnets to use"
        yield Problem("subnet_ids", text)


@rule("vpc_id", "security_group_ids", "allowed_security_group_ids", "allowed_cidr_blocks", presence=True)
def security_group(values: Values) -> Iterable[Problem]:
    """The cache makes its own security group in a VPC, or takes existing ones."""
    if values["vpc_id"] is None and not values["security_group_ids"]:
        text = "must be given, or security_group_ids instead, got neither; name the VPC of the subnets"
        yield Problem("vpc_id", text)
    if values["vpc_id"] is None:
        for argument in ("allowed_security_group_ids", "allowed_cidr_blocks"):
            if values[argument]:
                text = "must be left out without vpc_id, as the cache makes no security group then, got it; give vpc_id"
                yield Problem(argument, text)


@rule("security_group_ids")
def security_group_ids(values: Values) -> Iterable[Problem]:
    """Existing groups are given by their ids, and never an empty list: the provider would ignore it."""
    if values["security_group_ids"] == []:
        yield Problem("security_group_ids", "must hold a security group, got an empty list; leave it out")
    yield from id_problems("security_group_ids", values["security_group_ids"])


@rule("port")
def port(values: Values) -> Iterable[Problem]:
    """A port that clients can reach."""
    given = values["port"]
    if given is not None and not 1 <= given <= 65535:
        yield Problem("port", f"must be 1 to 65535, got {given}; leave it out for the engine's own port")


@rule("network_type", "ip_discovery", "engine", "engine_version")
def network_type(values: Values) -> Iterable[Problem]:
    """IPv6 needs a version that has it, and a way to discover it."""
    yield from choice("network_type", values["network_type"], tuple(NetworkType))
    yield from choice("ip_discovery", values["ip_discovery"], tuple(IpDiscovery))
    kind, engine, version = values["network_type"], values["engine"], values["engine_version"]
    if kind in {"ipv6", "dual_stack"} and engine and version and not features.supports(engine, version, "ipv6"):
        minimum = features.minimum_version(engine, "ipv6")
        text = f"must be ipv4 before {engine} {minimum}, got {kind!r} with {version}; upgrade engine_version"
        yield Problem("network_type", text)
    if kind == "ipv4" and values["ip_discovery"] == "ipv6":
        yield Problem("ip_discovery", "must be ipv4 in an ipv4 network, got 'ipv6'; set network_type to dual_stack")


@rule("preferred_cache_cluster_azs", "region")
def zones(values: Values) -> Iterable[Problem]:
    """Zones are named in full, and are the region's."""
    return zone_problems("preferred_cache_cluster_azs", values["preferred_cache_cluster_azs"], values["region"])


@rule("kms_key_id", "region")
def key_region(values: Values) -> Iterable[Problem]:
    """A key encrypts in its own region only; one that is given by its id alone tells none."""
    given, region = values["kms_key_id"], values["region"]
    if given is None or region is None or not given.startswith("arn:") or given.count(":") < 5:
        return
    if given.split(":")[3] != region:
        text = f"must be a key in the cache's region {region}, got one in {given.split(':')[3]}; use a key of {region}"
        yield Problem("kms_key_id", text)


@rule("multi_az_enabled", "subnet_ids")
def multi_az_subnets(values: Values) -> Iterable[Problem]:
    """Nodes in two zones need subnets in two zones."""
    subnets = values["subnet_ids"]
    if values["multi_az_enabled"] and subnets is not None and len(subnets) == 1:
        text = "must be 2 or more with Multi-AZ, got 1; name one in each zone, or set multi_az_enabled to False"
        yield Problem("subnet_ids", text)


def zone_problems(argument: str, zones: Iterable[str] | None, region: str | None = None) -> Iterable[Problem]:
    """Return the problems of availability zones' names."""
    for index, zone in enumerate(zones or []):
        if not (zone[:-1] in regions.regions() and zone[-1:].isalpha()) and not zone.count("-") >= 3:  # local zones
            text = f"must be an availability zone, got {zone!r}; write it like 'us-east-1a'"
            yield Problem(f"{argument}[{index}]", text)
        elif region is not None and not zone.startswith(region):
            text = f"must be an availability zone of {region}, got {zone!r}; write it like '{region}a'"
            yield Problem(f"{argument}[{index}]", text)


def outpost_problems(argument: str, arn: str | None) -> Iterable[Problem]:
    """Return the problem of what names no Outpost, or nothing."""
    if arn is not None and not _OUTPOST.fullmatch(arn):
        yield Problem(argument, f"must be the ARN of an Outpost, got {arn!r}; write it like '{_SOME_OUTPOST}'")


@rule("notification_topic_arn")
def topic(values: Values) -> Iterable[Problem]:
    """Notifications go to a topic's ARN."""
    given = values["notification_topic_arn"]
    if given is not None and not given.startswith("arn:"):
        text = (
            f"must be the ARN of an SNS topic, got {given!r}; write it like 'arn:aws:sns:us-east-1:111122223333:alerts'"
        )
        yield Problem("notification_topic_arn", text)


RULES = (subnet_group, security_group, security_group_ids, port, network_type, zones, topic)
