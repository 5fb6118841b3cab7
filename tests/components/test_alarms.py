"""Whom the alarms of a cache tell, and which nodes have them."""

from typing import Any

import pulumi
import pytest

import cachewright

NETWORK: dict[str, Any] = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"], "tags": {"team": "a"}}
NODE: dict[str, Any] = {"node_type": "cache.r7g.large", **NETWORK}
WEST: dict[str, Any] = {"region": "us-west-2", "vpc_id": "vpc-9", "subnet_ids": ["subnet-9"]}
TOPIC = "arn:aws:sns:us-east-1:111122223333:on-call"
TOPIC_WEST = "arn:aws:sns:us-west-2:111122223333:on-call"
ALARMS_OF_A_NODE = 14


def alarms(recorder: Any) -> dict[str, dict[str, Any]]:
    """Return the alarms by name."""
    return {name: made for (kind, name), made in recorder.resources.items() if kind == "MetricAlarm"}


@pytest.mark.parametrize("topic", [TOPIC, pulumi.Output.from_input(TOPIC)], ids=["plain", "output"])
@pytest.mark.parametrize(
    ("component", "arguments", "watched"),
    [
        ("ReplicationGroup", NODE, {"main-test-001", "main-test-002"}),
        (
            "ShardedReplicationGroup",
            {**NODE, "num_node_groups": 2, "replicas_per_node_group": 0},
            {"main-test-0001-001", "main-test-0002-001"},
        ),
        ("MemcachedCluster", NODE, {"main-test"}),
        ("ServerlessCache", {**NETWORK, "engine": "memcached"}, {"main-test"}),
    ],
)
def test_the_alarms_of_every_kind_of_cache_tell_the_topic_that_is_given(
    record: Any, component: str, arguments: dict[str, Any], watched: set[str], topic: Any
) -> None:
    """The same alarms that `alarm_on` raises, tagged as the cache is."""
    made = getattr(cachewright, component)
    given, _ = record(lambda: made("main", {**arguments, "alarm_topic_arn": topic}).endpoint)

    def called() -> Any:
        cache = made("main", arguments)
        cache.alarm_on(TOPIC)
        return cache.endpoint

    asked, _ = record(called)

    assert alarms(given) == alarms(asked)
    assert {tuple(one["alarmActions"]) + tuple(one["okActions"]) for one in alarms(given).values()} == {(TOPIC, TOPIC)}
    assert {value for one in alarms(given).values() for value in one["dimensions"].values()} == watched
    assert all(one["tags"] == {"team": "a"} for one in alarms(given).values())


def test_without_a_topic_there_are_no_alarms(record: Any) -> None:
    """One that tells nobody costs money and wakes nobody."""
    recorder, _ = record(lambda: cachewright.ReplicationGroup("main", NODE).endpoint)  # type: ignore[arg-type]

    assert alarms(recorder) == {}


def test_alarms_are_raised_once(record: Any) -> None:
    """A second topic would need other alarms of the same names: it is refused before Pulumi tells of twins."""

    def program() -> Any:
        cache = cachewright.ReplicationGroup("main", {**NODE, "alarm_topic_arn": TOPIC})  # type: ignore[typeddict-item]
        cache.alarm_on(TOPIC)

    with pytest.raises(ValueError, match="alarm_on must be called once") as caught:
        record(program)

    assert str(caught.value) == (
        "ReplicationGroup 'main': alarm_on must be called once, and not beside alarm_topic_arn; subscribe everybody who"
        " is to be told to one topic"
    )


@pytest.mark.parametrize("topic", [TOPIC_WEST, pulumi.Output.from_input(TOPIC_WEST)], ids=["plain", "output"])
@pytest.mark.parametrize(
    ("secondary", "more", "watched"),
    [
        ({}, {}, ["001", "002"]),
        ({"num_cache_clusters": 3}, {}, ["001", "002", "003"]),
        ({}, {"sharded": True, "num_node_groups": 2}, ["0001-001", "0001-002", "0002-001", "0002-002"]),
        (
            {"replicas_per_node_group": 0},
            {"sharded": True, "num_node_groups": 2, "automatic_failover_enabled": False},
            ["0001-001", "0002-001"],
        ),
    ],
)
def test_a_secondary_has_alarms_in_its_own_region(
    record: Any, secondary: dict[str, Any], more: dict[str, Any], watched: list[str], topic: Any
) -> None:
    """Each node of it, with the thresholds of the node type that all members have."""
    arguments: Any = {
        "primary_replication_group_id": "orders",
        "node_type": "cache.r7g.large",
        "cache_node_type": "cache.r7g.2xlarge",
        "secondaries": [{**WEST, **secondary, "alarm_topic_arn": topic}],
        "tags": {"team": "a"},
        **more,
    }
    recorder, _ = record(lambda: cachewright.GlobalDatastore("orders", arguments).endpoints)

    made = alarms(recorder)
    assert len(made) == ALARMS_OF_A_NODE * len(watched)
    assert {one["dimensions"]["CacheClusterId"] for one in made.values()} == {
        f"orders-us-west-2-test-{one}" for one in watched
    }
    assert {(one["region"], *one["alarmActions"], one["tags"]["team"]) for one in made.values()} == {
        ("us-west-2", TOPIC_WEST, "a")
    }
    # 90 % of one of eight processors.
    assert made["orders-us-west-2-001-cpu-test"]["threshold"] == 11.25
