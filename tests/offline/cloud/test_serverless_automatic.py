"""Automatic snapshots of serverless caches, and how many of what there may be."""

from datetime import timedelta

import pytest

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.clock import CLOCK

DAY = timedelta(days=1).total_seconds()
CACHE = {"Engine": "valkey", "SnapshotRetentionLimit": 2, "DailySnapshotTime": "03:00"}


@pytest.fixture
def at_noon(in_process):
    """Return an empty ElastiCache on a day at 12:00."""
    midnight = CLOCK.now().replace(hour=0, minute=0, second=0, microsecond=0)
    CLOCK.advance((midnight + timedelta(days=1, hours=12) - CLOCK.now()).total_seconds())
    return in_process


def make(cloud, name="sessions", **changed):
    cloud.call("CreateServerlessCache", ServerlessCacheName=name, **{**CACHE, **changed})
    cloud.call("DescribeServerlessCaches")


def snapshots(cloud, **filters):
    return cloud.call("DescribeServerlessCacheSnapshots", **filters)["ServerlessCacheSnapshots"]


def test_taken_daily_and_kept_for_its_days(at_noon):
    """A snapshot is there after its time, tells when it expires, and is gone then."""
    make(at_noon)
    assert snapshots(at_noon) == []
    CLOCK.advance(DAY)
    (taken,) = snapshots(at_noon)
    taken_at = CLOCK.now().replace(hour=3, minute=0, second=0, microsecond=0)
    assert taken["ServerlessCacheSnapshotName"] == f"automatic.sessions-{taken_at:%Y-%m-%d}-03-00"
    assert (taken["Status"], taken["SnapshotType"]) == ("available", "automated")
    assert (taken["CreateTime"], taken["ExpiryTime"]) == (taken_at, taken_at + timedelta(days=2))
    CLOCK.advance(3 * DAY)
    assert [one["CreateTime"] for one in snapshots(at_noon)] == [
        taken_at + timedelta(days=2),
        taken_at + timedelta(days=3),
    ]


def test_told_apart_by_type(at_noon):
    """`SnapshotType` chooses; a type that does not exist is refused."""
    make(at_noon)
    CLOCK.advance(DAY)
    at_noon.call("CreateServerlessCacheSnapshot", ServerlessCacheName="sessions", ServerlessCacheSnapshotName="mine")
    assert [one["ServerlessCacheSnapshotName"] for one in snapshots(at_noon, SnapshotType="manual")] == ["mine"]
    assert [one["SnapshotType"] for one in snapshots(at_noon, SnapshotType="automated")] == ["automated"]
    refusal = at_noon.refused("DescribeServerlessCacheSnapshots", SnapshotType="weekly")
    assert refusal == (
        "InvalidParameterValue",
        "Invalid value for SnapshotType: weekly. Must be one of: automated, manual.",
    )


def test_a_new_time_and_no_days(at_noon):
    """Another time holds from the next day on, and with no days none is taken any more."""
    make(at_noon)
    at_noon.call("ModifyServerlessCache", ServerlessCacheName="sessions", DailySnapshotTime="13:30")
    CLOCK.advance(DAY / 6)
    assert [one["ServerlessCacheSnapshotName"][-5:] for one in snapshots(at_noon)] == ["13-30"]
    at_noon.call("DescribeServerlessCaches")
    at_noon.call("ModifyServerlessCache", ServerlessCacheName="sessions", SnapshotRetentionLimit=0)
    CLOCK.advance(DAY)
    assert len(snapshots(at_noon)) == 1


def test_gone_with_their_cache(at_noon):
    """A deleted cache takes its automatic snapshots along; one that was asked for stays."""
    make(at_noon)
    CLOCK.advance(DAY)
    at_noon.call("CreateServerlessCacheSnapshot", ServerlessCacheName="sessions", ServerlessCacheSnapshotName="mine")
    at_noon.call("DescribeServerlessCacheSnapshots")
    at_noon.call("DeleteServerlessCache", ServerlessCacheName="sessions")
    CLOCK.advance(2 * DAY)
    assert [one["ServerlessCacheSnapshotName"] for one in snapshots(at_noon)] == ["mine"]


