"""What the rules of a security group let in, wherever they are written: inline, as VPC rules or as the old kind."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Any, Final

from cachewright_policies.tokens import (
    DEFAULT_SECURITY_GROUP,
    MANAGED_PREFIX_LIST,
    MANAGED_PREFIX_LIST_ENTRY,
    SECURITY_GROUP,
    SECURITY_GROUP_INGRESS_RULE,
    SECURITY_GROUP_RULE,
)
from cachewright_policies.values import UNKNOWN, UnknownValueError, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cachewright_policies.graph import Graph, References, Resource

_EVERY_PROTOCOL: Final = {"-1", "all"}
_TCP: Final = {"tcp", "6"}
_HIGHEST_PORT: Final = 65535
_INLINE: Final = ("cidrBlocks", "ipv6CidrBlocks")
_ALONE: Final = ("cidrIpv4", "cidrIpv6")


@dataclass(frozen=True, slots=True)
class Opening:
    """What one rule lets in.

    Attributes:
        first: The first TCP port.
        last: The last TCP port.
        networks: The addresses, as networks.
        prefix_lists: The prefix lists that are not in the stack, by id; their addresses are not known.
        resource: The resource that holds the rule.
        property: The property that holds it.
        unknown: The property that is known only after the update; empty where all of the rule is known.
    """

    first: int
    last: int
    networks: tuple[IPv4Network | IPv6Network, ...]
    prefix_lists: tuple[str, ...]
    resource: Resource
    property: str
    unknown: str = ""

    def reaches(self, port: int) -> bool:
        """Tell whether the rule lets a TCP port be reached."""
        return self.first <= port <= self.last


def openings(graph: Graph, group: Resource) -> Iterator[Opening]:
    """Go through everything that a security group lets in by TCP.

    What of a rule is known counts, whatever else of it, or of its neighbours, is known only after the update.
    """
    if group.is_unknown("ingress"):
        yield Opening(0, _HIGHEST_PORT, (), (), group, "ingress", "ingress")
    else:
        for item in group.items("ingress"):
            if item is UNKNOWN:
                yield Opening(0, _HIGHEST_PORT, (), (), group, "ingress", "ingress")
            elif isinstance(item, dict):
                yield from _opening(graph, group, View(item), "protocol", _INLINE, "ingress", "ingress")
    for rule in graph.users(group, SECURITY_GROUP_INGRESS_RULE, property="securityGroupId"):
        shown = "cidrIpv4" if rule.is_set("cidrIpv4") or not rule.is_set("cidrIpv6") else "cidrIpv6"
        yield from _opening(graph, rule, rule, "ipProtocol", _ALONE, "prefixListId", shown)
    for rule in graph.users(group, SECURITY_GROUP_RULE, property="securityGroupId"):
        if rule.is_unknown("type") or rule.text("type") == "ingress":
            yield from _opening(graph, rule, rule, "protocol", _INLINE, "prefixListIds", "cidrBlocks")


def groups_of(graph: Graph, cache: Resource) -> References:
    """Return the security groups that are attached to a cache."""
    return graph.references(cache, "securityGroupIds", SECURITY_GROUP, DEFAULT_SECURITY_GROUP)


def sources(graph: Graph, group: Resource) -> Iterator[Resource]:
    """Go through the other security groups of the stack that a group lets in."""
    holders = [(group, "ingress")]
    holders += [
        (rule, "referencedSecurityGroupId")
        for rule in graph.users(group, SECURITY_GROUP_INGRESS_RULE, property="securityGroupId")
    ]
    holders += [
        (rule, "sourceSecurityGroupId")
        for rule in graph.users(group, SECURITY_GROUP_RULE, property="securityGroupId")
        if rule.is_unknown("type") or rule.text("type") == "ingress"
    ]
    for holder, property in holders:
        for source in graph.references(holder, property, SECURITY_GROUP, DEFAULT_SECURITY_GROUP).resources:
            if source is not group:
                yield source


def open_networks(found: Iterable[Opening], port: int) -> list[tuple[IPv4Network | IPv6Network, Opening]]:
    """Return the widest networks that reach a port, each with an opening that it comes from.

    Networks are joined first: `0.0.0.0/1` and `128.0.0.0/1` are the whole world.
    """
    reaching = [(network, one) for one in found if one.reaches(port) for network in one.networks]
    joined: list[tuple[IPv4Network | IPv6Network, Opening]] = []
    for version in (4, 6):
        parts = [network for network, _ in reaching if network.version == version]
        for network in collapse_addresses(parts):  # type: ignore[type-var]
            inside = [one for one in reaching if one[0].version == version and one[0].subnet_of(network)]  # type: ignore[arg-type]
            joined.append((network, min(inside, key=lambda one: one[0].prefixlen)[1]))
    return joined


def _opening(
    graph: Graph,
    holder: Resource,
    rule: View,
    protocol: str,
    networks: tuple[str, ...],
    edges: str,
    shown: str,
) -> Iterator[Opening]:
    """Yield what one rule lets in, if it lets TCP in.

    Args:
        graph: The stack.
        holder: The resource that holds the rule.
        rule: The rule.
        protocol: Its property with the protocol.
        networks: Its properties with addresses.
        edges: The property of the holder whose edges lead to prefix lists.
        shown: The property that a finding points at.
    """
    unknown = ""
    try:
        ports = _ports(rule, protocol)
    except UnknownValueError as error:
        # It may be any port: what it lets in is said to be undecided.
        yield Opening(0, _HIGHEST_PORT, (), (), holder, shown, error.property)
        return
    if ports is None:
        return
    found: list[IPv4Network | IPv6Network] = []
    for property in networks:
        known, complete = _networks(rule, property)
        found += known
        if not complete:
            unknown = property
    lists: tuple[str, ...] = ()
    property = "prefixListId" if edges == "prefixListId" else "prefixListIds"
    if rule.is_set(property):
        try:
            within, lists = _listed(graph, holder, edges, _listing(rule, property))
            found += within
        except UnknownValueError as error:
            unknown = error.property
    yield Opening(*ports, tuple(found), lists, holder, shown, unknown)


def _listing(rule: View, property: str) -> tuple[Any, ...]:
    """Return the elements of a property, one that is not known being one of them."""
    return (UNKNOWN,) if rule.is_unknown(property) else rule.items(property)


def _ports(rule: View, protocol: str) -> tuple[int, int] | None:
    """Return the TCP ports of a rule, or None where it lets no TCP in.

    Raises:
        UnknownValueError: Its protocol or its ports are not known yet.
    """
    named = rule.text(protocol).lower()
    if named in _EVERY_PROTOCOL:
        return 0, _HIGHEST_PORT
    if named not in _TCP:
        return None
    first, last = rule.number("fromPort"), rule.number("toPort")
    if first is None and last is None:
        return 0, _HIGHEST_PORT
    return int(first or 0), int(first or 0) if last is None else int(last)


def _networks(rule: View, property: str) -> tuple[list[IPv4Network | IPv6Network], bool]:
    """Return the networks of a property that are known, and whether that is all."""
    found: list[IPv4Network | IPv6Network] = []
    given = _listing(rule, property)
    for one in given:
        if one is UNKNOWN or one is None:
            continue
        try:
            found.append(ip_network(str(one), strict=False))
        except ValueError:
            continue
    return found, UNKNOWN not in given


def _listed(
    graph: Graph, holder: Resource, property: str, given: tuple[Any, ...]
) -> tuple[tuple[IPv4Network | IPv6Network, ...], tuple[str, ...]]:
    """Return the networks of the prefix lists of the stack, and the ids of the others."""
    if not given:
        return (), ()
    networks: list[IPv4Network | IPv6Network] = []
    outside = []
    for one in given:
        known = graph.named(MANAGED_PREFIX_LIST, one) if isinstance(one, str) else None
        if known is not None:
            networks += _entries(graph, known)
        elif one is not UNKNOWN:
            outside.append(str(one))
    if UNKNOWN in given:
        lists = [
            graph.resources[urn]
            for urn in holder.property_dependencies.get(property, ())
            if urn in graph.resources and graph.resources[urn].type == MANAGED_PREFIX_LIST
        ]
        if not lists:
            raise UnknownValueError(property)
        networks += [network for one in lists for network in _entries(graph, one)]
    return tuple(networks), tuple(outside)


def _entries(graph: Graph, prefix_list: Resource) -> Iterator[IPv4Network | IPv6Network]:
    """Go through the networks of a prefix list.

    Raises:
        UnknownValueError: One of them is not known yet.
    """
    alone = graph.users(prefix_list, MANAGED_PREFIX_LIST_ENTRY, property="prefixListId")
    for entry in (*prefix_list.objects("entries"), *alone):
        known, complete = _networks(entry, "cidr")
        if not complete:
            raise UnknownValueError(f"{entry.path}cidr")
        yield from known
