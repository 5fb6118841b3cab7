"""Makes EC2 refuse to delete what a cache, or another security group, still needs.

A cache's nodes have network interfaces (`services/ec2_cache_interfaces.py`), and what they are in stays as long as they
do; moto's EC2 would let a wrong order of destruction pass.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.cache
def install() -> None:
    """Add the checks to moto's EC2 backend, once per process."""
    from moto.ec2.exceptions import DependencyViolationError
    from moto.ec2.models import EC2Backend

    delete_subnet = EC2Backend.delete_subnet
    delete_security_group = EC2Backend.delete_security_group
    delete_vpc = EC2Backend.delete_vpc

    def checked_delete_subnet(self: Any, subnet_id: str) -> Any:
        if any(interface.subnet.id == subnet_id for interface in self.get_all_network_interfaces()):
            message = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
            raise DependencyViolationError(message)
        return delete_subnet(self, subnet_id)

    def checked_delete_security_group(self: Any, name: str | None = None, group_id: str | None = None) -> Any:
        group = self.get_security_group_by_name_or_id(group_id or name)
        if group is not None and group.name != "default" and _group_in_use(self, group):
            message = f"resource {group.id} has a dependent object"
            raise DependencyViolationError(message)
        return delete_security_group(self, name=name, group_id=group_id)

    def checked_delete_vpc(self: Any, vpc_id: str) -> Any:
        if any(group.name != "default" for group in self.groups.get(vpc_id, {}).values()):
            message = f"The vpc '{vpc_id}' has dependencies and cannot be deleted."
            raise DependencyViolationError(message)
        return delete_vpc(self, vpc_id)

    EC2Backend.delete_subnet = checked_delete_subnet
    EC2Backend.delete_security_group = checked_delete_security_group
    EC2Backend.delete_vpc = checked_delete_vpc


def _group_in_use(ec2: Any, group: Any) -> bool:
    interfaces = ec2.get_all_network_interfaces()
    if any(group.id == member.id for interface in interfaces for member in interface.group_set):
        return True
    rules = (rule for other in _other_groups(ec2, group) for rule in _rules(other))
    return any(rule.source_group.get("GroupId") == group.id for rule in rules)


def _other_groups(ec2: Any, group: Any) -> Iterator[Any]:
    return (other for groups in ec2.groups.values() for other in groups.values() if other.id != group.id)


def _rules(group: Any) -> Iterator[Any]:
    yield from group.ingress_rules
    yield from group.egress_rules
