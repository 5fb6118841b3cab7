"""CreateReplicationGroup: what a group is when it is made, and what is refused, through HTTP."""

import pytest

SINGLE = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "the main one",
    "Engine": "valkey",
    "EngineVersion": "8.1",
    "CacheNodeType": "cache.r7g.large",
}
SHARDED = SINGLE | {"NumNodeGroups": 3, "ReplicasPerNodeGroup": 1}
TOKEN = "a-token-of-sixteen-characters"


def described(elasticache, id="main"):
    (group,) = elasticache.describe_replication_groups(ReplicationGroupId=id)["ReplicationGroups"]
    return group


def slots_of(group):
    return [shard["Slots"] for shard in group["NodeGroups"]]


def zones_of(group):
    return [[node["PreferredAvailabilityZone"] for node in shard["NodeGroupMembers"]] for shard in group["NodeGroups"]]


def test_single_shard(elasticache):
    """A group of one shard has a primary and replicas by their roles, and a name for each purpose."""
    made = elasticache.create_replication_group(
        **SINGLE | {"ReplicationGroupId": "Main"},
        NumCacheClusters=3,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
    )["ReplicationGroup"]
    assert (made["Status"], made["AutomaticFailover"]) == ("creating", "enabling")
    assert "PrimaryEndpoint" not in made["NodeGroups"][0]
    group = described(elasticache, "MAIN")
    (shard,) = group.pop("NodeGroups")
    created, hash = group.pop("ReplicationGroupCreateTime"), shard["PrimaryEndpoint"]["Address"].split(".")[1]
    assert created.tzinfo is not None
    assert group == {
        "ReplicationGroupId": "main",
        "Description": "the main one",
        "Status": "available",
        "PendingModifiedValues": {},
        "MemberClusters": ["main-001", "main-002", "main-003"],
        "AutomaticFailover": "enabled",
        "MultiAZ": "enabled",
        "SnapshotRetentionLimit": 0,
        "SnapshotWindow": "05:00-06:00",
        "ClusterEnabled": False,
        "ClusterMode": "disabled",
        "CacheNodeType": "cache.r7g.large",
        "AuthTokenEnabled": False,
        "TransitEncryptionEnabled": False,
        "AtRestEncryptionEnabled": True,
        "StorageEncryptionType": "sse-elasticache",
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:main",
        "LogDeliveryConfigurations": [],
        "DataTiering": "disabled",
        "AutoMinorVersionUpgrade": True,
        "NetworkType": "ipv4",
        "IpDiscovery": "ipv4",
        "Engine": "valkey",
        "Durability": "default",
        "EffectiveDurability": "disabled",
    }
    members = shard.pop("NodeGroupMembers")
    assert shard == {
        "NodeGroupId": "0001",
        "Status": "available",
        "PrimaryEndpoint": {"Address": f"main.{hash}.ng.0001.use1.cache.amazonaws.com", "Port": 6379},
        "ReaderEndpoint": {"Address": f"main-ro.{hash}.ng.0001.use1.cache.amazonaws.com", "Port": 6379},
    }
    assert members == [
        {
            "CacheClusterId": f"main-00{number}",
            "CacheNodeId": "0001",
            "ReadEndpoint": {"Address": f"main-00{number}.{hash}.0001.use1.cache.amazonaws.com", "Port": 6379},
            "PreferredAvailabilityZone": f"us-east-1{zone}",
            "CurrentRole": role,
        }
        for number, zone, role in ((1, "a", "primary"), (2, "b", "replica"), (3, "c", "replica"))
    ]


def test_shards(elasticache):
    """A sharded group has one configuration endpoint, slots for each shard, and neither roles nor other endpoints."""
    elasticache.create_replication_group(**SHARDED, Port=7000)
    group = described(elasticache)
    assert (group["ClusterEnabled"], group["ClusterMode"], group["AutomaticFailover"]) == (True, "enabled", "enabled")
    assert slots_of(group) == ["0-5461", "5462-10922", "10923-16383"]
    assert group["MemberClusters"] == [f"main-000{shard}-00{node}" for shard in (1, 2, 3) for node in (1, 2)]
    assert set(group["NodeGroups"][0]) == {"NodeGroupId", "Status", "Slots", "NodeGroupMembers"}
    assert set(group["NodeGroups"][0]["NodeGroupMembers"][0]) == {
        "CacheClusterId",
        "CacheNodeId",
        "PreferredAvailabilityZone",
    }
    address = group["ConfigurationEndpoint"]["Address"]
    assert address.startswith("main.")
    assert address.endswith(".clustercfg.use1.cache.amazonaws.com")
    assert group["ConfigurationEndpoint"]["Port"] == 7000


