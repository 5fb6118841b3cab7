"""What a new serverless cache is filled from, through HTTP."""

import pytest

ACCOUNT = "arn:aws:elasticache:us-east-1:123456789012"


@pytest.fixture
def snapshots(elasticache, cloud):
    """Return a cloud's client; the cloud has snapshots of node-based caches, and a file in a bucket."""
    for id, engine, version in (
        ("old", "redis", "4.0.10"),
        ("redis", "redis", "7.1"),
        ("valkey", "valkey", "8.1"),
    ):
        elasticache.create_replication_group(
            ReplicationGroupId=id,
            ReplicationGroupDescription="x",
            Engine=engine,
            EngineVersion=version,
            CacheNodeType="cache.m5.large",
            NumCacheClusters=1,
        )
        elasticache.create_snapshot(SnapshotName=id, ReplicationGroupId=id)
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="files")
    s3.put_object(Bucket="files", Key="dump.rdb", Body=b"x")
    return elasticache


@pytest.mark.parametrize(
    ("engine", "arn"),
    [
        ("redis", f"{ACCOUNT}:snapshot:redis"),
        ("valkey", f"{ACCOUNT}:snapshot:redis"),
        ("valkey", f"{ACCOUNT}:snapshot:valkey"),
        ("valkey", "arn:aws:s3:::files/dump.rdb"),
    ],
)
def test_restored(snapshots, engine, arn):
    """A cache is filled from the snapshot of a node-based one, or from a file."""
    snapshots.create_serverless_cache(ServerlessCacheName="cache", Engine=engine, SnapshotArnsToRestore=[arn])
    assert snapshots.describe_serverless_caches()["ServerlessCaches"][0]["Status"] == "available"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"Engine": "redis", "arn": f"{ACCOUNT}:snapshot:valkey"},
            "A snapshot of engine valkey cannot be restored to the engine redis.",
        ),
        (
            {"Engine": "memcached", "arn": f"{ACCOUNT}:snapshot:redis"},
            "A snapshot of engine redis cannot be restored to the engine memcached.",
        ),
        (
            {"Engine": "redis", "arn": f"{ACCOUNT}:snapshot:old"},
            "A snapshot of redis 4.0.10 cannot be restored to a serverless cache: it is older than 5.0.",
        ),
        (
            {"Engine": "valkey", "MajorEngineVersion": "7", "arn": f"{ACCOUNT}:snapshot:valkey"},
            "A snapshot of valkey 8.1.0 cannot be restored to the older major version 7.",
        ),
        (
            {"Engine": "valkey", "arn": f"{ACCOUNT}:snapshot:none"},
            f"The snapshot {ACCOUNT}:snapshot:none does not exist.",
        ),
        (
            {"Engine": "valkey", "arn": "arn:aws:elasticache:eu-west-1:123456789012:snapshot:valkey"},
            "The snapshot arn:aws:elasticache:eu-west-1:123456789012:snapshot:valkey is not in the region us-east-1 "
            "of the cache.",
        ),
        (
            {"Engine": "valkey", "arn": "arn:aws:elasticache:us-east-1:210987654321:snapshot:valkey"},
            "The snapshot arn:aws:elasticache:us-east-1:210987654321:snapshot:valkey is not of the account "
            "123456789012 of the cache.",
        ),
        (
            {"Engine": "valkey", "arn": f"{ACCOUNT}:replicationgroup:valkey"},
            f"Invalid snapshot ARN: {ACCOUNT}:replicationgroup:valkey. Must be of a snapshot, a serverless cache "
            "snapshot or an S3 object.",
        ),
        ({"Engine": "valkey", "arn": "dump"}, "Invalid snapshot ARN: dump."),
        (
            {"Engine": "valkey", "arn": "arn:aws:s3:::files/none.rdb"},
            "No permission to access S3 object: arn:aws:s3:::files/none.rdb",
        ),
        (
            {"Engine": "valkey", "arn": "arn:aws:s3:::files"},
            "Invalid S3 ARN: arn:aws:s3:::files. Must be like arn:aws:s3:::bucket/snapshot.rdb, without commas.",
        ),
        (
            {"Engine": "memcached", "arn": "arn:aws:s3:::files/dump.rdb"},
            "A serverless cache of memcached cannot be filled from files in S3.",
        ),
    ],
)
def test_refused(snapshots, refused, given, message):
    """A snapshot of another engine, region, account or version, or one that does not exist, fills no cache."""
    arguments = {name: value for name, value in given.items() if name != "arn"}
    found = refused(
        snapshots.create_serverless_cache,
        ServerlessCacheName="cache",
        **arguments,
        SnapshotArnsToRestore=[given["arn"]],
    )
    assert found == ("InvalidParameterValue", message)
    assert snapshots.describe_serverless_caches()["ServerlessCaches"] == []
