"""A topic that nobody subscribes to tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Severity
from cachewright_policies.tokens import (
    CLUSTER,
    COMPOSITE_ALARM,
    METRIC_ALARM,
    REPLICATION_GROUP,
    TOPIC,
    TOPIC_SUBSCRIPTION,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_TOLD: Final = {
    "notificationTopicArn": (REPLICATION_GROUP, CLUSTER),
    "alarmActions": (METRIC_ALARM, COMPOSITE_ALARM),
}


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find topics of caches and of alarms without a subscription in this stack."""
    graph = scope.graph
    teller = next((user for name, types in _TOLD.items() for user in graph.users(subject, *types, property=name)), None)
    if teller is not None and next(graph.users(subject, TOPIC_SUBSCRIPTION, property="topic"), None) is None:
        yield Problem(f"{teller.name} tells {subject.name}, and nobody subscribes to it: what it says reaches nobody")


RULE = Rule(
    name="topic-subscription",
    title="Topics of caches and alarms have a subscriber",
    description=(
        "What a cache or an alarm tells an SNS topic goes to its subscribers, and to nobody where there are"
        " none. Where people subscribe by hand, switch the rule off."
    ),
    severity=Severity.LOW,
    types=(TOPIC,),
    check=check,
    remediation=(
        "Add a TopicSubscription whose topic is this one: email, HTTPS, a queue or a function. It does"
        " nothing to the cache."
    ),
    arguments=(),
    url="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
    tags=("alarms", "notifications"),
    needs_graph=True,
    violating="""\
topic = aws.sns.Topic("caches")
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", notification_topic_arn=topic.arn)
""",
    compliant="""\
topic = aws.sns.Topic("caches")
aws.sns.TopicSubscription("on-call", topic=topic.arn, protocol="email", endpoint="on-call@example.com")
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis", notification_topic_arn=topic.arn)
""",
)
