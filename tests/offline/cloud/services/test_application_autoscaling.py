"""Caches that scale: which targets and policies there may be, their alarms, and what they do under load."""

from datetime import UTC, datetime, timedelta

import pytest

from cachewright_offline.cloud import carrier
from cachewright_offline.cloud.clock import CLOCK

REPLICAS = {
    "ServiceNamespace": "elasticache",
    "ResourceId": "replication-group/main",
    "ScalableDimension": "elasticache:replication-group:Replicas",
}
SHARDS = REPLICAS | {"ScalableDimension": "elasticache:replication-group:NodeGroups"}


@pytest.fixture
def scaling(cloud):
    return cloud.client("application-autoscaling")


def create_group(elasticache, **given):
    elasticache.create_replication_group(
        **{
            "ReplicationGroupId": "main",
            "ReplicationGroupDescription": "main",
            "Engine": "valkey",
            "CacheNodeType": "cache.r7g.large",
            "NumNodeGroups": 2,
            "ReplicasPerNodeGroup": 1,
            "AutomaticFailoverEnabled": True,
            "TransitEncryptionEnabled": True,
        }
        | given
    )


def tracking(metric, **given):
    configuration = {"TargetValue": 50.0, "PredefinedMetricSpecification": {"PredefinedMetricType": metric}} | given
    return {
        "PolicyName": "load",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration,
    }


REPLICA_CPU = "ElastiCacheReplicaEngineCPUUtilization"
PRIMARY_CPU = "ElastiCachePrimaryEngineCPUUtilization"


def load(cloud, where, value, metric="EngineCPUUtilization"):
    """Put a load on the nodes of a role, or on those that dimensions name, for as long as an alarm looks back."""
    now = datetime.now(UTC)
    dimensions = where
    if isinstance(where, str):
        dimensions = [{"Name": "ReplicationGroupId", "Value": "main"}, {"Name": "Role", "Value": where}]
    data = [
        {
            "MetricName": metric,
            "Dimensions": dimensions,
            "Value": value,
            "Timestamp": now - timedelta(minutes=back),
        }
        for back in range(20)
    ]
    cloud.client("cloudwatch").put_metric_data(Namespace="AWS/ElastiCache", MetricData=data)


def shape(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return [len(shard["NodeGroupMembers"]) - 1 for shard in group["NodeGroups"]]


@pytest.mark.parametrize(
    ("group", "target", "message"),
    [
        (
            {"NumNodeGroups": 1},
            REPLICAS,
            "Auto scaling is only supported for replication groups with cluster mode enabled.",
        ),
        (
            {"CacheNodeType": "cache.t4g.medium"},
            SHARDS,
            "Auto scaling is not supported for the node type cache.t4g.medium.",
        ),
        (
            {},
            REPLICAS | {"MaxCapacity": 6},
            f"The capacity of {REPLICAS['ScalableDimension']} must be between 1 and 5.",
        ),
        ({}, SHARDS | {"MinCapacity": 0}, f"The capacity of {SHARDS['ScalableDimension']} must be between 1 and 500."),
        (
            {},
            SHARDS | {"ScalableDimension": "elasticache:cache-cluster:Nodes"},
            "Unsupported service namespace, resource type or scalable dimension",
        ),
    ],
)
def test_target_that_cannot_be(elasticache, scaling, refused, group, target, message):
    """What AWS cannot scale is no target."""
    create_group(elasticache, **group)
    assert refused(scaling.register_scalable_target, **{"MinCapacity": 1, "MaxCapacity": 3} | target) == (
        "ValidationException",
        message,
    )


@pytest.mark.parametrize(
    ("target", "policy", "message"),
    [
        (
            SHARDS,
            tracking(REPLICA_CPU),
            f"The metric {REPLICA_CPU} is not supported for the scalable dimension {SHARDS['ScalableDimension']}.",
        ),
        (
            REPLICAS,
            tracking("ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage"),
            "The metric ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage is not supported for the scalable "
            f"dimension {REPLICAS['ScalableDimension']}.",
        ),
        (REPLICAS, tracking(REPLICA_CPU, TargetValue=80.0), "The target value must be between 35 and 70."),
        (
            REPLICAS,
            {"PolicyName": "step", "PolicyType": "StepScaling", "StepScalingPolicyConfiguration": {}},
            "The policy type StepScaling is not supported for ElastiCache: use TargetTrackingScaling.",
        ),
        (
            REPLICAS,
            {
                "PolicyName": "none",
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50.0},
            },
            "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified.",
        ),
    ],
)
def test_policy_that_cannot_be(elasticache, scaling, refused, target, policy, message):
    """A policy follows a metric of its dimension to a value that ElastiCache allows."""
    create_group(elasticache)
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=3)
    assert refused(scaling.put_scaling_policy, **target, **policy) == ("ValidationException", message)


