"""Caches that an update is about to replace."""

from __future__ import annotations

import pytest

from cachewright_policies.change.replacement import RULE
from cachewright_policies.graph import Graph, Resource
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP


def cache(type=REPLICATION_GROUP, op="replace", keys=("atRestEncryptionEnabled",), **values):
    """A cache in a plan."""
    return Resource(f"urn:pulumi:main::example::{type}::sessions", type, values, op=op, replace_keys=keys)


def test_a_replaced_cache_is_found_with_the_argument_that_forces_it(found):
    """The message names the argument, and the property is it."""
    (one,) = found(Graph([cache(engine="valkey")]), RULE)
    assert one.message == (
        "the update replaces the cache because of atRestEncryptionEnabled, and the new one begins empty"
    )
    assert one.property == "atRestEncryptionEnabled"
    assert one.level == "mandatory"


@pytest.mark.parametrize(
    "resource",
    [
        cache(op="update"),
        cache(op="create"),
        cache(op=""),
        cache(snapshotName="sessions-before"),
        cache(CLUSTER, engine="memcached"),
        cache(CLUSTER, replicationGroupId="sessions"),
    ],
    ids=["updated", "created", "no plan", "restored from a snapshot", "memcached", "a member"],
)
def test_what_loses_no_data_passes(found, resource):
    """Only a replacement of a cache that holds data, and begins empty, is one."""
    assert found(Graph([resource]), RULE) == []
