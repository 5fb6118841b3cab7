"""Secrets of caches, encrypted with a key of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import SECRET
from cachewright_policies.topology.encryption_keys import has_customer_key, has_customer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find secrets with AWS's key, in stacks whose caches have a customer's."""
    if not has_customer_key(subject, "kmsKeyId") and has_customer_keys(scope.graph):
        yield Problem(
            "the caches have a customer key, and the secret that opens them is encrypted with AWS's", "kmsKeyId"
        )


_PROGRAM = """
    key = aws.kms.Key("caches", enable_key_rotation=True)
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        kms_key_id=key.arn,
        at_rest_encryption_enabled=True,
    )
    aws.secretsmanager.Secret("sessions-token"{more})
"""

RULE = Rule(
    name="cache-secret-encryption",
    title="Secrets of caches are encrypted with a customer key",
    description=(
        "Whoever reads the token reads the cache. Where the cache has a customer key, the secret should have one, too:"
        " it cannot be read from another account otherwise, and the key's policy decides about both."
    ),
    severity=Severity.LOW,
    types=(SECRET,),
    check=check,
    remediation="Set kmsKeyId of the secret. It is changed online, and new versions are encrypted with the key.",
    arguments=("kmsKeyId",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=", kms_key_id=key.arn"),
    url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    tags=("encryption", "secrets", "kms"),
    needs_graph=True,
    environments=PROD_ONLY,
)
