"""From what a person types to the rule or the properties that are meant.

A property is written as Pulumi or as Python writes it, after its type or alone:
`aws:elasticache/replicationGroup:ReplicationGroup.nodeType`, `replication_group.node_type`, `nodeType`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cachewright.catalog import resource_types
from cachewright_offline.errors import CachewrightError
from cachewright_ops.checking.own_policies import OWN_POLICIES
from cachewright_policies import registry

if TYPE_CHECKING:
    from cachewright.catalog.resource_types import Property, ResourceType
    from cachewright_ops.checking.own_policies import OwnPolicy
    from cachewright_policies.rule import Rule

_CACHES_FIRST: Final = "aws:elasticache/"


@dataclass(frozen=True, slots=True)
class TypedProperty:
    """A property of one resource type.

    Attributes:
        type: The type.
        property: The property.
    """

    type: ResourceType
    property: Property

    def telling(self) -> Property:
        """Return the property that tells what a change does: itself, or what it is a part of."""
        one = self.property
        while one.effect == "none" and not one.explanation:
            above = self.type.properties.get(one.name.rpartition(".")[0].removesuffix("[]"))
            if above is None:
                return self.property
            one = above
        return one

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules whose fix sets it."""
        return tuple(
            one for one in registry.rules() if self.type.token in one.types and self.property.name in one.arguments
        )


@dataclass(frozen=True, slots=True)
class Named:
    """What `check` itself finds.

    Attributes:
        name: Its name.
        policy: What it is.
    """

    name: str
    policy: OwnPolicy


def find(text: str) -> Rule | Named | ResourceType | tuple[TypedProperty, ...]:
    """Return what is meant: a rule, a type, or the properties of a name.

    Raises:
        CachewrightError: Nothing has that name.
    """
    rule = registry.by_name().get(text)
    if rule is not None:
        return rule
    if text in OWN_POLICIES:
        return Named(text, OWN_POLICIES[text])
    whole = _types(text)
    if whole:
        return whole[0]
    types, rest = _parted(text)
    name = _camel(rest)
    found = tuple(
        TypedProperty(one, property)
        for one in types or _every_type()
        if (property := one.properties.get(name)) is not None
    )
    if found:
        return found
    raise CachewrightError(_unknown(text, types, name))


def names() -> tuple[str, ...]:
    """Return what can be explained: rules, what `check` itself finds, and types."""
    types = (short_name(one) for one in _every_type())
    return (*registry.by_name(), *OWN_POLICIES, *dict.fromkeys(types))


def properties_of(type: str) -> tuple[str, ...]:
    """Return the properties of a type, each with the type as it is written; empty where there is no such type."""
    found = _types(type)
    return tuple(f"{type}.{one}" for one in found[0].properties) if found else ()


def short_name(type: ResourceType) -> str:
    """Return the last word of a type's token."""
    return type.token.rsplit(":", 1)[-1]


def _every_type() -> tuple[ResourceType, ...]:
    """Return every type that has a table, caches first."""
    tokens = sorted(resource_types.tokens(), key=lambda one: not one.startswith(_CACHES_FIRST))
    return tuple(one for token in tokens if (one := resource_types.find(token)) is not None)


def _parted(text: str) -> tuple[tuple[ResourceType, ...], str]:
    """Part a type from a property: at the first dot before which there is a type; else all of it is a property."""
    words = text.split(".")
    for place in range(1, len(words)):
        types = _types(".".join(words[:place]))
        if types:
            return types, ".".join(words[place:])
    return (), text


def _types(text: str) -> tuple[ResourceType, ...]:
    """Return the types that a token, its last word, or the same in Python's or Terraform's manner names."""
    wanted = _plain(text)
    return tuple(
        one
        for one in _every_type()
        if text == one.token or wanted in {_plain(short_name(one)), _plain(_module(one.token) + short_name(one))}
    )


def _module(token: str) -> str:
    return token.split(":")[1].split("/", maxsplit=1)[0]


def _plain(text: str) -> str:
    return re.sub(r"^aws[._]|[^a-z0-9]", "", text.lower())


def _camel(text: str) -> str:
    """Return a property's path in camel case.

    >>> _camel("cache_usage_limits.data_storage.maximum")
    'cacheUsageLimits.dataStorage.maximum'
    """
    return re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda match: match[1].upper(), text)


def _unknown(text: str, types: tuple[ResourceType, ...], name: str) -> str:
    if types:
        type = types[0]
        near = difflib.get_close_matches(name, type.properties, 1)
        hint = f" (did you mean {short_name(type)}.{near[0]}?)" if near else ""
        return f"{short_name(type)} has no property {name!r}{hint}; `cachewright explain {short_name(type)}` lists them"
    properties = {property for one in _every_type() for property in one.properties}
    known = [*names(), *sorted(properties)]
    near = difflib.get_close_matches(text, known, 1) or difflib.get_close_matches(name, known, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return (
        f"there is no rule, type or property {text!r}{hint}; `cachewright check --list` lists the rules, and a property"
        " is written as in ReplicationGroup.nodeType"
    )
