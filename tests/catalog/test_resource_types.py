"""The tables of resource types, held against the provider's own classes."""

import inspect
from importlib import import_module
from typing import Any

import pytest
from pulumi import _types

from cachewright.catalog import resource_types

EFFECTS = {"none", "online", "blip", "outage", "replacement", "data-loss"}
CACHES = (
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/cluster:Cluster",
    "aws:elasticache/serverlessCache:ServerlessCache",
)


def classes(token: str) -> tuple[Any, Any]:
    """Return the resource class and the args class of a token, from the provider's SDK."""
    package, module, name = token.split(":")
    base = {"aws": "pulumi_aws", "random": "pulumi_random"}[package]
    area = module.split("/")[0]
    found = import_module(base if area == "index" else f"{base}.{area}")
    return getattr(found, name), getattr(found, f"{name}Args")


@pytest.mark.parametrize("token", resource_types.tokens())
def test_a_table_has_every_argument_and_output_of_the_provider(token: str) -> None:
    """An upgrade of the provider that adds, removes or requires an argument turns this red."""
    resource, args = classes(token)
    names = _types.input_type_py_to_pulumi_names(args)
    required = {
        names[python]
        for python, parameter in inspect.signature(args.__init__).parameters.items()
        if python in names and parameter.default is inspect.Parameter.empty
    }
    table = resource_types.find(token)
    assert table is not None

    assert {one.name for one in table.inputs()} == set(names.values())
    assert {one.name for one in table.inputs() if one.required} == required
    assert {one.name for one in table.outputs()} == set(_types.resource_types(resource)) - set(names.values())


@pytest.mark.parametrize("token", resource_types.tokens())
def test_a_table_says_of_every_property_what_a_change_does(token: str) -> None:
    """Effects are from the known list, conflicts name arguments, and each row has its source."""
    table = resource_types.find(token)
    assert table is not None
    inputs = {one.name for one in table.inputs()}

    for one in table.properties.values():
        assert one.effect in EFFECTS, one.name
        assert one.replaces in {"yes", "no", "conditional"}, one.name
        assert set(one.conflicts) <= inputs, one.name
        assert one.source.startswith("https://"), one.name


@pytest.mark.parametrize("token", CACHES)
def test_what_replaces_a_cache_is_said_to_lose_its_data(token: str) -> None:
    """A replaced cache is an empty cache: every such row says so and names a way around it."""
    table = resource_types.find(token)
    assert table is not None

    for one in table.inputs():
        if one.replaces == "yes":
            assert one.effect == "data-loss", one.name
            assert one.explanation, one.name


@pytest.mark.parametrize(
    ("token", "replacing"),
    [
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "atRestEncryptionEnabled dataTieringEnabled durability globalReplicationGroupId kmsKeyId networkType port"
            " region replicationGroupId securityGroupNames snapshotArns snapshotName subnetGroupName",
        ),
        ("aws:elasticache/parameterGroup:ParameterGroup", "description family name region"),
        ("aws:elasticache/subnetGroup:SubnetGroup", "name region"),
        (
            "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
            "globalReplicationGroupIdSuffix primaryReplicationGroupId region",
        ),
        (
            "aws:elasticache/serverlessCache:ServerlessCache",
            "kmsKeyId name networkType region snapshotArnsToRestores subnetIds",
        ),
        ("aws:elasticache/user:User", "region userId userName"),
        ("aws:ec2/securityGroup:SecurityGroup", "description name namePrefix region vpcId"),
    ],
)
def test_the_properties_that_replace_are_the_providers(token: str, replacing: str) -> None:
    """What the AWS provider marks ForceNew, by type."""
    table = resource_types.find(token)
    assert table is not None

    expected = set(replacing.split()) & {one.name for one in table.inputs()}
    assert {one.name for one in table.inputs() if one.replaces == "yes"} == expected


def test_an_unknown_token_has_no_table() -> None:
    """The caller decides what that means."""
    assert resource_types.find("aws:s3/bucket:Bucket") is None
