"""The alarms that AWS recommends, made for each of a cache's nodes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from cachewright.catalog import alarms, members, metrics, node_types
from cachewright.naming import physical

Node = tuple[str, Mapping[str, pulumi.Input[str]]]
"""What tells a node's alarms from the others' in their names, and the dimensions of its metrics."""


def make_alarms(
    parent: pulumi.Resource,
    name: str,
    topic_arn: pulumi.Input[str],
    nodes: Sequence[Node],
    *,
    kind: str,
    facts: Mapping[str, float],
    region: Any,
    tags: Any,
) -> Sequence[cloudwatch.MetricAlarm]:
    """Create the alarms whose thresholds follow from what is known of a cache, and return them.

    Args:
        parent: The component.
        name: What the cache is called in the program.
        topic_arn: The topic that is told when an alarm goes off, and when it is over.
        nodes: The cache's nodes.
        kind: The engine, or `serverless`.
        facts: What the thresholds' formulas name.
        region: The cache's region.
        tags: Tags for each alarm.
    """
    recommended = [
        (alarm, threshold)
        for alarm in alarms.recommended(kind)
        if (threshold := _threshold(alarm, facts)) is not None
        # A node alone has no replica that could lag.
        and not (alarm.name == "replication-lag" and len(nodes) == 1)
    ]
    return [
        cloudwatch.MetricAlarm(
            physical(f"{name}{label}-{alarm.name}"),
            alarm_actions=[topic_arn],
            alarm_description=f"ElastiCache {name}: {alarm.description}",
            comparison_operator=alarm.comparison_operator,
            dimensions=dimensions,
            evaluation_periods=alarm.evaluation_periods,
            metric_name=alarm.metric,
            namespace=metrics.NAMESPACE,
            ok_actions=[topic_arn],
            period=alarm.period,
            region=region,
            statistic=alarm.statistic,
            tags=tags,
            threshold=threshold,
            treat_missing_data=alarm.treat_missing_data,
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for alarm, threshold in recommended
        for label, dimensions in nodes
    ]


def member_ids(
    replication_group_id: pulumi.Output[str], *, sharded: bool, replicas: Mapping[str, int]
) -> tuple[pulumi.Output[Sequence[str]], Sequence[pulumi.Output[str]]]:
    """Return the ids of a replication group's members, as one Output and as one for each.

    Args:
        replication_group_id: The group's id.
        sharded: Whether it is in cluster mode.
        replicas: How many replicas each shard has, by the shard's id.
    """
    ids = replication_group_id.apply(lambda one: members.member_ids(one, cluster_mode=sharded, replicas=replicas))
    count = sum(1 + one for one in replicas.values())
    each = [ids.apply(lambda every, index=index: every[index]) for index in range(count)]  # type: ignore[misc]
    return ids.apply(list), each


def member_nodes(ids: Iterable[pulumi.Input[str]]) -> Sequence[Node]:
    """Return the nodes that have these ids."""
    return [(f"-{index:03}", {"CacheClusterId": one}) for index, one in enumerate(ids, start=1)]


def node_type_facts(name: object) -> Mapping[str, float]:
    """Return what the thresholds need of a node type; nothing of one that is not known yet."""
    node_type = node_types.find(name) if isinstance(name, str) else None
    return {"vcpu": node_type.vcpu, "max_connections": node_type.max_connections} if node_type else {}


def _threshold(alarm: alarms.Alarm, facts: Mapping[str, float]) -> float | None:
    try:
        return alarm.threshold_for(facts)
    except ValueError:
        # The formula names something that is not known of this cache, such as a limit that was not set.
        return None
