"""What is known of a metric at a moment, and the statistics of what is known in a period."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_PERCENTILE: Final = re.compile(r"p(100|\d{1,2}(?:\.\d{1,10})?)")
BASIC_STATISTICS: Final = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


@dataclass(frozen=True, slots=True)
class Sample:
    """One value, or the summary of several.

    Attributes:
        moment: When.
        minimum: The least value.
        maximum: The greatest.
        total: Their sum.
        count: How many they are.
        unit: CloudWatch's unit, or None.
    """

    moment: datetime
    minimum: float
    maximum: float
    total: float
    count: float
    unit: str | None = None

    @classmethod
    def of_value(cls, moment: datetime, value: float, unit: str | None = None) -> Sample:
        """Return a single value."""
        return cls(moment, value, value, value, 1.0, unit)


def is_statistic(name: str) -> bool:
    """Tell whether statistics of that name are known here: the five basic ones and percentiles."""
    return name in BASIC_STATISTICS or _PERCENTILE.fullmatch(name) is not None


def statistic(name: str, samples: Sequence[Sample]) -> float | None:
    """Return a statistic of a period's samples.

    None when there are none, or for a percentile of summaries, whose values are not known.
    """
    count = sum(one.count for one in samples)
    if not count:
        return None
    basic = {
        "SampleCount": count,
        "Sum": sum(one.total for one in samples),
        "Minimum": min(one.minimum for one in samples),
        "Maximum": max(one.maximum for one in samples),
    }
    if name == "Average":
        return basic["Sum"] / count
    return basic[name] if name in basic else _percentile(float(name[1:]), samples)


def _percentile(percent: float, samples: Sequence[Sample]) -> float | None:
    if any(one.minimum != one.maximum for one in samples):
        return None
    values = sorted((one.minimum, one.count) for one in samples)
    # The place among all values, between the first and the last, as if each stood there `count` times.
    place = percent / 100 * (sum(count for _, count in values) - 1)
    passed = 0.0
    for index, (value, count) in enumerate(values):
        last = passed + count - 1
        if place <= last or index == len(values) - 1:
            return value
        if place < last + 1:
            return value + (values[index + 1][0] - value) * (place - last)
        passed += count
    return None
