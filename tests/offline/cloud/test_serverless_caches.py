"""Serverless caches and their snapshots, through HTTP."""

import pytest


@pytest.fixture
def network(cloud):
    """Return a VPC with two subnets and a security group, and another VPC's subnet and group."""
    ec2 = cloud.client("ec2")
    made = {}
    for name, block in (("own", "10.0"), ("other", "10.1")):
        vpc_id = ec2.create_vpc(CidrBlock=f"{block}.0.0/16")["Vpc"]["VpcId"]
        made[f"{name}_subnets"] = [
            ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"{block}.{index}.0/24", AvailabilityZone=f"us-east-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for index, zone in enumerate("ab")
        ]
        made[f"{name}_group"] = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]
    return made


def test_serverless_cache_lives(elasticache, network, refused):
    """A cache is made in its network, is reachable once available, is changed and deleted."""
    made = elasticache.create_serverless_cache(
        ServerlessCacheName="Sessions",
        Engine="valkey",
        MajorEngineVersion="8",
        Description="sessions",
        CacheUsageLimits={"DataStorage": {"Maximum": 10, "Unit": "GB"}, "ECPUPerSecond": {"Maximum": 5000}},
        SubnetIds=network["own_subnets"],
        SecurityGroupIds=[network["own_group"]],
        SnapshotRetentionLimit=7,
        DailySnapshotTime="03:00",
        Tags=[{"Key": "team", "Value": "web"}],
    )["ServerlessCache"]
    assert (made["Status"], "Endpoint" in made) == ("creating", False)
    (cache,) = elasticache.describe_serverless_caches(ServerlessCacheName="sessions")["ServerlessCaches"]
    address = cache["Endpoint"]["Address"]
    assert address.startswith("sessions-")
    assert address.endswith(".serverless.use1.cache.amazonaws.com")
    del cache["CreateTime"]
    assert cache == {
        "ServerlessCacheName": "sessions",
        "Description": "sessions",
        "Status": "available",
        "Engine": "valkey",
        "MajorEngineVersion": "8",
        "FullEngineVersion": "8.2",
        "CacheUsageLimits": {"DataStorage": {"Maximum": 10, "Unit": "GB"}, "ECPUPerSecond": {"Maximum": 5000}},
        "StorageEncryptionType": "sse-elasticache",
        "SecurityGroupIds": [network["own_group"]],
        "Endpoint": {"Address": address, "Port": 6379},
        "ReaderEndpoint": {"Address": address, "Port": 6380},
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:serverlesscache:sessions",
        "SubnetIds": network["own_subnets"],
        "SnapshotRetentionLimit": 7,
        "DailySnapshotTime": "03:00",
        "NetworkType": "ipv4",
        "ConnectionType": "vpc",
    }
    changed = elasticache.modify_serverless_cache(
        ServerlessCacheName="sessions",
        Description="",
        CacheUsageLimits={"DataStorage": {"Maximum": 0, "Minimum": 0, "Unit": "GB"}},
        MajorEngineVersion="9",
    )["ServerlessCache"]
    assert changed["Status"] == "modifying"
    (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
    assert cache["CacheUsageLimits"] == {"ECPUPerSecond": {"Maximum": 5000}}
    assert (cache["Status"], cache["Description"], cache["FullEngineVersion"]) == ("available", "", "9.1")
    deleted = elasticache.delete_serverless_cache(ServerlessCacheName="sessions")["ServerlessCache"]
    assert deleted["Status"] == "deleting"
    assert elasticache.describe_serverless_caches()["ServerlessCaches"] == []
    assert refused(elasticache.describe_serverless_caches, ServerlessCacheName="sessions") == (
        "ServerlessCacheNotFoundFault",
        "Serverless cache sessions not found.",
    )


def test_default_network(elasticache, cloud):
    """Without subnets and groups a cache is in three subnets of the default VPC, in its default group."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="memcached")
    (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
    subnets = cloud.client("ec2").describe_subnets(SubnetIds=cache["SubnetIds"])["Subnets"]
    assert [subnet["DefaultForAz"] for subnet in subnets] == [True, True, True]
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 3
    (group,) = cloud.client("ec2").describe_security_groups(GroupIds=cache["SecurityGroupIds"])["SecurityGroups"]
    assert group["GroupName"] == "default"
    assert (cache["Endpoint"]["Port"], cache["ReaderEndpoint"]["Port"]) == (11211, 11212)
    assert (cache["MajorEngineVersion"], cache["FullEngineVersion"]) == ("1.6", "1.6.22")


def test_subnets_and_groups_in_use_stay(elasticache, cloud, network, refused):
    """EC2 keeps what the cache's endpoint is in, until the cache is deleted."""
    elasticache.create_serverless_cache(
        ServerlessCacheName="cache",
        Engine="redis",
        SubnetIds=network["own_subnets"],
        SecurityGroupIds=[network["own_group"]],
    )
    ec2 = cloud.client("ec2")
    assert refused(ec2.delete_subnet, SubnetId=network["own_subnets"][0])[0] == "DependencyViolation"
    assert refused(ec2.delete_security_group, GroupId=network["own_group"])[0] == "DependencyViolation"
    elasticache.delete_serverless_cache(ServerlessCacheName="cache")
    ec2.delete_subnet(SubnetId=network["own_subnets"][0])
    ec2.delete_security_group(GroupId=network["own_group"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"Engine": "kvrocks"},
            "InvalidParameterValue",
            "Invalid value for Engine: kvrocks. Must be one of: memcached, redis, valkey.",
        ),
        (
            {"MajorEngineVersion": "6"},
            "InvalidParameterValue",
            "Invalid value for MajorEngineVersion: 6. The versions of valkey are: 7, 8, 9.",
        ),
        (
            {"CacheUsageLimits": {"DataStorage": {"Maximum": 5001, "Unit": "GB"}}},
            "InvalidParameterValue",
            "Invalid value for DataStorage Maximum: 5001. Must be between 1 and 5000.",
        ),
        (
            {"CacheUsageLimits": {"DataStorage": {"Maximum": 5, "Minimum": 6, "Unit": "GB"}}},
            "InvalidParameterCombination",
            "DataStorage Minimum (6) must not be greater than Maximum (5).",
        ),
        (
            {"CacheUsageLimits": {"ECPUPerSecond": {"Maximum": 999}}},
            "InvalidParameterValue",
            "Invalid value for ECPUPerSecond Maximum: 999. Must be between 1000 and 15000000.",
        ),
        (
            {"SnapshotRetentionLimit": 36},
            "InvalidParameterValue",
            "Invalid value for SnapshotRetentionLimit: 36. Must be between 0 and 35.",
        ),
        (
            {"DailySnapshotTime": "24:00"},
            "InvalidParameterValue",
            "Invalid value for DailySnapshotTime: 24:00. Must be hh:mm in UTC.",
        ),
        (
            {"SubnetIds": ["subnet-0123456789abcdef0"]},
            "InvalidParameterValue",
            "The subnet subnet-0123456789abcdef0 does not exist.",
        ),
        (
            {"SecurityGroupIds": ["sg-0123456789abcdef0"]},
            "InvalidParameterValue",
            "The security group sg-0123456789abcdef0 does not exist.",
        ),
        ({"UserGroupId": "team"}, "UserGroupNotFound", "UserGroup team not found."),
        (
            {"KmsKeyId": "alias/none"},
            "InvalidParameterValue",
            "The KMS key alias/none does not exist in us-east-1. It must exist and be enabled.",
        ),
        (
            {"NetworkType": "ipv5"},
            "InvalidParameterValue",
            "Invalid value for NetworkType: ipv5. Must be one of: ipv4, ipv6, dual_stack.",
        ),
        (
            {"ConnectionType": "public", "MajorEngineVersion": "8"},
            "InvalidParameterCombination",
            "ConnectionType public requires the Valkey engine with a major version of 9 or above.",
        ),
        (
            {"ServerlessCacheName": "-cache"},
            "InvalidParameterValue",
            "The parameter ServerlessCacheName is not a valid identifier. Identifiers must begin with a letter; "
            "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens.",
        ),
        (
            {"Tags": [{"Key": "aws:mine", "Value": "x"}]},
            "InvalidParameterValue",
            "The tag key must be 1-128 characters and not starting with aws:, got 'aws:mine'; choose another key.",
        ),
        (
            {"SnapshotArnsToRestore": ["arn:aws:elasticache:us-east-1:123456789012:serverlesscachesnapshot:none"]},
            "InvalidParameterValue",
            "The snapshot arn:aws:elasticache:us-east-1:123456789012:serverlesscachesnapshot:none does not exist.",
        ),
    ],
)
def test_create_refuses(elasticache, refused, arguments, code, message):
    """Each bad cache is refused with its own message, and nothing is made."""
    given = {"ServerlessCacheName": "cache", "Engine": "valkey"} | arguments
    assert refused(elasticache.create_serverless_cache, **given) == (code, message)
    assert elasticache.describe_serverless_caches()["ServerlessCaches"] == []


