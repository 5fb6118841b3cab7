"""The network interfaces that caches hold: one for each node, in its subnet and groups, for as long as it lives."""

import pytest


@pytest.fixture
def ec2(cloud):
    return cloud.client("ec2")


@pytest.fixture
def network(ec2, elasticache):
    """Return a VPC's subnets in two zones by zone, and two security groups; the subnet group is `main`."""
    vpc_id = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        f"us-east-1{zone}": ec2.create_subnet(
            VpcId=vpc_id, CidrBlock=f"10.1.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    }
    groups = [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]
        for name in ("cache", "other")
    ]
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="main", CacheSubnetGroupDescription="main", SubnetIds=list(subnets.values())
    )
    return vpc_id, subnets, groups


@pytest.fixture
def group(elasticache, network):
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumCacheClusters=2,
        AutomaticFailoverEnabled=True,
        TransitEncryptionEnabled=True,
        CacheSubnetGroupName="main",
        SecurityGroupIds=[network[2][0]],
    )


def interfaces(ec2, **filters):
    wanted = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
    found = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    return {one["Description"]: one for one in found}


def test_interface_of_each_node(ec2, elasticache, network, group):
    """Each node has one interface, in the subnet of its zone and the groups of its cache, that ElastiCache manages."""
    _, subnets, groups = network
    found = interfaces(ec2, requester_id="amazon-elasticache")
    assert list(found) == ["ElastiCache main-001", "ElastiCache main-002"]
    for cluster in elasticache.describe_cache_clusters()["CacheClusters"]:
        interface = found[f"ElastiCache {cluster['CacheClusterId']}"]
        zone = cluster["PreferredAvailabilityZone"]
        assert (interface["AvailabilityZone"], interface["SubnetId"]) == (zone, subnets[zone])
        assert [one["GroupId"] for one in interface["Groups"]] == [groups[0]]
        assert interface["RequesterManaged"] is True
        assert (interface["InterfaceType"], interface["Status"]) == ("interface", "in-use")
        assert interface["Attachment"]["InstanceOwnerId"] == "amazon-elasticache"
        assert interface["PrivateIpAddress"].startswith("10.1.")
    assert interfaces(ec2) == found
    assert list(interfaces(ec2, subnet_id=subnets["us-east-1b"], interface_type="interface")) == [
        "ElastiCache main-002"
    ]


def test_interfaces_follow_the_nodes(ec2, elasticache, network, group):
    """Interfaces come with added nodes, change with the groups of the cache, and go with their nodes."""
    _, _, groups = network
    before = interfaces(ec2)
    elasticache.increase_replica_count(ReplicationGroupId="main", NewReplicaCount=2, ApplyImmediately=True)
    elasticache.describe_replication_groups()
    after = interfaces(ec2)
    assert after.keys() - before.keys() == {"ElastiCache main-003"}
    assert {name: after[name]["NetworkInterfaceId"] for name in before} == {
        name: one["NetworkInterfaceId"] for name, one in before.items()
    }
    elasticache.modify_replication_group(ReplicationGroupId="main", SecurityGroupIds=[groups[1]], ApplyImmediately=True)
    elasticache.describe_replication_groups()
    assert {one["Groups"][0]["GroupId"] for one in interfaces(ec2).values()} == {groups[1]}
    ec2.delete_security_group(GroupId=groups[0])
    elasticache.delete_replication_group(ReplicationGroupId="main")
    assert interfaces(ec2) == {}


def test_interfaces_of_clusters_and_serverless_caches(ec2, elasticache, network):
    """A Memcached cluster has one for each node; a serverless cache an endpoint's in each of its subnets."""
    _, subnets, groups = network
    elasticache.create_cache_cluster(
        CacheClusterId="sessions",
        Engine="memcached",
        CacheNodeType="cache.t4g.micro",
        NumCacheNodes=3,
        AZMode="cross-az",
        CacheSubnetGroupName="main",
        SecurityGroupIds=groups,
    )
    found = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [one["Description"] for one in found] == ["ElastiCache sessions"] * 3
    assert {one["SubnetId"] for one in found} == set(subnets.values())
    assert len({one["PrivateIpAddress"] for one in found}) == 3
    elasticache.delete_cache_cluster(CacheClusterId="sessions")
    elasticache.create_serverless_cache(
        ServerlessCacheName="burst",
        Engine="valkey",
        SubnetIds=list(subnets.values()),
        SecurityGroupIds=groups[:1],
    )
    found = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {(one["InterfaceType"], one["SubnetId"]) for one in found} == {
        ("vpc_endpoint", subnet) for subnet in subnets.values()
    }


