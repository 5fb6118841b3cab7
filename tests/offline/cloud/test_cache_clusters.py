"""Cache clusters of their own, through HTTP: making, changing, rebooting and deleting them."""

import re

import pytest

MEMCACHED = {
    "CacheClusterId": "mem",
    "Engine": "memcached",
    "CacheNodeType": "cache.m7g.large",
    "NumCacheNodes": 3,
    "AZMode": "cross-az",
}
REDIS = {
    "CacheClusterId": "one",
    "Engine": "redis",
    "EngineVersion": "7.0",
    "CacheNodeType": "cache.t4g.micro",
    "NumCacheNodes": 1,
}
SLOW_LOG = {
    "LogType": "slow-log",
    "DestinationType": "cloudwatch-logs",
    "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
}


def shown(elasticache, id):
    (cluster,) = elasticache.describe_cache_clusters(CacheClusterId=id, ShowCacheNodeInfo=True)["CacheClusters"]
    return cluster


def zones_of(cluster):
    return {node["CacheNodeId"]: node["CustomerAvailabilityZone"] for node in cluster["CacheNodes"]}


def messages(elasticache, id):
    events = elasticache.describe_events(SourceType="cache-cluster", SourceIdentifier=id)["Events"]
    return sorted(event["Message"] for event in events)


def test_memcached_cluster(elasticache):
    """A Memcached cluster is creating at first, then has a configuration endpoint and nodes over its zones."""
    answer = elasticache.create_cache_cluster(**MEMCACHED)["CacheCluster"]
    assert (answer["CacheClusterStatus"], "ConfigurationEndpoint" in answer) == ("creating", False)
    elasticache.get_waiter("cache_cluster_available").wait(CacheClusterId="mem")
    cluster = shown(elasticache, "MEM")
    assert cluster["CacheClusterStatus"] == "available"
    assert cluster["NumCacheNodes"] == 3
    assert cluster["PreferredAvailabilityZone"] == "Multiple"
    assert cluster["CacheParameterGroup"] == {
        "CacheParameterGroupName": "default.memcached1.6",
        "ParameterApplyStatus": "in-sync",
        "CacheNodeIdsToReboot": [],
    }
    assert cluster["ARN"] == "arn:aws:elasticache:us-east-1:123456789012:cluster:mem"
    assert cluster["ClientDownloadLandingPage"] == "https://console.aws.amazon.com/elasticache/home#client-download:"
    assert (cluster["NetworkType"], cluster["IpDiscovery"]) == ("ipv4", "ipv4")
    assert (cluster["AtRestEncryptionEnabled"], cluster["TransitEncryptionEnabled"]) == (False, False)
    assert cluster["PendingModifiedValues"] == {}
    endpoint = cluster["ConfigurationEndpoint"]
    assert re.fullmatch(r"mem\.[a-z0-9]{6}\.cfg\.use1\.cache\.amazonaws\.com", endpoint["Address"])
    assert endpoint["Port"] == 11211
    assert sorted(zones_of(cluster).values()) == ["us-east-1a", "us-east-1b", "us-east-1c"]
    node = cluster["CacheNodes"][1]
    assert node["Endpoint"] == {"Address": endpoint["Address"].replace(".cfg.", ".0002."), "Port": 11211}
    assert (node["CacheNodeId"], node["CacheNodeStatus"], node["ParameterGroupStatus"]) == (
        "0002",
        "available",
        "in-sync",
    )
    assert messages(elasticache, "mem") == [
        "Added cache node 0001 in availability zone us-east-1a",
        "Added cache node 0002 in availability zone us-east-1b",
        "Added cache node 0003 in availability zone us-east-1c",
        "Cache cluster created",
    ]


def test_redis_cluster(elasticache):
    """A cluster of Redis OSS has one node, a snapshot window and no configuration endpoint."""
    elasticache.create_cache_cluster(**REDIS, PreferredAvailabilityZone="us-east-1b", Port=7000)
    cluster = shown(elasticache, "one")
    assert (cluster["EngineVersion"], cluster["PreferredAvailabilityZone"]) == ("7.0.7", "us-east-1b")
    assert (cluster["SnapshotWindow"], cluster["SnapshotRetentionLimit"]) == ("05:00-06:00", 0)
    assert "ConfigurationEndpoint" not in cluster
    (node,) = cluster["CacheNodes"]
    assert re.fullmatch(r"one\.[a-z0-9]{6}\.0001\.use1\.cache\.amazonaws\.com", node["Endpoint"]["Address"])
    assert node["Endpoint"]["Port"] == 7000


