"""The tables' types, nested properties and secrets, held against the provider's own classes."""

import collections.abc
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args, get_origin

import pytest
from pulumi import _types

from cachewright.catalog import resource_types

SCALARS = {str: {"string", "json"}, bool: {"boolean"}, int: {"integer"}, float: {"number"}}


def resource_class(token: str) -> Any:
    """Return the class of a token, from the provider's SDK."""
    package, module, name = token.split(":")
    base = {"aws": "pulumi_aws", "random": "pulumi_random"}[package]
    area = module.split("/", maxsplit=1)[0]
    return getattr(import_module(base if area == "index" else f"{base}.{area}"), name)


def kinds(annotation: Any) -> set[str]:
    """Return the table's types that fit an annotation of the SDK."""
    origin = get_origin(annotation)
    if origin is collections.abc.Sequence:
        return {"list", "set"}
    if origin is collections.abc.Mapping:
        return {"map"}
    return SCALARS.get(annotation, {"object"})


def nested(prefix: str, annotation: Any) -> Iterator[tuple[str, Any]]:
    """Yield the properties within an annotation, each by its path."""
    if get_origin(annotation) is collections.abc.Sequence:
        prefix, annotation = f"{prefix}[]", get_args(annotation)[0]
    if not (isinstance(annotation, type) and _types.is_output_type(annotation)):
        return
    for name, inner in _types.output_type_types(annotation).items():
        yield f"{prefix}.{name}", inner
        yield from nested(f"{prefix}.{name}", inner)


@pytest.mark.parametrize("token", resource_types.tokens())
def test_types_are_those_of_the_provider(token: str) -> None:
    """A string that is a number in the table would be compared as one."""
    table = resource_types.find(token)
    assert table is not None

    for name, annotation in _types.resource_types(resource_class(token)).items():
        assert table.properties[name].type in kinds(annotation), name


@pytest.mark.parametrize("token", [one for one in resource_types.tokens() if one.startswith("aws:elasticache/")])
def test_nested_properties_are_those_of_the_provider(token: str) -> None:
    """Every property of an object in the provider's class has its path in the table, with its type, and no other."""
    table = resource_types.find(token)
    assert table is not None
    expected = {
        path: inner
        for name, annotation in _types.resource_types(resource_class(token)).items()
        for path, inner in nested(name, annotation)
    }

    assert {one for one in table.properties if "." in one} == set(expected)
    for path, annotation in expected.items():
        assert table.properties[path].type in kinds(annotation), path


@pytest.mark.parametrize("token", resource_types.tokens())
def test_secrets_are_those_of_the_provider(token: str) -> None:
    """What the SDK keeps as a secret is one in the table, and nothing else."""
    table = resource_types.find(token)
    assert table is not None
    source = inspect.getsource(resource_class(token)._internal_init)
    marked = re.search(r"additional_secret_outputs=\[([^\]]*)\]", source)

    assert {one.name for one in (*table.inputs(), *table.outputs()) if one.secret} == (
        set(re.findall(r'"(\w+)"', marked[1])) if marked else set()
    )


def conflicts(token: str) -> dict[str, set[str]]:
    """Return which properties a table says may not be given with which."""
    table = resource_types.find(token)
    assert table is not None
    return {one.name: set(one.conflicts) for one in table.properties.values() if one.conflicts}


def test_a_replication_groups_conflicts_are_the_providers() -> None:
    """The AWS provider's ConflictsWith, and no stricter: what it lets through, AWS answers."""
    assert conflicts("aws:elasticache/replicationGroup:ReplicationGroup") == {
        "authToken": {"userGroupIds", "authTokenWo"},
        "authTokenWo": {"authToken"},
        "globalReplicationGroupId": {
            "numNodeGroups",
            "parameterGroupName",
            "engine",
            "engineVersion",
            "nodeType",
            "securityGroupNames",
            "transitEncryptionEnabled",
            "transitEncryptionMode",
            "atRestEncryptionEnabled",
            "snapshotArns",
            "snapshotName",
        },
        "nodeGroupConfigurations": {"preferredCacheClusterAzs"},
        "numCacheClusters": {"numNodeGroups", "replicasPerNodeGroup"},
        "numNodeGroups": {"numCacheClusters", "globalReplicationGroupId"},
        "replicasPerNodeGroup": {"numCacheClusters"},
        "userGroupIds": {"authToken"},
    }


@pytest.mark.parametrize(
    ("token", "defaults"),
    [
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"automaticFailoverEnabled": "false", "multiAzEnabled": "false"},
        ),
        ("aws:elasticache/cluster:Cluster", {"autoMinorVersionUpgrade": "true"}),
        ("aws:elasticache/subnetGroup:SubnetGroup", {"description": "Managed by Pulumi"}),
        ("aws:elasticache/parameterGroup:ParameterGroup", {"description": "Managed by Pulumi"}),
        ("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", {}),
        ("aws:elasticache/serverlessCache:ServerlessCache", {}),
        ("aws:elasticache/user:User", {"noPasswordRequired": "false"}),
        ("aws:elasticache/userGroup:UserGroup", {}),
        ("aws:elasticache/userGroupAssociation:UserGroupAssociation", {}),
    ],
)
def test_defaults_are_those_the_provider_fills_in(token: str, defaults: dict[str, str]) -> None:
    """Not those of AWS: what AWS fills in is computed, and left out of a plan."""
    table = resource_types.find(token)
    assert table is not None

    assert {one.name: one.default for one in table.inputs() if one.default} == defaults
    assert not any(one.default and one.computed for one in table.inputs())


@pytest.mark.parametrize("token", [one for one in resource_types.tokens() if one.startswith("aws:elasticache/")])
def test_a_change_that_hurts_is_explained(token: str) -> None:
    """More than nothing happens: what does, when, and how to get there without harm where there is a way."""
    table = resource_types.find(token)
    assert table is not None

    for one in table.inputs():
        assert one.when in {"", "now", "maintenance-window", "follows apply_immediately"}, one.name
        if one.effect != "none":
            assert one.explanation.endswith("."), one.name
            assert one.when, one.name
        if one.effect in {"data-loss", "outage"}:
            assert one.safe_path.endswith("."), one.name


@pytest.mark.parametrize(
    ("token", "names"),
    [
        ("aws:elasticache/replicationGroup:ReplicationGroup", {"replicationGroupId": 40}),
        ("aws:elasticache/cluster:Cluster", {"clusterId": 50}),
        ("aws:elasticache/subnetGroup:SubnetGroup", {"name": 255}),
        ("aws:elasticache/parameterGroup:ParameterGroup", {"name": 255}),
        ("aws:elasticache/user:User", {}),
        ("aws:elasticache/userGroup:UserGroup", {}),
        ("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", {}),
    ],
)
def test_which_names_the_provider_makes_up(token: str, names: dict[str, int]) -> None:
    """With the most characters it makes them of; users, groups of users and global datastores must be named."""
    table = resource_types.find(token)
    assert table is not None

    assert {one.name: one.autoname for one in table.inputs() if one.autoname} == names


def test_the_types_on_the_plugin_framework_are_marked() -> None:
    """There a fixed name does not make Pulumi delete before it creates."""
    found = {token: resource_types.find(token) for token in resource_types.tokens()}
    marked = {token for token, one in found.items() if one is not None and one.plugin_framework}

    assert marked == {
        "aws:elasticache/serverlessCache:ServerlessCache",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    }
