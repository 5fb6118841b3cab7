"""The security group of a cache, and the one its clients carry."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pulumi
from pulumi_aws import ec2, vpc

from cachewright.errors import ArgsError, Problem
from cachewright.naming import physical
from cachewright.rules.security_group import SCHEMA


class SecurityGroupArgs(TypedDict):
    """The arguments of a `SecurityGroup`."""

    vpc_id: pulumi.Input[str]
    """The VPC of the cache. Changing it replaces the group, and moves the cache's connections to the new one."""
    port: pulumi.Input[int]
    """The port that clients reach the cache on, 1-65535."""
    last_port: NotRequired[pulumi.Input[int]]
    """The last of a range of ports that begins with `port`; a serverless cache has two. Default: - `port` alone."""
    allowed_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Security groups whose members may connect; the items may be Outputs, the list is plain.
    Default: - only members of the client security group."""
    allowed_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """IPv4 or IPv6 ranges that may connect; the world, and ranges wider than /8, are refused. The items may be Outputs
    (of IPv4 ranges), the list is plain. Default: - none."""
    description: NotRequired[pulumi.Input[str]]
    """What it is for, at most 255 characters. Changing it replaces the group. Default: `ElastiCache <name>`."""
    security_group_name: NotRequired[pulumi.Input[str]]
    """A fixed physical name, plain only. With one, Pulumi cannot replace the group while a cache uses it.
    Default: - `<name>-<stack>-<7 hex digits>`."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags for both groups and every rule. Default: - none."""
    region: NotRequired[pulumi.Input[str]]
    """The region, plain only. Changing it replaces the group. Default: - the provider's."""


class SecurityGroup(pulumi.ComponentResource):
    """A security group for a cache that lets in its clients and nobody else, and lets nothing out.

    Creates the cache's group, a client group (attach it to whatever uses the cache), and one standalone rule for each
    source. Costs nothing. A group in use cannot be deleted, so neither has a fixed name unless one is given.

    Example:
        SecurityGroup("main", {"vpc_id": network.vpc_id, "port": 6379})

    Raises:
        ArgsError: An argument is refused; all problems at once.
    """

    security_group_id: pulumi.Output[str]
    """The id of the cache's group."""
    client_security_group_id: pulumi.Output[str]
    """The id of the group that clients carry."""

    if TYPE_CHECKING:
        # For Python programs only: what is annotated at run time is an output in Pulumi's schema of the component.
        security_group: ec2.SecurityGroup
        """The cache's group itself."""
        client_security_group: ec2.SecurityGroup
        """The clients' group itself."""

    def __init__(self, name: str, args: SecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the groups and their rules.

        Args:
            name: The component's name.
            args: Its arguments.
            opts: Pulumi's resource options.
        """
        checked = SCHEMA.check(name, args)
        super().__init__("cachewright:index:SecurityGroup", name, {}, opts)
        self._name = name
        self._args = checked
        self._rules = 0
        region, tags = checked["region"], checked["tags"]
        child = pulumi.ResourceOptions(parent=self)
        description = checked["description"] or f"ElastiCache {name}"
        self.security_group = ec2.SecurityGroup(
            physical(name),
            description=description,
            name=checked["security_group_name"],
            region=region,
            tags=tags,
            vpc_id=checked["vpc_id"],
            opts=child,
        )
        self.client_security_group = ec2.SecurityGroup(
            physical(f"{name}-client"),
            description=f"Clients of ElastiCache {name}",
            region=region,
            tags=tags,
            vpc_id=checked["vpc_id"],
            opts=child,
        )
        self.security_group_id = self.security_group.id
        self.client_security_group_id = self.client_security_group.id
        self._ingress(
            "client", f"Clients of ElastiCache {name}", referenced_security_group_id=self.client_security_group_id
        )
        vpc.SecurityGroupEgressRule(
            f"{name}-client",
            description=f"To ElastiCache {name}",
            from_port=checked["port"],
            ip_protocol="tcp",
            referenced_security_group_id=self.security_group_id,
            region=region,
            security_group_id=self.client_security_group_id,
            tags=tags,
            to_port=self._last_port(),
            opts=child,
        )
        for index, source in enumerate(checked["allowed_security_group_ids"] or []):
            self._ingress(
                f"group-{_label(index, source)}",
                f"A security group that uses ElastiCache {name}",
                referenced_security_group_id=source,
            )
        for index, block in enumerate(checked["allowed_cidr_blocks"] or []):
            self._ingress(
                f"cidr-{_label(index, block)}", f"Addresses that use ElastiCache {name}", **self._range(block)
            )
        self.register_outputs(
            {
                "securityGroupId": self.security_group_id,
                "clientSecurityGroupId": self.client_security_group_id,
            }
        )

    def allow_from(self, security_group_id: pulumi.Input[str], rule_name: str | None = None) -> None:
        """Let the members of another security group connect.

        Args:
            security_group_id: The clients' group.
            rule_name: What to call the rule; by default it is numbered in the order of the calls.
        """
        self._rules += 1
        self._ingress(
            rule_name or f"from-{self._rules}",
            f"A security group that uses ElastiCache {self._name}",
            referenced_security_group_id=security_group_id,
        )

    def _last_port(self) -> Any:
        return self._args["last_port"] or self._args["port"]

    def _range(self, block: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
        if isinstance(block, str):
            return {"cidr_ipv6" if ":" in block else "cidr_ipv4": block}
        return {"cidr_ipv4": pulumi.Output.all(block).apply(lambda known: self._only_ipv4(known[0]))}

    def _only_ipv4(self, block: str) -> str:
        # Which of the two a range is decides a property's name, which must be known before the range is.
        if ":" in block:
            text = f"must be an IPv4 range where it is an Output, got {block!r}; write an IPv6 range as a plain value"
            raise ArgsError("SecurityGroup", self._name, [Problem("allowed_cidr_blocks", text)])
        return block

    def _ingress(self, label: str, description: str, **source: Any) -> None:
        vpc.SecurityGroupIngressRule(
            f"{self._name}-{label}",
            description=description,
            from_port=self._args["port"],
            ip_protocol="tcp",
            region=self._args["region"],
            security_group_id=self.security_group_id,
            tags=self._args["tags"],
            to_port=self._last_port(),
            opts=pulumi.ResourceOptions(parent=self),
            **source,
        )


def _label(index: int, source: pulumi.Input[str]) -> str:
    """Return what tells a rule from the others, as long as it can be told for as long as the rule exists.

    A rule that is called by its place would, when one before it goes, become the next one: AWS refuses it then, as the
    next one is still there.
    """
    return source.translate(str.maketrans("/:", "--")) if isinstance(source, str) else str(index)
