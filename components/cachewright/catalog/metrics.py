"""ElastiCache's CloudWatch metrics, in the namespace `AWS/ElastiCache`.

The metrics of nodes are published by `CacheClusterId` (the member, such as `main-001`) and `CacheNodeId` (`0001`);
nothing is published by `ReplicationGroupId`. A serverless cache's are published by `clusterId`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cachewright.catalog import tables

NAMESPACE = "AWS/ElastiCache"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: Its name.
        unit: CloudWatch's unit.
        engines: The engines that publish it.
        dimensions: The names of the dimensions it is published by.
        source: Where AWS states it.
    """

    name: str
    unit: str
    engines: tuple[str, ...]
    dimensions: tuple[str, ...]
    source: str


@cache
def metrics() -> tuple[Metric, ...]:
    """Return every metric; one that nodes and serverless caches both publish is in it twice."""
    return tuple(
        Metric(row["name"], row["unit"], tuple(row["engines"].split()), tuple(row["dimensions"].split()), row["source"])
        for row in tables.rows("metrics.csv")
    )


def find(name: str, *, serverless: bool = False) -> Metric | None:
    """Return the metric of a name, of nodes or of serverless caches; None when there is none such."""
    dimension = "clusterId" if serverless else "CacheClusterId"
    return next((one for one in metrics() if one.name == name and dimension in one.dimensions), None)
