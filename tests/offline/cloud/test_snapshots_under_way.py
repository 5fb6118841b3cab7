"""What a cache shows, and refuses, while a snapshot of it is being taken."""

import pytest

from cachewright_offline.cloud.clock import CLOCK

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
}
CLUSTER = {
    "CacheClusterId": "single",
    "Engine": "redis",
    "CacheNodeType": "cache.t4g.small",
    "NumCacheNodes": 1,
}


@pytest.fixture
def caches(in_process):
    """Return an ElastiCache with a group and a cluster, in which changes take as long as on AWS from now on."""
    in_process.call("CreateReplicationGroup", **GROUP)
    in_process.call("CreateCacheCluster", **CLUSTER)
    in_process.call("DescribeCacheClusters")
    CLOCK.speed = 1
    return in_process


def group_status(cloud):
    return cloud.call("DescribeReplicationGroups")["ReplicationGroups"][0]["Status"]


def cluster_status(cloud):
    return cloud.call("DescribeCacheClusters", CacheClusterId="single")["CacheClusters"][0]["CacheClusterStatus"]


@pytest.mark.parametrize("source", [{"ReplicationGroupId": "main"}, {"CacheClusterId": "main-002"}])
def test_group_is_snapshotting(caches, source):
    """A group is snapshotting until its snapshot, or that of a member, is there; meanwhile it takes no change."""
    caches.call("CreateSnapshot", SnapshotName="one", **source)
    assert group_status(caches) == "snapshotting"
    for action, more in (("ModifyReplicationGroup", {"SnapshotRetentionLimit": 1}), ("DeleteReplicationGroup", {})):
        assert caches.refused(action, ReplicationGroupId="main", **more)[0] == "InvalidReplicationGroupState"
    code, message = caches.refused("CreateSnapshot", SnapshotName="two", ReplicationGroupId="main")
    assert (code, message) == (
        "InvalidReplicationGroupState",
        "Replication group main is not available: it is snapshotting.",
    )
    CLOCK.advance(300)
    assert group_status(caches) == "available"
    assert caches.call("DescribeSnapshots")["Snapshots"][0]["SnapshotStatus"] == "available"


def test_cluster_is_snapshotting(caches):
    """A cluster of its own is snapshotting until its snapshot is there; meanwhile it takes no change."""
    caches.call("CreateSnapshot", SnapshotName="one", CacheClusterId="single")
    assert (cluster_status(caches), group_status(caches)) == ("snapshotting", "available")
    assert caches.refused("DeleteCacheCluster", CacheClusterId="single") == (
        "InvalidCacheClusterState",
        "Cache cluster single is not in available state: it is snapshotting.",
    )
    CLOCK.advance(300)
    assert cluster_status(caches) == "available"


def test_snapshot_that_is_being_taken(caches):
    """It can be neither copied, deleted nor restored before it is available."""
    caches.call("CreateSnapshot", SnapshotName="one", CacheClusterId="single")
    expected = ("InvalidSnapshotState", "Snapshot one is not in an available state: it is creating.")
    assert caches.refused("CopySnapshot", SourceSnapshotName="one", TargetSnapshotName="two") == expected
    assert caches.refused("DeleteSnapshot", SnapshotName="one") == expected
    restored = {**CLUSTER, "CacheClusterId": "again", "SnapshotName": "one"}
    assert caches.refused("CreateCacheCluster", **restored) == expected


def test_snapshot_that_is_being_restored(caches):
    """It can be read by others and not be deleted until what is filled from it is there."""
    caches.call("CreateSnapshot", SnapshotName="one", CacheClusterId="single")
    CLOCK.advance(300)
    caches.call("DescribeSnapshots")
    arn = caches.call("DescribeSnapshots")["Snapshots"][0]["ARN"]
    caches.call("CreateCacheCluster", **CLUSTER | {"CacheClusterId": "again", "SnapshotName": "one"})
    caches.call("CreateReplicationGroup", **GROUP | {"ReplicationGroupId": "more", "SnapshotName": "one"})
    caches.call("CreateServerlessCache", ServerlessCacheName="less", Engine="redis", SnapshotArnsToRestore=[arn])
    assert caches.call("DescribeSnapshots")["Snapshots"][0]["SnapshotStatus"] == "restoring"
    caches.call("CopySnapshot", SourceSnapshotName="one", TargetSnapshotName="two")
    expected = ("InvalidSnapshotState", "Snapshot one is not in an available state: it is restoring.")
    assert caches.refused("DeleteSnapshot", SnapshotName="one") == expected
    CLOCK.advance(500)
    # The group takes longest.
    assert caches.refused("DeleteSnapshot", SnapshotName="one") == expected
    CLOCK.advance(100)
    statuses = {one["SnapshotName"]: one["SnapshotStatus"] for one in caches.call("DescribeSnapshots")["Snapshots"]}
    assert statuses == {"one": "available", "two": "available"}
    assert caches.call("DeleteSnapshot", SnapshotName="one")["Snapshot"]["SnapshotStatus"] == "deleting"


def test_serverless_snapshot_that_is_being_taken(caches):
    """A replication group is not filled from a serverless cache's snapshot before that is there."""
    caches.call("CreateServerlessCache", ServerlessCacheName="less", Engine="valkey")
    CLOCK.advance(300)
    caches.call("CreateServerlessCacheSnapshot", ServerlessCacheName="less", ServerlessCacheSnapshotName="one")
    wanted = GROUP | {"ReplicationGroupId": "new", "Engine": "valkey", "ServerlessCacheSnapshotName": "one"}
    del wanted["NumCacheClusters"]
    assert caches.refused("CreateReplicationGroup", **wanted) == (
        "InvalidServerlessCacheSnapshotStateFault",
        "Serverless cache snapshot one is not available: it is creating.",
    )


def test_nobody_waits_without_a_speed(caches):
    """Without a speed the next request finds the cache available."""
    CLOCK.speed = None
    caches.call("CreateSnapshot", SnapshotName="one", ReplicationGroupId="main")
    caches.call("ModifyReplicationGroup", ReplicationGroupId="main", SnapshotRetentionLimit=1)
