"""In-transit encryption of node-based caches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import features
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches that speak to their clients in clear text, of those that could do otherwise."""
    del scope
    cache = Cache(subject)
    if cache.is_secondary or cache.is_member:
        return
    if subject.type == CLUSTER and not cache.is_memcached:
        yield Problem(
            f"a single {cache.engine} cluster has no in-transit encryption: passwords and data cross the network in"
            " clear text",
            "engine",
        )
        return
    version = subject.text("engineVersion")
    if cache.is_memcached and version and not features.supports(cache.engine, version, "tls"):
        yield Problem(
            f"Memcached {version} has no in-transit encryption: data crosses the network in clear text",
            "engineVersion",
        )
        return
    if not subject.flag("transitEncryptionEnabled"):
        yield Problem(
            "in-transit encryption is off: passwords and data cross the network in clear text",
            "transitEncryptionEnabled",
        )


RULE = Rule(
    name="cache-transit-encryption",
    title="Caches speak TLS",
    description=(
        "Without TLS everybody on the path reads and changes what clients and nodes say, AUTH tokens included, and"
        " neither AUTH nor user groups can be used. Memcached has it from 1.6.12; a single Redis OSS cluster outside a"
        " replication group has none."
    ),
    severity=Severity.HIGH,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation=(
        "Set transitEncryptionEnabled to true. With Redis OSS 7 or Valkey go through transitEncryptionMode `preferred`,"
        " move the clients to TLS, then set `required`; an older group, and a Memcached cluster, is made anew. A single"
        " Redis OSS cluster becomes a replication group."
    ),
    arguments=("transitEncryptionEnabled",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
    tags=("encryption", "tls"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.5",)),
        Framework("CIS AWS Database Services", ("5.3",)),
        Framework(
            "NIST 800-53 r5",
            ("AC-17(2)", "AC-4", "IA-5(1)", "SC-12(3)", "SC-13", "SC-23", "SC-23(3)", "SC-7(4)", "SC-8", "SC-8(1)"),
        ),
        Framework("PCI DSS 4.0.1", ("4.2.1",)),
        Framework("ISO 27001", ("A.8.24",)),
    ),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", transit_encryption_enabled=False)
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", transit_encryption_enabled=True)
""",
)
