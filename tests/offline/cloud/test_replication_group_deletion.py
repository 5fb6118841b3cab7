"""DeleteReplicationGroup, through HTTP."""

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.1",
    "CacheNodeType": "cache.t4g.micro",
}
TAGS = [{"Key": "team", "Value": "a"}]


def test_delete(elasticache, refused):
    """A deleted group is gone with its members and its tags, which the waiter sees."""
    arn = elasticache.create_replication_group(**GROUP, NumCacheClusters=2, Tags=TAGS)["ReplicationGroup"]["ARN"]
    elasticache.get_waiter("replication_group_available").wait(ReplicationGroupId="main")
    assert elasticache.delete_replication_group(ReplicationGroupId="MAIN")["ReplicationGroup"]["Status"] == "deleting"
    elasticache.get_waiter("replication_group_deleted").wait(ReplicationGroupId="main")
    assert elasticache.describe_cache_clusters()["CacheClusters"] == []
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn)[0] == "ReplicationGroupNotFoundFault"
    assert refused(elasticache.delete_replication_group, ReplicationGroupId="main") == (
        "ReplicationGroupNotFoundFault",
        "ReplicationGroup main not found.",
    )
    events = elasticache.describe_events(SourceType="cache-cluster", SourceIdentifier="main-002")["Events"]
    assert "Cache cluster deleted" in [event["Message"] for event in events]
    elasticache.create_replication_group(**GROUP)


def test_final_snapshot(elasticache, refused):
    """The last snapshot outlives the group; a name that is taken refuses the deletion."""
    elasticache.create_replication_group(**GROUP, NumNodeGroups=2)
    elasticache.create_snapshot(SnapshotName="taken", ReplicationGroupId="main")
    assert (
        refused(elasticache.delete_replication_group, ReplicationGroupId="main", FinalSnapshotIdentifier="taken")[0]
        == "SnapshotAlreadyExistsFault"
    )
    elasticache.delete_replication_group(ReplicationGroupId="main", FinalSnapshotIdentifier="final")
    assert elasticache.describe_replication_groups()["ReplicationGroups"] == []
    (snapshot,) = elasticache.describe_snapshots(SnapshotName="final")["Snapshots"]
    assert (snapshot["SnapshotStatus"], snapshot["NumNodeGroups"]) == ("available", 2)


def test_retained_primary(elasticache):
    """The primary can live on as a cluster of its own, with its group's tags, and be made a group again."""
    elasticache.create_replication_group(**GROUP, NumCacheClusters=3, Tags=TAGS)
    elasticache.modify_replication_group(ReplicationGroupId="main", PrimaryClusterId="main-002", ApplyImmediately=True)
    elasticache.delete_replication_group(ReplicationGroupId="main", RetainPrimaryCluster=True)
    (cluster,) = elasticache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]
    assert (cluster["CacheClusterId"], cluster["CacheClusterStatus"]) == ("main-002", "available")
    assert "ReplicationGroupId" not in cluster
    assert elasticache.list_tags_for_resource(ResourceName=cluster["ARN"])["TagList"] == TAGS
    assert elasticache.describe_replication_groups()["ReplicationGroups"] == []
    elasticache.create_replication_group(
        ReplicationGroupId="again", ReplicationGroupDescription="again", PrimaryClusterId="main-002"
    )
    (group,) = elasticache.describe_replication_groups()["ReplicationGroups"]
    assert group["MemberClusters"] == ["main-002"]


def test_primary_that_cannot_be_retained(elasticache, refused):
    """A sharded group has several primaries, and Valkey does not run on clusters of their own."""
    elasticache.create_replication_group(**GROUP, NumNodeGroups=2)
    other = GROUP | {"ReplicationGroupId": "other", "Engine": "valkey", "EngineVersion": "8.1"}
    elasticache.create_replication_group(**other)
    for id, message in (
        ("main", "RetainPrimaryCluster is not possible with cluster mode enabled."),
        ("other", "RetainPrimaryCluster is not possible for valkey."),
    ):
        assert refused(elasticache.delete_replication_group, ReplicationGroupId=id, RetainPrimaryCluster=True) == (
            "InvalidParameterCombination",
            message,
        )
        assert elasticache.describe_replication_groups(ReplicationGroupId=id)["ReplicationGroups"]
