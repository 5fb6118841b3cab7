"""What the two kinds of replication group register beyond their defaults."""

import json
from typing import Any

import pulumi
import pytest

import cachewright

CACHE: Any = {
    "node_type": "cache.r7g.large",
    "engine_version": "8.1",
    "vpc_id": "vpc-1",
    "subnet_ids": ["subnet-1", "subnet-2"],
}
SECRET = "4dabf18193072939515e22adb298388d"


def one(recorder: Any, kind: str) -> tuple[str, dict[str, Any]]:
    """Return name and inputs of the only resource of a kind that is not a component."""
    (found,) = [(name, inputs) for (type_, name), inputs in recorder.resources.items() if type_ == kind and inputs]
    return found


def test_the_secret_holds_all_that_a_client_needs(record: Any) -> None:
    """Token, endpoint and port, and it is a secret in the state, too."""
    recorder, _ = record(lambda: cachewright.ReplicationGroup("main", CACHE).secret_arn)

    kept = one(recorder, "SecretVersion")[1]["secretString"]
    assert kept[SECRET] == "1b47061264138c4ac30d75fd1eb44270"
    assert json.loads(kept["value"]) == {"token": "r" * 64, "endpoint": "master.main-test", "port": 6379}


def test_a_write_only_token_makes_no_secret(record: Any) -> None:
    """It is the program's own; the version is what Pulumi sees change."""
    recorder, url = record(
        lambda: (
            cachewright.ReplicationGroup(
                "main", {**CACHE, "auth_token_wo": "abcdefgh12345678", "auth_token_wo_version": 2}
            ).url_template
        )
    )

    inputs = one(recorder, "ReplicationGroup")[1]
    assert inputs["authTokenWo"] == {SECRET: "1b47061264138c4ac30d75fd1eb44270", "value": "abcdefgh12345678"}
    assert (inputs["authTokenWoVersion"], inputs["authTokenUpdateStrategy"]) == (2, "ROTATE")
    assert not {"Secret", "SecretVersion", "RandomPassword"} & {kind for kind, _ in recorder.resources}
    assert url == "rediss://:{token}@master.main-test:6379"


def test_data_tiering_follows_a_node_type_that_is_an_output(record: Any) -> None:
    """AWS refuses r6gd nodes without it."""
    node_type = "cache.r6gd.xlarge"
    recorder, _ = record(
        lambda: cachewright.ReplicationGroup("main", {**CACHE, "node_type": pulumi.Output.from_input(node_type)}).arn
    )

    inputs = one(recorder, "ReplicationGroup")[1]
    assert (inputs["nodeType"], inputs["dataTieringEnabled"]) == (node_type, True)


def test_the_way_to_cluster_mode_takes_a_second_parameter_group(record: Any) -> None:
    """`cluster-enabled` cannot change in a group that is in use."""
    recorder, _ = record(lambda: cachewright.ReplicationGroup("main", {**CACHE, "cluster_mode": "compatible"}).arn)

    name, inputs = one(recorder, "ParameterGroup")
    assert (name, inputs["parameters"]) == (
        "main-test-valkey8-cluster",
        [{"name": "cluster-enabled", "value": "yes"}],
    )
    assert one(recorder, "ReplicationGroup")[1]["clusterMode"] == "compatible"


def test_a_record_points_at_the_endpoint(record: Any) -> None:
    """Only where it is asked for."""
    recorder, _ = record(
        lambda: (
            cachewright.ReplicationGroup("main", {**CACHE, "dns_zone_id": "Z1", "dns_name": "cache.example.com"}).arn
        )
    )

    assert one(recorder, "Record") == (
        "main-dns",
        {"name": "cache.example.com", "records": ["master.main-test"], "ttl": 60, "type": "CNAME", "zoneId": "Z1"},
    )


def test_an_existing_subnet_group_may_be_an_output(record: Any) -> None:
    """Another stack's, for one; then none is made."""
    arguments = {
        "node_type": "cache.r7g.large",
        "vpc_id": "vpc-1",
        "existing_subnet_group_name": pulumi.Output.from_input("shared"),
    }
    recorder, _ = record(lambda: cachewright.ReplicationGroup("main", arguments).arn)  # type: ignore[typeddict-item]

    assert "SubnetGroup" not in {kind for kind, _ in recorder.resources}
    assert one(recorder, "ReplicationGroup")[1]["subnetGroupName"] == "shared"


