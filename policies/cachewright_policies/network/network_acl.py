"""Network ACLs of caches' subnets that keep the internet out."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import NETWORK_ACL, NETWORK_ACL_ASSOCIATION, NETWORK_ACL_RULE, SUBNET
from cachewright_policies.topology.vpcs import cache_subnets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.values import View

_PORTS: Final = (6379, 11211)
_EVERY_PROTOCOL: Final = {"-1", "all"}
_TCP: Final = {"tcp", "6"}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find ACLs of caches' subnets that let every address reach a cache's port."""
    graph = scope.graph
    inside = {one.urn for one in graph.references(subject, "subnetIds", SUBNET).resources}
    for association in graph.users(subject, NETWORK_ACL_ASSOCIATION, property="networkAclId"):
        inside.update(one.urn for one in graph.references(association, "subnetId", SUBNET).resources)
    if inside.isdisjoint(cache_subnets(graph)):
        return
    entries = sorted(_entries(graph, subject), key=lambda one: one[0])
    for port in _PORTS:
        for _, allows, rule in entries:
            if _covers(rule, port):
                if allows:
                    yield Problem(f"the ACL lets the whole internet send to port {port} of the subnets", "ingress")
                break


def _entries(graph: Graph, acl: Resource) -> Iterator[tuple[float, bool, View]]:
    """Yield number, whether it allows, and the rule of everything inbound."""
    for rule in acl.objects("ingress"):
        yield rule.number("ruleNo", 0) or 0, rule.text("action").lower() == "allow", rule
    for alone in graph.users(acl, NETWORK_ACL_RULE, property="networkAclId"):
        if not alone.flag("egress"):
            yield alone.number("ruleNumber", 0) or 0, alone.text("ruleAction").lower() == "allow", alone


def _covers(rule: View, port: int) -> bool:
    if not any(_is_everything(rule.get(one)) for one in ("cidrBlock", "ipv6CidrBlock")):
        return False
    protocol = rule.text("protocol").lower()
    if protocol in _EVERY_PROTOCOL:
        return True
    return protocol in _TCP and (rule.number("fromPort") or 0) <= port <= (rule.number("toPort") or 0)


def _is_everything(block: Any) -> bool:
    try:
        return block is not None and ip_network(str(block), strict=False).prefixlen == 0
    except ValueError:
        return False


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
    aws.elasticache.SubnetGroup("caches", subnet_ids=[subnet.id])
    acl = aws.ec2.NetworkAcl("caches", vpc_id=vpc.id, subnet_ids=[subnet.id])
    aws.ec2.NetworkAclRule(
        "in",
        network_acl_id=acl.id,
        rule_number=100,
        rule_action="allow",
        protocol="tcp",
        from_port=6379,
        to_port=6379,
        cidr_block="{network}",
    )
"""

RULE = Rule(
    name="cache-network-acl",
    title="Network ACLs of caches keep the internet out",
    description=(
        "An ACL of a cache's subnets is the second wall behind the security groups. One that admits answers to the"
        " subnets' own connections has to open high ports, a cache's among them, so the rule is off unless it is asked"
        " for."
    ),
    severity=Severity.LOW,
    types=(NETWORK_ACL,),
    check=check,
    remediation=(
        "Let in the networks of the clients, and deny the caches' ports to all others in a rule of a lower number. ACLs"
        " change at once, for open connections, too."
    ),
    arguments=("ingress",),
    violating=_PROGRAM.format(network="0.0.0.0/0"),
    compliant=_PROGRAM.format(network="10.0.0.0/16"),
    url="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    tags=("network",),
    needs_graph=True,
    enabled=False,
)
