"""ModifyReplicationGroup: engine, nodes, cluster mode, availability, durability and notifications, through HTTP."""

import pytest

GROUP = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
}
COMBINATION, VALUE = "InvalidParameterCombination", "InvalidParameterValue"


@pytest.fixture
def main(elasticache):
    elasticache.create_replication_group(**GROUP)
    return elasticache


def described(elasticache):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId="main")["ReplicationGroups"]
    return group


def member(elasticache):
    return elasticache.describe_cache_clusters()["CacheClusters"][0]


def change(elasticache, **arguments):
    """Change the group at once and return what it is then."""
    elasticache.modify_replication_group(ReplicationGroupId="main", ApplyImmediately=True, **arguments)
    return described(elasticache)


def software(elasticache):
    one = member(elasticache)
    return one["Engine"], one["EngineVersion"], one["CacheParameterGroup"]["CacheParameterGroupName"]


def test_upgrade(main):
    """An upgrade keeps AWS's own parameter group up with the version, and tells it on each member."""
    change(main, EngineVersion="7.1")
    assert software(main) == ("redis", "7.1.0", "default.redis7")
    group = change(main, Engine="valkey", EngineVersion="8.1")
    assert group["Engine"] == "valkey"
    assert software(main) == ("valkey", "8.1.0", "default.valkey8")
    events = main.describe_events(SourceType="cache-cluster", SourceIdentifier="main-002")["Events"]
    messages = [event["Message"] for event in events]
    assert {"Cache node upgraded to redis 7.1.0", "Cache node upgraded to valkey 8.1.0"} <= set(messages)


def test_upgrade_with_own_parameters(main, refused):
    """A parameter group of one's own must be replaced together with its family."""
    for name, family in (("old", "redis7"), ("new", "valkey8")):
        main.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily=family, Description="d"
        )
    change(main, CacheParameterGroupName="old")
    upgrade = {"Engine": "valkey", "EngineVersion": "8.0"}
    assert refused(change, elasticache=main, **upgrade) == (
        COMBINATION,
        "This change needs a parameter group of valkey8 with cluster-enabled no: old does not fit.",
    )
    change(main, **upgrade, CacheParameterGroupName="new")
    assert software(main) == ("valkey", "8.0.1", "new")


@pytest.mark.parametrize(
    ("parameter", "value", "status"),
    [("databases", "20", "pending-reboot"), ("maxmemory-policy", "allkeys-lru", "in-sync")],
)
def test_parameters_that_need_a_reboot(main, parameter, value, status):
    """Nodes take another parameter group at once, but for what they take at a reboot only."""
    main.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="redis7", Description="d"
    )
    values = [{"ParameterName": parameter, "ParameterValue": value}]
    main.modify_cache_parameter_group(CacheParameterGroupName="own", ParameterNameValues=values)
    change(main, CacheParameterGroupName="own")
    for one in main.describe_cache_clusters()["CacheClusters"]:
        assert one["CacheParameterGroup"]["CacheParameterGroupName"] == "own"
        assert one["CacheParameterGroup"]["ParameterApplyStatus"] == status


def test_new_nodes_need_no_reboot(main):
    """A node that is made, or made anew, after a change runs with the parameters of then; the others wait on."""
    main.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="redis7", Description="d"
    )
    values = [{"ParameterName": "databases", "ParameterValue": "20"}]
    main.modify_cache_parameter_group(CacheParameterGroupName="own", ParameterNameValues=values)
    change(main, CacheParameterGroupName="own")

    def statuses():
        clusters = main.describe_cache_clusters()["CacheClusters"]
        return [one["CacheParameterGroup"]["ParameterApplyStatus"] for one in clusters]

    assert statuses() == ["pending-reboot", "pending-reboot"]
    for function, count in ((main.decrease_replica_count, 0), (main.increase_replica_count, 1)):
        function(ReplicationGroupId="main", NewReplicaCount=count, ApplyImmediately=True)
        described(main)
    assert statuses() == ["pending-reboot", "in-sync"]
    change(main, CacheNodeType="cache.r7g.xlarge")
    assert statuses() == ["in-sync", "in-sync"]


