"""The short form of a region in the host names of ElastiCache."""

from __future__ import annotations

from typing import Final

_DIRECTIONS: Final = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


def region_code(region: str) -> str:
    """Return a region's short form.

    >>> region_code("us-east-1"), region_code("ap-southeast-2"), region_code("us-gov-west-1")
    ('use1', 'apse2', 'usgw1')
    """
    return "".join(_DIRECTIONS.get(part, part[:1] if part == "gov" else part) for part in region.split("-"))


def domain(region: str) -> str:
    """Return the end of every host name of ElastiCache in a region."""
    return f"{region_code(region)}.cache.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
