"""Whether a cache's subnets are private, and what surrounds them."""

from __future__ import annotations

import pytest

from cachewright_policies.network import (
    default_security_group,
    default_subnet_group,
    network_acl,
    private_subnets,
    subnet_public_addresses,
    vpc_flow_logs,
)
from cachewright_policies.tokens import (
    CLUSTER,
    DEFAULT_ROUTE_TABLE,
    DEFAULT_SECURITY_GROUP,
    DEFAULT_SUBNET,
    DEFAULT_VPC,
    FLOW_LOG,
    INTERNET_GATEWAY,
    MAIN_ROUTE_TABLE_ASSOCIATION,
    NETWORK_ACL,
    NETWORK_ACL_ASSOCIATION,
    NETWORK_ACL_RULE,
    REPLICATION_GROUP,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    SERVERLESS_CACHE,
    SUBNET,
    SUBNET_GROUP,
    VPC,
)
from cachewright_policies.values import UNKNOWN, Secret

RULE = private_subnets.RULE
NAT, VPN = "aws:ec2/natGateway:NatGateway", "aws:ec2/vpnGateway:VpnGateway"
VPC_, GATEWAY = (VPC, "vpc", {}), (INTERNET_GATEWAY, "igw", {})
IN_VPC = (SUBNET, "s", {}, {"vpcId": ["vpc"]})
GROUP = (SUBNET_GROUP, "sg", {}, {"subnetIds": ["s"]})
TABLE = (ROUTE_TABLE, "t", {}, {"vpcId": ["vpc"]})
ASSOCIATION = (ROUTE_TABLE_ASSOCIATION, "a", {}, {"subnetId": ["s"], "routeTableId": ["t"]})
BASE = (VPC_, GATEWAY, IN_VPC, GROUP, TABLE, ASSOCIATION)
WORLD = {"destinationCidrBlock": "0.0.0.0/0"}


def route(values, references):
    """A route of the subnet's table."""
    return (ROUTE, "r", values, {"routeTableId": ["t"], **references})


def table(*routes, **references):
    """The subnet's table, with routes of its own."""
    return (ROUTE_TABLE, "t", {"routes": list(routes)}, references)


def network(*specs):
    """The network, some parts of it in the place of its own."""
    names = {name for _, name, *_ in specs}
    return [*(one for one in BASE if one[1] not in names), *specs]


