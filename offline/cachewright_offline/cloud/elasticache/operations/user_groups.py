"""User groups: which users a cache lets in."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.links import links
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCaches
from cachewright_offline.cloud.elasticache.operations.users import (
    DEFAULT_USER_NAME,
    Users,
    engine_of,
    memberships,
)
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.operations.serverless_records import ServerlessCache
    from cachewright_offline.cloud.elasticache.operations.users import User
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@dataclass(slots=True)
class UserGroup:
    """One user group.

    Attributes:
        id: Its id, in lower case.
        engine: `redis` or `valkey`.
        user_ids: Its users, in the order in which they came.
        status: `creating`, `active`, `modifying` or `deleting`.
        adding: Users that are being added.
        removing: Users that are being removed.
    """

    id: str
    engine: str
    user_ids: list[str]
    status: str = "creating"
    adding: list[str] = field(default_factory=list)
    removing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class UserGroups:
    """The user groups of a region.

    Attributes:
        by_id: The groups.
    """

    by_id: dict[str, UserGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many groups exist."""
        return {"elasticache_user_groups": len(self.by_id)}

    def find(self, group_id: str) -> UserGroup:
        """Return a group, or raise UserGroupNotFound."""
        group = self.by_id.get(group_id.lower())
        if group is None:
            raise fault("UserGroupNotFoundFault", f"UserGroup {group_id} not found.")
        return group


@operation("CreateUserGroup")
def create_user_group(context: Context, params: Params) -> Result:
    """Make a group of users."""
    groups = context.state.part(UserGroups)
    group_id = identifier(params, "UserGroupId", "user_group_id")
    if group_id in groups.by_id:
        raise fault("UserGroupAlreadyExistsFault", f"UserGroup {group_id} already exists.")
    engine = engine_of(params)
    user_ids = [user_id.lower() for user_id in params.get("UserIds") or ()]
    if len(user_ids) > limit("users_per_user_group"):
        message = f"The number of users exceeds the user group limit of {limit('users_per_user_group')}."
        raise fault("UserGroupQuotaExceededFault", message)
    _check_members(context, engine, user_ids, joining=user_ids)
    tags = new_tags(params)
    if len(groups.by_id) >= limit("user_groups_per_region"):
        raise fault("UserGroupQuotaExceededFault", f"Quota of {limit('user_groups_per_region')} user groups exceeded.")
    group = groups.by_id[group_id] = UserGroup(group_id, engine, user_ids)
    context.state.tags[arn(context, group_id)] = tags
    context.state.after("user-group-create", lambda: _finish(group))
    context.state.record_event("user-group", group_id, f"User group {group_id} has been created.")
    return shown(context, group)


@operation("ModifyUserGroup")
def modify_user_group(context: Context, params: Params) -> Result:
    """Add users to a group and remove others, in one step."""
    group = context.state.part(UserGroups).find(params["UserGroupId"])
    _check_active(group, "modified")
    adding = [user_id.lower() for user_id in params.get("UserIdsToAdd") or ()]
    removing = [user_id.lower() for user_id in params.get("UserIdsToRemove") or ()]
    engine = engine_of(params) if "Engine" in params else group.engine
    if not adding and not removing and "Engine" not in params:
        raise invalid_combination("At least one of UserIdsToAdd, UserIdsToRemove and Engine must be given.")
    if set(adding) & set(removing):
        both = min(set(adding) & set(removing))
        raise invalid_combination(f"User {both} cannot be both added and removed.")
    for user_id in adding:
        context.state.part(Users).find(user_id)
        if user_id in group.user_ids:
            raise invalid_value(f"User {user_id} is already a member of user group {group.id}.")
    for user_id in removing:
        # A user that is gone has left its groups: to AWS it is no member, not one that it cannot find.
        if user_id not in group.user_ids:
            raise invalid_value(f"User {user_id} is not a member of user group {group.id}.")
    members = [user_id for user_id in group.user_ids if user_id not in removing] + adding
    # The engine of a member may have been changed since it came; that is no reason to refuse others.
    _check_members(context, engine, members, joining=adding if engine == group.engine else members)
    group.engine, group.adding, group.removing, group.status = engine, adding, removing, "modifying"
    answer = shown(context, group)
    context.state.after("user-group-modify", lambda: _finish(group))
    _show_caches_modifying(context, group.id, "user-group-modify")
    context.state.record_event("user-group", group.id, f"User group {group.id} has been modified.")
    return answer


