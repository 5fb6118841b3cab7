"""Automatic snapshots: taken every day when the snapshot window opens, and removed when their days are over.

Only the next one of a cache stands in the agenda, which follows from its records: nothing else is kept of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.maintenance import next_daily_opening
from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    ReplicationGroup,
    ReplicationGroups,
    snapshotting_cluster,
)
from cachewright_offline.cloud.elasticache.operations.snapshots import reading, sources
from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshots, arn, remove, succeed
from cachewright_offline.cloud.elasticache.registry import resumption

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.snapshots.records import Snapshot
    from cachewright_offline.cloud.elasticache.operations.snapshots.sources import Source
    from cachewright_offline.cloud.elasticache.registry import Context


def plan(context: Context, kind: str, id: str) -> None:
    """Have the next automatic snapshot taken of a `replication-group` or `cache-cluster`, if it has them."""
    opening = _next_opening(sources.find(context, kind, id), context.state.now())
    if opening is not None:
        context.state.at(opening, lambda: _open(context, kind, id, opening))


def forget(context: Context, kind: str, id: str) -> None:
    """Remove the automatic snapshots of a cache: they go with it."""
    for snapshot in list(context.state.part(Snapshots).by_name.values()):
        of_member = kind == "replication-group" and snapshot.group_id == id
        if snapshot.kind == "automated" and (of_member or snapshot.source == (kind, id)):
            remove(context, snapshot)


@resumption
def await_windows(context: Context) -> None:
    """Wait for the snapshot windows of what was loaded, and for the end of its automatic snapshots."""
    for id in context.state.part(ReplicationGroups).groups:
        plan(context, "replication-group", id)
    for id in context.state.part(CacheClusters).clusters:
        plan(context, "cache-cluster", id)
    for snapshot in context.state.part(Snapshots).by_name.values():
        if snapshot.kind == "automated":
            _await_expiry(context, snapshot)


def _next_opening(source: Source | None, now: datetime) -> datetime | None:
    if source is None or not source.snapshot_retention or not source.snapshot_window:
        return None
    return next_daily_opening(source.snapshot_window, now)


def _open(context: Context, kind: str, id: str, opening: datetime) -> None:
    """Take the snapshot of a day and plan that of the next, unless something else is in the agenda for the cache now.

    The window may have been moved since, and the cache be gone, or a new one of the same name be in its place.
    """
    source = sources.find(context, kind, id)
    member_id = snapshotting_cluster(source) if isinstance(source, ReplicationGroup) else None
    # Without cluster mode it is of the member that it is read from, and called after it.
    name = f"automatic.{member_id or id}-{opening:%Y-%m-%d-%H-%M}"
    moved = _next_opening(source, opening - timedelta(minutes=1)) != opening
    if source is None or moved or name in context.state.part(Snapshots).by_name:
        return
    # A cache that is being changed all the while has none that day.
    if source.status == "available":
        _take(context, kind, id, name, member_id)
    plan(context, kind, id)


def _take(context: Context, kind: str, id: str, name: str, member_id: str | None) -> None:
    """Take a snapshot that is there at once: nobody asked for it, so nobody is to wait for it."""
    if member_id is not None:
        group = caches.replication_group(context, id)
        snapshot = reading.of_cluster(context, name, caches.cluster(context, member_id))
        # A member says nothing of the schedule, which is its group's.
        snapshot.facts |= {key: group[key] for key in ("SnapshotRetentionLimit", "SnapshotWindow")}
    elif kind == "replication-group":
        snapshot = reading.of_group(context, name, caches.replication_group(context, id))
    else:
        snapshot = reading.of_cluster(context, name, caches.cluster(context, id))
    snapshot.kind = "automated"
    context.state.part(Snapshots).by_name[name] = snapshot
    context.state.tags[arn(context, name)] = {}
    succeed(context, snapshot)
    _await_expiry(context, snapshot)


def _await_expiry(context: Context, snapshot: Snapshot) -> None:
    """Remove a snapshot when it is as old as its source's retention limit was when it was taken."""
    end = snapshot.created + timedelta(days=snapshot.facts["SnapshotRetentionLimit"])
    context.state.at(end, lambda: remove(context, snapshot))
