"""Caches encrypted with a customer's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import GLOBAL_REPLICATION_GROUP, KMS_KEY, REPLICATION_GROUP, SERVERLESS_CACHE
from cachewright_policies.topology.encryption_keys import has_customer_key, has_customer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that are encrypted with AWS's key, or with one that is not approved."""
    if not has_customer_key(subject, "kmsKeyId"):
        if Cache(subject).is_secondary:
            # A key works within its region, so a secondary inherits none: it has the one made for it, or AWS's.
            yield from _of_secondary(subject, scope)
            return
        if not scope.settings["required"] and not has_customer_keys(scope.graph):
            return
        yield Problem("the cache is encrypted with AWS's key: nobody here can withdraw it, or see its use", "kmsKeyId")
        return
    approved = scope.settings["approvedKeys"]
    if approved and subject.text("kmsKeyId") not in approved:
        yield Problem("the key is not among the approved ones", "kmsKeyId")


def _of_secondary(subject: Resource, scope: Scope) -> Iterator[Problem]:
    for key in scope.graph.of_type(KMS_KEY):
        if subject.region is not None and key.region == subject.region and _encrypts_elsewhere(subject, scope):
            yield Problem(
                "the secondary is encrypted with AWS's key, though the primary has a customer's, and"
                f" {key.name} is there in {key.region}",
                "kmsKeyId",
            )
            return


def _encrypts_elsewhere(subject: Resource, scope: Scope) -> bool:
    graph = scope.graph
    return any(
        has_customer_key(primary, "kmsKeyId")
        for store in graph.references(subject, "globalReplicationGroupId", GLOBAL_REPLICATION_GROUP).resources
        for primary in graph.references(store, "primaryReplicationGroupId", REPLICATION_GROUP).resources
        if primary.region != subject.region
    )


_PROGRAM = """
    key = aws.kms.Key("caches", enable_key_rotation=True)
    aws.cloudwatch.LogGroup("sessions", kms_key_id=key.arn)
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        at_rest_encryption_enabled=True,
        {more}
    )
"""

RULE = Rule(
    name="cache-customer-key",
    title="Caches are encrypted with a customer key",
    description=(
        "With a customer managed key, one sees in CloudTrail who used it, and can end all access by disabling it. AWS's"
        " own key gives neither. A stack that encrypts anything around its caches with such a key does so with all."
    ),
    severity=Severity.LOW,
    types=(REPLICATION_GROUP, SERVERLESS_CACHE),
    check=check,
    remediation=(
        "Set kmsKeyId. It is fixed at creation: take a snapshot, and create the cache anew from it with the key."
    ),
    arguments=("kmsKeyId",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more="kms_key_id=key.arn,"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
    tags=("encryption", "kms"),
    frameworks=(Framework("NIST 800-53 r5", ("SC-12",)),),
    settings=(
        Setting(
            "required",
            {"type": "boolean", "description": "Whether every cache needs one, in stacks without any such key, too."},
            False,
        ),
        Setting(
            "approvedKeys",
            {"type": "array", "items": {"type": "string"}, "description": "The ARNs of approved keys; empty for any."},
            [],
        ),
    ),
    needs_graph=True,
    environments=PROD_ONLY,
)
