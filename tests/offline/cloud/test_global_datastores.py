"""Global datastores over several regions: what a secondary may have of its own, and what is refused."""

import pytest

PRIMARY = {
    "ReplicationGroupId": "main",
    "ReplicationGroupDescription": "x",
    "Engine": "valkey",
    "EngineVersion": "8.0",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheClusters": 2,
    "AutomaticFailoverEnabled": True,
}
SECONDARY = {"ReplicationGroupId": "copy", "ReplicationGroupDescription": "x", "NumCacheClusters": 2}


def make(client, **more):
    """Return the id of a new global datastore."""
    wanted = {name: value for name, value in (PRIMARY | more).items() if value is not None}
    client.create_replication_group(**wanted)
    made = client.create_global_replication_group(
        GlobalReplicationGroupIdSuffix="world", PrimaryReplicationGroupId="main"
    )
    return made["GlobalReplicationGroup"]["GlobalReplicationGroupId"]


@pytest.fixture
def world(elasticache):
    """Return the id of a global datastore in us-east-1, cluster mode disabled."""
    return make(elasticache)


@pytest.fixture
def ireland(cloud):
    """Return a client of another region."""
    return cloud.client("elasticache", "eu-west-1")


def test_a_secondary_is_in_the_zones_that_are_asked_for(world, ireland):
    """Zones are a secondary's own."""
    zones = ["eu-west-1c", "eu-west-1a"]
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world, PreferredCacheClusterAZs=zones)
    group = ireland.describe_replication_groups(ReplicationGroupId="copy")["ReplicationGroups"][0]
    members = group["NodeGroups"][0]["NodeGroupMembers"]
    assert [one["PreferredAvailabilityZone"] for one in members] == zones
    assert group["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": world,
        "GlobalReplicationGroupMemberRole": "SECONDARY",
    }


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"PreferredCacheClusterAZs": ["eu-west-1a", "zz"]}, "InvalidParameterValue"),
        ({"PreferredCacheClusterAZs": ["eu-west-1a"]}, "InvalidParameterCombination"),
        ({"ClusterMode": "enabled"}, "InvalidParameterCombination"),
        ({"DataTieringEnabled": False}, "InvalidParameterCombination"),
        ({"CacheNodeType": "cache.r7g.large"}, "InvalidParameterCombination"),
        ({"PrimaryClusterId": "main-001"}, "InvalidParameterCombination"),
        ({"NetworkType": "dual_stack"}, "InvalidParameterCombination"),
        ({"NumCacheClusters": 1}, "InvalidParameterCombination"),
        ({"UserGroupIds": ["none"]}, "InvalidParameterCombination"),
        ({"NodeGroupConfiguration": [{"ReplicaCount": 1}] * 2}, "InvalidParameterCombination"),
        ({"NodeGroupConfiguration": [{"NodeGroupId": "0002"}]}, "InvalidParameterValue"),
        ({"NodeGroupConfiguration": [{"PrimaryAvailabilityZone": "us-east-1a"}]}, "InvalidParameterValue"),
        ({"PreferredMaintenanceWindow": "mon"}, "InvalidParameterValue"),
    ],
)
def test_a_secondary_that_is_refused(world, ireland, refused, more, code):
    """What a secondary inherits is not given for it, and its zones are those of its region."""
    arguments = SECONDARY | more
    assert refused(ireland.create_replication_group, **arguments, GlobalReplicationGroupId=world)[0] == code
    assert ireland.describe_replication_groups()["ReplicationGroups"] == []


def test_nothing_waits_for_a_window(elasticache, world, refused):
    """A global datastore has no maintenance window."""
    later = {"GlobalReplicationGroupId": world, "ApplyImmediately": False}
    expected = (
        "InvalidParameterValue",
        "ApplyImmediately must be true: a global datastore has no maintenance window.",
    )
    assert refused(elasticache.modify_global_replication_group, **later, CacheNodeType="cache.r7g.xlarge") == expected
    resize = elasticache.increase_node_groups_in_global_replication_group
    assert refused(resize, **later, NodeGroupCount=2) == expected


