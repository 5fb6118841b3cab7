"""Redis OSS and Valkey in replication groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find single clusters of engines that could be replicated."""
    del scope
    cache = Cache(subject)
    if not cache.is_member and not cache.is_memcached:
        yield Problem(
            f"a single {cache.engine} cluster has no replica, no failover, no authentication and no encryption",
            "replicationGroupId",
        )


RULE = Rule(
    name="cache-not-single-cluster",
    title="Redis OSS and Valkey run in replication groups",
    description=(
        "A cluster outside a replication group is one node: its loss is the loss of its data, and neither encryption"
        " nor AUTH nor RBAC can be had with it."
    ),
    severity=Severity.MEDIUM,
    types=(CLUSTER,),
    check=check,
    remediation=(
        "Make a replication group of it: take a snapshot, and create the group with snapshotName; move the clients."
    ),
    arguments=("replicationGroupId",),
    violating="""
    aws.elasticache.Cluster("sessions", engine="redis", node_type="cache.r7g.large", num_cache_nodes=1)
""",
    compliant="""
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="redis", node_type="cache.r7g.large", num_cache_clusters=2
    )
""",
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html",
    tags=("availability",),
    environments=SERIOUS,
)
