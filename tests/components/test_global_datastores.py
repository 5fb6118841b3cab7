# ruff: noqa: E501 - messages stand as they are printed
"""What a global datastore tells AWS of all its members, and each secondary of itself."""

from typing import Any

import pulumi
import pytest

import cachewright

CACHE: dict[str, Any] = {"node_type": "cache.r7g.large", "vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
WEST: dict[str, Any] = {"region": "us-west-2", "vpc_id": "vpc-9", "subnet_ids": ["subnet-9"]}
SETTINGS: dict[str, Any] = {
    "automatic_failover_enabled": True,
    "cache_node_type": "cache.r7g.xlarge",
    "engine": "valkey",
    "engine_version": "9.0",
    "num_node_groups": 4,
    "parameter_group_name": "mine",
}
NAMES = {
    "automatic_failover_enabled": "automaticFailoverEnabled",
    "cache_node_type": "cacheNodeType",
    "engine": "engine",
    "engine_version": "engineVersion",
    "num_node_groups": "numNodeGroups",
    "parameter_group_name": "parameterGroupName",
}
LOG: dict[str, Any] = {
    "destination": "existing",
    "destination_type": "cloudwatch-logs",
    "log_format": "text",
    "log_type": "engine-log",
}


def datastore(secondary: dict[str, Any], **more: Any) -> Any:
    """Return the arguments of a global datastore with one secondary."""
    return {"primary_replication_group_id": "orders", "secondaries": [{**WEST, **secondary}], **more}


def registered(record: Any, arguments: Any) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Return what the global datastore and its secondary were registered with, and the recording."""
    recorder, _ = record(lambda: cachewright.GlobalDatastore("orders", arguments).endpoints)
    resources = recorder.resources
    return (
        resources["GlobalReplicationGroup", "orders"],
        resources["ReplicationGroup", "orders-us-west-2-test"],
        recorder,
    )


def test_what_holds_for_every_member_is_told_the_global_datastore(record: Any) -> None:
    """The global resource takes it, and no member."""
    datastore_inputs, secondary, _ = registered(record, datastore({}, sharded=True, **SETTINGS))

    assert {NAMES[key]: value for key, value in SETTINGS.items()}.items() <= datastore_inputs.items()
    assert not {"engine", "engineVersion", "nodeType", "numNodeGroups", "parameterGroupName"} & set(secondary)


def test_what_is_left_out_is_the_primarys(record: Any) -> None:
    """Nothing is told that AWS would have to change; secondaries are taken to fail over."""
    datastore_inputs, secondary, _ = registered(record, datastore({}))

    assert not set(NAMES.values()) & set(datastore_inputs)
    assert (secondary["automaticFailoverEnabled"], secondary["multiAzEnabled"]) == (True, True)


def test_the_primarys_version_is_no_wish_of_the_global_datastore(record: Any) -> None:
    """A primary that is upgraded in the program upgrades nothing by itself; settings do, where they are given."""

    def program(settings: Any) -> Any:
        primary = cachewright.ReplicationGroup("orders", {**CACHE, "engine_version": "8.1"})  # type: ignore[typeddict-item]
        return cachewright.GlobalDatastore.of("orders", primary, [WEST], settings=settings).endpoints  # type: ignore[list-item]

    plain, _ = record(lambda: program(None))
    upgraded, _ = record(lambda: program({"engine_version": "8.2", "cache_node_type": "cache.r7g.xlarge"}))

    assert not {"engine", "engineVersion", "cacheNodeType"} & set(plain.resources["GlobalReplicationGroup", "orders"])
    told = upgraded.resources["GlobalReplicationGroup", "orders"]
    assert (told["engineVersion"], told["cacheNodeType"]) == ("8.2", "cache.r7g.xlarge")
    assert "engine" not in told


def test_a_secondary_has_everything_that_is_its_own(record: Any) -> None:
    """Port, zones, logs, final snapshot, upgrades and who may connect."""
    own = {
        "port": 6380,
        "preferred_cache_cluster_azs": ["us-west-2a", "us-west-2b"],
        "final_snapshot_identifier": "orders-west-last",
        "auto_minor_version_upgrade": False,
        "apply_immediately": True,
        "log_types": ["slow-log"],
        "log_retention_days": 7,
        "log_delivery_configurations": [{**LOG, "destination": pulumi.Output.from_input("existing")}],
        "allowed_cidr_blocks": ["10.9.0.0/16"],
        "allowed_security_group_ids": [pulumi.Output.from_input("sg-9")],
    }

    _, secondary, recorder = registered(record, datastore(own))

    expected = {
        "port": 6380,
        "preferredCacheClusterAzs": ["us-west-2a", "us-west-2b"],
        "finalSnapshotIdentifier": "orders-west-last",
        "autoMinorVersionUpgrade": False,
        "applyImmediately": True,
    }
    assert {key: secondary[key] for key in expected} == expected
    assert [(one["destination"], one["logType"]) for one in secondary["logDeliveryConfigurations"]] == [
        ("existing", "engine-log"),
        ("orders-us-west-2-slow-log-test", "slow-log"),
    ]
    group = recorder.resources["LogGroup", "orders-us-west-2-slow-log-test"]
    assert (group["region"], group["retentionInDays"]) == ("us-west-2", 7)
    rules = {name: one["fromPort"] for (kind, name), one in recorder.resources.items() if "IngressRule" in kind}
    assert rules == {
        "orders-us-west-2-client": 6380,
        "orders-us-west-2-cidr-10.9.0.0-16": 6380,
        "orders-us-west-2-group-0": 6380,
    }
    assert ("RandomId", "orders-us-west-2-final") not in recorder.resources


def test_shards_of_a_secondary_may_have_no_replica(record: Any) -> None:
    """None is a number too, where the primary does not fail over."""
    arguments = datastore({"replicas_per_node_group": 0}, sharded=True, automatic_failover_enabled=False)

    _, secondary, _ = registered(record, arguments)

    assert (secondary["replicasPerNodeGroup"], secondary["multiAzEnabled"]) == (0, False)


@pytest.mark.usefixtures("nothing")
@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            datastore({}, cache_node_type="cache.t4g.small"),
            [
                "'cache_node_type' must be a node type of size large or more of c7gn, c8gn, m5, m6g, m7g, m8g, r5, r6g, r6gd, r7g, r8g, got 'cache.t4g.small'; choose a larger one"
            ],
        ),
        (
            datastore({}, num_node_groups=2),
            ["'num_node_groups' must be left out with an unsharded primary, got it; remove it, or set sharded to True"],
        ),
        (
            datastore({}, num_node_groups=501, sharded=True),
            ["'num_node_groups' must be 1 to 500, got 501; split the data over several caches"],
        ),
        (
            datastore({}, parameter_group_name="mine"),
            [
                "'parameter_group_name' must be left out without engine_version, got it; AWS takes a parameter group with a new engine or major version only: give the engine_version that it is for"
            ],
        ),
        (
            datastore({"port": 0}),
            ["'secondaries[0].port' must be 1 to 65535, got 0; leave it out for the engine's own port"],
        ),
        (
            datastore({"final_snapshot_identifier": "a_b"}),
            [
                "'secondaries[0].final_snapshot_identifier' must be 1-40 letters, digits and single hyphens, starting with a letter and not ending with a hyphen, got 'a_b'; choose another name"
            ],
        ),
        (
            datastore({"preferred_cache_cluster_azs": ["us-east-1a", "us-west-2b"]}),
            [
                "'secondaries[0].preferred_cache_cluster_azs[0]' must be an availability zone of us-west-2, got 'us-east-1a'; write it like 'us-west-2a'"
            ],
        ),
        (
            datastore({"preferred_cache_cluster_azs": ["us-west-2a"]}),
            [
                "'secondaries[0].preferred_cache_cluster_azs' must name a zone for each of the 2 nodes, got 1; name 2 or leave it out"
            ],
        ),
        (
            datastore({"preferred_cache_cluster_azs": ["us-west-2a"]}, sharded=True),
            [
                "'secondaries[0].preferred_cache_cluster_azs' must be left out with a sharded primary, got it; AWS spreads the nodes of shards"
            ],
        ),
        (
            datastore({"log_types": ["engine-log"], "log_delivery_configurations": [LOG]}),
            [
                "'secondaries[0].log_delivery_configurations[0].log_type' must be delivered once, got 'engine-log' in log_types[0] too; remove one"
            ],
        ),
        (
            datastore({"log_types": ["engine-log"], "apply_immediately": False}),
            [
                "'secondaries[0].apply_immediately' must be True with log_types, got False; AWS changes log delivery at once or not at all: leave it out"
            ],
        ),
        (
            datastore({"alarm_topic_arn": "arn:aws:sns:us-east-1:111122223333:on-call"}),
            [
                "'secondaries[0].alarm_topic_arn' must be a topic in the cache's region us-west-2, got one in us-east-1; use a topic of us-west-2"
            ],
        ),
        (
            datastore({"alarm_topic_arn": pulumi.Output.from_input("on-call")}, sharded=True),
            [
                "'secondaries[0].alarm_topic_arn' must be left out where the number of shards is not known, got it; give num_node_groups as a plain number: each node has alarms of its own"
            ],
        ),
        (
            datastore({"allowed_cidr_blocks": ["0.0.0.0/0"]}),
            [
                "'secondaries[0].allowed_cidr_blocks[0]' must not open a cache to the world, got '0.0.0.0/0'; name the clients' own range, or better their security group in allowed_security_group_ids"
            ],
        ),
        (
            datastore({"kms_key_id": pulumi.Output, "replicas_per_node_group": 1}),
            [
                "'secondaries[0].replicas_per_node_group' must be left out with an unsharded primary, got it; use num_cache_clusters"
            ],
        ),
    ],
)
def test_what_a_global_datastore_cannot_have_is_refused(arguments: Any, lines: list[str]) -> None:
    """Before anything is registered; what is known later does not keep the rest from being checked."""
    for secondary in arguments["secondaries"]:
        if secondary.get("kms_key_id") is pulumi.Output:
            secondary["kms_key_id"] = pulumi.Output.from_input("arn:aws:kms:us-west-2:111122223333:key/a")

    with pytest.raises(cachewright.ArgsError) as caught:
        cachewright.GlobalDatastore("orders", arguments)

    assert str(caught.value).splitlines() == [f"GlobalDatastore 'orders': {line}" for line in lines]
