"""The service updates of the local AWS, as a table (published_updates.csv): made up, in the form of AWS's.

AWS publishes its own from time to time and names none of them in its documentation. These are one of each status, and
one that is available for every cache.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final

from cachewright.catalog.tables import flag

_TABLE: Final = "published_updates.csv"


@dataclass(frozen=True, slots=True)
class ServiceUpdate:
    """One service update.

    Attributes:
        name: What requests call it.
        engine: Its engines, separated by commas, as answers show them.
        engine_version: What it says about their versions.
        severity: `critical`, `important`, `medium` or `low`.
        released: When it was published.
        recommended_by: By when AWS recommends to apply it.
        ends: When it can no longer be applied.
        cancelled: Whether AWS has withdrawn it.
        automatic: Whether AWS applies it after `recommended_by`.
        minutes_per_node: How long it takes, says AWS.
        description: What it is about.
    """

    name: str
    engine: str
    engine_version: str
    severity: str
    released: datetime
    recommended_by: datetime
    ends: datetime
    cancelled: bool
    automatic: bool
    minutes_per_node: int
    description: str

    @property
    def engines(self) -> frozenset[str]:
        """Its engines."""
        return frozenset(self.engine.split(", "))

    @property
    def estimated_time(self) -> str:
        """How long it takes, as answers show it."""
        return f"{self.minutes_per_node} minutes per node"

    def status(self, now: datetime) -> str:
        """Return `available`, `cancelled` or `expired`."""
        if self.cancelled:
            return "cancelled"
        return "expired" if now > self.ends else "available"


@functools.cache
def published_updates() -> dict[str, ServiceUpdate]:
    """Return every service update by its name, oldest first."""
    text = resources.files(__package__ or "").joinpath(_TABLE).read_text(encoding="utf-8")
    return {
        row["name"]: ServiceUpdate(
            row["name"],
            row["engine"],
            row["engine_version"],
            row["severity"],
            datetime.fromisoformat(row["released"]),
            datetime.fromisoformat(row["recommended_by"]),
            datetime.fromisoformat(row["ends"]),
            flag(row["cancelled"]),
            flag(row["automatic"]),
            int(row["minutes_per_node"]),
            row["description"],
        )
        for row in csv.DictReader(text.splitlines())
    }
