"""DeleteSnapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.operations.snapshots.description import shown
from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshots, arn, check_available
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DeleteSnapshot")
def delete_snapshot(context: Context, params: Params) -> Result:
    """Delete a snapshot."""
    snapshots = context.state.part(Snapshots)
    snapshot = snapshots.find(params["SnapshotName"])
    check_available(snapshot)
    snapshot.status = "deleting"

    def remove() -> None:
        del snapshots.by_name[snapshot.name]
        context.state.tags.pop(arn(context, snapshot.name), None)

    context.state.after("snapshot-delete", remove)
    return {"Snapshot": shown(context, snapshot, node_group_config=True)}
