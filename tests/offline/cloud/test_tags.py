"""Tags of every kind of resource, through HTTP."""

import pytest

from cachewright_offline.cloud.clock import CLOCK

ACCOUNT = "123456789012"


@pytest.fixture
def arns(elasticache, cloud):
    """Return the ARN of one resource of each taggable kind."""
    ec2 = cloud.client("ec2")
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="subnets", CacheSubnetGroupDescription="subnets", SubnetIds=subnets
    )
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="parameters", CacheParameterGroupFamily="redis7", Description="parameters"
    )
    elasticache.create_replication_group(
        ReplicationGroupId="group",
        ReplicationGroupDescription="group",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
        NumCacheClusters=2,
    )
    elasticache.create_cache_cluster(
        CacheClusterId="cluster", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1
    )
    elasticache.create_user(
        UserId="user", UserName="user", Engine="redis", AccessString="on ~* +@read", NoPasswordRequired=True
    )
    elasticache.create_user_group(UserGroupId="users", Engine="valkey")
    elasticache.create_serverless_cache(ServerlessCacheName="serverless", Engine="valkey")
    elasticache.create_serverless_cache_snapshot(ServerlessCacheSnapshotName="kept", ServerlessCacheName="serverless")
    elasticache.create_snapshot(SnapshotName="taken", ReplicationGroupId="group")
    names = {
        "subnetgroup": "subnets",
        "parametergroup": "parameters",
        "replicationgroup": "group",
        "cluster": "cluster",
        "user": "user",
        "usergroup": "users",
        "serverlesscache": "serverless",
        "serverlesscachesnapshot": "kept",
        "snapshot": "taken",
    }
    return {kind: f"arn:aws:elasticache:us-east-1:{ACCOUNT}:{kind}:{name}" for kind, name in names.items()}


def test_every_kind_is_tagged(elasticache, arns, refused):
    """Tags are added, changed, shown and removed on every kind of resource."""
    for arn in arns.values():
        added = elasticache.add_tags_to_resource(
            ResourceName=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]
        )
        assert added["TagList"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
        elasticache.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "3"}])
        assert elasticache.list_tags_for_resource(ResourceName=arn)["TagList"] == [
            {"Key": "a", "Value": "3"},
            {"Key": "b", "Value": "2"},
        ]
        assert elasticache.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])["TagList"] == [
            {"Key": "b", "Value": "2"}
        ]
        assert refused(elasticache.remove_tags_from_resource, ResourceName=arn, TagKeys=["a"]) == (
            "TagNotFound",
            f"The requested tag a was not found on the resource {arn}.",
        )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cluster", "CacheClusterNotFound"),
        ("parametergroup", "CacheParameterGroupNotFound"),
        ("replicationgroup", "ReplicationGroupNotFoundFault"),
        ("reserved-instance", "ReservedCacheNodeNotFound"),
        ("securitygroup", "CacheSecurityGroupNotFound"),
        ("serverlesscache", "ServerlessCacheNotFoundFault"),
        ("serverlesscachesnapshot", "ServerlessCacheSnapshotNotFoundFault"),
        ("snapshot", "SnapshotNotFoundFault"),
        ("subnetgroup", "CacheSubnetGroupNotFoundFault"),
        ("user", "UserNotFound"),
        ("usergroup", "UserGroupNotFound"),
    ],
)
def test_resource_that_does_not_exist(elasticache, refused, kind, code):
    """Each kind has its own fault for a resource that is not there."""
    arn = f"arn:aws:elasticache:us-east-1:{ACCOUNT}:{kind}:none"
    state = "either not present or not available" if kind == "cluster" else "not present"
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn) == (code, f"none is {state}")


def test_global_datastore_that_does_not_exist(elasticache, refused):
    """A global datastore's ARN has no region."""
    arn = f"arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:ldgnf-none"
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn)[0] == "GlobalReplicationGroupNotFoundFault"


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("main", "InvalidARN", "Input ARN string does not have 7 components."),
        (
            f"arn:aws:elasticache:us-east-1:{ACCOUNT}:user:default:more",
            "InvalidARN",
            "Input ARN string does not have 7 components.",
        ),
        (
            f"arn:aws-cn:elasticache:us-east-1:{ACCOUNT}:user:default",
            "InvalidARN",
            "partition field is wrong. Expected value is aws",
        ),
        (
            f"arn:aws:rds:us-east-1:{ACCOUNT}:cluster:main",
            "InvalidARN",
            "service field is wrong. Expected value is elasticache",
        ),
        (
            f"arn:aws:elasticache:us-east-1:{ACCOUNT}:teapot:main",
            "InvalidARN",
            f"arn:aws:elasticache:us-east-1:{ACCOUNT}:teapot:main is not a valid ElastiCache ARN.",
        ),
        (
            f"arn:aws:elasticache:eu-west-1:{ACCOUNT}:user:default",
            "InvalidParameterValue",
            "Unauthorized call. Please check the region or customer id",
        ),
        (
            "arn:aws:elasticache:us-east-1:000000000000:user:default",
            "InvalidParameterValue",
            "The resource ARN does not belong to the caller's account.",
        ),
    ],
)
def test_arn_that_names_nothing_here(elasticache, refused, arn, code, message):
    """What is no ARN, and ARNs of other partitions, services, regions and accounts, are refused as such."""
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn) == (code, message)


