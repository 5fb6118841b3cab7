"""Adding nodes to a Memcached cluster and removing them from it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import settings, zone_choice
from cachewright_offline.cloud.elasticache.faults import invalid_combination
from cachewright_offline.cloud.elasticache.operations import subnet_groups
from cachewright_offline.cloud.elasticache.operations.cache_cluster_creation import (
    check_count,
    check_region_quota,
    placed,
)
from cachewright_offline.cloud.elasticache.operations.cache_cluster_reboots import node_numbers

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster, CacheNode
    from cachewright_offline.cloud.elasticache.registry import Context, Params


def changed_az_mode(cluster: CacheCluster, params: Params) -> str | None:
    """Return the AZMode that a request changes a cluster to, if any."""
    nodes = _requested(cluster)
    wanted = zone_choice.mode(params, cluster.engine, params.get("NumCacheNodes") or len(nodes))
    zones = {node.zone for node in nodes.values()}
    if wanted == "single-az" and len(zones) > 1:
        raise invalid_combination(
            f"AZMode of 'single-az' is not possible: {cluster.id} has nodes in {', '.join(sorted(zones))}."
        )
    return wanted


def changed_nodes(context: Context, cluster: CacheCluster, params: Params, az_mode: str) -> dict[int, CacheNode] | None:
    """Return the nodes that a request leaves a cluster with; None when it does not speak of their number.

    The number that a request names counts from the nodes that there are and those that are pending. As many as there
    are cancels what is pending; a new removal replaces what is pending, and so does an addition after a removal; an
    addition after an addition adds to it.
    """
    count, removed, zones = (
        params.get(name) for name in ("NumCacheNodes", "CacheNodeIdsToRemove", "NewAvailabilityZones")
    )
    if count is None:
        if removed or zones:
            raise invalid_combination("CacheNodeIdsToRemove and NewAvailabilityZones need NumCacheNodes.")
        return None
    check_count(cluster.engine, count)
    requested = _requested(cluster)
    if count == len(cluster.nodes) or count == len(requested):
        if removed or zones:
            raise invalid_combination(f"NumCacheNodes of {count} neither adds cache nodes nor removes any.")
        return dict(cluster.nodes) if count == len(cluster.nodes) else requested
    if count < len(requested):
        if zones:
            raise invalid_combination("NewAvailabilityZones cannot be given when cache nodes are removed.")
        return _fewer(requested, count, removed or [])
    if removed:
        raise invalid_combination("CacheNodeIdsToRemove cannot be given when cache nodes are added.")
    return _more(context, cluster, requested, count, zones or [], az_mode)


def _requested(cluster: CacheCluster) -> dict[int, CacheNode]:
    """Return the nodes that there are with those that are being added; a pending removal may yet be replaced."""
    return {**cluster.nodes, **cluster.pending.get("nodes", {})}


def _fewer(nodes: dict[int, CacheNode], count: int, removed: list[str]) -> dict[int, CacheNode]:
    if len(removed) != len(nodes) - count:
        raise invalid_combination(
            f"CacheNodeIdsToRemove must name {len(nodes) - count} cache nodes to leave {count} of {len(nodes)}."
        )
    numbers = node_numbers(removed, nodes)
    return {number: node for number, node in nodes.items() if number not in numbers}


def _more(
    context: Context, cluster: CacheCluster, nodes: dict[int, CacheNode], count: int, named: list[str], az_mode: str
) -> dict[int, CacheNode]:
    added = count - len(nodes)
    check_region_quota(context, count - len(cluster.nodes))
    subnets = subnet_groups.find(context, cluster.subnet_group) if cluster.subnet_group else None
    available = settings.zones(context, subnets)
    if named and len(named) != added:
        raise invalid_combination(f"NewAvailabilityZones must name {added} zones, one for each new cache node.")
    settings.check_zones(named, available)
    existing = [node.zone for node in nodes.values()]
    if named and az_mode == "single-az" and len({*existing, *named}) > 1:
        raise invalid_combination("Cache nodes in another availability zone need AZMode of 'cross-az'.")
    zones = named or zone_choice.of_added_nodes(az_mode, existing, added, available)
    free = (number for number in itertools.count(1) if number not in nodes)
    return {**nodes, **{number: placed(subnets, zone, context) for number, zone in zip(free, zones, strict=False)}}
