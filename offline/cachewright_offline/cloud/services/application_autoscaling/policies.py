"""Target tracking policies of caches: what AWS checks, and the alarms that they make, follow and take along."""

from __future__ import annotations

import csv
import functools
import io
import json
import uuid
from importlib.resources import files
from typing import Any, Final

from cachewright_offline.cloud.services.application_autoscaling import scaling

# AWS scales out when the target is missed for three minutes, and in when it is missed by a tenth for fifteen.
_ALARMS: Final = {"High": ("GreaterThanThreshold", 3, 1.0), "Low": ("LessThanThreshold", 15, 0.9)}
_TARGET_VALUES: Final = (35, 70)


@functools.cache
def _predefined() -> dict[str, dict[str, str]]:
    table = files("cachewright_offline.cloud.services.application_autoscaling") / "predefined_metrics.csv"
    return {row["name"]: row for row in csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))}


@functools.cache
def install() -> None:
    """Check policies of caches and give them their alarms; tell of activities, which moto does not know."""
    from moto.applicationautoscaling.exceptions import AWSValidationException
    from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

    put = ApplicationAutoscalingBackend.put_scaling_policy

    def checked_put(self: Any, **policy: Any) -> Any:
        if policy["service_namespace"] != "elasticache":
            return put(self, **policy)
        refusal = _problem(policy)
        if refusal is not None:
            raise AWSValidationException(refusal)
        key = "\t".join(
            str(policy[name]) for name in ("service_namespace", "resource_id", "scalable_dimension", "policy_name")
        )
        previous = self.policies.get(key)
        made = put(self, **policy)
        if previous is not None:
            # AWS changes a policy in place; moto makes another one.
            made.policy_arn, made.creation_time = previous.policy_arn, previous.creation_time
            previous.delete_alarms(self.account_id, self.region_name)
        made.alarms = list(_make_alarms(made))
        return made

    def describe_scaling_activities(self: Any) -> str:
        wanted = {
            name: self._get_param(name)
            for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")
            if self._get_param(name)
        }
        found = [
            one
            for one in reversed(scaling.activities(self.applicationautoscaling_backend))
            if all(one[name] == value for name, value in wanted.items())
        ]
        token = self._get_param("NextToken") or "0"
        if not token.isdecimal() or not token.isascii():
            raise AWSValidationException("The NextToken is invalid.")
        first = int(token)
        last = first + (self._get_int_param("MaxResults") or 50)
        answer = {"ScalingActivities": found[first:last]}
        return json.dumps(answer | ({"NextToken": str(last)} if last < len(found) else {}))

    ApplicationAutoscalingBackend.put_scaling_policy = checked_put
    ApplicationAutoScalingResponse.describe_scaling_activities = describe_scaling_activities


def _problem(policy: dict[str, Any]) -> str | None:
    """Return what AWS says against a policy of a cache, or None."""
    if policy["policy_type"] != "TargetTrackingScaling":
        return f"The policy type {policy['policy_type']} is not supported for ElastiCache: use TargetTrackingScaling."
    settings = policy["policy_body"] or {}
    predefined = settings.get("PredefinedMetricSpecification")
    if (predefined is None) == (settings.get("CustomizedMetricSpecification") is None):
        return "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified."
    if predefined is None:
        return None
    name = predefined.get("PredefinedMetricType")
    row = _predefined().get(name)
    if row is None or row["dimension"] != policy["scalable_dimension"]:
        return f"The metric {name} is not supported for the scalable dimension {policy['scalable_dimension']}."
    least, most = _TARGET_VALUES
    if not least <= settings.get("TargetValue", 0) <= most:
        return f"The target value must be between {least} and {most}."
    return None


def _make_alarms(policy: Any) -> Any:
    """Make a policy's alarms: one to scale out by, and one to scale in by unless that is disabled."""
    from moto.cloudwatch.models import cloudwatch_backends

    cloudwatch = cloudwatch_backends[policy.account_id][policy.region_name]
    settings = policy.target_tracking_scaling_policy_configuration
    action = f"{policy.policy_arn}:createdBy/{uuid.uuid4()}"
    for side, (comparison, periods, part) in _ALARMS.items():
        if side == "Low" and settings.get("DisableScaleIn"):
            continue
        yield cloudwatch.put_metric_alarm(
            name=f"TargetTracking-{policy.resource_id}-Alarm{side}-{uuid.uuid4()}",
            comparison_operator=comparison,
            evaluation_periods=periods,
            period=60,
            threshold=round(settings["TargetValue"] * part, 6),
            description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {action}.",
            alarm_actions=[action],
            # A cache that is younger than the periods is not scaled in for the ones it has not had.
            treat_missing_data="notBreaching" if side == "Low" else None,
            **_metric(policy, settings),
        )


def _metric(policy: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the metric that a policy follows, as an alarm takes it."""
    custom = settings.get("CustomizedMetricSpecification")
    if custom is not None:
        return {
            "namespace": custom["Namespace"],
            "metric_name": custom["MetricName"],
            "dimensions": custom.get("Dimensions") or [],
            "statistic": custom["Statistic"],
            "unit": custom.get("Unit"),
        }
    row = _predefined()[settings["PredefinedMetricSpecification"]["PredefinedMetricType"]]
    _, _, name = policy.resource_id.partition("/")
    dimensions = [{"Name": "CacheClusterId", "Value": name}]
    if row["role"]:
        dimensions = [{"Name": "ReplicationGroupId", "Value": name}, {"Name": "Role", "Value": row["role"]}]
    return {
        "namespace": "AWS/ElastiCache",
        "metric_name": row["metric"],
        "dimensions": dimensions,
        "statistic": "Average",
    }
