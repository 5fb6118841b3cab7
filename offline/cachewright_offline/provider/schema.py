"""The properties of a resource type, compiled from the catalog's table so that Check and Diff are quick."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Final

from cachewright.catalog import resource_types
from cachewright_offline.provider.protocol import CheckFailure
from cachewright_offline.values import UNKNOWN, ResourceReference, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cachewright.catalog.resource_types import Property, ResourceType
    from cachewright_offline.values import Properties, PropertyValue

_ZERO: Final[dict[str, PropertyValue]] = {
    "string": "",
    "json": "",
    "boolean": False,
    "integer": 0,
    "number": 0,
}
_EXPECTED: Final = {
    "string": "a string",
    "json": "a JSON document, as a string or as an object",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "list": "a list",
    "set": "a list",
    "map": "an object of strings",
    "object": "an object",
}
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_$-]+")


@dataclass(slots=True)
class Node:
    """One property, with the properties inside it (of the object, or of every element)."""

    name: str
    type: str
    row: Property | None = None
    required: bool = False
    computed: bool = False
    output: bool = False
    replaces: str = "no"
    secret: bool = False
    default: PropertyValue = None
    conflicts: tuple[str, ...] = ()
    autoname: int | None = None
    children: dict[str, Node] = field(default_factory=dict)

    @property
    def is_collection(self) -> bool:
        """Whether it holds elements in order or as a set."""
        return self.type in {"list", "set"}

    def is_unset(self, value: PropertyValue) -> bool:
        """Tell whether `value` says no more than leaving the property out."""
        if value is UNKNOWN:
            return False
        if value is None or value in ([], {}):
            return True
        return bool(self.type in _ZERO and value == _ZERO[self.type])


@dataclass(slots=True)
class Schema:
    """A resource type."""

    token: str
    nodes: dict[str, Node]
    plugin_framework: bool = False
    inputs: dict[str, Node] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    defaults: tuple[tuple[str, PropertyValue], ...] = ()
    autonamed: tuple[Node, ...] = ()
    conflicting: tuple[Node, ...] = ()
    secrets: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    has_tags: bool = False

    def __post_init__(self) -> None:
        """Gather what every Check asks for."""
        nodes = self.nodes.values()
        self.inputs = {node.name: node for node in nodes if not node.output}
        self.required = tuple(node.name for node in nodes if node.required)
        self.defaults = tuple((node.name, node.default) for node in nodes if node.default is not None)
        self.autonamed = tuple(node for node in nodes if node.autoname)
        self.conflicting = tuple(node for node in nodes if node.conflicts)
        self.secrets = tuple(node.name for node in nodes if node.secret)
        self.computed = tuple(node.name for node in nodes if node.output or node.computed)
        self.has_tags = "tags" in self.inputs

    @property
    def label(self) -> str:
        """The class name, as messages show it."""
        return self.token.rsplit(":", 1)[-1]


@cache
def load(token: str) -> Schema | None:
    """Return the compiled schema of a type, or None when the catalog has no table for it."""
    resource_type = resource_types.find(token)
    return None if resource_type is None else compile_schema(resource_type)


def compile_schema(resource_type: ResourceType) -> Schema:
    """Make a tree out of rows named `parameters`, `parameters[].name`, `cacheUsageLimits.dataStorage.unit`."""
    root: dict[str, Node] = {}
    for name, row in resource_type.properties.items():
        level, segments = root, name.split(".")
        for segment in segments[:-1]:
            plain = segment.removesuffix("[]")
            node = level.get(plain)
            if node is None:
                node = level[plain] = Node(plain, "list" if segment.endswith("[]") else "object")
            level = node.children
        leaf = segments[-1]
        if leaf.endswith("[]"):
            # A row of its own for the elements of a list of plain values says nothing that the list does not.
            continue
        level[leaf] = _node(leaf, row, level.get(leaf))
    return Schema(resource_type.token, root, resource_type.plugin_framework)


def _node(name: str, row: Property, placeholder: Node | None) -> Node:
    node = Node(
        name,
        row.type,
        row,
        required=row.required,
        computed=row.computed,
        output=row.output,
        replaces=row.replaces,
        secret=row.secret,
        conflicts=tuple(row.conflicts),
        autoname=row.autoname or None,
        children=placeholder.children if placeholder else {},
    )
    if row.default:
        node.default = coerce(node, row.default, name, [])
    return node


def child_path(path: str, key: str) -> str:
    """Return the property path of a key inside an object.

    >>> child_path("tags", "Name"), child_path("tags", "a.b")
    ('tags.Name', 'tags["a.b"]')
    """
    return f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f'{path}["{key}"]'


def coerce(node: Node, value: PropertyValue, path: str, failures: list[CheckFailure]) -> PropertyValue:
    """Return `value` in the property's type, as Pulumi's bridge converts it; say in `failures` what does not fit."""
    if value is UNKNOWN:
        return value
    if isinstance(value, ResourceReference):
        value = value.id
    if node.is_collection:
        if not isinstance(value, list):
            return _refuse(node, value, path, failures)
        elements = [(index, element) for index, element in enumerate(value) if element is not None]
        if node.children:
            return [_coerce_object(node, element, f"{path}[{index}]", failures) for index, element in elements]
        return [_plain(element) for _, element in elements]
    if node.type == "object":
        return _coerce_object(node, value, path, failures)
    if node.type == "map":
        if not isinstance(value, dict):
            return _refuse(node, value, path, failures)
        return {key: _text(item) for key, item in value.items() if item is not None}
    return _coerce_scalar(node, value, path, failures)


def _coerce_object(node: Node, value: PropertyValue, path: str, failures: list[CheckFailure]) -> PropertyValue:
    if value is UNKNOWN:
        return value
    if not isinstance(value, dict):
        failures.append(CheckFailure(path, f"expected an object, found {describe(value)}"))
        return value
    if not node.children:
        return {key: _plain(item) for key, item in value.items() if item is not None}
    result: Properties = {}
    for key, item in value.items():
        if item is None or key.startswith("__"):
            continue
        child = node.children.get(key)
        if child is None:
            failures.append(unknown_argument(child_path(path, key), key, node.children, f"`{node.name}`"))
        else:
            result[key] = coerce(child, item, child_path(path, key), failures)
    for child in node.children.values():
        if child.default is not None and child.name not in result:
            result[child.name] = child.default
        if child.required and child.name not in result:
            failures.append(missing_argument(child_path(path, child.name), child, f"each `{node.name}`"))
    return result


def _coerce_scalar(node: Node, value: PropertyValue, path: str, failures: list[CheckFailure]) -> PropertyValue:
    if node.type == "json":
        if isinstance(value, dict | list):
            return UNKNOWN if contains_unknown(value) else json.dumps(value, separators=(",", ":"), sort_keys=True)
        if isinstance(value, str):
            return value
    elif node.type == "string":
        text = _text(value)
        if isinstance(text, str):
            return text
    elif node.type == "boolean":
        if isinstance(value, bool):
            return value
        if value in {"true", "false"} if isinstance(value, str) else False:
            return value == "true"
    else:
        number = _number(value)
        if number is not None and (node.type == "number" or isinstance(number, int)):
            return number
    return _refuse(node, value, path, failures)


def _number(value: PropertyValue) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, float):
        # Numbers that come over the wire are always floating point.
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else None


def _plain(value: PropertyValue) -> PropertyValue:
    """Undo what the wire does to whole numbers, and name resources by their id."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.id if isinstance(value, ResourceReference) else value


def _text(value: PropertyValue) -> PropertyValue:
    value = _plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _refuse(node: Node, value: PropertyValue, path: str, failures: list[CheckFailure]) -> PropertyValue:
    failures.append(CheckFailure(path, f"expected {_EXPECTED.get(node.type, node.type)}, found {describe(value)}"))
    return value


def describe(value: PropertyValue) -> str:
    """Say what kind of thing a value is, without showing it: it may be a secret."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "a resource"


def unknown_argument(path: str, key: str, known: Mapping[str, Node], owner: str) -> CheckFailure:
    """Say that a property does not exist, and which one may be meant."""
    outputs = known.get(key)
    if outputs is not None and outputs.output:
        return CheckFailure(path, f"is an output of {owner}: AWS sets it; leave it out")
    close = get_close_matches(key, [name for name, node in known.items() if not node.output], n=1)
    hint = f"did you mean `{close[0]}`?" if close else "leave it out"
    return CheckFailure(path, f"{owner} has no property `{key}`: {hint}")


def missing_argument(path: str, node: Node, owner: str) -> CheckFailure:
    """Say that a required property is missing."""
    return CheckFailure(path, f"{owner} needs it: expected {_EXPECTED.get(node.type, node.type)}, found nothing")
