"""ModifyCacheCluster: what changes at once, and what nodes take now or in the maintenance window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache import (
    default_windows,
    log_support,
    memcached_items,
    network_types,
    settings,
)
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.maintenance import next_opening
from cachewright_offline.cloud.elasticache.operations import parameter_groups, subnet_groups
from cachewright_offline.cloud.elasticache.operations.cache_cluster_nodes import changed_az_mode, changed_nodes
from cachewright_offline.cloud.elasticache.operations.cache_clusters import (
    CacheClusters,
    begin,
    check_available,
    find,
    find_member,
    member_status,
    record_event,
    shown,
    shown_member,
)
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import operation, operations, resumption

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster, Member
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# What a request may change through a member: settings of its replication group that have no other meaning there.
_OF_MEMBERS: Final = frozenset(
    {
        *("ApplyImmediately", "AutoMinorVersionUpgrade", "CacheParameterGroupName", "NotificationTopicArn"),
        *("NotificationTopicStatus", "PreferredMaintenanceWindow", "SecurityGroupIds", "SnapshotRetentionLimit"),
        "SnapshotWindow",
    }
)
# They say which cluster and when.
_NO_CHANGE: Final = frozenset({"CacheClusterId", "ApplyImmediately"})
# From the user guide, "On-demand scaling for Memcached clusters": least, most, and what holds when it is not given.
_SCALING: Final = {"ScalePercentage": (10, 100, 20), "ScaleIntervalMinutes": (2, 30, 5)}
_SCALES_FROM: Final = "1.5"


@operation("ModifyCacheCluster")
def modify(context: Context, params: Params) -> Result:
    """Change a cluster; more and fewer nodes, too."""
    member = find_member(context, params["CacheClusterId"])
    if member is not None:
        return _modify_member(context, member, params)
    cluster = find(context, params["CacheClusterId"])
    check_available(cluster.id, cluster.status)
    requested = {name for name, value in params.items() if value is not None and value != []} - _NO_CHANGE
    if not requested and not (params.get("ApplyImmediately") and cluster.pending):
        raise invalid_combination("No modifications were requested")
    # Everything is checked before anything is changed.
    version = _version(cluster, params)
    settled = _settled_changes(context, cluster, params, version)
    waiting = _waiting_changes(context, cluster, params, version, settled.get("az_mode", cluster.az_mode))
    scale = _scale(cluster, params)
    for name, value in settled.items():
        setattr(cluster, name, value)
    if waiting.get("nodes") == cluster.nodes:
        # As many nodes as there are: what was pending is cancelled.
        del waiting["nodes"]
        cluster.pending.pop("nodes", None)
    if "version" not in {**cluster.pending, **waiting}:
        # Only a group for a version that is still to come waits with it.
        _change_parameter_group(context, cluster, waiting.pop("parameter_group", cluster.parameter_group))
    cluster.pending.update(waiting)
    if "node_type" in waiting:
        cluster.scale = scale
    if "nodes" in waiting:
        way = "Increasing" if len(waiting["nodes"]) > len(cluster.nodes) else "Decreasing"
        record_event(context, cluster.id, f"{way} number of requested nodes")
    if not cluster.pending:
        cluster.apply_at = None
    elif params.get("ApplyImmediately"):
        _apply(context, cluster)
    else:
        _await_window(context, cluster)
    if settled.keys() & {"snapshot_retention", "snapshot_window"}:
        links.snapshots.take_daily(context, "cache-cluster", cluster.id)
    return {"CacheCluster": shown(context, cluster)}


def _modify_member(context: Context, member: Member, params: Params) -> Result:
    """Change a member's replication group, which all members have these settings from."""
    check_available(member.id, member_status(context, member))
    changes = {name: value for name, value in params.items() if name != "CacheClusterId"}
    for name in changes:
        if name not in _OF_MEMBERS:
            message = f"{name} cannot be modified on {member.id}: modify its replication group {member.group.id}."
            raise invalid_combination(message)
    operations()["ModifyReplicationGroup"](context, {"ReplicationGroupId": member.group.id, **changes})
    return {"CacheCluster": shown_member(context, member)}


def _version(cluster: CacheCluster, params: Params) -> EngineVersion:
    """Return the version that a cluster will have."""
    engine = (params.get("Engine") or cluster.engine).lower()
    if engine != cluster.engine:
        raise invalid_combination(f"The engine of {cluster.id} cannot be changed from {cluster.engine} to {engine}.")
    waiting = cluster.pending.get("version", cluster.version)
    version = settings.engine_version(engine, params.get("EngineVersion") or waiting)
    if engine_versions.version_key(version.version) < engine_versions.version_key(cluster.version):
        raise invalid_combination(f"Cannot downgrade from {cluster.version} to {version.version}.")
    return version