def test_a_day_has_so_many_snapshots(at_noon):
    """One more than AWS takes of a cache in a day is refused, and the next day it is taken."""
    make(at_noon, SnapshotRetentionLimit=0)
    most = limit("serverless_snapshots_per_day")
    for number in range(most):
        name = f"s{number}"
        at_noon.call("CreateServerlessCacheSnapshot", ServerlessCacheName="sessions", ServerlessCacheSnapshotName=name)
    more = {"ServerlessCacheName": "sessions", "ServerlessCacheSnapshotName": "more"}
    assert at_noon.refused("CreateServerlessCacheSnapshot", **more) == (
        "ServerlessCacheSnapshotQuotaExceededFault",
        "24 snapshots of the serverless cache sessions were taken within the last 24 hours.",
    )
    CLOCK.advance(DAY + 1)
    at_noon.call("CreateServerlessCacheSnapshot", **more)


def test_a_region_has_so_many_caches(at_noon):
    """One more than a region may have is refused."""
    for number in range(limit("serverless_caches_per_region")):
        make(at_noon, f"c{number}")
    assert at_noon.refused("CreateServerlessCache", ServerlessCacheName="more", Engine="valkey") == (
        "ServerlessCacheQuotaForCustomerExceededFault",
        "A region may have 40 serverless caches.",
    )


def test_a_snapshot_that_is_not_there_yet_cannot_be_restored(at_noon):
    """A new cache is filled from snapshots that are available."""
    make(at_noon)
    CLOCK.speed = 1
    arn = at_noon.call(
        "CreateServerlessCacheSnapshot", ServerlessCacheName="sessions", ServerlessCacheSnapshotName="mine"
    )["ServerlessCacheSnapshot"]["ARN"]
    new = {"ServerlessCacheName": "new", "Engine": "valkey", "SnapshotArnsToRestore": [arn]}
    assert at_noon.refused("CreateServerlessCache", **new) == (
        "InvalidParameterValue",
        f"The snapshot {arn} is not available: it is creating.",
    )


def test_copies_count_and_the_final_one_does_not(at_noon):
    """The quota of a day holds for copies, too; what is taken before a cache is deleted is always taken."""
    make(at_noon, SnapshotRetentionLimit=0)
    most = limit("serverless_snapshots_per_day")
    for number in range(most):
        name = f"s{number}"
        at_noon.call("CreateServerlessCacheSnapshot", ServerlessCacheName="sessions", ServerlessCacheSnapshotName=name)
    at_noon.call("DescribeServerlessCacheSnapshots")
    copied = {"SourceServerlessCacheSnapshotName": "s0", "TargetServerlessCacheSnapshotName": "copy"}
    assert at_noon.refused("CopyServerlessCacheSnapshot", **copied)[0] == "ServerlessCacheSnapshotQuotaExceededFault"
    at_noon.call("DeleteServerlessCache", ServerlessCacheName="sessions", FinalSnapshotName="last")
    assert snapshots(at_noon)[0]["ServerlessCacheSnapshotName"] == "last"


def test_modifying_while_its_users_change(at_noon):
    """A cache is being modified for as long as the group of its users is, and takes no change meanwhile."""
    at_noon.call(
        "CreateUser",
        UserId="one",
        UserName="one",
        Engine="valkey",
        AccessString="on ~* +@all",
        AuthenticationMode={"Type": "iam"},
    )
    at_noon.call("CreateUserGroup", UserGroupId="team", Engine="valkey")
    at_noon.call("DescribeUsers")
    make(at_noon, UserGroupId="team")
    CLOCK.speed = 1
    at_noon.call("ModifyUserGroup", UserGroupId="team", UserIdsToAdd=["one"])
    assert at_noon.call("DescribeServerlessCaches")["ServerlessCaches"][0]["Status"] == "modifying"
    assert at_noon.refused("ModifyServerlessCache", ServerlessCacheName="sessions", Description="x") == (
        "InvalidServerlessCacheStateFault",
        "Serverless cache sessions is not in an available state: it is modifying.",
    )
    CLOCK.advance(DAY / 24)
    assert at_noon.call("DescribeServerlessCaches")["ServerlessCaches"][0]["Status"] == "available"
