"""DeleteReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations.replication_groups import existing_cluster, membership
from cachewright_offline.cloud.elasticache.operations.replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroups, arn, find
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DeleteReplicationGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group, all of it or all but its primary; the next request no longer finds it."""
    group = find(context, params["ReplicationGroupId"])
    if group.status not in {"available", "create-failed"}:
        message = f"Replication group {group.id} has status {group.status} which is not valid for deletion."
        raise fault("InvalidReplicationGroupStateFault", message)
    if group.global_id:
        message = f"Cannot delete {group.id} because it is a member of {group.global_id}: disassociate it first."
        raise fault("InvalidReplicationGroupStateFault", message)
    retain = bool(params.get("RetainPrimaryCluster"))
    if retain:
        existing_cluster.check_releasable(group)
    name = params.get("FinalSnapshotIdentifier")
    if name:
        links.snapshots.check_name_free(context, name)
        links.snapshots.take_final(context, name, "replication-group", group.id)
    group.status = "deleting"
    context.state.after("replication-group-delete", lambda: _vanish(context, group, retain=retain))
    return {"ReplicationGroup": shown(context, group)}


def _vanish(context: Context, group: ReplicationGroup, *, retain: bool) -> None:
    gone = group.member_ids()
    context.state.part(ReplicationGroups).drop(group)
    if retain:
        existing_cluster.released(context, group)
        gone.remove(group.member_id(group.shards[0], group.shards[0].primary_node))
    links.snapshots.forget_daily(context, "replication-group", group.id)
    membership.bid_farewell(context, gone)
    context.state.tags.pop(arn(context, group), None)
    context.state.record_event("replication-group", group.id, f"Replication group {group.id} deleted")
