"""A replication group that is created as a secondary of a global datastore."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import global_datastore
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import default_windows, log_support, settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations import parameter_groups, replication_groups
from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
    begin,
    check_available,
    find_anywhere,
    primary_of,
    tell,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups import access, layout, membership, quotas
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup, Shard

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.global_replication_groups.records import (
        GlobalReplicationGroup,
    )
    from cachewright_offline.cloud.elasticache.registry import Context, Params

_INHERITED: Final = (
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
    "ServerlessCacheSnapshotName",
    "AuthToken",
    "AutomaticFailoverEnabled",
    "ClusterMode",
    "DataTieringEnabled",
    "PrimaryClusterId",
    "Durability",
)


def make_secondary(context: Context, id: str, params: Params) -> ReplicationGroup:
    """Return a new secondary of a global datastore, with what it inherits from the primary."""
    group = find_anywhere(context, params["GlobalReplicationGroupId"])
    check_available(context, group)
    _check_place(context, group)
    for name in _INHERITED:
        if params.get(name) is not None:
            raise invalid_combination(f"{name} cannot be given for a member of a global datastore.")
    home, primary = primary_of(context, group)
    secondary = _made(context, id, params, group, primary)
    membership.check_ids_free(context, secondary.member_ids())
    quotas.check_region(context, len(secondary.member_ids()))
    secondary.parameter_group = _parameter_group(context, home, primary.parameter_group)
    group.status = "modifying"
    # The new one is not held: it is being created. Once it is listed, it is found.
    message = f"Replication group {id} was associated with global datastore {group.id}"
    begin(context, group, "modify", lambda: tell(context, id, message))
    group.members[context.region] = id
    group.joining.append(context.region)
    return secondary


def _check_place(context: Context, group: GlobalReplicationGroup) -> None:
    if global_datastore.region_problem(context.region):
        raise invalid_value(f"Global datastores are not available in {context.region}.")
    if context.in_region(group.primary_region).partition != context.partition:
        raise invalid_value(f"{context.region} is in another partition than {group.primary_region} of {group.id}.")
    if context.region in group.members:
        raise invalid_value(f"{group.id} has a member in {context.region} already.")
    if len(group.members) > limit("global_datastore_secondaries"):
        raise invalid_value(f"{group.id} has the most secondaries that are allowed.")


def _made(
    context: Context, id: str, params: Params, group: GlobalReplicationGroup, primary: ReplicationGroup
) -> ReplicationGroup:
    version = settings.engine_version(primary.engine, primary.version)
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    zones = settings.zones(context, subnets)
    settings.check_port(params.get("Port"))
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    snapshot_window, maintenance_window = default_windows.chosen(params)
    settings.check_topic(context, params.get("NotificationTopicArn"))
    log_support.check(params, version)
    if (params.get("NetworkType") or "ipv4") != "ipv4" or (params.get("IpDiscovery") or "ipv4") != "ipv4":
        raise invalid_combination("Global datastores do not support IPv6.")
    kms_key = settings.kms_key(context, params.get("KmsKeyId"))
    if kms_key and not primary.at_rest:
        raise invalid_combination("A KMS key needs encryption at rest to be enabled.")
    shards = _shards(params, primary, zones)
    multi_az = params.get("MultiAZEnabled", primary.multi_az)
    replication_groups.check_availability(
        shards, failover=primary.automatic_failover, multi_az=multi_az, cluster_enabled=primary.cluster_enabled
    )
    users = access.user_groups(context, params, version, tls=primary.tls, mode=primary.tls_mode)
    if users and primary.auth_token:
        raise invalid_combination("A user group cannot be given together with an AUTH token.")
    now = context.state.now()
    return ReplicationGroup(
        id=id,
        description=params["ReplicationGroupDescription"],
        engine=version.engine,
        version=version.version,
        node_type=primary.node_type,
        port=params.get("Port") or replication_groups.REDIS_PORT,
        parameter_group=primary.parameter_group,
        subnet_group=subnets.name if subnets else None,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        vpc_zones=zones,
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        shards=shards,
        cluster_mode=primary.cluster_mode,
        automatic_failover=primary.automatic_failover,
        multi_az=multi_az,
        at_rest=primary.at_rest,
        kms_key=kms_key,
        tls=primary.tls,
        tls_mode=primary.tls_mode,
        auth_token=primary.auth_token,
        token_changed=now if primary.auth_token else None,
        user_group_ids=users,
        snapshot_retention=params.get("SnapshotRetentionLimit") or 0,
        snapshot_window=snapshot_window,
        maintenance_window=maintenance_window,
        topic=params.get("NotificationTopicArn") or None,
        auto_minor=False,
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        data_tiering=primary.data_tiering,
        network_type="ipv4",
        ip_discovery="ipv4",
        durability=None,
        created=now,
        global_id=group.id,
        global_role="SECONDARY",
    )


def _shards(params: Params, primary: ReplicationGroup, zones: tuple[str, ...]) -> list[Shard]:
    """Return the primary's shards with nodes of the secondary's own: their number and zones are its own affair."""
    replicas = _replicas(params)
    configured: list[dict[str, Any]] = params.get("NodeGroupConfiguration") or []
    preferred: list[str] = params.get("PreferredCacheClusterAZs") or []
    if preferred and (configured or len(primary.shards) > 1):
        raise invalid_combination(
            "PreferredCacheClusterAZs is for a single node group without NodeGroupConfiguration: give zones there."
        )
    if preferred and len(preferred) != replicas + 1:
        raise invalid_combination("PreferredCacheClusterAZs must name one zone for each cluster.")
    settings.check_zones(preferred, zones)
    by_id = _configurations(configured, primary)
    return [
        Shard(
            one.number,
            one.slots,
            layout.configured_nodes(index, by_id[one.id], replicas, zones)
            if by_id
            else layout.spread_nodes(index, replicas, zones, preferred),
        )
        for index, one in enumerate(primary.shards)
    ]


def _replicas(params: Params) -> int:
    nodes, replicas = params.get("NumCacheClusters"), params.get("ReplicasPerNodeGroup")
    if nodes is not None and replicas is not None:
        raise invalid_combination("NumCacheClusters cannot be given with NumNodeGroups or ReplicasPerNodeGroup.")
    count: int = nodes - 1 if nodes is not None else replicas or 0
    layout.check_replicas(count)
    return count


def _configurations(configured: list[dict[str, Any]], primary: ReplicationGroup) -> dict[str, dict[str, Any]]:
    """Return the configuration of each shard by its id; the shards and their slots are the primary's."""
    if not configured:
        return {}
    ids = [shard.id for shard in primary.shards]
    if len(configured) != len(ids):
        raise invalid_combination(f"NodeGroupConfiguration must describe the {len(ids)} node groups of the primary.")
    by_id = {(one.get("NodeGroupId") or id).zfill(4): one for one, id in zip(configured, ids, strict=True)}
    if set(by_id) != set(ids):
        raise invalid_value(f"NodeGroupConfiguration must name the node groups of the primary: {', '.join(ids)}.")
    for shard in primary.shards:
        given = by_id[shard.id].get("Slots")
        if given and given != shard.slots:
            raise invalid_value(f"The slots of node group {shard.id} are those of the primary: {shard.slots}.")
    return by_id


def _parameter_group(context: Context, home: Context, name: str) -> str:
    """Return the name of the primary's parameter group, of which every member's region has a copy."""
    copied = copy.deepcopy(parameter_groups.find(home, name))
    context.state.part(parameter_groups.ParameterGroups).groups.setdefault(name, copied)
    context.state.tags.setdefault(context.state.arn("parametergroup", name), {})
    return name
