"""What caches publish: calm, made-up values that are the same every time they are asked for.

`synthetic_metrics.csv` says what a metric's values are around (0 for a metric that is not in it), and which members
publish it. The memory of a node type is what a base `of` memory is a part of.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from cachewright.catalog import metrics, node_types
from cachewright_offline.cloud.services.cloudwatch.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.members import Member

Dimensions = frozenset[tuple[str, str]]
MINUTE: Final = timedelta(minutes=1)
_GIB: Final = 1024**3
# Published for a replication group's members of one role together: those that Application Auto Scaling follows.
_OF_GROUPS: Final = (
    "EngineCPUUtilization",
    "DatabaseMemoryUsageCountedForEvictPercentage",
    "DatabaseCapacityUsageCountedForEvictPercentage",
)


def published(member: Member) -> Iterator[metrics.Metric]:
    """Return the metrics that a member publishes."""
    dimension = "clusterId" if member.kind == "serverless-cache" else "CacheClusterId"
    return (one for one in metrics.metrics() if dimension in one.dimensions and is_published(member, one))


def is_published(member: Member, metric: metrics.Metric) -> bool:
    """Tell whether a member publishes a metric of its kind."""
    return member.engine in metric.engines and _row(metric.name, member) is not None


def own_dimensions(member: Member) -> Dimensions:
    """Return the dimensions of a member alone."""
    if member.kind == "serverless-cache":
        return frozenset({("clusterId", member.id)})
    return frozenset({("CacheClusterId", member.id), ("CacheNodeId", member.node_id)})


def of_cluster(member: Member) -> Dimensions | None:
    """Return the dimensions of the nodes of a member's cluster together."""
    return None if member.kind == "serverless-cache" else frozenset({("CacheClusterId", member.id)})


def of_role(member: Member) -> Dimensions | None:
    """Return the dimensions of the nodes of a replication group that have a member's role, together."""
    if member.kind != "replication-group":
        return None
    return frozenset({("ReplicationGroupId", member.cache_id), ("Role", "Primary" if member.primary else "Replica")})


def is_of_roles(metric: str) -> bool:
    """Tell whether a metric is published by role."""
    return metric in _OF_GROUPS


def samples(member: Member, metric: metrics.Metric, start: datetime, end: datetime) -> Iterator[Sample]:
    """Return a member's values of a metric, one for each full minute from `start` until before `end`."""
    moment = max(start, member.created)
    moment = datetime.fromtimestamp(moment.timestamp() // 60 * 60, UTC)
    if moment < start:
        moment += MINUTE
    while moment < end:
        yield Sample.of_value(moment, _value(member, metric.name, moment), metric.unit)
        moment += MINUTE


def _value(member: Member, metric: str, moment: datetime) -> float:
    row = _row(metric, member) or _CALM
    whole = 1.0
    if row["of"] == "memory":
        node_type = node_types.find(member.node_type)
        whole = _GIB * (node_type.memory_gib if node_type is not None else 1)
    key = f"{metric}/{member.id}/{member.node_id}/{int(moment.timestamp())}"
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32
    value = (float(row["base"]) + float(row["spread"]) * (2 * place - 1)) * whole
    return round(value, 0 if whole > 1 else 3)


_CALM: Final = {"base": "0", "spread": "0", "of": "", "publishers": ""}


def _row(metric: str, member: Member) -> dict[str, str] | None:
    """Return what a member's values of a metric are around, or None when it does not publish it."""
    rows = _rows().get(metric)
    if rows is None:
        return _CALM
    return next((row for row in rows if _is_publisher(row["publishers"], member)), None)


def _is_publisher(who: str, member: Member) -> bool:
    node_type = node_types.find(member.node_type)
    answers = {
        "": True,
        "nobody": False,
        "primary": member.primary is not False,
        "replica": member.primary is False,
        "burstable": node_type is not None and node_type.burstable,
        "tiered": node_type is not None and node_type.data_tiering,
    }
    return answers[who]


@functools.cache
def _rows() -> dict[str, list[dict[str, str]]]:
    table = files("cachewright_offline.cloud.services.cloudwatch") / "synthetic_metrics.csv"
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))):
        rows.setdefault(row["name"], []).append(row)
    return rows
