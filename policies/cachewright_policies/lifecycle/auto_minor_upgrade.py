"""Minor versions that come by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cachewright_policies.cache import Cache
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, NODE_BASED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches whose minor upgrades are switched off."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_memcached:
        return
    if not subject.flag("autoMinorVersionUpgrade", default=True):
        yield Problem("minor versions, which mend security holes, are not taken", "autoMinorVersionUpgrade")


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Switch minor upgrades on; a cluster takes the word, a replication group the truth value."""
    del settings
    properties["autoMinorVersionUpgrade"] = "true" if subject.type == CLUSTER else True
    return True


_PROGRAM = """
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        auto_minor_version_upgrade={value},
    )
"""

RULE = Rule(
    name="cache-auto-minor-upgrade",
    title="Minor engine versions are taken by themselves",
    description=(
        "Minor versions mend security holes and defects. ElastiCache takes them in the maintenance window unless that"
        " is switched off; with replicas, a failover is all that clients see."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation="Leave autoMinorVersionUpgrade out, or set it to true. It is changed online.",
    arguments=("autoMinorVersionUpgrade",),
    violating=_PROGRAM.format(value="False"),
    compliant=_PROGRAM.format(value="True"),
    url="https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-2",
    tags=("lifecycle", "engine"),
    frameworks=(
        Framework("AWS FSBP", ("ElastiCache.2",)),
        Framework("CIS AWS Database Services", ("5.4",)),
        Framework("NIST 800-53 r5", ("SI-2", "SI-2(2)", "SI-2(4)", "SI-2(5)")),
        Framework("PCI DSS 4.0", ("6.3.3",)),
    ),
    remediate=remediate,
)