def test_id_is_stored_in_lower_case(elasticache, refused):
    """An id is taken whatever its case, and found so."""
    elasticache.create_cache_cluster(**REDIS | {"CacheClusterId": "One"})
    assert shown(elasticache, "ONE")["CacheClusterId"] == "one"
    assert refused(elasticache.create_cache_cluster, **REDIS)[0] == "CacheClusterAlreadyExists"


def test_windows_that_aws_chooses_do_not_overlap(elasticache):
    """Where one window is given, the other one is chosen beside it."""
    elasticache.create_cache_cluster(**REDIS, PreferredMaintenanceWindow="Mon:04:00-Mon:05:30")
    elasticache.create_cache_cluster(**REDIS | {"CacheClusterId": "two"}, SnapshotWindow="22:30-23:30")
    one, two = shown(elasticache, "one"), shown(elasticache, "two")
    assert (one["SnapshotWindow"], one["PreferredMaintenanceWindow"]) == ("06:00-07:00", "mon:04:00-mon:05:30")
    assert (two["SnapshotWindow"], two["PreferredMaintenanceWindow"]) == ("22:30-23:30", "sun:21:00-sun:22:00")


@pytest.mark.parametrize(
    ("base", "changes", "code", "message"),
    [
        (REDIS, {"CacheClusterId": "a" * 51}, "InvalidParameterValue", "The parameter CacheClusterId is not a valid"),
        (REDIS, {"CacheClusterId": "one_"}, "InvalidParameterValue", "The parameter CacheClusterId is not a valid"),
        (REDIS, {"Engine": "dragonfly"}, "InvalidParameterValue", "Invalid Engine: dragonfly."),
        (REDIS, {"Engine": "valkey", "EngineVersion": "8.0"}, "InvalidParameterValue", "Invalid Engine: valkey."),
        (REDIS, {"EngineVersion": "9.9"}, "InvalidParameterCombination", "Cannot find version 9.9 for redis"),
        (
            REDIS,
            {"CacheNodeType": "cache.none.large"},
            "InvalidParameterValue",
            "The parameter CacheNodeType is not valid: cache.none.large",
        ),
        (REDIS, {"CacheNodeType": "cache.r8g.large"}, "InvalidParameterCombination", "Unsupported node type: "),
        (REDIS, {"CacheNodeType": "cache.r6gd.xlarge"}, "InvalidParameterCombination", "The node type cache.r6gd"),
        (
            REDIS,
            {"NumCacheNodes": 2},
            "InvalidParameterValue",
            "Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.",
        ),
        (MEMCACHED, {"NumCacheNodes": 0}, "InvalidParameterValue", "Invalid NumCacheNodes: 0. Must be at least 1."),
        (MEMCACHED, {"NumCacheNodes": 41}, "NodeQuotaForClusterExceeded", "The request cannot be processed because"),
        (
            MEMCACHED,
            {"NumCacheNodes": 1},
            "InvalidParameterCombination",
            "Must specify at least two cache nodes in order to specify AZ Mode of 'cross-az'.",
        ),
        (REDIS, {"AZMode": "cross-az"}, "InvalidParameterCombination", "AZMode of 'cross-az' is only supported for"),
        (
            MEMCACHED,
            {"PreferredAvailabilityZones": ["us-east-1a", "us-east-1b"]},
            "InvalidParameterCombination",
            "PreferredAvailabilityZones must name 3 zones, one for each cache node.",
        ),
        (
            MEMCACHED,
            {"PreferredAvailabilityZones": ["us-east-1a"] * 3},
            "InvalidParameterCombination",
            "The zones us-east-1a, us-east-1a, us-east-1a do not fit AZMode of 'cross-az'.",
        ),
        (
            MEMCACHED,
            {"PreferredAvailabilityZones": ["us-east-1a", "us-east-1b", "eu-west-1a"]},
            "InvalidParameterValue",
            "eu-west-1a is not a valid availability zone",
        ),
        (
            MEMCACHED,
            {"PreferredAvailabilityZone": "us-east-1a"},
            "InvalidParameterCombination",
            "PreferredAvailabilityZone cannot be given with AZMode of 'cross-az'.",
        ),
        (
            REDIS,
            {"CacheSubnetGroupName": "none"},
            "CacheSubnetGroupNotFoundFault",
            "Cache subnet group none not found.",
        ),
        (REDIS, {"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound", "CacheParameterGroup not found: "),
        (
            REDIS,
            {"CacheParameterGroupName": "default.redis6.x"},
            "InvalidParameterCombination",
            "Expected a parameter group of family redis7 but found one of family redis6.x",
        ),
        (
            REDIS,
            {"CacheParameterGroupName": "default.redis7.cluster.on"},
            "InvalidParameterCombination",
            "The parameter group default.redis7.cluster.on is for cluster mode",
        ),
        (REDIS, {"SecurityGroupIds": ["sg-00000000"]}, "InvalidParameterValue", "Some security groups are invalid: "),
        (REDIS, {"CacheSecurityGroupNames": ["x"]}, "InvalidParameterValue", "Use of cache security groups is not "),
        (REDIS, {"ReplicationGroupId": "none"}, "ReplicationGroupNotFoundFault", "ReplicationGroup none not found."),
        (REDIS, {"SnapshotRetentionLimit": 36}, "InvalidParameterValue", "Invalid snapshot retention limit: 36."),
        (REDIS, {"SnapshotWindow": "5-6"}, "InvalidParameterValue", "The window must be hh24:mi-hh24:mi"),
        (REDIS, {"PreferredMaintenanceWindow": "mon:05:00-mon:05:30"}, "InvalidParameterValue", "The window must last"),
        (
            REDIS,
            {"SnapshotWindow": "04:00-06:00", "PreferredMaintenanceWindow": "mon:05:00-mon:07:00"},
            "InvalidParameterValue",
            "The snapshot window and maintenance window must not overlap.",
        ),
        (REDIS, {"Port": 70000}, "InvalidParameterValue", "Invalid port: 70000."),
        (REDIS, {"SnapshotName": "none"}, "SnapshotNotFoundFault", "none"),
        (
            REDIS,
            {"SnapshotName": "none", "SnapshotArns": ["arn:aws:s3:::bucket/a.rdb"]},
            "InvalidParameterCombination",
            "SnapshotName and SnapshotArns cannot be given together.",
        ),
        (REDIS, {"SnapshotArns": ["arn:aws:s3:::bucket/a,b.rdb"]}, "InvalidParameterValue", "SnapshotArns must hold"),
        (MEMCACHED, {"SnapshotRetentionLimit": 1}, "InvalidParameterCombination", "SnapshotRetentionLimit is not "),
        (MEMCACHED, {"SnapshotWindow": "05:00-06:00"}, "InvalidParameterCombination", "SnapshotWindow is not "),
        (REDIS, {"AuthToken": "x" * 16}, "InvalidParameterCombination", "The AUTH token is only supported on "),
        (REDIS, {"TransitEncryptionEnabled": True}, "InvalidParameterCombination", "Encryption feature is not "),
        (
            MEMCACHED,
            {"TransitEncryptionEnabled": True, "EngineVersion": "1.6.6"},
            "InvalidParameterCombination",
            "Encryption features are not supported for engine version 1.6.6. Please use engine version 1.6.12 or ",
        ),
        (REDIS, {"OutpostMode": "single-outpost"}, "InvalidParameterCombination", "OutpostMode needs "),
        (REDIS, {"OutpostMode": "no-outpost"}, "InvalidParameterValue", "Invalid value for OutpostMode: no-outpost."),
        (REDIS, {"PreferredOutpostArn": "arn:x"}, "InvalidParameterValue", "The outpost arn:x does not exist."),
        (REDIS, {"NetworkType": "ipv5"}, "InvalidParameterValue", "Invalid NetworkType: ipv5."),
        (REDIS, {"NetworkType": "ipv6"}, "InvalidVPCNetworkStateFault", "does not support the network type ipv6."),
        (REDIS, {"IpDiscovery": "ipv6"}, "InvalidParameterCombination", "IpDiscovery ipv6 is not possible with "),
        (
            REDIS,
            {"EngineVersion": "5.0.6", "NetworkType": "dual_stack"},
            "InvalidParameterCombination",
            "Network type dual_stack is not supported by redis 5.0.6.",
        ),
        (
            MEMCACHED,
            {"LogDeliveryConfigurations": [SLOW_LOG]},
            "InvalidParameterCombination",
            "The slow-log is not supported by memcached 1.6.22.",
        ),
        (
            REDIS,
            {"LogDeliveryConfigurations": [SLOW_LOG | {"LogFormat": "yaml"}]},
            "InvalidParameterValue",
            "Invalid log format: yaml. Must be text or json.",
        ),
        (
            REDIS,
            {
                "LogDeliveryConfigurations": [
                    SLOW_LOG
                    | {
                        "DestinationDetails": {
                            "CloudWatchLogsDetails": {"LogGroup": "slow"},
                            "KinesisFirehoseDetails": {"DeliveryStream": "slow"},
                        }
                    }
                ]
            },
            "InvalidParameterCombination",
            "The log delivery destination must be either a log group or a delivery stream.",
        ),
        (REDIS, {"NotificationTopicArn": "arn:aws:sns:us-east-1:123456789012:none"}, "InvalidParameterValue", "Topic "),
        (REDIS, {"Tags": [{"Key": "aws:x", "Value": "y"}]}, "InvalidParameterValue", "The tag key must be"),
    ],
)
def test_create_refuses(elasticache, refused, base, changes, code, message):
    """Each bad cluster is refused with its own fault, and nothing is made."""
    found = refused(elasticache.create_cache_cluster, **base | changes)
    assert found[0] == code
    assert message in found[1]
    assert elasticache.describe_cache_clusters()["CacheClusters"] == []


def test_memcached_with_tls(elasticache):
    """Memcached from 1.6.12 on can be encrypted in transit."""
    elasticache.create_cache_cluster(**MEMCACHED, TransitEncryptionEnabled=True, EngineVersion="1.6.12")
    cluster = shown(elasticache, "mem")
    assert (cluster["TransitEncryptionEnabled"], cluster["TransitEncryptionMode"]) == (True, "required")


def test_nodes_of_a_region_are_counted(elasticache, refused):
    """A region has at most 300 nodes, whatever cluster they are in."""
    for number in range(7):
        elasticache.create_cache_cluster(**MEMCACHED | {"CacheClusterId": f"mem-{number}", "NumCacheNodes": 40})
    elasticache.create_cache_cluster(**MEMCACHED | {"NumCacheNodes": 20})
    assert refused(elasticache.create_cache_cluster, **REDIS)[0] == "NodeQuotaForCustomerExceeded"
    more = {"CacheClusterId": "mem", "NumCacheNodes": 21, "ApplyImmediately": True}
    assert refused(elasticache.modify_cache_cluster, **more)[0] == "NodeQuotaForCustomerExceeded"


def test_more_nodes_at_once(elasticache):
    """Nodes are added where they are asked for; until they are there, they are pending."""
    elasticache.create_cache_cluster(**MEMCACHED)
    answer = elasticache.modify_cache_cluster(
        CacheClusterId="mem",
        NumCacheNodes=5,
        NewAvailabilityZones=["us-east-1d", "us-east-1d"],
        ApplyImmediately=True,
    )["CacheCluster"]
    assert (answer["CacheClusterStatus"], answer["NumCacheNodes"]) == ("modifying", 3)
    assert answer["PendingModifiedValues"] == {"NumCacheNodes": 5}
    cluster = shown(elasticache, "mem")
    assert (cluster["CacheClusterStatus"], cluster["NumCacheNodes"]) == ("available", 5)
    assert cluster["PendingModifiedValues"] == {}
    assert zones_of(cluster) | {"0004": "us-east-1d", "0005": "us-east-1d"} == zones_of(cluster)
    assert messages(elasticache, "mem")[-2:] == [
        "Finished modifying number of nodes from 3 to 5",
        "Increasing number of requested nodes",
    ]


def test_fewer_nodes_at_once(elasticache):
    """The named nodes go, the others stay; a new node takes the first free id."""
    elasticache.create_cache_cluster(**MEMCACHED)
    answer = elasticache.modify_cache_cluster(
        CacheClusterId="mem", NumCacheNodes=2, CacheNodeIdsToRemove=["0002"], ApplyImmediately=True
    )["CacheCluster"]
    assert answer["PendingModifiedValues"] == {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["0002"]}
    assert zones_of(shown(elasticache, "mem")).keys() == {"0001", "0003"}
    elasticache.modify_cache_cluster(CacheClusterId="mem", NumCacheNodes=3, ApplyImmediately=True)
    assert zones_of(shown(elasticache, "mem")) == {"0001": "us-east-1a", "0002": "us-east-1b", "0003": "us-east-1c"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"NumCacheNodes": 2}, "InvalidParameterCombination", "CacheNodeIdsToRemove must name 1 cache nodes to leave"),
        (
            {"NumCacheNodes": 1, "CacheNodeIdsToRemove": ["0001"]},
            "InvalidParameterCombination",
            "CacheNodeIdsToRemove must name 2 cache nodes to leave 1 of 3.",
        ),
        (
            {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["0004"]},
            "InvalidParameterValue",
            "The cache node 0004 does not exist.",
        ),
        (
            {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["1"]},
            "InvalidParameterValue",
            "The cache node 1 does not exist.",
        ),
        (
            {"NumCacheNodes": 1, "CacheNodeIdsToRemove": ["0001", "0001"]},
            "InvalidParameterValue",
            "A cache node is named more than once.",
        ),
        (
            {"NumCacheNodes": 4, "CacheNodeIdsToRemove": ["0001"]},
            "InvalidParameterCombination",
            "CacheNodeIdsToRemove cannot be given when cache nodes are added.",
        ),
        (
            {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["0001"], "NewAvailabilityZones": ["us-east-1a"]},
            "InvalidParameterCombination",
            "NewAvailabilityZones cannot be given when cache nodes are removed.",
        ),
        (
            {"NumCacheNodes": 3, "CacheNodeIdsToRemove": ["0001"]},
            "InvalidParameterCombination",
            "NumCacheNodes of 3 neither adds cache nodes nor removes any.",
        ),
        (
            {"CacheNodeIdsToRemove": ["0001"]},
            "InvalidParameterCombination",
            "CacheNodeIdsToRemove and NewAvailabilityZones need NumCacheNodes.",
        ),
        (
            {"NumCacheNodes": 5, "NewAvailabilityZones": ["us-east-1a"]},
            "InvalidParameterCombination",
            "NewAvailabilityZones must name 2 zones, one for each new cache node.",
        ),
        ({"NumCacheNodes": 41}, "NodeQuotaForClusterExceeded", "The request cannot be processed because it would "),
        (
            {"AZMode": "single-az"},
            "InvalidParameterCombination",
            "AZMode of 'single-az' is not possible: mem has nodes",
        ),
        ({"AZMode": "any-az"}, "InvalidParameterValue", "Invalid value for AZMode: any-az."),
        ({"EngineVersion": "1.6.17"}, "InvalidParameterCombination", "Cannot downgrade from 1.6.22 to 1.6.17."),
        ({"EngineVersion": "1.7.0"}, "InvalidParameterCombination", "Cannot find version 1.7.0 for memcached"),
        ({"Engine": "redis"}, "InvalidParameterCombination", "The engine of mem cannot be changed from memcached to "),
        ({"SnapshotRetentionLimit": 1}, "InvalidParameterCombination", "Snapshots are not supported for Memcached."),
        ({"CacheNodeType": "cache.x"}, "InvalidParameterValue", "The parameter CacheNodeType is not valid: cache.x"),
        ({"ScaleConfig": {"ScalePercentage": 20}}, "InvalidParameterCombination", "ScaleConfig needs CacheNodeType."),
        (
            {"CacheNodeType": "cache.m7g.xlarge", "ScaleConfig": {"ScalePercentage": 5}},
            "InvalidParameterValue",
            "Invalid value for ScalePercentage: 5. Must be between 10 and 100.",
        ),
        (
            {"CacheNodeType": "cache.m7g.xlarge", "ScaleConfig": {"ScaleIntervalMinutes": 31}},
            "InvalidParameterValue",
            "Invalid value for ScaleIntervalMinutes: 31. Must be between 2 and 30.",
        ),
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound", "CacheParameterGroup not found: none"),
        ({"SecurityGroupIds": ["sg-00000000"]}, "InvalidParameterValue", "Some security groups are invalid: "),
        ({"CacheSecurityGroupNames": ["x"]}, "InvalidParameterValue", "Use of cache security groups is not permitted"),
        (
            {"NotificationTopicStatus": "off"},
            "InvalidParameterValue",
            "Invalid value for NotificationTopicStatus: off.",
        ),
        ({"AuthToken": "x" * 16}, "InvalidParameterCombination", "The AUTH token is only supported on "),
        ({}, "InvalidParameterCombination", "No modifications were requested"),
        ({"ApplyImmediately": True}, "InvalidParameterCombination", "No modifications were requested"),
        (
            {"IpDiscovery": "ipv6"},
            "InvalidParameterCombination",
            "IpDiscovery ipv6 is not possible with the network type",
        ),
    ],
)
def test_modify_refuses(elasticache, refused, arguments, code, message):
    """A change that cannot be leaves the cluster as it was."""
    elasticache.create_cache_cluster(**MEMCACHED)
    before = shown(elasticache, "mem")
    found = refused(elasticache.modify_cache_cluster, CacheClusterId="mem", **arguments)
    assert found[0] == code
    assert found[1].startswith(message)
    assert shown(elasticache, "mem") == before