def test_quota(elasticache, arns, refused):
    """A resource has at most 50 tags; a request that would exceed it adds none."""
    arn = arns["user"]
    elasticache.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": f"k{i}", "Value": ""} for i in range(50)])
    assert refused(elasticache.add_tags_to_resource, ResourceName=arn, Tags=[{"Key": "more", "Value": ""}]) == (
        "TagQuotaPerResourceExceeded",
        "The request cannot be processed because it would cause the resource to have more than 50 tags.",
    )
    assert len(elasticache.list_tags_for_resource(ResourceName=arn)["TagList"]) == 50


def test_what_aws_made_has_tags(elasticache):
    """The default user and the default parameter groups can be asked for their tags, and have none."""
    for name in ("user:default", "parametergroup:default.redis7"):
        arn = f"arn:aws:elasticache:us-east-1:{ACCOUNT}:{name}"
        assert elasticache.list_tags_for_resource(ResourceName=arn)["TagList"] == []


def test_member_cluster_carries_its_groups_tags(elasticache, arns):
    """The ARN of a member of a replication group shows the group's tags."""
    elasticache.add_tags_to_resource(ResourceName=arns["replicationgroup"], Tags=[{"Key": "a", "Value": "1"}])
    member = f"arn:aws:elasticache:us-east-1:{ACCOUNT}:cluster:group-001"
    assert elasticache.list_tags_for_resource(ResourceName=member)["TagList"] == [{"Key": "a", "Value": "1"}]


def test_tags_that_are_refused(elasticache, arns, refused):
    """Keys of AWS's own, keys and values that are too long, and keys that are given twice add nothing."""
    arn = arns["usergroup"]
    for tags, message in (
        ([{"Key": "aws:team", "Value": "x"}], "The tag key must be 1-128 characters and not starting with aws:"),
        ([{"Key": "k" * 129, "Value": "x"}], "The tag key must be 1-128 characters"),
        ([{"Key": "k", "Value": "v" * 257}], "The tag value must be 0-256 characters"),
        ([{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}], "The tag key k is given more than once."),
    ):
        code, found = refused(elasticache.add_tags_to_resource, ResourceName=arn, Tags=tags)
        assert code == "InvalidParameterValue"
        assert found.startswith(message)
    assert elasticache.list_tags_for_resource(ResourceName=arn)["TagList"] == []


def test_tags_given_at_creation(elasticache):
    """What is created with tags has them, and a tag need not have a value."""
    tags = [{"Key": "empty"}, {"Key": "team", "Value": "checkout"}]
    group = elasticache.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="valkey8", Description="own", Tags=tags
    )["CacheParameterGroup"]
    cluster = elasticache.create_cache_cluster(
        CacheClusterId="one", Engine="redis", CacheNodeType="cache.t4g.micro", NumCacheNodes=1, Tags=tags
    )["CacheCluster"]
    for arn in (group["ARN"], cluster["ARN"]):
        assert elasticache.list_tags_for_resource(ResourceName=arn)["TagList"] == [
            {"Key": "empty", "Value": ""},
            {"Key": "team", "Value": "checkout"},
        ]


def test_tags_wait_until_it_is_available(in_process):
    """With a speed, what is being made, changed or deleted has no tags to read or change."""
    CLOCK.speed = 1
    group = in_process.call(
        "CreateReplicationGroup",
        ReplicationGroupId="group",
        ReplicationGroupDescription="group",
        Engine="redis",
        CacheNodeType="cache.r6g.large",
        NumCacheClusters=2,
    )["ReplicationGroup"]["ARN"]
    cluster = in_process.call(
        "CreateCacheCluster", CacheClusterId="one", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1
    )["CacheCluster"]["ARN"]
    users = in_process.call("CreateUserGroup", UserGroupId="users", Engine="valkey")["ARN"]
    unavailable = "Cluster not in available state to perform tagging operations."
    waiting = {
        group: ("InvalidReplicationGroupState", unavailable),
        group.replace("replicationgroup:group", "cluster:group-001"): ("InvalidReplicationGroupState", unavailable),
        cluster: ("CacheClusterNotFound", "one is either not present or not available"),
        users: ("UserGroupNotFound", "users is not available for tagging"),
    }
    for resource, error in waiting.items():
        assert in_process.refused("ListTagsForResource", ResourceName=resource) == error
    CLOCK.advance(3600)
    for resource in waiting:
        assert in_process.call("ListTagsForResource", ResourceName=resource)["TagList"] == []
    in_process.call(
        "ModifyReplicationGroup", ReplicationGroupId="group", CacheNodeType="cache.r6g.xlarge", ApplyImmediately=True
    )
    tags = [{"Key": "team", "Value": "checkout"}]
    assert in_process.refused("AddTagsToResource", ResourceName=group, Tags=tags) == (
        "InvalidReplicationGroupState",
        unavailable,
    )


def test_user_that_is_being_changed_is_not_tagged(in_process):
    """With a speed, a user whose rights are being changed has no tags to read or change."""
    CLOCK.speed = 1
    arn = in_process.call(
        "CreateUser",
        UserId="reader",
        UserName="reader",
        Engine="redis",
        AccessString="on ~* +@read",
        NoPasswordRequired=True,
    )["ARN"]
    in_process.call("ModifyUser", UserId="reader", AppendAccessString="+get")
    assert in_process.refused("RemoveTagsFromResource", ResourceName=arn, TagKeys=["team"]) == (
        "UserNotFound",
        "reader is not available for tagging",
    )
    CLOCK.advance(600)
    assert in_process.call("ListTagsForResource", ResourceName=arn)["TagList"] == []
