"""Which metrics of which caches the alarms of a stack watch."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cachewright.catalog import metrics
from cachewright_policies.cache import Cache
from cachewright_policies.tokens import CACHES, METRIC_ALARM, REPLICATION_GROUP
from cachewright_policies.topology.nodes import identifier
from cachewright_policies.values import UNKNOWN, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cachewright_policies.graph import Graph, Resource

SERVERLESS_DIMENSION: Final = "clusterId"
NODE_DIMENSION: Final = "CacheClusterId"

_MEMBER: Final = re.compile(r"(?P<group>.+?)(-\d{4})?-\d{3}")
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_AMAZON: Final = "aws/"


class Reading(NamedTuple):
    """One metric that an alarm looks at.

    Attributes:
        view: What has `metricName`, `namespace` and `dimensions`.
        property: The alarm's property whose edges lead to the cache.
        alone: Whether the alarm's threshold is held against this metric as it is, and not against an expression.
    """

    view: View
    property: str
    alone: bool


def readings(alarm: Resource) -> Iterator[Reading]:
    """Go through the metrics that an alarm looks at.

    Raises:
        UnknownValueError: Which they are is not known yet.
    """
    if alarm.is_set("metricName"):
        yield Reading(alarm, "dimensions", alone=True)
    for query in alarm.objects("metricQueries"):
        metric = query.mapping("metric")
        if metric:
            yield Reading(View(metric, f"{query.path}metric."), "metricQueries", alone=False)


def watched(graph: Graph, alarm: Resource, reading: Reading) -> tuple[Resource, ...]:
    """Return the caches of the stack that a reading is about, by its dimensions' values and edges."""
    dimensions = View(reading.view.mapping("dimensions"))
    values = [value for name in dimensions.values if (value := dimensions.peek(name)) is not UNKNOWN]
    found = {one.urn: one for value in values if (one := owner(graph, str(value))) is not None}
    if found:
        return tuple(found.values())
    edges = (graph.resources.get(urn) for urn in alarm.property_dependencies.get(reading.property, ()))
    return tuple(one for one in edges if one is not None and one.type in CACHES)


def owner(graph: Graph, name: str) -> Resource | None:
    """Return the cache that has an id, or a node with that id; None when the stack has none such."""
    known = graph.remember(("cache names",), lambda: _names(graph))
    found = known.get(name)
    if found is not None:
        return found
    match = _MEMBER.fullmatch(name)
    group = known.get(match["group"]) if match else None
    return group if group is not None and group.type == REPLICATION_GROUP else None


def _names(graph: Graph) -> Mapping[str, Resource]:
    found: dict[str, Resource] = {}
    for cache in graph.of_type(*CACHES):
        name = identifier(cache)
        if name is not None:
            found.setdefault(name, cache)
    return found


def is_about_caches(graph: Graph, alarm: Resource, reading: Reading) -> bool:
    """Tell whether a reading is meant for ElastiCache: by its namespace, or by the cache that it names.

    A namespace of the user's own holds what the user says: it is left alone.
    """
    namespace = reading.view.text("namespace")
    if namespace == metrics.NAMESPACE:
        return True
    meant = namespace.lower()
    if difflib.get_close_matches(meant, [metrics.NAMESPACE.lower(), "elasticache"], n=1, cutoff=0.85):
        return True
    return meant.startswith(_AMAZON) and bool(watched(graph, alarm, reading))


def cache_alarms(graph: Graph) -> tuple[Resource, ...]:
    """Return the alarms that look at a metric of ElastiCache; what is not known yet is taken for one."""
    return graph.remember(("cache alarms",), lambda: tuple(_cache_alarms(graph)))


def _cache_alarms(graph: Graph) -> Iterator[Resource]:
    for alarm in graph.of_type(METRIC_ALARM):
        if concerns_caches(graph, alarm):
            yield alarm


def concerns_caches(graph: Graph, alarm: Resource) -> bool:
    """Tell whether an alarm looks at a metric of ElastiCache; what is not known yet is not taken for one."""
    if alarm.is_unknown("metricQueries") or alarm.is_unknown("metricName") or alarm.is_unknown("namespace"):
        return False
    return any(metrics.NAMESPACE in text for text in expressions(alarm)) or any(
        not one.view.is_unknown("namespace")
        and not one.view.is_unknown("dimensions")
        and is_about_caches(graph, alarm, one)
        for one in readings(alarm)
    )


def expressions(alarm: Resource) -> tuple[str, ...]:
    """Return the expressions of an alarm that are known: searches and queries name their metrics themselves."""
    if alarm.is_unknown("metricQueries"):
        return ()
    queries = alarm.peek("metricQueries")
    return tuple(
        one["expression"]
        for one in (queries if isinstance(queries, list) else ())
        if isinstance(one, dict) and isinstance(one.get("expression"), str)
    )


@lru_cache(maxsize=512)
def intended(name: str) -> str:
    """Return the metric that a name means: itself, or the nearest one when there is none such.

    >>> intended("EngineCpuUtilisation")
    'EngineCPUUtilization'
    """
    known = _known_metrics()
    exact = known.get(name.lower())
    if exact is not None:
        return exact
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.8)
    return known[close[0]] if close else name


@lru_cache(maxsize=512)
def _known_metrics() -> Mapping[str, str]:
    """Return the metrics' names by their lower case."""
    return {one.name.lower(): one.name for one in metrics.metrics()}


def metrics_by_cache(graph: Graph) -> Mapping[str, frozenset[str]]:
    """Return the metrics that some alarm watches, by the URN of the cache; by "" those of no certain cache.

    An alarm that names its metric or its cache wrongly counts for what it means: that it cannot fire is said of it.
    """
    return graph.remember(("metrics by cache",), lambda: _metrics_by_cache(graph))


def _metrics_by_cache(graph: Graph) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {"": set()}
    for alarm in cache_alarms(graph):
        for one in readings(alarm):
            name = one.view.peek("metricName")
            if not isinstance(name, str) or one.view.is_unknown("dimensions"):
                continue
            dimensions = one.view.mapping("dimensions")
            caches = watched(graph, alarm, one)
            certain = caches or (dimensions and UNKNOWN not in dimensions.values())
            for urn in [cache.urn for cache in caches] if certain else [""]:
                found.setdefault(urn, set()).add(intended(name))
        for text in expressions(alarm):
            words = set(_WORD.findall(text))
            named = [urn for urn, name in _known_names(graph) if name in text]
            for urn in named or [""]:
                found.setdefault(urn, set()).update(words)
    return {urn: frozenset(names) for urn, names in found.items()}


def _known_names(graph: Graph) -> Iterator[tuple[str, str]]:
    for cache in graph.of_type(*CACHES):
        name = identifier(cache)
        if name is not None and not Cache(cache).is_member:
            yield cache.urn, name