def test_settings_change_at_once(elasticache, cloud):
    """What no node has to take is changed with the answer, whatever ApplyImmediately says."""
    topic = cloud.client("sns").create_topic(Name="events")["TopicArn"]
    elasticache.create_cache_cluster(**REDIS)
    answer = elasticache.modify_cache_cluster(
        CacheClusterId="one",
        SnapshotRetentionLimit=14,
        SnapshotWindow="01:00-02:00",
        PreferredMaintenanceWindow="Tue:05:00-Tue:06:00",
        NotificationTopicArn=topic,
        NotificationTopicStatus="inactive",
        AutoMinorVersionUpgrade=False,
    )["CacheCluster"]
    assert answer["CacheClusterStatus"] == "available"
    assert (answer["SnapshotRetentionLimit"], answer["SnapshotWindow"]) == (14, "01:00-02:00")
    assert answer["PreferredMaintenanceWindow"] == "tue:05:00-tue:06:00"
    assert answer["NotificationConfiguration"] == {"TopicArn": topic, "TopicStatus": "inactive"}
    assert answer["AutoMinorVersionUpgrade"] is False
    assert answer["PendingModifiedValues"] == {}


def test_window_of_snapshots_that_are_not_taken(elasticache, refused):
    """A maintenance window may be where nothing is snapshotted; with snapshots the two must not overlap."""
    elasticache.create_cache_cluster(**REDIS)
    moved = {"CacheClusterId": "one", "PreferredMaintenanceWindow": "tue:05:30-tue:06:30"}
    cluster = elasticache.modify_cache_cluster(**moved)["CacheCluster"]
    assert (cluster["PreferredMaintenanceWindow"], cluster["SnapshotWindow"]) == ("tue:05:30-tue:06:30", "07:00-08:00")
    moved["PreferredMaintenanceWindow"] = "wed:07:30-wed:08:30"
    assert refused(elasticache.modify_cache_cluster, **moved, SnapshotRetentionLimit=1) == (
        "InvalidParameterValue",
        "The snapshot window and maintenance window must not overlap.",
    )


