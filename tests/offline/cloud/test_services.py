"""moto's other services as corrected here: each resource that belongs to a cache, from create to delete and again."""

import json

import pytest

DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "elasticache:Connect", "Resource": "*"}]}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("ec2", "describe_vpcs"),
        ("elasticache", "describe_users"),
        ("sns", "list_topics"),
        ("iam", "list_roles"),
        ("kms", "list_keys"),
        ("secretsmanager", "list_secrets"),
        ("logs", "describe_log_groups"),
        ("ssm", "describe_parameters"),
        ("cloudwatch", "describe_alarms"),
    ],
)
def test_region_that_does_not_exist(cloud, refused, service, call):
    """A request signed for no region is refused in the protocol of its service."""
    client = cloud.client(service, "xx-nowhere-9")
    code, message = refused(getattr(client, call))
    assert code in {"SignatureDoesNotMatch", "InvalidSignatureException"}
    assert message == "Credential should be scoped to a valid region, not 'xx-nowhere-9'."


@pytest.mark.parametrize("region", ["eu-central-1", "cn-north-1", "us-gov-west-1"])
def test_regions_of_all_partitions(cloud, region):
    """Regions of every partition answer."""
    assert cloud.client("ec2", region).describe_vpcs()["Vpcs"]


def test_same_rule_with_another_description(cloud, refused):
    """A rule is the same whatever its description, for each kind of source."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    own, other = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"] for name in ("a", "b")
    )
    list_id = ec2.create_managed_prefix_list(PrefixListName="p", MaxEntries=1, AddressFamily="IPv4")["PrefixList"][
        "PrefixListId"
    ]
    sources = [
        ("UserIdGroupPairs", {"GroupId": other}),
        ("IpRanges", {"CidrIp": "10.0.0.0/16"}),
        ("Ipv6Ranges", {"CidrIpv6": "fd00::/8"}),
        ("PrefixListIds", {"PrefixListId": list_id}),
    ]
    for kind, source in sources:
        rule = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379}
        made = ec2.authorize_security_group_ingress(
            GroupId=own, IpPermissions=[rule | {kind: [source | {"Description": "clients"}]}]
        )["SecurityGroupRules"]
        assert [one["Description"] for one in made] == ["clients"]
        for again in (source, source | {"Description": "others"}):
            assert refused(
                ec2.authorize_security_group_ingress, GroupId=own, IpPermissions=[rule | {kind: [again]}]
            ) == ("InvalidPermission.Duplicate", "The specified rule already exists")
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [own]}])["SecurityGroupRules"]
    ingress = [rule for rule in rules if not rule["IsEgress"]]
    assert [rule["Description"] for rule in ingress] == ["clients"] * 4
    ec2.revoke_security_group_ingress(
        GroupId=own, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"] for rule in ingress]
    )
    assert ec2.describe_security_groups(GroupIds=[own])["SecurityGroups"][0]["IpPermissions"] == []
    ec2.delete_security_group(GroupId=other)


def test_endpoints_are_gone_when_deleted(cloud, refused):
    """Endpoints of both types are deleted, and free what they were in."""
    ec2 = cloud.client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_vpc_endpoint(VpcId=vpc_id, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]
    assert gateway["VpcEndpointType"] == "Gateway"
    interface = ec2.create_vpc_endpoint(
        VpcId=vpc_id,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.secretsmanager",
        SubnetIds=[subnet_id],
    )["VpcEndpoint"]
    assert refused(ec2.delete_subnet, SubnetId=subnet_id)[0] == "DependencyViolation"
    ids = [gateway["VpcEndpointId"], interface["VpcEndpointId"]]
    assert ec2.delete_vpc_endpoints(VpcEndpointIds=ids)["Unsuccessful"] == []
    for endpoint_id in ids:
        assert refused(ec2.describe_vpc_endpoints, VpcEndpointIds=[endpoint_id])[0] == "InvalidVpcEndpointId.NotFound"
    ec2.delete_subnet(SubnetId=subnet_id)
    ec2.delete_vpc(VpcId=vpc_id)


def test_keys_that_wait_for_deletion(cloud, refused):
    """A key waits 7 to 30 days for its deletion, and refuses changes meanwhile."""
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]
    assert refused(kms.schedule_key_deletion, KeyId=key["KeyId"], PendingWindowInDays=3) == (
        "ValidationException",
        "PendingWindowInDays must be between 7 and 30, not 3.",
    )
    kms.schedule_key_deletion(KeyId=key["Arn"], PendingWindowInDays=7)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    message = f"{key['Arn']} is pending deletion."
    for call, arguments in (
        (kms.enable_key, {}),
        (kms.disable_key, {}),
        (kms.enable_key_rotation, {}),
        (kms.schedule_key_deletion, {}),
        (kms.update_key_description, {"Description": "x"}),
    ):
        assert refused(call, KeyId=key["KeyId"], **arguments) == ("KMSInvalidStateException", message)
    assert refused(kms.create_alias, AliasName="alias/x", TargetKeyId=key["KeyId"])[0] == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=key["KeyId"])
    kms.enable_key(KeyId=key["KeyId"])
    kms.create_alias(AliasName="alias/x", TargetKeyId=key["KeyId"])


def test_rotation_period(cloud):
    """The period of rotation is kept, and is a year when none is given."""
    kms = cloud.client("kms")
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    assert kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key_id)
    assert kms.get_key_rotation_status(KeyId=key_id)["RotationPeriodInDays"] == 365
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    assert kms.get_key_rotation_status(KeyId=key_id)["RotationPeriodInDays"] == 90


def test_secret_that_waits_for_deletion(cloud, refused):
    """A name is not free while its secret can be recovered; a secret deleted for good frees it."""
    secrets = cloud.client("secretsmanager")
    secrets.create_secret(Name="token", SecretString="one")
    secrets.delete_secret(SecretId="token", RecoveryWindowInDays=7)
    assert refused(secrets.create_secret, Name="token") == (
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
    message = "You can't perform this operation on the secret because it was marked for deletion."
    for call, arguments in (
        (secrets.get_secret_value, {}),
        (secrets.put_secret_value, {"SecretString": "two"}),
        (secrets.update_secret, {"Description": "x"}),
        (secrets.delete_secret, {"RecoveryWindowInDays": 7}),
    ):
        assert refused(call, SecretId="token", **arguments) == ("InvalidRequestException", message)
    secrets.restore_secret(SecretId="token")
    assert secrets.get_secret_value(SecretId="token")["SecretString"] == "one"
    secrets.delete_secret(SecretId="token", ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name="token", SecretString="three")
    assert secrets.get_secret_value(SecretId="token")["SecretString"] == "three"


def test_log_groups(cloud, refused):
    """Retention takes AWS's values only; key and class are kept and told."""
    logs = cloud.client("logs")
    key_arn = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    logs.create_log_group(logGroupName="slow", logGroupClass="INFREQUENT_ACCESS", tags={"a": "b"})
    code, message = refused(logs.put_retention_policy, logGroupName="slow", retentionInDays=8)
    assert code == "InvalidParameterException"
    assert "'8' at 'retentionInDays'" in message
    logs.put_retention_policy(logGroupName="slow", retentionInDays=7)
    logs.associate_kms_key(logGroupName="slow", kmsKeyId=key_arn)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["retentionInDays"], group["kmsKeyId"], group["logGroupClass"]) == (7, key_arn, "INFREQUENT_ACCESS")
    logs.disassociate_kms_key(resourceIdentifier=group["logGroupArn"])
    logs.delete_retention_policy(logGroupName="slow")
    (group,) = logs.describe_log_groups()["logGroups"]
    assert "kmsKeyId" not in group
    assert "retentionInDays" not in group
    logs.delete_log_group(logGroupName="slow")
    assert refused(logs.associate_kms_key, logGroupName="slow", kmsKeyId=key_arn)[0] == "ResourceNotFoundException"
    logs.create_log_group(logGroupName="slow")
    (group,) = logs.describe_log_groups()["logGroups"]
    assert group["logGroupClass"] == "STANDARD"
    assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {}