@pytest.mark.parametrize(
    ("shape", "key", "prefix"),
    [({}, "PrimaryEndpoint", "master.main."), ({"NumNodeGroups": 2}, "ConfigurationEndpoint", "clustercfg.main.")],
)
def test_endpoints_with_encryption_in_transit(elasticache, shape, key, prefix):
    """With encryption in transit the names have another form."""
    elasticache.create_replication_group(**SINGLE, **shape, TransitEncryptionEnabled=True)
    group = described(elasticache)
    assert group["TransitEncryptionMode"] == "required"
    endpoint = group.get(key) or group["NodeGroups"][0][key]
    assert endpoint["Address"].startswith(prefix)
    assert endpoint["Address"].endswith(".use1.cache.amazonaws.com")


def test_configured_shards(elasticache):
    """Each shard can have an id, slots, zones and replicas of its own."""
    elasticache.create_replication_group(
        **SINGLE,
        NumNodeGroups=2,
        NodeGroupConfiguration=[
            {
                "NodeGroupId": "0007",
                "Slots": "8192-16383",
                "ReplicaCount": 2,
                "PrimaryAvailabilityZone": "us-east-1b",
                "ReplicaAvailabilityZones": ["us-east-1c", "us-east-1a"],
            },
            {"Slots": "0-99, 100-8191", "ReplicaCount": 0, "PrimaryAvailabilityZone": "us-east-1d"},
        ],
    )
    group = described(elasticache)
    assert [shard["NodeGroupId"] for shard in group["NodeGroups"]] == ["0001", "0007"]
    assert slots_of(group) == ["0-8191", "8192-16383"]
    assert zones_of(group) == [["us-east-1d"], ["us-east-1b", "us-east-1c", "us-east-1a"]]
    assert group["MemberClusters"] == ["main-0001-001", "main-0007-001", "main-0007-002", "main-0007-003"]


def test_preferred_zones(elasticache):
    """The clusters of a single shard are in the zones that are named, in this order."""
    zones = ["us-east-1c", "us-east-1a"]
    elasticache.create_replication_group(**SINGLE, NumCacheClusters=2, PreferredCacheClusterAZs=zones)
    assert zones_of(described(elasticache)) == [zones]


@pytest.mark.parametrize(
    ("arguments", "mode", "parameters"),
    [
        ({"CacheParameterGroupName": "default.valkey8.cluster.on"}, "enabled", "default.valkey8.cluster.on"),
        ({"ClusterMode": "enabled"}, "enabled", "default.valkey8.cluster.on"),
        ({"ClusterMode": "disabled"}, "disabled", "default.valkey8"),
        (
            {"ClusterMode": "compatible", "NumCacheClusters": 2, "AutomaticFailoverEnabled": True},
            "compatible",
            "default.valkey8.cluster.on",
        ),
    ],
)
def test_cluster_mode(elasticache, arguments, mode, parameters):
    """The parameter group or the mode itself says whether keys are spread over slots; the other follows."""
    elasticache.create_replication_group(**SINGLE, **arguments)
    group = described(elasticache)
    assert (group["ClusterMode"], group["ClusterEnabled"]) == (mode, mode != "disabled")
    assert group["NodeGroups"][0].get("Slots") == ("0-16383" if mode != "disabled" else None)
    assert ("ConfigurationEndpoint" in group) == (mode != "disabled")
    assert ("PrimaryEndpoint" in group["NodeGroups"][0]) == (mode != "enabled")
    (member, *_) = elasticache.describe_cache_clusters()["CacheClusters"]
    assert member["CacheParameterGroup"]["CacheParameterGroupName"] == parameters


def test_engine_defaults(elasticache):
    """Without an engine it is the newest Redis OSS, which is not encrypted at rest unless asked."""
    elasticache.create_replication_group(
        ReplicationGroupId="main", ReplicationGroupDescription="d", CacheNodeType="cache.t4g.micro"
    )
    group = described(elasticache)
    assert (group["Engine"], group["AtRestEncryptionEnabled"], group["StorageEncryptionType"]) == (
        "redis",
        False,
        "none",
    )
    (member,) = elasticache.describe_cache_clusters(CacheClusterId="main-001")["CacheClusters"]
    assert member["EngineVersion"] == "7.1.0"


