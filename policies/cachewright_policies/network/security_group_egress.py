"""Security groups of caches that let everything out."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import collapse_addresses, ip_network
from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import (
    CACHES,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_RULE,
)
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.values import View

_INLINE: Final = ("cidrBlocks", "ipv6CidrBlocks")
_EVERY_PROTOCOL: Final = {"-1", "all"}
_HIGHEST_PORT: Final = 65535


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find cache groups with a rule that lets every protocol, or every port, out to everywhere."""
    graph = scope.graph
    if next(graph.users(subject, *CACHES, property="securityGroupIds"), None) is None:
        return
    for rule in subject.objects("egress"):
        if _is_open(rule, "protocol", *_INLINE):
            yield Problem("every protocol may go out to everywhere; a cache opens no connections", "egress")
    alone = [
        (rule, "ipProtocol", "cidrIpv4", "cidrIpv6")
        for rule in graph.users(subject, SECURITY_GROUP_EGRESS_RULE, property="securityGroupId")
    ]
    alone += [
        (rule, "protocol", *_INLINE)
        for rule in graph.users(subject, SECURITY_GROUP_RULE, property="securityGroupId")
        if not rule.is_unknown("type") and rule.text("type") == "egress"
    ]
    for rule, protocol, *networks in alone:
        try:
            is_open = _is_open(rule, protocol, *networks)
        except UnknownValueError as error:
            yield Unverified(f"{error.property} of {rule.name} is known only after the update", "egress")
            continue
        if is_open:
            yield Problem(
                f"{rule.name} lets every protocol out to everywhere; a cache opens no connections", networks[0], rule
            )


def _is_open(rule: View, protocol: str, *networks: str) -> bool:
    """Tell whether a rule lets every protocol out to everywhere, in one network or in both halves of the world."""
    if rule.text(protocol).lower() not in _EVERY_PROTOCOL and not _is_every_port(rule):
        return False
    given = [text for one in networks for text in rule.texts(one)]
    return any(
        network.prefixlen == 0
        for version in (4, 6)
        for network in collapse_addresses(one for one in _parsed(given) if one.version == version)  # type: ignore[type-var]
    )


def _is_every_port(rule: View) -> bool:
    return rule.number("fromPort", 1) in {0, 1} and rule.number("toPort") == _HIGHEST_PORT


def _parsed(texts: list[str]) -> Iterator[IPv4Network | IPv6Network]:
    for text in texts:
        with suppress(ValueError):
            yield ip_network(text, strict=False)


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
