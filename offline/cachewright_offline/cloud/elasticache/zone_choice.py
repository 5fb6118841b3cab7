"""In which zones the nodes of a cluster are placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache import settings
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Params

_MODES: Final = ("single-az", "cross-az")
# How a description names the zone of nodes in several; it cannot be asked for.
MULTIPLE: Final = "Multiple"


def mode(params: Params, engine: str, count: int) -> str | None:
    """Return the AZMode that a request asks for, if any.

    Raises:
        Fault: There is no such mode, or it is not for this engine or so few nodes.
    """
    wanted: str | None = params.get("AZMode") or None
    if wanted is None:
        return None
    if wanted not in _MODES:
        raise invalid_value(f"Invalid value for AZMode: {wanted}. Must be one of: {', '.join(_MODES)}.")
    if wanted == "cross-az":
        if engine != "memcached":
            raise invalid_combination("AZMode of 'cross-az' is only supported for Memcached clusters.")
        if count < 2:
            raise invalid_combination(
                "Must specify at least two cache nodes in order to specify AZ Mode of 'cross-az'."
            )
    return wanted


def of_new_cluster(params: Params, engine: str, count: int, available: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the AZMode of a new cluster, and the zone of each of its nodes."""
    wanted = mode(params, engine, count)
    named: list[str] = params.get("PreferredAvailabilityZones") or []
    single: str | None = params.get("PreferredAvailabilityZone") or None
    if named and engine != "memcached":
        raise invalid_combination("PreferredAvailabilityZones is only supported for Memcached clusters.")
    if named and single:
        raise invalid_combination("PreferredAvailabilityZone and PreferredAvailabilityZones cannot be given together.")
    if named and len(named) != count:
        raise invalid_combination(f"PreferredAvailabilityZones must name {count} zones, one for each cache node.")
    if single == MULTIPLE:
        raise invalid_value(f"{MULTIPLE} is not a valid availability zone; use PreferredAvailabilityZones.")
    if single and wanted == "cross-az":
        raise invalid_combination("PreferredAvailabilityZone cannot be given with AZMode of 'cross-az'.")
    settings.check_zones([*named, *([single] if single else [])], available)
    found = wanted or ("cross-az" if len(set(named)) > 1 else "single-az")
    if named:
        if (found == "cross-az") != (len(set(named)) > 1):
            raise invalid_combination(f"The zones {', '.join(named)} do not fit AZMode of '{found}'.")
        return found, named
    if single:
        return found, [single] * count
    if found == "cross-az" and len(available) == 1:
        raise invalid_combination("AZMode of 'cross-az' needs subnets in at least two availability zones.")
    return found, of_added_nodes(found, [], count, available)


def of_added_nodes(mode: str, existing: list[str], count: int, available: tuple[str, ...]) -> list[str]:
    """Return the zones of nodes that are added: spread over all zones, or where the others are."""
    if not available:
        return [""] * count
    if mode == "single-az":
        return [existing[0] if existing else available[0]] * count
    zones = list(existing)
    for _ in range(count):
        zones.append(min(available, key=zones.count))
    return zones[len(existing) :]
