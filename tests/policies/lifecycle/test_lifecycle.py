"""Engines, node types, windows and parameter groups over the years."""

from __future__ import annotations

from datetime import date

import pytest

from cachewright_policies.lifecycle import (
    auto_minor_upgrade,
    default_parameter_group,
    engine_end_approaching,
    engine_end_of_support,
    maintenance_window,
    node_generation,
    node_type_known,
    orphaned_support,
    parameter_group_coherence,
)
from cachewright_policies.tokens import (
    CLUSTER,
    GLOBAL_REPLICATION_GROUP,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    SERVERLESS_CACHE,
    SUBNET_GROUP,
    USER,
    USER_GROUP,
    USER_GROUP_ASSOCIATION,
)
from cachewright_policies.values import UNKNOWN, Secret


def group(references=None, **values):
    """A replication group called `g`."""
    return (REPLICATION_GROUP, "g", {"engine": "redis", **values}, references or {})


def serverless(version):
    """A serverless cache called `s`."""
    return (SERVERLESS_CACHE, "s", {"engine": "redis", "majorEngineVersion": version})


UPGRADE = {
    "off": (group(autoMinorVersionUpgrade=False), ["g.autoMinorVersionUpgrade"]),
    "off, as the text that a cluster has": (
        (CLUSTER, "c", {"engine": "redis", "autoMinorVersionUpgrade": "false"}),
        ["c.autoMinorVersionUpgrade"],
    ),
    "absent": (group(), []),
    "on": (group(autoMinorVersionUpgrade="true"), []),
    "not known": (group(autoMinorVersionUpgrade=UNKNOWN), ["g.autoMinorVersionUpgrade?"]),
    "secret": (group(autoMinorVersionUpgrade=Secret(False)), ["g.autoMinorVersionUpgrade"]),
    "memcached": ((CLUSTER, "c", {"engine": "memcached", "autoMinorVersionUpgrade": "false"}), []),
    "a member": ((CLUSTER, "c", {"replicationGroupId": "g", "autoMinorVersionUpgrade": "false"}), []),
}
DEFAULT = {
    "absent": (group(), ["g.parameterGroupName"]),
    "AWS's": (group(parameterGroupName="default.redis7"), ["g.parameterGroupName"]),
    "AWS's, secret": (group(parameterGroupName=Secret("default.redis7")), ["g.parameterGroupName"]),
    "one's own": (group(parameterGroupName="own"), []),
    "what may be AWS's": (group(parameterGroupName=UNKNOWN), ["g.parameterGroupName?"]),
    "a secondary": (group(globalReplicationGroupId="a"), []),
    "a member": ((CLUSTER, "c", {"replicationGroupId": "g"}), []),
}
GENERATION = {
    "r3": (group(nodeType="cache.r3.large"), ["g.nodeType"]),
    "t2": (group(nodeType="cache.t2.micro"), ["g.nodeType"]),
    "m4, in capitals": (group(nodeType="CACHE.M4.LARGE"), ["g.nodeType"]),
    "r7g": (group(nodeType="cache.r7g.large"), []),
    "r6gd": (group(nodeType="cache.r6gd.xlarge"), []),
    "absent": (group(), []),
    "not known": (group(nodeType=UNKNOWN), ["g.nodeType?"]),
    "a secondary": (group(globalReplicationGroupId="a", nodeType="cache.r3.large"), []),
    "a datastore": ((GLOBAL_REPLICATION_GROUP, "d", {"cacheNodeType": "cache.r4.large"}), ["d.cacheNodeType"]),
}
TYPE = {
    "EC2's name": (group(nodeType="r7g.large"), ["g.nodeType"]),
    "a slip": (group(nodeType="cache.r7g.lage"), ["g.nodeType"]),
    "a size that is not built": (group(nodeType="cache.r7g.micro"), ["g.nodeType"]),
    "there": (group(nodeType="cache.r7g.large"), []),
    "there once": (group(nodeType="cache.r3.large"), []),
    "absent": (group(), []),
    "not known": (group(nodeType=UNKNOWN), ["g.nodeType?"]),
    "secret": (group(nodeType=Secret("cache.x")), ["g.nodeType"]),
    "a datastore": ((GLOBAL_REPLICATION_GROUP, "d", {"cacheNodeType": "cache.x1.large"}), ["d.cacheNodeType"]),
    "a member": ((CLUSTER, "c", {"replicationGroupId": "g", "nodeType": "cache.x1.large"}), []),
}
WINDOW = {
    "absent": (group(), ["g.maintenanceWindow"]),
    "quiet": (group(maintenanceWindow="sun:03:00-sun:05:00"), []),
    "at work": (group(maintenanceWindow="wed:11:00-wed:12:00"), ["g.maintenanceWindow"]),
    "at work, in another writing": (group(maintenanceWindow="Wed:11:00-Wed:12:00"), ["g.maintenanceWindow"]),
    "on Saturday": (group(maintenanceWindow="sat:11:00-sat:12:00"), []),
    "not known": (group(maintenanceWindow=UNKNOWN), ["g.maintenanceWindow?"]),
    "a member": ((CLUSTER, "c", {"replicationGroupId": "g"}), []),
}


