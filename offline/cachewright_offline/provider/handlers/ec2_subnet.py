"""aws.ec2.Subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_tags
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties

_ATTRIBUTES = {
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
}


class SubnetHandler(ResourceHandler):
    """A subnet of a VPC, in one zone."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the subnet, then set its attributes one by one, as the API wants it."""
        answer = call.request(
            "ec2",
            "create_subnet",
            VpcId=inputs["vpcId"],
            CidrBlock=inputs.get("cidrBlock"),
            Ipv6CidrBlock=inputs.get("ipv6CidrBlock"),
            AvailabilityZone=inputs.get("availabilityZone"),
            AvailabilityZoneId=inputs.get("availabilityZoneId"),
            TagSpecifications=ec2_tags.specification("subnet", self.tags_for(inputs)),
        )
        id = answer["Subnet"]["SubnetId"]
        with self.existing(call, id, inputs):
            for name, attribute in _ATTRIBUTES.items():
                if inputs.get(name):
                    call.request("ec2", "modify_subnet_attribute", SubnetId=id, **{attribute: {"Value": inputs[name]}})
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the subnet."""
        answer = call.find("ec2", "describe_subnets", SubnetIds=[id])
        if answer is None or not answer["Subnets"]:
            return None
        subnet: dict[str, Any] = answer["Subnets"][0]
        return {
            "arn": subnet.get("SubnetArn", f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:subnet/{id}"),
            "vpcId": subnet["VpcId"],
            "cidrBlock": subnet.get("CidrBlock", ""),
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet.get("AvailabilityZoneId", ""),
            "assignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
            "mapPublicIpOnLaunch": subnet.get("MapPublicIpOnLaunch", False),
            "ownerId": subnet.get("OwnerId", call.account_id),
            "privateDnsHostnameTypeOnLaunch": "ip-name",
            "ipv6CidrBlockAssociationId": "",
            **self.tags_read(tag_map(subnet.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set what differs."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        for name, attribute in _ATTRIBUTES.items():
            if inputs.get(name) is not None and inputs[name] != change.old(name):
                call.request("ec2", "modify_subnet_attribute", SubnetId=id, **{attribute: {"Value": inputs[name]}})
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the subnet; a cache that is being deleted may still hold it for a moment."""
        del inputs, outputs
        try:
            call.retry({"DependencyViolation"}, lambda: call.request("ec2", "delete_subnet", SubnetId=id))
        except AwsError as error:
            if not error.is_not_found:
                raise
