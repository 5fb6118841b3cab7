"""CreateReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions, names, node_types
from cachewright_offline.cloud.elasticache import default_windows, log_support, network_types, settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    access,
    durability,
    existing_cluster,
    layout,
    membership,
    quotas,
    seeding,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.availability import check_availability
from cachewright_offline.cloud.elasticache.operations.replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import (
    REDIS_PORT,
    ReplicationGroup,
    ReplicationGroups,
    arn,
    begin,
)
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import Shard
    from cachewright_offline.cloud.elasticache.operations.replication_groups.seeding import Seed
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_NO_SECURITY_GROUPS: Final = "Use of cache security groups is not permitted in this API version for your account."


@operation("CreateReplicationGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group: empty, from a snapshot, around an existing cluster, or as a secondary of a global datastore."""
    id = identifier(params, "ReplicationGroupId", "replication_group_id")
    kept = context.state.part(ReplicationGroups)
    if id in kept.groups:
        raise fault("ReplicationGroupAlreadyExistsFault", f"Replication group {id} already exists.")
    check_description(params["ReplicationGroupDescription"])
    check_security_group_names(params)
    tags = new_tags(params)
    if params.get("GlobalReplicationGroupId"):
        from cachewright_offline.cloud.elasticache.operations import global_replication_groups

        group = global_replication_groups.make_secondary(context, id, params)
    elif params.get("PrimaryClusterId"):
        group = existing_cluster.adopted(context, id, params)
    else:
        group = make(context, id, params)
        membership.check_ids_free(context, group.member_ids())
        quotas.check_region(context, len(group.member_ids()))
    kept.put(group)
    context.state.tags[arn(context, group)] = tags
    begin(context, group, "creating", "create", lambda: _announce(context, group))
    if params.get("SnapshotName"):
        links.snapshots.begin_restoring(context, params["SnapshotName"], "replication-group-create")
    links.snapshots.take_daily(context, "replication-group", id)
    return {"ReplicationGroup": shown(context, group)}


def _announce(context: Context, group: ReplicationGroup) -> None:
    context.state.record_event("replication-group", group.id, f"Replication group {group.id} created")
    membership.announce(context, group, group.member_ids())


def check_description(text: str) -> None:
    """Refuse a description that is empty or too long."""
    problem = names.problem("description", text)
    if problem is not None:
        raise invalid_value(f"The parameter ReplicationGroupDescription {problem}.")


def check_security_group_names(params: Params) -> None:
    """Refuse EC2-Classic's security groups in AWS's words."""
    if params.get("CacheSecurityGroupNames"):
        raise invalid_value(_NO_SECURITY_GROUPS)