def test_upgrade_takes_the_group_of_its_family_along(elasticache, refused):
    """A new major version needs a parameter group of its family: the default one changes by itself."""
    elasticache.create_cache_cluster(**REDIS | {"EngineVersion": "6.2"})
    answer = elasticache.modify_cache_cluster(CacheClusterId="one", EngineVersion="7.1", ApplyImmediately=True)
    assert answer["CacheCluster"]["PendingModifiedValues"] == {"EngineVersion": "7.1.0"}
    cluster = shown(elasticache, "one")
    assert cluster["EngineVersion"] == "7.1.0"
    assert cluster["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="redis6.x", Description="own"
    )
    elasticache.create_cache_cluster(
        **REDIS | {"CacheClusterId": "two", "EngineVersion": "6.2", "CacheParameterGroupName": "own"}
    )
    upgrade = {"CacheClusterId": "two", "EngineVersion": "7.1", "ApplyImmediately": True}
    assert refused(elasticache.modify_cache_cluster, **upgrade) == (
        "InvalidParameterCombination",
        "A cluster with the parameter group own needs one of the family redis7 to be upgraded to 7.1.",
    )
    elasticache.modify_cache_cluster(**upgrade, CacheParameterGroupName="default.redis7")
    assert shown(elasticache, "two")["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"


def test_scaling(elasticache, refused):
    """Redis OSS is scaled up and down in place, and Memcached from 1.5 on, in steps."""
    elasticache.create_cache_cluster(**REDIS)
    for node_type in ("cache.r7g.large", "cache.t4g.small"):
        elasticache.modify_cache_cluster(CacheClusterId="one", CacheNodeType=node_type, ApplyImmediately=True)
        assert shown(elasticache, "one")["CacheNodeType"] == node_type
    elasticache.create_cache_cluster(**MEMCACHED)
    answer = elasticache.modify_cache_cluster(
        CacheClusterId="mem",
        CacheNodeType="cache.m7g.xlarge",
        ScaleConfig={"ScalePercentage": 50},
        ApplyImmediately=True,
    )["CacheCluster"]
    assert answer["PendingModifiedValues"] == {
        "CacheNodeType": "cache.m7g.xlarge",
        "ScaleConfig": {"ScalePercentage": 50, "ScaleIntervalMinutes": 5},
    }
    assert shown(elasticache, "mem")["CacheNodeType"] == "cache.m7g.xlarge"
    elasticache.create_cache_cluster(
        **MEMCACHED | {"CacheClusterId": "old", "EngineVersion": "1.4.34", "CacheNodeType": "cache.t3.micro"}
    )
    assert refused(elasticache.modify_cache_cluster, CacheClusterId="old", CacheNodeType="cache.t3.small") == (
        "InvalidParameterCombination",
        "Vertical scaling is not supported for memcached 1.4.34: it needs 1.5 or newer.",
    )


def test_parameters_wait_for_a_reboot(elasticache, refused):
    """A parameter that only a reboot changes is pending on every node until that node is rebooted."""
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="memcached1.6", Description="own"
    )
    elasticache.create_cache_cluster(**MEMCACHED, CacheParameterGroupName="own")
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="own",
        ParameterNameValues=[{"ParameterName": "chunk_size", "ParameterValue": "64"}],
    )
    cluster = shown(elasticache, "mem")
    assert cluster["CacheParameterGroup"] == {
        "CacheParameterGroupName": "own",
        "ParameterApplyStatus": "pending-reboot",
        "CacheNodeIdsToReboot": ["0001", "0002", "0003"],
    }
    assert {node["ParameterGroupStatus"] for node in cluster["CacheNodes"]} == {"pending-reboot"}
    answer = elasticache.reboot_cache_cluster(CacheClusterId="mem", CacheNodeIdsToReboot=["0001", "0003"])
    assert answer["CacheCluster"]["CacheClusterStatus"] == "rebooting cluster nodes"
    cluster = shown(elasticache, "mem")
    assert cluster["CacheClusterStatus"] == "available"
    assert cluster["CacheParameterGroup"]["CacheNodeIdsToReboot"] == ["0002"]
    assert [node["ParameterGroupStatus"] for node in cluster["CacheNodes"]] == ["in-sync", "pending-reboot", "in-sync"]
    elasticache.reboot_cache_cluster(CacheClusterId="mem", CacheNodeIdsToReboot=["0002"])
    assert shown(elasticache, "mem")["CacheParameterGroup"]["ParameterApplyStatus"] == "in-sync"
    assert messages(elasticache, "mem")[-3:] == [f"Cache node {id} restarted" for id in ("0001", "0002", "0003")]
    assert refused(elasticache.reboot_cache_cluster, CacheClusterId="mem", CacheNodeIdsToReboot=["0009"]) == (
        "InvalidParameterValue",
        "The cache node 0009 does not exist.",
    )


