"""Cache subnet groups, through HTTP, over the subnets of the local EC2."""

import pytest

REDIS = {"CacheClusterId": "one", "Engine": "redis", "CacheNodeType": "cache.t4g.micro", "NumCacheNodes": 1}


@pytest.fixture
def ec2(cloud):
    return cloud.client("ec2")


@pytest.fixture
def vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def subnets(ec2, vpc):
    """One subnet in each of three zones."""
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("abc")
    ]


def request(name, subnets):
    return {"CacheSubnetGroupName": name, "CacheSubnetGroupDescription": "own", "SubnetIds": subnets}


def test_group_has_the_zones_of_its_subnets(elasticache, vpc, subnets):
    """A group is stored in lower case and shows the VPC and the zones of its subnets."""
    group = elasticache.create_cache_subnet_group(**request("Own", subnets[:2]))["CacheSubnetGroup"]
    assert group == {
        "CacheSubnetGroupName": "own",
        "CacheSubnetGroupDescription": "own",
        "VpcId": vpc,
        "Subnets": [
            {
                "SubnetIdentifier": subnet,
                "SubnetAvailabilityZone": {"Name": zone},
                "SupportedNetworkTypes": ["ipv4"],
            }
            for subnet, zone in zip(subnets, ["us-east-1a", "us-east-1b"], strict=False)
        ],
        "ARN": "arn:aws:elasticache:us-east-1:123456789012:subnetgroup:own",
        "SupportedNetworkTypes": ["ipv4"],
    }
    assert elasticache.describe_cache_subnet_groups(CacheSubnetGroupName="OWN")["CacheSubnetGroups"] == [group]


def test_network_types_are_those_of_all_subnets(elasticache, ec2, cloud):
    """A group speaks IPv6 when all of its subnets do."""
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    dual, single = (
        ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=f"10.1.{number}.0/24", **more)["Subnet"]["SubnetId"]
        for number, more in enumerate(({"Ipv6CidrBlock": block}, {}))
    )
    both = elasticache.create_cache_subnet_group(**request("both", [dual, single]))["CacheSubnetGroup"]
    assert [one["SupportedNetworkTypes"] for one in both["Subnets"]] == [["ipv4", "dual_stack"], ["ipv4"]]
    assert both["SupportedNetworkTypes"] == ["ipv4"]
    elasticache.create_cache_subnet_group(**request("dual", [dual]))
    elasticache.create_cache_cluster(**REDIS, CacheSubnetGroupName="dual", NetworkType="dual_stack", IpDiscovery="ipv6")
    (cluster,) = elasticache.describe_cache_clusters()["CacheClusters"]
    assert (cluster["NetworkType"], cluster["IpDiscovery"]) == ("dual_stack", "ipv6")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"CacheSubnetGroupName": "1own"}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "own--group"}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "own-"}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "own_"}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "a" * 256}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "default"}, "InvalidParameterValue"),
        ({"CacheSubnetGroupDescription": ""}, "InvalidParameterValue"),
        ({"CacheSubnetGroupName": "TAKEN"}, "CacheSubnetGroupAlreadyExists"),
    ],
)
def test_create_refuses(elasticache, refused, subnets, changes, code):
    """Each bad group is refused with its own fault, and nothing is made."""
    elasticache.create_cache_subnet_group(**request("taken", subnets))
    assert refused(elasticache.create_cache_subnet_group, **request("own", subnets) | changes)[0] == code
    assert len(elasticache.describe_cache_subnet_groups()["CacheSubnetGroups"]) == 1


def test_subnets_that_do_not_exist(elasticache, refused, subnets):
    """A group is of subnets that exist, of one at least; AWS tells all that were given when one does not."""
    given = [subnets[0], "subnet-00000000"]
    assert refused(elasticache.create_cache_subnet_group, **request("own", given)) == (
        "InvalidParameterValue",
        f"Some input subnets in :[{subnets[0]}, subnet-00000000] are invalid.",
    )
    assert refused(elasticache.create_cache_subnet_group, **request("own", [])) == (
        "InvalidParameterValue",
        "The parameter SubnetIds must be provided.",
    )
    assert elasticache.describe_cache_subnet_groups()["CacheSubnetGroups"] == []


def test_subnets_of_two_vpcs(elasticache, ec2, refused, subnets):
    """All subnets are of one VPC, when a group is made and when it is changed."""
    other = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_subnet(VpcId=other, CidrBlock="10.2.0.0/24")["Subnet"]["SubnetId"]
    assert refused(elasticache.create_cache_subnet_group, **request("own", [*subnets, foreign])) == (
        "InvalidSubnet",
        f"Subnets {subnets[0]} and {foreign} are not in the same VPC.",
    )
    elasticache.create_cache_subnet_group(**request("own", subnets))
    assert refused(elasticache.modify_cache_subnet_group, CacheSubnetGroupName="own", SubnetIds=[foreign])[0] == (
        "InvalidSubnet"
    )


def test_quota_of_subnets(elasticache, ec2, refused, vpc):
    """A group has at most 20 subnets."""
    many = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(100, 121)
    ]
    assert refused(elasticache.create_cache_subnet_group, **request("own", many)) == (
        "CacheSubnetQuotaExceededFault",
        "Quota of 20 subnets in a cache subnet group exceeded.",
    )
    elasticache.create_cache_subnet_group(**request("own", many[:20]))


def test_quota_of_groups(elasticache, refused, subnets):
    """A region has at most 300 groups of its own."""
    for number in range(300):
        elasticache.create_cache_subnet_group(**request(f"own-{number}", subnets[:1]))
    assert refused(elasticache.create_cache_subnet_group, **request("own", subnets))[0] == (
        "CacheSubnetGroupQuotaExceeded"
    )


