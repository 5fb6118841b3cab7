"""Logs, where they go and how long they stay; topics and who hears of them."""

from __future__ import annotations

import pytest

from cachewright_policies.observability import (
    log_delivery,
    log_destination,
    log_group_retention,
    notification_topic,
    slow_log_recording,
    topic_subscription,
)

LOG = '{{"destination": {to}, "destination_type": "{type}", "log_format": "json", "log_type": "{log}"}}'


def group(*logs: str, **changed: str) -> str:
    """Return the text of a replication group with some log deliveries."""
    arguments = {"description": '"S"', "engine": '"valkey"', "engine_version": '"8.1"', **changed}
    if logs:
        arguments["log_delivery_configurations"] = f"[{', '.join(logs)}]"
    return f"aws.elasticache.ReplicationGroup('s', {', '.join(f'{key}={value}' for key, value in arguments.items())})\n"


def log(name: str = "slow-log", to: str = '"logs"', type: str = "cloudwatch-logs") -> str:
    """Return the text of one delivery."""
    return LOG.format(to=to, type=type, log=name)


BOTH = "the slow-log and the engine-log are delivered nowhere: what happened before an incident is lost with the node"
DELIVERIES = {
    "none": (group(), [BOTH]),
    "only the engine's": (
        group(log("engine-log")),
        [BOTH.replace("the slow-log and the engine-log are", "the slow-log is")],
    ),
    "both": (group(log(), log("engine-log")), []),
    "redis 6.0 has no engine log": (group(log(), engine='"redis"', engine_version='"6.0"'), []),
    "redis 5 has none": (group(engine='"redis"', engine_version='"5.0.6"'), []),
    "memcached has none": ('aws.elasticache.Cluster("s", engine="memcached", num_cache_nodes=2)', []),
    "a secondary": ('aws.elasticache.ReplicationGroup("s", description="S", global_replication_group_id="a-b")', []),
    "a single cluster": (
        'aws.elasticache.Cluster("s", engine="redis", engine_version="5.0.6", num_cache_nodes=1,'
        ' node_type="cache.m7g.large")',
        [],
    ),
}


@pytest.mark.parametrize(("text", "messages"), DELIVERIES.values(), ids=DELIVERIES)
def test_log_delivery(checked, found, text, messages):
    """Each log that the engine can deliver is asked for, and no other."""
    assert [one.message for one in found(checked(text).graph, log_delivery.RULE)] == messages


STREAM = """stream = aws.kinesis.FirehoseDeliveryStream(
    "stream", name="stream", destination="extended_s3",
    extended_s3_configuration={"role_arn": "arn:aws:iam::123456789012:role/r", "bucket_arn": "arn:aws:s3:::b"},
)
"""
LOGS = 'logs = aws.cloudwatch.LogGroup("logs", name="logs", retention_in_days=30)\n'
DESTINATIONS = {
    "a log group": (LOGS + group(log(to="logs.name")), []),
    "a stream": (STREAM + group(log(to="stream.name", type="kinesis-firehose")), []),
    "elsewhere": (
        group(log(to='"elsewhere"')),
        ["elsewhere is not in this stack: whether it is a log group is not known"],
    ),
    "nowhere": (group(log(to='""')), ["the slow-log has no destination"]),
    "a stream as a log group": (
        STREAM + group(log(to="stream.name")),
        [
            "the slow-log says cloudwatch-logs, and its destination is not a log group: nothing is delivered",
        ],
    ),
    "a log group as a stream, by its name": (
        LOGS + group(log(type="kinesis-firehose")),
        ["the slow-log says kinesis-firehose, and its destination is not a Data Firehose stream: nothing is delivered"],
    ),
    "an arn": (
        group(log(to='"arn:aws:logs:eu-west-1:123456789012:log-group:logs"')),
        ["the destination is an ARN, and AWS wants the name"],
    ),
}


