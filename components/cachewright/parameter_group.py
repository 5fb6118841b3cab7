"""The parameters that a cache's engine runs with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi
from pulumi_aws import elasticache

from cachewright.catalog import engine_versions
from cachewright.naming import physical
from cachewright.rules.parameter_group import SCHEMA


class ParameterGroupArgs(TypedDict):
    """The arguments of a `ParameterGroup`."""

    engine: pulumi.Input[str]
    """`valkey`, `redis` or `memcached`, plain only. With the version it gives the family."""
    engine_version: pulumi.Input[str]
    """The engine's version, plain only. A version of another family replaces the group; its caches move to the new
    one in the same update."""
    parameters: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Parameters that differ from AWS's defaults, by name; every value is text. Those that need no reboot take effect
    at once in every cache of the group. Default: - none."""
    cluster_enabled: NotRequired[pulumi.Input[bool]]
    """Whether the caches of the group are sharded, plain only (Valkey and Redis OSS only). Default: `False`."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for, at most 255 characters. Changing it replaces the group. Default: `ElastiCache <name>`."""
    parameter_group_name: NotRequired[pulumi.Input[str]]
    """A fixed physical name, plain only. With one, a change of family fails, for a group in use cannot be deleted.
    Default: - `<name>-<stack>-<family>-<7 hex digits>`."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the group. Default: - none."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the group. Default: - the provider's."""


class ParameterGroup(pulumi.ComponentResource):
    """A parameter group of a family that follows from the engine and its version.

    Creates one `aws.elasticache.ParameterGroup`, which costs nothing. Its name holds the family and whether it is for
    cluster mode, so that a major upgrade makes a second group, moves the caches to it, and only then deletes the
    first.

    Example:
        ParameterGroup("main", {"engine": "valkey", "engine_version": "8.1",
                                "parameters": {"maxmemory-policy": "allkeys-lru"}})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    parameter_group_name: pulumi.Output[str]
    """The group's physical name."""
    family: pulumi.Output[str]
    """The group's family."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        parameter_group: elasticache.ParameterGroup
        """The parameter group itself."""

    def __init__(self, name: str, args: ParameterGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the group.

        Args:
            name: The component's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SCHEMA.check(name, args)
        super().__init__("cachewright:index:ParameterGroup", name, {}, opts)
        known = engine_versions.find(checked["engine"], checked["engine_version"])
        assert known is not None, "the rules have checked the version"  # noqa: S101
        parameters = checked["parameters"] or {}
        mode = {"cluster-enabled": "yes"} if checked["cluster_enabled"] else {}
        # What cannot be changed while a cache uses the group is part of its name: then a change makes a second group.
        label = known.family.replace(".", "") + ("-cluster" if mode else "")
        self.parameter_group = elasticache.ParameterGroup(
            f"{physical(name)}-{label}",
            description=checked["description"] or f"ElastiCache {name}",
            family=known.family,
            name=checked["parameter_group_name"],
            parameters=pulumi.Output.from_input(parameters).apply(lambda given: _entries({**mode, **given}))
            if isinstance(parameters, pulumi.Output)
            else _entries({**mode, **parameters}),
            region=checked["region"],
            tags=checked["tags"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.parameter_group_name = self.parameter_group.name
        self.family = self.parameter_group.family
        self.register_outputs({"parameterGroupName": self.parameter_group_name, "family": self.family})


def _entries(parameters: Mapping[str, pulumi.Input[str]]) -> list[elasticache.ParameterGroupParameterArgs]:
    return [
        elasticache.ParameterGroupParameterArgs(name=name, value=value) for name, value in sorted(parameters.items())
    ]
