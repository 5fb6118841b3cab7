"""VPCs, subnets and security groups with their rules. Routes, gateways and addresses are not described."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Vpc:
    """One VPC; of its addresses the associations as EC2 keeps them."""

    id: str
    cidr_block: str
    associations: dict[str, dict[str, Any]]
    default: bool
    tenancy: str
    dns_support: bool
    dns_hostnames: bool
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subnet:
    """One subnet."""

    id: str
    vpc_id: str
    cidr_block: str
    zone: str
    default_for_zone: bool
    public_addresses: bool
    ipv6_associations: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a security group."""

    id: str
    protocol: str
    from_port: int | None = None
    to_port: int | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    group: dict[str, str] = field(default_factory=dict)
    prefix_list_id: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """One security group."""

    id: str
    name: str
    description: str
    vpc_id: str
    default: bool
    ingress: list[Rule]
    egress: list[Rule]
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """The network of a region."""

    vpcs: list[Vpc]
    subnets: list[Subnet]
    security_groups: list[SecurityGroup]


def _backend(account_id: str, region: str) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[account_id][region]


def describe(account_id: str, region: str) -> Described | None:
    """Return the network of a region."""
    backend = _backend(account_id, region)
    tags = {id: dict(held) for id, held in backend.tags.items() if held}
    subnets = [one for by_zone in backend.subnets.values() for one in by_zone.values()]
    groups = [one for by_vpc in backend.groups.values() for one in by_vpc.values()]
    return Described(
        [_vpc(one, tags) for one in backend.vpcs.values()],
        [_subnet(one, tags) for one in subnets],
        [_security_group(one, tags) for one in groups],
    )


def is_untouched(account_id: str, region: str) -> bool:
    """Tell whether a region has no other network than the default VPC that it starts with."""
    backend = _backend(account_id, region)
    subnets = [one for by_zone in backend.subnets.values() for one in by_zone.values()]
    groups = [one for by_vpc in backend.groups.values() for one in by_vpc.values()]
    rules = [rule for one in groups for rule in one.ingress_rules]
    return (
        [one.is_default for one in backend.vpcs.values()] == [True]
        and all(one.default_for_az for one in subnets)
        and [one.name for one in groups] == ["default"]
        and not rules
        and not any(backend.tags.values())
    )


def _vpc(vpc: Any, tags: dict[str, dict[str, str]]) -> Vpc:
    return Vpc(
        id=vpc.id,
        cidr_block=vpc.cidr_block,
        associations={id: dict(one) for id, one in vpc._cidr_block_association_set.items()},  # noqa: SLF001  # moto has no other way
        default=vpc.is_default,
        tenancy=vpc.instance_tenancy,
        dns_support=_flag(vpc.enable_dns_support),
        dns_hostnames=_flag(vpc.enable_dns_hostnames),
        tags=tags.get(vpc.id, {}),
    )


def _flag(value: Any) -> bool:
    """Return what ModifyVpcAttribute may have left as a text."""
    return str(value).lower() == "true"


def _subnet(subnet: Any, tags: dict[str, dict[str, str]]) -> Subnet:
    return Subnet(
        id=subnet.id,
        vpc_id=subnet.vpc_id,
        cidr_block=subnet.cidr_block,
        zone=subnet.availability_zone,
        default_for_zone=_flag(subnet.default_for_az),
        public_addresses=_flag(subnet.map_public_ip_on_launch),
        ipv6_associations={id: dict(one) for id, one in subnet.ipv6_cidr_block_associations.items()},
        tags=tags.get(subnet.id, {}),
    )


def _security_group(group: Any, tags: dict[str, dict[str, str]]) -> SecurityGroup:
    return SecurityGroup(
        id=group.id,
        name=group.name,
        description=group.description,
        vpc_id=group.vpc_id,
        default=group.is_default,
        ingress=[_rule(one, tags) for one in group.ingress_rules],
        egress=[_rule(one, tags) for one in group.egress_rules],
        tags=tags.get(group.id, {}),
    )


