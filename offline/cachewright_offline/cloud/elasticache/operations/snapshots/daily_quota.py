"""How many manual snapshots of a node there may be in a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshots

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshot
    from cachewright_offline.cloud.elasticache.registry import Context


def check(context: Context, snapshot: Snapshot) -> None:
    """Refuse one more snapshot, or a copy of one, when its nodes have as many of the last 24 hours as there may be."""
    since = context.state.now() - timedelta(days=1)
    taken = {node.cluster_id for node in snapshot.nodes}
    recent = sum(
        1
        for one in context.state.part(Snapshots).by_name.values()
        if one.kind == "manual" and one.created > since and taken & {node.cluster_id for node in one.nodes}
    )
    most = limit("manual_snapshots_per_node_per_day")
    if recent >= most:
        message = f"The maximum of {most} manual snapshots of a node in 24 hours is exceeded."
        raise fault("SnapshotQuotaExceededFault", message)
