"""What each component registers at its defaults: exactly these children, tagged, private, encrypted, backed up."""

from typing import Any

import pulumi
import pytest

import cachewright

NETWORK: Any = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"], "tags": {"team": "a"}}
TAGGABLE = {
    "Cluster",
    "LogGroup",
    "MetricAlarm",
    "ParameterGroup",
    "ReplicationGroup",
    "Secret",
    "SecurityGroup",
    "SecurityGroupEgressRule",
    "SecurityGroupIngressRule",
    "ServerlessCache",
    "SubnetGroup",
    "User",
    "UserGroup",
}


def own(recorder: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what was registered with the provider: components have no inputs of their own."""
    return {key: inputs for key, inputs in recorder.resources.items() if inputs}


def assert_tagged(recorder: Any) -> None:
    """Every taggable child of the provider carries the tags."""
    for (kind, name), inputs in own(recorder).items():
        if kind in TAGGABLE:
            assert inputs["tags"] == {"team": "a"}, (kind, name)


def test_a_replication_group_makes_its_supports_and_nothing_else(record: Any) -> None:
    """One group, its network, its parameters, its logs, its token in a secret."""
    arguments = {**NETWORK, "node_type": "cache.r7g.large", "engine_version": "8.1"}

    def program() -> Any:
        cache = cachewright.ReplicationGroup("main", arguments)
        return pulumi.Output.all(cache.url_template, cache.member_ids, cache.reader_endpoint)

    recorder, outputs = record(program)

    assert sorted(own(recorder)) == [
        ("LogGroup", "main-engine-log-test"),
        ("LogGroup", "main-slow-log-test"),
        ("ParameterGroup", "main-test-valkey8"),
        ("RandomId", "main-final"),
        ("RandomPassword", "main-token"),
        ("ReplicationGroup", "main-test"),
        ("Secret", "main-token-test"),
        ("SecretVersion", "main-token"),
        ("SecurityGroup", "main-client-test"),
        ("SecurityGroup", "main-test"),
        ("SecurityGroupEgressRule", "main-client"),
        ("SecurityGroupIngressRule", "main-client"),
        ("SubnetGroup", "main-test"),
    ]
    assert_tagged(recorder)
    group = recorder.resources["ReplicationGroup", "main-test"]
    secret = group.pop("authToken")
    assert secret["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    expected = {
        "applyImmediately": True,
        "atRestEncryptionEnabled": True,
        "automaticFailoverEnabled": True,
        "engine": "valkey",
        "engineVersion": "8.1",
        "finalSnapshotIdentifier": "main-test-final-abcdef",
        "maintenanceWindow": "mon:05:00-mon:07:00",
        "multiAzEnabled": True,
        "nodeType": "cache.r7g.large",
        "numCacheClusters": 2,
        "parameterGroupName": "main-test-valkey8",
        "port": 6379,
        "securityGroupIds": ["main-test-id"],
        "snapshotRetentionLimit": 7,
        "snapshotWindow": "03:00-05:00",
        "subnetGroupName": "main-test",
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
    }
    assert {key: group[key] for key in expected} == expected
    assert "replicationGroupId" not in group
    assert outputs == [
        "rediss://:{token}@master.main-test:6379",
        ["main-test-001", "main-test-002"],
        "replica.main-test",
    ]


def test_no_security_group_is_open_to_the_world_or_lets_anything_out(record: Any) -> None:
    """One way in, from the client group; the only way out is the clients' to the cache."""
    recorder, _ = record(
        lambda: cachewright.ReplicationGroup("main", {**NETWORK, "node_type": "cache.r7g.large"}).endpoint
    )

    rules = {key: inputs for key, inputs in own(recorder).items() if "Rule" in key[0]}
    assert {
        (kind, inputs["securityGroupId"], inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"])
        for (kind, _), inputs in rules.items()
    } == {
        ("SecurityGroupIngressRule", "main-test-id", "main-client-test-id", 6379, 6379),
        ("SecurityGroupEgressRule", "main-client-test-id", "main-test-id", 6379, 6379),
    }
    for key, inputs in own(recorder).items():
        if key[0] == "SecurityGroup":
            assert "ingress" not in inputs
            assert "egress" not in inputs


def test_a_single_node_has_neither_failover_nor_multi_az(record: Any) -> None:
    """The defaults follow the topology."""
    recorder, _ = record(
        lambda: (
            cachewright.ReplicationGroup(
                "main", {**NETWORK, "node_type": "cache.t4g.small", "num_cache_clusters": 1}
            ).endpoint
        )
    )

    group = recorder.resources["ReplicationGroup", "main-test"]
    assert (group["automaticFailoverEnabled"], group["multiAzEnabled"]) == (False, False)


def test_a_sharded_group_is_in_cluster_mode_by_its_parameter_group(record: Any) -> None:
    """cluster-enabled, failover and the configuration endpoint follow from the component."""
    arguments = {**NETWORK, "node_type": "cache.r7g.large", "num_node_groups": 2, "user_group_ids": ["apps"]}

    def program() -> Any:
        cache = cachewright.ShardedReplicationGroup("main", {**arguments, "engine_version": "8.1"})
        return pulumi.Output.all(cache.endpoint, cache.member_ids, cache.secret_arn)

    recorder, outputs = record(program)

    group = recorder.resources["ReplicationGroup", "main-test"]
    assert recorder.resources["ParameterGroup", "main-test-valkey8-cluster"]["parameters"] == [
        {"name": "cluster-enabled", "value": "yes"}
    ]
    assert (group["numNodeGroups"], group["replicasPerNodeGroup"], group["userGroupIds"]) == (2, 1, ["apps"])
    assert "authToken" not in group
    assert ("Secret", "main-token-test") not in recorder.resources
    assert outputs == [
        "clustercfg.main-test",
        ["main-test-0001-001", "main-test-0001-002", "main-test-0002-001", "main-test-0002-002"],
        None,
    ]


def test_a_memcached_cluster_spans_zones_with_tls(record: Any) -> None:
    """Two nodes or more span zones; TLS where the version has it; no snapshot, no token."""
    recorder, _ = record(
        lambda: (
            cachewright.MemcachedCluster(
                "pages", {**NETWORK, "node_type": "cache.r7g.large", "num_cache_nodes": 3}
            ).endpoint
        )
    )

    assert_tagged(recorder)
    cluster = recorder.resources["Cluster", "pages-test"]
    assert (cluster["azMode"], cluster["transitEncryptionEnabled"], cluster["port"]) == ("cross-az", True, 11211)
    assert (cluster["engine"], cluster["engineVersion"], cluster["numCacheNodes"]) == ("memcached", "1.6.22", 3)


def test_a_serverless_cache_is_reached_on_both_of_its_ports(record: Any) -> None:
    """Limits as they are given, snapshots for a week, two ports for the clients."""
    recorder, _ = record(
        lambda: cachewright.ServerlessCache("sessions", {**NETWORK, "data_storage_maximum_gb": 50}).endpoint
    )

    assert_tagged(recorder)
    cache = recorder.resources["ServerlessCache", "sessions-test"]
    assert cache["cacheUsageLimits"] == {"dataStorage": {"unit": "GB", "maximum": 50}}
    assert (cache["snapshotRetentionLimit"], cache["dailySnapshotTime"]) == (7, "03:00")
    rule = recorder.resources["SecurityGroupIngressRule", "sessions-client"]
    assert (rule["fromPort"], rule["toPort"]) == (6379, 6380)


def test_a_user_group_switches_the_default_user_off(record: Any) -> None:
    """IAM users are named by their id, passwords are generated into secrets, nobody gets dangerous commands."""
    users: Any = [
        {"user_name": "orders", "access": "writer", "key_prefixes": ["orders:"]},
        {"user_name": "reports", "authentication": "password"},
    ]

    recorder, ids = record(
        lambda: cachewright.UserGroup("apps", {"users": users, "engine": "redis", "tags": {"team": "a"}}).user_ids
    )

    assert_tagged(recorder)
    default, orders, reports = (recorder.resources["User", f"apps-{name}"] for name in ("default", "orders", "reports"))
    assert (default["userName"], default["accessString"]) == ("default", "off -@all")
    assert orders["userId"] == orders["userName"] == ids["orders"]
    assert orders["authenticationMode"] == {"type": "iam"}
    assert orders["accessString"] == (
        "on ~orders:* -@all +@read +@write +@connection +@transaction +@pubsub -@dangerous"
    )
    assert reports["accessString"] == "on ~* -@all +@read +@connection -@dangerous"
    assert ("Secret", "apps-reports-test") in recorder.resources
    assert ("Secret", "apps-orders-test") not in recorder.resources
    group = recorder.resources["UserGroup", "apps-test"]
    assert group["userIds"] == [default["userId"], orders["userId"], reports["userId"]]


def test_a_global_datastore_sets_nothing_that_a_secondary_inherits(record: Any) -> None:
    """The secondary has its own network and its region, and of the primary's settings none."""

    def program() -> Any:
        primary = cachewright.ReplicationGroup(
            "orders", {**NETWORK, "node_type": "cache.r7g.large", "engine_version": "8.1"}
        )
        secondary: Any = {"region": "us-west-2", "vpc_id": "vpc-9", "subnet_ids": ["subnet-9"]}
        return cachewright.GlobalDatastore.of("orders", primary, [secondary], tags={"team": "a"}).endpoints

    recorder, endpoints = record(program)

    secondary = recorder.resources["ReplicationGroup", "orders-us-west-2-test"]
    assert endpoints == {"us-west-2": "replica.orders-us-west-2-test"}
    assert secondary["globalReplicationGroupId"] == "ldgnf-orders"
    assert (secondary["region"], secondary["numCacheClusters"]) == ("us-west-2", 2)
    assert not {
        "engine",
        "engineVersion",
        "nodeType",
        "numNodeGroups",
        "parameterGroupName",
        "transitEncryptionEnabled",
        "transitEncryptionMode",
        "atRestEncryptionEnabled",
        "snapshotName",
        "snapshotArns",
    } & set(secondary)


def test_alarms_are_raised_for_each_node_on_its_own_dimension(record: Any) -> None:
    """Nothing is published by replication group: an alarm there would never fire."""

    def program() -> Any:
        cache = cachewright.ReplicationGroup("main", {**NETWORK, "node_type": "cache.r7g.large"})
        cache.alarm_on("arn:aws:sns:us-east-1:1:alerts")
        return cache.endpoint

    recorder, _ = record(program)

    alarms = {name: inputs for (kind, name), inputs in recorder.resources.items() if kind == "MetricAlarm"}
    assert {one["dimensions"]["CacheClusterId"] for one in alarms.values()} == {"main-test-001", "main-test-002"}
    assert alarms["main-001-cpu-test"]["threshold"] == 45
    assert {tuple(one["alarmActions"]) for one in alarms.values()} == {("arn:aws:sns:us-east-1:1:alerts",)}
    assert len(alarms) == 28
    assert_tagged(recorder)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"auth_token": pulumi.Output.from_input("short")}, "'auth_token' must be 16-128 characters, got 5;"),
        ({"port": pulumi.Output.from_input(70000)}, "'port' must be 1 to 65535, got 70000;"),
        (
            {"snapshot_window": pulumi.Output.from_input("05:00-06:30")},
            "'snapshot_window' must not overlap the maintenance window mon:05:00-mon:07:00, got 05:00-06:30;",
        ),
    ],
)
def test_an_output_is_checked_when_it_resolves_with_the_same_message(
    record: Any, arguments: dict[str, Any], message: str
) -> None:
    """An Output cannot bypass a rule."""
    with pytest.raises(cachewright.ArgsError) as caught:
        record(
            lambda: (
                cachewright.ReplicationGroup("main", {**NETWORK, "node_type": "cache.r7g.large", **arguments}).endpoint
            )
        )

    assert message in str(caught.value)
