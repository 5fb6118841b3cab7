"""Cache ports that the internet, or a great part of it, can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import CACHES
from cachewright_policies.topology.security_groups import groups_of, open_networks, openings, sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope
    from cachewright_policies.topology.security_groups import Opening

# A cache has no public address. A public network that its clients are known by is an office's or a company's own;
# one of more addresses than this prefix length gives is a provider's, with everybody in it.
_WIDEST: Final = {4: 20, 6: 32}


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find security groups that let public networks reach a cache's ports."""
    cache = Cache(subject)
    if cache.is_member:
        return
    groups = groups_of(scope.graph, subject)
    ports = cache.ports()
    found = [one for group in groups.resources for one in openings(scope.graph, group)]
    for port in ports:
        for network, opening in open_networks(found, port):
            if _is_wide(network):
                yield Problem(
                    f"port {port} is open to {_named(network)}: {opening.resource.name} lets it in",
                    opening.property,
                    opening.resource,
                )
    for group in groups.resources:
        for source in sources(scope.graph, group):
            reached = [port for port in ports if _world(list(openings(scope.graph, source)), port)]
            if reached:
                yield Problem(
                    f"{group.name} lets {source.name} in, which itself is open to the internet on port {reached[0]}",
                    "ingress",
                    source,
                )
    for opening in found:
        if opening.unknown and any(map(opening.reaches, ports)):
            yield Unverified(
                f"whom {opening.resource.name} lets in is known only after the update ({opening.unknown})",
                "securityGroupIds",
            )
    for one in {name for opening in found if any(map(opening.reaches, ports)) for name in opening.prefix_lists}:
        yield Unverified(f"the prefix list {one} is not in this stack: its networks are not known", "securityGroupIds")
    if groups.literals:
        named = ", ".join(groups.literals)
        yield Unverified(
            f"the security groups {named} are not in this stack: their rules are not known", "securityGroupIds"
        )
    if not groups.complete:
        yield Unverified(
            "the security groups come from outside this stack: their rules are not known", "securityGroupIds"
        )


def _is_wide(network: IPv4Network | IPv6Network) -> bool:
    return not (network.is_private and network.prefixlen) and network.prefixlen < _WIDEST[network.version]


def _world(found: list[Opening], port: int) -> bool:
    return any(network.prefixlen == 0 for network, _ in open_networks(found, port))


def _named(network: IPv4Network | IPv6Network) -> str:
    return f"the whole internet ({network})" if network.prefixlen == 0 else f"the public network {network}"


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    group = aws.ec2.SecurityGroup("sessions", vpc_id=vpc.id)
    aws.vpc.SecurityGroupIngressRule(
        "sessions", security_group_id=group.id, ip_protocol="tcp", from_port=6379, to_port=6379, cidr_ipv4="{network}"
    )
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
    )
"""

RULE = Rule(
    name="cache-port-exposure",
    title="The internet cannot reach a cache's ports",
    description=(
        "Any rule of any security group attached to a cache counts: inline or a resource of its own, prefix lists,"
        " both halves of the world, IPv6, port ranges, every protocol, and groups let in that are open themselves. An"
        " open port is found by scanners within minutes."
    ),
    severity=Severity.CRITICAL,
    types=CACHES,
    check=check,
    remediation=(
        "Let in the security group of the application (referencedSecurityGroupId) instead of a network. Security group"
        " rules change at once, and connections that are open may stay: the cache keeps running."
    ),
    arguments=("securityGroupIds",),
    violating=_PROGRAM.format(network="0.0.0.0/0"),
    compliant=_PROGRAM.format(network="10.0.0.0/16"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
    tags=("network", "security-groups", "exposure"),
    frameworks=(Framework("PCI DSS 4.0", ("1.3.1", "1.4.2")), Framework("AWS FSBP", ("EC2.18",))),
    needs_graph=True,
)
