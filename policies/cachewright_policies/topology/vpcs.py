"""Where caches stand: their subnets and VPCs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.tokens import CACHES, DEFAULT_VPC, SECURITY_GROUP, SERVERLESS_CACHE, SUBNET_GROUP, VPC
from cachewright_policies.topology.subnets import subnets_of

if TYPE_CHECKING:
    from cachewright_policies.graph import Graph, Resource


def cache_subnets(graph: Graph) -> frozenset[str]:
    """Return the URNs of the subnets that caches are placed in."""

    def collected() -> frozenset[str]:
        return frozenset(
            subnet.urn
            for holder in graph.of_type(SUBNET_GROUP, SERVERLESS_CACHE)
            for subnet in subnets_of(graph, holder).resources
        )

    return graph.remember(("cache subnets",), collected)


def cache_vpcs(graph: Graph) -> frozenset[str]:
    """Return the URNs of the VPCs that hold caches, by the caches' subnets and by their security groups."""

    def collected() -> frozenset[str]:
        inside = [graph.resources[urn] for urn in cache_subnets(graph)]
        inside += [
            group
            for cache in graph.of_type(*CACHES)
            for group in graph.references(cache, "securityGroupIds", SECURITY_GROUP).resources
        ]
        return frozenset(vpc.urn for one in inside for vpc in vpcs_of(graph, one))

    return graph.remember(("cache VPCs",), collected)


def vpcs_of(graph: Graph, resource: Resource) -> tuple[Resource, ...]:
    """Return the VPCs of the stack that a resource names in `vpcId`: one at most."""
    return graph.references(resource, "vpcId", VPC, DEFAULT_VPC).resources
