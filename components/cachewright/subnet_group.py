"""The subnets that a cache's nodes are placed in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi
from pulumi_aws import elasticache

from cachewright.naming import physical
from cachewright.rules.subnet_group import SCHEMA


class SubnetGroupArgs(TypedDict):
    """The arguments of a `SubnetGroup`."""

    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets of one VPC, 1-20, one in each zone the cache is to span. A subnet in use cannot be removed."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for, at most 255 characters. Default: `ElastiCache <name>`."""
    subnet_group_name: NotRequired[pulumi.Input[str]]
    """A fixed physical name, plain only. Changing it replaces every cache in the group: data loss.
    Default: - `<name>-<stack>-<7 hex digits>`."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for the group. Default: - none."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the group. Default: - the provider's."""


class SubnetGroup(pulumi.ComponentResource):
    """A subnet group: where in a VPC a cache's nodes may be.

    Creates one `aws.elasticache.SubnetGroup`, which costs nothing.

    Example:
        SubnetGroup("main", {"subnet_ids": network.subnet_ids})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    subnet_group_name: pulumi.Output[str]
    """The group's physical name."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        subnet_group: elasticache.SubnetGroup
        """The subnet group itself."""

    def __init__(self, name: str, args: SubnetGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the group.

        Args:
            name: The component's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SCHEMA.check(name, args)
        super().__init__("cachewright:index:SubnetGroup", name, {}, opts)
        self.subnet_group = elasticache.SubnetGroup(
            physical(name),
            description=checked["description"] or f"ElastiCache {name}",
            name=checked["subnet_group_name"],
            region=checked["region"],
            subnet_ids=checked["subnet_ids"],
            tags=checked["tags"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.subnet_group_name = self.subnet_group.name
        self.register_outputs({"subnetGroupName": self.subnet_group_name})
