"""Each environment comes up from empty, is exactly what its settings say, and goes away without a trace."""

from typing import Any

import pytest

from cachewright.catalog import slots

NOTHING: dict[str, list[str]] = {"us-east-1": [], "us-west-2": []}


@pytest.mark.parametrize(("stack", "resources"), [("dev", 34), ("staging", 55), ("prod", 299)])
def test_an_environment_comes_up_stays_and_goes(workplace: Any, stack: str, resources: int) -> None:
    """Up creates everything, a second up changes nothing, destroy leaves nothing at the API."""
    assert workplace.counts("up", "--stack", stack, "--yes") == {"create": resources}
    assert workplace.counts("up", "--stack", stack, "--yes") == {"same": resources}
    assert workplace.counts("preview", "--stack", stack) == {"same": resources}
    assert workplace.counts("refresh", "--stack", stack, "--yes") == {"same": resources}
    assert workplace.counts("destroy", "--stack", stack, "--yes") == {"delete": resources}

    assert workplace.names_at_the_api() == NOTHING


def test_production_at_the_api_is_what_the_handbook_says(workplace: Any) -> None:
    """A plain boto3 client sees the topology: shards, slots, zones, encryption, parameters, rules, regions."""
    workplace.ok("up", "--stack", "prod", "--yes")
    cache, ec2 = workplace.client("elasticache"), workplace.client("ec2")
    groups = {
        one["ReplicationGroupId"].rsplit("-prod-", 1)[0]: one
        for one in cache.describe_replication_groups()["ReplicationGroups"]
    }
    clusters = {
        one["CacheClusterId"]: one for one in cache.describe_cache_clusters(ShowCacheNodeInfo=True)["CacheClusters"]
    }
    assert sorted(groups) == ["cluster-redis", "global-redis-primary", "main-redis"]

    main = groups["main-redis"]
    members = [clusters[one] for one in main["MemberClusters"]]
    assert main["MemberClusters"] == [f"{main['ReplicationGroupId']}-001", f"{main['ReplicationGroupId']}-002"]
    assert (main["ClusterEnabled"], main["MultiAZ"], main["AutomaticFailover"]) == (False, "enabled", "enabled")
    assert (main["TransitEncryptionEnabled"], main["TransitEncryptionMode"]) == (True, "required")
    assert (main["AtRestEncryptionEnabled"], main["AuthTokenEnabled"]) == (True, True)
    assert (main["SnapshotRetentionLimit"], main["SnapshotWindow"]) == (7, "03:00-05:00")
    assert [one["CurrentRole"] for one in main["NodeGroups"][0]["NodeGroupMembers"]] == ["primary", "replica"]
    assert len({one["PreferredAvailabilityZone"] for one in members}) == 2
    assert {one["PreferredMaintenanceWindow"] for one in members} == {"mon:05:00-mon:07:00"}
    assert {(one["Engine"], one["EngineVersion"], one["CacheNodeType"]) for one in members} == {
        ("redis", "7.1.0", "cache.r6g.large")
    }
    assert main["NodeGroups"][0]["PrimaryEndpoint"]["Address"].startswith("master.main-redis-prod-")
    assert main["NodeGroups"][0]["ReaderEndpoint"]["Address"].startswith("replica.main-redis-prod-")
    parameter_group = members[0]["CacheParameterGroup"]["CacheParameterGroupName"]
    values = {
        one["ParameterName"]: one["ParameterValue"]
        for one in cache.describe_cache_parameters(CacheParameterGroupName=parameter_group, Source="user")["Parameters"]
    }
    assert values == {"maxmemory-policy": "allkeys-lru"}

    sharded = groups["cluster-redis"]
    assert (sharded["ClusterEnabled"], sharded["MultiAZ"]) == (True, "enabled")
    assert slots.cover_problem([one["Slots"] for one in sharded["NodeGroups"]]) is None
    assert [len(one["NodeGroupMembers"]) for one in sharded["NodeGroups"]] == [2, 2, 2]
    for shard in sharded["NodeGroups"]:
        assert len({one["PreferredAvailabilityZone"] for one in shard["NodeGroupMembers"]}) == 2
    assert sharded["MemberClusters"][:2] == [
        f"{sharded['ReplicationGroupId']}-0001-001",
        f"{sharded['ReplicationGroupId']}-0001-002",
    ]
    assert sharded["ConfigurationEndpoint"]["Address"].startswith("clustercfg.cluster-redis-prod-")
    assert sharded["AuthTokenEnabled"] is False
    groups_of_users = {one["UserGroupId"]: one for one in cache.describe_user_groups()["UserGroups"]}
    assert len(groups_of_users) == 2
    users = groups_of_users[sharded["UserGroupIds"][0]]
    assert users["ReplicationGroups"] == [sharded["ReplicationGroupId"]]
    members_of_group = {
        one["UserName"]: one for one in cache.describe_users()["Users"] if one["UserId"] in users["UserIds"]
    }
    assert {name for name in members_of_group if not name.startswith("applications-")} == {
        "default",
        "catalogue-reader",
        "checkout-writer",
    }
    assert members_of_group["default"]["AccessString"].startswith("off")
    assert "~checkout:*" in members_of_group["checkout-writer"]["AccessString"]
    iam = next(one for name, one in members_of_group.items() if name.startswith("applications-"))
    assert (iam["UserId"], iam["Authentication"]["Type"]) == (iam["UserName"], "iam")

    memcached = next(one for one in clusters.values() if one["Engine"] == "memcached")
    assert (memcached["NumCacheNodes"], memcached["EngineVersion"], memcached["PreferredAvailabilityZone"]) == (
        3,
        "1.6.22",
        "Multiple",
    )
    assert len({one["CustomerAvailabilityZone"] for one in memcached["CacheNodes"]}) == 3
    assert memcached["TransitEncryptionEnabled"] is True

    serverless = cache.describe_serverless_caches()["ServerlessCaches"][0]
    assert (serverless["Engine"], serverless["MajorEngineVersion"]) == ("valkey", "8")
    assert groups_of_users[serverless["UserGroupId"]]["Engine"] == "valkey"
    assert serverless["CacheUsageLimits"] == {
        "DataStorage": {"Maximum": 50, "Unit": "GB"},
        "ECPUPerSecond": {"Maximum": 10000},
    }

    datastore = cache.describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"][0]
    assert {(one["ReplicationGroupRegion"], one["Role"]) for one in datastore["Members"]} == {
        ("us-east-1", "PRIMARY"),
        ("us-west-2", "SECONDARY"),
    }
    west = workplace.client("elasticache", "us-west-2").describe_replication_groups()["ReplicationGroups"]
    assert [(len(one["MemberClusters"]), one["CacheNodeType"], one["AtRestEncryptionEnabled"]) for one in west] == [
        (2, "cache.r6g.large", True)
    ]

    attached = members[0]["SecurityGroups"][0]["SecurityGroupId"]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [attached]}])
    shown = [(one["IsEgress"], one["FromPort"], one["ToPort"]) for one in rules["SecurityGroupRules"]]
    assert shown == [(False, 6379, 6379)]
    client = rules["SecurityGroupRules"][0]["ReferencedGroupInfo"]["GroupId"]
    names = {one["GroupId"]: one["GroupName"] for one in ec2.describe_security_groups()["SecurityGroups"]}
    assert names[client].startswith("main-redis-client-prod-")