def test_alarms_of_a_policy(cloud, elasticache, scaling):
    """A policy makes its alarms, keeps its ARN when it changes, and takes its alarms along."""
    create_group(elasticache)
    cloudwatch = cloud.client("cloudwatch")
    scaling.register_scalable_target(**REPLICAS, MinCapacity=1, MaxCapacity=3)
    made = scaling.put_scaling_policy(**REPLICAS, **tracking(REPLICA_CPU))
    high, low = cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking-replication-group/main-Alarm")[
        "MetricAlarms"
    ]
    assert [one["AlarmName"] for one in made["Alarms"]] == [high["AlarmName"], low["AlarmName"]]
    assert high["AlarmName"].startswith("TargetTracking-replication-group/main-AlarmHigh-")
    assert (high["Threshold"], high["ComparisonOperator"], high["EvaluationPeriods"]) == (
        *(50.0, "GreaterThanThreshold", 3),
    )
    assert (low["Threshold"], low["ComparisonOperator"], low["EvaluationPeriods"]) == (45.0, "LessThanThreshold", 15)
    for alarm in (high, low):
        assert alarm["Dimensions"] == [
            {"Name": "ReplicationGroupId", "Value": "main"},
            {"Name": "Role", "Value": "Replica"},
        ]
        assert alarm["AlarmActions"][0].startswith(made["PolicyARN"])
    again = scaling.put_scaling_policy(**REPLICAS, **tracking(REPLICA_CPU, DisableScaleIn=True))
    assert again["PolicyARN"] == made["PolicyARN"]
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert [one["AlarmName"] for one in again["Alarms"]] == [alarm["AlarmName"]]
    scaling.delete_scaling_policy(**REPLICAS, PolicyName="load")
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_replicas_under_load(cloud, elasticache, scaling):
    """Load adds as many replicas as bring it back to the target, within the bounds; calm takes them away."""
    create_group(elasticache)
    scaling.register_scalable_target(**REPLICAS, MinCapacity=1, MaxCapacity=3)
    scaling.put_scaling_policy(**REPLICAS, **tracking(REPLICA_CPU))
    assert shape(elasticache) == [1, 1]
    load(cloud, "Replica", 90.0)
    assert shape(elasticache) == [2, 2]
    load(cloud, "Replica", -75.0)
    assert shape(elasticache) == [1, 1]
    found = scaling.describe_scaling_activities(**REPLICAS)["ScalingActivities"]
    assert [(one["Description"], one["StatusCode"]) for one in found] == [
        ("Setting desired count to 1.", "Successful"),
        ("Setting desired count to 2.", "Successful"),
    ]
    assert found[1]["Cause"].startswith("monitor alarm TargetTracking-replication-group/main-AlarmHigh-")
    assert found[1]["Cause"].endswith(" in state ALARM triggered policy load")
    assert found[1]["StatusMessage"] == (
        "Successfully set desired count to 2. Change successfully fulfilled by elasticache."
    )
    assert scaling.describe_scaling_activities(**SHARDS)["ScalingActivities"] == []
    page = scaling.describe_scaling_activities(ServiceNamespace="elasticache", MaxResults=1)
    rest = scaling.describe_scaling_activities(ServiceNamespace="elasticache", NextToken=page["NextToken"])
    assert page["ScalingActivities"] + rest["ScalingActivities"] == found


