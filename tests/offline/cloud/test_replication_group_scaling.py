"""More and fewer replicas and shards of a replication group, through HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import slots
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.operations.replication_groups.resharding import spread_evenly

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "valkey",
    "EngineVersion": "8.1",
    "CacheNodeType": "cache.t4g.micro",
}
REDIS = {"Engine": "redis", "CacheNodeType": "cache.t4g.micro", "NumCacheNodes": 1}
COMBINATION, VALUE = "InvalidParameterCombination", "InvalidParameterValue"


@pytest.fixture
def single(elasticache):
    elasticache.create_replication_group(**GROUP, NumCacheClusters=2)
    return elasticache


@pytest.fixture
def sharded(elasticache):
    elasticache.create_replication_group(**GROUP, NumNodeGroups=2, ReplicasPerNodeGroup=1)
    return elasticache


def described(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return group


def members(elasticache):
    return described(elasticache)["MemberClusters"]


def increase(elasticache, **arguments):
    return elasticache.increase_replica_count(ReplicationGroupId="main", ApplyImmediately=True, **arguments)


def decrease(elasticache, **arguments):
    return elasticache.decrease_replica_count(ReplicationGroupId="main", ApplyImmediately=True, **arguments)


def reshard(elasticache, count, **arguments):
    return elasticache.modify_replication_group_shard_configuration(
        ReplicationGroupId="main", NodeGroupCount=count, ApplyImmediately=True, **arguments
    )


def layout(elasticache):
    return {shard["NodeGroupId"]: shard["Slots"] for shard in described(elasticache)["NodeGroups"]}


def zones(elasticache, index=0):
    nodes = described(elasticache)["NodeGroups"][index]["NodeGroupMembers"]
    return [node["PreferredAvailabilityZone"] for node in nodes]


def told(elasticache, source):
    events = elasticache.describe_events(SourceType="cache-cluster", SourceIdentifier=source)["Events"]
    return {event["Message"] for event in events}


def test_more_replicas(single):
    """New replicas are clusters in the zones that have fewest nodes."""
    assert increase(single, NewReplicaCount=3)["ReplicationGroup"]["Status"] == "modifying"
    assert members(single) == ["main-001", "main-002", "main-003", "main-004"]
    assert zones(single) == ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
    assert told(single, "main-004") == {
        "Cache cluster created",
        "Added cache node 0001 in availability zone us-east-1d",
    }


def test_replicas_of_single_shards(sharded):
    """Each shard can have replicas of its own, in zones of one's own."""
    configured = {
        "NodeGroupId": "0002",
        "NewReplicaCount": 2,
        "PreferredAvailabilityZones": ["us-east-1b", "us-east-1c", "us-east-1f"],
    }
    increase(sharded, ReplicaConfiguration=[configured])
    assert members(sharded) == [
        "main-0001-001",
        "main-0001-002",
        "main-0002-001",
        "main-0002-002",
        "main-0002-003",
    ]
    assert zones(sharded, 1) == ["us-east-1b", "us-east-1c", "us-east-1f"]


def test_fewer_replicas(single):
    """Without names the replicas that came last go; a number is given again when it is free."""
    increase(single, NewReplicaCount=3)
    decrease(single, NewReplicaCount=2)
    assert members(single) == ["main-001", "main-002", "main-003"]
    decrease(single, NewReplicaCount=1, ReplicasToRemove=["main-002"])
    assert members(single) == ["main-001", "main-003"]
    assert "Cache cluster deleted" in told(single, "main-002")
    increase(single, NewReplicaCount=2)
    assert members(single) == ["main-001", "main-002", "main-003"]


def test_replicas_to_remove_alone(sharded):
    """The names alone say how many replicas are left."""
    decrease(sharded, ReplicasToRemove=["main-0002-002"])
    assert members(sharded) == ["main-0001-001", "main-0001-002", "main-0002-001"]


def test_zones_that_stay(single):
    """Fewer replicas can be left in the zones that are named."""
    increase(single, NewReplicaCount=3)
    kept = ["us-east-1a", "us-east-1b"]
    decrease(
        single,
        ReplicaConfiguration=[
            {"NodeGroupId": "0001", "NewReplicaCount": 1, "PreferredAvailabilityZones": kept},
        ],
    )
    assert zones(single) == kept


