"""Nodes that come to a replication group, or leave it: each is a cache cluster of its own to who looks at clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context


def check_ids_free(context: Context, group: ReplicationGroup) -> None:
    """Refuse a new group of which a member would be called as another cluster is."""
    # Imported late: clusters show the members of replication groups, and so import these.
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters

    taken = {id for one in context.state.part(ReplicationGroups).groups.values() for id in one.member_ids()}
    taken.update(context.state.part(CacheClusters).clusters)
    for id in group.member_ids():
        if id in taken:
            raise fault("CacheClusterAlreadyExistsFault", f"Cache cluster {id} already exists.")


def announce(context: Context, group: ReplicationGroup, cluster_ids: Iterable[str]) -> None:
    """Record that member clusters were created, as their events tell it."""
    for id in cluster_ids:
        found = group.member(id)
        if found is not None:
            _, node = found
            context.state.record_event("cache-cluster", id, "Cache cluster created")
            message = f"Added cache node 0001 in availability zone {node.zone}"
            context.state.record_event("cache-cluster", id, message)


def bid_farewell(context: Context, cluster_ids: Iterable[str]) -> None:
    """Record that member clusters were deleted, and forget the tags that they had of their own."""
    for id in cluster_ids:
        context.state.tags.pop(context.state.arn("cluster", id), None)
        context.state.record_event("cache-cluster", id, "Cache cluster deleted")
