"""Automatic snapshots: taken daily when the snapshot window opens, kept for their days, gone with their cache."""

from datetime import UTC, datetime, timedelta

import pytest

from cachewright_offline.cloud.agenda import AGENDA
from cachewright_offline.cloud.clock import CLOCK

DAY = timedelta(days=1).total_seconds()
GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "valkey",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
    "TransitEncryptionEnabled": True,
    "SnapshotRetentionLimit": 2,
    "SnapshotWindow": "03:00-05:00",
    "PreferredMaintenanceWindow": "mon:05:00-mon:07:00",
}
CLUSTER = {
    "CacheClusterId": "single",
    "Engine": "redis",
    "CacheNodeType": "cache.t4g.small",
    "NumCacheNodes": 1,
    "SnapshotRetentionLimit": 2,
    "SnapshotWindow": "03:00-05:00",
    "PreferredMaintenanceWindow": "mon:05:00-mon:07:00",
}


def to_time(hour, minute=0):
    """Move the time to the next day's hour, of UTC."""
    midnight = CLOCK.now().replace(hour=0, minute=0, second=0, microsecond=0)
    CLOCK.advance((midnight + timedelta(days=1, hours=hour, minutes=minute) - CLOCK.now()).total_seconds())


@pytest.fixture
def at_noon(in_process):
    """Return an empty ElastiCache on a day at 12:00."""
    to_time(12)
    return in_process


def snapshots(cloud, **filters):
    return cloud.call("DescribeSnapshots", **filters)["Snapshots"]


def opened(days_ago=0, window="03-00"):
    """Return the end of the name of a snapshot that was taken some days before today."""
    return f"{CLOCK.now() - timedelta(days=days_ago):%Y-%m-%d}-{window}"


def test_taken_when_the_window_opens(at_noon):
    """A group with a retention limit has a snapshot a day, from the moment at which its window opens."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    to_time(2, 59)
    assert snapshots(at_noon) == []
    CLOCK.advance(60)
    (taken,) = snapshots(at_noon)
    name = f"automatic.main-002-{opened()}"
    assert (taken["SnapshotName"], taken["SnapshotStatus"], taken["SnapshotSource"]) == (
        name,
        "available",
        "automated",
    )
    assert taken["SnapshotRetentionLimit"] == 2
    (node,) = taken["NodeSnapshots"]
    assert node["SnapshotCreateTime"] == CLOCK.now().replace(hour=3, minute=0, second=0, microsecond=0)
    assert node["CacheClusterId"] == "main-002"
    assert [one["SnapshotName"] for one in snapshots(at_noon, SnapshotSource="system")] == [name]
    assert snapshots(at_noon, SnapshotSource="user") == []
    (group,) = at_noon.call("DescribeReplicationGroups")["ReplicationGroups"]
    assert group["Status"] == "available"
    assert list(AGENDA.under_way()) == []
    messages = [
        one["Message"]
        for one in at_noon.call("DescribeEvents", SourceIdentifier="main-002", SourceType="cache-cluster")["Events"]
    ]
    assert f"Snapshot succeeded for snapshot with ID '{name}' of cache cluster with ID 'main-002'" in messages


def test_named_after_what_it_is_of(at_noon):
    """Of a group it is of the member that it is read from; with cluster mode enabled it is of all shards at once."""
    sharded = {key: value for key, value in GROUP.items() if key != "NumCacheClusters"}
    at_noon.call("CreateReplicationGroup", **sharded | {"ReplicationGroupId": "wide", "NumNodeGroups": 2})
    at_noon.call("CreateReplicationGroup", **GROUP)
    CLOCK.advance(DAY)
    of_member, of_all = snapshots(at_noon)
    assert (of_member["SnapshotName"], of_member["CacheClusterId"]) == (f"automatic.main-002-{opened()}", "main-002")
    assert (of_all["SnapshotName"], of_all["ReplicationGroupId"]) == (f"automatic.wide-{opened()}", "wide")
    assert len(of_all["NodeSnapshots"]) == 2
    assert snapshots(at_noon, ReplicationGroupId="main") == [of_member]
    assert snapshots(at_noon, CacheClusterId="main-002") == [of_member]


def test_kept_for_its_days(at_noon):
    """A snapshot is removed when it is as old as the retention limit says."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    CLOCK.advance(40 * DAY)
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == [
        f"automatic.main-002-{opened(1)}",
        f"automatic.main-002-{opened()}",
    ]
    assert not [arn for arn in at_noon.context.state.tags if ":snapshot:" in arn and opened(2) in arn]


def test_of_a_cluster(at_noon):
    """A cluster of its own has them as well, until it is deleted."""
    at_noon.call("CreateCacheCluster", **CLUSTER)
    CLOCK.advance(DAY)
    (taken,) = snapshots(at_noon)
    assert (taken["SnapshotName"], taken["CacheClusterId"]) == (f"automatic.single-{opened()}", "single")
    at_noon.call("DeleteCacheCluster", CacheClusterId="single")
    assert snapshots(at_noon) == []
    CLOCK.advance(2 * DAY)
    assert snapshots(at_noon) == []


