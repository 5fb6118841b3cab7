"""Cache subnet groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.elasticache.faults import fault, invalid_value
from cachewright_offline.cloud.elasticache.identifiers import identifier
from cachewright_offline.cloud.elasticache.pagination import page
from cachewright_offline.cloud.elasticache.registry import operation
from cachewright_offline.cloud.elasticache.tag_rules import new_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.cloud.carrier import Subnet
    from cachewright_offline.cloud.elasticache.registry import Context, Params, Result


@dataclass(slots=True)
class SubnetGroup:
    """One subnet group; its subnets are EC2's own."""

    name: str
    description: str
    vpc_id: str
    subnets: tuple[Subnet, ...]


@dataclass(slots=True)
class SubnetGroups:
    """The subnet groups of a region, by name."""

    groups: dict[str, SubnetGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count them."""
        return {"cache_subnet_groups": len(self.groups)}


def find(context: Context, name: str) -> SubnetGroup:
    """Return a subnet group, or raise CacheSubnetGroupNotFoundFault; AWS makes `default` out of the default VPC."""
    group = context.state.part(SubnetGroups).groups.get(name.lower())
    if group is not None:
        return group
    if name.lower() == "default":
        subnets = carrier.default_subnets(context.account_id, context.region)
        if subnets:
            return SubnetGroup("default", "Default CacheSubnetGroup", subnets[0].vpc_id, subnets)
    raise fault("CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {name} does not exist.")


@operation("CreateCacheSubnetGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group of subnets of one VPC."""
    name = identifier(params, "CacheSubnetGroupName", "subnet_group_name")
    groups = context.state.part(SubnetGroups).groups
    if name in groups:
        raise fault("CacheSubnetGroupAlreadyExistsFault", f"Cache subnet group {name} already exists.")
    if len(groups) >= limit("subnet_groups_per_region"):
        raise fault("CacheSubnetGroupQuotaExceededFault", "The quota of cache subnet groups is exceeded.")
    tags = new_tags(params)
    subnets = _subnets(context, params["SubnetIds"])
    group = SubnetGroup(name, params["CacheSubnetGroupDescription"], subnets[0].vpc_id, subnets)
    groups[name] = group
    context.state.tags[_arn(context, name)] = tags
    return {"CacheSubnetGroup": _shown(context, group)}


@operation("DescribeCacheSubnetGroups")
def describe(context: Context, params: Params) -> Result:
    """Show one group, or all."""
    name = params.get("CacheSubnetGroupName")
    if name:
        return {"CacheSubnetGroups": [_shown(context, find(context, name))]}
    shown, marker = page(context.state.part(SubnetGroups).groups.values(), params, lambda one: one.name)
    return {"CacheSubnetGroups": [_shown(context, one) for one in shown], "Marker": marker}


@operation("ModifyCacheSubnetGroup")
def modify(context: Context, params: Params) -> Result:
    """Change description and subnets; one that a cache uses stays."""
    group = find(context, params["CacheSubnetGroupName"])
    if params.get("SubnetIds"):
        subnets = _subnets(context, params["SubnetIds"])
        if subnets[0].vpc_id != group.vpc_id:
            raise fault("InvalidSubnet", f"The new subnets are not in the same VPC: {group.vpc_id}.")
        removed = {one.id for one in group.subnets} - {one.id for one in subnets}
        used = removed & _subnets_in_use_by(context, group.name)
        if used:
            raise fault("SubnetInUse", f"The subnet ID {min(used)} is in use by a cache.")
        group.subnets = subnets
    if params.get("CacheSubnetGroupDescription") is not None:
        group.description = params["CacheSubnetGroupDescription"]
    return {"CacheSubnetGroup": _shown(context, group)}


@operation("DeleteCacheSubnetGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group that no cache uses."""
    group = find(context, params["CacheSubnetGroupName"])
    if group.name == "default":
        raise invalid_value("The default cache subnet group cannot be deleted.")
    if group.name in users_of_subnet_groups(context):
        raise fault("CacheSubnetGroupInUse", f"Cache subnet group {group.name} is currently in use by a cache cluster.")
    del context.state.part(SubnetGroups).groups[group.name]
    context.state.tags.pop(_arn(context, group.name), None)
    return {}


def users_of_subnet_groups(context: Context) -> set[str]:
    """Return the names of the subnet groups that some cache uses."""
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

    used = {one.subnet_group for one in context.state.part(ReplicationGroups).groups.values()}
    used |= {one.subnet_group for one in context.state.part(CacheClusters).clusters.values()}
    return {name for name in used if name}


def _subnets_in_use_by(context: Context, name: str) -> set[str]:
    return context.state.subnet_ids_in_use() if name in users_of_subnet_groups(context) else set()


def _subnets(context: Context, ids: Iterable[str]) -> tuple[Subnet, ...]:
    found: list[Subnet] = []
    for id in ids:
        subnet = carrier.subnet(context.account_id, context.region, id)
        if subnet is None:
            raise fault("InvalidSubnet", f"Some input subnets in :[{id}] are invalid.")
        if all(subnet.id != one.id for one in found):
            found.append(subnet)
    if not found:
        raise fault("InvalidSubnet", "At least one subnet must be given.")
    if len(found) > limit("subnets_per_subnet_group"):
        raise fault("CacheSubnetQuotaExceededFault", "The quota of subnets in a cache subnet group is exceeded.")
    if len({one.vpc_id for one in found}) > 1:
        raise fault("InvalidSubnet", "Subnets are not all in the same VPC.")
    return tuple(found)


def _arn(context: Context, name: str) -> str:
    return context.state.arn("subnetgroup", name)


def _shown(context: Context, group: SubnetGroup) -> Result:
    types = ["ipv4", "dual_stack", "ipv6"] if all(one.ipv6 for one in group.subnets) else ["ipv4"]
    return {
        "CacheSubnetGroupName": group.name,
        "CacheSubnetGroupDescription": group.description,
        "VpcId": group.vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": one.id,
                "SubnetAvailabilityZone": {"Name": one.zone},
                "SupportedNetworkTypes": ["ipv4", "dual_stack"] if one.ipv6 else ["ipv4"],
            }
            for one in group.subnets
        ],
        "ARN": _arn(context, group.name),
        "SupportedNetworkTypes": types,
    }