def test_networks_are_not_mixed(elasticache, network, refused):
    """All subnets are of one VPC, and so are the security groups."""
    mixed = [network["own_subnets"][0], network["other_subnets"][0]]
    assert refused(
        elasticache.create_serverless_cache, ServerlessCacheName="cache", Engine="redis", SubnetIds=mixed
    ) == ("InvalidParameterValue", f"The subnets {', '.join(mixed)} do not all belong to the same VPC.")
    code, message = refused(
        elasticache.create_serverless_cache,
        ServerlessCacheName="cache",
        Engine="redis",
        SubnetIds=network["own_subnets"],
        SecurityGroupIds=[network["other_group"]],
    )
    assert code == "InvalidParameterValue"
    assert message.startswith(f"The security group {network['other_group']} is not in the VPC vpc-")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"Engine": "memcached"},
            "InvalidParameterCombination",
            "The engine of a serverless cache cannot be changed from valkey to memcached.",
        ),
        (
            {"MajorEngineVersion": "7"},
            "InvalidParameterCombination",
            "The major engine version cannot be lowered from 8 to 7.",
        ),
        (
            {"Engine": "redis"},
            "InvalidParameterCombination",
            "MajorEngineVersion is required to change the engine to redis.",
        ),
        (
            {"RemoveUserGroup": True, "UserGroupId": "team"},
            "InvalidParameterCombination",
            "RemoveUserGroup and UserGroupId cannot be given together.",
        ),
    ],
)
def test_modify_refuses(elasticache, refused, arguments, code, message):
    """A modification that cannot be leaves the cache as it was."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", MajorEngineVersion="8")
    before = elasticache.describe_serverless_caches()["ServerlessCaches"]
    assert refused(elasticache.modify_serverless_cache, ServerlessCacheName="cache", **arguments) == (code, message)
    assert elasticache.describe_serverless_caches()["ServerlessCaches"] == before


def test_engine_changes_both_ways(elasticache):
    """Redis becomes Valkey, and Valkey Redis when a version is given."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="redis")
    for engine, version in (("valkey", "8"), ("redis", "7")):
        elasticache.modify_serverless_cache(ServerlessCacheName="cache", Engine=engine, MajorEngineVersion=version)
        (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
        assert (cache["Engine"], cache["MajorEngineVersion"]) == (engine, version)


def test_user_group_of_a_serverless_cache(elasticache, refused):
    """A cache and its user group know each other; a valkey group does not fit a redis cache."""
    elasticache.create_user_group(UserGroupId="team", Engine="valkey")
    assert refused(
        elasticache.create_serverless_cache, ServerlessCacheName="old", Engine="redis", UserGroupId="team"
    ) == (
        "InvalidParameterCombination",
        "User group team is of engine valkey and cannot be associated with a redis cache.",
    )
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", UserGroupId="team")
    assert elasticache.describe_user_groups()["UserGroups"][0]["ServerlessCaches"] == ["cache"]
    assert refused(elasticache.delete_user_group, UserGroupId="team")[0] == "InvalidUserGroupState"
    elasticache.modify_serverless_cache(ServerlessCacheName="cache", RemoveUserGroup=True)
    elasticache.delete_user_group(UserGroupId="team")


def test_customer_key(elasticache, cloud, refused):
    """A cache with a customer's key names it by its ARN; a disabled key is refused."""
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", KmsKeyId=key["KeyId"])
    (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
    assert (cache["KmsKeyId"], cache["StorageEncryptionType"]) == (key["Arn"], "sse-kms")
    kms.disable_key(KeyId=key["KeyId"])
    message = f"The KMS key {key['KeyId']} is Disabled in us-east-1. It must exist and be enabled."
    assert refused(
        elasticache.create_serverless_cache, ServerlessCacheName="next", Engine="valkey", KmsKeyId=key["KeyId"]
    ) == ("InvalidParameterValue", message)


def test_snapshots_of_serverless_caches(elasticache, refused):
    """Snapshots are taken, copied, restored from, kept after the cache and deleted."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="redis")
    taken = elasticache.create_serverless_cache_snapshot(
        ServerlessCacheSnapshotName="First", ServerlessCacheName="cache", Tags=[{"Key": "a", "Value": "b"}]
    )["ServerlessCacheSnapshot"]
    assert taken["Status"] == "creating"
    assert elasticache.list_tags_for_resource(ResourceName=taken["ARN"])["TagList"] == [{"Key": "a", "Value": "b"}]
    assert refused(
        elasticache.create_serverless_cache_snapshot, ServerlessCacheSnapshotName="first", ServerlessCacheName="cache"
    ) == ("ServerlessCacheSnapshotAlreadyExistsFault", "Serverless cache snapshot first already exists.")
    elasticache.copy_serverless_cache_snapshot(
        SourceServerlessCacheSnapshotName="first", TargetServerlessCacheSnapshotName="second"
    )
    elasticache.delete_serverless_cache(ServerlessCacheName="cache", FinalSnapshotName="last")
    found = elasticache.describe_serverless_cache_snapshots(ServerlessCacheName="cache")["ServerlessCacheSnapshots"]
    assert [(one["ServerlessCacheSnapshotName"], one["Status"], one["SnapshotType"]) for one in found] == [
        ("first", "available", "manual"),
        ("last", "available", "manual"),
        ("second", "available", "manual"),
    ]
    assert found[1]["ServerlessCacheConfiguration"] == {
        "ServerlessCacheName": "cache",
        "Engine": "redis",
        "MajorEngineVersion": "7",
    }
    elasticache.create_serverless_cache(
        ServerlessCacheName="again", Engine="valkey", SnapshotArnsToRestore=[found[1]["ARN"]]
    )
    assert refused(
        elasticache.create_serverless_cache,
        ServerlessCacheName="wrong",
        Engine="memcached",
        SnapshotArnsToRestore=[found[1]["ARN"]],
    ) == ("InvalidParameterValue", "A snapshot of engine redis cannot be restored to the engine memcached.")
    for name in ("first", "second", "last"):
        elasticache.delete_serverless_cache_snapshot(ServerlessCacheSnapshotName=name)
    assert elasticache.describe_serverless_cache_snapshots()["ServerlessCacheSnapshots"] == []
    assert refused(elasticache.describe_serverless_cache_snapshots, ServerlessCacheSnapshotName="first") == (
        "ServerlessCacheSnapshotNotFoundFault",
        "Serverless cache snapshot first not found.",
    )
    assert refused(elasticache.describe_serverless_cache_snapshots, ServerlessCacheName="cache") == (
        "ServerlessCacheNotFoundFault",
        "Serverless cache cache not found.",
    )


def test_final_snapshot_name_is_checked_before_the_cache_goes(elasticache, refused):
    """A name that is taken refuses the delete, and the cache stays available."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")
    elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName="one", ServerlessCacheName="cache")
    code, _ = refused(elasticache.delete_serverless_cache, ServerlessCacheName="cache", FinalSnapshotName="one")
    assert code == "ServerlessCacheSnapshotAlreadyExistsFault"
    assert elasticache.describe_serverless_caches()["ServerlessCaches"][0]["Status"] == "available"


