"""Regions: their partition, their zones, and the prefix of a global datastore's id."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cachewright.catalog import tables


@dataclass(frozen=True, slots=True)
class Region:
    """One region.

    Attributes:
        name: Such as `us-east-1`.
        partition: `aws`, `aws-cn`, `aws-us-gov` or another of AWS's.
        global_datastore: Whether a global datastore may have a member here.
        global_datastore_prefix: What the id of a global datastore whose primary is here begins with; empty where AWS
            does not document it.
        zones: The letters of its availability zones.
        source: Where AWS states it.
    """

    name: str
    partition: str
    global_datastore: bool
    global_datastore_prefix: str
    zones: str
    source: str


@cache
def regions() -> dict[str, Region]:
    """Return every region by its name."""
    return {
        row["region"]: Region(
            row["region"],
            row["partition"],
            tables.flag(row["global_datastore"]),
            row["global_datastore_prefix"],
            row["zones"],
            row["source"],
        )
        for row in tables.rows("regions.csv")
    }


def find(name: str) -> Region | None:
    """Return the region of a name, or None when there is none such."""
    return regions().get(name)


def availability_zones(region: str) -> tuple[str, ...]:
    """Return the names of a region's zones; of a region that is not in the table, three.

    >>> availability_zones("eu-west-1")
    ('eu-west-1a', 'eu-west-1b', 'eu-west-1c')
    """
    known = find(region)
    return tuple(f"{region}{letter}" for letter in (known.zones if known else "abc"))


def partition(region: str) -> str:
    """Return the partition a region belongs to."""
    known = find(region)
    return known.partition if known else "aws"
