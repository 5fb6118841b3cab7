"""Who depends on whom in a snapshot, found through dictionaries instead of scans.

A resource depends on its provider, its dependencies (of the whole and of single properties) and the resources it is
deleted or replaced with; some questions count its parent too. Resources stand after what they depend on.
Source: Pulumi's pkg/resource/graph/dependency_graph.go and deploy/step_generator.go (ScheduleDeletes).
"""

from __future__ import annotations

import heapq
from functools import cached_property
from typing import TYPE_CHECKING, cast

from cachewright_offline.engine.urn import provider_urn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cachewright_offline.engine.resource import Resource


def replaced_with(resource: Resource) -> list[str]:
    """Return the URNs of the resources whose replacement replaces this one."""
    return cast("list[str]", resource.extra.get("replaceWith") or [])


def all_dependencies(resource: Resource, *, parent: bool) -> Iterator[str]:
    """Yield the URN of everything `resource` needs, its provider first; with `parent`, its parent too."""
    if resource.provider:
        yield provider_urn(resource.provider)
    yield from non_provider_dependencies(resource, parent=parent)


def non_provider_dependencies(resource: Resource, *, parent: bool = True) -> Iterator[str]:
    """Yield the URN of everything `resource` needs but its provider."""
    if parent and resource.parent:
        yield resource.parent
    yield from resource.dependencies
    for urns in resource.property_dependencies.values():
        yield from urns
    if resource.deleted_with:
        yield resource.deleted_with
    yield from replaced_with(resource)


class DependencyGraph:
    """The graph of one snapshot's resources, taken when it is first asked."""

    def __init__(self, resources: list[Resource]) -> None:
        self._resources = list(resources)

    @cached_property
    def _index(self) -> dict[int, int]:
        return {id(resource): index for index, resource in enumerate(self._resources)}

    @cached_property
    def _dependents(self) -> dict[str, list[int]]:
        return self._collect(parent=False)

    @cached_property
    def _dependents_and_children(self) -> dict[str, list[int]]:
        return self._collect(parent=True)

    def _collect(self, *, parent: bool) -> dict[str, list[int]]:
        dependents: dict[str, list[int]] = {}
        for index, resource in enumerate(self._resources):
            for urn in set(all_dependencies(resource, parent=parent)):
                dependents.setdefault(urn, []).append(index)
        return dependents

    def contains(self, resource: Resource) -> bool:
        """Tell whether `resource` is in the graph."""
        return id(resource) in self._index

    def referring_to(self, urn: str) -> list[Resource]:
        """Return the resources that name `urn` as something they need or as their parent."""
        return [self._resources[index] for index in self._dependents_and_children.get(urn, ())]

    def depending_on(
        self,
        root: Resource,
        *,
        ignore: Callable[[str], bool] = lambda _: False,
        children: bool = False,
        other_names: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> list[Resource]:
        """Return what depends on `root`, directly or not, each after what it depends on.

        Args:
            root: Where to begin.
            ignore: Tells for a URN that it, and what depends on it alone, is left out.
            children: Whether a child depends on its parent.
            other_names: Further URNs that the graph may know a resource by.
        """
        table = self._dependents_and_children if children else self._dependents
        start = self._index[id(root)]
        waiting: list[int] = []
        seen: set[int] = set()

        def reach(urn: str) -> None:
            for name in (urn, *other_names(urn)):
                for index in table.get(name, ()):
                    if index > start and index not in seen and not ignore(self._resources[index].urn):
                        seen.add(index)
                        heapq.heappush(waiting, index)

        reach(root.urn)
        found = []
        while waiting:
            resource = self._resources[heapq.heappop(waiting)]
            found.append(resource)
            reach(resource.urn)
        return found

    def needed_by(self, resource: Resource) -> set[str]:
        """Return the URN of everything that `resource` needs, directly or not, its parent and its provider too."""
        needs: dict[str, set[str]] = {}
        for one in self._resources:
            needs.setdefault(one.urn, set()).update(all_dependencies(one, parent=True))
        found: set[str] = set()
        waiting = list(all_dependencies(resource, parent=True))
        while waiting:
            urn = waiting.pop()
            if urn not in found:
                found.add(urn)
                waiting.extend(needs.get(urn, ()))
        return found

    def delete_levels(self, condemned: Iterable[Resource]) -> list[list[Resource]]:
        """Return `condemned` in groups to delete one after the other: dependents before what they depend on."""
        wanted = {id(resource) for resource in condemned}
        level_of_urn: dict[str, int] = {}
        subtree: dict[str, int] = {}
        parent_of: dict[str, str] = {}
        component = {resource.urn for resource in self._resources if not resource.custom}
        levels: list[list[Resource]] = []
        for resource in self._resources:
            parent_of[resource.urn] = resource.parent
            if id(resource) not in wanted:
                continue
            level = 0
            for urn in all_dependencies(resource, parent=False):
                # Whoever depends on a component depends on all that was made inside it before.
                known = subtree if urn in component else level_of_urn
                level = max(level, known.get(urn, -1) + 1)
            level = max(level, level_of_urn.get(resource.parent, -1) + 1)
            level_of_urn[resource.urn] = max(level_of_urn.get(resource.urn, -1), level)
            ancestor = resource.urn
            while ancestor:
                if subtree.get(ancestor, -1) < level:
                    subtree[ancestor] = level
                ancestor = parent_of.get(ancestor, "")
            while len(levels) <= level:
                levels.append([])
            levels[level].append(resource)
        return [group[::-1] for group in reversed(levels)]
