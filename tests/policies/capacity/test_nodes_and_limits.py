"""Nodes, limits and auto scaling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_policies.capacity import (
    autoscaling_policy,
    autoscaling_range,
    burstable_node,
    data_tiering,
    memcached_nodes,
    node_limits,
    serverless_limits_range,
)
from cachewright_policies.graph import Resource
from cachewright_policies.tokens import REPLICATION_GROUP
from cachewright_policies.topology.nodes import Shape, shape


def group(**arguments: str) -> str:
    """Return the text of a replication group."""
    given_ = {"description": '"S"', **arguments}
    return f"aws.elasticache.ReplicationGroup('s', {', '.join(f'{key}={value}' for key, value in given_.items())})\n"


def memcached(nodes: int) -> str:
    """Return the text of a Memcached cluster."""
    return (
        f'aws.elasticache.Cluster("m", engine="memcached", node_type="cache.m7g.large", num_cache_nodes={nodes},'
        ' az_mode="single-az")'
    )


def serverless(storage: str, units: str) -> str:
    """Return the text of a serverless cache with limits."""
    return (
        'aws.elasticache.ServerlessCache("f", name="f", engine="valkey", cache_usage_limits={"data_storage":'
        f' {{{storage}, "unit": "GB"}}, "ecpu_per_seconds": [{{{units}}}]}})'
    )


def target(low: int, high: int, dimension: str = "NodeGroups", service: str = "elasticache") -> str:
    """Return the text of a scaling target."""
    return (
        f'aws.appautoscaling.Target("t", service_namespace="{service}", resource_id="replication-group/s",'
        f' scalable_dimension="{service}:replication-group:{dimension}", min_capacity={low}, max_capacity={high})'
    )


def policy(value: float, kind: str = "TargetTrackingScaling") -> str:
    """Return the text of a scaling policy."""
    return (
        'aws.appautoscaling.Policy("p", service_namespace="elasticache", resource_id="replication-group/s",'
        f' scalable_dimension="elasticache:replication-group:NodeGroups", policy_type="{kind}",'
        ' target_tracking_scaling_policy_configuration={"target_value": '
        f'{value}, "predefined_metric_specification": {{"predefined_metric_type":'
        ' "ElastiCachePrimaryEngineCPUUtilization"}})'
    )


T4G = "cache.t4g.medium is burstable: once its credits are used up it answers at a fraction of its speed"
CASES = {
    "burstable": (burstable_node, group(node_type='"cache.t4g.medium"'), [T4G]),
    "burstable memcached": (
        burstable_node,
        'aws.elasticache.Cluster("m", engine="memcached", node_type="cache.t4g.medium", num_cache_nodes=2)',
        [T4G],
    ),
    "burstable member": (
        burstable_node,
        group() + 'aws.elasticache.Cluster("m", replication_group_id="s", node_type="cache.t4g.medium")',
        [],
    ),
    "steady": (burstable_node, group(node_type='"cache.m7g.large"'), []),
    "a secondary": (burstable_node, group(global_replication_group_id='"a-b"'), []),
    "one memcached node": (
        memcached_nodes,
        memcached(1),
        ["numCacheNodes is 1: when the node fails, the whole cache is empty at once"],
    ),
    "two memcached nodes": (memcached_nodes, memcached(2), []),
    "one redis node": (
        memcached_nodes,
        'aws.elasticache.Cluster("m", engine="redis", node_type="cache.m7g.large", num_cache_nodes=1)',
        [],
    ),
    "six replicas": (
        node_limits,
        group(num_cache_clusters="7"),
        ["6 replicas of a shard are more than the 5 that AWS makes: the update fails"],
    ),
    "too many nodes": (
        node_limits,
        group(num_node_groups="300", replicas_per_node_group="1"),
        ["600 nodes are more than the 500 that a cache may have: the update fails"],
    ),
    "as many as AWS makes": (node_limits, group(num_node_groups="250", replicas_per_node_group="1"), []),
    "an SSD unused": (
        data_tiering,
        group(node_type='"cache.r6gd.xlarge"'),
        ["cache.r6gd.xlarge has an SSD, which dataTieringEnabled alone makes use of"],
    ),
    "no SSD": (
        data_tiering,
        group(node_type='"cache.r7g.xlarge"', data_tiering_enabled="True"),
        ["cache.r7g.xlarge has no SSD for data tiering: the update fails"],
    ),
    "an SSD used": (data_tiering, group(node_type='"cache.r6gd.xlarge"', data_tiering_enabled="True"), []),
    "a minimum above the maximum": (
        serverless_limits_range,
        serverless('"minimum": 20, "maximum": 10', '"maximum": 5000'),
        ["the minimum 20 is above the maximum 10: the update fails"],
    ),
    "too few units": (
        serverless_limits_range,
        serverless('"maximum": 10', '"maximum": 500'),
        ["the maximum is 500, outside of AWS's 1000 to 15000000: the update fails"],
    ),
    "limits in order": (
        serverless_limits_range,
        serverless('"minimum": 1, "maximum": 10', '"minimum": 1000, "maximum": 1000'),
        [],
    ),
    "no room": (
        autoscaling_range,
        target(3, 3),
        ["minCapacity is 3 and maxCapacity 3: there is no room to scale"],
    ),
    "no replica": (
        autoscaling_range,
        target(0, 2, "Replicas"),
        ["minCapacity is 0: scaling in would leave none of the Replicas"],
    ),
    "too many replicas": (
        autoscaling_range,
        target(1, 9, "Replicas"),
        ["maxCapacity is 9, and AWS makes at most 5"],
    ),
    "room": (autoscaling_range, target(2, 6), []),
    "another service": (autoscaling_range, target(0, 0, service="ecs"), []),
    "a late target": (
        autoscaling_policy,
        policy(95),
        ["the target is 95 percent, outside of AWS's 35 to 70: the cache scales too late to help"],
    ),
    "an early target": (
        autoscaling_policy,
        policy(10),
        ["the target is 10 percent, outside of AWS's 35 to 70: the cache scales for nothing"],
    ),
    "a sound target": (autoscaling_policy, policy(50), []),
    "steps": (
        autoscaling_policy,
        'aws.appautoscaling.Policy("p", service_namespace="elasticache", resource_id="replication-group/s",'
        ' scalable_dimension="elasticache:replication-group:NodeGroups")',
        ["policyType is StepScaling, and ElastiCache follows TargetTrackingScaling"],
    ),
}


@pytest.mark.parametrize(("module", "text", "messages"), CASES.values(), ids=CASES)
def test_capacity(checked, found, module, text, messages):
    """What carries no production load, or what AWS refuses, is told; everything sound is silent."""
    assert [one.message for one in found(checked(text).graph, module.RULE)] == messages


@given(st.integers(1, 90), st.integers(0, 5), st.lists(st.integers(0, 5), max_size=5))
def test_the_shape_counts_every_node_once(shards, replicas, own):
    """Shards that say their own number of replicas count with it, the others with the group's."""
    values = {
        "numNodeGroups": max(shards, len(own)),
        "replicasPerNodeGroup": replicas,
        "nodeGroupConfigurations": [{"replicaCount": count} for count in own],
    }
    counts = [*own, *[replicas] * (max(shards, len(own)) - len(own))]
    found = shape(Resource("urn::a::b::s", REPLICATION_GROUP, values))
    assert found == Shape(len(counts), max(counts) + 1, sum(count + 1 for count in counts))
