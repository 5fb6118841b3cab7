"""Replication groups: create, describe, modify, delete, fail over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright.catalog import engine_versions, features, node_types, slots
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import parameter_groups, subnet_groups
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

REDIS_PORT = 6379


@dataclass(slots=True)
class Node:
    """One node of a shard.

    Attributes:
        number: Its place in the shard, from 1; part of its id and never given again while it lives.
        zone: Its availability zone.
    """

    number: int
    zone: str


@dataclass(slots=True)
class Shard:
    """One node group.

    Attributes:
        number: Its place in the group, from 1.
        slots: The hash slots it holds, as `0-8191`.
        nodes: Its nodes, by number.
        primary: The number of the node that is the primary.
    """

    number: int
    slots: str
    nodes: list[Node]
    primary: int = 1

    @property
    def id(self) -> str:
        """The node group's id."""
        return f"{self.number:04}"


@dataclass(slots=True)
class ReplicationGroup:
    """One replication group; member clusters, endpoints and counts follow from it."""

    id: str
    description: str
    engine: str
    version: str
    node_type: str
    port: int
    parameter_group: str
    subnet_group: str | None
    subnet_ids: list[str]
    vpc_zones: tuple[str, ...]
    security_groups: list[str]
    shards: list[Shard]
    cluster_mode: str
    automatic_failover: bool
    multi_az: bool
    at_rest: bool
    kms_key: str | None
    tls: bool
    tls_mode: str | None
    auth_token: bool
    user_group_ids: list[str]
    snapshot_retention: int
    snapshot_window: str
    maintenance_window: str
    topic: str | None
    auto_minor: bool
    logs: dict[str, dict[str, Any]]
    data_tiering: bool
    network_type: str
    ip_discovery: str
    durability: str | None
    created: datetime
    status: str = "creating"
    snapshotting: str | None = None
    global_id: str | None = None
    global_role: str | None = None
    pending: dict[str, Any] = field(default_factory=dict)

    @property
    def cluster_enabled(self) -> bool:
        """Whether the keys are spread over slots."""
        return self.cluster_mode == "enabled"

    def member_id(self, shard: Shard, node: Node) -> str:
        """Return the cache cluster id of a node."""
        if self.cluster_enabled:
            return f"{self.id}-{shard.id}-{node.number:03}"
        return f"{self.id}-{node.number:03}"

    def member_ids(self) -> list[str]:
        """Return the ids of all nodes."""
        return [self.member_id(shard, node) for shard in self.shards for node in shard.nodes]


@dataclass(slots=True)
class ReplicationGroups:
    """The replication groups of a region, by id."""

    groups: dict[str, ReplicationGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"replication_groups": len(self.groups)}

    def subnet_ids_in_use(self) -> set[str]:
        """Return the subnets that hold their nodes."""
        return {id for group in self.groups.values() for id in group.subnet_ids}

    def security_group_ids_in_use(self) -> set[str]:
        """Return the security groups of their nodes."""
        return {id for group in self.groups.values() for id in group.security_groups}


def find(context: Context, id: str) -> ReplicationGroup:
    """Return a replication group, or raise ReplicationGroupNotFoundFault."""
    group = context.state.part(ReplicationGroups).groups.get(id.lower())
    if group is None:
        raise fault("ReplicationGroupNotFoundFault", f"ReplicationGroup {id} not found.")
    return group


def available(context: Context, id: str) -> ReplicationGroup:
    """Return a replication group that may be changed, or raise the fault for its state."""
    group = find(context, id)
    if group.status != "available":
        message = f"Replication group must be in available state to modify: {group.id} is {group.status}."
        raise fault("InvalidReplicationGroupStateFault", message)
    return group


def begin(context: Context, group: ReplicationGroup, status: str, transition: str) -> None:
    """Show a status in this answer; the next request sees the group available."""
    group.status = status

    def settle() -> None:
        if group.status == status:
            group.status = "available"

    context.state.after(f"replication-group-{transition}", settle)


