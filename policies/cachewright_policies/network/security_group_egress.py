"""Security groups of caches that let everything out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CACHES,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_EVERYWHERE: Final = {"0.0.0.0/0", "::/0"}
_EVERY_PROTOCOL: Final = {"-1", "all"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find cache groups with a rule that lets every protocol out to everywhere."""
    graph = scope.graph
    if next(graph.users(subject, *CACHES, property="securityGroupIds"), None) is None:
        return
    for rule in subject.objects("egress"):
        if rule.text("protocol").lower() in _EVERY_PROTOCOL and _everywhere(rule, "cidrBlocks", "ipv6CidrBlocks"):
            yield Problem("every protocol may go out to everywhere; a cache opens no connections", "egress")
    for rule in graph.users(subject, SECURITY_GROUP_EGRESS_RULE, property="securityGroupId"):
        if rule.text("ipProtocol").lower() in _EVERY_PROTOCOL and _everywhere(rule, "cidrIpv4", "cidrIpv6"):
            yield Problem(
                f"{rule.name} lets every protocol out to everywhere; a cache opens no connections", "cidrIpv4", rule
            )
    for rule in graph.users(subject, SECURITY_GROUP_RULE, property="securityGroupId"):
        if (
            rule.text("type") == "egress"
            and rule.text("protocol").lower() in _EVERY_PROTOCOL
            and _everywhere(rule, "cidrBlocks", "ipv6CidrBlocks")
        ):
            yield Problem(
                f"{rule.name} lets every protocol out to everywhere; a cache opens no connections", "cidrBlocks", rule
            )


def _everywhere(rule: Any, *properties: str) -> bool:
    return any(_EVERYWHERE & set(rule.texts(one)) for one in properties)


_PROGRAM = """
    group = aws.ec2.SecurityGroup("sessions", vpc_id="vpc-0123456789abcdef0"{more})
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
    )
"""

RULE = Rule(
    name="cache-security-group-egress",
    title="Security groups of caches let nothing out to everywhere",
    description=(
        "A cache answers, and answers need no rule: security groups are stateful. An egress rule to everywhere is only"
        " of use to whoever attaches the group to something else."
    ),
    severity=Severity.LOW,
    types=(SECURITY_GROUP,),
    check=check,
    remediation="Take the egress rule out. Answers of the cache go on flowing.",
    arguments=("egress",),
    violating=_PROGRAM.format(
        more=', egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]'
    ),
    compliant=_PROGRAM.format(more=""),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    tags=("network", "security-groups"),
    needs_graph=True,
)
