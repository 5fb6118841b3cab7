"""A replication group of several shards: cluster mode enabled."""

from typing import NotRequired

import pulumi

from cachewright.redis_cache import RedisCache, RedisCacheArgs, check_name
from cachewright.rules.replication_group import SHARDED_REPLICATION_GROUP


class ShardedReplicationGroupArgs(RedisCacheArgs):
    """The arguments of a `ShardedReplicationGroup`."""

    num_node_groups: pulumi.Input[int]
    """How many shards, 1-500, plain only. Slots move between shards while the cache serves; with fewer, the
    highest-numbered ones are emptied and removed."""
    replicas_per_node_group: NotRequired[pulumi.Input[int]]
    """How many replicas each shard has, 0-5, plain only. Default: `1`."""
    node_quota: NotRequired[pulumi.Input[int]]
    """How many nodes AWS has granted a cluster, at most 500, plain only. Default: `90`, AWS's own default."""


class ShardedReplicationGroup(RedisCache):
    """A Valkey or Redis OSS cache whose keys are spread over shards, each a primary with its replicas.

    Creates the replication group in cluster mode, and what of these is not given: a subnet group, a security group
    and one for its clients, a parameter group, and a generated AUTH token in Secrets Manager. Clients must be
    cluster-aware and use the configuration endpoint. It costs its nodes' price by the hour; deleting it takes a final
    snapshot first.

    Example:
        ShardedReplicationGroup("main", {"node_type": "cache.r7g.large", "num_node_groups": 3,
                                         "vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    def __init__(
        self, name: str, args: ShardedReplicationGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Create the cache.

        Args:
            name: The component's name; with the stack it makes the replication group's id.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SHARDED_REPLICATION_GROUP.check(name, args)
        check_name("ShardedReplicationGroup", name, args)
        super().__init__("cachewright:index:ShardedReplicationGroup", name, {}, opts)
        topology = {key: checked[key] for key in ("num_node_groups", "replicas_per_node_group")}
        self._build(name, checked, topology, sharded=True)