def test_token_and_customer_key(cloud, elasticache):
    """An AUTH token has a date, and a key of the customer's is shown by its ARN."""
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    elasticache.create_replication_group(
        **SINGLE, TransitEncryptionEnabled=True, AuthToken=TOKEN, KmsKeyId=key.rpartition("/")[2]
    )
    group = described(elasticache)
    assert group["AuthTokenEnabled"] is True
    assert group["AuthTokenLastModifiedDate"] == group["ReplicationGroupCreateTime"]
    assert (group["KmsKeyId"], group["StorageEncryptionType"]) == (key, "sse-kms")


def test_data_tiering(elasticache):
    """Nodes with a disk have data tiering."""
    elasticache.create_replication_group(**SINGLE | {"CacheNodeType": "cache.r6gd.xlarge"}, DataTieringEnabled=True)
    assert described(elasticache)["DataTiering"] == "enabled"


def test_durability(elasticache):
    """Durability encrypts at rest, whatever the request says about it."""
    elasticache.create_replication_group(
        **SHARDED | {"EngineVersion": "9.0"},
        MultiAZEnabled=True,
        TransitEncryptionEnabled=True,
        AtRestEncryptionEnabled=False,
        Durability="sync",
    )
    group = described(elasticache)
    assert (group["Durability"], group["EffectiveDurability"]) == ("sync", "sync")
    assert group["AtRestEncryptionEnabled"] is True


def test_log_delivery_and_topic(cloud, elasticache):
    """Logs and notifications go where the request says."""
    topic = cloud.client("sns").create_topic(Name="caches")["TopicArn"]
    log = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "caches"}},
        "LogFormat": "json",
    }
    elasticache.create_replication_group(**SINGLE, LogDeliveryConfigurations=[log], NotificationTopicArn=topic)
    assert described(elasticache)["LogDeliveryConfigurations"] == [log | {"Status": "active"}]
    (member,) = elasticache.describe_cache_clusters()["CacheClusters"]
    assert member["NotificationConfiguration"] == {"TopicArn": topic, "TopicStatus": "active"}


