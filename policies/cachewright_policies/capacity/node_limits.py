"""AWS's limits on shards, replicas and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import NODE_BASED
from cachewright_policies.topology.nodes import has_shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches with more shards, replicas or nodes than AWS makes."""
    del scope
    cache = Cache(subject)
    if cache.is_member or not has_shape(subject):
        return
    found = shape(subject)
    if cache.is_memcached:
        if found.total > limit("memcached_nodes_maximum"):
            yield Problem(
                f"{found.total} nodes are more than the {limit('memcached_nodes_maximum')} that a Memcached cluster may"
                " have: the update fails",
                "numCacheNodes",
            )
        return
    replicas = found.nodes_per_shard - 1
    if replicas > limit("replicas_per_shard"):
        yield Problem(
            f"{replicas} replicas of a shard are more than the {limit('replicas_per_shard')} that AWS makes: the update"
            " fails",
            "replicasPerNodeGroup" if subject.is_set("replicasPerNodeGroup") else "numCacheClusters",
        )
    elif found.total > limit("nodes_per_cluster_maximum"):
        yield Problem(
            f"{found.total} nodes are more than the {limit('nodes_per_cluster_maximum')} that a cache may have: the"
            " update fails",
            "numNodeGroups",
        )


RULE = Rule(
    name="cache-node-limits",
    title="Caches stay within AWS's limits on nodes",
    description=(
        "A shard has up to five replicas, a cache up to 500 nodes (90 until AWS raises the quota), a"
        " Memcached cluster up to 60. Beyond them the update fails half-way."
    ),
    severity=Severity.MEDIUM,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Lower numNodeGroups, replicasPerNodeGroup, numCacheClusters or numCacheNodes, or split the data over"
        " two caches."
    ),
    arguments=("numNodeGroups", "replicasPerNodeGroup", "numCacheClusters", "numCacheNodes"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html",
    tags=("nodes", "limits"),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=7)
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=6)
""",
)
