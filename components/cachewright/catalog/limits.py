"""Quotas and fixed limits of ElastiCache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cachewright.catalog import tables


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Attributes:
        name: What is limited.
        value: How much.
        adjustable: Whether AWS raises it on request.
        unit: What is counted.
        source: Where AWS states it.
    """

    name: str
    value: int
    adjustable: bool
    unit: str
    source: str


@cache
def limits() -> dict[str, Limit]:
    """Return every limit by its name."""
    return {
        row["name"]: Limit(row["name"], int(row["value"]), tables.flag(row["adjustable"]), row["unit"], row["source"])
        for row in tables.rows("limits.csv")
    }


def limit(name: str) -> int:
    """Return a limit's value.

    >>> limit("replicas_per_shard")
    5
    """
    return limits()[name].value