def test_way_back_from_valkey(main, refused):
    """From Valkey 7.2 there is a way back to Redis OSS 7.1, and no other."""
    change(main, Engine="valkey", EngineVersion="7.2")
    assert refused(change, elasticache=main, Engine="redis", EngineVersion="7.0") == (
        COMBINATION,
        "The engine cannot be changed from valkey 7.2 to redis 7.0.",
    )
    change(main, Engine="redis", EngineVersion="7.1")
    assert software(main) == ("redis", "7.1.0", "default.redis7")
    change(main, Engine="valkey", EngineVersion="8.0")
    assert refused(change, elasticache=main, Engine="redis", EngineVersion="7.1")[0] == COMBINATION


def test_node_type(main):
    """A change of the node type is made on all members, and told."""
    answer = main.modify_replication_group(
        ReplicationGroupId="main", CacheNodeType="cache.r7g.xlarge", ApplyImmediately=True
    )["ReplicationGroup"]
    assert (answer["Status"], answer["CacheNodeType"]) == ("modifying", "cache.r7g.large")
    assert described(main)["CacheNodeType"] == "cache.r7g.xlarge"
    assert {one["CacheNodeType"] for one in main.describe_cache_clusters()["CacheClusters"]} == {"cache.r7g.xlarge"}
    events = main.describe_events(SourceType="replication-group")["Events"]
    assert "Replication group main has been scaled to cache.r7g.xlarge" in [event["Message"] for event in events]


def test_cluster_mode(main, refused):
    """The cluster mode changes by way of compatible, with parameters to match; members keep their names."""
    assert refused(change, elasticache=main, ClusterMode="compatible") == (
        COMBINATION,
        "Changing the cluster mode needs automatic failover and a replica.",
    )
    change(main, AutomaticFailoverEnabled=True)
    assert refused(change, elasticache=main, ClusterMode="enabled") == (
        COMBINATION,
        "The cluster mode cannot be changed from disabled to enabled.",
    )
    group = change(main, ClusterMode="compatible")
    assert (group["ClusterMode"], group["ClusterEnabled"]) == ("compatible", True)
    assert {"ConfigurationEndpoint", "NodeGroups"} <= set(group)
    assert "PrimaryEndpoint" in group["NodeGroups"][0]
    assert software(main)[2] == "default.redis7.cluster.on"
    assert refused(change, elasticache=main, CacheNodeType="cache.r7g.xlarge") == (
        COMBINATION,
        "The engine and the node type cannot be changed while the cluster mode is compatible.",
    )
    more = {"ReplicationGroupId": "main", "NewReplicaCount": 2, "ApplyImmediately": True}
    assert refused(main.increase_replica_count, **more) == (
        COMBINATION,
        "Replicas cannot be added or removed while the cluster mode is compatible.",
    )
    assert refused(change, elasticache=main, ClusterMode="enabled", SnapshotRetentionLimit=1) == (
        COMBINATION,
        "SnapshotRetentionLimit cannot be modified together with ClusterMode.",
    )
    change(main, ClusterMode="disabled")
    assert software(main)[2] == "default.redis7"
    change(main, ClusterMode="compatible")
    group = change(main, ClusterMode="enabled")
    assert (group["ClusterMode"], group["ClusterEnabled"]) == ("enabled", True)
    assert group["MemberClusters"] == ["main-001", "main-002"]
    assert [shard["Slots"] for shard in group["NodeGroups"]] == ["0-16383"]
    assert refused(change, elasticache=main, ClusterMode="compatible")[0] == COMBINATION


def test_promotion(main, refused):
    """A replica is made the primary while failover is off."""
    group = change(main, PrimaryClusterId="MAIN-002")
    roles = {one["CacheClusterId"]: one["CurrentRole"] for one in group["NodeGroups"][0]["NodeGroupMembers"]}
    assert roles == {"main-001": "replica", "main-002": "primary"}
    assert refused(change, elasticache=main, PrimaryClusterId="main-009") == (
        "CacheClusterNotFound",
        "CacheCluster not found: main-009",
    )
    change(main, AutomaticFailoverEnabled=True)
    assert refused(change, elasticache=main, PrimaryClusterId="main-001") == (
        COMBINATION,
        "Promoting a replica needs automatic failover to be off.",
    )