def test_shards_under_load(cloud, elasticache, scaling):
    """Load adds shards, at most as many as the target may have."""
    create_group(elasticache)
    scaling.register_scalable_target(**SHARDS, MinCapacity=2, MaxCapacity=4)
    memory = "DatabaseMemoryUsageCountedForEvictPercentage"
    scaling.put_scaling_policy(**SHARDS, **tracking(f"ElastiCache{memory}"))
    load(cloud, "Primary", 140.0, memory)
    assert len(shape(elasticache)) == 4
    load(cloud, "Primary", -1000.0, memory)
    assert len(shape(elasticache)) == 2


def test_nodes_under_load(cloud, elasticache, scaling):
    """Load adds nodes to a Memcached cluster, within the bounds; calm takes the last ones away."""
    elasticache.create_cache_cluster(
        CacheClusterId="mem", Engine="memcached", CacheNodeType="cache.r7g.large", NumCacheNodes=2
    )
    elasticache.describe_cache_clusters()
    target = {
        "ServiceNamespace": "elasticache",
        "ResourceId": "cache-cluster/mem",
        "ScalableDimension": "elasticache:cache-cluster:Nodes",
    }
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=3)
    scaling.put_scaling_policy(**target, **tracking("ElastiCacheEngineCPUUtilization"))

    def nodes():
        (cluster,) = elasticache.describe_cache_clusters(CacheClusterId="mem", ShowCacheNodeInfo=True)["CacheClusters"]
        return [node["CacheNodeId"] for node in cluster["CacheNodes"]]

    of_the_cluster = [{"Name": "CacheClusterId", "Value": "mem"}]
    load(cloud, of_the_cluster, 90.0)
    assert nodes() == ["0001", "0002", "0003"]
    load(cloud, of_the_cluster, -1000.0)
    assert nodes() == ["0001"]
    found = scaling.describe_scaling_activities(**target)["ScalingActivities"]
    assert [(one["Description"], one["StatusCode"]) for one in found] == [
        ("Setting desired count to 1.", "Successful"),
        ("Setting desired count to 3.", "Successful"),
    ]


def test_no_scaling(cloud, elasticache, scaling):
    """Nothing happens while scaling is suspended, or within the cooldown."""
    create_group(elasticache)
    suspended = {"DynamicScalingOutSuspended": True}
    scaling.register_scalable_target(**REPLICAS, MinCapacity=1, MaxCapacity=2, SuspendedState=suspended)
    scaling.put_scaling_policy(**REPLICAS, **tracking(REPLICA_CPU, ScaleOutCooldown=3600, DisableScaleIn=True))
    load(cloud, "Replica", 90.0)
    assert shape(elasticache) == [1, 1]
    scaling.register_scalable_target(**REPLICAS, SuspendedState={"DynamicScalingOutSuspended": False})
    load(cloud, "Replica", -90.0)
    assert shape(elasticache) == [1, 1]
    load(cloud, "Replica", 300.0)
    assert shape(elasticache) == [2, 2]
    elasticache.decrease_replica_count(ReplicationGroupId="main", NewReplicaCount=1, ApplyImmediately=True)
    load(cloud, "Replica", -3000.0)
    assert shape(elasticache) == [1, 1]
    load(cloud, "Replica", 50_000.0)
    assert shape(elasticache) == [1, 1]


def test_scaling_that_elasticache_refuses(cloud, elasticache, scaling):
    """A refusal of ElastiCache is the message of a failed activity."""
    create_group(elasticache)
    scaling.register_scalable_target(**REPLICAS, MinCapacity=1, MaxCapacity=5)
    scaling.put_scaling_policy(**REPLICAS, **tracking(REPLICA_CPU))
    load(cloud, "Replica", 90.0)
    elasticache.delete_replication_group(ReplicationGroupId="main")
    elasticache.describe_cache_clusters()
    load(cloud, "Replica", -90.0)
    load(cloud, "Replica", 9000.0)
    last = scaling.describe_scaling_activities(ServiceNamespace="elasticache")["ScalingActivities"][0]
    assert (last["StatusCode"], last["StatusMessage"]) == (
        "Failed",
        "Failed to set desired count. Reason: ReplicationGroup main not found.",
    )


