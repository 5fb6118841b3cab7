"""The host names of a replication group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import region_code

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
        Node,
        ReplicationGroup,
        Shard,
    )
    from cachewright_offline.cloud.elasticache.registry import Context, Result


def configuration(context: Context, group: ReplicationGroup) -> Result:
    """Return where clients of the cluster protocol begin."""
    host = f"clustercfg.{group.id}.{_domain(context)}" if group.tls else f"{group.id}.{_domain(context, 'clustercfg')}"
    return {"Address": host, "Port": group.port}


def primary(context: Context, group: ReplicationGroup) -> Result:
    """Return the name that always leads to the primary."""
    host = f"master.{group.id}.{_domain(context)}" if group.tls else f"{group.id}.{_domain(context, 'ng.0001')}"
    return {"Address": host, "Port": group.port}


def reader(context: Context, group: ReplicationGroup) -> Result:
    """Return the name that leads to the replicas in turn."""
    host = f"replica.{group.id}.{_domain(context)}" if group.tls else f"{group.id}-ro.{_domain(context, 'ng.0001')}"
    return {"Address": host, "Port": group.port}


def node_host(context: Context, group: ReplicationGroup, shard: Shard, node: Node) -> str:
    """Return the host name of one node."""
    member = group.member_id(shard, node)
    if group.tls:
        return f"{member}.{group.id}.{_domain(context)}"
    return f"{member}.{_domain(context, shard.id)}"


def _domain(context: Context, middle: str = "") -> str:
    hash_and_middle = f"{context.state.endpoint_hash()}.{middle}" if middle else context.state.endpoint_hash()
    return f"{hash_and_middle}.{region_code.domain(context.region)}"