def test_each_role_is_granted_by_a_policy_of_its_own(record: Any) -> None:
    """The cache and the account's users, or those that are named."""

    def program() -> Any:
        cache = cachewright.ReplicationGroup("main", CACHE)
        first = cache.grant_connect("orders")
        cache.grant_connect("billing", ["arn:aws:elasticache:us-east-1:1:user:billing"])
        return first.policy

    recorder, _ = record(program)

    policies = {name: inputs for (kind, name), inputs in recorder.resources.items() if kind == "RolePolicy"}
    assert {name: inputs["role"] for name, inputs in policies.items()} == {
        "main-connect-test": "orders",
        "main-connect-2-test": "billing",
    }
    (statement,) = json.loads(policies["main-connect-2-test"]["policy"])["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": ["elasticache:Connect"],
        "Resource": [
            "arn:aws:mock:us-east-1:123456789012:main-test",
            "arn:aws:elasticache:us-east-1:1:user:billing",
        ],
    }


def test_shards_that_are_described_are_created_so(record: Any) -> None:
    """Each with its slots and zones."""
    shards = [
        {
            "node_group_id": f"000{index}",
            "slots": slots,
            "replica_count": 1,
            "primary_availability_zone": "us-east-1a",
            "replica_availability_zones": ["us-east-1b"],
        }
        for index, slots in ((1, "0-8191"), (2, "8192-16383"))
    ]
    recorder, members = record(
        lambda: (
            cachewright.ShardedReplicationGroup(
                "main",
                {**CACHE, "num_node_groups": 2, "node_group_configurations": shards},
            ).member_ids
        )
    )

    assert one(recorder, "ReplicationGroup")[1]["nodeGroupConfigurations"] == [
        {
            "nodeGroupId": one_["node_group_id"],
            "slots": one_["slots"],
            "replicaCount": 1,
            "primaryAvailabilityZone": "us-east-1a",
            "replicaAvailabilityZones": ["us-east-1b"],
        }
        for one_ in shards
    ]
    assert members == [f"main-test-000{shard}-00{node}" for shard in (1, 2) for node in (1, 2)]


@pytest.mark.parametrize(
    ("node_type", "shard_metric", "expected"),
    [
        ("cache.r7g.large", None, "ElastiCachePrimaryEngineCPUUtilization"),
        ("cache.r7g.large", "memory", "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage"),
        ("cache.r6gd.xlarge", "memory", "ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage"),
    ],
)
def test_shards_and_replicas_follow_the_load(
    record: Any, node_type: str, shard_metric: str | None, expected: str
) -> None:
    """A target and a tracking policy for each that has limits."""
    limits: Any = {"minimum_shards": 2, "maximum_shards": 6, "minimum_replicas": 1, "maximum_replicas": 3}
    arguments = {
        **CACHE,
        "node_type": node_type,
        "num_node_groups": 3,
        "autoscaling": {**limits, "target_percent": 50, "shard_metric": shard_metric},
    }
    recorder, _ = record(lambda: cachewright.ShardedReplicationGroup("main", arguments).arn)

    targets = {name: inputs for (kind, name), inputs in recorder.resources.items() if kind == "Target"}
    assert targets == {
        f"main-{kind}": {
            "maxCapacity": high,
            "minCapacity": low,
            "resourceId": "replication-group/main-test",
            "scalableDimension": f"elasticache:replication-group:{dimension}",
            "serviceNamespace": "elasticache",
        }
        for kind, dimension, low, high in (("shards", "NodeGroups", 2, 6), ("replicas", "Replicas", 1, 3))
    }
    policies = {name: inputs for (kind, name), inputs in recorder.resources.items() if kind == "Policy"}
    assert {
        name: (
            inputs["policyType"],
            inputs["targetTrackingScalingPolicyConfiguration"]["predefinedMetricSpecification"]["predefinedMetricType"],
            inputs["targetTrackingScalingPolicyConfiguration"]["targetValue"],
        )
        for name, inputs in policies.items()
    } == {
        "main-shards-test": ("TargetTrackingScaling", expected, 50),
        "main-replicas-test": ("TargetTrackingScaling", "ElastiCacheReplicaEngineCPUUtilization", 50),
    }


def test_enums_and_text_mean_the_same(record: Any) -> None:
    """What reaches the provider is text."""
    recorder, _ = record(
        lambda: (
            cachewright.ReplicationGroup(
                "main",
                {
                    **CACHE,
                    "engine": cachewright.Engine.REDIS,
                    "engine_version": "7.1",
                    "log_types": [cachewright.LogType.SLOW_LOG],
                    "network_type": cachewright.NetworkType.IPV4,
                },
            ).arn
        )
    )

    inputs = one(recorder, "ReplicationGroup")[1]
    assert (inputs["engine"], inputs["networkType"], inputs["logDeliveryConfigurations"]) == (
        "redis",
        "ipv4",
        [
            {
                "destination": "main-slow-log-test",
                "destinationType": "cloudwatch-logs",
                "logFormat": "json",
                "logType": "slow-log",
            }
        ],
    )