@operation("DeleteUserGroup")
def delete_user_group(context: Context, params: Params) -> Result:
    """Delete a group that no cache uses."""
    groups = context.state.part(UserGroups)
    group = groups.find(params["UserGroupId"])
    _check_active(group, "deleted")
    users_of_it = [*_replication_groups(context, group.id), *_serverless_caches(context, group.id)]
    if users_of_it:
        message = f"User group {group.id} is associated with {', '.join(users_of_it)} and cannot be deleted."
        raise fault("InvalidUserGroupStateFault", message)
    group.status = "deleting"

    def remove() -> None:
        del groups.by_id[group.id]
        context.state.tags.pop(arn(context, group.id), None)
        context.state.record_event("user-group", group.id, f"User group {group.id} has been deleted.")

    context.state.after("user-group-delete", remove)
    return shown(context, group)


@operation("DescribeUserGroups")
def describe_user_groups(context: Context, params: Params) -> Result:
    """Show user groups."""
    groups = context.state.part(UserGroups)
    if "UserGroupId" in params:
        return {"UserGroups": [shown(context, groups.find(params["UserGroupId"]))]}
    chosen, marker = page(groups.by_id.values(), params, lambda group: group.id)
    return {"UserGroups": [shown(context, group) for group in chosen], "Marker": marker}


def arn(context: Context, group_id: str) -> str:
    """Return a user group's ARN."""
    return context.state.arn("usergroup", group_id)


def shown(context: Context, group: UserGroup) -> Result:
    """Return a user group as answers show it."""
    users = [context.state.part(Users).by_id[user_id] for user_id in group.user_ids]
    oldest = "7.2" if group.engine == "valkey" else "6.0"
    return {
        "UserGroupId": group.id,
        "Status": group.status,
        "Engine": group.engine,
        "UserIds": list(group.user_ids),
        "MinimumEngineVersion": max([oldest, *(user.minimum_engine_version for user in users)]),
        "PendingChanges": {"UserIdsToRemove": group.removing, "UserIdsToAdd": group.adding}
        if group.adding or group.removing
        else None,
        "ReplicationGroups": _replication_groups(context, group.id),
        "ServerlessCaches": _serverless_caches(context, group.id),
        "ARN": arn(context, group.id),
    }


def _replication_groups(context: Context, group_id: str) -> list[str]:
    groups = context.state.part(ReplicationGroups).groups.values()
    return sorted(group.id for group in groups if group_id in group.user_groups)


def _serverless_caches(context: Context, group_id: str) -> list[str]:
    caches = context.state.part(ServerlessCaches).by_name.values()
    return sorted(cache.name for cache in caches if cache.user_group_id == group_id)


def _check_members(context: Context, engine: str, user_ids: list[str], *, joining: list[str]) -> None:
    """Raise the fault for a group of these users, of which some join it, or its new engine."""
    users = [context.state.part(Users).find(user_id) for user_id in user_ids]
    if len(set(user_ids)) != len(user_ids):
        raise invalid_value("The list of user ids contains duplicates.")
    most = limit("users_per_user_group")
    if len(users) > most:
        raise invalid_value(f"A user group can have at most {most} users, but it would have {len(users)}.")
    for user in users:
        if user.id in joining and user.status == "deleting":
            raise fault("UserNotFoundFault", f"User {user.id} not found.")
    name, times = Counter(user.name for user in users).most_common(1)[0] if users else ("", 0)
    if times > 1:
        raise fault("DuplicateUserNameFault", f"The user group would contain more than one user with name {name}.")
    for user in users:
        if user.id in joining and not _may_join(engine, user):
            kind = "No password user" if user.authentication == "no-password" else f"User of engine {user.engine}"
            named = {"redis": "Redis", "valkey": "Valkey"}[engine]
            raise invalid_value(f"{kind} {user.id} cannot be added to user group with engine {named}")
    if engine == "redis" and not any(user.name == DEFAULT_USER_NAME for user in users):
        message = "Redis user group needs to contain a user with the user name default."
        raise fault("DefaultUserRequired", message)


