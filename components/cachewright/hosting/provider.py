"""The plugin that constructs the components for programs in other Pulumi languages."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from cachewright import errors
from cachewright.hosting import schema
from cachewright.hosting.components import HOSTED


class CachewrightProvider(ComponentProvider):
    """Constructs the components.

    Pulumi's own provider of components turns every integer and enum into Python's, which fails where the value is an
    Output, unknown or secret; and it leaves integers as the floats that come over the wire. Here values are passed on
    as they are, whole floats as integers, and the components check them as they check everything.

    Args:
        version: The package's version.
    """

    def __init__(self, version: str) -> None:
        found = schema.analyze()
        self._name = schema.PACKAGE
        self._component_defs = found["component_definitions"]
        self._type_defs = found["type_definitions"]
        self._external_enum_types = {}
        # Problems are told to people who write other languages.
        errors.spell(schema.spelling_of(found))
        Provider.__init__(self, version, json.dumps(schema.document(found, version)))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Construct a component.

        Args:
            name: Its name.
            resource_type: Its token.
            inputs: Its arguments, as the schema names them.
            options: Pulumi's resource options.

        Raises:
            ArgsError: An argument is refused; all problems at once.
            ValueError: There is no such component.
        """
        hosted = HOSTED.get(_component_name(resource_type))
        if hosted is None:
            msg = f"{resource_type} is no component of {self._name}: it has {', '.join(HOSTED)}"
            raise ValueError(msg)
        definition = self._component_defs[hosted.component.__name__]
        arguments = self._renamed(inputs, definition.inputs, definition.inputs_mapping)
        try:
            # A component takes its arguments and options, which the base class does not.
            made = hosted.component(name, arguments, options)  # type: ignore[arg-type]
        except pulumi.InputPropertiesError:
            # Pulumi shows it by argument; anything else is a defect, which it shows with its place.
            raise
        except Exception as error:
            raise ComponentInitError(error) from error
        return ConstructResult(made.urn, self.get_state(made, definition))

    def _renamed(
        self, values: Mapping[str, Any], properties: Mapping[str, PropertyDefinition], mapping: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return values by their Python names; what the schema does not know keeps its own, to be told of."""
        return {
            mapping.get(name, name): self._converted(value, properties[name]) if name in properties else value
            for name, value in values.items()
        }

    def _converted(self, value: Any, property: PropertyDefinition) -> Any:
        """Return a value as Python programs write it."""
        if isinstance(value, pulumi.Output):
            return value.apply(lambda known: self._converted(known, property))
        if property.items is not None and isinstance(value, list):
            return [self._converted(item, property.items) for item in value]
        if property.additional_properties is not None and isinstance(value, dict):
            return {key: self._converted(item, property.additional_properties) for key, item in value.items()}
        if property.ref is not None and isinstance(value, dict):
            type = self._type_defs[property.ref.rsplit(":", 1)[-1]]
            return self._renamed(value, type.properties, type.properties_mapping)
        if property.type == PropertyType.INTEGER and isinstance(value, float) and value.is_integer():
            return int(value)
        return value


def _component_name(resource_type: str) -> str:
    found = re.fullmatch(rf"{schema.PACKAGE}:(?:index)?:(\w+)", resource_type)
    return found[1] if found else ""
