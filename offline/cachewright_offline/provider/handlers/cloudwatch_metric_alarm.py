"""aws.cloudwatch.MetricAlarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider import validation
from cachewright_offline.provider.call import tag_list, tag_map
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

# The alarm's properties that go to and come from the API as they are.
_PLAIN = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}


class MetricAlarmHandler(ResourceHandler):
    """An alarm on a metric; its id is its name."""

    timeouts: ClassVar = (120.0, 120.0, 120.0)

    def check_more(self, inputs: Properties) -> Iterable[CheckFailure]:
        """What CloudWatch takes."""
        yield from validation.matches(inputs, "name", r".{1,255}", "1-255 characters")
        yield from validation.matches(inputs, "alarmDescription", r"(?s).{0,1024}", "at most 1024 characters")
        yield from validation.one_of(
            inputs, "treatMissingData", "missing", "ignore", "breaching", "notBreaching", fold_case=False
        )
        period = inputs.get("period")
        if isinstance(period, int) and period not in {10, 20, 30} and (period < 60 or period % 60):
            yield CheckFailure("period", f"expected 10, 20, 30 or a multiple of 60 seconds, found {period}")
        if inputs.get("metricName") is not None:
            for name in ("comparisonOperator", "evaluationPeriods", "namespace", "period"):
                if inputs.get(name) is None:
                    yield CheckFailure(name, "must be given with metricName: add it")
            if (inputs.get("statistic") is None) == (inputs.get("extendedStatistic") is None):
                yield CheckFailure("statistic", "exactly one of statistic and extendedStatistic must be given")
        elif not inputs.get("metricQueries"):
            yield CheckFailure("metricName", "metricName or metricQueries must be given, found neither")

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the alarm."""
        self._put(call, inputs, tags=True)
        return self.made(call, str(inputs["name"]), inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the alarm."""
        alarms = call.request("cloudwatch", "describe_alarms", AlarmNames=[id], AlarmTypes=["MetricAlarm"])
        if not alarms["MetricAlarms"]:
            return None
        alarm: dict[str, Any] = alarms["MetricAlarms"][0]
        tags = call.request("cloudwatch", "list_tags_for_resource", ResourceARN=alarm["AlarmArn"])["Tags"]
        return {
            "arn": alarm["AlarmArn"],
            "name": id,
            "dimensions": {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or []},
            **{name: alarm[member] for name, member in _PLAIN.items() if alarm.get(member) is not None},
            **self.tags_read(tag_map(tags), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Put the alarm anew, then its tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        self._put(call, inputs, tags=False)
        arn = change.old_outputs["arn"]
        to_set, to_remove = self.tag_changes(change.old_outputs, inputs)
        if to_remove:
            call.request("cloudwatch", "untag_resource", ResourceARN=arn, TagKeys=to_remove)
        if to_set:
            call.request("cloudwatch", "tag_resource", ResourceARN=arn, Tags=tag_list(to_set))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the alarm; CloudWatch does not mind when it is gone."""
        del inputs, outputs
        call.request("cloudwatch", "delete_alarms", AlarmNames=[id])

    def _put(self, call: Call, inputs: Properties, *, tags: bool) -> None:
        arguments: dict[str, Any] = {
            member: inputs[name] for name, member in _PLAIN.items() if inputs.get(name) is not None
        }
        dimensions = inputs.get("dimensions")
        if isinstance(dimensions, dict):
            arguments["Dimensions"] = [{"Name": key, "Value": value} for key, value in sorted(dimensions.items())]
        queries = inputs.get("metricQueries")
        if isinstance(queries, list):
            arguments["Metrics"] = [_query(query) for query in queries if isinstance(query, dict)]
        if tags:
            arguments["Tags"] = tag_list(self.tags_for(inputs))
        call.request("cloudwatch", "put_metric_alarm", AlarmName=inputs["name"], **arguments)


def _query(query: dict[str, Any]) -> dict[str, Any]:
    names = {"id": "Id", "expression": "Expression", "label": "Label", "returnData": "ReturnData", "period": "Period"}
    found: dict[str, Any] = {member: query[name] for name, member in names.items() if query.get(name) is not None}
    metric = query.get("metric")
    if isinstance(metric, dict):
        dimensions = metric.get("dimensions") or {}
        found["MetricStat"] = {
            "Metric": {
                "Namespace": metric.get("namespace"),
                "MetricName": metric["metricName"],
                "Dimensions": [{"Name": key, "Value": value} for key, value in sorted(dimensions.items())],
            },
            "Period": metric["period"],
            "Stat": metric["stat"],
        }
    return found
