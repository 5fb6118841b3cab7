"""Global datastores over several regions: what a secondary may have of its own, and what is refused."""

import pytest

PRIMARY = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "x",
    "Engine": "valkey",
    "EngineVersion": "8.0",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
    "AutomaticFailoverEnabled": True,
}
SECONDARY = {"ReplicationGroupId": "copy", "ReplicationGroupDescription": "x", "NumCacheClusters": 2}


def make(client, **more):
    """Return the id of a new global datastore."""
    wanted = {name: value for name, value in (PRIMARY | more).items() if value is not None}
    client.create_replication_group(**wanted)
    made = client.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main"
    )
    return made["GlobalReplicationGroup"]["GlobalReplicationGroupId"]


@pytest.fixture
def world(elasticache):
    """Return the id of a global datastore in us-east-1, cluster mode disabled."""
    return make(elasticache)


@pytest.fixture
def ireland(cloud):
    """Return a client of another region."""
    return cloud.client("elasticache", "eu-west-1")


def test_a_secondary_is_in_the_zones_that_are_asked_for(world, ireland):
    """Zones are a secondary's own."""
    zones = ["eu-west-1c", "eu-west-1a"]
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world, PreferredCacheClusterAZs=zones)
    group = ireland.describe_replication_groups(ReplicationGroupId="copy")["ReplicationGroups"][0]
    members = group["NodeGroups"][0]["NodeGroupMembers"]
    assert [one["PreferredAvailabilityZone"] for one in members] == zones
    assert group["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": world,
        "GlobalReplicationGroupMemberRole": "SECONDARY",
    }


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"PreferredCacheClusterAZs": ["eu-west-1a", "zz"]}, "InvalidParameterValue"),
        ({"PreferredCacheClusterAZs": ["eu-west-1a"]}, "InvalidParameterCombination"),
        ({"ClusterMode": "enabled"}, "InvalidParameterCombination"),
        ({"DataTieringEnabled": False}, "InvalidParameterCombination"),
        ({"CacheNodeType": "cache.r7g.large"}, "InvalidParameterCombination"),
    ],
)
def test_a_secondary_that_is_refused(world, ireland, refused, more, code):
    """What a secondary inherits is not given for it, and its zones are those of its region."""
    arguments = SECONDARY | more
    assert refused(ireland.create_replication_group, **arguments, GlobalReplicationGroupId=world)[0] == code
    assert ireland.describe_replication_groups()["ReplicationGroups"] == []


def test_nothing_waits_for_a_window(elasticache, world, refused):
    """A global datastore has no maintenance window."""
    later = {"GlobalReplicationGroupId": world, "ApplyImmediately": False}
    expected = (
        "InvalidParameterValue",
        "ApplyImmediately must be true: a global datastore has no maintenance window.",
    )
    assert refused(elasticache.modify_global_replication_group, **later, CacheNodeType="cache.r7g.xlarge") == expected
    resize = elasticache.increase_node_groups_in_global_replication_group
    assert refused(resize, **later, NodeGroupCount=2) == expected


def test_a_parameter_group_comes_with_an_upgrade_only(elasticache, world, refused):
    """Without another family there is nothing that it would be for."""
    code, message = refused(
        elasticache.modify_global_replication_group,
        GlobalReplicationGroupId=world,
        ApplyImmediately=True,
        CacheParameterGroupName="default.valkey8",
    )
    assert code == "InvalidParameterCombination"
    assert message == "CacheParameterGroupName is only for an upgrade to another parameter group family."


def test_slots_of_a_single_shard_are_not_spread(elasticache, world, refused):
    """Slots are of cluster mode."""
    rebalance = elasticache.rebalance_slots_in_global_replication_group
    assert refused(rebalance, GlobalReplicationGroupId=world, ApplyImmediately=True) == (
        "InvalidParameterValue",
        "Rebalancing slots needs cluster mode to be enabled.",
    )


def test_regions_of_a_new_shard_are_those_of_members(elasticache, refused):
    """A configuration for a group that is no member is refused, and nothing is changed."""
    id = make(elasticache, NumNodeGroups=2, ReplicasPerNodeGroup=1, NumCacheClusters=None)
    regional = {"ReplicationGroupId": "nobody", "ReplicationGroupRegion": "eu-west-1", "ReshardingConfiguration": []}
    assert refused(
        elasticache.increase_node_groups_in_global_replication_group,
        GlobalReplicationGroupId=id,
        NodeGroupCount=3,
        ApplyImmediately=True,
        RegionalConfigurations=[regional],
    ) == ("InvalidParameterValue", f"nobody in eu-west-1 is no member of {id}.")
    assert len(elasticache.describe_replication_groups()["ReplicationGroups"][0]["NodeGroups"]) == 2


def test_a_region_whose_prefix_is_not_documented(cloud):
    """Its datastores have a made-up prefix of five letters, always the same."""
    assert make(cloud.client("elasticache", "eu-north-1")) == "yfkqp-world"


def test_a_region_without_global_datastores(cloud, refused):
    """A primary cannot be there."""
    client = cloud.client("elasticache", "af-south-1")
    client.create_replication_group(**PRIMARY)
    assert refused(
        client.create_global_replication_group,
        GlobalReplicationGroupIdSuffix="world",
        PrimaryReplicationGroupId="main",
    ) == ("InvalidParameterValue", "Global datastores are not available in af-south-1.")
