"""Parameters with which a failover goes well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import PARAMETER_GROUP, REPLICATION_GROUP
from cachewright_policies.topology.nodes import has_shape, shape
from cachewright_policies.topology.parameters import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

# What older versions call by the second name.
_CLOSING: Final = ("close-on-replica-write", "close-on-slave-write")
_ACKNOWLEDGING: Final = ("min-replicas-to-write", "min-slaves-to-write")


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups that keep clients at a demoted primary, or ask for replicas that a cache does not have."""
    parameters = given(subject)
    for name in _CLOSING:
        if parameters.get(name, "").lower() == "no":
            yield Problem(
                f"{name} is no: after a failover clients stay with the old primary, which refuses what they write",
                "parameters",
            )
    for name in _ACKNOWLEDGING:
        least = parameters.get(name, "")
        if not least.isdecimal():
            continue
        for cache in scope.graph.users(subject, REPLICATION_GROUP, property="parameterGroupName"):
            replicas = shape(cache).nodes_per_shard - 1 if has_shape(cache) else int(least)
            if int(least) > replicas:
                yield Problem(
                    f"{name} is {least}, and a shard of {cache.name} has"
                    f" {replicas or 'no'} replica{'s' * (replicas != 1)}: every write is refused",
                    "parameters",
                )
            elif replicas and int(least) == replicas:
                yield Problem(
                    f"{name} is {least}, which is every replica of a shard of {cache.name}: with one of them gone"
                    " writes are refused",
                    "parameters",
                )


_PROGRAM = """
    group = aws.elasticache.ParameterGroup(
        "sessions", family="valkey8", parameters=[{{"name": "min-replicas-to-write", "value": "{least}"}}]
    )
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        engine_version="8.0",
        node_type="cache.r7g.large",
        num_cache_clusters=3,
        automatic_failover_enabled=True,
        parameter_group_name=group.name,
    )
"""

RULE = Rule(
    name="parameter-failover",
    title="Parameters let a failover go well",
    description=(
        "A primary that asks for acknowledgements of more replicas than it has refuses every write, and one that asks"
        " for all of them refuses them when a single replica fails. Clients of a demoted primary find the new one only"
        " when their connections are closed."
    ),
    severity=Severity.MEDIUM,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set min-replicas-to-write below the number of replicas of a shard, and leave close-on-replica-write at yes."
        " Both hold at once, and no connection is closed."
    ),
    arguments=("parameters",),
    violating=_PROGRAM.format(least=2),
    compliant=_PROGRAM.format(least=1),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("availability", "parameters", "failover", "data-loss"),
    needs_graph=True,
)
