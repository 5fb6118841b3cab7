"""Snapshots and failovers need memory beside the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import PARAMETER_GROUP
from cachewright_policies.topology.parameters import given, is_memcached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find parameter groups that reserve too little memory."""
    least = scope.settings["minimumPercent"]
    reserved = given(subject).get("reserved-memory-percent")
    if not is_memcached(subject) and reserved is not None and reserved.isdecimal() and int(reserved) < least:
        yield Problem(
            f"reserved-memory-percent is {reserved}, less than {least}: snapshots and failovers run out of memory",
            "parameters",
        )


RULE = Rule(
    name="parameter-reserved-memory",
    title="A quarter of the memory is reserved",
    description=(
        "While a snapshot is taken, or a replica is brought up, the engine keeps what changes meanwhile"
        " beside the data. Without a reserve the node swaps, or the snapshot and the failover fail when they"
        " are needed."
    ),
    severity=Severity.MEDIUM,
    types=(PARAMETER_GROUP,),
    check=check,
    remediation=(
        "Set reserved-memory-percent to 25 or more, or leave it out, since 25 is AWS's default. The change"
        " holds at once: less data fits, and what is above is evicted."
    ),
    arguments=("parameters",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html",
    tags=("parameters", "memory"),
    settings=(
        Setting(
            "minimumPercent",
            {"type": "integer", "minimum": 0, "maximum": 90, "description": "The least reserved memory, in percent."},
            25,
        ),
    ),
    violating="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "reserved-memory-percent", "value": "10"},
    ],
)
""",
    compliant="""\
aws.elasticache.ParameterGroup(
    "sessions",
    family="valkey8",
    parameters=[
        {"name": "reserved-memory-percent", "value": "25"},
    ],
)
""",
)
