"""An alarm that tells nobody is a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.rule import Framework, Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import COMPOSITE_ALARM, METRIC_ALARM
from cachewright_policies.topology.alarms import concerns_caches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Graph, Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find alarms on caches that do nothing when they go off."""
    if subject.type == METRIC_ALARM:
        if not concerns_caches(scope.graph, subject) or any(_composites(scope.graph, subject)):
            return
    elif not _is_about_caches(scope.graph, subject):
        return
    if not subject.flag("actionsEnabled", default=True):
        yield Problem("actionsEnabled is false: the alarm goes off and nobody is told", "actionsEnabled")
    elif subject.is_unknown("alarmActions") and not subject.property_dependencies.get("alarmActions"):
        yield Unverified("alarmActions is known only after the update: it may be empty", "alarmActions")
    elif not subject.is_set("alarmActions"):
        yield Problem("alarmActions is empty: the alarm goes off and nobody is told", "alarmActions")


def _composites(graph: Graph, alarm: Resource) -> Iterator[Resource]:
    """Go through the composite alarms that are about an alarm, by their edges and by its name in their rule."""
    yield from graph.users(alarm, COMPOSITE_ALARM)
    name = alarm.peek("name")
    for composite in graph.of_type(COMPOSITE_ALARM):
        text = composite.peek("alarmRule")
        if isinstance(text, str) and isinstance(name, str) and name in text:
            yield composite


def _is_about_caches(graph: Graph, composite: Resource) -> bool:
    edges = {urn for urns in composite.property_dependencies.values() for urn in urns}
    text = composite.peek("alarmRule")
    return any(
        alarm.urn in edges
        or (isinstance(text, str) and isinstance(alarm.peek("name"), str) and alarm.peek("name") in text)
        for alarm in graph.of_type(METRIC_ALARM)
        if concerns_caches(graph, alarm)
    )


_ALARM = """\
group = aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", num_cache_clusters=2)
aws.cloudwatch.MetricAlarm(
    "cpu",
    namespace="AWS/ElastiCache",
    metric_name="EngineCPUUtilization",
    dimensions={{"CacheClusterId": pulumi.Output.concat(group.id, "-001")}},
    comparison_operator="GreaterThanThreshold",
    statistic="Average",
    period=60,
    evaluation_periods=5,
    threshold=90,
    alarm_actions=[{action}],
)
"""

RULE = Rule(
    name="alarm-actions",
    title="Alarms on caches tell somebody",
    description=(
        "An alarm without an action, or with its actions switched off, changes its colour in a console that nobody"
        " watches at night. A metric alarm that is part of a composite alarm may leave the telling to it."
    ),
    severity=Severity.MEDIUM,
    types=(METRIC_ALARM, COMPOSITE_ALARM),
    check=check,
    remediation=(
        "Set alarmActions to the ARN of an SNS topic that somebody reads, and leave actionsEnabled out or set it to"
        " true. Changing an alarm does nothing to the cache."
    ),
    arguments=("alarmActions", "actionsEnabled"),
    url="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    tags=("alarms", "monitoring"),
    frameworks=(
        Framework("AWS FSBP", ("CloudWatch.15", "CloudWatch.17")),
        Framework("NIST 800-53 r5", ("AU-6(1)", "AU-6(5)", "CA-7", "IR-4(1)", "SI-4(5)")),
    ),
    needs_graph=True,
    violating=_ALARM.format(action=""),
    compliant=_ALARM.format(action='"arn:aws:sns:eu-west-1:123456789012:on-call"'),
)