ALARM = {
    "AlarmName": "cpu",
    "Namespace": "AWS/ElastiCache",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "CacheClusterId", "Value": "main-001"}],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 90.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def test_alarm_states(cloud):
    """A new alarm has no data; an update leaves state and tags; a deleted alarm leaves nothing."""
    cloudwatch = cloud.client("cloudwatch")

    def alarm():
        return cloudwatch.describe_alarms(AlarmNames=["cpu"])["MetricAlarms"][0]

    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "a", "Value": "1"}])
    assert alarm()["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.set_alarm_state(AlarmName="cpu", StateValue="ALARM", StateReason="test")
    cloudwatch.put_metric_alarm(**ALARM | {"Threshold": 80.0}, Tags=[{"Key": "a", "Value": "2"}])
    assert (alarm()["StateValue"], alarm()["StateReason"], alarm()["Threshold"]) == ("ALARM", "test", 80.0)
    arn = alarm()["AlarmArn"]
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    cloudwatch.delete_alarms(AlarmNames=["cpu"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    cloudwatch.put_metric_alarm(**ALARM)
    assert alarm()["StateValue"] == "INSUFFICIENT_DATA"
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"Statistic": "Median"},
            "1 validation error detected: Value 'Median' at 'statistic' failed to satisfy constraint: "
            "Member must satisfy enum value set: [SampleCount, Average, Sum, Minimum, Maximum]",
        ),
        (
            {"TreatMissingData": "guess"},
            "Option guess is not supported. Supported options: breaching, ignore, missing, notBreaching.",
        ),
        ({"Period": 45}, "Period must be 10, 20, 30 or a multiple of 60"),
    ],
)
def test_alarm_that_cannot_be(cloud, refused, changes, message):
    """CloudWatch refuses values that it does not know."""
    cloudwatch = cloud.client("cloudwatch")
    assert refused(cloudwatch.put_metric_alarm, **ALARM | changes) == ("ValidationError", message)


