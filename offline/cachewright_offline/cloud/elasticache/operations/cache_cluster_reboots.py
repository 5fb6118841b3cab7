"""RebootCacheCluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.operations.cache_clusters import (
    REBOOTING,
    begin,
    check_available,
    find,
    find_member,
    member_status,
    record_event,
    shown,
    shown_member,
)
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from collections.abc import Collection

    from cachewright_offline.cloud.elasticache.operations.cache_clusters import Member
    from cachewright_offline.cloud.elasticache.reboots import ClusterKey
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("RebootCacheCluster")
def reboot(context: Context, params: Params) -> Result:
    """Reboot nodes, which then run with the parameters of today."""
    member = find_member(context, params["CacheClusterId"])
    if member is not None:
        return _reboot_member(context, member, params["CacheNodeIdsToReboot"])
    cluster = find(context, params["CacheClusterId"])
    check_available(cluster.id, cluster.status)
    numbers = node_numbers(params["CacheNodeIdsToReboot"], cluster.nodes)
    begin(context, cluster, REBOOTING, "reboot", lambda: _finish(context, cluster.key, numbers))
    return {"CacheCluster": shown(context, cluster)}


def _reboot_member(context: Context, member: Member, ids: list[str]) -> Result:
    if member.group.cluster_enabled:
        message = f"Rebooting is not supported for {member.id}: its replication group has cluster mode enabled."
        raise fault("InvalidCacheClusterStateFault", message)
    check_available(member.id, member_status(context, member))
    numbers = node_numbers(ids, (1,))
    running = context.state.part(Reboots).running
    running.add(member.key)

    def finish() -> None:
        running.discard(member.key)
        _finish(context, member.key, numbers)

    context.state.after("cache-cluster-reboot", finish)
    return {"CacheCluster": shown_member(context, member)}


def _finish(context: Context, cluster: ClusterKey, numbers: list[int]) -> None:
    context.state.part(Reboots).done(cluster, numbers)
    for number in numbers:
        record_event(context, cluster[0], f"Cache node {number:04} restarted")


def node_numbers(ids: list[str], existing: Collection[int]) -> list[int]:
    """Return the numbers of nodes that a request names by their ids.

    Raises:
        Fault: There is no such node, or one is named twice, or none.
    """
    if not ids:
        raise invalid_value("At least one cache node must be named.")
    for id in ids:
        if not re.fullmatch(r"[0-9]{4}", id) or int(id) not in existing:
            raise invalid_value(f"The cache node {id} does not exist.")
    if len(set(ids)) != len(ids):
        raise invalid_value("A cache node is named more than once.")
    return [int(id) for id in ids]
