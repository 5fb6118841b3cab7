"""Caches that can grow beyond one shard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import REPLICATION_GROUP
from cachewright_policies.topology.nodes import cluster_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find replication groups with cluster mode off."""
    if Cache(subject).is_secondary:
        return
    sharded = cluster_mode(scope.graph, subject)
    if sharded is None:
        yield Unverified("whether cluster mode is on cannot be told from this stack", "parameterGroupName")
    elif not sharded:
        yield Problem("cluster mode is off: all writes go to one node, and no shard can be added", "clusterMode")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        automatic_failover_enabled=True,
        {shape}
    )
"""

RULE = Rule(
    name="cache-cluster-mode",
    title="Caches run in cluster mode",
    description=(
        "With cluster mode a cache grows by shards, online, and a failed shard takes only its part of the keys. Clients"
        " have to speak the cluster protocol, so the rule is off unless it is asked for."
    ),
    severity=Severity.LOW,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set clusterMode to compatible with a parameter group that sets cluster-enabled, move the clients to the"
        " configuration endpoint, then set clusterMode to enabled. Redis OSS 7 and Valkey change online; older groups"
        " are made anew from a snapshot."
    ),
    arguments=("clusterMode", "numNodeGroups"),
    violating=_PROGRAM.format(shape="num_cache_clusters=3,"),
    compliant=_PROGRAM.format(shape="num_node_groups=3, replicas_per_node_group=2,"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html",
    tags=("availability", "cluster-mode"),
    frameworks=(Framework("CIS AWS Database Services", ("5.11",)),),
    needs_graph=True,
    environments=PROD_ONLY,
    enabled=False,
)
