"""Alarms whose thresholds lie within what their cache has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import metrics, node_types
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import METRIC_ALARM, SERVERLESS_CACHE
from cachewright_policies.topology.alarms import readings, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_GREATER: Final = {"GreaterThanThreshold", "GreaterThanOrEqualToThreshold"}
_GIGABYTE: Final = 1000**3
_GIBIBYTE: Final = 1024**3


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find alarms on more memory than a node has, or on more use than a serverless cache allows."""
    for reading in readings(subject):
        # A threshold that is not known is another rule's to tell of.
        threshold = None if subject.is_unknown("threshold") else subject.number("threshold")
        if not reading.alone or threshold is None or subject.text("namespace") != metrics.NAMESPACE:
            continue
        greater = subject.text("comparisonOperator") in _GREATER
        for cache in watched(scope.graph, subject, reading):
            if cache.type == SERVERLESS_CACHE:
                found = _beyond_limits(subject, cache, threshold) if greater else None
            else:
                found = _beyond_memory(subject, cache, threshold, greater=greater)
            if found:
                yield Problem(found, "threshold")


def _beyond_limits(alarm: Resource, cache: Resource, threshold: float) -> str | None:
    metric = alarm.text("metricName")
    for limits in cache.objects("cacheUsageLimits"):
        if metric == "BytesUsedForCache" and alarm.text("statistic") in {"Average", "Maximum", "Minimum"}:
            for storage in limits.objects("dataStorage"):
                most = storage.number("maximum")
                if most is not None and threshold >= most * _GIBIBYTE:
                    return (
                        f"{cache.name} holds {most:g} GB at most, and the threshold is {threshold / _GIGABYTE:.4g} GB:"
                        " the alarm never fires"
                    )
        if metric == "ElastiCacheProcessingUnits" and alarm.text("statistic") == "Sum":
            period = alarm.number("period")
            for units in limits.objects("ecpuPerSeconds"):
                most = units.number("maximum")
                if most is not None and period is not None and threshold > most * period:
                    return (
                        f"{cache.name} takes {most:g} ECPUs a second at most, which are {most * period:g} in a period"
                        f" of {period:g} seconds, and the threshold is {threshold:g}: the alarm never fires"
                    )
    return None


def _beyond_memory(alarm: Resource, cache: Resource, threshold: float, *, greater: bool) -> str | None:
    metric = alarm.text("metricName")
    name = cache.peek("nodeType")
    known = node_types.find(name) if isinstance(name, str) else None
    if known is None or threshold < known.memory_gib * _GIBIBYTE or alarm.text("statistic") == "Sum":
        return None
    has = f"a node of {cache.name} has {known.memory_gib:g} GiB, and the threshold is {threshold / _GIBIBYTE:.4g} GiB"
    if metric in {"FreeableMemory", "UnusedMemory"} and not greater:
        return f"{has}: the alarm fires while all is well"
    if metric in {"BytesUsedForCache", "BytesUsedForCacheItems", "SwapUsage"} and greater:
        return f"{has}: the alarm never fires"
    return None


_PROGRAM = """
    cache = aws.elasticache.ServerlessCache(
        "carts",
        name="carts",
        engine="valkey",
        cache_usage_limits={{
            "data_storage": {{"maximum": 10, "unit": "GB"}},
            "ecpu_per_seconds": [{{"maximum": 5000}}],
        }},
    )
    aws.cloudwatch.MetricAlarm(
        "storage",
        namespace="AWS/ElastiCache",
        metric_name="BytesUsedForCache",
        dimensions={{"clusterId": cache.name}},
        comparison_operator="GreaterThanThreshold",
        statistic="Maximum",
        period=60,
        evaluation_periods=5,
        threshold={threshold},
    )
"""

RULE = Rule(
    name="alarm-capacity",
    title="Alarms fit the size of their cache",
    description=(
        "An alarm on more memory than a node has, or on more use than a serverless cache allows, is silent for ever or"
        " never stops. It comes with a smaller node type or limit whose alarms nobody thought of."
    ),
    severity=Severity.MEDIUM,
    types=(METRIC_ALARM,),
    check=check,
    remediation=(
        "Set threshold to a share of what the cache has, such as 80 % of the maximum, and compute it from the same"
        " value. Changing an alarm does nothing to the cache."
    ),
    arguments=("threshold",),
    violating=_PROGRAM.format(threshold="80 * 10**9"),
    compliant=_PROGRAM.format(threshold="8 * 10**9"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    tags=("alarms", "monitoring"),
    needs_graph=True,
)
