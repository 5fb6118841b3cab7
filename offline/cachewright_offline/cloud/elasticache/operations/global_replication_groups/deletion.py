"""DeleteGlobalReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    GlobalReplicationGroups,
    arn,
    available,
    begin,
    primary_of,
    tell,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DeleteGlobalReplicationGroup")
def delete(context: Context, params: Params) -> Result:
    """Dissolve a global datastore that has no secondary left; whatever the request says, its primary stays."""
    group = available(context, params["GlobalReplicationGroupId"])
    if len(group.members) > 1:
        message = f"{group.id} has secondaries: disassociate them first."
        raise fault("InvalidGlobalReplicationGroupStateFault", message)
    there, primary = primary_of(context, group)

    def finish() -> None:
        for one in context.everywhere():
            one.state.part(GlobalReplicationGroups).groups.pop(group.id, None)
            one.state.tags.pop(arn(context, group), None)
        primary.global_id = primary.global_role = None
        tell(there, primary.id, f"Global datastore {group.id} was deleted")

    group.status = "deleting"
    begin(context, group, "delete", finish)
    return {"GlobalReplicationGroup": shown(context, group)}
