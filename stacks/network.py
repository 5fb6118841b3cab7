"""A private network for caches, for an environment that brings none of its own."""

import ipaddress
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import ec2

from cachewright.catalog import regions

SUBNET_PREFIX_BITS = 4


class Network(pulumi.ComponentResource):
    """A VPC with one private subnet in each zone, and no gateway to anywhere.

    Args:
        name: The network's name; its region is part of it.
        region: The region to create it in.
        cidr_block: The VPC's IPv4 range; each subnet takes a sixteenth of it.
        availability_zones: The zones to span; by default the region's first three.
        tags: Tags for everything taggable.
        opts: Pulumi's resource options.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: Sequence[pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        *,
        region: str,
        cidr_block: str,
        availability_zones: Sequence[str] | None,
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("caching:index:Network", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        zones = availability_zones or regions.availability_zones(region)[:3]
        vpc = ec2.Vpc(
            name,
            region=region,
            cidr_block=cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={**tags, "Name": name},
            opts=child,
        )
        routes = ec2.RouteTable(
            f"{name}-private", region=region, vpc_id=vpc.id, tags={**tags, "Name": f"{name}-private"}, opts=child
        )
        subnets = []
        for zone, block in zip(zones, subnet_blocks(cidr_block, len(zones)), strict=True):
            subnet = ec2.Subnet(
                f"{name}-{zone}",
                region=region,
                vpc_id=vpc.id,
                availability_zone=zone,
                cidr_block=block,
                map_public_ip_on_launch=False,
                tags={**tags, "Name": f"{name}-{zone}"},
                opts=child,
            )
            ec2.RouteTableAssociation(
                f"{name}-{zone}", region=region, subnet_id=subnet.id, route_table_id=routes.id, opts=child
            )
            subnets.append(subnet.id)
        self.vpc_id = vpc.id
        self.subnet_ids = subnets
        self.register_outputs({"vpcId": self.vpc_id, "subnetIds": self.subnet_ids})


def subnet_blocks(cidr_block: str, count: int) -> list[str]:
    """Return the first `count` sixteenths of a range.

    >>> subnet_blocks("10.0.0.0/16", 2)
    ['10.0.0.0/20', '10.0.16.0/20']
    """
    blocks = ipaddress.ip_network(cidr_block).subnets(prefixlen_diff=SUBNET_PREFIX_BITS)
    return [str(block) for block, _ in zip(blocks, range(count), strict=False)]
