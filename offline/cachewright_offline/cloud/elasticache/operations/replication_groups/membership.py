"""Nodes that come to a replication group, or leave it: each is a cache cluster of its own to who looks at clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroups
from cachewright_offline.cloud.elasticache.reboots import Reboots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context


def is_free(context: Context, cluster_id: str) -> bool:
    """Tell whether no cluster is called so, neither a member of any group nor one of its own."""
    # Imported late: clusters show the members of replication groups, and so import these.
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters

    is_member = context.state.part(ReplicationGroups).member(cluster_id) is not None
    return not is_member and cluster_id not in context.state.part(CacheClusters).clusters


def check_ids_free(context: Context, cluster_ids: Iterable[str]) -> None:
    """Refuse new members that would be called as another cluster is."""
    for id in cluster_ids:
        if not is_free(context, id):
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
        context.state.part(ReplicationGroups).forget_name(id)
        context.state.part(Reboots).forget(id)
        context.state.tags.pop(context.state.arn("cluster", id), None)
        context.state.record_event("cache-cluster", id, "Cache cluster deleted")
