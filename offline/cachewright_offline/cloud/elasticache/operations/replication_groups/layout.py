"""How a new replication group is laid out: its cluster mode, its shards, and where their nodes are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import features, slots
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import Node, Shard

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.replication_groups.seeding import Seed
    from cachewright_offline.cloud.elasticache.registry import Context, Params

CLUSTER_MODES: Final = ("enabled", "disabled", "compatible")
_NODE_GROUP_ID: Final = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a request for a new group says about its shape."""

    cluster_mode: str
    parameter_group: str
    shards: list[Shard]


def chosen(context: Context, params: Params, version: EngineVersion, zones: tuple[str, ...], seed: Seed) -> Layout:
    """Return the layout that a request asks for; where it says nothing, that of the snapshot it restores."""
    configured: list[dict[str, Any]] = params.get("NodeGroupConfiguration") or []
    replicas = _replicas(params)
    sharded = seed.cluster_enabled and params.get("NumCacheClusters") is None
    count = params.get("NumNodeGroups")
    if count is None:
        count = len(configured) or (seed.shards if sharded else 1)
    mode, group = _cluster_mode(context, params, version, count, sharded=sharded)
    if mode != "enabled" and count > 1:
        raise invalid_combination("Number of node groups must be 1 when cluster mode is disabled.")
    # Before anything is made of them: a request can name billions.
    check_shard_quota(count)
    preferred: list[str] = params.get("PreferredCacheClusterAZs") or []
    _check_preferred(preferred, configured, count, replicas, zones)
    shards = _shards(count, replicas, zones, preferred, configured)
    if mode != "enabled" and params.get("NumCacheClusters") not in {None, len(shards[0].nodes)}:
        raise invalid_combination("NumCacheClusters and the ReplicaCount of NodeGroupConfiguration do not agree.")
    check_quotas([len(shard.nodes) for shard in shards])
    return Layout(mode, group, shards)


def _replicas(params: Params) -> int:
    nodes, groups, replicas = (
        params.get(name) for name in ("NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup")
    )
    if nodes is not None and (replicas is not None or (groups is not None and groups > 1)):
        raise invalid_combination("NumCacheClusters cannot be given with NumNodeGroups or ReplicasPerNodeGroup.")
    if groups is not None and groups < 1:
        raise invalid_value(f"Invalid NumNodeGroups: {groups}. Must be at least 1.")
    most = limit("replicas_per_shard")
    if nodes is not None and not 1 <= nodes <= most + 1:
        raise invalid_value(f"Invalid NumCacheClusters: {nodes}. Must be between 1 and {most + 1}.")
    count: int = nodes - 1 if nodes is not None else replicas or 0
    check_replicas(count)
    return count


def check_replicas(replicas: int) -> None:
    """Refuse a number of replicas that no shard may have."""
    most = limit("replicas_per_shard")
    if not 0 <= replicas <= most:
        raise invalid_value(f"The number of replicas per node group must be within 0 and {most}.")


def _cluster_mode(
    context: Context, params: Params, version: EngineVersion, count: int, *, sharded: bool
) -> tuple[str, str]:
    """Return the cluster mode and the name of the parameter group: either may say that there are shards."""
    name, wanted = params.get("CacheParameterGroupName"), params.get("ClusterMode")
    if wanted not in {None, *CLUSTER_MODES}:
        raise invalid_value(f"Invalid ClusterMode: {wanted}. Must be one of: {', '.join(CLUSTER_MODES)}.")
    enabled = wanted in {"enabled", "compatible"} or (wanted is None and (sharded or count > 1))
    group = settings.parameter_group(context, name or None, version, cluster_enabled=enabled)
    if wanted == "compatible":
        check_compatible_mode(version.engine, version.version)
    elif wanted is not None and (wanted == "enabled") != group.cluster_enabled:
        raise invalid_combination(f"ClusterMode {wanted} does not fit the parameter group {group.name}.")
    return wanted or ("enabled" if group.cluster_enabled else "disabled"), group.name


def check_compatible_mode(engine: str, version: str) -> None:
    """Refuse the mode between disabled and enabled for a version that does not have it."""
    if not features.supports(engine, version, "cluster_mode_compatible"):
        raise invalid_combination("Cluster mode compatible is not supported by this engine version.")


def check_shard_quota(shards: int) -> None:
    """Refuse more shards than an account may have in one cluster."""
    # As many nodes as the quota allows may each be a shard of their own.
    most = limit("nodes_per_cluster_default")
    if shards > most:
        message = f"The request cannot be processed because it would exceed the {most} node groups of a single cluster."
        raise fault("NodeGroupsPerReplicationGroupQuotaExceededFault", message)


