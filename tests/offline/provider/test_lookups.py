"""Functions that look for networks, on a running local AWS."""

from typing import Any

import pytest

from cachewright_offline.cloud import control
from cachewright_offline.provider.clients import Clients
from cachewright_offline.provider.protocol import Provider, ProviderError
from cachewright_offline.provider.registry import load_provider
from cachewright_offline.provider.settings import ProviderSettings


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start a local AWS for this module."""
    home = tmp_path_factory.mktemp("cloud")
    yield control.start(home, 0).endpoint
    control.stop(home)


@pytest.fixture(scope="module")
def local(cloud: Any) -> Provider:
    provider = load_provider("aws", cloud)
    provider.configure({"region": "eu-west-1"})
    return provider


def ask(provider: Provider, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return provider.invoke(token, arguments, preview=False)[0]


def test_network_is_found_by_tags_and_filters(cloud: Any, local: Provider) -> None:
    """Tags, filters and ids lead to the network, its subnets and its groups, in the region that is asked."""
    ec2 = Clients(ProviderSettings(cloud=cloud)).get("ec2", "eu-west-1")
    id = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[id], Tags=[{"Key": "Name", "Value": "caches"}])
    subnets = sorted(
        ec2.create_subnet(VpcId=id, CidrBlock=f"10.9.{number}.0/24")["Subnet"]["SubnetId"] for number in range(2)
    )
    vpc = ask(local, "aws:ec2/getVpc:getVpc", {"tags": {"Name": "caches"}})
    assert (vpc["id"], vpc["cidrBlock"], vpc["default"]) == (id, "10.9.0.0/16", False)
    assert vpc["enableDnsSupport"] is True
    filters = [{"name": "vpc-id", "values": [id]}]
    assert ask(local, "aws:ec2/getSubnets:getSubnets", {"filters": filters})["ids"] == subnets
    subnet = ask(local, "aws:ec2/getSubnet:getSubnet", {"id": subnets[0]})
    assert subnet["vpcId"] == id
    group = ask(local, "aws:ec2/getSecurityGroup:getSecurityGroup", {"name": "default", "vpcId": id})
    assert group["id"].startswith("sg-")
    with pytest.raises(ProviderError, match="no VPC on the local AWS fits the arguments"):
        ask(local, "aws:ec2/getVpc:getVpc", {"id": id, "region": "us-west-2"})


def test_default_network_is_there(local: Provider) -> None:
    """Every region has a default VPC, as in a new account."""
    assert ask(local, "aws:ec2/getVpc:getVpc", {"default": True})["default"] is True


def test_several_that_fit_are_refused(local: Provider) -> None:
    """A lookup of one thing has to find one."""
    with pytest.raises(ProviderError, match=r"^\d+ subnets on the local AWS fit the arguments: change them so"):
        ask(local, "aws:ec2/getSubnet:getSubnet", {"defaultForAz": True})
