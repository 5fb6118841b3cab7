"""The names of final snapshots."""

from __future__ import annotations

import pytest

from cachewright_policies.backup.final_snapshot_name import RULE
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP
from cachewright_policies.values import UNKNOWN

FOUND = "finalSnapshotIdentifier"


def cache(name, snapshot, type=REPLICATION_GROUP, region="eu-west-1", **values):
    """A cache that leaves a snapshot."""
    return (type, name, {"finalSnapshotIdentifier": snapshot, **values}, {}, {"region": region})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("final", False), ("final--2", True), ("final_2", True), ("2-final", True), ("f" * 41, True), (UNKNOWN, False)],
)
def test_a_name_is_one_that_aws_takes(verdicts, name, wrong):
    """It is looked at only when the cache goes."""
    assert verdicts(RULE, cache("a", name)) == ([f"a.{FOUND}"] if wrong else [])


def test_two_caches_of_a_region_have_two_names(verdicts):
    """The second says so; another region has its own snapshots, and a member has its group's."""
    one = cache("a", "final")
    assert verdicts(RULE, one, cache("b", "final")) == [f"b.{FOUND}"]
    assert verdicts(RULE, one, cache("b", "final", CLUSTER)) == [f"b.{FOUND}"]
    assert verdicts(RULE, one, cache("b", "other")) == []
    assert verdicts(RULE, one, cache("b", "final", region="eu-central-1")) == []
    assert verdicts(RULE, one, cache("b", "final", CLUSTER, replicationGroupId="a")) == []
