"""The nodes of all caches of a region, as other services see them: where they are, whose they are, what they log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCaches
from cachewright_offline.cloud.elasticache.operations.subnet_groups import SubnetGroups

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.state import RegionState

Kind = Literal["replication-group", "cache-cluster", "serverless-cache"]


@dataclass(frozen=True, slots=True)
class Member:
    """One node of a cache, or a serverless cache in one of its subnets.

    Attributes:
        kind: What it belongs to.
        cache_id: The replication group, cluster or serverless cache that it belongs to.
        id: Its cache cluster id; the name of a serverless cache.
        node_id: Its node id, such as `0001`; empty for a serverless cache.
        engine: `redis`, `valkey` or `memcached`.
        node_type: Its node type; empty for a serverless cache.
        primary: Whether it is the primary of its shard; None where nothing is replicated.
        status: The status of what it belongs to.
        subnet_id: The subnet that holds its network interface, or None outside of a VPC.
        security_group_ids: The security groups of that interface.
        created: When its cache was made.
        logs: The log deliveries of its cache, as its description shows them.
    """

    kind: Kind
    cache_id: str
    id: str
    node_id: str
    engine: str
    node_type: str
    primary: bool | None
    status: str
    subnet_id: str | None
    security_group_ids: tuple[str, ...]
    created: datetime
    logs: tuple[dict[str, Any], ...] = ()


def members(state: RegionState, wanted: Container[str] | None = None) -> Iterator[Member]:
    """Return every node of a region, and each serverless cache once for each of its subnets.

    Args:
        state: The region.
        wanted: The names of caches and cache clusters, when not all are asked for.
    """
    for group in state.part(ReplicationGroups).groups.values():
        yield from _of_group(state, group, wanted)
    for cluster in state.part(CacheClusters).clusters.values():
        if wanted is None or cluster.id in wanted:
            yield from _of_cluster(cluster)
    for cache in state.part(ServerlessCaches).by_name.values():
        if wanted is not None and cache.name not in wanted:
            continue
        for subnet_id in cache.subnet_ids or (None,):
            yield Member(
                "serverless-cache",
                cache.name,
                cache.name,
                "",
                cache.engine,
                "",
                None,
                cache.status,
                subnet_id,
                tuple(cache.security_group_ids),
                cache.created,
            )


def _of_group(state: RegionState, group: ReplicationGroup, wanted: Container[str] | None) -> Iterator[Member]:
    subnets = state.part(SubnetGroups).groups.get(group.subnet_group or "")
    is_whole = wanted is None or group.id in wanted
    for shard in group.shards:
        for node in shard.nodes:
            id = group.member_id(shard, node)
            if not is_whole and wanted is not None and id not in wanted:
                continue
            yield Member(
                "replication-group",
                group.id,
                id,
                "0001",
                group.engine,
                group.node_type,
                node.number == shard.primary,
                group.status,
                subnets.subnet_in(node.zone) if subnets else None,
                tuple(group.security_groups),
                node.created or group.created,
                tuple(group.logs.values()),
            )


def _of_cluster(cluster: CacheCluster) -> Iterator[Member]:
    for number, node in sorted(cluster.nodes.items()):
        yield Member(
            "cache-cluster",
            cluster.id,
            cluster.id,
            f"{number:04}",
            cluster.engine,
            cluster.node_type,
            None,
            cluster.status,
            node.subnet_id,
            tuple(cluster.security_groups),
            node.created,
            tuple(cluster.logs.values()),
        )
