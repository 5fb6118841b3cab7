"""Rules over the autoscaling of shards and replicas.

Source: AWS's user guide, "Auto Scaling ElastiCache clusters".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cachewright.arguments import Types, Values, between, choice, rule
from cachewright.catalog import engine_versions, features, node_types
from cachewright.catalog.limits import limit
from cachewright.enums import ScalingMetric
from cachewright.errors import Problem
from cachewright.rules.node_groups import on_outpost

DEFAULT_TARGET_PERCENT = 60
# Outside of these AWS finds that a cluster scales too late, or back and forth.
_TARGET_PERCENTS = (35, 70)
_COUNTS = {"shards": "num_node_groups", "replicas": "replicas_per_node_group"}


class AutoscalingTypes(Types):
    """The types of `AutoscalingArgs`."""

    minimum_shards: int | None = None
    maximum_shards: int | None = None
    minimum_replicas: int | None = None
    maximum_replicas: int | None = None
    shard_metric: str | None = None
    target_percent: int | None = None
    scale_in_cooldown_seconds: int | None = None
    scale_out_cooldown_seconds: int | None = None


def scaled(given: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return which of `shards` and `replicas` are scaled."""
    return tuple(kind for kind in _COUNTS if (given or {}).get(f"maximum_{kind}") is not None)


@rule("autoscaling", "num_node_groups", "replicas_per_node_group", "node_quota", "node_group_configurations")
def limits(values: Values) -> Iterable[Problem]:
    """The limits are complete, hold what the cache begins with, and fit the quota."""
    given = values["autoscaling"]
    if given is None:
        return
    if not any(given.get(f"{end}_{kind}") is not None for end in ("minimum", "maximum") for kind in _COUNTS):
        text = (
            "must limit shards or replicas, got neither; give minimum_shards and maximum_shards, or those of replicas"
        )
        yield Problem("autoscaling", text)
    highest = {"shards": limit("shards_per_cluster"), "replicas": limit("replicas_per_shard")}
    beginnings = _beginnings(values)
    sound = True
    for kind in _COUNTS:
        problems = list(_pair(given, kind, highest[kind], beginnings[kind]))
        sound = sound and not problems
        yield from problems
    low, high = _TARGET_PERCENTS
    yield from between("autoscaling.target_percent", given.get("target_percent"), low, high, "use 60")
    yield from choice("autoscaling.shard_metric", given.get("shard_metric"), tuple(ScalingMetric))
    for end in ("in", "out"):
        argument = f"scale_{end}_cooldown_seconds"
        yield from between(f"autoscaling.{argument}", given.get(argument), 0, 86400, "leave it out for AWS's 600")
    if sound and all(beginnings.values()):
        shards = given.get("maximum_shards") or values["num_node_groups"]
        replicas = given.get("maximum_replicas") or max(beginnings["replicas"].values())
        nodes, quota = shards * (1 + replicas), values["node_quota"]
        if nodes > quota:
            text = (
                f"must allow {quota} nodes or fewer in all, got {nodes} ({shards} shards × {1 + replicas} nodes);"
                " lower the maximum, or set node_quota to what AWS has granted"
            )
            yield Problem("autoscaling", text)


def _beginnings(values: Values) -> Mapping[str, Mapping[str, int]]:
    """Return what each number begins with, by the argument that says it."""
    every, described = values["replicas_per_node_group"], values["node_group_configurations"] or ()
    replicas = {
        f"node_group_configurations[{index}].replica_count": one["replica_count"] for index, one in enumerate(described)
    }
    return {
        "shards": {} if values["num_node_groups"] is None else {"num_node_groups": values["num_node_groups"]},
        "replicas": replicas if every is None else {"replicas_per_node_group": every},
    }


def _pair(given: Mapping[str, Any], kind: str, highest: int, begins: Mapping[str, int]) -> Iterable[Problem]:
    low, high = given.get(f"minimum_{kind}"), given.get(f"maximum_{kind}")
    for end, value, other in (("minimum", low, high), ("maximum", high, low)):
        where = f"autoscaling.{end}_{kind}"
        if value is None and other is not None:
            yield Problem(where, f"must be given with the other limit of {kind}, got nothing; add it")
        yield from between(where, value, 1, highest, f"leave both limits of {kind} out to keep their number")
    if low is None or high is None or not 1 <= low <= highest or not 1 <= high <= highest:
        return
    if low > high:
        yield Problem(f"autoscaling.minimum_{kind}", f"must be maximum_{kind} ({high}) or less, got {low}; lower it")
        return
    for argument, count in begins.items():
        if not low <= count <= high:
            text = f"must be {low} to {high} with its autoscaling, got {count}; begin within the limits"
            yield Problem(argument, text)


@rule("autoscaling", "engine", "engine_version", "node_type", "node_group_configurations")
def support(values: Values) -> Iterable[Problem]:
    """Autoscaling exists on some versions and node types only."""
    if values["autoscaling"] is None:
        return
    name, version = values["engine"], values["engine_version"]
    if engine_versions.find(name, version) and not features.supports(name, version, "autoscaling"):
        minimum = features.minimum_version(name, "autoscaling")
        text = f"must be left out before {name} {minimum}, got it with {version}; upgrade engine_version"
        yield Problem("autoscaling", text)
    node_type = node_types.find(values["node_type"] or "")
    if node_type is not None and not node_type.autoscaling:
        text = f"must be left out on {node_type.name}, got it; choose a node type such as cache.r7g.large"
        yield Problem("autoscaling", text)
    if on_outpost(values):
        text = "must be left out on an Outpost, got it; set num_node_groups and replicas_per_node_group by hand"
        yield Problem("autoscaling", text)
