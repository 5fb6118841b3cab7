"""The transit encryption mode `preferred` is a step on the way, not a state to stay in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find groups that still accept clear text beside TLS."""
    del scope
    if not Cache(subject).is_secondary and subject.text("transitEncryptionMode").lower() == "preferred":
        yield Problem(
            "transitEncryptionMode is preferred: clients without TLS are still accepted", "transitEncryptionMode"
        )


RULE = Rule(
    name="cache-transit-mode-required",
    title="TLS is required, not only preferred",
    description=(
        "With `preferred` a cache accepts TLS and clear text side by side, so that clients can move. As long as it"
        " stays so, one misconfigured client sends its data and its password in clear text, and nobody notices."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation="Once every client speaks TLS, set transitEncryptionMode to `required`.",
    arguments=("transitEncryptionMode",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html",
    tags=("encryption", "tls"),
    violating="""\
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="valkey",
    transit_encryption_enabled=True,
    transit_encryption_mode="preferred",
)
""",
    compliant="""\
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="valkey",
    transit_encryption_enabled=True,
    transit_encryption_mode="required",
)
""",
)
