"""FailoverGlobalReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import invalid_value
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    available,
    begin,
    each_member,
    tell,
)
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("FailoverGlobalReplicationGroup")
def failover(context: Context, params: Params) -> Result:
    """Make a secondary the primary."""
    group = available(context, params["GlobalReplicationGroupId"])
    region, id = params["PrimaryRegion"], params["PrimaryReplicationGroupId"].lower()
    if group.members.get(region) != id:
        raise invalid_value(f"{id} in {region} is no member of {group.id}.")
    if region == group.primary_region:
        raise invalid_value(f"{id} is the primary of {group.id} already.")

    def finish() -> None:
        old = f"{group.members[group.primary_region]} in {group.primary_region}"
        group.primary_region = region
        for there, member in each_member(context, group):
            member.global_role = group.role(there.region)
            message = f"Failover of global datastore {group.id} from {old} to {id} in {region} completed"
            tell(there, member.id, message)

    group.status = "modifying"
    begin(context, group, "failover", finish)
    return {"GlobalReplicationGroup": shown(context, group)}
