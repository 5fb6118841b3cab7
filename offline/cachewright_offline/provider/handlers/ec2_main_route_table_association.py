"""aws.ec2.MainRouteTableAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties


class MainRouteTableAssociationHandler(ResourceHandler):
    """Which route table the subnets of a VPC use that name none; its id is the association's."""

    timeouts: ClassVar = (300.0, 120.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Put the table in the place of the VPC's main one, and remember which that was."""
        main = self._main(call, str(inputs["vpcId"]))
        if main is None:
            msg = f"ReplaceRouteTableAssociation: VPC {inputs['vpcId']} has no main route table: is it in this region?"
            raise ProviderError(msg)
        answer = call.request(
            "ec2",
            "replace_route_table_association",
            AssociationId=main["associationId"],
            RouteTableId=inputs["routeTableId"],
        )
        state = self.made(call, answer["NewAssociationId"], inputs)
        state.outputs["originalRouteTableId"] = main["routeTableId"]
        return state

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Find the association in the tables; it is another one when something else became the main table."""
        del inputs
        found = _main_of(call, {"Name": "association.route-table-association-id", "Values": [id]})
        if found is None or found.pop("associationId") != id:
            return None
        return found

    def read(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> ResourceState | None:
        """Read the association; only the state knows which table was the main one before."""
        state = super().read(call, id, inputs, outputs)
        if state is not None and outputs.get("originalRouteTableId"):
            state.outputs["originalRouteTableId"] = outputs["originalRouteTableId"]
        return state

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Use another table; the association gets another id."""
        main = self._main(call, str(inputs["vpcId"]))
        if main is not None and main["routeTableId"] == inputs["routeTableId"]:
            # An update that was cut off did it already.
            id = str(main["associationId"])
        else:
            self.live(call, id, old_outputs, old_inputs, inputs)
            answer = call.request(
                "ec2", "replace_route_table_association", AssociationId=id, RouteTableId=inputs["routeTableId"]
            )
            id = answer["NewAssociationId"]
        state = self.made(call, id, inputs)
        state.outputs["originalRouteTableId"] = old_outputs.get("originalRouteTableId", "")
        return state

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Make the table that was the main one before the main one again."""
        before = outputs.get("originalRouteTableId")
        if before and self.describe(call, id, inputs) is not None:
            call.request("ec2", "replace_route_table_association", AssociationId=id, RouteTableId=before)

    def _main(self, call: Call, vpc_id: str) -> dict[str, Any] | None:
        return _main_of(call, {"Name": "vpc-id", "Values": [vpc_id]})


def _main_of(call: Call, filter: dict[str, Any]) -> dict[str, Any] | None:
    answer = call.request(
        "ec2", "describe_route_tables", Filters=[filter, {"Name": "association.main", "Values": ["true"]}]
    )
    for table in answer["RouteTables"]:
        for association in table["Associations"]:
            if association.get("Main"):
                return {
                    "associationId": association["RouteTableAssociationId"],
                    "routeTableId": table["RouteTableId"],
                    "vpcId": table["VpcId"],
                }
    return None
