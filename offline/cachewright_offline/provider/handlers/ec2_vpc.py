"""aws.ec2.Vpc."""

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
    "enableDnsSupport": "EnableDnsSupport",
    "enableDnsHostnames": "EnableDnsHostnames",
    "enableNetworkAddressUsageMetrics": "EnableNetworkAddressUsageMetrics",
}


class VpcHandler(ResourceHandler):
    """A virtual private cloud."""

    timeouts: ClassVar = (300.0, 300.0, 300.0)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the VPC, then set its attributes one by one, as the API wants it."""
        answer = call.request(
            "ec2",
            "create_vpc",
            CidrBlock=inputs.get("cidrBlock"),
            InstanceTenancy=inputs.get("instanceTenancy"),
            AmazonProvidedIpv6CidrBlock=inputs.get("assignGeneratedIpv6CidrBlock"),
            TagSpecifications=ec2_tags.specification("vpc", self.tags_for(inputs)),
        )
        id = answer["Vpc"]["VpcId"]
        with self.existing(call, id, inputs):
            for name, attribute in _ATTRIBUTES.items():
                if inputs.get(name) is not None:
                    call.request("ec2", "modify_vpc_attribute", VpcId=id, **{attribute: {"Value": inputs[name]}})
        return self.made(call, id, inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the VPC, its attributes, and the ids of what it came with."""
        answer = call.find("ec2", "describe_vpcs", VpcIds=[id])
        if answer is None or not answer["Vpcs"]:
            return None
        vpc: dict[str, Any] = answer["Vpcs"][0]
        mine = [{"Name": "vpc-id", "Values": [id]}]
        tables = call.request(
            "ec2", "describe_route_tables", Filters=[*mine, {"Name": "association.main", "Values": ["true"]}]
        )["RouteTables"]
        acls = call.request("ec2", "describe_network_acls", Filters=[*mine, {"Name": "default", "Values": ["true"]}])
        groups = call.request(
            "ec2", "describe_security_groups", Filters=[*mine, {"Name": "group-name", "Values": ["default"]}]
        )["SecurityGroups"]
        return {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:vpc/{id}",
            "cidrBlock": vpc["CidrBlock"],
            "instanceTenancy": vpc.get("InstanceTenancy", "default"),
            "dhcpOptionsId": vpc.get("DhcpOptionsId", ""),
            "ownerId": vpc.get("OwnerId", call.account_id),
            "mainRouteTableId": tables[0]["RouteTableId"] if tables else "",
            "defaultRouteTableId": tables[0]["RouteTableId"] if tables else "",
            "defaultNetworkAclId": acls["NetworkAcls"][0]["NetworkAclId"] if acls["NetworkAcls"] else "",
            "defaultSecurityGroupId": groups[0]["GroupId"] if groups else "",
            "ipv6AssociationId": "",
            **{name: self._attribute(call, id, name) for name in _ATTRIBUTES},
            **self.tags_read(tag_map(vpc.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set what differs."""
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        for name, attribute in _ATTRIBUTES.items():
            if inputs.get(name) is not None and inputs[name] != change.old(name):
                call.request("ec2", "modify_vpc_attribute", VpcId=id, **{attribute: {"Value": inputs[name]}})
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the VPC, once nothing is left in it."""
        del inputs, outputs
        try:
            call.retry({"DependencyViolation"}, lambda: call.request("ec2", "delete_vpc", VpcId=id))
        except AwsError as error:
            if not error.is_not_found:
                raise

    def _attribute(self, call: Call, id: str, name: str) -> bool:
        answer = call.request("ec2", "describe_vpc_attribute", VpcId=id, Attribute=name)
        return bool(answer[_ATTRIBUTES[name]]["Value"])