@pytest.mark.parametrize(
    ("rule", "spec", "expected"),
    [
        pytest.param(module.RULE, *case, id=f"{module.RULE.name}: {name}")
        for module, cases in (
            (auto_minor_upgrade, UPGRADE),
            (default_parameter_group, DEFAULT),
            (node_generation, GENERATION),
            (node_type_known, TYPE),
            (maintenance_window, WINDOW),
        )
        for name, case in cases.items()
    ],
)
def test_one_cache_by_itself(rule, spec, expected, verdicts):
    """What its own inputs say; a member and a secondary have another's."""
    assert verdicts(rule, spec) == expected


@pytest.mark.parametrize(
    ("region", "window", "expected"),
    [
        ("us-west-2", "wed:11:00-wed:12:00", []),
        ("us-west-2", "wed:20:00-wed:21:00", ["g.maintenanceWindow"]),
        ("ap-southeast-2", "tue:23:30-wed:01:00", ["g.maintenanceWindow"]),
        ("ap-southeast-2", "sun:23:30-mon:01:00", ["g.maintenanceWindow"]),
    ],
)
def test_a_working_day_is_that_of_the_region(region, window, expected, verdicts):
    """Windows are UTC, and people are not; the week's end is no border."""
    assert verdicts(maintenance_window.RULE, group(maintenanceWindow=window), region=region) == expected


class TestEngines:
    """Support ends on a day that AWS has told."""

    @pytest.mark.parametrize(
        ("spec", "day", "expected"),
        [
            (group(engineVersion="6.2"), date(2027, 1, 31), []),
            (group(engineVersion="6.2"), date(2027, 2, 1), ["g.engineVersion"]),
            (group(engineVersion="6.x"), date(2027, 2, 1), ["g.engineVersion"]),
            (group(engineVersion="5.0.6"), date(2026, 11, 23), ["g.engineVersion"]),
            (group(engineVersion="4.0.10"), date(2026, 11, 23), ["g.engineVersion"]),
            (group(engineVersion="3.2.10"), date(2026, 11, 23), ["g.engineVersion"]),
            (group(engineVersion="2.8.24"), date(2026, 11, 23), ["g.engineVersion"]),
            (group(engineVersion="7.1"), date(2030, 1, 1), []),
            (group(engine="valkey", engineVersion="8.0"), date(2030, 1, 1), []),
            (group(engineVersion=UNKNOWN), date(2026, 11, 23), ["g.engineVersion?"]),
            (group(engineVersion=Secret("5.0.6")), date(2026, 11, 23), ["g.engineVersion"]),
            (group(), date(2030, 1, 1), []),
            (group(globalReplicationGroupId="a", engineVersion="5.0.6"), date(2026, 11, 23), []),
            ((CLUSTER, "c", {"engine": "memcached", "engineVersion": "1.5.16"}), date(2026, 11, 23), []),
            (serverless("7"), date(2026, 11, 23), []),
            ((GLOBAL_REPLICATION_GROUP, "d", {"engineVersion": "5.0.6"}), date(2026, 11, 23), ["d.engineVersion"]),
        ],
    )
    def test_a_version_whose_support_has_ended(self, spec, day, expected, verdicts):
        """The last day of support is still supported."""
        assert verdicts(engine_end_of_support.RULE, spec, today=day) == expected

    def test_a_version_whose_support_ends_soon(self, verdicts):
        """Half a year ahead, or as many days as are configured; on the day after it is the other rule's."""
        rule, one = engine_end_approaching.RULE, group(engineVersion="6.2")
        assert verdicts(rule, one, today=date(2026, 8, 3)) == []
        assert verdicts(rule, one, today=date(2026, 8, 4)) == ["g.engineVersion"]
        assert verdicts(rule, one, today=date(2026, 8, 3), settings={"warnWithinDays": 181}) == ["g.engineVersion"]
        assert verdicts(rule, one, today=date(2027, 1, 31)) == ["g.engineVersion"]
        assert verdicts(rule, one, today=date(2027, 2, 1)) == []
        assert verdicts(rule, group(engineVersion=UNKNOWN), today=date(2026, 8, 4)) == ["g.engineVersion?"]


