"""DisassociateGlobalReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import replication_groups
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    available,
    begin,
    tell,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DisassociateGlobalReplicationGroup")
def disassociate(context: Context, params: Params) -> Result:
    """Let a secondary go; it stays as a replication group of its own."""
    group = available(context, params["GlobalReplicationGroupId"])
    region, id = params["ReplicationGroupRegion"], params["ReplicationGroupId"].lower()
    if group.members.get(region) != id:
        raise invalid_value(f"{id} in {region} is no member of {group.id}.")
    if region == group.primary_region:
        raise invalid_combination(f"{id} is the primary of {group.id}, which cannot be disassociated.")
    there = context.in_region(region)

    def finish() -> None:
        member = replication_groups.find(there, id)
        member.global_id = member.global_role = None
        del group.members[region]
        tell(there, id, f"Replication group {id} was disassociated from global datastore {group.id}")

    group.status = "modifying"
    group.leaving.append(region)
    begin(context, group, "modify", finish)
    return {"GlobalReplicationGroup": shown(context, group)}
