"""What a cluster takes in its maintenance window, and how long changes last with a speed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright.catalog import windows
from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache import default_windows

MEMCACHED = {
    "CacheClusterId": "mem",
    "Engine": "memcached",
    "CacheNodeType": "cache.m7g.large",
    "NumCacheNodes": 3,
    "PreferredMaintenanceWindow": "sun:23:00-mon:00:00",
}
REDIS = {
    "CacheClusterId": "one",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t4g.micro",
    "NumCacheNodes": 1,
}
WEEK = timedelta(weeks=1).total_seconds()


@pytest.fixture
def memcached(in_process):
    in_process.call("CreateCacheCluster", **MEMCACHED)
    return in_process


def shown(in_process, id="mem"):
    answer = in_process.call("DescribeCacheClusters", CacheClusterId=id, ShowCacheNodeInfo=True)
    return answer["CacheClusters"][0]


def pass_window(in_process):
    """Let the window open, which begins what is pending, and that be done."""
    CLOCK.advance(WEEK)
    in_process.call("DescribeCacheClusters")


def modify(in_process, **arguments):
    return in_process.call("ModifyCacheCluster", CacheClusterId="mem", **arguments)["CacheCluster"]


def node_ids(cluster):
    return [node["CacheNodeId"] for node in cluster["CacheNodes"]]


def test_changes_wait_for_the_window(memcached):
    """Without ApplyImmediately nodes, version and type are pending until the window opens, and then come together."""
    answer = modify(memcached, NumCacheNodes=2, CacheNodeIdsToRemove=["0001"], CacheNodeType="cache.m7g.xlarge")
    assert answer["CacheClusterStatus"] == "available"
    pending = {
        "NumCacheNodes": 2,
        "CacheNodeIdsToRemove": ["0001"],
        "CacheNodeType": "cache.m7g.xlarge",
        "ScaleConfig": {"ScalePercentage": 20, "ScaleIntervalMinutes": 5},
    }
    assert answer["PendingModifiedValues"] == pending
    assert shown(memcached)["PendingModifiedValues"] == pending
    assert (shown(memcached)["NumCacheNodes"], shown(memcached)["CacheNodeType"]) == (3, "cache.m7g.large")
    pass_window(memcached)
    cluster = shown(memcached)
    assert cluster["PendingModifiedValues"] == {}
    assert node_ids(cluster) == ["0002", "0003"]
    assert cluster["CacheNodeType"] == "cache.m7g.xlarge"


def test_window_that_moves(memcached):
    """A window that is moved takes what is pending along."""
    now = memcached.context.state.now()
    soon, later = now + timedelta(hours=2), now + timedelta(days=3)

    def window(moment):
        return f"{moment:%a:%H}:00-{moment + timedelta(hours=1):%a:%H}:00"

    modify(memcached, NumCacheNodes=4, PreferredMaintenanceWindow=window(soon))
    modify(memcached, EngineVersion="1.6.22", NumCacheNodes=5, PreferredMaintenanceWindow=window(later))
    CLOCK.advance(timedelta(hours=3).total_seconds())
    assert shown(memcached)["NumCacheNodes"] == 3
    CLOCK.advance(timedelta(days=3).total_seconds())
    assert shown(memcached)["CacheClusterStatus"] == "available"
    assert shown(memcached)["NumCacheNodes"] == 5


def test_apply_immediately_takes_what_is_pending_along(memcached):
    """A later request with ApplyImmediately applies what was pending, too, whatever else it asks for."""
    modify(memcached, NumCacheNodes=4)
    answer = modify(memcached, ApplyImmediately=True)
    assert answer["CacheClusterStatus"] == "modifying"
    assert shown(memcached)["NumCacheNodes"] == 4
    pass_window(memcached)
    assert (shown(memcached)["NumCacheNodes"], shown(memcached)["CacheClusterStatus"]) == (4, "available")


def test_pending_addition(memcached):
    """An addition adds to a pending one, as many nodes as there are cancel it, and a removal counts from both."""
    modify(memcached, NumCacheNodes=5)
    assert modify(memcached, NumCacheNodes=7, NewAvailabilityZones=["us-east-1a"] * 2)["PendingModifiedValues"] == {
        "NumCacheNodes": 7,
    }
    code, message = memcached.refused("ModifyCacheCluster", CacheClusterId="mem", NumCacheNodes=5)
    assert (code, message) == (
        "InvalidParameterCombination",
        "CacheNodeIdsToRemove must name 2 cache nodes to leave 5 of 7.",
    )
    answer = modify(memcached, NumCacheNodes=5, CacheNodeIdsToRemove=["0006", "0007"])
    assert answer["PendingModifiedValues"] == {"NumCacheNodes": 5}
    assert modify(memcached, NumCacheNodes=3)["PendingModifiedValues"] == {}
    pass_window(memcached)
    assert node_ids(shown(memcached)) == ["0001", "0002", "0003"]


def test_pending_removal(memcached):
    """A removal replaces a pending one, and so does an addition."""
    modify(memcached, NumCacheNodes=1, CacheNodeIdsToRemove=["0001", "0002"])
    answer = modify(memcached, NumCacheNodes=2, CacheNodeIdsToRemove=["0003"])
    assert answer["PendingModifiedValues"] == {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["0003"]}
    answer = modify(memcached, NumCacheNodes=4)
    assert answer["PendingModifiedValues"] == {"NumCacheNodes": 4}
    pass_window(memcached)
    assert node_ids(shown(memcached)) == ["0001", "0002", "0003", "0004"]


def test_group_of_a_pending_version_is_in_use(in_process):
    """The parameter group that comes with a pending upgrade cannot be deleted before."""
    in_process.call("CreateCacheCluster", **REDIS | {"EngineVersion": "6.2"})
    group = {"CacheParameterGroupName": "seven"}
    in_process.call("CreateCacheParameterGroup", **group, CacheParameterGroupFamily="redis7", Description="x")
    in_process.call("ModifyCacheCluster", CacheClusterId="one", EngineVersion="7.1", **group)
    assert in_process.refused("DeleteCacheParameterGroup", **group)[0] == "InvalidCacheParameterGroupState"
    assert shown(in_process, "one")["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis6.x"
    pass_window(in_process)
    assert shown(in_process, "one")["CacheParameterGroup"]["CacheParameterGroupName"] == "seven"
    assert shown(in_process, "one")["EngineVersion"] == "7.1.0"


def test_deleted_cluster_takes_nothing(memcached):
    """What was pending for a deleted cluster does not come to a later one of its id."""
    modify(memcached, NumCacheNodes=5)
    memcached.call("DeleteCacheCluster", CacheClusterId="mem")
    memcached.call("CreateCacheCluster", **MEMCACHED)
    pass_window(memcached)
    assert shown(memcached)["NumCacheNodes"] == 3


def test_export_keeps_what_waits(memcached):
    """A local AWS that starts with an export applies what was pending, and knows the reboots that are awaited."""
    group = {"CacheParameterGroupName": "own"}
    memcached.call("CreateCacheParameterGroup", **group, CacheParameterGroupFamily="memcached1.6", Description="x")
    modify(memcached, **group)
    chunk = [{"ParameterName": "chunk_size", "ParameterValue": "64"}]
    memcached.call("ModifyCacheParameterGroup", **group, ParameterNameValues=chunk)
    modify(memcached, NumCacheNodes=5)
    before = shown(memcached)
    assert before["CacheParameterGroup"]["ParameterApplyStatus"] == "pending-reboot"
    memcached.start_again()
    assert shown(memcached) == before
    pass_window(memcached)
    assert shown(memcached)["NumCacheNodes"] == 5


def test_transient_states_with_a_speed(in_process):
    """With a speed a cluster is creating, modifying, rebooting and deleting for a while, and refuses changes then."""
    CLOCK.speed = 1
    in_process.call("CreateCacheCluster", **MEMCACHED)

    def is_busy(status, seconds):
        assert shown_plain() == status
        for action, arguments in (
            ("ModifyCacheCluster", {"NumCacheNodes": 4}),
            ("RebootCacheCluster", {"CacheNodeIdsToReboot": ["0001"]}),
            ("DeleteCacheCluster", {}),
        ):
            assert in_process.refused(action, CacheClusterId="mem", **arguments) == (
                "InvalidCacheClusterState",
                f"Cache cluster mem is not in available state: it is {status}.",
            )
        CLOCK.advance(seconds)

    def shown_plain():
        cluster = in_process.call("DescribeCacheClusters", CacheClusterId="mem")["CacheClusters"][0]
        return cluster["CacheClusterStatus"]

    is_busy("creating", 420)
    modify(in_process, NumCacheNodes=4, ApplyImmediately=True)
    is_busy("modifying", 300)
    in_process.call("RebootCacheCluster", CacheClusterId="mem", CacheNodeIdsToReboot=["0001"])
    is_busy("rebooting cluster nodes", 120)
    in_process.call("DeleteCacheCluster", CacheClusterId="mem")
    is_busy("deleting", 240)
    assert in_process.refused("DescribeCacheClusters", CacheClusterId="mem")[0] == "CacheClusterNotFound"


HOURS = st.integers(0, 23)


@given(start=HOURS, length=st.integers(1, 20))
def test_chosen_snapshot_window_is_free(start, length):
    """The snapshot window that AWS chooses never overlaps the maintenance window that was asked for."""
    day, hour = divmod(start + length, 24)
    maintenance = f"wed:{start:02}:00-{('wed', 'thu')[day]}:{hour:02}:00"
    snapshot, kept = default_windows.chosen({"PreferredMaintenanceWindow": maintenance})
    assert kept == maintenance
    assert windows.snapshot_problem(snapshot) is None
    assert windows.overlap_problem(snapshot, maintenance) is None


@given(start=HOURS, length=st.integers(1, 20))
def test_chosen_maintenance_window_is_free(start, length):
    """The maintenance window that AWS chooses never overlaps the snapshot window that was asked for."""
    snapshot = f"{start:02}:00-{(start + length) % 24:02}:00"
    kept, maintenance = default_windows.chosen({"SnapshotWindow": snapshot})
    assert kept == snapshot
    assert windows.maintenance_problem(maintenance) is None
    assert windows.overlap_problem(snapshot, maintenance) is None
