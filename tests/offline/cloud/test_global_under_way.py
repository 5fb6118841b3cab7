"""What global datastores and their members show, and refuse, while they are being changed."""

import pytest

from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.registry import operations

PRIMARY = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "x",
    "Engine": "valkey",
    "EngineVersion": "8.0",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
}
WORLD = {"GlobalReplicationGroupId": "ldgnf-world"}


@pytest.fixture
def slow(in_process):
    """Return an ElastiCache with a replication group, in which changes take as long as on AWS from now on."""
    in_process.call("CreateReplicationGroup", **PRIMARY)
    in_process.call("DescribeReplicationGroups")
    CLOCK.speed = 1
    return in_process


def shown(cloud):
    """Return the status of the datastore, of its members' association, and of its primary."""
    (found,) = cloud.call("DescribeGlobalReplicationGroups", ShowMemberInfo=True)["GlobalReplicationGroups"]
    (group,) = cloud.call("DescribeReplicationGroups")["ReplicationGroups"]
    return found["Status"], [one["Status"] for one in found["Members"]], group["Status"]


def elsewhere(cloud, action, **params):
    """Carry out an operation in another region."""
    return operations()[action](cloud.context.in_region("eu-west-1"), params)


def test_a_life_in_slow_motion(slow):
    """The datastore says what is being done, its members are held meanwhile, and nothing else is done to them."""
    slow.call("CreateGlobalReplicationGroup", GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main")
    assert shown(slow) == ("creating", ["associated"], "modifying")
    busy = (
        "InvalidGlobalReplicationGroupState",
        "Global replication group ldgnf-world is creating: it must be available.",
    )
    for action, params in (
        ("ModifyGlobalReplicationGroup", {"ApplyImmediately": True, "CacheNodeType": "cache.r7g.xlarge"}),
        ("DeleteGlobalReplicationGroup", {"RetainPrimaryReplicationGroup": True}),
        ("RebalanceSlotsInGlobalReplicationGroup", {"ApplyImmediately": True}),
        ("FailoverGlobalReplicationGroup", {"PrimaryRegion": "us-east-1", "PrimaryReplicationGroupId": "main"}),
    ):
        assert slow.refused(action, **WORLD, **params) == busy
    assert slow.refused("ModifyReplicationGroup", ReplicationGroupId="main", SnapshotRetentionLimit=1)[0] == (
        "InvalidReplicationGroupState"
    )
    CLOCK.advance(901)
    assert shown(slow) == ("primary-only", ["associated"], "available")
    joining = {"ReplicationGroupId": "copy", "ReplicationGroupDescription": "x", "NumCacheClusters": 2}
    elsewhere(slow, "CreateReplicationGroup", **joining, **WORLD)
    assert shown(slow) == ("modifying", ["associated", "associating"], "modifying")
    CLOCK.advance(901)
    assert shown(slow) == ("available", ["associated", "associated"], "available")
    slow.call("ModifyGlobalReplicationGroup", **WORLD, ApplyImmediately=True, CacheNodeType="cache.r7g.xlarge")
    assert slow.call("DescribeReplicationGroups")["ReplicationGroups"][0]["CacheNodeType"] == "cache.r7g.large"
    CLOCK.advance(901)
    assert slow.call("DescribeReplicationGroups")["ReplicationGroups"][0]["CacheNodeType"] == "cache.r7g.xlarge"
    slow.call(
        "DisassociateGlobalReplicationGroup", **WORLD, ReplicationGroupId="copy", ReplicationGroupRegion="eu-west-1"
    )
    assert shown(slow) == ("modifying", ["associated", "disassociating"], "modifying")
    CLOCK.advance(901)
    assert shown(slow) == ("primary-only", ["associated"], "available")
    slow.call("DeleteGlobalReplicationGroup", **WORLD, RetainPrimaryReplicationGroup=True)
    assert shown(slow) == ("deleting", ["associated"], "modifying")
    CLOCK.advance(301)
    assert slow.call("DescribeGlobalReplicationGroups")["GlobalReplicationGroups"] == []
    assert slow.call("DescribeReplicationGroups")["ReplicationGroups"][0]["Status"] == "available"


def test_a_member_that_is_being_changed(slow):
    """Every member must be available for the datastore to be changed, and for another to join it."""
    CLOCK.speed = None
    slow.call("CreateGlobalReplicationGroup", GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main")
    slow.call("DescribeGlobalReplicationGroups")
    CLOCK.speed = 1
    slow.call("ModifyReplicationGroup", ReplicationGroupId="main", SnapshotRetentionLimit=1)
    expected = (
        "InvalidGlobalReplicationGroupState",
        "Replication group main in us-east-1 is modifying: every member of ldgnf-world must be available.",
    )
    changed = {"ApplyImmediately": True, "GlobalReplicationGroupDescription": "x"}
    assert slow.refused("ModifyGlobalReplicationGroup", **WORLD, **changed) == expected
    joining = {"ReplicationGroupId": "copy", "ReplicationGroupDescription": "x", "NumCacheClusters": 2}
    with pytest.raises(Fault) as caught:
        elsewhere(slow, "CreateReplicationGroup", **joining, **WORLD)
    assert (caught.value.code, caught.value.message) == expected
