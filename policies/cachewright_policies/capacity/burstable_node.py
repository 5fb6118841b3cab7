"""A node on credits slows down when it is needed most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright.catalog import node_types
from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Severity
from cachewright_policies.tokens import CLUSTER, GLOBAL_REPLICATION_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find nodes whose processor runs on credits."""
    del scope
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    property = "cacheNodeType" if subject.type == GLOBAL_REPLICATION_GROUP else "nodeType"
    name = subject.text(property)
    known = node_types.find(name)
    if (known is not None and known.burstable) or name.startswith("cache.t"):
        yield Problem(
            f"{name} is burstable: once its credits are used up it answers at a fraction of its speed", property
        )


RULE = Rule(
    name="node-burstable-in-prod",
    title="Production runs on nodes without CPU credits",
    description=(
        "The t family earns CPU credits while idle and spends them under load. When they are used up the"
        " processor is throttled to its baseline, in the very hour of the peak, and latency rises for every"
        " client."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER, GLOBAL_REPLICATION_GROUP),
    check=check,
    remediation=(
        "Set nodeType to a memory-optimised or general one, such as cache.r7g.large or cache.m7g.large. A"
        " replication group scales online, with a short failover for each shard; a Memcached cluster is made"
        " anew and empty."
    ),
    arguments=("nodeType", "cacheNodeType"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    tags=("nodes", "performance"),
    environments=PROD_ONLY,
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.t4g.medium")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r7g.large")
""",
)
