"""Which node a snapshot is read from, and what of its cache it keeps, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "CacheNodeType": "cache.r6gd.xlarge",
    "NumCacheClusters": 3,
    "DataTieringEnabled": True,
    "AtRestEncryptionEnabled": True,
}


@pytest.fixture
def key(cloud):
    """Return the ARN of a customer's key."""
    return cloud.client("kms").create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def group(elasticache, key):
    """Return the client of a cloud with a group of three nodes that keep data on disk, encrypted with a key."""
    elasticache.create_replication_group(**GROUP, KmsKeyId=key)
    return elasticache


def node_of(client, name):
    (snapshot,) = client.describe_snapshots(SnapshotName=name)["Snapshots"]
    (node,) = snapshot["NodeSnapshots"]
    return node["CacheClusterId"]


def test_snapshotting_cluster(group):
    """A snapshot is read from the last replica, or from the member that was named for it."""
    group.create_snapshot(SnapshotName="first", ReplicationGroupId="main")
    assert node_of(group, "first") == "main-003"
    group.modify_replication_group(ReplicationGroupId="main", SnapshottingClusterId="main-002")
    group.create_snapshot(SnapshotName="second", ReplicationGroupId="main")
    assert node_of(group, "second") == "main-002"


def test_final_snapshot_is_read_from_the_primary(group):
    """A group's last snapshot is read from its primary, whichever member the daily ones are read from."""
    group.modify_replication_group(ReplicationGroupId="main", SnapshottingClusterId="main-002")
    group.delete_replication_group(ReplicationGroupId="main", FinalSnapshotIdentifier="last")
    assert node_of(group, "last") == "main-001"


def test_snapshot_of_a_member_keeps_what_its_group_has(group, key):
    """The snapshot of a member is encrypted with its group's key, and tells where its data were."""
    snapshot = group.create_snapshot(SnapshotName="one", CacheClusterId="main-002")["Snapshot"]
    assert (snapshot["KmsKeyId"], snapshot["DataTiering"]) == (key, "enabled")


def test_an_export_of_data_on_disk_is_refused(group, refused):
    """Data that were tiered cannot be exported."""
    group.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    given = {"SourceSnapshotName": "one", "TargetSnapshotName": "two", "TargetBucket": "backups"}
    assert refused(group.copy_snapshot, **given) == (
        "InvalidParameterCombination",
        "A snapshot with data tiering cannot be exported to an S3 bucket.",
    )


def test_snapshots_of_members_are_of_their_group(group):
    """A snapshot of a member is found by its group, too."""
    group.create_snapshot(SnapshotName="one", CacheClusterId="main-002")
    (found,) = group.describe_snapshots(ReplicationGroupId="main")["Snapshots"]
    assert (found["SnapshotName"], found["CacheClusterId"]) == ("one", "main-002")
    assert "ReplicationGroupId" not in found


def test_event(group):
    """The member that a snapshot was read from tells that it succeeded, in AWS's words."""
    group.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    group.describe_snapshots()
    events = group.describe_events(SourceIdentifier="main-003", SourceType="cache-cluster")["Events"]
    message = "Snapshot succeeded for snapshot with ID 'one' of replication group with ID 'main'"
    assert [one["Message"] for one in events].count(message) == 1


def test_event_of_a_cluster(elasticache):
    """A cluster of its own tells it of itself."""
    elasticache.create_cache_cluster(
        CacheClusterId="single", Engine="redis", CacheNodeType="cache.t4g.small", NumCacheNodes=1
    )
    elasticache.create_snapshot(SnapshotName="one", CacheClusterId="single")
    elasticache.describe_snapshots()
    events = elasticache.describe_events(SourceIdentifier="single", SourceType="cache-cluster")["Events"]
    message = "Snapshot succeeded for snapshot with ID 'one' of cache cluster with ID 'single'"
    assert [one["Message"] for one in events].count(message) == 1
