"""What security groups let in beyond need, and what they leave out."""

from __future__ import annotations

import pytest

from cachewright_policies.network import cache_port_reachable, security_group_narrow
from cachewright_policies.tokens import (
    CLUSTER,
    REPLICATION_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
    SERVERLESS_CACHE,
)
from cachewright_policies.values import UNKNOWN

CACHE = (REPLICATION_GROUP, "g", {"engine": "redis"}, {"securityGroupIds": ["sg"]})
GROUP = (SECURITY_GROUP, "sg", {})


def rule(first=6379, last=6379, **values):
    """A rule of the group, from a small network where nothing else is said."""
    given = {"ipProtocol": "tcp", "fromPort": first, "toPort": last, "cidrIpv4": "10.0.0.0/16", **values}
    return (SECURITY_GROUP_INGRESS_RULE, "r", given, {"securityGroupId": ["sg"]})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (rule(), []),
        (rule(6300, 6399), []),
        (rule(6300, 6400), ["r.cidrIpv4"]),
        (rule(ipProtocol="-1"), ["r.cidrIpv4"]),
        (rule(0, 1000), []),
        (rule(cidrIpv4="10.0.0.0/8"), []),
        (rule(0, 65535, cidrIpv4="0.0.0.0/0"), []),
        (rule(0, 65535, cidrIpv4=UNKNOWN), []),
    ],
)
def test_a_rule_opens_the_ports_that_are_needed(verdicts, given, expected):
    """A hundred ports are a range that somebody chose; what is open to everybody is another rule's to say."""
    assert verdicts(security_group_narrow.RULE, CACHE, GROUP, given) == expected


def test_the_number_of_ports_is_a_setting(verdicts):
    """One port, where that is asked for."""
    pair = rule(6379, 6380)
    assert verdicts(security_group_narrow.RULE, CACHE, GROUP, pair, settings={"maximumPorts": 2}) == []
    assert verdicts(security_group_narrow.RULE, CACHE, GROUP, pair, settings={"maximumPorts": 1}) == ["r.cidrIpv4"]


WRONG = ["g.securityGroupIds"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([rule()], []),
        ([rule(6380, 6380)], WRONG),
        ([rule(ipProtocol="udp")], WRONG),
        ([rule(ipProtocol="-1")], []),
        ([rule(UNKNOWN, UNKNOWN)], []),
        ([], []),
        ([(SECURITY_GROUP_RULE, "r", {"type": "egress", "protocol": "-1"}, {"securityGroupId": ["sg"]})], []),
        (
            [
                (
                    SECURITY_GROUP_RULE,
                    "r",
                    {"type": "ingress", "protocol": "tcp", "fromPort": 22, "toPort": 22},
                    {"securityGroupId": ["sg"]},
                )
            ],
            WRONG,
        ),
    ],
)
def test_a_rule_reaches_the_port_that_a_cache_listens_on(verdicts, given, expected):
    """Where the group has rules at all; those of another stack are not known."""
    assert verdicts(cache_port_reachable.RULE, CACHE, GROUP, *given) == expected


def test_groups_that_are_not_in_the_stack_may_let_clients_in(verdicts):
    """One that is known by its id only, beside one with another port."""
    both = (REPLICATION_GROUP, "g", {"engine": "redis", "securityGroupIds": ["sg-1", UNKNOWN]}, {})
    cache = (*both[:3], {"securityGroupIds": ["sg"]})
    assert verdicts(cache_port_reachable.RULE, cache, GROUP, rule(22, 22)) == []


def test_every_kind_of_cache_has_its_own_port(verdicts):
    """Memcached's, and the two of a serverless cache, of which one is enough."""
    memcached = (CLUSTER, "m", {"engine": "memcached"}, {"securityGroupIds": ["sg"]})
    serverless = (SERVERLESS_CACHE, "s", {"engine": "valkey"}, {"securityGroupIds": ["sg"]})
    assert verdicts(cache_port_reachable.RULE, memcached, GROUP, rule()) == ["m.securityGroupIds"]
    assert verdicts(cache_port_reachable.RULE, memcached, GROUP, rule(11211, 11211)) == []
    assert verdicts(cache_port_reachable.RULE, serverless, GROUP, rule()) == []
    assert verdicts(cache_port_reachable.RULE, serverless, GROUP, rule(11211, 11211)) == ["s.securityGroupIds"]
