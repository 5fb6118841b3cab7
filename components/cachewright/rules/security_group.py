"""What a `SecurityGroup` accepts."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from cachewright.arguments import PENDING, Rule, Schema, Types, Values, rule
from cachewright.errors import Problem
from cachewright.naming import Automatic
from cachewright.rules import naming

_WORLD_PREFIX = 8


class SecurityGroupTypes(Types):
    """The types of `SecurityGroupArgs`."""

    vpc_id: str | None = None
    port: int | None = None
    last_port: int | None = None
    allowed_security_group_ids: list[str] | None = None
    allowed_cidr_blocks: list[str] | None = None
    description: str | None = None
    security_group_name: str | None = None
    tags: dict[str, str] | None = None
    region: str | None = None


@rule("port", "last_port")
def ports(values: Values) -> Iterable[Problem]:
    """Ports are 1-65535, the last not before the first."""
    for argument in ("port", "last_port"):
        value = values[argument]
        if value is not None and not 1 <= value <= 65535:
            yield Problem(argument, f"must be 1 to 65535, got {value}; leave it out for the engine's own port")
            return
    if values["port"] is not None and values["last_port"] is not None and values["last_port"] < values["port"]:
        text = f"must be {values['port']} or more, got {values['last_port']}; leave it out for a single port"
        yield Problem("last_port", text)


@rule("allowed_cidr_blocks")
def cidr_blocks(values: Values) -> Iterable[Problem]:
    """Only well-formed ranges, and never the world or half of it."""
    blocks = values["allowed_cidr_blocks"] or []
    for index, block in enumerate(blocks):
        found = cidr_problem(block) if block is not PENDING else None
        if found:
            yield Problem(f"allowed_cidr_blocks[{index}]", found)
    yield from repetitions("allowed_cidr_blocks", blocks)


@rule("allowed_security_group_ids")
def security_group_ids(values: Values) -> Iterable[Problem]:
    """Each is the id of a security group."""
    yield from id_problems("allowed_security_group_ids", values["allowed_security_group_ids"])
    yield from repetitions("allowed_security_group_ids", values["allowed_security_group_ids"])


def id_problems(argument: str, ids: Iterable[Any] | None) -> Iterable[Problem]:
    """Return the problems of security group ids."""
    for index, one in enumerate(ids or []):
        if one is not PENDING and not one.startswith("sg-"):
            yield Problem(
                f"{argument}[{index}]", f"must be a security group's id, got {one!r}; write it like 'sg-0123'"
            )


def repetitions(argument: str, items: Sequence[Any] | None) -> Iterable[Problem]:
    """Return the problems of items that are listed more than once; AWS refuses a second rule of the same kind."""
    for index, one in enumerate(items or []):
        if one is not PENDING and items and one in items[:index]:
            yield Problem(f"{argument}[{index}]", f"must be named once, got {one!r} twice; remove one")


def cidr_problem(block: str) -> str | None:
    """Return why a range may not reach a cache, or None."""
    try:
        network = ipaddress.ip_network(block)
    except ValueError:
        return f"must be a network range in CIDR form, got {block!r}; write it like '10.0.0.0/16'"
    if network.prefixlen < _WORLD_PREFIX:
        return (
            f"must not open a cache to the world, got {block!r}; name the clients' own range, or better their"
            " security group in allowed_security_group_ids"
        )
    return None


NETWORK_RULES: tuple[Rule, ...] = (cidr_blocks, security_group_ids)

SCHEMA = Schema(
    component="SecurityGroup",
    types=SecurityGroupTypes,
    rules=(
        ports,
        *NETWORK_RULES,
        naming.name_rule("security_group_name", "security_group_name"),
        naming.name_rule("description", "description"),
        naming.region,
        naming.tags,
    ),
    required=("vpc_id", "port"),
    plain=frozenset({"security_group_name", "region"}),
    automatic_names=(Automatic("security_group_name", unless="security_group_name"),),
)
