"""ListAllowedNodeTypeModifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import node_types
from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import invalid_combination
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import find, find_member
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright.catalog.node_types import NodeType
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("ListAllowedNodeTypeModifications")
def list_allowed(context: Context, params: Params) -> Result:
    """Name the node types that a cache may be scaled to: larger and smaller ones that run its engine."""
    group_id, cluster_id = params.get("ReplicationGroupId"), params.get("CacheClusterId")
    if bool(group_id) == bool(cluster_id):
        raise invalid_combination("Exactly one of CacheClusterId and ReplicationGroupId must be provided.")
    if cluster_id:
        member = find_member(context, cluster_id)
        group_id = member[0].id if member else None
    if group_id:
        group = find(context, group_id)
        return _modifications(group.node_type, group.engine, group.version)
    cluster = caches.cluster(context, cluster_id or "")
    return _modifications(cluster["CacheNodeType"], cluster["Engine"], cluster["EngineVersion"])


def _modifications(current: str, engine: str, version: str) -> Result:
    here = node_types.find(current)
    others = [one for one in node_types.node_types() if here is not None and _is_reachable(here, one, engine, version)]
    memory = here.memory_gib if here else 0
    return {
        "ScaleUpModifications": sorted(one.name for one in others if one.memory_gib >= memory),
        "ScaleDownModifications": sorted(one.name for one in others if one.memory_gib < memory),
    }


def _is_reachable(here: NodeType, there: NodeType, engine: str, version: str) -> bool:
    return (
        there.name != here.name
        and there.data_tiering == here.data_tiering
        and node_types.compatible(there.name, engine, version) is None
    )
