"""A network of three zones: public subnets for what faces the internet, private ones for everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True)
class Network:
    """What a cache needs of a network."""

    vpc: aws.ec2.Vpc
    private: list[aws.ec2.Subnet]
    applications: aws.ec2.SecurityGroup


TAGS = {"owner": "platform", "cost-center": "4711"}


def network(name: str, region: str, second: int, opts: pulumi.ResourceOptions | None = None) -> Network:
    """Make a network; its private subnets reach the internet through NAT, and nothing there reaches them."""
    vpc = aws.ec2.Vpc(
        name, cidr_block=f"10.{second}.0.0/16", assign_generated_ipv6_cidr_block=True, tags=TAGS, opts=opts
    )
    gateway = aws.ec2.InternetGateway(name, vpc_id=vpc.id, tags=TAGS, opts=opts)
    egress_only = aws.ec2.EgressOnlyInternetGateway(name, vpc_id=vpc.id, tags=TAGS, opts=opts)
    aws.ec2.DefaultSecurityGroup(name, vpc_id=vpc.id, tags=TAGS, opts=opts)

    public_table = aws.ec2.RouteTable(
        f"{name}-public",
        vpc_id=vpc.id,
        routes=[
            {"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id},
            {"ipv6_cidr_block": "::/0", "gateway_id": gateway.id},
        ],
        tags=TAGS,
        opts=opts,
    )
    public = []
    for index, zone in enumerate("abc"):
        subnet = aws.ec2.Subnet(
            f"{name}-public-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.{second}.{index}.0/24",
            availability_zone=f"{region}{zone}",
            map_public_ip_on_launch=True,
            tags=TAGS,
            opts=opts,
        )
        aws.ec2.RouteTableAssociation(
            f"{name}-public-{zone}", subnet_id=subnet.id, route_table_id=public_table.id, opts=opts
        )
        public.append(subnet)

    address = aws.ec2.Eip(name, domain="vpc", tags=TAGS, opts=opts)
    nat = aws.ec2.NatGateway(name, allocation_id=address.id, subnet_id=public[0].id, tags=TAGS, opts=opts)
    private_table = aws.ec2.RouteTable(f"{name}-private", vpc_id=vpc.id, tags=TAGS, opts=opts)
    aws.ec2.Route(
        f"{name}-out",
        route_table_id=private_table.id,
        destination_cidr_block="0.0.0.0/0",
        nat_gateway_id=nat.id,
        opts=opts,
    )
    aws.ec2.Route(
        f"{name}-out-by-ipv6",
        route_table_id=private_table.id,
        destination_ipv6_cidr_block="::/0",
        egress_only_gateway_id=egress_only.id,
        opts=opts,
    )
    # The subnet of the last zone has no association: the main table of the VPC is the private one.
    aws.ec2.MainRouteTableAssociation(name, vpc_id=vpc.id, route_table_id=private_table.id, opts=opts)
    private = []
    for index, zone in enumerate("abc"):
        subnet = aws.ec2.Subnet(
            f"{name}-private-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.{second}.{10 + index}.0/24",
            availability_zone=f"{region}{zone}",
            map_public_ip_on_launch=False,
            tags=TAGS,
            opts=opts,
        )
        if zone != "c":
            aws.ec2.RouteTableAssociation(
                f"{name}-private-{zone}", subnet_id=subnet.id, route_table_id=private_table.id, opts=opts
            )
        private.append(subnet)

    # Answers come back to the ports that machines open for their calls; those of caches are not among them.
    aws.ec2.NetworkAcl(
        f"{name}-private",
        vpc_id=vpc.id,
        subnet_ids=[one.id for one in private],
        ingress=[
            _entry(100, "10.0.0.0/8", "-1", 0, 0),
            _entry(200, "0.0.0.0/0", "tcp", 32768, 65535),
        ],
        egress=[_entry(100, "0.0.0.0/0", "-1", 0, 0)],
        tags=TAGS,
        opts=opts,
    )
    log = aws.cloudwatch.LogGroup(f"{name}-flows", name=f"/vpc/{name}", retention_in_days=90, tags=TAGS, opts=opts)
    aws.ec2.FlowLog(
        name,
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination=log.arn,
        iam_role_arn="arn:aws:iam::123456789012:role/flow-logs",
        tags=TAGS,
        opts=opts,
    )
    applications = aws.ec2.SecurityGroup(
        f"{name}-applications",
        description="Whatever uses a cache",
        vpc_id=vpc.id,
        egress=[
            {
                "description": "Whatever the applications call",
                "protocol": "-1",
                "from_port": 0,
                "to_port": 0,
                "cidr_blocks": ["0.0.0.0/0"],
            }
        ],
        tags=TAGS,
        opts=opts,
    )
    return Network(vpc, private, applications)


def _entry(number: int, block: str, protocol: str, first: int, last: int) -> aws.ec2.NetworkAclIngressArgsDict:
    return {
        "rule_no": number,
        "action": "allow",
        "cidr_block": block,
        "protocol": protocol,
        "from_port": first,
        "to_port": last,
    }