def test_group_that_differs_only_in_what_needs_no_reboot(elasticache):
    """Another group is taken at once; what differs and needs a reboot waits for one."""
    for name, parameter in (("now", "watch"), ("later", "chunk_size")):
        elasticache.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily="memcached1.6", Description=name
        )
        value = {"watch": "disabled", "chunk_size": "64"}[parameter]
        elasticache.modify_cache_parameter_group(
            CacheParameterGroupName=name,
            ParameterNameValues=[{"ParameterName": parameter, "ParameterValue": value}],
        )
    elasticache.create_cache_cluster(**MEMCACHED)
    for name, status in (("now", "in-sync"), ("later", "pending-reboot")):
        elasticache.modify_cache_cluster(CacheClusterId="mem", CacheParameterGroupName=name)
        group = shown(elasticache, "mem")["CacheParameterGroup"]
        assert (group["CacheParameterGroupName"], group["ParameterApplyStatus"]) == (name, status)


def test_delete(elasticache, refused):
    """A deleted cluster is gone at the next request, with its tags, and its id is free."""
    arn = elasticache.create_cache_cluster(**REDIS)["CacheCluster"]["ARN"]
    assert elasticache.delete_cache_cluster(CacheClusterId="ONE")["CacheCluster"]["CacheClusterStatus"] == "deleting"
    elasticache.get_waiter("cache_cluster_deleted").wait(CacheClusterId="one")
    assert refused(elasticache.delete_cache_cluster, CacheClusterId="one") == (
        "CacheClusterNotFound",
        "CacheCluster not found: one",
    )
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn)[0] == "CacheClusterNotFound"
    elasticache.create_cache_cluster(**REDIS)


