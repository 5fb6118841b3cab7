"""A replication group of several shards: cluster mode enabled."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import appautoscaling, elasticache

from cachewright.arguments import Values
from cachewright.autoscaling import make_autoscaling
from cachewright.redis_cache import RedisCache, RedisCacheArgs
from cachewright.rules.autoscaling import scaled
from cachewright.rules.replication_group import SHARDED_REPLICATION_GROUP

# What autoscaling changes is not the program's to change back.
_COUNTS = {"shards": "numNodeGroups", "replicas": "replicasPerNodeGroup"}


class NodeGroupArgs(TypedDict):
    """One shard, described in full; all of it plain only and read at creation only."""

    node_group_id: str
    """Its id, 4 digits from `0001`."""
    slots: str
    """Its hash slots, such as `0-8191`; all shards together hold 0-16383 once."""
    replica_count: int
    """How many replicas it has, 0-5; each shard may have another number."""
    primary_availability_zone: str
    """The zone its primary begins in."""
    replica_availability_zones: Sequence[str]
    """The zone of each replica."""
    primary_outpost_arn: NotRequired[str]
    """The ARN of the Outpost to create its primary on. Default: - in the zone itself."""
    replica_outpost_arns: NotRequired[Sequence[str]]
    """The ARN of the Outpost of each replica. Default: - in the zones themselves."""


class AutoscalingArgs(TypedDict):
    """How shards, replicas or both follow the load; all of it plain only."""

    minimum_shards: NotRequired[int]
    """The fewest shards, 1-500. Default: - shards are not scaled."""
    maximum_shards: NotRequired[int]
    """The most shards, 1-500. Default: - shards are not scaled."""
    minimum_replicas: NotRequired[int]
    """The fewest replicas of a shard, 1-5. Default: - replicas are not scaled."""
    maximum_replicas: NotRequired[int]
    """The most replicas of a shard, 1-5. Default: - replicas are not scaled."""
    shard_metric: NotRequired[str]
    """What the number of shards follows: `cpu` of the primaries, or `memory`. Default: `cpu`."""
    target_percent: NotRequired[int]
    """The value to keep the metric near, 35-70 %. Replicas follow the replicas' CPU. Default: `60`."""
    scale_in_cooldown_seconds: NotRequired[int]
    """How long after a change nothing is removed. Default: - AWS's: 600."""
    scale_out_cooldown_seconds: NotRequired[int]
    """How long after a change nothing is added. Default: - AWS's: 600."""


class ShardedReplicationGroupArgs(RedisCacheArgs):
    """The arguments of a `ShardedReplicationGroup`."""

    num_node_groups: pulumi.Input[int]
    """How many shards, 1-500, plain only. Slots move between shards while the cache serves; with fewer, the
    highest-numbered ones are emptied and removed."""
    replicas_per_node_group: NotRequired[pulumi.Input[int]]
    """How many replicas each shard has, 0-5, plain only. Default: `1`, or what each of `node_group_configurations`
    says."""
    node_quota: NotRequired[pulumi.Input[int]]
    """How many nodes AWS has granted a cluster, at most 500, plain only. Default: `90`, AWS's own default."""
    node_group_configurations: NotRequired[Sequence[NodeGroupArgs]]
    """Each shard with its slots, replicas and zones, as seeding from S3 needs it; plain only, read at creation only.
    Default: - slots evenly, zones as AWS spreads them."""
    autoscaling: NotRequired[AutoscalingArgs]
    """How shards and replicas follow the load, plain only (Redis OSS 6, Valkey; nodes from large to 2xlarge). What is
    scaled is then no more the program's: a later change of its number is ignored. Default: - as many as are written."""


class ShardedReplicationGroup(RedisCache):
    """A Valkey or Redis OSS cache whose keys are spread over shards, each a primary with its replicas.

    Creates the replication group in cluster mode, and what of these is not given: a subnet group, a security group
    and one for its clients, a parameter group, a generated AUTH token in Secrets Manager, and log groups for its slow
    log and engine log. Clients must be cluster-aware and use the configuration endpoint. With `alarm_topic_arn` each
    node has alarms. It costs its nodes' price by the hour; deleting it takes a final snapshot first.

    Example:
        ShardedReplicationGroup("main", {"node_type": "cache.r7g.large", "num_node_groups": 3,
                                         "vpc_id": network.vpc_id, "subnet_ids": network.subnet_ids})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        scaling_targets: Mapping[str, appautoscaling.Target]
        """The targets of the autoscaling by what they scale: `shards`, `replicas`."""

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
        super().__init__("cachewright:index:ShardedReplicationGroup", name, {}, opts)
        topology = {key: checked[key] for key in ("num_node_groups", "replicas_per_node_group")}
        shards = [elasticache.ReplicationGroupNodeGroupConfigurationArgs(**one) for one in _shards(checked)]
        ignored = [_COUNTS[kind] for kind in scaled(checked["autoscaling"])]
        self._build(
            name,
            checked,
            {**topology, "node_group_configurations": shards or None},
            sharded=True,
            # After a failover the zones, after a resharding the slots would look changed, and replace the cache.
            ignore_changes=[*ignored, *(["nodeGroupConfigurations"] if shards else [])],
        )
        self.scaling_targets = make_autoscaling(self, name, checked, self.replication_group)


def _shards(checked: Values) -> Sequence[Mapping[str, Any]]:
    return checked["node_group_configurations"] or ()
