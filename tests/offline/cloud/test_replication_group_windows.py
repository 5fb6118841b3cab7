"""ModifyReplicationGroup: what is changed at once, what waits for the maintenance window, and how both show."""

from datetime import timedelta

import pytest

from cachewright_offline.cloud import carrier, export, seed
from cachewright_offline.cloud.clock import CLOCK

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
    "TransitEncryptionEnabled": True,
    "PreferredMaintenanceWindow": "sun:23:00-mon:00:00",
}
TOKEN = "a-token-of-sixteen-characters"
WEEK = timedelta(weeks=1).total_seconds()


@pytest.fixture
def group(in_process):
    in_process.call("CreateReplicationGroup", **GROUP)
    return in_process


def shown(in_process):
    return in_process.call("DescribeReplicationGroups", ReplicationGroupId="main")["ReplicationGroups"][0]


def member(in_process):
    return in_process.call("DescribeCacheClusters", CacheClusterId="main-001")["CacheClusters"][0]


def filled(pending):
    return {name: value for name, value in pending.items() if value is not None}


def modify(in_process, **arguments):
    return in_process.call("ModifyReplicationGroup", ReplicationGroupId="main", **arguments)["ReplicationGroup"]


def pass_window(in_process):
    """Let the window open, which begins what is pending, and that be done."""
    CLOCK.advance(WEEK)
    in_process.call("DescribeReplicationGroups")


def test_nodes_change_in_the_window(group):
    """Node type and version wait on each member, are shown as pending there, and come when the window opens."""
    answer = modify(group, CacheNodeType="cache.r7g.xlarge", EngineVersion="7.1")
    assert (answer["Status"], answer["CacheNodeType"]) == ("available", "cache.r7g.large")
    assert filled(shown(group)["PendingModifiedValues"]) == {}
    waiting = member(group)
    assert filled(waiting["PendingModifiedValues"]) == {"CacheNodeType": "cache.r7g.xlarge", "EngineVersion": "7.1.0"}
    assert (waiting["CacheNodeType"], waiting["EngineVersion"]) == ("cache.r7g.large", "7.0.7")
    pass_window(group)
    changed = member(group)
    assert (changed["CacheNodeType"], changed["EngineVersion"]) == ("cache.r7g.xlarge", "7.1.0")
    assert filled(changed["PendingModifiedValues"]) == {}


def test_settings_of_the_group_wait(group):
    """Failover, and Multi-AZ that needs it, encryption mode and token wait, and show on the group itself."""
    answer = modify(group, AutomaticFailoverEnabled=True, MultiAZEnabled=True, AuthToken=TOKEN)
    assert (answer["AutomaticFailover"], answer["MultiAZ"], answer["AuthTokenEnabled"]) == (
        "disabled",
        "disabled",
        False,
    )
    assert filled(answer["PendingModifiedValues"]) == {
        "AutomaticFailoverStatus": "enabled",
        "AuthTokenStatus": "ROTATING",
    }
    pass_window(group)
    after = shown(group)
    assert (after["AutomaticFailover"], after["MultiAZ"], after["AuthTokenEnabled"]) == ("enabled", "enabled", True)
    assert filled(after["PendingModifiedValues"]) == {}


def test_encryption_mode_waits(group):
    """The encryption mode waits on the group and on its members."""
    modify(group, TransitEncryptionMode="preferred")
    assert filled(shown(group)["PendingModifiedValues"]) == {"TransitEncryptionMode": "preferred"}
    assert filled(member(group)["PendingModifiedValues"]) == {"TransitEncryptionMode": "preferred"}
    pass_window(group)
    assert shown(group)["TransitEncryptionMode"] == "preferred"


def test_promotion_and_logs_wait(group):
    """A promotion and the delivery of a log wait, too."""
    log = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "caches"}},
        "LogFormat": "json",
    }
    modify(group, PrimaryClusterId="main-002", LogDeliveryConfigurations=[log])
    assert filled(shown(group)["PendingModifiedValues"]) == {
        "PrimaryClusterId": "main-002",
        "LogDeliveryConfigurations": [log],
    }
    pass_window(group)
    after = shown(group)
    roles = {one["CacheClusterId"]: one["CurrentRole"] for one in after["NodeGroups"][0]["NodeGroupMembers"]}
    assert roles == {"main-001": "replica", "main-002": "primary"}
    assert after["LogDeliveryConfigurations"] == [log | {"Status": "active"}]


