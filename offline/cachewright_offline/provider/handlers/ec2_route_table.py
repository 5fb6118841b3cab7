"""aws.ec2.RouteTable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_tags
from cachewright_offline.provider.handlers.ec2_route import target_arguments
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties


class RouteTableHandler(ResourceHandler):
    """A route table, with the routes that its own argument lists."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the table and its routes."""
        answer = call.request(
            "ec2",
            "create_route_table",
            VpcId=inputs["vpcId"],
            TagSpecifications=ec2_tags.specification("route-table", self.tags_for(inputs)),
        )
        id = answer["RouteTable"]["RouteTableId"]
        with self.existing(call, id, inputs):
            for route in _listed(inputs):
                call.request("ec2", "create_route", RouteTableId=id, **_arguments(route))
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the table; its routes only where the program lists them, as standalone ones are not its own."""
        answer = call.find("ec2", "describe_route_tables", RouteTableIds=[id])
        if answer is None or not answer["RouteTables"]:
            return None
        table = answer["RouteTables"][0]
        return {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:route-table/{id}",
            "ownerId": table.get("OwnerId", call.account_id),
            "vpcId": table["VpcId"],
            "propagatingVgws": [],
            **self.tags_read(tag_map(table.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Remove the routes that are gone, add the new ones."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        live = call.request("ec2", "describe_route_tables", RouteTableIds=[id])["RouteTables"][0]["Routes"]
        present = {route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") for route in live}
        old, new = _listed(old_inputs), _listed(inputs)
        for route in old:
            destination = _destination(route)
            if route not in new and set(destination.values()) & present:
                call.request("ec2", "delete_route", RouteTableId=id, **destination)
                present -= set(destination.values())
        for route in new:
            if not set(_destination(route).values()) & present:
                call.request("ec2", "create_route", RouteTableId=id, **_arguments(route))
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the table."""
        del inputs, outputs
        try:
            call.retry({"DependencyViolation"}, lambda: call.request("ec2", "delete_route_table", RouteTableId=id))
        except AwsError as error:
            if not error.is_not_found:
                raise


def _listed(inputs: Properties) -> list[dict[str, Any]]:
    routes = inputs.get("routes")
    return [dict(route) for route in routes if isinstance(route, dict)] if isinstance(routes, list) else []


def _destination(route: dict[str, Any]) -> dict[str, Any]:
    names = {"cidrBlock": "DestinationCidrBlock", "ipv6CidrBlock": "DestinationIpv6CidrBlock"}
    return {argument: route[name] for name, argument in names.items() if route.get(name)}


def _arguments(route: dict[str, Any]) -> dict[str, Any]:
    return {**_destination(route), **target_arguments(route)}
