"""The tables, held against botocore's model of the ElastiCache API."""

import re

import boto3.session
import botocore.session
import pytest

from cachewright.catalog import access_string, auth_token, engine_versions, metrics, names, regions, resource_types

MODEL = botocore.session.get_session().get_service_model("elasticache")

# A property of the provider: what the API calls it, where it is not the same word.
RENAMED = {
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        "description": "ReplicationGroupDescription",
        "maintenanceWindow": "PreferredMaintenanceWindow",
        "nodeType": "CacheNodeType",
        "nodeGroupConfigurations": "NodeGroupConfiguration",
        "parameterGroupName": "CacheParameterGroupName",
        "preferredCacheClusterAzs": "PreferredCacheClusterAZs",
        "securityGroupNames": "CacheSecurityGroupNames",
        "subnetGroupName": "CacheSubnetGroupName",
        "userGroupIds": "UserGroupIds",
        "multiAzEnabled": "MultiAZEnabled",
        "authTokenWo": "AuthToken",
    },
    "aws:elasticache/cluster:Cluster": {
        "availabilityZone": "PreferredAvailabilityZone",
        "azMode": "AZMode",
        "maintenanceWindow": "PreferredMaintenanceWindow",
        "clusterId": "CacheClusterId",
        "nodeType": "CacheNodeType",
        "parameterGroupName": "CacheParameterGroupName",
        "subnetGroupName": "CacheSubnetGroupName",
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {
        "name": "CacheSubnetGroupName",
        "description": "CacheSubnetGroupDescription",
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        "name": "CacheParameterGroupName",
        "family": "CacheParameterGroupFamily",
        "parameters": "ParameterNameValues",
    },
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
        "parameterGroupName": "CacheParameterGroupName",
        "numNodeGroups": "NodeGroupCount",
    },
    "aws:elasticache/serverlessCache:ServerlessCache": {
        "name": "ServerlessCacheName",
        "snapshotArnsToRestores": "SnapshotArnsToRestore",
    },
    "aws:elasticache/user:User": {"passwordsWo": "Passwords"},
    "aws:elasticache/userGroup:UserGroup": {},
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": {"userId": "UserIdsToAdd"},
}
# Properties that only the provider knows.
PROVIDER_ONLY = {
    "aws:elasticache/replicationGroup:ReplicationGroup": {"authTokenWoVersion", "region"},
    "aws:elasticache/cluster:Cluster": {"region"},
    "aws:elasticache/subnetGroup:SubnetGroup": {"region"},
    "aws:elasticache/parameterGroup:ParameterGroup": {"region"},
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {"region"},
    "aws:elasticache/serverlessCache:ServerlessCache": {"region", "timeouts"},
    "aws:elasticache/user:User": {"passwordsWoVersion", "region"},
    "aws:elasticache/userGroup:UserGroup": {"region"},
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": {"region"},
}
OPERATIONS = {
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "CreateReplicationGroup ModifyReplicationGroup DeleteReplicationGroup"
    ),
    "aws:elasticache/cluster:Cluster": "CreateCacheCluster ModifyCacheCluster DeleteCacheCluster",
    "aws:elasticache/subnetGroup:SubnetGroup": "CreateCacheSubnetGroup",
    "aws:elasticache/parameterGroup:ParameterGroup": "CreateCacheParameterGroup ModifyCacheParameterGroup",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (
        "CreateGlobalReplicationGroup ModifyGlobalReplicationGroup IncreaseNodeGroupsInGlobalReplicationGroup"
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": "CreateServerlessCache ModifyServerlessCache",
    "aws:elasticache/user:User": "CreateUser ModifyUser",
    "aws:elasticache/userGroup:UserGroup": "CreateUserGroup",
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": "ModifyUserGroup",
}


@pytest.mark.parametrize("token", OPERATIONS)
def test_every_argument_of_the_provider_is_one_of_the_api(token: str) -> None:
    """Each has its counterpart in a request, or is one that only the provider knows."""
    table = resource_types.find(token)
    assert table is not None
    members = set().union(*(MODEL.operation_model(one).input_shape.members for one in OPERATIONS[token].split()))

    without = {
        one.name
        for one in table.inputs()
        if RENAMED[token].get(one.name, one.name[0].upper() + one.name[1:]) not in members
    }
    assert without == PROVIDER_ONLY[token]
    assert set(RENAMED[token]) <= {one.name for one in table.inputs()}


@pytest.mark.parametrize(
    ("kind", "operation", "member"),
    [
        ("user_id", "CreateUser", "UserId"),
        ("user_name", "CreateUser", "UserName"),
        ("user_group_id", "CreateUserGroup", "UserGroupId"),
    ],
)
def test_names_are_within_the_models_own_pattern(kind: str, operation: str, member: str) -> None:
    """What the table accepts, the API's shape accepts."""
    shape = MODEL.operation_model(operation).input_shape.members[member]
    pattern = shape.metadata.get("pattern")

    assert names.rules()[kind].minimum >= shape.metadata.get("min", 0)
    if pattern:
        for name in ("reader", "Reader-1", "r"):
            assert names.problem(kind, name) is None
            assert re.fullmatch(pattern, name)


def test_every_region_of_the_service_is_known() -> None:
    """With its partition: an ARN of another partition is refused."""
    session = boto3.session.Session()
    expected = {
        region: partition
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("elasticache", partition_name=partition)
    }

    assert {name: one.partition for name, one in regions.regions().items()} == expected


