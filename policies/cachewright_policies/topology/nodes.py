"""How many nodes a cache has, and what they are called at AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cachewright_policies.cache import Cache
from cachewright_policies.tokens import (
    AUTOSCALING_TARGET,
    CLUSTER,
    PARAMETER_GROUP,
    REPLICATION_GROUP,
    SERVERLESS_CACHE,
)
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from cachewright_policies.graph import Graph, Resource

_CLUSTER_DEFAULT_GROUP = ".cluster.on"


class Shape(NamedTuple):
    """The nodes of a cache.

    Attributes:
        shards: How many shards; 1 where there are none.
        nodes_per_shard: How many nodes the largest shard has, the primary among them.
        total: How many nodes there are in all.
    """

    shards: int
    nodes_per_shard: int
    total: int


def shape(cache: Resource) -> Shape:
    """Return the nodes of a replication group or a cluster.

    Raises:
        UnknownValueError: A number is not known yet.
    """
    if cache.type == CLUSTER:
        nodes = int(cache.number("numCacheNodes", 1) or 1)
        return Shape(1, nodes, nodes)
    configured = list(cache.objects("nodeGroupConfigurations"))
    if cache.is_set("numNodeGroups") or configured or cache.is_set("replicasPerNodeGroup"):
        shards = int(cache.number("numNodeGroups", len(configured)) or 1)
        replicas = int(cache.number("replicasPerNodeGroup", 0) or 0)
        own = [int(one.number("replicaCount", replicas) or 0) for one in configured]
        counts = [*own, *[replicas] * (shards - len(own))]
        return Shape(shards, max(counts) + 1, sum(counts) + len(counts))
    nodes = int(cache.number("numCacheClusters", 1) or 1)
    return Shape(1, nodes, nodes)


def has_shape(cache: Resource) -> bool:
    """Tell whether a cache's own inputs say how many nodes it has: a secondary's shards are its primary's."""
    return not Cache(cache).is_secondary


def cluster_mode(graph: Graph, group: Resource) -> bool | None:
    """Return whether a replication group's nodes are named by shard; None where the stack does not tell."""
    return graph.remember(("cluster mode", group.urn), lambda: _cluster_mode(graph, group))


def _cluster_mode(graph: Graph, group: Resource) -> bool | None:
    try:
        mode = group.text("clusterMode").lower()
        if mode:
            return None if mode == "compatible" else mode == "enabled"
        if has_shape(group) and shape(group).shards > 1:
            return True
    except UnknownValueError:
        return None
    groups = graph.references(group, "parameterGroupName", PARAMETER_GROUP)
    if any(name.endswith(_CLUSTER_DEFAULT_GROUP) for name in groups.literals):
        return True
    for parameters in groups.resources:
        try:
            return any(
                one.text("name") == "cluster-enabled" and one.text("value") == "yes"
                for one in parameters.objects("parameters")
            )
        except UnknownValueError:
            return None
    stands_alone = not group.is_set("parameterGroupName") or all(one.startswith("default.") for one in groups.literals)
    return False if stands_alone and groups.complete and not Cache(group).is_secondary else None


def is_scaled(graph: Graph, group: Resource) -> bool:
    """Tell whether Application Auto Scaling changes the number of a group's nodes."""
    if any(True for _ in graph.users(group, AUTOSCALING_TARGET)):
        return True
    identifier = group.peek("replicationGroupId")
    wanted = f"replication-group/{identifier}"
    return any(one.peek("resourceId") == wanted for one in graph.of_type(AUTOSCALING_TARGET))


def identifier(cache: Resource) -> str | None:
    """Return a cache's id or name at AWS; None while it is not known."""
    key = {REPLICATION_GROUP: "replicationGroupId", CLUSTER: "clusterId", SERVERLESS_CACHE: "name"}[cache.type]
    for view in (cache, cache.outputs):
        value = view.peek(key)
        if isinstance(value, str) and value:
            return value
    return None