def test_what_changes_no_node_does_not_wait(group):
    """Description, windows, retention, parameters and updates are changed at once, whatever the request says."""
    group.call(
        "CreateCacheParameterGroup", CacheParameterGroupName="own", CacheParameterGroupFamily="redis7", Description="d"
    )
    modify(
        group,
        ReplicationGroupDescription="another",
        SnapshotRetentionLimit=3,
        SnapshotWindow="01:00-02:00",
        PreferredMaintenanceWindow="Tue:03:00-tue:04:00",
        CacheParameterGroupName="own",
        AutoMinorVersionUpgrade=False,
        SnapshottingClusterId="main-001",
    )
    after, cluster = shown(group), member(group)
    assert (after["Description"], after["SnapshotRetentionLimit"], after["SnapshotWindow"]) == (
        "another",
        3,
        "01:00-02:00",
    )
    assert (after["AutoMinorVersionUpgrade"], after["SnapshottingClusterId"]) == (False, "main-001")
    assert cluster["PreferredMaintenanceWindow"] == "tue:03:00-tue:04:00"
    assert cluster["CacheParameterGroup"]["CacheParameterGroupName"] == "own"
    assert filled(after["PendingModifiedValues"]) == filled(cluster["PendingModifiedValues"]) == {}


def test_user_groups_do_not_wait(group):
    """A user group comes as soon as possible, unless it takes the place of a token, which waits."""
    group.call(
        "CreateUser", UserId="ann", UserName="default", Engine="redis", AccessString="on ~* +@all", Passwords=[TOKEN]
    )
    group.call("CreateUserGroup", UserGroupId="team", Engine="redis", UserIds=["ann"])
    answer = modify(group, UserGroupIdsToAdd=["team"], CacheNodeType="cache.r7g.xlarge")
    assert answer["Status"] == "modifying"
    assert filled(answer["PendingModifiedValues"]) == {
        "UserGroups": {"UserGroupIdsToAdd": ["team"], "UserGroupIdsToRemove": []}
    }
    after = shown(group)
    assert (after["Status"], after["UserGroupIds"], after["CacheNodeType"]) == (
        "available",
        ["team"],
        "cache.r7g.large",
    )
    modify(group, RemoveUserGroups=True, AuthToken=TOKEN, ApplyImmediately=True)
    assert (shown(group)["UserGroupIds"], shown(group)["AuthTokenEnabled"]) == (None, True)
    modify(group, UserGroupIdsToAdd=["team"], AuthTokenUpdateStrategy="DELETE")
    assert (shown(group)["UserGroupIds"], shown(group)["AuthTokenEnabled"]) == (None, True)
    pass_window(group)
    assert (shown(group)["UserGroupIds"], shown(group)["AuthTokenEnabled"]) == (["team"], False)


def test_apply_immediately(group):
    """With ApplyImmediately a change is pending in the answer only, and takes along what waited before."""
    modify(group, CacheNodeType="cache.r7g.xlarge")
    answer = modify(group, AutomaticFailoverEnabled=True, ApplyImmediately=True)
    assert (answer["Status"], answer["AutomaticFailover"]) == ("modifying", "enabling")
    assert filled(answer["PendingModifiedValues"]) == {"AutomaticFailoverStatus": "enabled"}
    after = shown(group)
    assert (after["Status"], after["AutomaticFailover"]) == ("available", "enabled")
    assert after["CacheNodeType"] == "cache.r7g.xlarge"
    pass_window(group)
    assert shown(group)["Status"] == "available"


def test_apply_what_is_pending(group):
    """A request with nothing but ApplyImmediately applies what is pending; with nothing pending it is refused."""
    modify(group, CacheNodeType="cache.r7g.xlarge")
    modify(group, ApplyImmediately=True)
    assert shown(group)["CacheNodeType"] == "cache.r7g.xlarge"
    refusal = ("InvalidParameterCombination", "No modifications were requested")
    assert group.refused("ModifyReplicationGroup", ReplicationGroupId="main", ApplyImmediately=True) == refusal
    assert group.refused("ModifyReplicationGroup", ReplicationGroupId="main") == refusal


def test_change_that_is_taken_back(group):
    """A pending value is replaced by a later request, or gone when that asks for what is there already."""
    modify(group, CacheNodeType="cache.r7g.xlarge", EngineVersion="7.1")
    modify(group, CacheNodeType="cache.r7g.2xlarge")
    assert member(group)["PendingModifiedValues"]["CacheNodeType"] == "cache.r7g.2xlarge"
    modify(group, CacheNodeType="cache.r7g.large")
    assert filled(member(group)["PendingModifiedValues"]) == {"EngineVersion": "7.1.0"}
    pass_window(group)
    assert (member(group)["CacheNodeType"], member(group)["EngineVersion"]) == ("cache.r7g.large", "7.1.0")


