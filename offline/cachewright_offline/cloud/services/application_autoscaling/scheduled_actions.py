"""Scheduled actions of caches: at a time or at a rate a target gets other bounds, and what lies outside is scaled."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.services.application_autoscaling import capacity, scaling

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.state import RegionState

_AT: Final = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_RATE: Final = re.compile(r"rate\(([1-9]\d{0,5}) (minute|hour|day)s?\)")


@functools.cache
def install() -> None:
    """Check scheduled actions of caches and carry them out; moto only keeps them."""
    from moto.applicationautoscaling.exceptions import AWSValidationException
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
    from moto.core.exceptions import JsonRESTError

    put = ApplicationAutoscalingBackend.put_scheduled_action

    def checked_put(self: Any, **given: Any) -> None:
        if given["service_namespace"] != "elasticache":
            put(self, **given)
            return
        target = self.targets.get(given["scalable_dimension"], {}).get(given["resource_id"])
        if target is None:
            place = (
                f"service namespace: elasticache, resource ID: {given['resource_id']}, "
                f"scalable dimension: {given['scalable_dimension']}"
            )
            raise JsonRESTError("ObjectNotFoundException", f"No scalable target registered for {place}")
        bounds = given["scalable_target_action"] or {}
        if bounds.get("MinCapacity", 0) > bounds.get("MaxCapacity", bounds.get("MinCapacity", 0)):
            raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")
        if given["schedule"]:
            refusal = _schedule_problem(given["schedule"], given["timezone"])
            if refusal is not None:
                raise AWSValidationException(refusal)
        put(self, **given)
        context = capacity.context_of(self.account_id, self.region_name)
        action = next(
            one
            for one in self.scheduled_actions
            if (one.resource_id, one.scalable_dimension, one.scheduled_action_name)
            == (given["resource_id"], given["scalable_dimension"], given["scheduled_action_name"])
        )
        # What was planned for an earlier form of the action finds that it is no longer the one.
        action.edition = getattr(action, "edition", 0) + 1
        if context is not None:
            _plan(self, context.state, action, action.edition)

    ApplicationAutoscalingBackend.put_scheduled_action = checked_put


def _schedule_problem(schedule: str, timezone: str | None) -> str | None:
    """Return what is wrong with a schedule, or None."""
    at = _AT.fullmatch(schedule)
    if at is not None:
        try:
            datetime.fromisoformat(at[1])
        except ValueError:
            return f"The schedule {schedule} is not valid."
    elif schedule.startswith("cron("):
        return "Schedules by cron are not supported by the local AWS: use at() or rate()."
    elif _RATE.fullmatch(schedule) is None:
        return f"The schedule {schedule} is not valid."
    if timezone not in {None, "UTC", "Etc/UTC"}:
        return "Time zones other than UTC are not supported by the local AWS."
    return None


def _plan(backend: Any, state: RegionState, action: Any, edition: int) -> None:
    """Enter the next time that an action is due."""
    moment = _next(action.schedule)
    if moment is None:
        return

    def run() -> None:
        if action not in backend.scheduled_actions or action.edition != edition:
            return
        if _is_open(action):
            _carry_out(backend, action)
        if _RATE.fullmatch(action.schedule):
            _plan(backend, state, action, edition)

    state.at(moment, run)


def _next(schedule: str) -> datetime | None:
    now = CLOCK.now()
    rate = _RATE.fullmatch(schedule)
    if rate is not None:
        return now + int(rate[1]) * timedelta(**{f"{rate[2]}s": 1})
    at = _AT.fullmatch(schedule)
    moment = datetime.fromisoformat(at[1]).replace(tzinfo=UTC) if at is not None else now
    return moment if moment > now else None


def _is_open(action: Any) -> bool:
    """Tell whether the time is between the beginning and the end of a recurring action."""
    now = CLOCK.now().timestamp()
    return (action.start_time is None or now >= float(action.start_time)) and (
        action.end_time is None or now <= float(action.end_time)
    )


def _carry_out(backend: Any, action: Any) -> None:
    target = backend.targets.get(action.scalable_dimension, {}).get(action.resource_id)
    if target is None or (target.suspended_state or {}).get("ScheduledScalingSuspended"):
        return
    bounds = action.scalable_target_action or {}
    target.update(bounds.get("MinCapacity"), bounds.get("MaxCapacity"), None)
    cause = f"scheduled action name {action.scheduled_action_name} was triggered"
    scaling.scale(backend, target, lambda have: have, cause)
