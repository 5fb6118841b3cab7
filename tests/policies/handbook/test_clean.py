"""The clean configuration: nothing is found in it, and it is what its name says."""

from __future__ import annotations

from collections import Counter

from cachewright_policies import registry
from cachewright_policies.levels import Level
from cachewright_policies.tokens import REPLICATION_GROUP


def test_it_is_silent_at_the_strictest_level(handbook, findings):
    """With every rule on and mandatory in production, nothing is found, nothing undecided and nothing refused."""
    assert handbook.refusals == ()
    assert findings(handbook.graph, handbook) == []


def test_the_strictest_level_leaves_out_only_what_is_a_matter_of_design(strictest):
    """All others are mandatory: one asks for shards in every cache, one for write-only properties."""
    left_out = {rule.name for rule in registry.rules() if strictest.level(rule) is not Level.MANDATORY}
    assert left_out == {"cache-cluster-mode", "auth-token-write-only"}


def test_it_has_every_kind_of_cache_and_what_surrounds_them(handbook):
    """Both modes, Memcached, serverless, a global datastore over two regions, and their surroundings."""
    counted = Counter(one.type.rsplit(":", 1)[-1] for one in handbook.graph.resources.values())
    expected = {
        "ReplicationGroup": 4,
        "Cluster": 1,
        "ServerlessCache": 1,
        "GlobalReplicationGroup": 1,
        "Vpc": 2,
        "Subnet": 12,
        "SecurityGroup": 8,
        "Key": 2,
        "Topic": 2,
        "LogGroup": 10,
        "User": 6,
        "UserGroup": 2,
    }
    assert {type: counted[type] for type in expected} == expected
    assert {one.region for one in handbook.graph.of_type(REPLICATION_GROUP)} == {"us-east-1", "us-west-2"}
