"""Caches whose security groups let their clients in on the right port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_RULE
from cachewright_policies.topology.security_groups import groups_of, openings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches whose security groups have rules, and none for the port that the cache listens on."""
    cache = Cache(subject)
    if cache.is_member:
        return
    graph = scope.graph
    groups = groups_of(graph, subject)
    # Without any rule here the rules are made elsewhere, as those of a group from another stack are.
    if groups.literals or not groups.complete or not any(_has_rules(graph, one) for one in groups.resources):
        return
    ports = cache.ports()
    found = [one for group in groups.resources for one in openings(graph, group)]
    if ports and not any(one.reaches(port) for one in found for port in ports):
        listened = " and ".join(map(str, ports))
        named = ", ".join(one.name for one in groups.resources)
        opened = sorted({str(one.first) if one.first == one.last else f"{one.first}-{one.last}" for one in found})
        instead = f"on {', '.join(opened)}" if opened else "by other protocols"
        yield Problem(
            f"the cache listens on {listened}, and {named} lets clients in only {instead}: none can connect",
            "securityGroupIds",
        )


def _has_rules(graph: Graph, group: Resource) -> bool:
    if group.is_unknown("ingress") or group.items("ingress"):
        return True
    return any(
        rule.type == SECURITY_GROUP_INGRESS_RULE or rule.is_unknown("type") or rule.text("type") == "ingress"
        for rule in graph.users(group, SECURITY_GROUP_INGRESS_RULE, SECURITY_GROUP_RULE, property="securityGroupId")
    )


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    group = aws.ec2.SecurityGroup("sessions", vpc_id=vpc.id)
    aws.vpc.SecurityGroupIngressRule(
        "sessions",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=6379,
        to_port=6379,
        cidr_ipv4="10.0.0.0/16",
        description="Applications",
    )
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        port={port},
        security_group_ids=[group.id],
    )
"""

RULE = Rule(
    name="cache-port-reachable",
    title="Clients can reach the port that a cache listens on",
    description=(
        "A cache on a port of its own, or of another engine, needs a rule for that port: with one for another, clients"
        " wait until their timeout, and nothing says why. Groups without any rule in the stack are left alone."
    ),
    severity=Severity.MEDIUM,
    types=CACHES,
    check=check,
    remediation=(
        "Open the cache's port in the security group (fromPort and toPort) to the applications' group. The cache's own"
        " port is fixed at creation: changing it replaces the cache."
    ),
    arguments=("port", "securityGroupIds"),
    violating=_PROGRAM.format(port=6380),
    compliant=_PROGRAM.format(port=6379),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/wwe-troubleshooting.html",
    tags=("network", "security-groups", "connections"),
    needs_graph=True,
)
