"""The states of alarms: they follow the data, are told in the history, and carry out actions."""

from __future__ import annotations

import functools
import json
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cachewright_offline.cloud.clock import CLOCK
from cachewright_offline.cloud.services.cloudwatch import alarm_actions, composite_rules, evaluation, queries
from cachewright_offline.cloud.services.cloudwatch.evaluation import ALARM, INSUFFICIENT_DATA, OK, Outcome, Rule
from cachewright_offline.cloud.services.cloudwatch.series import Metrics, aware, floor

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_ID: Final = "m1"
# The most that changes of one alarm may bring about further changes, by composite alarms over composite alarms.
_MOST_ROUNDS: Final = 10
_HISTORY_KEPT: Final = 1000


@functools.cache
def install() -> None:
    """Have alarms evaluated before each request, and their states told."""
    from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult, BaseResponse, EmptyResult

    dispatch = BaseResponse._dispatch  # noqa: SLF001
    put_alarm = CloudWatchBackend.put_metric_alarm
    put_data = CloudWatchBackend.put_metric_data
    set_state = CloudWatchBackend.set_alarm_state
    delete = CloudWatchBackend.delete_alarms

    def evaluating_dispatch(self: Any, *args: Any, **kwargs: Any) -> Any:
        evaluate_all()
        return dispatch(self, *args, **kwargs)

    def noted_put(self: Any, name: str, **settings: Any) -> Any:
        known = name in self.alarms
        alarm = put_alarm(self, name=name, **settings)
        if known:
            note(self, alarm, "ConfigurationUpdate", f'Alarm "{name}" updated', {"type": "Update"})
        else:
            note(self, alarm, "ConfigurationUpdate", f'Alarm "{name}" created', {"type": "Create"})
        _due(self).add(name)
        return alarm

    def noted_put_data(self: Any, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        put_data(self, namespace, metric_data)
        _due(self).update(self.alarms)

    def acting_set_state(self: Any, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
        alarm = self.alarms.get(alarm_name)
        old_state = alarm.state_value if alarm is not None else None
        set_state(self, alarm_name, reason, reason_data, state_value)
        if alarm is not None and old_state is not None and old_state != state_value:
            _due(self).add(alarm_name)
            _tell(self, alarm, old_state, CLOCK.now())

    def noted_delete(self: Any, alarm_names: list[str]) -> None:
        for name in alarm_names:
            alarm = self.alarms.get(name)
            if alarm is not None:
                note(self, alarm, "ConfigurationUpdate", f'Alarm "{name}" deleted', {"type": "Delete"})
        delete(self, alarm_names)

    def describe_alarms(self: Any) -> ActionResult:
        names, types = self._get_param("AlarmNames", []), self._get_param("AlarmTypes", []) or ["MetricAlarm"]
        prefix, state = self._get_param("AlarmNamePrefix"), self._get_param("StateValue")
        action = self._get_param("ActionPrefix")
        # moto takes the first of these conditions only, and tells composite alarms unasked; AWS tells them when asked.
        found = [
            alarm
            for alarm in self.cloudwatch_backend.alarms.values()
            if (not names or alarm.name in names)
            and (not prefix or alarm.name.startswith(prefix))
            and (not state or alarm.state_value == state)
            and (not action or any(one.startswith(action) for one in alarm.alarm_actions))
        ]
        is_asked = {"MetricAlarm": "MetricAlarm" in types, "CompositeAlarm": "CompositeAlarm" in types}
        return ActionResult(
            {
                "MetricAlarms": [one for one in found if one.rule is None and is_asked["MetricAlarm"]],
                "CompositeAlarms": [
                    _shown_composite(one) for one in found if one.rule is not None and is_asked["CompositeAlarm"]
                ],
            }
        )

    def describe_alarm_history(self: Any) -> ActionResult:
        name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
        start, end = self._get_param("StartDate"), self._get_param("EndDate")
        types = self._get_param("AlarmTypes", []) or ["MetricAlarm"]
        items = [
            item
            for item in getattr(self.cloudwatch_backend, "alarm_history", ())
            if name in {None, item["AlarmName"]}
            and kind in {None, item["HistoryItemType"]}
            and (start is None or item["Timestamp"] >= aware(start))
            and (end is None or item["Timestamp"] <= aware(end))
            and (item["AlarmType"] in types or name is not None)
        ]
        if self._get_param("ScanBy") != "TimestampAscending":
            items.reverse()
        first = _place(self._get_param("NextToken"), InvalidParameterValue)
        last = first + (self._get_int_param("MaxRecords") or 100)
        token = str(last) if last < len(items) else None
        return ActionResult({"AlarmHistoryItems": items[first:last], "NextToken": token})

    def put_composite_alarm(self: Any) -> EmptyResult:
        backend, name = self.cloudwatch_backend, self._get_param("AlarmName")
        rule = self._get_param("AlarmRule")
        if self._get_param("ActionsSuppressor"):
            raise ValidationError("ActionsSuppressor is not supported by the local AWS.")
        try:
            composite_rules.evaluate(rule, _states(backend))
        except composite_rules.RuleError as error:
            raise ValidationError(f"Error in AlarmRule: {error}") from error
        known = backend.alarms.get(name)
        if known is not None and known.rule is None:
            raise ValidationError(f"{name} is the name of a metric alarm.")
        self.put_metric_alarm()
        return EmptyResult()

    BaseResponse._dispatch = evaluating_dispatch  # noqa: SLF001
    CloudWatchBackend.put_metric_alarm = noted_put
    CloudWatchBackend.put_metric_data = noted_put_data
    CloudWatchBackend.set_alarm_state = acting_set_state
    CloudWatchBackend.delete_alarms = noted_delete
    for handler in (describe_alarms, describe_alarm_history, put_composite_alarm):
        setattr(CloudWatchResponse, handler.__name__, handler)


def _place(token: str | None, error: Callable[[str], Exception]) -> int:
    if token is None:
        return 0
    if not token.isdecimal() or not token.isascii():
        raise error("Request parameter NextToken is invalid")
    return int(token)


def note(backend: Any, alarm: Any, kind: str, summary: str, data: dict[str, Any]) -> None:
    """Add an item to the alarms' history."""
    if not hasattr(backend, "alarm_history"):
        backend.alarm_history = []
    backend.alarm_history.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": "MetricAlarm" if alarm.rule is None else "CompositeAlarm",
            "Timestamp": CLOCK.now(),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", **data}),
        }
    )
    del backend.alarm_history[:-_HISTORY_KEPT]


