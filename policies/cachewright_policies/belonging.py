"""Which cache a resource belongs to: what the cache refers to, and what refers to the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_policies.cache import Cache
from cachewright_policies.tokens import CACHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright_policies.graph import Graph, Resource


def owners(graph: Graph) -> Mapping[str, str]:
    """Return the URN of a cache by the URN of each resource that serves it; the first in the program wins."""
    found: dict[str, str] = {}
    for cache in graph.of_type(*CACHES):
        if not Cache(cache).is_member:
            found[cache.urn] = cache.urn
    for owner in list(found):
        for urn in _surroundings(graph, graph.resources[owner]):
            found.setdefault(urn, owner)
    return found


def _surroundings(graph: Graph, cache: Resource) -> set[str]:
    seen: set[str] = set()
    waiting = [cache.urn]
    while waiting:
        resource = graph.resources.get(waiting.pop())
        if resource is None or resource.urn in seen or (resource.type in CACHES and resource is not cache):
            continue
        seen.add(resource.urn)
        waiting += [urn for urns in resource.property_dependencies.values() for urn in urns]
    seen.update(user.urn for user in graph.users(cache) if user.type not in CACHES)
    return seen
