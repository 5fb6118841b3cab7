"""Alarms on more than there is."""

from __future__ import annotations

import pytest

from cachewright_policies.observability.alarm_capacity import RULE
from cachewright_policies.tokens import CLUSTER, METRIC_ALARM, REPLICATION_GROUP, SERVERLESS_CACHE
from cachewright_policies.values import UNKNOWN

LIMITS = {"dataStorage": {"maximum": 10, "unit": "GB"}, "ecpuPerSeconds": [{"maximum": 5000}]}
SERVERLESS = (SERVERLESS_CACHE, "s", {"name": "s", "engine": "valkey", "cacheUsageLimits": LIMITS})
UNLIMITED = (SERVERLESS_CACHE, "s", {"name": "s", "engine": "valkey"})
# 13.07 GiB a node.
NODES = (REPLICATION_GROUP, "g", {"replicationGroupId": "g", "engine": "redis", "nodeType": "cache.r7g.large"})
MEMCACHED = (CLUSTER, "m", {"clusterId": "m", "engine": "memcached", "nodeType": "cache.r7g.large"})


def alarm(metric, threshold, statistic="Average", comparison="GreaterThanThreshold", **dimensions):
    """An alarm on a metric."""
    values = {
        "namespace": "AWS/ElastiCache",
        "metricName": metric,
        "dimensions": dimensions or {"clusterId": "s"},
        "comparisonOperator": comparison,
        "statistic": statistic,
        "period": 60,
        "threshold": threshold,
    }
    return (METRIC_ALARM, "a", values)


WRONG = ["a.threshold"]
LESS = "LessThanThreshold"
NODE = {"CacheClusterId": "g-001"}


@pytest.mark.parametrize(
    ("cache", "given", "expected"),
    [
        (SERVERLESS, alarm("BytesUsedForCache", 8 * 1000**3), []),
        (SERVERLESS, alarm("BytesUsedForCache", 20 * 1000**3), WRONG),
        (SERVERLESS, alarm("BytesUsedForCache", 20 * 1000**3, comparison=LESS), []),
        (UNLIMITED, alarm("BytesUsedForCache", 20 * 1000**3), []),
        (SERVERLESS, alarm("ElastiCacheProcessingUnits", 240_000, "Sum"), []),
        (SERVERLESS, alarm("ElastiCacheProcessingUnits", 300_001, "Sum"), WRONG),
        (SERVERLESS, alarm("BytesUsedForCache", UNKNOWN), []),
        (NODES, alarm("FreeableMemory", 1024**3, comparison=LESS, **NODE), []),
        (NODES, alarm("FreeableMemory", 14 * 1024**3, comparison=LESS, **NODE), WRONG),
        (NODES, alarm("BytesUsedForCache", 14 * 1024**3, **NODE), WRONG),
        (NODES, alarm("BytesUsedForCache", 10 * 1024**3, **NODE), []),
        (NODES, alarm("NetworkBytesIn", 14 * 1024**3, **NODE), []),
        ((*NODES[:2], {**NODES[2], "nodeType": UNKNOWN}), alarm("BytesUsedForCache", 14 * 1024**3, **NODE), []),
        (MEMCACHED, alarm("BytesUsedForCacheItems", 14 * 1024**3, CacheClusterId="m"), WRONG),
    ],
)
def test_a_threshold_lies_within_what_the_cache_has(verdicts, cache, given, expected):
    """The memory of a node, or the limits of a serverless cache."""
    assert verdicts(RULE, cache, given) == expected