def test_export_is_refused(elasticache, cloud, refused):
    """There are no data for a bucket: AWS's reasons come first, and one that is right was granted nothing."""
    for engine in ("valkey", "memcached"):
        elasticache.create_serverless_cache(ServerlessCacheName=engine, Engine=engine)
        elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName=engine, ServerlessCacheName=engine)
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="backups")
    s3.create_bucket(Bucket="full")
    s3.put_object(Bucket="full", Key="valkey.rdb", Body=b"x")
    cloud.client("s3", "eu-west-1").create_bucket(
        Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    for bucket, message in (
        ("none", "The S3 bucket none does not exist."),
        ("far", "The S3 bucket far is outside of the region."),
        ("full", "The S3 bucket full already contains an object with key valkey.rdb."),
        ("backups", "ElastiCache has not been granted READ permissions backups on the S3 Bucket."),
    ):
        found = refused(
            elasticache.export_serverless_cache_snapshot, ServerlessCacheSnapshotName="valkey", S3BucketName=bucket
        )
        assert found == ("InvalidParameterValue", message)
    assert refused(
        elasticache.export_serverless_cache_snapshot, ServerlessCacheSnapshotName="memcached", S3BucketName="backups"
    ) == (
        "InvalidParameterValue",
        "Snapshots of the engine memcached cannot be exported.",
    )
    assert refused(
        elasticache.export_serverless_cache_snapshot, ServerlessCacheSnapshotName="none", S3BucketName="backups"
    )[0] == ("ServerlessCacheSnapshotNotFoundFault")


def test_a_modification_changes_something(elasticache, refused):
    """A request that names no change is refused; an empty description is one."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", Description="x")
    assert refused(elasticache.modify_serverless_cache, ServerlessCacheName="cache") == (
        "InvalidParameterCombination",
        "No modifications were requested",
    )
    changed = elasticache.modify_serverless_cache(ServerlessCacheName="cache", Description="")["ServerlessCache"]
    assert changed["Description"] == ""


def test_events_of_a_serverless_cache(elasticache, network):
    """A cache tells in AWS's words what was changed, and its snapshots that they were taken."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey", SubnetIds=network["own_subnets"])
    for changed in (
        {"Description": "x"},
        {"SecurityGroupIds": [network["own_group"]]},
        {"CacheUsageLimits": {"ECPUPerSecond": {"Maximum": 5000}}},
    ):
        elasticache.describe_serverless_caches()
        elasticache.modify_serverless_cache(ServerlessCacheName="cache", **changed)
    (cache,) = elasticache.describe_serverless_caches()["ServerlessCaches"]
    elasticache.add_tags_to_resource(ResourceName=cache["ARN"], Tags=[{"Key": "a", "Value": "b"}])
    elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName="one", ServerlessCacheName="cache")
    elasticache.delete_serverless_cache(ServerlessCacheName="cache")
    events = elasticache.describe_events(SourceType="serverless-cache", SourceIdentifier="cache")["Events"]
    assert [one["Message"] for one in reversed(events)] == [
        "Cache cache is created and ready to use.",
        "SecurityGroups updated for the cache cache.",
        "Limits updated for the cache cache.",
        "Tags updated for the cache cache.",
        "Cache cache was deleted.",
    ]
    (event,) = elasticache.describe_events(SourceType="serverless-cache-snapshot")["Events"]
    assert (event["SourceIdentifier"], event["Message"]) == ("one", "Snapshot one created for cache cache.")


