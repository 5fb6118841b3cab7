"""Caches that exist already."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = {
    "aws:elasticache/getCluster:getCluster": "elasticache_get_cluster",
    "aws:elasticache/getReplicationGroup:getReplicationGroup": "elasticache_get_replication_group",
    "aws:elasticache/getServerlessCache:getServerlessCache": "elasticache_get_serverless_cache",
    "aws:elasticache/getSubnetGroup:getSubnetGroup": "elasticache_get_subnet_group",
    "aws:elasticache/getUser:getUser": "elasticache_get_user",
}