@pytest.mark.parametrize(
    ("call", "arguments", "code", "message"),
    [
        (increase, {"NewReplicaCount": 6}, VALUE, "The number of replicas per node group must be within 0 and 5."),
        (
            increase,
            {"NewReplicaCount": 1},
            "NoOperationFault",
            "Requested new replica count already matches current number of replicas.",
        ),
        (
            increase,
            {"NewReplicaCount": 0},
            VALUE,
            "The new replica count 0 must be more than the current one of 0001.",
        ),
        (increase, {}, COMBINATION, "Give either NewReplicaCount or ReplicaConfiguration."),
        (
            increase,
            {"ReplicaConfiguration": [{"NodeGroupId": "0009", "NewReplicaCount": 2}]},
            VALUE,
            "Node group 0009 not found in main.",
        ),
        (
            increase,
            {
                "ReplicaConfiguration": [
                    {"NodeGroupId": "1", "NewReplicaCount": 2, "PreferredAvailabilityZones": ["us-east-1a"]}
                ]
            },
            VALUE,
            "PreferredAvailabilityZones must name 3 zones for node group 0001, the primary's too.",
        ),
        (
            decrease,
            {"NewReplicaCount": 2},
            VALUE,
            "The new replica count 2 must be less than the current one of 0001.",
        ),
        (decrease, {"NewReplicaCount": 0, "ReplicasToRemove": ["none"]}, VALUE, "none is no replica of main."),
        (
            decrease,
            {"NewReplicaCount": 0, "ReplicasToRemove": ["main-001"]},
            VALUE,
            "main-001 is the primary of node group 0001, which cannot be removed.",
        ),
        (
            decrease,
            {"NewReplicaCount": 1, "ReplicasToRemove": ["main-002"]},
            "NoOperationFault",
            "Requested new replica count already matches current number of replicas.",
        ),
    ],
)
def test_replica_refusals(single, refused, call, arguments, code, message):
    """Each bad count is refused with its own fault, and nothing is changed."""
    before = described(single)
    assert refused(call, elasticache=single, **arguments) == (code, message)
    assert described(single) == before


