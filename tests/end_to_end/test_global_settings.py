"""A global datastore that scales its members, and a secondary with settings of its own, through the real command."""

from typing import Any

PROGRAM = '''\
"""A sharded cache in two regions."""

import pulumi
from pulumi_aws import ec2

import cachewright


def place(region: str, network: int) -> dict[str, object]:
    """Return a network of two zones."""
    vpc = ec2.Vpc(f"network-{region}", cidr_block=f"10.{network}.0.0/16", region=region)
    subnets = [
        ec2.Subnet(
            f"private-{region}{letter}",
            availability_zone=f"{region}{letter}",
            cidr_block=f"10.{network}.{number}.0/24",
            region=region,
            vpc_id=vpc.id,
        )
        for number, letter in enumerate("ab")
    ]
    return {"vpc_id": vpc.id, "subnet_ids": [subnet.id for subnet in subnets]}


primary = cachewright.ShardedReplicationGroup(
    "orders",
    {**place("us-east-1", 0), "node_type": "cache.r7g.large", "engine_version": "8.1", "num_node_groups": 2},
    pulumi.ResourceOptions(
        # What the global datastore changes on every member is not the primary's to change back.
        transforms=[
            lambda one: pulumi.ResourceTransformResult(
                one.props,
                pulumi.ResourceOptions.merge(
                    one.opts, pulumi.ResourceOptions(ignore_changes=["engineVersion", "nodeType", "numNodeGroups"])
                ),
            )
            if one.type_ == "aws:elasticache/replicationGroup:ReplicationGroup"
            else None
        ]
    ),
)
west = {
    **place("us-west-2", 1),
    "region": "us-west-2",
    "replicas_per_node_group": 2,
    "port": 6380,
    "allowed_cidr_blocks": ["10.1.0.0/16"],
    "log_types": ["slow-log"],
    "final_snapshot_identifier": "orders-west-last",
    "auto_minor_version_upgrade": False,
}
settings = SETTINGS
both = cachewright.GlobalDatastore.of("orders", primary, [west], settings=settings, primary_region="us-east-1")
pulumi.export("primary_id", primary.replication_group_id)
pulumi.export("secondary_id", both.secondaries["us-west-2"].replication_group_id)
'''
SCALED = {"cache_node_type": "cache.r7g.xlarge", "engine_version": "8.2", "num_node_groups": 3}


def test_members_are_scaled_by_their_global_datastore_and_stay_so(workplace: Any) -> None:
    """One change of the global resource reaches every region; up and refresh then find nothing to change."""
    workplace.write_program(PROGRAM.replace("SETTINGS", "None"))
    events = workplace.events("up", "--stack", "dev", "--yes")
    exported = next(one["outputs"] for one in events if one["event"] == "outputs")
    assert workplace.changes("up", "--stack", "dev", "--yes") == {}

    workplace.write_program(PROGRAM.replace("SETTINGS", repr(SCALED)))
    assert workplace.changes("up", "--stack", "dev", "--yes").keys() == {"orders"}

    for region, member, replicas, port in (
        ("us-east-1", "primary_id", 1, 6379),
        ("us-west-2", "secondary_id", 2, 6380),
    ):
        cache = workplace.client("elasticache", region)
        answer = cache.describe_replication_groups(ReplicationGroupId=exported[member])
        group = answer["ReplicationGroups"][0]
        assert (group["CacheNodeType"], len(group["NodeGroups"])) == ("cache.r7g.xlarge", 3), region
        assert {len(one["NodeGroupMembers"]) - 1 for one in group["NodeGroups"]} == {replicas}, region
        assert group["ConfigurationEndpoint"]["Port"] == port, region
        node = cache.describe_cache_clusters(CacheClusterId=group["MemberClusters"][0])["CacheClusters"][0]
        assert node["EngineVersion"].startswith("8.2"), region
    assert [one["LogType"] for one in group["LogDeliveryConfigurations"]] == ["slow-log"]
    assert group["AutoMinorVersionUpgrade"] is False

    workplace.ok("refresh", "--stack", "dev", "--yes")
    assert workplace.changes("up", "--stack", "dev", "--yes") == {}
    assert workplace.counts("destroy", "--stack", "dev", "--yes") == {"delete": events[-1]["counts"]["create"]}
    snapshots = workplace.client("elasticache", "us-west-2").describe_snapshots()["Snapshots"]
    assert [one["SnapshotName"] for one in snapshots] == ["orders-west-last"]
