"""ModifyReplicationGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.elasticache import default_windows, log_support, network_types, settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations import parameter_groups, subnet_groups
from cachewright_offline.cloud.elasticache.operations.replication_groups import (
    access,
    durability,
    engine_changes,
    pending,
    promotion,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.availability import check_availability
from cachewright_offline.cloud.elasticache.operations.replication_groups.creation import (
    check_description,
    check_security_group_names,
)
from cachewright_offline.cloud.elasticache.operations.replication_groups.description import shown
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import available, begin
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_PLAIN: Final = {
    "ReplicationGroupDescription": "description",
    "AutoMinorVersionUpgrade": "auto_minor",
    "Durability": "durability",
    "SnapshotRetentionLimit": "snapshot_retention",
    "SnapshotWindow": "snapshot_window",
}
# They say which group, how and when; NodeGroupId is deprecated and not used.
_NO_CHANGE: Final = frozenset({"ReplicationGroupId", "NodeGroupId", "ApplyImmediately"})
_NOTHING: Final = "No modifications were requested"
_OF_GLOBAL: Final = ("CacheNodeType", "EngineVersion", "Engine", "CacheParameterGroupName", "AutomaticFailoverEnabled")


@operation("ModifyReplicationGroup")
def modify(context: Context, params: Params) -> Result:
    """Change a group: at once, or what nodes have to be changed for in the maintenance window."""
    group = available(context, params["ReplicationGroupId"])
    immediately = bool(params.get("ApplyImmediately"))
    requested = {name for name, value in params.items() if value is not None and value != []} - _NO_CHANGE
    if not requested and not (immediately and group.pending):
        raise invalid_combination(_NOTHING)
    if group.global_id and any(params.get(name) is not None for name in _OF_GLOBAL):
        message = f"Replication group {group.id} is part of a global cluster {group.global_id}. Request rejected."
        raise fault("InvalidReplicationGroupStateFault", message)
    if group.global_id and params.get("AutoMinorVersionUpgrade"):
        message = f"AutoMinorVersionUpgrade cannot be enabled while {group.id} belongs to {group.global_id}."
        raise invalid_combination(message)
    changes = _checked(context, group, params)
    at_once, waiting = pending.split(group, changes)
    if not (at_once or waiting or changes.keys() & group.pending.keys() or (immediately and group.pending)):
        raise invalid_combination(_NOTHING)
    if "parameter_group" in at_once:
        _await_reboots(context, group, at_once["parameter_group"])
    for name, value in at_once.items():
        setattr(group, name, value)
    pending.add(group, changes, waiting)
    if immediately and group.pending:
        pending.apply_now(context, group)
    else:
        soon = pending.apply_soon(context, group, waiting)
        if not soon and (at_once or not waiting):
            begin(context, group, "modifying", "modify")
        pending.apply_in_window(context, group)
    if at_once.keys() & {"snapshot_retention", "snapshot_window"}:
        links.snapshots.take_daily(context, "replication-group", group.id)
    return {"ReplicationGroup": shown(context, group)}


def _await_reboots(context: Context, group: ReplicationGroup, name: str) -> None:
    """Note that the nodes hold some parameters of another group only after a reboot."""
    old, new = (parameter_groups.find(context, one) for one in (group.parameter_group, name))
    if parameter_groups.needs_reboot(old, new):
        for id in group.member_ids():
            context.state.part(Reboots).await_nodes((id, group.created), {1})


def _checked(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    """Return the attributes that a request sets; nothing is changed yet, so a refusal leaves the group alone."""
    check_security_group_names(params)
    if params.get("ReplicationGroupDescription") is not None:
        check_description(params["ReplicationGroupDescription"])
    durability.check_change(group, params.get("Durability"))
    changes = {name: params[key] for key, name in _PLAIN.items() if params.get(key) is not None}
    told = network_types.discovery(params, group.network_type)
    if told is not None:
        changes["ip_discovery"] = told
    changes.update(_windows(group, params))
    changes.update(_snapshotting(group, params))
    changes.update(_notification(context, params))
    if params.get("SecurityGroupIds"):
        subnets = subnet_groups.find(context, group.subnet_group) if group.subnet_group else None
        changes["security_groups"] = settings.security_groups(context, params["SecurityGroupIds"], subnets)
    changes.update(engine_changes.changes(context, group, params))
    changes.update(access.changes(context, group, params))
    if params.get("LogDeliveryConfigurations"):
        engine, version = changes.get("engine", group.engine), changes.get("version", group.version)
        log_support.check(params, settings.engine_version(engine, version))
        changes["logs"] = settings.log_deliveries(context, params["LogDeliveryConfigurations"], group.logs)
    changes.update(_availability(group, params))
    if params.get("PrimaryClusterId"):
        id = params["PrimaryClusterId"].lower()
        will_fail_over = changes.get("automatic_failover", group.automatic_failover)
        promotion.check_promotion(group, id, failover=will_fail_over)
        if id != group.member_id(group.shards[0], group.shards[0].primary_node):
            changes["primary_id"] = id
    return changes


def _windows(group: ReplicationGroup, params: Params) -> dict[str, Any]:
    settings.check_retention(params.get("SnapshotRetentionLimit"))
    snapshot = params.get("SnapshotWindow")
    maintenance = (params.get("PreferredMaintenanceWindow") or "").lower()
    retention = params.get("SnapshotRetentionLimit")
    if maintenance and not snapshot and not (group.snapshot_retention if retention is None else retention):
        settings.check_windows(None, maintenance)
        moved = default_windows.idle_snapshot_window(group.snapshot_window, maintenance)
        return {"maintenance_window": maintenance, "snapshot_window": moved}
    if snapshot or maintenance:
        settings.check_windows(snapshot or group.snapshot_window, maintenance or group.maintenance_window)
    return {"maintenance_window": maintenance} if maintenance else {}


def _snapshotting(group: ReplicationGroup, params: Params) -> dict[str, Any]:
    id = params.get("SnapshottingClusterId")
    if not id:
        return {}
    if group.cluster_enabled:
        raise invalid_combination("Cannot set snapshotting cluster for cluster mode enabled replication group")
    if group.member(id) is None:
        raise fault("CacheClusterNotFoundFault", f"CacheCluster not found: {id}")
    return {"snapshotting": id.lower()}


def _notification(context: Context, params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if params.get("NotificationTopicArn") is not None:
        settings.check_topic(context, params["NotificationTopicArn"])
        changes.update(topic=params["NotificationTopicArn"] or None, topic_status="active")
    status = params.get("NotificationTopicStatus")
    if status is not None:
        if status not in {"active", "inactive"}:
            raise invalid_value(f"Invalid NotificationTopicStatus: {status}. Must be active or inactive.")
        changes["topic_status"] = status
    return changes


def _availability(group: ReplicationGroup, params: Params) -> dict[str, Any]:
    asked = {
        name: params[key]
        for key, name in (("AutomaticFailoverEnabled", "automatic_failover"), ("MultiAZEnabled", "multi_az"))
        if params.get(key) is not None
    }
    if not asked:
        return {}
    on = asked.get("automatic_failover", group.automatic_failover)
    multi_az = asked.get("multi_az", group.multi_az)
    if group.cluster_enabled and not on:
        message = "Turning off automatic failover for replication group with cluster mode enabled is not supported."
        raise invalid_combination(message)
    if durability.is_logged(group.durability) and not multi_az:
        raise invalid_combination(f"Durability {group.durability} requires Multi-AZ.")
    check_availability(group.shards, failover=on, multi_az=multi_az, cluster_enabled=group.cluster_enabled)
    return asked
