"""What operations return, before it is written: nothing that botocore's model does not know, and the right types.

The writer leaves out what the model does not know, so a misspelt name would vanish from an answer unseen.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from botocore.model import Shape
from hypothesis import given
from hypothesis import strategies as st

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.elasticache.protocol import operation_model, service_model
from cachewright_offline.cloud.elasticache.region_code import region_code
from cachewright_offline.cloud.elasticache.registry import Context, operations
from cachewright_offline.cloud.elasticache.reserved_offerings import offerings
from cachewright_offline.cloud.elasticache.tag_rules import merged, tag_list

PASSWORD = "correct-horse-battery"
TYPES = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": datetime,
    "double": float,
    "list": list,
    "structure": dict,
}


def problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Return where a result is not what a shape says; None stands for what is left out."""
    if value is None:
        return
    if not isinstance(value, TYPES[shape.type_name]) or (
        shape.type_name in {"integer", "long"} and isinstance(value, bool)
    ):
        yield f"{path}: {value!r} is no {shape.type_name}"
    elif shape.type_name == "structure":
        yield from (f"{path}.{name}: unknown" for name in value.keys() - shape.members.keys())
        yield from (f"{path}.{name}: missing" for name in shape.required_members if value.get(name) is None)
        for name in value.keys() & shape.members.keys():
            yield from problems(shape.members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            yield from problems(shape.member, item, f"{path}[]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path}: {value!r} is none of {shape.enum}"


USER = {"UserId": "reader", "UserName": "reader", "Engine": "valkey", "AccessString": "on ~* +@read"}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("CreateUser", USER | {"Passwords": [PASSWORD]}),
    ("ModifyUser", {"UserId": "reader", "AuthenticationMode": {"Type": "iam"}}),
    ("DescribeUsers", {}),
    ("CreateUserGroup", {"UserGroupId": "team", "Engine": "valkey", "UserIds": ["reader"]}),
    ("ModifyUserGroup", {"UserGroupId": "team", "UserIdsToRemove": ["reader"]}),
    ("DescribeUserGroups", {}),
    (
        "CreateServerlessCache",
        {
            "ServerlessCacheName": "cache",
            "Engine": "valkey",
            "UserGroupId": "team",
            "CacheUsageLimits": {"DataStorage": {"Maximum": 5, "Unit": "GB"}, "ECPUPerSecond": {"Maximum": 1000}},
            "Integrations": [{"IntegrationType": "dynamodb"}],
        },
    ),
    ("DescribeServerlessCaches", {}),
    ("ModifyServerlessCache", {"ServerlessCacheName": "cache", "Description": "x"}),
    ("CreateServerlessCacheSnapshot", {"ServerlessCacheSnapshotName": "one", "ServerlessCacheName": "cache"}),
    (
        "CopyServerlessCacheSnapshot",
        {"SourceServerlessCacheSnapshotName": "one", "TargetServerlessCacheSnapshotName": "two"},
    ),
    ("DescribeServerlessCacheSnapshots", {}),
    ("DeleteServerlessCacheSnapshot", {"ServerlessCacheSnapshotName": "one"}),
    (
        "CreateReplicationGroup",
        {
            "ReplicationGroupId": "main",
            "ReplicationGroupDescription": "main",
            "Engine": "valkey",
            "CacheNodeType": "cache.r7g.large",
            "NumNodeGroups": 2,
            "ReplicasPerNodeGroup": 1,
            "AutomaticFailoverEnabled": True,
            "TransitEncryptionEnabled": True,
        },
    ),
    ("CreateSnapshot", {"SnapshotName": "one", "ReplicationGroupId": "main"}),
    ("CopySnapshot", {"SourceSnapshotName": "one", "TargetSnapshotName": "two"}),
    ("DescribeSnapshots", {"ShowNodeGroupConfig": True}),
    ("DeleteSnapshot", {"SnapshotName": "one"}),
    (
        "CreateCacheCluster",
        {"CacheClusterId": "single", "Engine": "redis", "CacheNodeType": "cache.t4g.small", "NumCacheNodes": 1},
    ),
    ("CreateSnapshot", {"SnapshotName": "single", "CacheClusterId": "single"}),
    ("DescribeSnapshots", {"SnapshotName": "single", "ShowNodeGroupConfig": True}),
    ("DescribeCacheEngineVersions", {}),
    ("DescribeEvents", {}),
    ("DescribeServiceUpdates", {}),
    ("DescribeUpdateActions", {}),
    ("DescribeReservedCacheNodes", {}),
    ("DescribeReservedCacheNodesOfferings", {}),
    (
        "AddTagsToResource",
        {
            "ResourceName": "arn:aws:elasticache:us-east-1:123456789012:user:reader",
            "Tags": [{"Key": "a", "Value": "b"}],
        },
    ),
    ("ListTagsForResource", {"ResourceName": "arn:aws:elasticache:us-east-1:123456789012:user:reader"}),
    (
        "CreateCacheParameterGroup",
        {"CacheParameterGroupName": "own", "CacheParameterGroupFamily": "memcached1.6", "Description": "own"},
    ),
    (
        "CreateCacheCluster",
        {
            "CacheClusterId": "mem",
            "Engine": "memcached",
            "CacheNodeType": "cache.t4g.micro",
            "NumCacheNodes": 2,
            "CacheParameterGroupName": "own",
        },
    ),
    (
        "ModifyCacheParameterGroup",
        {
            "CacheParameterGroupName": "own",
            "ParameterNameValues": [{"ParameterName": "chunk_size", "ParameterValue": "64"}],
        },
    ),
    ("DescribeCacheParameters", {"CacheParameterGroupName": "own"}),
    ("DescribeEngineDefaultParameters", {"CacheParameterGroupFamily": "redis7"}),
    ("DescribeCacheParameterGroups", {}),
    ("DescribeCacheSubnetGroups", {}),
    (
        "ModifyCacheCluster",
        {"CacheClusterId": "mem", "NumCacheNodes": 3, "CacheNodeType": "cache.t4g.small", "ApplyImmediately": False},
    ),
    ("DescribeCacheClusters", {"ShowCacheNodeInfo": True}),
    ("RebootCacheCluster", {"CacheClusterId": "mem", "CacheNodeIdsToReboot": ["0001"]}),
    ("DescribeServiceUpdates", {}),
    ("BatchApplyUpdateAction", {"ServiceUpdateName": "elc-20261001-001", "CacheClusterIds": ["mem", "none"]}),
    ("DescribeUpdateActions", {"ShowNodeLevelUpdateStatus": True}),
    ("BatchStopUpdateAction", {"ServiceUpdateName": "elc-20261001-001", "CacheClusterIds": ["mem"]}),
    ("PurchaseReservedCacheNodesOffering", {"ReservedCacheNodesOfferingId": min(offerings())}),
    ("DescribeReservedCacheNodes", {}),
    ("ResetCacheParameterGroup", {"CacheParameterGroupName": "own", "ResetAllParameters": True}),
    ("DeleteCacheCluster", {"CacheClusterId": "mem"}),
    ("DeleteServerlessCache", {"ServerlessCacheName": "cache", "FinalSnapshotName": "last"}),
    ("DeleteUserGroup", {"UserGroupId": "team"}),
    ("DeleteUser", {"UserId": "reader"}),
]


def test_results_fit_the_model():
    """Every result of a life of each resource has known names, right types and all that is required."""
    carrier.install()
    carrier.reset()
    state = carrier.elasticache_state("123456789012", "us-east-1")
    context = Context("123456789012", "us-east-1", state)
    found = []
    for action, params in CALLS:
        state.settle()
        result = operations()[action](context, params)
        found += problems(operation_model(action).output_shape, result, action)
    carrier.reset()
    assert found == []


def test_only_operations_of_the_model_are_registered():
    """The registry can be asked what it answers, and answers nothing that does not exist."""
    assert set(operations()) <= set(service_model().operation_names)


@given(
    existing=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=5), max_size=5),
    added=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(max_size=5), max_size=5),
)
def test_added_tags_win(existing, added):
    """Tags that are added are there afterwards, the others as they were, shown in the order of their keys."""
    result = merged(existing, tag_list(added))
    assert result == existing | added
    assert [tag["Key"] for tag in tag_list(result)] == sorted(result)


@given(key=st.text(min_size=129, max_size=200))
def test_tag_keys_are_bounded(key):
    """A key of more than 128 characters is refused."""
    with pytest.raises(Fault, match="The tag key must be 1-128 characters"):
        merged({}, [{"Key": key, "Value": ""}])


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("us-east-1", "use1"),
        ("us-gov-west-1", "usgw1"),
        ("ap-southeast-2", "apse2"),
        ("cn-northwest-1", "cnnw1"),
        ("me-central-1", "mec1"),
        ("eu-north-1", "eun1"),
    ],
)
def test_region_codes(region, code):
    """A region's short form keeps area, direction and number."""
    assert region_code(region) == code
