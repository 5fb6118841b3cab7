"""Global datastores: a primary replication group and its secondaries in other regions."""

from __future__ import annotations

import copy
import hashlib
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cachewright.catalog import engine_versions, global_datastore, names
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups, replication_groups
from cachewright_offline.cloud.elasticache.operations.replication_group_scaling import reshard
from cachewright_offline.cloud.elasticache.operations.replication_groups import Node, ReplicationGroup, Shard
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@dataclass(slots=True)
class GlobalReplicationGroup:
    """One global datastore. What its members share is theirs; here stands who they are.

    Attributes:
        members: The replication group ids by region, the primary's first when it was created.
        primary_region: Where the primary is.
    """

    id: str
    description: str
    members: dict[str, str]
    primary_region: str
    status: str = "creating"


@dataclass(slots=True)
class GlobalReplicationGroups:
    """The global datastores that were created in a region, by id; every member's region sees them."""

    groups: dict[str, GlobalReplicationGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"global_replication_groups": len(self.groups)}


def find(context: Context, id: str) -> GlobalReplicationGroup:
    """Return a global datastore that has a member here or was created here, or raise the fault."""
    for group in _visible(context):
        if group.id == id.lower():
            return group
    raise fault("GlobalReplicationGroupNotFoundFault", f"Global replication group {id} not found.")


def _visible(context: Context) -> Iterator[GlobalReplicationGroup]:
    for one in context.everywhere():
        for group in one.state.part(GlobalReplicationGroups).groups.values():
            if one.region == context.region or context.region in group.members:
                yield group


def _anywhere(context: Context, id: str) -> GlobalReplicationGroup:
    for one in context.everywhere():
        group = one.state.part(GlobalReplicationGroups).groups.get(id.lower())
        if group is not None:
            return group
    raise fault("GlobalReplicationGroupNotFoundFault", f"Global replication group {id} not found.")


def _available(context: Context, id: str) -> GlobalReplicationGroup:
    group = find(context, id)
    if group.status not in {"available", "primary-only"}:
        message = f"Global replication group {group.id} is {group.status}: it must be available."
        raise fault("InvalidGlobalReplicationGroupStateFault", message)
    return group


def _begin(context: Context, group: GlobalReplicationGroup, status: str, transition: str = "modify") -> None:
    group.status = status

    def settle() -> None:
        if group.status == status:
            group.status = "available" if len(group.members) > 1 else "primary-only"

    context.state.after(f"global-replication-group-{transition}", settle)


def _primary(context: Context, group: GlobalReplicationGroup) -> tuple[Context, ReplicationGroup]:
    there = context.in_region(group.primary_region)
    return there, replication_groups.find(there, group.members[group.primary_region])


def _members(context: Context, group: GlobalReplicationGroup) -> Iterator[tuple[Context, ReplicationGroup]]:
    for region, id in group.members.items():
        there = context.in_region(region)
        yield there, replication_groups.find(there, id)


@operation("CreateGlobalReplicationGroup")
def create(context: Context, params: Params) -> Result:
    """Create a global datastore over an existing replication group."""
    suffix = params["GlobalReplicationGroupIdSuffix"]
    problem = names.problem("global_suffix", suffix)
    if problem:
        raise invalid_value(f"The parameter GlobalReplicationGroupIdSuffix {problem}.")
    if global_datastore.region_problem(context.region):
        raise invalid_value(f"Global datastores are not available in {context.region}.")
    prefix = global_datastore.id_prefix(context.region) or _made_up_prefix(context.region)
    id = f"{prefix}-{suffix}".lower()
    groups = context.state.part(GlobalReplicationGroups).groups
    if id in groups:
        raise fault("GlobalReplicationGroupAlreadyExistsFault", f"Global replication group {id} already exists.")
    primary = replication_groups.available(context, params["PrimaryReplicationGroupId"])
    if primary.global_id:
        raise fault("InvalidReplicationGroupStateFault", f"{primary.id} is a member of {primary.global_id} already.")
    problem = global_datastore.node_type_problem(primary.node_type)
    problem = problem or global_datastore.engine_problem(primary.engine, primary.version)
    if problem:
        raise invalid_value(f"The primary replication group {primary.id} {problem}")
    tags = new_tags(params)
    group = GlobalReplicationGroup(
        id, params.get("GlobalReplicationGroupDescription") or "", {context.region: primary.id}, context.region
    )
    groups[id] = group
    primary.global_id, primary.global_role = id, "PRIMARY"
    original = parameter_groups.find(context, primary.parameter_group)
    primary.parameter_group = parameter_groups.copy_for_global(context, original, id).name
    context.state.tags[_arn(context, group)] = tags
    _begin(context, group, "creating", "create")
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