def test_final_snapshots(elasticache, refused):
    """A cluster of Redis OSS leaves a snapshot if asked to; Memcached has none."""
    elasticache.create_cache_cluster(**REDIS)
    elasticache.create_cache_cluster(**MEMCACHED)
    assert refused(elasticache.delete_cache_cluster, CacheClusterId="mem", FinalSnapshotIdentifier="last")[0] == (
        "SnapshotFeatureNotSupportedFault"
    )
    elasticache.delete_cache_cluster(CacheClusterId="one", FinalSnapshotIdentifier="last")
    assert [one["SnapshotName"] for one in elasticache.describe_snapshots()["Snapshots"]] == ["last"]
    elasticache.create_cache_cluster(**REDIS)
    assert refused(elasticache.delete_cache_cluster, CacheClusterId="one", FinalSnapshotIdentifier="last")[0] == (
        "SnapshotAlreadyExistsFault"
    )
    assert shown(elasticache, "one")["CacheClusterStatus"] == "available"


def test_describe_pages_and_filters(elasticache, refused):
    """Clusters and groups are shown in the order of their ids, page by page, members of groups only if wanted."""
    elasticache.create_replication_group(
        ReplicationGroupId="group",
        ReplicationGroupDescription="group",
        Engine="redis",
        CacheNodeType="cache.t4g.micro",
        NumCacheClusters=2,
    )
    for number in range(21):
        elasticache.create_cache_cluster(**REDIS | {"CacheClusterId": f"one-{number:02}"})
    pages = list(elasticache.get_paginator("describe_cache_clusters").paginate(PaginationConfig={"PageSize": 20}))
    ids = [cluster["CacheClusterId"] for page in pages for cluster in page["CacheClusters"]]
    assert ids == ["group-001", "group-002", *(f"one-{number:02}" for number in range(21))]
    assert [len(page["CacheClusters"]) for page in pages] == [20, 3]
    own = elasticache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]
    assert [cluster["CacheClusterId"] for cluster in own] == ids[2:]
    assert all("CacheNodes" not in cluster for cluster in own)
    assert refused(elasticache.describe_cache_clusters, MaxRecords=19)[0] == "InvalidParameterValue"
    assert refused(elasticache.describe_cache_clusters, Marker="x!")[0] == "InvalidParameterValue"
    assert refused(elasticache.describe_cache_clusters, CacheClusterId="none") == (
        "CacheClusterNotFound",
        "CacheCluster not found: none",
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"slab_chunk_max": "2097152"},
            "slab_chunk_max (2097152) must not be larger than max_item_size (1048576)",
        ),
        (
            {"slab_chunk_max": "524287"},
            "max_item_size (1048576) must be a multiple of slab_chunk_max (524287)",
        ),
        (
            {"max_item_size": "115343360", "slab_chunk_max": "1048576"},
            "max_item_size (115343360) must not be larger than 108003328 on cache.t4g.micro",
        ),
    ],
)
def test_items_that_do_not_fit_a_node(elasticache, refused, values, message):
    """A group with which Memcached would not start is refused, for a new cluster and for one that changes to it."""
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="memcached1.6", Description="own"
    )
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="own",
        ParameterNameValues=[{"ParameterName": name, "ParameterValue": value} for name, value in values.items()],
    )
    expected = ("InvalidParameterCombination", f"The parameter group own cannot be used: {message}.")
    base = MEMCACHED | {"CacheNodeType": "cache.t4g.micro"}
    assert refused(elasticache.create_cache_cluster, **base, CacheParameterGroupName="own") == expected
    elasticache.create_cache_cluster(**base)
    change = {"CacheClusterId": "mem", "CacheParameterGroupName": "own"}
    assert refused(elasticache.modify_cache_cluster, **change) == expected
