"""Two caches of one kind, and the alarm that one of them lacks."""

from __future__ import annotations

import pytest

from cachewright_policies.lifecycle.consistency import RULE
from cachewright_policies.tokens import METRIC_ALARM, REPLICATION_GROUP

ALL = ("EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections")


def cache(name, engine="valkey"):
    """A replication group."""
    return (REPLICATION_GROUP, name, {"replicationGroupId": name, "engine": engine, "numCacheClusters": 1})


def alarms(name, *metrics):
    """Alarms on its one node."""
    return [
        (
            METRIC_ALARM,
            f"{name}-{metric}",
            {"namespace": "AWS/ElastiCache", "metricName": metric, "dimensions": {"CacheClusterId": f"{name}-001"}},
        )
        for metric in metrics
    ]


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        (ALL, []),
        (ALL[:3], ["b"]),
        (ALL[:2], []),
        ((), []),
        ((*ALL[:3], "SwapUsage"), ["a", "b"]),
    ],
    ids=["the same", "one fewer", "two fewer", "none, which is another rule's", "another one"],
)
def test_one_alarm_that_only_the_other_has_was_forgotten(verdicts, watched, expected):
    """More than one is a choice."""
    assert verdicts(RULE, cache("a"), *alarms("a", *ALL), cache("b"), *alarms("b", *watched)) == expected


def test_with_little_in_common_they_are_watched_for_different_things(verdicts):
    """One shared metric is no custom."""
    assert verdicts(RULE, cache("a"), *alarms("a", *ALL[:2]), cache("b"), *alarms("b", ALL[0])) == []