# Creation


@operation("CreateReplicationGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group, or a secondary of a global datastore."""
    id = identifier(params, "ReplicationGroupId", "replication_group_id")
    groups = context.state.part(ReplicationGroups).groups
    if id in groups:
        raise fault("ReplicationGroupAlreadyExistsFault", f"Replication group {id} already exists.")
    if not params["ReplicationGroupDescription"]:
        raise invalid_value("The parameter ReplicationGroupDescription must not be empty.")
    tags = new_tags(params)
    if params.get("GlobalReplicationGroupId"):
        from cachewright_offline.cloud.elasticache.operations import global_replication_groups

        group = global_replication_groups.make_secondary(context, id, params)
    elif params.get("PrimaryClusterId"):
        raise invalid_combination("A replication group cannot be made of an existing cluster here: create it empty.")
    else:
        group = make(context, id, params)
    groups[id] = group
    context.state.tags[arn(context, group)] = tags
    context.state.record_event("replication-group", id, f"Replication group {id} created")
    begin(context, group, "creating", "create")
    return {"ReplicationGroup": shown(context, group)}


def make(context: Context, id: str, params: Params) -> ReplicationGroup:
    """Return a group as a request describes it, everything checked."""
    engine = (params.get("Engine") or "redis").lower()
    if engine == "memcached":
        raise invalid_value("Invalid Engine: memcached. A replication group runs redis or valkey.")
    version = settings.engine_version(engine, params.get("EngineVersion"))
    node_type = settings.node_type(params.get("CacheNodeType"), version)
    tiered = bool(params.get("DataTieringEnabled"))
    kind = node_types.find(node_type)
    if kind is not None and tiered != kind.data_tiering:
        raise invalid_combination(
            f"Data tiering must be {'enabled' if kind.data_tiering else 'disabled'} on {node_type}."
        )
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    settings.check_port(params.get("Port"))
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    maintenance = settings.maintenance_window(params)
    snapshot_window = params.get("SnapshotWindow") or settings.DEFAULT_SNAPSHOT_WINDOW
    settings.check_windows(params.get("SnapshotWindow"), params.get("PreferredMaintenanceWindow"))
    settings.check_topic(context, params.get("NotificationTopicArn"))
    if params.get("SnapshotName"):
        source = links.snapshots.source(context, params["SnapshotName"])
        if source.engine != engine:
            raise invalid_combination(f"The snapshot was taken of {source.engine}, not of {engine}.")
    zones = settings.zones(context, subnets)
    cluster_mode, shards, parameter_group = _topology(context, params, version, zones)
    tls, mode = _encryption_in_transit(params)
    settings.check_token(params.get("AuthToken"), encrypted=tls)
    users = _users(context, params, engine, tls=tls, mode=mode)
    failover, multi_az = _availability(params, shards, cluster_enabled=cluster_mode == "enabled")
    kms_key = settings.kms_key(context, params.get("KmsKeyId"))
    at_rest = params.get("AtRestEncryptionEnabled")
    if kms_key and not at_rest:
        raise invalid_combination("A KMS key needs encryption at rest to be enabled.")
    return ReplicationGroup(
        id=id,
        description=params["ReplicationGroupDescription"],
        engine=engine,
        version=version.version,
        node_type=node_type,
        port=params.get("Port") or REDIS_PORT,
        parameter_group=parameter_group,
        subnet_group=subnets.name if subnets else None,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        vpc_zones=zones,
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        shards=shards,
        cluster_mode=cluster_mode,
        automatic_failover=failover,
        multi_az=multi_az,
        # Valkey is encrypted at rest unless the request says otherwise; Redis OSS is not.
        at_rest=engine == "valkey" if at_rest is None else at_rest,
        kms_key=kms_key,
        tls=tls,
        tls_mode=mode,
        auth_token=bool(params.get("AuthToken")),
        user_group_ids=users,
        snapshot_retention=params.get("SnapshotRetentionLimit") or 0,
        snapshot_window=snapshot_window,
        maintenance_window=maintenance,
        topic=params.get("NotificationTopicArn"),
        auto_minor=params.get("AutoMinorVersionUpgrade", True),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        data_tiering=tiered,
        network_type=params.get("NetworkType") or "ipv4",
        ip_discovery=params.get("IpDiscovery") or "ipv4",
        durability=params.get("Durability"),
        created=context.state.now(),
    )


def _topology(
    context: Context, params: Params, version: engine_versions.EngineVersion, zones: tuple[str, ...]
) -> tuple[str, list[Shard], str]:
    nodes, groups = params.get("NumCacheClusters"), params.get("NumNodeGroups")
    configured = params.get("NodeGroupConfiguration") or []
    if nodes is not None and (groups is not None or params.get("ReplicasPerNodeGroup") is not None):
        raise invalid_combination("NumCacheClusters cannot be given with NumNodeGroups or ReplicasPerNodeGroup.")
    name = params.get("CacheParameterGroupName")
    wanted = params.get("ClusterMode")
    if wanted not in {None, "enabled", "disabled", "compatible"}:
        raise invalid_value(f"Invalid ClusterMode: {wanted}. Must be enabled, disabled or compatible.")
    if name:
        group = settings.parameter_group(context, name, version)
    else:
        sharded = wanted == "enabled" or (groups or 1) > 1
        group = settings.parameter_group(context, None, version, cluster_enabled=sharded)
    mode = "enabled" if group.cluster_enabled else "disabled"
    if wanted == "compatible":
        if not features.supports(version.engine, version.version, "cluster_mode_compatible"):
            raise invalid_combination("Cluster mode compatible is not supported by this engine version.")
        mode = "compatible"
    elif wanted is not None and wanted != mode:
        raise invalid_combination(f"ClusterMode {wanted} does not fit the parameter group {group.name}.")
    count = groups if groups is not None else len(configured) or 1
    if count < 1:
        raise invalid_value(f"Invalid NumNodeGroups: {count}.")
    if mode != "enabled" and count > 1:
        raise invalid_combination("Number of node groups must be 1 when cluster mode is disabled.")
    if count > limit("shards_per_cluster"):
        raise fault("NodeGroupsPerReplicationGroupQuotaExceededFault", "The quota of node groups is exceeded.")
    replicas = nodes - 1 if nodes is not None else params.get("ReplicasPerNodeGroup") or 0
    check_replicas(replicas)
    if count * (1 + replicas) > limit("nodes_per_cluster_maximum"):
        raise fault("NodeQuotaForClusterExceededFault", "The quota of nodes in a cluster is exceeded.")
    preferred = params.get("PreferredCacheClusterAZs") or []
    if preferred and len(preferred) != replicas + 1:
        raise invalid_combination("PreferredCacheClusterAZs must name one zone for each cluster.")
    settings.check_zones(preferred, zones)
    return mode, _shards(count, replicas, zones, preferred, configured), group.name


def check_replicas(replicas: int) -> None:
    """Refuse a number of replicas that no shard may have."""
    if not 0 <= replicas <= limit("replicas_per_shard"):
        raise invalid_value(f"Invalid replica count: {replicas}. Must be between 0 and {limit('replicas_per_shard')}.")


def _shards(
    count: int, replicas: int, zones: tuple[str, ...], preferred: list[str], configured: list[dict[str, Any]]
) -> list[Shard]:
    ranges = slots.even_slots(count)
    if configured:
        if len(configured) != count:
            raise invalid_combination("NodeGroupConfiguration must describe every node group.")
        given = [one.get("Slots") for one in configured]
        if any(given):
            problem = slots.cover_problem([one or "" for one in given])
            if problem:
                raise invalid_value(f"The slots of the node groups {problem}")
            ranges = tuple(one or "" for one in given)
    made = []
    for index in range(count):
        own = configured[index] if configured else {}
        own_replicas = own["ReplicaCount"] if own.get("ReplicaCount") is not None else replicas
        check_replicas(own_replicas)
        pinned = [own["PrimaryAvailabilityZone"]] if own.get("PrimaryAvailabilityZone") else []
        pinned += own.get("ReplicaAvailabilityZones") or []
        settings.check_zones(pinned, zones)
        chosen = pinned or preferred
        nodes = [Node(node + 1, _zone(zones, chosen, index, node)) for node in range(own_replicas + 1)]
        made.append(Shard(index + 1, ranges[index], nodes))
    return made


def _zone(zones: tuple[str, ...], chosen: list[str], shard: int, node: int) -> str:
    """Return a node's zone: the one that was asked for, or the next in turn, so that a shard's nodes spread."""
    if node < len(chosen):
        return chosen[node]
    return zones[(shard + node) % len(zones)] if zones else ""


def _encryption_in_transit(params: Params) -> tuple[bool, str | None]:
    tls, mode = bool(params.get("TransitEncryptionEnabled")), params.get("TransitEncryptionMode")
    if mode not in {None, "preferred", "required"}:
        raise invalid_value(f"Invalid TransitEncryptionMode: {mode}. Must be preferred or required.")
    if mode and not tls:
        raise invalid_combination("TransitEncryptionMode needs TransitEncryptionEnabled.")
    return tls, (mode or "required") if tls else None


def _users(context: Context, params: Params, engine: str, *, tls: bool, mode: str | None) -> list[str]:
    ids = [one.lower() for one in params.get("UserGroupIds") or []]
    if not ids:
        return []
    if params.get("AuthToken"):
        raise invalid_combination("A user group cannot be given together with an AUTH token.")
    check_access_control(ids, tls=tls, mode=mode)
    links.user_groups.check_attachable(context, ids, engine)
    return ids


def check_access_control(ids: list[str], *, tls: bool, mode: str | None) -> None:
    """Refuse user groups without TLS, or more than one."""
    if not tls:
        raise invalid_combination("User groups need encryption in transit to be enabled.")
    if mode == "preferred":
        raise invalid_combination("Transit encryption preferred is not supported with redis access control.")
    if len(ids) > limit("user_groups_per_cache"):
        raise invalid_value("A replication group can have one user group at most.")


def _availability(params: Params, shards: list[Shard], *, cluster_enabled: bool) -> tuple[bool, bool]:
    failover, multi_az = params.get("AutomaticFailoverEnabled"), bool(params.get("MultiAZEnabled"))
    if cluster_enabled:
        if failover is False:
            raise invalid_combination(
                "Redis with cluster mode enabled cannot be created with auto failover turned off."
            )
        failover = True
    check_availability(shards, failover=bool(failover), multi_az=multi_az, cluster_enabled=cluster_enabled)
    return bool(failover), multi_az


def check_availability(shards: list[Shard], *, failover: bool, multi_az: bool, cluster_enabled: bool) -> None:
    """Refuse failover and Multi-AZ where there is nothing to fail over to."""
    lone = any(len(shard.nodes) < 2 for shard in shards)
    if failover and lone and not cluster_enabled:
        raise invalid_combination("Automatic failover needs at least 2 cache clusters.")
    if multi_az and not failover:
        raise invalid_combination("Must specify automatic failover with Multi-AZ.")
    if multi_az and lone:
        raise invalid_combination("Multi-AZ needs at least one replica in every node group.")


# Description


@operation("DescribeReplicationGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one group, or all."""
    id = params.get("ReplicationGroupId")
    if id:
        return {"ReplicationGroups": [shown(context, find(context, id))]}
    found, marker = page(context.state.part(ReplicationGroups).groups.values(), params, lambda one: one.id)
    return {"ReplicationGroups": [shown(context, one) for one in found], "Marker": marker}


def arn(context: Context, group: ReplicationGroup) -> str:
    """Return a group's ARN."""
    return context.state.arn("replicationgroup", group.id)


def shown(context: Context, group: ReplicationGroup) -> Result:
    """Show a group as AWS does."""
    result: Result = {
        "ReplicationGroupId": group.id,
        "Description": group.description,
        "Status": group.status,
        "PendingModifiedValues": {
            key: value for key, value in group.pending.items() if key in {"ClusterMode", "TransitEncryptionMode"}
        },
        "MemberClusters": group.member_ids(),
        "NodeGroups": [_node_group(context, group, shard) for shard in group.shards],
        "AutomaticFailover": "enabled" if group.automatic_failover else "disabled",
        "MultiAZ": "enabled" if group.multi_az else "disabled",
        "SnapshotRetentionLimit": group.snapshot_retention,
        "SnapshotWindow": group.snapshot_window,
        "SnapshottingClusterId": group.snapshotting,
        "ClusterEnabled": group.cluster_enabled,
        "ClusterMode": group.cluster_mode,
        "CacheNodeType": group.node_type,
        "AuthTokenEnabled": group.auth_token,
        "TransitEncryptionEnabled": group.tls,
        "TransitEncryptionMode": group.tls_mode,
        "AtRestEncryptionEnabled": group.at_rest,
        "KmsKeyId": group.kms_key,
        "ARN": arn(context, group),
        "UserGroupIds": group.user_group_ids or None,
        "LogDeliveryConfigurations": list(group.logs.values()),
        "ReplicationGroupCreateTime": group.created,
        "DataTiering": "enabled" if group.data_tiering else "disabled",
        "AutoMinorVersionUpgrade": group.auto_minor,
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
        "Engine": group.engine,
        "Durability": group.durability,
    }
    if group.global_id:
        result["GlobalReplicationGroupInfo"] = {
            "GlobalReplicationGroupId": group.global_id,
            "GlobalReplicationGroupMemberRole": group.global_role,
        }
    if group.cluster_enabled and group.status != "creating":
        host = (
            f"clustercfg.{group.id}.{_domain(context)}" if group.tls else f"{group.id}.{_domain(context, 'clustercfg')}"
        )
        result["ConfigurationEndpoint"] = {"Address": host, "Port": group.port}
    return result


def _node_group(context: Context, group: ReplicationGroup, shard: Shard) -> Result:
    result: Result = {
        "NodeGroupId": shard.id,
        "Status": "available" if group.status != "creating" else "creating",
        "Slots": shard.slots if group.cluster_enabled else None,
        "NodeGroupMembers": [
            {
                "CacheClusterId": group.member_id(shard, node),
                "CacheNodeId": "0001",
                "PreferredAvailabilityZone": node.zone,
                # AWS names the roles of a single shard only; in cluster mode the cluster itself decides them.
                "CurrentRole": None
                if group.cluster_enabled
                else ("primary" if node.number == shard.primary else "replica"),
                "ReadEndpoint": None
                if group.cluster_enabled
                else {"Address": node_host(context, group, shard, node), "Port": group.port},
            }
            for node in shard.nodes
        ],
    }
    if not group.cluster_enabled and group.status != "creating":
        primary = f"master.{group.id}.{_domain(context)}" if group.tls else f"{group.id}.{_domain(context, 'ng.0001')}"
        reader = (
            f"replica.{group.id}.{_domain(context)}" if group.tls else f"{group.id}-ro.{_domain(context, 'ng.0001')}"
        )
        result["PrimaryEndpoint"] = {"Address": primary, "Port": group.port}
        result["ReaderEndpoint"] = {"Address": reader, "Port": group.port}
    return result


def node_host(context: Context, group: ReplicationGroup, shard: Shard, node: Node) -> str:
    """Return the host name of one node."""
    member = group.member_id(shard, node)
    if group.tls:
        return f"{member}.{group.id}.{_domain(context)}"
    return f"{member}.{_domain(context, shard.id)}"


def _domain(context: Context, middle: str = "") -> str:
    parts = [context.state.endpoint_hash(), *([middle] if middle else []), short_region(context.region)]
    return ".".join([*parts, "cache.amazonaws.com" + (".cn" if context.partition == "aws-cn" else "")])


def short_region(region: str) -> str:
    """Return a region as host names have it.

    >>> short_region("us-east-1")
    'use1'
    """
    area, *direction, number = region.split("-")
    return area + "".join(part[0] for part in direction) + number


# Changes


@operation("ModifyReplicationGroup")
def modify(context: Context, params: Params) -> Result:
    """Change a group; what needs a maintenance window is applied at once, as the window of a local cache is always."""
    group = available(context, params["ReplicationGroupId"])
    if group.global_id and any(
        params.get(name) is not None
        for name in ("CacheNodeType", "EngineVersion", "Engine", "CacheParameterGroupName", "AutomaticFailoverEnabled")
    ):
        message = f"Replication group {group.id} is part of a global cluster {group.global_id}. Request rejected."
        raise fault("InvalidReplicationGroupStateFault", message)
    changes = _checked_changes(context, group, params)
    for name, value in changes.items():
        setattr(group, name, value)
    if params.get("PrimaryClusterId"):
        _promote(group, params["PrimaryClusterId"])
    context.state.record_event("replication-group", group.id, f"Replication group {group.id} modified")
    begin(context, group, "modifying", "modify")
    return {"ReplicationGroup": shown(context, group)}


def _checked_changes(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    """Return the attributes that a request changes; nothing is changed yet, so a refusal leaves the group alone."""
    changes: dict[str, Any] = {}
    plain = {
        "ReplicationGroupDescription": "description",
        "AutoMinorVersionUpgrade": "auto_minor",
        "SnapshottingClusterId": "snapshotting",
        "IpDiscovery": "ip_discovery",
        "Durability": "durability",
        "SnapshotRetentionLimit": "snapshot_retention",
        "SnapshotWindow": "snapshot_window",
    }
    changes.update({name: params[key] for key, name in plain.items() if params.get(key) is not None})
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    if params.get("PreferredMaintenanceWindow"):
        changes["maintenance_window"] = params["PreferredMaintenanceWindow"].lower()
    if params.get("SnapshotWindow") or params.get("PreferredMaintenanceWindow"):
        settings.check_windows(
            params.get("SnapshotWindow") or group.snapshot_window,
            params.get("PreferredMaintenanceWindow") or group.maintenance_window,
        )
    if params.get("SnapshottingClusterId") and params["SnapshottingClusterId"] not in group.member_ids():
        raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {params['SnapshottingClusterId']}")
    if params.get("NotificationTopicArn") is not None:
        settings.check_topic(context, params["NotificationTopicArn"])
        changes["topic"] = params["NotificationTopicArn"] or None
    if params.get("SecurityGroupIds"):
        subnets = subnet_groups.find(context, group.subnet_group) if group.subnet_group else None
        changes["security_groups"] = settings.security_groups(context, params["SecurityGroupIds"], subnets)
    changes.update(_engine_changes(context, group, params))
    changes.update(_security_changes(context, group, params))
    if params.get("LogDeliveryConfigurations"):
        changes["logs"] = settings.log_deliveries(context, params["LogDeliveryConfigurations"], group.logs)
    failover = params.get("AutomaticFailoverEnabled", group.automatic_failover)
    multi_az = params.get("MultiAZEnabled", group.multi_az)
    if group.cluster_enabled and failover is False:
        raise invalid_combination("Automatic failover cannot be turned off with cluster mode enabled.")
    if failover != group.automatic_failover or multi_az != group.multi_az:
        check_availability(group.shards, failover=failover, multi_az=multi_az, cluster_enabled=group.cluster_enabled)
        changes.update(automatic_failover=failover, multi_az=multi_az)
    return changes


def _engine_changes(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    engine = (params.get("Engine") or group.engine).lower()
    if engine != group.engine:
        if (group.engine, engine) != ("redis", "valkey"):
            raise invalid_combination(f"The engine cannot be changed from {group.engine} to {engine}.")
        if not params.get("EngineVersion"):
            raise invalid_combination("Changing the engine needs an engine version.")
    version = settings.engine_version(engine, params.get("EngineVersion") or group.version)
    if engine == group.engine and engine_versions.version_key(version.version) < engine_versions.version_key(
        group.version
    ):
        raise invalid_combination(f"Cannot downgrade from {group.version} to {version.version}.")
    settings.node_type(params.get("CacheNodeType") or group.node_type, version)
    if params.get("CacheNodeType"):
        old, new = node_types.find(group.node_type), node_types.find(params["CacheNodeType"])
        if old is not None and new is not None and old.data_tiering != new.data_tiering:
            raise invalid_combination("A cluster cannot be scaled between node types with and without data tiering.")
        changes["node_type"] = params["CacheNodeType"]
    mode = params.get("ClusterMode") or group.cluster_mode
    name = params.get("CacheParameterGroupName")
    changed_family = version.family != parameter_groups.find(context, group.parameter_group).family
    if name or changed_family or mode != group.cluster_mode:
        keeps_default = not name and group.parameter_group.startswith("default.")
        if changed_family and not name and not keeps_default:
            raise invalid_combination(f"The upgrade to {version.version} needs a parameter group of {version.family}.")
        if not name and not keeps_default:
            name = group.parameter_group
        chosen = settings.parameter_group(context, name, version, cluster_enabled=mode == "enabled")
        if chosen.cluster_enabled != (mode == "enabled") and mode != "compatible":
            raise invalid_combination(f"The parameter group {chosen.name} does not fit the cluster mode {mode}.")
        changes["parameter_group"] = chosen.name
    if mode != group.cluster_mode:
        _check_mode_change(group, mode)
        changes["cluster_mode"] = mode
    changes.update(engine=engine, version=version.version)
    return changes


def _check_mode_change(group: ReplicationGroup, mode: str) -> None:
    allowed = {("disabled", "compatible"), ("compatible", "enabled"), ("compatible", "disabled")}
    if (group.cluster_mode, mode) not in allowed:
        raise invalid_combination(f"The cluster mode cannot be changed from {group.cluster_mode} to {mode}.")
    if not features.supports(group.engine, group.version, "cluster_mode_compatible"):
        raise invalid_combination("This engine version does not support changing the cluster mode.")
    if not group.automatic_failover or len(group.shards[0].nodes) < 2:
        raise invalid_combination("Changing the cluster mode needs automatic failover and a replica.")


def _security_changes(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    tls = params.get("TransitEncryptionEnabled", group.tls)
    mode = params.get("TransitEncryptionMode") or (group.tls_mode if tls else None)
    if tls and not group.tls and mode != "preferred":
        raise invalid_combination("To enable encryption in transit, set the mode to preferred first.")
    if not tls and group.tls and group.tls_mode != "preferred":
        raise invalid_combination("To disable encryption in transit, set the mode to preferred first.")
    if tls != group.tls and not features.supports(group.engine, group.version, "tls_in_place"):
        raise invalid_combination("This engine version does not support changing encryption in transit.")
    token, strategy = params.get("AuthToken"), params.get("AuthTokenUpdateStrategy")
    settings.check_token(token, encrypted=tls)
    users = set(group.user_group_ids)
    if params.get("RemoveUserGroups"):
        users = set()
    removed = {one.lower() for one in params.get("UserGroupIdsToRemove") or []}
    if not removed <= users:
        raise fault("UserGroupNotFoundFault", f"UserGroup {min(removed - users)} not found.")
    added = [one.lower() for one in params.get("UserGroupIdsToAdd") or []]
    users = (users - removed) | set(added)
    has_token = bool(token) or (group.auth_token and strategy != "DELETE")
    if strategy == "DELETE" and not users:
        raise invalid_combination("The AUTH token can be deleted only together with adding a user group.")
    if users and has_token:
        raise invalid_combination("A user group cannot be given together with an AUTH token.")
    if users:
        check_access_control(sorted(users), tls=tls, mode=mode)
        if added:
            links.user_groups.check_attachable(context, added, group.engine)
    if mode == "preferred" and has_token:
        raise invalid_combination("Transit encryption preferred is not supported with redis access control.")
    return {"tls": tls, "tls_mode": mode, "auth_token": has_token, "user_group_ids": sorted(users)}


def _promote(group: ReplicationGroup, member: str) -> None:
    for shard in group.shards:
        for node in shard.nodes:
            if group.member_id(shard, node) == member:
                if group.automatic_failover:
                    raise invalid_combination("Promoting a replica needs automatic failover to be off.")
                shard.primary = node.number
                return
    raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {member}")


@operation("TestFailover")
def test_failover(context: Context, params: Params) -> Result:
    """Make a replica of one shard its primary."""
    group = available(context, params["ReplicationGroupId"])
    if not group.automatic_failover:
        raise invalid_combination("TestFailover needs automatic failover to be enabled.")
    shard = next((one for one in group.shards if one.id == params["NodeGroupId"]), None)
    if shard is None:
        raise fault("NodeGroupNotFoundFault", f"Node group {params['NodeGroupId']} not found.")
    replicas = [node.number for node in shard.nodes if node.number != shard.primary]
    if not replicas:
        raise invalid_combination("TestFailover needs a replica in the node group.")
    shard.primary = replicas[0]
    context.state.record_event("replication-group", group.id, f"Test Failover API called for node group {shard.id}")
    begin(context, group, "modifying", "failover")
    return {"ReplicationGroup": shown(context, group)}


@operation("DeleteReplicationGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group; the next request no longer finds it."""
    group = find(context, params["ReplicationGroupId"])
    if group.status == "deleting":
        message = f"Replication group {group.id} has status deleting which is not valid for deletion."
        raise fault("InvalidReplicationGroupStateFault", message)
    if group.global_id:
        message = f"Cannot delete {group.id} because it is a member of {group.global_id}: disassociate it first."
        raise fault("InvalidReplicationGroupStateFault", message)
    name = params.get("FinalSnapshotIdentifier")
    if name:
        links.snapshots.check_name_free(context, name)
        links.snapshots.take_final(context, name, "replication-group", group.id)
    group.status = "deleting"

    def vanish() -> None:
        context.state.part(ReplicationGroups).groups.pop(group.id, None)
        context.state.tags.pop(arn(context, group), None)
        context.state.record_event("replication-group", group.id, f"Replication group {group.id} deleted")

    context.state.after("replication-group-delete", vanish)
    return {"ReplicationGroup": shown(context, group)}


@operation("ListAllowedNodeTypeModifications")
def list_allowed_node_types(context: Context, params: Params) -> Result:
    """Name the node types that a cache may be scaled to: larger and smaller ones that run its engine."""
    from cachewright_offline.cloud.elasticache.operations import cache_clusters

    if params.get("ReplicationGroupId"):
        group = find(context, params["ReplicationGroupId"])
        current, engine, version = group.node_type, group.engine, group.version
    elif params.get("CacheClusterId"):
        cluster = cache_clusters.find(context, params["CacheClusterId"])
        current, engine, version = cluster.node_type, cluster.engine, cluster.version
    else:
        raise invalid_combination("Either CacheClusterId or ReplicationGroupId must be provided.")
    here = node_types.find(current)
    others = [
        one
        for one in node_types.node_types()
        if here is not None
        and one.name != current
        and one.data_tiering == here.data_tiering
        and node_types.compatible(one.name, engine, version) is None
    ]
    memory = here.memory_gib if here else 0
    return {
        "ScaleUpModifications": sorted(one.name for one in others if one.memory_gib >= memory),
        "ScaleDownModifications": sorted(one.name for one in others if one.memory_gib < memory),
    }
