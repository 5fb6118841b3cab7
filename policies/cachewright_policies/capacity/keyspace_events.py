"""Telling of every key costs what nobody asked for."""

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
    """Find parameter groups that publish every event."""
    del scope
    if "A" in given(subject).get("notify-keyspace-events", ""):
        yield Problem("notify-keyspace-events has A: every change of every key is published", "parameters")


RULE = Rule(
    name="parameter-keyspace-events",
    title="Only the events that somebody reads are published",
    description=(
        "With A in it notify-keyspace-events publishes an event for every change of every key: each costs"
        " processor time on the engine's one thread, whether anybody reads it or not."
    ),
    severity=Severity.LOW,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set notify-keyspace-events to the classes that somebody reads, such as Ex for keys that expire. The"
        " change holds at once."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html",
    tags=("parameters",),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "notify-keyspace-events", "value": "AKE"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "notify-keyspace-events", "value": "Ex"},
    ],
)
""",
)
