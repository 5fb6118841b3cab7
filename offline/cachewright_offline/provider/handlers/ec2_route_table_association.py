"""aws.ec2.RouteTableAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties


class RouteTableAssociationHandler(ResourceHandler):
    """Which route table a subnet or a gateway uses."""

    timeouts: ClassVar = (300.0, 120.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Associate them."""
        answer = call.request(
            "ec2",
            "associate_route_table",
            RouteTableId=inputs["routeTableId"],
            SubnetId=inputs.get("subnetId"),
            GatewayId=inputs.get("gatewayId"),
        )
        return self.made(call, answer["AssociationId"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the association in the tables."""
        del inputs
        answer = call.request(
            "ec2",
            "describe_route_tables",
            Filters=[{"Name": "association.route-table-association-id", "Values": [id]}],
        )
        for table in answer["RouteTables"]:
            for association in table["Associations"]:
                if association["RouteTableAssociationId"] == id:
                    found: Properties = {"routeTableId": table["RouteTableId"]}
                    if association.get("SubnetId"):
                        found["subnetId"] = association["SubnetId"]
                    if association.get("GatewayId"):
                        found["gatewayId"] = association["GatewayId"]
                    return found
        return None

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Use another table; the association gets another id."""
        self.live(call, id, old_outputs, old_inputs, inputs)
        answer = call.request(
            "ec2", "replace_route_table_association", AssociationId=id, RouteTableId=inputs["routeTableId"]
        )
        return self.made(call, answer["NewAssociationId"], inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Dissolve the association."""
        del inputs, outputs
        try:
            call.request("ec2", "disassociate_route_table", AssociationId=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
