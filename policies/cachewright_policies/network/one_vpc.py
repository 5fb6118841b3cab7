"""A cache, its subnets and its security groups are in one VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, SERVERLESS_CACHE, SUBNET_GROUP
from cachewright_policies.topology.security_groups import groups_of
from cachewright_policies.topology.subnets import subnet_groups_of, subnets_of
from cachewright_policies.topology.vpcs import vpcs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find subnets of several VPCs, and security groups of another VPC than the cache's subnets."""
    graph = scope.graph
    if subject.type in {SUBNET_GROUP, SERVERLESS_CACHE}:
        homes = _homes(graph, subnets_of(graph, subject).resources)
        if len(homes) > 1:
            yield Problem(f"its subnets are in {len(homes)} VPCs, {_named(homes)}: the update fails", "subnetIds")
            return
    if subject.type == SUBNET_GROUP or Cache(subject).is_member:
        return
    holders = [subject] if subject.type == SERVERLESS_CACHE else subnet_groups_of(graph, subject).resources
    homes = _homes(graph, [subnet for one in holders for subnet in subnets_of(graph, one).resources])
    for group in groups_of(graph, subject).resources:
        home = _homes(graph, [group])
        if len(homes) == 1 and home and home != homes:
            yield Problem(
                f"{group.name} is a security group of the VPC {_named(home)}, and the cache is in {_named(homes)}: the"
                " update fails",
                "securityGroupIds",
            )


def _homes(graph: Graph, resources: Iterable[Resource]) -> frozenset[str]:
    """Return the VPCs of some resources, by name or by id; those that are not known are left out."""
    found = set()
    for one in resources:
        named = vpcs_of(graph, one)
        literal = one.peek("vpcId")
        if named:
            found.add(named[0].name)
        elif isinstance(literal, str) and literal:
            found.add(literal)
    return frozenset(found)


def _named(homes: frozenset[str]) -> str:
    return " and ".join(sorted(homes))


_PROGRAM = """
    here = aws.ec2.Vpc("here", cidr_block="10.0.0.0/16")
    there = aws.ec2.Vpc("there", cidr_block="10.1.0.0/16")
    subnet = aws.ec2.Subnet("a", vpc_id=here.id, cidr_block="10.0.1.0/24", availability_zone="eu-west-1a")
    group = aws.ec2.SecurityGroup("sessions", description="Sessions", vpc_id={vpc}.id)
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        subnet_group_name=aws.elasticache.SubnetGroup("sessions", subnet_ids=[subnet.id]).name,
        security_group_ids=[group.id],
    )
"""

RULE = Rule(
    name="cache-one-vpc",
    title="A cache, its subnets and its security groups are in one VPC",
    description=(
        "A subnet group holds subnets of one VPC, and a security group works in its own VPC only. In a program with"
        " several networks the wrong one is easily handed over; AWS tells so in the middle of an update."
    ),
    severity=Severity.MEDIUM,
    types=(*CACHES, SUBNET_GROUP),
    check=check,
    remediation="Name subnets and security groups of the cache's own VPC. Security groups change online.",
    arguments=("securityGroupIds", "subnetIds"),
    violating=_PROGRAM.format(vpc="there"),
    compliant=_PROGRAM.format(vpc="here"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.html",
    tags=("network", "security-groups", "subnets"),
    needs_graph=True,
)
