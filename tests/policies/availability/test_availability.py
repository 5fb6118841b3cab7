"""Surviving the loss of a node, a zone, a region."""

from __future__ import annotations

import pytest

from cachewright_policies.availability import (
    automatic_failover,
    cluster_mode,
    global_datastore_pair,
    memcached_cross_az,
    multi_az,
    replicas,
    replicas_spread,
    single_cluster,
    subnet_group_zones,
)
from cachewright_policies.tokens import (
    CLUSTER,
    GLOBAL_REPLICATION_GROUP,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    SERVERLESS_CACHE,
    SUBNET,
    SUBNET_GROUP,
)
from cachewright_policies.values import UNKNOWN, Secret

A, B, C = "eu-west-1a", "eu-west-1b", "eu-west-1c"


def group(references=None, **values):
    """A replication group called `g`."""
    return (REPLICATION_GROUP, "g", {"engine": "valkey", **values}, references or {})


def memcached(**values):
    """A Memcached cluster called `m`."""
    return (CLUSTER, "m", {"engine": "memcached", "numCacheNodes": 3, **values})


def flag(name):
    """Return the cases of a truth value that is off unless it is set."""
    return {
        "absent": (group(), [f"g.{name}"]),
        "off": (group(**{name: False}), [f"g.{name}"]),
        "off, as text": (group(**{name: "false"}), [f"g.{name}"]),
        "on": (group(**{name: True}), []),
        "on, as text": (group(**{name: "true"}), []),
        "on, secret": (group(**{name: Secret(True)}), []),
        "not known": (group(**{name: UNKNOWN}), [f"g.{name}?"]),
        "of a secondary, which has its primary's": (group(globalReplicationGroupId="a"), []),
    }


REPLICAS = {
    "none": (group(numCacheClusters=1), ["g.numCacheClusters"]),
    "one": (group(numCacheClusters=2), []),
    "one, as text": (group(numCacheClusters="2"), []),
    "not said": (group(), ["g.replicasPerNodeGroup"]),
    "shards without": (group(numNodeGroups=3, replicasPerNodeGroup=0), ["g.replicasPerNodeGroup"]),
    "shards with": (group(numNodeGroups=3, replicasPerNodeGroup=1), []),
    "a shard of several without": (
        group(nodeGroupConfigurations=[{"replicaCount": 1}, {"replicaCount": 0, "nodeGroupId": "0002"}]),
        ["g.nodeGroupConfigurations"],
    ),
    "shards by their zones": (group(nodeGroupConfigurations=[{"replicaAvailabilityZones": [A]}]), []),
    "not known": (group(numCacheClusters=UNKNOWN), ["g.numCacheClusters?"]),
    "a shard's not known": (
        group(nodeGroupConfigurations=[{"replicaCount": UNKNOWN}]),
        ["g.nodeGroupConfigurations[0].replicaCount?"],
    ),
}
CROSS_AZ = {
    "one zone": (memcached(azMode="single-az"), ["m.azMode"]),
    "not said": (memcached(), ["m.azMode"]),
    "several": (memcached(azMode="cross-az"), []),
    "one node": (memcached(numCacheNodes=1), []),
    "one preferred zone": (
        memcached(azMode="cross-az", preferredAvailabilityZones=[A, A, A]),
        ["m.preferredAvailabilityZones"],
    ),
    "several preferred zones": (memcached(azMode="cross-az", preferredAvailabilityZones=[A, B, A]), []),
    "not known": (memcached(azMode=UNKNOWN), ["m.azMode?"]),
    "nodes not known": (memcached(numCacheNodes=UNKNOWN), ["m.numCacheNodes?"]),
    "redis": ((CLUSTER, "c", {"engine": "redis"}), []),
}
SINGLE = {
    "redis": ((CLUSTER, "c", {"engine": "redis"}), ["c.replicationGroupId"]),
    "valkey": ((CLUSTER, "c", {"engine": "valkey"}), ["c.replicationGroupId"]),
    "a member": ((CLUSTER, "c", {"replicationGroupId": "g"}), []),
    "memcached": (memcached(), []),
    "not known": ((CLUSTER, "c", {"engine": UNKNOWN}), ["c.engine?"]),
}


