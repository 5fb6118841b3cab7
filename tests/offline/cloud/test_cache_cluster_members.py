"""Members of replication groups as cache clusters, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "group",
    "ReplicationGroupDescription": "group",
    "Engine": "redis",
    "EngineVersion": "7.1",
    "CacheNodeType": "cache.t4g.micro",
}


@pytest.fixture
def members(elasticache):
    elasticache.create_replication_group(**GROUP, NumCacheClusters=3)
    return elasticache


def shown(elasticache, id):
    (cluster,) = elasticache.describe_cache_clusters(CacheClusterId=id, ShowCacheNodeInfo=True)["CacheClusters"]
    return cluster


def test_member_is_a_cluster(members):
    """A member is shown as a cluster of one node, with what it has from its replication group."""
    cluster = shown(members, "GROUP-002")
    assert (cluster["CacheClusterId"], cluster["ReplicationGroupId"]) == ("group-002", "group")
    assert (cluster["NumCacheNodes"], cluster["CacheNodeType"], cluster["EngineVersion"]) == (
        1,
        "cache.t4g.micro",
        "7.1.0",
    )
    assert cluster["ARN"] == "arn:aws:elasticache:us-east-1:123456789012:cluster:group-002"
    assert cluster["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    (node,) = cluster["CacheNodes"]
    assert (node["CacheNodeId"], node["CustomerAvailabilityZone"]) == ("0001", cluster["PreferredAvailabilityZone"])
    assert node["Endpoint"]["Port"] == 6379


def test_settings_of_a_member_are_its_groups(members):
    """What may be changed on a member is changed for its replication group."""
    answer = members.modify_cache_cluster(CacheClusterId="group-001", PreferredMaintenanceWindow="Mon:07:00-Mon:08:00")
    assert answer["CacheCluster"]["PreferredMaintenanceWindow"] == "mon:07:00-mon:08:00"
    assert shown(members, "group-003")["PreferredMaintenanceWindow"] == "mon:07:00-mon:08:00"


@pytest.mark.parametrize(
    "arguments",
    [
        {"CacheNodeType": "cache.t4g.small"},
        {"EngineVersion": "7.1"},
        {"Engine": "valkey"},
        {"NumCacheNodes": 1},
        {"AuthToken": "x" * 16},
        {"IpDiscovery": "ipv4"},
    ],
)
def test_what_a_member_cannot_change(members, refused, arguments):
    """What would make a member differ from its group must be changed on the group."""
    (name,) = arguments
    assert refused(members.modify_cache_cluster, CacheClusterId="group-001", **arguments) == (
        "InvalidParameterCombination",
        f"{name} cannot be modified on group-001: modify its replication group group.",
    )


def test_reboot_of_a_member(members, refused):
    """A member is rebooted by itself; the others and the group stay available."""
    reboot = {"CacheClusterId": "group-002", "CacheNodeIdsToReboot": ["0001"]}
    assert members.reboot_cache_cluster(**reboot)["CacheCluster"]["CacheClusterStatus"] == "rebooting cluster nodes"
    assert shown(members, "group-002")["CacheClusterStatus"] == "available"
    events = members.describe_events(SourceType="cache-cluster", SourceIdentifier="group-002")["Events"]
    assert "Cache node 0001 restarted" in [event["Message"] for event in events]
    assert refused(members.reboot_cache_cluster, **reboot | {"CacheNodeIdsToReboot": ["0002"]}) == (
        "InvalidParameterValue",
        "The cache node 0002 does not exist.",
    )


def test_members_of_cluster_mode_are_left_alone(elasticache, refused):
    """Members of a group with cluster mode are neither rebooted nor deleted by themselves."""
    elasticache.create_replication_group(
        **GROUP, NumNodeGroups=2, ReplicasPerNodeGroup=1, AutomaticFailoverEnabled=True
    )
    for call, arguments in (
        (elasticache.reboot_cache_cluster, {"CacheNodeIdsToReboot": ["0001"]}),
        (elasticache.delete_cache_cluster, {}),
    ):
        code, message = refused(call, CacheClusterId="group-0001-002", **arguments)
        assert code == "InvalidCacheClusterState"
        assert "cluster mode enabled" in message


def test_delete_a_replica(members, refused):
    """A replica can be deleted by itself, with a last snapshot; the primary cannot."""
    assert refused(members.delete_cache_cluster, CacheClusterId="group-001") == (
        "InvalidCacheClusterState",
        "Cannot delete the cache cluster because it is the primary of replication group group.",
    )
    answer = members.delete_cache_cluster(CacheClusterId="group-002", FinalSnapshotIdentifier="last")
    assert answer["CacheCluster"]["CacheClusterStatus"] == "deleting"
    (group,) = members.describe_replication_groups(ReplicationGroupId="group")["ReplicationGroups"]
    assert group["MemberClusters"] == ["group-001", "group-003"]
    assert refused(members.describe_cache_clusters, CacheClusterId="group-002")[0] == "CacheClusterNotFound"
    assert [one["CacheClusterId"] for one in members.describe_snapshots()["Snapshots"]] == ["group-002"]


@pytest.mark.parametrize(
    ("arguments", "id", "reason"),
    [
        (
            {"NumCacheClusters": 1},
            "group-001",
            "since it is the only member of a replication group. Delete the replication group instead.",
        ),
        (
            {"NumCacheClusters": 2, "AutomaticFailoverEnabled": True},
            "group-002",
            "because it is the only read replica for replication group group which has autofailover enabled or pending."
            " You can disable autofailover and then delete this cache cluster. Alternatively, to delete the entire "
            "replication group, use DeleteReplicationGroup.",
        ),
        (
            {"NumCacheClusters": 3, "AutomaticFailoverEnabled": True, "MultiAZEnabled": True},
            "group-003",
            "because it is a member of replication group group which has Multi-AZ enabled.",
        ),
    ],
)
def test_replica_that_is_needed_stays(elasticache, refused, arguments, id, reason):
    """The only node, and a replica that automatic failover or Multi-AZ needs, cannot be deleted."""
    elasticache.create_replication_group(**GROUP, **arguments)
    assert refused(elasticache.delete_cache_cluster, CacheClusterId=id) == (
        "InvalidCacheClusterState",
        f"Cannot delete the cache cluster {reason}",
    )


def test_replica_with_an_id_of_its_own(members, refused):
    """A cluster that is created in a replication group is a replica of it, under the id that it is given."""
    made = members.create_cache_cluster(
        CacheClusterId="Reader", ReplicationGroupId="group", PreferredAvailabilityZone="us-east-1d"
    )["CacheCluster"]
    assert (made["CacheClusterId"], made["CacheClusterStatus"]) == ("reader", "creating")
    cluster = shown(members, "reader")
    assert (cluster["ReplicationGroupId"], cluster["PreferredAvailabilityZone"]) == ("group", "us-east-1d")
    assert (cluster["CacheClusterStatus"], cluster["EngineVersion"]) == ("available", "7.1.0")
    (group,) = members.describe_replication_groups(ReplicationGroupId="group")["ReplicationGroups"]
    assert group["MemberClusters"][-1] == "reader"
    assert refused(members.create_cache_cluster, CacheClusterId="reader", ReplicationGroupId="group")[0] == (
        "CacheClusterAlreadyExists"
    )
    more = {"CacheClusterId": "other", "ReplicationGroupId": "group", "CacheNodeType": "cache.t4g.small"}
    assert refused(members.create_cache_cluster, **more)[0] == "InvalidParameterCombination"
    members.delete_cache_cluster(CacheClusterId="reader")
    assert refused(members.describe_cache_clusters, CacheClusterId="reader")[0] == "CacheClusterNotFound"


def test_replicas_end_at_five(members, refused):
    """A replication group has at most five replicas, however they are made."""
    for number in range(3):
        members.create_cache_cluster(CacheClusterId=f"reader-{number}", ReplicationGroupId="group")
    one_more = {"CacheClusterId": "reader-3", "ReplicationGroupId": "group"}
    assert refused(members.create_cache_cluster, **one_more)[0] == "InvalidParameterValue"
