"""What differs between two sets of inputs, path by path."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from cachewright_offline.provider.protocol import DiffKind, PropertyDiff
from cachewright_offline.provider.schema import child_path
from cachewright_offline.values import UNKNOWN, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from cachewright_offline.provider.schema import Node
    from cachewright_offline.values import Properties, PropertyValue

Detailed: TypeAlias = "dict[str, PropertyDiff]"

_KINDS = {
    ("add", False): PropertyDiff(DiffKind.ADD),
    ("add", True): PropertyDiff(DiffKind.ADD_REPLACE),
    ("delete", False): PropertyDiff(DiffKind.DELETE),
    ("delete", True): PropertyDiff(DiffKind.DELETE_REPLACE),
    ("update", False): PropertyDiff(DiffKind.UPDATE),
    ("update", True): PropertyDiff(DiffKind.UPDATE_REPLACE),
}


def entry(kind: str, *, replaces: bool) -> PropertyDiff:
    """Return the entry for "add", "delete" or "update"."""
    return _KINDS[kind, replaces]


def same(node: Node, old: PropertyValue, new: PropertyValue) -> bool:
    """Tell whether two values of a property mean the same to AWS. An unknown value is never the same."""
    if contains_unknown(new) or contains_unknown(old):
        return False
    if old == new and type(old) is type(new):
        return True
    if node.is_unset(old) and node.is_unset(new):
        return True
    if node.is_collection and isinstance(old, list) and isinstance(new, list):
        if node.type == "set":
            missing, extra = unmatched(node, old, new)
            return not missing and not extra
        return len(old) == len(new) and all(_same_element(node, a, b) for a, b in zip(old, new, strict=True))
    if node.type == "object" and isinstance(old, dict) and isinstance(new, dict):
        return _same_object(node, old, new)
    if node.type == "json" and isinstance(old, str) and isinstance(new, str):
        return _same_document(old, new)
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        return False
    return old == new


def _same_document(old: str, new: str) -> bool:
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


def _same_element(node: Node, old: PropertyValue, new: PropertyValue) -> bool:
    if node.children and isinstance(old, dict) and isinstance(new, dict):
        return _same_object(node, old, new)
    return old == new


def _same_object(node: Node, old: dict[str, PropertyValue], new: dict[str, PropertyValue]) -> bool:
    if not node.children:
        return old == new
    return all(
        _is_left_to_aws(child, new.get(name)) or same(child, old.get(name), new.get(name))
        for name, child in node.children.items()
    )


def _is_left_to_aws(node: Node, new: PropertyValue) -> bool:
    return node.output or (node.computed and new is None)


def unmatched(
    node: Node, old: list[PropertyValue], new: list[PropertyValue]
) -> tuple[list[tuple[int, PropertyValue]], list[tuple[int, PropertyValue]]]:
    """Return what only the old and what only the new set holds, with positions. Repeated elements count once."""
    missing = [
        (index, a)
        for index, a in enumerate(old)
        if not any(not contains_unknown(b) and _same_element(node, a, b) for b in new)
    ]
    extra = [
        (index, b)
        for index, b in enumerate(new)
        if contains_unknown(b) or not any(_same_element(node, a, b) for a in old)
    ]
    return missing, extra


@dataclass(slots=True)
class Comparison:
    """Collects differences by path.

    Attributes:
        replaces: Says whether a difference of a property at a path replaces the resource.
        detailed: What was found.
    """

    replaces: Callable[[Node, str], bool]
    detailed: Detailed = field(default_factory=dict)

    def compare(self, node: Node, path: str, old: PropertyValue, new: PropertyValue, *, forced: bool = False) -> None:
        """Enter where `new` differs from `old`; None means left out. `forced`: something around it replaces."""
        if same(node, old, new):
            return
        force = forced or self.replaces(node, path)
        if _is_absent(old):
            self._enter(path, "add", force=force)
        elif _is_absent(new):
            self._enter(path, "delete", force=force)
        elif node.is_collection and isinstance(old, list) and isinstance(new, list):
            if node.type == "set":
                self._compare_sets(node, path, old, new, force=force)
            else:
                self._compare_lists(node, path, old, new, force=force)
        elif isinstance(old, dict) and isinstance(new, dict):
            if node.children:
                self._compare_objects(node, path, old, new, force=force)
            else:
                self._compare_maps(path, old, new, force=force)
        else:
            self._enter(path, "update", force=force)

    def _enter(self, path: str, kind: str, *, force: bool) -> None:
        self.detailed[path] = entry(kind, replaces=force)

    def _compare_objects(self, node: Node, path: str, old: Properties, new: Properties, *, force: bool) -> None:
        for name, child in node.children.items():
            if not _is_left_to_aws(child, new.get(name)):
                self.compare(child, child_path(path, name), old.get(name), new.get(name), forced=force)

    def _compare_maps(self, path: str, old: Properties, new: Properties, *, force: bool) -> None:
        for key in old:
            if key not in new:
                self._enter(child_path(path, key), "delete", force=force)
        for key, value in new.items():
            if key not in old:
                self._enter(child_path(path, key), "add", force=force)
            elif contains_unknown(value) or old[key] != value:
                self._enter(child_path(path, key), "update", force=force)

    def _compare_lists(
        self, node: Node, path: str, old: list[PropertyValue], new: list[PropertyValue], *, force: bool
    ) -> None:
        for index in range(max(len(old), len(new))):
            at = f"{path}[{index}]"
            if index >= len(new):
                self._enter(at, "delete", force=force)
            elif index >= len(old):
                self._enter(at, "add", force=force)
            else:
                self._compare_elements(node, at, old[index], new[index], force=force)

    def _compare_elements(self, node: Node, at: str, old: PropertyValue, new: PropertyValue, *, force: bool) -> None:
        if node.children and isinstance(old, dict) and isinstance(new, dict):
            self._compare_objects(node, at, old, new, force=force)
        elif contains_unknown(new) or not _same_element(node, old, new):
            self._enter(at, "update", force=force)

    def _compare_sets(
        self, node: Node, path: str, old: list[PropertyValue], new: list[PropertyValue], *, force: bool
    ) -> None:
        # Pulumi's bridge names elements of a set by position too: in the new list, or, when gone, in the old one.
        missing, extra = unmatched(node, old, new)
        for index, _ in missing:
            self._enter(f"{path}[{index}]", "delete", force=force)
        for index, _ in extra:
            at = f"{path}[{index}]"
            self._enter(at, "update" if at in self.detailed else "add", force=force)


def _is_absent(value: PropertyValue) -> bool:
    return value is None or (value is not UNKNOWN and value in ([], {}))
