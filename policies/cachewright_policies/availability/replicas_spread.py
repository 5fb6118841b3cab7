"""Preferred zones that keep what Multi-AZ promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_policies.rule import SERIOUS, Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP
from cachewright_policies.topology.subnets import subnet_groups_of
from cachewright_policies.topology.zones import zones_of
from cachewright_policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find shards whose nodes prefer one zone, and zones that the subnet group does not have."""
    preferred = subject.items("preferredCacheClusterAzs")
    if len(preferred) > 1 and _all_the_same(preferred):
        yield Problem(
            f"every node prefers {preferred[0]}: the loss of that zone takes the whole cache",
            "preferredCacheClusterAzs",
        )
    nodes = None if subject.is_unknown("numCacheClusters") else subject.number("numCacheClusters")
    if preferred and nodes is not None and len(preferred) != nodes:
        yield Problem(
            f"{len(preferred)} zones are preferred for {nodes:g} nodes, and AWS takes one for each: the update fails",
            "preferredCacheClusterAzs",
        )
    wanted = [(zone, "preferredCacheClusterAzs") for zone in preferred]
    for shard in subject.objects("nodeGroupConfigurations"):
        primary = shard.peek("primaryAvailabilityZone")
        zones = [*([] if primary is None else [primary]), *shard.items("replicaAvailabilityZones")]
        if len(zones) > 1 and _all_the_same(zones):
            yield Problem(
                f"the primary and the replicas of a shard are all in {zones[0]}: the loss of that zone takes its keys",
                "nodeGroupConfigurations",
            )
        wanted += [(zone, "nodeGroupConfigurations") for zone in zones]
    for group in subnet_groups_of(scope.graph, subject).resources:
        zones_there = zones_of(scope.graph, group)
        if not zones_there.complete:
            continue
        for zone, property in dict.fromkeys(wanted):
            if zone is not UNKNOWN and zone not in zones_there.names:
                named = ", ".join(sorted(zones_there.names))
                yield Problem(f"{group.name} has no subnet in {zone}, which is asked for (it has {named})", property)
        if len(zones_there.names) == 1 and subject.flag("multiAzEnabled"):
            only = next(iter(zones_there.names))
            yield Problem(f"Multi-AZ is on, and every subnet of {group.name} is in {only}", "multiAzEnabled")


def _all_the_same(zones: Any) -> bool:
    return UNKNOWN not in zones and len(set(zones)) == 1


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        preferred_cache_cluster_azs={zones},
    )
"""

RULE = Rule(
    name="cache-replicas-spread",
    title="Primaries and replicas prefer different zones",
    description=(
        "Preferred zones win over Multi-AZ's own placement: a primary and its replicas in one zone fall together."
        " Zones that the subnet group does not have are refused at creation."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Name different zones for a primary and its replicas, or leave the choice to ElastiCache. Nodes that exist stay"
        " where they are: replace replicas one by one, and fail over."
    ),
    arguments=("preferredCacheClusterAzs", "nodeGroupConfigurations"),
    violating=_PROGRAM.format(zones='["eu-west-1a", "eu-west-1a"]'),
    compliant=_PROGRAM.format(zones='["eu-west-1a", "eu-west-1b"]'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
    tags=("availability", "multi-az"),
    needs_graph=True,
    environments=SERIOUS,
)
