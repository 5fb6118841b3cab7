"""EC2: endpoints of the type that AWS takes when none is given, routes that follow them, and none left once deleted."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def install() -> None:
    """Correct moto's VPC endpoints."""
    from moto.ec2.models import EC2Backend

    create = EC2Backend.create_vpc_endpoint
    delete = EC2Backend.delete_vpc_endpoints
    modify = EC2Backend.modify_vpc_endpoint

    def typed_create(self: Any, **settings: Any) -> Any:
        settings["endpoint_type"] = settings.get("endpoint_type") or "Gateway"
        return create(self, **settings)

    def complete_delete(self: Any, vpce_ids: list[str] | None = None) -> None:
        delete(self, vpce_ids)
        for endpoint_id in vpce_ids or ():
            self.vpc_end_points.pop(endpoint_id, None)

    def routed_modify(
        self: Any,
        vpc_id: str,
        *,
        remove_route_tables: list[str] | None = None,
        add_route_tables: list[str] | None = None,
        **settings: Any,
    ) -> None:
        endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
        modify(self, vpc_id, remove_route_tables=remove_route_tables, add_route_tables=add_route_tables, **settings)
        prefix_list = endpoint.destination_prefix_list_id
        if prefix_list:
            for table in add_route_tables or ():
                self.create_route(table, None, gateway_id=vpc_id, destination_prefix_list_id=prefix_list)
            for table in remove_route_tables or ():
                self.delete_route(table, prefix_list)

    EC2Backend.create_vpc_endpoint = typed_create
    EC2Backend.modify_vpc_endpoint = routed_modify
    EC2Backend.delete_vpc_endpoints = complete_delete
