"""DescribeGlobalReplicationGroups, and a global datastore as every answer shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache.operations import replication_groups
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    arn,
    find,
    primary_of,
    visible,
)
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
        GlobalReplicationGroup,
    )
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DescribeGlobalReplicationGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one global datastore, or all that have to do with this region."""
    members = bool(params.get("ShowMemberInfo"))
    id = params.get("GlobalReplicationGroupId")
    if id:
        return {"GlobalReplicationGroups": [shown(context, find(context, id), members=members)]}
    found, marker = page(visible(context), params, lambda one: one.id)
    return {"GlobalReplicationGroups": [shown(context, one, members=members) for one in found], "Marker": marker}


def shown(context: Context, group: GlobalReplicationGroup, *, members: bool = True) -> Result:
    """Return a global datastore as answers show it."""
    _, primary = primary_of(context, group)
    return {
        "GlobalReplicationGroupId": group.id,
        "GlobalReplicationGroupDescription": group.description,
        "Status": group.status,
        "CacheNodeType": primary.node_type,
        "Engine": primary.engine,
        "EngineVersion": engine_versions.actual_version(primary.engine, primary.version),
        "Members": [_member(context, group, region) for region in group.members] if members else None,
        "ClusterEnabled": primary.cluster_enabled,
        "GlobalNodeGroups": [
            {"GlobalNodeGroupId": f"{group.id}-{shard.id}", "Slots": shard.slots} for shard in primary.shards
        ]
        if primary.cluster_enabled
        else [],
        "AuthTokenEnabled": primary.auth_token,
        "TransitEncryptionEnabled": primary.tls,
        "AtRestEncryptionEnabled": primary.at_rest,
        "ARN": arn(context, group),
    }


def _member(context: Context, group: GlobalReplicationGroup, region: str) -> Result:
    member = replication_groups.find(context.in_region(region), group.members[region])
    status = "associating" if region in group.joining else "associated"
    return {
        "ReplicationGroupId": member.id,
        "ReplicationGroupRegion": region,
        "Role": group.role(region),
        "AutomaticFailover": "enabled" if member.automatic_failover else "disabled",
        "Status": "disassociating" if region in group.leaving else status,
    }
