"""Final snapshots under names that AWS takes when the day comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import names
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find final snapshots with a name that AWS refuses, or that another cache's has, too."""
    # A name that is not known yet is made from something: it is nobody else's.
    name = subject.peek("finalSnapshotIdentifier")
    if not isinstance(name, str) or not name or Cache(subject).is_member:
        return
    problem = names.problem("snapshot_name", name)
    if problem:
        yield Problem(f"finalSnapshotIdentifier {problem}: the cache cannot be deleted", "finalSnapshotIdentifier")
    first = next(one for one in _leaving(scope.graph, name) if one.region == subject.region)
    if first is not subject:
        yield Problem(
            f"{first.name} leaves its final snapshot under {name}, too: whichever is deleted second cannot be",
            "finalSnapshotIdentifier",
        )


def _leaving(graph: Graph, name: str) -> Iterator[Resource]:
    for cache in graph.of_type(REPLICATION_GROUP, CLUSTER):
        if cache.peek("finalSnapshotIdentifier") == name and not Cache(cache).is_member:
            yield cache


_PROGRAM = """
    for name in ("sessions", "carts"):
        aws.elasticache.ReplicationGroup(
            name, description=name, engine="valkey", node_type="cache.r7g.large", final_snapshot_identifier={value}
        )
"""

RULE = Rule(
    name="cache-final-snapshot-name",
    title="Final snapshots have names of their own",
    description=(
        "AWS looks at the name of a final snapshot only when the cache is deleted: one that is taken, or no name at"
        " all by its rules, stops the deletion or the replacement half-way through an update."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation=(
        "Put the name of the cache into finalSnapshotIdentifier: letters, digits and single hyphens. Setting it changes"
        " nothing at AWS."
    ),
    arguments=("finalSnapshotIdentifier",),
    violating=_PROGRAM.format(value='"final"'),
    compliant=_PROGRAM.format(value='f"{name}-final"'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-final.html",
    tags=("backup", "change"),
    needs_graph=True,
)
