"""Global datastores that grow, shrink, spread their slots anew and change."""

import pytest


@pytest.fixture
def world(elasticache):
    """Return a client, and the id of a global datastore over a group of two shards."""
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="x",
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.r7g.large",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
    )
    made = elasticache.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main"
    )
    return elasticache, made["GlobalReplicationGroup"]["GlobalReplicationGroupId"]


def shards(elasticache):
    group = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"][0]
    return {shard["NodeGroupId"]: shard["Slots"] for shard in group["NodeGroups"]}


def test_growing_and_shrinking(world):
    """Every member gets the number of shards that is asked for, and all slots are held."""
    elasticache, id = world
    given = {"GlobalReplicationGroupId": id, "ApplyImmediately": True}
    elasticache.increase_node_groups_in_global_replication_group(**given, NodeGroupCount=4)
    assert len(shards(elasticache)) == 4
    with pytest.raises(elasticache.exceptions.InvalidParameterValueException):
        elasticache.increase_node_groups_in_global_replication_group(**given, NodeGroupCount=3)
    ids = sorted(shards(elasticache))
    elasticache.decrease_node_groups_in_global_replication_group(
        **given, NodeGroupCount=1, GlobalNodeGroupsToRetain=[f"{id}-{ids[0]}"]
    )
    assert shards(elasticache) == {ids[0]: "0-16383"}


def test_spreading_slots(elasticache, cloud):
    """Slots that are not spread evenly are, in every member; the slots of no shard that has its share move."""
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="x",
        Engine="valkey",
        EngineVersion="8.0",
        CacheNodeType="cache.r7g.large",
        NodeGroupConfiguration=[{"Slots": "0-99", "ReplicaCount": 1}, {"Slots": "100-16383", "ReplicaCount": 1}],
    )
    id = elasticache.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main"
    )["GlobalReplicationGroup"]["GlobalReplicationGroupId"]
    ireland = cloud.client("elasticache", "eu-west-1")
    ireland.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="x",
        GlobalReplicationGroupId=id,
        ReplicasPerNodeGroup=1,
    )
    assert shards(elasticache) == shards(ireland) == {"0001": "0-99", "0002": "100-16383"}
    elasticache.rebalance_slots_in_global_replication_group(GlobalReplicationGroupId=id, ApplyImmediately=True)
    assert shards(elasticache) == shards(ireland) == {"0001": "0-99,8292-16383", "0002": "100-8291"}
    (found,) = ireland.describe_global_replication_groups()["GlobalReplicationGroups"]
    assert [(one["GlobalNodeGroupId"], one["Slots"]) for one in found["GlobalNodeGroups"]] == [
        (f"{id}-0001", "0-99,8292-16383"),
        (f"{id}-0002", "100-8291"),
    ]


def test_zones_of_new_shards(world, cloud, refused):
    """New shards are in the zones that are asked for in each region, and have the same id everywhere."""
    elasticache, id = world
    ireland = cloud.client("elasticache", "eu-west-1")
    ireland.create_replication_group(
        ReplicationGroupId="copy", ReplicationGroupDescription="x", GlobalReplicationGroupId=id, ReplicasPerNodeGroup=2
    )
    given = {"GlobalReplicationGroupId": id, "ApplyImmediately": True, "NodeGroupCount": 3}
    here = {
        "ReplicationGroupId": "main",
        "ReplicationGroupRegion": "us-east-1",
        "ReshardingConfiguration": [
            {"NodeGroupId": "0007", "PreferredAvailabilityZones": ["us-east-1c", "us-east-1a"]}
        ],
    }
    there = {
        "ReplicationGroupId": "copy",
        "ReplicationGroupRegion": "eu-west-1",
        "ReshardingConfiguration": [
            {"NodeGroupId": "0007", "PreferredAvailabilityZones": ["eu-west-1b", "eu-west-1a", "eu-west-1b"]}
        ],
    }
    for wrong, message in (
        ([here, here], "RegionalConfigurations must name us-east-1 once."),
        (
            [here, there | {"ReshardingConfiguration": [{"NodeGroupId": "0008"}]}],
            "RegionalConfigurations must give the same NodeGroupIds in every region.",
        ),
        (
            [here, there | {"ReshardingConfiguration": here["ReshardingConfiguration"]}],
            "PreferredAvailabilityZones must name 3 zones, one for each node of a node group.",
        ),
    ):
        assert refused(
            elasticache.increase_node_groups_in_global_replication_group, **given, RegionalConfigurations=wrong
        ) == ("InvalidParameterValue", message)
    assert len(shards(elasticache)) == 2
    elasticache.increase_node_groups_in_global_replication_group(**given, RegionalConfigurations=[here, there])
    for client, id, zones in ((elasticache, "main", "ca"), (ireland, "copy", "bab")):
        (group,) = client.describe_replication_groups(ReplicationGroupId=id)["ReplicationGroups"]
        new = group["NodeGroups"][-1]
        assert new["NodeGroupId"] == "0007"
        assert "".join(one["PreferredAvailabilityZone"][-1] for one in new["NodeGroupMembers"]) == zones


def test_more_shards_than_there_may_be(world, refused):
    """AWS's model has one code for this operation, whatever is beyond a quota."""
    elasticache, id = world
    assert refused(
        elasticache.increase_node_groups_in_global_replication_group,
        GlobalReplicationGroupId=id,
        ApplyImmediately=True,
        NodeGroupCount=91,
    ) == (
        "InvalidParameterValue",
        "The request cannot be processed because it would exceed the 90 node groups of a single cluster.",
    )


def test_shards_that_do_not_exist(world, refused):
    """Only shards of this datastore are removed, and as many as the count says."""
    elasticache, id = world
    given = {"GlobalReplicationGroupId": id, "ApplyImmediately": True, "NodeGroupCount": 1}
    assert refused(
        elasticache.decrease_node_groups_in_global_replication_group, **given, GlobalNodeGroupsToRemove=[f"{id}-0009"]
    ) == (
        "InvalidParameterValue",
        "Node group 0009 not found in main.",
    )
    assert (
        refused(elasticache.decrease_node_groups_in_global_replication_group, **given)[0]
        == "InvalidParameterCombination"
    )
    elasticache.decrease_node_groups_in_global_replication_group(**given, GlobalNodeGroupsToRemove=[f"{id}-0001"])
    assert shards(elasticache) == {"0002": "0-16383"}


def test_a_description(world):
    """It is the datastore's own; that of its members stays."""
    elasticache, id = world
    elasticache.modify_global_replication_group(
        GlobalReplicationGroupId=id, ApplyImmediately=True, GlobalReplicationGroupDescription="the world"
    )
    found = elasticache.describe_global_replication_groups(GlobalReplicationGroupId=id)["GlobalReplicationGroups"][0]
    assert found["GlobalReplicationGroupDescription"] == "the world"
    group = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"][0]
    assert group["Description"] == "x"
