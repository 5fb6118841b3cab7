"""TestFailover."""

from datetime import timedelta

import pytest

from cachewright_offline.cloud.clock import CLOCK

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "valkey",
    "EngineVersion": "8.1",
    "CacheNodeType": "cache.t4g.micro",
}


def roles(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return {node["CacheClusterId"]: node["CurrentRole"] for node in group["NodeGroups"][0]["NodeGroupMembers"]}


def test_failover(elasticache):
    """A replica becomes the primary, the primary a replica, and the events tell the steps that AWS documents."""
    elasticache.create_replication_group(**GROUP, NumCacheClusters=3, AutomaticFailoverEnabled=True)
    answer = elasticache.test_failover(ReplicationGroupId="MAIN", NodeGroupId="0001")["ReplicationGroup"]
    assert answer["Status"] == "modifying"
    assert roles(elasticache) == {"main-001": "replica", "main-002": "primary", "main-003": "replica"}
    events = elasticache.describe_events(Duration=60)["Events"]
    told = {(one["SourceType"], one["SourceIdentifier"], one["Message"]) for one in events}
    done = "Failover from primary node main-001 to replica node main-002 completed"
    assert {
        ("replication-group", "main", "Test Failover API called for node group 0001"),
        ("cache-cluster", "main-001", done),
        ("replication-group", "main", done),
        ("cache-cluster", "main-001", "Recovering cache nodes 0001"),
        ("cache-cluster", "main-001", "Finished recovery for cache nodes 0001"),
    } <= told


@pytest.mark.parametrize(
    ("shape", "node_group", "code", "message"),
    [
        (
            {"NumCacheClusters": 2},
            "0001",
            "InvalidParameterCombination",
            "TestFailover needs automatic failover to be enabled.",
        ),
        (
            {"NumNodeGroups": 2},
            "0002",
            "InvalidParameterCombination",
            "TestFailover needs a replica in the node group.",
        ),
        ({"NumNodeGroups": 2}, "0003", "NodeGroupNotFoundFault", "Node group 0003 not found."),
    ],
)
def test_refusals(elasticache, refused, shape, node_group, code, message):
    """Where nothing can take over there is no failover."""
    elasticache.create_replication_group(**GROUP, **shape)
    assert refused(elasticache.test_failover, ReplicationGroupId="main", NodeGroupId=node_group) == (code, message)


def test_missing_group(elasticache, refused):
    """Of a group that does not exist nothing fails over."""
    code, _ = refused(elasticache.test_failover, ReplicationGroupId="none", NodeGroupId="0001")
    assert code == "ReplicationGroupNotFoundFault"


def test_quota(in_process):
    """Fifteen failovers may be tested in any 24 hours, over all groups."""
    for id in ("main", "other"):
        in_process.call(
            "CreateReplicationGroup", **GROUP | {"ReplicationGroupId": id}, NumNodeGroups=2, ReplicasPerNodeGroup=1
        )
    target = {"ReplicationGroupId": "main", "NodeGroupId": "0002"}
    for _ in range(14):
        in_process.call("TestFailover", **target)
    CLOCK.advance(timedelta(hours=1).total_seconds())
    in_process.call("TestFailover", ReplicationGroupId="other", NodeGroupId="0001")
    refusal = ("APICallRateForCustomerExceeded", "Failover can be tested on up to 15 node groups in any 24 hours.")
    assert in_process.refused("TestFailover", **target) == refusal
    CLOCK.advance(timedelta(hours=22, minutes=59).total_seconds())
    assert in_process.refused("TestFailover", **target) == refusal
    CLOCK.advance(timedelta(minutes=1).total_seconds())
    assert in_process.call("TestFailover", **target)["ReplicationGroup"]["Status"] == "modifying"


def test_primary_stays_until_the_failover_is_over(in_process):
    """With a speed the old primary is one until the other has taken over."""
    in_process.call("CreateReplicationGroup", **GROUP, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    in_process.call("DescribeReplicationGroups")
    CLOCK.speed = 1
    in_process.call("TestFailover", ReplicationGroupId="main", NodeGroupId="0001")

    def first_role():
        (group,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
        return group["Status"], group["NodeGroups"][0]["NodeGroupMembers"][0]["CurrentRole"]

    CLOCK.advance(59)
    assert first_role() == ("modifying", "primary")
    CLOCK.advance(1)
    assert first_role() == ("available", "replica")
