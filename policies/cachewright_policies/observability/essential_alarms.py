"""A cache in production has an alarm on its processor and one on its memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CACHES, SERVERLESS_CACHE
from cachewright_policies.topology.alarms import metrics_by_cache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_ALTERNATIVES: Final = "|"
_SCHEMA: Final = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that run short of something before anybody is told."""
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    watched = metrics_by_cache(scope.graph)
    have = watched.get(subject.urn, frozenset()) | watched[""]
    missing = [one for one in scope.settings[_kind(cache)] if have.isdisjoint(one.split(_ALTERNATIVES))]
    if missing:
        wanted = ", nor on ".join(one.replace(_ALTERNATIVES, " or ") for one in missing)
        yield Problem(f"no alarm of this stack watches {subject.name} on {wanted}: clients notice the trouble first")


def _kind(cache: Cache) -> str:
    if cache.resource.type == SERVERLESS_CACHE:
        return "serverless"
    return "memcached" if cache.is_memcached else "nodes"


def _setting(name: str, whose: str, default: list[str]) -> Setting:
    text = f"Metrics that need an alarm for {whose}; alternatives stand in one text, separated by `|`."
    return Setting(name, {**_SCHEMA, "description": text}, default)


_MEMORY: Final = (
    "DatabaseMemoryUsagePercentage|DatabaseMemoryUsageCountedForEvictPercentage|DatabaseCapacityUsagePercentage"
    "|DatabaseCapacityUsageCountedForEvictPercentage|FreeableMemory|BytesUsedForCache|Evictions"
)

RULE = Rule(
    name="cache-essential-alarms",
    title="Caches have the alarms that matter most",
    description=(
        "An engine whose one thread is busy answers slowly, and one whose memory is full evicts keys or refuses writes;"
        " a serverless cache at its limit throttles. Both are seen minutes before clients suffer, if an alarm looks."
        " More metrics can be asked for by the settings."
    ),
    severity=Severity.MEDIUM,
    types=CACHES,
    check=check,
    remediation=(
        "Add a MetricAlarm on EngineCPUUtilization or CPUUtilization and one on DatabaseMemoryUsagePercentage for each"
        " member (CacheClusterId); for Memcached on CPUUtilization or Evictions; for a serverless cache on"
        " ThrottledCmds, or on ElastiCacheProcessingUnits and BytesUsedForCache near their maxima (clusterId). With the"
        " components give alarm_topic_arn. An alarm does nothing to the cache."
    ),
    arguments=(),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    tags=("alarms", "monitoring"),
    frameworks=(Framework("NIST 800-53 r5", ("AU-6(1)", "CA-7", "SI-4(12)")),),
    settings=(
        _setting("nodes", "the nodes of Redis OSS and Valkey", ["EngineCPUUtilization|CPUUtilization", _MEMORY]),
        _setting(
            "memcached",
            "Memcached clusters",
            ["CPUUtilization|Evictions|FreeableMemory|UnusedMemory|BytesUsedForCacheItems|SwapUsage|CurrConnections"],
        ),
        _setting(
            "serverless",
            "serverless caches",
            ["ThrottledCmds|ElastiCacheProcessingUnits|BytesUsedForCache|Evictions|SuccessfulReadRequestLatency"],
        ),
    ),
    needs_graph=True,
    environments=PROD_ONLY,
    violating="""\
aws.elasticache.ServerlessCache("sessions", name="sessions", engine="valkey")
""",
    compliant="""\
cache = aws.elasticache.ServerlessCache("sessions", name="sessions", engine="valkey")
aws.cloudwatch.MetricAlarm(
    "throttled",
    namespace="AWS/ElastiCache",
    metric_name="ThrottledCmds",
    dimensions={"clusterId": cache.name},
    comparison_operator="GreaterThanThreshold",
    statistic="Sum",
    period=60,
    evaluation_periods=5,
    threshold=0,
)
""",
)
