"""CloudWatch: the state of new and changed alarms, and nothing left of deleted ones."""

from __future__ import annotations

import functools
from typing import Any, Final

_STATE: Final = (*("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"),)
# Parameters of PutMetricAlarm that take one of the values of an enumeration in botocore's model.
_ENUMERATIONS: Final = {
    "comparison_operator": ("comparisonOperator", "ComparisonOperator"),
    "statistic": ("statistic", "Statistic"),
    "unit": ("unit", "StandardUnit"),
}
_MISSING_DATA: Final = ("breaching", "ignore", "missing", "notBreaching")


@functools.cache
def install() -> None:
    """Correct moto's alarms."""
    from moto.cloudwatch.exceptions import ValidationError
    from moto.cloudwatch.models import CloudWatchBackend

    put = CloudWatchBackend.put_metric_alarm
    delete = CloudWatchBackend.delete_alarms

    def checked_put(self: Any, name: str, **settings: Any) -> Any:
        problem = _problem(settings)
        if problem is not None:
            raise ValidationError(problem)
        previous = self.alarms.get(name)
        if previous is not None:
            # AWS ignores tags on an alarm that exists.
            settings.pop("tags", None)
        alarm = put(self, name=name, **settings)
        if previous is None:
            alarm.state_value = "INSUFFICIENT_DATA"
        else:
            for attribute in _STATE:
                setattr(alarm, attribute, getattr(previous, attribute))
        return alarm

    def complete_delete(self: Any, alarm_names: list[str]) -> None:
        for name in alarm_names:
            alarm = self.alarms.get(name)
            if alarm is not None:
                self.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
        delete(self, alarm_names)

    CloudWatchBackend.put_metric_alarm = checked_put
    CloudWatchBackend.delete_alarms = complete_delete


@functools.cache
def _allowed(shape: str) -> tuple[str, ...]:
    import botocore.session

    model = botocore.session.get_session().get_service_model("cloudwatch")
    return tuple(model.shape_for(shape).metadata["enum"])


def _problem(settings: dict[str, Any]) -> str | None:
    """Return what CloudWatch would say about an alarm's settings, or None."""
    for parameter, (wire_name, shape) in _ENUMERATIONS.items():
        value = settings.get(parameter)
        allowed = _allowed(shape)
        if value and value not in allowed:
            return (
                f"1 validation error detected: Value '{value}' at '{wire_name}' failed to satisfy constraint: "
                f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            )
    missing = settings.get("treat_missing_data")
    if missing and missing not in _MISSING_DATA:
        return f"Option {missing} is not supported. Supported options: {', '.join(_MISSING_DATA)}."
    period = settings.get("period")
    if period and period not in {10, 20, 30} and period % 60:
        return "Period must be 10, 20, 30 or a multiple of 60"
    if settings.get("metric_name") and settings.get("metric_data_queries"):
        return "MetricName and Metrics cannot be given together"
    return None
