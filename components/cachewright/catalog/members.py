"""The ids of a replication group's nodes, as AWS gives them."""

from __future__ import annotations


def member_ids(replication_group_id: str, *, cluster_mode: bool, shards: int, replicas: int) -> tuple[str, ...]:
    """Return the cache cluster ids of a replication group's nodes.

    They are what CloudWatch's `CacheClusterId` dimension holds. Source: AWS's user guide, "Monitoring use with
    CloudWatch Metrics", and the ids of DescribeReplicationGroups.

    >>> member_ids("main", cluster_mode=False, shards=1, replicas=1)
    ('main-001', 'main-002')
    >>> member_ids("main", cluster_mode=True, shards=2, replicas=0)
    ('main-0001-001', 'main-0002-001')
    """
    nodes = range(1, replicas + 2)
    if not cluster_mode:
        return tuple(f"{replication_group_id}-{node:03}" for node in nodes)
    return tuple(f"{replication_group_id}-{shard:04}-{node:03}" for shard in range(1, shards + 1) for node in nodes)
