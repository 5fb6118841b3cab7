"""Where caches and their alarms tell what happens, and where their logs go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi_aws as aws

from surroundings.keys import ACCOUNT
from surroundings.network import TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi


def topic(name: str, region: str, key: aws.kms.Key, opts: pulumi.ResourceOptions | None = None) -> aws.sns.Topic:
    """Make an encrypted topic that the on-call team reads."""
    made = aws.sns.Topic(name, name=name, kms_master_key_id=key.arn, tags=TAGS, opts=opts)
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": ["cloudwatch.amazonaws.com", "elasticache.amazonaws.com"]},
                "Action": "sns:Publish",
                "Resource": f"arn:aws:sns:{region}:{ACCOUNT}:{name}",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            }
        ],
    }
    aws.sns.TopicPolicy(name, arn=made.arn, policy=json.dumps(policy), opts=opts)
    aws.sns.TopicSubscription(name, topic=made.arn, protocol="email", endpoint="on-call@example.com", opts=opts)
    return made


def log_group(name: str, key: aws.kms.Key, opts: pulumi.ResourceOptions | None = None) -> aws.cloudwatch.LogGroup:
    """Make an encrypted log group that is kept for three months."""
    return aws.cloudwatch.LogGroup(
        name, name=f"/aws/elasticache/{name}", retention_in_days=90, kms_key_id=key.arn, tags=TAGS, opts=opts
    )


def logs(
    name: str, key: aws.kms.Key, opts: pulumi.ResourceOptions | None = None
) -> list[aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgsDict]:
    """Make the log groups of a cache, and say what is delivered there."""
    return [
        {
            "destination": log_group(f"{name}-{kind}", key, opts).name,
            "destination_type": "cloudwatch-logs",
            "log_format": "json",
            "log_type": kind,
        }
        for kind in ("slow-log", "engine-log")
    ]


# What of a node is looked at: the metric, the statistic and the threshold.
NODE = (
    ("EngineCPUUtilization", "Average", 80),
    ("DatabaseMemoryUsagePercentage", "Average", 80),
    ("Evictions", "Sum", 1000),
    ("CurrConnections", "Maximum", 50000),
    ("ReplicationLag", "Maximum", 5),
    ("SwapUsage", "Maximum", 52428800),
    ("AuthenticationFailures", "Sum", 10),
)
MEMCACHED = (
    ("CPUUtilization", "Average", 80),
    ("Evictions", "Sum", 1000),
    ("CurrConnections", "Maximum", 50000),
    ("SwapUsage", "Maximum", 52428800),
)
SERVERLESS = (
    ("ThrottledCmds", "Sum", 0),
    ("BytesUsedForCache", "Maximum", 8_000_000_000),
    ("ElastiCacheProcessingUnits", "Sum", 240_000),
)


def alarms(
    prefix: str,
    metrics: Sequence[tuple[str, str, int]],
    dimensions: dict[str, pulumi.Input[str]],
    topic: aws.sns.Topic,
    opts: pulumi.ResourceOptions | None = None,
) -> None:
    """Make one alarm for each metric; it tells when it fires, and when it is over."""
    for metric, statistic, threshold in metrics:
        aws.cloudwatch.MetricAlarm(
            f"{prefix}-{metric}",
            namespace="AWS/ElastiCache",
            metric_name=metric,
            dimensions=dimensions,
            comparison_operator="GreaterThanThreshold",
            statistic=statistic,
            period=60,
            evaluation_periods=5,
            threshold=threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            tags=TAGS,
            opts=opts,
        )
