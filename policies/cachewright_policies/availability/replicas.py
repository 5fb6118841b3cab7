"""Shards with a replica."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import SERIOUS, Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find shards of which nothing is left when their one node fails."""
    del scope
    for shard in subject.objects("nodeGroupConfigurations"):
        if (shard.number("replicaCount", 0) or 0) < 1 and not shard.items("replicaAvailabilityZones"):
            name = shard.text("nodeGroupId")
            yield Problem(
                f"the shard {name} has no replica".replace("  ", " ") + ": its keys are lost with its one node",
                "nodeGroupConfigurations",
            )
    if subject.is_set("nodeGroupConfigurations"):
        return
    if subject.is_set("numCacheClusters"):
        if (subject.number("numCacheClusters") or 0) < 2:
            yield Problem("there is one node and no replica: its data is lost with it", "numCacheClusters")
    elif (subject.number("replicasPerNodeGroup") or 0) < 1:
        yield Problem("the shards have no replicas: a shard's keys are lost with its one node", "replicasPerNodeGroup")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_node_groups=3,
        replicas_per_node_group={value},
        automatic_failover_enabled=True,
    )
"""

RULE = Rule(
    name="cache-has-replicas",
    title="Every shard has a replica",
    description=(
        "A shard's replica takes over when the primary fails, and serves reads. Without one, failover is impossible"
        " and maintenance is an outage."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set numCacheClusters to 2 or more, or replicasPerNodeGroup to 1 or more. Replicas are added online; while"
        " they synchronize, the primary has more to do."
    ),
    arguments=("numCacheClusters", "replicasPerNodeGroup"),
    violating=_PROGRAM.format(value="0"),
    compliant=_PROGRAM.format(value="1"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.html",
    tags=("availability", "replicas"),
    environments=SERIOUS,
)