def test_policy_in_use(cloud, refused):
    """A policy is deleted only when nothing uses it and one version is left."""
    iam = cloud.client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    arn = iam.create_policy(PolicyName="connect", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT, SetAsDefault=True)
    assert refused(iam.delete_policy, PolicyArn=arn) == (
        "DeleteConflict",
        "Cannot delete a policy attached to entities.",
    )
    iam.detach_role_policy(RoleName="app", PolicyArn=arn)
    assert refused(iam.delete_policy, PolicyArn=arn)[0] == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    iam.delete_role(RoleName="app")
    iam.create_policy(PolicyName="connect", PolicyDocument=DOCUMENT)


def test_zone_and_records(cloud, refused):
    """A caller reference makes one zone; a record that does not exist is not deleted."""
    route53 = cloud.client("route53")
    vpc_id = cloud.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    zone = {
        "Name": "cache.internal",
        "CallerReference": "one",
        "HostedZoneConfig": {"PrivateZone": True},
        "VPC": {"VPCRegion": "us-east-1", "VPCId": vpc_id},
    }
    zone_id = route53.create_hosted_zone(**zone)["HostedZone"]["Id"]
    assert refused(route53.create_hosted_zone, **zone) == (
        "HostedZoneAlreadyExists",
        "A hosted zone has already been created with the specified caller reference: one",
    )

    def change(action, value):
        record = {
            "Name": "main.cache.internal",
            "Type": "CNAME",
            "TTL": 60,
            "ResourceRecords": [{"Value": value}],
        }
        return {"HostedZoneId": zone_id, "ChangeBatch": {"Changes": [{"Action": action, "ResourceRecordSet": record}]}}

    route53.change_resource_record_sets(**change("CREATE", "a.example"))
    route53.change_resource_record_sets(**change("UPSERT", "b.example"))
    assert refused(route53.delete_hosted_zone, Id=zone_id)[0] == "HostedZoneNotEmpty"
    route53.change_resource_record_sets(**change("DELETE", "b.example"))
    assert refused(route53.change_resource_record_sets, **change("DELETE", "b.example")) == (
        "InvalidChangeBatch",
        "[Tried to delete resource record set [name='main.cache.internal.', type='CNAME'] but it was not found]",
    )
    route53.delete_hosted_zone(Id=zone_id)
    route53.create_hosted_zone(**zone)