def test_a_parameter_group_comes_with_an_upgrade_only(elasticache, world, refused):
    """Without another family there is nothing that it would be for."""
    code, message = refused(
        elasticache.modify_global_replication_group,
        GlobalReplicationGroupId=world,
        ApplyImmediately=True,
        CacheParameterGroupName="default.valkey8",
    )
    assert code == "InvalidParameterValue"
    assert message == "CacheParameterGroupName is only for an upgrade to another parameter group family."


def test_slots_of_a_single_shard_are_not_spread(elasticache, world, refused):
    """Slots are of cluster mode."""
    assert refused(
        elasticache.rebalance_slots_in_global_replication_group, GlobalReplicationGroupId=world, ApplyImmediately=True
    ) == (
        "InvalidParameterValue",
        "Rebalancing slots needs cluster mode to be enabled.",
    )


def test_regions_of_a_new_shard_are_those_of_members(elasticache, refused):
    """A configuration for a group that is no member is refused, and nothing is changed."""
    id = make(elasticache, NumNodeGroups=2, ReplicasPerNodeGroup=1, NumCacheClusters=None)
    regional = {"ReplicationGroupId": "nobody", "ReplicationGroupRegion": "eu-west-1", "ReshardingConfiguration": []}
    assert refused(
        elasticache.increase_node_groups_in_global_replication_group,
        GlobalReplicationGroupId=id,
        NodeGroupCount=3,
        ApplyImmediately=True,
        RegionalConfigurations=[regional],
    ) == ("InvalidParameterValue", f"nobody in eu-west-1 is no member of {id}.")
    assert len(elasticache.describe_replication_groups()["ReplicationGroups"][0]["NodeGroups"]) == 2


def test_a_region_whose_prefix_is_not_documented(cloud):
    """Its datastores have a made-up prefix of five letters, always the same."""
    assert make(cloud.client("elasticache", "eu-north-1")) == "yfkqp-world"


def test_a_region_without_global_datastores(cloud, refused):
    """A primary cannot be there."""
    client = cloud.client("elasticache", "ap-southeast-6")
    client.create_replication_group(**PRIMARY)
    assert refused(
        client.create_global_replication_group,
        GlobalReplicationGroupIdSuffix="world",
        PrimaryReplicationGroupId="main",
    ) == ("InvalidParameterValue", "Global datastores are not available in ap-southeast-6.")


def test_what_cannot_be_a_primary(elasticache, refused):
    """A primary is no member already, of a node type and an engine version that global datastores know."""
    given = {"GlobalReplicationGroupIdSuffix": "other"}
    make(elasticache)
    assert refused(elasticache.create_global_replication_group, **given, PrimaryReplicationGroupId="main") == (
        "InvalidReplicationGroupState",
        "main is a member of ldgnf-world already.",
    )
    assert refused(
        elasticache.create_global_replication_group,
        GlobalReplicationGroupIdSuffix="World",
        PrimaryReplicationGroupId="main",
    ) == (
        "GlobalReplicationGroupAlreadyExistsFault",
        "Global replication group ldgnf-world already exists.",
    )
    assert (
        refused(elasticache.create_global_replication_group, **given, PrimaryReplicationGroupId="none")[0]
        == "ReplicationGroupNotFoundFault"
    )
    small = PRIMARY | {"ReplicationGroupId": "small", "CacheNodeType": "cache.t4g.small"}
    old = PRIMARY | {"ReplicationGroupId": "old", "Engine": "redis", "EngineVersion": "4.0.10"}
    old["CacheNodeType"] = "cache.m5.large"
    for group in (small, old):
        elasticache.create_replication_group(**group)
        assert refused(
            elasticache.create_global_replication_group, **given, PrimaryReplicationGroupId=group["ReplicationGroupId"]
        )[0] == ("InvalidParameterValue")


