"""What a cache refers to lies in its own region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CACHES,
    CLUSTER,
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    DELIVERY_STREAM,
    KMS_ALIAS,
    KMS_KEY,
    LOG_GROUP,
    METRIC_ALARM,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    SECURITY_GROUP,
    SERVERLESS_CACHE,
    SUBNET,
    SUBNET_GROUP,
    TOPIC,
)
from cachewright_policies.topology.alarms import readings, watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

_GROUPS: Final = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
_SUBNETS: Final = (SUBNET, DEFAULT_SUBNET)
_NODES: Final = {
    "subnetGroupName": (SUBNET_GROUP,),
    "securityGroupIds": _GROUPS,
    "parameterGroupName": (PARAMETER_GROUP,),
    "notificationTopicArn": (TOPIC,),
    "logDeliveryConfigurations": (LOG_GROUP, DELIVERY_STREAM),
}
_REFERRED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    REPLICATION_GROUP: {**_NODES, "kmsKeyId": (KMS_KEY, KMS_ALIAS)},
    CLUSTER: _NODES,
    SERVERLESS_CACHE: {"subnetIds": _SUBNETS, "securityGroupIds": _GROUPS, "kmsKeyId": (KMS_KEY, KMS_ALIAS)},
    SUBNET_GROUP: {"subnetIds": _SUBNETS},
    METRIC_ALARM: {"alarmActions": (TOPIC,)},
}
_ARN_REGION: Final = 3


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches and their alarms whose surroundings are in another region."""
    graph, own = scope.graph, subject.region
    if own is None or (subject.type in CACHES and Cache(subject).is_member):
        return
    if subject.type == METRIC_ALARM:
        caches = list(_watched(graph, subject))
        for cache in caches:
            if cache.region not in {None, own}:
                yield Problem(
                    f"the alarm is in {own} and {cache.name} publishes its metrics in {cache.region}: it never fires",
                    "dimensions",
                )
        if not caches:
            return
    for property, types in _REFERRED[subject.type].items():
        named = graph.references(subject, property, *types)
        places = [(one.name, one.region) for one in named.resources]
        places += [(text, _region_of(text)) for text in named.literals]
        for name, region in places:
            if region not in {None, own}:
                yield Problem(f"{subject.name} is in {own}, and its {name} is in {region}: AWS refuses it", property)


def _watched(graph: Graph, alarm: Resource) -> Iterator[Resource]:
    for reading in readings(alarm):
        if not reading.view.is_unknown("dimensions"):
            yield from watched(graph, alarm, reading)


def _region_of(text: str) -> str | None:
    """Return the region that an ARN names; None of anything else."""
    parts = text.split(":")
    return parts[_ARN_REGION] or None if parts[0] == "arn" and len(parts) > _ARN_REGION else None


_PROGRAM = """
    west = aws.Provider("west", region="us-west-2")
    subnets = aws.elasticache.SubnetGroup(
        "caches", subnet_ids=["subnet-0123", "subnet-4567"], opts=pulumi.ResourceOptions(provider=west)
    )
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        subnet_group_name=subnets.name,
        {more}
    )
"""

RULE = Rule(
    name="cache-region",
    title="What serves a cache is in its region",
    description=(
        "Subnet groups, security groups, parameter groups, keys, topics, logs and alarms work within one region. In a"
        " program with several regions, as for a global datastore, it is easy to hand over the other region's: AWS"
        " refuses it in the middle of an update, and an alarm in the wrong region is silent for ever."
    ),
    severity=Severity.MEDIUM,
    types=tuple(_REFERRED),
    check=check,
    remediation=(
        "Make one of each for every region, with the provider (or the region argument) of the cache, and name that one."
    ),
    arguments=("subnetGroupName", "securityGroupIds", "parameterGroupName"),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more="opts=pulumi.ResourceOptions(provider=west),"),
    url="https://www.pulumi.com/docs/iac/concepts/providers/",
    tags=("lifecycle", "global-datastore", "regions"),
    needs_graph=True,
)
