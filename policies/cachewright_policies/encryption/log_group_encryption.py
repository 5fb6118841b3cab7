"""Logs of caches, encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, LOG_GROUP, REPLICATION_GROUP
from cachewright_policies.topology.encryption_keys import has_customer_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find log groups of caches that have no key of their own."""
    used = scope.graph.users(subject, REPLICATION_GROUP, CLUSTER, property="logDeliveryConfigurations")
    if subject.is_set("kmsKeyId") or not has_customer_keys(scope.graph):
        return
    if next(used, None) is not None:
        yield Problem("slow logs hold the keys and arguments of commands, and are encrypted with AWS's key", "kmsKeyId")


_PROGRAM = """
    key = aws.kms.Key("caches", enable_key_rotation=True)
    logs = aws.cloudwatch.LogGroup("sessions", name="/elasticache/sessions", retention_in_days=30{more})
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        kms_key_id=key.arn,
        at_rest_encryption_enabled=True,
        log_delivery_configurations=[
            {{
                "destination": logs.name,
                "destination_type": "cloudwatch-logs",
                "log_format": "json",
                "log_type": "slow-log",
            }}
        ],
    )
"""

RULE = Rule(
    name="cache-log-encryption",
    title="Logs of caches are encrypted with a customer key",
    description=(
        "The slow log holds whole commands: keys, and values that were written. Where the cache has a customer key, its"
        " logs should have one, too."
    ),
    severity=Severity.LOW,
    types=(LOG_GROUP,),
    check=check,
    remediation="Set kmsKeyId of the log group to a key that CloudWatch Logs may use. It is changed online.",
    arguments=("kmsKeyId",),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=", kms_key_id=key.arn"),
    url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    tags=("encryption", "logs", "kms"),
    needs_graph=True,
    environments=PROD_ONLY,
)
