"""aws.ec2.get_vpc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.functions import ec2_lookup

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties

_FILTERS: Final = {
    "cidrBlock": "cidr",
    "default": "is-default",
    "dhcpOptionsId": "dhcp-options-id",
    "id": "vpc-id",
    "state": "state",
}


def answer(call: Call, arguments: Properties) -> Properties:
    """Find one VPC. Where no local AWS is, a stand-in is told, so that a program can be previewed."""
    if ec2_lookup.is_nowhere(call):
        return {
            **arguments,
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:vpc/vpc-00000000000000000",
            "cidrBlock": arguments.get("cidrBlock") or "10.0.0.0/16",
            "default": bool(arguments.get("default")),
            "id": arguments.get("id") or "vpc-00000000000000000",
            "ownerId": call.account_id,
            "region": call.region,
            "state": "available",
            "tags": arguments.get("tags") or {},
        }
    given = {name: value for name, value in arguments.items() if (name, value) != ("default", False)}
    vpc = ec2_lookup.the_one(ec2_lookup.all_of(call, "describe_vpcs", "Vpcs", given, _FILTERS), "VPC")
    id = vpc["VpcId"]

    def attribute(name: str, key: str) -> bool:
        told = call.request("ec2", "describe_vpc_attribute", VpcId=id, Attribute=name)
        return bool(told.get(key, {}).get("Value", False))

    tables = call.pages(
        "ec2",
        "describe_route_tables",
        "RouteTables",
        Filters=[{"Name": "association.main", "Values": ["true"]}, {"Name": "vpc-id", "Values": [id]}],
    )
    return {
        **arguments,
        "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:vpc/{id}",
        "cidrBlock": vpc["CidrBlock"],
        "cidrBlockAssociations": [
            {
                "associationId": item["AssociationId"],
                "cidrBlock": item["CidrBlock"],
                "state": item.get("CidrBlockState", {}).get("State", ""),
            }
            for item in vpc.get("CidrBlockAssociationSet", [])
        ],
        "default": vpc.get("IsDefault", False),
        "dhcpOptionsId": vpc.get("DhcpOptionsId", ""),
        "enableDnsHostnames": attribute("enableDnsHostnames", "EnableDnsHostnames"),
        "enableDnsSupport": attribute("enableDnsSupport", "EnableDnsSupport"),
        "enableNetworkAddressUsageMetrics": False,
        "id": id,
        "instanceTenancy": vpc.get("InstanceTenancy", "default"),
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "mainRouteTableId": tables[0]["RouteTableId"] if tables else "",
        "ownerId": vpc.get("OwnerId", call.account_id),
        "region": call.region,
        "state": vpc.get("State", "available"),
        "tags": dict(tag_map(vpc.get("Tags", []))),
    }
