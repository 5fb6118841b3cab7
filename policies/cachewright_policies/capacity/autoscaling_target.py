"""What auto scaling is asked to scale can be scaled, and something says when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright.catalog import features, node_types
from cachewright_policies.engines import version_of
from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import AUTOSCALING_POLICY, AUTOSCALING_TARGET, REPLICATION_GROUP
from cachewright_policies.topology.nodes import cluster_mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope

_GROUP: Final = "replication-group/"


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find targets that no policy scales, and caches that AWS does not scale."""
    graph = scope.graph
    if subject.text("serviceNamespace") != "elasticache":
        return
    if not _has_policy(graph, subject):
        yield Problem("no policy of this stack says when to scale: the cache stays as it is")
    group = _group(graph, subject)
    if group is None:
        return
    node_type = node_types.find(group.text("nodeType"))
    if node_type is not None and not node_type.autoscaling:
        yield Problem(f"AWS does not scale caches of {node_type.name}: the update fails", "nodeType", group)
    engine, version = version_of(group)
    if version and not features.supports(engine, version, "autoscaling"):
        yield Problem(f"AWS does not scale {engine} {version}: the update fails", "engineVersion", group)
    if cluster_mode(graph, group) is False:
        yield Problem("AWS scales caches with cluster mode only: the update fails", "clusterMode", group)


def _has_policy(graph: Graph, target: Resource) -> bool:
    if next(graph.users(target, AUTOSCALING_POLICY), None) is not None:
        return True
    named = target.peek("resourceId")
    if isinstance(named, str):
        return any(
            policy.is_unknown("resourceId") or policy.peek("resourceId") == named
            for policy in graph.of_type(AUTOSCALING_POLICY)
        )
    # Both may take the id from the cache.
    edges = set(target.property_dependencies.get("resourceId", ()))
    others = (one.property_dependencies.get("resourceId", ()) for one in graph.of_type(AUTOSCALING_POLICY))
    return any(not edges.isdisjoint(one) for one in others)


def _group(graph: Graph, target: Resource) -> Resource | None:
    named = target.peek("resourceId")
    if isinstance(named, str):
        return graph.named(REPLICATION_GROUP, named.removeprefix(_GROUP))
    return next(iter(graph.references(target, "resourceId", REPLICATION_GROUP).resources), None)


_PROGRAM = """
    aws.appautoscaling.Target(
        "shards",
        service_namespace="elasticache",
        resource_id="replication-group/sessions",
        scalable_dimension="elasticache:replication-group:NodeGroups",
        min_capacity=2,
        max_capacity=6,
    )
    aws.appautoscaling.Policy(
        "shards",
        service_namespace="elasticache",
        resource_id="replication-group/{name}",
        scalable_dimension="elasticache:replication-group:NodeGroups",
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration={{
            "predefined_metric_specification": {{"predefined_metric_type": "ElastiCachePrimaryEngineCPUUtilization"}},
            "target_value": 50,
        }},
    )
"""

RULE = Rule(
    name="autoscaling-target",
    title="Auto scaling of caches has a policy and a cache that scales",
    description=(
        "A target alone scales nothing: a policy on the same cache says when. AWS scales nodes of size large to 2xlarge"
        " of some families, with cluster mode on and from Redis OSS 6; it refuses the others during the update."
    ),
    severity=Severity.MEDIUM,
    types=(AUTOSCALING_TARGET,),
    check=check,
    remediation=(
        "Add a Policy with the target's resourceId, serviceNamespace and scalableDimension, and choose a nodeType that"
        " AWS scales, such as cache.r7g.large. The cache changes when the load next asks for it."
    ),
    arguments=("resourceId",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html",
    tags=("autoscaling",),
    needs_graph=True,
    violating=_PROGRAM.format(name="another"),
    compliant=_PROGRAM.format(name="sessions"),
)
