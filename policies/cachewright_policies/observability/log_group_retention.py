"""Logs of caches are kept for a while, and then go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cachewright_policies.rule import Problem, Rule, Setting, Severity
from cachewright_policies.tokens import CLUSTER, LOG_GROUP, REPLICATION_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_policies.graph import Resource
    from cachewright_policies.rule import Scope


_PREFIX: Final = "/aws/elasticache"


def check(subject: Resource, scope: Scope) -> Iterator[Problem]:
    """Find log groups of caches that are kept for ever, or hardly at all."""
    users = scope.graph.users(subject, REPLICATION_GROUP, CLUSTER, property="logDeliveryConfigurations")
    named = str(subject.peek("name")).startswith(_PREFIX)
    if not named and next(users, None) is None:
        return
    days = subject.number("retentionInDays", 0) or 0
    least = scope.settings["minimumDays"]
    if days == 0:
        yield Problem("retentionInDays is not set: the log is kept, and paid for, for ever", "retentionInDays")
    elif days < least:
        yield Problem(
            f"the log is kept for {days:g} days, less than {least}: it is gone before anybody looks for the cause",
            "retentionInDays",
        )


RULE = Rule(
    name="cache-log-retention",
    title="Logs of caches have a retention",
    description=(
        "A log group without a retention grows for ever, with whatever keys and arguments the slow log holds;"
        " one of a day or two is empty when the incident is looked into."
    ),
    severity=Severity.LOW,
    types=(LOG_GROUP,),
    check=check,
    remediation=(
        "Set retentionInDays of the log group, to 30 for example. Older events are deleted; the cache is not touched."
    ),
    arguments=("retentionInDays",),
    url=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html"),
    tags=("logs", "cost"),
    settings=(
        Setting(
            "minimumDays",
            {"type": "integer", "minimum": 1, "description": "The fewest days that a log is kept."},
            7,
        ),
    ),
    needs_graph=True,
    violating="""\
aws.cloudwatch.LogGroup("slow", name="/aws/elasticache/sessions/slow")
""",
    compliant="""\
aws.cloudwatch.LogGroup("slow", name="/aws/elasticache/sessions/slow", retention_in_days=30)
""",
)