@pytest.mark.parametrize(
    ("rule", "spec", "expected"),
    [
        pytest.param(module.RULE, *case, id=f"{module.RULE.name}: {name}")
        for module, cases in (
            (automatic_failover, flag("automaticFailoverEnabled")),
            (multi_az, flag("multiAzEnabled")),
            (replicas, REPLICAS),
            (memcached_cross_az, CROSS_AZ),
            (single_cluster, SINGLE),
        )
        for name, case in cases.items()
    ],
)
def test_one_cache_by_itself(rule, spec, expected, verdicts):
    """What its own inputs say."""
    assert verdicts(rule, spec) == expected


def subnets(*zones):
    """Return a subnet for each zone, and a subnet group called `sg` over them."""
    made = [
        (SUBNET, f"s{index}", zone if isinstance(zone, dict) else {"availabilityZone": zone})
        for index, zone in enumerate(zones)
    ]
    return [*made, (SUBNET_GROUP, "sg", {"name": "sg"}, {"subnetIds": [name for _, name, _ in made]})]


class TestZones:
    """Zones are those that the subnets really have."""

    @pytest.mark.parametrize(
        ("zones", "expected"),
        [
            ((A, B), []),
            ((A, A), ["sg.subnetIds"]),
            ((A, {"availabilityZoneId": "euw1-az2"}), []),
            ((A, {"availabilityZone": Secret(B)}), []),
            ((A, {"availabilityZone": UNKNOWN}), ["sg.subnetIds?"]),
            ((A, B, {"availabilityZone": UNKNOWN}), []),
        ],
    )
    def test_a_subnet_group_has_several(self, verdicts, zones, expected):
        """Two that are known are enough, whatever the others are."""
        assert verdicts(subnet_group_zones.RULE, *subnets(*zones)) == expected

    def test_how_many_is_a_setting(self, verdicts):
        """Three for what must never fail."""
        assert verdicts(subnet_group_zones.RULE, *subnets(A, B), settings={"minimumZones": 3}) == ["sg.subnetIds"]
        assert verdicts(subnet_group_zones.RULE, *subnets(A, B, C), settings={"minimumZones": 3}) == []

    def test_subnets_of_another_stack_have_zones_that_are_not_known(self, verdicts):
        """By id only."""
        elsewhere = (SUBNET_GROUP, "sg", {"subnetIds": ["subnet-1", "subnet-2"]})
        serverless = (SERVERLESS_CACHE, "s", {"subnetIds": UNKNOWN})
        assert verdicts(subnet_group_zones.RULE, elsewhere) == ["sg.subnetIds?"]
        assert verdicts(subnet_group_zones.RULE, serverless) == ["s.subnetIds?"]
        assert verdicts(subnet_group_zones.RULE, (SERVERLESS_CACHE, "s", {})) == []

    @pytest.mark.parametrize(
        ("values", "zones", "expected"),
        [
            ({"preferredCacheClusterAzs": [A, A]}, (A, B), ["g.preferredCacheClusterAzs"]),
            ({"preferredCacheClusterAzs": [A, B]}, (A, B), []),
            ({"preferredCacheClusterAzs": [A, C]}, (A, B), ["g.preferredCacheClusterAzs"]),
            ({"preferredCacheClusterAzs": [A, UNKNOWN]}, (A, B), []),
            ({"preferredCacheClusterAzs": UNKNOWN}, (A, B), ["g.preferredCacheClusterAzs?"]),
            ({"multiAzEnabled": True}, (A, A), ["g.multiAzEnabled"]),
            ({"multiAzEnabled": False}, (A, A), []),
            (
                {"nodeGroupConfigurations": [{"primaryAvailabilityZone": A, "replicaAvailabilityZones": [A]}]},
                (A, B),
                ["g.nodeGroupConfigurations"],
            ),
            (
                {"nodeGroupConfigurations": [{"primaryAvailabilityZone": A, "replicaAvailabilityZones": [B]}]},
                (A, B),
                [],
            ),
            (
                {"nodeGroupConfigurations": [{"primaryAvailabilityZone": A, "replicaAvailabilityZones": [C]}]},
                (A, B),
                ["g.nodeGroupConfigurations"],
            ),
        ],
    )
    def test_preferred_zones_differ_and_are_there(self, verdicts, values, zones, expected):
        """Of the whole cache, and of each shard; the group is named by its edge or by its name."""
        by_edge = group({"subnetGroupName": ["sg"]}, **values)
        by_name = group(subnetGroupName="sg", **values)
        assert verdicts(replicas_spread.RULE, by_edge, *subnets(*zones)) == expected
        assert verdicts(replicas_spread.RULE, by_name, *subnets(*zones)) == expected

    def test_zones_that_are_not_all_known_refuse_nothing(self, verdicts):
        """A zone may be that of the subnet that is not known."""
        one = group({"subnetGroupName": ["sg"]}, preferredCacheClusterAzs=[A, C])
        assert verdicts(replicas_spread.RULE, one, *subnets(A, {"availabilityZone": UNKNOWN})) == []


