"""At-rest encryption of replication groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import VALKEY, Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find replication groups whose disks and snapshots are not encrypted."""
    del scope
    cache = Cache(subject)
    if cache.is_secondary:
        return
    given = subject.is_set("atRestEncryptionEnabled")
    if not (subject.flag("atRestEncryptionEnabled") if given else cache.engine == VALKEY):
        yield Problem(
            "at-rest encryption is off: swap, snapshots and backups hold the data in clear text",
            "atRestEncryptionEnabled",
        )


RULE = Rule(
    name="cache-at-rest-encryption",
    title="Replication groups are encrypted at rest",
    description=(
        "Data reaches a disk while a replica synchronises, while the node swaps and in every backup. Redis OSS"
        " replication groups are not encrypted unless it is asked for; Valkey's are. A secondary of a global datastore"
        " inherits the primary's setting."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP,),
    check=check,
    remediation=(
        "Set atRestEncryptionEnabled to true. It is fixed at creation: take a snapshot, and create the encrypted group"
        " from it with snapshotName."
    ),
    arguments=("atRestEncryptionEnabled",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
    tags=("encryption", "at-rest"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.4",)),
        Framework("CIS AWS Database Services", ("5.3",)),
        Framework(
            "NIST 800-53 r5",
            ("CA-9(1)", "CM-3(6)", "SC-13", "SC-28", "SC-28(1)", "SC-7(10)", "SI-7(6)"),
        ),
        Framework("PCI DSS 4.0", ("3.5.1",)),
    ),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", at_rest_encryption_enabled=False)
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", at_rest_encryption_enabled=True)
""",
)
