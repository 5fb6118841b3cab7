"""What each resource type of the AWS provider accepts, and what changing each property does.

One table for each type, in `resource_types/`; the index is `resource_types.csv`. A property of an object in a list is
written `parameters[].name`, of an object `cacheUsageLimits.dataStorage.maximum`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cachewright.catalog import tables

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a resource type.

    Attributes:
        name: As Pulumi writes it, in camel case; with its path when it is nested.
        type: `string`, `boolean`, `integer`, `number`, `json`, `list`, `set`, `map` or `object`.
        required: Whether a program must give it.
        computed: Whether AWS fills it in when the program leaves it out.
        output: Whether it is an output only.
        default: What the provider fills in when the program leaves it out, as text; or empty.
        replaces: Whether a change replaces the resource: `yes`, `no` or `conditional`.
        conflicts: The properties that may not be given with it.
        autoname: The most characters of the name that the provider makes up for it; 0 when it makes up none.
        secret: Whether its value is a secret.
        effect: What a change does to a running cache: `none`, `online`, `blip`, `outage`, `replacement`, `data-loss`.
        when: When it does: `now`, `maintenance-window` or `follows apply_immediately`; or empty.
        explanation: What happens, in a sentence; or empty.
        safe_path: How to get there without harm; or empty.
        source: Where it is stated.
    """

    name: str
    type: str
    required: bool
    computed: bool
    output: bool
    default: str
    replaces: str
    conflicts: tuple[str, ...]
    autoname: int
    secret: bool
    effect: str
    when: str
    explanation: str
    safe_path: str
    source: str


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type.

    Attributes:
        token: Pulumi's type token.
        properties: Its properties by name, nested ones by path.
        plugin_framework: Whether the provider implements it on Terraform's plugin framework, where a fixed name does
            not make Pulumi delete before it creates.
    """

    token: str
    properties: Mapping[str, Property]
    plugin_framework: bool

    def inputs(self) -> tuple[Property, ...]:
        """Return the properties that a program may give, nested ones left out."""
        return tuple(one for one in self.properties.values() if not one.output and not _is_nested(one.name))

    def outputs(self) -> tuple[Property, ...]:
        """Return the properties that only the provider gives, nested ones left out."""
        return tuple(one for one in self.properties.values() if one.output and not _is_nested(one.name))


def _is_nested(name: str) -> bool:
    return "." in name or "[" in name


@cache
def _index() -> dict[str, tuple[str, bool]]:
    return {
        row["token"]: (row["table"], tables.flag(row["plugin_framework"])) for row in tables.rows("resource_types.csv")
    }


def tokens() -> tuple[str, ...]:
    """Return the tokens of every resource type that has a table."""
    return tuple(_index())


@cache
def find(token: str) -> ResourceType | None:
    """Return a resource type, or None when it has no table."""
    entry = _index().get(token)
    if entry is None:
        return None
    table, plugin_framework = entry
    properties = {row["name"]: _property(row) for row in tables.rows(f"resource_types/{table}.csv")}
    return ResourceType(token, properties, plugin_framework)


def _property(row: Mapping[str, str]) -> Property:
    return Property(
        name=row["name"],
        type=row["type"],
        required=tables.flag(row["required"]),
        computed=tables.flag(row["computed"]),
        output=tables.flag(row["output"]),
        default=row["default"],
        replaces=row["replaces"],
        conflicts=tuple(row["conflicts"].split()),
        autoname=int(row["autoname"] or 0),
        secret=tables.flag(row["secret"]),
        effect=row["effect"],
        when=row["when"],
        explanation=row["explanation"],
        safe_path=row["safe_path"],
        source=row["source"],
    )
