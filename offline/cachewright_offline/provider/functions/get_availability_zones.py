"""aws.get_availability_zones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cachewright.catalog import regions
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.schema import describe

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties, PropertyValue

_DIRECTIONS: Final = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c", "gov": "g"}


def zone_id(region: str, number: int) -> str:
    """Return the id of a region's zone.

    >>> zone_id("us-east-1", 1), zone_id("ap-southeast-2", 3)
    ('use1-az1', 'apse2-az3')
    """
    country, *middle, last = region.split("-")
    letters = "".join("".join(_DIRECTIONS[word] for word in re.findall("|".join(_DIRECTIONS), part)) for part in middle)
    return f"{country}{letters}{last}-az{number}"


def answer(call: Call, arguments: Properties) -> Properties:
    """Tell the zones of the region, without those that are excluded."""
    names_excluded, ids_excluded = _texts(arguments.get("excludeNames")), _texts(arguments.get("excludeZoneIds"))
    zones = [
        (name, zone_id(call.region, number))
        for number, name in enumerate(regions.availability_zones(call.region), start=1)
    ]
    kept = [(name, id) for name, id in zones if name not in names_excluded and id not in ids_excluded]
    unavailable = arguments.get("state") in {"unavailable", "impaired", "information"}
    return {
        **arguments,
        "groupNames": [call.region],
        "id": call.region,
        "names": [] if unavailable else [name for name, _ in kept],
        "region": call.region,
        "zoneIds": [] if unavailable else [id for _, id in kept],
    }


def _texts(value: PropertyValue) -> set[str]:
    if value is None:
        return set()
    if not isinstance(value, list):
        msg = f"expected a list of zones, found {describe(value)}"
        raise ProviderError(msg)
    return {str(item) for item in value}
