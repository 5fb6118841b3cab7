"""A threshold that is never reached, or always, makes an alarm say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import metrics
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import METRIC_ALARM
from cachewright_policies.topology.alarms import readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.values import View

# Of these a high value is bad, and of those a low one; of the others, such as CurrConnections, either may be.
_HIGH_IS_BAD: Final = {
    "CPUUtilization",
    "EngineCPUUtilization",
    "DatabaseMemoryUsagePercentage",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "DatabaseCapacityUsagePercentage",
    "DatabaseCapacityUsageCountedForEvictPercentage",
    "SwapUsage",
    "Evictions",
    "ReplicationLag",
    "GlobalDatastoreReplicationLag",
    "ThrottledCmds",
    "AuthenticationFailures",
    "CommandAuthorizationFailures",
    "KeyAuthorizationFailures",
    "ChannelAuthorizationFailures",
    "NetworkBandwidthInAllowanceExceeded",
    "NetworkBandwidthOutAllowanceExceeded",
    "NetworkPacketsPerSecondAllowanceExceeded",
    "NetworkConntrackAllowanceExceeded",
    "TrafficManagementActive",
}
_LOW_IS_BAD: Final = {"FreeableMemory", "UnusedMemory", "CacheHitRate", "CPUCreditBalance", "MasterLinkHealthStatus"}
_GREATER: Final = {"GreaterThanThreshold", "GreaterThanOrEqualToThreshold"}
_LESS: Final = {"LessThanThreshold", "LessThanOrEqualToThreshold"}
# What the hypervisor and the engine give a minute at a time.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html
_PUBLISHED_EVERY: Final = 60
_MOST_CONNECTIONS: Final = 65000
_WHOLE: Final = 100
# These are in bytes, of which a node has billions: so few are meant as megabytes.
_MEMORY: Final = {"FreeableMemory", "UnusedMemory", "SwapUsage", "BytesUsedForCache", "BytesUsedForCacheItems"}
_FEWEST_BYTES: Final = 1_000_000
# What takes longer than this to be told is over when it is.
_LATEST: Final = 3600


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find alarms on a single metric of a cache that never fire, always do, or fire when all is well."""
    del scope
    for reading in readings(subject):
        if not reading.alone or subject.text("namespace") != metrics.NAMESPACE:
            continue
        name = subject.text("metricName")
        metric = metrics.find(name) or metrics.find(name, serverless=True)
        if metric is None:
            continue
        yield from _direction(subject, name)
        yield from _reachable(subject, metric)
        yield from _scale(subject, metric)
        yield from _sampling(subject, metric)


def _direction(alarm: View, name: str) -> Iterator[Problem]:
    comparison = alarm.text("comparisonOperator")
    wrong = (name in _HIGH_IS_BAD and comparison in _LESS) or (name in _LOW_IS_BAD and comparison in _GREATER)
    if wrong:
        trouble = "high" if name in _HIGH_IS_BAD else "low"
        yield Problem(
            f"{comparison} on {name}: trouble is a {trouble} value, the alarm fires while all is well",
            "comparisonOperator",
        )


def _reachable(alarm: View, metric: metrics.Metric) -> Iterator[Problem]:
    threshold = alarm.number("threshold")
    comparison = alarm.text("comparisonOperator")
    if threshold is None or comparison not in _GREATER or metric.name in _LOW_IS_BAD:
        return
    most = {"Percent": _WHOLE}.get(metric.unit, _MOST_CONNECTIONS if metric.name == "CurrConnections" else None)
    strictly = comparison == "GreaterThanThreshold"
    if most is not None and alarm.text("statistic") != "Sum" and (threshold > most or (strictly and threshold == most)):
        yield Problem(
            f"{metric.name} is never more than {most}, and the threshold is {threshold:g}: the alarm never fires",
            "threshold",
        )
    elif threshold < 0 or (threshold == 0 and (not strictly or metric.unit == "Percent")):
        yield Problem(
            f"{metric.name} is hardly ever below the threshold {threshold:g}: the alarm fires while all is well",
            "threshold",
        )


