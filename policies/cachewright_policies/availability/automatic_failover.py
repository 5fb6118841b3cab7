"""Replication groups that recover by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Framework, Problem, Rule, Severity
from cachewright_policies.tokens import GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find replication groups whose primary is not replaced when it fails."""
    del scope
    if Cache(subject).is_secondary:
        return
    # A global datastore that says nothing has what its primary says.
    if not subject.flag("automaticFailoverEnabled", default=subject.type == GLOBAL_REPLICATION_GROUP):
        yield Problem(
            "automatic failover is off: when the primary fails, writes fail until somebody promotes a replica",
            "automaticFailoverEnabled",
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        automatic_failover_enabled={value},
    )
"""

RULE = Rule(
    name="cache-automatic-failover",
    title="Replication groups fail over by themselves",
    description=(
        "With automatic failover a replica takes over within seconds to a minute when the primary fails. Cluster mode"
        " cannot do without it. A secondary of a global datastore has its own setting."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Set automaticFailoverEnabled to true and have at least one replica. It is changed online; nothing is replaced."
    ),
    arguments=("automaticFailoverEnabled",),
    violating=_PROGRAM.format(value="False"),
    compliant=_PROGRAM.format(value="True"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
    tags=("availability", "failover"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.3",)),
        Framework("NIST 800-53 r5", ("CP-10", "SC-36", "SC-5(2)", "SI-13(5)")),
        Framework("ISO 27001", ("A.8.14",)),
    ),
    environments=SERIOUS,
)
