"""Diff: what differs by path, and what replaces, for every ElastiCache type."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.values import UNKNOWN

GROUP = {"description": "a cache", "nodeType": "cache.t4g.micro"}
MEMCACHED = {"engine": "memcached", "nodeType": "cache.t4g.micro", "numCacheNodes": 2}
SERVERLESS = {"engine": "valkey", "majorEngineVersion": "8"}
USER = {"userId": "app", "userName": "app", "engine": "valkey", "accessString": "on ~* +@read"}
GLOBAL = {"globalReplicationGroupIdSuffix": "main", "primaryReplicationGroupId": "primary"}
RG = "elasticache/replicationGroup:ReplicationGroup"
CLUSTER = "elasticache/cluster:Cluster"
GRG = "elasticache/globalReplicationGroup:GlobalReplicationGroup"
CACHE = "elasticache/serverlessCache:ServerlessCache"
PARAMETERS = "elasticache/parameterGroup:ParameterGroup"
ZONE = "route53/zone:Zone"
EAST = {"vpcId": "vpc-1", "vpcRegion": "us-east-1"}
ZONES = ["us-east-1a", "us-east-1b"]

# (type, old inputs, new inputs, old outputs, differences)
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, str]]] = [
    (RG, GROUP, GROUP, {}, {}),
    (RG, GROUP, {**GROUP, "description": "other"}, {}, {"description": "update"}),
    (RG, GROUP, {**GROUP, "nodeType": "cache.m7g.large"}, {}, {"nodeType": "update"}),
    # Computed: leaving it out changes nothing, giving what AWS has already changes nothing.
    (RG, {**GROUP, "engineVersion": "7.1"}, GROUP, {}, {}),
    (RG, GROUP, {**GROUP, "engineVersion": "7.1"}, {"engineVersion": "7.1"}, {}),
    (
        RG,
        GROUP,
        {**GROUP, "maintenanceWindow": "Mon:05:00-mon:07:00"},
        {"maintenanceWindow": "mon:05:00-mon:07:00"},
        {},
    ),
    (RG, GROUP, {**GROUP, "numCacheClusters": 2}, {"numCacheClusters": 1}, {"numCacheClusters": "update"}),
    # Versions: up in place, down by replacement, whatever the spelling.
    (RG, {**GROUP, "engineVersion": "7.0"}, {**GROUP, "engineVersion": "7.1"}, {}, {"engineVersion": "update"}),
    (RG, {**GROUP, "engineVersion": "7.1"}, {**GROUP, "engineVersion": "7.0"}, {}, {"engineVersion": "update-replace"}),
    (RG, {**GROUP, "engineVersion": "5.0.6"}, {**GROUP, "engineVersion": "6.x"}, {}, {"engineVersion": "update"}),
    (RG, {**GROUP, "engineVersion": "6.2"}, {**GROUP, "engineVersion": "6.x"}, {}, {}),
    (
        RG,
        {**GROUP, "engineVersion": "6.x"},
        {**GROUP, "engineVersion": "5.0.6"},
        {},
        {"engineVersion": "update-replace"},
    ),
    (RG, {**GROUP, "engineVersion": "7.1"}, {**GROUP, "engineVersion": UNKNOWN}, {}, {"engineVersion": "update"}),
    (
        RG,
        {**GROUP, "engineVersion": "7.1"},
        {**GROUP, "engineVersion": "7.0"},
        {"globalReplicationGroupId": "ldgnf-main"},
        {"engineVersion": "update"},
    ),
    # Engines: only Redis OSS to Valkey is an upgrade.
    (
        RG,
        {**GROUP, "engine": "redis", "engineVersion": "7.1"},
        {**GROUP, "engine": "valkey", "engineVersion": "8.1"},
        {},
        {"engine": "update", "engineVersion": "update"},
    ),
    (
        RG,
        {**GROUP, "engine": "valkey", "engineVersion": "7.2"},
        {**GROUP, "engine": "redis", "engineVersion": "7.1"},
        {},
        {"engine": "update-replace", "engineVersion": "update-replace"},
    ),
    (RG, {**GROUP, "engine": "redis"}, {**GROUP, "engine": "Redis"}, {}, {}),
    # TLS in place from 7.0.5 on.
    (
        RG,
        {**GROUP, "transitEncryptionEnabled": False},
        {**GROUP, "transitEncryptionEnabled": True},
        {"engineVersionActual": "7.0.4"},
        {"transitEncryptionEnabled": "update-replace"},
    ),
    (
        RG,
        {**GROUP, "transitEncryptionEnabled": False},
        {**GROUP, "transitEncryptionEnabled": True},
        {"engineVersionActual": "7.0.5"},
        {"transitEncryptionEnabled": "update"},
    ),
    # Fixed at creation.
    (RG, GROUP, {**GROUP, "kmsKeyId": "key"}, {}, {"kmsKeyId": "add-replace"}),
    (RG, {**GROUP, "snapshotName": "s"}, GROUP, {}, {"snapshotName": "delete-replace"}),
    (RG, {**GROUP, "port": 6380}, {**GROUP, "port": 6381}, {}, {"port": "update-replace"}),
    (RG, GROUP, {**GROUP, "port": 6379}, {"port": 6379}, {}),
    (RG, {**GROUP, "port": 6379}, GROUP, {"port": 6379}, {}),
    (
        RG,
        {**GROUP, "subnetGroupName": "a"},
        {**GROUP, "subnetGroupName": UNKNOWN},
        {},
        {"subnetGroupName": "update-replace"},
    ),
    (RG, GROUP, {**GROUP, "region": "eu-west-1"}, {"region": "us-east-1"}, {"region": "update-replace"}),
    (RG, GROUP, {**GROUP, "region": "us-east-1"}, {"region": "us-east-1"}, {}),
    (RG, {**GROUP, "replicationGroupId": "Main"}, {**GROUP, "replicationGroupId": "main"}, {}, {}),
    # Layout of shards.
    (
        RG,
        {**GROUP, "nodeGroupConfigurations": [{"slots": "0-8191"}, {"slots": "8192-16383"}]},
        {**GROUP, "nodeGroupConfigurations": [{"slots": "8192-16383"}, {"slots": "0-8191"}]},
        {},
        {},
    ),
    (
        RG,
        {**GROUP, "nodeGroupConfigurations": [{"slots": "0-16383"}]},
        {**GROUP, "nodeGroupConfigurations": [{"slots": "0-8191"}, {"slots": "8192-16383"}]},
        {},
        {"nodeGroupConfigurations[0]": "update-replace", "nodeGroupConfigurations[1]": "add-replace"},
    ),
    (
        RG,
        {**GROUP, "nodeGroupConfigurations": [{"replicaCount": 1}]},
        {**GROUP, "nodeGroupConfigurations": [{"replicaCount": 1, "primaryAvailabilityZone": "us-east-1a"}]},
        {},
        {"nodeGroupConfigurations[0]": "update"},
    ),
    # Sets have no order; maps and their keys have paths.
    (RG, {**GROUP, "securityGroupIds": ["a", "b"]}, {**GROUP, "securityGroupIds": ["b", "a"]}, {}, {}),
    (
        RG,
        {**GROUP, "securityGroupIds": ["a", "b"]},
        {**GROUP, "securityGroupIds": ["c", "b", "d"]},
        {},
        {"securityGroupIds[0]": "update", "securityGroupIds[2]": "add"},
    ),
    (
        RG,
        {**GROUP, "securityGroupIds": ["a"]},
        {**GROUP, "securityGroupIds": [UNKNOWN]},
        {},
        {"securityGroupIds[0]": "update"},
    ),
    (
        RG,
        {**GROUP, "tags": {"kept": "1", "gone": "1", "changed": "1"}},
        {**GROUP, "tags": {"kept": "1", "changed": "2", "a.b": "1"}},
        {},
        {"tags.gone": "delete", "tags.changed": "update", 'tags["a.b"]': "add"},
    ),
    (RG, GROUP, {**GROUP, "tags": {"a": "1"}}, {}, {"tags": "add"}),
    (RG, {**GROUP, "tags": {"a": "1"}}, GROUP, {}, {"tags": "delete"}),
    (RG, GROUP, {**GROUP, "tags": {}}, {}, {}),
    (RG, GROUP, {**GROUP, "snapshotRetentionLimit": 0}, {}, {}),
    (
        RG,
        {**GROUP, "snapshotRetentionLimit": 0},
        {**GROUP, "snapshotRetentionLimit": 7},
        {},
        {"snapshotRetentionLimit": "update"},
    ),
    # A write-only token counts by its version.
    (
        RG,
        {**GROUP, "authTokenWo": "x" * 16, "authTokenWoVersion": 1},
        {**GROUP, "authTokenWo": "y" * 16, "authTokenWoVersion": 1},
        {},
        {},
    ),
    (
        RG,
        {**GROUP, "authTokenWo": "x" * 16, "authTokenWoVersion": 1},
        {**GROUP, "authTokenWo": "y" * 16, "authTokenWoVersion": 2},
        {},
        {"authTokenWoVersion": "update"},
    ),
    # A member of a global group has what the global group says.
    (
        RG,
        GROUP,
        {**GROUP, "automaticFailoverEnabled": True, "numCacheClusters": 2, "description": "b"},
        {"globalReplicationGroupId": "ldgnf-main", "numCacheClusters": 2},
        {"description": "update"},
    ),
    (CLUSTER, MEMCACHED, {**MEMCACHED, "numCacheNodes": 3}, {}, {"numCacheNodes": "update"}),
    (CLUSTER, MEMCACHED, {**MEMCACHED, "nodeType": "cache.m7g.large"}, {}, {"nodeType": "update-replace"}),
    (
        CLUSTER,
        {"engine": "redis", "nodeType": "cache.t4g.micro"},
        {"engine": "redis", "nodeType": "cache.m7g.large"},
        {},
        {"nodeType": "update"},
    ),
    (
        CLUSTER,
        MEMCACHED,
        {**MEMCACHED, "engine": "redis", "numCacheNodes": 1},
        {},
        {"engine": "update-replace", "numCacheNodes": "update"},
    ),
    (
        CLUSTER,
        MEMCACHED,
        {**MEMCACHED, "transitEncryptionEnabled": True},
        {"transitEncryptionEnabled": False},
        {"transitEncryptionEnabled": "update-replace"},
    ),
    (CLUSTER, MEMCACHED, {**MEMCACHED, "autoMinorVersionUpgrade": "false"}, {}, {"autoMinorVersionUpgrade": "update"}),
    (
        CLUSTER,
        {**MEMCACHED, "engineVersion": "1.6.17"},
        {**MEMCACHED, "engineVersion": "1.6.12"},
        {},
        {"engineVersion": "update-replace"},
    ),
    (
        CLUSTER,
        {**MEMCACHED, "preferredAvailabilityZones": ZONES},
        {**MEMCACHED, "preferredAvailabilityZones": ZONES[::-1]},
        {},
        {"preferredAvailabilityZones[0]": "update", "preferredAvailabilityZones[1]": "update"},
    ),
    (
        GRG,
        GLOBAL,
        {**GLOBAL, "globalReplicationGroupDescription": "x"},
        {},
        {"globalReplicationGroupDescription": "add"},
    ),
    (
        GRG,
        GLOBAL,
        {**GLOBAL, "primaryReplicationGroupId": "other"},
        {},
        {"primaryReplicationGroupId": "update-replace"},
    ),
    (GRG, {**GLOBAL, "engine": "redis"}, {**GLOBAL, "engine": "valkey"}, {}, {"engine": "update"}),
    (GRG, {**GLOBAL, "engine": "valkey"}, {**GLOBAL, "engine": "redis"}, {}, {"engine": "update-replace"}),
    (
        GRG,
        {**GLOBAL, "engineVersion": "7.1"},
        {**GLOBAL, "engineVersion": "8.0", "engine": "valkey", "parameterGroupName": "p"},
        {"engine": "redis"},
        {"engine": "update", "engineVersion": "update", "parameterGroupName": "add"},
    ),
    (CACHE, SERVERLESS, {**SERVERLESS, "engine": "redis"}, {}, {"engine": "update"}),
    (CACHE, SERVERLESS, {"engine": "memcached"}, {}, {"engine": "update-replace"}),
    (CACHE, {**SERVERLESS, "majorEngineVersion": "7"}, SERVERLESS, {}, {"majorEngineVersion": "update"}),
    (CACHE, SERVERLESS, {**SERVERLESS, "majorEngineVersion": "7"}, {}, {"majorEngineVersion": "update-replace"}),
    (
        CACHE,
        {**SERVERLESS, "cacheUsageLimits": {"dataStorage": {"maximum": 5, "unit": "GB"}}},
        {
            **SERVERLESS,
            "cacheUsageLimits": {"dataStorage": {"maximum": 10, "unit": "GB"}, "ecpuPerSeconds": [{"maximum": 5000}]},
        },
        {},
        {"cacheUsageLimits.dataStorage.maximum": "update", "cacheUsageLimits.ecpuPerSeconds": "add"},
    ),
    (CACHE, SERVERLESS, {**SERVERLESS, "subnetIds": ["s"]}, {"subnetIds": ["t"]}, {"subnetIds[0]": "update-replace"}),
    ("elasticache/subnetGroup:SubnetGroup", {"subnetIds": ["a", "b"]}, {"subnetIds": ["b", "a"]}, {}, {}),
    (
        "elasticache/subnetGroup:SubnetGroup",
        {"subnetIds": ["a"]},
        {"subnetIds": ["a"], "description": "x"},
        {},
        {"description": "update"},
    ),
    (
        "elasticache/subnetGroup:SubnetGroup",
        {"subnetIds": ["a"], "name": "x"},
        {"subnetIds": ["a"], "name": "y"},
        {},
        {"name": "update-replace"},
    ),
    (PARAMETERS, {"family": "redis7"}, {"family": "valkey8"}, {}, {"family": "update-replace"}),
    (PARAMETERS, {"family": "redis7"}, {"family": "redis7", "description": "x"}, {}, {"description": "update-replace"}),
    (
        PARAMETERS,
        {"family": "redis7", "parameters": [{"name": "a", "value": "1"}, {"name": "b", "value": "1"}]},
        {"family": "redis7", "parameters": [{"name": "b", "value": "1"}, {"name": "a", "value": "2"}]},
        {},
        {"parameters[0]": "delete", "parameters[1]": "add"},
    ),
    ("elasticache/user:User", USER, {**USER, "accessString": "on  ~* -@all +@read"}, {}, {}),
    ("elasticache/user:User", USER, {**USER, "accessString": "on ~* +@write"}, {}, {"accessString": "update"}),
    ("elasticache/user:User", USER, {**USER, "userName": "other"}, {}, {"userName": "update-replace"}),
    (
        "elasticache/user:User",
        {**USER, "authenticationMode": {"type": "password", "passwords": ["x" * 16, "y" * 16]}},
        {**USER, "authenticationMode": {"type": "password", "passwords": ["y" * 16, "x" * 16]}},
        {},
        {},
    ),
    (
        "elasticache/userGroup:UserGroup",
        {"userGroupId": "g", "engine": "valkey", "userIds": ["a"]},
        {"userGroupId": "g", "engine": "valkey", "userIds": ["a", "b"]},
        {},
        {"userIds[1]": "add"},
    ),
    (
        "elasticache/userGroupAssociation:UserGroupAssociation",
        {"userGroupId": "g", "userId": "a"},
        {"userGroupId": "g", "userId": "b"},
        {},
        {"userId": "update-replace"},
    ),
    # A VPC of a zone is told by its id: the region that AWS fills in is no difference, another VPC is one.
    (ZONE, {"name": "a.b", "vpcs": [EAST]}, {"name": "a.b", "vpcs": [{"vpcId": "vpc-1"}]}, {"vpcs": [EAST]}, {}),
    (ZONE, {"name": "a.b", "vpcs": [{"vpcId": "vpc-1"}]}, {"name": "a.b", "vpcs": [EAST]}, {"vpcs": [EAST]}, {}),
    (
        ZONE,
        {"name": "a.b", "vpcs": [EAST]},
        {"name": "a.b", "vpcs": [{"vpcId": "vpc-2"}]},
        {"vpcs": [EAST]},
        {"vpcs[0]": "update"},
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_differences_have_paths_and_kinds(resource: Callable[[str], Any], change: Any) -> None:
    """Exactly what differs is told, as an update or as a replacement."""
    token, old, new, outputs, expected = change
    assert resource(token).changes(old, new, outputs) == expected


REFUSED = [
    (
        RG,
        {**GROUP, "engine": "redis"},
        {**GROUP, "engine": "valkey"},
        "engine: moving to valkey needs a Valkey version in the same update: give engineVersion too, for example 8.1",
    ),
    (
        RG,
        {**GROUP, "authToken": "x" * 16},
        GROUP,
        "authToken: AWS takes an AUTH token away only in exchange for a user group: give userGroupIds, and DELETE as "
        "authTokenUpdateStrategy",
    ),
    (
        CLUSTER,
        {**MEMCACHED, "preferredAvailabilityZones": ZONES},
        {**MEMCACHED, "preferredAvailabilityZones": ZONES, "numCacheNodes": 3},
        "preferredAvailabilityZones: expected one zone per node (3), found 2: name the zones of the added nodes too, "
        "or leave it out",
    ),
    (
        GRG,
        {**GLOBAL, "engineVersion": "7.1"},
        {**GLOBAL, "engineVersion": "7.0"},
        "engineVersion: a global datastore cannot go back from 7.1 to 7.0: keep 7.1, or build a new one",
    ),
    (
        GRG,
        {**GLOBAL, "engineVersion": "7.0"},
        {**GLOBAL, "engineVersion": "7.1", "parameterGroupName": "p"},
        "parameterGroupName: is taken only together with a new engine or a new major engineVersion: leave it out",
    ),
]


@pytest.mark.parametrize(("token", "old", "new", "message"), REFUSED)
def test_changes_that_aws_refuses_are_refused_in_the_plan(
    resource: Callable[[str], Any], token: str, old: dict[str, Any], new: dict[str, Any], message: str
) -> None:
    """A change that no call could make is refused before anything is done."""
    with pytest.raises(ProviderError) as refused:
        resource(token).changes(old, new)
    assert str(refused.value) == message


def test_fixed_name_is_deleted_before_it_is_replaced(replication_group: Any) -> None:
    """An automatic name is created first; a name of the program has to be free before."""
    automatic = replication_group.diff({**GROUP, "kmsKeyId": "a"}, {**GROUP, "kmsKeyId": "b"})
    fixed = {**GROUP, "replicationGroupId": "main"}
    named = replication_group.diff({**fixed, "kmsKeyId": "a"}, {**fixed, "kmsKeyId": "b"})
    renamed = replication_group.diff(fixed, {**GROUP, "replicationGroupId": "other"})
    updated = replication_group.diff(fixed, {**fixed, "description": "b"})
    assert automatic.delete_before_replace is False
    assert named.delete_before_replace is True
    assert named.replace_keys == ("kmsKeyId",)
    assert renamed.delete_before_replace is True
    assert updated.delete_before_replace is False


def test_serverless_cache_is_never_deleted_first(resource: Callable[[str], Any]) -> None:
    """The bridge does not compute it for types of the plugin framework."""
    fixed = {**SERVERLESS, "name": "main"}
    result = resource(CACHE).diff(fixed, {**fixed, "kmsKeyId": "key"})
    assert result.replace_keys == ("kmsKeyId",)
    assert result.delete_before_replace is False


def test_default_tags_show_as_tags_all(configure: Callable[[dict[str, Any]], Any], replication_group: Any) -> None:
    """A new default tag of the provider updates every taggable resource."""
    provider = configure({"region": "us-east-1", "defaultTags": '{"tags":{"team":"a"}}'})
    checked = replication_group.check({**GROUP, "tags": {"own": "1"}}).inputs
    same = provider.diff(replication_group.urn, "id", checked, {"tagsAll": {"own": "1", "team": "a"}}, checked)
    other = provider.diff(replication_group.urn, "id", checked, {"tagsAll": {"own": "1", "team": "b"}}, checked)
    assert same.detailed == {}
    assert list(other.detailed) == ["tagsAll"]


def test_outputs_of_a_new_resource_are_foretold(resource: Callable[[str], Any]) -> None:
    """Inputs, region and tags are known; what AWS decides is not."""
    outputs = resource("elasticache/subnetGroup:SubnetGroup").foretold({"subnetIds": ["a"], "tags": {"x": "1"}})
    assert outputs == {
        "name": "cache-19b2585",
        "description": "Managed by Pulumi",
        "subnetIds": ["a"],
        "tags": {"x": "1"},
        "tagsAll": {"x": "1"},
        "region": "us-east-1",
        "arn": UNKNOWN,
        "vpcId": UNKNOWN,
    }


def test_outputs_of_an_update_stay_known(replication_group: Any) -> None:
    """Only what the change touches becomes unknown."""
    outputs = {"arn": "arn", "memberClusters": ["m"], "numCacheClusters": 1, "engineVersionActual": "7.1.0"}
    same = replication_group.foretold_update(GROUP, outputs, {**GROUP, "description": "b"})
    more = replication_group.foretold_update(GROUP, outputs, {**GROUP, "numCacheClusters": 2})
    assert (same["arn"], same["memberClusters"], same["description"]) == ("arn", ["m"], "b")
    assert (more["arn"], more["memberClusters"], more["numCacheClusters"]) == ("arn", UNKNOWN, 2)
    assert more["engineVersionActual"] == "7.1.0"


@given(st.lists(st.sampled_from("abcdef"), max_size=5), st.randoms())
def test_order_of_a_set_never_differs(replication_group: Any, groups: list[str], chooser: Any) -> None:
    """A shuffled set is the same set."""
    shuffled = [*groups]
    chooser.shuffle(shuffled)
    old, new = {**GROUP, "securityGroupIds": groups}, {**GROUP, "securityGroupIds": shuffled}
    assert replication_group.changes(old, new) == {}


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12"), max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12"), max_size=4),
)
def test_map_differences_are_exactly_the_keys_that_differ(
    replication_group: Any, old: dict[str, str], new: dict[str, str]
) -> None:
    """Every key that differs is told once, and no other."""
    changes = replication_group.changes({**GROUP, "tags": old}, {**GROUP, "tags": new})
    if old and new:
        assert changes.keys() == {f"tags.{key}" for key in {*old, *new} if old.get(key) != new.get(key)}
    else:
        assert changes == ({"tags": "add"} if new else {"tags": "delete"} if old else {})
