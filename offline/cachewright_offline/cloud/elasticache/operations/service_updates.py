"""DescribeServiceUpdates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.protocol import service_model
from cachewright_offline.cloud.elasticache.published_updates import published_updates
from cachewright_offline.cloud.elasticache.registry import operation

if TYPE_CHECKING:
    from datetime import datetime

    from cachewright_offline.cloud.elasticache.published_updates import ServiceUpdate
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@operation("DescribeServiceUpdates")
def describe_service_updates(context: Context, params: Params) -> Result:
    """Show the service updates."""
    check_enum(params, "ServiceUpdateStatus")
    now = context.state.now()
    name, statuses = params.get("ServiceUpdateName"), params.get("ServiceUpdateStatus")
    updates = [find(name)] if name else list(published_updates().values())
    found = [one for one in updates if not statuses or one.status(now) in statuses]
    chosen, marker = page(found, params, lambda one: one.name, smallest=1)
    return {"ServiceUpdates": [_shown(one, now) for one in chosen], "Marker": marker}


def find(name: str) -> ServiceUpdate:
    """Return a service update, or raise ServiceUpdateNotFoundFault."""
    update = published_updates().get(name)
    if update is None:
        raise fault("ServiceUpdateNotFoundFault", f"Service update {name} not found.")
    return update


def check_enum(params: Params, name: str) -> None:
    """Refuse a value of a list that is none of those that botocore's model names."""
    allowed: list[str] = service_model().shape_for(name).metadata["enum"]
    for value in params.get(name) or ():
        if value not in allowed:
            raise invalid_value(f"Invalid value for {name}: {value}. Must be one of: {', '.join(allowed)}.")


def _shown(update: ServiceUpdate, now: datetime) -> Result:
    return {
        "ServiceUpdateName": update.name,
        "ServiceUpdateReleaseDate": update.released,
        "ServiceUpdateEndDate": update.ends,
        "ServiceUpdateSeverity": update.severity,
        "ServiceUpdateRecommendedApplyByDate": update.recommended_by,
        "ServiceUpdateStatus": update.status(now),
        "ServiceUpdateDescription": update.description,
        "ServiceUpdateType": "security-update",
        "Engine": update.engine,
        "EngineVersion": update.engine_version,
        "AutoUpdateAfterRecommendedApplyByDate": update.automatic,
        "EstimatedUpdateTime": update.estimated_time,
    }
