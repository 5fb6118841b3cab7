"""Supports that no cache uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CACHES,
    CLUSTER,
    GLOBAL_REPLICATION_GROUP,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    SERVERLESS_CACHE,
    SUBNET_GROUP,
    USER,
    USER_GROUP,
    USER_GROUP_ASSOCIATION,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

# What may use each, and by which property.
_USERS: Final = {
    SUBNET_GROUP: ((REPLICATION_GROUP, "subnetGroupName"), (CLUSTER, "subnetGroupName")),
    PARAMETER_GROUP: (
        (REPLICATION_GROUP, "parameterGroupName"),
        (CLUSTER, "parameterGroupName"),
        (GLOBAL_REPLICATION_GROUP, "parameterGroupName"),
    ),
    USER_GROUP: ((REPLICATION_GROUP, "userGroupIds"), (SERVERLESS_CACHE, "userGroupId")),
    USER: ((USER_GROUP, "userIds"), (USER_GROUP_ASSOCIATION, "userId")),
}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find subnet groups, parameter groups, user groups and users that nothing of the stack uses."""
    graph = scope.graph
    if next(graph.of_type(*CACHES), None) is None:
        return
    uses = _USERS[subject.type]
    if any(next(graph.users(subject, type, property=property), None) for type, property in uses):
        return
    # Where a user's reference leads cannot be told, it may lead here.
    if any(_is_open(graph, one, property) for type, property in uses for one in graph.of_type(type)):
        return
    what = "user group" if subject.type == USER else "cache of this stack"
    yield Problem(f"no {what} uses {subject.name}: what is meant to have its settings has others")


def _is_open(graph: Graph, user: Resource, property: str) -> bool:
    return not graph.references(user, property, *_USERS).complete


_PROGRAM = """
    old = aws.elasticache.ParameterGroup("old", family="valkey8")
    new = aws.elasticache.ParameterGroup("new", name="new", family="valkey8")
    for name, group in (("sessions", {first}), ("carts", new)):
        aws.elasticache.ReplicationGroup(
            name,
            description=name,
            engine="valkey",
            node_type="cache.r7g.large",
            parameter_group_name=group.name,
        )
"""

RULE = Rule(
    name="orphaned-cache-support",
    title="Every subnet group, parameter group and user is used",
    description=(
        "A group that no cache uses is a slip more often than a leftover: the cache next to it runs in the default"
        " network, with default parameters, or without the user that was made for it. Stacks without caches may hold"
        " them for others."
    ),
    severity=Severity.LOW,
    types=tuple(_USERS),
    check=check,
    remediation="Name it in the cache that it is meant for, or remove it. Nothing runs with it.",
    arguments=("subnetGroupName", "parameterGroupName", "userGroupIds", "userIds"),
    violating=_PROGRAM.format(first="new"),
    compliant=_PROGRAM.format(first="old"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html",
    tags=("lifecycle", "parameters", "subnets", "rbac"),
    needs_graph=True,
)