def make(context: Context, id: str, params: Params) -> ReplicationGroup:
    """Return a group as a request describes it, everything checked."""
    seed = seeding.chosen(context, params)
    version = _version(params, seed)
    node_type = settings.node_type(params.get("CacheNodeType") or seed.node_type, version)
    tiered = data_tiering(params, node_type)
    subnets = settings.subnet_group(context, params.get("CacheSubnetGroupName"))
    settings.check_port(params.get("Port"))
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    snapshot_window, maintenance_window = default_windows.chosen(params)
    settings.check_topic(context, params.get("NotificationTopicArn"))
    log_support.check(params, version)
    zones = settings.zones(context, subnets)
    shape = layout.chosen(context, params, version, zones, seed)
    cluster_enabled = shape.cluster_mode == "enabled"
    seeding.check_fits(seed, version, cluster_enabled=cluster_enabled, data_tiering=tiered)
    tls, mode = access.encryption_in_transit(params, version)
    has_token = access.token(params, tls=tls, mode=mode)
    users = access.user_groups(context, params, version, tls=tls, mode=mode)
    failover, multi_az = _availability(params, shape.shards, cluster_enabled=cluster_enabled)
    setting = params.get("Durability")
    durability.check_possible(
        setting, version, node_type, shape.shards, cluster_enabled=cluster_enabled, multi_az=multi_az, tls=tls
    )
    at_rest, kms_key = _encryption_at_rest(context, params, version, setting)
    network_type, ip_discovery = network_types.chosen(params, version, node_type, subnets)
    now = context.state.now()
    return ReplicationGroup(
        id=id,
        description=params["ReplicationGroupDescription"],
        engine=version.engine,
        version=version.version,
        node_type=node_type,
        port=params.get("Port") or REDIS_PORT,
        parameter_group=shape.parameter_group,
        subnet_group=subnets.name if subnets else None,
        subnet_ids=[one.id for one in subnets.subnets] if subnets else [],
        vpc_zones=zones,
        security_groups=settings.security_groups(context, params.get("SecurityGroupIds"), subnets),
        shards=shape.shards,
        cluster_mode=shape.cluster_mode,
        automatic_failover=failover,
        multi_az=multi_az,
        at_rest=at_rest,
        kms_key=kms_key,
        tls=tls,
        tls_mode=mode,
        auth_token=has_token,
        token_changed=now if has_token else None,
        user_group_ids=users,
        snapshot_retention=params.get("SnapshotRetentionLimit") or 0,
        snapshot_window=snapshot_window,
        maintenance_window=maintenance_window,
        topic=params.get("NotificationTopicArn") or None,
        auto_minor=params.get("AutoMinorVersionUpgrade", True),
        logs=settings.log_deliveries(context, params.get("LogDeliveryConfigurations"), {}),
        data_tiering=tiered,
        network_type=network_type,
        ip_discovery=ip_discovery,
        durability=setting,
        created=now,
    )


def _version(params: Params, seed: Seed) -> EngineVersion:
    engine = (params.get("Engine") or seed.engine or "redis").lower()
    if engine == "memcached":
        raise invalid_value("Invalid Engine: memcached. A replication group runs redis or valkey.")
    wanted = params.get("EngineVersion")
    if not wanted and seed.version and engine == seed.engine:
        latest = engine_versions.latest_of_major(engine, seed.version)
        wanted = latest.version if latest else seed.version
    return settings.engine_version(engine, wanted)


def data_tiering(params: Params, node_type: str) -> bool:
    """Return whether nodes keep data on disk, too: those with one must, others cannot."""
    tiered = bool(params.get("DataTieringEnabled"))
    kind = node_types.find(node_type)
    if kind is not None and kind.data_tiering and not tiered:
        raise invalid_combination(f"When using the {node_type} node type, you must enable data tiering.")
    if kind is not None and tiered and not kind.data_tiering:
        raise invalid_combination(f"Data tiering is not supported on {node_type}.")
    return tiered


def _availability(params: Params, shards: list[Shard], *, cluster_enabled: bool) -> tuple[bool, bool]:
    failover, multi_az = params.get("AutomaticFailoverEnabled"), bool(params.get("MultiAZEnabled"))
    if cluster_enabled:
        if failover is False:
            message = "Redis with cluster mode enabled cannot be created with auto failover turned off."
            raise invalid_combination(message)
        failover = True
    check_availability(shards, failover=bool(failover), multi_az=multi_az, cluster_enabled=cluster_enabled)
    return bool(failover), multi_az


def _encryption_at_rest(
    context: Context, params: Params, version: EngineVersion, setting: Any
) -> tuple[bool, str | None]:
    at_rest = params.get("AtRestEncryptionEnabled")
    if durability.is_logged(setting):
        at_rest = True
    if at_rest is None:
        # Valkey is encrypted at rest unless the request says otherwise; Redis OSS is not.
        at_rest = version.engine == "valkey"
    kms_key = settings.kms_key(context, params.get("KmsKeyId"))
    if kms_key and not at_rest:
        raise invalid_combination("A KMS key needs encryption at rest to be enabled.")
    return at_rest, kms_key