def _rule(rule: Any, tags: dict[str, dict[str, str]]) -> Rule:
    return Rule(
        id=rule.id,
        protocol=rule.ip_protocol,
        from_port=rule.from_port,
        to_port=rule.to_port,
        addresses=dict(rule.ip_range),
        group=dict(rule.source_group),
        prefix_list_id=rule.prefix_list_id,
        tags=tags.get(rule.id, {}),
    )


def restore(account_id: str, region: str, described: Described) -> None:
    """Make the network anew; the region's own default VPC is replaced by what is described."""
    backend = _backend(account_id, region)
    for held in (backend.vpcs, backend.subnets, backend.groups, backend.route_tables, backend.network_acls):
        held.clear()
    for vpc in described.vpcs:
        _make_vpc(backend, vpc)
    backend.groups.clear()
    backend.default_vpc = next((one for one in backend.vpcs.values() if one.is_default), None)
    for subnet in described.subnets:
        _make_subnet(backend, subnet)
    for group in described.security_groups:
        _make_security_group(backend, group)


def _make_vpc(backend: Any, vpc: Vpc) -> None:
    from moto.ec2.models import vpcs

    with _named(vpcs, "random_vpc_id", vpc.id):
        made = backend.create_vpc(vpc.cidr_block, instance_tenancy=vpc.tenancy, is_default=vpc.default)
    made._cidr_block_association_set = {id: dict(one) for id, one in vpc.associations.items()}  # noqa: SLF001
    made.enable_dns_support, made.enable_dns_hostnames = vpc.dns_support, vpc.dns_hostnames
    _tag(backend, vpc.id, vpc.tags)


def _make_subnet(backend: Any, subnet: Subnet) -> None:
    from moto.ec2.models import subnets

    with _named(subnets, "random_subnet_id", subnet.id):
        made = backend.create_subnet(subnet.vpc_id, subnet.cidr_block, availability_zone=subnet.zone)
    made.default_for_az, made.map_public_ip_on_launch = subnet.default_for_zone, subnet.public_addresses
    made.ipv6_cidr_block_associations = {id: dict(one) for id, one in subnet.ipv6_associations.items()}
    _tag(backend, subnet.id, subnet.tags)


def _make_security_group(backend: Any, group: SecurityGroup) -> None:
    from moto.ec2.models import security_groups

    made = security_groups.SecurityGroup(
        backend, group.id, group.name, group.description, vpc_id=group.vpc_id, is_default=group.default
    )
    made.ingress_rules = [_make_rule(backend, group.id, one, egress=False) for one in group.ingress]
    made.egress_rules = [_make_rule(backend, group.id, one, egress=True) for one in group.egress]
    backend.groups[group.vpc_id][group.id] = made
    _tag(backend, group.id, group.tags)


def _make_rule(backend: Any, group_id: str, rule: Rule, *, egress: bool) -> Any:
    from moto.ec2.models import security_groups

    prefix_list = {"PrefixListId": rule.prefix_list_id} if rule.prefix_list_id else None
    with _named(security_groups, "random_security_group_rule_id", rule.id):
        made = security_groups.SecurityGroupRule(
            backend,
            rule.protocol,
            group_id,
            None if rule.from_port is None else str(rule.from_port),
            None if rule.to_port is None else str(rule.to_port),
            dict(rule.addresses),
            dict(rule.group),
            prefix_list,
            is_egress=egress,
        )
    _tag(backend, rule.id, rule.tags)
    return made


def _tag(backend: Any, id: str, tags: dict[str, str]) -> None:
    # Straight into the table: the API refuses tags of resources that it finds by other ways than moto's own creation.
    if tags:
        backend.tags[id] = dict(tags)


@contextlib.contextmanager
def _named(module: Any, generator: str, id: str) -> Iterator[None]:
    """Have one of moto's generators of ids return this one."""
    original = getattr(module, generator)
    setattr(module, generator, lambda: id)
    try:
        yield
    finally:
        setattr(module, generator, original)
