"""Snapshots of replication groups and clusters, through HTTP."""

import pytest


@pytest.fixture
def sharded(elasticache):
    """Return the client of a cloud with a replication group of two shards with a replica each."""
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="the main one",
        Engine="valkey",
        EngineVersion="8.1",
        CacheNodeType="cache.r7g.large",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        SnapshotRetentionLimit=7,
        SnapshotWindow="03:00-05:00",
        PreferredMaintenanceWindow="mon:05:00-mon:07:00",
    )
    return elasticache


def test_snapshot_of_a_replication_group(sharded, refused):
    """A snapshot tells what its group was, and what of each shard was taken from a replica."""
    made = sharded.create_snapshot(SnapshotName="First", ReplicationGroupId="main")["Snapshot"]
    assert made["SnapshotStatus"] == "creating"
    (snapshot,) = sharded.describe_snapshots(SnapshotName="first", ShowNodeGroupConfig=True)["Snapshots"]
    nodes = snapshot.pop("NodeSnapshots")
    (group,) = sharded.describe_replication_groups()["ReplicationGroups"]
    assert snapshot == {
        "SnapshotName": "first",
        "ReplicationGroupId": "main",
        "ReplicationGroupDescription": "the main one",
        "SnapshotStatus": "available",
        "SnapshotSource": "manual",
        "CacheNodeType": "cache.r7g.large",
        "Engine": "valkey",
        "EngineVersion": "8.1.0",
        "PreferredMaintenanceWindow": "mon:05:00-mon:07:00",
        "Port": 6379,
        "CacheParameterGroupName": "default.valkey8.cluster.on",
        "CacheSubnetGroupName": snapshot["CacheSubnetGroupName"],
        "VpcId": snapshot["VpcId"],
        "AutoMinorVersionUpgrade": True,
        "SnapshotRetentionLimit": 7,
        "SnapshotWindow": "03:00-05:00",
        "NumNodeGroups": 2,
        "AutomaticFailover": "enabled",
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:snapshot:first",
        "DataTiering": "disabled",
        "Durability": "disabled",
    }
    assert [node["NodeGroupId"] for node in nodes] == ["0001", "0002"]
    assert [node["NodeGroupConfiguration"]["Slots"] for node in nodes] == ["0-8191", "8192-16383"]
    for node, shard in zip(nodes, group["NodeGroups"], strict=True):
        roles = {member["CacheClusterId"] for member in shard["NodeGroupMembers"]}
        assert node["CacheClusterId"] in roles
        assert node["CacheNodeId"] == "0001"
        assert node["NodeGroupConfiguration"]["ReplicaCount"] == 1
    plain = sharded.describe_snapshots()["Snapshots"][0]["NodeSnapshots"]
    assert all("NodeGroupConfiguration" not in node for node in plain)
    assert refused(sharded.create_snapshot, SnapshotName="FIRST", ReplicationGroupId="main") == (
        "SnapshotAlreadyExistsFault",
        "A snapshot named first already exists.",
    )


def test_snapshot_of_a_member(elasticache, sharded, refused):
    """Of one member a snapshot is taken in cluster mode disabled only."""
    elasticache.create_replication_group(
        ReplicationGroupId="small",
        ReplicationGroupDescription="small",
        Engine="redis",
        CacheNodeType="cache.t4g.small",
        NumCacheClusters=2,
    )
    elasticache.create_snapshot(SnapshotName="small", CacheClusterId="small-001")
    (snapshot,) = elasticache.describe_snapshots(CacheClusterId="small-001")["Snapshots"]
    assert (snapshot["CacheClusterId"], snapshot["NumCacheNodes"]) == ("small-001", 1)
    code, message = refused(sharded.create_snapshot, SnapshotName="shard", CacheClusterId="main-0001-001")
    assert code == "InvalidParameterCombination"
    assert message == (
        "Cache cluster main-0001-001 is a member of main, which has cluster mode enabled: "
        "a snapshot is taken of the replication group."
    )


