"""Changes that wait for the maintenance window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import NODE_BASED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find production caches that are changed at any hour."""
    del scope
    if not Cache(subject).is_member and subject.flag("applyImmediately"):
        yield Problem("changes with an interruption happen at once, not in the maintenance window", "applyImmediately")


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Let changes wait for the window."""
    del subject, settings
    properties["applyImmediately"] = False
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        apply_immediately={value},
    )
"""

RULE = Rule(
    name="cache-apply-immediately",
    title="Production caches change in their window",
    description=(
        "With applyImmediately, a new node type or engine version fails the cache over the moment an update runs,"
        " whatever the hour. Without it, such changes wait for the maintenance window."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation="Leave applyImmediately out, and set it for the one update that cannot wait.",
    arguments=("applyImmediately",),
    violating=_PROGRAM.format(value="True"),
    compliant=_PROGRAM.format(value="False"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html",
    tags=("change", "windows"),
    environments=PROD_ONLY,
    remediate=remediate,
)
