"""Default security groups that let nothing in and nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import DEFAULT_SECURITY_GROUP, VPC
from cachewright_policies.topology.vpcs import cache_vpcs, vpcs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find default groups around caches that have rules; where it is asked for, VPCs that leave theirs open, too."""
    graph = scope.graph
    if subject.type == VPC:
        if (
            scope.settings["required"]
            and subject.urn in cache_vpcs(graph)
            and next(graph.users(subject, DEFAULT_SECURITY_GROUP, property="vpcId"), None) is None
        ):
            yield Problem("nothing closes the VPC's default security group, which lets its members reach each other")
        return
    if cache_vpcs(graph).isdisjoint(one.urn for one in vpcs_of(graph, subject)):
        return
    for direction in ("ingress", "egress"):
        if subject.is_unknown(direction) or subject.items(direction):
            yield Problem(
                f"the default security group has {direction} rules: whatever names no group of its own has them",
                direction,
            )


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    aws.ec2.DefaultSecurityGroup("main", vpc_id=vpc.id{more})
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
    aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
"""

RULE = Rule(
    name="default-security-group-closed",
    title="Default security groups around caches are closed",
    description=(
        "What names no security group gets its VPC's default one. A program that takes charge of it, with"
        " DefaultSecurityGroup, should leave it without rules: then what was forgotten reaches nothing."
    ),
    severity=Severity.MEDIUM,
    types=(DEFAULT_SECURITY_GROUP, VPC),
    check=check,
    remediation=(
        "Leave ingress and egress of the DefaultSecurityGroup out. Its rules go away at once: attach groups of their"
        " own to whatever lives by them first."
    ),
    arguments=("ingress", "egress"),
    violating=_PROGRAM.format(more=', ingress=[{"protocol": "-1", "self": True, "from_port": 0, "to_port": 0}]'),
    compliant=_PROGRAM.format(more=""),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    tags=("network", "security-groups"),
    frameworks=(Framework("AWS FSBP", ("EC2.2",)),),
    settings=(
        Setting(
            "required",
            {"type": "boolean", "description": "Whether every VPC that holds caches has to close its default group."},
            default=False,
        ),
    ),
    needs_graph=True,
)
