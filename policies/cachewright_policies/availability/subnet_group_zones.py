"""Subnet groups of several zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import SERIOUS, Problem, Rule, Setting, Severity, Unverified
from cachewright_policies.tokens import SERVERLESS_CACHE, SUBNET_GROUP
from cachewright_policies.topology.zones import zones_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find subnet groups whose subnets are in too few zones."""
    if not subject.is_set("subnetIds"):
        return
    wanted = scope.settings["minimumZones"]
    zones = zones_of(scope.graph, subject)
    if len(zones.names) >= wanted:
        return
    if zones.complete:
        named = ", ".join(sorted(zones.names))
        yield Problem(
            f"its subnets are in {len(zones.names)} of {wanted} zones ({named}): nothing can be placed elsewhere",
            "subnetIds",
        )
    else:
        yield Unverified(
            f"the zones of its subnets are not all known: whether they are {wanted} cannot be told", "subnetIds"
        )


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{index}}.0/24", availability_zone=zone)
        for index, zone in enumerate({zones})
    ]
    aws.elasticache.SubnetGroup("caches", subnet_ids=[one.id for one in subnets])
"""

RULE = Rule(
    name="subnet-group-spans-zones",
    title="Subnet groups have subnets in several zones",
    description=(
        "ElastiCache can only place nodes where the subnet group has subnets. Multi-AZ and cross-az are empty promises"
        " when all subnets are in one zone."
    ),
    severity=Severity.HIGH,
    types=(SUBNET_GROUP, SERVERLESS_CACHE),
    check=check,
    remediation="Add a subnet of another zone to subnetIds. It is added online; nodes that exist stay where they are.",
    arguments=("subnetIds",),
    violating=_PROGRAM.format(zones='["eu-west-1a"]'),
    compliant=_PROGRAM.format(zones='["eu-west-1a", "eu-west-1b"]'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html",
    tags=("availability", "subnets", "multi-az"),
    settings=(
        Setting(
            "minimumZones",
            {"type": "integer", "minimum": 1, "maximum": 6, "description": "In how many zones subnets have to be."},
            2,
        ),
    ),
    needs_graph=True,
    environments=SERIOUS,
)