def evaluate_all() -> None:
    """Evaluate the alarms for which there is something new: a new minute, new data, or new settings."""
    from moto.cloudwatch.models import cloudwatch_backends

    now = CLOCK.now()
    minute = floor(now, 60)
    for _, _, backend in list(cloudwatch_backends.iter_backends()):
        due = _due(backend)
        if getattr(backend, "evaluated_minute", minute) != minute:
            due.update(backend.alarms)
        backend.evaluated_minute = minute
        if not due:
            continue
        names = due & backend.alarms.keys()
        due.clear()
        try:
            _evaluate(backend, names, now)
        except Exception:  # noqa: BLE001  # a defect of one alarm must not end every request
            _log.exception("the alarms of %s could not be evaluated", backend.region_name)


def _due(backend: Any) -> set[str]:
    """Return the names of the alarms that are to be evaluated before the next request."""
    if not hasattr(backend, "alarms_due"):
        backend.alarms_due = set()
    due: set[str] = backend.alarms_due
    return due


def _evaluate(backend: Any, names: set[str], now: datetime) -> None:
    due = [backend.alarms[name] for name in sorted(names) if backend.alarms[name].rule is None]
    asked = {
        pair["Value"]
        for alarm in due
        for query in _queries(alarm)[0]
        if query.get("MetricStat")
        for pair in query["MetricStat"]["Metric"]["Dimensions"]
    }
    metrics = Metrics(backend, now, asked)
    for alarm in due:
        _follow(backend, alarm, _outcome(alarm, metrics, now), now)
    composite = [one for one in backend.alarms.values() if one.rule is not None]
    for _ in range(_MOST_ROUNDS if composite else 0):
        before = _states(backend)
        for alarm in composite:
            _follow(backend, alarm, _composite_outcome(alarm, backend), now)
        if _states(backend) == before:
            return


def _outcome(alarm: Any, metrics: Metrics, now: datetime) -> Outcome:
    """Return what the data say of a metric alarm."""
    periods = alarm.evaluation_periods
    rule = Rule(
        alarm.comparison_operator,
        float(alarm.threshold or 0),
        periods,
        alarm.datapoints_to_alarm or periods,
        alarm.treat_missing_data or "missing",
    )
    asked, id = _queries(alarm)
    # The period of an expression follows from its metrics; the window is cut once it is known.
    longest = max((int(one["MetricStat"]["Period"]) for one in asked if one.get("MetricStat")), default=60)
    length = timedelta(seconds=longest) * (periods + evaluation.SPARE_PERIODS)
    if not rule.is_known or id is None:
        return Outcome(None, "")
    try:
        series, period = queries.series_of(metrics, asked, now - length, now + timedelta(microseconds=1))[id]
    except queries.QueryError as error:
        return Outcome(INSUFFICIENT_DATA, f"Insufficient Data: {error}")
    last = floor(now, period)
    window = [last - timedelta(seconds=period * back) for back in reversed(range(periods + evaluation.SPARE_PERIODS))]
    return evaluation.evaluate(rule, window, series)


