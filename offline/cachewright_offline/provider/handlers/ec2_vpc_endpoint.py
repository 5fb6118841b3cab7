"""aws.ec2.VpcEndpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.errors import AwsError
from cachewright_offline.provider.handlers import ec2_tags
from cachewright_offline.provider.handlers.json_documents import same_document
from cachewright_offline.provider.protocol import ProviderError
from cachewright_offline.provider.resource import ResourceHandler

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.provider.protocol import ResourceState
    from cachewright_offline.values import Properties, PropertyValue

_MEMBERS = {
    "routeTableIds": "RouteTableIds",
    "securityGroupIds": "SecurityGroupIds",
    "subnetIds": "SubnetIds",
}
_DNS_OPTIONS = {
    "dnsRecordIpType": "DnsRecordIpType",
    "privateDnsOnlyForInboundResolverEndpoint": "PrivateDnsOnlyForInboundResolverEndpoint",
    "privateDnsPreference": "PrivateDnsPreference",
    "privateDnsSpecifiedDomains": "PrivateDnsSpecifiedDomains",
}
# What the local AWS has nothing to hold.
_NOT_HERE = ("resourceConfigurationArn", "serviceNetworkArn", "serviceRegion", "subnetConfigurations")


class VpcEndpointHandler(ResourceHandler):
    """A private way from a VPC to a service."""

    timeouts: ClassVar = (600.0, 600.0, 600.0)

    def is_same(self, name: str, old: PropertyValue, new: PropertyValue) -> bool:
        """Policies are compared as documents."""
        return name == "policy" and same_document(old, new)

    def create(self, call: Call, inputs: Properties) -> ResourceState:
        """Create the endpoint."""
        self._check_possible(inputs)
        answer = call.request(
            "ec2",
            "create_vpc_endpoint",
            VpcId=inputs["vpcId"],
            ServiceName=inputs.get("serviceName"),
            VpcEndpointType=inputs.get("vpcEndpointType"),
            PolicyDocument=inputs.get("policy"),
            PrivateDnsEnabled=inputs.get("privateDnsEnabled"),
            IpAddressType=inputs.get("ipAddressType"),
            DnsOptions=_dns_options(inputs.get("dnsOptions")),
            TagSpecifications=ec2_tags.specification("vpc-endpoint", self.tags_for(inputs)),
            **{member: inputs.get(name) or None for name, member in _MEMBERS.items()},
        )
        return self.made(call, answer["VpcEndpoint"]["VpcEndpointId"], inputs)

    def describe(self, call: Call, id: str, inputs: Properties) -> Properties | None:
        """Read the endpoint."""
        answer = call.find("ec2", "describe_vpc_endpoints", VpcEndpointIds=[id])
        if answer is None or not answer["VpcEndpoints"]:
            return None
        endpoint: dict[str, Any] = answer["VpcEndpoints"][0]
        if endpoint.get("State", "").lower() == "deleted":
            return None
        groups = [group["GroupId"] for group in endpoint.get("Groups") or []]
        return {
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:vpc-endpoint/{id}",
            "vpcId": endpoint["VpcId"],
            "serviceName": endpoint["ServiceName"],
            "vpcEndpointType": endpoint["VpcEndpointType"],
            "policy": endpoint.get("PolicyDocument", ""),
            "privateDnsEnabled": endpoint.get("PrivateDnsEnabled", False),
            "ipAddressType": endpoint.get("IpAddressType", ""),
            "dnsOptions": _told_dns_options(endpoint.get("DnsOptions") or {}),
            "routeTableIds": [*(endpoint.get("RouteTableIds") or [])],
            "securityGroupIds": [*groups],
            "subnetIds": [*(endpoint.get("SubnetIds") or [])],
            "networkInterfaceIds": [*(endpoint.get("NetworkInterfaceIds") or [])],
            "ownerId": endpoint.get("OwnerId", call.account_id),
            "requesterManaged": endpoint.get("RequesterManaged", False),
            "state": endpoint.get("State", ""),
            **self.tags_read(tag_map(endpoint.get("Tags")), inputs),
        }

    def update(
        self, call: Call, id: str, old_outputs: Properties, old_inputs: Properties, inputs: Properties
    ) -> ResourceState:
        """Set what differs; members are added and taken away."""
        self._check_possible(inputs)
        change = self.live(call, id, old_outputs, old_inputs, inputs)
        wanted: dict[str, Any] = {}
        policy, private = inputs.get("policy"), inputs.get("privateDnsEnabled")
        if policy is not None and not same_document(policy, change.old("policy")):
            wanted["PolicyDocument"] = policy
        if private is not None and private != change.old("privateDnsEnabled"):
            wanted["PrivateDnsEnabled"] = private
        if inputs.get("ipAddressType") not in {None, change.old("ipAddressType")}:
            wanted["IpAddressType"] = inputs["ipAddressType"]
        options = _dns_options(inputs.get("dnsOptions"))
        if options is not None and options != _dns_options(change.old("dnsOptions")):
            wanted["DnsOptions"] = options
        for name, member in _MEMBERS.items():
            if inputs.get(name) is None:
                continue
            before, after = _members(change.old(name)), _members(inputs[name])
            if after - before:
                wanted[f"Add{member}"] = sorted(after - before)
            if before - after:
                wanted[f"Remove{member}"] = sorted(before - after)
        if wanted:
            call.request("ec2", "modify_vpc_endpoint", VpcEndpointId=id, **wanted)
        ec2_tags.apply(call, id, self.tag_changes(change.old_outputs, inputs))
        return self.made(call, id, inputs)

    def delete(self, call: Call, id: str, inputs: Properties, outputs: Properties) -> None:
        """Delete the endpoint."""
        del inputs, outputs
        # A refusal for one of several is no error of the call; that the endpoint's route is gone is none of its own.
        answer = call.request("ec2", "delete_vpc_endpoints", VpcEndpointIds=[id])
        for one in answer.get("Unsuccessful") or []:
            error = one["Error"]
            if error["Code"] != "InvalidVpcEndpoint.NotFound":
                raise AwsError("DeleteVpcEndpoints", error["Code"], error["Message"])

    def _check_possible(self, inputs: Properties) -> None:
        """Refuse what would be dropped without a word. It is no error of the program: on AWS it may run."""
        for name in _NOT_HERE:
            if not self.schema.inputs[name].is_unset(inputs.get(name)):
                msg = f"`{name}` of {self.schema.label} is not supported by the local AWS: leave it out here"
                raise ProviderError(msg)


def _members(value: PropertyValue) -> set[str]:
    return {str(one) for one in value} if isinstance(value, list) else set()


def _dns_options(options: PropertyValue) -> dict[str, Any] | None:
    if not isinstance(options, dict):
        return None
    return {api: options[name] for name, api in _DNS_OPTIONS.items() if options.get(name) is not None} or None


def _told_dns_options(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[api] for name, api in _DNS_OPTIONS.items() if options.get(api) not in (None, [])}
