"""What Pulumi's analyzer makes of the components, and the schema that is completed from it for other languages."""

import inspect
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer, ComponentDefinition, PropertyDefinition, PropertyType

import cachewright
from cachewright.errors import ArgsError, Problem, spell
from cachewright.global_datastore import GlobalSettingsArgs
from cachewright.hosting import schema
from cachewright.hosting.components import HOSTED
from cachewright.hosting.provider import CachewrightProvider
from cachewright.hosting.spelling import Spelling
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


@pytest.fixture
def provider() -> Iterator[CachewrightProvider]:
    """Return the plugin's provider, and let problems be told in Python's spelling again afterwards."""
    spelling = ArgsError.spelling
    yield CachewrightProvider("1.2.3")
    spell(spelling)


@pytest.fixture(scope="module")
def document() -> Any:
    """Return the whole schema."""
    return schema.document(schema.analyze(), "1.2.3")


def members(properties: dict[str, Any], key: str) -> set[str]:
    """Return the names of the properties that are marked with a word."""
    return {name for name, one in properties.items() if one.get(key)}


@pytest.mark.parametrize("name", HOSTED)
def test_the_schema_of_a_component_is_complete(document: Any, name: str) -> None:
    """Everything is described; what is plain, secret or required here is so in every language."""
    resource, accepts = document["resources"][f"cachewright:index:{name}"], HOSTED[name].accepts
    inputs = resource["inputProperties"]

    def written(names: Any) -> set[str]:
        return {Spelling(names)(one) for one in names} & set(inputs)

    assert {key for key, one in {**inputs, **resource["properties"]}.items() if not one["description"]} == set()
    assert written(accepts.plain | accepts.lists) <= members(inputs, "plain")
    assert members(inputs, "secret") == written(accepts.secrets)
    assert set(resource.get("requiredInputs", ())) == next(given for one, given, _ in COMPONENTS if one == name)
    assert "## Example in Python" in resource["description"]


def test_an_argument_with_choices_refers_to_them(document: Any) -> None:
    """Other languages have an enumeration, whose values are what AWS takes."""
    found = document["resources"]["cachewright:index:ReplicationGroup"]["inputProperties"]

    assert found["logTypes"]["items"] == {"$ref": "#/types/cachewright:index:LogType"}
    assert found["engine"]["$ref"] == "#/types/cachewright:index:Engine"
    assert document["types"]["cachewright:index:LogType"]["enum"] == [
        {"name": "SlowLog", "value": "slow-log"},
        {"name": "EngineLog", "value": "engine-log"},
    ]


def test_every_choice_is_an_argument_of_some_component(document: Any) -> None:
    """No row of the table of choices is left over from an argument that has gone."""
    names = {
        name
        for one in (*document["resources"].values(), *document["types"].values())
        for name in {**one.get("inputProperties", {}), **one.get("properties", {})}
    }

    assert set(schema.CHOICES) <= names


def test_descriptions_are_written_as_other_languages_write(document: Any) -> None:
    """Arguments stand in camel case, constants in small letters; an engine's own parameters stay as they are."""
    described = document["resources"]["cachewright:index:ReplicationGroup"]["inputProperties"]

    assert "`transitEncryptionMode`" in described["transitEncryptionEnabled"]["description"]
    assert described["applyImmediately"]["description"].endswith("Default: `true`.")
    assert Spelling({"num_nodes"})("num_nodes, maxmemory_policy, True") == "numNodes, maxmemory_policy, true"


def test_what_comes_over_the_wire_becomes_what_python_programs_write(provider: CachewrightProvider) -> None:
    """Whole floats are integers, at any depth; names are Python's; what is unknown to the schema keeps its name."""
    definition = provider._component_defs["ShardedReplicationGroup"]
    wire = {
        "numNodeGroups": 3.0,
        "autoscaling": {"minimumShards": 1.0},
        "nodeGroupConfigurations": [{"replicaCount": 2.0}],
        "tags": {"someKey": "1.0"},
        "noSuchArgument": 1.0,
    }

    found = provider._renamed(wire, definition.inputs, definition.inputs_mapping)

    assert found == {
        "num_node_groups": 3,
        "autoscaling": {"minimum_shards": 1},
        "node_group_configurations": [{"replica_count": 2}],
        "tags": {"someKey": "1.0"},
        "noSuchArgument": 1.0,
    }
    assert [type(found[key]) for key in ("num_node_groups", "noSuchArgument")] == [int, float]


def test_a_component_that_is_none_is_named(provider: CachewrightProvider) -> None:
    """With those that there are."""
    with pytest.raises(ValueError, match="cachewright:index:Cache is no component of cachewright: it has Replication"):
        provider.construct("main", "cachewright:index:Cache", {})


def test_problems_are_told_in_the_spelling_of_the_program(provider: CachewrightProvider) -> None:
    """Argument and advice are written as other languages write them."""
    del provider

    error = ArgsError("ReplicationGroup", "main", [Problem("num_cache_clusters", "must be 2; or set multi_az_enabled")])

    assert str(error) == "ReplicationGroup 'main': 'numCacheClusters' must be 2; or set multiAzEnabled"
