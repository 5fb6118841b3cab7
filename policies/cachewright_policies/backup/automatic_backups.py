"""Caches whose data is saved every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import SERIOUS, Environment, Framework, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CACHES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches of which too few daily snapshots are kept."""
    cache = Cache(subject)
    if cache.is_member or cache.is_memcached:
        return
    wanted = scope.settings["minimumDays"]
    days = int(subject.number("snapshotRetentionLimit", 0) or 0)
    if days == 0:
        yield Problem("no automatic snapshot is taken: what the cache holds can only be lost", "snapshotRetentionLimit")
    elif days < wanted:
        yield Problem(f"snapshots are kept for {days} days, and {wanted} are asked for", "snapshotRetentionLimit")


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Keep snapshots for as long as it is asked for."""
    del subject
    properties["snapshotRetentionLimit"] = settings["minimumDays"]
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        num_cache_clusters=2,
        snapshot_retention_limit={days},
    )
"""

RULE = Rule(
    name="cache-automatic-backups",
    title="A snapshot of every cache is taken daily",
    description=(
        "Sessions, queues and counters are data, too. A daily snapshot is what a cache can be restored from after a"
        " wrong command or a lost shard. Memcached has no snapshots."
    ),
    severity=Severity.HIGH,
    types=CACHES,
    check=check,
    remediation=(
        "Set snapshotRetentionLimit to the days that snapshots are to be kept, and snapshotWindow to a quiet hour. It"
        " is changed online; with a replica, the snapshot is taken from it."
    ),
    arguments=("snapshotRetentionLimit",),
    violating=_PROGRAM.format(days=0),
    compliant=_PROGRAM.format(days=7),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html",
    tags=("backup", "snapshots"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.1",)),
        Framework("NIST 800-53 r5", ("CP-10", "CP-6", "CP-6(1)", "CP-6(2)", "CP-9", "SC-5(2)", "SI-12", "SI-13(5)")),
        Framework("HIPAA", ("164.308(a)(7)(i)", "164.308(a)(7)(ii)(A)", "164.308(a)(7)(ii)(B)")),
        Framework("PCI DSS 4.0", ("10.3.3",)),
    ),
    settings=(
        Setting(
            "minimumDays",
            {"type": "integer", "minimum": 1, "maximum": 35, "description": "For how many days snapshots are kept."},
            1,
            {Environment.PROD: 7},
        ),
    ),
    environments=SERIOUS,
    remediate=remediate,
)
