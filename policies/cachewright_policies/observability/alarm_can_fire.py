"""An alarm on a metric that nobody publishes is silent for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cachewright.catalog import metrics
from cachewright.catalog.members import member_ids
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, METRIC_ALARM, REPLICATION_GROUP, SERVERLESS_CACHE
from cachewright_policies.topology import nodes
from cachewright_policies.topology.alarms import (
    NODE_DIMENSION,
    SERVERLESS_DIMENSION,
    intended,
    is_about_caches,
    readings,
    watched,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.topology.alarms import Reading

_NODE_DIMENSIONS: Final = {NODE_DIMENSION, "CacheNodeId", "Tier"}
# Application Auto Scaling reads these of a whole replication group, by role.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Scaling-Defining-Policy-API.html
_GROUP_DIMENSIONS: Final = {"ReplicationGroupId", "Role"}
_GROUP_METRICS: Final = {
    "EngineCPUUtilization",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "DatabaseCapacityUsageCountedForEvictPercentage",
}
_NODE_NUMBER: Final = re.compile(r"\d{4}")


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find alarms on ElastiCache whose namespace, metric or dimensions carry no data."""
    for reading in readings(subject):
        if is_about_caches(scope.graph, subject, reading):
            message = _problem(scope.graph, subject, reading)
            if message:
                yield Problem(message[1], reading.view.path + message[0])


def _problem(graph: Graph, alarm: Resource, reading: Reading) -> tuple[str, str] | None:
    """Return the property that makes a reading have no data, and why; None when it has."""
    view = reading.view
    namespace = view.text("namespace")
    if namespace != metrics.NAMESPACE:
        return "namespace", (
            f"the namespace {namespace} holds no metric of a cache, ElastiCache publishes in {metrics.NAMESPACE}: the"
            " alarm never fires"
        )
    name = view.text("metricName")
    dimensions = view.mapping("dimensions")
    caches = watched(graph, alarm, reading)
    serverless = any(one.type == SERVERLESS_CACHE for one in caches) or (
        not caches and SERVERLESS_DIMENSION in dimensions
    )
    metric = metrics.find(name, serverless=serverless)
    if metric is None:
        return "metricName", _no_metric(name, serverless=serverless)
    for cache in caches:
        if cache.is_unknown("engine") or (Cache(cache).is_secondary and not cache.is_set("engine")):
            continue
        if Cache(cache).engine not in metric.engines:
            return "metricName", (
                f"{name} is not published by {Cache(cache).engine}, which {cache.name} runs: the alarm never fires"
            )
    return _dimension_problem(graph, name, dimensions, caches, serverless=serverless)


def _no_metric(name: str, *, serverless: bool) -> str:
    kind = "a serverless cache" if serverless else "a node of a cache"
    close = intended(name)
    hint = f" (did you mean {close}?)" if metrics.find(close, serverless=serverless) is not None else ""
    return f"{name} is no metric of {kind}{hint}: the alarm never fires"


def _dimension_problem(
    graph: Graph, metric: str, dimensions: Mapping[str, Any], caches: tuple[Resource, ...], *, serverless: bool
) -> tuple[str, str] | None:
    names = set(dimensions)
    if not names:
        return "dimensions", f"no dimension says which cache's {metric} is meant: the alarm never fires"
    if serverless:
        if names != {SERVERLESS_DIMENSION}:
            return "dimensions", (
                f"a serverless cache publishes {metric} by {SERVERLESS_DIMENSION} alone, found"
                f" {_listed(names)}: the alarm never fires"
            )
        return None
    if names == _GROUP_DIMENSIONS and metric in _GROUP_METRICS:
        return None
    if "ReplicationGroupId" in names:
        return "dimensions", (
            f"{metric} is published by node, not by ReplicationGroupId: the alarm never fires; name each member by"
            f" {NODE_DIMENSION}"
        )
    if NODE_DIMENSION not in names or names - _NODE_DIMENSIONS:
        return "dimensions", (
            f"{metric} is published by {NODE_DIMENSION} and CacheNodeId, found {_listed(names)}: the alarm never fires"
        )
    for cache in caches:
        wrong = _wrong_node(graph, cache, dimensions)
        if wrong:
            return "dimensions", f"{wrong}: the alarm never fires"
    return None