def test_modify(elasticache, refused, subnets):
    """Description and subnets change; a subnet that a node is in stays."""
    elasticache.create_cache_subnet_group(**request("own", subnets[:2]))
    elasticache.create_cache_cluster(**REDIS, CacheSubnetGroupName="own", PreferredAvailabilityZone="us-east-1b")
    changed = elasticache.modify_cache_subnet_group(
        CacheSubnetGroupName="OWN", CacheSubnetGroupDescription="changed", SubnetIds=subnets[1:]
    )["CacheSubnetGroup"]
    assert changed["CacheSubnetGroupDescription"] == "changed"
    assert [one["SubnetIdentifier"] for one in changed["Subnets"]] == subnets[1:]
    assert refused(elasticache.modify_cache_subnet_group, CacheSubnetGroupName="own", SubnetIds=subnets[2:]) == (
        "SubnetInUse",
        f"The subnet ID {subnets[1]} is in use by a cache cluster.",
    )
    elasticache.delete_cache_cluster(CacheClusterId="one")
    elasticache.modify_cache_subnet_group(CacheSubnetGroupName="own", SubnetIds=subnets[2:])
    assert refused(elasticache.modify_cache_subnet_group, CacheSubnetGroupName="none") == (
        "CacheSubnetGroupNotFoundFault",
        "Cache subnet group none not found.",
    )


def test_subnet_of_a_member_stays(elasticache, refused, subnets):
    """The subnets of a replication group's members stay, too."""
    elasticache.create_cache_subnet_group(**request("own", subnets))
    elasticache.create_replication_group(
        ReplicationGroupId="group",
        ReplicationGroupDescription="group",
        Engine="redis",
        CacheNodeType="cache.t4g.micro",
        NumCacheClusters=2,
        PreferredCacheClusterAZs=["us-east-1a", "us-east-1c"],
        CacheSubnetGroupName="own",
    )
    elasticache.modify_cache_subnet_group(CacheSubnetGroupName="own", SubnetIds=[subnets[0], subnets[2]])
    assert refused(elasticache.modify_cache_subnet_group, CacheSubnetGroupName="own", SubnetIds=subnets[:1])[0] == (
        "SubnetInUse"
    )


def test_delete(elasticache, refused, subnets):
    """A group in use stays; one that is not goes with its tags."""
    arn = elasticache.create_cache_subnet_group(**request("own", subnets))["CacheSubnetGroup"]["ARN"]
    elasticache.create_cache_cluster(**REDIS, CacheSubnetGroupName="own")
    assert refused(elasticache.delete_cache_subnet_group, CacheSubnetGroupName="own") == (
        "CacheSubnetGroupInUse",
        "Cache subnet group own is currently in use by a cache cluster.",
    )
    elasticache.delete_cache_cluster(CacheClusterId="one")
    elasticache.delete_cache_subnet_group(CacheSubnetGroupName="OWN")
    assert refused(elasticache.delete_cache_subnet_group, CacheSubnetGroupName="own") == (
        "CacheSubnetGroupNotFoundFault",
        "Cache Subnet Group own does not exist.",
    )
    assert refused(elasticache.list_tags_for_resource, ResourceName=arn)[0] == "CacheSubnetGroupNotFoundFault"


def test_default_group(elasticache, refused):
    """A cache without a subnet group is in the default VPC's, which is made for it and stays."""
    assert elasticache.describe_cache_subnet_groups()["CacheSubnetGroups"] == []
    elasticache.create_cache_cluster(**REDIS)
    (cluster,) = elasticache.describe_cache_clusters()["CacheClusters"]
    assert cluster["CacheSubnetGroupName"] == "default"
    (group,) = elasticache.describe_cache_subnet_groups()["CacheSubnetGroups"]
    assert (group["CacheSubnetGroupName"], group["CacheSubnetGroupDescription"]) == (
        "default",
        "Default CacheSubnetGroup",
    )
    assert {one["SubnetAvailabilityZone"]["Name"] for one in group["Subnets"]} == {
        f"us-east-1{zone}" for zone in "abcdef"
    }
    assert elasticache.list_tags_for_resource(ResourceName=group["ARN"])["TagList"] == []
    for call, arguments in (
        (elasticache.create_cache_subnet_group, request("default", [group["Subnets"][0]["SubnetIdentifier"]])),
        (elasticache.modify_cache_subnet_group, {"CacheSubnetGroupName": "default"}),
        (elasticache.delete_cache_subnet_group, {"CacheSubnetGroupName": "DEFAULT"}),
    ):
        assert refused(call, **arguments) == (
            "InvalidParameterValue",
            "default is reserved and cannot be modified.",
        )


def test_groups_are_paged(elasticache, refused, subnets):
    """Groups are shown in the order of their names, page by page."""
    for number in range(25):
        elasticache.create_cache_subnet_group(**request(f"own-{number:02}", subnets[:1]))
    pages = elasticache.get_paginator("describe_cache_subnet_groups").paginate(PaginationConfig={"PageSize": 20})
    names = [group["CacheSubnetGroupName"] for page in pages for group in page["CacheSubnetGroups"]]
    assert names == [f"own-{number:02}" for number in range(25)]
    assert refused(elasticache.describe_cache_subnet_groups, MaxRecords=101)[0] == "InvalidParameterValue"
    assert refused(elasticache.describe_cache_subnet_groups, CacheSubnetGroupName="none") == (
        "CacheSubnetGroupNotFoundFault",
        "Cache subnet group none not found.",
    )
