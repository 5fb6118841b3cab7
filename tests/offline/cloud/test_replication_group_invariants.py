"""What holds of replication groups whatever is done to them, in any order."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cachewright.catalog import slots
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.registry import Context, operations

ACCOUNT, REGION = carrier.DEFAULT_ACCOUNT_ID, "us-east-1"
IDS = st.sampled_from(["one", "two"])
COUNTS = st.integers(0, 4)


class Groups(RuleBasedStateMachine):
    """A client that does what it likes to two replication groups, with and without waiting for the window."""

    @initialize()
    def begin(self) -> None:
        carrier.install()
        carrier.reset()
        state = carrier.elasticache_state(ACCOUNT, REGION)
        assert state is not None
        self.context = Context(ACCOUNT, REGION, state)

    def teardown(self) -> None:
        CLOCK.speed = None
        carrier.reset()

    def call(self, action: str, **params: Any) -> dict[str, Any] | None:
        """Make a call; a refusal is an answer, too."""
        self.context.state.settle()
        try:
            return operations()[action](self.context, params)
        except Fault:
            return None

    @rule(id=IDS, shards=st.integers(1, 3), replicas=COUNTS, sharded=st.booleans(), failover=st.booleans())
    def create(self, id: str, shards: int, replicas: int, sharded: bool, failover: bool) -> None:
        shape = {"NumNodeGroups": shards, "ClusterMode": "enabled"} if sharded else {"ClusterMode": "disabled"}
        self.call(
            "CreateReplicationGroup",
            ReplicationGroupId=id,
            ReplicationGroupDescription=id,
            Engine="redis",
            EngineVersion="7.0",
            CacheNodeType="cache.r7g.large",
            ReplicasPerNodeGroup=replicas,
            AutomaticFailoverEnabled=failover or sharded,
            **shape,
        )

    @rule(
        id=IDS,
        now=st.booleans(),
        change=st.sampled_from(
            [
                {"CacheNodeType": "cache.r7g.xlarge"},
                {"EngineVersion": "7.1"},
                {"AutomaticFailoverEnabled": True, "MultiAZEnabled": True},
                {"AutomaticFailoverEnabled": False, "MultiAZEnabled": False},
                {"ClusterMode": "compatible"},
                {"ClusterMode": "enabled"},
                {"PrimaryClusterId": "one-002"},
                {"PreferredMaintenanceWindow": "wed:10:00-wed:11:00"},
            ]
        ),
    )
    def modify(self, id: str, now: bool, change: dict[str, Any]) -> None:
        self.call("ModifyReplicationGroup", ReplicationGroupId=id, ApplyImmediately=now, **change)

    @rule(id=IDS, count=COUNTS, action=st.sampled_from(["IncreaseReplicaCount", "DecreaseReplicaCount"]))
    def scale(self, id: str, count: int, action: str) -> None:
        self.call(action, ReplicationGroupId=id, NewReplicaCount=count, ApplyImmediately=True)

    @rule(id=IDS, count=st.integers(1, 4), kept=st.integers(1, 6))
    def reshard(self, id: str, count: int, kept: int) -> None:
        arguments: dict[str, Any] = {"ReplicationGroupId": id, "NodeGroupCount": count, "ApplyImmediately": True}
        retained = [f"{number:04}" for number in range(kept, kept + count)]
        if self.call("ModifyReplicationGroupShardConfiguration", **arguments) is None:
            self.call("ModifyReplicationGroupShardConfiguration", **arguments, NodeGroupsToRetain=retained)

    @rule(id=IDS, shard=st.integers(1, 3))
    def fail_over(self, id: str, shard: int) -> None:
        self.call("TestFailover", ReplicationGroupId=id, NodeGroupId=f"{shard:04}")

    @rule(id=IDS)
    def add_cluster(self, id: str) -> None:
        self.call("CreateCacheCluster", CacheClusterId=f"{id}-extra", ReplicationGroupId=id)

    @rule(id=st.sampled_from(["one-002", "one-extra", "two-extra"]))
    def delete_cluster(self, id: str) -> None:
        self.call("DeleteCacheCluster", CacheClusterId=id)

    @rule(id=IDS, retain=st.booleans())
    def delete(self, id: str, retain: bool) -> None:
        self.call("DeleteReplicationGroup", ReplicationGroupId=id, RetainPrimaryCluster=retain)

    @rule(id=st.sampled_from(["one-001", "two-001"]))
    def adopt(self, id: str) -> None:
        self.call(
            "CreateReplicationGroup",
            ReplicationGroupId=id.partition("-")[0],
            ReplicationGroupDescription="around it",
            PrimaryClusterId=id,
        )

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        CLOCK.advance(hours * 3600)

    @rule(speed=st.sampled_from([None, 1.0]))
    def pace(self, speed: float | None) -> None:
        CLOCK.speed = speed

    @invariant()
    def slots_are_held_once(self) -> None:
        for group in self.groups():
            if group["ClusterEnabled"]:
                assert slots.cover_problem([shard["Slots"] for shard in group["NodeGroups"]]) is None

    @invariant()
    def members_are_clusters_of_their_own(self) -> None:
        shown = [one["CacheClusterId"] for one in (self.call("DescribeCacheClusters") or {})["CacheClusters"]]
        assert len(set(shown)) == len(shown)
        for group in self.groups():
            nodes = [node["CacheClusterId"] for shard in group["NodeGroups"] for node in shard["NodeGroupMembers"]]
            assert nodes == group["MemberClusters"]
            assert set(nodes) <= set(shown)

    @invariant()
    def members_are_found_and_counted(self) -> None:
        members = [(id, group["ReplicationGroupId"]) for group in self.groups() for id in group["MemberClusters"]]
        for id, group_id in members:
            (shown,) = (self.call("DescribeCacheClusters", CacheClusterId=id) or {})["CacheClusters"]
            assert (shown["CacheClusterId"], shown["ReplicationGroupId"]) == (id, group_id)
        assert self.context.state.part(ReplicationGroups).node_count() == len(members)

    @invariant()
    def each_shard_has_one_primary(self) -> None:
        for group in self.groups():
            assert group["NodeGroups"]
            for shard in group["NodeGroups"]:
                roles = [node.get("CurrentRole") for node in shard["NodeGroupMembers"]]
                assert 1 <= len(roles) <= 6
                assert group["ClusterEnabled"] or roles.count("primary") == 1

    @invariant()
    def failover_has_somewhere_to_go(self) -> None:
        for group in self.groups():
            replicas = min(len(shard["NodeGroupMembers"]) - 1 for shard in group["NodeGroups"])
            if group["MultiAZ"] == "enabled" or (
                group["AutomaticFailover"] == "enabled" and not group["ClusterEnabled"]
            ):
                assert replicas >= 1

    @invariant()
    def what_is_tagged_exists(self) -> None:
        ids = {group["ReplicationGroupId"] for group in self.groups()}
        prefix = self.context.state.arn("replicationgroup", "")
        tagged = {arn.removeprefix(prefix) for arn in self.context.state.tags if arn.startswith(prefix)}
        assert tagged == ids

    def groups(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (self.call("DescribeReplicationGroups") or {})["ReplicationGroups"]
        return found


Groups.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestGroups = Groups.TestCase
TestGroups.__doc__ = "Slots are held once, members and roles agree, and no reference dangles, after any calls."