@pytest.mark.parametrize(("text", "messages"), DESTINATIONS.values(), ids=DESTINATIONS)
def test_log_destination(checked, found, text, messages):
    """The destination is of the kind that its type says, by edge and by name."""
    assert [one.message for one in found(checked(text).graph, log_destination.RULE)] == messages


def retained(days: str, name: str = '"logs"') -> str:
    """Return the text of a log group that a cache uses."""
    return f'logs = aws.cloudwatch.LogGroup("logs", name={name}{days})\n' + group(log(to="logs.name"))


RETENTIONS = {
    "unset": (retained(""), ["retentionInDays is not set: the log is kept, and paid for, for ever"]),
    "zero": (
        retained(", retention_in_days=0"),
        ["retentionInDays is not set: the log is kept, and paid for, for ever"],
    ),
    "a day": (
        retained(", retention_in_days=1"),
        ["the log is kept for 1 days, less than 7: it is gone before anybody looks for the cause"],
    ),
    "a month": (retained(", retention_in_days=30"), []),
    "of something else": ('aws.cloudwatch.LogGroup("logs", name="shop")', []),
}


@pytest.mark.parametrize(("text", "messages"), RETENTIONS.values(), ids=RETENTIONS)
def test_log_group_retention(checked, found, text, messages):
    """Log groups of caches are kept for a while; others are not judged."""
    assert [one.message for one in found(checked(text).graph, log_group_retention.RULE)] == messages


TOPIC = 'topic = aws.sns.Topic("topic")\n'
SUBSCRIPTION = 'aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="on-call@example.com")\n'
ALARM = """aws.cloudwatch.MetricAlarm(
    "one", comparison_operator="GreaterThanThreshold", evaluation_periods=1, metric_name="CPUUtilization",
    namespace="AWS/ElastiCache", period=60, statistic="Average", threshold=90, alarm_actions=[topic.arn],
)
"""
TOPICS = {
    "of an alarm": (TOPIC + ALARM, ["one tells topic, and nobody subscribes to it: what it says reaches nobody"]),
    "of a cache": (
        TOPIC + group(notification_topic_arn="topic.arn"),
        ["s tells topic, and nobody subscribes to it: what it says reaches nobody"],
    ),
    "subscribed": (TOPIC + ALARM + SUBSCRIPTION, []),
    "of nobody": (TOPIC, []),
}


@pytest.mark.parametrize(("text", "messages"), TOPICS.values(), ids=TOPICS)
def test_topic_subscription(checked, found, text, messages):
    """A topic that a cache or an alarm tells has a subscription."""
    assert [one.message for one in found(checked(text).graph, topic_subscription.RULE)] == messages


def test_a_secret_or_unknown_topic_is_a_topic(checked, found):
    """What tells the ARN does not matter: that there is one does."""
    for value in ("topic.arn", 'pulumi.Output.secret("arn:aws:sns:eu-west-1:123456789012:t")'):
        assert found(checked(TOPIC + group(notification_topic_arn=value)).graph, notification_topic.RULE) == []


SLOW = {
    "off": ({"slowlog-log-slower-than": "-1"}, ["slowlog-log-slower-than is -1: the slow log is off"]),
    "all": (
        {"slowlog-log-slower-than": "0"},
        ["slowlog-log-slower-than is 0: every command is recorded, and the slow ones drown"],
    ),
    "no length": ({"slowlog-max-len": "0"}, ["slowlog-max-len is 0: no slow command is ever recorded"]),
    "sound": ({"slowlog-log-slower-than": "5000", "slowlog-max-len": "256"}, []),
}


@pytest.mark.parametrize(("values", "messages"), SLOW.values(), ids=SLOW)
def test_slow_log_recording(checked, found, values, messages):
    """The slow log records slow commands, and those only."""
    parameters = [{"name": name, "value": value} for name, value in values.items()]
    text = f'aws.elasticache.ParameterGroup("p", family="redis7", parameters={parameters})'
    assert [one.message for one in found(checked(text).graph, slow_log_recording.RULE)] == messages
