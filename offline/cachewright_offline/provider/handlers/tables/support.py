"""What stands around a cache: keys, secrets, logs, alarms, roles, topics, names, scaling."""

from __future__ import annotations

from typing import Final

HANDLERS: Final = {
    "aws:appautoscaling/policy:Policy": "appautoscaling_policy:PolicyHandler",
    "aws:appautoscaling/target:Target": "appautoscaling_target:TargetHandler",
    "aws:cloudwatch/dashboard:Dashboard": "cloudwatch_dashboard:DashboardHandler",
    "aws:cloudwatch/logGroup:LogGroup": "cloudwatch_log_group:LogGroupHandler",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch_metric_alarm:MetricAlarmHandler",
    "aws:iam/policy:Policy": "iam_policy:PolicyHandler",
    "aws:iam/role:Role": "iam_role:RoleHandler",
    "aws:iam/rolePolicy:RolePolicy": "iam_role_policy:RolePolicyHandler",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "iam_role_policy_attachment:RolePolicyAttachmentHandler",
    "aws:kms/alias:Alias": "kms_alias:AliasHandler",
    "aws:kms/key:Key": "kms_key:KeyHandler",
    "aws:route53/record:Record": "route53_record:RecordHandler",
    "aws:route53/zone:Zone": "route53_zone:ZoneHandler",
    "aws:secretsmanager/secret:Secret": "secretsmanager_secret:SecretHandler",
    "aws:secretsmanager/secretVersion:SecretVersion": "secretsmanager_secret_version:SecretVersionHandler",
    "aws:sns/topic:Topic": "sns_topic:TopicHandler",
    "aws:sns/topicPolicy:TopicPolicy": "sns_topic_policy:TopicPolicyHandler",
    "aws:sns/topicSubscription:TopicSubscription": "sns_topic_subscription:TopicSubscriptionHandler",
    "aws:ssm/parameter:Parameter": "ssm_parameter:ParameterHandler",
}
