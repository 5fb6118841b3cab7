"""aws.ec2.Route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
_TARGETS = {
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}


def target_arguments(route: dict[str, Any] | Properties) -> dict[str, Any]:
    """Return where a route leads, as the API takes it."""
    return {argument: route[name] for name, argument in _TARGETS.items() if route.get(name)}


class RouteHandler(ResourceHandler):
    """One route of a table; its id is made of the table's and a hash-free form of the destination."""

    timeouts: ClassVar = (300.0, 120.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Add the route."""
        call.request(
            "ec2",
            "create_route",
            RouteTableId=inputs["routeTableId"],
            **_destination(inputs),
            **target_arguments(inputs),
        )
        id = "_".join([str(inputs["routeTableId"]), *map(str, _destination(inputs).values())])
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the route in its table."""
        del inputs
        table_id, _, destination = id.partition("_")
        answer = call.find("ec2", "describe_route_tables", RouteTableIds=[table_id])
        if answer is None or not answer["RouteTables"]:
            return None
        for route in answer["RouteTables"][0]["Routes"]:
            if destination in {route.get(argument) for argument in _DESTINATIONS.values()}:
                found: Properties = {
                    name: route[argument]
                    for name, argument in {**_DESTINATIONS, **_TARGETS}.items()
                    if route.get(argument)
                }
                return {
                    "routeTableId": table_id,
                    "origin": route.get("Origin", "CreateRoute"),
                    "state": route.get("State", "active"),
                    **found,
                }
        return None

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Lead the route elsewhere."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        call.request(
            "ec2",
            "replace_route",
            RouteTableId=inputs["routeTableId"],
            **_destination(inputs),
            **target_arguments(inputs),
        )
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Remove the route."""
        del id, outputs
        try:
            call.request("ec2", "delete_route", RouteTableId=inputs["routeTableId"], **_destination(inputs))
        except AwsError as error:
            if not error.is_not_found:
                raise


def _destination(inputs: Properties) -> dict[str, Any]:
    return {argument: inputs[name] for name, argument in _DESTINATIONS.items() if inputs.get(name)}
