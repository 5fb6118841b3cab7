"""Whatever is asked for in whatever order, what is shown afterwards fits together.

In process, so that hundreds of calls take seconds: the operations are those that HTTP reaches, and every answer is
written by botocore's model as it would be sent.
"""

import contextlib
import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cachewright_offline.cloud import carrier, export, seed
from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache import protocol
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.registry import Context, operations

REGIONS = ("us-east-1", "eu-west-1")
GROUPS = st.sampled_from(["one", "two"])
NAMES = st.sampled_from(["a", "b"])
COUNTS = st.integers(1, 4)
# Most calls leave it out, so that most are answered.
SOME_NAMES = st.sampled_from([None, None, None, None, "a", "b"])
ALL_SLOTS = set(range(16_384))


class LocalElastiCache(RuleBasedStateMachine):
    """Random sequences of calls in two regions; most are answered, and the others are refused with a fault."""

    @initialize(speed=st.sampled_from([None, None, None, 600.0]))
    def start(self, speed):
        carrier.install()
        carrier.reset()
        CLOCK.speed = None
        self.parameter_group("a", create=True)
        self.user("a", create=True)
        self.user_group("a", {"a"}, create=True)
        self.create_group("one", 2, 3, None, None, None)
        self.create_group("two", 3, None, None, "a", "a")
        self.take_snapshot("two", "a")
        AGENDA.settle()
        CLOCK.speed = speed

    def teardown(self):
        CLOCK.speed = None
        carrier.reset()

    def call(self, action, region="us-east-1", **params):
        """Return an answer, written and all, or None where it is refused."""
        AGENDA.settle()
        state = carrier.elasticache_state(carrier.DEFAULT_ACCOUNT_ID, region)
        given = {name: value for name, value in params.items() if value is not None}
        try:
            answer = operations()[action](Context(carrier.DEFAULT_ACCOUNT_ID, region, state), given)
        except Fault as error:
            assert error.code != "InternalFailure"
            return None
        protocol.serialise(protocol.operation_model(action), answer, "id")
        return answer

    def shown(self, action, key, region="us-east-1", **params):
        answer = self.call(action, region, **params)
        assert answer is not None, action
        return answer[key]

    @rule(
        id=GROUPS,
        nodes=COUNTS,
        shards=st.none() | COUNTS,
        name=SOME_NAMES,
        users=SOME_NAMES,
        parameters=SOME_NAMES,
    )
    def create_group(self, id, nodes, shards, name, users, parameters):
        topology = (
            {"NumCacheClusters": nodes}
            if shards is None
            else {"NumNodeGroups": shards, "ReplicasPerNodeGroup": nodes - 1}
        )
        self.call(
            "CreateReplicationGroup",
            ReplicationGroupId=id,
            ReplicationGroupDescription="x",
            Engine="valkey",
            EngineVersion="8.0",
            CacheNodeType="cache.r7g.large",
            AutomaticFailoverEnabled=nodes > 1 or shards is not None,
            SnapshotName=name,
            TransitEncryptionEnabled=users is not None,
            UserGroupIds=None if users is None else [users],
            CacheParameterGroupName=parameters if shards is None else None,
            **topology,
        )

    @rule(id=GROUPS, snapshot=SOME_NAMES, keep=st.none() | st.booleans())
    def delete_group(self, id, snapshot, keep):
        self.call(
            "DeleteReplicationGroup", ReplicationGroupId=id, FinalSnapshotIdentifier=snapshot, RetainPrimaryCluster=keep
        )

    @rule(id=GROUPS, count=COUNTS, more=st.booleans())
    def change_replicas(self, id, count, more):
        action = "IncreaseReplicaCount" if more else "DecreaseReplicaCount"
        self.call(action, ReplicationGroupId=id, NewReplicaCount=count, ApplyImmediately=True)

    @rule(id=GROUPS, count=COUNTS, retained=st.booleans())
    def reshard(self, id, count, retained):
        found = self.call("DescribeReplicationGroups", ReplicationGroupId=id)
        ids = [one["NodeGroupId"] for one in found["ReplicationGroups"][0]["NodeGroups"]] if found else []
        chosen = (
            {"NodeGroupsToRetain": ids[-count:]}
            if retained
            else {"NodeGroupsToRemove": ids[: max(len(ids) - count, 0)]}
        )
        self.call(
            "ModifyReplicationGroupShardConfiguration",
            ReplicationGroupId=id,
            NodeGroupCount=count,
            ApplyImmediately=True,
            **(chosen if count < len(ids) else {}),
        )

    @rule(
        id=GROUPS,
        node_type=st.none() | st.sampled_from(["cache.r7g.xlarge", "cache.r7g.large"]),
        version=st.none() | st.sampled_from(["8.0", "8.1"]),
        users=SOME_NAMES,
        now=st.booleans(),
        failover=st.sampled_from([None, None, True, False]),
    )
    def modify_group(self, id, node_type, version, users, now, failover):
        self.call(
            "ModifyReplicationGroup",
            ReplicationGroupId=id,
            CacheNodeType=node_type,
            EngineVersion=version,
            UserGroupIdsToAdd=None if users is None else [users],
            AutomaticFailoverEnabled=failover,
            ApplyImmediately=now,
        )

    @rule(id=GROUPS, shard=st.sampled_from(["0001", "0001", "0002"]))
    def fail_over(self, id, shard):
        self.call("TestFailover", ReplicationGroupId=id, NodeGroupId=shard)

    @rule(id=GROUPS, name=NAMES)
    def take_snapshot(self, id, name):
        self.call("CreateSnapshot", ReplicationGroupId=id, SnapshotName=name)

    @rule(name=NAMES)
    def delete_snapshot(self, name):
        self.call("DeleteSnapshot", SnapshotName=name)

    @rule(name=NAMES, create=st.booleans())
    def parameter_group(self, name, create):
        if create:
            self.call(
                "CreateCacheParameterGroup",
                CacheParameterGroupName=name,
                CacheParameterGroupFamily="valkey8",
                Description="x",
            )
        else:
            self.call("DeleteCacheParameterGroup", CacheParameterGroupName=name)

    @rule(name=NAMES, create=st.booleans())
    def user(self, name, create):
        if create:
            self.call(
                "CreateUser",
                UserId=name,
                UserName=name,
                Engine="valkey",
                AccessString="on ~* +@all",
                Passwords=["x" * 16],
            )
        else:
            self.call("DeleteUser", UserId=name)

    @rule(name=NAMES, users=st.sets(NAMES), create=st.booleans())
    def user_group(self, name, users, create):
        if create:
            self.call("CreateUserGroup", UserGroupId=name, Engine="valkey", UserIds=sorted(users))
        else:
            self.call("DeleteUserGroup", UserGroupId=name)

    @rule(name=NAMES, added=st.sets(NAMES), removed=st.sets(NAMES))
    def modify_user_group(self, name, added, removed):
        self.call("ModifyUserGroup", UserGroupId=name, UserIdsToAdd=sorted(added), UserIdsToRemove=sorted(removed))

    @rule(id=GROUPS)
    def create_global(self, id):
        self.call("CreateGlobalReplicationGroup", GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId=id)

    @rule(id=GROUPS)
    def join_global(self, id):
        for one in self.shown("DescribeGlobalReplicationGroups", "GlobalReplicationGroups"):
            self.call(
                "CreateReplicationGroup",
                "eu-west-1",
                ReplicationGroupId=id,
                ReplicationGroupDescription="x",
                ReplicasPerNodeGroup=1,
                GlobalReplicationGroupId=one["GlobalReplicationGroupId"],
            )

    @rule(action=st.sampled_from(["FailoverGlobalReplicationGroup", "DisassociateGlobalReplicationGroup"]), id=GROUPS)
    def change_global(self, action, id):
        names = (
            ("PrimaryRegion", "PrimaryReplicationGroupId")
            if action.startswith("Failover")
            else ("ReplicationGroupRegion", "ReplicationGroupId")
        )
        for one in self.shown("DescribeGlobalReplicationGroups", "GlobalReplicationGroups"):
            given = dict(zip(names, ("eu-west-1", id), strict=True))
            self.call(action, GlobalReplicationGroupId=one["GlobalReplicationGroupId"], **given)

    @rule(keep=st.booleans())
    def delete_global(self, keep):
        for one in self.shown("DescribeGlobalReplicationGroups", "GlobalReplicationGroups"):
            self.call(
                "DeleteGlobalReplicationGroup",
                GlobalReplicationGroupId=one["GlobalReplicationGroupId"],
                RetainPrimaryReplicationGroup=keep,
            )

    @rule(hours=st.sampled_from([0.01, 1, 24 * 8]))
    def pass_time(self, hours):
        CLOCK.advance(hours * 3600)

    @rule()
    def share(self):
        """Replace everything by what an export holds of it, unless changes are under way."""
        with contextlib.suppress(export.ChangesUnderWayError):
            document = json.loads(json.dumps(export.export()))
            carrier.reset()
            seed.load(document)
            again = export.export()
            assert again["accounts"] == document["accounts"]

    @invariant()
    def groups_are_whole(self):
        for region in REGIONS:
            groups = self.shown("DescribeReplicationGroups", "ReplicationGroups", region)
            clusters = {
                one["CacheClusterId"]: one for one in self.shown("DescribeCacheClusters", "CacheClusters", region)
            }
            members = [member for group in groups for member in group["MemberClusters"]]
            assert len(set(members)) == len(members)
            for group in groups:
                self.check_group(group, clusters)
            in_groups = {id for id, one in clusters.items() if one.get("ReplicationGroupId")}
            assert in_groups == set(members)

    @staticmethod
    def check_group(group, clusters):
        shards = group["NodeGroups"]
        assert len({one["NodeGroupId"] for one in shards}) == len(shards)
        nodes = [node for shard in shards for node in shard["NodeGroupMembers"]]
        assert sorted(node["CacheClusterId"] for node in nodes) == sorted(group["MemberClusters"])
        for node in nodes:
            assert clusters[node["CacheClusterId"]]["ReplicationGroupId"] == group["ReplicationGroupId"]
        if group["ClusterEnabled"]:
            covered = [slot for shard in shards for slot in slots_of(shard["Slots"])]
            assert len(covered) == len(ALL_SLOTS)
            assert set(covered) == ALL_SLOTS
        else:
            assert len(shards) == 1
            assert group["Status"] == "creating" or [one.get("CurrentRole") for one in nodes].count("primary") == 1
        if group["MultiAZ"] == "enabled":
            assert group["AutomaticFailover"] == "enabled"

    @invariant()
    def nothing_dangles(self):
        groups = self.shown("DescribeReplicationGroups", "ReplicationGroups")
        user_groups = {one["UserGroupId"]: one for one in self.shown("DescribeUserGroups", "UserGroups")}
        users = {one["UserId"]: one for one in self.shown("DescribeUsers", "Users")}
        parameters = {
            one["CacheParameterGroupName"]
            for one in self.shown("DescribeCacheParameterGroups", "CacheParameterGroups", MaxRecords=100)
        }
        for cluster in self.shown("DescribeCacheClusters", "CacheClusters"):
            name = cluster["CacheParameterGroup"]["CacheParameterGroupName"]
            assert name in parameters or name.startswith("default.")
            self.shown(
                "DescribeCacheSubnetGroups", "CacheSubnetGroups", CacheSubnetGroupName=cluster["CacheSubnetGroupName"]
            )
        for group in groups:
            for id in group.get("UserGroupIds") or ():
                assert group["ReplicationGroupId"] in user_groups[id]["ReplicationGroups"]
        for id, one in user_groups.items():
            assert set(one["UserIds"]) <= users.keys()
            assert all(id in users[user]["UserGroupIds"] for user in one["UserIds"])
        for one in (*groups, *users.values(), *user_groups.values()):
            if one.get("UserId") != "default":
                assert self.call("ListTagsForResource", ResourceName=one["ARN"]) is not None or one["Status"] in {
                    "creating",
                    "deleting",
                }

    @invariant()
    def globals_know_their_members(self):
        for region in REGIONS:
            for one in self.shown(
                "DescribeGlobalReplicationGroups", "GlobalReplicationGroups", region, ShowMemberInfo=True
            ):
                for member in one["Members"] or ():
                    found = self.call(
                        "DescribeReplicationGroups",
                        member["ReplicationGroupRegion"],
                        ReplicationGroupId=member["ReplicationGroupId"],
                    )
                    assert found is not None
                    info = found["ReplicationGroups"][0].get("GlobalReplicationGroupInfo") or {}
                    assert info.get("GlobalReplicationGroupId") == one["GlobalReplicationGroupId"]


def slots_of(text):
    """Return the slots that `0-99,200` names."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


TestLocalElastiCache = LocalElastiCache.TestCase
TestLocalElastiCache.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
