"""The alarms that AWS recommends for a cache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cachewright.catalog import tables

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Alarm:
    """One recommended alarm.

    Attributes:
        name: A short name, part of the alarm's own.
        engines: The engines it is for, or `serverless`.
        metric: The metric.
        statistic: The statistic over a period.
        period: The period in seconds.
        evaluation_periods: How many periods in a row.
        comparison_operator: CloudWatch's comparison.
        threshold: A number, or a product of numbers and of what is known of the cache.
        treat_missing_data: What a period without data counts as.
        description: What it means.
        source: Where AWS recommends it.
    """

    name: str
    engines: tuple[str, ...]
    metric: str
    statistic: str
    period: int
    evaluation_periods: int
    comparison_operator: str
    threshold: str
    treat_missing_data: str
    description: str
    source: str

    def threshold_for(self, facts: Mapping[str, float]) -> float:
        """Return the threshold for one cache.

        Args:
            facts: What the threshold's formula names, such as `vcpu` and `max_connections`.
        """
        total = 1.0
        for factor in self.threshold.split("*"):
            dividend, _, divisor = factor.partition("/")
            total *= _value(dividend, facts) / (_value(divisor, facts) if divisor else 1.0)
        return total


def _value(text: str, facts: Mapping[str, float]) -> float:
    return float(facts[text]) if text in facts else float(text)


@cache
def _all() -> tuple[Alarm, ...]:
    return tuple(
        Alarm(
            row["name"],
            tuple(row["engines"].split()),
            row["metric"],
            row["statistic"],
            int(row["period"]),
            int(row["evaluation_periods"]),
            row["comparison_operator"],
            row["threshold"],
            row["treat_missing_data"],
            row["description"],
            row["source"],
        )
        for row in tables.rows("alarms.csv")
    )


def recommended(kind: str) -> tuple[Alarm, ...]:
    """Return the alarms for an engine's nodes, or for `serverless` caches."""
    return tuple(one for one in _all() if kind in one.engines)
