"""A log's destination is what its type says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity, Unverified
from cachewright_policies.tokens import CLUSTER, DELIVERY_STREAM, LOG_GROUP, REPLICATION_GROUP
from cachewright_policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_TYPES: Final = {
    "cloudwatch-logs": (LOG_GROUP, "a log group"),
    "kinesis-firehose": (DELIVERY_STREAM, "a Data Firehose stream"),
}


def check(subject: Resource, scope: Scope) -> Iterator[Problem | Unverified]:
    """Find logs whose destination is of another kind than they say, or is given by its ARN."""
    graph = scope.graph
    edges = {
        graph.resources[urn].type
        for urn in subject.property_dependencies.get("logDeliveryConfigurations", ())
        if urn in graph.resources
    }
    for one in subject.objects("logDeliveryConfigurations"):
        kind = _TYPES.get(one.text("destinationType"))
        if kind is None:
            continue
        type, what = kind
        other = DELIVERY_STREAM if type == LOG_GROUP else LOG_GROUP
        destination = one.peek("destination")
        if isinstance(destination, str):
            if destination.startswith("arn:"):
                yield Problem("the destination is an ARN, and AWS wants the name", f"{one.path}destination")
                continue
            if not destination:
                yield Problem(f"the {one.text('logType')} has no destination", f"{one.path}destination")
                continue
            if graph.named(type, destination) is None and graph.named(other, destination) is None:
                yield Unverified(
                    f"{destination} is not in this stack: whether it is {what} is not known", f"{one.path}destination"
                )
            wrong = graph.named(type, destination) is None and graph.named(other, destination) is not None
        else:
            wrong = destination is UNKNOWN and other in edges and type not in edges
        if wrong:
            yield Problem(
                f"the {one.text('logType')} says {one.text('destinationType')}, and its destination is not {what}:"
                " nothing is delivered",
                f"{one.path}destinationType",
            )


RULE = Rule(
    name="cache-log-destination",
    title="Logs go to what their type says",
    description=(
        "AWS looks for a log's destination by its name among log groups or among Data Firehose streams, as"
        " destinationType says. Where it is the other kind, or an ARN instead of a name, the update fails or"
        " the log goes nowhere."
    ),
    severity=Severity.MEDIUM,
    types=(REPLICATION_GROUP, CLUSTER),
    check=check,
    remediation=(
        "Set destinationType to cloudwatch-logs with the name of a log group, or to kinesis-firehose with the"
        " name of a stream. Delivery begins without a restart."
    ),
    arguments=("logDeliveryConfigurations",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html",
    tags=("logs", "monitoring"),
    needs_graph=True,
    violating="""\
logs = aws.cloudwatch.LogGroup("sessions", retention_in_days=30)
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="valkey",
    log_delivery_configurations=[
        {
            "destination": logs.name,
            "destination_type": "kinesis-firehose",
            "log_format": "json",
            "log_type": "slow-log",
        }
    ],
)
""",
    compliant="""\
logs = aws.cloudwatch.LogGroup("sessions", retention_in_days=30)
aws.elasticache.ReplicationGroup(
    "sessions",
    description="Sessions",
    engine="valkey",
    log_delivery_configurations=[
        {
            "destination": logs.name,
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
            "log_type": "slow-log",
        }
    ],
)
""",
)
