"""Whether a subnet is public: whether its route table has a default route to an internet gateway."""

from __future__ import annotations

from enum import Enum
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cachewright_policies.tokens import (
    DEFAULT_ROUTE_TABLE,
    DEFAULT_SUBNET,
    DEFAULT_VPC,
    INTERNET_GATEWAY,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SUBNET,
    SUBNET_GROUP,
    VPC,
)
from cachewright_policies.values import UNKNOWN, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, References, Resource

# A route of more addresses than this prefix length gives, such as half of the world, leads to the internet.
_WIDEST: Final = {4: 8, 6: 16}
_INTERNET_GATEWAY_ID: Final = "igw-"
_INLINE: Final = ("cidrBlock", "ipv6CidrBlock")
_ALONE: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock")


class Reach(Enum):
    """Who can reach a subnet."""

    PRIVATE = "private"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """Who can reach a subnet, and why.

    Attributes:
        reach: The verdict.
        reason: What decided it.
    """

    reach: Reach
    reason: str


def subnets_of(graph: Graph, holder: Resource) -> References:
    """Return the subnets of a subnet group, or of a serverless cache."""
    return graph.references(holder, "subnetIds", SUBNET, DEFAULT_SUBNET)


def subnet_groups_of(graph: Graph, cache: Resource) -> References:
    """Return the subnet group of a node-based cache."""
    return graph.references(cache, "subnetGroupName", SUBNET_GROUP)


def verdict(graph: Graph, subnet: Resource) -> Verdict:
    """Return who can reach a subnet."""
    return graph.remember(("reach", subnet.urn), lambda: _verdict(graph, subnet))


def _verdict(graph: Graph, subnet: Resource) -> Verdict:
    if subnet.type == DEFAULT_SUBNET:
        return Verdict(Reach.PUBLIC, "it is a default subnet, and a default VPC routes to an internet gateway")
    associations = list(graph.users(subnet, ROUTE_TABLE_ASSOCIATION, property="subnetId"))
    if associations:
        verdicts = [_table_of(graph, association, "routeTableId") for association in associations]
        return next((one for one in verdicts if one.reach is not Reach.PRIVATE), verdicts[0])
    vpc = graph.references(subnet, "vpcId", VPC, DEFAULT_VPC)
    if vpc.resources and vpc.resources[0].type == DEFAULT_VPC:
        return Verdict(Reach.PUBLIC, "it has the main route table of the default VPC, which leads to the internet")
    if not vpc.resources:
        return Verdict(Reach.UNKNOWN, "it has no route table of its own, and its VPC is not in this stack")
    return _main_table(graph, vpc.resources[0])


def _main_table(graph: Graph, vpc: Resource) -> Verdict:
    for association in graph.users(vpc, MAIN_ROUTE_TABLE_ASSOCIATION, property="vpcId"):
        return _table_of(graph, association, "routeTableId")
    for table in graph.users(vpc, DEFAULT_ROUTE_TABLE, property="defaultRouteTableId"):
        return _routes(graph, table)
    for route in graph.users(vpc, ROUTE, property="routeTableId"):
        found = _route(graph, route, route, _ALONE)
        if found.reach is not Reach.PRIVATE:
            return found
    return Verdict(Reach.PRIVATE, "the main route table of its VPC leads nowhere else")


def _table_of(graph: Graph, association: Resource, property: str) -> Verdict:
    tables = graph.references(association, property, ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
    if tables.resources:
        return _routes(graph, tables.resources[0])
    vpcs = graph.references(association, property, VPC)
    if vpcs.resources:
        return _main_table(graph, vpcs.resources[0])
    return Verdict(Reach.UNKNOWN, f"the route table of {association.name} is not in this stack")


def _routes(graph: Graph, table: Resource) -> Verdict:
    return graph.remember(("routes", table.urn), lambda: _worst(_verdicts(graph, table)))


def _verdicts(graph: Graph, table: Resource) -> Iterator[Verdict]:
    for property in ("routes", "route"):
        if table.is_unknown(property):
            yield Verdict(Reach.UNKNOWN, f"the routes of {table.name} are known only after the update")
            continue
        for item in table.items(property):
            if item is UNKNOWN:
                yield Verdict(Reach.UNKNOWN, f"a route of {table.name} is known only after the update")
            elif isinstance(item, dict):
                yield _route(graph, table, View(item), _INLINE, property)
    for alone in graph.users(table, ROUTE, property="routeTableId"):
        yield _route(graph, alone, alone, _ALONE)


def _worst(verdicts: Iterator[Verdict]) -> Verdict:
    worst = Verdict(Reach.PRIVATE, "its route table has no route to an internet gateway")
    for one in verdicts:
        if one.reach is Reach.PUBLIC:
            return one
        if one.reach is Reach.UNKNOWN:
            worst = one
    return worst


def _route(
    graph: Graph, holder: Resource, route: View, destinations: tuple[str, ...], property: str = "gatewayId"
) -> Verdict:
    """Judge one route; `holder` is the resource whose edges lead to the gateway."""
    private = Verdict(Reach.PRIVATE, "")
    if not any(_is_wide(route.peek(one)) or route.is_unknown(one) for one in destinations):
        return private
    if not route.is_set("gatewayId"):
        return private
    gateway = route.peek("gatewayId")
    public = Verdict(Reach.PUBLIC, f"{holder.name} routes the internet to an internet gateway")
    if not any(_is_wide(route.peek(one)) for one in destinations):
        public = Verdict(Reach.UNKNOWN, f"what {holder.name} routes to an internet gateway is known after the update")
    if isinstance(gateway, str):
        inside = graph.named(INTERNET_GATEWAY, gateway) is not None
        return public if inside or gateway.startswith(_INTERNET_GATEWAY_ID) else private
    edges = [
        graph.resources[urn].type for urn in holder.property_dependencies.get(property, ()) if urn in graph.resources
    ]
    if INTERNET_GATEWAY in edges:
        return public
    if edges:
        return private
    return Verdict(Reach.UNKNOWN, f"the gateway that {holder.name} routes the internet to is not in this stack")


def _is_wide(block: Any) -> bool:
    if not isinstance(block, str) or not block:
        return False
    try:
        network = ip_network(block, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _WIDEST[network.version]
