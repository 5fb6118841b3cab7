"""Caches of Valkey name their version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import VALKEY, Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find replication groups of Valkey without a version, which the provider does not make."""
    del scope
    cache = Cache(subject)
    restored = subject.is_set("snapshotName") or subject.is_set("snapshotArns")
    if cache.is_secondary or restored or cache.engine != VALKEY:
        return
    if not subject.is_set("engineVersion"):
        yield Problem("no version of Valkey is named, and none is chosen: the update fails", "engine")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large"{more}
    )
"""

RULE = Rule(
    name="engine-version-named",
    title="Caches of Valkey name their version",
    description=(
        "The provider makes a cache of Valkey only with an engineVersion beside it, and changes one of Redis OSS to"
        " Valkey only with a new version. Without, it fails in the middle of an update."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set engineVersion, such as 8.1, and a parameter group of its family. Naming the version that already runs"
        " changes nothing."
    ),
    arguments=("engineVersion",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=', engine_version="8.1"'),
    url="https://github.com/hashicorp/terraform-provider-aws/issues/41210",
    tags=("lifecycle", "valkey"),
)
