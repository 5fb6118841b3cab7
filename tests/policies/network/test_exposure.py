"""Who can reach a cache's ports: every kind of rule, on every attached group."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cachewright_policies.graph import Graph, Resource
from cachewright_policies.network import cache_port_exposure, security_group_egress, security_group_rule_style
from cachewright_policies.network.security_group_attached import RULE as ATTACHED
from cachewright_policies.network.security_group_descriptions import RULE as DESCRIPTIONS
from cachewright_policies.network.security_group_shared import RULE as SHARED
from cachewright_policies.tokens import (
    CLUSTER,
    DEFAULT_SECURITY_GROUP,
    MANAGED_PREFIX_LIST,
    MANAGED_PREFIX_LIST_ENTRY,
    REPLICATION_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_EGRESS_RULE,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    SERVERLESS_CACHE,
    VPC,
)
from cachewright_policies.topology.security_groups import open_networks, openings
from cachewright_policies.values import UNKNOWN, Secret

RULE = cache_port_exposure.RULE
CACHE = (REPLICATION_GROUP, "g", {"engine": "redis"}, {"securityGroupIds": ["sg"]})
GROUP = (SECURITY_GROUP, "sg", {})
PORTS = {"fromPort": 6379, "toPort": 6379}
TCP = {"protocol": "tcp", **PORTS}
WORLD = "0.0.0.0/0"


def inline(*rules):
    """The group with rules of its own."""
    return (SECURITY_GROUP, "sg", {"ingress": list(rules)})


def new(name="r", references=None, **values):
    """A VPC rule of the group."""
    given_ = {"ipProtocol": "tcp", **PORTS, **values}
    return (SECURITY_GROUP_INGRESS_RULE, name, given_, {"securityGroupId": ["sg"], **(references or {})})


def old(name="r", references=None, **values):
    """A rule of the older kind of the group."""
    given_ = {"type": "ingress", **TCP, **values}
    return (SECURITY_GROUP_RULE, name, given_, {"securityGroupId": ["sg"], **(references or {})})


OPEN = {
    "inline": ([inline({**TCP, "cidrBlocks": [WORLD]})], "sg.ingress"),
    "inline, IPv6": ([inline({**TCP, "ipv6CidrBlocks": ["::/0"]})], "sg.ingress"),
    "inline, every protocol": ([inline({"protocol": "-1", "cidrBlocks": [WORLD]})], "sg.ingress"),
    "inline, a range of ports": (
        [inline({"protocol": "tcp", "fromPort": 6000, "toPort": 7000, "cidrBlocks": [WORLD]})],
        "sg.ingress",
    ),
    "inline, ports as text": (
        [inline({"protocol": "6", "fromPort": "6379", "toPort": "6379", "cidrBlocks": [WORLD]})],
        "sg.ingress",
    ),
    "inline, secret": ([inline({**TCP, "cidrBlocks": Secret([WORLD])})], "sg.ingress"),
    "inline, both halves of the world": ([inline({**TCP, "cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]})], "sg.ingress"),
    "a half in each rule": ([GROUP, new("a", cidrIpv4="0.0.0.0/1"), new("b", cidrIpv4="128.0.0.0/1")], "a.cidrIpv4"),
    "a VPC rule": ([GROUP, new(cidrIpv4=WORLD)], "r.cidrIpv4"),
    "a VPC rule, IPv6": ([GROUP, new(cidrIpv6="::/0")], "r.cidrIpv6"),
    "a VPC rule, every protocol": (
        [GROUP, new(ipProtocol="-1", fromPort=None, toPort=None, cidrIpv4=WORLD)],
        "r.cidrIpv4",
    ),
    "an older rule": ([GROUP, old(cidrBlocks=[WORLD])], "r.cidrBlocks"),
    "an older rule, IPv6": ([GROUP, old(ipv6CidrBlocks=["::/0"])], "r.cidrBlocks"),
    "a wide public network": ([GROUP, new(cidrIpv4="52.0.0.0/6")], "r.cidrIpv4"),
    "a prefix list of the stack": (
        [
            GROUP,
            new(references={"prefixListId": ["pl"]}),
            (MANAGED_PREFIX_LIST, "pl", {"entries": [{"cidr": WORLD}]}),
        ],
        "r.cidrIpv4",
    ),
    "an entry of a prefix list": (
        [
            GROUP,
            old(references={"prefixListIds": ["pl"]}),
            (MANAGED_PREFIX_LIST, "pl", {}),
            (MANAGED_PREFIX_LIST_ENTRY, "e", {"cidr": WORLD}, {"prefixListId": ["pl"]}),
        ],
        "r.cidrBlocks",
    ),
    "beside a rule that is not known": (
        [GROUP, new("a", cidrIpv4=UNKNOWN), new("b", cidrIpv4=WORLD)],
        "b.cidrIpv4",
    ),
    "a provider's network": ([GROUP, new(cidrIpv4="52.94.0.0/16")], "r.cidrIpv4"),
    "a provider's network, IPv6": ([GROUP, new(cidrIpv6="2600:1f00::/24")], "r.cidrIpv6"),
    "beside an address that is not known": ([inline({**TCP, "cidrBlocks": [UNKNOWN, WORLD]})], "sg.ingress"),
    "a group that is let in and is open": (
        [
            GROUP,
            new(references={"referencedSecurityGroupId": ["other"]}),
            (SECURITY_GROUP, "other", {"ingress": [{**TCP, "cidrBlocks": [WORLD]}]}),
        ],
        "other.ingress",
    ),
}
CLOSED = {
    "nothing": [GROUP],
    "a private network": [inline({**TCP, "cidrBlocks": ["10.0.0.0/8"]})],
    "another port": [inline({"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": [WORLD]})],
    "another protocol": [inline({"protocol": "udp", **PORTS, "cidrBlocks": [WORLD]})],
    "egress": [GROUP, old(type="egress", cidrBlocks=[WORLD])],
    "a small public network": [GROUP, new(cidrIpv4="52.94.16.0/20")],
    "the addresses of one IPv6 network": [GROUP, new(cidrIpv6="2600:1f00::/40")],
    "a group that is let in": [
        GROUP,
        new(references={"referencedSecurityGroupId": ["other"]}),
        (
            SECURITY_GROUP,
            "other",
            {"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": [WORLD]}]},
        ),
    ],
    "another group's rule": [
        GROUP,
        (SECURITY_GROUP, "other", {"ingress": [{**TCP, "cidrBlocks": [WORLD]}]}),
    ],
    "a text that is no network": [inline({**TCP, "cidrBlocks": ["everywhere"]})],
}
UNDECIDED = {
    "rules that are not known": [(SECURITY_GROUP, "sg", {"ingress": UNKNOWN})],
    "a rule that is not known": [inline(UNKNOWN)],
    "an address that is not known": [GROUP, new(cidrIpv4=UNKNOWN)],
    "ports that are not known": [GROUP, new(fromPort=UNKNOWN, cidrIpv4=WORLD)],
    "a protocol that is not known": [GROUP, new(ipProtocol=UNKNOWN, cidrIpv4=WORLD)],
    "a prefix list of another stack": [GROUP, new(prefixListId="pl-1")],
    "a prefix list that is not known": [GROUP, new(prefixListId=UNKNOWN)],
    "a kind of rule that is not known": [GROUP, old(type=UNKNOWN, cidrBlocks=[UNKNOWN])],
}


@pytest.mark.parametrize(("specs", "where"), OPEN.values(), ids=OPEN)
def test_an_open_port_is_found_where_it_is_opened(specs, where, verdicts):
    """Whatever kind of rule opens it, and whatever else is not known."""
    assert where in verdicts(RULE, CACHE, *specs)


@pytest.mark.parametrize("specs", CLOSED.values(), ids=CLOSED)
def test_a_closed_port_is_left_alone(specs, verdicts):
    """Private and small networks, other ports, other groups."""
    assert verdicts(RULE, CACHE, *specs) == []


@pytest.mark.parametrize("specs", UNDECIDED.values(), ids=UNDECIDED)
def test_what_is_not_known_is_undecided(specs, verdicts):
    """Never a pass."""
    assert verdicts(RULE, CACHE, *specs) == ["g.securityGroupIds?"]


class TestPorts:
    """A cache's ports are its own."""

    @pytest.mark.parametrize(
        ("cache", "port", "expected"),
        [
            ((REPLICATION_GROUP, "g", {"engine": "redis", "port": 7000}), 7000, True),
            ((REPLICATION_GROUP, "g", {"engine": "redis", "port": 7000}), 6379, False),
            ((CLUSTER, "g", {"engine": "memcached"}), 11211, True),
            ((CLUSTER, "g", {"engine": "memcached"}), 6379, False),
            ((SERVERLESS_CACHE, "g", {"engine": "valkey"}), 6380, True),
            ((CLUSTER, "g", {"engine": "redis", "replicationGroupId": "x"}), 6379, False),
        ],
    )
    def test_the_port_that_counts(self, cache, port, expected, verdicts):
        """By engine, by argument; a serverless cache has two."""
        opened = inline({"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": [WORLD]})
        assert bool(verdicts(RULE, (*cache, {"securityGroupIds": ["sg"]}), opened)) is expected

    def test_a_port_that_is_not_known(self, verdicts):
        """Undecided."""
        cache = (REPLICATION_GROUP, "g", {"engine": "redis", "port": UNKNOWN}, {"securityGroupIds": ["sg"]})
        assert verdicts(RULE, cache, inline({**TCP, "cidrBlocks": [WORLD]})) == ["g.port?"]

    def test_groups_of_another_stack(self, verdicts):
        """By id only, or by nothing."""
        for value in (["sg-1"], UNKNOWN):
            cache = (REPLICATION_GROUP, "g", {"engine": "redis", "securityGroupIds": value})
            assert verdicts(RULE, cache) == ["g.securityGroupIds?"]


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)), min_size=1, max_size=6))
@settings(max_examples=60)
def test_joined_networks_hold_every_address_of_their_parts(parts):
    """However networks overlap: the union is neither wider nor narrower."""
    from ipaddress import ip_network

    networks = [ip_network((address, length), strict=False) for address, length in parts]
    group = Resource(
        "urn:pulumi:s::p::t::sg", SECURITY_GROUP, {"ingress": [{**TCP, "cidrBlocks": [str(one) for one in networks]}]}
    )
    joined = [network for network, _ in open_networks(list(openings(Graph([group]), group)), 6379)]
    assert all(any(one.subnet_of(two) for two in joined) for one in networks)
    assert sum(one.num_addresses for one in joined) <= sum(one.num_addresses for one in networks)
    assert not any(one is not two and one.overlaps(two) for one in joined for two in joined)


