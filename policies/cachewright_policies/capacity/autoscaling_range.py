"""Auto scaling has room, and stops somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import AUTOSCALING_TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_MOST: Final = {"NodeGroups": "shards_per_cluster", "Replicas": "replicas_per_shard"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find targets of a cache that cannot scale, or that scale beyond what AWS makes."""
    del scope
    if subject.text("serviceNamespace") != "elasticache":
        return
    low, high = subject.number("minCapacity", 0) or 0, subject.number("maxCapacity", 0) or 0
    dimension = subject.text("scalableDimension").rpartition(":")[2]
    if low >= high:
        yield Problem(f"minCapacity is {low:g} and maxCapacity {high:g}: there is no room to scale", "maxCapacity")
    if low < 1:
        yield Problem(f"minCapacity is {low:g}: scaling in would leave none of the {dimension}", "minCapacity")
    if dimension in _MOST and high > limit(_MOST[dimension]):
        yield Problem(f"maxCapacity is {high:g}, and AWS makes at most {limit(_MOST[dimension])}", "maxCapacity")


RULE = Rule(
    name="autoscaling-range",
    title="Auto scaling of caches has room between its limits",
    description=(
        "A target whose least and most are the same scales nothing, one with a least of 0 takes the last"
        " replica away, and one beyond AWS's limits fails under load."
    ),
    severity=Severity.MEDIUM,
    types=(AUTOSCALING_TARGET,),
    check=check,
    remediation=(
        "Set minCapacity to what the quiet hours need, at least 1, and maxCapacity above it and within AWS's"
        " limits. The cache changes when the load next asks for it."
    ),
    arguments=("minCapacity", "maxCapacity"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html",
    tags=("autoscaling",),
    violating="""\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_node_groups=2)
aws.appautoscaling.Target(
    "shards",
    service_namespace="elasticache",
    resource_id=group.id.apply(lambda id: f"replication-group/{id}"),
    scalable_dimension="elasticache:replication-group:NodeGroups",
    min_capacity=3,
    max_capacity=3,
)
""",
    compliant="""\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_node_groups=2)
aws.appautoscaling.Target(
    "shards",
    service_namespace="elasticache",
    resource_id=group.id.apply(lambda id: f"replication-group/{id}"),
    scalable_dimension="elasticache:replication-group:NodeGroups",
    min_capacity=2,
    max_capacity=6,
)
""",
)
