"""Topics that carry news of caches, encrypted and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.policy_document import open_statements
from cachewright_policies.rule import Framework, Problem, Rule, Severity
from cachewright_policies.tokens import (
    CLUSTER,
    METRIC_ALARM,
    REPLICATION_GROUP,
    TOPIC,
    TOPIC_POLICY,
    TOPIC_SUBSCRIPTION,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope

_USES: Final = (
    (REPLICATION_GROUP, "notificationTopicArn"),
    (CLUSTER, "notificationTopicArn"),
    (METRIC_ALARM, "alarmActions"),
)


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find topics of caches that are not encrypted, or that everybody may use."""
    graph = scope.graph
    if not any(next(graph.users(subject, type, property=property), None) for type, property in _USES):
        return
    if not subject.is_set("kmsMasterKeyId"):
        yield Problem("messages about caches are stored in clear text", "kmsMasterKeyId")
    for one in graph.users(subject, TOPIC_SUBSCRIPTION, property="topic"):
        if one.text("protocol").lower() == "http":
            yield Problem(f"{one.name} has the messages sent over the internet in clear text", "protocol", one)
    holders = [subject, *graph.users(subject, TOPIC_POLICY, property="arn")]
    for holder in holders:
        for statement in open_statements(holder.text("policy")):
            yield Problem(f"the topic's policy lets everybody publish or subscribe ({statement})", "policy", holder)


_PROGRAM = """
    topic = aws.sns.Topic("cache-events"{more})
    aws.elasticache.ReplicationGroup(
        "sessions",
        description="Sessions",
        engine="valkey",
        node_type="cache.r7g.large",
        notification_topic_arn=topic.arn,
    )
"""

RULE = Rule(
    name="cache-topic-protection",
    title="Topics of caches are encrypted and closed",
    description=(
        "Notifications and alarms name caches, nodes and failures. Their topic should be encrypted, and its policy"
        " should name who may publish and subscribe, and no subscriber should get them over plain HTTP."
    ),
    severity=Severity.MEDIUM,
    types=(TOPIC,),
    check=check,
    remediation=(
        "Set kmsMasterKeyId to a key whose policy lets cloudwatch.amazonaws.com and elasticache.amazonaws.com use it"
        " (AWS's own alias/aws/sns lets no alarm through), and a policy with named principals or a condition on"
        " aws:SourceAccount; both change online. Give a subscriber on the web the protocol https."
    ),
    arguments=("kmsMasterKeyId", "policy"),
    violating=_PROGRAM.format(more=""),
    compliant=_PROGRAM.format(more=', kms_master_key_id="alias/aws/sns"'),
    url="https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    tags=("encryption", "sns"),
    frameworks=(Framework("AWS FSBP", ("SNS.1", "SNS.4")),),
    needs_graph=True,
)
