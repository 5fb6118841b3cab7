"""Check: conversion, defaults, automatic names and refusals, with their exact words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.provider import naming
from cachewright_offline.provider.protocol import UnknownTypeError
from cachewright_offline.values import UNKNOWN, ResourceReference

GROUP = {"description": "a cache", "nodeType": "cache.t4g.micro"}


def test_defaults_and_automatic_name_are_filled_in(replication_group: Any) -> None:
    """What the provider adds is listed in `__defaults`, as Pulumi's bridge lists it."""
    result = replication_group.check(GROUP, name="Main")
    assert result.failures == ()
    assert result.inputs == {
        "description": "a cache",
        "nodeType": "cache.t4g.micro",
        "replicationGroupId": "main-19b2585",
        "automaticFailoverEnabled": False,
        "multiAzEnabled": False,
        "__defaults": ["automaticFailoverEnabled", "multiAzEnabled", "replicationGroupId"],
    }


def test_automatic_name_is_kept(replication_group: Any) -> None:
    """A name that was made up stays, whatever the seed; one that the program gave and takes back does not."""
    old = {"replicationGroupId": "cache-0000000", "__defaults": ["replicationGroupId"]}
    assert replication_group.check(GROUP, old).inputs["replicationGroupId"] == "cache-0000000"
    given_name = {"replicationGroupId": "mine", "__defaults": []}
    assert replication_group.check(GROUP, given_name).inputs["replicationGroupId"] == "cache-19b2585"


def test_automatic_name_that_is_too_long_is_refused(replication_group: Any) -> None:
    """The message says by how much the resource's name is to be shortened."""
    result = replication_group.check(GROUP, name="x" * 33)
    assert [failure.reason for failure in result.failures] == [
        f"the automatic name `{'x' * 33}-` and 7 random digits has 41 characters, AWS takes 40: "
        "shorten the resource's name by 1, or give a name"
    ]


def test_values_are_converted_as_the_bridge_does(resource: Callable[[str], Any]) -> None:
    """Numbers of the wire, numbers and booleans in strings, and resources as values become what AWS takes."""
    checked = resource("elasticache/cluster:Cluster").check(
        {
            "engine": "memcached",
            "numCacheNodes": 2.0,
            "port": "11211",
            "autoMinorVersionUpgrade": True,
            "transitEncryptionEnabled": "true",
            "subnetGroupName": ResourceReference("urn", "subnets"),
            "tags": {"number": 1, "flag": False, "gone": None},
            "nodeType": None,
        }
    )
    assert checked.failures == ()
    assert {key: value for key, value in checked.inputs.items() if key not in {"__defaults", "clusterId"}} == {
        "engine": "memcached",
        "numCacheNodes": 2,
        "port": 11211,
        "autoMinorVersionUpgrade": "true",
        "transitEncryptionEnabled": True,
        "subnetGroupName": "subnets",
        "tags": {"number": "1", "flag": "false"},
    }


def test_unknown_values_stay_unknown(replication_group: Any) -> None:
    """An unknown value passes every rule and is kept at its depth."""
    inputs = {
        "description": UNKNOWN,
        "engineVersion": UNKNOWN,
        "numCacheClusters": UNKNOWN,
        "numNodeGroups": 2,
        "automaticFailoverEnabled": UNKNOWN,
        "multiAzEnabled": True,
        "authToken": UNKNOWN,
        "securityGroupIds": [UNKNOWN, "sg-1"],
        "tags": UNKNOWN,
        "logDeliveryConfigurations": [
            {"destination": UNKNOWN, "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": "slow-log"}
        ],
    }
    result = replication_group.check(inputs)
    assert result.failures == ()
    for key, value in inputs.items():
        assert result.inputs[key] == value