def _scale(alarm: View, metric: metrics.Metric) -> Iterator[Problem]:
    threshold = alarm.number("threshold")
    if threshold is None or alarm.text("statistic") in {"Sum", "SampleCount"}:
        return
    if metric.unit == "Percent" and 0 < threshold <= 1 and metric.name in _HIGH_IS_BAD | _LOW_IS_BAD:
        yield Problem(
            f"{metric.name} goes from 0 to {_WHOLE}, and the threshold {threshold:g} is written as a fraction",
            "threshold",
        )
    elif metric.name in _MEMORY and 0 < threshold < _FEWEST_BYTES:
        yield Problem(
            f"{metric.name} is published in bytes, and the threshold is {threshold:g} of them: not even a megabyte",
            "threshold",
        )


def _sampling(alarm: View, metric: metrics.Metric) -> Iterator[Problem]:
    statistic = alarm.text("statistic")
    if statistic == "SampleCount":
        yield Problem(f"SampleCount tells how often {metric.name} was measured, and nothing of its value", "statistic")
    elif statistic == "Sum" and metric.unit == "Percent" and (alarm.number("period", 0) or 0) > _PUBLISHED_EVERY:
        yield Problem(
            f"the Sum of {metric.name} adds up percentages: it grows with the period; use Average or Maximum",
            "statistic",
        )
    period = alarm.number("period")
    if period is None:
        yield Problem("no period is set, which an alarm on a metric needs: the update fails", "period")
    periods, datapoints = alarm.number("evaluationPeriods"), alarm.number("datapointsToAlarm")
    if periods is not None and datapoints is not None and datapoints > periods:
        yield Problem(
            f"datapointsToAlarm is {datapoints:g} of {periods:g} evaluationPeriods: there are never so many",
            "datapointsToAlarm",
        )
    if period is not None and period < _PUBLISHED_EVERY:
        yield Problem(
            f"the period is {period:g} seconds and ElastiCache publishes once a minute: most periods have no data",
            "period",
        )
    needed = datapoints or periods
    if metric.name in _HIGH_IS_BAD and period is not None and needed is not None and period * needed > _LATEST:
        yield Problem(
            f"the alarm tells of {metric.name} after {period * needed / _LATEST:g} hours: clients suffer all the while",
            "period",
        )
    unit = alarm.text("unit")
    if unit and metric.unit in {"Percent", "Bytes", "Microseconds"} and unit != metric.unit:
        yield Problem(f"{metric.name} is published in {metric.unit}, not in {unit}: the alarm never fires", "unit")


_ALARM = """\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=2)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/ElastiCache",
    metric_name="EngineCPUUtilization",
    dimensions={{"CacheClusterId": pulumi.Output.concat(group.id, "-001")}},
    comparison_operator="GreaterThanThreshold",
    statistic="Average",
    period=60,
    evaluation_periods=5,
    threshold={threshold},
)
"""

RULE = Rule(
    name="alarm-threshold",
    title="Alarms on caches fire when there is trouble, and only then",
    description=(
        "A percentage is never above 100, nothing is below zero, free memory runs low and not high, and a unit that the"
        " metric does not have selects no data: an alarm that asks for such a thing, or that waits for hours, is silent"
        " when it is needed, or rings until everybody ignores it."
    ),
    severity=Severity.MEDIUM,
    types=(METRIC_ALARM,),
    check=check,
    remediation=(
        "Set threshold to a value that the metric reaches before clients notice, comparisonOperator to the side on"
        " which the trouble is, statistic to Average or Maximum (Sum for counts), period to 60 seconds or more, and"
        " leave unit out. Changing an alarm does nothing to the cache."
    ),
    arguments=("threshold", "comparisonOperator", "statistic", "period", "unit"),
    url=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
        "Best_Practice_Recommended_Alarms_AWS_Services.html#ElastiCache"
    ),
    tags=("alarms", "monitoring"),
    violating=_ALARM.format(threshold=900),
    compliant=_ALARM.format(threshold=90),
)
