"""Cache subnet groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

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


DEFAULT_NAME: Final = "default"


@dataclass(slots=True)
class SubnetGroup:
    """One subnet group; its subnets are EC2's own."""

    name: str
    description: str
    vpc_id: str
    subnets: tuple[Subnet, ...]

    @property
    def network_types(self) -> list[str]:
        """What a cache in these subnets can speak."""
        return _network_types(self.subnets)

    def subnet_in(self, zone: str) -> str | None:
        """Return the subnet that a node in a zone is placed in: the first of the group's there."""
        return min((one.id for one in self.subnets if one.zone == zone), default=None)


@dataclass(slots=True)
class SubnetGroups:
    """The subnet groups of a region, by name."""

    groups: dict[str, SubnetGroup] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Count those that were made, not AWS's own."""
        return {"cache_subnet_groups": len(self.groups.keys() - {DEFAULT_NAME})}


def find(context: Context, name: str) -> SubnetGroup:
    """Return a subnet group, or raise CacheSubnetGroupNotFoundFault."""
    group = context.state.part(SubnetGroups).groups.get(name.lower())
    if group is None and name.lower() == DEFAULT_NAME:
        group = default_group(context)
    if group is None:
        raise fault("CacheSubnetGroupNotFoundFault", f"Cache subnet group {name} not found.")
    return group


def default_group(context: Context) -> SubnetGroup | None:
    """Return AWS's own group, made of the default VPC when it is first needed; None when there is no such VPC."""
    groups = context.state.part(SubnetGroups).groups
    if DEFAULT_NAME not in groups:
        subnets = carrier.default_subnets(context.account_id, context.region)
        if not subnets:
            return None
        groups[DEFAULT_NAME] = SubnetGroup(DEFAULT_NAME, "Default CacheSubnetGroup", subnets[0].vpc_id, subnets)
        context.state.tags[_arn(context, DEFAULT_NAME)] = {}
    return groups[DEFAULT_NAME]


@operation("CreateCacheSubnetGroup")
def create(context: Context, params: Params) -> Result:
    """Create a group of subnets of one VPC."""
    name = identifier(params, "CacheSubnetGroupName", "subnet_group_name")
    groups = context.state.part(SubnetGroups).groups
    if name in groups:
        raise fault("CacheSubnetGroupAlreadyExistsFault", f"Cache subnet group {name} already exists.")
    most = limit("subnet_groups_per_region")
    if len(groups.keys() - {DEFAULT_NAME}) >= most:
        raise fault("CacheSubnetGroupQuotaExceededFault", f"Quota of {most} cache subnet groups exceeded.")
    if not params["CacheSubnetGroupDescription"]:
        raise invalid_value("The parameter CacheSubnetGroupDescription must be provided and must not be blank.")
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
    _check_not_reserved(group)
    if params.get("SubnetIds"):
        subnets = _subnets(context, params["SubnetIds"])
        if subnets[0].vpc_id != group.vpc_id:
            raise fault("InvalidSubnet", f"The new subnets are not in the same VPC: {group.vpc_id}.")
        removed = {one.id for one in group.subnets} - {one.id for one in subnets}
        used = removed & _subnets_with_nodes(context, group)
        if used:
            raise fault("SubnetInUse", f"The subnet ID {min(used)} is in use by a cache cluster.")
        group.subnets = subnets
    if params.get("CacheSubnetGroupDescription") is not None:
        group.description = params["CacheSubnetGroupDescription"]
    return {"CacheSubnetGroup": _shown(context, group)}


@operation("DeleteCacheSubnetGroup")
def delete(context: Context, params: Params) -> Result:
    """Delete a group that no cache uses."""
    name = params["CacheSubnetGroupName"]
    if name.lower() != DEFAULT_NAME and name.lower() not in context.state.part(SubnetGroups).groups:
        # AWS words it in another way than where it describes or modifies one.
        raise fault("CacheSubnetGroupNotFoundFault", f"Cache Subnet Group {name} does not exist.")
    group = find(context, name)
    _check_not_reserved(group)
    if group.name in users_of_subnet_groups(context):
        raise fault("CacheSubnetGroupInUse", f"Cache subnet group {group.name} is currently in use by a cache cluster.")
    del context.state.part(SubnetGroups).groups[group.name]
    context.state.tags.pop(_arn(context, group.name), None)
    return {}


def _check_not_reserved(group: SubnetGroup) -> None:
    if group.name == DEFAULT_NAME:
        raise invalid_value(f"{DEFAULT_NAME} is reserved and cannot be modified.")


def users_of_subnet_groups(context: Context) -> set[str]:
    """Return the names of the subnet groups that some cache uses."""
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

    used = {one.subnet_group for one in context.state.part(ReplicationGroups).groups.values()}
    used |= {one.subnet_group for one in context.state.part(CacheClusters).clusters.values()}
    return {name for name in used if name}


def _subnets_with_nodes(context: Context, group: SubnetGroup) -> set[str]:
    """Return the subnets of a group that hold a node."""
    from cachewright_offline.cloud.elasticache.operations.cache_clusters import CacheClusters
    from cachewright_offline.cloud.elasticache.operations.replication_groups import ReplicationGroups

    zones = {
        node.zone
        for cache in context.state.part(ReplicationGroups).groups.values()
        if cache.subnet_group == group.name
        for shard in cache.shards
        for node in shard.nodes
    }
    zones |= {
        node.zone
        for cluster in context.state.part(CacheClusters).clusters.values()
        if cluster.subnet_group == group.name
        for node in cluster.nodes.values()
    }
    return {subnet for subnet in map(group.subnet_in, zones) if subnet}


def _subnets(context: Context, ids: Iterable[str]) -> tuple[Subnet, ...]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise invalid_value("The parameter SubnetIds must be provided.")
    looked_up = [carrier.subnet(context.account_id, context.region, id) for id in wanted]
    found = [one for one in looked_up if one is not None]
    if len(found) < len(wanted):
        raise invalid_value(f"Some input subnets in :[{', '.join(wanted)}] are invalid.")
    most = limit("subnets_per_subnet_group")
    if len(found) > most:
        raise fault("CacheSubnetQuotaExceededFault", f"Quota of {most} subnets in a cache subnet group exceeded.")
    stranger = next((one for one in found if one.vpc_id != found[0].vpc_id), None)
    if stranger is not None:
        raise fault("InvalidSubnet", f"Subnets {found[0].id} and {stranger.id} are not in the same VPC.")
    return tuple(found)


def _arn(context: Context, name: str) -> str:
    return context.state.arn("subnetgroup", name)


def _network_types(subnets: Iterable[Subnet]) -> list[str]:
    return ["ipv4", "dual_stack"] if all(one.ipv6 for one in subnets) else ["ipv4"]


def _shown(context: Context, group: SubnetGroup) -> Result:
    return {
        "CacheSubnetGroupName": group.name,
        "CacheSubnetGroupDescription": group.description,
        "VpcId": group.vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": one.id,
                "SubnetAvailabilityZone": {"Name": one.zone},
                "SupportedNetworkTypes": _network_types((one,)),
            }
            for one in group.subnets
        ],
        "ARN": _arn(context, group.name),
        "SupportedNetworkTypes": group.network_types,
    }
