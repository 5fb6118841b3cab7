"""The supports that a cache makes for itself, unless it is given existing ones."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pulumi

from cachewright.arguments import Values
from cachewright.parameter_group import ParameterGroup
from cachewright.security_group import SecurityGroup
from cachewright.subnet_group import SubnetGroup

if TYPE_CHECKING:
    from cachewright.parameter_group import ParameterGroupArgs
    from cachewright.security_group import SecurityGroupArgs
    from cachewright.subnet_group import SubnetGroupArgs


def make_security_group(
    parent: pulumi.Resource, name: str, checked: Values, port: Any, last_port: Any = None
) -> SecurityGroup | None:
    """Return the cache's own security group, or None where only existing ones are used."""
    if not checked.given("vpc_id"):
        return None
    keys = ("vpc_id", "allowed_security_group_ids", "allowed_cidr_blocks", "tags", "region")
    arguments = _given({**{key: checked[key] for key in keys}, "port": port, "last_port": last_port})
    return SecurityGroup(name, cast("SecurityGroupArgs", arguments), pulumi.ResourceOptions(parent=parent))


def make_subnet_group(parent: pulumi.Resource, name: str, checked: Values) -> SubnetGroup | None:
    """Return the cache's own subnet group, or None where an existing one is used."""
    if not checked.given("subnet_ids"):
        return None
    arguments = _given({key: checked[key] for key in ("subnet_ids", "tags", "region")})
    return SubnetGroup(name, cast("SubnetGroupArgs", arguments), pulumi.ResourceOptions(parent=parent))


def make_parameter_group(
    parent: pulumi.Resource, name: str, checked: Values, *, cluster_enabled: bool | None
) -> ParameterGroup | None:
    """Return the cache's own parameter group, or None where an existing one is used."""
    if checked.given("existing_parameter_group_name"):
        return None
    keys = ("engine", "engine_version", "parameters", "tags", "region")
    arguments = _given({**{key: checked[key] for key in keys}, "cluster_enabled": cluster_enabled})
    return ParameterGroup(name, cast("ParameterGroupArgs", arguments), pulumi.ResourceOptions(parent=parent))


def security_groups(checked: Values, own: SecurityGroup | None) -> Any:
    """Return the ids of the security groups to attach: the existing ones, then the cache's own."""
    existing = checked["security_group_ids"]
    if own is None:
        return existing
    if isinstance(existing, pulumi.Output):
        return pulumi.Output.all(existing, own.security_group_id).apply(lambda both: [*both[0], both[1]])
    return [*(existing or []), own.security_group_id]


def _given(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in arguments.items() if value is not None}
