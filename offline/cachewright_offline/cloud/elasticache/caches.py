"""Replication groups and clusters as snapshots, tags and updates see them: by the operations that describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_offline.cloud.elasticache.registry import operations

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context

Description = dict[str, Any]


def replication_group(context: Context, replication_group_id: str) -> Description:
    """Return a replication group, or raise ReplicationGroupNotFoundFault."""
    found: Description = _describe(context, "DescribeReplicationGroups", ReplicationGroupId=replication_group_id)[
        "ReplicationGroups"
    ][0]
    return found


def cluster(context: Context, cache_cluster_id: str) -> Description:
    """Return a cluster with its nodes, or raise CacheClusterNotFound."""
    found: Description = _describe(
        context, "DescribeCacheClusters", CacheClusterId=cache_cluster_id, ShowCacheNodeInfo=True
    )["CacheClusters"][0]
    return found


def vpc_of_subnet_group(context: Context, name: str | None) -> str | None:
    """Return the VPC that a cache in this subnet group is in."""
    if name is None:
        return None
    groups = _describe(context, "DescribeCacheSubnetGroups", CacheSubnetGroupName=name)["CacheSubnetGroups"]
    vpc_id: str = groups[0]["VpcId"]
    return vpc_id


def _describe(context: Context, action: str, **params: Any) -> Description:
    return operations()[action](context, {name: value for name, value in params.items() if value is not None})
