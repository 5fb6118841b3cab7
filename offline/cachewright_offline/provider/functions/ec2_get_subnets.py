"""aws.ec2.get_subnets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.provider.functions import ec2_lookup

if TYPE_CHECKING:
    from cachewright_offline.provider.call import Call
    from cachewright_offline.values import Properties


def answer(call: Call, arguments: Properties) -> Properties:
    """Find subnets. Where no local AWS is, two stand-ins are told, so that a program can be previewed."""
    if ec2_lookup.is_nowhere(call):
        ids = ["subnet-00000000000000000", "subnet-00000000000000001"]
    else:
        found = ec2_lookup.all_of(call, "describe_subnets", "Subnets", arguments, {})
        ids = sorted(str(subnet["SubnetId"]) for subnet in found)
    return {**arguments, "id": call.region, "ids": [*ids], "region": call.region}
