"""What Pulumi's analyzer makes of the components: the schema from which other languages get them."""

import inspect
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer, ComponentDefinition, PropertyDefinition, PropertyType

import cachewright
from cachewright.global_datastore import GlobalSettingsArgs
from cachewright.redis_cache import RedisCacheArgs

CACHE = (
    *("endpoint", "readerEndpoint", "port", "urlTemplate", "secretArn", "securityGroupId", "clientSecurityGroupId"),
    "memberIds",
)
# component, what must be given, what it puts out
COMPONENTS: list[tuple[str, set[str], set[str]]] = [
    ("ReplicationGroup", {"nodeType"}, {*CACHE, "arn", "replicationGroupId"}),
    ("ShardedReplicationGroup", {"nodeType", "numNodeGroups"}, {*CACHE, "arn", "replicationGroupId"}),
    ("MemcachedCluster", {"nodeType"}, {*CACHE, "arn", "configurationEndpoint"}),
    ("ServerlessCache", {"subnetIds"}, {*CACHE, "arn"}),
    (
        "GlobalDatastore",
        {"primaryReplicationGroupId", "secondaries"},
        {"globalReplicationGroupId", "endpoints"},
    ),
    ("UserGroup", {"users"}, {"userGroupId", "arn", "userIds", "iamUserArns", "secretArns"}),
    ("SubnetGroup", {"subnetIds"}, {"subnetGroupName"}),
    ("ParameterGroup", {"engine", "engineVersion"}, {"parameterGroupName", "family"}),
    ("SecurityGroup", {"vpcId", "port"}, {"securityGroupId", "clientSecurityGroupId"}),
]
NESTED = {
    "AutoscalingArgs": set[str](),
    "LogDeliveryArgs": {"destination", "destinationType", "logFormat", "logType"},
    "NodeGroupArgs": {"nodeGroupId", "slots", "replicaCount", "primaryAvailabilityZone", "replicaAvailabilityZones"},
    "SecondaryArgs": {"region"},
    "UserArgs": {"userName"},
}


def required(properties: dict[str, PropertyDefinition]) -> set[str]:
    """Return the names of the properties that must be given."""
    return {name for name, one in properties.items() if not one.optional}


def analyzed(name: str) -> ComponentDefinition:
    """Return what the analyzer makes of one component."""
    return Analyzer("cachewright").analyze([getattr(cachewright, name)])["component_definitions"][name]


@pytest.mark.parametrize(("name", "given", "outputs"), COMPONENTS)
def test_the_schema_of_a_component_is_its_arguments_and_its_outputs(
    name: str, given: set[str], outputs: set[str]
) -> None:
    """Every argument by its own name, those that must be given among them; of the outputs, none is a child."""
    found = analyzed(name)

    arguments = inspect.get_annotations(getattr(cachewright, f"{name}Args"))
    assert set(found.inputs_mapping.values()) == set(arguments)
    assert required(found.inputs) == given
    assert set(found.outputs) == outputs
    assert found.description is not None
    assert "Example:" in found.description


@pytest.mark.parametrize("name", [name for name, *_ in COMPONENTS])
def test_every_argument_is_described(name: str) -> None:
    """In the class that states it: the analyzer reads the descriptions of what a class inherits from that one only."""
    analyzer = Analyzer("cachewright")
    inherited = {
        argument: one
        for base in (RedisCacheArgs, GlobalSettingsArgs)
        for argument, one in analyzer.analyze_type(base, is_component_output=False)[0].items()
    }

    undescribed = {
        argument
        for argument, one in analyzed(name).inputs.items()
        if not (one.description or (argument in inherited and inherited[argument].description))
    }

    assert undescribed == set()


def test_the_nine_components_are_one_package() -> None:
    """Their nested types stand once, with what must be given, and nothing depends on another package's schema."""
    found = Analyzer("cachewright").analyze([getattr(cachewright, name) for name, *_ in COMPONENTS])

    assert sorted(found["component_definitions"]) == sorted(name for name, *_ in COMPONENTS)
    types = found["type_definitions"]
    assert {name: required(one.properties) for name, one in types.items()} == NESTED
    assert [
        (name, key) for name, one in types.items() for key, value in one.properties.items() if not value.description
    ] == []
    assert found["dependencies"] == set()


def test_a_list_of_nested_arguments_refers_to_their_type() -> None:
    """So that other languages have a class for each entry."""
    users = analyzed("UserGroup").inputs["users"]

    assert users.type == PropertyType.ARRAY
    assert users.items is not None
    assert users.items.ref == "#/types/cachewright:index:UserArgs"


def test_children_stay_attributes_in_python(record: Any) -> None:
    """What is no output is still the way out for what a component does not do."""
    made: list[cachewright.ReplicationGroup] = []

    def program() -> pulumi.Output[str]:
        network: Any = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
        cache = cachewright.ReplicationGroup("main", {"node_type": "cache.r7g.large", **network})
        made.append(cache)
        assert cache.security_group is not None
        assert cache.subnet_group is not None
        return pulumi.Output.concat(
            cache.replication_group.id,
            " ",
            cache.security_group.security_group.id,
            " ",
            cache.subnet_group.subnet_group.id,
        )

    _, ids = record(program)

    assert ids == "main-test-id main-test-id main-test-id"
    assert made[0].dns_record is None
