"""Changes that are not made yet: they are being applied, or wait for the maintenance window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright.catalog import engine_versions
from cachewright_offline.cloud.elasticache.maintenance import next_opening
from cachewright_offline.cloud.elasticache.operations.replication_groups import promotion
from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroups, begin
from cachewright_offline.cloud.elasticache.reboots import Reboots
from cachewright_offline.cloud.elasticache.registry import resumption

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Result

# What PendingModifiedValues can hold, of a group or of its members, by attribute; all else is changed at once.
WAITING: Final = frozenset(
    {
        "auth_token",
        "automatic_failover",
        "cluster_mode",
        "engine",
        "logs",
        "node_type",
        "primary_id",
        "shards",
        "tls",
        "tls_mode",
        "token_changed",
        "token_rotated",
        "user_group_ids",
        "version",
    }
)
# These follow from one of the others, or need it, and so wait together with it.
_FOLLOWING: Final = {
    "parameter_group": frozenset({"cluster_mode", "engine", "version"}),
    "multi_az": frozenset({"automatic_failover"}),
}
# Nodes take them without a restart: they are pending only for as long as that lasts.
_SOON: Final = frozenset({"user_group_ids"})
_REPLACING_NODES: Final = frozenset({"engine", "node_type", "version"})


def split(group: ReplicationGroup, changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return which of the changes are made at once, and which may have to wait; unchanged values are in neither."""
    changed = {
        name: value for name, value in changes.items() if not hasattr(group, name) or getattr(group, name) != value
    }
    waiting = {name for name in changed if name in WAITING}
    waiting |= {name for name, leaders in _FOLLOWING.items() if name in changed and leaders & waiting}
    now = {name: value for name, value in changed.items() if name not in waiting}
    return now, {name: changed[name] for name in changed if name in waiting}


def add(group: ReplicationGroup, changes: dict[str, Any], waiting: dict[str, Any]) -> None:
    """Note what is to change; what a request sets back to what it is need no longer change."""
    for name in changes:
        group.pending.pop(name, None)
    group.pending.update(waiting)


def apply_now(context: Context, group: ReplicationGroup, transition: str | None = None) -> None:
    """Apply everything that is pending, what waited for the window included."""
    group.window_opens = None
    if transition is None:
        transition = "upgrade" if _REPLACING_NODES & group.pending.keys() else "modify"
    begin(context, group, "modifying", transition, lambda: _apply(context, group, set(group.pending)))


def apply_soon(context: Context, group: ReplicationGroup, waiting: dict[str, Any]) -> bool:
    """Apply those of a request's changes that never wait for the window; return whether there are any.

    A user group that takes a token's place waits together with that.
    """
    soon = _SOON & waiting.keys() if "auth_token" not in group.pending else set()
    if soon:
        begin(context, group, "modifying", "modify", lambda: _apply(context, group, soon))
    return bool(soon)


def apply_in_window(context: Context, group: ReplicationGroup) -> None:
    """Have what is pending applied when the maintenance window opens; call it again when the window was moved."""
    if not group.pending:
        group.window_opens = None
        return
    opening = next_opening(group.maintenance_window, context.state.now())
    if group.window_opens == opening:
        return
    group.window_opens = opening
    _plan(context, group, opening)


def _plan(context: Context, group: ReplicationGroup, opening: datetime) -> None:
    context.state.at(opening, lambda: _open(context, group, opening))


@resumption
def await_windows(context: Context) -> None:
    """Wait for the windows of groups that were loaded with something pending."""
    for group in context.state.part(ReplicationGroups).groups.values():
        if group.window_opens is not None:
            _plan(context, group, group.window_opens)


def _open(context: Context, group: ReplicationGroup, opening: datetime) -> None:
    exists = context.state.part(ReplicationGroups).groups.get(group.id) is group
    if not exists or group.window_opens != opening:
        return
    group.window_opens = None
    if not group.pending:
        return
    if group.status == "available":
        apply_now(context, group)
    else:
        apply_in_window(context, group)


def _apply(context: Context, group: ReplicationGroup, names: AbstractSet[str]) -> None:
    changes = {name: group.pending.pop(name) for name in names & group.pending.keys()}
    primary = changes.pop("primary_id", None)
    if changes.get("cluster_mode") == "enabled":
        # The nodes keep the names that they have.
        for shard, node in group.members():
            node.cluster_id = group.member_id(shard, node)
        context.state.part(ReplicationGroups).note_members(group)
    for name, value in changes.items():
        setattr(group, name, value)
    if _REPLACING_NODES & changes.keys():
        # The nodes that take the place of the old ones run with the parameters of today.
        for id in group.member_ids():
            context.state.part(Reboots).forget(id)
    if primary is not None:
        promotion.promote(context, group, primary)
    _record(context, group, changes)


def _record(context: Context, group: ReplicationGroup, changes: dict[str, Any]) -> None:
    if "automatic_failover" in changes:
        word = "on" if group.automatic_failover else "off"
        message = f"Automatic failover has been turned {word} for replication group {group.id}"
        context.state.record_event("replication-group", group.id, message)
    if "node_type" in changes:
        message = f"Replication group {group.id} has been scaled to {group.node_type}"
        context.state.record_event("replication-group", group.id, message)
    if "version" in changes:
        actual = engine_versions.actual_version(group.engine, group.version)
        for member_id in group.member_ids():
            message = f"Cache node upgraded to {group.engine} {actual}"
            context.state.record_event("cache-cluster", member_id, message)


def of_group(context: Context, group: ReplicationGroup) -> Result:
    """Return what a replication group's PendingModifiedValues show."""
    pending = group.pending
    result: Result = {
        **_shared(group),
        "PrimaryClusterId": pending.get("primary_id"),
        "ClusterMode": pending.get("cluster_mode"),
    }
    if "automatic_failover" in pending:
        result["AutomaticFailoverStatus"] = "enabled" if pending["automatic_failover"] else "disabled"
    if group.resharding is not None:
        result["Resharding"] = {"SlotMigration": {"ProgressPercentage": _progress(context, *group.resharding)}}
    if "user_group_ids" in pending:
        old, new = set(group.user_group_ids), set(pending["user_group_ids"])
        result["UserGroups"] = {"UserGroupIdsToAdd": sorted(new - old), "UserGroupIdsToRemove": sorted(old - new)}
    return result


def _progress(context: Context, began: datetime, ends: datetime) -> float:
    """Return how much of a span of time is over, in percent."""
    whole, over = ends - began, context.state.now() - began
    return round(min(100 * (over / whole), 100.0), 2) if whole else 0.0


def of_member(group: ReplicationGroup) -> Result:
    """Return what the PendingModifiedValues of each member cluster show."""
    result: Result = {**_shared(group), "CacheNodeType": group.pending.get("node_type")}
    if "version" in group.pending:
        engine = group.pending.get("engine", group.engine)
        result["EngineVersion"] = engine_versions.actual_version(engine, group.pending["version"])
    return result


def _shared(group: ReplicationGroup) -> Result:
    pending = group.pending
    result: Result = {
        "TransitEncryptionEnabled": pending.get("tls"),
        "TransitEncryptionMode": pending.get("tls_mode"),
    }
    if "token_changed" in pending:
        result["AuthTokenStatus"] = "ROTATING" if pending.get("token_rotated", group.token_rotated) else "SETTING"
    if "logs" in pending:
        result["LogDeliveryConfigurations"] = [
            {name: value for name, value in log.items() if name not in {"Message", "Status"}}
            for kind, log in pending["logs"].items()
            if log != group.logs.get(kind)
        ]
    return result
