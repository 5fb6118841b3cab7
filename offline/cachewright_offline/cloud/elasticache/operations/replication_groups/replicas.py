"""Replicas that are added to a shard, or taken from it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.replication_groups import membership, quotas
from cachewright_offline.cloud.elasticache.operations.replication_groups.layout import (
    check_quotas,
    check_replicas,
    spread,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    Node,
    ReplicationGroups,
    available,
    begin,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup, Shard
    from cachewright_offline.cloud.elasticache.registry import Context


def add_replica(context: Context, group_id: str, cluster_id: str, zone: str | None) -> ReplicationGroup:
    """Add a replica that has an id of its own, as CreateCacheCluster with a ReplicationGroupId does.

    Args:
        context: Where the group is.
        group_id: The group, with cluster mode disabled.
        cluster_id: The new cluster's id, checked and free.
        zone: Where the replica is to be; by default where the group has fewest nodes.

    Returns:
        The group; the new cluster is its member of that id.
    """
    group = available(context, group_id)
    if group.cluster_enabled:
        message = f"A replica is added to {group.id} with IncreaseReplicaCount, as its cluster mode is enabled."
        raise invalid_combination(message)
    shard = group.shards[0]
    check_replicas(len(shard.nodes))
    if zone:
        settings.check_zones([zone], group.vpc_zones)
    quotas.check_region(context, 1)
    used = [node.zone for node in shard.nodes]
    zone = zone or spread(group.vpc_zones, 0, used)
    shard.nodes.append(Node(_next_number(shard), zone, cluster_id, context.state.now()))
    context.state.part(ReplicationGroups).note_members(group)
    begin(context, group, "modifying", "replicas", lambda: membership.announce(context, group, [cluster_id]))
    return group


def increase(context: Context, group: ReplicationGroup, wanted: list[tuple[Shard, int, list[str]]]) -> list[str]:
    """Add replicas; return the ids of the new members.

    Args:
        context: Where the group is.
        group: The group.
        wanted: Its shards with the number of replicas that each is to have, and the zones of all its nodes or none.
    """
    for shard, count, zones in wanted:
        _check_zones(group, shard, count, zones)
    more = {shard.number: count + 1 for shard, count, _ in wanted}
    check_quotas([more.get(shard.number, len(shard.nodes)) for shard in group.shards])
    quotas.check_region(context, sum(count + 1 - len(shard.nodes) for shard, count, _ in wanted))
    added = []
    for shard, count, zones in wanted:
        fresh = _left_over(zones, [node.zone for node in shard.nodes])
        while len(shard.nodes) < count + 1:
            used = [node.zone for node in shard.nodes]
            zone = fresh.pop(0) if fresh else spread(group.vpc_zones, shard.number - 1, used)
            node = Node(_free_number(context, group, shard), zone, created=context.state.now())
            shard.nodes.append(node)
            shard.nodes.sort(key=lambda one: one.number)
            added.append(group.member_id(shard, node))
    context.state.part(ReplicationGroups).note_members(group)
    return added


def decrease(
    context: Context, group: ReplicationGroup, wanted: list[tuple[Shard, int, list[str]]], named: list[str]
) -> list[str]:
    """Take replicas away, the named ones first, then those that came last; return the ids of the former members."""
    leaving = [(shard, _leaving(group, shard, count, zones, named)) for shard, count, zones in wanted]
    gone = [group.member_id(shard, node) for shard, nodes in leaving for node in nodes]
    spared = set(named) - set(gone)
    if spared:
        message = f"{min(spared)} cannot be removed: its node group keeps as many replicas as it has."
        raise invalid_combination(message)
    for shard, nodes in leaving:
        shard.nodes = [node for node in shard.nodes if node not in nodes]
    context.state.part(ReplicationGroups).note_members(group)
    return gone


def _leaving(group: ReplicationGroup, shard: Shard, count: int, zones: list[str], named: list[str]) -> list[Node]:
    _check_zones(group, shard, count, zones)
    first = [node for node in shard.replicas if group.member_id(shard, node) in named]
    surplus = len(shard.replicas) - count
    if len(first) > surplus:
        message = f"Removing {len(first)} replicas from node group {shard.id} does not leave {count}."
        raise invalid_combination(message)
    others = [node for node in reversed(shard.replicas) if node not in first]
    # Of the rest, those go that are not where a node is wanted.
    kept = _left_over(zones, [shard.primary_node.zone])
    others.sort(key=lambda node: node.zone in kept)
    return [*first, *others][:surplus]


def _check_zones(group: ReplicationGroup, shard: Shard, count: int, zones: list[str]) -> None:
    if not zones:
        return
    if len(zones) != count + 1:
        message = (
            f"PreferredAvailabilityZones must name {count + 1} zones for node group {shard.id}, the primary's too."
        )
        raise invalid_value(message)
    settings.check_zones(zones, group.vpc_zones)


def _left_over(zones: list[str], used: list[str]) -> list[str]:
    """Return the zones for which there is no node yet, each as often as it is named."""
    left = list(zones)
    for zone in used:
        if zone in left:
            left.remove(zone)
    return left


def _next_number(shard: Shard) -> int:
    return next(_numbers(shard))


def _free_number(context: Context, group: ReplicationGroup, shard: Shard) -> int:
    """Return the number of a new node, after which no other cluster is called."""
    return next(
        number
        for number in _numbers(shard)
        if membership.is_free(context, group.member_id(shard, Node(number, zone="")))
    )


def _numbers(shard: Shard) -> Iterator[int]:
    """Return the numbers that no node of a shard has."""
    taken = {node.number for node in shard.nodes}
    return (number for number in itertools.count(1) if number not in taken)
