"""Node types that AWS still builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html (previous generation),
# and t2, m4, r4, which newer ones replace at a lower price.
PREVIOUS: Final = frozenset({"t1", "m1", "m2", "c1", "m3", "r3", "t2", "m4", "r4"})


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches on nodes of a previous generation."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    property = "cacheNodeType" if subject.type == GLOBAL_REPLICATION_GROUP else "nodeType"
    node_type = subject.text(property).lower()
    parts = node_type.split(".")
    if len(parts) == 3 and parts[1] in PREVIOUS:
        yield Problem(f"{node_type} is of a previous generation: slower and dearer than what replaced it", property)


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="redis", engine_version="7.1", node_type="{node_type}"
    )
"""

RULE = Rule(
    name="node-current-generation",
    title="Nodes are of the current generation",
    description=(
        "Previous generations cost more for less memory and network, lack features (data tiering, global datastores),"
        " and run short when a zone needs new ones."
    ),
    severity=Severity.LOW,
    types=(REPLICATION_GROUP, CLUSTER, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Set nodeType to a current one, such as cache.m7g, cache.r7g or cache.t4g. Redis OSS and Valkey scale online,"
        " with a failover at the end; a Memcached cluster is replaced, and begins empty."
    ),
    arguments=("nodeType",),
    violating=_PROGRAM.format(node_type="cache.r4.large"),
    compliant=_PROGRAM.format(node_type="cache.r7g.large"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    tags=("lifecycle", "node-type", "cost"),
)
