"""More and fewer shards, with as few slots moved between them as an even spread allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog import slots
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.replication_groups.layout import (
    check_quotas,
    check_shard_quota,
    spread,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import Node, Shard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup


def resharded(
    group: ReplicationGroup,
    count: int,
    removed: list[str] | None,
    retained: list[str] | None,
    configured: list[dict[str, Any]] | None = None,
) -> list[Shard]:
    """Return the shards that a group has after a change of their number; the group stays as it is.

    Args:
        group: The group.
        count: How many shards it is to have.
        removed: The ids of the shards that go, when there shall be fewer.
        retained: The ids of the shards that stay; one of the two is needed then.
        configured: Ids and zones of the new shards, when there shall be more.
    """
    if count < 1:
        raise invalid_value(f"Invalid NodeGroupCount: {count}. Must be at least 1.")
    current = len(group.shards)
    if configured and count <= current:
        raise invalid_combination("ReshardingConfiguration can be given only when node groups are added.")
    if (removed or retained) and count >= current:
        raise invalid_combination("NodeGroupsToRemove and NodeGroupsToRetain are for fewer node groups only.")
    if count == current:
        return _rebalanced(group.shards)
    if count < current:
        return _without(group, count, removed, retained)
    check_shard_quota(count)
    replicas = len(group.shards[0].replicas)
    check_quotas([len(shard.nodes) for shard in group.shards] + [replicas + 1] * (count - current))
    return _rebalanced([*group.shards, *_new_shards(group, count - current, replicas, configured or [])])


def _new_shards(group: ReplicationGroup, added: int, replicas: int, configured: list[dict[str, Any]]) -> list[Shard]:
    if configured and len(configured) != added:
        raise invalid_combination(f"ReshardingConfiguration must describe the {added} new node groups.")
    taken = {shard.number for shard in group.shards}
    new: list[Shard] = []
    for index in range(added):
        one = configured[index] if configured else {}
        number = _number(one.get("NodeGroupId"), taken)
        taken.add(number)
        zones = list(one.get("PreferredAvailabilityZones") or [])
        if zones and len(zones) != replicas + 1:
            message = f"PreferredAvailabilityZones must name {replicas + 1} zones, one for each node of a node group."
            raise invalid_combination(message)
        settings.check_zones(zones, group.vpc_zones)
        while len(zones) < replicas + 1:
            zones.append(spread(group.vpc_zones, number - 1, zones))
        new.append(Shard(number, "", [Node(place + 1, zone) for place, zone in enumerate(zones)]))
    return new


def _number(id: str | None, taken: set[int]) -> int:
    if id is None:
        return max(taken) + 1
    if not (id.isdecimal() and id.isascii() and len(id) <= 4 and int(id) > 0):
        raise invalid_value(f"Invalid NodeGroupId: {id}. Must be 1 to 4 digits.")
    if int(id) in taken:
        raise invalid_value(f"The node group {id} exists already.")
    return int(id)


def _without(group: ReplicationGroup, count: int, removed: list[str] | None, retained: list[str] | None) -> list[Shard]:
    if bool(removed) == bool(retained):
        raise invalid_combination("Either NodeGroupsToRemove or NodeGroupsToRetain must say which node groups go.")
    known = {shard.id for shard in group.shards}
    named = {id.zfill(4) for id in removed or retained or ()}
    if not named <= known:
        raise invalid_value(f"Node group {min(named - known)} not found in {group.id}.")
    gone = named if removed else known - named
    if len(known - gone) != count:
        raise invalid_combination(f"Removing {len(gone)} of {len(known)} node groups does not leave {count}.")
    return _rebalanced([shard for shard in group.shards if shard.id not in gone])


def _rebalanced(shards: list[Shard]) -> list[Shard]:
    """Return shards that hold every slot, evenly."""
    held = spread_evenly([slots.parse(shard.slots) if shard.slots else [] for shard in shards])
    return [
        Shard(shard.number, slots.render(own), shard.nodes, shard.primary)
        for shard, own in zip(shards, held, strict=True)
    ]


def spread_evenly(held: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the slots of each shard after as few moves as give every shard its share of all slots.

    >>> [slots.render(own) for own in spread_evenly([list(range(16384)), []])]
    ['0-8191', '8192-16383']

    Args:
        held: The slots of each shard; what no shard holds comes from shards that are gone.
    """
    total = len(slots.parse(slots.even_slots(1)[0]))
    share, rest = divmod(total, len(held))
    # The few shards that have one slot more are those that hold most: theirs move least.
    richest = sorted(range(len(held)), key=lambda index: (-len(held[index]), index))[:rest]
    wanted = [share + (index in richest) for index in range(len(held))]
    kept = [sorted(own)[: wanted[index]] for index, own in enumerate(held)]
    staying = {slot for own in kept for slot in own}
    free = iter([slot for slot in range(total) if slot not in staying])
    return [own + [next(free) for _ in range(most - len(own))] for own, most in zip(kept, wanted, strict=True)]
