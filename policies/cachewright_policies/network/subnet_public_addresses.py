"""Subnets of caches that give public addresses away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import SUBNET
from cachewright_policies.topology.vpcs import cache_subnets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find subnets of caches whose instances get a public address by themselves."""
    if subject.urn in cache_subnets(scope.graph) and subject.flag("mapPublicIpOnLaunch"):
        yield Problem(
            "what is launched beside the caches gets a public address: the subnet is meant to be public",
            "mapPublicIpOnLaunch",
        )


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24", map_public_ip_on_launch={value})
    aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
"""

RULE = Rule(
    name="cache-subnet-public-addresses",
    title="Subnets of caches give no public addresses",
    description=(
        "A cache gets no public address, but what else is launched in its subnets does: such a subnet is meant to be"
        " public, and what is compromised there stands next to the cache."
    ),
    severity=Severity.MEDIUM,
    types=(SUBNET,),
    check=check,
    remediation=(
        "Set mapPublicIpOnLaunch of the subnet to false, or leave it out. What runs keeps its address; the cache is not"
        " touched."
    ),
    arguments=("mapPublicIpOnLaunch",),
    violating=_PROGRAM.format(value="True"),
    compliant=_PROGRAM.format(value="False"),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    tags=("network", "subnets"),
    frameworks=(Framework("AWS FSBP", ("EC2.15",)),),
    needs_graph=True,
)
