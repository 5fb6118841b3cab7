"""Engine versions whose standard support ends soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cachewright_policies.engines import support_ends, version_of
from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CACHES, GLOBAL_REPLICATION_GROUP, SERVERLESS_CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find versions whose standard support ends within the days that an upgrade needs."""
    engine, version = version_of(subject)
    end = support_ends(engine, version) if version else None
    if end is not None and scope.today <= end <= scope.today + timedelta(days=scope.settings["warnWithinDays"]):
        yield Problem(
            f"standard support of {engine} {version} ends on {end}, in {(end - scope.today).days} days",
            "majorEngineVersion" if subject.type == SERVERLESS_CACHE else "engineVersion",
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="{engine}", engine_version="{version}", node_type="cache.r6g.large"
    )
"""

RULE = Rule(
    name="engine-end-approaching",
    title="Engine versions stay in standard support for a while",
    description="An upgrade of an engine wants a rehearsal and a maintenance window: it is planned months ahead.",
    severity=Severity.MEDIUM,
    types=(*CACHES, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Plan the upgrade of engineVersion, best to Valkey, which replaces Redis OSS in place: with replicas and"
        " Multi-AZ, the interruption is a failover."
    ),
    arguments=("engineVersion", "engine"),
    violating=_PROGRAM.format(engine="redis", version="6.2"),
    compliant=_PROGRAM.format(engine="valkey", version="8.0"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support-versions.html",
    tags=("lifecycle", "engine"),
    settings=(
        Setting(
            "warnWithinDays",
            {"type": "integer", "minimum": 1, "maximum": 1000, "description": "How many days ahead to warn."},
            180,
        ),
    ),
)
