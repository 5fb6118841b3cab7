"""Reserved nodes: no offerings are on sale here, so no node is reserved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result

# One year and three, in years and in seconds.
_DURATIONS: Final = ("1", "3", "31536000", "94608000")
_OFFERING_TYPES: Final = (
    *("No Upfront", "Partial Upfront", "All Upfront"),
    *("Light Utilization", "Medium Utilization", "Heavy Utilization"),
)


@operation("DescribeReservedCacheNodes")
def describe_reserved_cache_nodes(context: Context, params: Params) -> Result:
    """Show the reserved nodes."""
    del context
    _check(params)
    if params.get("ReservedCacheNodeId"):
        message = f"Reserved cache node {params['ReservedCacheNodeId']} not found."
        raise fault("ReservedCacheNodeNotFoundFault", message)
    return {"ReservedCacheNodes": [], "Marker": _no_marker(params)}


@operation("DescribeReservedCacheNodesOfferings")
def describe_reserved_cache_nodes_offerings(context: Context, params: Params) -> Result:
    """Show the offerings."""
    del context
    _check(params)
    if params.get("ReservedCacheNodesOfferingId"):
        raise _no_offering(params)
    return {"ReservedCacheNodesOfferings": [], "Marker": _no_marker(params)}


@operation("PurchaseReservedCacheNodesOffering")
def purchase_reserved_cache_nodes_offering(context: Context, params: Params) -> Result:
    """Refuse: the offering cannot exist."""
    del context
    raise _no_offering(params)


def _no_offering(params: Params) -> Exception:
    message = f"Offering {params['ReservedCacheNodesOfferingId']} not found."
    return fault("ReservedCacheNodesOfferingNotFoundFault", message)


def _check(params: Params) -> None:
    for name, allowed in (("Duration", _DURATIONS), ("OfferingType", _OFFERING_TYPES)):
        value = params.get(name)
        if value is not None and value not in allowed:
            raise invalid_value(f"Invalid value for {name}: {value}. Must be one of: {', '.join(allowed)}.")


def _no_marker(params: Params) -> str | None:
    nothing: list[str] = []
    _, marker = page(nothing, params, str)
    return marker
