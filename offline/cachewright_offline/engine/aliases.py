"""Finding a resource under its former names.

Source: Pulumi's pkg/resource/deploy/step_generator.go (generateAliases, getOldResource).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cachewright_offline.engine.urn import (
    STACK_TYPE,
    make_urn,
    qualified_type,
    resource_name,
    resource_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cachewright_offline.engine.goal import Alias, Goal
    from cachewright_offline.engine.resource import Resource


class AliasTable:
    """Which old URN each resource of this run was found under.

    Attributes:
        new_of: The new URN by the old one.
        old_of: The old URN by the new one.
    """

    def __init__(self, stack: str, project: str) -> None:
        self._stack = stack
        self._project = project
        self.new_of: dict[str, str] = {}
        self.old_of: dict[str, str] = {}

    def record(self, new: str, old: str) -> None:
        """Remember that the resource `new` was `old`."""
        self.new_of[old] = new
        self.old_of[new] = old

    def other_names(self, urn: str) -> Iterable[str]:
        """Return the other URN that `urn` is, or was, known by."""
        for table in (self.new_of, self.old_of):
            if urn in table:
                yield table[urn]

    def candidates(self, goal: Goal) -> list[str]:
        """Return the URNs the resource may have had, in the order they are to be looked up."""
        found: dict[str, None] = {}
        own = [self._collapse(alias, goal) for alias in goal.aliases]
        for urn in own:
            found[urn] = None
        parent_before = self.old_of.get(goal.parent) if goal.parent else None
        if parent_before is not None:
            parent_name = resource_name(goal.parent)
            found[self._inherited(goal.type, goal.name, parent_name, parent_before)] = None
            for urn in own:
                found[self._inherited(resource_type(urn), resource_name(urn), parent_name, parent_before)] = None
        return list(found)

    def _collapse(self, alias: Alias, goal: Goal) -> str:
        if alias.urn:
            return alias.urn
        parent = self.old_of.get(alias.parent, alias.parent) if alias.parent else goal.parent
        if alias.no_parent or (parent and qualified_type(parent) == STACK_TYPE):
            parent = ""
        stack, project = alias.stack or self._stack, alias.project or self._project
        type, name = alias.type or goal.type, alias.name or goal.name
        if parent:
            return f"{parent.rpartition('::')[0]}${type}::{name}"
        return make_urn(stack, project, "", type, name)

    def _inherited(self, type: str, name: str, parent_name: str, parent_before: str) -> str:
        # By convention a child's name begins with its parent's: it has changed along with it.
        if name.startswith(parent_name):
            name = resource_name(parent_before) + name.removeprefix(parent_name)
        return make_urn(self._stack, self._project, parent_before, type, name)


def renamed_references(resource: Resource, new_of: dict[str, str]) -> bool:
    """Let `resource` refer to others by their new URNs, in place; tell whether anything changed."""
    changed = False

    def fixed(urn: str) -> str:
        nonlocal changed
        new = new_of.get(urn, urn)
        changed = changed or new != urn
        return new

    parent = fixed(resource.parent)
    dependencies = [fixed(urn) for urn in resource.dependencies]
    by_property = {key: [fixed(urn) for urn in urns] for key, urns in resource.property_dependencies.items()}
    deleted_with = fixed(resource.deleted_with)
    urn, separator, id = resource.provider.rpartition("::")
    provider = f"{fixed(urn)}{separator}{id}"
    if changed:
        resource.parent, resource.dependencies, resource.property_dependencies = parent, dependencies, by_property
        resource.deleted_with, resource.provider = deleted_with, provider
    return changed