def test_create_snapshot_refuses(elasticache, refused):
    """A snapshot is of one thing that exists and has data to keep."""
    elasticache.create_cache_cluster(
        CacheClusterId="mem", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1
    )
    both = {"SnapshotName": "one", "CacheClusterId": "a", "ReplicationGroupId": "b"}
    message = "Exactly one of ReplicationGroupId and CacheClusterId must be given."
    assert refused(elasticache.create_snapshot, **both) == ("InvalidParameterCombination", message)
    assert refused(elasticache.create_snapshot, SnapshotName="one") == ("InvalidParameterCombination", message)
    assert refused(elasticache.create_snapshot, SnapshotName="one", ReplicationGroupId="none")[0] == (
        "ReplicationGroupNotFoundFault"
    )
    assert refused(elasticache.create_snapshot, SnapshotName="one", CacheClusterId="none")[0] == "CacheClusterNotFound"
    assert refused(elasticache.create_snapshot, SnapshotName="one", CacheClusterId="mem") == (
        "SnapshotFeatureNotSupportedFault",
        "Snapshots are not supported for the engine memcached.",
    )
    assert refused(elasticache.create_snapshot, SnapshotName="one--two", ReplicationGroupId="x")[0] == (
        "InvalidParameterValue"
    )


def test_daily_quota(sharded, refused):
    """The 21st manual snapshot of a node in a day is refused."""
    for number in range(20):
        sharded.create_snapshot(SnapshotName=f"s{number}", ReplicationGroupId="main")
    assert refused(sharded.create_snapshot, SnapshotName="s20", ReplicationGroupId="main") == (
        "SnapshotQuotaExceededFault",
        "The maximum of 20 manual snapshots of a node in 24 hours is exceeded.",
    )


def test_copy_and_delete(sharded, refused):
    """A copy stands for itself; a deleted snapshot is gone."""
    sharded.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    copy = sharded.copy_snapshot(
        SourceSnapshotName="one", TargetSnapshotName="two", Tags=[{"Key": "kept", "Value": "yes"}]
    )["Snapshot"]
    assert copy["ReplicationGroupId"] == "main"
    assert sharded.list_tags_for_resource(ResourceName=copy["ARN"])["TagList"] == [{"Key": "kept", "Value": "yes"}]
    assert refused(sharded.copy_snapshot, SourceSnapshotName="one", TargetSnapshotName="two")[0] == (
        "SnapshotAlreadyExistsFault"
    )
    assert sharded.delete_snapshot(SnapshotName="one")["Snapshot"]["SnapshotStatus"] == "deleting"
    assert [one["SnapshotName"] for one in sharded.describe_snapshots()["Snapshots"]] == ["two"]
    assert refused(sharded.describe_snapshots, SnapshotName="one") == (
        "SnapshotNotFoundFault",
        "Snapshot one not found.",
    )


def test_export_is_refused(sharded, cloud, refused):
    """There are no data for a bucket: AWS's reasons come first, and one that is right was granted nothing."""
    sharded.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="backups")
    s3.create_bucket(Bucket="full")
    s3.put_object(Bucket="full", Key="copy-0001.rdb", Body=b"x")
    far = {"LocationConstraint": "eu-west-1"}
    cloud.client("s3", "eu-west-1").create_bucket(Bucket="far", CreateBucketConfiguration=far)
    copied = {"SourceSnapshotName": "one", "TargetSnapshotName": "copy"}
    for bucket, message in (
        ("none", "The S3 bucket none does not exist."),
        ("far", "The S3 bucket far is outside of the region."),
        ("full", "The S3 bucket full already contains an object with key copy-0001.rdb."),
        ("backups", "ElastiCache has not been granted READ permissions backups on the S3 Bucket."),
    ):
        assert refused(sharded.copy_snapshot, **copied, TargetBucket=bucket) == ("InvalidParameterValue", message)
    code, _ = refused(sharded.copy_snapshot, **copied | {"SourceSnapshotName": "none"}, TargetBucket="backups")
    assert code == "SnapshotNotFoundFault"
    code, _ = refused(sharded.copy_snapshot, **copied | {"TargetSnapshotName": "-"}, TargetBucket="backups")
    assert code == "InvalidParameterValue"


