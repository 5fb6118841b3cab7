"""aws.ec2.get_security_group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_offline.provider.call import tag_map
from cachewright_offline.provider.functions import ec2_lookup

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties

_FILTERS: Final = {"id": "group-id", "name": "group-name", "vpcId": "vpc-id"}


def answer(call: Call, arguments: Properties) -> Properties:
    """Find one security group. Where no local AWS is, a stand-in is told, so that a program can be previewed."""
    if ec2_lookup.is_nowhere(call):
        id = arguments.get("id") or "sg-00000000000000000"
        return {
            **arguments,
            "arn": f"arn:{call.partition}:ec2:{call.region}:{call.account_id}:security-group/{id}",
            "description": "",
            "id": id,
            "name": arguments.get("name") or "default",
            "region": call.region,
            "tags": arguments.get("tags") or {},
            "vpcId": arguments.get("vpcId") or "vpc-00000000000000000",
        }
    found = ec2_lookup.all_of(call, "describe_security_groups", "SecurityGroups", arguments, _FILTERS)
    group = ec2_lookup.the_one(found, "security group")
    owner = group.get("OwnerId", call.account_id)
    return {
        **arguments,
        "arn": f"arn:{call.partition}:ec2:{call.region}:{owner}:security-group/{group['GroupId']}",
        "description": group.get("Description", ""),
        "id": group["GroupId"],
        "name": group["GroupName"],
        "region": call.region,
        "tags": dict(tag_map(group.get("Tags", []))),
        "vpcId": group.get("VpcId", ""),
    }