def test_a_durable_group_is_no_primary(elasticache, refused):
    """Global datastores do not have groups that log their writes."""
    durable = {
        "EngineVersion": "9.0",
        "CacheNodeType": "cache.r7g.large",
        "NumCacheClusters": None,
        "NumNodeGroups": 1,
        "ReplicasPerNodeGroup": 1,
        "MultiAZEnabled": True,
        "TransitEncryptionEnabled": True,
        "ClusterMode": "enabled",
        "Durability": "sync",
    }
    elasticache.create_replication_group(**{key: one for key, one in (PRIMARY | durable).items() if one is not None})
    assert refused(
        elasticache.create_global_replication_group,
        GlobalReplicationGroupIdSuffix="world",
        PrimaryReplicationGroupId="main",
    ) == ("InvalidParameterValue", "main has durability enabled, which global datastores do not support.")


def test_a_group_with_ipv6_is_no_primary(elasticache, cloud, refused):
    """Global datastores have IPv4 only."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    subnet = ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock="10.0.0.0/24", Ipv6CidrBlock=block)["Subnet"]["SubnetId"]
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="both", CacheSubnetGroupDescription="x", SubnetIds=[subnet]
    )
    elasticache.create_replication_group(**PRIMARY, CacheSubnetGroupName="both", NetworkType="dual_stack")
    assert refused(
        elasticache.create_global_replication_group,
        GlobalReplicationGroupIdSuffix="world",
        PrimaryReplicationGroupId="main",
    ) == ("InvalidParameterValue", "main has the network type dual_stack: global datastores have IPv4.")


def test_members_are_of_one_partition(cloud, refused):
    """A datastore of China has its members there."""
    make(cloud.client("elasticache", "cn-north-1"))
    given = SECONDARY | {"GlobalReplicationGroupId": "emvgo-world"}
    assert refused(cloud.client("elasticache", "eu-west-1").create_replication_group, **given) == (
        "InvalidParameterValue",
        "eu-west-1 is in another partition than cn-north-1 of emvgo-world.",
    )
    cloud.client("elasticache", "cn-northwest-1").create_replication_group(**given)


def test_shards_of_a_secondary(elasticache, ireland, refused):
    """Its shards and slots are the primary's; how many replicas each has, and where, is its own."""
    slots = ["0-999", "1000-16383"]
    id = make(
        elasticache,
        NumCacheClusters=None,
        NodeGroupConfiguration=[{"Slots": one, "ReplicaCount": 1} for one in slots],
        CacheParameterGroupName="default.valkey8.cluster.on",
    )
    configured = [
        {
            "NodeGroupId": "0002",
            "ReplicaCount": 2,
            "PrimaryAvailabilityZone": "eu-west-1c",
            "ReplicaAvailabilityZones": ["eu-west-1a", "eu-west-1b"],
        },
        {"NodeGroupId": "0001", "ReplicaCount": 1, "PrimaryAvailabilityZone": "eu-west-1b"},
    ]
    given = {"ReplicationGroupId": "copy", "ReplicationGroupDescription": "x", "GlobalReplicationGroupId": id}
    other = [configured[0] | {"Slots": "0-1"}, configured[1]]
    assert refused(ireland.create_replication_group, **given, NodeGroupConfiguration=other) == (
        "InvalidParameterValue",
        "The slots of node group 0002 are those of the primary: 1000-16383.",
    )
    ireland.create_replication_group(**given, NodeGroupConfiguration=configured)
    group = ireland.describe_replication_groups()["ReplicationGroups"][0]
    assert [shard["Slots"] for shard in group["NodeGroups"]] == slots
    assert [
        [node["PreferredAvailabilityZone"][-1] for node in shard["NodeGroupMembers"]] for shard in group["NodeGroups"]
    ] == [["b", group["NodeGroups"][0]["NodeGroupMembers"][1]["PreferredAvailabilityZone"][-1]], ["c", "a", "b"]]


