"""A name of its own for a cache and shards that follow the load, through the real command and the real API."""

from typing import Any

import pytest

PROGRAM = '''\
"""A cache with a name of its own, and one whose shards follow the load."""

import pulumi
from pulumi_aws import ec2, route53

import cachewright

network = ec2.Vpc("network", cidr_block="10.0.0.0/16")
subnets = [
    ec2.Subnet(
        f"private-{letter}",
        availability_zone=f"us-east-1{letter}",
        cidr_block=f"10.0.{number}.0/24",
        vpc_id=network.id,
    )
    for number, letter in enumerate("ab")
]
place = {"vpc_id": network.id, "subnet_ids": [subnet.id for subnet in subnets]}
zone = route53.Zone(
    "internal", name="internal.example.com", vpcs=[route53.ZoneVpcArgs(vpc_id=network.id)], force_destroy=False
)
main = cachewright.ReplicationGroup(
    "main",
    {
        **place,
        "node_type": "cache.t4g.small",
        "dns_zone_id": zone.zone_id,
        "dns_name": "cache.internal.example.com",
    },
)
orders = cachewright.ShardedReplicationGroup(
    "orders",
    {
        **place,
        "node_type": "cache.r7g.large",
        "num_node_groups": 2,
        "autoscaling": {
            "minimum_shards": 2,
            "maximum_shards": 4,
            "minimum_replicas": 1,
            "maximum_replicas": 2,
            "shard_metric": "memory",
            "target_percent": 50,
            "scale_in_cooldown_seconds": 900,
        },
    },
)
pulumi.export("zone_id", zone.zone_id)
pulumi.export("endpoint", main.endpoint)
pulumi.export("group_id", orders.replication_group_id)
'''


@pytest.fixture
def place(workplace: Any) -> Any:
    """Return a workplace whose program is the one above."""
    workplace.write_program(PROGRAM)
    return workplace


def outputs(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the program exports, as an update tells it."""
    return next(dict(one["outputs"]) for one in events if one["event"] == "outputs")


def changes(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps at which something differed."""
    return [one for one in events if one["event"] == "resource-end" and one.get("diff")]


def test_a_record_and_scaling_come_up_stay_and_go(place: Any) -> None:
    """The record points at the endpoint, the policies scale the group; a second up changes nothing."""
    events = place.events("up", "--stack", "dev", "--yes")
    made = events[-1]["counts"]["create"]
    exported = outputs(events)
    dns, scaling = place.client("route53"), place.client("application-autoscaling")

    sets = dns.list_resource_record_sets(HostedZoneId=exported["zone_id"])["ResourceRecordSets"]
    records = {(one["Name"], one["Type"]): one for one in sets}
    record = records["cache.internal.example.com.", "CNAME"]
    assert (record["TTL"], record["ResourceRecords"]) == (60, [{"Value": exported["endpoint"]}])

    group = f"replication-group/{exported['group_id']}"
    targets = scaling.describe_scalable_targets(ServiceNamespace="elasticache")["ScalableTargets"]
    assert {
        (one["ResourceId"], one["ScalableDimension"], one["MinCapacity"], one["MaxCapacity"]) for one in targets
    } == {
        (group, "elasticache:replication-group:NodeGroups", 2, 4),
        (group, "elasticache:replication-group:Replicas", 1, 2),
    }
    policies = scaling.describe_scaling_policies(ServiceNamespace="elasticache")["ScalingPolicies"]
    assert {one["PolicyType"] for one in policies} == {"TargetTrackingScaling"}
    tracked = {one["ScalableDimension"]: one["TargetTrackingScalingPolicyConfiguration"] for one in policies}
    assert tracked == {
        "elasticache:replication-group:NodeGroups": {
            "TargetValue": 50.0,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage"
            },
            "ScaleInCooldown": 900,
        },
        "elasticache:replication-group:Replicas": {
            "TargetValue": 50.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ElastiCacheReplicaEngineCPUUtilization"},
            "ScaleInCooldown": 900,
        },
    }

    for command in ("up", "refresh"):
        again = place.events(command, "--stack", "dev", "--yes")
        assert changes(again) == []
        assert again[-1]["counts"] == {"same": made}
    assert place.counts("destroy", "--stack", "dev", "--yes") == {"delete": made}

    assert dns.list_hosted_zones()["HostedZones"] == []
    assert scaling.describe_scalable_targets(ServiceNamespace="elasticache")["ScalableTargets"] == []
    assert scaling.describe_scaling_policies(ServiceNamespace="elasticache")["ScalingPolicies"] == []
    assert place.names_at_the_api() == {"us-east-1": [], "us-west-2": []}


def test_what_scaling_changed_is_not_changed_back(place: Any) -> None:
    """The number of shards is autoscaling's: the next up leaves it, although the program says another one."""
    exported = outputs(place.events("up", "--stack", "dev", "--yes"))
    cache = place.client("elasticache")
    group_id = exported["group_id"]
    cache.modify_replication_group_shard_configuration(
        ReplicationGroupId=group_id, NodeGroupCount=3, ApplyImmediately=True
    )

    place.ok("refresh", "--stack", "dev", "--yes")
    again = place.events("up", "--stack", "dev", "--yes")

    assert changes(again) == []
    group = cache.describe_replication_groups(ReplicationGroupId=group_id)["ReplicationGroups"][0]
    assert len(group["NodeGroups"]) == 3