def test_gone_with_their_group(at_noon):
    """A deleted group takes its automatic snapshots along; a manual one and a copy of an automatic one stay."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    CLOCK.advance(DAY)
    name = f"automatic.main-002-{opened()}"
    copy = at_noon.call("CopySnapshot", SourceSnapshotName=name, TargetSnapshotName="copy")["Snapshot"]
    assert copy["SnapshotSource"] == "manual"
    at_noon.call("CreateSnapshot", SnapshotName="mine", ReplicationGroupId="main")
    CLOCK.advance(3 * DAY)
    assert [one["SnapshotName"] for one in snapshots(at_noon, SnapshotSource="user")] == ["copy", "mine"]
    at_noon.call("DeleteReplicationGroup", ReplicationGroupId="main")
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == ["copy", "mine"]


def test_deleted_by_hand(at_noon):
    """An automatic snapshot may be deleted before its time; the next one is taken all the same."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    CLOCK.advance(DAY)
    at_noon.call("DeleteSnapshot", SnapshotName=f"automatic.main-002-{opened()}")
    assert snapshots(at_noon) == []
    CLOCK.advance(DAY)
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == [f"automatic.main-002-{opened()}"]


@pytest.mark.parametrize("kind", ["ReplicationGroup", "CacheCluster"])
def test_turned_off_and_on(at_noon, kind):
    """With a retention of 0 no more are taken, and those that exist live out their days; above 0 they are again."""
    arguments = GROUP if kind == "ReplicationGroup" else CLUSTER
    id = {f"{kind}Id": arguments[f"{kind}Id"]}
    at_noon.call(f"Create{kind}", **arguments)
    CLOCK.advance(DAY)
    at_noon.call(f"Modify{kind}", **id, SnapshotRetentionLimit=0)
    assert len(snapshots(at_noon)) == 1
    CLOCK.advance(2 * DAY)
    assert snapshots(at_noon) == []
    at_noon.call(f"Modify{kind}", **id, SnapshotRetentionLimit=1)
    CLOCK.advance(DAY)
    (again,) = snapshots(at_noon)
    assert again["SnapshotName"].endswith(opened())


@pytest.mark.parametrize("kind", ["ReplicationGroup", "CacheCluster"])
def test_moved_with_the_window(at_noon, kind):
    """Another window moves the next snapshot, and there is none at the old one."""
    arguments = GROUP if kind == "ReplicationGroup" else CLUSTER
    id = arguments[f"{kind}Id"]
    at_noon.call(f"Create{kind}", **arguments)
    at_noon.call(f"Describe{kind}s")
    at_noon.call(f"Modify{kind}", **{f"{kind}Id": id}, SnapshotWindow="13:00-14:00")
    CLOCK.advance(timedelta(hours=2).total_seconds())
    taken_of = "main-002" if kind == "ReplicationGroup" else id
    first = f"automatic.{taken_of}-{opened(window='13-00')}"
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == [first]
    to_time(4)
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == [first]


def test_one_a_day_however_often_it_was_set(at_noon):
    """Settings that come back to what they were, and a new group of the same name, leave one snapshot a day."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    at_noon.call("DescribeReplicationGroups")
    for days in (0, 2, 0, 2):
        at_noon.call("ModifyReplicationGroup", ReplicationGroupId="main", SnapshotRetentionLimit=days)
    at_noon.call("DeleteReplicationGroup", ReplicationGroupId="main")
    at_noon.call("DescribeReplicationGroups")
    at_noon.call("CreateReplicationGroup", **GROUP)
    CLOCK.advance(2 * DAY)
    assert len(snapshots(at_noon)) == 2
    assert sum("Snapshot succeeded" in one.message for one in at_noon.context.state.events) == 2


def test_after_a_start_with_an_export(at_noon):
    """What was exported goes on: the next window opens, and old snapshots come to their end."""
    at_noon.call("CreateReplicationGroup", **GROUP)
    at_noon.call("CreateCacheCluster", **CLUSTER)
    CLOCK.advance(DAY)
    at_noon.start_again()
    assert len(snapshots(at_noon)) == 2
    CLOCK.advance(2 * DAY)
    assert [one["SnapshotName"] for one in snapshots(at_noon)] == [
        f"automatic.{id}-{opened(days)}" for id in ("main-002", "single") for days in (1, 0)
    ]


def test_through_the_clock_of_a_process(cloud):
    """`local advance` lets the windows of a running local AWS open."""
    elasticache = cloud.client("elasticache")
    elasticache.create_replication_group(**GROUP)
    before = datetime.now(UTC)
    cloud.post("/_cachewright/advance", b'{"duration": "1d"}')
    (taken,) = elasticache.describe_snapshots(SnapshotSource="system")["Snapshots"]
    assert taken["SnapshotName"].startswith("automatic.main-")
    assert before < taken["NodeSnapshots"][0]["SnapshotCreateTime"] <= before + timedelta(days=1, minutes=1)