@pytest.mark.parametrize("one", regions.regions().values(), ids=lambda one: one.name)
def test_a_region_has_two_zones_or_more(one: regions.Region) -> None:
    """A cache across zones needs them; their names are the region's with a letter."""
    zones = regions.availability_zones(one.name)

    assert len(zones) == len(set(zones)) >= 2
    assert all(re.fullmatch(rf"{one.name}[a-f]", zone) for zone in zones)
    assert one.global_datastore or not one.global_datastore_prefix


@pytest.mark.parametrize(
    ("property_name", "shape", "values"),
    [
        ("azMode", "AZMode", {"single-az", "cross-az"}),
        ("clusterMode", "ClusterMode", {"enabled", "disabled", "compatible"}),
        ("transitEncryptionMode", "TransitEncryptionMode", {"preferred", "required"}),
        ("networkType", "NetworkType", {"ipv4", "ipv6", "dual_stack"}),
        ("ipDiscovery", "IpDiscovery", {"ipv4", "ipv6"}),
        ("logType", "LogType", {"slow-log", "engine-log"}),
        ("logFormat", "LogFormat", {"text", "json"}),
        ("authTokenUpdateStrategy", "AuthTokenUpdateStrategyType", {"SET", "ROTATE", "DELETE"}),
        ("authenticationMode.type", "InputAuthenticationType", {"password", "no-password-required", "iam"}),
    ],
)
def test_the_words_the_toolkit_knows_are_the_models(property_name: str, shape: str, values: set[str]) -> None:
    """A new word in a new botocore turns this red."""
    assert set(MODEL.shape_for(shape).enum) == values, property_name


def test_the_characters_of_a_token_are_those_of_the_model() -> None:
    """AWS names the characters other than letters and digits that it takes."""
    text = MODEL.shape_for("CreateReplicationGroupMessage").members["AuthToken"].documentation
    plain = re.sub(r"<[^>]+>", " ", text).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    named = re.search(r"only permitted printable special characters are ([^.]*)\.", plain)

    assert named is not None
    assert set(re.findall(r"[^\w\s,]", named[1])) == set(auth_token.SPECIAL_CHARACTERS)


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("a" * 16, None),
        ("Aa0!&#$^<>-" * 11, None),
        ("a" * 128, None),
        ("a" * 15, "must be 16-128 characters, got 15; leave it out to have one generated"),
        ("a" * 129, "must be 16-128 characters, got 129; leave it out to have one generated"),
        (
            "a" * 16 + "@",
            "must hold only letters, digits and !&#$^<>-, got another character; leave it out to have one generated",
        ),
        (
            "ä" * 16,
            "must hold only letters, digits and !&#$^<>-, got another character; leave it out to have one generated",
        ),
    ],
)
def test_a_token(token: str, problem: str | None) -> None:
    """Its length and characters, never itself."""
    assert auth_token.problem(token) == problem


@pytest.mark.parametrize("engine", engine_versions.ENGINES)
def test_versions_are_in_order_and_found(engine: str) -> None:
    """Oldest first, each found by what a program writes, in any case of the engine."""
    known = engine_versions.engine_versions(engine)
    keys = [engine_versions.version_key(one.version) for one in known]

    assert keys == sorted(set(keys))
    assert all(engine_versions.find(engine.upper(), one.version) == one for one in known)
    assert engine_versions.default_version(engine) == known[-1].version
    assert engine_versions.find(engine, "0.1") is None


@pytest.mark.parametrize(
    ("engine", "version", "family", "actual"),
    [
        ("redis", "6.x", "redis6.x", "6.2.6"),
        ("redis", "7.1", "redis7", "7.1.0"),
        ("redis", "5.0.6", "redis5.0", "5.0.6"),
        ("valkey", "7.2", "valkey7", "7.2.6"),
        ("valkey", "8.1", "valkey8", "8.1.0"),
        ("memcached", "1.6.22", "memcached1.6", "1.6.22"),
    ],
)
def test_a_version(engine: str, version: str, family: str, actual: str) -> None:
    """Its family and what AWS reports of it."""
    found = engine_versions.find(engine, version)

    assert found is not None
    assert (found.family, engine_versions.actual_version(engine, version)) == (family, actual)


@pytest.mark.parametrize("version", ["7.x", "7", "7.0.5", "10.0", "6.xyz", "17.2", "1.6.22"])
def test_what_the_provider_lets_through_is_no_version(version: str) -> None:
    """The provider's expression is not anchored; ours is a list."""
    assert engine_versions.find("redis", version) is None


def test_categories_are_redis_s_and_those_of_valkeys_modules() -> None:
    """No category twice; the modules' are in."""
    assert len(access_string.CATEGORIES) == len(set(access_string.CATEGORIES))
    assert {"read", "write", "dangerous", "admin", "json", "search", "bloom"} <= set(access_string.CATEGORIES)


def test_metrics_are_published_once_for_each_kind_of_cache() -> None:
    """Nothing is published by replication group; Memcached has hits of gets and no hit rate."""
    seen = [(one.name, one.dimensions) for one in metrics.metrics()]

    assert len(seen) == len(set(seen))
    assert all("ReplicationGroupId" not in one.dimensions for one in metrics.metrics())
    hit_rate = metrics.find("CacheHitRate")
    assert hit_rate is not None
    assert hit_rate.engines == ("redis", "valkey")
    assert metrics.find("GetHits") is not None
    assert metrics.find("EngineCPUUtilization", serverless=True) is None
    assert metrics.find("NoSuchMetric") is None
