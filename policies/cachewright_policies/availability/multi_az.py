"""Replication groups that survive the loss of a zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Framework, Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find replication groups whose nodes may all be in one zone."""
    del scope
    if not Cache(subject).is_secondary and not subject.flag("multiAzEnabled"):
        yield Problem("Multi-AZ is off: the loss of one Availability Zone can take the whole cache", "multiAzEnabled")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled=True,
        multi_az_enabled={value},
    )
"""

RULE = Rule(
    name="cache-multi-az",
    title="Replication groups are spread over zones",
    description=(
        "With Multi-AZ, ElastiCache places replicas in other zones than their primary and promises 99.99 % a month."
        " Automatic failover alone may promote a replica in the zone that has just failed."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set multiAzEnabled to true, with automaticFailoverEnabled and at least one replica per shard in subnets of"
        " two zones. It is changed online; nodes that stand in one zone stay there until they are replaced."
    ),
    arguments=("multiAzEnabled",),
    violating=_PROGRAM.format(value="False"),
    compliant=_PROGRAM.format(value="True"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
    tags=("availability", "multi-az"),
    frameworks=(Framework("CIS AWS Database Services", ("5.12",)), Framework("ISO 27001", ("A.8.14",))),
    environments=SERIOUS,
)
