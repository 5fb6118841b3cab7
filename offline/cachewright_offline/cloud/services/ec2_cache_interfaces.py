"""EC2: the network interfaces that caches hold in their subnets, one for each node, which only ElastiCache moves.

They follow from what ElastiCache says of its members and are brought up to date whenever something in EC2 looks at
network interfaces, so a node and its interface come and go together.
"""

from __future__ import annotations

import functools
import hashlib
import ipaddress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cachewright_offline.cloud.elasticache.members import Member

REQUESTER: Final = "amazon-elasticache"
# The network's address, the router, the name server, one kept for later; and the last one is the broadcast address.
_RESERVED_ADDRESSES: Final = 4
_FILTERS: Final = {
    "interface-type": "interface_type",
    "mac-address": "mac_address",
    "requester-id": "requester_id",
    "requester-managed": "requester_managed",
    "status": "status",
    "owner-id": "owner_id",
}


@functools.cache
def install() -> None:
    """Let EC2 show the interfaces of caches, and refuse to have them changed."""
    from moto.ec2.exceptions import EC2ClientError
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    attachment_of = NetworkInterface.attachment
    filter_value = NetworkInterface.get_filter_value
    list_all = EC2Backend.get_all_network_interfaces
    get = EC2Backend.get_network_interface
    delete = EC2Backend.delete_network_interface
    detach = EC2Backend.detach_network_interface

    def attachment(self: Any) -> Any:
        if _member_key(self) is None:
            return attachment_of.fget(self)
        return {
            "AttachmentId": self.attachment_id,
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": REQUESTER,
            "NetworkCardIndex": 0,
            "Status": "attached",
        }

    def more_filter_values(self: Any, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name in _FILTERS:
            return getattr(self, _FILTERS[filter_name])
        if filter_name == "attachment.instance-owner-id" and _member_key(self) is not None:
            return REQUESTER
        return filter_value(self, filter_name, method_name)

    def current(self: Any, eni_ids: list[str] | None = None, filters: Any = None) -> Any:
        synchronise(self)
        return list_all(self, eni_ids, filters)

    def current_one(self: Any, eni_id: str) -> Any:
        synchronise(self)
        return get(self, eni_id)

    def refuse_managed(interface: Any, code: str, message: str) -> None:
        if interface.requester_managed:
            raise EC2ClientError(code, message)

    def checked_delete(self: Any, eni_id: str) -> None:
        # One that is attached is in use, whoever holds it; moto takes it away from its instance.
        interface = current_one(self, eni_id)
        if interface.requester_managed or interface.attachment_id:
            raise EC2ClientError("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")
        delete(self, eni_id)

    def checked_detach(self: Any, attachment_id: str) -> None:
        synchronise(self)
        for interface in self.enis.values():
            if interface.attachment_id == attachment_id:
                kind = attachment_id.rpartition("-")[0]
                message = f"You are not allowed to manage '{kind}' attachments."
                refuse_managed(interface, "OperationNotPermitted", message)
        detach(self, attachment_id)

    def guarded(name: str) -> None:
        original = getattr(EC2Backend, name)

        @functools.wraps(original)
        def guard(self: Any, eni_id: str, *args: Any, **kwargs: Any) -> Any:
            message = "You do not have permission to access the specified resource."
            refuse_managed(current_one(self, eni_id), "AuthFailure", message)
            return original(self, eni_id, *args, **kwargs)

        setattr(EC2Backend, name, guard)

    NetworkInterface.attachment = property(attachment)
    NetworkInterface.get_filter_value = more_filter_values
    EC2Backend.get_all_network_interfaces = current
    EC2Backend.get_network_interface = current_one
    EC2Backend.delete_network_interface = checked_delete
    EC2Backend.detach_network_interface = checked_detach
    for name in (
        *("assign_ipv6_addresses", "assign_private_ip_addresses", "attach_network_interface"),
        *("modify_network_interface_attribute", "unassign_ipv6_addresses", "unassign_private_ip_addresses"),
    ):
        guarded(name)


def synchronise(ec2: Any) -> None:
    """Give each member of a cache its network interface, and take those away whose member is gone."""
    wanted = {_key(member): member for member in _members(ec2)}
    held = {key: one for one in list(ec2.enis.values()) if (key := _member_key(one)) is not None}
    for key, interface in held.items():
        if key not in wanted:
            del ec2.enis[interface.id]
    for key, member in wanted.items():
        interface = held.get(key) or _make(ec2, key, member)
        if interface is None:
            continue
        # A group that is gone cannot be: EC2 does not delete one in use.
        groups = [ec2.get_security_group_from_id(one) for one in member.security_group_ids]
        interface._group_set = groups or interface._group_set  # noqa: SLF001


def _members(ec2: Any) -> Iterator[Member]:
    from cachewright_offline.cloud import carrier
    from cachewright_offline.cloud.elasticache.members import members

    state = carrier.elasticache_state(ec2.account_id, ec2.region_name)
    if state is None:
        return iter(())
    state.settle()
    return (member for member in members(state) if member.subnet_id is not None)


def _key(member: Member) -> str:
    """Return what tells a member from a later one of the same name, and from itself in another subnet."""
    return "/".join((member.kind, member.id, member.node_id, str(member.subnet_id), member.created.isoformat()))


def _member_key(interface: Any) -> str | None:
    key: str | None = getattr(interface, "cache_member", None)
    return key


def _make(ec2: Any, key: str, member: Member) -> Any:
    digest = hashlib.sha256(key.encode())
    subnet = next((one[member.subnet_id] for one in ec2.subnets.values() if member.subnet_id in one), None)
    if subnet is None:
        # A seed may hold a cache without its network.
        return None
    interface = ec2.create_network_interface(subnet, _free_address(ec2, subnet, digest.digest()))
    interface.cache_member = key
    interface.requester_id = REQUESTER
    interface.requester_managed = True
    interface.status = "in-use"
    interface.attachment_id = f"ela-attach-{digest.hexdigest()[:17]}"
    if member.kind == "serverless-cache":
        # A serverless cache is reached through an endpoint, which ElastiCache makes and no client sees as its own.
        interface.interface_type = "vpc_endpoint"
        interface.description = f"VPC Endpoint Interface vpce-{hashlib.sha256(member.id.encode()).hexdigest()[:17]}"
    else:
        interface.description = f"ElastiCache {member.id}"
    return interface


def _free_address(ec2: Any, subnet: Any, seed: bytes) -> str:
    """Return an address of a subnet that nothing has, the same one for the same node in the same subnet."""
    network = ipaddress.IPv4Network(subnet.cidr_block)
    taken = {one.private_ip_address for one in ec2.enis.values()}
    hosts = network.num_addresses - _RESERVED_ADDRESSES - 1
    start = int.from_bytes(seed[:8], "big")
    for step in range(hosts):
        address = str(network[_RESERVED_ADDRESSES + (start + step) % hosts])
        if address not in taken:
            return address
    return str(network[_RESERVED_ADDRESSES])
