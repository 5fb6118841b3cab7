"""The ids of a replication group's nodes, as AWS gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def member_ids(replication_group_id: str, *, cluster_mode: bool, replicas: Mapping[str, int]) -> tuple[str, ...]:
    """Return the cache cluster ids of a replication group's nodes.

    They are what CloudWatch's `CacheClusterId` dimension holds. Source: AWS's user guide, "Monitoring use with
    CloudWatch Metrics", and the ids of DescribeReplicationGroups.

    Args:
        replication_group_id: The replication group's id.
        cluster_mode: Whether the shard is part of the ids.
        replicas: How many replicas each shard has, by the shard's id.

    >>> member_ids("main", cluster_mode=False, replicas={"0001": 1})
    ('main-001', 'main-002')
    >>> member_ids("main", cluster_mode=True, replicas={"0001": 0, "0002": 1})
    ('main-0001-001', 'main-0002-001', 'main-0002-002')
    """
    return tuple(
        f"{replication_group_id}-{shard}-{node:03}" if cluster_mode else f"{replication_group_id}-{node:03}"
        for shard, count in replicas.items()
        for node in range(1, count + 2)
    )