def test_copies_count(sharded, refused):
    """A copy is one of the manual snapshots that there may be of a node in a day."""
    sharded.create_snapshot(SnapshotName="s0", ReplicationGroupId="main")
    for number in range(1, 20):
        sharded.copy_snapshot(SourceSnapshotName="s0", TargetSnapshotName=f"s{number}")
    message = "The maximum of 20 manual snapshots of a node in 24 hours is exceeded."
    expected = ("SnapshotQuotaExceededFault", message)
    assert refused(sharded.copy_snapshot, SourceSnapshotName="s0", TargetSnapshotName="s20") == expected
    assert refused(sharded.create_snapshot, SnapshotName="s20", ReplicationGroupId="main") == expected


def test_snapshots_of_a_cluster(elasticache, refused):
    """A cluster without snapshots has none, and one that does not exist is not found, unless it left some."""
    for id in ("gone", "here"):
        elasticache.create_cache_cluster(
            CacheClusterId=id, Engine="redis", CacheNodeType="cache.t4g.small", NumCacheNodes=1
        )
    elasticache.describe_cache_clusters()
    elasticache.delete_cache_cluster(CacheClusterId="gone", FinalSnapshotIdentifier="last")
    assert elasticache.describe_snapshots(CacheClusterId="here")["Snapshots"] == []
    assert [one["SnapshotName"] for one in elasticache.describe_snapshots(CacheClusterId="gone")["Snapshots"]] == [
        "last"
    ]
    assert refused(elasticache.describe_snapshots, CacheClusterId="none") == (
        "CacheClusterNotFound",
        "CacheCluster not found: none",
    )


def test_filters(sharded, refused):
    """Snapshots are found by their group and by how they came to be."""
    sharded.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    assert len(sharded.describe_snapshots(ReplicationGroupId="main", SnapshotSource="user")["Snapshots"]) == 1
    assert sharded.describe_snapshots(SnapshotSource="system")["Snapshots"] == []
    assert sharded.describe_snapshots(ReplicationGroupId="other")["Snapshots"] == []
    assert refused(sharded.describe_snapshots, SnapshotSource="cron") == (
        "InvalidParameterValue",
        "Invalid value for SnapshotSource: cron. Must be one of: system, user.",
    )


def test_final_snapshot_outlives_its_group(sharded, refused):
    """A group's last snapshot is there when the group is gone, and a new group is made from it."""
    sharded.delete_replication_group(ReplicationGroupId="main", FinalSnapshotIdentifier="last")
    assert sharded.describe_replication_groups()["ReplicationGroups"] == []
    (snapshot,) = sharded.describe_snapshots()["Snapshots"]
    assert (snapshot["SnapshotName"], snapshot["SnapshotStatus"], snapshot["NumNodeGroups"]) == ("last", "available", 2)
    restored = {
        "ReplicationGroupId": "again",
        "ReplicationGroupDescription": "again",
        "Engine": "valkey",
        "CacheNodeType": "cache.r7g.large",
        "NumNodeGroups": 2,
        "AutomaticFailoverEnabled": True,
        "ReplicasPerNodeGroup": 1,
        "TransitEncryptionEnabled": True,
    }
    sharded.create_replication_group(**restored, SnapshotName="last")
    code, _ = refused(sharded.create_replication_group, **restored | {"ReplicationGroupId": "x"}, SnapshotName="none")
    assert code == "SnapshotNotFoundFault"


def test_final_snapshot_name_that_is_taken(sharded, refused):
    """The group stays when its last snapshot's name is taken."""
    sharded.create_snapshot(SnapshotName="one", ReplicationGroupId="main")
    code, _ = refused(sharded.delete_replication_group, ReplicationGroupId="main", FinalSnapshotIdentifier="one")
    assert code == "SnapshotAlreadyExistsFault"
    assert sharded.describe_replication_groups()["ReplicationGroups"][0]["Status"] == "available"
