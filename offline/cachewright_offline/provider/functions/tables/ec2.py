"""Networks that exist already."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = {
    "aws:ec2/getSecurityGroup:getSecurityGroup": "ec2_get_security_group",
    "aws:ec2/getSubnet:getSubnet": "ec2_get_subnet",
    "aws:ec2/getSubnets:getSubnets": "ec2_get_subnets",
    "aws:ec2/getVpc:getVpc": "ec2_get_vpc",
}