@pytest.fixture
def dual_stack(cloud, elasticache):
    """Return the client of a cloud with a subnet group `six` of a dual-stack subnet, and `four` of one without."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
    (described_vpc,) = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    block = described_vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    for name, extra in (("six", {"Ipv6CidrBlock": block}), ("four", {})):
        cidr = "10.0.0.0/24" if extra else "10.0.1.0/24"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, **extra)["Subnet"]["SubnetId"]
        elasticache.create_cache_subnet_group(
            CacheSubnetGroupName=name, CacheSubnetGroupDescription=name, SubnetIds=[subnet]
        )
    return elasticache


def test_dual_stack(dual_stack):
    """In dual-stack subnets a group may speak both, and clients are told the addresses that it names."""
    network = {"NetworkType": "dual_stack", "IpDiscovery": "ipv6", "CacheSubnetGroupName": "six"}
    dual_stack.create_replication_group(**SINGLE, **network)
    group = described(dual_stack)
    assert (group["NetworkType"], group["IpDiscovery"]) == ("dual_stack", "ipv6")
    dual_stack.modify_replication_group(ReplicationGroupId="main", IpDiscovery="ipv4", ApplyImmediately=True)
    assert described(dual_stack)["IpDiscovery"] == "ipv4"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"NetworkType": "dual_stack", "CacheSubnetGroupName": "four"},
            "InvalidVPCNetworkStateFault",
            "The cache subnet group four does not support the network type dual_stack.",
        ),
        (
            {"NetworkType": "ipv5"},
            "InvalidParameterValue",
            "Invalid NetworkType: ipv5. Must be one of: ipv4, ipv6, dual_stack.",
        ),
        ({"IpDiscovery": "ipv5"}, "InvalidParameterValue", "Invalid IpDiscovery: ipv5. Must be one of: ipv4, ipv6."),
        (
            {"IpDiscovery": "ipv6"},
            "InvalidParameterCombination",
            "IpDiscovery ipv6 is not possible with the network type ipv4.",
        ),
        (
            {"NetworkType": "dual_stack", "Engine": "redis", "EngineVersion": "6.0", "CacheNodeType": "cache.r5.large"},
            "InvalidParameterCombination",
            "Network type dual_stack is not supported by redis 6.0.",
        ),
        (
            {"NetworkType": "dual_stack", "CacheNodeType": "cache.t2.micro"},
            "InvalidParameterCombination",
            "Network type dual_stack is not supported by the node type cache.t2.micro.",
        ),
    ],
)
def test_network_refusals(dual_stack, refused, arguments, code, message):
    """A network that subnets, engine or nodes do not have is refused."""
    assert refused(dual_stack.create_replication_group, **SINGLE | arguments) == (code, message)


VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
LOGGED = {"Durability": "sync", "EngineVersion": "9.0", "NumNodeGroups": 1, "ClusterMode": "enabled"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ({"ReplicationGroupId": "a_b"}, VALUE, None),
        ({"ReplicationGroupId": "a" * 41}, VALUE, None),
        ({"ReplicationGroupDescription": "d" * 256}, VALUE, None),
        ({"Engine": "memcached"}, VALUE, "Invalid Engine: memcached. A replication group runs redis or valkey."),
        ({"Engine": "dragon"}, VALUE, "Invalid Engine: dragon. Valid values are redis, valkey and memcached."),
        ({"EngineVersion": "3.1"}, COMBINATION, "Cannot find version 3.1 for valkey"),
        ({"CacheNodeType": "cache.huge"}, VALUE, "The parameter CacheNodeType is not valid: cache.huge"),
        ({"CacheNodeType": ""}, VALUE, "The parameter CacheNodeType must be provided and must not be null."),
        (
            {"CacheSecurityGroupNames": ["classic"]},
            VALUE,
            "Use of cache security groups is not permitted in this API version for your account.",
        ),
        ({"CacheSubnetGroupName": "none"}, "CacheSubnetGroupNotFoundFault", None),
        ({"CacheParameterGroupName": "none"}, "CacheParameterGroupNotFound", None),
        ({"CacheParameterGroupName": "default.redis7"}, COMBINATION, None),
        ({"SecurityGroupIds": ["sg-none"]}, VALUE, "Some security groups are invalid: sg-none"),
        ({"Port": 0}, VALUE, "Invalid port: 0. Must be between 1 and 65535."),
        ({"SnapshotRetentionLimit": 36}, VALUE, "Invalid snapshot retention limit: 36. Must be between 0 and 35."),
        (
            {"SnapshotWindow": "05:00-06:00", "PreferredMaintenanceWindow": "mon:05:30-mon:06:30"},
            VALUE,
            "The snapshot window and maintenance window must not overlap.",
        ),
        ({"NotificationTopicArn": "arn:aws:sns:us-east-1:123456789012:none"}, VALUE, None),
        ({"AuthToken": TOKEN}, COMBINATION, None),
        *(({"TransitEncryptionEnabled": True, "AuthToken": token}, VALUE, None) for token in ("short", "")),
        (
            {"NumNodeGroups": 2**31 - 1},
            "NodeGroupsPerReplicationGroupQuotaExceeded",
            "The request cannot be processed because it would exceed the 90 node groups of a single cluster.",
        ),
        (
            {"NumNodeGroups": 1, "ClusterMode": "enabled", "NodeGroupConfiguration": [{"Slots": "0-16382,0"}]},
            VALUE,
            "The slots of the node groups must hold each slot once, got slot 0 twice; give each slot to one shard",
        ),
        (
            {"NodeGroupConfiguration": [{"Slots": ",".join(["0-16383"] * 1000)}]},
            VALUE,
            f"The slots of the node groups must name each slot once, got {'0-16383,' * 7 + '0-16'!r}... "
            "of 7999 characters",
        ),
        (
            {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "preferred", "AuthToken": TOKEN},
            COMBINATION,
            "Transit encryption preferred is not supported with redis access control.",
        ),
        ({"TransitEncryptionMode": "preferred"}, COMBINATION, "TransitEncryptionMode needs TransitEncryptionEnabled."),
        (
            {"TransitEncryptionEnabled": True, "TransitEncryptionMode": "off"},
            VALUE,
            "Invalid TransitEncryptionMode: off. Must be preferred or required.",
        ),
        (
            {"TransitEncryptionEnabled": True, "UserGroupIds": ["none"]},
            "UserGroupNotFound",
            "UserGroup none not found.",
        ),
        ({"UserGroupIds": ["none"]}, COMBINATION, "User groups need encryption in transit to be enabled."),
        ({"KmsKeyId": "none"}, "InvalidKMSKeyFault", None),
        (
            {"AutomaticFailoverEnabled": True},
            COMBINATION,
            "When using automatic failover, there must be at least 2 cache clusters in the replication group.",
        ),
        (
            {"NumCacheClusters": 2, "MultiAZEnabled": True},
            COMBINATION,
            "Must specify automatic failover with Multi-AZ.",
        ),
        ({"NumCacheClusters": 7}, VALUE, "Invalid NumCacheClusters: 7. Must be between 1 and 6."),
        ({"NumCacheClusters": 0}, VALUE, "Invalid NumCacheClusters: 0. Must be between 1 and 6."),
        ({"NumNodeGroups": 0}, VALUE, "Invalid NumNodeGroups: 0. Must be at least 1."),
        ({"ReplicasPerNodeGroup": 6}, VALUE, "The number of replicas per node group must be within 0 and 5."),
        (
            {"NumCacheClusters": 2, "ReplicasPerNodeGroup": 1},
            COMBINATION,
            "NumCacheClusters cannot be given with NumNodeGroups or ReplicasPerNodeGroup.",
        ),
        (
            {"NumNodeGroups": 2, "AutomaticFailoverEnabled": False},
            COMBINATION,
            "Redis with cluster mode enabled cannot be created with auto failover turned off.",
        ),
        (
            {"NumNodeGroups": 2, "CacheParameterGroupName": "default.valkey8"},
            COMBINATION,
            "Number of node groups must be 1 when cluster mode is disabled.",
        ),
        ({"ClusterMode": "on"}, VALUE, "Invalid ClusterMode: on. Must be one of: enabled, disabled, compatible."),
        (
            {"NumNodeGroups": 91},
            "NodeGroupsPerReplicationGroupQuotaExceeded",
            "The request cannot be processed because it would exceed the 90 node groups of a single cluster.",
        ),
        (
            {"NumNodeGroups": 46, "ReplicasPerNodeGroup": 1},
            "NodeQuotaForClusterExceeded",
            "The request cannot be processed because it would exceed the 90 nodes of a single cluster.",
        ),
        (
            {"NumCacheClusters": 2, "PreferredCacheClusterAZs": ["us-east-1a"]},
            COMBINATION,
            "PreferredCacheClusterAZs must name one zone for each cluster.",
        ),
        ({"NumCacheClusters": 1, "PreferredCacheClusterAZs": ["eu-west-1a"]}, VALUE, None),
        (
            {"NumNodeGroups": 2, "NodeGroupConfiguration": [{"ReplicaCount": 1}]},
            COMBINATION,
            "NodeGroupConfiguration must describe every node group.",
        ),
        (
            {"NodeGroupConfiguration": [{"Slots": "0-9000"}, {"Slots": "8000-16383"}]},
            VALUE,
            "The slots of the node groups must hold each slot once, got slot 8000 twice; give each slot to one shard",
        ),
        (
            {"NodeGroupConfiguration": [{"Slots": "0-16383"}, {"ReplicaCount": 0}]},
            COMBINATION,
            "Slots must be given for every node group, or for none.",
        ),
        (
            {"NodeGroupConfiguration": [{"ReplicaCount": 2, "ReplicaAvailabilityZones": ["us-east-1a"]}]},
            COMBINATION,
            "ReplicaAvailabilityZones must name 2 zones, one for each replica.",
        ),
        (
            {"NodeGroupConfiguration": [{"NodeGroupId": "0001"}, {"NodeGroupId": "1"}]},
            VALUE,
            "Each NodeGroupId must be given once.",
        ),
        (
            {"NodeGroupConfiguration": [{"PrimaryOutpostArn": "arn:aws:outposts:us-east-1:123456789012:outpost/op-1"}]},
            VALUE,
            "PrimaryOutpostArn is given, but there is no Outpost in this account.",
        ),
        ({"DataTieringEnabled": True}, COMBINATION, "Data tiering is not supported on cache.r7g.large."),
        (
            {"CacheNodeType": "cache.r6gd.xlarge"},
            COMBINATION,
            "When using the cache.r6gd.xlarge node type, you must enable data tiering.",
        ),
        (
            {"Durability": "always"},
            VALUE,
            "Invalid Durability: always. Must be one of: default, async, sync, disabled.",
        ),
        ({"Durability": "sync"}, COMBINATION, "Durability sync requires Valkey 9.0 or later."),
        (
            LOGGED | {"ClusterMode": "disabled"},
            COMBINATION,
            "Durability sync requires cluster mode to be enabled.",
        ),
        (LOGGED, COMBINATION, "Durability sync requires Multi-AZ and a replica in every node group."),
        (
            LOGGED | {"ReplicasPerNodeGroup": 1, "MultiAZEnabled": True},
            COMBINATION,
            "Durability sync requires encryption in transit to be enabled.",
        ),
    ],
)
def test_refusals(elasticache, refused, arguments, code, message):
    """Each bad group is refused with its own fault, and nothing is made."""
    found = refused(elasticache.create_replication_group, **SINGLE | arguments)
    assert found[0] == code
    assert message is None or found[1] == message
    assert elasticache.describe_replication_groups()["ReplicationGroups"] == []


def test_names_are_taken(elasticache, refused):
    """A group's id, and the id of each of its members, belong to one alone."""
    elasticache.create_replication_group(**SINGLE)
    assert refused(elasticache.create_replication_group, **SINGLE | {"ReplicationGroupId": "MAIN"}) == (
        "ReplicationGroupAlreadyExists",
        "Replication group main already exists.",
    )
    elasticache.create_cache_cluster(
        CacheClusterId="other-001", Engine="redis", CacheNodeType="cache.t4g.micro", NumCacheNodes=1
    )
    assert refused(elasticache.create_replication_group, **SINGLE | {"ReplicationGroupId": "other"}) == (
        "CacheClusterAlreadyExists",
        "Cache cluster other-001 already exists.",
    )


