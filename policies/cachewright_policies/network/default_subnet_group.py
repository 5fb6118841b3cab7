"""Caches in a subnet group of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import NODE_BASED
from cachewright_policies.topology.subnets import subnet_groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find caches that name no subnet group, or the default one."""
    if Cache(subject).is_member:
        return
    if subject.is_unknown("subnetGroupName"):
        if not subnet_groups_of(scope.graph, subject).complete:
            yield Unverified("the subnet group is known only after the update: it may be none", "subnetGroupName")
        return
    name = subject.text("subnetGroupName")
    if not name:
        yield Problem(
            "no subnet group is named: the cache lands in the default VPC's public subnets", "subnetGroupName"
        )
    elif name.lower() == "default":
        yield Problem("the default subnet group holds the default VPC's public subnets", "subnetGroupName")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions", description="Sessions", engine="valkey", node_type="cache.r7g.large", subnet_group_name="{name}"
    )
"""

RULE = Rule(
    name="cache-not-default-subnet-group",
    title="Caches name a subnet group of their own",
    description=(
        "Without a subnet group, or with the one called default, a cache is placed in the default VPC, whose subnets"
        " route to the internet and are shared with everything else."
    ),
    severity=Severity.HIGH,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Make a subnet group of private subnets and name it in subnetGroupName. It is fixed at creation: take a"
        " snapshot, and create the cache anew from it."
    ),
    arguments=("subnetGroupName",),
    violating=_PROGRAM.format(name="default"),
    compliant=_PROGRAM.format(name="caches-private"),
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-7",
    tags=("network", "subnets"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.7",)),
        Framework("CIS AWS Database Services", ("5.5",)),
        Framework(
            "NIST 800-53 r5", ("AC-4", "AC-4(21)", "SC-7", "SC-7(4)", "SC-7(5)", "SC-7(11)", "SC-7(16)", "SC-7(21)")
        ),
    ),
    needs_graph=True,
)
