"""What holds of a global datastore whatever is done to it: its members are alike, and one of them is the primary."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cachewright.catalog import slots
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.registry import Context, operations

REGIONS = ("us-east-1", "eu-west-1", "us-west-2", "sa-east-1")
COUNTS = st.integers(1, 4)
ID = {"GlobalReplicationGroupId": "ldgnf-world"}


class GlobalDatastore(RuleBasedStateMachine):
    """One datastore with shards, in a few regions."""

    def __init__(self) -> None:
        super().__init__()
        carrier.install()
        carrier.reset()

    def call(self, action: str, region: str = "us-east-1", **params: Any) -> dict[str, Any] | None:
        """Return an answer, or None when the request is refused."""
        state = carrier.elasticache_state(carrier.DEFAULT_ACCOUNT_ID, region)
        assert state is not None
        state.settle()
        try:
            return operations()[action](Context(carrier.DEFAULT_ACCOUNT_ID, region, state), params)
        except Fault as refusal:
            assert refusal.status < 500
            return None

    def shown(self) -> dict[str, Any]:
        # The region that it was created in sees it for as long as it exists, with a member there or without.
        found = self.call("DescribeGlobalReplicationGroups", **ID, ShowMemberInfo=True)
        assert found is not None
        (one,) = found["GlobalReplicationGroups"]
        return dict(one)

    @initialize(first=st.integers(0, 16382))
    def begin(self, first: int) -> None:
        """Begin with two shards, whose slots may be spread very unevenly."""
        self.call(
            "CreateReplicationGroup",
            ReplicationGroupId="main",
            ReplicationGroupDescription="x",
            Engine="valkey",
            EngineVersion="8.0",
            CacheNodeType="cache.r7g.large",
            NodeGroupConfiguration=[
                {"Slots": f"0-{first}", "ReplicaCount": 1},
                {"Slots": f"{first + 1}-16383", "ReplicaCount": 1},
            ],
        )
        self.call(
            "CreateGlobalReplicationGroup", GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main"
        )

    @rule(region=st.sampled_from(REGIONS), replicas=st.integers(0, 2), id=st.sampled_from(["main", "copy"]))
    def join(self, region: str, replicas: int, id: str) -> None:
        given = {"ReplicationGroupId": id, "ReplicationGroupDescription": "x", "ReplicasPerNodeGroup": replicas}
        self.call("CreateReplicationGroup", region, **given, **ID)

    @rule(region=st.sampled_from(REGIONS), id=st.sampled_from(["main", "copy"]))
    def leave(self, region: str, id: str) -> None:
        self.call("DisassociateGlobalReplicationGroup", **ID, ReplicationGroupRegion=region, ReplicationGroupId=id)
        self.call("DeleteReplicationGroup", region, ReplicationGroupId=id)

    @rule(region=st.sampled_from(REGIONS), id=st.sampled_from(["main", "copy"]))
    def fail_over(self, region: str, id: str) -> None:
        self.call("FailoverGlobalReplicationGroup", **ID, PrimaryRegion=region, PrimaryReplicationGroupId=id)

    @rule(count=COUNTS, kept=st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True), number=st.booleans())
    def reshard(self, count: int, kept: list[int], number: bool) -> None:
        ids = [one["GlobalNodeGroupId"] for one in self.shown()["GlobalNodeGroups"]]
        given = {**ID, "NodeGroupCount": count, "ApplyImmediately": True}
        if count > len(ids):
            new = [{"NodeGroupId": f"{50 + index:04}"} for index in range(count - len(ids))]
            one = {"ReplicationGroupRegion": "us-east-1", "ReplicationGroupId": "main", "ReshardingConfiguration": new}
            self.call(
                "IncreaseNodeGroupsInGlobalReplicationGroup",
                **given,
                **({"RegionalConfigurations": [one]} if number else {}),
            )
        named = [ids[index] for index in kept if index < len(ids)]
        self.call("DecreaseNodeGroupsInGlobalReplicationGroup", **given, GlobalNodeGroupsToRetain=named)

    @rule()
    def rebalance(self) -> None:
        self.call("RebalanceSlotsInGlobalReplicationGroup", **ID, ApplyImmediately=True)
        counts = [len(slots.parse(one["Slots"])) for one in self.shown()["GlobalNodeGroups"]]
        assert max(counts) - min(counts) <= 1

    @invariant()
    def members_are_alike(self) -> None:
        self.call("DescribeReplicationGroups")
        one = self.shown()
        assert one["Status"] == ("available" if len(one["Members"]) > 1 else "primary-only")
        assert [member["Role"] for member in one["Members"]].count("PRIMARY") == 1
        shards = {group["GlobalNodeGroupId"][-4:]: group["Slots"] for group in one["GlobalNodeGroups"]}
        held = [slot for text in shards.values() for slot in slots.parse(text)]
        assert sorted(held) == list(range(16384))
        for member in one["Members"]:
            region, id = member["ReplicationGroupRegion"], member["ReplicationGroupId"]
            found = self.call("DescribeReplicationGroups", region, ReplicationGroupId=id)
            assert found is not None
            (group,) = found["ReplicationGroups"]
            assert {shard["NodeGroupId"]: shard["Slots"] for shard in group["NodeGroups"]} == shards
            assert group["GlobalReplicationGroupInfo"] == {
                "GlobalReplicationGroupId": "ldgnf-world",
                "GlobalReplicationGroupMemberRole": member["Role"],
            }
            assert (group["Status"], member["Status"]) == ("available", "associated")

    @invariant()
    def nodes_are_counted(self) -> None:
        for region in REGIONS:
            state = carrier.elasticache_state(carrier.DEFAULT_ACCOUNT_ID, region)
            found = self.call("DescribeReplicationGroups", region)
            assert state is not None
            assert found is not None
            nodes = sum(len(one["MemberClusters"]) for one in found["ReplicationGroups"])
            assert state.part(ReplicationGroups).node_count() == nodes


TestGlobalDatastore = GlobalDatastore.TestCase
TestGlobalDatastore.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