def _settled_changes(context: Context, cluster: CacheCluster, params: Params, version: EngineVersion) -> dict[str, Any]:
    """Return what changes at once, whenever nodes take the rest."""
    changes: dict[str, Any] = {}
    if params.get("CacheSecurityGroupNames"):
        raise invalid_value("Use of cache security groups is not permitted in this API version for your account.")
    if params.get("AuthToken") or params.get("AuthTokenUpdateStrategy"):
        raise invalid_combination("The AUTH token is only supported on replication groups.")
    if params.get("AutoMinorVersionUpgrade") is not None:
        changes["auto_minor"] = params["AutoMinorVersionUpgrade"]
    if params.get("IpDiscovery"):
        changes["ip_discovery"] = network_types.discovery(params, cluster.network_type)
    changes.update(_windows(cluster, params))
    changes.update(_notification(context, params))
    if params.get("SecurityGroupIds"):
        subnets = subnet_groups.find(context, cluster.subnet_group) if cluster.subnet_group else None
        changes["security_groups"] = settings.security_groups(context, params["SecurityGroupIds"], subnets)
    az_mode = changed_az_mode(cluster, params)
    if az_mode is not None:
        changes["az_mode"] = az_mode
    log_support.check(params, version)
    return changes


def _windows(cluster: CacheCluster, params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    retention, snapshot = params.get("SnapshotRetentionLimit"), params.get("SnapshotWindow") or None
    maintenance = (params.get("PreferredMaintenanceWindow") or "").lower() or None
    if cluster.engine == "memcached" and (retention or snapshot):
        raise invalid_combination("Snapshots are not supported for Memcached.")
    settings.check_retention(retention)
    is_idle = not (cluster.snapshot_retention if retention is None else retention)
    if maintenance and cluster.snapshot_window and not snapshot and is_idle:
        settings.check_windows(None, maintenance)
        changes["snapshot_window"] = default_windows.idle_snapshot_window(cluster.snapshot_window, maintenance)
    elif snapshot or maintenance:
        settings.check_windows(snapshot or cluster.snapshot_window, maintenance or cluster.maintenance_window)
    if retention is not None:
        changes["snapshot_retention"] = retention
    if snapshot is not None:
        changes["snapshot_window"] = snapshot
    if maintenance is not None:
        changes["maintenance_window"] = maintenance
    return changes


def _notification(context: Context, params: Params) -> dict[str, Any]:
    topic, status = params.get("NotificationTopicArn"), params.get("NotificationTopicStatus")
    if status not in {None, "active", "inactive"}:
        raise invalid_value(f"Invalid value for NotificationTopicStatus: {status}. Must be one of: active, inactive.")
    changes: dict[str, Any] = {}
    if topic is not None:
        settings.check_topic(context, topic)
        changes |= {"topic": topic or None, "topic_status": "active"}
    if status is not None:
        changes["topic_status"] = status
    return changes


def _waiting_changes(
    context: Context, cluster: CacheCluster, params: Params, version: EngineVersion, az_mode: str
) -> dict[str, Any]:
    """Return what nodes take now or in the maintenance window."""
    changes: dict[str, Any] = {}
    if params.get("EngineVersion") and version.version != cluster.version:
        changes["version"] = version.version
    node_type = params.get("CacheNodeType") or cluster.pending.get("node_type", cluster.node_type)
    settings.node_type(node_type, version)
    if node_type != cluster.node_type and params.get("CacheNodeType"):
        _check_scaling(cluster)
        changes["node_type"] = node_type
    current = parameter_groups.find(context, cluster.parameter_group)
    if params.get("CacheParameterGroupName"):
        group = settings.parameter_group(context, params["CacheParameterGroupName"], version)
        if group.cluster_enabled:
            raise invalid_combination(f"The parameter group {group.name} is for cluster mode, which a cluster has not.")
        if group.name != current.name:
            changes["parameter_group"] = group.name
    elif version.family != current.family and "version" in changes:
        if not current.is_default:
            message = (
                f"A cluster with the parameter group {current.name} needs one of the family {version.family} "
                f"to be upgraded to {version.version}."
            )
            raise invalid_combination(message)
        changes["parameter_group"] = settings.parameter_group(context, None, version).name
    if changes:
        taken = parameter_groups.find(context, changes.get("parameter_group", current.name))
        memcached_items.check(taken, version, node_type)
    if params.get("LogDeliveryConfigurations"):
        changes["logs"] = settings.log_deliveries(context, params["LogDeliveryConfigurations"], cluster.logs)
    nodes = changed_nodes(context, cluster, params, az_mode)
    if nodes is not None:
        changes["nodes"] = nodes
    return changes


def _check_scaling(cluster: CacheCluster) -> None:
    if cluster.engine == "memcached" and not engine_versions.at_least(cluster.version, _SCALES_FROM):
        message = (
            f"Vertical scaling is not supported for memcached {cluster.version}: it needs {_SCALES_FROM} or newer."
        )
        raise invalid_combination(message)


def _scale(cluster: CacheCluster, params: Params) -> dict[str, int] | None:
    """Return how a change of Memcached's node type proceeds."""
    given = params.get("ScaleConfig")
    if given is not None and cluster.engine != "memcached":
        raise invalid_combination("ScaleConfig is only supported for Memcached clusters.")
    if given is not None and not params.get("CacheNodeType"):
        raise invalid_combination("ScaleConfig needs CacheNodeType.")
    if cluster.engine != "memcached":
        return None
    found: dict[str, int] = {}
    for name, (least, most, usual) in _SCALING.items():
        value = (given or {}).get(name, usual)
        if not least <= value <= most:
            raise invalid_value(f"Invalid value for {name}: {value}. Must be between {least} and {most}.")
        found[name] = value
    return found


def _await_window(context: Context, cluster: CacheCluster) -> None:
    """Have what is pending applied when the next maintenance window opens."""
    moment = next_opening(cluster.maintenance_window, context.state.now())
    if cluster.apply_at == moment:
        return
    cluster.apply_at = moment
    _plan(context, cluster, moment)


def _plan(context: Context, cluster: CacheCluster, moment: datetime) -> None:
    def open_window() -> None:
        # The window may have been moved, what was pending applied or cancelled, and the cluster deleted since.
        exists = context.state.part(CacheClusters).clusters.get(cluster.id) is cluster
        if exists and cluster.apply_at == moment and cluster.status != "deleting":
            _apply(context, cluster)

    context.state.at(moment, open_window)


@resumption
def await_windows(context: Context) -> None:
    """Wait for the windows of clusters that were loaded with something pending."""
    for cluster in context.state.part(CacheClusters).clusters.values():
        if cluster.apply_at is not None:
            _plan(context, cluster, cluster.apply_at)


def _apply(context: Context, cluster: CacheCluster) -> None:
    """Have nodes take what is pending; until they have, it is shown as pending."""
    cluster.apply_at = None
    pending = cluster.pending
    transition = "nodes" if "nodes" in pending else "upgrade" if pending.keys() & {"version", "node_type"} else "modify"
    begin(context, cluster, "modifying", transition, lambda: _finish(context, cluster))


def _finish(context: Context, cluster: CacheCluster) -> None:
    pending, before = dict(cluster.pending), dict(cluster.nodes)
    cluster.pending.clear()
    cluster.scale = None
    for name, value in pending.items():
        setattr(cluster, name, value)
    if "nodes" in pending:
        _record_nodes(context, cluster, before.keys())
        context.state.part(Reboots).done(cluster.key, before.keys() - cluster.nodes.keys())
    if "version" in pending:
        record_event(context, cluster.id, "Cache cluster patched")
    if pending.keys() & {"version", "node_type"}:
        # The nodes were restarted or replaced for it, with the parameters of today.
        context.state.part(Reboots).done(cluster.key, cluster.nodes)
    if "node_type" in pending:
        record_event(context, cluster.id, f"Cache cluster scaled to node type {cluster.node_type}")


def _record_nodes(context: Context, cluster: CacheCluster, before: Any) -> None:
    for number in sorted(before - cluster.nodes.keys()):
        record_event(context, cluster.id, f"Removed cache node {number:04}")
    for number in sorted(cluster.nodes.keys() - before):
        zone = cluster.nodes[number].zone
        record_event(context, cluster.id, f"Added cache node {number:04} in availability zone {zone}")
    message = f"Finished modifying number of nodes from {len(before)} to {len(cluster.nodes)}"
    record_event(context, cluster.id, message)


def _change_parameter_group(context: Context, cluster: CacheCluster, name: str) -> None:
    """Give a cluster another group; what only a reboot changes waits for one."""
    old, new = (parameter_groups.find(context, one) for one in (cluster.parameter_group, name))
    cluster.parameter_group = new.name
    if parameter_groups.needs_reboot(old, new):
        context.state.part(Reboots).await_nodes(cluster.key, cluster.nodes)
