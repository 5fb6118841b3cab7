"""Tags of every kind of resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import Fault, fault, invalid_value
from cachewright_offline.cloud.elasticache.registry import operation, operations
from cachewright_offline.cloud.elasticache.tag_rules import merged, tag_list

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# The kinds of ARN, and the fault for one that does not exist.
_KINDS: Final = {
    "cluster": "CacheClusterNotFoundFault",
    "globalreplicationgroup": "GlobalReplicationGroupNotFoundFault",
    "parametergroup": "CacheParameterGroupNotFoundFault",
    "replicationgroup": "ReplicationGroupNotFoundFault",
    "reserved-instance": "ReservedCacheNodeNotFoundFault",
    "securitygroup": "CacheSecurityGroupNotFoundFault",
    "serverlesscache": "ServerlessCacheNotFoundFault",
    "serverlesscachesnapshot": "ServerlessCacheSnapshotNotFoundFault",
    "snapshot": "SnapshotNotFoundFault",
    "subnetgroup": "CacheSubnetGroupNotFoundFault",
    "user": "UserNotFoundFault",
    "usergroup": "UserGroupNotFoundFault",
}
_GLOBAL: Final = "globalreplicationgroup"
# What can be tagged in one status only: how it is found, its status then, and what AWS says of it in any other.
_STATEFUL: Final = {
    "cluster": (
        *("DescribeCacheClusters", "CacheClusterId", "CacheClusters", "CacheClusterStatus", "available"),
        *("CacheClusterNotFoundFault", "{name} is either not present or not available"),
    ),
    "replicationgroup": (
        *("DescribeReplicationGroups", "ReplicationGroupId", "ReplicationGroups", "Status", "available"),
        *("InvalidReplicationGroupStateFault", "Cluster not in available state to perform tagging operations."),
    ),
    "serverlesscache": (
        *("DescribeServerlessCaches", "ServerlessCacheName", "ServerlessCaches", "Status", "available"),
        *("InvalidServerlessCacheStateFault", "Serverless cache {name} is not in available state."),
    ),
    "serverlesscachesnapshot": (
        *("DescribeServerlessCacheSnapshots", "ServerlessCacheSnapshotName", "ServerlessCacheSnapshots", "Status"),
        *("available", "InvalidServerlessCacheSnapshotStateFault"),
        "Serverless cache snapshot {name} is not in available state.",
    ),
    "user": (
        *("DescribeUsers", "UserId", "Users", "Status", "active"),
        *("UserNotFoundFault", "{name} is not available for tagging"),
    ),
    "usergroup": (
        *("DescribeUserGroups", "UserGroupId", "UserGroups", "Status", "active"),
        *("UserGroupNotFoundFault", "{name} is not available for tagging"),
    ),
}


@operation("AddTagsToResource")
def add_tags_to_resource(context: Context, params: Params) -> Result:
    """Add tags, or change the values of those that are there."""
    tags = _tags(context, params["ResourceName"])
    tags.update(merged(tags, params["Tags"]))
    _announce(context, params["ResourceName"])
    return {"TagList": tag_list(tags)}


@operation("RemoveTagsFromResource")
def remove_tags_from_resource(context: Context, params: Params) -> Result:
    """Remove tags by their keys."""
    tags = _tags(context, params["ResourceName"])
    missing = [key for key in params["TagKeys"] if key not in tags]
    if missing:
        message = f"The requested tag {missing[0]} was not found on the resource {params['ResourceName']}."
        raise fault("TagNotFoundFault", message)
    for key in params["TagKeys"]:
        tags.pop(key, None)
    _announce(context, params["ResourceName"])
    return {"TagList": tag_list(tags)}


def _announce(context: Context, arn: str) -> None:
    """Record that tags were changed, of what tells it: of all resources, only serverless caches do."""
    kind, name = _parsed(context, arn)
    if kind == "serverlesscache":
        message = f"Tags updated for the cache {name.lower()}."
        context.state.record_event("serverless-cache", name.lower(), message)


@operation("ListTagsForResource")
def list_tags_for_resource(context: Context, params: Params) -> Result:
    """Show a resource's tags."""
    return {"TagList": tag_list(_tags(context, params["ResourceName"]))}


def _tags(context: Context, arn: str) -> dict[str, str]:
    """Return the tags of the resource with this ARN; what is done to them is done to the resource's."""
    kind, name = _parsed(context, arn)
    canonical = arn[: len(arn) - len(name)] + name.lower()
    states = [one.state for one in context.everywhere()] if kind == _GLOBAL else [context.state]
    for state in states:
        if canonical in state.tags:
            _check_state(context, kind, name)
            return state.tags[canonical]
    if kind == "cluster":
        # A member of a replication group carries that group's tags.
        group_id = _group_of(context, name)
        if group_id is not None:
            _check_state(context, "replicationgroup", group_id)
            return context.state.tags[context.state.arn("replicationgroup", group_id)]
    if name.lower().startswith("default") and _is_made_by_aws(context, kind, name):
        return context.state.tags.setdefault(canonical, {})
    if kind == "cluster":
        raise fault(_KINDS[kind], f"{name} is either not present or not available")
    raise fault(_KINDS[kind], f"{name} is not present")


def _check_state(context: Context, kind: str, name: str) -> None:
    """Refuse to read or change the tags of what is being made, changed or deleted."""
    if kind not in _STATEFUL:
        return
    action, parameter, key, status, wanted, code, sentence = _STATEFUL[kind]
    if operations()[action](context, {parameter: name})[key][0][status] != wanted:
        raise fault(code, sentence.format(name=name))


def _is_made_by_aws(context: Context, kind: str, name: str) -> bool:
    """Tell whether this is the default user or a default parameter group, which no request has made."""
    try:
        if kind == "user":
            operations()["DescribeUsers"](context, {"UserId": name})
        elif kind == "parametergroup":
            operations()["DescribeCacheParameterGroups"](context, {"CacheParameterGroupName": name})
        else:
            return False
    except Fault:
        return False
    return True


def _group_of(context: Context, cluster_id: str) -> str | None:
    try:
        group_id: str | None = caches.cluster(context, cluster_id).get("ReplicationGroupId")
    except Fault:
        return None
    return group_id


def _parsed(context: Context, arn: str) -> tuple[str, str]:
    """Return kind and name of the resource that an ARN names in this account and region."""
    parts = arn.split(":")
    if len(parts) != 7 or parts[0] != "arn":
        raise fault("InvalidARNFault", "Input ARN string does not have 7 components.")
    for index, word, expected in ((1, "partition", context.partition), (2, "service", "elasticache")):
        if parts[index] != expected:
            raise fault("InvalidARNFault", f"{word} field is wrong. Expected value is {expected}")
    kind, name = parts[5:]
    if kind not in _KINDS or not name:
        raise fault("InvalidARNFault", f"{arn} is not a valid ElastiCache ARN.")
    if parts[3] != ("" if kind == _GLOBAL else context.region):
        raise invalid_value("Unauthorized call. Please check the region or customer id")
    if parts[4] != context.account_id:
        raise invalid_value("The resource ARN does not belong to the caller's account.")
    return kind, name
