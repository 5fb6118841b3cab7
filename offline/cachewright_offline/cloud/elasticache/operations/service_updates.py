"""Service updates: none is ever published here, so there is nothing to apply or to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache import caches
from cachewright_offline.cloud.elasticache.faults import fault, invalid_combination, invalid_value
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.protocol import service_model
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DescribeServiceUpdates")
def describe_service_updates(context: Context, params: Params) -> Result:
    """Show the service updates."""
    del context
    _check_enum(params, "ServiceUpdateStatus")
    nothing: list[str] = []
    _, marker = page(nothing, params, str, smallest=1)
    if params.get("ServiceUpdateName"):
        raise _not_found(params)
    return {"ServiceUpdates": [], "Marker": marker}


@operation("DescribeUpdateActions")
def describe_update_actions(context: Context, params: Params) -> Result:
    """Show what service updates would do to caches."""
    _check_enum(params, "ServiceUpdateStatus")
    _check_enum(params, "UpdateActionStatus")
    if params.get("ReplicationGroupIds") and params.get("CacheClusterIds"):
        raise invalid_combination("ReplicationGroupIds and CacheClusterIds cannot be given together.")
    for group_id in params.get("ReplicationGroupIds") or ():
        caches.replication_group(context, group_id)
    for cluster_id in params.get("CacheClusterIds") or ():
        caches.cluster(context, cluster_id)
    nothing: list[str] = []
    _, marker = page(nothing, params, str, smallest=1)
    return {"UpdateActions": [], "Marker": marker}


@operation("BatchApplyUpdateAction")
def batch_apply_update_action(context: Context, params: Params) -> Result:
    """Apply a service update."""
    del context
    raise _not_found(params)


@operation("BatchStopUpdateAction")
def batch_stop_update_action(context: Context, params: Params) -> Result:
    """Stop applying a service update."""
    del context
    raise _not_found(params)


def _not_found(params: Params) -> Exception:
    return fault("ServiceUpdateNotFoundFault", f"Service update {params['ServiceUpdateName']} not found.")


def _check_enum(params: Params, name: str) -> None:
    allowed: list[str] = service_model().shape_for(name).metadata["enum"]
    for value in params.get(name) or ():
        if value not in allowed:
            raise invalid_value(f"Invalid value for {name}: {value}. Must be one of: {', '.join(allowed)}.")
