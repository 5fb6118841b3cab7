"""A Memcached cluster of one node is lost as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER
from cachewright_policies.topology.nodes import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find Memcached clusters of a single node."""
    del scope
    cache = Cache(subject)
    if not cache.is_member and cache.is_memcached and shape(subject).total == 1:
        yield Problem("numCacheNodes is 1: when the node fails, the whole cache is empty at once", "numCacheNodes")


RULE = Rule(
    name="memcached-several-nodes",
    title="Memcached clusters have more than one node",
    description=(
        "Memcached has no replicas: what a failed node held is gone, and is read from the database behind it."
        " With a single node that is everything at once; with several it is a share that the database bears."
    ),
    severity=Severity.MEDIUM,
    types=(CLUSTER,),
    check=check,
    remediation=(
        "Set numCacheNodes to 2 or more and azMode to cross-az. Nodes are added online; keys move to them as"
        " clients discover the nodes, and are missed once."
    ),
    arguments=("numCacheNodes",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/FaultTolerance.html",
    tags=("nodes", "resilience"),
    environments=PROD_ONLY,
    violating="""\
aws.elasticache.Cluster("pages", engine="memcached", node_type="cache.m7g.large", num_cache_nodes=1)
""",
    compliant="""\
aws.elasticache.Cluster("pages", engine="memcached", node_type="cache.m7g.large", num_cache_nodes=2)
""",
)