def test_one_changed_property_is_exactly_one_step(workplace: Any) -> None:
    """Nothing else moves when one number changes."""
    workplace.ok("up", "--stack", "prod", "--yes")
    workplace.edit("prod", "snapshot_retention_limit: 7", "snapshot_retention_limit: 9")

    events = workplace.events("up", "--stack", "prod", "--yes")

    steps = [one for one in events if one["event"] == "resource-end" and one["op"] != "same"]
    assert [(one["op"], one["name"], one["diff"]) for one in steps] == [
        ("update", "main-redis-prod", {"snapshotRetentionLimit": "update"})
    ]
    group = workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    assert {one["SnapshotRetentionLimit"] for one in group} == {7, 9}


def test_a_cache_is_scaled_in_place(workplace: Any) -> None:
    """More shards and replicas are updates, and the slots still cover everything once."""
    workplace.ok("up", "--stack", "staging", "--yes")
    workplace.edit("staging", "num_node_groups: 2", "num_node_groups: 4")
    workplace.edit("staging", "num_cache_clusters: 2", "num_cache_clusters: 3")

    counts = workplace.counts("up", "--stack", "staging", "--yes")

    assert counts == {"update": 2, "same": 53}
    groups = workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    by_mode = {one["ClusterEnabled"]: one for one in groups}
    assert len(by_mode[False]["MemberClusters"]) == 3
    assert slots.cover_problem([one["Slots"] for one in by_mode[True]["NodeGroups"]]) is None
    assert len(by_mode[True]["NodeGroups"]) == 4


def test_a_major_upgrade_moves_the_cache_to_a_new_parameter_group(workplace: Any) -> None:
    """The group of the new family is made first, the cache moves, then the old group goes; the cache stays."""
    workplace.ok("up", "--stack", "dev", "--yes")
    before = workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"][0]
    workplace.edit("dev", 'engine_version: "8.1"', 'engine_version: "9.0"')

    counts = workplace.counts("up", "--stack", "dev", "--yes")

    after = workplace.client("elasticache").describe_replication_groups()["ReplicationGroups"][0]
    assert after["ARN"] == before["ARN"]
    assert counts == {"create": 1, "update": 1, "delete": 1, "same": 32}
    names = [one for one in workplace.names_at_the_api()["us-east-1"] if one.startswith("parameters main-redis")]
    assert len(names) == 1
    assert names[0].startswith("parameters main-redis-dev-valkey9-")