def _may_join(engine: str, user: User) -> bool:
    """Tell whether a group of an engine may have a user.

    Groups of Valkey take users of both engines that have a password or use IAM; source: AWS's user guide,
    "Role-Based Access Control (RBAC)".
    """
    if engine == "valkey":
        return user.authentication != "no-password"
    return user.engine == engine


def _check_active(group: UserGroup, change: str) -> None:
    if group.status != "active":
        message = f"User group {group.id} has status {group.status}. Only active user groups can be {change}."
        raise fault("InvalidUserGroupStateFault", message)


def _finish(group: UserGroup) -> None:
    if group.status in {"creating", "modifying"}:
        group.user_ids = [user_id for user_id in group.user_ids if user_id not in group.removing] + group.adding
        group.adding, group.removing, group.status = [], [], "active"


def _groups_with(context: Context, user_id: str) -> list[UserGroup]:
    groups = context.state.part(UserGroups).by_id.values()
    return [group for group in groups if user_id in group.user_ids]


def _check_change(context: Context, user: User) -> None:
    """Refuse to take the password from a user that is in a group of Valkey.

    Its engine may be changed in any group: an infrastructure tool changes the users before the group that has them.
    """
    for group in _groups_with(context, user.id):
        if group.engine == "valkey" and not _may_join(group.engine, user):
            message = (
                f"User {user.id} is in the user group {group.id} of the engine {group.engine}, which it would not fit."
            )
            raise invalid_combination(message)


def _show_change(context: Context, user_id: str) -> None:
    """Show a user's groups, and the caches that have them, as being modified for as long as the user is."""
    for group in _groups_with(context, user_id):
        if group.status == "active":
            group.status = "modifying"
            context.state.after("user-modify", functools.partial(_finish, group))
            _show_caches_modifying(context, group.id, "user-modify")


def _show_caches_modifying(context: Context, group_id: str, transition: str) -> None:
    for cache in context.state.part(ReplicationGroups).groups.values():
        if group_id in cache.user_group_ids and cache.status == "available":
            cache.status = "modifying"
            context.state.after(transition, functools.partial(_show_available, cache))
    for serverless in context.state.part(ServerlessCaches).by_name.values():
        if serverless.user_group_id == group_id and serverless.status == "available":
            serverless.status = "modifying"
            context.state.after(transition, functools.partial(_show_available, serverless))


def _show_available(cache: ReplicationGroup | ServerlessCache) -> None:
    if cache.status == "modifying":
        cache.status = "available"


def _check_removal(context: Context, user: User) -> None:
    """Refuse to delete the user that a group of engine redis needs."""
    for group in _groups_with(context, user.id):
        if group.engine == "redis" and user.name == DEFAULT_USER_NAME:
            message = "User is associated to user group(s) as a default user and can't be deleted."
            raise fault("DefaultUserAssociatedToUserGroupFault", message)


def _forget(context: Context, user_id: str) -> None:
    for group in context.state.part(UserGroups).by_id.values():
        for user_ids in (group.user_ids, group.adding, group.removing):
            if user_id in user_ids:
                user_ids.remove(user_id)


memberships.group_ids = lambda context, user_id: sorted(group.id for group in _groups_with(context, user_id))
memberships.check_change = _check_change
memberships.show_change = _show_change
memberships.check_removal = _check_removal
memberships.forget = _forget


class AttachableUserGroups:
    """What replication groups and serverless caches ask of user groups."""

    def check_attachable(self, context: Context, user_group_ids: list[str], engine: str) -> None:
        """Raise the fault that AWS gives when these groups cannot be attached to a cache of this engine."""
        groups = [context.state.part(UserGroups).find(group_id) for group_id in user_group_ids]
        most = limit("user_groups_per_cache")
        if len(groups) > most:
            raise invalid_value(f"A cache can have at most {most} user group, but {len(groups)} were given.")
        for group in groups:
            _check_active(group, "associated with a cache")
            if group.engine == "valkey" and engine != "valkey":
                message = f"User group {group.id} is of engine valkey and cannot be associated with a {engine} cache."
                raise invalid_combination(message)


links.user_groups = AttachableUserGroups()