class TestEgress:
    """A cache opens no connections."""

    RULE = security_group_egress.RULE

    def test_a_rule_that_lets_everything_out(self, verdicts):
        """Inline, VPC and older rules, halves of the world, IPv6; one that is not known hides no other."""
        everything = {"protocol": "-1", "cidrBlocks": [WORLD]}
        alone = (SECURITY_GROUP_EGRESS_RULE, "e", {"ipProtocol": "-1", "cidrIpv4": WORLD}, {"securityGroupId": ["sg"]})
        later = (SECURITY_GROUP_EGRESS_RULE, "a", {"ipProtocol": UNKNOWN}, {"securityGroupId": ["sg"]})
        assert verdicts(self.RULE, CACHE, (SECURITY_GROUP, "sg", {"egress": [everything]})) == ["sg.egress"]
        halves = {"protocol": "-1", "cidrBlocks": ["0.0.0.0/1", "128.0.0.0/1"]}
        assert verdicts(self.RULE, CACHE, (SECURITY_GROUP, "sg", {"egress": [halves]})) == ["sg.egress"]
        six = {"protocol": "-1", "ipv6CidrBlocks": ["::/0"]}
        assert verdicts(self.RULE, CACHE, (SECURITY_GROUP, "sg", {"egress": [six]})) == ["sg.egress"]
        assert verdicts(self.RULE, CACHE, GROUP, later, alone) == ["sg.egress?", "e.cidrIpv4"]
        older = old(type="egress", protocol="-1", cidrBlocks=[WORLD])
        assert verdicts(self.RULE, CACHE, GROUP, older) == ["r.cidrBlocks"]

    def test_what_is_narrower_or_not_a_caches_passes(self, verdicts):
        """One port, one network, another group."""
        narrow = (SECURITY_GROUP, "sg", {"egress": [{**TCP, "cidrBlocks": [WORLD]}]})
        private = (SECURITY_GROUP, "sg", {"egress": [{"protocol": "-1", "cidrBlocks": ["10.0.0.0/8"]}]})
        open_ = (SECURITY_GROUP, "sg", {"egress": [{"protocol": "-1", "cidrBlocks": [WORLD]}]})
        assert verdicts(self.RULE, CACHE, narrow) == []
        assert verdicts(self.RULE, CACHE, private) == []
        assert verdicts(self.RULE, open_) == []


