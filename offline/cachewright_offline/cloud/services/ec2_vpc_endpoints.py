"""EC2: endpoints of the type that AWS takes when none is given, and none left after they are deleted."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def install() -> None:
    """Correct moto's VPC endpoints."""
    from moto.ec2.models import EC2Backend

    create = EC2Backend.create_vpc_endpoint
    delete = EC2Backend.delete_vpc_endpoints

    def typed_create(self: Any, **settings: Any) -> Any:
        settings["endpoint_type"] = settings.get("endpoint_type") or "Gateway"
        return create(self, **settings)

    def complete_delete(self: Any, vpce_ids: list[str] | None = None) -> None:
        delete(self, vpce_ids)
        for endpoint_id in vpce_ids or ():
            self.vpc_end_points.pop(endpoint_id, None)

    EC2Backend.create_vpc_endpoint = typed_create
    EC2Backend.delete_vpc_endpoints = complete_delete