REFUSED = [
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {"descripton": "x"},
        {
            "descripton": "ReplicationGroup has no property `descripton`: did you mean `description`?",
            "description": "ReplicationGroup needs it: expected a string, found nothing",
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "arn": "arn:aws:x"},
        {"arn": "is an output of ReplicationGroup: AWS sets it; leave it out"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "numCacheClusters": "many", "tags": ["x"], "securityGroupIds": "sg-1", "applyImmediately": "yes"},
        {
            "numCacheClusters": "expected a whole number, found a string",
            "tags": "expected an object of strings, found a list",
            "securityGroupIds": "expected a list, found a string",
            "applyImmediately": "expected true or false, found a string",
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "numCacheClusters": 2, "numNodeGroups": 2, "replicasPerNodeGroup": 1},
        {
            "numCacheClusters": "cannot be given together with `replicasPerNodeGroup`: leave one of them out",
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "authToken": "short/", "authTokenUpdateStrategy": "DELETE"},
        {
            "authToken": "cannot be given when authTokenUpdateStrategy is DELETE: leave it out",
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "authTokenUpdateStrategy": "ROTATE"},
        {"authTokenUpdateStrategy": "ROTATE needs authToken: give the token"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "authTokenWo": "x" * 20},
        {"authTokenWo": "and authTokenWoVersion need each other: give both or neither"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "automaticFailoverEnabled": True, "numCacheClusters": 1},
        {"numCacheClusters": "expected at least 2 with automaticFailoverEnabled, found 1: add a replica"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "multiAzEnabled": True},
        {"multiAzEnabled": "needs automaticFailoverEnabled: set it to true"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "engine": "valkey", "engineVersion": "8"},
        {"engineVersion": "expected a version of valkey in two parts such as 8.1, found '8'"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "engineVersion": "1.6.22", "engine": "memcached"},
        {"engine": "expected redis or valkey, found 'memcached'"},
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {**GROUP, "snapshotRetentionLimit": 36, "snapshotWindow": "3-5", "maintenanceWindow": "mon:05:00"},
        {
            "snapshotRetentionLimit": "expected 0 to 35, found 36",
            "snapshotWindow": "must be hh24:mi-hh24:mi in UTC, got '3-5'; write it like '03:00-05:00'",
            "maintenanceWindow": (
                "must be ddd:hh24:mi-ddd:hh24:mi in UTC, got 'mon:05:00'; write it like 'mon:05:00-mon:07:00'"
            ),
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {
            **GROUP,
            "nodeGroupConfigurations": [{"nodeGroupId": "one", "replicaCount": -1, "slots": "all"}],
            "logDeliveryConfigurations": [{"destination": "x", "logFormat": "xml", "logType": "slow-log"}],
        },
        {
            "nodeGroupConfigurations[0].nodeGroupId": "expected 1 to 4 digits, found 'one'",
            "nodeGroupConfigurations[0].replicaCount": "expected at least 0, found -1",
            "nodeGroupConfigurations[0].slots": "expected slot ranges such as 0-5460, found 'all'",
            "logDeliveryConfigurations[0].destinationType": (
                "each `logDeliveryConfigurations` needs it: expected a string, found nothing"
            ),
            "logDeliveryConfigurations[0].logFormat": "expected json or text, found 'xml'",
        },
    ),
    (
        "elasticache/replicationGroup:ReplicationGroup",
        {"description": "", "nodeType": "cache.t4g.micro"},
        {"description": "expected 1 to 255 characters, found an empty string"},
    ),
    (
        "elasticache/cluster:Cluster",
        {},
        {"engine": "expected memcached or redis, found nothing: give it, or replicationGroupId"},
    ),
    (
        "elasticache/cluster:Cluster",
        {"engine": "redis", "numCacheNodes": 2},
        {"numCacheNodes": "expected 1 with redis, found 2: use a replication group for more"},
    ),
    (
        "elasticache/cluster:Cluster",
        {"engine": "memcached", "azMode": "cross-az", "numCacheNodes": 1, "finalSnapshotIdentifier": "last"},
        {
            "azMode": "cross-az needs at least 2 nodes: raise numCacheNodes or take single-az",
            "finalSnapshotIdentifier": "Memcached has no snapshots: leave it out",
        },
    ),
    (
        "elasticache/cluster:Cluster",
        {"engine": "valkey"},
        {"engine": "expected memcached or redis, found 'valkey'"},
    ),
    (
        "elasticache/cluster:Cluster",
        {"engine": "memcached", "engineVersion": "1.6", "outpostMode": "single-outpost"},
        {
            "engineVersion": "expected a version of memcached in three parts such as 1.6.22, found '1.6'",
            "outpostMode": "needs preferredOutpostArn: give it",
        },
    ),
    (
        "elasticache/globalReplicationGroup:GlobalReplicationGroup",
        {"globalReplicationGroupIdSuffix": "a--b", "primaryReplicationGroupId": "p", "numNodeGroups": 0},
        {
            "globalReplicationGroupIdSuffix": (
                "expected letters, digits and single hyphens, first a letter, last no hyphen, found 'a--b'"
            ),
            "numNodeGroups": "expected at least 1, found 0",
        },
    ),
    (
        "elasticache/serverlessCache:ServerlessCache",
        {
            "engine": "kvrocks",
            "majorEngineVersion": "eight",
            "dailySnapshotTime": "25:00",
            "cacheUsageLimits": {"dataStorage": {"maximum": 6000, "unit": "TB"}, "ecpuPerSeconds": [{"minimum": 1}]},
        },
        {
            "engine": "expected one of memcached, redis, valkey, found 'kvrocks'",
            "majorEngineVersion": "expected a major version such as 8 (1.6 for Memcached), found 'eight'",
            "dailySnapshotTime": "expected hh:mm such as 03:00, found '25:00'",
            "cacheUsageLimits.dataStorage.maximum": "expected 1 to 5000, found 6000",
            "cacheUsageLimits.dataStorage.unit": "expected GB, found 'TB'",
            "cacheUsageLimits.ecpuPerSeconds[0].minimum": "expected 1000 to 15000000, found 1",
        },
    ),
    (
        "elasticache/user:User",
        {
            "userId": "1",
            "userName": "app",
            "engine": "valkey",
            "accessString": " ",
            "noPasswordRequired": True,
        },
        {
            "userId": "expected letters, digits and hyphens, first a letter, found '1'",
            "accessString": "expected an access string such as `on ~* +@read`, found ' '",
            "noPasswordRequired": "Valkey users need a password or IAM: leave it out",
        },
    ),
    (
        "elasticache/user:User",
        {
            "userId": "app",
            "userName": "app",
            "engine": "redis",
            "accessString": "on ~* +@all",
            "passwords": ["hunter2", "x" * 16, "y" * 16],
        },
        {
            "passwords": "expected at most 2, found 3",
            "passwords[0]": "expected 16 to 128 characters, found 7",
        },
    ),
    (
        "elasticache/userGroup:UserGroup",
        {"userGroupId": "-", "engine": "memcached"},
        {
            "userGroupId": "expected letters, digits and hyphens, first a letter, found '-'",
            "engine": "expected redis or valkey, found 'memcached'",
        },
    ),
    (
        "elasticache/parameterGroup:ParameterGroup",
        {"family": "valkey8", "parameters": [{"name": "maxmemory-policy", "val": "x"}]},
        {
            "parameters[0].val": "`parameters` has no property `val`: did you mean `value`?",
            "parameters[0].value": "each `parameters` needs it: expected a string, found nothing",
        },
    ),
    (
        "elasticache/subnetGroup:SubnetGroup",
        {},
        {"subnetIds": "SubnetGroup needs it: expected a list, found nothing"},
    ),
    (
        "elasticache/userGroupAssociation:UserGroupAssociation",
        {"userId": "u"},
        {"userGroupId": "UserGroupAssociation needs it: expected a string, found nothing"},
    ),
]


