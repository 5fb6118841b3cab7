"""What is left of a cache's data when the cache is gone."""

from __future__ import annotations

import pytest

from cachewright_policies.backup import automatic_backups, final_snapshot, snapshot_window
from cachewright_policies.rule import Environment
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP, SERVERLESS_CACHE
from cachewright_policies.values import UNKNOWN, Secret


def group(**values):
    """A replication group called `g`."""
    return (REPLICATION_GROUP, "g", {"engine": "valkey", **values})


def cluster(**values):
    """A cluster called `c`."""
    return (CLUSTER, "c", {"engine": "redis", **values})


LIMIT = "snapshotRetentionLimit"
BACKUPS = {
    "absent": (group(), [f"g.{LIMIT}"]),
    "none": (group(snapshotRetentionLimit=0), [f"g.{LIMIT}"]),
    "too few days": (group(snapshotRetentionLimit=6), [f"g.{LIMIT}"]),
    "enough": (group(snapshotRetentionLimit=7), []),
    "enough, as text": (group(snapshotRetentionLimit="7"), []),
    "secret": (group(snapshotRetentionLimit=Secret(1)), [f"g.{LIMIT}"]),
    "not known": (group(snapshotRetentionLimit=UNKNOWN), [f"g.{LIMIT}?"]),
    "a cluster": (cluster(), [f"c.{LIMIT}"]),
    "a member": (cluster(replicationGroupId="g"), []),
    "memcached": (cluster(engine="memcached"), []),
    "serverless": ((SERVERLESS_CACHE, "s", {"engine": "valkey"}), [f"s.{LIMIT}"]),
    "serverless memcached": ((SERVERLESS_CACHE, "s", {"engine": "memcached"}), []),
}
FINAL = {
    "absent": (group(), ["g.finalSnapshotIdentifier"]),
    "empty": (group(finalSnapshotIdentifier=""), ["g.finalSnapshotIdentifier"]),
    "named": (group(finalSnapshotIdentifier="last"), []),
    "named by what comes later": (group(finalSnapshotIdentifier=UNKNOWN), []),
    "a secondary": (group(globalReplicationGroupId="a"), []),
    "a cluster": (cluster(), ["c.finalSnapshotIdentifier"]),
    "a member": (cluster(replicationGroupId="g"), []),
    "memcached": (cluster(engine="memcached"), []),
}
WINDOW = {
    "absent": (group(snapshotRetentionLimit=7), ["g.snapshotWindow"]),
    "absent without snapshots": (group(), []),
    "set": (group(snapshotRetentionLimit=7, snapshotWindow="03:00-04:00"), []),
    "in the maintenance window": (
        group(snapshotRetentionLimit=7, snapshotWindow="03:00-04:00", maintenanceWindow="sun:03:30-sun:05:00"),
        ["g.snapshotWindow"],
    ),
    "before the maintenance window": (
        group(snapshotRetentionLimit=7, snapshotWindow="03:00-04:00", maintenanceWindow="sun:04:00-sun:05:00"),
        [],
    ),
    "over midnight, in the maintenance window": (
        group(snapshotRetentionLimit=7, snapshotWindow="23:30-00:30", maintenanceWindow="mon:00:00-mon:01:00"),
        ["g.snapshotWindow"],
    ),
    "not known": (group(snapshotRetentionLimit=7, snapshotWindow=UNKNOWN), ["g.snapshotWindow?"]),
    "snapshots not known": (group(snapshotRetentionLimit=UNKNOWN), ["g.snapshotRetentionLimit?"]),
    "a member": (cluster(replicationGroupId="g", snapshotRetentionLimit=7), []),
}


@pytest.mark.parametrize(
    ("rule", "spec", "expected"),
    [
        pytest.param(module.RULE, *case, id=f"{module.RULE.name}: {name}")
        for module, cases in ((automatic_backups, BACKUPS), (final_snapshot, FINAL), (snapshot_window, WINDOW))
        for name, case in cases.items()
    ],
)
def test_backup(rule, spec, expected, verdicts):
    """Memcached has no snapshots, a member has its group's, a secondary its primary's."""
    assert verdicts(rule, spec) == expected


def test_the_days_differ_by_environment_and_by_setting(verdicts):
    """A day in staging, a week in production, what the setting says anywhere."""
    rule, one = automatic_backups.RULE, group(snapshotRetentionLimit=1)
    assert verdicts(rule, one, environment=Environment.STAGING) == []
    assert verdicts(rule, one, environment=Environment.PROD) == [f"g.{LIMIT}"]
    assert verdicts(rule, one, settings={"minimumDays": 1}) == []
    assert verdicts(rule, group(snapshotRetentionLimit=14), settings={"minimumDays": 15}) == [f"g.{LIMIT}"]
