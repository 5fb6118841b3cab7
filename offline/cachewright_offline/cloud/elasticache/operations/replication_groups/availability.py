"""When automatic failover and Multi-AZ are possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import invalid_combination

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import Shard


def check_availability(shards: list[Shard], *, failover: bool, multi_az: bool, cluster_enabled: bool) -> None:
    """Refuse failover and Multi-AZ where there is nothing to fail over to."""
    lone = any(len(shard.nodes) < 2 for shard in shards)
    if failover and lone and not cluster_enabled:
        message = "When using automatic failover, there must be at least 2 cache clusters in the replication group."
        raise invalid_combination(message)
    if multi_az and not failover:
        raise invalid_combination("Must specify automatic failover with Multi-AZ.")
    if multi_az and lone:
        raise invalid_combination("Multi-AZ needs at least one replica in every node group.")