def test_filters_of_snapshots_are_all_meant(elasticache):
    """A snapshot that is named and is of another cache, or of another type, is not shown."""
    for name in ("one", "two"):
        elasticache.create_serverless_cache(ServerlessCacheName=name, Engine="valkey")
        elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName=name, ServerlessCacheName=name)
    describe = elasticache.describe_serverless_cache_snapshots
    named = {"ServerlessCacheSnapshotName": "one"}
    assert len(describe(**named, ServerlessCacheName="one")["ServerlessCacheSnapshots"]) == 1
    assert describe(**named, ServerlessCacheName="two")["ServerlessCacheSnapshots"] == []
    assert describe(**named, SnapshotType="automated")["ServerlessCacheSnapshots"] == []


def test_names_of_snapshots_are_longer_than_those_of_caches(elasticache, refused):
    """A snapshot's name has up to 255 characters."""
    elasticache.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")
    given = {"ServerlessCacheName": "cache"}
    elasticache.create_serverless_cache_snapshot(**given, ServerlessCacheSnapshotName="a" * 255)
    code, message = refused(
        elasticache.create_serverless_cache_snapshot, **given, ServerlessCacheSnapshotName="a" * 256
    )
    assert code == "InvalidParameterValue"
    assert message.startswith("The parameter ServerlessCacheSnapshotName is not a valid identifier")


def test_pages_of_serverless_caches(elasticache):
    """`MaxResults` and `NextToken` walk over all caches once."""
    for number in range(5):
        elasticache.create_serverless_cache(ServerlessCacheName=f"cache-{number}", Engine="valkey")
    paginator = elasticache.get_paginator("describe_serverless_caches")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 2}))
    assert [[cache["ServerlessCacheName"] for cache in page["ServerlessCaches"]] for page in pages] == [
        ["cache-0", "cache-1"],
        ["cache-2", "cache-3"],
        ["cache-4"],
    ]