TARGET = {
    "ServiceNamespace": "elasticache",
    "ResourceId": "replication-group/main",
    "ScalableDimension": "elasticache:replication-group:Replicas",
}
POLICY = {
    "PolicyName": "cpu",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 50.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ElastiCacheReplicaEngineCPUUtilization"},
    },
}


def test_scaling_of_a_replication_group(cloud, elasticache, refused):
    """A group that exists is a target; its policies go with it; unknown ones have AWS's fault."""
    scaling = cloud.client("application-autoscaling")
    assert refused(scaling.register_scalable_target, **TARGET, MinCapacity=1, MaxCapacity=3) == (
        "ValidationException",
        "ElastiCache replication-group doesn't exist: replication-group/main",
    )
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
    )
    assert refused(scaling.put_scaling_policy, **TARGET, **POLICY)[0] == "ObjectNotFoundException"
    assert refused(scaling.register_scalable_target, **TARGET, MinCapacity=3, MaxCapacity=1) == (
        "ValidationException",
        "Maximum capacity cannot be less than minimum capacity",
    )
    assert refused(scaling.register_scalable_target, **TARGET, MinCapacity=3)[0] == "ValidationException"
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=3)
    scaling.register_scalable_target(**TARGET, MaxCapacity=4)
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="elasticache")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    assert target["RoleARN"] == (
        "arn:aws:iam::123456789012:role/aws-service-role/elasticache.application-autoscaling.amazonaws.com/"
        "AWSServiceRoleForApplicationAutoScaling_ElastiCacheRG"
    )
    scaling.put_scaling_policy(**TARGET, **POLICY)
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="elasticache")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == POLICY["TargetTrackingScalingPolicyConfiguration"]
    assert refused(scaling.delete_scaling_policy, **TARGET, PolicyName="other")[0] == "ObjectNotFoundException"
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scaling_policies(ServiceNamespace="elasticache")["ScalingPolicies"] == []
    assert refused(scaling.deregister_scalable_target, **TARGET)[0] == "ObjectNotFoundException"
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=3)


def test_topics_and_subscriptions(cloud, refused):
    """A topic is made once per name; its subscriptions go with it."""
    sns = cloud.client("sns")
    arn = sns.create_topic(Name="alarms", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    assert sns.create_topic(Name="alarms")["TopicArn"] == arn
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=DOCUMENT)
    kept = sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]
    assert json.loads(kept) == json.loads(DOCUMENT)
    queue = "arn:aws:sqs:us-east-1:123456789012:alarms"
    subscription = sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)
    sns.delete_topic(TopicArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []
    assert refused(sns.get_subscription_attributes, SubscriptionArn=subscription["SubscriptionArn"])[0] == "NotFound"
    assert sns.create_topic(Name="alarms")["TopicArn"] == arn
    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == []


def test_parameters_and_dashboards(cloud, refused):
    """A parameter and a dashboard are made, changed, deleted and made again."""
    ssm, cloudwatch = cloud.client("ssm"), cloud.client("cloudwatch")
    for _ in range(2):
        ssm.put_parameter(Name="/cache/endpoint", Value="one", Type="String")
        assert refused(ssm.put_parameter, Name="/cache/endpoint", Value="two", Type="String")[0] == (
            "ParameterAlreadyExists"
        )
        ssm.put_parameter(Name="/cache/endpoint", Value="two", Type="String", Overwrite=True)
        assert ssm.get_parameter(Name="/cache/endpoint")["Parameter"]["Version"] == 2
        ssm.delete_parameter(Name="/cache/endpoint")
        assert refused(ssm.get_parameter, Name="/cache/endpoint")[0] == "ParameterNotFound"
        cloudwatch.put_dashboard(DashboardName="cache", DashboardBody='{"widgets": []}')
        assert json.loads(cloudwatch.get_dashboard(DashboardName="cache")["DashboardBody"]) == {"widgets": []}
        cloudwatch.delete_dashboards(DashboardNames=["cache"])
        assert refused(cloudwatch.get_dashboard, DashboardName="cache")[0] == "ResourceNotFound"
