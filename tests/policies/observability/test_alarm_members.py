"""Which nodes of a cache have alarms."""

from __future__ import annotations

import pytest

from cachewright_policies.observability.alarm_members import RULE
from cachewright_policies.tokens import CLUSTER, METRIC_ALARM, REPLICATION_GROUP
from cachewright_policies.values import UNKNOWN

FLAT = (REPLICATION_GROUP, "g", {"replicationGroupId": "g", "engine": "redis", "numCacheClusters": 3})
SHARDED = (
    REPLICATION_GROUP,
    "g",
    {"replicationGroupId": "g", "engine": "redis", "numNodeGroups": 3, "replicasPerNodeGroup": 2},
)
MEMCACHED = (CLUSTER, "m", {"clusterId": "m", "engine": "memcached", "numCacheNodes": 3})


def alarm(metric="Evictions", edges=None, **dimensions):
    """An alarm on a metric by its dimensions."""
    given = {"namespace": "AWS/ElastiCache", "metricName": metric, "dimensions": dimensions}
    return (METRIC_ALARM, f"{metric} {dimensions}", given, edges or {})


def of(*members, metric="Evictions"):
    """Alarms on members of the group."""
    return [alarm(metric, CacheClusterId=f"g-{one}") for one in members]


ALL = [f"000{shard}-00{node}" for shard in (1, 2, 3) for node in (1, 2, 3)]


@pytest.mark.parametrize(
    ("cache", "alarms", "expected"),
    [
        (FLAT, of("001", "002", "003"), []),
        (FLAT, of("001", "002"), ["g"]),
        (FLAT, of("001", "003"), ["g"]),
        (FLAT, of("001"), []),
        (FLAT, of("002", "003"), []),
        (FLAT, [], []),
        (FLAT, [*of("001", "002", "003"), *of("001", "002", metric="SwapUsage")], ["g"]),
        (FLAT, [*of("001", "002"), *of("001", "003", metric="SwapUsage")], ["g", "g"]),
        (FLAT, [*of("001", "002"), alarm(edges={"dimensions": ["g"]}, CacheClusterId=UNKNOWN)], []),
        (SHARDED, of(*ALL), []),
        (SHARDED, of(*ALL[:6]), ["g"]),
        (SHARDED, of(*ALL[:8]), ["g"]),
        (SHARDED, of("0001-001", "0002-001", "0003-001"), []),
        (SHARDED, of("0001-001", "0002-001"), ["g"]),
        (SHARDED, of("0001-001"), []),
        (SHARDED, of(*(one for one in ALL if not one.endswith("-001"))), []),
        (MEMCACHED, [alarm(CacheClusterId="m", CacheNodeId=f"000{node}") for node in (1, 2, 3)], []),
        (MEMCACHED, [alarm(CacheClusterId="m", CacheNodeId=f"000{node}") for node in (1, 2)], ["m"]),
        (MEMCACHED, [alarm(CacheClusterId="m")], []),
    ],
)
def test_a_metric_is_watched_on_every_node_or_on_a_chosen_few(verdicts, cache, alarms, expected):
    """One node, one of each shard, or the replicas are a choice; all but one are not."""
    assert verdicts(RULE, cache, *alarms) == expected


def test_no_more_nodes_are_named_than_one_reads(checked, found):
    """Of eight nodes without an alarm, three."""
    program = checked(
        """
        aws.elasticache.ReplicationGroup(
            "g", replication_group_id="g", description="G", engine="redis", num_node_groups=5, replicas_per_node_group=1
        )
        for member in ("g-0001-001", "g-0001-002"):
            for metric in ("Evictions", "SwapUsage"):
                aws.cloudwatch.MetricAlarm(
                    f"{member}-{metric}", namespace="AWS/ElastiCache", metric_name=metric, period=60, threshold=0,
                    dimensions={"CacheClusterId": member}, comparison_operator="GreaterThanThreshold",
                    evaluation_periods=1, statistic="Sum",
                )
        aws.cloudwatch.MetricAlarm(
            "g-0002-001-Evictions", namespace="AWS/ElastiCache", metric_name="Evictions", period=60, threshold=0,
            dimensions={"CacheClusterId": "g-0002-001"}, comparison_operator="GreaterThanThreshold",
            evaluation_periods=1, statistic="Sum",
        )
        """
    )
    assert [one.message for one in found(program.graph, RULE)] == [
        "no alarm watches Evictions of g-0002-002, g-0003-001, g-0003-002 and 4 more nodes, though other nodes of g are"
        " watched: trouble there is seen by nobody"
    ]


def test_a_search_may_watch_every_node(verdicts):
    """What an expression finds is not counted."""
    search = {"metricQueries": [{"id": "e", "expression": "SEARCH('{AWS/ElastiCache,CacheClusterId} g-', 'Maximum')"}]}
    assert verdicts(RULE, FLAT, *of("001", "002"), (METRIC_ALARM, "search", search)) == []


def test_a_cache_whose_nodes_are_not_known_is_undecided(verdicts):
    """Their number is."""
    unknown = (REPLICATION_GROUP, "g", {**FLAT[2], "numCacheClusters": UNKNOWN})
    assert verdicts(RULE, unknown, *of("001", "002")) == ["g.numCacheClusters?"]
