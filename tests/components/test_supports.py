"""Subnet groups, parameter groups and security groups: what they register."""

from typing import Any

import pulumi
import pytest

import cachewright

INGRESS = "SecurityGroupIngressRule"
EGRESS = "SecurityGroupEgressRule"
TAGS = {"Owner": "platform"}


def test_a_subnet_group_is_one_resource(record: Any) -> None:
    """With the subnets, a description, and no physical name of its own."""
    recorder, name = record(
        lambda: cachewright.SubnetGroup("main", {"subnet_ids": ["subnet-1"], "tags": TAGS}).subnet_group_name
    )

    assert recorder.resources == {
        ("SubnetGroup", "main"): {},
        ("SubnetGroup", "main-test"): {"description": "ElastiCache main", "subnetIds": ["subnet-1"], "tags": TAGS},
    }
    assert name == "main-test"


@pytest.mark.parametrize(
    ("args", "name", "family", "parameters"),
    [
        ({"engine": "redis", "engine_version": "6.x"}, "main-test-redis6x", "redis6.x", []),
        (
            {"engine": "valkey", "engine_version": "8.1", "cluster_enabled": True, "parameters": {"timeout": "300"}},
            "main-test-valkey8-cluster",
            "valkey8",
            [{"name": "cluster-enabled", "value": "yes"}, {"name": "timeout", "value": "300"}],
        ),
        ({"engine": "memcached", "engine_version": "1.6.22"}, "main-test-memcached16", "memcached1.6", []),
    ],
)
def test_a_parameter_group_follows_from_the_engine(
    record: Any, args: Any, name: str, family: str, parameters: list[dict[str, str]]
) -> None:
    """Family and cluster mode are in the name, as neither can change while a cache uses the group."""
    recorder, found = record(lambda: cachewright.ParameterGroup("main", args).family)

    inputs = recorder.resources["ParameterGroup", name]
    assert (inputs["family"], inputs.get("parameters", []), found) == (family, parameters, family)


def test_a_parameter_that_is_an_output_reaches_the_group(record: Any) -> None:
    """After it has been checked."""
    recorder, _ = record(
        lambda: (
            cachewright.ParameterGroup(
                "main",
                {
                    "engine": "redis",
                    "engine_version": "7.1",
                    "parameters": {"timeout": pulumi.Output.from_input("300")},
                },
            ).parameter_group_name
        )
    )

    assert recorder.resources["ParameterGroup", "main-test-redis7"]["parameters"] == [
        {"name": "timeout", "value": "300"}
    ]


def rules(recorder: Any) -> dict[str, dict[str, Any]]:
    """Return what lets somebody in, by the rule's name."""
    return {name: inputs for (kind, name), inputs in recorder.resources.items() if kind == INGRESS}


def test_a_security_group_has_a_rule_for_each_source(record: Any) -> None:
    """Standalone rules for one port, none inline, also of sources that are Outputs."""
    recorder, _ = record(
        lambda: (
            cachewright.SecurityGroup(
                "main",
                {
                    "vpc_id": "vpc-1",
                    "port": 6379,
                    "allowed_security_group_ids": ["sg-1", pulumi.Output.from_input("sg-2")],
                    "allowed_cidr_blocks": ["10.0.0.0/16", "fd00::/16", pulumi.Output.from_input("10.1.0.0/16")],
                    "tags": TAGS,
                },
            ).security_group_id
        )
    )

    common = {
        "fromPort": 6379,
        "ipProtocol": "tcp",
        "securityGroupId": "main-test-id",
        "tags": TAGS,
        "toPort": 6379,
    }
    clients = {**common, "description": "Clients of ElastiCache main"}
    group = {**common, "description": "A security group that uses ElastiCache main"}
    addresses = {**common, "description": "Addresses that use ElastiCache main"}
    assert rules(recorder) == {
        "main-client": {**clients, "referencedSecurityGroupId": "main-client-test-id"},
        "main-group-sg-1": {**group, "referencedSecurityGroupId": "sg-1"},
        "main-group-1": {**group, "referencedSecurityGroupId": "sg-2"},
        "main-cidr-10.0.0.0-16": {**addresses, "cidrIpv4": "10.0.0.0/16"},
        "main-cidr-fd00---16": {**addresses, "cidrIpv6": "fd00::/16"},
        "main-cidr-2": {**addresses, "cidrIpv4": "10.1.0.0/16"},
    }
    for name in ("main-test", "main-client-test"):
        assert recorder.resources["SecurityGroup", name].keys() == {"description", "tags", "vpcId"}


def test_removing_one_source_leaves_the_other_rules_alone(record: Any) -> None:
    """A rule is called by its source: AWS refuses a rule that becomes another one which is still there."""

    def names(blocks: list[str]) -> set[str]:
        recorder, _ = record(
            lambda: (
                cachewright.SecurityGroup(
                    "main", {"vpc_id": "vpc-1", "port": 6379, "allowed_cidr_blocks": blocks}
                ).security_group_id
            )
        )
        return set(rules(recorder))

    assert names(["10.0.0.0/16", "10.1.0.0/16"]) - names(["10.1.0.0/16"]) == {"main-cidr-10.0.0.0-16"}


def test_allow_from_adds_a_rule_for_each_call(record: Any) -> None:
    """Numbered, or by the name it is given; over the whole range of ports."""

    def program() -> Any:
        group = cachewright.SecurityGroup("main", {"vpc_id": "vpc-1", "port": 11211, "last_port": 11212})
        group.allow_from("sg-1")
        group.allow_from("sg-2")
        group.allow_from("sg-3", "batch")
        return group.client_security_group_id

    recorder, _ = record(program)

    assert {
        name: (inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["toPort"])
        for name, inputs in rules(recorder).items()
    } == {
        "main-client": ("main-client-test-id", 11211, 11212),
        "main-from-1": ("sg-1", 11211, 11212),
        "main-from-2": ("sg-2", 11211, 11212),
        "main-batch": ("sg-3", 11211, 11212),
    }


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (
            "fd00::/16",
            "must be an IPv4 range where it is an Output, got 'fd00::/16'; write an IPv6 range as a plain value",
        ),
        (
            "0.0.0.0/0",
            "must not open a cache to the world, got '0.0.0.0/0'; name the clients' own range, or better their"
            " security group in allowed_security_group_ids",
        ),
    ],
)
def test_a_range_that_is_an_output_cannot_open_the_cache(record: Any, block: str, text: str) -> None:
    """It is refused when it resolves."""
    with pytest.raises(cachewright.ArgsError) as caught:
        record(
            lambda: (
                cachewright.SecurityGroup(
                    "main", {"vpc_id": "vpc-1", "port": 6379, "allowed_cidr_blocks": [pulumi.Output.from_input(block)]}
                ).security_group_id
            )
        )

    assert text in str(caught.value)
