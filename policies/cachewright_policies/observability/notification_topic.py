"""A cache tells of its failovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.rule import PROD_ONLY, Problem, Rule, Setting, Severity
from cachewright_policies.tokens import NODE_BASED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping
    from typing import Any

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find caches whose events reach no topic."""
    del scope
    cache = Cache(subject)
    if not cache.is_member and not cache.is_secondary and not subject.is_set("notificationTopicArn"):
        yield Problem("nobody is told of failovers and of replaced nodes", "notificationTopicArn")


def remediate(properties: MutableMapping[str, Any], subject: Resource, settings: Mapping[str, Any]) -> bool:
    """Tell the configured topic."""
    del subject
    if not settings["topicArn"]:
        return False
    properties["notificationTopicArn"] = settings["topicArn"]
    return True


RULE = Rule(
    name="cache-notification-topic",
    title="Caches tell a topic of their events",
    description=(
        "ElastiCache tells an SNS topic of failovers, replaced nodes and failed snapshots. EventBridge tells"
        " the same to those who listen there, so the rule is off unless it is asked for."
    ),
    severity=Severity.LOW,
    types=NODE_BASED,
    check=check,
    remediation=(
        "Set notificationTopicArn to the ARN of an SNS topic of the same region. It does nothing to the running cache."
    ),
    arguments=("notificationTopicArn",),
    url="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html",
    tags=("notifications", "monitoring"),
    settings=(
        Setting(
            "topicArn",
            {"type": "string", "description": "The topic that a remediation sets; without one it does nothing."},
            "",
        ),
    ),
    environments=PROD_ONLY,
    remediate=remediate,
    enabled=False,
    violating="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis")
""",
    compliant="""\
aws.elasticache.ReplicationGroup("sessions", description="Sessions", engine="redis",
    notification_topic_arn="arn:aws:sns:eu-west-1:123456789012:caches")
""",
)