def schedule(**given):
    action = {"MinCapacity": 3, "MaxCapacity": 4}
    return REPLICAS | {"ScheduledActionName": "evening", "ScalableTargetAction": action} | given


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"Schedule": "at(tomorrow)"}, "ValidationException", "The schedule at(tomorrow) is not valid."),
        (
            {"Schedule": "at(2026-02-30T00:00:00)"},
            "ValidationException",
            "The schedule at(2026-02-30T00:00:00) is not valid.",
        ),
        ({"Schedule": "rate(0 minutes)"}, "ValidationException", "The schedule rate(0 minutes) is not valid."),
        (
            {"Schedule": "cron(0 18 * * ? *)"},
            "ValidationException",
            "Schedules by cron are not supported by the local AWS: use at() or rate().",
        ),
        (
            {"Schedule": "rate(1 day)", "Timezone": "Europe/Berlin"},
            "ValidationException",
            "Time zones other than UTC are not supported by the local AWS.",
        ),
        (
            {"Schedule": "rate(1 day)", "ScalableTargetAction": {"MinCapacity": 3, "MaxCapacity": 1}},
            "ValidationException",
            "Maximum capacity cannot be less than minimum capacity",
        ),
        (
            {"Schedule": "rate(1 day)", "ScalableDimension": SHARDS["ScalableDimension"]},
            "ObjectNotFoundException",
            "No scalable target registered for service namespace: elasticache, resource ID: replication-group/main, "
            f"scalable dimension: {SHARDS['ScalableDimension']}",
        ),
    ],
)
def test_schedule_that_cannot_be(elasticache, scaling, refused, given, code, message):
    """A schedule is well-formed, for a registered target, and of a kind that is carried out here."""
    create_group(elasticache)
    scaling.register_scalable_target(**REPLICAS, MinCapacity=1, MaxCapacity=3)
    assert refused(scaling.put_scheduled_action, **schedule(**given)) == (code, message)


def test_scheduled_actions_are_carried_out(in_process):
    """At its time an action sets the bounds and scales what lies outside; a deleted or changed one does not."""
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    in_process.call(
        "CreateReplicationGroup",
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
    )
    backend = applicationautoscaling_backends[carrier.DEFAULT_ACCOUNT_ID]["us-east-1"]
    place = ("elasticache", REPLICAS["ResourceId"], REPLICAS["ScalableDimension"])
    in_process.call("DescribeReplicationGroups")
    backend.register_scalable_target(*place, min_capacity=1, max_capacity=3, role_arn=None, suspended_state=None)

    def put(name, when, least, most):
        backend.put_scheduled_action(
            service_namespace=place[0],
            schedule=when,
            timezone=None,
            scheduled_action_name=name,
            resource_id=place[1],
            scalable_dimension=place[2],
            start_time=None,
            end_time=None,
            scalable_target_action={"MinCapacity": least, "MaxCapacity": most},
        )

    def replicas():
        for _ in range(2):
            (group,) = in_process.call("DescribeReplicationGroups")["ReplicationGroups"]
        return {len(shard["NodeGroupMembers"]) - 1 for shard in group["NodeGroups"]}

    evening = f"at({CLOCK.now() + timedelta(hours=2):%Y-%m-%dT%H:%M:%S})"
    put("evening", evening, 5, 5)
    put("evening", evening, 3, 4)
    put("gone", "rate(1 hour)", 2, 2)
    backend.delete_scheduled_action("elasticache", "gone", place[1], place[2])
    CLOCK.advance(3600)
    assert replicas() == {1}
    CLOCK.advance(3601)
    assert replicas() == {3}
    target = backend.targets[place[2]][place[1]]
    assert (target.min_capacity, target.max_capacity) == (3, 4)
    put("hourly", "rate(1 hour)", 1, 2)
    CLOCK.advance(3601)
    assert replicas() == {2}
    assert [one["Cause"] for one in backend.scaling_activities] == (
        ["scheduled action name evening was triggered", "scheduled action name hourly was triggered"]
    )
