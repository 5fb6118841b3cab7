"""Where the endpoint of a serverless cache is, and what it speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog.limits import limit
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import invalid_combination, invalid_value

if TYPE_CHECKING:
    from cachewright_offline.cloud.carrier import Subnet
    from cachewright_offline.cloud.elasticache.registry import Context, Params

_NETWORK_TYPES: Final = ("ipv4", "ipv6", "dual_stack")
# In a region with fewer zones for it, AWS takes one default subnet less.
_FEW_ZONES: Final = frozenset({"us-west-1"})


def place(context: Context, params: Params) -> tuple[list[str], list[str]]:
    """Return the subnets and security groups of a new cache: those given, or the default VPC's."""
    subnet_ids: list[str] = params.get("SubnetIds") or _default_subnets(context)
    vpc_id = _vpc(_subnets(context, subnet_ids))
    if params.get("SecurityGroupIds"):
        return subnet_ids, _security_groups(context, params["SecurityGroupIds"], vpc_id)
    default = carrier.default_security_group(context.account_id, context.region, vpc_id)
    return subnet_ids, [] if default is None else [default]


def security_groups(context: Context, params: Params, subnet_ids: list[str]) -> list[str]:
    """Return the security groups that a request gives a cache in these subnets."""
    found = [carrier.subnet(context.account_id, context.region, subnet_id) for subnet_id in subnet_ids]
    return _security_groups(context, params["SecurityGroupIds"], _vpc([one for one in found if one is not None]))


def network_type(context: Context, params: Params, subnet_ids: list[str]) -> str:
    """Return what a new cache in these subnets speaks.

    Raises:
        Fault: There is no such network type, or the subnets do not have it.
    """
    chosen: str | None = params.get("NetworkType") or None
    only_ipv6 = [carrier.is_ipv6_only(context.account_id, context.region, one) for one in subnet_ids]
    if chosen is None:
        return "ipv6" if all(only_ipv6) else "ipv4"
    if chosen not in _NETWORK_TYPES:
        raise invalid_value(f"Invalid value for NetworkType: {chosen}. Must be one of: {', '.join(_NETWORK_TYPES)}.")
    subnets = [carrier.subnet(context.account_id, context.region, one) for one in subnet_ids]
    if chosen == "ipv6" and not all(only_ipv6):
        raise invalid_combination("NetworkType ipv6 is only supported with IPv6-only subnets.")
    if chosen == "dual_stack" and not all(one is not None and one.ipv6 for one in subnets):
        raise invalid_combination("NetworkType dual_stack is only supported with subnets that have IPv6 addresses.")
    if chosen != "ipv6" and any(only_ipv6):
        raise invalid_combination(f"NetworkType {chosen} is not supported with IPv6-only subnets.")
    return chosen


def _default_subnets(context: Context) -> list[str]:
    by_zone = {subnet.zone: subnet.id for subnet in carrier.default_subnets(context.account_id, context.region)}
    most = limit("serverless_subnets_maximum") - (context.region in _FEW_ZONES)
    found = [by_zone[zone] for zone in sorted(by_zone)][:most]
    if not found:
        raise invalid_value("SubnetIds are required: there is no default VPC with subnets.")
    return found


def _subnets(context: Context, subnet_ids: list[str]) -> list[Subnet]:
    """Return the subnets of a new cache; each is in a zone of its own."""
    if len(set(subnet_ids)) != len(subnet_ids):
        raise invalid_value("SubnetIds must not contain duplicates.")
    found: dict[str, Subnet] = {}
    for subnet_id in subnet_ids:
        subnet = carrier.subnet(context.account_id, context.region, subnet_id)
        if subnet is None:
            raise invalid_value(f"The subnet {subnet_id} does not exist.")
        found[subnet_id] = subnet
    least, most = limit("serverless_subnets_minimum"), limit("serverless_subnets_maximum")
    if not least <= len(found) <= most:
        raise invalid_value(f"Invalid number of SubnetIds: {len(found)}. Must be between {least} and {most}.")
    _vpc(list(found.values()))
    zones = [subnet.zone for subnet in found.values()]
    doubled = next((zone for zone in zones if zones.count(zone) > 1), None)
    if doubled is not None:
        raise invalid_value(f"SubnetIds must be in different availability zones: more than one is in {doubled}.")
    return list(found.values())


def _vpc(subnets: list[Subnet]) -> str:
    vpc_ids = {subnet.vpc_id for subnet in subnets}
    if len(vpc_ids) > 1:
        names = ", ".join(subnet.id for subnet in subnets)
        raise invalid_value(f"The subnets {names} do not all belong to the same VPC.")
    return vpc_ids.pop()


def _security_groups(context: Context, group_ids: list[str], vpc_id: str) -> list[str]:
    for group_id in group_ids:
        group_vpc = carrier.security_group_vpc(context.account_id, context.region, group_id)
        if group_vpc is None:
            raise invalid_value(f"The security group {group_id} does not exist.")
        if group_vpc != vpc_id:
            raise invalid_value(f"The security group {group_id} is not in the VPC {vpc_id} of the subnets.")
    return list(dict.fromkeys(group_ids))
