"""What is watched on some nodes of a cache is watched on all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP
from cachewright_policies.topology import nodes
from cachewright_policies.topology.alarms import NODE_DIMENSION, cache_alarms, expressions, intended, readings, watched
from cachewright_policies.values import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

    # A node by its shard and its number; the shard is empty where there are none.
    Node = tuple[str, int]

_NUMBER_DIMENSION: Final = "CacheNodeId"
# One node may be watched for all of them, as the primary is; of two or more nobody leaves the next out on purpose.
_FEWEST: Final = 2
_MOST_NAMED: Final = 3


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches with alarms on a metric of several of their nodes, and not of the others."""
    graph = scope.graph
    identifier = nodes.identifier(subject)
    if identifier is None or Cache(subject).is_member or not nodes.has_shape(subject):
        return
    if any(identifier in text for alarm in cache_alarms(graph) for text in expressions(alarm)):
        return
    names = _names(graph, subject, identifier)
    left_out: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for metric, seen in sorted(_watched_nodes(graph, subject, names).items()):
        missing = _missing(set(names.values()), seen)
        if missing:
            left_out[tuple(name for name, node in names.items() if node in missing)].append(metric)
    for missed, found in left_out.items():
        yield Problem(
            f"no alarm watches {', '.join(found)} of {_listed(missed)}, though other nodes of {subject.name} are"
            " watched: trouble there is seen by nobody"
        )


def _listed(missed: tuple[str, ...]) -> str:
    shown = ", ".join(missed[:_MOST_NAMED])
    return shown if len(missed) <= _MOST_NAMED else f"{shown} and {len(missed) - _MOST_NAMED} more nodes"


def _names(graph: Graph, cache: Resource, identifier: str) -> Mapping[str, Node]:
    """Return the nodes by what alarms call them; none where the stack does not tell."""
    shape = nodes.shape(cache)
    if cache.type == CLUSTER:
        return {f"{number:04}": ("", number) for number in range(1, shape.total + 1)}
    sharded = nodes.cluster_mode(graph, cache)
    # Shards that are configured one by one have ids and numbers of replicas of their own.
    if sharded is None or list(cache.objects("nodeGroupConfigurations")):
        return {}
    shards = [f"{shard:04}" for shard in range(1, shape.shards + 1)] if sharded else [""]
    return {
        "-".join(filter(None, (identifier, shard, f"{number:03}"))): (shard, number)
        for shard in shards
        for number in range(1, shape.nodes_per_shard + 1)
    }


def _watched_nodes(graph: Graph, cache: Resource, names: Mapping[str, Node]) -> Mapping[str, set[Node]]:
    """Return the nodes that each metric is watched on; no metric with an alarm whose node is not known."""
    found: dict[str, set[Node]] = defaultdict(set)
    uncertain = set()
    dimension = _NUMBER_DIMENSION if cache.type == CLUSTER else NODE_DIMENSION
    for alarm in cache_alarms(graph):
        for reading in readings(alarm):
            metric = reading.view.peek("metricName")
            if reading.view.is_unknown("dimensions") or not isinstance(metric, str):
                continue
            if not any(one is cache for one in watched(graph, alarm, reading)):
                continue
            node = names.get(str(View(reading.view.mapping("dimensions")).peek(dimension)))
            if node is None:
                uncertain.add(intended(metric))
            else:
                found[intended(metric)].add(node)
    return {metric: seen for metric, seen in found.items() if metric not in uncertain}


def _missing(every: set[Node], seen: set[Node]) -> set[Node]:
    """Return the nodes that are left out of a pattern: the same numbers of every shard, and all or all replicas."""
    shards = {shard for shard, _ in every} if len({shard for shard, _ in seen}) >= _FEWEST else {one for one, _ in seen}
    numbers = {number for _, number in seen}
    if len(numbers) >= _FEWEST:
        numbers |= {number for _, number in every if number > 1}
    return {(shard, number) for shard, number in every if shard in shards and number in numbers} - seen


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        replication_group_id="sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_cache_clusters=3,
        automatic_failover_enabled=True,
    )
    for number in {numbers}:
        aws.cloudwatch.MetricAlarm(
            f"memory-{{number}}",
            namespace="AWS/ElastiCache",
            metric_name="DatabaseMemoryUsagePercentage",
            dimensions={{"CacheClusterId": f"sessions-{{number:03}}"}},
            comparison_operator="GreaterThanThreshold",
            statistic="Maximum",
            period=60,
            evaluation_periods=5,
            threshold=80,
        )
"""

RULE = Rule(
    name="alarm-members",
    title="Alarms leave no node of a cache out",
    description=(
        "Every node publishes its own metrics, so every node needs its own alarm. A list of nodes that was written by"
        " hand is soon one node or one shard short, and that one becomes the primary. One node of a cache, or of each"
        " shard, and all replicas without the primary, are taken as chosen."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation=(
        "Make the alarms in a loop over all members: <id>-001 and on, with shards <id>-0001-001 and on, of Memcached"
        " CacheNodeId 0001 and on. With the components give alarm_topic_arn. An alarm does nothing to the cache."
    ),
    arguments=(),
    violating=_PROGRAM.format(numbers="(1, 2)"),
    compliant=_PROGRAM.format(numbers="(1, 2, 3)"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html",
    tags=("alarms", "monitoring"),
    frameworks=(Framework("NIST 800-53 r5", ("CA-7", "SI-4(12)")),),
    needs_graph=True,
    environments=PROD_ONLY,
)
