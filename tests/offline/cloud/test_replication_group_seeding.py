"""Replication groups from snapshots, from files in S3, and around existing clusters, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.1",
    "CacheNodeType": "cache.r7g.large",
}
RESTORED = {"ReplicationGroupId": "new", "ReplicationGroupDescription": "restored"}
CLUSTER = {
    "CacheClusterId": "single",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t4g.small",
    "NumCacheNodes": 1,
    "PreferredAvailabilityZone": "us-east-1b",
    "Port": 7000,
}
COMBINATION, VALUE = "InvalidParameterCombination", "InvalidParameterValue"


def described(elasticache, id="new"):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId=id)["ReplicationGroups"]
    return group


@pytest.fixture
def snapshot(elasticache):
    """Return the client of a cloud with a snapshot `shards` of a group of three shards."""
    elasticache.create_replication_group(**GROUP, NumNodeGroups=3, ReplicasPerNodeGroup=1)
    elasticache.create_snapshot(SnapshotName="shards", ReplicationGroupId="main")
    elasticache.describe_snapshots()
    return elasticache


def test_restore(snapshot):
    """What a request does not say is as it was in the snapshot."""
    snapshot.create_replication_group(**RESTORED, SnapshotName="Shards")
    group = described(snapshot)
    assert (group["Engine"], group["CacheNodeType"], group["ClusterEnabled"]) == ("redis", "cache.r7g.large", True)
    assert [shard["Slots"] for shard in group["NodeGroups"]] == ["0-5461", "5462-10922", "10923-16383"]


def test_restore_otherwise(snapshot):
    """A snapshot of Redis OSS can be restored to Valkey, other nodes and another number of shards."""
    snapshot.create_replication_group(
        **RESTORED, SnapshotName="shards", Engine="valkey", CacheNodeType="cache.r8g.large", NumNodeGroups=2
    )
    group = described(snapshot)
    assert (group["Engine"], group["CacheNodeType"], len(group["NodeGroups"])) == ("valkey", "cache.r8g.large", 2)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"SnapshotName": "none"}, "SnapshotNotFoundFault", "Snapshot none not found."),
        (
            {"SnapshotName": "shards", "NumCacheClusters": 2},
            COMBINATION,
            "A snapshot of 3 node groups cannot be restored with cluster mode disabled.",
        ),
        (
            {"SnapshotName": "shards", "EngineVersion": "6.2"},
            COMBINATION,
            "A snapshot of redis 7.1.0 cannot be restored to the older 6.2.",
        ),
        (
            {"SnapshotName": "shards", "SnapshotArns": ["arn:aws:s3:::bucket/dump.rdb"]},
            COMBINATION,
            "SnapshotName and SnapshotArns cannot be given together.",
        ),
        (
            {"ServerlessCacheSnapshotName": "none"},
            "ServerlessCacheSnapshotNotFoundFault",
            "Serverless cache snapshot none not found.",
        ),
    ],
)
def test_restore_refusals(snapshot, refused, arguments, code, message):
    """Data that a group cannot hold are not restored."""
    assert refused(snapshot.create_replication_group, **RESTORED, **arguments) == (code, message)


def test_restore_of_a_serverless_snapshot(elasticache, refused):
    """A snapshot of a serverless cache is restored with cluster mode enabled."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", MajorEngineVersion="8")
    elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName="less", ServerlessCacheName="cache")
    arguments = RESTORED | {"ServerlessCacheSnapshotName": "less", "CacheNodeType": "cache.r7g.large"}
    assert refused(elasticache.create_replication_group, **arguments, Engine="redis") == (
        COMBINATION,
        "The snapshot was taken of valkey, not of redis.",
    )
    elasticache.create_replication_group(**arguments)
    group = described(elasticache)
    assert (group["Engine"], group["ClusterEnabled"]) == ("valkey", True)


def test_files(cloud, elasticache, refused):
    """Files in S3 seed a group when they are there; shards need their slots."""
    cloud.client("s3").create_bucket(Bucket="bucket")
    cloud.client("s3").put_object(Bucket="bucket", Key="dump.rdb", Body=b"REDIS")
    file = "arn:aws:s3:::bucket/dump.rdb"
    elasticache.create_replication_group(**GROUP, SnapshotArns=[file])
    new = GROUP | RESTORED
    for missing in ("arn:aws:s3:::bucket/other.rdb", "arn:aws:s3:::other/dump.rdb"):
        assert refused(elasticache.create_replication_group, **new, SnapshotArns=[missing]) == (
            VALUE,
            f"No permission to access S3 object: {missing}",
        )
    for malformed in ("arn:aws:s3:::bucket", "s3://bucket/dump.rdb", "arn:aws:s3:::bucket/a,b.rdb"):
        assert refused(elasticache.create_replication_group, **new, SnapshotArns=[malformed]) == (
            VALUE,
            f"Invalid S3 ARN: {malformed}. Must be like arn:aws:s3:::bucket/snapshot.rdb, without commas.",
        )
    assert refused(elasticache.create_replication_group, **new, SnapshotArns=[file], NumNodeGroups=2) == (
        COMBINATION,
        "NodeGroupConfiguration must give the slots of every node group to seed it from files in S3.",
    )
    slots = [{"Slots": "0-8191"}, {"Slots": "8192-16383"}]
    elasticache.create_replication_group(**new, SnapshotArns=[file], NodeGroupConfiguration=slots)


