"""Caches with a parameter group of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import NODE_BASED, PARAMETER_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find caches with one of AWS's default parameter groups."""
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    if subject.is_unknown("parameterGroupName"):
        if not scope.graph.references(subject, "parameterGroupName", PARAMETER_GROUP).complete:
            yield Unverified(
                "the parameter group is known only after the update: it may be a default one", "parameterGroupName"
            )
        return
    name = subject.text("parameterGroupName")
    if not name or name.startswith("default."):
        shown = f"{name} is" if name else "none is named: AWS's is"
        yield Problem(
            f"{shown} a default parameter group, which cannot be edited when it matters", "parameterGroupName"
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        engine_version="8.0",
        node_type="cache.r7g.large",
        parameter_group_name="{name}",
    )
"""

RULE = Rule(
    name="parameter-group-not-default",
    title="Caches have a parameter group of their own",
    description=(
        "AWS's default parameter groups cannot be edited. A cache that has one must first get another group, in the"
        " middle of an incident, before its eviction policy or memory reserve can be changed."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Make a parameter group of the engine's family and name it in parameterGroupName. It is changed online; values"
        " that need a reboot hold after the next one."
    ),
    arguments=("parameterGroupName",),
    violating=_PROGRAM.format(name="default.valkey8"),
    compliant=_PROGRAM.format(name="sessions-valkey8"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html",
    tags=("lifecycle", "parameters"),
    needs_graph=True,
    environments=SERIOUS,
)
