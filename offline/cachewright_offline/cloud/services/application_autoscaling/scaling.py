"""What targets do when an alarm of a policy goes off or a schedule is due, and the activities that tell of it."""

from __future__ import annotations

import math
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.elasticache.faults import Fault
from cachewright_offline.cloud.services.application_autoscaling import capacity

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_ACTIVITIES_KEPT: Final = 1000


def follow(account_id: str, region: str, policy_arn: str, alarm_name: str, value: float | None) -> str | None:
    """Scale the target of a policy whose alarm went off.

    Args:
        account_id: Whose policy it is.
        region: Where it is.
        policy_arn: The policy, as the alarm names it.
        alarm_name: The alarm.
        value: The metric's most recent value.

    Returns:
        Why nothing was done, or None.
    """
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    backend = applicationautoscaling_backends[account_id][region]
    policy = next((one for one in backend.policies.values() if policy_arn.startswith(one.policy_arn)), None)
    if policy is None or value is None:
        return "the scaling policy does not exist" if policy is None else "no metric value is known"
    target = backend.targets[policy.scalable_dimension][policy.resource_id]
    settings = policy.target_tracking_scaling_policy_configuration
    is_out = value > settings["TargetValue"]
    suspended = "DynamicScalingOutSuspended" if is_out else "DynamicScalingInSuspended"
    if (target.suspended_state or {}).get(suspended):
        return "dynamic scaling is suspended"
    cooldown = settings.get("ScaleOutCooldown" if is_out else "ScaleInCooldown", 0)
    last = getattr(policy, "last_scaled", None)
    if last is not None and CLOCK.now() < last + timedelta(seconds=cooldown):
        return "the cooldown is not over"
    cause = f"monitor alarm {alarm_name} in state ALARM triggered policy {policy.policy_name}"
    # The share of the load that one unit has is what the policy wants at its target value.
    if scale(backend, target, lambda have: math.ceil(have * value / settings["TargetValue"]), cause):
        policy.last_scaled = CLOCK.now()
    return None


def scale(backend: Any, target: Any, wanted: Callable[[int], int], cause: str) -> bool:
    """Bring a target to a capacity within its bounds, and keep the activity.

    Args:
        backend: moto's Application Auto Scaling.
        target: The target.
        wanted: Returns the capacity for the one that there is.
        cause: Why, as the activity tells it.

    Returns:
        Whether anything was to be done.
    """
    context = capacity.context_of(backend.account_id, backend.region_name)
    begun = CLOCK.now()
    new = None
    try:
        if context is None:
            return False
        cache = capacity.described(context, target.resource_id)
        have = capacity.current(cache, target.scalable_dimension)
        new = min(max(wanted(have), target.min_capacity), target.max_capacity)
        if new == have:
            return False
        capacity.change(context, cache, target.scalable_dimension, new)
    except Fault as refusal:
        _keep(backend, target, new, cause, begun, refusal)
        return True
    _keep(backend, target, new, cause, begun)
    return True


def activities(backend: Any) -> list[dict[str, Any]]:
    """Return what was done, oldest first."""
    if not hasattr(backend, "scaling_activities"):
        backend.scaling_activities = []
    kept: list[dict[str, Any]] = backend.scaling_activities
    return kept


def _keep(
    backend: Any, target: Any, new: int | None, cause: str, begun: datetime, refusal: Fault | None = None
) -> None:
    aim = "" if new is None else f" to {new}"
    if refusal is None:
        message = f"Successfully set desired count{aim}. Change successfully fulfilled by elasticache."
    else:
        message = f"Failed to set desired count{aim}. Reason: {refusal.message}"
    kept = activities(backend)
    kept.append(
        {
            "ActivityId": str(uuid.uuid4()),
            "ServiceNamespace": target.service_namespace,
            "ResourceId": target.resource_id,
            "ScalableDimension": target.scalable_dimension,
            "Description": f"Setting desired count{aim}.",
            "Cause": cause,
            "StartTime": begun.timestamp(),
            "EndTime": CLOCK.now().timestamp(),
            "StatusCode": "Successful" if refusal is None else "Failed",
            "StatusMessage": message,
        }
    )
    del kept[:-_ACTIVITIES_KEPT]
