"""Who may connect, and how: encryption in transit, AUTH tokens and user groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright.catalog import features
from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.links import links

if TYPE_CHECKING:
    from cachewright.catalog.engine_versions import EngineVersion
    from cachewright_offline.cloud.elasticache.operations.replication_groups.records import ReplicationGroup
    from cachewright_offline.cloud.elasticache.registry import Context, Params

_ENCRYPTION = ("TransitEncryptionEnabled", "TransitEncryptionMode")
_MODES = frozenset({"preferred", "required"})
_STRATEGIES = frozenset({"SET", "ROTATE", "DELETE"})
_PREFERRED_EXCLUDES = "Transit encryption preferred is not supported with redis access control."


def encryption_in_transit(params: Params, version: EngineVersion) -> tuple[bool, str | None]:
    """Return whether a new group is encrypted in transit, and in which mode."""
    tls, mode = bool(params.get("TransitEncryptionEnabled")), params.get("TransitEncryptionMode")
    _check_mode(mode)
    if mode and not tls:
        raise invalid_combination("TransitEncryptionMode needs TransitEncryptionEnabled.")
    if mode == "preferred" and not features.supports(version.engine, version.version, "tls_in_place"):
        raise invalid_combination("Transit encryption mode preferred is not supported by this engine version.")
    return tls, (mode or "required") if tls else None


def _check_mode(mode: str | None) -> None:
    if mode is not None and mode not in _MODES:
        raise invalid_value(f"Invalid TransitEncryptionMode: {mode}. Must be preferred or required.")


def token(params: Params, *, tls: bool, mode: str | None) -> bool:
    """Return whether a new group has an AUTH token."""
    settings.check_token(params.get("AuthToken"), encrypted=tls)
    if params.get("AuthToken") and mode == "preferred":
        raise invalid_combination(_PREFERRED_EXCLUDES)
    return params.get("AuthToken") is not None


def user_groups(context: Context, params: Params, version: EngineVersion, *, tls: bool, mode: str | None) -> list[str]:
    """Return the user groups of a new group."""
    ids = [one.lower() for one in params.get("UserGroupIds") or []]
    if not ids:
        return []
    if params.get("AuthToken"):
        raise invalid_combination("A user group cannot be given together with an AUTH token.")
    _check_users(ids, version.engine, version.version, tls=tls, mode=mode)
    links.user_groups.check_attachable(context, ids, version.engine)
    return ids


def _check_users(ids: list[str], engine: str, version: str, *, tls: bool, mode: str | None) -> None:
    if not features.supports(engine, version, "rbac"):
        raise invalid_combination(f"User groups are not supported by {engine} {version}.")
    if not tls:
        raise invalid_combination("User groups need encryption in transit to be enabled.")
    if mode == "preferred":
        raise invalid_combination(_PREFERRED_EXCLUDES)
    if len(ids) > limit("user_groups_per_cache"):
        raise invalid_value("A replication group can have one user group at most.")


def changes(context: Context, group: ReplicationGroup, params: Params) -> dict[str, Any]:
    """Return what a request changes of a group's encryption in transit, AUTH token and user groups."""
    if group.user_group_ids and any(params.get(name) is not None for name in _ENCRYPTION):
        message = "Modification of transit encryption is not supported for access control enabled clusters."
        raise invalid_combination(message)
    tls, mode = _changed_encryption(group, params)
    users, added = _changed_users(group, params)
    changed = _changed_token(context, group, params, tls=tls, users=users)
    has_token = changed.get("auth_token", group.auth_token)
    if users and has_token:
        raise invalid_combination("A user group cannot be given together with an AUTH token.")
    if users:
        _check_users(users, group.engine, group.version, tls=tls, mode=mode)
    if added:
        links.user_groups.check_attachable(context, added, params.get("Engine", group.engine).lower())
    if has_token and not tls:
        raise invalid_combination("The AUTH token is only supported when encryption in transit is enabled.")
    if has_token and mode == "preferred":
        raise invalid_combination(_PREFERRED_EXCLUDES)
    if any(params.get(name) is not None for name in _ENCRYPTION):
        changed.update(tls=tls, tls_mode=mode)
    if any(params.get(name) for name in ("UserGroupIdsToAdd", "UserGroupIdsToRemove", "RemoveUserGroups")):
        changed["user_group_ids"] = users
    return changed


def _changed_encryption(group: ReplicationGroup, params: Params) -> tuple[bool, str | None]:
    _check_mode(params.get("TransitEncryptionMode"))
    tls = params.get("TransitEncryptionEnabled", group.tls)
    mode = params.get("TransitEncryptionMode") or (group.tls_mode if tls else None)
    if tls == group.tls and mode == group.tls_mode:
        return tls, mode
    if not features.supports(group.engine, group.version, "tls_in_place"):
        raise invalid_combination("This engine version does not support changing encryption in transit.")
    if tls and not group.tls and mode != "preferred":
        raise invalid_combination("To enable encryption in transit, set the mode to preferred first.")
    if not tls:
        if params.get("TransitEncryptionMode"):
            raise invalid_combination("TransitEncryptionMode needs TransitEncryptionEnabled.")
        if group.tls_mode != "preferred":
            raise invalid_combination("To disable encryption in transit, set the mode to preferred first.")
    return tls, mode


def _changed_users(group: ReplicationGroup, params: Params) -> tuple[list[str], list[str]]:
    """Return the user groups after a request, and those among them that it adds."""
    users = set() if params.get("RemoveUserGroups") else set(group.user_group_ids)
    removed = {one.lower() for one in params.get("UserGroupIdsToRemove") or []}
    unknown = removed - set(group.user_group_ids)
    if unknown:
        raise fault("UserGroupNotFoundFault", f"UserGroup {min(unknown)} not found.")
    added = [one.lower() for one in params.get("UserGroupIdsToAdd") or []]
    for one in added:
        if one in users - removed:
            raise invalid_value(f"User group {one} is associated with replication group {group.id} already.")
    return sorted((users - removed) | set(added)), added


def _changed_token(
    context: Context, group: ReplicationGroup, params: Params, *, tls: bool, users: list[str]
) -> dict[str, Any]:
    given, strategy = params.get("AuthToken"), params.get("AuthTokenUpdateStrategy")
    if strategy is not None and strategy not in _STRATEGIES:
        raise invalid_value(f"Invalid AuthTokenUpdateStrategy: {strategy}. Must be SET, ROTATE or DELETE.")
    now = context.state.now()
    if strategy == "DELETE":
        if given:
            raise invalid_combination("The AUTH token cannot be given with the update strategy DELETE.")
        if not group.auth_token:
            raise invalid_combination(f"Replication group {group.id} has no AUTH token to delete.")
        if not users:
            raise invalid_combination("The AUTH token can be deleted only together with adding a user group.")
        return {"auth_token": False, "token_rotated": False, "token_changed": now}
    if given is None:
        if strategy is not None:
            raise invalid_combination(f"The update strategy {strategy} must be given together with an AUTH token.")
        return {}
    settings.check_token(given, encrypted=tls)
    if not features.supports(group.engine, group.version, "auth_token_rotation"):
        raise invalid_combination("This engine version does not support changing the AUTH token.")
    if strategy == "SET" and group.auth_token and not group.token_rotated:
        raise invalid_combination("The update strategy SET is allowed only after ROTATE.")
    return {"auth_token": True, "token_rotated": strategy != "SET", "token_changed": now}
