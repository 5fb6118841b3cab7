"""Caches that ask who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog.limits import limit
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import REPLICATION_GROUP, SERVERLESS_CACHE, USER_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find caches that need neither a user nor a token."""
    cache = Cache(subject)
    if subject.type == SERVERLESS_CACHE:
        if not subject.is_set("userGroupId") and not cache.is_memcached:
            yield Problem("no user group is set: whoever reaches the cache may do everything", "userGroupId")
        elif subject.is_unknown("userGroupId"):
            yield from _not_known(subject, "userGroupId", scope)
        return
    if cache.is_secondary or any(subject.is_set(one) for one in ("authToken", "authTokenWo")):
        return
    if not subject.is_set("userGroupIds"):
        yield Problem(
            "neither a user group nor a token is set: whoever reaches the cache may do everything", "userGroupIds"
        )
    elif subject.is_unknown("userGroupIds"):
        yield from _not_known(subject, "userGroupIds", scope)
    elif len(subject.items("userGroupIds")) > limit("user_groups_per_cache"):
        yield Problem("AWS takes one user group for a cache, and several are named: the update fails", "userGroupIds")


def _not_known(subject: Resource, property: str, scope: Scope) -> Iterator[Unverified]:
    """Tell of a value that may turn out to be none; one that comes from a user group of the stack does not."""
    if not scope.graph.references(subject, property, USER_GROUP).complete:
        yield Unverified(f"{property} is known only after the update: whether it names a user group", property)


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        transit_encryption_enabled=True,
        {more}
    )
"""

RULE = Rule(
    name="cache-authentication",
    title="Caches authenticate their clients",
    description=(
        "A cache without users and without a token obeys everybody who can open a connection, FLUSHALL included. Users"
        " (RBAC) tell clients apart and limit each; a token is one password for all."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP, SERVERLESS_CACHE),
    check=check,
    remediation=(
        "Make a user group and name it in userGroupIds (userGroupId of a serverless cache), with"
        " transitEncryptionEnabled. A cache moves from no authentication to a token or a user group online; clients"
        " that do not authenticate are refused from then on, so change them first."
    ),
    arguments=("userGroupIds", "userGroupId"),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more='user_group_ids=["sessions-users"],'),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html",
    tags=("authentication", "rbac"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.6",)),
        Framework("CIS AWS Database Services", ("5.8",)),
        Framework("NIST 800-53 r5", ("AC-2(1)", "AC-3", "AC-3(7)", "AC-3(15)", "AC-6")),
        Framework("PCI DSS 4.0", ("8.3.1",)),
    ),
    needs_graph=True,
)
