"""Reserved nodes: the offerings, and what was bought."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation, resumption
from cachewright_offline.cloud.elasticache.reserved_offerings import OFFERING_TYPES, offerings
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result
    from cachewright_offline.cloud.elasticache.reserved_offerings import Offering

# What a request calls a duration, and its seconds.
_DURATIONS: Final = {"1": 31536000, "3": 94608000, "31536000": 31536000, "94608000": 94608000}


@dataclass(slots=True)
class Reservation:
    """Nodes that were reserved.

    Attributes:
        state: `payment-pending`, `active` or `retired`.
    """

    id: str
    offering: Offering
    count: int
    start: datetime
    state: str = "payment-pending"


@dataclass(slots=True)
class Reservations:
    """The reserved nodes of a region, by id."""

    by_id: dict[str, Reservation] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"reserved_cache_nodes": len(self.by_id)}


@operation("DescribeReservedCacheNodesOfferings")
def describe_offerings(context: Context, params: Params) -> Result:
    """Show the offerings."""
    del context
    wanted = params.get("ReservedCacheNodesOfferingId")
    known = [find_offering(wanted)] if wanted else offerings().values()
    _check(params)
    chosen, marker = page([one for one in known if _is_meant(one, params)], params, lambda one: one.id)
    return {"ReservedCacheNodesOfferings": [_shown_offering(one) for one in chosen], "Marker": marker}


@operation("DescribeReservedCacheNodes")
def describe_reservations(context: Context, params: Params) -> Result:
    """Show the reserved nodes."""
    reservations = context.state.part(Reservations).by_id
    _check(params)
    wanted = params.get("ReservedCacheNodeId")
    if wanted and wanted.lower() not in reservations:
        raise fault("ReservedCacheNodeNotFoundFault", f"Reserved cache node {wanted} not found.")
    offering = params.get("ReservedCacheNodesOfferingId")
    found = [
        one
        for one in reservations.values()
        if (not wanted or one.id == wanted.lower())
        and (not offering or one.offering.id == offering)
        and _is_meant(one.offering, params)
    ]
    chosen, marker = page(found, params, lambda one: one.id)
    return {"ReservedCacheNodes": [_shown(context, one) for one in chosen], "Marker": marker}


@operation("PurchaseReservedCacheNodesOffering")
def purchase(context: Context, params: Params) -> Result:
    """Reserve nodes: they are paid for a little later, and retired when their time is over."""
    offering = find_offering(params["ReservedCacheNodesOfferingId"])
    reservations = context.state.part(Reservations).by_id
    now = context.state.now()
    id = f"ri-{now:%Y-%m-%d-%H-%M-%S-%f}"
    if params.get("ReservedCacheNodeId"):
        id = identifier(params, "ReservedCacheNodeId", "reserved_cache_node_id")
    if id in reservations:
        raise fault("ReservedCacheNodeAlreadyExistsFault", f"Reserved cache node {id} already exists.")
    count = params.get("CacheNodeCount")
    count = 1 if count is None else count
    if count < 1:
        raise invalid_value(f"Invalid CacheNodeCount: {count}. Must be at least 1.")
    most = limit("nodes_per_region")
    if sum(one.count for one in reservations.values() if one.state != "retired") + count > most:
        raise fault("ReservedCacheNodeQuotaExceededFault", f"Quota of {most} reserved cache nodes exceeded.")
    tags = new_tags(params)
    reservation = reservations[id] = Reservation(id, offering, count, now)
    context.state.tags[_arn(context, id)] = tags
    context.state.after("reserved-node-purchase", functools.partial(_enter, reservation, "active"))
    _await_end(context, reservation)
    return {"ReservedCacheNode": _shown(context, reservation)}


def _enter(reservation: Reservation, state: str) -> None:
    reservation.state = state


def _await_end(context: Context, reservation: Reservation) -> None:
    end = reservation.start + timedelta(seconds=reservation.offering.duration)
    context.state.at(end, functools.partial(_enter, reservation, "retired"))


@resumption
def await_ends(context: Context) -> None:
    """Wait for the ends of reservations that were loaded."""
    for reservation in context.state.part(Reservations).by_id.values():
        _await_end(context, reservation)


def find_offering(id: str) -> Offering:
    """Return an offering, or raise ReservedCacheNodesOfferingNotFound."""
    found = offerings().get(id)
    if found is None:
        raise fault("ReservedCacheNodesOfferingNotFoundFault", f"Offering {id} not found.")
    return found


def _check(params: Params) -> None:
    for name, allowed in (("Duration", tuple(_DURATIONS)), ("OfferingType", OFFERING_TYPES)):
        value = params.get(name)
        if value and value not in allowed:
            raise invalid_value(f"Invalid value for {name}: {value}. Must be one of: {', '.join(allowed)}.")


def _is_meant(offering: Offering, params: Params) -> bool:
    node_type, duration, engine, kind = (
        params.get(name) for name in ("CacheNodeType", "Duration", "ProductDescription", "OfferingType")
    )
    return (
        (not node_type or offering.node_type == node_type)
        and (not duration or offering.duration == _DURATIONS[duration])
        and (not engine or offering.engine == engine.lower())
        and (not kind or offering.offering_type == kind)
    )


def _arn(context: Context, id: str) -> str:
    return context.state.arn("reserved-instance", id)


def _shown_offering(offering: Offering) -> Result:
    return {
        "ReservedCacheNodesOfferingId": offering.id,
        "CacheNodeType": offering.node_type,
        "Duration": offering.duration,
        "FixedPrice": offering.fixed_price,
        "UsagePrice": 0.0,
        "ProductDescription": offering.engine,
        "OfferingType": offering.offering_type,
        "RecurringCharges": [
            {"RecurringChargeAmount": offering.hourly_price, "RecurringChargeFrequency": "Hourly"},
        ]
        if offering.hourly_price
        else [],
    }


def _shown(context: Context, one: Reservation) -> Result:
    return {
        **_shown_offering(one.offering),
        "ReservedCacheNodeId": one.id,
        "StartTime": one.start,
        "CacheNodeCount": one.count,
        "State": one.state,
        "ReservationARN": _arn(context, one.id),
    }
