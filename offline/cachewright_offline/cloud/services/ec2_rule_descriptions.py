"""Makes EC2 tell the description of a security group rule whose source is another group; moto tells a range's only."""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def install() -> None:
    """Replace the property in moto's rules, once per process."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    def description(self: Any) -> str | None:
        found: str | None = self.ip_range.get("Description") or self.source_group.get("Description")
        return found

    SecurityGroupRule.description = property(description)
