"""Caches in subnets that the internet cannot reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import NODE_BASED, SERVERLESS_CACHE, SUBNET_GROUP
from cachewright_policies.topology.subnets import Reach, subnet_groups_of, subnets_of, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find subnets whose route table leads to an internet gateway."""
    if subject.type in NODE_BASED:
        yield from _subnet_group_elsewhere(subject, scope)
        return
    if subject.type == SERVERLESS_CACHE and not subject.is_set("subnetIds"):
        return
    subnets = subnets_of(scope.graph, subject)
    for subnet in subnets.resources:
        reach, reason = verdict(scope.graph, subnet)
        if reach is Reach.PUBLIC:
            yield Problem(f"the subnet {subnet.name} is public: {reason}", "subnetIds")
        elif reach is Reach.UNKNOWN:
            yield Unverified(f"whether the subnet {subnet.name} is private cannot be told: {reason}", "subnetIds")
    if subnets.literals:
        named = ", ".join(subnets.literals)
        yield Unverified(f"the subnets {named} are not in this stack: their route tables are not known", "subnetIds")
    if not subnets.complete:
        yield Unverified("the subnets come from outside this stack: their route tables are not known", "subnetIds")


def _subnet_group_elsewhere(cache: Resource, scope: Scope) -> Iterator[Unverified]:
    """Tell of a cache whose subnet group is not in the stack; one with none, or the default one, has its own rule."""
    if Cache(cache).is_member or not cache.is_set("subnetGroupName"):
        return
    groups = subnet_groups_of(scope.graph, cache)
    for name in groups.literals:
        if name.lower() != "default":
            yield Unverified(
                f"the subnet group {name} is not in this stack: whether its subnets are private is not known",
                "subnetGroupName",
            )
    if not groups.complete:
        yield Unverified(
            "the subnet group comes from outside this stack: whether its subnets are private is not known",
            "subnetGroupName",
        )


_NETWORK = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("way-out", vpc_id=vpc.id)
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="eu-west-1a")
    table = aws.ec2.RouteTable("a", vpc_id=vpc.id)
    aws.ec2.RouteTableAssociation("a", subnet_id=subnet.id, route_table_id=table.id)
"""
_GROUP = """
    aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
"""

RULE = Rule(
    name="cache-private-subnets",
    title="Caches are in private subnets",
    description=(
        "A subnet is public when its route table, its own or the VPC's main one, sends 0.0.0.0/0 or ::/0 to an internet"
        " gateway. A cache there is one security group rule away from the internet. NAT gateways, egress-only and"
        " transit gateways do not make a subnet public."
    ),
    severity=Severity.HIGH,
    types=(SUBNET_GROUP, SERVERLESS_CACHE, *NODE_BASED),
    check=check,
    remediation=(
        "Name private subnets in subnetIds, or take the route to the internet gateway out of the subnet's table. Adding"
        " subnets to a subnet group changes no cache; a subnet that a node uses cannot be removed from it."
    ),
    arguments=("subnetIds",),
    violating=_NETWORK
    + """
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
"""
    + _GROUP,
    compliant=_NETWORK + _GROUP,
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
    tags=("network", "subnets"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.7",)),
        Framework("CIS AWS Database Services", ("5.5",)),
        Framework("PCI DSS 4.0", ("1.3.1", "1.3.2", "1.4.1", "1.4.4")),
    ),
    needs_graph=True,
)