def _listed(names: set[str]) -> str:
    return " and ".join(sorted(names))


def _wrong_node(graph: Graph, cache: Resource, dimensions: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the node that known values name, or None."""
    number = dimensions.get("CacheNodeId")
    if isinstance(number, str) and not _fits(cache, number):
        return f"{cache.name} has no node {number}"
    name = dimensions.get(NODE_DIMENSION)
    identifier = nodes.identifier(cache)
    if not isinstance(name, str) or identifier is None or cache.type != REPLICATION_GROUP:
        return None
    sharded = nodes.cluster_mode(graph, cache)
    if name == identifier:
        example = _example(identifier, cluster_mode=bool(sharded))
        return f"{name} is the replication group {cache.name}, and metrics are its members', such as {example}"
    shard, _, node = name.removeprefix(f"{identifier}-").rpartition("-")
    if sharded is not None and sharded != bool(shard):
        kind = "sharded" if sharded else "not sharded"
        return (
            f"{cache.name} is {kind}, its members are called {_example(identifier, cluster_mode=sharded)}, not {name}"
        )
    if not nodes.has_shape(cache) or nodes.is_scaled(graph, cache):
        return None
    shape = nodes.shape(cache)
    if int(node) not in range(1, shape.nodes_per_shard + 1) or (shard and int(shard) not in range(1, shape.shards + 1)):
        return f"{cache.name} has no member {name}"
    return None


def _fits(cache: Resource, number: str) -> bool:
    """Tell whether a cache may have a node of a number: only Memcached's clusters have more than one."""
    if not _NODE_NUMBER.fullmatch(number):
        return False
    if cache.type != CLUSTER or cache.is_unknown("numCacheNodes"):
        return int(number) == 1
    return 1 <= int(number) <= nodes.shape(cache).total


def _example(identifier: str, *, cluster_mode: bool) -> str:
    return member_ids(identifier, cluster_mode=cluster_mode, replicas={"0001": 0})[0]


RULE = Rule(
    name="alarm-can-fire",
    title="Alarms watch metrics that exist",
    description=(
        "CloudWatch accepts an alarm on any name, and one on a metric that nobody publishes never has data and never"
        " fires. ElastiCache publishes in AWS/ElastiCache: of nodes by CacheClusterId, which is the member of a"
        " replication group (main-001, or main-0001-001 where it is sharded), and of serverless caches by clusterId."
        " Nothing that an alarm needs is published by ReplicationGroupId alone."
    ),
    severity=Severity.MEDIUM,
    types=(METRIC_ALARM,),
    check=check,
    remediation=(
        "Set namespace to AWS/ElastiCache and metricName to a metric that the engine publishes. Set dimensions to"
        " CacheClusterId with each member's id (memberClusters lists them), or to clusterId with the name of a"
        " serverless cache. Changing an alarm does nothing to the cache."
    ),
    arguments=("namespace", "metricName", "dimensions"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.html",
    tags=("alarms", "monitoring"),
    frameworks=(Framework("NIST 800-53 r5", ("AU-6(1)", "CA-7", "SI-4(12)")),),
    needs_graph=True,
    violating="""\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=2)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/ElastiCache",
    metric_name="EngineCPUUtilization",
    dimensions={"ReplicationGroupId": group.id},
    comparison_operator="GreaterThanThreshold",
    statistic="Average",
    period=60,
    evaluation_periods=5,
    threshold=90,
)
""",
    compliant="""\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=2)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/ElastiCache",
    metric_name="EngineCPUUtilization",
    dimensions={"CacheClusterId": pulumi.Output.concat(group.id, "-001")},
    comparison_operator="GreaterThanThreshold",
    statistic="Average",
    period=60,
    evaluation_periods=5,
    threshold=90,
)
""",
)
