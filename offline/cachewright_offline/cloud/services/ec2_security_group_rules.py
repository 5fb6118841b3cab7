"""EC2: what makes two security group rules the same, and the description of those that name a group or a list."""

from __future__ import annotations

import functools
import inspect
from typing import Any


@functools.cache
def install() -> None:
    """Compare rules without their descriptions, and keep the descriptions."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    initialise = SecurityGroupRule.__init__
    signature = inspect.signature(initialise)

    def keep_list_description(self: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **kwargs)
        given = signature.bind(self, *args, **kwargs).arguments
        self.list_description = (given.get("prefix_list_id") or {}).get("Description")

    def description(self: Any) -> str | None:
        found: str | None = (
            self.ip_range.get("Description") or self.source_group.get("Description") or self.list_description
        )
        return found

    def same(self: Any, other: Any) -> bool:
        return _identity(self) == _identity(other)

    SecurityGroupRule.__init__ = keep_list_description
    SecurityGroupRule.description = property(description)
    SecurityGroupRule.__eq__ = same


def _identity(rule: Any) -> tuple[Any, ...]:
    ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    source = (rule.ip_range.get("CidrIp"), rule.ip_range.get("CidrIpv6"), rule.source_group.get("GroupId"))
    return (rule.ip_protocol, *ports, *source, rule.prefix_list_id)
