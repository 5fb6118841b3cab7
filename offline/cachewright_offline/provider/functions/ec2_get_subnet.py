"""aws.ec2.get_subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.functions import ec2_lookup

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties

_FILTERS: Final = {
    "availabilityZone": "availabilityZone",
    "availabilityZoneId": "availabilityZoneId",
    "cidrBlock": "cidrBlock",
    "defaultForAz": "defaultForAz",
    "id": "subnet-id",
    "state": "state",
    "vpcId": "vpc-id",
}


def answer(call: Call, arguments: Properties) -> Properties:
    """Find one subnet. Where no local AWS is, a stand-in is told, so that a program can be previewed."""
    if ec2_lookup.is_nowhere(call):
        return {
            **arguments,
            "availabilityZone": arguments.get("availabilityZone") or f"{call.region}a",
            "cidrBlock": arguments.get("cidrBlock") or "10.0.0.0/24",
            "id": arguments.get("id") or "subnet-00000000000000000",
            "region": call.region,
            "state": "available",
            "tags": arguments.get("tags") or {},
            "vpcId": arguments.get("vpcId") or "vpc-00000000000000000",
        }
    given = {name: value for name, value in arguments.items() if (name, value) != ("defaultForAz", False)}
    subnet = ec2_lookup.the_one(ec2_lookup.all_of(call, "describe_subnets", "Subnets", given, _FILTERS), "subnet")
    return {
        **arguments,
        "arn": subnet.get("SubnetArn", ""),
        "assignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet.get("AvailabilityZoneId", ""),
        "availableIpAddressCount": subnet.get("AvailableIpAddressCount", 0),
        "cidrBlock": subnet["CidrBlock"],
        "defaultForAz": subnet.get("DefaultForAz", False),
        "enableDns64": subnet.get("EnableDns64", False),
        "id": subnet["SubnetId"],
        "ipv6CidrBlock": "",
        "ipv6Native": subnet.get("Ipv6Native", False),
        "mapPublicIpOnLaunch": subnet.get("MapPublicIpOnLaunch", False),
        "ownerId": subnet.get("OwnerId", call.account_id),
        "region": call.region,
        "state": subnet.get("State", "available"),
        "tags": dict(tag_map(subnet.get("Tags", []))),
        "vpcId": subnet["VpcId"],
    }
