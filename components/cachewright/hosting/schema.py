"""The package's schema: what Pulumi's analyzer finds in the components, and what it cannot see.

The analyzer reads types and docstrings. It sees no choices (it takes no union of an enum and text), no secrets, no
descriptions of inherited arguments, and not which arguments must be plain although Python allows an Output there. All
of that the components know themselves; here it is put in.
"""

import inspect
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from pulumi.provider.experimental.analyzer import (
    Analyzer,
    AnalyzeResult,
    EnumValueDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)
from pulumi.provider.experimental.schema import generate_schema
from pulumi.provider.experimental.util import camel_case

from cachewright import enums
from cachewright.hosting import docstrings
from cachewright.hosting.components import HOSTED, PLAIN_NESTED
from cachewright.hosting.spelling import Spelling

PACKAGE: Final = "cachewright"
# The choices of each argument, by its name in the schema: one name means the same wherever it stands.
CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "access": enums.Access,
    "authTokenUpdateStrategy": enums.AuthTokenUpdateStrategy,
    "authentication": enums.Authentication,
    "azMode": enums.AzMode,
    "clusterMode": enums.ClusterMode,
    "destinationType": enums.LogDestinationType,
    "durability": enums.Durability,
    "engine": enums.Engine,
    "ipDiscovery": enums.IpDiscovery,
    "logFormat": enums.LogFormat,
    "logType": enums.LogType,
    "logTypes": enums.LogType,
    "networkType": enums.NetworkType,
    "outpostMode": enums.OutpostMode,
    "shardMetric": enums.ScalingMetric,
    "transitEncryptionMode": enums.TransitEncryptionMode,
}
_ABOUT: Final[Mapping[str, Any]] = {
    "displayName": "cachewright",
    "description": "Amazon ElastiCache with production defaults, every mistake refused before anything is made.",
    "keywords": ["pulumi", "category/cloud", "kind/component", "aws", "elasticache", "valkey", "redis", "memcached"],
    "license": "Apache-2.0",
}


def analyze() -> AnalyzeResult:
    """Return what the components are, completed."""
    found = Analyzer(PACKAGE).analyze([one.component for one in HOSTED.values()])
    spelling = spelling_of(found)
    for name, one in found["component_definitions"].items():
        hosted = HOSTED[name]
        _describe(one.inputs, one.inputs_mapping, _arguments_of(hosted.component), spelling)
        _describe(one.outputs, one.outputs_mapping, hosted.component, spelling)
        one.description = _markdown(hosted.component, spelling)
        _refine(one.inputs, one.inputs_mapping, hosted.accepts.plain | hosted.accepts.lists)
    for name, type in found["type_definitions"].items():
        _describe(type.properties, type.properties_mapping, type.python_type, spelling)
        type.description = spelling(type.description or "")
        _refine(type.properties, type.properties_mapping, PLAIN_NESTED.get(name, frozenset()))
    enumerations = {one.__name__: one for one in CHOICES.values()}
    found["type_definitions"].update({name: _enum(enumerations[name]) for name in sorted(enumerations)})
    return found


def document(found: AnalyzeResult, version: str) -> dict[str, Any]:
    """Return the schema as Pulumi's engine reads it.

    Args:
        found: What the components are.
        version: The package's version.
    """
    schema: dict[str, Any] = generate_schema(
        PACKAGE,
        version,
        None,
        found["component_definitions"],
        found["type_definitions"],
        sorted(found["dependencies"], key=lambda one: one.name),
    ).to_json()
    schema.update(_ABOUT)
    for token, resource in schema["resources"].items():
        _mark_secrets(resource["inputProperties"], HOSTED[token.rsplit(":", 1)[-1]].accepts.secrets)
    every = frozenset(name for one in HOSTED.values() for name in one.accepts.secrets)
    for type in schema["types"].values():
        _mark_secrets(type.get("properties") or {}, every)
    completed: dict[str, Any] = _without_blanks(schema)
    return completed


def spelling_of(found: AnalyzeResult) -> Spelling:
    """Return how other languages write the arguments and outputs."""
    names: set[str] = set()
    for component in found["component_definitions"].values():
        names.update(component.inputs_mapping.values(), component.outputs_mapping.values())
    for type in found["type_definitions"].values():
        names.update(type.properties_mapping.values())
    return Spelling(names)


def _arguments_of(component: type) -> type:
    arguments: type = inspect.signature(component).parameters["args"].annotation
    return arguments


def _describe(
    properties: Mapping[str, PropertyDefinition], mapping: Mapping[str, str], cls: type, spelling: Spelling
) -> None:
    told = {one.name: one.doc for one in docstrings.attributes(cls)}
    for name, property in properties.items():
        property.description = spelling(" ".join(told[mapping[name]].split()))
        items = property.items or property.additional_properties
        if items is not None:
            # The analyzer says of each item what it says of the whole, in Python's words; Pulumi's CLI leaves it out.
            items.description = None


def _markdown(cls: type, spelling: Spelling) -> str:
    """Return what a component says of itself, its example as code."""
    text, code = docstrings.text_and_example(cls)
    return f"{spelling(text)}\n\n## Example in Python\n\n```python\n{code}\n```"


def _refine(properties: Mapping[str, PropertyDefinition], mapping: Mapping[str, str], plain: frozenset[str]) -> None:
    """Say which arguments are plain, and refer to the choices of an argument or of each item of a list."""
    for name, property in properties.items():
        if mapping[name] in plain:
            property.plain = True
        choices = CHOICES.get(name)
        if choices is not None:
            chosen = property if property.items is None else property.items
            chosen.type, chosen.ref = None, f"#/types/{PACKAGE}:index:{choices.__name__}"


def _enum(choices: type[StrEnum]) -> TypeDefinition:
    return TypeDefinition(
        name=choices.__name__,
        type=PropertyType.STRING,
        properties={},
        properties_mapping={},
        module=choices.__module__,
        python_type=choices,
        description=inspect.cleandoc(choices.__doc__ or ""),
        enum=[EnumValueDefinition(name=_member_name(one.name), value=one.value) for one in choices],
    )


def _member_name(name: str) -> str:
    """Return a member's name as Pulumi's generators expect it, such as `EngineLog`."""
    return "".join(part.capitalize() for part in name.split("_"))


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(one) for key, one in value.items() if one is not None and one != []}
    return [_without_blanks(one) for one in value] if isinstance(value, list) else value


def _mark_secrets(properties: Mapping[str, dict[str, Any]], secrets: frozenset[str]) -> None:
    written = {camel_case(name) for name in secrets}
    for name, property in properties.items():
        if name in written:
            property["secret"] = True
