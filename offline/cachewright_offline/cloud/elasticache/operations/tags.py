"""Tags of every kind of resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import Fault, fault
from cachewright_offline.cloud.elasticache.registry import operation, operations
from cachewright_offline.cloud.elasticache.tag_rules import merged, tag_list

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# The kinds of ARN: the fault for one that does not exist, and what it is called in the message.
_KINDS: Final = {
    "cluster": ("CacheClusterNotFoundFault", "CacheCluster"),
    "globalreplicationgroup": ("GlobalReplicationGroupNotFoundFault", "GlobalReplicationGroup"),
    "parametergroup": ("CacheParameterGroupNotFoundFault", "CacheParameterGroup"),
    "replicationgroup": ("ReplicationGroupNotFoundFault", "ReplicationGroup"),
    "reserved-instance": ("ReservedCacheNodeNotFoundFault", "ReservedCacheNode"),
    "securitygroup": ("CacheSecurityGroupNotFoundFault", "CacheSecurityGroup"),
    "serverlesscache": ("ServerlessCacheNotFoundFault", "ServerlessCache"),
    "serverlesscachesnapshot": ("ServerlessCacheSnapshotNotFoundFault", "ServerlessCacheSnapshot"),
    "snapshot": ("SnapshotNotFoundFault", "Snapshot"),
    "subnetgroup": ("CacheSubnetGroupNotFoundFault", "CacheSubnetGroup"),
    "user": ("UserNotFoundFault", "User"),
    "usergroup": ("UserGroupNotFoundFault", "UserGroup"),
}
_GLOBAL: Final = "globalreplicationgroup"
# What cannot be tagged while it is being created or deleted: how it is found, and the fault for it.
_STATEFUL: Final = {
    "replicationgroup": (
        *("DescribeReplicationGroups", "ReplicationGroupId", "ReplicationGroups"),
        "InvalidReplicationGroupStateFault",
    ),
    "serverlesscache": (
        *("DescribeServerlessCaches", "ServerlessCacheName", "ServerlessCaches"),
        "InvalidServerlessCacheStateFault",
    ),
    "serverlesscachesnapshot": (
        *("DescribeServerlessCacheSnapshots", "ServerlessCacheSnapshotName", "ServerlessCacheSnapshots"),
        "InvalidServerlessCacheSnapshotStateFault",
    ),
}


@operation("AddTagsToResource")
def add_tags_to_resource(context: Context, params: Params) -> Result:
    """Add tags, or change the values of those that are there."""
    tags = _tags(context, params["ResourceName"])
    tags.update(merged(tags, params["Tags"]))
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
    return {"TagList": tag_list(tags)}


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
    code, word = _KINDS[kind]
    raise fault(code, f"{word} {name} not found.")


def _check_state(context: Context, kind: str, name: str) -> None:
    """Refuse to read or change the tags of what is still being made, or no longer there for long."""
    if kind not in _STATEFUL:
        return
    action, parameter, key, code = _STATEFUL[kind]
    status: str = operations()[action](context, {parameter: name})[key][0]["Status"]
    if status in {"creating", "deleting"}:
        raise fault(code, f"{_KINDS[kind][1]} {name} is not in available state: it is {status}.")


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
    parts = arn.split(":", 6)
    expected = ["arn", context.partition, "elasticache"]
    if len(parts) != 7 or parts[:3] != expected or parts[5] not in _KINDS or not parts[6]:
        raise fault("InvalidARNFault", f"{arn} is not a valid ElastiCache ARN.")
    kind = parts[5]
    region = "" if kind == _GLOBAL else context.region
    if parts[3] != region:
        raise fault("InvalidARNFault", f"{arn} is not of the region {context.region}, where the request was made.")
    if parts[4] != context.account_id:
        raise fault("InvalidARNFault", f"{arn} is not of the account {context.account_id}, which made the request.")
    return kind, parts[6]