class TestParameterGroups:
    """A group belongs to a family, and cluster mode is one of its parameters."""

    def judge(self, verdicts, values, **cache):
        """Judge a cache with a group."""
        return verdicts(
            parameter_group_coherence.RULE,
            (PARAMETER_GROUP, "p", {"name": "own", **values}),
            group({"parameterGroupName": ["p"]}, engineVersion="7.1", **cache),
        )

    def test_the_family_is_the_engines(self, verdicts):
        """By the version that the cache names; a name is as good as a reference."""
        assert self.judge(verdicts, {"family": "redis7"}) == []
        assert self.judge(verdicts, {"family": "redis6.x"}) == ["g.parameterGroupName"]
        assert self.judge(verdicts, {"family": UNKNOWN}) == ["g.family?"]
        by_name = group(engineVersion="7.1", parameterGroupName="own")
        wrong = (PARAMETER_GROUP, "p", {"name": "own", "family": "valkey8"})
        assert verdicts(parameter_group_coherence.RULE, wrong, by_name) == ["g.parameterGroupName"]

    def test_a_cache_with_shards_has_cluster_mode_on(self, verdicts):
        """In its own group, or by AWS's."""
        on = {"family": "redis7", "parameters": [{"name": "cluster-enabled", "value": "yes"}]}
        rule = parameter_group_coherence.RULE
        assert self.judge(verdicts, on, numNodeGroups=3) == []
        assert self.judge(verdicts, {"family": "redis7"}, numNodeGroups=3) == ["g.parameterGroupName"]
        assert self.judge(verdicts, {"family": "redis7"}, clusterMode="enabled") == ["g.parameterGroupName"]
        assert verdicts(rule, group(numNodeGroups=3, parameterGroupName="default.redis7")) == ["g.parameterGroupName"]
        assert verdicts(rule, group(numNodeGroups=3, parameterGroupName="default.redis7.cluster.on")) == []
        assert verdicts(rule, group(numNodeGroups=3, parameterGroupName=UNKNOWN)) == ["g.parameterGroupName?"]

    def test_a_cache_without_shards_has_cluster_mode_off(self, verdicts):
        """One shard with replicas by shard may have it on; replicas of the whole cache, or shards against it, not."""
        on = {"family": "redis7", "parameters": [{"name": "cluster-enabled", "value": "yes"}]}
        off = {"family": "redis7"}
        assert self.judge(verdicts, on, numCacheClusters=3) == ["g.parameterGroupName"]
        assert self.judge(verdicts, on, numNodeGroups=1, replicasPerNodeGroup=2) == []
        assert self.judge(verdicts, on, numCacheClusters=3, clusterMode="enabled") == []
        assert self.judge(verdicts, on, clusterMode="disabled") == ["g.parameterGroupName"]
        assert self.judge(verdicts, off, clusterMode="disabled", numNodeGroups=3) == ["g.clusterMode"]
        assert self.judge(verdicts, off, clusterMode="disabled", numNodeGroups=1) == []


class TestOrphans:
    """A support that nothing uses is a slip, where there are caches."""

    @pytest.mark.parametrize(
        ("support", "user"),
        [
            ((SUBNET_GROUP, "x", {}), group({"subnetGroupName": ["x"]})),
            ((SUBNET_GROUP, "x", {"name": "one"}), group(subnetGroupName="one")),
            ((PARAMETER_GROUP, "x", {}), group({"parameterGroupName": ["x"]})),
            (
                (PARAMETER_GROUP, "x", {}),
                (GLOBAL_REPLICATION_GROUP, "d", {}, {"parameterGroupName": ["x"]}),
            ),
            ((USER_GROUP, "x", {}), group({"userGroupIds": ["x"]})),
            ((USER_GROUP, "x", {}), (SERVERLESS_CACHE, "s", {}, {"userGroupId": ["x"]})),
            ((USER, "x", {}), (USER_GROUP, "ug", {}, {"userIds": ["x"]})),
            ((USER, "x", {}), (USER_GROUP_ASSOCIATION, "a", {}, {"userId": ["x"]})),
        ],
    )
    def test_what_is_used_passes_and_what_is_not_is_found(self, support, user, verdicts):
        """By edges, ids and names; a stack without caches may hold supports for others."""
        cache = (CLUSTER, "c", {"engine": "memcached"})
        rule = orphaned_support.RULE
        assert [one for one in verdicts(rule, support, user, cache) if one.startswith("x")] == []
        assert verdicts(rule, support, cache) == ["x"]
        assert verdicts(rule, support) == []

    def test_a_reference_that_is_not_known_may_lead_there(self, verdicts):
        """Nothing is claimed then."""
        assert verdicts(orphaned_support.RULE, (PARAMETER_GROUP, "x", {}), group(parameterGroupName=UNKNOWN)) == []