def test_window_that_moves(group):
    """A window that is moved takes what is pending along."""
    now = group.context.state.now()

    def window(moment):
        return f"{moment:%a:%H}:00-{moment + timedelta(hours=1):%a:%H}:00"

    modify(
        group,
        CacheNodeType="cache.r7g.xlarge",
        SnapshotWindow=f"{now + timedelta(hours=6):%H}:00-{now + timedelta(hours=7):%H}:00",
        PreferredMaintenanceWindow=window(now + timedelta(hours=2)),
    )
    modify(group, PreferredMaintenanceWindow=window(now + timedelta(days=3)))
    CLOCK.advance(timedelta(hours=3).total_seconds())
    assert shown(group)["CacheNodeType"] == "cache.r7g.large"
    CLOCK.advance(timedelta(days=3).total_seconds())
    shown(group)
    assert shown(group)["CacheNodeType"] == "cache.r7g.xlarge"


def test_window_after_a_load(group):
    """What waits for the window is exported, and waits for it where it is loaded."""
    modify(group, CacheNodeType="cache.r7g.xlarge", AuthToken=TOKEN)
    held = export.export()
    carrier.reset()
    seed.load(held)
    loaded = type(group)()
    assert member(loaded)["PendingModifiedValues"]["CacheNodeType"] == "cache.r7g.xlarge"
    pass_window(loaded)
    assert (shown(loaded)["CacheNodeType"], shown(loaded)["AuthTokenEnabled"]) == ("cache.r7g.xlarge", True)


def test_what_a_pending_change_needs(group):
    """What is pending keeps what it needs: a replica to fail over to, and the parameters that it brings."""
    modify(group, AutomaticFailoverEnabled=True)
    assert group.refused(
        "DecreaseReplicaCount", ReplicationGroupId="main", NewReplicaCount=0, ApplyImmediately=True
    ) == (
        "InvalidParameterValue",
        "Must have at least 1 replica when cluster mode is disabled with auto failover enabled.",
    )
    group.call(
        "CreateCacheParameterGroup", CacheParameterGroupName="own", CacheParameterGroupFamily="valkey8", Description="d"
    )
    modify(group, Engine="valkey", EngineVersion="8.1", CacheParameterGroupName="own")
    assert member(group)["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    code, _ = group.refused("DeleteCacheParameterGroup", CacheParameterGroupName="own")
    assert code == "InvalidCacheParameterGroupState"
    pass_window(group)
    assert member(group)["CacheParameterGroup"]["CacheParameterGroupName"] == "own"


def test_window_of_a_group_that_is_gone(group):
    """What waited for a group that was deleted does nothing to a new one of the same id."""
    modify(group, CacheNodeType="cache.r7g.xlarge")
    group.call("DeleteReplicationGroup", ReplicationGroupId="main")
    group.call("CreateReplicationGroup", **GROUP)
    pass_window(group)
    assert shown(group)["CacheNodeType"] == "cache.r7g.large"


def test_transient_states(group):
    """With a speed a change takes time, in which the group takes no other and cannot be deleted."""
    CLOCK.speed = 1
    modify(group, CacheNodeType="cache.r7g.xlarge", ApplyImmediately=True)
    CLOCK.advance(899)
    assert (shown(group)["Status"], shown(group)["CacheNodeType"]) == ("modifying", "cache.r7g.large")
    state = "InvalidReplicationGroupState"
    assert group.refused("ModifyReplicationGroup", ReplicationGroupId="main", SnapshotRetentionLimit=1) == (
        state,
        "Replication group must be in available state to modify.",
    )
    assert group.refused("DeleteReplicationGroup", ReplicationGroupId="main") == (
        state,
        "Replication group main has status modifying which is not valid for deletion.",
    )
    for action, arguments in (
        ("IncreaseReplicaCount", {"NewReplicaCount": 2, "ApplyImmediately": True}),
        ("DecreaseReplicaCount", {"NewReplicaCount": 0, "ApplyImmediately": True}),
        ("TestFailover", {"NodeGroupId": "0001"}),
        ("ModifyReplicationGroupShardConfiguration", {"NodeGroupCount": 2, "ApplyImmediately": True}),
    ):
        assert group.refused(action, ReplicationGroupId="main", **arguments)[0] == state
    CLOCK.advance(1)
    assert (shown(group)["Status"], shown(group)["CacheNodeType"]) == ("available", "cache.r7g.xlarge")


def test_window_that_opens_during_a_change(group):
    """What waits for a window in which the group is not available waits for the next one."""
    modify(group, CacheNodeType="cache.r7g.xlarge")
    CLOCK.speed = 1 / 10_000
    modify(group, ReplicationGroupDescription="slowly")
    CLOCK.advance(WEEK)
    assert (shown(group)["Status"], shown(group)["CacheNodeType"]) == ("available", "cache.r7g.large")
    CLOCK.speed = None
    pass_window(group)
    assert shown(group)["CacheNodeType"] == "cache.r7g.xlarge"