def test_users_of_a_secondary(elasticache, ireland, refused):
    """A secondary may have the users of its own region, where members are encrypted in transit."""
    id = make(elasticache, TransitEncryptionEnabled=True)
    given = SECONDARY | {"GlobalReplicationGroupId": id}
    assert refused(ireland.create_replication_group, **given, UserGroupIds=["team"])[0] == "UserGroupNotFound"
    ireland.create_user_group(UserGroupId="team", Engine="valkey")
    ireland.create_replication_group(**given, UserGroupIds=["team"])
    assert ireland.describe_replication_groups()["ReplicationGroups"][0]["UserGroupIds"] == ["team"]


def test_minor_versions_stay(elasticache, world, ireland, refused):
    """Members are not upgraded one by one: what would do so is off, and is not turned on."""
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world, AutoMinorVersionUpgrade=True)
    for client, id in ((elasticache, "main"), (ireland, "copy")):
        (group,) = client.describe_replication_groups()["ReplicationGroups"]
        assert group["AutoMinorVersionUpgrade"] is False
        assert refused(client.modify_replication_group, ReplicationGroupId=id, AutoMinorVersionUpgrade=True) == (
            "InvalidParameterCombination",
            f"AutoMinorVersionUpgrade cannot be enabled while {id} belongs to {world}.",
        )


def members(client):
    """Return the members as any of them shows them: region, role and status."""
    (found,) = client.describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"]
    return [(one["ReplicationGroupRegion"], one["Role"], one["Status"]) for one in found["Members"]]


def test_failover(elasticache, world, ireland, refused):
    """A secondary becomes the primary, and the primary a secondary, as every region shows it."""
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world)
    given = {"GlobalReplicationGroupId": world}
    for region, id in (("eu-west-1", "main"), ("us-west-2", "copy")):
        assert refused(
            elasticache.failover_global_replication_group, **given, PrimaryRegion=region, PrimaryReplicationGroupId=id
        ) == (
            "InvalidParameterValue",
            f"{id} in {region} is no member of {world}.",
        )
    assert refused(
        elasticache.failover_global_replication_group,
        **given,
        PrimaryRegion="us-east-1",
        PrimaryReplicationGroupId="main",
    ) == (
        "InvalidParameterValue",
        f"main is the primary of {world} already.",
    )
    elasticache.failover_global_replication_group(**given, PrimaryRegion="eu-west-1", PrimaryReplicationGroupId="copy")
    expected = [("us-east-1", "SECONDARY", "associated"), ("eu-west-1", "PRIMARY", "associated")]
    assert members(elasticache) == members(ireland) == expected
    for client, role in ((elasticache, "SECONDARY"), (ireland, "PRIMARY")):
        (group,) = client.describe_replication_groups()["ReplicationGroups"]
        assert group["GlobalReplicationGroupInfo"]["GlobalReplicationGroupMemberRole"] == role


def test_the_end(elasticache, world, ireland, refused):
    """Secondaries leave first and live on; then the datastore goes, and its primary stays whatever is asked for."""
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world)
    given = {"GlobalReplicationGroupId": world}
    assert refused(elasticache.delete_global_replication_group, **given, RetainPrimaryReplicationGroup=True) == (
        "InvalidGlobalReplicationGroupState",
        f"{world} has secondaries: disassociate them first.",
    )
    assert refused(
        elasticache.disassociate_global_replication_group,
        **given,
        ReplicationGroupId="main",
        ReplicationGroupRegion="us-east-1",
    )[0] == ("InvalidParameterCombination")
    left = elasticache.disassociate_global_replication_group(
        **given, ReplicationGroupId="copy", ReplicationGroupRegion="eu-west-1"
    )["GlobalReplicationGroup"]
    assert (left["Status"], left["Members"][1]["Status"]) == ("modifying", "disassociating")
    assert members(elasticache) == [("us-east-1", "PRIMARY", "associated")]
    assert ireland.describe_global_replication_groups()["GlobalReplicationGroups"] == []
    assert "GlobalReplicationGroupInfo" not in ireland.describe_replication_groups()["ReplicationGroups"][0]
    gone = elasticache.delete_global_replication_group(**given, RetainPrimaryReplicationGroup=False)[
        "GlobalReplicationGroup"
    ]
    assert gone["Status"] == "deleting"
    assert elasticache.describe_global_replication_groups()["GlobalReplicationGroups"] == []
    (group,) = elasticache.describe_replication_groups()["ReplicationGroups"]
    assert (group["Status"], "GlobalReplicationGroupInfo" in group) == ("available", False)
    ireland.delete_replication_group(ReplicationGroupId="copy")
    elasticache.delete_replication_group(ReplicationGroupId="main")


