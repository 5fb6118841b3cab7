"""A slow log that records nothing tells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameter groups that switch the slow log off."""
    del scope
    parameters = given(subject)
    limit = parameters.get("slowlog-log-slower-than", "")
    if limit.startswith("-"):
        yield Problem(f"slowlog-log-slower-than is {limit}: the slow log is off", "parameters")
    elif limit == "0":
        yield Problem("slowlog-log-slower-than is 0: every command is recorded, and the slow ones drown", "parameters")
    if parameters.get("slowlog-max-len") == "0":
        yield Problem("slowlog-max-len is 0: no slow command is ever recorded", "parameters")


RULE = Rule(
    name="parameter-slow-log",
    title="The slow log records something",
    description=(
        "Where slowlog-log-slower-than is negative, or the log has no length, no slow command is ever"
        " recorded, and what is delivered stays empty. With 0 every command is recorded, and the slow ones"
        " drown."
    ),
    severity=Severity.LOW,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set slowlog-log-slower-than to microseconds, such as AWS's 10000, and slowlog-max-len to 128 or"
        " more. The change holds at once."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters", "logs"),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "slowlog-log-slower-than", "value": "-1"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "slowlog-log-slower-than", "value": "10000"},
    ],
)
""",
)