class TestClusterMode:
    """Off by default, since clients have to know it."""

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"numCacheClusters": 2}, ["g.clusterMode"]),
            ({"numNodeGroups": 3}, []),
            ({"clusterMode": "enabled"}, []),
            ({"clusterMode": "compatible"}, ["g.parameterGroupName?"]),
            ({"clusterMode": UNKNOWN}, ["g.parameterGroupName?"]),
            ({"parameterGroupName": "default.valkey8.cluster.on"}, []),
            ({"parameterGroupName": "default.valkey8"}, ["g.clusterMode"]),
            ({"parameterGroupName": "elsewhere"}, ["g.parameterGroupName?"]),
            ({"globalReplicationGroupId": "a"}, []),
        ],
    )
    def test_shards_or_the_parameter_group_tell(self, verdicts, values, expected):
        """A group of another stack may switch it on."""
        assert verdicts(cluster_mode.RULE, group(**values)) == expected

    def test_a_parameter_group_of_the_stack_tells(self, verdicts):
        """By its parameter."""
        on = (PARAMETER_GROUP, "p", {"parameters": [{"name": "cluster-enabled", "value": "yes"}]})
        assert verdicts(cluster_mode.RULE, group({"parameterGroupName": ["p"]}), on) == []
        assert verdicts(cluster_mode.RULE, group({"parameterGroupName": ["p"]}), (PARAMETER_GROUP, "p", {})) == [
            "g.clusterMode"
        ]


class TestGlobalDatastores:
    """A pair of regions, each with a member of its own."""

    PRIMARY = {"engine": "valkey", "engineVersion": "8.0", "nodeType": "cache.r7g.large"}  # noqa: RUF012 - read only

    def datastore(self, verdicts, *secondaries, primary=None, **values):
        """Judge a datastore whose primary is in the default region, with secondaries in some regions."""
        members = [
            (
                REPLICATION_GROUP,
                f"far{index}",
                {"region": region} if region is UNKNOWN else {},
                {"globalReplicationGroupId": ["d"]},
                {} if region is UNKNOWN else {"region": region},
            )
            for index, region in enumerate(secondaries)
        ]
        return verdicts(
            global_datastore_pair.RULE,
            (REPLICATION_GROUP, "near", {**self.PRIMARY, **(primary or {})}),
            (GLOBAL_REPLICATION_GROUP, "d", values, {"primaryReplicationGroupId": ["near"]}),
            *members,
        )

    def test_a_secondary_is_in_another_region(self, verdicts):
        """None, one in the primary's, two in one, three, one whose region is not known."""
        assert self.datastore(verdicts, "eu-central-1") == []
        assert self.datastore(verdicts, "eu-central-1", "us-east-1") == []
        assert self.datastore(verdicts) == ["d"]
        assert self.datastore(verdicts, "eu-west-1") == ["far0.region"]
        assert self.datastore(verdicts, "us-east-1", "us-east-1") == ["far1.region"]
        assert self.datastore(verdicts, "eu-central-1", "us-east-1", "us-west-2") == ["d"]
        assert self.datastore(verdicts, UNKNOWN) == ["d?"]

    def test_nodes_and_engine_can_be_replicated_between_regions(self, verdicts):
        """AWS refuses small nodes and old engines; what is not known is for others to ask for."""
        far = "eu-central-1"
        assert self.datastore(verdicts, far, primary={"nodeType": "cache.t4g.small"}) == ["near.nodeType"]
        assert self.datastore(verdicts, far, cacheNodeType="cache.t4g.small") == ["d.cacheNodeType"]
        assert self.datastore(verdicts, far, primary={"engine": "redis", "engineVersion": "5.0.0"}) == [
            "near.engineVersion"
        ]
        assert self.datastore(verdicts, far, primary={"nodeType": UNKNOWN}) == []
