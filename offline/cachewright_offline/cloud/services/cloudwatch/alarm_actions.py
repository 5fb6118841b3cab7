"""What alarms do when their state changes: they tell SNS topics, and let Application Auto Scaling scale."""

from __future__ import annotations

import functools
import json
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_log = logging.getLogger(__name__)


class ActionError(Exception):
    """An action could not be carried out."""


def carry_out(backend: Any, alarm: Any, action: str, old_state: str, moment: datetime) -> str:
    """Carry out one action, and return what was done as the alarm's history tells it.

    Raises:
        ActionError: It was not done.
    """
    service = action.split(":")[2] if action.count(":") >= 5 else ""
    if service == "sns":
        _publish(backend, alarm, action, old_state, moment)
    elif service == "autoscaling" and ":resource/elasticache/" in action:
        from cachewright_offline.cloud.services.application_autoscaling import scaling

        value = getattr(alarm, "last_value", None)
        refusal = scaling.follow(backend.account_id, backend.region_name, action, alarm.name, value)
        if refusal is not None:
            raise ActionError(refusal)
    else:
        raise ActionError("the local AWS has nothing to carry it out")
    return f"Successfully executed action {action}"


def _publish(backend: Any, alarm: Any, topic: str, old_state: str, moment: datetime) -> None:
    from moto.sns.models import sns_backends

    region = topic.split(":")[3]
    topics = sns_backends[topic.split(":")[4]][region].topics
    if topic not in topics:
        raise ActionError('Received error: "Resource: Topic does not exist"')
    area = _region_name(backend.region_name)
    subject = f'{alarm.state_value}: "{alarm.name}" in {area}'
    try:
        topics[topic].publish(json.dumps(_message(backend, alarm, old_state, area, moment)), subject=subject[:100])
    except Exception as error:
        # A subscriber that cannot be reached is no reason for the alarm, or the request, to fail.
        _log.exception("%s could not tell every subscriber of %s", alarm.name, topic)
        raise ActionError("a subscriber could not be reached") from error


def _message(backend: Any, alarm: Any, old_state: str, area: str, moment: datetime) -> dict[str, Any]:
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _stamp(moment),
        "Region": area,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old_state,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    if alarm.rule is None:
        message["Trigger"] = {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "ExtendedStatistic" if alarm.extended_statistic else "Statistic",
            "Statistic": alarm.extended_statistic or (alarm.statistic or "").upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"value": one.value, "name": one.name} for one in alarm.dimensions],
            "Period": alarm.period,
            "EvaluationPeriods": alarm.evaluation_periods,
            "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": alarm.threshold,
            "TreatMissingData": alarm.treat_missing_data or "missing",
            "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
        }
    else:
        message["AlarmRule"] = alarm.rule
    return message


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}+0000"


@functools.cache
def _region_name(region: str) -> str:
    """Return a region as CloudWatch's messages name it: `US East (N. Virginia)`."""
    import botocore.session

    for partition in botocore.session.get_session().get_data("endpoints")["partitions"]:
        found = partition["regions"].get(region)
        if found is not None:
            return str(found["description"])
    return region
