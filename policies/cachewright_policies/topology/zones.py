"""The zones that a subnet group really has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cachewright_policies.topology.subnets import subnets_of

if TYPE_CHECKING:
    from cachewright_policies.graph import Graph, Resource


class Zones(NamedTuple):
    """The zones of a holder of subnets.

    Attributes:
        names: The zones that are known, by name, or by id where a subnet is placed by its id.
        complete: Whether that is all.
    """

    names: frozenset[str]
    complete: bool


def zones_of(graph: Graph, holder: Resource) -> Zones:
    """Return the zones of a subnet group's, or a serverless cache's, subnets."""
    return graph.remember(("zones", holder.urn), lambda: _zones(graph, holder))


def _zones(graph: Graph, holder: Resource) -> Zones:
    subnets = subnets_of(graph, holder)
    names = set()
    complete = subnets.complete and not subnets.literals
    for subnet in subnets.resources:
        zone = next(
            (
                found
                for key in ("availabilityZone", "availabilityZoneId")
                if isinstance(found := subnet.peek(key) or subnet.outputs.peek(key), str)
            ),
            None,
        )
        if zone is None:
            complete = False
        else:
            names.add(zone)
    return Zones(frozenset(names), complete)
