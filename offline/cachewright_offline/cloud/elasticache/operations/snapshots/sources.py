"""What snapshots are taken of, as its own records have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster, CacheClusters
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    ReplicationGroup,
    ReplicationGroups,
    find_member,
)

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context

Source: TypeAlias = ReplicationGroup | CacheCluster


def find(context: Context, kind: str, id: str) -> Source | None:
    """Return a `replication-group`, or a `cache-cluster` of its own, or None when there is none."""
    if kind == "replication-group":
        return context.state.part(ReplicationGroups).groups.get(id)
    return context.state.part(CacheClusters).clusters.get(id)


def hold(context: Context, kind: str, id: str) -> Source | None:
    """Show that a snapshot is being taken, which keeps other changes away; of a member, its group shows it."""
    member = find_member(context, id) if kind == "cache-cluster" else None
    source = member[0] if member else find(context, kind, id)
    if source is not None:
        source.status = "snapshotting"
    return source


def release(source: Source | None) -> None:
    """Have what was held be available again."""
    if source is not None and source.status == "snapshotting":
        source.status = "available"
