"""Production caches that an update cannot delete by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CACHES, GLOBAL_REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches with data that Pulumi may delete."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_memcached or subject.protect or subject.retain_on_delete:
        return
    yield Problem("Pulumi may delete or replace the cache: ElastiCache has no deletion protection of its own")


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        opts=pulumi.ResourceOptions(protect={value}),
    )
"""

RULE = Rule(
    name="cache-protection",
    title="Production caches are protected from deletion",
    description=(
        "ElastiCache has no deletion protection. Pulumi's protect option is the only guard between a renamed resource"
        " and an empty cache. Off by default: switch it on where nobody deletes caches by design."
    ),
    severity=Severity.MEDIUM,
    types=(*CACHES, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation="Give the resource the option protect=True. It changes nothing at AWS.",
    arguments=(),
    violating=_PROGRAM.format(value="False"),
    compliant=_PROGRAM.format(value="True"),
    url="https://www.pulumi.com/docs/iac/concepts/options/protect/",
    tags=("change", "data-loss"),
    environments=PROD_ONLY,
    enabled=False,
)