def test_last_replica(elasticache, refused):
    """As long as there is failover to a replica, or Multi-AZ, the last replica stays."""
    elasticache.create_replication_group(**GROUP, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    assert refused(decrease, elasticache=elasticache, NewReplicaCount=0) == (
        VALUE,
        "Must have at least 1 replica when cluster mode is disabled with auto failover enabled.",
    )
    other = GROUP | {"ReplicationGroupId": "other"}
    elasticache.create_replication_group(**other, NumNodeGroups=2, ReplicasPerNodeGroup=1, MultiAZEnabled=True)
    arguments = {"ReplicationGroupId": "other", "NewReplicaCount": 0, "ApplyImmediately": True}
    assert refused(elasticache.decrease_replica_count, **arguments) == (
        VALUE,
        "Must have at least 1 replica for Multi-AZ enabled Replication Group",
    )


def test_replicas_and_the_quota(elasticache, refused):
    """Replicas do not exceed the nodes of a cluster."""
    elasticache.create_replication_group(**GROUP, NumNodeGroups=45, ReplicasPerNodeGroup=1)
    assert refused(increase, elasticache=elasticache, NewReplicaCount=2) == (
        "NodeQuotaForClusterExceeded",
        "The request cannot be processed because it would exceed the 90 nodes of a single cluster.",
    )


def test_scaling_does_not_wait(sharded, refused):
    """Replicas and shards are changed at once or not at all."""
    for function, arguments in (
        (sharded.increase_replica_count, {"NewReplicaCount": 2}),
        (sharded.decrease_replica_count, {"NewReplicaCount": 0}),
        (sharded.modify_replication_group_shard_configuration, {"NodeGroupCount": 3}),
    ):
        code, message = refused(function, ReplicationGroupId="main", ApplyImmediately=False, **arguments)
        assert (code, message.partition(":")[0]) == (VALUE, "ApplyImmediately must be true")


def test_more_shards(sharded):
    """New shards take their share of slots from the others, which keep the rest; the answer tells of the progress."""
    answer = reshard(sharded, 3)["ReplicationGroup"]
    assert answer["Status"] == "modifying"
    assert answer["PendingModifiedValues"] == {"Resharding": {"SlotMigration": {"ProgressPercentage": 0.0}}}
    assert len(answer["NodeGroups"]) == 2
    assert layout(sharded) == {"0001": "0-5461", "0002": "8192-13652", "0003": "5462-8191,13653-16383"}
    assert members(sharded)[-2:] == ["main-0003-001", "main-0003-002"]
    assert described(sharded)["PendingModifiedValues"] == {}


def test_progress_of_resharding(in_process):
    """With a speed, the part of the slots that has moved grows with the time until all have."""
    in_process.call("CreateReplicationGroup", **GROUP, NumNodeGroups=2)
    (group,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
    CLOCK.speed = 1
    in_process.call(
        "ModifyReplicationGroupShardConfiguration", ReplicationGroupId="main", NodeGroupCount=3, ApplyImmediately=True
    )
    seen = []
    for seconds in (0, 300, 300, 599):
        CLOCK.advance(seconds)
        (group,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
        seen.append(group["PendingModifiedValues"]["Resharding"]["SlotMigration"]["ProgressPercentage"])
    # The machine's time goes on during the test, too.
    assert [round(progress) for progress in seen] == [0, 25, 50, 100]
    assert seen[-1] < 100
    assert (group["Status"], len(group["NodeGroups"])) == ("modifying", 2)
    CLOCK.advance(1)
    (group,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
    assert (group["Status"], len(group["NodeGroups"])) == ("available", 3)
    assert "Resharding" not in group["PendingModifiedValues"]


def test_each_node_has_its_own_age(in_process):
    """A node that is added was made then, not with its group; a cluster that a group is built around keeps its age."""
    in_process.call("CreateCacheCluster", CacheClusterId="old", **REDIS)
    CLOCK.advance(3600)
    in_process.call(
        "CreateReplicationGroup", ReplicationGroupId="main", ReplicationGroupDescription="d", PrimaryClusterId="old"
    )
    CLOCK.advance(3600)
    for action, arguments in (
        ("IncreaseReplicaCount", {"NewReplicaCount": 1, "ApplyImmediately": True}),
        ("CreateCacheCluster", {"CacheClusterId": "own"}),
    ):
        in_process.call(action, ReplicationGroupId="main", **arguments)
        CLOCK.advance(3600)
    clusters = in_process.call("DescribeCacheClusters", ShowCacheNodeInfo=True)["CacheClusters"]
    assert [one["CacheClusterId"] for one in clusters] == ["old", "main-002", "own"]
    ages = [CLOCK.now() - one["CacheClusterCreateTime"] for one in clusters]
    assert [round(age.total_seconds() / 3600) for age in ages] == [4, 2, 1]
    assert all(one["CacheNodes"][0]["CacheNodeCreateTime"] == one["CacheClusterCreateTime"] for one in clusters)


def test_ids_of_other_clusters_are_left_alone(elasticache, refused):
    """A new replica gets the next number that no other cluster is called after; new shards that would are refused."""
    for id in ("main-002", "other-0002-001"):
        elasticache.create_cache_cluster(CacheClusterId=id, **REDIS)
    elasticache.create_replication_group(**GROUP)
    increase(elasticache, NewReplicaCount=2)
    assert members(elasticache) == ["main-001", "main-003", "main-004"]
    elasticache.create_replication_group(**GROUP | {"ReplicationGroupId": "other"}, ClusterMode="enabled")
    more = {"ReplicationGroupId": "other", "NodeGroupCount": 2, "ApplyImmediately": True}
    assert refused(elasticache.modify_replication_group_shard_configuration, **more) == (
        "CacheClusterAlreadyExists",
        "Cache cluster other-0002-001 already exists.",
    )


def test_member_of_a_name_of_its_own_in_cluster_mode(elasticache, refused):
    """Members keep the names that they had before cluster mode was enabled, and are found by them."""
    elasticache.create_replication_group(**GROUP, NumCacheClusters=2, AutomaticFailoverEnabled=True)
    for mode in ("compatible", "enabled"):
        elasticache.modify_replication_group(ReplicationGroupId="main", ClusterMode=mode, ApplyImmediately=True)
    reshard(elasticache, 2)
    assert members(elasticache) == ["main-001", "main-002", "main-0002-001", "main-0002-002"]
    for id in members(elasticache):
        (one,) = elasticache.describe_cache_clusters(CacheClusterId=id)["CacheClusters"]
        assert (one["CacheClusterId"], one["ReplicationGroupId"]) == (id, "main")
    reshard(elasticache, 1, NodeGroupsToRemove=["0001"])
    described(elasticache)
    assert refused(elasticache.describe_cache_clusters, CacheClusterId="main-001")[0] == "CacheClusterNotFound"


def test_shards_in_zones(sharded):
    """New shards can have ids and zones of one's own."""
    configured = [
        {"NodeGroupId": "0009", "PreferredAvailabilityZones": ["us-east-1e", "us-east-1f"]},
        {"PreferredAvailabilityZones": ["us-east-1f", "us-east-1e"]},
    ]
    reshard(sharded, 4, ReshardingConfiguration=configured)
    assert list(layout(sharded)) == ["0001", "0002", "0009", "0010"]
    assert [zones(sharded, index) for index in (2, 3)] == [["us-east-1e", "us-east-1f"], ["us-east-1f", "us-east-1e"]]


@pytest.mark.parametrize("arguments", [{"NodeGroupsToRemove": ["0001"]}, {"NodeGroupsToRetain": ["0002", "0003"]}])
def test_fewer_shards(sharded, arguments):
    """The slots of a shard that goes are spread over those that stay, which keep theirs; its id is not given again."""
    reshard(sharded, 3)
    reshard(sharded, 2, **arguments)
    assert layout(sharded) == {"0002": "0-2730,8192-13652", "0003": "2731-8191,13653-16383"}
    assert "Cache cluster deleted" in told(sharded, "main-0001-001")
    reshard(sharded, 3)
    assert list(layout(sharded)) == ["0002", "0003", "0004"]


def test_rebalancing(elasticache):
    """As many shards as there are spread uneven slots evenly."""
    elasticache.create_replication_group(**GROUP, NodeGroupConfiguration=[{"Slots": "0-99"}, {"Slots": "100-16383"}])
    reshard(elasticache, 2)
    assert layout(elasticache) == {"0001": "0-99,8292-16383", "0002": "100-8291"}


@pytest.mark.parametrize(
    ("count", "arguments", "code", "message"),
    [
        (0, {}, VALUE, "Invalid NodeGroupCount: 0. Must be at least 1."),
        (
            1,
            {},
            COMBINATION,
            "Either NodeGroupsToRemove or NodeGroupsToRetain must say which node groups go.",
        ),
        (
            1,
            {"NodeGroupsToRemove": ["0001"], "NodeGroupsToRetain": ["0002"]},
            COMBINATION,
            "Either NodeGroupsToRemove or NodeGroupsToRetain must say which node groups go.",
        ),
        (1, {"NodeGroupsToRemove": ["0005"]}, VALUE, "Node group 0005 not found in main."),
        (
            1,
            {"NodeGroupsToRemove": ["0001", "0002"]},
            COMBINATION,
            "Removing 2 of 2 node groups does not leave 1.",
        ),
        (
            3,
            {"NodeGroupsToRemove": ["0001"]},
            COMBINATION,
            "NodeGroupsToRemove and NodeGroupsToRetain are for fewer node groups only.",
        ),
        (
            1,
            {"NodeGroupsToRemove": ["0001"], "ReshardingConfiguration": [{"NodeGroupId": "0003"}]},
            COMBINATION,
            "ReshardingConfiguration can be given only when node groups are added.",
        ),
        (
            4,
            {"ReshardingConfiguration": [{"NodeGroupId": "0003"}]},
            COMBINATION,
            "ReshardingConfiguration must describe the 2 new node groups.",
        ),
        (3, {"ReshardingConfiguration": [{"NodeGroupId": "0002"}]}, VALUE, "The node group 0002 exists already."),
        (
            3,
            {"ReshardingConfiguration": [{"NodeGroupId": "0003", "PreferredAvailabilityZones": ["us-east-1a"]}]},
            COMBINATION,
            "PreferredAvailabilityZones must name 2 zones, one for each node of a node group.",
        ),
        *(
            (
                count,
                {},
                "NodeGroupsPerReplicationGroupQuotaExceeded",
                "The request cannot be processed because it would exceed the 90 node groups of a single cluster.",
            )
            for count in (91, 2**31 - 1)
        ),
    ],
)
def test_shard_refusals(sharded, refused, count, arguments, code, message):
    """Each bad number of shards is refused with its own fault, and nothing is changed."""
    before = described(sharded)
    assert refused(reshard, elasticache=sharded, count=count, **arguments) == (code, message)
    assert described(sharded) == before


def test_resharding_of_a_single_shard(single, refused):
    """Without cluster mode there is one shard."""
    assert refused(reshard, elasticache=single, count=2) == (
        COMBINATION,
        "Resharding needs cluster mode to be enabled.",
    )


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 40))
def test_slots_are_spread_evenly(gone, shards):
    """Every slot is held once, evenly; a shard gives slots only when it has too many, and gets them only otherwise."""
    total = 16384
    # Shards as they are after others went: some slots are held by nobody.
    blocks = slots.even_slots(shards + len(gone))
    before = [slots.parse(block) for block in blocks[:shards]]
    for index, times in enumerate(gone):
        before[index % shards] = before[index % shards][times * 7 :]
    after = spread_evenly(before)
    assert sorted(slot for own in after for slot in own) == list(range(total))
    assert {len(own) for own in after} <= {total // shards, -(-total // shards)}
    for old, new in zip(before, after, strict=True):
        assert set(new) <= set(old) or set(old) <= set(new)