def test_existing_cluster(elasticache):
    """A cluster becomes the primary of a group under its own id, and is what it was."""
    elasticache.create_cache_cluster(**CLUSTER, Tags=[{"Key": "team", "Value": "a"}])
    elasticache.create_replication_group(**RESTORED, PrimaryClusterId="SINGLE", NumCacheClusters=2)
    group = described(elasticache)
    assert group["MemberClusters"] == ["single", "new-002"]
    nodes = group["NodeGroups"][0]["NodeGroupMembers"]
    assert [(node["CurrentRole"], node["PreferredAvailabilityZone"]) for node in nodes] == [
        ("primary", "us-east-1b"),
        ("replica", "us-east-1a"),
    ]
    assert group["NodeGroups"][0]["PrimaryEndpoint"]["Port"] == 7000
    (member,) = elasticache.describe_cache_clusters(CacheClusterId="single")["CacheClusters"]
    assert (member["ReplicationGroupId"], member["EngineVersion"]) == ("new", "7.0.7")
    alone = elasticache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]
    assert alone == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"PrimaryClusterId": "none"}, "CacheClusterNotFound", "CacheCluster not found: none"),
        (
            {"PrimaryClusterId": "single", "CacheNodeType": "cache.r7g.large"},
            COMBINATION,
            "CacheNodeType cannot be given with PrimaryClusterId: it is the cluster's.",
        ),
        (
            {"PrimaryClusterId": "single", "Engine": "valkey"},
            COMBINATION,
            "Engine must be redis, which the primary cluster runs.",
        ),
        (
            {"PrimaryClusterId": "single", "NumNodeGroups": 2},
            COMBINATION,
            "A replication group of an existing cluster has one node group.",
        ),
        (
            {"PrimaryClusterId": "single", "AutomaticFailoverEnabled": True},
            COMBINATION,
            "When using automatic failover, there must be at least 2 cache clusters in the replication group.",
        ),
        (
            {"PrimaryClusterId": "mem"},
            COMBINATION,
            "Cache cluster mem runs memcached: a primary runs redis.",
        ),
    ],
)
def test_existing_cluster_refusals(elasticache, refused, arguments, code, message):
    """A cluster that cannot be a primary as the request wants it stays what it is."""
    elasticache.create_cache_cluster(**CLUSTER)
    elasticache.create_cache_cluster(
        CacheClusterId="mem", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1
    )
    assert refused(elasticache.create_replication_group, **RESTORED, **arguments) == (code, message)
    alone = elasticache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]
    assert [one["CacheClusterId"] for one in alone] == ["mem", "single"]


def test_replica_with_an_id_of_its_own(elasticache):
    """CreateCacheCluster adds a replica to a group, which is then counted, scaled and deleted as any other."""
    elasticache.create_replication_group(**GROUP, NumCacheClusters=2)
    answer = elasticache.create_cache_cluster(
        CacheClusterId="Extra",
        ReplicationGroupId="main",
        Engine="redis",
        PreferredAvailabilityZone="us-east-1f",
        Tags=[{"Key": "own", "Value": "b"}],
    )["CacheCluster"]
    assert (answer["CacheClusterStatus"], answer["ReplicationGroupId"]) == ("creating", "main")
    group = described(elasticache, "main")
    assert group["MemberClusters"] == ["main-001", "main-002", "extra"]
    assert group["NodeGroups"][0]["NodeGroupMembers"][2]["PreferredAvailabilityZone"] == "us-east-1f"
    tags = elasticache.list_tags_for_resource(ResourceName=answer["ARN"])["TagList"]
    assert tags == [{"Key": "own", "Value": "b"}]
    elasticache.delete_cache_cluster(CacheClusterId="extra")
    assert described(elasticache, "main")["MemberClusters"] == ["main-001", "main-002"]


@pytest.mark.parametrize(
    ("shape", "arguments", "code", "message"),
    [
        (
            {"NumNodeGroups": 2},
            {},
            COMBINATION,
            "A replica is added to main with IncreaseReplicaCount, as its cluster mode is enabled.",
        ),
        ({"NumCacheClusters": 6}, {}, VALUE, "The number of replicas per node group must be within 0 and 5."),
        (
            {},
            {"CacheNodeType": "cache.r7g.large"},
            COMBINATION,
            "Cannot specify additional cache cluster parameters when creating a replica cluster",
        ),
        ({}, {"PreferredAvailabilityZone": "eu-west-1a"}, VALUE, None),
        ({}, {"Engine": "valkey"}, COMBINATION, "Engine must be redis, which replication group main runs."),
    ],
)
def test_replica_refusals(elasticache, refused, shape, arguments, code, message):
    """A replica that its group cannot have is refused."""
    elasticache.create_replication_group(**GROUP, **shape)
    replica = {"CacheClusterId": "extra", "ReplicationGroupId": "main"}
    found = refused(elasticache.create_cache_cluster, **replica, **arguments)
    assert found[0] == code
    assert message is None or found[1] == message
