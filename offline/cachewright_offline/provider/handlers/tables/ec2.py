"""EC2 and VPC."""

from __future__ import annotations

from typing import Final

HANDLERS: Final = {
    "aws:ec2/internetGateway:InternetGateway": "ec2_internet_gateway:InternetGatewayHandler",
    "aws:ec2/route:Route": "ec2_route:RouteHandler",
    "aws:ec2/routeTable:RouteTable": "ec2_route_table:RouteTableHandler",
    "aws:ec2/routeTableAssociation:RouteTableAssociation": "ec2_route_table_association:RouteTableAssociationHandler",
    "aws:ec2/securityGroup:SecurityGroup": "ec2_security_group:SecurityGroupHandler",
    "aws:ec2/subnet:Subnet": "ec2_subnet:SubnetHandler",
    "aws:ec2/vpc:Vpc": "ec2_vpc:VpcHandler",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2_vpc_endpoint:VpcEndpointHandler",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "vpc_security_group_egress_rule:SecurityGroupEgressRuleHandler"
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "vpc_security_group_ingress_rule:SecurityGroupIngressRuleHandler"
    ),
}
