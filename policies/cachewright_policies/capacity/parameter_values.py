"""What AWS refuses is better found before the update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import parameters
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameters that AWS refuses."""
    del scope
    family = subject.text("family")
    for name, value in given(subject).items():
        problem = parameters.problem(family, name, value)
        if problem:
            yield Problem(f"{name} {problem}", "parameters")


RULE = Rule(
    name="parameter-values-valid",
    title="Parameters exist in their family, and AWS takes their values",
    description=(
        "A parameter that its family does not have, that AWS keeps to itself, or whose value is out of its"
        " range makes the update fail half-way, when other resources have been changed already."
    ),
    severity=Severity.MEDIUM,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation="Set the parameter as its family has it, or remove it from parameters.",
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters",),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "slab_reassign", "value": "1"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "maxmemory-policy", "value": "allkeys-lru"},
    ],
)
""",
)
