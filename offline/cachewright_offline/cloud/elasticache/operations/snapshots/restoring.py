"""What replication groups and clusters ask of snapshots: the last one of a cache, and what a new one restores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.links import SnapshotSource, links
from cachewright_offline.cloud.elasticache.operations.snapshots import automatic, reading
from cachewright_offline.cloud.elasticache.operations.snapshots.records import (
    Snapshots,
    check_readable,
    free_name,
    keep,
)

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context


class TakenSnapshots:
    """What replication groups and clusters ask of snapshots."""

    def take_final(self, context: Context, name: str, source_kind: str, source_id: str) -> None:
        """Take the last snapshot of a `replication-group` or `cache-cluster`; it still exists when this is called."""
        free = free_name(context, {"FinalSnapshotIdentifier": name}, "FinalSnapshotIdentifier")
        if source_kind == "replication-group":
            group = caches.replication_group(context, source_id)
            # The primaries have the freshest data, and nothing else is left to disturb them in.
            snapshot = reading.of_group(context, free, group, from_primary=True)
        else:
            snapshot = reading.of_cluster(context, free, caches.cluster(context, source_id))
        keep(context, snapshot, {})

    def check_name_free(self, context: Context, name: str) -> None:
        """Raise the fault for a snapshot name that is taken or malformed."""
        free_name(context, {"FinalSnapshotIdentifier": name}, "FinalSnapshotIdentifier")

    def source(self, context: Context, name: str) -> SnapshotSource:
        """Return what a snapshot holds, or raise SnapshotNotFoundFault."""
        snapshot = context.state.part(Snapshots).find(name)
        check_readable(snapshot)
        facts = snapshot.facts
        return SnapshotSource(
            engine=facts["Engine"],
            engine_version=facts["EngineVersion"],
            node_type=facts["CacheNodeType"],
            shards=len(snapshot.nodes),
            cluster_enabled=snapshot.cluster_enabled,
            data_tiering=facts.get("DataTiering") == "enabled",
        )

    def begin_restoring(self, context: Context, name: str, transition: str) -> None:
        """Show a snapshot as being restored until a transition is over; it is not deleted meanwhile."""
        snapshot = context.state.part(Snapshots).find(name)
        snapshot.restoring += 1

        def end() -> None:
            snapshot.restoring -= 1

        context.state.after(transition, end)

    def take_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Have automatic snapshots taken of a new cache, or by another window or retention than before."""
        automatic.plan(context, source_kind, source_id)

    def forget_daily(self, context: Context, source_kind: str, source_id: str) -> None:
        """Remove the automatic snapshots of a cache that is gone."""
        automatic.forget(context, source_kind, source_id)


links.snapshots = TakenSnapshots()
