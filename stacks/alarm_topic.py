"""Where the alarms of a region's caches go: an encrypted topic, and a person who reads it."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws


def alarm_topic(name: str, *, region: str, email: str, tags: Mapping[str, str]) -> pulumi.Output[str]:
    """Create a topic with a key of its own, and return its ARN.

    AWS's own key for topics does not let CloudWatch use it: alarms would be lost without a word.

    Args:
        name: What the topic, its key and its subscription are called.
        region: The region of the caches.
        email: Who is told; AWS asks this address to confirm.
        tags: Tags for everything taggable.
    """
    account = aws.get_caller_identity().account_id
    key = aws.kms.Key(
        name,
        description="Alarms of caches",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    },
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                        "Resource": "*",
                        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
                    },
                ],
            }
        ),
        region=region,
        tags=dict(tags),
    )
    topic = aws.sns.Topic(name, kms_master_key_id=key.key_id, region=region, tags=dict(tags))
    aws.sns.TopicSubscription(name, topic=topic.arn, protocol="email", endpoint=email, region=region)
    return topic.arn