def test_events_of_members(elasticache, world, ireland):
    """What happens to a datastore, each of its members tells where it is."""
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=world)
    given = {"GlobalReplicationGroupId": world}
    elasticache.failover_global_replication_group(**given, PrimaryRegion="eu-west-1", PrimaryReplicationGroupId="copy")
    elasticache.disassociate_global_replication_group(
        **given, ReplicationGroupId="main", ReplicationGroupRegion="us-east-1"
    )
    ireland.delete_global_replication_group(**given, RetainPrimaryReplicationGroup=True)
    found = []
    for client, id in ((elasticache, "main"), (ireland, "copy")):
        events = client.describe_events(SourceType="replication-group", SourceIdentifier=id)["Events"]
        found.append([one["Message"] for one in reversed(events) if "global datastore" in one["Message"].lower()])
    failed_over = f"Failover of global datastore {world} from main in us-east-1 to copy in eu-west-1 completed"
    assert found == [
        [
            f"Replication group main is the primary of global datastore {world}",
            failed_over,
            f"Replication group main was disassociated from global datastore {world}",
        ],
        [
            f"Replication group copy was associated with global datastore {world}",
            failed_over,
            f"Global datastore {world} was deleted",
        ],
    ]


def test_upgrade_with_a_parameter_group(elasticache, ireland, refused):
    """A new family comes to all members, each with a copy of the group of the region that was asked."""
    id = make(elasticache, Engine="redis", EngineVersion="7.0")
    ireland.create_replication_group(**SECONDARY, GlobalReplicationGroupId=id)
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="mine", CacheParameterGroupFamily="valkey8", Description="x"
    )
    given = {"GlobalReplicationGroupId": id, "ApplyImmediately": True}
    assert refused(elasticache.modify_global_replication_group, **given) == (
        "InvalidParameterValue",
        "No modifications were requested",
    )
    assert refused(elasticache.modify_global_replication_group, **given, EngineVersion="6.2") == (
        "InvalidParameterValue",
        "Cannot downgrade from 7.0 to 6.2.",
    )
    assert refused(elasticache.modify_global_replication_group, **given, Engine="valkey") == (
        "InvalidParameterValue",
        "EngineVersion must be given to change the engine from redis to valkey.",
    )
    upgrade = {"Engine": "valkey", "EngineVersion": "8.0"}
    code, message = refused(
        elasticache.modify_global_replication_group, **given, **upgrade, CacheParameterGroupName="none"
    )
    assert (code, message) == ("InvalidParameterValue", "CacheParameterGroup not found: none")
    elasticache.modify_global_replication_group(**given, **upgrade, CacheParameterGroupName="mine")
    for client in (elasticache, ireland):
        (cluster, _) = client.describe_cache_clusters()["CacheClusters"]
        assert (cluster["Engine"], cluster["EngineVersion"]) == ("valkey", "8.0.1")
        name = cluster["CacheParameterGroup"]["CacheParameterGroupName"]
        assert name == f"global-datastore-{id}-mine"
        (group,) = client.describe_cache_parameter_groups(CacheParameterGroupName=name)["CacheParameterGroups"]
        assert (group["CacheParameterGroupFamily"], group["IsGlobal"]) == ("valkey8", True)
