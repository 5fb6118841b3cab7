"""Where a serverless cache may be, through HTTP."""

import pytest


@pytest.fixture
def subnets(cloud):
    """Return subnets of one VPC by zone and number; the VPC has IPv6 in two zones."""
    ec2 = cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    prefix = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].removesuffix("00::/56")
    made = {}
    for index, name in enumerate(("a", "b", "c", "d", "a2", "a6", "b6")):
        given = {"CidrBlock": f"10.0.{index}.0/24"}
        if name.endswith("6"):
            given["Ipv6CidrBlock"] = f"{prefix}{index:02}::/64"
        zone = f"us-east-1{name[0]}"
        made[name] = ec2.create_subnet(VpcId=vpc["VpcId"], AvailabilityZone=zone, **given)["Subnet"]["SubnetId"]
    return made


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("a", "Invalid number of SubnetIds: 1. Must be between 2 and 3."),
        ("a b c d", "Invalid number of SubnetIds: 4. Must be between 2 and 3."),
        ("a a2", "SubnetIds must be in different availability zones: more than one is in us-east-1a."),
        ("a a", "SubnetIds must not contain duplicates."),
    ],
)
def test_two_or_three_zones(elasticache, subnets, refused, names, message):
    """A cache is in two or three subnets, each in a zone of its own."""
    ids = [subnets[name] for name in names.split()]
    given = {"ServerlessCacheName": "cache", "Engine": "valkey"}
    assert refused(elasticache.create_serverless_cache, **given, SubnetIds=ids) == ("InvalidParameterValue", message)
    for count in (2, 3):
        given["ServerlessCacheName"] = f"cache-{count}"
        ids = [subnets[name] for name in "abc"[:count]]
        made = elasticache.create_serverless_cache(**given, SubnetIds=ids)["ServerlessCache"]
        assert (made["SubnetIds"], made["NetworkType"]) == (ids, "ipv4")


def test_ipv6(elasticache, subnets, refused):
    """A cache speaks IPv6 where its subnets do; IPv6 alone takes subnets that have nothing else."""
    given = {"ServerlessCacheName": "cache", "Engine": "valkey"}
    both = [subnets["a6"], subnets["b6"]]
    create = elasticache.create_serverless_cache
    assert refused(create, **given, NetworkType="dual_stack", SubnetIds=[subnets["a6"], subnets["b"]]) == (
        "InvalidParameterCombination",
        "NetworkType dual_stack is only supported with subnets that have IPv6 addresses.",
    )
    assert refused(create, **given, NetworkType="ipv6", SubnetIds=both) == (
        "InvalidParameterCombination",
        "NetworkType ipv6 is only supported with IPv6-only subnets.",
    )
    made = create(**given, NetworkType="dual_stack", SubnetIds=both)["ServerlessCache"]
    assert made["NetworkType"] == "dual_stack"


def test_default_subnets_of_a_region_with_few_zones(cloud):
    """In us-west-1 a cache is in two of the default VPC's subnets, elsewhere in three."""
    for region, count in (("us-west-1", 2), ("eu-west-1", 3)):
        client = cloud.client("elasticache", region)
        made = client.create_serverless_cache(ServerlessCacheName="cache", Engine="valkey")["ServerlessCache"]
        assert len(made["SubnetIds"]) == count
