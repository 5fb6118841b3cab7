"""Node types that AWS has."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from cachewright.catalog import node_types
from cachewright_policies.cache import Cache
from cachewright_policies.engines import find, version_of
from cachewright_policies.lifecycle.node_generation import PREVIOUS
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find node types that are misspelt, or that ElastiCache does not have."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    property = "cacheNodeType" if subject.type == GLOBAL_REPLICATION_GROUP else "nodeType"
    name = subject.text(property)
    if not name or _was_known(name):
        return
    if node_types.find(name) is not None:
        engine, version = version_of(subject)
        problem = node_types.compatible(name, engine, version) if engine and version and find(engine, version) else None
        if problem:
            yield Problem(f"{problem}: the update fails", property)
        return
    near = difflib.get_close_matches(name, [one.name for one in node_types.node_types()], 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    yield Problem(f"{name} is no node type of ElastiCache{hint}: the update fails", property)


def _was_known(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 3 and parts[0] == "cache" and parts[1] in PREVIOUS


_PROGRAM = """
    aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="{node_type}")
"""

RULE = Rule(
    name="node-type-valid",
    title="Node types exist",
    description=(
        "The provider takes any text for a node type, and AWS refuses a wrong one only during the update, when other"
        " resources have been changed already. EC2's names lack the prefix cache., and not every size of every family"
        " is built."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation="Set nodeType to a node type of ElastiCache, such as cache.r7g.large.",
    arguments=("nodeType",),
    violating=_PROGRAM.format(node_type="r7g.large"),
    compliant=_PROGRAM.format(node_type="cache.r7g.large"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    tags=("lifecycle", "node-type"),
)
