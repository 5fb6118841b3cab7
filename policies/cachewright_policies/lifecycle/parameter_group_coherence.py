"""Parameter groups that fit the caches that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.engines import find, version_of
from cachewright_policies.rule import Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import NODE_BASED, PARAMETER_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find parameter groups of another family, and ones that disagree with their cache about cluster mode."""
    cache = Cache(subject)
    if cache.is_member or cache.is_secondary:
        return
    sharded = subject.type == REPLICATION_GROUP and _is_sharded(subject)
    engine, version = version_of(subject)
    known = find(engine, version)
    named = scope.graph.references(subject, "parameterGroupName", PARAMETER_GROUP)
    if not named.complete:
        yield Unverified("the parameter group is known only after the update: whether it fits", "parameterGroupName")
    for name in named.literals:
        if sharded and name.startswith("default.") and not name.endswith(".cluster.on"):
            yield Problem(f"{name} keeps cluster mode off, and the cache has shards", "parameterGroupName")
    for group in named.resources:
        family = group.text("family")
        if known is not None and family and family != known.family:
            yield Problem(
                f"{group.name} is of the family {family}, and {engine} {version} needs {known.family}",
                "parameterGroupName",
            )
        enabled = any(
            one.text("name") == "cluster-enabled" and one.text("value").lower() == "yes"
            for one in group.objects("parameters")
        )
        if sharded and not enabled:
            yield Problem(f"{group.name} does not set cluster-enabled, and the cache has shards", "parameterGroupName")
        elif enabled and (contradiction := _unsharded(subject)):
            yield Problem(f"{group.name} sets cluster-enabled, and the cache has {contradiction}", "parameterGroupName")
    if subject.type == REPLICATION_GROUP and subject.text("clusterMode").lower() == "disabled" and _has_shards(subject):
        yield Problem("the cache has several shards, which it cannot have with clusterMode disabled", "clusterMode")


def _is_sharded(subject: Resource) -> bool:
    if subject.text("clusterMode").lower() in {"enabled", "compatible"}:
        return True
    return subject.text("clusterMode").lower() != "disabled" and _has_shards(subject)


def _has_shards(subject: Resource) -> bool:
    return (subject.number("numNodeGroups") or 0) > 1 or len(subject.items("nodeGroupConfigurations")) > 1


def _unsharded(subject: Resource) -> str:
    """Return what of a cache is for cluster mode disabled; nothing where it leaves the mode to its parameter group."""
    if subject.type != REPLICATION_GROUP:
        return "no replication group"
    mode = subject.text("clusterMode").lower()
    if mode == "disabled":
        return "clusterMode disabled"
    # A group of one shard with replicas may be of either mode, but then it counts its replicas by shard.
    return "numCacheClusters, as one without shards has" if not mode and subject.is_set("numCacheClusters") else ""


_PROGRAM = """
    group = aws.elasticache.ParameterGroup(
        "sessions", family="valkey8", parameters=[{{"name": "cluster-enabled", "value": "{value}"}}]
    )
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        engine_version="8.0",
        node_type="cache.r7g.large",
        num_node_groups=3,
        replicas_per_node_group=1,
        automatic_failover_enabled=True,
        parameter_group_name=group.name,
    )
"""

RULE = Rule(
    name="parameter-group-coherence",
    title="Parameter groups fit their caches",
    description=(
        "A group belongs to one family of one engine, and cluster mode is one of its parameters. AWS refuses what does"
        " not fit only during the update, when half of a stack has changed."
    ),
    severity=Severity.MEDIUM,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Make a parameter group of the family that engineVersion needs, with cluster-enabled set to yes for a cache"
        " with shards and not for another, and name it in parameterGroupName."
    ),
    arguments=("parameterGroupName",),
    violating=_PROGRAM.format(value="no"),
    compliant=_PROGRAM.format(value="yes"),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html",
    tags=("lifecycle", "parameters", "cluster-mode"),
    needs_graph=True,
)
