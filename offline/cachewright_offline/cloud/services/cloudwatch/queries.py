"""GetMetricData, GetMetricStatistics and ListMetrics, over what clients put and what caches publish."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.services.cloudwatch import metric_math
from cachewright_offline.cloud.services.cloudwatch.samples import BASIC_STATISTICS, is_statistic
from cachewright_offline.cloud.services.cloudwatch.series import Metrics, aware, dimensions_of, grid, statistics_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cachewright_offline.cloud.services.cloudwatch.metric_math import Series

Query = dict[str, Any]
_MOST_DATAPOINTS: Final = 1440
_DEFAULT_PERIOD: Final = 60


class QueryError(ValueError):
    """A query cannot be answered; the message says why."""


def series_of(
    metrics: Metrics, queries: Sequence[Query], start: datetime, end: datetime
) -> dict[str, tuple[Series, int]]:
    """Return the time series and the period of each query by its id; expressions may name each other.

    Raises:
        QueryError: One of them cannot be answered.
    """
    known: dict[str, tuple[Series, int]] = {}
    waiting: dict[str, Query] = {}
    for query in queries:
        if query.get("MetricStat"):
            known[query["Id"]] = _metric(metrics, query["MetricStat"], start, end)
        else:
            waiting[query["Id"]] = query
    ids = list(known)
    while waiting:
        ready = [id for id, query in waiting.items() if not _names(id, query) & (waiting.keys() - {id})]
        if not ready:
            raise QueryError(f"Error in expression '{min(waiting)}' [circular reference]")
        for id in ready:
            known[id] = _expression(id, waiting.pop(id), known, ids, start, end)
    return known


def _metric(metrics: Metrics, stat: Mapping[str, Any], start: datetime, end: datetime) -> tuple[Series, int]:
    if not is_statistic(stat["Stat"]):
        raise QueryError(f"The statistic {stat['Stat']} is not supported by the local AWS.")
    metric, period = stat["Metric"], int(stat["Period"])
    dimensions = dimensions_of(metric.get("Dimensions") or ())
    first = grid(start, end, period)[0]
    known = metrics.samples(metric["Namespace"], metric["MetricName"], dimensions, first, end, period)
    unit = stat.get("Unit")
    found = statistics_of((one for one in known if not unit or one.unit == unit), [stat["Stat"]], period)
    return {moment: values[stat["Stat"]] for moment, values in found.items()}, period


def _names(id: str, query: Query) -> set[str]:
    try:
        return metric_math.names_in(query["Expression"])
    except metric_math.MathError as error:
        raise QueryError(f"Error in expression '{id}' [{error}]") from error


def _expression(
    id: str,
    query: Query,
    known: Mapping[str, tuple[Series, int]],
    metrics: Sequence[str],
    start: datetime,
    end: datetime,
) -> tuple[Series, int]:
    text = query["Expression"]
    if text.upper().startswith("SELECT") or text.upper().startswith("SEARCH"):
        raise QueryError("Metrics Insights and SEARCH are not supported by the local AWS.")
    named = [known[name][1] for name in _names(id, query) if name in known] or [known[name][1] for name in metrics]
    period = int(query.get("Period") or max(named, default=_DEFAULT_PERIOD))
    inputs = metric_math.Inputs(
        {name: series for name, (series, _) in known.items()}, metrics, period, grid(start, end, period)
    )
    try:
        return metric_math.evaluate(text, inputs), period
    except metric_math.MathError as error:
        raise QueryError(f"Error in expression '{id}' [{error}]") from error


@functools.cache
def install() -> None:
    """Let CloudWatch answer queries from our series."""
    from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue, ValidationError
    from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult

    put = CloudWatchBackend.put_metric_data

    def timed_put(self: Any, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        # moto would take the machine's time, which is not the local AWS's when that was moved.
        now = CLOCK.now().replace(tzinfo=None)
        put(self, namespace, [{**datum, "Timestamp": datum.get("Timestamp") or now} for datum in metric_data])

    def get_metric_data(
        self: Any,
        queries: list[Query],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        start, end = aware(start_time), aware(end_time)
        if start > end:
            raise ValidationError("The parameter EndTime must be greater than StartTime.")
        if start == end:
            raise ValidationError("The parameter StartTime must not equal parameter EndTime.")
        try:
            known = series_of(Metrics(self, CLOCK.now()), queries, start, end)
        except QueryError as error:
            raise ValidationError(str(error)) from error
        results = []
        for query in queries:
            if query.get("ReturnData", True) is False:
                continue
            series, _ = known[query["Id"]]
            moments = sorted(series, reverse=scan_by == "TimestampDescending")
            results.append(
                {
                    "id": query["Id"],
                    "label": query.get("Label") or _label(query),
                    "values": [series[moment] for moment in moments],
                    "timestamps": moments,
                    "status_code": "Complete",
                }
            )
        return results

    def get_metric_statistics(self: Any) -> ActionResult:
        names = self._get_param("Statistics", [])
        extended = self._get_param("ExtendedStatistics") or []
        if not names and not extended:
            raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
        for name in (*names, *extended):
            if not is_statistic(name) or (name in BASIC_STATISTICS) != (name in names):
                parameter = "Statistics" if name in names else "ExtendedStatistics"
                raise InvalidParameterValue(f"The value {name} for parameter {parameter} is not supported.")
        start, end = aware(self._get_param("StartTime")), aware(self._get_param("EndTime"))
        period, unit = self._get_int_param("Period"), self._get_param("Unit")
        if start >= end:
            raise InvalidParameterValue("The parameter StartTime must be less than the parameter EndTime.")
        count = int((end - start) / timedelta(seconds=period))
        if count > _MOST_DATAPOINTS:
            message = (
                f"You have requested up to {count:,} datapoints, which exceeds the limit of {_MOST_DATAPOINTS:,}. "
                "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
            )
            raise InvalidParameterCombination(message)
        name = self._get_param("MetricName")
        dimensions = dimensions_of(self._get_param("Dimensions", []))
        metrics = Metrics(self.cloudwatch_backend, CLOCK.now(), {value for _, value in dimensions})
        first = grid(start, end, period)[0]
        known = metrics.samples(self._get_param("Namespace"), name, dimensions, first, end, period)
        if unit:
            known = [one for one in known if one.unit == unit]
        found = statistics_of(known, (*names, *extended), period)
        units = {one.unit for one in known}
        shown_unit = next(iter(units)) if len(units) == 1 else None
        return ActionResult(
            {
                "Label": name,
                "Datapoints": [
                    {
                        "Timestamp": moment,
                        "Unit": shown_unit or "None",
                        **{one: values[one] for one in names if one in values},
                        **({"ExtendedStatistics": {one: values[one] for one in extended}} if extended else {}),
                    }
                    for moment, values in found.items()
                    if all(one in values for one in extended)
                ],
            }
        )

    def get_filtered_metrics(
        self: Any, metric_name: str | None, namespace: str | None, dimensions: list[dict[str, str]]
    ) -> list[MetricDatumBase]:
        found = []
        for known_namespace, name, known in Metrics(self, CLOCK.now()).keys():  # noqa: SIM118  # it is no dictionary
            if namespace not in {None, known_namespace} or metric_name not in {None, name}:
                continue
            values = dict(known)
            if all(
                one["Name"] in values and one.get("Value", values[one["Name"]]) == values[one["Name"]]
                for one in dimensions
            ):
                pairs = [{"Name": key, "Value": value} for key, value in sorted(known)]
                found.append(MetricDatumBase(known_namespace, name, pairs, None))
        return found

    CloudWatchBackend.put_metric_data = timed_put
    CloudWatchBackend.get_metric_data = get_metric_data
    CloudWatchBackend.get_filtered_metrics = get_filtered_metrics
    CloudWatchResponse.get_metric_statistics = get_metric_statistics


def _label(query: Query) -> str:
    stat = query.get("MetricStat")
    return f"{stat['Metric']['MetricName']} {stat['Stat']}" if stat else str(query["Id"])
