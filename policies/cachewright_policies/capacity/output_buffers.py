"""A slow subscriber must not take the memory of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_HARD: Final = "client-output-buffer-limit-pubsub-hard-limit"
_SOFT: Final = "client-output-buffer-limit-pubsub-soft-limit"


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameter groups that let subscribers' buffers grow without end."""
    del scope
    parameters = given(subject)
    if parameters.get(_HARD) == "0" and parameters.get(_SOFT) == "0":
        yield Problem(f"{_HARD} and {_SOFT} are 0: one slow subscriber can take all memory", "parameters")
    elif parameters.get(_HARD) == "0":
        yield Problem(f"{_HARD} is 0: a subscriber that stops reading can take all memory", "parameters")


RULE = Rule(
    name="parameter-output-buffers",
    title="Subscribers' buffers have a limit",
    description=(
        "What a subscriber does not read is kept in the node's memory. Without a limit one slow subscriber"
        " takes so much of it that data is evicted, or the node fails."
    ),
    severity=Severity.LOW,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Leave client-output-buffer-limit-pubsub-hard-limit and its soft limit out, since AWS's 32 MiB and 8"
        " MiB are sound, or set them to what a subscriber may be behind. The change holds at once: subscribers"
        " above it are cut off."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters", "memory"),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "client-output-buffer-limit-pubsub-hard-limit", "value": "0"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "client-output-buffer-limit-pubsub-hard-limit", "value": "33554432"},
    ],
)
""",
)