class TestGroups:
    """Groups of one's own, written in one way, with a purpose."""

    def test_a_cache_names_its_groups(self, verdicts):
        """None, an empty list, the VPC's default one by resource or by its id, EC2-Classic's kind."""
        cache = {"engine": "redis"}
        assert verdicts(ATTACHED, (REPLICATION_GROUP, "g", cache)) == ["g.securityGroupIds"]
        assert verdicts(ATTACHED, (REPLICATION_GROUP, "g", {**cache, "securityGroupIds": []})) == ["g.securityGroupIds"]
        for type in (DEFAULT_SECURITY_GROUP, VPC):
            assert verdicts(ATTACHED, CACHE, (type, "sg", {})) == ["g.securityGroupIds"]
        assert verdicts(ATTACHED, CACHE, GROUP) == []
        classic = (CLUSTER, "c", {"engine": "redis", "securityGroupNames": ["x"], "securityGroupIds": ["sg-1"]})
        assert verdicts(ATTACHED, classic) == ["c.securityGroupNames"]
        assert verdicts(ATTACHED, (CLUSTER, "c", {"replicationGroupId": "g"})) == []

    def test_rules_are_written_in_one_way(self, verdicts):
        """Inline, as VPC rules, or as older rules; each direction by itself."""
        rule = security_group_rule_style.RULE
        own = inline({**TCP, "cidrBlocks": ["10.0.0.0/8"]})
        out = (SECURITY_GROUP_EGRESS_RULE, "e", {"ipProtocol": "-1"}, {"securityGroupId": ["sg"]})
        assert verdicts(rule, CACHE, own) == []
        assert verdicts(rule, CACHE, own, out) == []
        assert verdicts(rule, CACHE, own, new()) == ["sg.ingress"]
        assert verdicts(rule, CACHE, own, old()) == ["sg.ingress"]
        assert verdicts(rule, CACHE, GROUP, new("a"), old("b")) == ["sg.ingress"]
        assert verdicts(rule, CACHE, GROUP, new("a"), old("b", type="egress")) == []
        assert verdicts(rule, own, new()) == []

    def test_a_stack_that_describes_a_rule_describes_all(self, verdicts):
        """What the provider writes by itself is no description; every stack can be asked to."""
        described = (SECURITY_GROUP, "sg", {"description": "Sessions"})
        bare = (SECURITY_GROUP, "sg", {"description": "Managed by Pulumi"})
        assert verdicts(DESCRIPTIONS, CACHE, described, new("a", description="Shop"), new("b")) == ["b.description"]
        assert verdicts(DESCRIPTIONS, CACHE, described, new("a", description="Shop")) == []
        assert verdicts(DESCRIPTIONS, CACHE, bare, new("a", description="Shop")) == ["sg.description"]
        assert verdicts(DESCRIPTIONS, CACHE, bare, new("a")) == []
        assert verdicts(DESCRIPTIONS, CACHE, bare, new("a"), settings={"required": True}) == [
            "sg.description",
            "a.description",
        ]
        own = (SECURITY_GROUP, "sg", {"description": "S", "ingress": [{**TCP, "description": "Shop"}, TCP]})
        assert verdicts(DESCRIPTIONS, CACHE, own) == ["sg.ingress"]

    def test_kinds_of_caches_do_not_share_a_group(self, verdicts):
        """Memcached and Redis have other clients."""
        memcached = (CLUSTER, "m", {"engine": "memcached"}, {"securityGroupIds": ["sg"]})
        second = (REPLICATION_GROUP, "h", {"engine": "valkey"}, {"securityGroupIds": ["sg"]})
        assert verdicts(SHARED, CACHE, memcached, GROUP) == ["sg.ingress"]
        assert verdicts(SHARED, CACHE, second, GROUP) == []
