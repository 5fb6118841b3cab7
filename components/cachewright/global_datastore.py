"""A global datastore: one cache in two or three regions."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

import pulumi
from pulumi_aws import elasticache

from cachewright.arguments import Values
from cachewright.catalog import names, regions
from cachewright.children import make_security_group, make_subnet_group, security_groups
from cachewright.errors import Problem
from cachewright.final_snapshot import final_snapshot_name
from cachewright.log_delivery import LogDeliveryArgs, make_log_deliveries
from cachewright.metric_alarms import make_alarms, member_ids, member_nodes, node_type_facts
from cachewright.naming import FINAL_SNAPSHOT, SECURITY_GROUP, SUBNET_GROUP, Automatic, first_problem, physical
from cachewright.redis_cache import DEFAULT_PORT, RedisCache
from cachewright.rules.global_datastore import DEFAULT_NODES, DEFAULT_REPLICAS, SCHEMA
from cachewright.rules.log_delivery import default_log_types
from cachewright.rules.replication_group import (
    DEFAULT_ENGINE,
    DEFAULT_MAINTENANCE_WINDOW,
    DEFAULT_SNAPSHOT_RETENTION_DAYS,
    DEFAULT_SNAPSHOT_WINDOW,
)

# Of each secondary, where it says nothing else.
_DEFAULTS: Mapping[str, Any] = {
    "apply_immediately": True,
    "maintenance_window": DEFAULT_MAINTENANCE_WINDOW,
    "snapshot_retention_limit": DEFAULT_SNAPSHOT_RETENTION_DAYS,
    "snapshot_window": DEFAULT_SNAPSHOT_WINDOW,
}
# Of a secondary: what decides which resources exist, or what they are called.
PLAIN_OF_SECONDARIES = frozenset(
    {
        *("region", "existing_subnet_group_name", "replication_group_id", "num_cache_clusters"),
        *("replicas_per_node_group", "log_types"),
    }
)
# What must be given may be known later; the items of these lists may be, too.
_PLACEHOLDERS: Mapping[str, Any] = {"vpc_id": "vpc-0", "subnet_ids": ["subnet-0"], "security_group_ids": ["sg-0"]}
_LISTS = frozenset({"allowed_security_group_ids", "allowed_cidr_blocks"})
_AUTOMATIC_NAMES = (
    Automatic("replication_group_id", unless="replication_group_id"),
    SUBNET_GROUP,
    SECURITY_GROUP,
    FINAL_SNAPSHOT,
)


class SecondaryArgs(TypedDict):
    """One secondary of a `GlobalDatastore`; what is not here it has from the primary."""

    region: pulumi.Input[str]
    """Its region, plain only, another one than every other member's. Changing it replaces the secondary."""
    vpc_id: NotRequired[pulumi.Input[str]]
    """The VPC in its region, in which its security groups are made. Default: - `security_group_ids`."""
    subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Private subnets in its region. Default: - the existing subnet group."""
    existing_subnet_group_name: NotRequired[pulumi.Input[str]]
    """A subnet group in its region to use instead of making one, plain only."""
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Existing security groups in its region. Default: - its own."""
    replication_group_id: NotRequired[pulumi.Input[str]]
    """A fixed physical id, plain only. Default: - `<name>-<region>-<stack>-<7 hex digits>`."""
    allowed_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Security groups in its region whose members may connect. Default: - only its client security group."""
    allowed_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Ranges that may connect; the world is refused. Default: - none."""
    port: NotRequired[pulumi.Input[int]]
    """Its port, 1-65535. Changing it replaces the secondary. Default: `6379`."""
    num_cache_clusters: NotRequired[pulumi.Input[int]]
    """How many nodes, 1-6, plain only (unsharded). Default: `2`."""
    preferred_cache_cluster_azs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """The zone of each node (unsharded); ignored after creation. Default: - AWS spreads them."""
    replicas_per_node_group: NotRequired[pulumi.Input[int]]
    """How many replicas each shard has, 0-5, plain only (sharded). Default: `1`."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The ARN of the key in its region that encrypts it. Default: - a key that AWS owns."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for. Default: `ElastiCache <name> in <region>`."""
    maintenance_window: NotRequired[pulumi.Input[str]]
    """When AWS maintains it, UTC. Default: `mon:05:00-mon:07:00`."""
    snapshot_window: NotRequired[pulumi.Input[str]]
    """When its snapshots are taken, UTC. Default: `03:00-05:00`."""
    snapshot_retention_limit: NotRequired[pulumi.Input[int]]
    """How many days its snapshots are kept, 0-35. Default: `7`."""
    notification_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic in its region that hears of its events. Default: - none."""
    alarm_topic_arn: NotRequired[pulumi.Input[str]]
    """The SNS topic in its region to raise the alarms to that AWS recommends, each for each of its nodes; CloudWatch
    must be able to use the topic's key. With shards `num_node_groups` must be given, too. Default: - no alarms."""
    final_snapshot_identifier: NotRequired[pulumi.Input[str]]
    """The name of the snapshot that is taken when it is deleted. AWS refuses one that is taken.
    Default: - `<name>-<region>-<stack>-final-<6 hex digits>`, another one for each replacement."""
    log_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Logs to deliver, as JSON, to log groups of its own in its region: `slow-log`, `engine-log`; plain only. An empty
    list delivers none. Default: - both, as far as the primary's version is not known to lack one; none where
    `log_delivery_configurations` are given, or `apply_immediately` is not `True`."""
    log_retention_days: NotRequired[pulumi.Input[int]]
    """How long those log groups keep them, in days, as CloudWatch Logs allows. Default: `30`."""
    log_delivery_configurations: NotRequired[Sequence[LogDeliveryArgs]]
    """Logs to deliver to destinations that exist in its region. Default: - none."""
    apply_immediately: NotRequired[pulumi.Input[bool]]
    """Whether its own changes take effect at once, or in the maintenance window. Default: `True`."""
    auto_minor_version_upgrade: NotRequired[pulumi.Input[bool]]
    """Whether AWS installs minor versions in its maintenance window. Default: - AWS's: yes."""