TO_GATEWAY = {"gatewayId": ["igw"]}
PUBLIC = {
    "a route": [route(WORLD, TO_GATEWAY)],
    "a route, IPv6": [route({"destinationIpv6CidrBlock": "::/0"}, TO_GATEWAY)],
    "half of the world": [route({"destinationCidrBlock": "128.0.0.0/1"}, TO_GATEWAY)],
    "a gateway of another stack, by id": [route({**WORLD, "gatewayId": "igw-1"}, {})],
    "a secret destination": [route({"destinationCidrBlock": Secret("0.0.0.0/0")}, TO_GATEWAY)],
    "an inline route": [table({"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}, routes=["igw"])],
    "an inline route, IPv6": [table({"ipv6CidrBlock": "::/0", "gatewayId": UNKNOWN}, routes=["igw"])],
    "an inline route after others": [
        table(
            {"cidrBlock": "10.1.0.0/16", "transitGatewayId": "tgw-1"},
            {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
        )
    ],
    "a default subnet": [(DEFAULT_SUBNET, "s", {})],
}
PRIVATE = {
    "no route": [],
    "a NAT gateway": [(NAT, "nat", {}), route(WORLD, {"natGatewayId": ["nat"]})],
    "an inline NAT gateway": [
        (NAT, "nat", {}),
        table({"cidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN}, routes=["nat"]),
    ],
    "a transit gateway": [route({**WORLD, "transitGatewayId": "tgw-1"}, {})],
    "an egress-only gateway": [route({"destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": UNKNOWN}, {})],
    "a VPN gateway": [(VPN, "vpn", {}), route(WORLD, {"gatewayId": ["vpn"]})],
    "a VPN gateway by id": [route({**WORLD, "gatewayId": "vgw-1"}, {})],
    "a narrow route to a gateway": [route({"destinationCidrBlock": "203.0.113.0/24"}, TO_GATEWAY)],
}
UNDECIDED = {
    "a gateway that is not known": [route({**WORLD, "gatewayId": UNKNOWN}, {})],
    "a destination that is not known": [route({"destinationCidrBlock": UNKNOWN}, TO_GATEWAY)],
    "routes that are not known": [(ROUTE_TABLE, "t", {"routes": UNKNOWN})],
    "an inline route that is not known": [table(UNKNOWN)],
    "a table of another stack": [
        (ROUTE_TABLE_ASSOCIATION, "a", {"routeTableId": "rtb-1"}, {"subnetId": ["s"]}),
    ],
    "a subnet of another stack": [(SUBNET_GROUP, "sg", {"subnetIds": ["subnet-1"]})],
    "subnets that are not known": [(SUBNET_GROUP, "sg", {"subnetIds": UNKNOWN})],
}


@pytest.mark.parametrize("specs", PUBLIC.values(), ids=PUBLIC)
def test_a_public_subnet_is_found(specs, verdicts):
    """Its table has a route to an internet gateway."""
    assert verdicts(RULE, *network(*specs)) == ["sg.subnetIds"]


@pytest.mark.parametrize("specs", PRIVATE.values(), ids=PRIVATE)
def test_a_private_subnet_passes(specs, verdicts):
    """Other gateways do not let the internet in."""
    assert verdicts(RULE, *network(*specs)) == []


@pytest.mark.parametrize("specs", UNDECIDED.values(), ids=UNDECIDED)
def test_what_is_not_known_is_undecided(specs, verdicts):
    """A subnet that is known by its id only is never a pass."""
    assert verdicts(RULE, *network(*specs)) == ["sg.subnetIds?"]


class TestTheMainTable:
    """A subnet without a table of its own has its VPC's main one."""

    ALONE = (VPC_, GATEWAY, IN_VPC, GROUP)

    def test_the_main_table_that_is_made(self, verdicts):
        """With the VPC, named by an association, or taken over as the default one."""
        out = (ROUTE, "r", WORLD, {"routeTableId": ["t"], **TO_GATEWAY})
        main = (MAIN_ROUTE_TABLE_ASSOCIATION, "m", {}, {"vpcId": ["vpc"], "routeTableId": ["t"]})
        taken = (DEFAULT_ROUTE_TABLE, "d", {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]})
        assert verdicts(RULE, *self.ALONE) == []
        assert verdicts(RULE, *self.ALONE, TABLE, out) == []
        assert verdicts(RULE, *self.ALONE, TABLE, out, main) == ["sg.subnetIds"]
        assert verdicts(RULE, *self.ALONE, (*taken, {"defaultRouteTableId": ["vpc"]})) == ["sg.subnetIds"]
        direct = (ROUTE, "r", WORLD, {"routeTableId": ["vpc"], **TO_GATEWAY})
        assert verdicts(RULE, *self.ALONE, direct) == ["sg.subnetIds"]

    def test_a_vpc_of_another_stack_and_the_default_one(self, verdicts):
        """What is not there is not known; the default VPC leads to the internet."""
        elsewhere = (SUBNET, "s", {"vpcId": "vpc-1"})
        default = (DEFAULT_VPC, "vpc", {})
        assert verdicts(RULE, elsewhere, GROUP) == ["sg.subnetIds?"]
        assert verdicts(RULE, default, IN_VPC, GROUP) == ["sg.subnetIds"]

    def test_a_table_of_its_own_beats_the_main_one(self, verdicts):
        """An open main table says nothing of the subnet then."""
        direct = (ROUTE, "r", WORLD, {"routeTableId": ["vpc"], **TO_GATEWAY})
        assert verdicts(RULE, *BASE, direct) == []


class TestCaches:
    """Where caches say where they are."""

    def test_a_serverless_cache_names_its_subnets_itself(self, verdicts):
        """Or leaves them to the default VPC, which the subnets' rule says nothing of."""
        cache = (SERVERLESS_CACHE, "c", {"engine": "valkey"}, {"subnetIds": ["s"]})
        specs = [one for one in network(route(WORLD, TO_GATEWAY)) if one is not GROUP]
        assert verdicts(RULE, *specs, cache) == ["c.subnetIds"]
        assert verdicts(RULE, (SERVERLESS_CACHE, "c", {"engine": "valkey"})) == []

    def test_a_subnet_group_of_another_stack_is_undecided(self, verdicts):
        """One of this stack is judged by itself, the default one by its own rule, a member's by its group's."""
        cache = {"engine": "redis"}
        assert verdicts(RULE, (REPLICATION_GROUP, "g", {**cache, "subnetGroupName": "x"})) == ["g.subnetGroupName?"]
        assert verdicts(RULE, (CLUSTER, "g", {**cache, "subnetGroupName": UNKNOWN})) == ["g.subnetGroupName?"]
        assert verdicts(RULE, (REPLICATION_GROUP, "g", {**cache, "subnetGroupName": "default"})) == []
        assert verdicts(RULE, (CLUSTER, "g", {"replicationGroupId": "x", "subnetGroupName": "y"})) == []
        assert verdicts(RULE, *BASE, (REPLICATION_GROUP, "g", cache, {"subnetGroupName": ["sg"]})) == []

    @pytest.mark.parametrize(
        ("values", "references", "expected"),
        [
            ({}, {}, ["g.subnetGroupName"]),
            ({"subnetGroupName": ""}, {}, ["g.subnetGroupName"]),
            ({"subnetGroupName": "default"}, {}, ["g.subnetGroupName"]),
            ({"subnetGroupName": Secret("Default")}, {}, ["g.subnetGroupName"]),
            ({"subnetGroupName": "own"}, {}, []),
            ({}, {"subnetGroupName": ["sg"]}, []),
            ({"subnetGroupName": UNKNOWN}, {}, ["g.subnetGroupName?"]),
        ],
    )
    def test_a_cache_names_a_subnet_group_of_its_own(self, values, references, expected, verdicts):
        """None, the default one, one that may be none."""
        cache = (REPLICATION_GROUP, "g", {"engine": "redis", **values}, references)
        assert verdicts(default_subnet_group.RULE, cache, GROUP, (SUBNET, "s", {})) == expected


class TestSurroundings:
    """Only what holds caches is looked at."""

    def test_subnets_give_no_public_addresses(self, verdicts):
        """Of those that caches are in."""
        rule = subnet_public_addresses.RULE
        for value, expected in ((True, ["s"]), ("true", ["s"]), (False, []), (None, []), (UNKNOWN, ["s?"])):
            subnet = (SUBNET, "s", {"mapPublicIpOnLaunch": value}, {"vpcId": ["vpc"]})
            found = [one.replace(".mapPublicIpOnLaunch", "") for one in verdicts(rule, VPC_, subnet, GROUP)]
            assert found == expected, value
            assert [one for one in verdicts(rule, VPC_, subnet) if not one.endswith("?")] == []

    def test_the_default_group_has_no_rules(self, verdicts):
        """Where the program takes charge of it; a VPC that leaves it alone is found where it is asked for."""
        rule = default_security_group.RULE
        own = {"ingress": [{"protocol": "-1"}]}
        closed = (DEFAULT_SECURITY_GROUP, "d", {}, {"vpcId": ["vpc"]})
        opened = (DEFAULT_SECURITY_GROUP, "d", own, {"vpcId": ["vpc"]})
        assert verdicts(rule, *BASE, closed) == []
        assert verdicts(rule, *BASE, opened) == ["d.ingress"]
        assert verdicts(rule, *BASE) == []
        assert verdicts(rule, *BASE, settings={"required": True}) == ["vpc"]
        assert verdicts(rule, *BASE, closed, settings={"required": True}) == []
        assert verdicts(rule, VPC_, opened) == []

    def test_a_vpc_of_caches_has_a_flow_log(self, verdicts):
        """Of the VPC, or of every subnet of caches; a stack without any is asked for one only where it is required."""
        rule = vpc_flow_logs.RULE
        asked = {"required": True}
        assert verdicts(rule, *BASE) == []
        assert verdicts(rule, *BASE, settings=asked) == ["vpc"]
        assert verdicts(rule, *BASE, (FLOW_LOG, "f", {}, {"vpcId": ["vpc"]}), settings=asked) == []
        assert verdicts(rule, *BASE, (FLOW_LOG, "f", {}, {"subnetId": ["s"]}), settings=asked) == []
        second = (SUBNET, "s2", {}, {"vpcId": ["vpc"]})
        both = (SUBNET_GROUP, "sg", {}, {"subnetIds": ["s", "s2"]})
        assert verdicts(rule, VPC_, IN_VPC, second, both, (FLOW_LOG, "f", {}, {"subnetId": ["s"]})) == ["vpc"]
        assert verdicts(rule, VPC_, settings=asked) == []

    def test_a_stack_with_a_flow_log_has_one_for_every_vpc_of_caches(self, verdicts):
        """Another VPC's log tells that this one was forgotten."""
        elsewhere = [(VPC, "other", {}), (FLOW_LOG, "f", {}, {"vpcId": ["other"]})]
        assert verdicts(vpc_flow_logs.RULE, *BASE, *elsewhere) == ["vpc"]

    @pytest.mark.parametrize(
        ("kinds", "expected"),
        [
            (["ALL"], []),
            (["REJECT"], []),
            (["ACCEPT"], ["f0.trafficType"]),
            (["ACCEPT", "REJECT"], []),
            ([UNKNOWN], ["vpc.trafficType?"]),
        ],
    )
    def test_a_flow_log_records_what_is_refused(self, verdicts, kinds, expected):
        """Who tried in vain is what an incident asks for first."""
        logs = [(FLOW_LOG, f"f{at}", {"trafficType": kind}, {"vpcId": ["vpc"]}) for at, kind in enumerate(kinds)]
        assert verdicts(vpc_flow_logs.RULE, *BASE, *logs) == expected

    def test_an_acl_keeps_the_internet_from_the_ports(self, verdicts):
        """The first rule that covers a port decides; other subnets' ACLs are not looked at."""
        rule = network_acl.RULE
        allow = {"ruleNo": 200, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
        deny = {**allow, "ruleNo": 100, "action": "deny"}
        acl = (NETWORK_ACL, "n", {"ingress": [allow]}, {"subnetIds": ["s"]})
        assert verdicts(rule, *BASE, acl) == ["n.ingress", "n.ingress"]
        assert verdicts(rule, *BASE, (NETWORK_ACL, "n", {"ingress": [allow, deny]}, {"subnetIds": ["s"]})) == []
        assert verdicts(rule, *BASE, (NETWORK_ACL, "n", {"ingress": [allow]})) == []
        alone = (
            NETWORK_ACL_RULE,
            "r1",
            {
                "ruleNumber": 1,
                "ruleAction": "allow",
                "protocol": "6",
                "fromPort": 6379,
                "toPort": 6379,
                "ipv6CidrBlock": "::/0",
            },
            {"networkAclId": ["n"]},
        )
        joined = (NETWORK_ACL_ASSOCIATION, "j", {}, {"networkAclId": ["n"], "subnetId": ["s"]})
        assert verdicts(rule, *BASE, (NETWORK_ACL, "n", {}), joined, alone) == ["n.ingress"]
        out = (NETWORK_ACL_RULE, "r1", {**alone[2], "egress": True}, alone[3])
        assert verdicts(rule, *BASE, (NETWORK_ACL, "n", {}), joined, out) == []
