"""aws.ec2.InternetGateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_tags
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties


class InternetGatewayHandler(ResourceHandler):
    """A VPC's way to the internet."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the gateway and attach it."""
        answer = call.request(
            "ec2",
            "create_internet_gateway",
            TagSpecifications=ec2_tags.specification("internet-gateway", self.tags_for(inputs)),
        )
        id = answer["InternetGateway"]["InternetGatewayId"]
        with self.existing(call, id, inputs):
            if inputs.get("vpcId"):
                call.request("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=inputs["vpcId"])
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the gateway."""
        answer = call.find("ec2", "describe_internet_gateways", InternetGatewayIds=[id])
        if answer is None or not answer["InternetGateways"]:
            return None
        gateway = answer["InternetGateways"][0]
        attached = gateway.get("Attachments") or []
        return {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:internet-gateway/{id}",
            "ownerId": gateway.get("OwnerId", call.account_id),
            "vpcId": attached[0]["VpcId"] if attached else "",
            **self.tags_read(tag_map(gateway.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Attach it to another VPC, and set tags."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        old, new = change.old("vpcId"), inputs.get("vpcId")
        if new is not None and old != new:
            if old:
                call.request("ec2", "detach_internet_gateway", InternetGatewayId=id, VpcId=old)
            call.request("ec2", "attach_internet_gateway", InternetGatewayId=id, VpcId=new)
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Detach and delete the gateway."""
        del outputs
        described = self.describe(call, id, inputs)
        if described is None:
            return
        try:
            if described["vpcId"]:
                call.request("ec2", "detach_internet_gateway", InternetGatewayId=id, VpcId=described["vpcId"])
            call.request("ec2", "delete_internet_gateway", InternetGatewayId=id)
        except AwsError as error:
            if not error.is_not_found:
                raise