def test_interface_of_a_node_made_again(ec2, elasticache, network, group):
    """A cache that is made again under its name has other interfaces."""
    before = interfaces(ec2)
    elasticache.delete_replication_group(ReplicationGroupId="main")
    elasticache.describe_replication_groups()
    elasticache.create_replication_group(
        ReplicationGroupId="main",
        ReplicationGroupDescription="main",
        Engine="valkey",
        CacheNodeType="cache.r7g.large",
        NumCacheClusters=2,
        CacheSubnetGroupName="main",
        TransitEncryptionEnabled=True,
    )
    after = interfaces(ec2)
    assert after.keys() == before.keys()
    for name, one in after.items():
        assert one["NetworkInterfaceId"] != before[name]["NetworkInterfaceId"]


def test_interfaces_are_not_for_users(ec2, refused, network, group):
    """Nobody but ElastiCache deletes, detaches or changes them."""
    interface = interfaces(ec2)["ElastiCache main-001"]
    id = interface["NetworkInterfaceId"]
    assert refused(ec2.delete_network_interface, NetworkInterfaceId=id) == (
        "InvalidParameterValue",
        f"Network interface '{id}' is currently in use.",
    )
    assert refused(ec2.detach_network_interface, AttachmentId=interface["Attachment"]["AttachmentId"]) == (
        "OperationNotPermitted",
        "You are not allowed to manage 'ela-attach' attachments.",
    )
    assert refused(ec2.modify_network_interface_attribute, NetworkInterfaceId=id, Groups=[network[2][1]]) == (
        "AuthFailure",
        "You do not have permission to access the specified resource.",
    )
    assert interfaces(ec2)["ElastiCache main-001"] == interface


def test_interface_of_a_user(ec2, network):
    """An interface that a user made is changed and deleted as before."""
    _, subnets, groups = network
    made = ec2.create_network_interface(SubnetId=subnets["us-east-1a"], Groups=groups[:1])["NetworkInterface"]
    ec2.modify_network_interface_attribute(NetworkInterfaceId=made["NetworkInterfaceId"], Groups=groups[1:])
    (found,) = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [one["GroupId"] for one in found["Groups"]] == groups[1:]
    ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []


def test_what_interfaces_are_in_stays(ec2, elasticache, refused, network, group):
    """Subnets and groups of a cache's interfaces are not deleted before them; what holds none of them is."""
    vpc_id, subnets, groups = network
    elasticache.create_cache_cluster(
        CacheClusterId="one",
        Engine="memcached",
        CacheNodeType="cache.t4g.micro",
        NumCacheNodes=1,
        PreferredAvailabilityZone="us-east-1a",
        CacheSubnetGroupName="main",
        SecurityGroupIds=groups[1:],
    )
    elasticache.delete_replication_group(ReplicationGroupId="main")
    elasticache.describe_replication_groups()
    assert refused(ec2.delete_subnet, SubnetId=subnets["us-east-1a"]) == (
        "DependencyViolation",
        f"The subnet '{subnets['us-east-1a']}' has dependencies and cannot be deleted.",
    )
    assert refused(ec2.delete_security_group, GroupId=groups[1]) == (
        "DependencyViolation",
        f"resource {groups[1]} has a dependent object",
    )
    ec2.delete_subnet(SubnetId=subnets["us-east-1b"])
    ec2.delete_security_group(GroupId=groups[0])
    elasticache.delete_cache_cluster(CacheClusterId="one")
    ec2.delete_subnet(SubnetId=subnets["us-east-1a"])
    ec2.delete_security_group(GroupId=groups[1])
    ec2.delete_vpc(VpcId=vpc_id)