@pytest.mark.parametrize(("token", "inputs", "reasons"), REFUSED)
def test_bad_inputs_are_refused_all_at_once(
    resource: Callable[[str], Any], token: str, inputs: dict[str, object], reasons: dict[str, str]
) -> None:
    """Every problem is named with its property, what was expected and what was found."""
    assert resource(token).failures(inputs) == reasons


def test_secrets_are_in_no_message(resource: Callable[[str], Any]) -> None:
    """A refused password or token is not repeated."""
    secret = 'hunter2/"@'
    group = resource("elasticache/replicationGroup:ReplicationGroup").failures({**GROUP, "authToken": secret})
    user = resource("elasticache/user:User").failures(
        {"userId": "u", "userName": "u", "engine": "redis", "accessString": "on", "passwords": [secret]}
    )
    assert group
    assert user
    assert "hunter2" not in str(group) + str(user)


def test_unknown_type_says_how_to_add_it(resource: Callable[[str], Any]) -> None:
    """A type without a handler fails by its name."""
    with pytest.raises(UnknownTypeError) as refused:
        resource("lambda/function:Function").check({})
    assert str(refused.value) == (
        "the local provider has no handler for aws:lambda/function:Function. "
        "Add cachewright_offline/provider/handlers/lambda_function.py with a ResourceHandler, name it in a table of "
        "provider/handlers/tables/, and list its properties in cachewright/catalog/resource_types/lambda_function.csv; "
        "or run the program on real AWS (`--target aws`)."
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "description",
                "numCacheClusters",
                "tags",
                "securityGroupIds",
                "engineVersion",
                "maintenanceWindow",
                "logDeliveryConfigurations",
                "nodeGroupConfigurations",
                "authToken",
                "port",
                "applyImmediately",
                "x",
            ]
        ),
        VALUES,
    )
)
def test_check_never_breaks_and_settles(replication_group: Any, inputs: dict[str, object]) -> None:
    """Whatever comes in, Check answers; what it accepted, it accepts again unchanged, and Diff finds no difference."""
    group = replication_group
    first = group.check(inputs)
    if first.failures:
        return
    again = group.check({key: value for key, value in first.inputs.items() if key != "__defaults"}, first.inputs)
    assert again.failures == ()
    assert {**again.inputs, "__defaults": 0} == {**first.inputs, "__defaults": 0}
    assert not group.provider.diff(group.urn, "id", first.inputs, {}, again.inputs).changed


@given(st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=32), st.binary(min_size=1))
def test_automatic_names_fit_and_agree(name: str, seed: bytes) -> None:
    """The same seed gives the same name; it begins with the resource's name and has seven more digits."""
    made = naming.automatic_name(name, seed, 40)
    assert made == naming.automatic_name(name, seed, 40)
    assert re.fullmatch(re.escape(name) + "-[0-9a-f]{7}", made)
