"""Security groups whose rules are written in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CACHES,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

_NEW: Final = {"ingress": SECURITY_GROUP_INGRESS_RULE, "egress": SECURITY_GROUP_EGRESS_RULE}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups of caches whose rules of one direction are written inline and as resources, or as both kinds."""
    graph = scope.graph
    if next(graph.users(subject, *CACHES, property="securityGroupIds"), None) is None:
        return
    for direction, new in _NEW.items():
        ways = []
        if subject.is_set(direction):
            ways.append(f"inline in {subject.name}")
        alone = next(graph.users(subject, new, property="securityGroupId"), None)
        if alone is not None:
            ways.append(f"as the rule {alone.name}")
        old = _old(graph, subject, direction)
        if old is not None:
            ways.append(f"as the rule {old.name} of the older kind" if alone is not None else f"as the rule {old.name}")
        if len(ways) > 1:
            yield Problem(
                f"{direction} rules are written {' and '.join(ways)}: each update undoes what the other one wrote",
                direction,
            )


def _old(graph: Graph, group: Resource, direction: str) -> Resource | None:
    return next(
        (
            rule
            for rule in graph.users(group, SECURITY_GROUP_RULE, property="securityGroupId")
            if rule.is_unknown("type") or rule.text("type") == direction
        ),
        None,
    )


_PROGRAM = """
    group = aws.ec2.SecurityGroup("sessions", vpc_id="vpc-0123456789abcdef0"{more})
    aws.vpc.SecurityGroupIngressRule(
        "app", security_group_id=group.id, ip_protocol="tcp", from_port=6379, to_port=6379, cidr_ipv4="10.0.0.0/16"
    )
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
    )
"""

RULE = Rule(
    name="security-group-rule-style",
    title="Rules of a security group are written in one way",
    description=(
        "Inline rules are the whole list: at each update the provider removes every rule that does not stand there, and"
        " the resources put theirs back at the next. In between the application cannot reach the cache."
    ),
    severity=Severity.MEDIUM,
    types=(SECURITY_GROUP,),
    check=check,
    remediation=(
        "Write every rule as a SecurityGroupIngressRule or SecurityGroupEgressRule, and leave ingress and egress of the"
        " group out. Import the inline rules first: then none of them goes away in between."
    ),
    arguments=("ingress", "egress"),
    violating=_PROGRAM.format(
        more=', ingress=[{"protocol": "tcp", "from_port": 6379, "to_port": 6379, "cidr_blocks": ["10.1.0.0/16"]}]'
    ),
    compliant=_PROGRAM.format(more=""),
    url="https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
    tags=("network", "security-groups"),
    needs_graph=True,
)
