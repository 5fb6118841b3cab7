"""Caches with a security group of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CACHES,
    CLUSTER,
    DEFAULT_SECURITY_GROUP,
    DEFAULT_VPC,
    REPLICATION_GROUP,
    SECURITY_GROUP,
    VPC,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

# A VPC is referred to by its defaultSecurityGroupId.
_GROUPS: Final = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP, VPC, DEFAULT_VPC)


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that fall back on the VPC's default security group, or use EC2-Classic's kind."""
    if Cache(subject).is_member:
        return
    if subject.type in {CLUSTER, REPLICATION_GROUP} and subject.is_set("securityGroupNames"):
        yield Problem("cache security groups belong to EC2-Classic, which is retired", "securityGroupNames")
    if not subject.is_set("securityGroupIds"):
        yield Problem(
            "no security group is named: the VPC's default one applies, which every careless resource shares",
            "securityGroupIds",
        )
    elif any(
        one.type in {DEFAULT_SECURITY_GROUP, VPC, DEFAULT_VPC}
        for one in scope.graph.references(subject, "securityGroupIds", *_GROUPS).resources
    ):
        yield Problem(
            "the VPC's default security group is attached, which every careless resource shares", "securityGroupIds"
        )


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large"{more}
    )
"""

RULE = Rule(
    name="cache-security-group-attached",
    title="Caches name their security groups",
    description=(
        "A cache without a security group gets the VPC's default one: whatever else has that group can reach the cache,"
        " and nobody sees it in the program."
    ),
    severity=Severity.MEDIUM,
    types=CACHES,
    check=check,
    remediation="Make a security group for the cache and name it in securityGroupIds. It is changed online.",
    arguments=("securityGroupIds",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=', security_group_ids=["sg-0123456789abcdef0"]'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
    tags=("network", "security-groups"),
    needs_graph=True,
)