def _made_up_prefix(region: str) -> str:
    """Return five letters for a region that has global datastores and whose prefix AWS does not document."""
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:5])


def make_secondary(context: Context, id: str, params: Params) -> ReplicationGroup:
    """Return a new secondary of a global datastore, with what it inherits from the primary."""
    group = _anywhere(context, params["GlobalReplicationGroupId"])
    if group.status not in {"available", "primary-only"}:
        message = f"Global replication group {group.id} is {group.status}: it must be available."
        raise fault("InvalidGlobalReplicationGroupStateFault", message)
    if context.region in group.members:
        raise invalid_value(f"{group.id} has a member in {context.region} already.")
    if len(group.members) > limit("global_datastore_secondaries"):
        raise invalid_value(f"{group.id} has the most secondaries that are allowed.")
    for name in _INHERITED:
        if params.get(name) is not None:
            raise invalid_combination(f"{name} cannot be given for a member of a global datastore.")
    home, primary = _primary(context, group)
    version = settings.engine_version(primary.engine, primary.version)
    replicas = (params.get("NumCacheClusters") or 1) - 1
    if params.get("ReplicasPerNodeGroup") is not None:
        replicas = params["ReplicasPerNodeGroup"]
    replication_groups.check_replicas(replicas)
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    zones = settings.zones(context, subnets)
    settings.check_windows(params.get("SnapshotWindow"), params.get("PreferredMaintenanceWindow"))
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    settings.check_topic(context, params.get("NotificationTopicArn"))
    preferred = params.get("PreferredCacheClusterAZs") or []
    if preferred and len(preferred) != replicas + 1:
        raise invalid_combination("PreferredCacheClusterAZs must name one zone for each cluster.")
    settings.check_zones(preferred, zones)
    shards = [
        Shard(
            one.number,
            one.slots,
            [
                Node(node + 1, preferred[node] if preferred else zones[(index + node) % len(zones)] if zones else "")
                for node in range(replicas + 1)
            ],
        )
        for index, one in enumerate(primary.shards)
    ]
    multi_az = params.get("MultiAZEnabled", primary.multi_az)
    replication_groups.check_availability(
        shards,
        failover=primary.automatic_failover,
        multi_az=multi_az,
        cluster_enabled=primary.cluster_enabled,
    )
    original = parameter_groups.find(home, primary.parameter_group)
    copied = parameter_groups.copy_for_global(context, original, group.id) if not original.is_global else original
    if original.is_global:
        parameters = context.state.part(parameter_groups.ParameterGroups).groups
        copied = parameters.setdefault(original.name, copy.deepcopy(original))
        context.state.tags.setdefault(context.state.arn("parametergroup", original.name), {})
    secondary = ReplicationGroup(
        id=id,
        description=params["ReplicationGroupDescription"],
        engine=version.engine,
        version=version.version,
        node_type=primary.node_type,
        port=params.get("Port") or replication_groups.REDIS_PORT,
        parameter_group=copied.name,
        subnet_group=subnets.name if subnets else None,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        vpc_zones=zones,
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        shards=shards,
        cluster_mode=primary.cluster_mode,
        automatic_failover=primary.automatic_failover,
        multi_az=multi_az,
        at_rest=primary.at_rest,
        kms_key=settings.kms_key(context, params.get("KmsKeyId")),
        tls=primary.tls,
        tls_mode=primary.tls_mode,
        auth_token=primary.auth_token,
        user_group_ids=[],
        snapshot_retention=params.get("SnapshotRetentionLimit") or 0,
        snapshot_window=params.get("SnapshotWindow") or settings.DEFAULT_SNAPSHOT_WINDOW,
        maintenance_window=settings.maintenance_window(params),
        topic=params.get("NotificationTopicArn"),
        auto_minor=params.get("AutoMinorVersionUpgrade", True),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        data_tiering=primary.data_tiering,
        network_type=params.get("NetworkType") or "ipv4",
        ip_discovery=params.get("IpDiscovery") or "ipv4",
        durability=None,
        created=context.state.now(),
        global_id=group.id,
        global_role="SECONDARY",
    )
    group.members[context.region] = id
    _begin(context, group, "modifying")
    return secondary


_INHERITED = (
    "NumNodeGroups",
    "CacheParameterGroupName",
    "Engine",
    "EngineVersion",
    "CacheNodeType",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
    "AtRestEncryptionEnabled",
    "SnapshotArns",
    "SnapshotName",
    "AuthToken",
    "AutomaticFailoverEnabled",
    "ClusterMode",
    "DataTieringEnabled",
)


@operation("DescribeGlobalReplicationGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one global datastore, or all that have to do with this region."""
    members = bool(params.get("ShowMemberInfo"))
    id = params.get("GlobalReplicationGroupId")
    if id:
        return {"GlobalReplicationGroups": [_shown(context, find(context, id), members=members)]}
    shown, marker = page(_visible(context), params, lambda one: one.id)
    return {"GlobalReplicationGroups": [_shown(context, one, members=members) for one in shown], "Marker": marker}


@operation("ModifyGlobalReplicationGroup")
def modify(context: Context, params: Params) -> Result:
    """Change all members at once."""
    group = _available(context, params["GlobalReplicationGroupId"])
    _check_immediate(params)
    _, primary = _primary(context, group)
    changes: dict[str, Any] = {}
    engine = (params.get("Engine") or primary.engine).lower()
    if engine != primary.engine and (primary.engine, engine) != ("redis", "valkey"):
        raise invalid_value(f"The engine cannot be changed from {primary.engine} to {engine}.")
    version = settings.engine_version(engine, params.get("EngineVersion") or primary.version)
    if engine == primary.engine and (
        engine_versions.version_key(version.version) < engine_versions.version_key(primary.version)
    ):
        raise invalid_value(f"Cannot downgrade from {primary.version} to {version.version}.")
    changes.update(engine=engine, version=version.version)
    if params.get("CacheParameterGroupName") and version.family == _family(primary):
        # As the AWS provider's documentation has it: "Specifying without a major version upgrade will fail."
        raise invalid_combination("CacheParameterGroupName is only for an upgrade to another parameter group family.")
    if params.get("CacheNodeType"):
        problem = global_datastore.node_type_problem(params["CacheNodeType"])
        if problem:
            raise invalid_value(f"CacheNodeType {problem}")
        changes["node_type"] = settings.node_type(params["CacheNodeType"], version)
    if params.get("AutomaticFailoverEnabled") is not None:
        for _, member in _members(context, group):
            replication_groups.check_availability(
                member.shards,
                failover=params["AutomaticFailoverEnabled"],
                multi_az=member.multi_az,
                cluster_enabled=member.cluster_enabled,
            )
        changes["automatic_failover"] = params["AutomaticFailoverEnabled"]
    if params.get("GlobalReplicationGroupDescription") is not None:
        group.description = params["GlobalReplicationGroupDescription"]
    for there, member in _members(context, group):
        for attribute, value in changes.items():
            setattr(member, attribute, value)
        if parameter_groups.find(there, member.parameter_group).family != version.family:
            name = params.get("CacheParameterGroupName")
            original = settings.parameter_group(there, name, version, cluster_enabled=member.cluster_enabled)
            member.parameter_group = parameter_groups.copy_for_global(there, original, group.id).name
    _begin(context, group, "modifying")
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


@operation("FailoverGlobalReplicationGroup")
def failover(context: Context, params: Params) -> Result:
    """Make a secondary the primary."""
    group = _available(context, params["GlobalReplicationGroupId"])
    region, id = params["PrimaryRegion"], params["PrimaryReplicationGroupId"].lower()
    if group.members.get(region) != id:
        raise invalid_value(f"{id} in {region} is no member of {group.id}.")
    if region == group.primary_region:
        raise invalid_value(f"{id} is the primary of {group.id} already.")
    group.primary_region = region
    for there, member in _members(context, group):
        member.global_role = "PRIMARY" if there.region == region else "SECONDARY"
    _begin(context, group, "modifying")
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


@operation("DisassociateGlobalReplicationGroup")
def disassociate(context: Context, params: Params) -> Result:
    """Let a secondary go; it stays as a replication group of its own."""
    group = _available(context, params["GlobalReplicationGroupId"])
    region, id = params["ReplicationGroupRegion"], params["ReplicationGroupId"].lower()
    if group.members.get(region) != id:
        raise invalid_value(f"{id} in {region} is no member of {group.id}.")
    if region == group.primary_region:
        raise invalid_combination(f"{id} is the primary of {group.id}, which cannot be disassociated.")
    member = replication_groups.find(context.in_region(region), id)
    member.global_id = member.global_role = None
    del group.members[region]
    _begin(context, group, "modifying")
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


@operation("IncreaseNodeGroupsInGlobalReplicationGroup")
def increase_node_groups(context: Context, params: Params) -> Result:
    """Add shards to all members."""
    group = _available(context, params["GlobalReplicationGroupId"])
    _reshard(context, group, params, larger=True)
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


@operation("DecreaseNodeGroupsInGlobalReplicationGroup")
def decrease_node_groups(context: Context, params: Params) -> Result:
    """Remove shards from all members."""
    group = _available(context, params["GlobalReplicationGroupId"])
    _reshard(context, group, params, larger=False)
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


def _check_immediate(params: Params) -> None:
    # botocore: "Modifications to Global Replication Groups cannot be requested to be applied in
    # PreferredMaintenceWindow", and for shards "the only permitted value for this parameter is true".
    if not params["ApplyImmediately"]:
        raise invalid_value("ApplyImmediately must be true: a global datastore has no maintenance window.")


def _family(primary: ReplicationGroup) -> str:
    return settings.engine_version(primary.engine, primary.version).family


def _check_regions(group: GlobalReplicationGroup, params: Params) -> None:
    for one in params.get("RegionalConfigurations") or []:
        region, id = one.get("ReplicationGroupRegion", ""), one.get("ReplicationGroupId", "").lower()
        if group.members.get(region) != id:
            raise invalid_value(f"{id} in {region} is no member of {group.id}.")


def _reshard(context: Context, group: GlobalReplicationGroup, params: Params, *, larger: bool) -> None:
    _check_immediate(params)
    _check_regions(group, params)
    _, primary = _primary(context, group)
    if not primary.cluster_enabled:
        raise invalid_value("Resharding needs cluster mode to be enabled.")
    count, current = params["NodeGroupCount"], len(primary.shards)
    if count < 1 or (count > current) != larger:
        raise invalid_value(f"Invalid NodeGroupCount: {count}. There are {current} node groups.")
    removed = [one.rpartition("-")[2] for one in params.get("GlobalNodeGroupsToRemove") or []]
    retained = [one.rpartition("-")[2] for one in params.get("GlobalNodeGroupsToRetain") or []]
    for there, member in _members(context, group):
        reshard(there, member, count, removed or None, retained or None)
    _begin(context, group, "modifying")


@operation("RebalanceSlotsInGlobalReplicationGroup")
def rebalance(context: Context, params: Params) -> Result:
    """Spread the slots evenly; here they always are."""
    group = _available(context, params["GlobalReplicationGroupId"])
    if not _primary(context, group)[1].cluster_enabled:
        raise invalid_value("Rebalancing slots needs cluster mode to be enabled.")
    _begin(context, group, "modifying")
    return {"GlobalReplicationGroup": _shown(context, group, members=True)}


@operation("DeleteGlobalReplicationGroup")
def delete(context: Context, params: Params) -> Result:
    """Dissolve a global datastore that has no secondary left; the primary may stay."""
    group = _available(context, params["GlobalReplicationGroupId"])
    if len(group.members) > 1:
        message = f"{group.id} has secondaries: disassociate them first."
        raise fault("InvalidGlobalReplicationGroupStateFault", message)
    there, primary = _primary(context, group)
    primary.global_id = primary.global_role = None
    shown = _shown(context, group, members=True)
    group.status = "deleting"
    keep = params["RetainPrimaryReplicationGroup"]

    def vanish() -> None:
        for one in context.everywhere():
            one.state.part(GlobalReplicationGroups).groups.pop(group.id, None)
        context.state.tags.pop(_arn(context, group), None)
        if not keep:
            replication_groups.delete(there, {"ReplicationGroupId": primary.id})

    context.state.after("global-replication-group-delete", vanish)
    return {"GlobalReplicationGroup": {**shown, "Status": "deleting"}}


def _arn(context: Context, group: GlobalReplicationGroup) -> str:
    # The ARN of a global datastore names no region.
    return f"arn:{context.partition}:elasticache::{context.account_id}:globalreplicationgroup:{group.id}"


def _shown(context: Context, group: GlobalReplicationGroup, *, members: bool) -> Result:
    _, primary = _primary(context, group)
    return {
        "GlobalReplicationGroupId": group.id,
        "GlobalReplicationGroupDescription": group.description,
        "Status": group.status,
        "CacheNodeType": primary.node_type,
        "Engine": primary.engine,
        "EngineVersion": engine_versions.actual_version(primary.engine, primary.version),
        "Members": [
            {
                "ReplicationGroupId": id,
                "ReplicationGroupRegion": region,
                "Role": "PRIMARY" if region == group.primary_region else "SECONDARY",
                "AutomaticFailover": "enabled" if primary.automatic_failover else "disabled",
                "Status": "associated",
            }
            for region, id in group.members.items()
        ]
        if members
        else None,
        "ClusterEnabled": primary.cluster_enabled,
        "GlobalNodeGroups": [
            {"GlobalNodeGroupId": f"{group.id}-{shard.id}", "Slots": shard.slots} for shard in primary.shards
        ]
        if primary.cluster_enabled
        else [],
        "AuthTokenEnabled": primary.auth_token,
        "TransitEncryptionEnabled": primary.tls,
        "AtRestEncryptionEnabled": primary.at_rest,
        "ARN": _arn(context, group),
    }
