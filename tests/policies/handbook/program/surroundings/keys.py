"""The keys that encrypt caches, logs, topics and secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi_aws as aws

from surroundings.network import TAGS

if TYPE_CHECKING:
    import pulumi

ACCOUNT = "123456789012"


def key(name: str, region: str, opts: pulumi.ResourceOptions | None = None) -> aws.kms.Key:
    """Make a key that the account administers, and that logs, alarms and ElastiCache may use."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Administration",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Sid": "Logs",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{region}.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"],
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:{ACCOUNT}:*"}},
            },
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            },
            {
                "Sid": "WhoeverOfTheAccountComesThroughElastiCache",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"],
                "Resource": "*",
                "Condition": {
                    "StringEquals": {
                        "kms:CallerAccount": ACCOUNT,
                        "kms:ViaService": f"elasticache.{region}.amazonaws.com",
                    }
                },
            },
        ],
    }
    made = aws.kms.Key(
        name,
        description="What caches hold, log and say",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        policy=json.dumps(policy),
        tags=TAGS,
        opts=opts,
    )
    aws.kms.Alias(name, name=f"alias/{name}", target_key_id=made.key_id, opts=opts)
    return made
