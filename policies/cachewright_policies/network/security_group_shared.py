"""Security groups of one kind of cache each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import MEMCACHED, Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, SECURITY_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups that Memcached shares with Redis OSS or Valkey."""
    users = list(scope.graph.users(subject, *CACHES, property="securityGroupIds"))
    kinds = {Cache(one).engine == MEMCACHED: one.name for one in users if not Cache(one).is_member}
    if len(kinds) == 2:
        yield Problem(
            f"{kinds[True]} and {kinds[False]} share the group: who may reach one cache may reach the other, and its"
            " rules open the ports of both",
            "ingress",
        )


_PROGRAM = """
    sessions = aws.ec2.SecurityGroup("sessions", vpc_id="vpc-0123456789abcdef0")
    pages = aws.ec2.SecurityGroup("pages", vpc_id="vpc-0123456789abcdef0")
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        security_group_ids=[sessions.id],
    )
    aws.elasticache.Cluster(
        "pages",
        engine="memcached",
        node_type="cache.r7g.large",
        num_cache_nodes=2,
        security_group_ids=[{group}.id],
    )
"""

RULE = Rule(
    name="cache-security-group-shared",
    title="Each kind of cache has a security group of its own",
    description=(
        "Memcached and Redis OSS or Valkey have other clients and other ports. In one group each gets the other's"
        " rules. Small stacks share one by design, so the rule is off unless it is asked for."
    ),
    severity=Severity.LOW,
    types=(SECURITY_GROUP,),
    check=check,
    remediation=(
        "Make a group for each and name it in securityGroupIds. It is changed online; connections that are open stay."
    ),
    arguments=("securityGroupIds",),
    violating=_PROGRAM.format(group="sessions"),
    compliant=_PROGRAM.format(group="pages"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html",
    tags=("network", "security-groups"),
    needs_graph=True,
    enabled=False,
)