def check_quotas(nodes: list[int]) -> None:
    """Refuse more shards, or more nodes in all of them, than an account may have in one cluster.

    Args:
        nodes: How many nodes each shard is to have.
    """
    check_shard_quota(len(nodes))
    most = limit("nodes_per_cluster_default")
    if sum(nodes) > most:
        message = f"The request cannot be processed because it would exceed the {most} nodes of a single cluster."
        raise fault("NodeQuotaForClusterExceededFault", message)


def _check_preferred(
    preferred: list[str], configured: list[dict[str, Any]], count: int, replicas: int, zones: tuple[str, ...]
) -> None:
    if not preferred:
        return
    if count > 1:
        raise invalid_combination("PreferredCacheClusterAZs can only be specified for one node group.")
    if configured:
        raise invalid_combination("PreferredCacheClusterAZs and NodeGroupConfiguration cannot be given together.")
    if len(preferred) != replicas + 1:
        raise invalid_combination("PreferredCacheClusterAZs must name one zone for each cluster.")
    settings.check_zones(preferred, zones)


def _shards(
    count: int, replicas: int, zones: tuple[str, ...], preferred: list[str], configured: list[dict[str, Any]]
) -> list[Shard]:
    if not configured:
        return [
            Shard(index + 1, own, spread_nodes(index, replicas, zones, preferred))
            for index, own in enumerate(slots.even_slots(count))
        ]
    if len(configured) != count:
        raise invalid_combination("NodeGroupConfiguration must describe every node group.")
    numbers = _numbers(configured)
    ranges = _given_slots(configured) or slots.even_slots(count)
    made = [
        Shard(numbers[index], ranges[index], configured_nodes(index, one, replicas, zones))
        for index, one in enumerate(configured)
    ]
    return sorted(made, key=lambda shard: shard.number)


def _numbers(configured: list[dict[str, Any]]) -> list[int]:
    """Return the number of each node group: what its id says, or the next free one."""
    given = [one.get("NodeGroupId") for one in configured]
    for id in given:
        if id is not None and (not _NODE_GROUP_ID.fullmatch(id) or int(id) == 0):
            raise invalid_value(f"Invalid NodeGroupId: {id}. Must be 1 to 4 digits.")
    taken = [int(id) for id in given if id is not None]
    if len(set(taken)) != len(taken):
        raise invalid_value("Each NodeGroupId must be given once.")
    free = (number for number in range(1, len(configured) + len(taken) + 1) if number not in taken)
    return [int(id) if id is not None else next(free) for id in given]


def _given_slots(configured: list[dict[str, Any]]) -> tuple[str, ...]:
    given = [one.get("Slots") for one in configured]
    if not any(given):
        return ()
    if not all(given):
        raise invalid_combination("Slots must be given for every node group, or for none.")
    ranges = [str(one) for one in given]
    problem = slots.cover_problem(ranges)
    if problem:
        raise invalid_value(f"The slots of the node groups {problem}")
    return tuple(slots.render(slots.parse(one)) for one in ranges)


def configured_nodes(index: int, one: dict[str, Any], replicas: int, zones: tuple[str, ...]) -> list[Node]:
    """Return a shard's nodes as one of NodeGroupConfiguration describes them."""
    for name in ("PrimaryOutpostArn", "ReplicaOutpostArns"):
        if one.get(name):
            raise invalid_value(f"{name} is given, but there is no Outpost in this account.")
    own = replicas if one.get("ReplicaCount") is None else one["ReplicaCount"]
    check_replicas(own)
    primary, others = one.get("PrimaryAvailabilityZone"), one.get("ReplicaAvailabilityZones") or []
    if others and len(others) != own:
        raise invalid_combination(f"ReplicaAvailabilityZones must name {own} zones, one for each replica.")
    settings.check_zones([*([primary] if primary else []), *others], zones)
    if others:
        return [
            Node(number + 1, zone) for number, zone in enumerate([primary or spread(zones, index, others), *others])
        ]
    return spread_nodes(index, own, zones, [primary] if primary else [])


def spread_nodes(shard: int, replicas: int, zones: tuple[str, ...], chosen: list[str]) -> list[Node]:
    """Return a shard's nodes in the zones that were asked for, and then spread over the others."""
    placed = list(chosen[: replicas + 1])
    while len(placed) < replicas + 1:
        placed.append(spread(zones, shard, placed))
    return [Node(number + 1, zone) for number, zone in enumerate(placed)]


def spread(zones: tuple[str, ...], shard: int, used: list[str]) -> str:
    """Return the zone for one more node: the one that a shard uses least, beginning with another in each shard."""
    turned = zones[shard % len(zones) :] + zones[: shard % len(zones)] if zones else ("",)
    return min(turned, key=used.count)
