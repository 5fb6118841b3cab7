"""No cache is larger than its environment needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import node_types
from cachewright_policies.cache import Cache
from cachewright_policies.rule import Environment, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import NODE_BASED
from cachewright_policies.topology.nodes import has_shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_SIZES: Final = (
    "micro",
    "small",
    "medium",
    "large",
    "xlarge",
    "2xlarge",
    "4xlarge",
    "8xlarge",
    "12xlarge",
    "16xlarge",
    "24xlarge",
)


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches with more or larger nodes than their environment may have."""
    cache = Cache(subject)
    if cache.is_member or not has_shape(subject):
        return
    most = scope.settings["maximumNodes"]
    total = shape(subject).total
    if total > most:
        yield Problem(
            f"{total} nodes are more than the {most} that a cache of {scope.environment} may have", _property(subject)
        )
    largest = scope.settings["largestSize"]
    known = node_types.find(subject.text("nodeType"))
    if known is None:
        return
    if _SIZES.index(known.size) > _SIZES.index(largest):
        yield Problem(f"{known.name} is larger than {largest}, the cap of {scope.environment}", "nodeType")
    if known.family in scope.settings["forbiddenFamilies"]:
        yield Problem(f"{known.name} is of the family {known.family}, which is not allowed", "nodeType")


def _property(cache: Resource) -> str:
    names = ("numNodeGroups", "numCacheClusters", "numCacheNodes", "nodeGroupConfigurations")
    return next((name for name in names if cache.is_set(name)), "")


RULE = Rule(
    name="cost-node-cap",
    title="Caches stay within their environment's cap",
    description=(
        "A cache costs its shards times the nodes of each shard times the price of a node, by the hour, used"
        " or not. A cap for each environment keeps a slip of the finger, and a copy of production in"
        " development, off the bill."
    ),
    severity=Severity.MEDIUM,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Choose a smaller nodeType, fewer shards or fewer replicas, or raise the cap in the configuration. A"
        " replication group scales in online; a Memcached cluster with another nodeType is made anew and"
        " empty."
    ),
    arguments=("nodeType", "numNodeGroups", "replicasPerNodeGroup", "numCacheClusters", "numCacheNodes"),
    url="https://aws.amazon.com/elasticache/pricing/",
    tags=("nodes", "cost"),
    settings=(
        Setting(
            "maximumNodes",
            {"type": "integer", "minimum": 1, "description": "The most nodes of one cache."},
            60,
            {Environment.DEV: 12, Environment.STAGING: 30},
        ),
        Setting(
            "largestSize",
            {"type": "string", "enum": list(_SIZES), "description": "The largest node of one cache."},
            "8xlarge",
            {Environment.DEV: "large", Environment.STAGING: "2xlarge"},
        ),
        Setting(
            "forbiddenFamilies",
            {"type": "array", "items": {"type": "string"}, "description": "Node families that no cache may have."},
            [],
        ),
    ),
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r7g.16xlarge")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", node_type="cache.r7g.large")
""",
)
