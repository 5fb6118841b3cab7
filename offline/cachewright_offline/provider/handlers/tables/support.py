"""What stands around a cache: secrets, logs, alarms, roles, topics."""

from __future__ import annotations

from typing import Final

HANDLERS: Final = {
    "aws:cloudwatch/logGroup:LogGroup": "cloudwatch_log_group:LogGroupHandler",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch_metric_alarm:MetricAlarmHandler",
    "aws:iam/role:Role": "iam_role:RoleHandler",
    "aws:iam/rolePolicy:RolePolicy": "iam_role_policy:RolePolicyHandler",
    "aws:secretsmanager/secret:Secret": "secretsmanager_secret:SecretHandler",
    "aws:secretsmanager/secretVersion:SecretVersion": "secretsmanager_secret_version:SecretVersionHandler",
    "aws:sns/topic:Topic": "sns_topic:TopicHandler",
}
