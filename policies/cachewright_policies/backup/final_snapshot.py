"""Caches that leave a last snapshot behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that are deleted with everything they hold."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary or cache.is_memcached:
        return
    if not subject.is_set("finalSnapshotIdentifier"):
        yield Problem(
            "no final snapshot is named: deleting or replacing the cache destroys its data", "finalSnapshotIdentifier"
        )


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Name the final snapshot after the cache."""
    del settings
    cache = properties.get("clusterId" if subject.type == CLUSTER else "replicationGroupId")
    if not cache:
        return False
    properties["finalSnapshotIdentifier"] = f"{cache}-final"
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large"{more}
    )
"""

RULE = Rule(
    name="cache-final-snapshot",
    title="Production caches leave a final snapshot",
    description=(
        "When a cache is deleted, or replaced because an argument cannot be changed in place, a final snapshot is the"
        " only copy of its data. Automatic snapshots go with the cache."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation="Set finalSnapshotIdentifier to a name that no snapshot has. Setting it changes nothing at AWS.",
    arguments=("finalSnapshotIdentifier",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=', final_snapshot_identifier="sessions-final"'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-final.html",
    tags=("backup", "snapshots"),
    environments=PROD_ONLY,
    remediate=remediate,
)
