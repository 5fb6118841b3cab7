"""A replication group with one shard: cluster mode disabled."""

from collections.abc import Sequence
from typing import NotRequired

import pulumi

from cachewright.redis_cache import RedisCache, RedisCacheArgs
from cachewright.rules.replication_group import REPLICATION_GROUP


class ReplicationGroupArgs(RedisCacheArgs):
    """The arguments of a `ReplicationGroup`."""

    num_cache_clusters: NotRequired[pulumi.Input[int]]
    """How many nodes, 1-6: a primary and its replicas, plain only. More: the new replicas copy from the primary.
    Fewer: readers on the removed nodes are disconnected. Default: `2`."""
    preferred_cache_cluster_azs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The zone of each node, the primary's first; ignored after creation. Default: - AWS spreads them."""


class ReplicationGroup(RedisCache):
    """A Valkey or Redis OSS cache of one primary and up to five replicas.

    Creates the replication group, and what of these is not given: a subnet group, a security group and one for its
    clients, a parameter group, a generated AUTH token in Secrets Manager, and log groups for its slow log and engine
    log. Encrypted, Multi-AZ, private and backed up by default; with `alarm_topic_arn` alarmed, too. It costs its nodes'
    price by the hour; deleting it takes a final snapshot first.

    Example:
        ReplicationGroup("main", {"node_type": "cache.r7g.large", "engine_version": "8.1",
                                  "vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    def __init__(self, name: str, args: ReplicationGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cache.

        Args:
            name: The component's name; with the stack it makes the replication group's id.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = REPLICATION_GROUP.check(name, args)
        super().__init__("cachewright:index:ReplicationGroup", name, {}, opts)
        topology = {key: checked[key] for key in ("num_cache_clusters", "preferred_cache_cluster_azs")}
        self._build(name, checked, topology, sharded=False)
