"""Shards and replicas that follow the load."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_aws import appautoscaling, elasticache

from cachewright.arguments import Values
from cachewright.catalog import node_types
from cachewright.enums import ScalingMetric
from cachewright.naming import physical
from cachewright.rules.autoscaling import DEFAULT_TARGET_PERCENT, scaled

_NAMESPACE = "elasticache"
_DIMENSIONS = {"shards": "NodeGroups", "replicas": "Replicas"}


def make_autoscaling(
    parent: pulumi.Resource, name: str, checked: Values, group: elasticache.ReplicationGroup
) -> Mapping[str, appautoscaling.Target]:
    """Create a target and a policy for each of shards and replicas that is scaled, and return the targets."""
    asked = checked["autoscaling"]
    targets = {}
    for kind in scaled(asked):
        target = appautoscaling.Target(
            f"{name}-{kind}",
            max_capacity=asked[f"maximum_{kind}"],
            min_capacity=asked[f"minimum_{kind}"],
            region=checked["region"],
            resource_id=group.replication_group_id.apply(lambda one: f"replication-group/{one}"),
            scalable_dimension=f"elasticache:replication-group:{_DIMENSIONS[kind]}",
            service_namespace=_NAMESPACE,
            tags=checked["tags"],
            opts=pulumi.ResourceOptions(parent=parent),
        )
        appautoscaling.Policy(
            physical(f"{name}-{kind}"),
            policy_type="TargetTrackingScaling",
            region=checked["region"],
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            service_namespace=target.service_namespace,
            target_tracking_scaling_policy_configuration=_tracking(asked, metric(kind, asked, checked["node_type"])),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        targets[kind] = target
    return targets


def metric(kind: str, asked: Mapping[str, Any], node_type: object) -> str:
    """Return the predefined metric that a number follows.

    >>> metric("shards", {"shard_metric": "memory"}, "cache.r7g.large")
    'ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage'
    """
    if kind == "replicas":
        return "ElastiCacheReplicaEngineCPUUtilization"
    if asked.get("shard_metric") != ScalingMetric.MEMORY:
        return "ElastiCachePrimaryEngineCPUUtilization"
    known = node_types.find(node_type) if isinstance(node_type, str) else None
    # With data tiering memory is always full: the SSD counts, too.
    stored = "Capacity" if known is not None and known.data_tiering else "Memory"
    return f"ElastiCacheDatabase{stored}UsageCountedForEvictPercentage"


def _tracking(
    asked: Mapping[str, Any], predefined: str
) -> appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs:
    return appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
        predefined_metric_specification=(
            appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
                predefined_metric_type=predefined
            )
        ),
        scale_in_cooldown=asked.get("scale_in_cooldown_seconds"),
        scale_out_cooldown=asked.get("scale_out_cooldown_seconds"),
        target_value=asked.get("target_percent") or DEFAULT_TARGET_PERCENT,
    )
