"""EC2: VPC endpoints with what AWS keeps of them, whose routes and network interfaces follow every change."""

from __future__ import annotations

import functools
from typing import Any, Final

_GATEWAY: Final = "Gateway"
_INTERFACE: Final = "Interface"
# How AWS answers when a request does not say which records an endpoint's names have.
_DEFAULT_RECORDS: Final = {_GATEWAY: "service-defined", _INTERFACE: "ipv4"}


@functools.cache
def install() -> None:
    """Correct moto's VPC endpoints."""
    from moto.core.responses import ActionResult
    from moto.ec2.exceptions import InvalidParameterValueError
    from moto.ec2.models import EC2Backend
    from moto.ec2.responses.vpcs import VPCs

    create = EC2Backend.create_vpc_endpoint
    modify = EC2Backend.modify_vpc_endpoint
    answer_create = VPCs.create_vpc_endpoint

    def typed_create(self: Any, **settings: Any) -> Any:
        kind = settings["endpoint_type"] = settings.get("endpoint_type") or _GATEWAY
        if kind == _GATEWAY:
            # Only interface endpoints have names in the VPC; moto gives them to all.
            settings["private_dns_enabled"] = False
        endpoint = create(self, **settings)
        if kind == _INTERFACE:
            for interface_id in endpoint.network_interface_ids:
                _belong(self, endpoint, self.enis[interface_id])
        return endpoint

    def routed_modify(
        self: Any,
        vpc_id: str,
        *,
        remove_route_tables: list[str] | None = None,
        add_route_tables: list[str] | None = None,
        **settings: Any,
    ) -> None:
        endpoint = self.get_vpc_end_point(vpc_id)
        modify(self, vpc_id, remove_route_tables=remove_route_tables, add_route_tables=add_route_tables, **settings)
        prefix_list = endpoint.destination_prefix_list_id
        if prefix_list:
            for table in add_route_tables or ():
                self.create_route(table, None, gateway_id=vpc_id, destination_prefix_list_id=prefix_list)
            for table in remove_route_tables or ():
                _remove_route(self, table, prefix_list)
        if endpoint.vpc_endpoint_type == _INTERFACE:
            _follow_subnets(self, endpoint)

    def complete_delete(self: Any, vpce_ids: list[str] | None = None) -> None:
        # moto's own stops at a route that is gone already, and keeps the endpoint.
        for endpoint_id in vpce_ids or ():
            endpoint = self.vpc_end_points.pop(endpoint_id, None)
            if endpoint is None:
                continue
            for interface_id in endpoint.network_interface_ids:
                self.enis.pop(interface_id, None)
            for table in endpoint.route_table_ids:
                _remove_route(self, table, endpoint.destination_prefix_list_id)
            endpoint.state = "deleted"

    def create_with_options(self: Any) -> ActionResult:
        for name in ("SubnetConfigurations", "ServiceNetworkArn", "ResourceConfigurationArn", "ServiceRegion"):
            if self._get_param(name):
                raise InvalidParameterValueError(f"{name} is not supported by the local AWS.")
        answer: ActionResult = answer_create(self)
        endpoint: Any = answer.result["VpcEndpoint"]
        given = self._get_param("DnsOptions") or {}
        endpoint.dns_options = {"DnsRecordIpType": _DEFAULT_RECORDS.get(endpoint.vpc_endpoint_type)} | given
        endpoint.ip_address_type = self._get_param("IpAddressType") or "ipv4"
        return answer

    def modify_with_options(self: Any) -> ActionResult:
        if self._get_param("SubnetConfigurations"):
            raise InvalidParameterValueError("SubnetConfigurations is not supported by the local AWS.")
        backend = self.ec2_backend
        endpoint = backend.get_vpc_end_point(self._get_param("VpcEndpointId"))
        members = ("Add{}", "Remove{}")
        subnets, tables, groups = (
            [self._get_param(member.format(name), []) for member in members]
            for name in ("SubnetIds", "RouteTableIds", "SecurityGroupIds")
        )
        backend.modify_vpc_endpoint(
            vpc_id=endpoint.id,
            policy_doc=self._get_param("PolicyDocument"),
            add_subnets=subnets[0],
            remove_subnets=subnets[1],
            add_route_tables=tables[0],
            remove_route_tables=tables[1],
            add_security_groups=groups[0],
            remove_security_groups=groups[1],
        )
        private = self._get_bool_param("PrivateDnsEnabled")
        if private is not None:
            endpoint.private_dns_enabled = private
        endpoint.dns_options = endpoint.dns_options | (self._get_param("DnsOptions") or {})
        endpoint.ip_address_type = self._get_param("IpAddressType") or endpoint.ip_address_type
        return ActionResult({"Return": True})

    def delete_and_tell(self: Any) -> ActionResult:
        ids = self._get_param("VpcEndpointIds", [])
        unknown = [one for one in ids if one not in self.ec2_backend.vpc_end_points]
        self.ec2_backend.delete_vpc_endpoints(vpce_ids=ids)
        return ActionResult({"Unsuccessful": [_unsuccessful(one) for one in unknown]})

    EC2Backend.create_vpc_endpoint = typed_create
    EC2Backend.modify_vpc_endpoint = routed_modify
    EC2Backend.delete_vpc_endpoints = complete_delete
    VPCs.create_vpc_endpoint = create_with_options
    VPCs.modify_vpc_endpoint = modify_with_options
    VPCs.delete_vpc_endpoints = delete_and_tell


def _belong(ec2: Any, endpoint: Any, interface: Any) -> None:
    """Let a network interface be the endpoint's, as DescribeNetworkInterfaces shows it."""
    interface.description = f"VPC Endpoint Interface {endpoint.id}"
    interface.interface_type = "vpc_endpoint"
    interface.requester_managed = True
    interface.status = "in-use"
    groups = (ec2.get_security_group_from_id(one) for one in endpoint.security_group_ids)
    interface._group_set = [group for group in groups if group is not None] or interface._group_set  # noqa: SLF001


def _follow_subnets(ec2: Any, endpoint: Any) -> None:
    """Hold one network interface in each of the endpoint's subnets, in its security groups."""
    held = {ec2.enis[one].subnet.id: one for one in endpoint.network_interface_ids}
    for subnet_id in held.keys() - set(endpoint.subnet_ids):
        ec2.enis.pop(held.pop(subnet_id))
    for subnet_id in endpoint.subnet_ids:
        if subnet_id not in held:
            held[subnet_id] = ec2.create_network_interface(ec2.get_subnet(subnet_id), None).id
    endpoint.network_interface_ids = [held[subnet_id] for subnet_id in endpoint.subnet_ids]
    for interface_id in endpoint.network_interface_ids:
        _belong(ec2, endpoint, ec2.enis[interface_id])


def _remove_route(ec2: Any, table: str, prefix_list: str | None) -> None:
    """Take an endpoint's route out of a table; it may have been taken out before, or the table be gone."""
    from moto.ec2.exceptions import InvalidRouteError, InvalidRouteTableIdError

    try:
        ec2.delete_route(table, None, destination_prefix_list_id=prefix_list)
    except (InvalidRouteError, InvalidRouteTableIdError):
        return


def _unsuccessful(endpoint_id: str) -> dict[str, Any]:
    message = f"The Vpc Endpoint Id '{endpoint_id}' does not exist"
    return {"ResourceId": endpoint_id, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}}