def test_availability(main, refused):
    """Failover and Multi-AZ are turned on and off, the former not without the latter."""
    assert refused(change, elasticache=main, MultiAZEnabled=True) == (
        COMBINATION,
        "Must specify automatic failover with Multi-AZ.",
    )
    group = change(main, AutomaticFailoverEnabled=True, MultiAZEnabled=True)
    assert (group["AutomaticFailover"], group["MultiAZ"]) == ("enabled", "enabled")
    assert refused(change, elasticache=main, AutomaticFailoverEnabled=False)[0] == COMBINATION
    group = change(main, AutomaticFailoverEnabled=False, MultiAZEnabled=False)
    assert (group["AutomaticFailover"], group["MultiAZ"]) == ("disabled", "disabled")
    events = main.describe_events(SourceType="replication-group")["Events"]
    assert {event["Message"] for event in events} == {
        "Replication group main created",
        "Automatic failover has been turned on for replication group main",
        "Automatic failover has been turned off for replication group main",
    }


def test_notifications(cloud, main):
    """The topic is set, silenced, heard again and taken away."""
    topic = cloud.client("sns").create_topic(Name="caches")["TopicArn"]
    change(main, NotificationTopicArn=topic)
    assert member(main)["NotificationConfiguration"] == {"TopicArn": topic, "TopicStatus": "active"}
    change(main, NotificationTopicStatus="inactive")
    assert member(main)["NotificationConfiguration"]["TopicStatus"] == "inactive"
    change(main, NotificationTopicArn=topic)
    assert member(main)["NotificationConfiguration"]["TopicStatus"] == "active"
    change(main, NotificationTopicArn="")
    assert "NotificationConfiguration" not in member(main)


def test_log_delivery(main):
    """A log's delivery is enabled, and disabled by its type."""
    log = {
        "LogType": "engine-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "caches"}},
        "LogFormat": "text",
    }
    assert change(main, LogDeliveryConfigurations=[log])["LogDeliveryConfigurations"] == [log | {"Status": "active"}]
    off = {"LogType": "engine-log", "Enabled": False}
    assert change(main, LogDeliveryConfigurations=[off])["LogDeliveryConfigurations"] == []


def test_window_of_snapshots_that_are_not_taken(main, refused):
    """A maintenance window may be where nothing is snapshotted; with snapshots the two must not overlap."""
    group = change(main, PreferredMaintenanceWindow="tue:05:30-tue:06:30")
    assert group["SnapshotWindow"] == "07:00-08:00"
    change(main, SnapshotRetentionLimit=1)
    for days in ({}, {"SnapshotRetentionLimit": 2}):
        assert refused(change, elasticache=main, PreferredMaintenanceWindow="wed:07:30-wed:08:30", **days) == (
            VALUE,
            "The snapshot window and maintenance window must not overlap.",
        )
    group = change(main, PreferredMaintenanceWindow="wed:07:30-wed:08:30", SnapshotRetentionLimit=0)
    assert group["SnapshotWindow"] == "05:00-06:00"


def test_snapshotting_cluster(main):
    """With automatic snapshots a replica is their source, unless a member is named."""
    assert "SnapshottingClusterId" not in described(main)
    assert change(main, SnapshotRetentionLimit=1)["SnapshottingClusterId"] == "main-002"
    assert change(main, SnapshottingClusterId="main-001")["SnapshottingClusterId"] == "main-001"


