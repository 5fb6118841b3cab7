"""Shards of a global datastore: more, fewer, or the same with their slots spread evenly, in every member at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    available,
    begin,
    each_member,
    primary_of,
)
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.refusals import (
    check_immediate,
    invalid_values_only,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    ReplicationGroups,
    membership,
    quotas,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.resharding import resharded
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
        GlobalReplicationGroup,
    )
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup, Shard
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("IncreaseNodeGroupsInGlobalReplicationGroup")
def increase_node_groups(context: Context, params: Params) -> Result:
    """Add shards to all members, in each region in the zones that are asked for."""
    group = available(context, params["GlobalReplicationGroupId"])
    with invalid_values_only():
        check_immediate(params)
        configured = _by_region(group, params.get("RegionalConfigurations") or [])
        count, current = params["NodeGroupCount"], _current(context, group)
        if count <= current:
            raise invalid_value(f"Invalid NodeGroupCount: {count}. There are {current} node groups.")
        wanted = [
            (there, member, resharded(member, count, None, None, configured.get(there.region)))
            for there, member in each_member(context, group)
        ]
    return _reshard(context, group, wanted)


@operation("DecreaseNodeGroupsInGlobalReplicationGroup")
def decrease_node_groups(context: Context, params: Params) -> Result:
    """Remove shards from all members."""
    group = available(context, params["GlobalReplicationGroupId"])
    check_immediate(params)
    count, current = params["NodeGroupCount"], _current(context, group)
    if not 1 <= count < current:
        raise invalid_value(f"Invalid NodeGroupCount: {count}. There are {current} node groups.")
    removed = _local_ids(group, params.get("GlobalNodeGroupsToRemove") or [])
    retained = _local_ids(group, params.get("GlobalNodeGroupsToRetain") or [])
    wanted = [
        (there, member, resharded(member, count, removed or None, retained or None))
        for there, member in each_member(context, group)
    ]
    return _reshard(context, group, wanted)


@operation("RebalanceSlotsInGlobalReplicationGroup")
def rebalance(context: Context, params: Params) -> Result:
    """Spread the slots evenly over the shards that there are, and move as few as that takes."""
    group = available(context, params["GlobalReplicationGroupId"])
    with invalid_values_only():
        check_immediate(params)
        if not primary_of(context, group)[1].cluster_enabled:
            raise invalid_value("Rebalancing slots needs cluster mode to be enabled.")
        wanted = [
            (there, member, resharded(member, len(member.shards), None, None))
            for there, member in each_member(context, group)
        ]
    return _reshard(context, group, wanted)


def _current(context: Context, group: GlobalReplicationGroup) -> int:
    _, primary = primary_of(context, group)
    if not primary.cluster_enabled:
        raise invalid_value("Resharding needs cluster mode to be enabled.")
    return len(primary.shards)


def _by_region(group: GlobalReplicationGroup, given: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return what a request says about the new shards of each region."""
    by_region: dict[str, list[dict[str, Any]]] = {}
    for one in given:
        region, id = one["ReplicationGroupRegion"], one["ReplicationGroupId"].lower()
        if group.members.get(region) != id:
            raise invalid_value(f"{id} in {region} is no member of {group.id}.")
        if region in by_region:
            raise invalid_value(f"RegionalConfigurations must name {region} once.")
        by_region[region] = one["ReshardingConfiguration"]
    numbers = {tuple(one.get("NodeGroupId") for one in configured) for configured in by_region.values() if configured}
    if len(numbers) > 1:
        raise invalid_value("RegionalConfigurations must give the same NodeGroupIds in every region.")
    ids = [{"NodeGroupId": id} for id in next(iter(numbers), ()) if id]
    # A shard has one id in all regions, those that the request says nothing of included.
    return {region: by_region.get(region) or ids for region in group.members}


def _local_ids(group: GlobalReplicationGroup, given: list[str]) -> list[str]:
    """Return the ids of shards in their members: what answers call `ldgnf-name-0001` is `0001` there."""
    return [one.lower().removeprefix(f"{group.id}-") for one in given]


def _reshard(
    context: Context, group: GlobalReplicationGroup, wanted: list[tuple[Context, ReplicationGroup, list[Shard]]]
) -> Result:
    for there, member, shards in wanted:
        added = sum(len(shard.nodes) for shard in shards) - len(member.member_ids())
        quotas.check_region(there, max(0, added))

    def finish() -> None:
        for there, member, shards in wanted:
            before = member.member_ids()
            member.shards = shards
            there.state.part(ReplicationGroups).note_members(member)
            after = member.member_ids()
            for shard, node in member.members():
                if member.member_id(shard, node) not in before:
                    node.created = there.state.now()
            membership.announce(there, member, [id for id in after if id not in before])
            membership.bid_farewell(there, [id for id in before if id not in after])

    group.status = "modifying"
    begin(context, group, "modify", finish)
    return {"GlobalReplicationGroup": shown(context, group)}