class GlobalSettingsArgs(TypedDict):
    """What a global datastore itself is told: it holds for every member, the primary too."""

    engine: NotRequired[pulumi.Input[str]]
    """The engine of every member, `valkey` or `redis`; from redis to valkey in place, with `engine_version`.
    Default: - the primary's."""
    engine_version: NotRequired[pulumi.Input[str]]
    """The engine version of every member. Upwards in place, in all regions at once; the provider refuses a lower one
    than the primary's. Upgrade here: AWS refuses it on a member. Default: - the primary's."""
    parameter_group_name: NotRequired[pulumi.Input[str]]
    """The parameter group of a new engine or major version, with `engine_version`; not looked at otherwise.
    Default: - AWS's own for that version."""
    cache_node_type: NotRequired[pulumi.Input[str]]
    """The node type of every member. Scale here: AWS refuses it on a member. Default: - the primary's."""
    num_node_groups: NotRequired[pulumi.Input[int]]
    """How many shards every member has, 1-500 (sharded). Slots move in all regions while they serve; with fewer, the
    highest-numbered ones are emptied and removed. Default: - as many as the primary has."""
    automatic_failover_enabled: NotRequired[pulumi.Input[bool]]
    """Whether every member has automatic failover. Default: - as the primary, which is taken to have it."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for. Default: `ElastiCache <name>`."""
    global_replication_group_id_suffix: NotRequired[pulumi.Input[str]]
    """What AWS puts after the region's prefix in the id, plain only. Changing it replaces the global datastore and
    every secondary. Default: - `<name>-<stack>`."""


class GlobalDatastoreArgs(GlobalSettingsArgs):
    """The arguments of a `GlobalDatastore`."""

    primary_replication_group_id: pulumi.Input[str]
    """The id of the primary, an existing replication group. What is set on it at creation is ignored afterwards, so
    that a failover to another region is no reason to replace anything."""
    primary_region: NotRequired[pulumi.Input[str]]
    """The primary's region, plain only: lets the regions be checked. Default: - the provider's."""
    node_type: NotRequired[pulumi.Input[str]]
    """The primary's node type: lets it be checked; `cache_node_type` sets another one. Default: - unchecked."""
    sharded: NotRequired[pulumi.Input[bool]]
    """Whether the primary is in cluster mode, plain only. Default: `False`."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the secondaries and what they create; a global datastore itself has none. Default: - none."""

    secondaries: Sequence[SecondaryArgs]
    """One or two secondaries. The list, regions and counts are plain only."""


