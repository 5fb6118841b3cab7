"""VPCs that record who talks to the caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import FLOW_LOG, SUBNET, VPC
from cachewright_policies.topology.vpcs import cache_subnets, cache_vpcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find VPCs of caches whose traffic nothing records, or only in part."""
    graph = scope.graph
    if subject.urn not in cache_vpcs(graph):
        return
    logs = list(graph.users(subject, FLOW_LOG, property="vpcId"))
    kinds = {one.text("trafficType", "ALL").upper() for one in logs}
    if kinds == {"ACCEPT"}:
        yield Problem(
            f"{logs[0].name} records only what is let in: who tried to reach the caches in vain is not seen",
            "trafficType",
            logs[0],
        )
    if logs or not (scope.settings["required"] or next(graph.of_type(FLOW_LOG), None)):
        return
    subnets = [one for one in graph.users(subject, SUBNET, property="vpcId") if one.urn in cache_subnets(graph)]
    if not subnets or not all(_is_recorded(graph, one) for one in subnets):
        yield Problem("no flow log records who reaches the caches of this VPC")


def _is_recorded(graph: Graph, subnet: Resource) -> bool:
    return next(graph.users(subnet, FLOW_LOG, property="subnetId"), None) is not None


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
    aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
    aws.ec2.FlowLog(
        "main",
        vpc_id=vpc.id,
        traffic_type="{kind}",
        log_destination="arn:aws:s3:::flow-logs",
        log_destination_type="s3",
    )
"""

RULE = Rule(
    name="vpc-flow-logs",
    title="VPCs of caches have flow logs",
    description=(
        "After an incident a flow log tells who connected to a cache, and who tried to. It belongs to the network,"
        " which is often another stack's, so a stack without any is left alone unless they are required; one that has"
        " some has them for every VPC with caches, and of what is refused, too."
    ),
    severity=Severity.MEDIUM,
    types=(VPC,),
    check=check,
    remediation=(
        "Make a FlowLog of the VPC, or of the caches' subnets, with trafficType ALL. It does nothing to the traffic or"
        " the caches."
    ),
    arguments=(),
    violating=_PROGRAM.format(kind="ACCEPT"),
    compliant=_PROGRAM.format(kind="ALL"),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
    tags=("network", "logs"),
    frameworks=(Framework("AWS FSBP", ("EC2.6",)),),
    settings=(
        Setting(
            "required",
            {"type": "boolean", "description": "Whether every VPC needs one, in stacks without any, too."},
            False,
        ),
    ),
    needs_graph=True,
    environments=PROD_ONLY,
)