def test_durability(elasticache, refused):
    """How the log is written can be changed; whether there is one cannot."""
    elasticache.create_replication_group(
        **{name: value for name, value in GROUP.items() if name != "NumCacheClusters"}
        | {"Engine": "valkey", "EngineVersion": "9.0", "NumNodeGroups": 1, "ReplicasPerNodeGroup": 1},
        ClusterMode="enabled",
        MultiAZEnabled=True,
        TransitEncryptionEnabled=True,
        Durability="sync",
    )
    assert change(elasticache, Durability="async")["EffectiveDurability"] == "async"
    assert refused(change, elasticache=elasticache, Durability="disabled") == (
        COMBINATION,
        "Durability cannot be changed from async to disabled: it is turned on or off at creation only.",
    )
    assert refused(change, elasticache=elasticache, MultiAZEnabled=False) == (
        COMBINATION,
        "Durability async requires Multi-AZ.",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"EngineVersion": "6.2"}, COMBINATION, "Cannot downgrade from 7.0 to 6.2."),
        ({"EngineVersion": "9.9"}, COMBINATION, "Cannot find version 9.9 for redis"),
        ({"Engine": "valkey"}, COMBINATION, "Changing the engine needs an engine version."),
        (
            {"Engine": "memcached", "EngineVersion": "1.6.22"},
            VALUE,
            "Invalid Engine: memcached. A replication group runs redis or valkey.",
        ),
        ({"CacheNodeType": "cache.huge"}, VALUE, "The parameter CacheNodeType is not valid: cache.huge"),
        (
            {"CacheNodeType": "cache.r6gd.xlarge"},
            COMBINATION,
            "A cluster cannot be scaled between node types with and without data tiering.",
        ),
        ({"CacheNodeType": "cache.r8g.large"}, COMBINATION, None),
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound", None),
        (
            {"CacheParameterGroupName": "default.redis7.cluster.on"},
            COMBINATION,
            "The parameter cluster-enabled has a different value in the requested parameter group than the current "
            "parameter group. This parameter value cannot be changed for a cache cluster.",
        ),
        ({"ClusterMode": "on"}, VALUE, "Invalid ClusterMode: on. Must be one of: enabled, disabled, compatible."),
        (
            {"CacheSecurityGroupNames": ["classic"]},
            VALUE,
            "Use of cache security groups is not permitted in this API version for your account.",
        ),
        ({"SecurityGroupIds": ["sg-none"]}, VALUE, "Some security groups are invalid: sg-none"),
        ({"SnapshotRetentionLimit": 36}, VALUE, None),
        ({"SnapshotWindow": "5-6"}, VALUE, None),
        ({"SnapshotWindow": "23:00-00:30"}, VALUE, "The snapshot window and maintenance window must not overlap."),
        ({"PreferredMaintenanceWindow": "mon:05:00-mon:05:10"}, VALUE, None),
        ({"SnapshottingClusterId": "main-009"}, "CacheClusterNotFound", "CacheCluster not found: main-009"),
        ({"ReplicationGroupDescription": "d" * 256}, VALUE, None),
        ({"NotificationTopicArn": "arn:aws:sns:us-east-1:123456789012:none"}, VALUE, None),
        (
            {"NotificationTopicStatus": "quiet"},
            VALUE,
            "Invalid NotificationTopicStatus: quiet. Must be active or inactive.",
        ),
        *(
            (unchanged, COMBINATION, "No modifications were requested")
            for unchanged in (
                {},
                {"ReplicationGroupDescription": "the main one", "AutomaticFailoverEnabled": False},
                {"CacheNodeType": "cache.r7g.large", "EngineVersion": "7.0"},
            )
        ),
        ({"Durability": "sync"}, COMBINATION, None),
        (
            {"IpDiscovery": "ipv6"},
            COMBINATION,
            "IpDiscovery ipv6 is not possible with the network type ipv4.",
        ),
    ],
)
def test_refusals(main, refused, arguments, code, message):
    """Each bad change is refused with its own fault, and nothing is changed."""
    before = described(main)
    found = refused(change, elasticache=main, **arguments)
    assert found[0] == code
    assert message is None or found[1] == message
    assert described(main) == before


def test_sharded_group(elasticache, refused):
    """With cluster mode enabled failover stays on, and neither primary nor snapshot source is chosen."""
    elasticache.create_replication_group(
        **{name: value for name, value in GROUP.items() if name != "NumCacheClusters"},
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
    )
    for arguments, message in (
        (
            {"AutomaticFailoverEnabled": False},
            "Turning off automatic failover for replication group with cluster mode enabled is not supported.",
        ),
        (
            {"SnapshottingClusterId": "main-0001-002"},
            "Cannot set snapshotting cluster for cluster mode enabled replication group",
        ),
        ({"PrimaryClusterId": "main-0001-002"}, "PrimaryClusterId cannot be given with cluster mode enabled."),
    ):
        assert refused(change, elasticache=elasticache, **arguments) == (COMBINATION, message)
    assert change(elasticache, MultiAZEnabled=True)["MultiAZ"] == "enabled"


def test_missing_group(elasticache, refused):
    """A group that does not exist is not changed."""
    assert refused(change, elasticache=elasticache, SnapshotRetentionLimit=1)[0] == "ReplicationGroupNotFoundFault"