class GlobalDatastore(pulumi.ComponentResource):
    """A replication group whose data is copied to one or two other regions.

    Creates the global datastore over an existing primary, and for each secondary a replication group with a subnet
    group, security groups and log groups in its region. Destroying it takes the secondaries first and leaves the
    primary, with its data, alone. It costs the secondaries' nodes and the traffic between the regions.

    A failover to another region is never automatic.

    Example:
        GlobalDatastore.of("orders", primary, [{"region": "us-west-2", "vpc_id": west.vpc_id,
                                                "subnet_ids": west.subnet_ids}])

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    global_replication_group_id: pulumi.Output[str]
    """The global datastore's id: AWS's prefix of the primary's region, and the suffix."""
    endpoints: pulumi.Output[Mapping[str, str]]
    """Where clients of each secondary's region read, by region."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        global_replication_group: elasticache.GlobalReplicationGroup
        """The global datastore itself."""
        secondaries: Mapping[str, elasticache.ReplicationGroup]
        """The secondaries by region."""

    def __init__(self, name: str, args: GlobalDatastoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the global datastore and its secondaries.

        Args:
            name: The component's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = _check(name, args)
        super().__init__("cachewright:index:GlobalDatastore", name, {}, opts)
        self._name, self._args = name, checked
        self.global_replication_group = elasticache.GlobalReplicationGroup(
            name,
            automatic_failover_enabled=checked["automatic_failover_enabled"],
            cache_node_type=checked["cache_node_type"],
            engine=checked["engine"],
            engine_version=checked["engine_version"],
            global_replication_group_description=checked["description"] or f"ElastiCache {name}",
            global_replication_group_id_suffix=checked["global_replication_group_id_suffix"] or physical(name),
            num_node_groups=checked["num_node_groups"],
            parameter_group_name=checked["parameter_group_name"],
            primary_replication_group_id=checked["primary_replication_group_id"],
            region=checked["primary_region"],
            # The provider reads it from the member that is primary now: after a failover it would replace everything.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["primaryReplicationGroupId"]),
        )
        self.global_replication_group_id = self.global_replication_group.global_replication_group_id
        self.secondaries = {str(one["region"]): self._secondary(one) for one in args["secondaries"]}
        for one in args["secondaries"]:
            self._raise_alarms(one)
        kind = "configuration_endpoint_address" if checked["sharded"] else "reader_endpoint_address"
        self.endpoints = pulumi.Output.all(**{region: getattr(one, kind) for region, one in self.secondaries.items()})
        self.register_outputs(
            {"globalReplicationGroupId": self.global_replication_group_id, "endpoints": self.endpoints}
        )

    @classmethod
    def of(
        cls,
        name: str,
        primary: RedisCache,
        secondaries: Sequence[SecondaryArgs],
        *,
        settings: GlobalSettingsArgs | None = None,
        primary_region: str | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> "GlobalDatastore":
        """Create a global datastore over a cache of this program, checked against the cache's own arguments.

        Args:
            name: The component's name.
            primary: The `ReplicationGroup` or `ShardedReplicationGroup` that is the primary.
            secondaries: One or two secondaries.
            settings: What every member is to have; by default what the primary has.
            primary_region: The primary's region, where it is not the provider's.
            tags: Tags for the secondaries.
            opts: Pulumi's resource options.

        Raises:
            ArgsError: An argument is refused, or the primary cannot be part of a global datastore.
        """
        asked: Mapping[str, Any] = settings or {}
        facts = {key: value for key, value in primary.global_facts().items() if value is not None}
        args = {
            "primary_replication_group_id": primary.replication_group_id,
            "secondaries": secondaries,
            **facts,
            **asked,
            **({"primary_region": primary_region} if primary_region else {}),
            **({"tags": tags} if tags else {}),
        }
        _check(name, args)
        # An upgrade of all regions is asked for by name: it does not follow from the primary's arguments.
        own = {key: value for key, value in args.items() if key in asked or key not in {"engine", "engine_version"}}
        own["secondaries"] = [_with_logs(one, args) for one in secondaries]
        return cls(name, cast("GlobalDatastoreArgs", own), opts)

    def _secondary(self, secondary: SecondaryArgs) -> elasticache.ReplicationGroup:
        name = f"{self._name}-{secondary['region']}"
        told = {key: value for key, value in _with_logs(secondary, self._args).items() if value is not None}
        given = Values({**_DEFAULTS, **told, "tags": self._args["tags"]})
        port = given["port"] or DEFAULT_PORT
        own_security_group = make_security_group(self, name, given, port)
        subnet_group = make_subnet_group(self, name, given)
        if self._args["sharded"]:
            every = given["replicas_per_node_group"]
            topology: dict[str, Any] = {"replicas_per_node_group": DEFAULT_REPLICAS if every is None else every}
        else:
            topology = {
                "num_cache_clusters": given["num_cache_clusters"] or DEFAULT_NODES,
                "preferred_cache_cluster_azs": given["preferred_cache_cluster_azs"],
            }
        # The provider wants it told beside Multi-AZ; AWS has it from the primary.
        failover = (
            True if self._args["automatic_failover_enabled"] is None else self._args["automatic_failover_enabled"]
        )
        return elasticache.ReplicationGroup(
            physical(name),
            apply_immediately=given["apply_immediately"],
            auto_minor_version_upgrade=given["auto_minor_version_upgrade"],
            automatic_failover_enabled=failover,
            description=given["description"] or f"ElastiCache {self._name} in {secondary['region']}",
            final_snapshot_identifier=given["final_snapshot_identifier"]
            or final_snapshot_name(
                self, name, {"global_id": self.global_replication_group_id, "kms_key_id": given["kms_key_id"]}
            ),
            global_replication_group_id=self.global_replication_group_id,
            kms_key_id=given["kms_key_id"],
            log_delivery_configurations=make_log_deliveries(self, name, given),
            maintenance_window=given["maintenance_window"],
            multi_az_enabled=failover,
            notification_topic_arn=given["notification_topic_arn"],
            port=port,
            region=secondary["region"],
            replication_group_id=given["replication_group_id"],
            security_group_ids=security_groups(given, own_security_group),
            snapshot_retention_limit=given["snapshot_retention_limit"],
            snapshot_window=given["snapshot_window"],
            subnet_group_name=(subnet_group.subnet_group_name if subnet_group else given["existing_subnet_group_name"]),
            tags=given["tags"],
            opts=pulumi.ResourceOptions(parent=self),
            **topology,
        )

    def _raise_alarms(self, secondary: SecondaryArgs) -> None:
        checked, given, region = self._args, Values(secondary), secondary["region"]
        if not given.given("alarm_topic_arn"):
            return
        if checked["sharded"]:
            every = DEFAULT_REPLICAS if given["replicas_per_node_group"] is None else given["replicas_per_node_group"]
            replicas = {f"{shard:04}": every for shard in range(1, checked["num_node_groups"] + 1)}
        else:
            replicas = {"0001": (given["num_cache_clusters"] or DEFAULT_NODES) - 1}
        _, members = member_ids(
            self.secondaries[str(region)].replication_group_id, sharded=bool(checked["sharded"]), replicas=replicas
        )
        make_alarms(
            self,
            f"{self._name}-{region}",
            given["alarm_topic_arn"],
            member_nodes(members),
            # What is recommended for one of the two engines that a global datastore can have is for the other, too.
            kind=DEFAULT_ENGINE,
            facts=node_type_facts(checked["cache_node_type"] or checked["node_type"]),
            region=region,
            tags=checked["tags"],
        )


def _with_logs(secondary: Mapping[str, Any], args: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a secondary that delivers the logs that the engine's version has, unless it says something of logs."""
    engine, version = (one if isinstance(one, str) else None for one in map(args.get, ("engine", "engine_version")))
    logs = default_log_types(Values(secondary), engine, version)
    return secondary if logs is None else {**secondary, "log_types": logs}


