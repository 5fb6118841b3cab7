"""Data tiering and its nodes belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import node_types
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import PARAMETER_GROUP, REPLICATION_GROUP
from cachewright_policies.topology.parameters import given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

# Random and time-to-live policies are not offered; whether lfu is, AWS's pages tell both ways.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
_TIERED: Final = ("noeviction", "-lru", "-lfu")


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups that pay for an SSD they do not use, or ask for one that their nodes do not have."""
    if Cache(subject).is_secondary:
        return
    known = node_types.find(subject.text("nodeType"))
    if known is None:
        return
    tiering = subject.flag("dataTieringEnabled")
    if known.data_tiering and not tiering:
        yield Problem(f"{known.name} has an SSD, which dataTieringEnabled alone makes use of", "dataTieringEnabled")
    elif tiering and not known.data_tiering:
        yield Problem(f"{known.name} has no SSD for data tiering: the update fails", "nodeType")
    elif tiering:
        for group in scope.graph.references(subject, "parameterGroupName", PARAMETER_GROUP).resources:
            policy = given(group).get("maxmemory-policy", "").lower()
            if policy and not policy.endswith(_TIERED):
                yield Problem(
                    f"{group.name} evicts by {policy}, which data tiering does not know: the update fails",
                    "parameterGroupName",
                )


RULE = Rule(
    name="cache-data-tiering",
    title="Data tiering goes with a node type that has an SSD",
    description=(
        "Only the r6gd family keeps part of the data on an SSD, and only with dataTieringEnabled; AWS makes"
        " neither without the other."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set dataTieringEnabled to true with an r6gd node type, which makes the group anew, or choose a node"
        " type without an SSD."
    ),
    arguments=("dataTieringEnabled", "nodeType"),
    needs_graph=True,
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html",
    tags=("nodes", "memory"),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r6gd.xlarge")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis",
    node_type="cache.r6gd.xlarge", data_tiering_enabled=True)
""",
)
