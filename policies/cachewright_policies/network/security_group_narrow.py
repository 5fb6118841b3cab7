"""Security groups of caches that open the ports that clients need, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CACHES
from cachewright_policies.topology.security_groups import groups_of, openings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network, IPv6Network

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find rules that open many ports to reach one."""
    cache = Cache(subject)
    if cache.is_member:
        return
    ports = cache.ports()
    most = scope.settings["maximumPorts"]
    for group in groups_of(scope.graph, subject).resources:
        for opening in openings(scope.graph, group):
            if opening.unknown or not any(map(opening.reaches, ports)) or any(map(_is_public, opening.networks)):
                continue
            if opening.last - opening.first >= most:
                listened = " and ".join(map(str, ports))
                yield Problem(
                    f"{opening.resource.name} opens the ports {opening.first}-{opening.last}, and the cache listens on"
                    f" {listened}",
                    opening.property,
                    opening.resource,
                )


def _is_public(network: IPv4Network | IPv6Network) -> bool:
    # What holds more than private addresses is another rule's to say.
    return not network.is_private or not network.prefixlen


_PROGRAM = """
    vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16")
    group = aws.ec2.SecurityGroup("sessions", vpc_id=vpc.id)
    aws.vpc.SecurityGroupIngressRule(
        "sessions",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port={first},
        to_port={last},
        cidr_ipv4="10.0.0.0/16",
        description="Applications",
    )
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", security_group_ids=[group.id]
    )
"""

RULE = Rule(
    name="cache-security-group-narrow",
    title="Security groups of caches open the ports that clients need",
    description=(
        "A cache listens on one port, or on two. A rule that opens a thousand is harmless only until something else"
        " gets the same security group."
    ),
    severity=Severity.LOW,
    types=CACHES,
    check=check,
    remediation=(
        "Give the rule the cache's port as fromPort and toPort. Rules change at once; the cache keeps running."
    ),
    arguments=("securityGroupIds",),
    violating=_PROGRAM.format(first=0, last=65535),
    compliant=_PROGRAM.format(first=6379, last=6379),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
    tags=("network", "security-groups", "least-privilege"),
    frameworks=(Framework("NIST 800-53 r5", ("AC-6", "SC-7")),),
    settings=(
        Setting(
            "maximumPorts",
            {"type": "integer", "minimum": 1, "maximum": 65536, "description": "How many ports a rule may open."},
            100,
        ),
    ),
    needs_graph=True,
)
