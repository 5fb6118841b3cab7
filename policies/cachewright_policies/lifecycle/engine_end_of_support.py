"""Engine versions whose standard support has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.engines import support_ends, version_of
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, GLOBAL_REPLICATION_GROUP, SERVERLESS_CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find versions that AWS supports no more, or only for a surcharge."""
    engine, version = version_of(subject)
    end = support_ends(engine, version) if version else None
    if end is not None and end < scope.today:
        yield Problem(
            f"standard support of {engine} {version} ended on {end}: it runs in paid Extended Support or not at all",
            "majorEngineVersion" if subject.type == SERVERLESS_CACHE else "engineVersion",
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="{engine}", engine_version="{version}", node_type="cache.r6g.large"
    )
"""

RULE = Rule(
    name="engine-end-of-support",
    title="Engine versions are in standard support",
    description=(
        "After a version's standard support AWS patches it only in Extended Support, which is switched on by itself and"
        " billed per node hour; after that the cache is upgraded without being asked."
    ),
    severity=Severity.HIGH,
    types=(*CACHES, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Upgrade engineVersion, best to Valkey, which replaces Redis OSS in place: with replicas and Multi-AZ, the"
        " interruption is a failover. Try it on a copy restored from a snapshot first."
    ),
    arguments=("engineVersion", "engine"),
    violating=_PROGRAM.format(engine="redis", version="5.0.6"),
    compliant=_PROGRAM.format(engine="valkey", version="8.0"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support-versions.html",
    tags=("lifecycle", "engine", "cost"),
)
