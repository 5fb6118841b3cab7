# ruff: noqa: E501 - messages stand as they are printed
"""Shards that are described one by one: each with its own slots, replicas, zones and Outposts."""

from typing import Any

import pytest

import cachewright

CACHE: dict[str, Any] = {"node_type": "cache.r7g.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
OUTPOST = "arn:aws:outposts:us-east-1:111122223333:outpost/op-0123456789abcdef0"
RANGES = {2: ["0-8191", "8192-16383"], 3: ["0-5461", "5462-10922", "10923-16383"]}


def shards(*replicas: int, **more: Any) -> dict[str, Any]:
    """Return arguments with a shard for each number of replicas; what else is given goes to the last shard."""
    described: list[dict[str, Any]] = [
        {
            "node_group_id": f"{number:04}",
            "slots": slots,
            "replica_count": count,
            "primary_availability_zone": "us-east-1a",
            "replica_availability_zones": ["us-east-1b"] * count,
        }
        for number, (count, slots) in enumerate(zip(replicas, RANGES[len(replicas)], strict=True), start=1)
    ]
    described[-1].update(more)
    return {**CACHE, "num_node_groups": len(replicas), "node_group_configurations": described}


def group(recorder: Any) -> dict[str, Any]:
    """Return what the replication group was registered with."""
    return dict(recorder.resources["ReplicationGroup", "main-test"])


def test_each_shard_has_its_own_number_of_replicas(record: Any) -> None:
    """The provider is told no number for all; ids and alarms follow each shard."""

    def program() -> Any:
        cache = cachewright.ShardedReplicationGroup("main", shards(2, 1))  # type: ignore[arg-type]
        cache.alarm_on("arn:aws:sns:us-east-1:1:alerts")
        return cache.member_ids

    recorder, members = record(program)

    made = group(recorder)
    assert "replicasPerNodeGroup" not in made
    assert (made["numNodeGroups"], made["multiAzEnabled"], made["automaticFailoverEnabled"]) == (2, True, True)
    assert [one["replicaCount"] for one in made["nodeGroupConfigurations"]] == [2, 1]
    assert members == [
        "main-test-0001-001",
        "main-test-0001-002",
        "main-test-0001-003",
        "main-test-0002-001",
        "main-test-0002-002",
    ]
    alarms = [inputs for (kind, _), inputs in recorder.resources.items() if kind == "MetricAlarm"]
    assert {one["dimensions"]["CacheClusterId"] for one in alarms} == set(members)


def test_a_shard_without_replica_has_no_multi_az_by_default(record: Any) -> None:
    """Multi-AZ needs a replica in every shard; failover is always on in cluster mode."""
    recorder, _ = record(lambda: cachewright.ShardedReplicationGroup("main", shards(1, 0)).endpoint)  # type: ignore[arg-type]

    assert (group(recorder)["multiAzEnabled"], group(recorder)["automaticFailoverEnabled"]) == (False, True)


def test_one_number_for_all_may_be_told_too(record: Any) -> None:
    """It is what changes the running cache later."""
    arguments: Any = {**shards(1, 1), "replicas_per_node_group": 1}

    recorder, _ = record(lambda: cachewright.ShardedReplicationGroup("main", arguments).endpoint)

    assert group(recorder)["replicasPerNodeGroup"] == 1


def test_ids_are_those_of_the_shards(record: Any) -> None:
    """A shard may have another number than its place."""
    arguments: Any = shards(1, 0, node_group_id="0007")

    _, members = record(lambda: cachewright.ShardedReplicationGroup("main", arguments).member_ids)

    assert members == ["main-test-0001-001", "main-test-0001-002", "main-test-0007-001"]


def test_nodes_are_created_on_their_outposts(record: Any) -> None:
    """Each node's Outpost goes to AWS as it is given; other shards tell none."""
    arguments: Any = shards(1, 1, primary_outpost_arn=OUTPOST, replica_outpost_arns=[OUTPOST])

    recorder, _ = record(lambda: cachewright.ShardedReplicationGroup("main", arguments).endpoint)

    first, second = group(recorder)["nodeGroupConfigurations"]
    assert not {"primaryOutpostArn", "replicaOutpostArns"} & set(first)
    assert (second["primaryOutpostArn"], second["replicaOutpostArns"]) == (OUTPOST, [OUTPOST])


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            shards(1, 6),
            ["'node_group_configurations[1].replica_count' must be 0 to 5, got 6; use 1 or 2 in production"],
        ),
        (
            shards(-1, 1, replica_availability_zones=["us-east-1b"]),
            [
                "'node_group_configurations[0].replica_count' must be 0 to 5, got -1; use 1 or 2 in production",
                "'node_group_configurations[0].replica_availability_zones' must name as many zones as replica_count (-1), got 0; name the zone of each replica",
            ],
        ),
        (
            {**shards(2, 1), "replicas_per_node_group": 2},
            [
                "'node_group_configurations[1].replica_count' must be replicas_per_node_group (2), got 1; make the two agree, or leave replicas_per_node_group out"
            ],
        ),
        (
            {**shards(1, 0), "multi_az_enabled": True},
            [
                "'multi_az_enabled' must be False without a replica, got True with 0 replicas in shard '0002'; set its replica_count to 1 or more"
            ],
        ),
        (
            {**shards(0, 1), "durability": "sync", "engine_version": "9.0"},
            [
                "'durability' must be left out without a replica, got it with 0 replicas in shard '0001'; set its replica_count to 1 or more"
            ],
        ),
        (
            {**shards(2, 1), "automatic_failover_enabled": False},
            ["'automatic_failover_enabled' must be True in cluster mode, got False; AWS refuses it: leave it out"],
        ),
        (
            {**shards(5, 5, 3), "node_quota": 15},
            [
                "'num_node_groups' must be 15 nodes or fewer in all, got 16 (as they are described); use fewer shards or replicas, or set node_quota to what AWS has granted"
            ],
        ),
        (
            {**shards(2, 0), "autoscaling": {"minimum_replicas": 1, "maximum_replicas": 2}},
            [
                "'node_group_configurations[1].replica_count' must be 1 to 2 with its autoscaling, got 0; begin within the limits"
            ],
        ),
        (
            {**shards(2, 1), "node_quota": 8, "autoscaling": {"minimum_shards": 2, "maximum_shards": 3}},
            [
                "'autoscaling' must allow 8 nodes or fewer in all, got 9 (3 shards × 3 nodes); lower the maximum, or set node_quota to what AWS has granted"
            ],
        ),
        (
            shards(1, 1, primary_outpost_arn="op-1", replica_outpost_arns=["op-2"]),
            [
                f"'node_group_configurations[1].primary_outpost_arn' must be the ARN of an Outpost, got 'op-1'; write it like '{OUTPOST}'",
                f"'node_group_configurations[1].replica_outpost_arns[0]' must be the ARN of an Outpost, got 'op-2'; write it like '{OUTPOST}'",
            ],
        ),
        (
            shards(1, 1, replica_outpost_arns=[OUTPOST, OUTPOST]),
            [
                "'node_group_configurations[1].replica_outpost_arns' must name as many Outposts as replica_count (1), got 2; name the Outpost of each replica"
            ],
        ),
        (
            {
                **shards(1, 1, primary_outpost_arn=OUTPOST),
                "autoscaling": {"minimum_shards": 2, "maximum_shards": 3},
            },
            [
                "'autoscaling' must be left out on an Outpost, got it; set num_node_groups and replicas_per_node_group by hand"
            ],
        ),
    ],
)
def test_shards_that_cannot_be_are_refused(arguments: Any, lines: list[str]) -> None:
    """Each shard within AWS's limits, all together within the quota, and a replica wherever one is needed."""
    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.ShardedReplicationGroup("main", arguments)

    assert str(caught.value).splitlines() == [f"ShardedReplicationGroup 'main': {line}" for line in lines]
