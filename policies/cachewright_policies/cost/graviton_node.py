"""AWS's own processors cost less for the same work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import node_types
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import NODE_BASED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find nodes that are no AWS Graviton."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    known = node_types.find(subject.text("nodeType"))
    if known is not None and not known.graviton:
        yield Problem(f"{known.name} is no AWS Graviton: the same work costs less on one", "nodeType")


RULE = Rule(
    name="cost-graviton-node",
    title="Nodes are AWS Graviton",
    description=(
        "Nodes with AWS Graviton processors cost less than Intel's of the same size and do more. It is a"
        " saving, not a weakness: the rule is off unless it is asked for."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Set nodeType to the same size of a family that ends in g, such as cache.r7g.large. A replication"
        " group scales online, with a short failover for each shard; a Memcached cluster is made anew and"
        " empty."
    ),
    arguments=("nodeType",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    tags=("nodes", "cost"),
    enabled=False,
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r5.large")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r7g.large")
""",
)
