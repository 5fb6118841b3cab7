"""Property values as the engine, the provider and the reports see them.

A property value is plain Python (`None`, `bool`, `int`, `float`, `str`, `list`, `dict` with string keys), or one of:

* `UNKNOWN`: a value that only an update can tell (Pulumi's "computed").
* `Secret`: a value that is encrypted at rest and masked everywhere else.
* `ResourceReference`: a resource passed as a value.

Assets and archives are not values of any resource the local provider knows, so they are refused by name where
they enter (`engine.wire`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Mapping

PropertyValue: TypeAlias = (
    "bool | int | float | str | list[PropertyValue] | dict[str, PropertyValue]"
    " | Unknown | Secret | ResourceReference | None"
)
Properties: TypeAlias = "dict[str, PropertyValue]"


@final
class Unknown:
    """The type of `UNKNOWN`: there is one instance."""

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        """Return the one instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        msg = "an unknown value is neither true nor false; compare it with `is UNKNOWN`"
        raise TypeError(msg)

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must never be shown; its `repr` does not hold it."""

    element: PropertyValue

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """A resource passed as a property value; `id` is None for a component."""

    urn: str
    id: PropertyValue = None
    package_version: str = ""


def contains_unknown(value: PropertyValue) -> bool:
    """Tell whether `value` is, or holds at any depth, `UNKNOWN`."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Secret):
        return contains_unknown(value.element)
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return isinstance(value, ResourceReference) and contains_unknown(value.id)


def contains_secret(value: PropertyValue) -> bool:
    """Tell whether `value` is, or holds at any depth, a `Secret`."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, dict):
        return any(contains_secret(item) for item in value.values())
    return isinstance(value, list) and any(contains_secret(item) for item in value)


def reveal(value: PropertyValue) -> PropertyValue:
    """Return `value` with every `Secret` replaced by what it holds."""
    if isinstance(value, Secret):
        return reveal(value.element)
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def reveal_properties(properties: Mapping[str, PropertyValue]) -> Properties:
    """Return a copy of `properties` with every `Secret` replaced by what it holds."""
    return {key: reveal(item) for key, item in properties.items()}
