"""Update actions: what a service update does to a cache, and how far it is."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheCluster, CacheClusters
from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups
from cachewright_offline.cloud.elasticache.operations.service_updates import check_enum, find
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.published_updates import published_updates
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroup
    from cachewright_offline.cloud.elasticache.published_updates import ServiceUpdate
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

_MOST_IDS: Final = 20
_MAY_BE_APPLIED: Final = frozenset({"not-applied", "stopped"})
_MAY_BE_STOPPED: Final = frozenset({"waiting-to-start", "in-progress"})

# An update's name, the id of a cache, and when that was made: one of the same id that is made later starts anew.
_Key: TypeAlias = "tuple[str, str, datetime]"


@dataclass(slots=True)
class Progress:
    """How far an update is on a cache.

    Attributes:
        status: As UpdateActionStatus has it.
        changed: Since when.
        initiated: When the customer asked for it.
        started: When the first node was updated.
    """

    status: str
    changed: datetime
    initiated: datetime
    started: datetime | None = None


@dataclass(slots=True)
class UpdateActions:
    """The update actions of a region that somebody has begun; all others are not applied."""

    begun: dict[_Key, Progress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """An update, and a cache that it is for: a replication group, or a cluster of its own."""

    update: ServiceUpdate
    cache: ReplicationGroup | CacheCluster

    @property
    def is_group(self) -> bool:
        """Whether the cache is a replication group."""
        return not isinstance(self.cache, CacheCluster)

    @property
    def key(self) -> _Key:
        """What the progress is kept by."""
        return self.update.name, self.cache.id, self.cache.created

    @property
    def name(self) -> Result:
        """The cache, as answers name it."""
        return {"ReplicationGroupId" if self.is_group else "CacheClusterId": self.cache.id}


@operation("DescribeUpdateActions")
def describe_update_actions(context: Context, params: Params) -> Result:
    """Show what service updates do to caches, or would do."""
    check_enum(params, "ServiceUpdateStatus")
    check_enum(params, "UpdateActionStatus")
    if params.get("ReplicationGroupIds") and params.get("CacheClusterIds"):
        raise invalid_combination("ReplicationGroupIds and CacheClusterIds cannot be given together.")
    _check_number(params)
    found = [one for one in _actions(context) if _is_meant(context, one, params)]
    chosen, marker = page(found, params, lambda one: f"{one.update.name}/{one.cache.id}", smallest=1)
    in_full = bool(params.get("ShowNodeLevelUpdateStatus"))
    return {"UpdateActions": [_shown(context, one, in_full=in_full) for one in chosen], "Marker": marker}


@operation("BatchApplyUpdateAction")
def batch_apply_update_action(context: Context, params: Params) -> Result:
    """Begin to apply a service update to caches."""
    return _batch(context, params, _apply)


@operation("BatchStopUpdateAction")
def batch_stop_update_action(context: Context, params: Params) -> Result:
    """Stop applying a service update to caches; nodes that have it keep it."""
    return _batch(context, params, _stop)


def _batch(context: Context, params: Params, act: Callable[[Context, Action], tuple[str, str] | None]) -> Result:
    update = find(params["ServiceUpdateName"])
    _check_number(params)
    if not params.get("ReplicationGroupIds") and not params.get("CacheClusterIds"):
        raise invalid_value("At least one of ReplicationGroupIds and CacheClusterIds must be given.")
    processed: list[Result] = []
    unprocessed: list[Result] = []
    actions = {tuple(one.name.items()): one for one in _actions(context) if one.update is update}
    for parameter, name, kind, missing in (
        ("ReplicationGroupIds", "ReplicationGroupId", "Replication group", "ReplicationGroupNotFoundFault"),
        ("CacheClusterIds", "CacheClusterId", "Cache cluster", "CacheClusterNotFound"),
    ):
        for id in params.get(parameter) or ():
            cache = {name: id.lower(), "ServiceUpdateName": update.name}
            action = actions.get(((name, id.lower()),))
            if action is None:
                message = f"{kind} {id} with service update {update.name} not found."
                unprocessed.append({**cache, "ErrorType": missing, "ErrorMessage": message})
                continue
            problem = act(context, action)
            if problem is None:
                processed.append({**cache, "UpdateActionStatus": _progress(context, action).status})
            else:
                unprocessed.append({**cache, "ErrorType": problem[0], "ErrorMessage": problem[1]})
    return {"ProcessedUpdateActions": processed, "UnprocessedUpdateActions": unprocessed}


def _check_number(params: Params) -> None:
    for name in ("ReplicationGroupIds", "CacheClusterIds"):
        if len(params.get(name) or ()) > _MOST_IDS:
            raise invalid_value(f"{name} can have at most {_MOST_IDS} elements.")


def _apply(context: Context, action: Action) -> tuple[str, str] | None:
    """Begin; return code and message of what stands against it."""
    status = action.update.status(context.state.now())
    if status != "available":
        return "InvalidParameterValue", f"The service update {action.update.name} is {status}."
    if action.cache.status != "available":
        code = "InvalidReplicationGroupState" if action.is_group else "InvalidCacheClusterState"
        return code, f"{action.cache.id} is not in available state: it is {action.cache.status}."
    progress = _progress(context, action)
    if progress.status not in _MAY_BE_APPLIED:
        return "InvalidParameterValue", f"The service update cannot be applied: its status is {progress.status}."
    _set(context, action, "waiting-to-start")
    context.state.after("update-action-start", functools.partial(_go_on, context, action, "waiting-to-start"))
    return None


def _stop(context: Context, action: Action) -> tuple[str, str] | None:
    status = _progress(context, action).status
    if status not in _MAY_BE_STOPPED:
        return "InvalidParameterValue", f"The service update cannot be stopped: its status is {status}."
    _set(context, action, "stopping")
    context.state.after("update-action-start", functools.partial(_go_on, context, action, "stopping"))
    return None


def _go_on(context: Context, action: Action, status: str) -> None:
    """Take the next step, unless another one was taken since."""
    if _progress(context, action).status != status:
        return
    following = {"waiting-to-start": "in-progress", "in-progress": "complete", "stopping": "stopped"}[status]
    _set(context, action, following)
    if following == "in-progress":
        context.state.after("update-action", functools.partial(_go_on, context, action, following))


def _set(context: Context, action: Action, status: str) -> None:
    now = context.state.now()
    begun = context.state.part(UpdateActions).begun
    progress = begun.get(action.key)
    if progress is None or status == "waiting-to-start":
        begun[action.key] = Progress(status, now, now)
        return
    progress.status, progress.changed = status, now
    if status == "in-progress":
        progress.started = now


def _actions(context: Context) -> Iterator[Action]:
    """Yield every update with every cache that it is for."""
    for update in published_updates().values():
        for group in context.state.part(ReplicationGroups).groups.values():
            if _concerns(update, group):
                yield Action(update, group)
        for cluster in context.state.part(CacheClusters).clusters.values():
            if _concerns(update, cluster):
                yield Action(update, cluster)


def _concerns(update: ServiceUpdate, cache: ReplicationGroup | CacheCluster) -> bool:
    # What is made when an update is no longer to be had has it from the start.
    return cache.engine in update.engines and update.status(cache.created) == "available"


def _progress(context: Context, action: Action) -> Progress:
    available = _available_since(action)
    return context.state.part(UpdateActions).begun.get(action.key) or Progress("not-applied", available, available)


def _available_since(action: Action) -> datetime:
    return max(action.update.released, action.cache.created)


def _is_meant(context: Context, action: Action, params: Params) -> bool:
    update = action.update
    groups, clusters = params.get("ReplicationGroupIds"), params.get("CacheClusterIds")
    period = params.get("ServiceUpdateTimeRange") or {}
    start, end = (_aware(period.get(name)) for name in ("StartTime", "EndTime"))
    return (
        params.get("ServiceUpdateName") in {None, "", update.name}
        and (not groups or (action.is_group and action.cache.id in {id.lower() for id in groups}))
        and (not clusters or (not action.is_group and action.cache.id in {id.lower() for id in clusters}))
        and (not params.get("Engine") or action.cache.engine == params["Engine"].lower())
        and (
            not params.get("ServiceUpdateStatus") or update.status(context.state.now()) in params["ServiceUpdateStatus"]
        )
        and (not params.get("UpdateActionStatus") or _progress(context, action).status in params["UpdateActionStatus"])
        and (start is None or update.released >= start)
        and (end is None or update.released <= end)
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _shown(context: Context, action: Action, *, in_full: bool) -> Result:
    update, progress = action.update, _progress(context, action)
    cache = action.cache
    count = len(cache.nodes) if isinstance(cache, CacheCluster) else len(cache.member_ids())
    updated = count if progress.status == "complete" else 0
    result: Result = {
        **action.name,
        "ServiceUpdateName": update.name,
        "ServiceUpdateReleaseDate": update.released,
        "ServiceUpdateSeverity": update.severity,
        "ServiceUpdateStatus": update.status(context.state.now()),
        "ServiceUpdateRecommendedApplyByDate": update.recommended_by,
        "ServiceUpdateType": "security-update",
        "UpdateActionAvailableDate": _available_since(action),
        "UpdateActionStatus": progress.status,
        "NodesUpdated": f"{updated}/{count}",
        "UpdateActionStatusModifiedDate": progress.changed,
        "SlaMet": _is_sla_met(context, action, progress),
        "EstimatedUpdateTime": update.estimated_time,
        "Engine": action.cache.engine,
    }
    if in_full:
        result.update(_nodes(action, progress))
    return result


def _is_sla_met(context: Context, action: Action, progress: Progress) -> str:
    if action.cache.created > action.update.recommended_by:
        return "n/a"
    done = progress.changed if progress.status == "complete" else context.state.now()
    return "yes" if done <= action.update.recommended_by else "no"


def _nodes(action: Action, progress: Progress) -> Result:
    """Return how far the update is on each node."""
    begun = progress.status != "not-applied"
    node: Result = {
        "NodeUpdateStatus": progress.status,
        "NodeUpdateStartDate": progress.started,
        "NodeUpdateEndDate": progress.changed if progress.status == "complete" else None,
        "NodeUpdateInitiatedBy": "customer" if begun else None,
        "NodeUpdateInitiatedDate": progress.initiated if begun else None,
        "NodeUpdateStatusModifiedDate": progress.changed,
    }
    cache = action.cache
    if isinstance(cache, CacheCluster):
        return {"CacheNodeUpdateStatus": [{"CacheNodeId": f"{number:04}", **node} for number in sorted(cache.nodes)]}
    return {
        "NodeGroupUpdateStatus": [
            {
                "NodeGroupId": shard.id,
                "NodeGroupMemberUpdateStatus": [
                    {"CacheClusterId": cache.member_id(shard, one), "CacheNodeId": "0001", **node}
                    for one in shard.nodes
                ],
            }
            for shard in cache.shards
        ]
    }