def test_nodes_of_a_region_are_limited(elasticache, refused):
    """An account has so many nodes in a region, and no more."""
    for number in range(3):
        elasticache.create_replication_group(**SINGLE | {"ReplicationGroupId": f"large-{number}", "NumNodeGroups": 90})
    assert refused(elasticache.create_replication_group, **SINGLE | {"NumNodeGroups": 31}) == (
        "NodeQuotaForCustomerExceeded",
        "The request cannot be processed because it would exceed the 300 cache nodes per region. The local AWS raises "
        "this quota when it starts: cachewright local start --quota nodes_per_region=N",
    )
    elasticache.create_replication_group(**SINGLE | {"NumNodeGroups": 30})


def test_events_and_tags(elasticache):
    """A group and its members tell of their creation, and a member carries its group's tags."""
    made = elasticache.create_replication_group(**SINGLE, NumCacheClusters=2, Tags=[{"Key": "team", "Value": "a"}])
    events = elasticache.describe_events()["Events"]
    told = {(event["SourceType"], event["SourceIdentifier"], event["Message"]) for event in events}
    assert told == {
        ("replication-group", "main", "Replication group main created"),
        ("cache-cluster", "main-001", "Cache cluster created"),
        ("cache-cluster", "main-001", "Added cache node 0001 in availability zone us-east-1a"),
        ("cache-cluster", "main-002", "Cache cluster created"),
        ("cache-cluster", "main-002", "Added cache node 0001 in availability zone us-east-1b"),
    }
    arn = made["ReplicationGroup"]["ARN"]
    for one in (arn, arn.replace("replicationgroup:main", "cluster:main-002")):
        assert elasticache.list_tags_for_resource(ResourceName=one)["TagList"] == [{"Key": "team", "Value": "a"}]


