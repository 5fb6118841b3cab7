"""Shards with different numbers of replicas, through the real command and the real API."""

from typing import Any

PROGRAM = '''\
"""A cache whose shards are described one by one."""

import pulumi
from pulumi_aws import ec2

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
hot, cold = "us-east-1a", "us-east-1b"
orders = cachewright.ShardedReplicationGroup(
    "orders",
    {
        "vpc_id": network.id,
        "subnet_ids": [subnet.id for subnet in subnets],
        "node_type": "cache.r7g.large",
        "num_node_groups": 3,
        "node_group_configurations": [
            {
                "node_group_id": f"{number:04}",
                "slots": slots,
                "replica_count": replicas,
                "primary_availability_zone": hot,
                "replica_availability_zones": [cold] * replicas,
            }
            for number, slots, replicas in ((1, "0-99", 3), (2, "100-8191", 1), (3, "8192-16383", 2))
        ],
    },
)
pulumi.export("group_id", orders.replication_group_id)
pulumi.export("member_ids", orders.member_ids)
'''


def test_each_shard_comes_up_with_its_own_replicas_and_stays_so(workplace: Any) -> None:
    """As many as each says, in its slots and zones; a second up, and one after a refresh, change nothing."""
    workplace.write_program(PROGRAM)
    events = workplace.events("up", "--stack", "dev", "--yes")
    exported = next(one["outputs"] for one in events if one["event"] == "outputs")

    cache = workplace.client("elasticache")
    group = cache.describe_replication_groups(ReplicationGroupId=exported["group_id"])["ReplicationGroups"][0]
    assert {
        one["NodeGroupId"]: (one["Slots"], [node["PreferredAvailabilityZone"] for node in one["NodeGroupMembers"]])
        for one in group["NodeGroups"]
    } == {
        "0001": ("0-99", ["us-east-1a", "us-east-1b", "us-east-1b", "us-east-1b"]),
        "0002": ("100-8191", ["us-east-1a", "us-east-1b"]),
        "0003": ("8192-16383", ["us-east-1a", "us-east-1b", "us-east-1b"]),
    }
    assert sorted(exported["member_ids"]) == sorted(group["MemberClusters"])
    assert group["MultiAZ"] == "enabled"

    for command in ("up", "refresh", "up"):
        assert workplace.changes(command, "--stack", "dev", "--yes") == {}
    assert workplace.counts("destroy", "--stack", "dev", "--yes") == {"delete": events[-1]["counts"]["create"]}
