"""The offerings of reserved nodes: every node type and engine, under the terms of a table (reserved_offerings.csv).

AWS shows its prices to customers only; these are shares of the catalog's price on demand.
"""

from __future__ import annotations

import csv
import functools
import uuid
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from cachewright.catalog import node_types

if TYPE_CHECKING:
    from cachewright.catalog.node_types import NodeType

OFFERING_TYPES: Final = (
    *("Light Utilization", "Medium Utilization", "Heavy Utilization"),
    *("All Upfront", "Partial Upfront", "No Upfront"),
)
_TABLE: Final = "reserved_offerings.csv"
_HOUR: Final = 3600
_NAMESPACE: Final = uuid.UUID("6d1c9f0e-5c0b-4d8e-9a55-0d9f4f6b9a11")


@dataclass(frozen=True, slots=True)
class Offering:
    """One offering.

    Attributes:
        id: What a purchase names; the same in every process.
        node_type: The node type.
        engine: `memcached`, `redis` or `valkey`.
        offering_type: How it is paid.
        duration: For how many seconds.
        fixed_price: What is paid at once, in USD.
        hourly_price: What is paid for each hour, in USD.
    """

    id: str
    node_type: str
    engine: str
    offering_type: str
    duration: int
    fixed_price: float
    hourly_price: float


@functools.cache
def offerings() -> dict[str, Offering]:
    """Return every offering by its id."""
    text = resources.files(__package__ or "").joinpath(_TABLE).read_text(encoding="utf-8")
    terms = list(csv.DictReader(text.splitlines()))
    found: dict[str, Offering] = {}
    for node_type in node_types.node_types():
        for engine, price in _prices(node_type).items():
            for row in terms:
                name = f"{node_type.name}/{engine}/{row['offering_type']}/{row['duration_seconds']}"
                id = str(uuid.uuid5(_NAMESPACE, name))
                duration = int(row["duration_seconds"])
                fixed = round(price * duration / _HOUR * float(row["fixed_share"]), 0)
                hourly = round(price * float(row["recurring_share"]), 4)
                found[id] = Offering(id, node_type.name, engine, row["offering_type"], duration, fixed, hourly)
    return found


def _prices(node_type: NodeType) -> dict[str, float]:
    """Return the price on demand of each engine that runs on a node type; Memcached's is that of Redis OSS."""
    found = {
        "memcached": node_type.redis_usd_per_hour,
        "redis": node_type.redis_usd_per_hour,
        "valkey": node_type.valkey_usd_per_hour,
    }
    return {
        engine: price
        for engine, price in found.items()
        if price is not None and not (engine == "memcached" and node_type.data_tiering)
    }