def test_pages(elasticache):
    """Groups are described in the order of their ids, a page at a time."""
    for number in range(25):
        elasticache.create_replication_group(
            **SINGLE | {"ReplicationGroupId": f"g{number:02}", "CacheNodeType": "cache.t4g.micro"}
        )
    pages = elasticache.get_paginator("describe_replication_groups").paginate(PaginationConfig={"PageSize": 20})
    sizes = [[group["ReplicationGroupId"] for group in page["ReplicationGroups"]] for page in pages]
    assert sizes == [[f"g{number:02}" for number in range(20)], [f"g{number:02}" for number in range(20, 25)]]


def test_missing_group(elasticache, refused):
    """A group that does not exist is not described."""
    assert refused(elasticache.describe_replication_groups, ReplicationGroupId="none") == (
        "ReplicationGroupNotFoundFault",
        "ReplicationGroup none not found.",
    )


def test_regions_are_apart(cloud, elasticache):
    """The same id exists once in each region, with names and ARN of its own."""
    elasticache.create_replication_group(**SINGLE)
    china = cloud.client("elasticache", region="cn-north-1")
    china.create_replication_group(**SINGLE)
    group = described(china)
    assert group["ARN"] == "arn:aws-cn:elasticache:cn-north-1:123456789012:replicationgroup:main"
    address = group["NodeGroups"][0]["PrimaryEndpoint"]["Address"]
    assert address.endswith(".ng.0001.cnn1.cache.amazonaws.com.cn")
    assert len(elasticache.describe_replication_groups()["ReplicationGroups"]) == 1