def _check(name: str, args: Mapping[str, Any]) -> Values:
    plain = {**args, "secondaries": _placeholders(args.get("secondaries"))}
    return SCHEMA.check(name, plain, _name_problems(name, plain))


def _placeholders(secondaries: Any) -> Any:
    if not isinstance(secondaries, (list, tuple)):
        return secondaries
    return [_plain(one) if isinstance(one, Mapping) else one for one in secondaries]


def _name_problems(name: str, args: Mapping[str, Any]) -> list[Problem]:
    """Return why no names can be made of the component's: the global datastore's suffix, and the secondaries'."""
    found = []
    if args.get("global_replication_group_id_suffix") is None:
        found.append(names.problem("global_suffix", physical(name)))
    for one in args["secondaries"] if isinstance(args["secondaries"], list) else ():
        # A region that is none is told already.
        if isinstance(one, Mapping) and one.get("region") in regions.regions():
            given = {key for key, value in one.items() if value is not None}
            found.append(first_problem(f"{name}-{one['region']}", _AUTOMATIC_NAMES, given))
    return [Problem("name", text) for text in dict.fromkeys(found) if text is not None][:1]


def _plain(secondary: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a secondary without what is not known yet, so that all else is checked at construction."""
    known: dict[str, Any] = {}
    for key, value in secondary.items():
        if key in _PLACEHOLDERS and not _is_plain(value):
            known[key] = _PLACEHOLDERS[key]
        elif key in _LISTS and isinstance(value, (list, tuple)):
            known[key] = [one for one in value if _is_plain(one)]
        elif key == "alarm_topic_arn" and not _is_plain(value):
            known[key] = f"arn:aws:sns:{secondary.get('region')}:111122223333:known-later"
        elif key == "log_delivery_configurations" and isinstance(value, (list, tuple)):
            known[key] = [_with_destination(one) for one in value]
        elif key in PLAIN_OF_SECONDARIES or _is_plain(value):
            known[key] = value
    return known


def _with_destination(delivery: Any) -> Any:
    if not isinstance(delivery, Mapping) or _is_plain(delivery.get("destination")):
        return delivery
    return {**delivery, "destination": "known-later"}


def _is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_plain(one) for one in value)
    return not isinstance(value, pulumi.Output)
