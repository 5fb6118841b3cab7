"""Memcached nodes in several zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER
from cachewright_policies.topology.subnets import subnet_groups_of
from cachewright_policies.topology.zones import zones_of
from cachewright_policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find Memcached clusters of several nodes, or of a single one, that one zone can take."""
    if Cache(subject).is_member or not Cache(subject).is_memcached:
        return
    nodes = subject.number("numCacheNodes", 1) or 1
    zones = subject.items("preferredAvailabilityZones")
    if nodes > 1 and subject.text("azMode", "single-az").lower() != "cross-az":
        yield Problem(f"all {int(nodes)} nodes are in one zone: its loss empties the whole cache", "azMode")
    elif nodes > 1 and zones and UNKNOWN not in zones and len(set(zones)) == 1:
        yield Problem(
            f"the preferred zones are all {zones[0]}: its loss empties the cache", "preferredAvailabilityZones"
        )
    elif zones and len(zones) != nodes:
        yield Problem(
            f"{len(zones)} zones are preferred for {nodes:g} nodes, and AWS takes one for each: the update fails",
            "preferredAvailabilityZones",
        )
    for group in subnet_groups_of(scope.graph, subject).resources:
        there = zones_of(scope.graph, group)
        for zone in dict.fromkeys(zones):
            if there.complete and zone is not UNKNOWN and zone not in there.names:
                yield Problem(f"{group.name} has no subnet in {zone}, which is asked for", "preferredAvailabilityZones")


_PROGRAM = """
    aws.elasticache.Cluster(
        "pages", engine="memcached", node_type="cache.r7g.large", num_cache_nodes=3, az_mode="{value}"
    )
"""

RULE = Rule(
    name="memcached-cross-az",
    title="Memcached nodes are spread over zones",
    description=(
        "Memcached has no replicas: what a lost node held has to be computed again. With nodes in several zones, a zone"
        " takes only its share."
    ),
    severity=Severity.MEDIUM,
    types=(CLUSTER,),
    check=check,
    needs_graph=True,
    remediation=(
        "Set azMode to cross-az, with subnets of two zones. Nodes that exist stay where they are; new ones go"
        " elsewhere."
    ),
    arguments=("azMode",),
    violating=_PROGRAM.format(value="single-az"),
    compliant=_PROGRAM.format(value="cross-az"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNode.Memcached.html",
    tags=("availability", "memcached"),
)
