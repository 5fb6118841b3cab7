"""What the caches of a stack cost in a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import node_types
from cachewright_policies.cache import VALKEY, Cache
from cachewright_policies.rule import Environment, Problem, Rule, Setting, Severity, Unverified
from cachewright_policies.tokens import NODE_BASED
from cachewright_policies.topology.nodes import has_shape, shape
from cachewright_policies.values import UnknownValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_HOURS: Final = 730


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find, at its dearest cache, a stack whose nodes cost more than its environment may."""
    graph = scope.graph
    prices = graph.remember(("monthly cost",), lambda: {one.urn: _price(one) for one in graph.of_type(*NODE_BASED)})
    total, most = sum(prices.values()), scope.settings["maximumDollars"]
    if _is_priced_later(subject):
        yield Unverified("what the cache costs is known only after the update, and is not in the sum", "nodeType")
    if total > most and subject.urn == max(prices, key=lambda urn: prices[urn]):
        yield Problem(
            f"the nodes of this stack cost about {total:,.0f} dollars a month, more than the {most:,.0f} of"
            f" {scope.environment}; {subject.name} alone costs {prices[subject.urn]:,.0f}",
            "nodeType",
        )


def _is_priced_later(cache: Resource) -> bool:
    one = Cache(cache)
    if one.is_member or not has_shape(cache):
        return False
    try:
        cache.text("nodeType")
        shape(cache)
    except UnknownValueError:
        return True
    return one.resource.is_unknown("engine")


def _price(cache: Resource) -> float:
    """Return what a cache costs in a month; nothing where that is not known: other rules ask for what it lacks."""
    one = Cache(cache)
    try:
        known = node_types.find(cache.text("nodeType"))
        if known is None or one.is_member or not has_shape(cache):
            return 0.0
        hourly = known.valkey_usd_per_hour if one.engine == VALKEY else known.redis_usd_per_hour
        return (hourly or 0.0) * shape(cache).total * _HOURS
    except UnknownValueError:
        return 0.0


RULE = Rule(
    name="cost-monthly-budget",
    title="A stack stays within its monthly budget",
    description=(
        "Nodes are paid for by the hour, whether used or not. The sum over all nodes of the stack, by AWS's"
        " list price on demand in us-east-1, tells what an update will cost before it does; serverless use,"
        " backups, traffic and reserved nodes are not in it."
    ),
    severity=Severity.MEDIUM,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Choose a smaller nodeType, fewer shards or fewer replicas for the dearest cache, or raise"
        " maximumDollars in the configuration. A replication group scales in online; a Memcached cluster with"
        " another nodeType is made anew and empty."
    ),
    arguments=("nodeType", "numNodeGroups", "replicasPerNodeGroup", "numCacheClusters", "numCacheNodes"),
    url="https://aws.amazon.com/elasticache/pricing/",
    tags=("nodes", "cost"),
    needs_graph=True,
    settings=(
        Setting(
            "maximumDollars",
            {"type": "number", "minimum": 0, "description": "The most that the nodes of a stack cost in a month."},
            20000,
            {Environment.DEV: 1000, Environment.STAGING: 5000},
        ),
    ),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis",
    node_type="cache.r7g.8xlarge", num_node_groups=6, replicas_per_node_group=2)
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis",
    node_type="cache.r7g.large", num_node_groups=6, replicas_per_node_group=2)
""",
)
