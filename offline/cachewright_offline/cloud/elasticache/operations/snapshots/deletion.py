"""DeleteSnapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.operations.snapshots.description import shown
from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshots, check_removable, remove
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DeleteSnapshot")
def delete_snapshot(context: Context, params: Params) -> Result:
    """Delete a snapshot."""
    snapshot = context.state.part(Snapshots).find(params["SnapshotName"])
    check_removable(snapshot)
    snapshot.status = "deleting"
    context.state.after("snapshot-delete", lambda: remove(context, snapshot))
    return {"Snapshot": shown(context, snapshot, node_group_config=True)}
