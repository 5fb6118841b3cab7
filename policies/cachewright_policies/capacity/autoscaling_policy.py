"""Auto scaling follows a metric at a sensible value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import AUTOSCALING_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Policies.html
_LEAST: Final = 35
_MOST: Final = 70


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find policies of a cache that do not track a target, or one outside of AWS's range."""
    del scope
    if subject.text("serviceNamespace") != "elasticache":
        return
    if subject.text("policyType", "StepScaling") == "StepScaling":
        yield Problem("policyType is StepScaling, and ElastiCache follows TargetTrackingScaling", "policyType")
        return
    for one in subject.objects("targetTrackingScalingPolicyConfiguration"):
        if not one.is_set("predefinedMetricSpecification"):
            continue
        target = one.number("targetValue")
        if target is not None and not _LEAST <= target <= _MOST:
            late = "too late to help" if target > _MOST else "for nothing"
            yield Problem(
                f"the target is {target:g} percent, outside of AWS's {_LEAST} to {_MOST}: the cache scales {late}",
                f"{one.path}targetValue",
            )


RULE = Rule(
    name="autoscaling-policy",
    title="Auto scaling of caches tracks a sensible target",
    description=(
        "A cache takes minutes to add a shard, so it must begin before the engine is busy: AWS takes targets"
        " from 35 to 70 percent, and only policies that track one."
    ),
    severity=Severity.MEDIUM,
    types=(AUTOSCALING_POLICY,),
    check=check,
    remediation=(
        "Set policyType to TargetTrackingScaling and targetValue to 35 to 70, 50 for example. The cache"
        " changes when the load next asks for it."
    ),
    arguments=("policyType", "targetTrackingScalingPolicyConfiguration"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Policies.html",
    tags=("autoscaling",),
    violating="""\
aws.appautoscaling.Policy(
    "shards",
    service_namespace="elasticache",
    resource_id="replication-group/sessions",
    scalable_dimension="elasticache:replication-group:NodeGroups",
    policy_type="TargetTrackingScaling",
    target_tracking_scaling_policy_configuration={
        "predefined_metric_specification": {"predefined_metric_type": "ElastiCachePrimaryEngineCPUUtilization"},
        "target_value": 95,
    },
)
""",
    compliant="""\
aws.appautoscaling.Policy(
    "shards",
    service_namespace="elasticache",
    resource_id="replication-group/sessions",
    scalable_dimension="elasticache:replication-group:NodeGroups",
    policy_type="TargetTrackingScaling",
    target_tracking_scaling_policy_configuration={
        "predefined_metric_specification": {"predefined_metric_type": "ElastiCachePrimaryEngineCPUUtilization"},
        "target_value": 50,
    },
)
""",
)
