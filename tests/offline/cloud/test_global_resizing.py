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


def test_spreading_slots(world):
    """The slots are spread over the shards that there are."""
    elasticache, id = world
    elasticache.rebalance_slots_in_global_replication_group(GlobalReplicationGroupId=id, ApplyImmediately=True)
    assert sorted(shards(elasticache).values()) == ["0-8191", "8192-16383"]


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
