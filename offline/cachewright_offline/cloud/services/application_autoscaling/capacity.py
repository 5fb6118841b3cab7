"""How much there is of what a scalable dimension counts, how much there may be, and how it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import node_types
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.registry import Context, operations

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.caches import Description

NODES: Final = "elasticache:cache-cluster:Nodes"
NODE_GROUPS: Final = "elasticache:replication-group:NodeGroups"
REPLICAS: Final = "elasticache:replication-group:Replicas"
DIMENSIONS: Final = (NODES, NODE_GROUPS, REPLICAS)


def context_of(account_id: str, region: str) -> Context | None:
    """Return ElastiCache as Application Auto Scaling calls it, or None in a region that does not exist."""
    from cachewright_offline.cloud import carrier

    state = carrier.elasticache_state(account_id, region)
    return None if state is None else Context(account_id, region, state)


def described(context: Context, resource_id: str) -> Description:
    """Return the cache of a resource id such as `replication-group/main`.

    Raises:
        Fault: It does not exist.
    """
    kind, _, name = resource_id.partition("/")
    return caches.replication_group(context, name) if kind == "replication-group" else caches.cluster(context, name)


def problem(cache: Description, dimension: str) -> str | None:
    """Return why a cache cannot be scaled in a dimension, or None."""
    if dimension == NODES:
        return None
    if cache["ClusterMode"] != "enabled":
        return "Auto scaling is only supported for replication groups with cluster mode enabled."
    if (cache.get("GlobalReplicationGroupInfo") or {}).get("GlobalReplicationGroupId"):
        return "Auto scaling is not supported for members of a global datastore."
    node_type = node_types.find(cache["CacheNodeType"])
    if node_type is not None and not node_type.autoscaling:
        return f"Auto scaling is not supported for the node type {node_type.name}."
    return None


def bounds(dimension: str) -> tuple[int, int]:
    """Return the least and the most that AWS allows in a dimension."""
    most = {
        NODES: limit("memcached_nodes_maximum"),
        NODE_GROUPS: limit("shards_per_cluster"),
        REPLICAS: limit("replicas_per_shard"),
    }
    return 1, most[dimension]


def current(cache: Description, dimension: str) -> int:
    """Return how much there is now."""
    if dimension == NODES:
        return int(cache["NumCacheNodes"])
    groups = cache["NodeGroups"]
    return len(groups) if dimension == NODE_GROUPS else max(len(one["NodeGroupMembers"]) for one in groups) - 1


def change(context: Context, cache: Description, dimension: str, wanted: int) -> None:
    """Have ElastiCache change it.

    Raises:
        Fault: ElastiCache refuses.
    """
    have = current(cache, dimension)
    params: dict[str, Any] = {"ApplyImmediately": True}
    if dimension == REPLICAS:
        action = "IncreaseReplicaCount" if wanted > have else "DecreaseReplicaCount"
        params |= {"ReplicationGroupId": cache["ReplicationGroupId"], "NewReplicaCount": wanted}
    elif dimension == NODE_GROUPS:
        action = "ModifyReplicationGroupShardConfiguration"
        params |= {"ReplicationGroupId": cache["ReplicationGroupId"], "NodeGroupCount": wanted}
        if wanted < have:
            params["NodeGroupsToRemove"] = [one["NodeGroupId"] for one in cache["NodeGroups"]][wanted:]
    else:
        action = "ModifyCacheCluster"
        params |= {"CacheClusterId": cache["CacheClusterId"], "NumCacheNodes": wanted}
        if wanted < have:
            params["CacheNodeIdsToRemove"] = [one["CacheNodeId"] for one in cache["CacheNodes"]][wanted:]
    operations()[action](context, params)