def _queries(alarm: Any) -> tuple[list[queries.Query], str | None]:
    """Return an alarm's metric or metric math as queries, and the id of what is compared."""
    if not alarm.metric_data_queries:
        metric = {
            "Namespace": alarm.namespace,
            "MetricName": alarm.metric_name,
            "Dimensions": [{"Name": one.name, "Value": one.value} for one in alarm.dimensions],
        }
        stat = {
            "Metric": metric,
            "Period": alarm.period or 60,
            "Stat": alarm.extended_statistic or alarm.statistic,
            "Unit": alarm.unit,
        }
        return [{"Id": _ID, "MetricStat": stat}], _ID
    asked: list[queries.Query] = []
    compared = None
    for one in alarm.metric_data_queries:
        query: queries.Query = {"Id": one.id, "Expression": one.expression, "Period": one.period}
        if one.metric_stat is not None:
            metric = one.metric_stat.metric
            query["MetricStat"] = {
                "Metric": {
                    "Namespace": metric.namespace,
                    "MetricName": metric.metric_name,
                    "Dimensions": [{"Name": pair.name, "Value": pair.value} for pair in metric.dimensions],
                },
                "Period": one.metric_stat.period,
                "Stat": one.metric_stat.stat,
                "Unit": one.metric_stat.unit,
            }
        asked.append(query)
        if str(one.return_data).lower() != "false":
            compared = one.id
    return asked, compared


def _composite_outcome(alarm: Any, backend: Any) -> Outcome:
    states = _states(backend)
    try:
        is_alarm = composite_rules.evaluate(alarm.rule, states)
    except composite_rules.RuleError as error:
        return Outcome(INSUFFICIENT_DATA, str(error))
    state = ALARM if is_alarm else OK
    return Outcome(state, f"{alarm.alarm_arn} transitioned to {state} as its rule became {str(is_alarm).upper()}")


def _states(backend: Any) -> dict[str, str]:
    states = {alarm.name: alarm.state_value for alarm in backend.alarms.values()}
    return states | {alarm.alarm_arn: alarm.state_value for alarm in backend.alarms.values()}


def _follow(backend: Any, alarm: Any, outcome: Outcome, now: datetime) -> None:
    """Give an alarm the state that its data say, when they say something else than before.

    A state that a client set stays until then.
    """
    if outcome.state is None or outcome.state == getattr(alarm, "followed_state", INSUFFICIENT_DATA):
        return
    alarm.followed_state = outcome.state
    alarm.last_value = outcome.datapoints[-1][1] if outcome.datapoints else None
    if outcome.state == alarm.state_value:
        return
    old_state = alarm.state_value
    data = {
        "version": "1.0",
        "queryDate": f"{now:%Y-%m-%dT%H:%M:%S}.000+0000",
        "threshold": alarm.threshold,
        "evaluatedDatapoints": [
            {"timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.000+0000", "value": value}
            for moment, value in reversed(outcome.datapoints)
        ],
    }
    alarm.update_state(outcome.reason, json.dumps(data) if alarm.rule is None else "{}", outcome.state)
    _tell(backend, alarm, old_state, now)


def _tell(backend: Any, alarm: Any, old_state: str, now: datetime) -> None:
    """Write a change of state into the history, and carry out what is to be done about it."""
    alarm.state_updated_timestamp = now.replace(tzinfo=None)
    new_state = alarm.state_value
    note(
        backend,
        alarm,
        "StateUpdate",
        f"Alarm updated from {old_state} to {new_state}",
        {
            "oldState": {"stateValue": old_state},
            "newState": {"stateValue": new_state, "stateReason": alarm.state_reason},
        },
    )
    if not alarm.actions_enabled:
        return
    actions = {OK: alarm.ok_actions, ALARM: alarm.alarm_actions, INSUFFICIENT_DATA: alarm.insufficient_data_actions}
    for action in actions[new_state]:
        try:
            summary = alarm_actions.carry_out(backend, alarm, action, old_state, now)
            done = "Succeeded"
        except alarm_actions.ActionError as error:
            summary, done = f"Failed to execute action {action}. {error}", "Failed"
        note(backend, alarm, "Action", summary, {"actionState": done, "notificationResource": action})


def _shown_composite(alarm: Any) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description,
        "AlarmRule": alarm.rule,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
        "StateReasonData": alarm.state_reason_data,
        "StateUpdatedTimestamp": alarm.state_updated_timestamp,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
    }
